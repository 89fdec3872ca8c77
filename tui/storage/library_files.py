"""The files of one library, each kept consistent with the others."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from tui import config
from tui.errors import LibraryError, LibraryLockedError
from tui.model.imports import Batch, ImportReport
from tui.storage.backups import Backups
from tui.storage.copies import Copies
from tui.storage.imports import ImportFolder
from tui.storage.journal import Journal
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.last_known import LastKnownFile
from tui.storage.lock import WriteAccess
from tui.storage.merger import Decide, Merger
from tui.storage.migrations import MIGRATIONS, PAPERS_FILE, TRIAGE_FILE
from tui.storage.paper_file import PaperFile
from tui.storage.papers import Catalog, Documents
from tui.storage.state_log import StateLog

C = TypeVar("C", bound=Catalog)


class LibraryFiles(Generic[C]):
    """The journal, the imports, their snapshots, and what is kept beside them.

    What changes a file needs the lock; see ``access``.
    """

    def __init__(
        self,
        folder: Path,
        machine: str,
        open_catalog: Callable[[Documents], C],
        now: Callable[[], datetime],
    ) -> None:
        """Reads nothing yet; see ``load``.

        Args:
            machine: This machine's name in the journal.
            open_catalog: Opens the catalog of the papers.
        """
        self._folder = folder
        self._now = now
        self._papers_json, self._triage_json = (
            AtomicJSONStorage(folder / name, MIGRATIONS[name], folder)
            for name in (PAPERS_FILE, TRIAGE_FILE)
        )
        journal = Journal(folder / "journal", machine)
        self.access = WriteAccess(folder, "the library is open for reading only")
        self.is_open_elsewhere = False
        """Whether there is no access because another instance was writing."""
        self.state = StateLog(journal, self._triage_json, self.timestamp)
        self.imports = ImportFolder(folder / "imports")
        self.warnings: tuple[str, ...] = ()
        """Sentences about what this machine knew at the last close, and the journals now lack."""
        self._backups = Backups(folder / "backups")
        papers = PaperFile(self._papers_json, open_catalog)
        self.merger = Merger(self._papers_json, papers, self.imports, self.state, self._backups)
        self.copies = Copies(folder, self.imports, journal)
        self._last_known = LastKnownFile(config.last_known_path(folder, machine), folder, journal)

    def open(self, *, write: bool, wait: float, or_read_only: bool) -> None:
        """Loads papers and state, and brings all files up to date; see ``Library.open``.

        Raises:
            LibraryLockedError: If another instance is writing.
            LibraryError: If a file is damaged, unreadable or from a newer version.
        """
        if write:
            try:
                self.access.acquire(wait)
            except LibraryError as error:
                if not (or_read_only and has_library(self._folder)):
                    raise
                self.access.release(error.message)
                self.is_open_elsewhere = isinstance(error, LibraryLockedError)
        self.load()
        if not self.access.reason:
            try:
                self.upgrade()
            except LibraryError as error:
                if not or_read_only:
                    raise
                self.access.release(error.message)
        if self.access.reason:
            self.catch_up()

    def timestamp(self) -> str:
        """The time now, ISO 8601 in UTC, to the second."""
        return self._now().isoformat(timespec="seconds").replace("+00:00", "Z")

    def load(self) -> None:
        """Loads papers and state; puts back what this machine's journal lost, if it may write.

        Raises:
            LibraryError: If a file is damaged, unreadable or from a newer version.
        """
        self.merger.load()
        memory = self._last_known.read()
        if memory is None:
            return
        mended = 0
        if not self.access.reason and (mended := self._last_known.mend(memory)):
            self.merger.load()
        self.warnings = tuple(self._last_known.warnings(memory, mended))

    def upgrade(self) -> None:
        """Brings all files up to date.

        It migrates them, each after a permanent backup, recovers what the journal lost, and merges
        conflict copies and the papers.

        Raises:
            LibraryError: If one cannot be written.
        """
        papers, triage = self._papers_json, self._triage_json
        for file in (papers, triage):
            if file.schema < file.newest:
                self._backups.keep(file.path, self._now(), schema=file.schema)
        if self.state.is_snapshot_ahead:  # nothing else has what it has
            self._backups.keep(triage.path, self._now(), at_once=True)
        if papers.schema < papers.newest:
            self.merger.import_known_papers()
        if self.state.recover() or triage.schema < triage.newest:
            self.state.checkpoint()
        if self.copies.merge(self.add):
            self.state.adopt(self.imports.ids())
            self.state.checkpoint()
        self.merger.update_papers()

    def catch_up(self) -> None:
        """Applies in memory what may not be written, and updates the papers if nobody is writing.

        Their file may be missing, or older than a journal synced from another machine.
        """
        self.state.show_lost()
        if not self.merger.is_behind:
            return
        reason = self.access.reason or ""
        try:
            self.access.acquire(wait=0)
            self.merger.update_papers()
        except LibraryError:
            if self.merger.is_missing:
                raise
        finally:
            self.access.release(reason)

    def add(
        self,
        batches: Sequence[Batch],
        decide: Decide = lambda *_: (),
        *,
        dry_run: bool = False,
    ) -> list[ImportReport]:
        """Imports source records; see ``Library.add_all``."""
        now = self._now()
        today = now.astimezone().date().isoformat()
        return self.merger.add(batches, now, today, decide, dry_run=dry_run)

    def save(self) -> None:
        """Writes the snapshot of the state, and backups, if anything changed; never fails."""
        with suppress(LibraryError):
            if self.state.is_dirty:
                self.state.checkpoint()
                self._last_known.remember()
            if self.state.has_written or self.merger.has_written:
                for name in MIGRATIONS:
                    self._backups.keep(self._folder / name, self._now())


def has_library(folder: Path) -> bool:
    """Whether a folder has any file of a library."""
    return any(
        (folder / name).exists() or (folder / name).is_symlink()
        for name in (PAPERS_FILE, TRIAGE_FILE, "journal", "imports", "backups")
    )
