"""The network that a document keeps, saved and found again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpstudio.files import bps
from bpstudio.nn.data import Data
from bpstudio.ui import ask
from bpstudio.ui.document import Document
from bpstudio.ui.trainer import owndata
from bpstudio.ui.trainer.fields import with_sizes
from bpstudio.ui.trainer.panel import TrainingPanel
from bpstudio.ui.window import Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def panel(docked: TrainingPanel) -> TrainingPanel:
    return docked


def settle(qtbot: QtBot, panel: TrainingPanel) -> None:
    qtbot.waitUntil(lambda: panel.runner.settled)


def keep(window: Window) -> None:
    window.menus.entries["keep_network"].trigger()


def vector(panel: TrainingPanel) -> np.ndarray:
    with panel.runner.held() as engine:
        return engine.trainer.network.parameters.copy()


def save(window: Window, path: Path) -> Document:
    document = window.document
    assert document is not None
    window.session.save(document, path)
    return document


@pytest.fixture
def saved(window: Window, panel: TrainingPanel, qtbot: QtBot, tmp_path: Path) -> Path:
    """A document that keeps a network after 30 updates."""
    panel.runner.step(30)
    settle(qtbot, panel)
    keep(window)
    path = tmp_path / "kept.bps"
    save(window, path)
    return path


def test_a_network_is_kept_and_goes_on_where_it_stood(
    window: Window, panel: TrainingPanel, saved: Path, qtbot: QtBot
) -> None:
    document = window.document
    assert not document.dirty
    panel.runner.step(5)
    settle(qtbot, panel)
    wanted = vector(panel)
    document.undo_stack.setClean()
    window.filing._reload(document)
    settle(qtbot, panel)
    assert panel.frame.updates == 30
    assert panel.row.examples.currentText() == "The document’s network"
    panel.runner.step(5)
    settle(qtbot, panel)
    assert np.array_equal(vector(panel), wanted)


def test_opening_shows_the_panel_with_the_network(
    window: Window, panel: TrainingPanel, saved: Path, qtbot: QtBot
) -> None:
    wanted = vector(panel)
    window.session.close(window.document)
    panel.choose_example("xor")
    settle(qtbot, panel)
    window.training.hide()
    assert window.filing.open([saved])
    assert window.training.shown
    settle(qtbot, panel)
    assert panel.frame.updates == 30
    assert np.array_equal(vector(panel), wanted)
    assert panel.spec.data.name == "circle"
    assert panel.title == "Circle 2-4-2-1"
    assert not window.document.dirty


def test_training_and_changing_mark_the_document(
    window: Window, panel: TrainingPanel, saved: Path, qtbot: QtBot
) -> None:
    document = window.document
    panel.step()
    qtbot.waitUntil(lambda: document.dirty)
    save(window, saved)
    assert not document.dirty
    panel.runner.edit(0, 0, 0, 0.5)
    qtbot.waitUntil(lambda: document.dirty)
    save(window, saved)
    panel.change(replace(panel.spec, learning_rate=0.5))
    qtbot.waitUntil(lambda: document.dirty)
    save(window, saved)
    panel.change(with_sizes(panel.spec, (2, 5, 1)))
    qtbot.waitUntil(lambda: document.dirty)
    save(window, saved)
    found = bps.load(saved)[0].network
    assert found["spec"]["network"]["sizes"] == [2, 5, 1]


def test_only_looking_on_leaves_it_clean(
    window: Window, panel: TrainingPanel, saved: Path, qtbot: QtBot
) -> None:
    panel.runner.refresh()
    settle(qtbot, panel)
    QTest.qWait(100)
    assert not window.document.dirty


def test_without_being_told_no_document_keeps_the_network(
    window: Window, opened: Document, panel: TrainingPanel, tmp_path: Path, qtbot: QtBot
) -> None:
    panel.step()
    settle(qtbot, panel)
    save(window, tmp_path / "plain.bps")
    assert bps.load(tmp_path / "plain.bps")[0].network is None


def test_without_a_document_one_is_made(window: Window, panel: TrainingPanel, qtbot: QtBot) -> None:
    assert window.document is None
    keep(window)
    assert window.document.title == "Circle 2-4-2-1"
    assert window.document.dirty


def test_it_can_be_kept_no_longer(window: Window, panel: TrainingPanel, saved: Path) -> None:
    keep(window)
    assert window.document.dirty
    save(window, saved)
    assert bps.load(saved)[0].network is None


def test_each_document_brings_its_own_network_into_the_panel(
    window: Window, panel: TrainingPanel, saved: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    first = window.document
    panel.step()
    settle(qtbot, panel)
    mine = vector(panel)
    second = window.session.new()
    panel.choose_example("xor")
    settle(qtbot, panel)
    keep(window)
    assert window.training.keeping.owner is second
    window.session.show(first)
    settle(qtbot, panel)
    assert np.array_equal(vector(panel), mine)
    assert panel.spec.data.name == "circle"
    window.session.show(second)
    settle(qtbot, panel)
    assert panel.spec.data.name == "xor"
    window.session.save(first, saved)
    assert bps.load(saved)[0].network["updates"] == 31


def test_two_documents_train_in_turn_and_each_is_saved_with_its_own_weights(
    window: Window, panel: TrainingPanel, saved: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    first, other = window.document, tmp_path / "other.bps"
    assert first is not None
    second = window.session.new()
    panel.choose_example("xor")
    panel.runner.step(7)
    settle(qtbot, panel)
    keep(window)
    assert window.training.keeping.owner is second
    for turn in range(3):
        for number, document in enumerate((first, second)):
            window.tabs.setCurrentIndex(window.tabs.indexOf(window.tabs.canvas_of(document)))
            settle(qtbot, panel)
            assert window.document is document
            panel.runner.step(10 + number)
            settle(qtbot, panel)
            if turn == 1:
                panel.runner.edit(0, 0, 0, 0.25 + number)
                settle(qtbot, panel)
    wanted = {}
    for document, path in ((second, other), (first, saved)):
        window.session.show(document)
        settle(qtbot, panel)
        wanted[path] = panel.frame.updates, panel.frame.epoch, vector(panel)
    # Saved while the other one is looked at, too.
    window.session.save(second, other)
    window.session.save(first, saved)
    assert not first.dirty
    assert not second.dirty
    assert [wanted[path][0] for path in (saved, other)] == [60, 40]
    for document in (first, second):
        window.session.close(document)
    panel.choose_example("gauss")
    settle(qtbot, panel)
    for path, name in ((other, "xor"), (saved, "circle")):
        assert window.filing.open([path])
        settle(qtbot, panel)
        updates, epoch, weights = wanted[path]
        assert panel.spec.data.name == name
        assert panel.frame.updates == updates
        assert panel.frame.epoch == pytest.approx(epoch)
        assert np.array_equal(vector(panel), weights)


def test_a_table_is_kept_with_its_names_and_classes(
    window: Window, panel: TrainingPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    data = Data(
        rng.normal(size=(40, 3)), np.eye(2)[rng.integers(0, 2, 40)], features=("a", "b", "c")
    )
    about = {"title": "Flowers", "classes": ["rose", "tulip"]}
    panel.use_table(data, "Flowers", classes=("rose", "tulip"), about=about)
    settle(qtbot, panel)
    keep(window)
    path = tmp_path / "table.bps"
    document = save(window, path)
    window.session.close(document)
    panel.choose_example("xor")
    settle(qtbot, panel)
    window.filing.open([path])
    settle(qtbot, panel)
    assert panel.problem_data == data
    assert panel.problem.class_names == ("rose", "tulip")
    assert panel.note.text() == "Flowers"


def test_a_network_that_broke_is_saved_at_its_start(
    window: Window, panel: TrainingPanel, saved: Path, qtbot: QtBot
) -> None:
    with panel.runner.held() as engine:
        engine.trainer.network.parameters[:] = np.nan
    panel.change(replace(panel.spec, learning_rate=0.1))
    qtbot.waitUntil(lambda: window.document.dirty)
    save(window, saved)
    network = bps.load(saved)[0].network
    assert network["updates"] == 0
    assert "weights" not in network


def test_a_hostile_network_is_refused_with_its_place_and_stays_in_its_file(
    window: Window, panel: TrainingPanel, saved: Path, qtbot: QtBot
) -> None:
    text = json.loads(saved.read_text())
    text["network"]["weights"][0]["W"][0] = [1.0, 2.0, 3.0]
    other = saved.with_name("hostile.bps")
    other.write_text(json.dumps(text))
    said = []
    window.session.said.connect(said.append)
    window.filing.open([other])
    assert "$.network.weights" in said[-1]
    assert "$.network.weights" in panel.notice.words.text()
    window.session.save(window.document, saved.with_name("again.bps"))
    again = bps.load(saved.with_name("again.bps"))[0].network
    assert again["weights"][0]["W"][0] == [1.0, 2.0, 3.0]


def test_a_large_one_is_saved_beside_the_window(
    window: Window, panel: TrainingPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    data = Data(rng.normal(size=(60_000, 4)), rng.normal(size=(60_000, 1)))
    panel.use_table(data, "Many")
    qtbot.waitUntil(lambda: panel.runner.settled)
    keep(window)
    seen = []
    patiently = window.session.patiently
    window.session.patiently = lambda s, n, w: (seen.append((s, n)), patiently(s, n, w))[1]
    path = tmp_path / "many.bps"
    document = save(window, path)
    assert seen == [("Saving many.bps …", 300_000 + 0)] or seen[0][1] >= 300_000
    assert not document.dirty
    window.session.close(document)
    window.filing.open([path])
    qtbot.waitUntil(lambda: panel.runner.settled)
    assert panel.problem_data == data


def test_closing_asks_about_a_network_that_learned(
    window: Window, panel: TrainingPanel, saved: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(ask, "about_unsaved", lambda _, names: asked.append(names) or "cancel")
    panel.step()
    qtbot.waitUntil(lambda: window.document.dirty)
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert asked == [["kept"]]


# --- painted points, and a graph that was saved with its network ---------------------------------


def reopen(window: Window, panel: TrainingPanel, path: Path, qtbot: QtBot) -> Document:
    """Close what is open, begin something else, and open the file again."""
    assert window.document is not None
    window.session.close(window.document)
    panel.choose_example("spiral")
    again = window.session.open(path)
    settle(qtbot, panel)
    return again


def test_painted_points_come_back_to_be_painted_on(
    window: Window, panel: TrainingPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    own = [(-2.0, 1.0, 0), (2.0, -1.0, 3), (0.5, 2.5, 4), (1.5, 2.0, 4)]
    panel.use_points(own)
    panel.runner.step(7)
    settle(qtbot, panel)
    keep(window)
    wanted = vector(panel)
    save(window, tmp_path / "painted.bps")
    again = reopen(window, panel, tmp_path / "painted.bps", qtbot)
    assert (panel.example, panel.own) == ("own_points", own)
    assert panel.brushes.isVisibleTo(panel)
    assert panel.page.view.painting
    assert panel.page.view.own == own
    assert np.array_equal(vector(panel), wanted)
    assert not again.dirty
    panel.page.view.painted.emit(np.array([*own, (-1.0, -1.0, 0)]))
    settle(qtbot, panel)
    assert len(panel.problem_data.inputs) == 5
    assert np.array_equal(vector(panel), wanted)


@pytest.mark.parametrize("own", [[(1.0, 1.0, 0)], [(1.0, 1.0, 4)], [(1, 1, 2), (2, 2, 4)]])
def test_painted_classes_keep_their_brushes(own: list[tuple[float, float, int]]) -> None:
    spec = owndata.of_points(own)
    assert owndata.painted_again(spec.data, owndata.brushes_of(own)) == own


def test_points_that_nobody_painted_are_a_table(panel: TrainingPanel) -> None:
    data = owndata.of_points([(1.0, 1.0, 0), (2.0, 2.0, 1), (3.0, 1.0, 2)]).data
    for brushes in ((), (0,), (2, 1, 0), (0, 1)):
        assert owndata.painted_again(data, brushes) is None


@pytest.fixture
def gates(window: Window, panel: TrainingPanel, qtbot: QtBot, tmp_path: Path) -> Path:
    """The network as gates with its sixth sample, saved together with the network."""
    panel.runner.step(12)
    settle(qtbot, panel)
    document = window.training.links.open(5)
    assert document is not None
    keep(window)
    save(window, tmp_path / "gates.bps")
    return tmp_path / "gates.bps"


def test_a_graph_saved_with_its_network_is_offered_the_link_again(
    window: Window, panel: TrainingPanel, gates: Path, qtbot: QtBot
) -> None:
    again = reopen(window, panel, gates, qtbot)
    links = window.training.links
    assert links.of(again) is None
    chip = links.offers[again]
    assert chip.isVisibleTo(window)
    assert "kept in this document" in chip.words.text()
    chip.link.click()
    qtbot.waitUntil(lambda: links.of(again) is not None)
    assert not links.offers
    link = links.of(again)
    assert link.sample == 5
    assert not link.by_hand
    before = again.committed.nodes["w1_1_1"].params["value"]
    panel.runner.step(20)
    settle(qtbot, panel)
    qtbot.waitUntil(lambda: again.committed.nodes["w1_1_1"].params["value"] != before)


def test_the_offer_can_be_left_and_goes_with_another_network(
    window: Window, panel: TrainingPanel, gates: Path, qtbot: QtBot
) -> None:
    again = reopen(window, panel, gates, qtbot)
    links = window.training.links
    assert window.menus.entries["relink"].isEnabled()
    links.offers[again].leave.click()
    assert again not in links.offers
    window.session.close(again)
    again = window.session.open(gates)
    settle(qtbot, panel)
    assert again in links.offers
    window.training.keeping.toggle(again)
    assert again not in links.offers


def test_a_graph_that_is_not_the_networks_is_offered_nothing(
    window: Window, panel: TrainingPanel, gates: Path, qtbot: QtBot
) -> None:
    document = json.loads(gates.read_text())
    wire = document["graph"]["wires"].pop()
    assert wire
    gates.write_text(json.dumps(document))
    again = reopen(window, panel, gates, qtbot)
    assert window.training.keeping.owner is again
    assert again not in window.training.links.offers
