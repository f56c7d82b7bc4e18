"""My parts as a person uses them: keep what is selected, put a part in, delete one.

The folder lies with the user's data; what each file holds is files/parts.py's business.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths

from bpstudio.core import edits
from bpstudio.core.graph import Graph, Point
from bpstudio.language import tr, trn
from bpstudio.ui import ask, clips
from bpstudio.ui.chooser import Row
from bpstudio.ui.fuzzy import cost

if TYPE_CHECKING:
    from bpstudio.files.parts import Part
    from bpstudio.ui.canvas.canvas import GraphCanvas
    from bpstudio.ui.window import Window


def folder() -> Path:
    """Where the parts lie: with the user's data, never in a temporary place."""
    place = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "parts"


def kept() -> tuple[Part, ...]:
    """All parts, by title."""
    if not folder().is_dir():
        return ()
    from bpstudio.files.parts import parts

    return parts(folder())


def refusal(graph: Graph, chosen: frozenset[str]) -> str:
    """Why what is selected can be no part; "" where it can."""
    if edits.clip(graph, chosen).nodes:
        return ""
    return tr("Select the gates or the group to keep as a part.")


def save(window: Window) -> str:
    """Ask for a name and keep what is selected under it; answers the part's key, "" for none."""
    from bpstudio.files.durable import SaveError
    from bpstudio.files.parts import BadPart, PartExists, save_part

    canvas = window.canvas
    graph, chosen = canvas.stage.graph, canvas.stage.selection
    piece = edits.clip(graph, chosen)
    title = ask.for_a_name(window, tr("My parts"), tr("Name of the part"), name_for(graph, piece))
    if title is None:
        return ""
    try:
        try:
            key = save_part(folder(), title, piece)
        except PartExists as exists:
            if not ask.about_replacing_part(window, str(exists)):
                return ""
            key = save_part(folder(), title, piece, replace=True)
    except (BadPart, SaveError) as fault:
        _tell(window, tr("Not saved"), str(fault))
        return ""
    window.workbench.parts.fill()
    window.session.say(tr("Kept “{title}” under My parts.", title=title.strip()))
    return key


def name_for(graph: Graph, piece: Graph) -> str:
    """What a part is called unless somebody calls it otherwise: after its only outermost group,
    or after what comes out of it."""
    outer = [group for group in piece.groups.values() if not group.group]
    if len(outer) == 1 and all(node.group for node in piece.nodes.values()):
        return outer[0].title or outer[0].id
    ends = [node.name for node in piece.nodes.values() if not piece.out_of(node.id)]
    return ends[0] if len(ends) == 1 else tr("Part")


def insert(canvas: GraphCanvas, part: str, at: Point | None = None) -> None:
    """Put a part in: at a place of the scene, at the pointer, or in the middle of the view."""
    from bpstudio.files.parts import BadPart, load_part

    try:
        piece = load_part(folder(), part)
    except BadPart as fault:
        canvas.stage.refuse(str(fault))
        return
    if at is None:
        at = canvas.centre
    canvas.tools.rest()
    clips.paste_graph(canvas, piece, at, tr("Insert {title}", title=_title_of(part)))


def choose(window: Window) -> None:
    """Ask for a part by its name and put it in."""
    found = kept()

    def offer(typed: str) -> list[Row]:
        fit = [(far, part) for part in found if (far := cost(typed, (part.title,)))]
        ranked = sorted(fit, key=lambda pair: pair[0])
        return [Row(p.key, p.title, p.fault or said_of(p), not p.fault) for _, p in ranked]

    none = tr("No part yet: select gates, then Graph, Keep as a part.")
    window.chooser.open(
        tr("Insert a part"),
        offer,
        lambda key: insert(window.canvas, key, window.canvas.pointed),
        nothing=tr("No part is called so.") if found else none,
    )


def said_of(part: Part) -> str:
    """How large a part is, in words."""
    return trn("{n} gate", "{n} gates", part.gates)


def delete(window: Window, key: str) -> None:
    """Delete a part for good, if its owner means it."""
    from bpstudio.files.parts import BadPart, delete_part

    title = _title_of(key)
    if not ask.about_deleting_part(window, title):
        return
    try:
        delete_part(folder(), key)
    except BadPart as fault:
        _tell(window, tr("Not deleted"), str(fault))
    else:
        window.session.say(tr("Deleted the part “{title}”.", title=title))
    window.workbench.parts.fill()


def _title_of(key: str) -> str:
    return next((part.title for part in kept() if part.key == key), key)


def _tell(window: Window, title: str, sentence: str) -> None:
    window.session.say(sentence)
    ask.tell(window, title, sentence)
