"""Where tests write: thousands of folders that nobody reads again."""

import os
import shutil
from contextlib import suppress
from typing import Final

MEMORY: Final = "/dev/shm"
ROOM: Final = 4_000_000_000
"""Bytes: more than all suites of torture need at once, and far more than other tests."""


def folder_in_memory() -> str | None:
    """A folder in memory, if there is one with room that runs programs; no test cuts real power.

    Waiting for a disk takes up to half of the time.
    """
    with suppress(OSError):
        runs_programs = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
        has_room = shutil.disk_usage(MEMORY).free > ROOM
        if runs_programs and has_room and os.access(MEMORY, os.W_OK):
            return MEMORY
    return None
