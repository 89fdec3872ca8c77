"""Copies of a library's files as they were, kept beside them: made, verified, and rotated.

It knows which files there are and when a copy may go, and nothing of what they hold.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tui.errors import LibraryError, with_path
from tui.storage.files import list_folder, make_folder, write_atomically
from tui.storage.json_file import AtomicJSONStorage, checksum
from tui.storage.migrations import MIGRATIONS

NEWEST: Final = 5
"""So many copies of a file are kept, whenever they were made."""
DAYS: Final = 14
"""For so many days, the last copy of each day is kept."""
PAUSE: Final = timedelta(hours=1)
"""Between two copies, so that five of them are more than one busy minute."""

_NAME: Final = re.compile(r"(\w+)-(\d{8}T\d{6}Z)-([0-9a-f]{8})(-schema\d+)?\.json")
_STAMP: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy of one file."""

    path: Path
    file: str
    """Name of the file it is a copy of."""
    at: datetime
    sum: str
    """The beginning of the file's checksum."""
    for_ever: bool
    """Whether it was made before a migration."""
    size: int
    """Bytes."""

    def read(self) -> dict[str, int]:
        """How many documents each of its tables holds.

        Raises:
            LibraryError: If it is damaged.
        """
        storage = AtomicJSONStorage(self.path, MIGRATIONS[self.file])
        return {name: len(held) for name, held in storage.documents().items()}


class Backups:
    """The copies of one library."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        """Args are the folder of the copies, which need not exist, and the clock."""
        self.folder = folder
        self._now = now

    def all(self) -> list[Backup]:
        """Every copy, newest first. Cost: one look at the folder and at each file in it.

        Raises:
            LibraryError: If the folder cannot be read.
        """
        found = []
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
            with suppress(ValueError, OSError):  # the 32nd of a month; gone meanwhile
                made = datetime.strptime(match[2], _STAMP).replace(tzinfo=UTC)
                size = path.stat().st_size
                file = f"{match[1]}.json"
                found.append(Backup(path, file, made, match[3], bool(match[4]), size))
        return sorted(found, key=lambda backup: (backup.at, backup.path.name), reverse=True)

    def of(self, file: str) -> list[Backup]:
        """The copies of one file, newest first."""
        return [backup for backup in self.all() if backup.file == file]

    def keep(self, path: Path, *, schema: int | None = None) -> None:
        """Copies a file if it is other than its last copy, and lets go of copies of old.

        Args:
            path: A file that was found whole.
            schema: The schema that a migration is about to change: the copy is made at once and
                never let go.

        Raises:
            LibraryError: If the copy cannot be made or is not what it should be.
        """
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise LibraryError(with_path(path, f"cannot be read: {error.strerror}")) from error
        of_file = self.of(path.name)
        sum = checksum(data)[:8]
        now = self._now().astimezone(UTC).replace(microsecond=0)
        if schema is None and of_file:
            last = of_file[0]
            if last.sum == sum or timedelta() <= now - last.at < PAUSE:
                return
        label = f"-schema{schema}" if schema is not None else ""
        name = f"{path.stem}-{now.strftime(_STAMP)}-{sum}{label}.json"
        made = Backup(self.folder / name, path.name, now, sum, bool(label), len(data))
        try:
            make_folder(self.folder)
        except OSError as error:
            reason = f"no backup can be made: {error.strerror}"
            raise LibraryError(with_path(self.folder, reason), "nothing was changed") from error
        write_atomically(made.path, data)
        try:
            made.read()
        except LibraryError:
            with suppress(OSError):
                made.path.unlink()
            raise
        for old in surplus([made, *of_file], now):
            with suppress(OSError):
                old.path.unlink()


def surplus(backups: Iterable[Backup], now: datetime) -> list[Backup]:
    """The copies that may go, of those of one file.

    Kept are those made before a migration, the newest, the last of each of the last days, and the
    largest of all where the newest has shrunk to less than half of it.
    """
    newest_first = sorted(backups, key=lambda backup: backup.at, reverse=True)
    kept = {backup.path for backup in newest_first if backup.for_ever}
    passing = [backup for backup in newest_first if not backup.for_ever]
    kept |= {backup.path for backup in passing[:NEWEST]}
    days: set[object] = set()
    for backup in passing:
        if backup.at > now - timedelta(days=DAYS) and backup.at.date() not in days:
            days.add(backup.at.date())
            kept.add(backup.path)
    largest = max(passing, key=lambda backup: backup.size, default=None)
    if largest and passing[0].size < largest.size / 2:
        kept.add(largest.path)
    return [backup for backup in newest_first if backup.path not in kept]
