"""From the command line to a running window."""

from __future__ import annotations

import sys

from bpstudio.ui import app as apps
from bpstudio.ui import ask, icons, theme
from bpstudio.ui.settings import Settings
from bpstudio.ui.window import Window


def open_window(paths: list[str], lang: str = "") -> int:
    """Open the window with these files and run until it is closed; answers the exit status.

    `lang` is a language for this run only; without it the user's setting holds.
    """
    app = apps.application(sys.argv)
    settings = Settings()
    apps.use_language(lang or settings.get("language"))
    theme.appearance().use(settings.get("theme"), settings.get("size"))
    theme.appearance().move(settings.get("animations"))
    app.setWindowIcon(icons.app_icon())
    window = Window(settings)
    guard = apps.Guard(lambda sentence: ask.tell(window, "Backprop Studio", sentence))
    guard.install()
    window.show()
    window.begin_soon(paths)
    try:
        return app.exec()
    finally:
        guard.remove()
