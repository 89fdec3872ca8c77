"""Opening files: regular ones only, and never out of a folder that came from elsewhere.

A library may be anyone's: cloned, unpacked or synced. What looks like one of its files may be a
link to a file of the user, a pipe that never ends, or a device. So no module opens a file in any
other way than through these functions; a test sees to it.
"""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 2_000_000_000
"""The largest file that is read as a whole: far beyond any library, and still an end."""
MAX_CONFIG: Final = 1_000_000
"""The same for files that people write."""


def is_there(path: Path, kind: Callable[[Path], bool] = Path.exists) -> bool:
    """Whether there is such a file; ``False`` for a name that no system takes.

    Args:
        path: The name, of which nothing is known.
        kind: ``Path.is_file`` or ``Path.is_dir`` for such files alone.
    """
    try:
        return kind(path)
    except (OSError, ValueError):
        return False


def open_regular(path: Path, flags: int = os.O_RDONLY) -> int:
    """Opens a regular file; never waits for a pipe, and never touches a device.

    Args:
        path: The file. A link to a regular file is one.
        flags: As of ``os.open``; a new file is the user's alone.

    Returns:
        The descriptor, to be closed by the caller.

    Raises:
        OSError: If it is missing, something else, or cannot be opened.
    """
    try:
        _require_regular(path, path.stat())
    except FileNotFoundError:
        if not flags & os.O_CREAT or path.is_symlink():
            raise
    flags |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0), 0o600)
    try:
        _require_regular(path, os.fstat(handle))
    except OSError:
        os.close(handle)
        raise
    return handle


def _require_regular(path: Path, info: os.stat_result) -> None:
    if stat.S_ISDIR(info.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if not stat.S_ISREG(info.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))


def read_file(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file.

    Raises:
        OSError: If it is missing, something else, larger than ``max_bytes``, or cannot be read.
    """
    handle = open_regular(path)
    try:
        if os.fstat(handle).st_size > max_bytes:
            reason = f"larger than {max_bytes // 1_000_000:,} MB"
            raise OSError(errno.EFBIG, reason, str(path))
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(max_bytes)
    finally:
        os.close(handle)


def read_text(path: Path) -> str:
    """The text of a small file that people write, UTF-8, without a byte order mark.

    Raises:
        OSError: See ``read_file``.
        UnicodeDecodeError: If it is not UTF-8.
    """
    return read_file(path, MAX_CONFIG).decode("utf-8-sig")


def require_within(path: Path, folder: Path) -> None:
    """Refuses a path that links lead out of a folder.

    Raises:
        OSError: If it is outside, naming where it leads.
    """
    target, home = os.path.realpath(path), os.path.realpath(folder)
    if os.path.commonpath([target, home]) != home:
        reason = "a link that leads out of the library"
        raise OSError(errno.ELOOP, reason, str(path))
