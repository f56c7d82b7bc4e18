"""Whether a window can be opened here, found out without Qt.

Qt ends the whole process when its platform plugin cannot reach a display or lacks a library, so
both are tried first: a connection to the display's socket (microseconds), and loading the plugin,
which Qt would load next anyway.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import socket
import sys
from pathlib import Path

from bpstudio.language import tr

OFFSCREEN_PACKAGES = "libgl1 libegl1 libglib2.0-0 libfontconfig1 libxkbcommon0 libdbus-1-3"
"""Debian's names of what Qt needs even without a display."""
DISPLAY_PACKAGES = (
    f"{OFFSCREEN_PACKAGES} libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 "
    "libxkbcommon-x11-0 libxcb-render-util0 libxcb-image0 libxcb-randr0 libxcb-xfixes0 "
    "libxcb-sync1 libx11-xcb1 libxcb-shm0"
)
_UNSEEN = {"offscreen", "minimal", "minimalegl"}
_PATIENCE = 1.0
"""Seconds to wait for a display on another machine."""


def missing() -> str:
    """Why no window can be seen here, as a sentence that says how to get one; "" if it can."""
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    if platform in _UNSEEN:
        return _no_display(tr("QT_QPA_PLATFORM is {platform}", platform=platform))
    if platform or not sys.platform.startswith(("linux", "freebsd")):
        return ""
    display, wayland = os.environ.get("DISPLAY", ""), os.environ.get("WAYLAND_DISPLAY", "")
    if not display and not wayland:
        return _no_display(tr("neither DISPLAY nor WAYLAND_DISPLAY is set"))
    if (wayland and _wayland_answers(wayland)) or (display and _x_answers(display)):
        return ""
    return _no_display(tr("nothing answers at {display}", display=display or wayland))


def missing_libraries() -> str:
    """What keeps Qt from reaching the display, as a sentence that says what to install."""
    if os.environ.get("QT_QPA_PLATFORM") or not os.environ.get("DISPLAY"):
        return ""
    plugin = _plugin()
    try:
        if plugin is not None:
            ctypes.CDLL(str(plugin))
    except OSError as error:
        return _install(error, DISPLAY_PACKAGES)
    return ""


def unusable(error: ImportError) -> str:
    """Why Qt could not be imported, as a sentence that says what to install; "" if it is not Qt."""
    name = error.name or ""
    if isinstance(error, ModuleNotFoundError) and name.startswith(("PySide6", "shiboken6")):
        wanted = f"'PySide6-Essentials{_bound()}'"
        return tr("The window needs PySide6: pip install {package}", package=wanted)
    return _install(error, OFFSCREEN_PACKAGES) if ".so" in str(error) else ""


def _no_display(why: str) -> str:
    return tr(
        "There is no display ({why}). To get the window, run bpstudio on a desktop, "
        "or reach this machine with ssh -X.",
        why=why,
    )


def _install(error: Exception, packages: str) -> str:
    library = re.search(r"([\w.+-]+\.so[\w.]*)", str(error))
    return tr(
        "The window lacks the system library {library}: sudo apt-get install -y {packages}",
        library=library[1] if library else str(error),
        packages=packages,
    )


def _bound() -> str:
    return ">=6.10,<6.12" if sys.version_info < (3, 12) else ">=6.10"


def wrong_version() -> str:
    """Why this PySide6 is not used, "" if it can be.

    6.12 drops a reference to None in every void call; below Python 3.12 that aborts.
    """
    if sys.version_info >= (3, 12):
        return ""
    for name in ("PySide6-Essentials", "PySide6"):
        version = installed(name)
        if version.startswith("6.12."):
            return tr(
                "PySide6 {version} crashes on Python {python}: pip install '{name}{bound}'",
                version=version,
                python=f"{sys.version_info.major}.{sys.version_info.minor}",
                name=name,
                bound=_bound(),
            )
    return ""


def installed(package: str) -> str:
    """The version of a package that stands beside PySide6, "" where there is none.

    Read off the name of its folder: importlib.metadata imports all of `email` to say the same.
    """
    wanted = package.lower().replace("-", "_")
    for folder in _pyside():
        for entry in os.listdir(folder.parent) if folder.parent.is_dir() else ():
            name, _, version = entry.removesuffix(".dist-info").partition("-")
            if entry.endswith(".dist-info") and name.lower() == wanted:
                return version
    return ""


def _pyside() -> list[Path]:
    """The folders that PySide6 would be imported from, without importing it."""
    spec = importlib.util.find_spec("PySide6")
    return [Path(folder) for folder in (spec.submodule_search_locations or ())] if spec else []


def _plugin() -> Path | None:
    """Qt's plugin for X displays, where the pip packages put it."""
    for folder in _pyside():
        plugin = Path(folder, "Qt", "plugins", "platforms", "libqxcb.so")
        if plugin.exists():
            return plugin
    return None


def _wayland_answers(name: str) -> bool:
    path = os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), name)
    return _answers(socket.AF_UNIX, path)


def _x_answers(display: str) -> bool:
    """Whether an X server listens at `[host]:number[.screen]`."""
    found = re.fullmatch(
        r"(?:(?P<proto>\w+)/)?(?P<host>.*?):(?P<number>\d{1,5})(?:\.\d+)?", display
    )
    if found is None:
        # macOS's launchd socket, or something only Xlib understands: let Qt try.
        return os.path.exists(display)
    number, host = int(found["number"]), found["host"]
    if host in ("", "unix") or found["proto"] == "unix":
        path = f"/tmp/.X11-unix/X{number}"
        return _answers(socket.AF_UNIX, f"\0{path}") or _answers(socket.AF_UNIX, path)
    try:
        with socket.create_connection((host.strip("[]"), 6000 + number), _PATIENCE):
            return True
    except (OSError, OverflowError):
        return False


def _answers(family: int, address: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as link:
            link.settimeout(_PATIENCE)
            link.connect(address)
            return True
    except (OSError, ValueError):
        return False
