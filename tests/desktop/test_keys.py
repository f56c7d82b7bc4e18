"""The perceptron without a mouse: built, wired, valued, stepped and saved with real keys alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop.screen import Desk, until
from tests.desktop.test_story import save_as, shown

pytestmark = pytest.mark.display

INPUTS = {"w0": "2", "x0": "-1", "w1": "-3", "x1": "-2", "w2": "-3"}
GATES = ("multiply", "multiply", "add", "add", "negate", "exp", "add con", "reciprocal")
WIRES = (
    *("w0 multiply1.x", "x0 multiply1.y", "w1 multiply2.x", "x1 multiply2.y"),
    *("multiply1 add1.x", "multiply2 add1.y", "add1 add2.x", "w2 add2.y"),
    *("add2 negate1.x", "negate1 exp1.x", "exp1 add_constant1.x"),
    "add_constant1 reciprocal1.x",
)


def test_the_perceptron_is_built_stepped_and_saved_without_a_mouse(
    bpstudio: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = bpstudio()
    desk.press("ctrl+n")
    until(lambda: "nodes" in (desk.ask("canvas") or {}), "an empty canvas")
    for name, value in INPUTS.items():
        add(desk, "input")
        desk.press("F2")
        desk.widget(class_="Editor")
        desk.press("ctrl+a")
        desk.write(name)
        desk.press("Return")
        until(lambda name=name: name in labels(desk), f"the name {name}")
        desk.press("Return")
        desk.widget(class_="Editor")
        desk.press("ctrl+a")
        desk.write(value)
        desk.press("Return")
    for word in GATES:
        add(desk, word)
    for words in WIRES:
        source, _, end = words.partition(" ")
        wire(desk, source, end)
    desk.press("ctrl+t")
    until(lambda: "0.7311" in shown(desk, "value"), "the output")
    assert shown(desk, "grad").count("−0.5898") == 1
    desk.picture("keys-built")

    desk.press("ctrl+Home")
    until(lambda: desk.canvas["step"] == 0, "the first step")
    for step in range(1, 4):
        desk.press("Next")
        until(lambda step=step: desk.canvas["step"] == step, f"step {step}")
    path = tmp_path / "perceptron.bps"
    save_as(desk, path)
    desk.picture("keys-saved")
    desk.close()
    assert path.read_text().count('"kind"') == len(INPUTS) + len(GATES)


def add(desk: Desk, word: str) -> None:
    """Type a gate's name on the canvas and take the first that is offered."""
    count = len(desk.canvas["nodes"])
    desk.write(word)
    desk.widget(class_="QuickAdd")
    desk.press("Return")
    until(lambda: len(desk.canvas["nodes"]) == count + 1, word)


def wire(desk: Desk, source: str, end: str) -> None:
    """Find the gate, W, Tab to the port that is named, Enter."""
    desk.press("ctrl+f")
    desk.widget(class_="Chooser")
    desk.press("ctrl+a")
    desk.write(source)
    desk.press("Return")
    until(lambda: [name_of(desk, key) for key in desk.canvas["selection"]] == [source], source)
    count = len(desk.canvas["wires"])
    target, _, port = end.partition(".")
    desk.press("w")
    for _ in range(30):
        if any(w["text"] == f"{target}, port {port}" for w in desk.ask("widgets")):
            break
        desk.press("Tab")
    desk.press("Return")
    until(lambda: len(desk.canvas["wires"]) == count + 1, f"{source} to {end}")
    assert desk.canvas["wires"][-1][1:] == [target, port]


def name_of(desk: Desk, key: str) -> str:
    return desk.canvas["nodes"][key]["label"] or key


def labels(desk: Desk) -> set[str]:
    return {node["label"] for node in desk.canvas["nodes"].values()}
