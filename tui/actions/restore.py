"""The verb of a damaged library: what can be had of it, and how it is put back.

It works on the files themselves, as a library that is damaged does not open.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tui.errors import LibraryError, PapersError, with_path
from tui.library import PAPERS_FILE, TRIAGE_FILE
from tui.model.text import plural
from tui.storage.backups import Backup, Backups
from tui.storage.files import write_atomically
from tui.storage.journal import Journal
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.migrations import MIGRATIONS
from tui.storage.state import State

JOURNAL: Final = "journal"
"""The name of the decisions as the journal has them."""
NONE: Final = "there is none"
"""What is told of a file that is not there."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something that a file of the library is, or can be made from."""

    name: str
    """As ``restore`` takes it; empty for the file as it stands."""
    file: str
    """The file it is, or is for."""
    at: str
    """When it was made, ISO 8601 in UTC; empty where that is not known."""
    holds: str
    """What is in it, or why nothing can be had of it."""
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what became of the file in its place."""

    source: Source
    kept: Path | None
    """Where the file as it was is kept; ``None`` if there was none."""


def sources(folder: Path, machine: str) -> list[Source]:
    """What there is of each file: as it stands, from the journal, from backups, newest first.

    Cost: reads all of it.
    """
    backups = Backups(folder / "backups", lambda: datetime.now(UTC))
    found = []
    for file in (PAPERS_FILE, TRIAGE_FILE):
        found.append(_present(folder / file))
        if file == TRIAGE_FILE:
            found.append(_from_journal(folder, machine))
        found += [_from_backup(backup) for backup in backups.of(file)]
    return found


def _present(path: Path) -> Source:
    try:
        tables = AtomicJSONStorage(path, MIGRATIONS[path.name]).read()
        made = datetime.fromtimestamp(path.stat().st_mtime, UTC) if tables is not None else None
    except LibraryError as error:
        return Source("", path.name, "", error.message.split(" (/", 1)[0], False)
    except OSError as error:
        return Source("", path.name, "", f"cannot be read: {error.strerror}", False)
    if tables is None or made is None:
        return Source("", path.name, "", NONE, False)
    counts = {name: len(documents) for name, documents in tables.items()}
    return Source("", path.name, _stamp(made), _told(counts, path.name), True)


def _from_backup(backup: Backup) -> Source:
    name = backup.path.stem
    try:
        told = _told(backup.read(), backup.file)
    except LibraryError as error:
        reason = error.message.split(" (/", 1)[0].partition(": ")[2]
        return Source(name, backup.file, _stamp(backup.at), reason, False)
    return Source(name, backup.file, _stamp(backup.at), told, True)


def _from_journal(folder: Path, machine: str) -> Source:
    journal = Journal(folder / "journal", machine)
    try:
        changes = journal.read()
    except LibraryError as error:
        return Source(JOURNAL, TRIAGE_FILE, "", error.message, False)
    told = plural(len(changes), "change")
    if journal.damaged:
        told += f", and {plural(len(journal.damaged), 'damaged line')}"
    last = max((change.at for change in changes), default="")
    return Source(JOURNAL, TRIAGE_FILE, last, told, bool(changes))


def _told(counts: dict[str, int], file: str) -> str:
    noun = ("papers", "paper") if file == PAPERS_FILE else ("decisions", "decided paper")
    told = plural(counts.get(noun[0], 0), noun[1])
    return f"{told}, {plural(counts.get('lists', 0), 'list')}" if file == TRIAGE_FILE else told


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def restore(
    folder: Path, machine: str, name: str, *, wait: float = 5.0, now: Callable[[], datetime]
) -> Restored:
    """Puts a file back from one of its sources; the file as it was is kept beside it.

    What the journal has on top of an older copy of the decisions comes back with the next opening.

    Args:
        folder: The library folder.
        machine: This machine's name in the journal.
        name: A source, or any unique beginning of its name.
        wait: Seconds to wait for another writer.
        now: The clock.

    Raises:
        LibraryLockedError: If another instance is writing.
        PapersError: If there is no such source, it is damaged itself, or nothing can be written.
    """
    from tui.storage import lock

    taken = lock.take(folder, wait)
    try:
        source = _find(sources(folder, machine), name)
        path = folder / source.file
        kept = _set_aside(path, now())
        if source.name == JOURNAL:
            _write_from_journal(path, Journal(folder / "journal", machine))
        else:
            write_atomically(path, (folder / "backups" / f"{source.name}.json").read_bytes())
    except OSError as error:
        raise LibraryError(with_path(folder, f"cannot be restored: {error.strerror}")) from error
    finally:
        taken.release()
    return Restored(source, kept)


def _find(known: list[Source], name: str) -> Source:
    found = [source for source in known if source.name and source.name == name]
    found = found or [source for source in known if name and source.name.startswith(name)]
    if len(found) != 1:
        told = f"{len(found)} sources begin with" if found else "there is nothing called"
        raise PapersError(f"{told} “{name[:60]}”", "papers-tui restore lists what can be had")
    if not found[0].is_whole:
        raise PapersError(f"{found[0].name} cannot be used: {found[0].holds}", "choose another")
    return found[0]


def _set_aside(path: Path, moment: datetime) -> Path | None:
    """Copies a file as it is, whatever it is, under a name that says when and what it holds."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    digest = hashlib.sha256(data).hexdigest()[:8]
    kept = path.with_name(f"{path.name}.damaged-{moment:%Y%m%dT%H%M%SZ}-{digest}")
    write_atomically(kept, data)
    return kept


def _write_from_journal(path: Path, journal: Journal) -> None:
    ledger = State()
    for change in journal.read():
        ledger.apply(change)
    AtomicJSONStorage(path, MIGRATIONS[path.name]).write(ledger.tables())
