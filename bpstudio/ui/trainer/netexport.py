"""The panel's network for other programs, and the check of its whole gradient, from the window."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from bpstudio.language import tr
from bpstudio.ui import ask
from bpstudio.ui.trainer.asgraph import snapshot

if TYPE_CHECKING:
    from bpstudio.nn.gradcheck import NetworkCheck
    from bpstudio.nn.trainer import Trainer
    from bpstudio.ui.aside import Errand
    from bpstudio.ui.window import Window


def export(window: Window, key: str) -> bool:
    """Ask for a place and write the network there; whether that was done."""
    from bpstudio.files.durable import SaveError
    from bpstudio.nn.faults import NetworkError
    from bpstudio.nn.programs import PROGRAMS

    panel = window.training.panel
    if panel is None or panel.frame is None:
        return False
    program = PROGRAMS[key]
    suffix = program.suffix.removeprefix(".")
    name = re.sub(r"[^\w-]+", "_", panel.title).strip("_") or "network"
    near = window.document.path if window.document is not None else None
    place = str((near.parent if near is not None else Path.home()) / f"{name}{program.suffix}")
    path = ask.file_to_export(window, place, {suffix: tr(program.title)})
    if path is None:
        return False
    trainer = panel_trainer(window)
    try:
        _save(path, _written(trainer, key))
    except (NetworkError, SaveError, OSError) as refused:
        sentence = str(getattr(refused, "reason", refused))
        panel.tell(sentence)
        window.session.say(sentence)
        return False
    done = tr("Exported {file}.", file=path.name)
    _tell(window, done, good=True)
    _try_out(window, path, key, trainer)
    return True


def _try_out(window: Window, path: Path, key: str, trainer: Trainer) -> None:
    """Run what was written, beside the window, and say whether it computes the same."""
    from bpstudio.nn import exportrun
    from bpstudio.ui.aside import aside

    panel = window.training.panel
    assert panel is not None

    def work(errand: Errand) -> exportrun.Outcome | None:
        return exportrun.run(path, key, trainer, until=lambda: not errand.wanted)

    def take(found: exportrun.Outcome | None) -> None:
        if found is None:
            return
        _tell(window, found.sentence, good=found.same is not False)

    aside(panel, work, take)


def _tell(window: Window, sentence: str, *, good: bool) -> None:
    """On the canvas and on the panel: beside the start page there is no canvas to say it on."""
    window.session.say(sentence)
    panel = window.training.panel
    # Good news takes no offer to rewind away.
    if panel is not None and not (good and panel.notice.offers_rewind):
        panel.tell(sentence, good=good)


def panel_trainer(window: Window) -> Trainer:
    """The network as it is now."""
    panel = window.training.panel
    assert panel is not None
    return snapshot(panel)


def _written(trainer: Trainer, key: str) -> bytes:
    from bpstudio.nn.programs import PROGRAMS

    made = PROGRAMS[key].write(trainer)
    return made.encode() if isinstance(made, str) else made


def _save(path: Path, data: bytes) -> None:
    from bpstudio.files import durable

    durable.save(path, data)


def check_gradient(window: Window) -> None:
    """Check the network's gradient on a batch beside the window, and say what came out."""
    from bpstudio.nn import gradcheck
    from bpstudio.ui.aside import aside

    panel = window.training.panel
    if panel is None or panel.frame is None:
        return
    trainer = snapshot(panel)
    window.session.say(tr("Checking {n} gradients …", n=f"{trainer.network.count:,}"))

    def work(errand: Errand) -> NetworkCheck | str:
        from bpstudio.nn.faults import NetworkError

        try:
            return gradcheck.check(trainer, until=lambda: not errand.wanted)
        except NetworkError as refused:
            return str(refused)

    def take(found: NetworkCheck | str) -> None:
        sentence = found if isinstance(found, str) else found.sentence
        panel.tell(sentence, good=not isinstance(found, str) and found.passed)
        window.session.say(sentence)

    aside(panel, work, take)
