"""A virtual screen with a window manager, and bpstudio on it under a real mouse and keyboard."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROBE = Path(__file__).with_name("probe.py")
PATIENCE = 60.0
"""Seconds to wait for something the window should do at once; CI machines can be slow."""
Point = Sequence[float]


def lacking() -> str:
    """What is missing for real windows, as the reason of a skip; "" where nothing is."""
    absent = [name for name in ("Xvfb", "xdotool", "openbox") if shutil.which(name) is None]
    return f"needs {', '.join(absent)} (apt-get install xvfb xdotool openbox)" if absent else ""


@contextmanager
def virtual_screen(size: str = "1600x900") -> Iterator[str]:
    """An X server of our own with openbox on it; gives its DISPLAY."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as numbers:
        display = f":{numbers.readline().strip()}"
    manager = subprocess.Popen(
        ["openbox", "--sm-disable"],
        env=os.environ | {"DISPLAY": display},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: _managed(display), "openbox to manage the screen")
        yield display
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(PATIENCE)


def _managed(display: str) -> bool:
    """Whether a window manager answers; a window mapped before that gets no focus."""
    asked = subprocess.run(
        ["xdotool", "get_num_desktops"], env=os.environ | {"DISPLAY": display}, capture_output=True
    )
    return asked.returncode == 0


def until(claim: Callable[[], Any], what: str) -> Any:
    """Wait until the claim holds, and answer what it gave."""
    end = time.monotonic() + PATIENCE
    while not (found := claim()):
        assert time.monotonic() < end, f"waited {PATIENCE:.0f} s in vain: {what}"
        time.sleep(0.05)
    return found


class Desk:
    """One running bpstudio and the hands on it. Points are screen pixels."""

    def __init__(self, display: str, folder: Path, *arguments: str, theme: str = "light") -> None:
        self.display, self.folder = display, folder
        self.socket = str(folder / f"probe-{time.monotonic_ns()}")
        settings = folder / "config" / "backprop-studio"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "window.ini").write_text(f"[General]\ntheme={theme}\nlanguage=en\n")
        env = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "PYTHONPATH")}
        env |= {"DISPLAY": display, "XDG_CONFIG_HOME": str(folder / "config")}
        env |= {"XDG_STATE_HOME": str(folder / "state"), "LC_ALL": "C.UTF-8"}
        python = os.environ.get("BPSTUDIO_PYTHON", "")
        if not python:
            env["PYTHONPATH"] = str(PROBE.parents[2])
        self.errors = folder / "stderr.txt"
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [python or sys.executable, str(PROBE), self.socket, *arguments],
                cwd=folder,
                env=env,
                stderr=errors,
            )
        try:
            until(lambda: self.ask("painted"), "the window to stand and be active")
        except BaseException:
            self.kill()
            raise

    # --- eyes -------------------------------------------------------------------------------

    def ask(self, question: str) -> Any:
        """The probe's answer, None while there is none."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(PATIENCE)
            try:
                link.connect(self.socket)
            except OSError:
                assert self.process.poll() is None, self.errors.read_text()
                return None
            with link.makefile("rw") as stream:
                stream.write(question + "\n")
                stream.flush()
                return json.loads(stream.read() or "null")

    @property
    def canvas(self) -> dict[str, Any]:
        """What the canvas shows now."""
        assert self.errors.read_text() == ""
        answer: dict[str, Any] = self.ask("canvas")
        assert "fault" not in answer, answer
        return answer

    def widget(self, **traits: str) -> dict[str, Any]:
        """The one visible widget with these traits (class, name, says, text, gate)."""

        def seen() -> list[dict[str, Any]]:
            return [
                w
                for w in self.ask("widgets") or ()
                if all(w[key.rstrip("_")] == value for key, value in traits.items())
            ]

        found: list[dict[str, Any]] = until(seen, f"a widget with {traits}")
        assert len(found) == 1, found
        return found[0]

    def centre(self, **traits: str) -> Point:
        """The middle of a widget."""
        x, y, width, height = self.widget(**traits)["rect"]
        return x + width / 2, y + height / 2

    def picture(self, name: str) -> Path:
        """A screenshot, kept in $BPSTUDIO_PICTURES where that is set."""
        from PIL import ImageGrab

        folder = Path(os.environ.get("BPSTUDIO_PICTURES") or self.folder)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        ImageGrab.grab(xdisplay=self.display).save(path)
        return path

    # --- hands ------------------------------------------------------------------------------

    def hands(self, *words: object) -> None:
        """One xdotool command line."""
        env = os.environ | {"DISPLAY": self.display}
        subprocess.run(["xdotool", *map(str, words)], env=env, check=True, timeout=240)

    def drag(self, start: Point, end: Point, *, let_go: bool = True) -> None:
        """Press, move in eight small steps with pauses as a hand makes them, let go."""
        words: list[object] = [*_to(start), "sleep", 0.08, "mousedown", 1, "sleep", 0.08]
        for n in range(1, 9):
            at = [a + (b - a) * n / 8 for a, b in zip(start, end, strict=True)]
            words += [*_to(at), "sleep", 0.05]
        if let_go:
            words += ["sleep", 0.05, "mouseup", 1, "sleep", 0.1]
        self.hands(*words)

    def click(self, at: Point, times: int = 1) -> None:
        self.hands(*_to(at), "sleep", 0.08, "click", "--repeat", times, "--delay", 60, 1)

    def press(self, *keys: str) -> None:
        """Keys by their X names: "ctrl+z", "Return"."""
        self.hands("key", "--delay", 40, *keys)

    def write(self, text: str) -> None:
        self.hands("type", "--delay", 25, "--", text)

    def close(self) -> None:
        """Quit as a person does; the process must end by itself and well."""
        self.press("ctrl+q")
        assert self.process.wait(PATIENCE) == 0
        assert self.errors.read_text() == ""

    def kill(self) -> None:
        """Whatever happened, leave no process behind."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def _to(at: Point) -> list[object]:
    return ["mousemove", round(at[0]), round(at[1])]
