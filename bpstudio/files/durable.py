"""Saving so that neither kill -9 nor a power cut loses a document, and noticing outside changes.

The new bytes go into a nameless file in the target's folder, reach the disk, are read back and
checked, get a name, replace the target in one step, and the folder reaches the disk too. A kill
between the last two steps leaves one hidden name, which the next save clears away. Where nameless
files are missing (other systems, some file systems) a temporary file beside the target takes their
place. The target itself is never written. Every failure is one SaveError with one sentence, the old
file untouched; only when the folder's fsync fails is the new one there already, and it says so.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bpstudio.language import N_, tr

Check = Callable[[bytes], Any]

_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NAMELESS = getattr(os, "O_TMPFILE", 0)
_NO_NAMELESS = {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT, errno.ENOSYS}
"""What the kernel answers where nameless files, or naming them through /proc, are missing."""
_TRIES = 20
_NO_FOLDER_SYNC = {errno.EINVAL, errno.EOPNOTSUPP, errno.EBADF, errno.ENOSYS}
_AS = N_("choose another place with Save As")


class SaveError(OSError):
    """A save that did not happen; its text is one sentence for the user."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file was when it was read or saved: time in nanoseconds, size in bytes, digest."""

    mtime_ns: int
    size: int
    sha256: str

    @classmethod
    def of(cls, path: str | Path) -> Stamp:
        """The stamp of a file as it is now. Raises OSError."""
        with open(path, "rb") as file:
            return cls._made(os.fstat(file.fileno()), hashlib.file_digest(file, "sha256"))

    @classmethod
    def of_bytes(cls, status: os.stat_result, data: bytes) -> Stamp:
        return cls._made(status, hashlib.sha256(data))

    @classmethod
    def _made(cls, status: os.stat_result, digest: Any) -> Stamp:
        return cls(status.st_mtime_ns, status.st_size, digest.hexdigest())

    def changed(self, path: str | Path) -> bool:
        """Whether the file holds something else now, or is gone.

        The digest decides: a second save within one tick of the clock may keep size and time, and
        a file that was only touched has not changed.
        """
        try:
            if os.stat(path).st_size != self.size:
                return True
            return Stamp.of(path).sha256 != self.sha256
        except OSError:
            return True


def read(path: str | Path, most: int) -> tuple[bytes, Stamp]:
    """A file's bytes, no more than `most` + 1 of them, and its stamp. Raises OSError."""
    try:
        with open(path, "rb") as file:
            data = file.read(most + 1)
            return data, Stamp.of_bytes(os.fstat(file.fileno()), data)
    except ValueError as error:
        raise OSError(errno.ENOENT, str(error)) from None


def save(path: str | Path, data: bytes, check: Check | None = None) -> Stamp:
    """Put `data` in the place of the file at `path`, or leave everything as it was.

    A symlink is followed, mode bits and owner are kept. `check` gets the bytes as they were read
    back from the disk and raises where they are not what they should be.
    """
    try:
        target, before = _target(path)
        return _replace(target, before, data, check)
    except SaveError:
        raise
    except (OSError, ValueError) as error:
        raise SaveError(_sentence(path, error)) from error


def reason(error: OSError | ValueError) -> str:
    """An operating system's complaint as a phrase."""
    code = error.errno if isinstance(error, OSError) else errno.ENOENT
    text = _REASONS.get(code or 0)
    return tr(text) if text else (getattr(error, "strerror", None) or str(error)).lower()


