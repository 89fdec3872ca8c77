"""The library: every paper, every decision, and the one door to both.

Reads once, answers from memory, and writes a change down before anybody sees it. It knows nothing
of the shell, the screen or the formats papers come in.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from tinydb import TinyDB

from tui import config
from tui.errors import LibraryError, PapersError, with_path
from tui.model.paper import Paper, SourceRecord
from tui.model.state import Change, Counts, FieldUpdate, Item, PaperState, ReadingList, Status
from tui.query import And, Field, FlagTerm, Query
from tui.search import Index, ResultSet
from tui.storage.backups import Backups
from tui.storage.facts import Facts, ImportReport
from tui.storage.files import make_folder
from tui.storage.journal import Journal, UndoStack
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.migrations import MIGRATIONS
from tui.storage.paper_file import PaperFile
from tui.storage.state_log import StateLog

if TYPE_CHECKING:
    from filelock import BaseFileLock

PAPERS_FILE: Final = "papers.json"
TRIAGE_FILE: Final = "triage.json"


@dataclass(frozen=True, slots=True)
class Updates:
    """What came into a library from elsewhere; false if nothing did."""

    changes: tuple[Change, ...] = ()
    """Those of other machines and instances, in their order."""
    papers: frozenset[str] = frozenset()
    """Keys of the papers that are new, or of which there are other facts."""

    @property
    def keys(self) -> frozenset[str]:
        """Every paper that is to be shown anew."""
        return self.papers.union(*(change.keys for change in self.changes))

    def __bool__(self) -> bool:
        return bool(self.changes or self.papers)


class Library:
    """A library folder, open. Use as a context manager, or call ``close``."""

    def __init__(
        self,
        folder: Path,
        machine: str,
        *,
        cache: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Reads nothing yet; see ``open`` and ``create``."""
        self.folder = folder
        self.machine = machine
        self.read_only_reason: str | None = None
        """Why nothing can be changed; ``None`` if it can."""
        self._now = now
        self._papers_file = self._open_file(PAPERS_FILE)
        self._snapshot = self._open_file(TRIAGE_FILE)
        self._facts = Facts(self._papers_file, cache)
        self._decisions = StateLog(
            Journal(folder / "journal", machine), self._snapshot, self.timestamp
        )
        self._backups = Backups(folder / "backups", now)
        self._index: Index | None = None
        self._lock: BaseFileLock | None = None
        self._has_written = False
        self._is_closed = False

    @classmethod
    def exists(cls, folder: Path) -> bool:
        """Whether there is anything of a library in a folder."""
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
        """Opens a library, which need not exist yet if it is opened for writing.

        Args:
            folder: The library folder.
            machine: This machine's name in the journal.
            write: Whether changes will be made; takes the lock.
            wait: Seconds to wait for another writer.
            or_read_only: Whether to open for reading, and say why, where writing is not possible.
            cache: A folder for what a large library need not be read for again; it may be deleted
                at any time. ``None`` for none.
            now: The clock.

        Raises:
            LibraryLockedError: If another instance is writing.
            LibraryError: If something in the folder is damaged, newer or unreadable.
        """
        library = cls(folder, machine, cache=cache, now=now)
        library.read_only_reason = "the library is open for reading only"
        try:
            if write:
                library._begin_writing(wait, or_read_only=or_read_only and cls.exists(folder))
            library._load()
            if library._lock:
                library._upgrade(or_read_only=or_read_only)
        except PapersError:
            library.close(save=False)
            raise
        return library

    def _begin_writing(self, wait: float, *, or_read_only: bool = False) -> None:
        """Takes the lock; or says why not, where the library may be for reading only."""
        from tui.storage import lock  # 40 ms that reading commands need not spend

        try:
            self._lock = lock.take(self.folder, wait)
            self.read_only_reason = None
        except LibraryError as error:
            if not or_read_only:
                raise
            self.read_only_reason = error.message

    def _end_writing(self, because: str) -> None:
        """Gives the lock back, if it has it."""
        self.read_only_reason = because
        if self._lock is not None:
            self._lock.release()
            self._lock = None

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
        """Writes the snapshot and backups if anything changed, and lets go of everything.

        That either cannot be written is no failure: the journal has every change.
        """
        try:
            if save and not self.read_only_reason:
                with suppress(LibraryError):
                    if self._decisions.dirty:
                        self.checkpoint()
                    if self._has_written:
                        for name in MIGRATIONS:
                            self._backups.keep(self.folder / name)
        finally:
            self._is_closed = True
            self._decisions.close()
            self._end_writing("the library is closed")

    # Papers

    @property
    def _papers(self) -> PaperFile:
        return self._facts.papers

    def __len__(self) -> int:
        return len(self._papers)

    def __contains__(self, key: str) -> bool:
        return key in self._papers

    def item(self, key: str) -> Item:
        """The paper of a key with its decision; ``KeyError`` if there is none."""
        row = self._papers.row(key)
        if row is None:
            raise KeyError(key)
        return self._entry(self._papers, row)

    def _entry(self, papers: PaperFile, row: int) -> Item:
        paper = papers.paper(row)
        return Item(paper, self.paper_state(paper.key), papers.table.added_on(row))

    def items(self) -> list[Item]:
        """All of them, in the order in which they were added."""
        return [self.item(key) for key in self._papers]

    @property
    def last_rev(self) -> int:
        """The revision of the last change that is known."""
        return self._decisions.ledger.last_rev

    def value(self, table: str, id: str, field: str) -> Any:
        """What one field of one thing is now, as in ``Edit``; ``None`` if it was never set."""
        return self._decisions.ledger.value(table, id, field)

    def decided(self) -> list[str]:
        """Keys of the papers here that anything was ever decided about. No paper is read."""
        return [key for key in self._decisions.ledger.decided_keys() if key in self._papers]

    def added(self, key: str) -> str | None:
        """The day on which the library first had a paper, ISO 8601. No paper is read."""
        row = self._papers.row(key)
        return None if row is None else self._papers.table.added_on(row)

    def added_by_day(self) -> Counter[str]:
        """How many papers of today's library came on each day, ISO 8601. No paper is read."""
        papers = self._papers
        rows = (row for key in papers if (row := papers.row(key)) is not None)
        return Counter(day for row in rows if (day := papers.table.added_on(row)))

    def paper_state(self, key: str) -> PaperState:
        """What was decided about a paper, in the library or not."""
        return self._decisions.ledger.paper_state(key)

    @property
    def index(self) -> Index:
        """The index over all items, made at the first question. Any thread may ask it."""
        if self._index is None:
            papers, ledger = self._papers, self._decisions.ledger
            rows = ((papers.row(key), key) for key in ledger.decided_keys())
            self._index = Index(
                papers.table,
                partial(self._entry, papers),  # these rows, also once others are read
                papers.words,
                decisions=((row, ledger.paper_state(key)) for row, key in rows if row is not None),
                gone=papers.gone,
            )
        return self._index

    def select(self, query: Query) -> ResultSet:
        """The items that match a query, in its order.

        The words are made ready for it; a screen, which cannot wait, asks ``index`` itself.
        """
        if query.node != And():
            self.index.prepare()
        return self.index.select(query, lambda name: self.reading_list(name).keys)

    def counts(self) -> Counts:
        """How many papers there are of each kind."""
        index = self.index

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
        """Keys that were decided about and name no paper here; kept, never dropped."""
        return [key for key in self._decisions.ledger.decided_keys() if key not in self._papers]

    def resolve(self, beginning: str) -> str:
        """The one key that begins so.

        Raises:
            PapersError: If there is none, or more than one.
        """
        wanted = beginning.strip().lower()
        if wanted in self._papers:
            return wanted
        found = [key for key in self._papers if wanted and key.startswith(wanted)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise PapersError(
                f"no paper has a key that begins with “{beginning[:60]}”", "see papers-tui list"
            )
        some = ", ".join(found[:3]) + (", ..." if len(found) > 3 else "")
        raise PapersError(
            f"{len(found)} keys begin with “{beginning[:60]}”: {some}", "type more of it"
        )

    def add(self, records: Iterable[SourceRecord], *, dry_run: bool = False) -> ImportReport:
        """Adds what was seen, all of it or nothing; no decision is touched.

        Args:
            records: Of any papers.
            dry_run: Whether only to tell what it would bring.

        Raises:
            LibraryError: If it cannot be written; memory and disk are then as before.
        """
        if not dry_run:
            self._must_write()
            self.follow()  # what a synced folder brought is not to be overwritten
        report, changed = self._facts.merged(records)
        if changed and not dry_run:
            self._backups.keep(self._papers_file.path)
            self._write_papers(changed)
        return report

    def seed(self, papers: Iterable[Paper]) -> None:
        """Fills an empty library with papers that were merged before."""
        self._must_write()
        self.follow()
        if self._papers:
            raise LibraryError(f"the library has papers already ({self.folder})")
        self._write_papers({paper.key: paper for paper in papers})

    def _write_papers(self, changed: Mapping[str, Paper]) -> None:
        self._facts.write(changed, self.today())
        self._index, self._has_written = None, True

    # StateLog

    def change(self, verb: str, settings: Iterable[FieldUpdate]) -> Change | None:
        """Makes one change: durable first, then in memory.

        Args:
            verb: What is done, as the log will tell it.
            settings: What is to be set; what is so already is left out.

        Returns:
            The change, or ``None`` if everything was so already.

        Raises:
            LibraryError: If it cannot be written; memory is then as before.
        """
        self._must_write()
        change = self._decisions.change(verb, settings)
        return change and self._made(change)

    def can_undo(self, change: Change) -> bool:
        """Whether anything of a change still stands, so that it can be taken back."""
        return self._decisions.can_undo(change)

    def undo(self, change: Change | None = None) -> Change:
        """Takes back the last change that was not taken back, or a given one.

        Raises:
            PapersError: If there is none, or if what it touched was changed again since.
        """
        self._must_write()
        return self._made(self._decisions.undo(change))

    def redo(self) -> Change:
        """Does again the last change that was taken back.

        Raises:
            PapersError: If there is none, or if what it touched was changed since.
        """
        self._must_write()
        return self._made(self._decisions.redo())

    def _made(self, change: Change) -> Change:
        """The change, once the index knows of it."""
        self._has_written = True
        self._reindex(change.keys)
        return change

    def _reindex(self, keys: Iterable[str]) -> None:
        if self._index is not None:
            known = filter(self._papers.__contains__, keys)
            self._index.update_all({key: self.paper_state(key) for key in known})

    @property
    def steps(self) -> UndoStack:
        """What can be undone and redone."""
        return self._decisions.steps

    def history(self) -> list[Change]:
        """All changes of all machines, oldest first. Cost: reads the journal."""
        return self._decisions.history()

    @property
    def damaged_lines(self) -> list[tuple[Path, int]]:
        """File and line, from 1, of what the journal could not make sense of."""
        return self._decisions.damaged_lines

    # Lists and views

    def lists(self) -> list[ReadingList]:
        """All reading lists by name."""
        return [self.reading_list(name) for name in self._decisions.ledger.list_names()]

    def reading_list(self, name: str) -> ReadingList:
        """The reading list of a name; an unknown one is empty."""
        return self._decisions.ledger.reading_list(name, self._papers.keys())

    def positions(self, name: str) -> dict[str, float]:
        """The places of a list's papers by key, in its order."""
        return self._decisions.ledger.positions(name)

    def find_list(self, name: str) -> str | None:
        """The list of this name, case aside; ``None`` if there is none."""
        folded = name.casefold()
        names = self._decisions.ledger.list_names()
        return next((known for known in names if known.casefold() == folded), None)

    def views(self) -> dict[str, str]:
        """Saved queries by name."""
        return self._decisions.ledger.views()

    # At rest

    def checkpoint(self) -> None:
        """Writes the snapshot of all decisions. Cost: rewrites ``triage.json``."""
        self._must_write()
        self._decisions.checkpoint()
        self._has_written = True

    @cached_property
    def session(self) -> Mapping[str, Any]:
        """Where the reader of this machine was; empty if that is not known."""
        with suppress(LibraryError):
            for document in self._session_file.documents().get("session", []):
                return document
        return {}

    def keep_session(self, session: Mapping[str, Any]) -> bool:
        """Keeps where the reader is, of whoever writes; that it cannot be kept is no failure.

        Returns:
            Whether it is kept.
        """
        if self.read_only_reason:
            return False
        if session == self.session:
            return True
        self.session = dict(session)
        file = self._session_file
        with suppress(LibraryError, OSError):
            make_folder(file.path.parent)
            file.write({"session": {"1": self.session}})
            return True
        return False

    @property
    def _session_file(self) -> AtomicJSONStorage:
        return AtomicJSONStorage(config.session_path(self.folder))

    # Several instances and machines

    def follow(self) -> Updates:
        """Takes in what other instances and machines have written since it was last looked at.

        Cost: a look at each file while nothing came; then what is new in the journal, or all of
        the papers.

        Raises:
            LibraryError: If what came is damaged; memory is then as before.
        """
        papers = self._facts.follow()
        if papers:
            self._index = None
        news = Updates(tuple(self._decisions.follow()), papers)
        self._reindex(news.keys)
        return news

    def acquire_write(self) -> Updates:
        """Makes of a library for reading one for writing, if nobody else is writing.

        Returns:
            What had not been followed yet.

        Raises:
            LibraryLockedError: If another instance is writing; nothing has changed then.
            LibraryError: If the folder cannot be written.
        """
        if self._is_closed:
            self._must_write()
        if self.read_only_reason is None:
            return self.follow()
        because = self.read_only_reason
        self._begin_writing(wait=0)
        try:
            news = self.follow()
            self._upgrade()
        except PapersError:
            self._end_writing(because)
            raise
        return news

    def _load(self) -> None:
        self._facts.load()
        path = self.folder / PAPERS_FILE
        if not self._papers and not path.exists() and self._backups.of(PAPERS_FILE):
            raise LibraryError(
                with_path(path, "the file is gone"), "papers-tui restore tells what is left"
            )
        self._decisions.load()

    def _upgrade(self, *, or_read_only: bool = False) -> None:
        """Brings the files to the newest schema, each once a copy of it is kept for ever."""
        try:
            self._migrate()
        except LibraryError as error:
            if not or_read_only:
                raise
            self._end_writing(error.message)

    def _migrate(self) -> None:
        facts, file, snapshot = self._facts, self._papers_file, self._snapshot
        if file.schema < file.newest:
            self._backups.keep(file.path, schema=file.schema)
            facts.write({}, self.today())
        if snapshot.schema < snapshot.newest:
            self._backups.keep(snapshot.path, schema=snapshot.schema)
            self._decisions.checkpoint()

    def _open_file(self, name: str) -> AtomicJSONStorage:
        """The storage of a file, as TinyDB opens it."""
        storage = TinyDB(self.folder / name, MIGRATIONS[name], storage=AtomicJSONStorage).storage
        assert isinstance(storage, AtomicJSONStorage)
        return storage

    def _must_write(self) -> None:
        if self.read_only_reason:
            raise LibraryError(f"nothing can be changed: {self.read_only_reason}")

    def now(self) -> datetime:
        """The time now, in the reader's zone."""
        return self._now().astimezone()

    def timestamp(self) -> str:
        """The time now, ISO 8601 in UTC, to the second."""
        return self._now().isoformat(timespec="seconds").replace("+00:00", "Z")

    def today(self) -> str:
        """The reader's day, in which "added:today" is asked."""
        return self._now().astimezone().date().isoformat()
