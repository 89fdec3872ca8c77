"""The library: every paper, every decision, and the one door to both.

Reads once, answers from memory, and writes a change down before anybody sees it. It knows nothing
of the shell, the screen or the formats papers come in.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from tinydb import TinyDB

from tui.decisions import Decisions
from tui.errors import LibraryError, PapersError
from tui.index import Index, Selection
from tui.journal import Journal, Steps
from tui.paper import Paper, Sighting, merge, merge_all
from tui.query import And, Field, Flag, Query
from tui.shelf import Shelf
from tui.storage import AtomicJSONStorage
from tui.triage import Change, Counts, Decision, Entry, ReadingList, Setting, Status

if TYPE_CHECKING:
    from filelock import BaseFileLock

PAPERS_FILE: Final = "papers.json"
TRIAGE_FILE: Final = "triage.json"
HINTS: Final = {
    PAPERS_FILE: "nothing was changed; move it away and import the pages again",
    TRIAGE_FILE: "nothing was changed; move it away, and it is made anew from the journal",
}
"""What to do about a file that cannot be read."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import brought."""

    new: tuple[str, ...]
    """Keys of papers the library did not have."""
    merged: tuple[str, ...]
    """Keys of known papers that were seen again, or told more about."""
    unchanged: int
    """Papers of which nothing new was said."""


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
        self.read_only_because: str | None = None
        """Why nothing can be changed; ``None`` if it can."""
        self._now = now
        self._cache = cache
        self._file = self._open_file(PAPERS_FILE)
        self._papers: Shelf
        self._decisions = Decisions(
            Journal(folder / "journal", machine), self._open_file(TRIAGE_FILE), self.timestamp
        )
        self._index: Index | None = None
        self._lock: BaseFileLock | None = None
        self.session: dict[str, Any] = {}
        """Where the reader was, for the app; kept at ``close``."""

    @classmethod
    def exists(cls, folder: Path) -> bool:
        """Whether there is anything of a library in a folder."""
        return any(
            (folder / name).exists() or (folder / name).is_symlink()
            for name in (PAPERS_FILE, TRIAGE_FILE, "journal")
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
        if write:
            try:
                from tui import lock  # 40 ms that reading commands need not spend

                library._lock = lock.take(folder, wait)
            except LibraryError as error:
                if not or_read_only or not cls.exists(folder):
                    raise
                library.read_only_because = error.message
        else:
            library.read_only_because = "the library is open for reading only"
        try:
            library._load()
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
        """Writes the snapshot if anything changed, and lets go of everything.

        That the snapshot cannot be written is no failure: the journal has every change.
        """
        try:
            if save and self._decisions.dirty and not self.read_only_because:
                with suppress(LibraryError):
                    self.checkpoint()
        finally:
            self.read_only_because = "the library is closed"
            self._decisions.close()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    # Papers

    def __len__(self) -> int:
        return len(self._papers)

    def __contains__(self, key: str) -> bool:
        return key in self._papers

    def entry(self, key: str) -> Entry:
        """The paper of a key with its decision; ``KeyError`` if there is none."""
        row = self._papers.row(key)
        if row is None:
            raise KeyError(key)
        return self._entry(row)

    def _entry(self, row: int) -> Entry:
        paper = self._papers.paper(row)
        return Entry(paper, self.decision(paper.key), self._papers.facts.added_on(row))

    def entries(self) -> list[Entry]:
        """All of them, in the order in which they were added."""
        return [self.entry(key) for key in self._papers]

    def decision(self, key: str) -> Decision:
        """What was decided about a paper, in the library or not."""
        return self._decisions.ledger.decision(key)

    @property
    def index(self) -> Index:
        """The index over all entries, made at the first question. Any thread may ask it."""
        if self._index is None:
            papers, ledger = self._papers, self._decisions.ledger
            rows = ((papers.row(key), key) for key in ledger.decided_keys())
            self._index = Index(
                papers.facts,
                self._entry,
                papers.words,
                decisions=((row, ledger.decision(key)) for row, key in rows if row is not None),
                gone=papers.gone,
            )
        return self._index

    def select(self, query: Query) -> Selection:
        """The entries that match a query, in its order.

        The words are made ready for it; a screen, which cannot wait, asks ``index`` itself.
        """
        if query.highlights() or query.node != And():
            self.index.prepare()
        return self.index.select(query, lambda name: self.reading_list(name).keys)

    def counts(self) -> Counts:
        """How many papers there are of each kind."""
        index = self.index

        def count(value: str) -> int:
            return index.count(Query(node=Flag(Field.IS, value)))

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
    def orphans(self) -> list[str]:
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

    def add(self, sightings: Iterable[Sighting], *, dry_run: bool = False) -> ImportReport:
        """Adds what was seen, all of it or nothing; no decision is touched.

        Args:
            sightings: Of any papers.
            dry_run: Whether only to tell what it would bring.

        Raises:
            LibraryError: If it cannot be written; memory and disk are then as before.
        """
        if not dry_run:
            self._must_write()
        changed: dict[str, Paper] = {}
        new: list[str] = []
        merged: list[str] = []
        unchanged = 0
        for paper in merge_all(sightings):
            known = self._papers.get(paper.key)
            if known is None:
                changed[paper.key] = paper
                new.append(paper.key)
                continue
            both = merge((*known.sightings, *paper.sightings))
            if both == known:
                unchanged += 1
            else:
                changed[paper.key] = both
                merged.append(paper.key)
        if changed and not dry_run:
            self._write_papers(changed)
        return ImportReport(tuple(new), tuple(merged), unchanged)

    def adopt(self, papers: Iterable[Paper]) -> None:
        """Fills an empty library with papers that were merged before."""
        self._must_write()
        if self._papers:
            raise LibraryError(f"the library has papers already ({self.folder})")
        self._write_papers({paper.key: paper for paper in papers})

    # Decisions

    def change(self, verb: str, settings: Iterable[Setting]) -> Change | None:
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
        return change and self._shown(change)

    def undo(self, change: Change | None = None) -> Change:
        """Takes back the last change that was not taken back, or a given one.

        Raises:
            PapersError: If there is none, or if what it touched was changed again since.
        """
        self._must_write()
        return self._shown(self._decisions.undo(change))

    def redo(self) -> Change:
        """Does again the last change that was taken back.

        Raises:
            PapersError: If there is none, or if what it touched was changed since.
        """
        self._must_write()
        return self._shown(self._decisions.redo())

    def _shown(self, change: Change) -> Change:
        """The change, once the index knows of it."""
        if self._index is not None:
            for key in change.keys:
                if key in self._papers:
                    self._index.update(self.entry(key))
        return change

    @property
    def steps(self) -> Steps:
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
        self._decisions.checkpoint(self.session)

    def keep_session(self, session: Mapping[str, Any]) -> None:
        """Notes where the reader is, to be kept at ``close``."""
        if dict(session) != self.session:
            self.session = dict(session)
            self._decisions.dirty = True

    def _load(self) -> None:
        self._papers = Shelf.open(self._file, self._cache)
        self._decisions.load()
        self.session = self._decisions.session

    def _write_papers(self, changed: Mapping[str, Paper]) -> None:
        """Puts new and changed papers beside the others. Cost: rewrites ``papers.json``."""
        self._papers.check()
        documents = self._papers.documents(changed, self._today())
        self._file.write_documents("papers", documents)
        self._papers = Shelf.open(self._file, self._cache)
        self._index = None

    def _open_file(self, name: str) -> AtomicJSONStorage:
        """The storage of a file, as TinyDB opens it."""
        storage = TinyDB(self.folder / name, storage=AtomicJSONStorage, hint=HINTS[name]).storage
        assert isinstance(storage, AtomicJSONStorage)
        return storage

    def _must_write(self) -> None:
        if self.read_only_because:
            raise LibraryError(f"nothing can be changed: {self.read_only_because}")

    def timestamp(self) -> str:
        """The time now, ISO 8601 in UTC, to the second."""
        return self._now().isoformat(timespec="seconds").replace("+00:00", "Z")

    def _today(self) -> str:
        """The reader's day, in which "added:today" is asked."""
        return self._now().astimezone().date().isoformat()
