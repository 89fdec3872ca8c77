"""One writer at a time: a lock of the operating system on a library folder.

The kernel drops it with the process that holds it, so a lock file left behind means nothing.
"""

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from tui.errors import LibraryError, LibraryLockedError
from tui.storage.files import list_folder, make_folder


def take(folder: Path, wait: float) -> FileLock:
    """The lock of a folder, which is made if need be.

    Args:
        folder: The library folder.
        wait: Seconds to wait for whoever holds it.

    Raises:
        LibraryLockedError: If another instance holds it, naming its process.
        LibraryError: If the folder cannot be written at all.
    """
    path = folder / "lock"
    holder = folder / "lock.holder"
    try:
        make_folder(folder)
        lock = FileLock(path, mode=0o600)
        lock.acquire(timeout=wait, poll_interval=0.05)
    except Timeout as error:
        raise LibraryLockedError(
            f"another papers-tui{_process(holder)} is using the library in {folder}",
            "close it, or try again later",
        ) from error
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LibraryError(
            f"the library cannot be written: {reason} ({folder})",
            "check the folder, or choose another: --library DIR",
        ) from error
    with suppress(OSError):
        holder.write_text(f"{os.getpid()}\n", "utf-8")
        holder.chmod(0o600)
    _sweep(folder)
    return lock


def _sweep(folder: Path) -> None:
    """Removes what a killed writer left half written; only the holder of the lock writes here."""
    for part in (folder, folder / "backups"):
        with suppress(OSError):
            for left in list_folder(part, ".tmp"):
                if left.name.startswith(".") and ".json" in left.name:
                    left.unlink()


def _process(holder: Path) -> str:
    try:
        pid = holder.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return f" (process {pid})" if pid.isdigit() else ""
