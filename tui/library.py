"""The library: all papers and their states.

Reads once, answers from memory, and makes a change durable before it is visible.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from threading import Event, Lock
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any

from tui import clock, config
from tui.errors import LibraryError, PapersError
from tui.model.imports import Batch, FiledRecord, ImportReport
from tui.model.paper import Paper, SourceRecord
from tui.model.state import Change, Counts, FieldUpdate, Item
from tui.query import Query
from tui.search import Index, ResultSet
from tui.search.cache import Catalog, open_catalog
from tui.search.items import Imports, Items, Lookalike
from tui.storage.library_files import LibraryFiles, has_library
from tui.storage.merger import Decide
from tui.storage.months import AddUp, Row
from tui.storage.papers import Papers
from tui.storage.place import PlaceFile
from tui.storage.requests import RequestFolder
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.model.rules import Ruled


@dataclass(frozen=True, slots=True)
class Updates:
    """The changes that others made in a library; false if there are none."""

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
        self._now = now
        self._cache = cache
        self._files = LibraryFiles(folder, machine, partial(open_catalog, cache), now)
        self._access = self._files.access
        self._merger = self._files.merger
        self.state = self._files.state
        """The state of all papers, lists and views; to be changed through ``change``, ``undo`` and
        ``redo`` only, which need the lock."""
        self.requests = RequestFolder(folder, machine)
        """The requests of shell commands to the instance that has the lock."""
        self._items = Items(self._merger, self.state, self.today, self._looked_at)
        self.imports = Imports(self._files.imports, self.state, lambda: self.search)
        """All imports, undone ones too."""
        self.syncing = Lock()
        """Held while it is exchanged with other machines."""
        self.fetching = Lock()
        """Held while sources are fetched."""
        self.is_fetch_stopped = Event()
        """Set when the user stops that."""
        self.is_ending = Event()
        """Set once the session ends, so that nothing waits for others any longer."""
        self._is_closed = False
        self._is_dry_run = False

    @classmethod
    def exists(cls, folder: Path) -> bool:
        """Whether a folder has any file of a library."""
        return has_library(folder)

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
        now: Callable[[], datetime] = clock.now,
    ) -> "Library":
        """Opens a library; for writing, creates it if missing.

        Args:
            machine: This machine's name in the journal.
            wait: Seconds to wait for the lock.
            or_read_only: Whether to fall back to reading; see ``read_only_reason``.
            cache: The folder of the cache; ``None`` for no cache.

        Raises:
            LibraryLockedError: If another instance is writing.
            LibraryError: If a file is damaged, unreadable or from a newer version.
        """
        library = cls(folder, machine, cache=cache, now=now)
        try:
            library._files.open(write=write, wait=wait, or_read_only=or_read_only)
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
                self._files.save()
        finally:
            self._is_closed = True
            self.state.close()
            self._access.release("the library is closed")

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about what this machine knew at the last close, and the journals now lack."""
        return self._files.warnings

    @property
    def conflict_copies(self) -> list[Path]:
        """Unmerged copies that a sync tool put beside the library's files. Cost: lists folders."""
        return self._files.copies.all()

    @property
    def read_only_reason(self) -> str | None:
        """Why nothing can be changed; ``None`` if it can."""
        return self._access.reason

    @property
    def is_open_elsewhere(self) -> bool:
        """Whether it was opened for reading only because another instance was writing."""
        return self._files.is_open_elsewhere

    # Reading

    @property
    def papers(self) -> Papers[Catalog]:
        """The papers by key, in the order in which they were added; read on demand."""
        return self._items.papers

    @property
    def search(self) -> Index:
        """The search index, built at the first query. Any thread may query it."""
        return self._items.index

    def __len__(self) -> int:
        return len(self.papers)

    def __contains__(self, key: str) -> bool:
        return key in self.papers

    def item(self, key: str) -> Item:
        """A paper with its state; ``KeyError`` if it does not exist."""
        return self._items.item(key)

    def items(self) -> list[Item]:
        """All items, in the order in which they were added."""
        return [self.item(key) for key in self.papers]

    def list_items(self, name: str) -> list[Item]:
        """The items of a reading list, in the user's order."""
        return [self.item(key) for key in self.state.reading_list(name).keys]

    def select(self, query: Query) -> ResultSet:
        """The items that match a query, sorted.

        Loads the words; the app, which must not wait, uses ``search`` itself.
        """
        return self._items.select(query)

    def find(self, query: Query) -> ResultSet:
        """Like ``select``; where few papers have the words, also near matches. Only for display."""
        return self._items.find(query)

    def counts(self) -> Counts:
        """The numbers of papers by status, star and tag."""
        return self._items.counts()

    def monthly(self, name: str, add_up: AddUp) -> Iterator[Row]:
        """The rows that a function makes of the changes of each month, oldest month first.

        Args:
            name: Its name in the cache, one for each function.
            add_up: Makes rows of numbers from the changes of a month; called for the newest first.

        Cost: reads the months since the first one that changed. Any thread may ask for it.
        """
        path = self._cache / f"{name}.json" if self._cache else None
        return self.state.rows_by_month(path, add_up)

    def lookalikes(self, key: str) -> list[Lookalike]:
        """The papers that may be the same as one; see ``Items.lookalikes``."""
        return self._items.lookalikes(key)

    def resolve(self, prefix: str) -> str:
        """The one key with a prefix; see ``Papers.resolve``."""
        return self.papers.resolve(prefix)

    # Changing

    def add(
        self,
        records: Iterable[SourceRecord],
        source: str = "",
        decide: Decide = lambda *_: (),
        keys: Mapping[int, str] = MappingProxyType({}),
        *,
        dry_run: bool = False,
    ) -> ImportReport:
        """Imports source records, all or none, as one change.

        Args:
            records: Records of any papers.
            source: Where they are from; by default the file of the first.
            decide: What is to be decided about the papers, in the same change.
            keys: The keys that new papers get if they are free, by the place of a record.
            dry_run: Whether only to report what it would bring.

        Raises:
            LibraryError: If it cannot be written; memory and disk are unchanged.
        """
        (report,) = self.add_all([Batch(tuple(records), source, keys)], decide, dry_run=dry_run)
        return report

    def add_all(
        self,
        batches: Sequence[Batch],
        decide: Decide = lambda *_: (),
        *,
        dry_run: bool = False,
    ) -> list[ImportReport]:
        """Makes several imports, all or none, as one change.

        Args:
            batches: What each takes in; one that brings nothing makes no import.
            decide: As for ``add``, for each.
            dry_run: Whether only to report what they would bring.

        Raises:
            LibraryError: If it cannot be written; memory and disk are unchanged.
        """
        if not dry_run:
            self._access.require()
            self.refresh()  # do not overwrite what was synced meanwhile
        from tui.search.rulings import Rulings  # here, as a start imports nothing

        rulings = Rulings(self.state, self.today())
        rules: list[tuple[Ruled, ...]] = []

        def decide_all(filed: Sequence[FiledRecord], report: ImportReport) -> Iterator[FieldUpdate]:
            yield from rulings.updates(filed, report.new)
            rules.append(rulings.take_counts())
            yield from decide(filed, report)

        reports = self._files.add(batches, decide_all, dry_run=dry_run)
        if change := next((report.change for report in reports if report.change), None):
            self._indexed(change)
        elif any(report.id for report in reports):
            self._update_papers()  # what it decided may join papers
        return [replace(each, rules=ruled) for each, ruled in zip(reports, rules, strict=True)]

    def set_imports(self, ids: Sequence[str], *, is_live: bool) -> Change | None:
        """Undoes imports, at any time, or redoes them; see ``change``.

        Args:
            ids: At least one.
            is_live: Whether to redo them.

        What they decided goes, or comes back, with them.

        Cost: reads the journal, and merges all papers again, unless it is the newest import.
        """
        sources = dict.fromkeys(self._files.imports.head(id).source for id in ids)
        verb = f"{'redo' if is_live else 'undo'} import {', '.join(sources)}"
        updates: list[FieldUpdate] = [("imports", id, "exists", is_live or None) for id in ids]
        decided = self.state.decided_with(ids, self._merger.keys_of, is_live=is_live)
        return self.change(verb, [*updates, *decided])

    def seed(self, papers: Iterable[Paper]) -> None:
        """Fills an empty library with the shipped corpus: the import ``sample``.

        Without papers, it is empty from now on: it has its files.
        """
        self._access.require()
        self.refresh()
        if self.papers:
            raise LibraryError(f"The library already has papers ({self.folder})")
        self._merger.seed(papers, self.today().isoformat())

    def _update_papers(self) -> frozenset[str]:
        """See ``Merger.update_papers``; does nothing if this instance may not write."""
        return frozenset() if self.read_only_reason else self._merger.update_papers()

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

        What one redo redid is undone as one. Of an undo it redoes what that undid, and of a redo
        it undoes it again.

        Raises:
            PapersError: If there is none, or all its values have changed since.
        """
        self._access.require()
        return self._indexed(self.state.undo(change))

    def undo_all(self, changes: Sequence[Change]) -> Change | None:
        """Undoes several changes by one, which ``redo`` redoes as one.

        Values that other changes have set since are kept.

        Args:
            changes: Newest first.

        Returns:
            The new change; ``None`` if nothing was left to undo.

        Raises:
            LibraryError: If the library cannot be written; nothing is changed.
        """
        self._access.require()
        change = self.state.undo_all(changes)
        return change and self._indexed(change)

    def redo(self) -> Change:
        """Redoes what was undone last, by one undo.

        Raises:
            PapersError: If there is nothing, or all its values have changed since.
        """
        self._access.require()
        return self._indexed(self.state.redo())

    def _indexed(self, change: Change) -> Change:
        """The change, after updating the index."""
        if change.merges:
            self._update_papers()
        self._items.update([change])
        return change

    # Several instances and machines

    def refresh(self) -> Updates:
        """Loads what other instances and machines have written since the last time.

        Cost: a ``stat`` of each file; if changed, what is new in the journal, or all papers.

        Raises:
            LibraryError: If a file is damaged; memory is unchanged.
        """
        papers = self._merger.refresh()
        changes = tuple(self.state.refresh())
        updates = Updates(changes, papers | self._update_papers())
        self._items.update(changes, updates.papers)
        return updates

    @contextmanager
    def exchanging(self) -> Iterator[None]:
        """Within it, files of other machines are brought into the folder; then they are loaded.

        An import that no change mentions, such as that of the samples, counts here as it does
        there.

        Raises:
            LibraryError: If this instance may not write, or a file is damaged.
        """
        self._access.require()
        self.state.close()  # the journal may be replaced
        yield
        self.state.adopt(self._files.imports.ids())
        self.refresh()

    def acquire_write(self) -> Updates:
        """Makes a read-only library writable; returns what others have changed meanwhile.

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
            self._files.upgrade()
        except PapersError:
            self._access.release(reason)
            raise
        return updates

    # The user's place

    @property
    def place(self) -> Mapping[str, Any]:
        """The place that ``save_place`` saved on this machine; empty without one."""
        return self._place_file.place

    def save_place(self, place: Mapping[str, Any]) -> bool:
        """Saves the user's place at the end of a session, if this instance may write; never fails.

        The imports so far count as seen from the next session on.

        Returns:
            Whether it was saved.
        """
        if self.read_only_reason:
            return False
        return self._place_file.save(place, list(self.state.all_imports()))

    def _looked_at(self) -> tuple[str, ...]:
        return self._place_file.looked_at or self.imports.samples

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
        return self._files.timestamp()
