"""A save either happens whole or not at all: every call of the operating system fails in turn."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bpstudio.files import durable
from bpstudio.files.durable import SaveError, Stamp

OLD, NEW = b"old content\n" * 3000, b"new content\n" * 4000
CALLS = ("open", "write", "fsync", "lseek", "read", "fstat", "fchmod", "link", "replace", "stat")
linux = pytest.mark.skipif(sys.platform != "linux", reason="nameless files are Linux's")


def litter(folder: Path) -> list[str]:
    return sorted(set(os.listdir(folder)) - {"f.bps"})


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "f.bps"
    path.write_bytes(OLD)
    return path


@pytest.fixture(params=["nameless", "beside"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to the temporary file."""
    if request.param == "beside":
        monkeypatch.setattr(durable, "_NAMELESS", 0)
    return str(request.param)


# --- what a save does -------------------------------------------------------------------------


def test_replaces_the_content_and_leaves_nothing_else(target: Path, way: str):
    stamp = durable.save(target, NEW)
    assert target.read_bytes() == NEW
    assert litter(target.parent) == []
    assert stamp == Stamp.of(target)


def test_makes_a_new_file_with_the_mode_that_is_usual_here(tmp_path: Path, way: str):
    (tmp_path / "usual").touch()
    durable.save(tmp_path / "f.bps", NEW)
    assert (tmp_path / "f.bps").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o755])
def test_keeps_the_mode_bits(target: Path, way: str, mode: int):
    target.chmod(mode)
    durable.save(target, NEW)
    assert stat.S_IMODE(target.stat().st_mode) == mode


def test_writes_through_links_and_keeps_them(target: Path, way: str):
    folder = target.parent / "elsewhere"
    folder.mkdir()
    link, second = folder / "link.bps", folder / "second.bps"
    link.symlink_to("../f.bps")
    second.symlink_to("link.bps")
    durable.save(second, NEW)
    assert second.is_symlink()
    assert link.is_symlink()
    assert target.read_bytes() == NEW


def test_never_writes_into_the_target_itself(target: Path, way: str):
    with target.open("rb") as reader:
        durable.save(target, NEW)
        assert reader.read() == OLD


def test_a_name_of_full_length_can_be_saved(tmp_path: Path, way: str):
    path = tmp_path / ("x" * 251 + ".bps")
    durable.save(path, NEW)
    assert path.read_bytes() == NEW


def test_the_check_sees_the_bytes_and_stops_the_save(target: Path, way: str):
    def refuse(data: bytes) -> None:
        assert data == NEW
        raise ValueError("line 3")

    with pytest.raises(SaveError, match=r"could not be opened again \(line 3\)"):
        durable.save(target, NEW, check=refuse)
    assert target.read_bytes() == OLD
    assert litter(target.parent) == []


# --- what it refuses --------------------------------------------------------------------------


def refused(path: str | Path) -> str:
    with pytest.raises(SaveError) as caught:
        durable.save(path, NEW)
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text


def test_refuses_a_read_only_file_even_to_root(target: Path):
    target.chmod(0o444)
    assert "read-only; choose another place with Save As" in refused(target)
    assert target.read_bytes() == OLD


def test_refuses_what_is_no_ordinary_file(tmp_path: Path):
    assert "it is a folder" in refused(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert "no ordinary file" in refused(tmp_path / "pipe")


def test_refuses_places_that_do_not_exist(tmp_path: Path):
    (tmp_path / "file").touch()
    assert "no such file or folder" in refused(tmp_path / "none" / "f.bps")
    assert "is no folder" in refused(tmp_path / "file" / "f.bps")
    assert "name is too long" in refused(tmp_path / ("x" * 300))
    assert "was not saved" in refused(f"{tmp_path}/a\0b")
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert "in a circle" in refused(tmp_path / "a")
    assert litter(tmp_path) == ["a", "b", "file"]


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder that this user may read but not write; root takes off its powers meanwhile."""
    if not hasattr(os, "geteuid"):
        pytest.skip("needs mode bits")
    folder = Path(tempfile.mkdtemp())
    (folder / "f.bps").write_bytes(OLD)
    (folder / "f.bps").chmod(0o666)
    folder.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield folder
    os.seteuid(user)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_refuses_a_read_only_folder(nobody: Path, way: str):
    for name in ("f.bps", "new.bps"):
        assert "access is denied; choose another place with Save As" in refused(nobody / name)
    assert (nobody / "f.bps").read_bytes() == OLD
    assert litter(nobody) == []


# --- every call fails in turn -----------------------------------------------------------------


class Fault:
    """Makes the n-th of the chosen calls fail, once or from then on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, code: int, at: int, for_ever: bool) -> None:
        self.code, self.at, self.for_ever = code, at, for_ever
        self.count = 0
        self.done: list[str] = []
        for name in CALLS:
            if hasattr(os, name):
                monkeypatch.setattr(os, name, self._failing(name, getattr(os, name)))

    def _failing(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            self.count += 1
            if self.count == self.at or (self.for_ever and self.count > self.at > 0):
                self.done.append(name)
                raise OSError(self.code, os.strerror(self.code))
            return real(*given, **named)

        return call


def _calls_of_a_save(path: Path) -> int:
    with pytest.MonkeyPatch.context() as patch:
        fault = Fault(patch, 0, at=0, for_ever=False)
        durable.save(path, NEW)
    return fault.count


@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "for ever"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EINTR])
def test_no_failing_call_loses_the_old_file(target: Path, way: str, code: int, for_ever: bool):
    calls = _calls_of_a_save(target)
    assert target.read_bytes() == NEW, "the save without a fault must succeed"
    assert calls >= 8
    for at in range(1, calls + 1):
        target.write_bytes(OLD)
        with pytest.MonkeyPatch.context() as patch:
            fault = Fault(patch, code, at, for_ever)
            failed = _fails(target)
        assert fault.done, "a call must have failed"
        found = target.read_bytes()
        assert found in (OLD, NEW)
        if failed is None:
            # A fault that is harmless (the time stamp after all is done) may not lose the save.
            assert found == NEW
        elif found == NEW:
            assert fault.done[0] == "fsync", "only the folder's fsync comes after the replacement"
            assert "after a power cut" in failed
        assert litter(target.parent) == [], (at, fault.done)


