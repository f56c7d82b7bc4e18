"""What the clipboard holds: a graph as .bps text, which a mail or another window can carry.

`graph_of` raises NoGraph for text that is none, and ManyGates, with the count, for one so large
that people should be asked first; `ask=False` takes that one too. Nothing in a text is run.
"""

from __future__ import annotations

import re

from bpstudio.core.graph import Graph, GraphError
from bpstudio.files import bps
from bpstudio.files.bps import BadDocument, File
from bpstudio.files.records import FORMAT, MOST_BYTES, MOST_GATES
from bpstudio.language import tr

MIME = "application/vnd.bpstudio.graph+json"
ASKED = 5_000
"""From so many gates on people are asked before they are pasted."""
_QUOTE = ">"
"""What mail programs put before each line of a text that is answered."""
_HEAD = 65_536
"""So many characters in, a graph must have begun: the last of a long correspondence."""
_BEGIN = re.compile(rf'^[> \t]*\{{[\s>]*"format"\s*:\s*"{re.escape(FORMAT)}"', re.MULTILINE)
"""Where a graph begins in a text with other words before it."""


class NoGraph(GraphError):
    """A text that is no graph."""


class ManyGates(GraphError):
    """A text of very many gates: `count` of them, about."""

    def __init__(self, sentence: str, count: int) -> None:
        super().__init__(sentence)
        self.count = count


def text_of(graph: Graph) -> str:
    """The text that stands for a graph, such as edits.clip answers. Raises BadDocument."""
    return bps.encode(File(graph)).decode()


def is_graph(text: str) -> bool:
    """Whether a text looks as if it held a graph: cheap enough to light a menu's entry."""
    start = text[:_HEAD]
    if FORMAT not in start:
        return False
    return start.lstrip(" \t\r\n\ufeff>").startswith("{") or _BEGIN.search(start) is not None


def graph_of(text: str, *, ask: bool = True) -> Graph:
    """The graph that a text stands for. Raises NoGraph, or ManyGates where people are to be asked.

    Line breaks of any kind, and the quote marks and greetings of a mail, are no hindrance.
    """
    if not text.strip():
        raise NoGraph(tr("There is no text to paste."))
    if len(text) > MOST_BYTES:
        raise NoGraph(tr("This text is too long to be a graph."))
    if not is_graph(text):
        raise NoGraph(tr("This text is no graph; copy gates in Backprop Studio, then paste them."))
    count = text.count('"kind"')
    if count > MOST_GATES:
        raise NoGraph(
            tr(
                "This text has {n} gates; a graph holds at most {most}. Copy fewer of them.",
                n=f"{count:,}",
                most=f"{MOST_GATES:,}",
            )
        )
    if ask and count > ASKED:
        raise ManyGates(tr("This text has {n} gates. Paste them all?", n=f"{count:,}"), count)
    try:
        return bps.decode(_unquoted(text).encode(), tr("the text")).graph
    except BadDocument as fault:
        raise NoGraph(tr("This text is no graph: {fault}", fault=fault)) from None
    except UnicodeEncodeError:
        raise NoGraph(tr("This text is no graph: it holds half a character.")) from None


def _unquoted(text: str) -> str:
    """The graph's text without what a mail says around it and puts before its lines. JSON has no
    line that begins with >."""
    text = text.strip(" \t\r\n\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    begin = _BEGIN.search(text[:_HEAD])
    if begin is not None:
        text = text[begin.start() :]
    lines = text.split("\n")
    # Its last brace has a line of its own; one of a smile or a signature after it has not.
    ends = (n for n in range(len(lines), 0, -1) if lines[n - 1].strip("> \t") == "}")
    lines = lines[: next(ends, 0)] or [text[: text.rfind("}") + 1] or text]
    if text.lstrip().startswith(_QUOTE):
        lines = [line.lstrip("> \t") for line in lines]
    return "\n".join(lines)
