"""How bytes come from the disk and reach it: regular files only, and never half a file.

It knows nothing of what is in them.
"""

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from tui.errors import InputError, LibraryError, with_path


def read_input(path: str, max_bytes: int) -> bytes:
    """The bytes of a file a user named; ``-`` is standard input.

    Never waits for a pipe and never follows a device: what is not a regular file is refused.

    Raises:
        InputError: If it is missing, not a regular file, too large, or unreadable.
    """
    if path == "-":
        data = bytearray()
        while chunk := sys.stdin.buffer.read(1_000_000):
            data += chunk
            if len(data) > max_bytes:
                raise _too_large("standard input", len(data), max_bytes)
        return bytes(data)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
        try:
            info = os.fstat(handle)
            if stat.S_ISDIR(info.st_mode):
                raise InputError(f"this is a folder: {path}", f"name the pages in it: {path}/*.txt")
            if not stat.S_ISREG(info.st_mode):
                raise InputError(
                    f"this is not a regular file: {path}", "to read from a pipe, use - for the file"
                )
            if info.st_size > max_bytes:
                raise _too_large(path, info.st_size, max_bytes)
            with os.fdopen(handle, "rb", closefd=False) as file:
                return file.read()
        finally:
            os.close(handle)
    except FileNotFoundError as error:
        raise InputError(f"no such file: {path}", "check the name, or quote it") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {reason}: {path}", "check its permissions") from error


def _too_large(name: str, size: int, max_bytes: int) -> InputError:
    return InputError(
        f"{size / 1e6:.0f} MB is more than the {max_bytes / 1e6:.0f} MB a page may have: {name}",
        "if it is one, allow it: --max-size 200",
    )


def write_atomically(path: Path, data: bytes, *, private: bool = True) -> None:
    """Replaces a file as a whole, or leaves it untouched; a symbolic link is followed and kept.

    Temporary file in the same folder, fsync, rename, fsync of the folder. An old file keeps its
    mode.

    Args:
        path: The file.
        data: All that it is to hold.
        private: Whether a new file is its owner's only, whatever the umask lets others do.

    Raises:
        LibraryError: If any step fails. No temporary file is left behind.
    """
    import secrets  # here, as most commands write nothing

    temporary: Path | None = None
    try:
        target = path.resolve()
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        made = target.with_name(f".{target.name[:50]}.{secrets.token_hex(6)}.tmp")
        handle = os.open(made, _NEW, 0o600 if private or mode is not None else 0o666)
        temporary = made
        try:
            write_all(handle, data)
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(handle, mode)
            os.fsync(handle)
        finally:
            os.close(handle)
        temporary.replace(target)
        temporary = None
        # The file is in its place; that some file systems cannot make the rename itself durable
        # is no reason to say that it is not.
        with suppress(OSError):
            sync_folder(target.parent)
    except (OSError, RuntimeError) as error:  # RuntimeError: a symbolic link that goes in a circle
        reason = getattr(error, "strerror", None) or str(error)
        raise LibraryError(
            with_path(path, f"cannot be written: {reason}"), "what was there is untouched"
        ) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


_NEW: Final = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)


def write_all(handle: int, data: bytes) -> None:
    """Writes all of it, however little the system takes at a time."""
    written = 0
    while written < len(data):
        written += os.write(handle, data[written:])


def make_folder(folder: Path) -> None:
    """Makes a folder and those above it that are missing, its owner's only, and durable.

    Raises:
        OSError: If one cannot be made.
    """
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
        with suppress(OSError):  # some file systems cannot
            sync_folder(each.parent)


def list_folder(folder: Path, suffix: str) -> list[Path]:
    """The files of a folder whose names end so, in the order of their names; none if it is none.

    Raises:
        OSError: If it cannot be read. ``Path.glob`` takes a folder that may not be read for empty.
    """
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(suffix))
    except FileNotFoundError:
        return []


def sync_folder(folder: Path) -> None:
    """Makes a rename or a new file in a folder durable; Windows has no such call."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
