"""The command line: one entry point for the window and for everything that needs none.

`main` answers the exit status: 0 fine, 1 a check failed, 2 wrong usage or a bad document. Whatever
goes wrong is one line on stderr, `bpstudio: FILE: place: reason`, never a traceback (but for
BPSTUDIO_DEBUG=1). Each command imports what it needs when it runs: `--version` imports no NumPy.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

PROGRAM = "bpstudio"
FINE, FAILED, WRONG = 0, 1, 2
STOPPED = 130
"""By Ctrl+C, as shells count it."""

OBJECTS = 20_000
"""So many new ones before Python looks for rubbish; its own 700 are for smaller programs."""
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class CommandError(Exception):
    """A command that cannot be done; its text is what stands behind `bpstudio: `."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and answer its exit status."""
    from bpstudio.cli import output

    # Imports make some hundred thousand objects that stay: looking for rubbish among them after
    # every 700 is a twentieth of the start.
    gc.set_threshold(OBJECTS)
    # Graphs are thin: threads of a BLAS only cost start-up time. Read once, when NumPy is imported.
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    given = list(sys.argv[1:] if argv is None else argv)
    output.make_printable()
    try:
        status = _run(given)
        sys.stdout.flush()
        return status
    except SystemExit as end:  # argparse, after --help or wrong usage
        return end.code if isinstance(end.code, int) else WRONG
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        # The reader (`head`, a closed pager) has what it wanted; nothing more can be said to it.
        output.silence()
        return FINE
    except Exception as error:
        return output.tell(error)


def _run(given: list[str]) -> int:
    from bpstudio.cli import arguments

    arguments.choose_language(given)
    chosen = arguments.parse(given)
    return int(chosen.run(chosen))