def _fails(path: Path) -> str | None:
    try:
        durable.save(path, NEW)
    except SaveError as error:
        return str(error)
    return None


def test_short_writes_are_continued(target: Path, way: str, monkeypatch: pytest.MonkeyPatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:1000]))
    durable.save(target, NEW)
    assert target.read_bytes() == NEW


def test_a_disk_that_writes_nothing_is_an_error(
    target: Path, way: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "write", lambda fd, data: 0)
    assert "the disk reports an error" in refused(target)
    assert target.read_bytes() == OLD


def test_a_disk_that_gives_back_other_bytes_is_noticed(
    target: Path, way: str, monkeypatch: pytest.MonkeyPatch
):
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(len(data))))
    assert "gave back other bytes" in refused(target)
    assert target.read_bytes() == OLD


@linux
@pytest.mark.parametrize("code", [errno.EOPNOTSUPP, errno.EISDIR])
def test_a_file_system_without_nameless_files_gets_a_temporary_one(
    target: Path, monkeypatch: pytest.MonkeyPatch, code: int
):
    real = os.open

    def no_nameless(path: Any, flags: int, *mode: Any, **named: Any) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(code, os.strerror(code))
        return real(path, flags, *mode, **named)

    monkeypatch.setattr(os, "open", no_nameless)
    durable.save(target, NEW)
    assert target.read_bytes() == NEW
    assert litter(target.parent) == []


@linux
def test_a_missing_proc_gets_a_temporary_file(target: Path, monkeypatch: pytest.MonkeyPatch):
    def no_proc(*given: Any, **named: Any) -> None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    monkeypatch.setattr(os, "link", no_proc)
    durable.save(target, NEW)
    assert target.read_bytes() == NEW
    assert litter(target.parent) == []


# --- sudden ends ------------------------------------------------------------------------------

_SAVER = """
import sys
from bpstudio.files import durable
n = 0
while True:
    n += 1
    durable.save(sys.argv[1], b"%d " % n * 20000)
    print(n, flush=True)
"""


@linux
def test_kill_9_never_leaves_half_a_file(target: Path):
    for delay in (0.0, 0.003, 0.007, 0.012, 0.02, 0.03):
        with subprocess.Popen(
            [sys.executable, "-c", _SAVER, str(target)], stdout=subprocess.PIPE
        ) as saver:
            assert saver.stdout is not None
            assert saver.stdout.readline().strip() == b"1"
            time.sleep(delay)
            saver.send_signal(signal.SIGKILL)
            acknowledged = int((saver.stdout.read().split() or [b"1"])[-1])
        words = target.read_bytes().split()
        assert len(words) == 20000
        assert len(set(words)) == 1
        assert int(words[0]) >= acknowledged
        assert len(litter(target.parent)) <= 1
    durable.save(target, NEW)
    assert litter(target.parent) == [], "what a kill left behind goes with the next save"


@contextlib.contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs root that may mount a small tmpfs")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root to mount a small disk"
)
@linux
def test_a_full_disk_keeps_the_old_file(tmp_path: Path):
    with _small_disk(tmp_path):
        path = tmp_path / "f.bps"
        durable.save(path, b"old")
        with pytest.raises(SaveError, match="the disk is full"):
            durable.save(path, bytes(200_000))
        assert path.read_bytes() == b"old"
        assert litter(tmp_path) == []
        durable.save(path, b"new")
        assert path.read_bytes() == b"new"


@linux
def test_what_a_kill_left_behind_is_cleared_away(target: Path, monkeypatch: pytest.MonkeyPatch):
    def killed(*given: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        patch.setattr(os, "unlink", killed)
        with pytest.raises(SystemExit):
            durable.save(target, NEW)
    assert len(litter(target.parent)) == 1
    durable.save(target, NEW)
    assert litter(target.parent) == []
    assert target.read_bytes() == NEW


def test_savers_of_one_file_do_not_harm_each_other(target: Path, way: str):
    contents = [bytes([65 + i]) * 5000 for i in range(6)]
    with ThreadPoolExecutor(len(contents)) as pool:
        for _ in range(8):
            list(pool.map(lambda data: durable.save(target, data), contents))
            assert target.read_bytes() in contents
    assert litter(target.parent) == []


# --- stamps -----------------------------------------------------------------------------------


def test_a_stamp_notices_a_change_of_the_same_size_and_time(target: Path):
    stamp = Stamp.of(target)
    times = target.stat()
    target.write_bytes(OLD.upper())
    os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert stamp.changed(target)


def test_a_file_that_was_only_touched_has_not_changed(target: Path):
    stamp = Stamp.of(target)
    os.utime(target, ns=(0, 0))
    assert not stamp.changed(target)


def test_a_file_that_is_gone_has_changed(target: Path):
    stamp = Stamp.of(target)
    target.unlink()
    assert stamp.changed(target)


def test_no_more_is_read_than_asked_for(target: Path):
    assert len(durable.read(target, 100)[0]) == 101
