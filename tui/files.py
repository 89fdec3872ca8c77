"""Files: regular ones only, never out of a folder that came from elsewhere, and written atomically.

A library may be anyone's: cloned, unpacked or synced. What looks like one of its files may be a
link to a file of the user, a pipe that never ends, or a device. So no module opens a file in any
other way than through these functions; a test sees to it.
"""

import errno
import os
import stat
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from tui.errors import InputError, LibraryError, with_path

MAX_BYTES: Final = 2_000_000_000
"""The largest file that is read as a whole: far beyond any library, and still an end."""
MAX_CONFIG: Final = 1_000_000
"""The same for files that people write."""
Inputs = Mapping[str, bytes | InputError]
"""Files by the names that the user gave: their bytes, or why they cannot be read."""


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


def read_input(
    path: str, max_bytes: int, inputs: Inputs | None = None, *, too_large: str = ""
) -> bytes:
    """The bytes of a file given by the user; ``-`` is standard input.

    Refuses anything but a regular file, so it never waits for a pipe or a device.

    Args:
        inputs: The files that there are; ``None`` for those on disk.
        too_large: What to do if it is too large.

    Raises:
        InputError: If it is missing, not a regular file, too large, or unreadable.
    """
    if inputs is not None:
        value = inputs.get(path, InputError(f"No such file: {path}"))
        if isinstance(value, InputError):
            raise InputError(value.message, value.hint)
        return value
    if path == "-":
        data = bytearray()
        while chunk := sys.stdin.buffer.read(1_000_000):
            data += chunk
            if len(data) > max_bytes:
                raise InputError(_larger("standard input", max_bytes), too_large)
        return bytes(data)
    try:
        return read_file(Path(path), max_bytes)
    except IsADirectoryError as error:
        raise InputError(
            f"Not a file but a folder: {path}", f"Name the files in it: {path}/*"
        ) from error
    except FileNotFoundError as error:
        raise InputError(f"No such file: {path}", "Check the name, or quote it.") from error
    except (OSError, ValueError) as error:
        match getattr(error, "errno", None):
            case errno.EINVAL:
                raise InputError(
                    f"Not a regular file: {path}", "To read from a pipe, use - for the file."
                ) from error
            case errno.EFBIG:
                size = f" ({Path(path).stat().st_size / 1e6:.0f} MB)"
                raise InputError(_larger(path, max_bytes, size), too_large) from error
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"Cannot read {path}: {reason}", "Check its permissions.") from error


def _larger(name: str, max_bytes: int, size: str = "") -> str:
    return f"Larger than {max_bytes / 1e6:.0f} MB{size}: {name}"


def write_atomically(
    path: Path,
    data: bytes,
    *,
    private: bool = True,
    within: Path | None = None,
    durable: bool = True,
) -> None:
    """Replaces a file atomically; follows and keeps a symbolic link.

    Temporary file in the same folder, fsync, rename, fsync of the folder. An existing file keeps
    its mode.

    Args:
        private: Whether only the owner can read a new file, whatever the umask.
        within: The folder out of which no link may lead; ``None`` if any may.
        durable: Whether to wait for the disk.

    Raises:
        LibraryError: If any step fails. No temporary file is left behind.
    """
    temporary: Path | None = None
    try:
        if within is not None:
            require_within(path, within)
        target = path.resolve()
        mode = _mode_of(target)
        new = target.with_name(f".{target.name[:50]}.{os.urandom(6).hex()}.tmp")
        handle = os.open(new, _NEW_FLAGS, 0o600 if private or mode is not None else 0o666)
        temporary = new
        try:
            write_all(handle, data)
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(handle, mode)
            if durable:
                os.fsync(handle)
        finally:
            os.close(handle)
        temporary.replace(target)
        temporary = None
        # The file is written; some file systems cannot make the rename durable.
        with suppress(OSError):
            if durable:
                sync_folder(target.parent)
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of symbolic links
        reason = getattr(error, "strerror", None) or str(error)
        raise LibraryError(
            with_path(path, f"cannot be written: {reason}"), "The file is unchanged."
        ) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


_NEW_FLAGS: Final = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)


def write_all(handle: int, data: bytes) -> None:
    """Writes all bytes, despite partial writes."""
    written = 0
    while written < len(data):
        written += os.write(handle, data[written:])


def make_folder(folder: Path) -> None:
    """Creates a folder and its missing parents, private and durable.

    Raises:
        OSError: If one cannot be created.
    """
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(mode=0o700, exist_ok=True)
        with suppress(OSError):  # some file systems cannot
            sync_folder(new.parent)


def list_folder(folder: Path, suffix: str) -> list[Path]:
    """The files of a folder with a suffix, sorted by name; empty if the folder is missing.

    Raises:
        OSError: If it cannot be read; ``Path.glob`` would return nothing then.
    """
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(suffix))
    except FileNotFoundError:
        return []


def sync_folder(folder: Path) -> None:
    """Makes a rename or a new file in a folder durable; does nothing on Windows."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mode_of(target: Path) -> int | None:
    """The permissions of a file; ``None`` if there is none yet.

    Raises:
        OSError: If it cannot be looked at, such as a circular link, which Python 3.13 resolves.
    """
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return None
