"""One writer at a time: an operating system lock on a library folder.

The kernel releases it with its process, so a leftover lock file means nothing.
"""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from tui.errors import LibraryError, LibraryLockedError
from tui.files import (
    list_folder,
    make_folder,
    open_regular,
    read_text,
    require_within,
    write_atomically,
)

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_RETRY_SECONDS: Final = 0.05


class Lock:
    """A locked file, until it is released or the process ends."""

    def __init__(self, path: Path, wait: float) -> None:
        """Locks a file, which is created if missing.

        Args:
            wait: Seconds to wait for another process.

        Raises:
            TimeoutError: If it is still locked then.
            OSError: If it cannot be locked.
        """
        self._handle = open_regular(path, os.O_RDWR | os.O_CREAT)
        try:
            deadline = time.monotonic() + wait
            while not _try_lock(self._handle):
                if time.monotonic() >= deadline:
                    raise TimeoutError
                time.sleep(_RETRY_SECONDS)
        except OSError:
            os.close(self._handle)
            raise

    def release(self) -> None:
        """Releases the lock."""
        with suppress(OSError):  # it is closed anyway
            os.close(self._handle)


def _try_lock(handle: int) -> bool:
    """Locks an open file, unless another process has; whether it worked."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the latter on Windows
        return False
    return True


class WriteAccess:
    """Write access to a library folder, which needs the folder's lock."""

    def __init__(self, folder: Path, reason: str) -> None:
        """Starts without access, for a reason."""
        self.reason: str | None = reason
        """Why there is no access; ``None`` if there is."""
        self._folder = folder
        self._lock: Lock | None = None

    def acquire(self, wait: float) -> None:
        """Acquires the lock; see ``take``."""
        self._lock = take(self._folder, wait)
        self.reason = None

    def release(self, reason: str) -> None:
        """Releases the lock, and sets the reason."""
        self.reason = reason
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def require(self) -> None:
        """Raises a ``LibraryError`` with the reason if there is no access."""
        if self.reason is not None:
            raise LibraryError(f"Read only: {self.reason}")


def take(folder: Path, wait: float) -> Lock:
    """Acquires the lock of a folder, which is created if missing.

    Args:
        wait: Seconds to wait for another instance.

    Raises:
        LibraryLockedError: If another instance has it, naming its process.
        LibraryError: If the folder cannot be written.
    """
    path = folder / "lock"
    holder = folder / "lock.holder"
    try:
        make_folder(folder)
        require_within(path, folder)
        lock = Lock(path, wait)
    except TimeoutError as error:
        process, is_suspended = _process(holder)
        locked = LibraryLockedError(
            f"Another papers-tui{process} uses this library", "Close it, or try again later."
        )
        locked.is_suspended = is_suspended
        raise locked from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise LibraryError(
            f"The library cannot be written: {reason} ({folder})",
            "Check the folder, or choose another: --library DIR.",
        ) from error
    with suppress(LibraryError):
        write_atomically(holder, f"{os.getpid()}\n".encode(), within=folder, durable=False)
    _sweep(folder)
    return lock


def _sweep(folder: Path) -> None:
    """Removes temporary files of killed instances; only the holder of the lock writes any."""
    for part in (folder, folder / "backups"):
        with suppress(OSError):
            for path in list_folder(part, ".tmp"):
                if path.name.startswith(".") and ".json" in path.name:
                    path.unlink()


def _process(holder: Path) -> tuple[str, bool]:
    """An addition to the name of the instance with the lock, and whether it is suspended."""
    try:
        pid = read_text(holder).strip()
    except (OSError, UnicodeDecodeError):
        return "", False
    if not pid.isdigit():
        return "", False
    state = ""
    with suppress(OSError, UnicodeDecodeError):  # proc(5): the name, in brackets, then a letter
        state = read_text(Path("/proc", pid, "stat")).rpartition(") ")[2][:1]
    is_suspended = state == "T"
    return f" (process {pid}{', suspended; fg resumes it' if is_suspended else ''})", is_suspended
