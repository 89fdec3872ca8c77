"""Backups of a library's files: written, verified, and rotated."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tui.errors import LibraryError, with_path
from tui.files import list_folder, make_folder, read_file, write_atomically
from tui.patterns import regex
from tui.storage.json_file import AtomicJSONStorage, checksum
from tui.storage.migrations import MIGRATIONS, Tables
from tui.values import dataclass

NEWEST: Final = 5
"""The newest backups of a file that are always kept."""
DAYS: Final = 14
"""Days for which the last backup of each day is kept."""
PAUSE: Final = timedelta(hours=1)
"""The least time between two backups."""

_NAME: Final = regex(r"(\w+)-(\d{8}T\d{6}Z)-([0-9a-f]{8})(-schema\d+)?\.json")
_STAMP: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup of one file."""

    path: Path
    file: str
    """The name of the original file."""
    at: datetime
    sum: str
    """A prefix of the file's checksum."""
    for_ever: bool
    """Whether it was made before a migration, and is never deleted."""
    size: int
    """Bytes."""

    def read(self) -> Tables:
        """All tables but ``meta``; see ``AtomicJSONStorage.read``.

        Raises:
            LibraryError: If it is damaged.
        """
        return AtomicJSONStorage(self.path, MIGRATIONS[self.file]).read() or {}


class Backups:
    """The backups of one library."""

    def __init__(self, folder: Path) -> None:
        """Takes the folder of the backups, which need not exist."""
        self.folder = folder

    def all(self) -> list[Backup]:
        """All backups, newest first. Cost: a ``stat`` of each.

        Raises:
            LibraryError: If the folder cannot be read.
        """
        backups = []
        try:
            paths = list_folder(self.folder, ".json")
        except OSError as error:
            raise LibraryError(
                with_path(self.folder, f"cannot be read: {error.strerror}")
            ) from error
        for path in paths:
            match = _NAME.fullmatch(path.name)
            if match is None or f"{match[1]}.json" not in MIGRATIONS:
                continue
            with suppress(ValueError, OSError):  # an invalid date; deleted meanwhile
                at = datetime.strptime(match[2], _STAMP).replace(tzinfo=UTC)
                size = path.stat().st_size
                file = f"{match[1]}.json"
                backups.append(Backup(path, file, at, match[3], bool(match[4]), size))
        return sorted(backups, key=lambda backup: (backup.at, backup.path.name), reverse=True)

    def of(self, file: str) -> list[Backup]:
        """The backups of one file, newest first."""
        return [backup for backup in self.all() if backup.file == file]

    def keep(
        self, path: Path, now: datetime, *, schema: int | None = None, at_once: bool = False
    ) -> None:
        """Backs up a file if it changed since its last backup, and deletes old backups.

        Args:
            path: An undamaged file.
            schema: The schema that a migration is about to change: the backup is then made at
                once and never deleted.
            at_once: Whether to make it even if the last one is recent.

        Raises:
            LibraryError: If the backup cannot be written, or is damaged.
        """
        try:
            data = read_file(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise LibraryError(with_path(path, f"cannot be read: {error.strerror}")) from error
        of_file = self.of(path.name)
        sum = checksum(data)[:8]
        now = now.astimezone(UTC).replace(microsecond=0)
        if schema is None and of_file:
            last = of_file[0]
            if last.sum == sum or (timedelta() <= now - last.at < PAUSE and not at_once):
                return
        label = f"-schema{schema}" if schema is not None else ""
        name = f"{path.stem}-{now.strftime(_STAMP)}-{sum}{label}.json"
        backup = Backup(self.folder / name, path.name, now, sum, bool(label), len(data))
        try:
            make_folder(self.folder)
        except OSError as error:
            reason = f"no backup can be made: {error.strerror}"
            raise LibraryError(with_path(self.folder, reason), "Nothing was changed.") from error
        write_atomically(backup.path, data, within=self.folder.parent)
        try:
            backup.read()
        except LibraryError:
            with suppress(OSError):
                backup.path.unlink()
            raise
        for old in surplus([backup, *of_file], now):
            with suppress(OSError):
                old.path.unlink()


def surplus(backups: Iterable[Backup], now: datetime) -> list[Backup]:
    """The backups of one file that can be deleted.

    Kept are those made before a migration, the newest, the last of each of the last days, and the
    largest if the newest has less than half its size.
    """
    newest_first = sorted(backups, key=lambda backup: backup.at, reverse=True)
    keep = {backup.path for backup in newest_first if backup.for_ever}
    temporary = [backup for backup in newest_first if not backup.for_ever]
    keep |= {backup.path for backup in temporary[:NEWEST]}
    days: set[object] = set()
    for backup in temporary:
        if backup.at > now - timedelta(days=DAYS) and backup.at.date() not in days:
            days.add(backup.at.date())
            keep.add(backup.path)
    largest = max(temporary, key=lambda backup: backup.size, default=None)
    if largest and temporary[0].size < largest.size / 2:
        keep.add(largest.path)
    return [backup for backup in newest_first if backup.path not in keep]
