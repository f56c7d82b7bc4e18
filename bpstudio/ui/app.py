"""The QApplication and what surrounds it: name, icon, theme, language, and the last resort.

An exception that nobody expected is written to a file in the user's state folder and told in one
calm sentence; the window and the work stay. Qt's own warnings go to the same file.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QLibraryInfo,
    QMessageLogContext,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from bpstudio import __version__, language
from bpstudio.language import tr

MOST_LOG_BYTES = 1_000_000
_translators: list[QTranslator] = []


def application(argv: list[str]) -> QApplication:
    """The one QApplication, made on first use and dressed."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(argv[:1] or ["bpstudio"])
    app.setApplicationName("backprop-studio")
    app.setApplicationDisplayName("Backprop Studio")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("backprop-studio")
    return app


def use_language(choice: str) -> None:
    """Speak this language ("system" or a code) from now on, Qt's own dialogs included."""
    code = language.of_system() if choice == "system" else choice
    language.use(code)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    while _translators:
        app.removeTranslator(_translators.pop())
    if code != "en":
        translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(f"qtbase_{code}", folder):
            app.installTranslator(translator)
            _translators.append(translator)
    # Qt tells the widgets only where a translator came or went; ours is not one.
    for window in app.topLevelWidgets():
        QCoreApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))


# --- when something goes wrong --------------------------------------------------------------


def state_folder() -> Path:
    """Where the log goes: the user's state folder, made if need be."""
    if sys.platform == "win32":
        place = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        place = Path.home() / "Library" / "Logs"
    else:
        place = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return place / "backprop-studio"


def log_path() -> Path:
    """The file that unexpected faults are written to."""
    return state_folder() / "log.txt"


def log(text: str) -> bool:
    """Add to the log; answers whether that was possible. Never raises."""
    try:
        path = log_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > MOST_LOG_BYTES:
            path.replace(path.with_suffix(".old.txt"))
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {__version__}\n{text.rstrip()}\n\n")
    except OSError:
        return False
    return True


class Guard:
    """Catches what nobody caught. `tell` shows a sentence; it is called once per kind of fault."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told: set[str] = set()
        self._before: tuple[object, object, object] | None = None

    def install(self) -> None:
        """Stand in for Python's and Qt's own handlers."""
        self._before = (
            sys.excepthook,
            threading.excepthook,
            qInstallMessageHandler(self.qt_message),
        )
        sys.excepthook = self.exception
        threading.excepthook = self._in_thread

    def remove(self) -> None:
        """Give the handlers back."""
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before[:2]  # type: ignore[assignment]
            qInstallMessageHandler(self._before[2])  # type: ignore[arg-type]
            self._before = None

    def exception(
        self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None
    ) -> None:
        """An exception that reached the top: log it, tell it, go on."""
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.exit(130)
            return
        text = "".join(traceback.format_exception(kind, fault, trace))
        sys.stderr.write(text)
        logged = log(text)
        place = traceback.extract_tb(trace)[-1:] if trace is not None else []
        key = f"{kind.__name__} {place}"
        if key in self._told:
            return
        self._told.add(key)
        sentence = tr("Something went wrong inside the program. Your work is still here; save it.")
        if logged:
            sentence += "\n" + tr("What happened is written in {file}.", file=log_path())
        try:
            self._tell(sentence)
        except Exception:
            # Telling failed too: the log has the first fault, and that is the one that matters.
            log(traceback.format_exc())

    def qt_message(self, kind: QtMsgType, where: QMessageLogContext, message: str) -> None:
        """A message of Qt's: warnings and worse are logged."""
        if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
            return
        sys.stderr.write(f"{message}\n")
        log(f"Qt {kind.name}: {message}")

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        log("".join(traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback)))
