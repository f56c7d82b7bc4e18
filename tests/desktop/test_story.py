"""A person's way through the program, with a real mouse and real keys in a real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop.screen import Desk, until

pytestmark = pytest.mark.display

EXAMPLE = Path(__file__).parents[2] / "resources" / "examples" / "perceptron.bps"

PLACES = {
    "x": (0.2, 0.15),
    "y": (0.2, 0.4),
    "z": (0.2, 0.7),
    "add": (0.5, 0.25),
    "multiply": (0.75, 0.5),
}


def build_simple(desk: Desk) -> None:
    """Drag three inputs and two gates from the palette, wire them, type the values."""
    drag_the_gates(desk)
    nodes = desk.canvas["nodes"]
    ids = {node["label"] or node["gate"]: key for key, node in nodes.items()}
    wires = [("x", "add", "x"), ("y", "add", "y"), ("add", "multiply", "x"), ("z", "multiply", "y")]
    for count, (source, target, port) in enumerate(wires, 1):
        start, end = nodes[ids[source]]["output"], nodes[ids[target]]["inputs"][port]
        desk.drag(start, end)
        until(lambda count=count: len(desk.canvas["wires"]) == count, f"{source} → {target}.{port}")
    assert desk.canvas["wires"] == [[ids[s], ids[t], port] for s, t, port in wires]
    for name, value in {"x": "-2", "y": "5", "z": "-4"}.items():
        desk.click(desk.canvas["nodes"][ids[name]]["value"])
        desk.widget(class_="Editor")
        desk.press("ctrl+a")
        desk.write(value)
        desk.press("Return")


def drag_the_gates(desk: Desk) -> None:
    left, top, width, height = desk.canvas["rect"]
    for count, (name, (x, y)) in enumerate(PLACES.items(), 1):
        gate = "input" if name in "xyz" else name
        desk.drag(desk.centre(gate=gate), (left + x * width, top + y * height))
        until(lambda count=count: len(desk.canvas["nodes"]) == count, f"{name} on the canvas")


def shown(desk: Desk, ink: str) -> list[str]:
    return sorted(label["text"] for label in desk.canvas["labels"] if label["ink"] == ink)


def test_builds_the_simple_example_by_hand_and_finds_it_again_byte_for_byte(
    bpstudio: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = bpstudio()
    desk.press("ctrl+n")
    until(lambda: "nodes" in (desk.ask("canvas") or {}), "an empty canvas")
    build_simple(desk)
    until(lambda: "−12" in shown(desk, "value"), "−12 on the last wire")
    assert shown(desk, "value") == sorted(["−2", "5", "−4", "3", "−12"])
    assert shown(desk, "grad") == sorted(["−4", "−4", "−4", "3", "1"])
    desk.picture("story-built")

    walk_the_steps(desk)
    built = desk.canvas
    undo_and_redo_everything(desk)
    assert desk.canvas["nodes"] == built["nodes"]
    assert desk.canvas["wires"] == built["wires"]

    first, second = tmp_path / "simple.bps", tmp_path / "again.bps"
    save_as(desk, first)
    desk.close()
    desk = bpstudio(str(first))
    until(lambda: len((desk.ask("canvas") or {}).get("nodes", ())) == 5, "the file to be open")
    save_as(desk, second)
    desk.close()
    assert second.read_bytes() == first.read_bytes()


def walk_the_steps(desk: Desk) -> None:
    """Forward through both passes, and back again: what is not computed yet is not drawn."""
    desk.press("ctrl+Home")
    until(lambda: desk.canvas["step"] == 0, "the first step")
    assert shown(desk, "value") == sorted(["−2", "5", "−4"])
    assert shown(desk, "grad") == []
    gradients = []
    for step in range(1, 5):
        desk.press("Next")
        until(lambda step=step: desk.canvas["step"] == step, f"step {step}")
        gradients.append(shown(desk, "grad"))
    assert gradients[:2] == [[], []]
    assert gradients[2] == sorted(["1", "−4", "3"])
    assert gradients[3] == sorted(["1", "−4", "3", "−4", "−4"])
    desk.picture("story-last-step")
    desk.press("Prior")
    until(lambda: desk.canvas["step"] == 3, "one step back")
    assert shown(desk, "grad") == gradients[2]
    desk.press("F6")
    until(lambda: desk.canvas["step"] is None, "everything shown again")


def undo_and_redo_everything(desk: Desk) -> None:
    """As often as there is something to undo; then as often as there is something to redo."""
    for key, left in (("ctrl+z", "undo"), ("ctrl+shift+z", "redo")):
        for _ in range(100):
            if not desk.canvas[left]:
                break
            desk.press(key)
        assert not desk.canvas[left]
        if left == "undo":
            assert not desk.canvas["nodes"]


def save_as(desk: Desk, path: Path) -> None:
    """Through the dialog, by typing the whole path."""
    desk.press("ctrl+shift+s")
    desk.widget(class_="QFileDialog")
    desk.press("ctrl+a")
    desk.write(str(path))
    desk.press("Return")
    until(lambda: not desk.canvas["dirty"] and path.exists(), f"{path.name} to be written")


def test_says_why_a_wire_is_refused_while_it_is_dragged(bpstudio: Callable[..., Desk]) -> None:
    desk = bpstudio()
    desk.press("ctrl+l")
    desk.write("f = exp(x + y)")
    desk.press("Return")
    nodes = until(lambda: (desk.ask("canvas") or {}).get("nodes"), "the formula's graph")
    wires = desk.canvas["wires"]
    add = next(key for key, node in nodes.items() if node["gate"] == "add")
    exp = next(key for key, node in nodes.items() if node["gate"] == "exp")
    desk.drag(nodes[exp]["output"], nodes[add]["inputs"]["x"], let_go=False)
    assert "loop" in desk.widget(name="canvas-bubble")["text"]
    desk.picture("story-refused")
    desk.hands("mouseup", 1)
    assert desk.canvas["wires"] == wires


def test_drags_a_value_like_a_slider_and_undoes_it_in_one(bpstudio: Callable[..., Desk]) -> None:
    desk = bpstudio()
    desk.press("ctrl+l")
    desk.write("f = x * x")
    desk.press("Return")
    nodes = until(lambda: (desk.ask("canvas") or {}).get("nodes"), "the formula's graph")
    before = shown(desk, "value")
    x, y = nodes["x"]["value"]
    desk.drag((x, y), (x + 60, y))
    assert shown(desk, "value") != before
    desk.press("ctrl+z")
    until(lambda: shown(desk, "value") == before, "the old value back")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_opens_the_perceptron_from_the_command_line(
    bpstudio: Callable[..., Desk], tmp_path: Path, theme: str
) -> None:
    path = tmp_path / "perceptron.bps"
    path.write_bytes(EXAMPLE.read_bytes())
    desk = bpstudio(str(path), theme=theme)
    until(lambda: len((desk.ask("canvas") or {}).get("nodes", ())) == 13, "the perceptron")
    assert {"0.7311", "1"} <= {*shown(desk, "value"), *shown(desk, "grad")}
    canvas = desk.canvas
    left, top, width, height = canvas["rect"]
    across = [node["at"][0] for node in canvas["nodes"].values()]
    down = [node["at"][1] for node in canvas["nodes"].values()]
    assert left < min(across) < max(across) < left + width
    assert top < min(down) < max(down) < top + height
    assert max(across) - min(across) > width / 2, "the graph fills the canvas"
    desk.picture(f"perceptron-{theme}")
    desk.close()
