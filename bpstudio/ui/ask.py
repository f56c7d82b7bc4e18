"""Every question the program asks and every message it puts in a person's way, one function each.

Each answers a plain value, so that what follows is tested without a dialog. Names and sentences
that come from documents are shown as plain text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QInputDialog,
    QMessageBox,
    QPushButton,
    QWidget,
)

from bpstudio.language import tr

Unsaved = Literal["save", "discard", "cancel"]
Outside = Literal["reload", "keep", "save_as"]


def _box(parent: QWidget, title: str, sentence: str, more: str = "") -> QMessageBox:
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setText(sentence)
    box.setInformativeText(more)
    return box


def _answer(dialog: QDialog) -> int:
    """Wait for the answer. Its parent would keep the dialog for as long as the window stands."""
    try:
        return dialog.exec()
    finally:
        dialog.deleteLater()


def tell(parent: QWidget, title: str, sentence: str, more: str = "") -> None:
    """Show one sentence that must not be missed."""
    box = _box(parent, title, sentence, more)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setStandardButtons(QMessageBox.StandardButton.Ok)
    box.button(QMessageBox.StandardButton.Ok).setText(tr("OK"))
    _answer(box)


def about_unsaved(parent: QWidget, names: Sequence[str]) -> Unsaved:
    """What to do with the documents of these names before they are closed."""
    one = names[0]
    if len(names) == 1:
        sentence = tr("“{name}” has changes that are not saved.", name=one)
    else:
        sentence = tr("{n} documents have changes that are not saved:", n=len(names))
    more = "\n".join(names) if len(names) > 1 else ""
    box = _box(parent, tr("Unsaved changes"), sentence, more)
    box.setIcon(QMessageBox.Icon.Question)
    save = _button(
        box,
        tr("Save all") if len(names) > 1 else tr("Save"),
        QMessageBox.ButtonRole.AcceptRole,
    )
    discard = _button(box, tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = _button(box, tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(cancel)
    _answer(box)
    clicked = box.clickedButton()
    return "save" if clicked is save else "discard" if clicked is discard else "cancel"


def about_outside_change(parent: QWidget, name: str, *, gone: bool, dirty: bool) -> Outside:
    """What to do about a file that another program changed or took away."""
    sentence = (
        tr("“{name}” is no longer on disk.", name=name)
        if gone
        else tr("“{name}” was changed on disk by another program.", name=name)
    )
    more = tr("Your own changes here are not saved yet.") if dirty and not gone else ""
    box = _box(parent, tr("Changed on disk"), sentence, more)
    box.setIcon(QMessageBox.Icon.Question)
    keep = _button(box, tr("Keep mine"), QMessageBox.ButtonRole.RejectRole)
    save_as = _button(box, tr("Save as …"), QMessageBox.ButtonRole.ActionRole)
    reload = None if gone else _button(box, tr("Reload"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(keep if dirty or reload is None else reload)
    box.setEscapeButton(keep)
    _answer(box)
    clicked = box.clickedButton()
    if reload is not None and clicked is reload:
        return "reload"
    return "save_as" if clicked is save_as else "keep"


def about_overwriting(parent: QWidget, name: str) -> bool:
    """Whether to write over a file that another program changed since."""
    sentence = tr("“{name}” was changed on disk by another program. Write over it?", name=name)
    icon = QMessageBox.Icon.Warning
    return _yes(parent, tr("Changed on disk"), sentence, tr("Write over it"), icon=icon)


def about_reverting(parent: QWidget, name: str) -> bool:
    """Whether to take a document from disk again although it has edits."""
    sentence = tr("Go back to “{name}” as it is on disk? Undo brings your edits back.", name=name)
    return _yes(parent, tr("Revert"), sentence, tr("Revert"), harmless=True)


def about_many(parent: QWidget, sentence: str) -> bool:
    """Whether to paste a graph so large that it takes a while; the sentence says how large."""
    return _yes(parent, tr("Paste"), sentence, tr("Paste"))


def about_replacing_part(parent: QWidget, sentence: str) -> bool:
    """Whether a part takes the place of the one of the same name."""
    return _yes(parent, tr("My parts"), sentence, tr("Replace it"))


def about_deleting_part(parent: QWidget, title: str) -> bool:
    """Whether to delete a part from the user's folder: no undo brings that back."""
    sentence = tr("Delete the part “{title}” for good? Graphs that use it stay.", title=title)
    return _yes(parent, tr("My parts"), sentence, tr("Delete"))


def about_deleting(parent: QWidget, title: str, sentence: str) -> bool:
    """Whether to delete what no undo brings back."""
    return _yes(parent, title, sentence, tr("Delete"))


def for_a_name(parent: QWidget, title: str, prompt: str, text: str) -> str | None:
    """A name that a person types; None when cancelled."""
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText(prompt)
    dialog.setTextValue(text)
    # So wide that the window's frame has room for its title.
    dialog.resize(52 * dialog.fontMetrics().averageCharWidth(), dialog.sizeHint().height())
    dialog.setOkButtonText(tr("OK"))
    dialog.setCancelButtonText(tr("Cancel"))
    return dialog.textValue() if _answer(dialog) else None


def files_to_open(parent: QWidget, folder: str) -> list[Path]:
    """The documents a person picks, none when cancelled."""
    kinds = f"{tr('Backprop Studio documents')} (*.bps);;{tr('All files')} (*)"
    names, _ = QFileDialog.getOpenFileNames(parent, tr("Open"), folder, kinds)
    return [Path(name) for name in names]


def file_to_save(parent: QWidget, suggestion: str) -> Path | None:
    """Where to save a document; None when cancelled. A name without a suffix gets .bps."""
    kinds = f"{tr('Backprop Studio documents')} (*.bps)"
    dialog = QFileDialog(parent, tr("Save as"), suggestion, kinds)
    # The dialog adds the suffix itself, so that its question about overwriting names the real file.
    dialog.setDefaultSuffix("bps")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(suggestion)
    if not _answer(dialog):
        return None
    return Path(dialog.selectedFiles()[0])


def file_to_export(parent: QWidget, suggestion: str, kinds: Mapping[str, str]) -> Path | None:
    """Where to put an export; its suffix says what it is. None when cancelled.

    `kinds` maps a suffix to its title; a name without one of them gets that of the chosen kind.
    """
    filters = {f"{title} (*.{suffix})": suffix for suffix, title in kinds.items()}
    name, chosen = QFileDialog.getSaveFileName(parent, tr("Export"), suggestion, ";;".join(filters))
    if not name:
        return None
    path = Path(name)
    if path.suffix.lower().removeprefix(".") not in kinds:
        path = path.with_name(f"{path.name}.{filters.get(chosen, next(iter(kinds)))}")
    return path


def _yes(
    parent: QWidget,
    title: str,
    sentence: str,
    yes: str,
    *,
    icon: QMessageBox.Icon = QMessageBox.Icon.Question,
    harmless: bool = False,
) -> bool:
    """Ask something whose safe answer is Cancel; Enter does only what is `harmless`."""
    box = _box(parent, title, sentence)
    box.setIcon(icon)
    roles = QMessageBox.ButtonRole
    do = _button(box, yes, roles.AcceptRole if harmless else roles.DestructiveRole)
    no = _button(box, tr("Cancel"), roles.RejectRole)
    box.setDefaultButton(do if harmless else no)
    box.setEscapeButton(no)
    _answer(box)
    return box.clickedButton() is do


def _button(box: QMessageBox, text: str, role: QMessageBox.ButtonRole) -> QPushButton:
    return box.addButton(text, role)
