"""The library: all papers and their states.

Reads once, answers from memory, and makes a change durable before it is visible.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Any

from tui import config
from tui.errors import LibraryError, LibraryLockedError, PapersError, with_path
from tui.model.paper import Paper, SourceRecord
from tui.model.state import Change, Counts, FieldUpdate, Item, Status
from tui.query import And, Field, FlagTerm, Query
from tui.search import Index, ResultSet
from tui.search.cache import Catalog, open_catalog
from tui.storage.backups import Backups
from tui.storage.journal import Journal
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.lock import WriteAccess
from tui.storage.migrations import MIGRATIONS, PAPERS_FILE, TRIAGE_FILE
from tui.storage.paper_file import ImportReport, PaperFile, Papers
from tui.storage.place import PlaceFile
from tui.storage.state_log import StateLog


@dataclass(frozen=True, slots=True)
class Updates:
    """What others changed in a library; false if nothing."""

    changes: tuple[Change, ...] = ()
    """Changes by other machines and instances, in order."""
    papers: frozenset[str] = frozenset()
    """Keys of the papers that are new or have other facts."""

    @property
    def keys(self) -> frozenset[str]:
        """Keys of all papers affected."""
        return self.papers.union(*(change.keys for change in self.changes))

    def __bool__(self) -> bool:
        return bool(self.changes or self.papers)


class Library:
    """An open library folder. Use as a context manager, or call ``close``."""

    def __init__(
        self,
        folder: Path,
        machine: str,
        *,
        cache: Path | None,
        now: Callable[[], datetime],
    ) -> None:
        """Reads nothing yet; see ``open``."""
        self.folder = folder
        self.machine = machine
        self._papers_json, self._triage_json = (
            AtomicJSONStorage(folder / name, MIGRATIONS[name])
            for name in (PAPERS_FILE, TRIAGE_FILE)
        )
        self.state = StateLog(
            Journal(folder / "journal", machine), self._triage_json, self.timestamp
        )
        """The state of all papers, lists and views; to be changed through ``change``, ``undo`` and
        ``redo`` only, which need the lock."""
        self._now = now
        self._paper_file = PaperFile(self._papers_json, partial(open_catalog, cache))
        self._backups = Backups(folder / "backups")
        self._index: Index | None = None
        self._access = WriteAccess(folder, "the library is open for reading only")
        self.is_open_elsewhere = False
        """Whether it was opened for reading only because another instance was writing."""
        self._has_written = False
        self._is_closed = False
        self._is_dry_run = False

    @classmethod
    def exists(cls, folder: Path) -> bool:
        """Whether a folder has any file of a library."""
        return any(
            (folder / name).exists() or (folder / name).is_symlink()
            for name in (PAPERS_FILE, TRIAGE_FILE, "journal", "backups")
        )

    @classmethod
    def open(
        cls,
        folder: Path,
        machine: str,
        *,
        write: bool = True,
        wait: float = 5.0,
        or_read_only: bool = False,
        cache: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> "Library":
        """Opens a library; for writing, creates it if missing.

        Args:
            folder: The library folder.
            machine: This machine's name in the journal.
            write: Whether to open it for writing; takes the lock.
            wait: Seconds to wait for the lock.
            or_read_only: Whether to fall back to reading; see ``read_only_reason``.
            cache: The folder of the cache; ``None`` for no cache.
            now: The clock.

        Raises:
            LibraryLockedError: If another instance is writing.
            LibraryError: If a file is damaged, unreadable or from a newer version.
        """
        library = cls(folder, machine, cache=cache, now=now)
        try:
            if write:
                try:
                    library._access.acquire(wait)
                except LibraryError as error:
                    if not (or_read_only and cls.exists(folder)):
                        raise
                    library._access.release(error.message)
                    library.is_open_elsewhere = isinstance(error, LibraryLockedError)
            library._load()
            if not library.read_only_reason:
                library._upgrade(or_read_only=or_read_only)
        except PapersError:
            library.close(save=False)
            raise
        return library

    def __enter__(self) -> "Library":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self, *, save: bool = True) -> None:
        """Writes the snapshot and backups if anything changed, and releases the lock.

        Failing to write them is not an error: the journal has every change.
        """
        try:
            if save and not self.read_only_reason:
                with suppress(LibraryError):
                    if self.state.is_dirty:
                        self.checkpoint()
                    if self._has_written:
                        for name in MIGRATIONS:
                            self._backups.keep(self.folder / name, self._now())
        finally:
            self._is_closed = True
            self.state.close()
            self._access.release("the library is closed")

    @property
    def read_only_reason(self) -> str | None:
        """Why nothing can be changed; ``None`` if it can."""
        return self._access.reason

    # Reading

    @property
    def papers(self) -> Papers[Catalog]:
        """The papers by key, in the order in which they were added; read on demand."""
        return self._paper_file.papers

    @property
    def search(self) -> Index:
        """The search index, built at the first query. Any thread may query it."""
        if self._index is None:
            papers, state = self.papers, self.state
            keys = state.keys()
            rows = ((papers.row(key), key) for key in keys)
            self._index = Index(
                papers.catalog.columns,
                partial(self._item, papers),  # of this version of the file
                papers.catalog.words,
                decisions=((row, state.of(key)) for row, key in rows if row is not None),
                gone=papers.catalog.gone,
                today=self.today,
            )
        return self._index

    def __len__(self) -> int:
        return len(self.papers)

    def __contains__(self, key: str) -> bool:
        return key in self.papers

    def item(self, key: str) -> Item:
        """A paper with its state; ``KeyError`` if it does not exist."""
        row = self.papers.row(key)
        if row is None:
            raise KeyError(key)
        return self._item(self.papers, row)

    def _item(self, papers: Papers[Catalog], row: int) -> Item:
        paper = papers.paper(row)
        return Item(paper, self.state.of(paper.key), papers.catalog.added_on(row))

    def items(self) -> list[Item]:
        """All items, in the order in which they were added."""
        return [self.item(key) for key in self.papers]

    def select(self, query: Query) -> ResultSet:
        """The items that match a query, sorted.

        Loads the words; the app, which must not wait, uses ``search`` itself.
        """
        if query.node != And():
            self.search.load_words()
        return self.search.select(query, lambda name: self.state.reading_list(name).keys)

    def counts(self) -> Counts:
        """The numbers of papers by status, star and tag."""
        index = self.search

        def count(value: str) -> int:
            return index.count(Query(node=FlagTerm(Field.IS, value)))

        by_status = {status: count(str(status)) for status in Status}
        by_status[Status.UNREAD] = len(index) - count("decided")
        return Counts(
            total=len(index),
            by_status={status: by_status[status] for status in Status if by_status[status]},
            unread=count("unread"),
            starred=count("starred"),
            tags=index.counts(Field.TAG),
        )

    @property
    def missing_papers(self) -> list[str]:
        """Keys with a state but without a paper in this library; never dropped."""
        return self.state.missing_keys()

    def resolve(self, prefix: str) -> str:
        """The one key with a prefix; see ``Papers.resolve``."""
        return self.papers.resolve(prefix)

    # Changing

    def add(self, records: Iterable[SourceRecord], *, dry_run: bool = False) -> ImportReport:
        """Imports source records, all of them or nothing; no state is touched.

        Args:
            records: Records of any papers.
            dry_run: Whether only to report what it would bring.

        Raises:
            LibraryError: If it cannot be written; memory and disk are unchanged.
        """
        if not dry_run:
            self._access.require()
            self.refresh()  # do not overwrite what was synced meanwhile
        report, changed = self._paper_file.merge(records)
        if changed and not dry_run:
            self._backups.keep(self._papers_json.path, self._now())
            self._write_papers(changed)
        return report

    def seed(self, papers: Iterable[Paper]) -> None:
        """Fills an empty library with merged papers."""
        self._access.require()
        self.refresh()
        if self.papers:
            raise LibraryError(f"The library already has papers ({self.folder})")
        self._write_papers({paper.key: paper for paper in papers})

    def _write_papers(self, changed: Mapping[str, Paper]) -> None:
        self._paper_file.write(changed, self.today().isoformat())
        self._has_written = True
        self._papers_changed()

    def _papers_changed(self) -> None:
        self._index = None
        self.state.set_papers(self.papers)

    def change(self, verb: str, updates: Iterable[FieldUpdate]) -> Change | None:
        """Makes one change: durable first, then in memory.

        Args:
            verb: What is done, for the journal.
            updates: The new values; those already set are dropped.

        Returns:
            The change, or ``None`` if no value differs.

        Raises:
            LibraryError: If it cannot be written; memory is unchanged.
        """
        if self._is_dry_run:
            return self.state.plan(verb, updates)
        self._access.require()
        change = self.state.change(verb, updates)
        return change and self._indexed(change)

    @contextmanager
    def dry_run(self) -> Iterator[None]:
        """Within it, ``change`` only returns the change that it would make."""
        self._is_dry_run = True
        try:
            yield
        finally:
            self._is_dry_run = False

    def undo(self, change: Change | None = None) -> Change:
        """Undoes the last change that is not undone yet, or a given one.

        Raises:
            PapersError: If there is none, or all its values have changed since.
        """
        self._access.require()
        return self._indexed(self.state.undo(change))

    def redo(self) -> Change:
        """Redoes the last undone change.

        Raises:
            PapersError: If there is none, or all its values have changed since.
        """
        self._access.require()
        return self._indexed(self.state.redo())

    def _indexed(self, change: Change) -> Change:
        """The change, after updating the index."""
        self._has_written = True
        self._reindex(change.keys)
        return change

    def _reindex(self, keys: Iterable[str]) -> None:
        if self._index is not None:
            self._index.update_all({key: self.state.of(key) for key in keys if key in self.papers})

    def checkpoint(self) -> None:
        """Writes the snapshot of the state. Cost: rewrites ``triage.json``."""
        self._access.require()
        self.state.checkpoint()
        self._has_written = True

    # Several instances and machines

    def refresh(self) -> Updates:
        """Loads what other instances and machines have written since the last time.

        Cost: a ``stat`` of each file; if changed, what is new in the journal, or all papers.

        Raises:
            LibraryError: If a file is damaged; memory is unchanged.
        """
        papers = self._paper_file.refresh()
        if papers:
            self._papers_changed()
        updates = Updates(tuple(self.state.refresh()), papers)
        self._reindex(updates.keys)
        return updates

    def acquire_write(self) -> Updates:
        """Makes a read-only library writable.

        Returns:
            What others have changed meanwhile.

        Raises:
            LibraryLockedError: If another instance is writing.
            LibraryError: If the folder cannot be written.
        """
        if self._is_closed:
            self._access.require()
        if self.read_only_reason is None:
            return self.refresh()
        reason = self.read_only_reason
        self._access.acquire(wait=0)
        try:
            updates = self.refresh()
            self._upgrade()
        except PapersError:
            self._access.release(reason)
            raise
        return updates

    def _load(self) -> None:
        self._paper_file.load()
        path = self.folder / PAPERS_FILE
        if not self.papers and not path.exists() and self._backups.of(PAPERS_FILE):
            raise LibraryError(
                with_path(path, "the file is missing"), "papers-tui restore lists its backups."
            )
        self._papers_changed()
        self.state.load()

    def _upgrade(self, *, or_read_only: bool = False) -> None:
        """Migrates the files to the newest schema, each after a permanent backup."""
        try:
            for file in (self._papers_json, self._triage_json):
                if file.schema < file.newest:
                    self._backups.keep(file.path, self._now(), schema=file.schema)
                    if file is self._triage_json:
                        self.state.checkpoint()
                    else:
                        self._paper_file.write({}, self.today().isoformat())
        except LibraryError as error:
            if not or_read_only:
                raise
            self._access.release(error.message)

    # The user's place

    @property
    def place(self) -> Mapping[str, Any]:
        """What ``save_place`` saved on this machine; empty if nothing."""
        return self._place_file.place

    def save_place(self, place: Mapping[str, Any]) -> bool:
        """Saves the user's place, if this instance may write; never fails.

        Returns:
            Whether it was saved.
        """
        return not self.read_only_reason and self._place_file.save(place)

    @cached_property
    def _place_file(self) -> PlaceFile:
        return PlaceFile(config.session_path(self.folder))

    # The clock

    def now(self) -> datetime:
        """The time now, in the user's zone."""
        return self._now().astimezone()

    def today(self) -> date:
        """The date, in the user's zone."""
        return self.now().date()

    def timestamp(self) -> str:
        """The time now, ISO 8601 in UTC, to the second."""
        return self._now().isoformat(timespec="seconds").replace("+00:00", "Z")
