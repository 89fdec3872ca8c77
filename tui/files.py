"""How bytes come from the disk and reach it: regular files only, and never half a file.

It knows nothing of what is in them.
"""

import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tui.errors import InputError, LibraryError


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
                raise InputError(f"{path}: this is a folder", f"name the pages in it: {path}/*.txt")
            if not stat.S_ISREG(info.st_mode):
                raise InputError(
                    f"{path}: this is not a regular file", "to read from a pipe, use - for the file"
                )
            if info.st_size > max_bytes:
                raise _too_large(path, info.st_size, max_bytes)
            with os.fdopen(handle, "rb", closefd=False) as file:
                return file.read()
        finally:
            os.close(handle)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file", "check the name, or quote it") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be read: {reason}", "check its permissions") from error


def _too_large(name: str, size: int, max_bytes: int) -> InputError:
    return InputError(
        f"{name}: {size / 1e6:.0f} MB is more than the {max_bytes / 1e6:.0f} MB a page may have",
        "if it is one, allow it: --max-size 200",
    )


def write_atomically(path: Path, data: bytes) -> None:
    """Replaces a file as a whole, or leaves it untouched; a symbolic link is followed and kept.

    Temporary file in the same folder, fsync, rename, fsync of the folder. A new file is readable
    by its owner only, an old one keeps its mode.

    Raises:
        LibraryError: If any step fails. No temporary file is left behind.
    """
    temporary: str | None = None
    try:
        target = path.resolve()
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o600
        handle, temporary = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=".tmp", dir=target.parent
        )
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(temporary).replace(target)
        temporary = None
        # The file is in its place; that some file systems cannot make the rename itself durable
        # is no reason to say that it is not.
        with suppress(OSError):
            sync_folder(target.parent)
    except (OSError, RuntimeError) as error:  # RuntimeError: a symbolic link that goes in a circle
        reason = getattr(error, "strerror", None) or str(error)
        raise LibraryError(
            f"{path}: cannot be written: {reason}", "what was there is untouched"
        ) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()


def sync_folder(folder: Path) -> None:
    """Makes a rename or a new file in a folder durable; Windows has no such call."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
