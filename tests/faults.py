"""Disks and file systems that fail, for tests of what becomes of a library then."""

import errno
import os
import stat
from typing import Any

import pytest

posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX has modes and kills like this")


def no_space(*args: Any, **options: Any) -> Any:
    """In place of a call that writes: the disk is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def noted_syncs(patch: pytest.MonkeyPatch) -> list[str]:
    """A list that grows by ``file`` or ``folder`` with each that is made durable."""
    synced: list[str] = []
    sync = os.fsync

    def noted(handle: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    patch.setattr(os, "fsync", noted)
    return synced


def fail_to_sync_folders(patch: pytest.MonkeyPatch) -> None:
    """Makes files durable, but not their folders, as some network file systems cannot."""
    sync = os.fsync

    def only_files(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(handle)

    patch.setattr(os, "fsync", only_files)
