"""Restores a damaged library from backups or from its journal.

It works on the files directly, as a damaged library does not open.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tui.errors import LibraryError, PapersError, with_path
from tui.files import read_file, write_atomically
from tui.model.layout import plural
from tui.storage import lock
from tui.storage.backups import Backup, Backups
from tui.storage.journal import Journal
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.migrations import MIGRATIONS, PAPERS_FILE, TRIAGE_FILE, Tables
from tui.storage.snapshot import RESTORED
from tui.storage.state_log import StateLog
from tui.values import dataclass

JOURNAL: Final = "journal"
"""The name of the journal as a source."""
NONE: Final = "missing"
"""The value of ``holds`` for a missing file."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the library, or what it can be restored from."""

    name: str
    """The name for ``restore``; empty for the present file."""
    file: str
    """The file that it is or restores."""
    at: str
    """When it was written, ISO 8601 in UTC; empty if unknown."""
    holds: str
    """Its contents, or why it cannot be used."""
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """The result of a restore."""

    source: Source
    kept: Path | None
    """The copy of the replaced file; ``None`` if it was missing."""


def sources(folder: Path, machine: str | None) -> list[Source]:
    """The sources of each file: the present file, the journal, the backups, newest first.

    Args:
        machine: This machine's name in the journal; ``None`` to leave the journal out.

    Cost: reads all of them.
    """
    backups = Backups(folder / "backups")
    sources = []
    for file in (PAPERS_FILE, TRIAGE_FILE):
        sources.append(_present(folder / file))
        if file == TRIAGE_FILE and machine:
            sources.append(_from_journal(folder, machine))
        try:
            sources += [_from_backup(backup) for backup in backups.of(file)]
        except LibraryError as error:
            sources.append(Source("backups", file, "", error.message, False))
    return sources


def _present(path: Path) -> Source:
    try:
        tables = AtomicJSONStorage(path, MIGRATIONS[path.name]).read()
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC) if tables is not None else None
    except LibraryError as error:
        return Source("", path.name, "", f"{path.name}: {error.reason}", False)
    except OSError as error:
        return Source("", path.name, "", f"cannot be read: {error.strerror}", False)
    if tables is None or changed is None:
        return Source("", path.name, "", NONE, False)
    return Source("", path.name, _stamp(changed), _contents(tables, path.name), True)


def _from_backup(backup: Backup) -> Source:
    name = backup.path.stem
    try:
        holds = _contents(backup.read(), backup.file)
    except LibraryError as error:
        return Source(name, backup.file, _stamp(backup.at), error.reason, False)
    return Source(name, backup.file, _stamp(backup.at), holds, True)


def _from_journal(folder: Path, machine: str) -> Source:
    journal = Journal(folder / "journal", machine)
    try:
        changes = journal.read()
    except LibraryError as error:
        return Source(JOURNAL, TRIAGE_FILE, "", error.message, False)
    holds = plural(len(changes), "change")
    if journal.damaged:
        holds += f", and {plural(len(journal.damaged), 'damaged line')}"
    last = max((change.at for change in changes), default="")
    return Source(JOURNAL, TRIAGE_FILE, last, holds, bool(changes))


def _contents(tables: Tables, file: str) -> str:
    """The contents of a file: ``268 papers``, ``19 decided papers, 2 lists``."""
    if file == PAPERS_FILE:
        return plural(len(tables.get("papers", ())), "paper")
    # A paper that is unread, or marked unread again, has no status.
    decided = sum("status" in fields for fields in tables.get("decisions", {}).values())
    lists = plural(len(tables.get("lists", ())), "list")
    return f"{plural(decided, 'decided paper')}, {lists}"


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def restore(
    folder: Path, machine: str, name: str, *, wait: float = 5.0, now: Callable[[], datetime]
) -> Restored:
    """Restores a file from one of its sources; keeps a copy of the present file.

    Changes that are in the journal but not in the backup are applied when the library is opened.

    Args:
        folder: The library folder.
        name: A source, or a unique prefix of its name.
        wait: Seconds to wait for the lock.

    Raises:
        LibraryLockedError: If another instance is writing.
        PapersError: If there is no such source, it is damaged, or a file cannot be written.
    """
    folder_lock = lock.take(folder, wait)
    try:
        source = _find(sources(folder, machine), name)
        path = folder / source.file
        copy = _set_aside(path, now())
        if source.name == JOURNAL:
            _write_from_journal(path, Journal(folder / "journal", machine))
        else:
            _write_from_backup(path, folder / "backups" / f"{source.name}.json")
    except OSError as error:
        raise LibraryError(with_path(folder, f"cannot be restored: {error.strerror}")) from error
    finally:
        folder_lock.release()
    return Restored(source, copy)


def _find(sources: list[Source], name: str) -> Source:
    matches = [source for source in sources if name and source.name == name]
    matches = matches or [source for source in sources if name and source.name.startswith(name)]
    if len(matches) != 1:
        problem = f"{len(matches)} backups begin with" if matches else "No backup"
        raise PapersError(f"{problem} “{name[:60]}”", "papers-tui restore lists them.")
    source = matches[0]
    if not source.is_whole:
        raise PapersError(f"{source.name} cannot be used: {source.holds}", "Choose another.")
    return source


def _set_aside(path: Path, moment: datetime) -> Path | None:
    """Copies a file under a name with the time and a checksum; ``None`` if it is missing."""
    try:
        data = read_file(path)
    except FileNotFoundError:
        return None
    digest = hashlib.sha256(data).hexdigest()[:8]
    copy = path.with_name(f"{path.name}.damaged-{moment:%Y%m%dT%H%M%SZ}-{digest}")
    write_atomically(copy, data, within=path.parent)
    return copy


def _write_from_backup(path: Path, backup: Path) -> None:
    if path.name != TRIAGE_FILE:
        write_atomically(path, read_file(backup), within=path.parent)
        return
    tables = AtomicJSONStorage(backup, MIGRATIONS[TRIAGE_FILE]).read() or {}
    # What the journals lack of it counts, as the user asked for it.
    restored = tables | {RESTORED: {"1": {}}}
    AtomicJSONStorage(path, MIGRATIONS[TRIAGE_FILE], path.parent).write(restored)


def _write_from_journal(path: Path, journal: Journal) -> None:
    file = AtomicJSONStorage(path, MIGRATIONS[path.name], within=path.parent)
    log = StateLog(journal, file, timestamp=str)
    log.replay()
    log.checkpoint()