_REASONS = {
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("your disk quota is used up"),
    errno.EACCES: N_("access is denied"),
    errno.EPERM: N_("access is denied"),
    errno.EROFS: N_("the disk is read-only"),
    errno.ENOENT: N_("there is no such file or folder"),
    errno.ENOTDIR: N_("a part of the path is no folder"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EIO: N_("the disk reports an error"),
    errno.ELOOP: N_("its links lead in a circle"),
    errno.EFBIG: N_("the file would be too large"),
}


def _sentence(path: str | Path, error: OSError | ValueError) -> str:
    why, name = reason(error), str(path)
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return tr("{name} was not saved: {why}; {way}.", name=name, why=why, way=tr(_AS))
    return tr("{name} was not saved: {why}.", name=name, why=why)


def _target(path: str | Path) -> tuple[str, os.stat_result | None]:
    """The file behind any links, and what it is now. Raises where it must not be replaced."""
    target = os.path.realpath(path)
    try:
        before = os.stat(path)
    except FileNotFoundError:
        return target, None
    if stat.S_ISDIR(before.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(before.st_mode):
        raise SaveError(tr("{name} was not saved: it is no ordinary file.", name=path))
    # Asked of the bits too: to root every file is writable, but the user marked this one.
    if not before.st_mode & stat.S_IWUSR or not os.access(target, os.W_OK):
        raise SaveError(
            tr("{name} was not saved: the file is read-only; {way}.", name=path, way=tr(_AS))
        )
    return target, before


def _replace(target: str, before: os.stat_result | None, data: bytes, check: Check | None) -> Stamp:
    with contextlib.ExitStack() as undo:
        folder_fd = _open_folder(os.path.dirname(target))
        if folder_fd >= 0:
            undo.callback(_close, folder_fd)
        stamp = None
        if _NAMELESS and folder_fd >= 0:
            stamp = _put_nameless(target, folder_fd, before, data, check)
        if stamp is None:
            stamp = _put_beside(target, before, data, check)
        _sync_folder(folder_fd, target)
    return stamp


def _open_folder(folder: str) -> int:
    """A descriptor of the folder, -1 on systems where folders have none."""
    if os.name == "nt":
        return -1
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | _BINARY)


def _put_nameless(
    target: str, folder_fd: int, before: os.stat_result | None, data: bytes, check: Check | None
) -> Stamp | None:
    """Replace the target by way of a nameless file; None where there is no such thing."""
    folder, name = os.path.split(target)
    try:
        fd = os.open(folder, _NAMELESS | os.O_RDWR | _BINARY, 0o666)
    except OSError as error:
        if error.errno in _NO_NAMELESS:
            return None
        raise
    # Always the same name for one target, short enough for any: what a kill between naming and
    # replacing leaves behind is cleared away by the next save.
    digest = hashlib.sha256(os.fsencode(name)).hexdigest()[:12]
    temporary = os.path.join(folder, f".{digest}.bps-tmp")
    try:
        stamp = _filled(fd, before, data, check)
        with _removed_on_failure(temporary):
            return stamp if _name_and_replace(fd, temporary, target, folder_fd) else None
    finally:
        _close(fd)


def _name_and_replace(fd: int, temporary: str, target: str, folder_fd: int) -> bool:
    """Give the nameless file a name, then the target's; False where /proc cannot."""
    for tries_left in reversed(range(_TRIES)):
        try:
            # CPython follows the link only when given a dir_fd; the path is absolute anyway.
            os.link(f"/proc/self/fd/{fd}", temporary, src_dir_fd=folder_fd, follow_symlinks=True)
        except FileExistsError:
            if not tries_left:
                raise
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
            continue
        except OSError as error:
            if error.errno in _NO_NAMELESS | {errno.EXDEV, errno.EPERM}:
                return False
            raise
        try:
            os.replace(temporary, target)
        except FileNotFoundError:
            # Another process that saves the same file has moved or cleared our name away.
            if not tries_left:
                raise
            continue
        if tries_left < _TRIES - 1:
            # Where the other one has moved our file into place already, rename does nothing and
            # leaves the second name of the same file.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
        break
    return True


def _put_beside(
    target: str, before: os.stat_result | None, data: bytes, check: Check | None
) -> Stamp:
    """Replace the target by way of a temporary file beside it."""
    temporary = os.path.join(os.path.dirname(target), f".{os.urandom(6).hex()}.bps-tmp")
    with _removed_on_failure(temporary):
        fd = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR | _BINARY, 0o666)
        try:
            stamp = _filled(fd, before, data, check)
        finally:
            _close(fd)
        os.replace(temporary, target)
    return stamp


@contextlib.contextmanager
def _removed_on_failure(temporary: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _filled(fd: int, before: os.stat_result | None, data: bytes, check: Check | None) -> Stamp:
    if before is not None:
        _keep_owner_and_mode(fd, before)
    rest = memoryview(data)
    while rest:
        count = os.write(fd, rest)
        if count <= 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rest = rest[count:]
    os.fsync(fd)
    os.lseek(fd, 0, os.SEEK_SET)
    found = _read_all(fd, len(data))
    if found != data:
        raise SaveError(tr("The document was not saved: the disk gave back other bytes."))
    if check is not None:
        try:
            check(found)
        except SaveError:
            raise
        except Exception as error:
            raise SaveError(
                tr(
                    "The document was not saved: it could not be opened again ({detail}).",
                    detail=error,
                )
            ) from error
    return Stamp.of_bytes(os.fstat(fd), found)


def _read_all(fd: int, size: int) -> bytes:
    parts = []
    while part := os.read(fd, max(size, 1)):
        parts.append(part)
    return b"".join(parts)


def _keep_owner_and_mode(fd: int, before: os.stat_result) -> None:
    if os.name == "nt":
        return
    now = os.fstat(fd)
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        # Only root may give a file away; anyone else's save makes the file his own.
        with contextlib.suppress(PermissionError):
            os.fchown(fd, before.st_uid, before.st_gid)
    os.fchmod(fd, stat.S_IMODE(before.st_mode))


def _sync_folder(folder_fd: int, target: str) -> None:
    if folder_fd < 0:
        return
    try:
        os.fsync(folder_fd)
    except OSError as error:
        if error.errno in _NO_FOLDER_SYNC:
            return
        raise SaveError(
            tr(
                "{name} was written, but {why}: after a power cut the old content may be back.",
                name=target,
                why=reason(error),
            )
        ) from error


def _close(fd: int) -> None:
    # Everything that matters was confirmed by fsync; a complaint on closing changes nothing.
    with contextlib.suppress(OSError):
        os.close(fd)
