"""Runs bpstudio in a process of its own and answers questions about what its window shows.

    python probe.py SOCKET [bpstudio's arguments]

It only looks: where widgets are, what the canvas is drawing. All that is DONE to the window comes
from xdotool as real mouse and key events. The file stands alone, so that it also runs with the
Python of an installed wheel, outside of the checkout.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from typing import Any


class Probe:
    """Answers one JSON line per connection, in Qt's thread."""

    def __init__(self, path: str) -> None:
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        link = None
        while True:
            connection, _ = self.listener.accept()
            with connection, connection.makefile("rw") as stream:
                question = stream.readline().strip()
                link = link or self.link()
                json.dump(link(question) if link is not None else None, stream)

    def link(self) -> Any:
        """A function that asks in Qt's thread; None while there is no application."""
        # While the main thread imports it, the module is there without its classes.
        application = getattr(sys.modules.get("PySide6.QtWidgets"), "QApplication", None)
        app = application and application.instance()
        if not app:
            return None
        from PySide6.QtCore import QObject, Signal

        class Asked(QObject):
            question = Signal(object)

            def answer(self, box: dict[str, Any]) -> None:
                try:
                    shown = application.topLevelWidgets()
                    box["answer"] = QUESTIONS[box["question"]]() if shown else None
                except Exception as fault:
                    box["answer"] = {"fault": repr(fault)}
                box["done"].set()

        asked = Asked()
        asked.moveToThread(app.thread())
        asked.question.connect(asked.answer)

        def ask(question: str) -> Any:
            box = {"question": question, "done": threading.Event()}
            asked.question.emit(box)
            box["done"].wait(10)
            return box.get("answer")

        return ask


def widgets() -> list[dict[str, Any]]:
    """All visible widgets with their place on the screen."""
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QApplication

    found = []
    for widget in QApplication.allWidgets():
        if not widget.isVisible() or not widget.width() or not widget.height():
            continue
        corner = widget.mapToGlobal(QPoint(0, 0))
        text = getattr(widget, "text", None)
        found.append(
            {
                "class": type(widget).__name__,
                "name": widget.objectName(),
                "says": widget.accessibleName(),
                "text": text() if callable(text) else "",
                "gate": getattr(getattr(widget, "gate", None), "key", ""),
                "enabled": widget.isEnabled(),
                "rect": [corner.x(), corner.y(), widget.width(), widget.height()],
            }
        )
    return found


def canvas() -> dict[str, Any]:
    """The current canvas: screen places of nodes, ports and labels, and the document's state."""
    from PySide6.QtCore import QPoint

    from bpstudio.ui.canvas import hits, labels

    window = the_window()
    shown = window.canvas
    view, camera = shown.view, shown.camera
    corner = shown.mapToGlobal(QPoint(0, 0))

    def place(at: Any) -> list[float]:
        x, y = camera.to_screen((float(at[0]), float(at[1])))
        return [x + corner.x(), y + corner.y()]

    def middle(rect: Any) -> list[float]:
        return place(((rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2))

    document = window.document
    nodes = {
        key: {
            "gate": node.gate,
            "label": node.label,
            "at": place(node.at),
            "output": place(view.output(key)),
            "inputs": {p: place(view.input(key, p)) for p in view.nodes.ports[view.row[key]]},
            "value": middle(hits.value_rect(view, key)) if node.gate == "input" else None,
        }
        for key, node in document.graph.nodes.items()
    }
    drawn = labels.collect(view, view.bounds() or (0.0, 0.0, 0.0, 0.0)) if nodes else None
    texts = zip(drawn.text, drawn.point.tolist(), drawn.role.tolist(), strict=True) if drawn else ()
    return {
        "rect": [corner.x(), corner.y(), shown.width(), shown.height()],
        "nodes": nodes,
        "wires": [[w.source, w.target, w.port] for w in document.graph.wires.values()],
        "labels": [
            {"text": text, "at": place(at), "ink": labels.ROLES[role].ink}
            for text, at, role in texts
        ],
        "step": document.step,
        "undo": document.undo_stack.undoText() if document.undo_stack.canUndo() else "",
        "redo": document.undo_stack.redoText() if document.undo_stack.canRedo() else "",
        "selection": sorted(document.selection),
        "dirty": document.dirty,
    }


def the_window() -> Any:
    from PySide6.QtWidgets import QApplication

    return next((w for w in QApplication.topLevelWidgets() if w.objectName() == "window"), None)


def painted() -> bool:
    """Whether the window stands and is active."""
    window = the_window()
    return bool(window and window.isVisible() and window.isActiveWindow())


QUESTIONS = {"widgets": widgets, "canvas": canvas, "painted": painted}


if __name__ == "__main__":
    Probe(sys.argv[1])
    # The script's own folder must not hide anything of the program's.
    sys.path.pop(0)
    from bpstudio.cli import main

    began = time.monotonic()
    status = main(sys.argv[2:])
    sys.exit(status)
