"""Odd entries in the place of a library's folders and its lock, which should not be there.

A library may come from elsewhere. Such things are not used, and nothing else names them.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Final

from tui.errors import with_path
from tui.files import require_within

_FILES: Final = ("lock", "lock.holder")
_FOLDERS: Final = ("imports", "journal", "backups", "queue")


def odd_entries(folder: Path) -> Iterator[str]:
    """Problems of the folders of a library, its lock, and those in its journal.

    Returns:
        A sentence for each. What is missing is not wrong.
    """
    folders = [folder / name for name in _FOLDERS]
    with suppress(OSError):
        folders += sorted(path for path in (folder / "journal").iterdir() if "." not in path.name)
    kinds: list[tuple[list[Path], Callable[[int], bool], str]] = [
        (folders, S_ISDIR, "not a folder"),
        ([folder / name for name in _FILES], S_ISREG, "not a regular file"),
    ]
    for paths, is_right, problem in kinds:
        for path in paths:
            try:
                require_within(path, folder)
                if not is_right(path.stat().st_mode):
                    yield with_path(path, problem)
                elif path.is_symlink() and path.parent != folder:
                    yield with_path(path, "a link, which is not followed")
            except FileNotFoundError:
                if path.is_symlink():
                    yield with_path(path, "a link to nothing")
            except OSError as error:
                yield with_path(path, f"cannot be used: {error.strerror}")
