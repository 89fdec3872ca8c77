"""The state on disk: the journal, and a snapshot of it.

A change is durable before it is in memory. The caller is responsible for the lock.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from tui.errors import PapersError
from tui.model.state import Change, Edit, FieldUpdate
from tui.model.undo import redo_verb, step_of, undo_verb
from tui.storage.journal import Journal
from tui.storage.journal_lines import Position, position
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.months import AddUp, Row, rows_by_month
from tui.storage.snapshot import Snapshot, SnapshotFile
from tui.storage.state import STAMPS, State
from tui.storage.undo import UndoHistory


class StateLog(State):
    """The state of one library, its changes, and what can be undone.

    Changed through ``Library``, which has the lock.
    """

    def __init__(
        self, journal: Journal, file: AtomicJSONStorage, timestamp: Callable[[], str]
    ) -> None:
        """Reads nothing yet; see ``load``."""
        super().__init__()
        self.is_dirty = False
        """Whether the snapshot is out of date."""
        self.request: str | None = None
        """The request that changes belong to; each names it."""
        self.has_written = False
        """Whether a change or the snapshot was written."""
        self.lost: tuple[FieldUpdate, ...] = ()
        """The updates that the snapshot had and this machine's journal lacks; see ``recover``."""
        self.is_snapshot_ahead = False
        """Whether the snapshot when loaded had more than the journal has."""
        self._journal = journal
        self._file = SnapshotFile(file)
        self.timestamp = timestamp
        """The time now, ISO 8601 in UTC."""
        self._undo: UndoHistory | None = None
        self._adopted: dict[str, None] = {}

    # Reading

    def load(self, aliases: Mapping[str, str]) -> None:
        """Loads the snapshot, and applies later changes from the journal.

        A snapshot that does not fit the journal is rebuilt.

        Raises:
            LibraryError: If a file of the journal cannot be read; or the snapshot is damaged, and
                the journal is not whole either.
        """
        self.aliases = dict(aliases)
        self.lost, self.is_snapshot_ahead = (), False
        snapshot = self._file.read()
        if snapshot is None:
            self.is_dirty = bool(self.replay())
            if self._file.problem and (self._journal.damaged or not self._journal.count):
                raise self._file.problem
            return
        self._journal.resume(snapshot.extents, snapshot.damaged)
        before = self._journal.last
        changes = None if snapshot.counts else self._journal.follow()
        if changes is None:
            self._compare(snapshot, self.replay())
        elif snapshot.state.aliases != self.aliases or not snapshot.is_stamped:
            self.replay()
        else:
            self.adopt_from(snapshot.state)
            self.last_rev = before[0]
            self._take(changes, before)

    def set_aliases(self, aliases: Mapping[str, str]) -> None:
        """Sets the keys that stand for another paper: the states of both become one, or two again.

        Cost: if they differ, reads the journal, and applies all changes again.
        """
        if aliases == self.aliases:
            return
        self.aliases = dict(aliases)
        self.replay()

    def refresh(self) -> list[Change]:
        """Applies changes by other machines and instances; see ``Library.refresh``."""
        before = self._journal.last
        changes = self._journal.follow()
        if changes is None:
            return self.replay()
        self._take(changes, before)
        return changes

    def _take(self, changes: list[Change], before: Position) -> None:
        """Applies new changes, in the order of all.

        Args:
            before: The position of the last change that is applied.

        Cost: of late ones, as after a sync, that of all changes since; reads no older ones.
        """
        if not changes:
            return
        self._undo = None
        self.is_dirty = True
        first = position(changes[0])
        since = changes if first > before else self._since(first)
        if since is None:
            self.replay()
            return
        for change in since:
            self.apply(change)

    def _since(self, first: Position) -> list[Change] | None:
        """All changes from a position on, in order, to be applied once more.

        The last setting of a field wins, so what is before them does not matter.

        Returns:
            ``None`` if it does: views are in the order in which they were first saved.
        """
        if not self._journal.is_sorted:
            return None
        newest_first = self._journal.newest_first()
        changes = list(takewhile(lambda change: position(change) >= first, newest_first))[::-1]
        has_views = any(edit.table == "views" for change in changes for edit in change.edits)
        return None if has_views else changes

    def replay(self) -> list[Change]:
        """Rebuilds the state from all changes. Cost: reads the whole journal."""
        self.clear()
        self._undo = None
        changes = self._journal.read()
        for change in changes:
            self.apply(change)
        super().adopt(self._adopted)
        self.is_dirty = True
        return changes

    def _compare(self, snapshot: Snapshot, changes: list[Change]) -> None:
        """Tells what a snapshot has that the journal lacks.

        What another machine's files lack will come with them; until then it does not count, so
        that machines with the same journals show the same. What this machine's own files lack, or
        what is damaged, nobody else will bring.
        """
        behind = self._journal.lacks(snapshot.extents)
        counts = Counter(change.machine for change in changes)
        is_short = any(counts[machine] < count for machine, count in snapshot.counts.items())
        self.is_snapshot_ahead = bool(behind) or is_short
        own = set(filter(self._journal.is_own, behind))
        is_damaged = any(map(behind.__contains__, self._journal.damaged_files))
        if not (own or is_damaged or is_short or (behind and snapshot.is_restored)):
            return
        later = {e[:3] for c in changes if c.rev > snapshot.last_rev for e in c.edits}
        knows_all = behind == own and self._journal.extents.keys() <= snapshot.extents.keys()
        self.lost = tuple(snapshot.state.missing_from(self, later, removals=knows_all))

    def adopt(self, ids: Iterable[str]) -> None:
        """See ``State.adopt``."""
        ids = list(ids)
        self._adopted |= dict.fromkeys(ids)
        super().adopt(ids)

    def newest_first(self) -> Iterator[Change]:
        """All changes of all machines, the last first. Cost: as they are asked for."""
        return self._journal.newest_first()

    def history(self) -> list[Change]:
        """All changes of all machines, oldest first. Cost: reads the whole journal."""
        return sorted(self.newest_first(), key=position)

    def decided_with(
        self, ids: Collection[str], keys_of: Callable[[str], Collection[str]], *, is_live: bool
    ) -> Iterator[FieldUpdate]:
        """The updates that undo, or redo, what imports decided and nothing has changed since.

        Of a change with other imports, too, that is what it decided about papers of these alone.

        Args:
            keys_of: From the id of an import to the keys of its papers.
            is_live: Whether to redo them.

        Cost: reads the whole journal.
        """
        known: set[str] = set()  # later, an import is only redone
        for change in self.history():
            if change.undoes or change.redoes:
                continue
            imports = {e.id for e in change.edits if e.table == "imports" and e.now} - known
            known |= imports
            if imports.isdisjoint(ids):
                continue
            edits = self.unchanged_edits(change, after=not is_live)
            if others := imports.difference(ids):
                live = filter(self.all_imports().get, others)
                elsewhere = {key for id in live for key in keys_of(id)}
                own = {key for id in imports.intersection(ids) for key in keys_of(id)} - elsewhere
                edits = tuple(edit for edit in edits if edit.table == "papers" and edit.id in own)
            for edit in edits:
                if edit.table != "imports":
                    yield edit.table, edit.id, edit.field, edit.now if is_live else edit.was

    def newest_own(self) -> Iterator[Change]:
        """The changes of this machine, the last first. Cost: as they are asked for."""
        return self._journal.newest_own()

    def rows_by_month(self, path: Path | None, add_up: AddUp) -> Iterator[Row]:
        """The rows that a function makes of the changes by month; see ``months.rows_by_month``."""
        return rows_by_month(self._journal.folder, dict(self._journal.extents), path, add_up)

    @property
    def change_count(self) -> int:
        """The number of all changes."""
        return self._journal.count

    def verify(self) -> list[tuple[Path, int]]:
        """File and line of all damaged lines. Cost: reads the whole journal."""
        journal = Journal(self._journal.folder, self._journal.machine)
        journal.read()
        return journal.damaged

    @property
    def damaged_lines(self) -> list[tuple[Path, int]]:
        """File and line, from 1, of what could not be read in the journal."""
        return list(self._journal.damaged)

    # Changing

    def change(self, verb: str, updates: Iterable[FieldUpdate]) -> Change | None:
        """Makes one change; see ``Library.change``."""
        self._catch_up()
        change = self.plan(verb, updates)
        return change and self._write(change)

    def plan(self, verb: str, updates: Iterable[FieldUpdate]) -> Change | None:
        """The change that ``change`` would make; ``None`` if no value differs."""
        edits = self.edits(updates)
        return self._next(verb, edits) if edits else None

    def _catch_up(self) -> None:
        if self._journal.is_behind:  # by another instance that bypassed the lock
            self.refresh()

    def _next(self, verb: str, edits: tuple[Edit, ...]) -> Change:
        """The next change of this machine."""
        return Change(
            rev=max(self.last_rev, self._journal.last[0]) + 1,
            machine=self._journal.machine,
            at=self.timestamp(),
            verb=verb,
            edits=edits,
            request=self.request,
        )

    def _write(self, change: Change) -> Change:
        self._journal.append(change)
        self.has_written = True
        self.apply(change)
        if self._undo is not None:
            self._undo.remember(change)
        self.is_dirty = True
        return change

    def recover(self) -> Change | None:
        """Makes a change of what this machine's journal lost; see ``lost``."""
        change = self.change("recover", (each for each in self.lost if each[2] not in STAMPS))
        self.lost = ()
        return change

    def show_lost(self) -> None:
        """Restores what the journal lost in memory alone, where it cannot be written."""
        for table, id, name, value in self.lost:
            self.set_field(table, id, name, value)

    @property
    def undo_history(self) -> UndoHistory:
        """The changes that can be undone and redone."""
        if self._undo is None:
            self._undo = UndoHistory(self.newest_first)
        return self._undo

    def _is_own(self, change: Change) -> bool:
        """Whether this machine made it: what another made is not the user's last act."""
        return change.machine == self._journal.machine

    def undo(self, change: Change | None = None) -> Change:
        """Undoes this machine's last step that is not undone yet, or a given change.

        See ``Library.undo``.

        Raises:
            PapersError: If there is none, or all its values have changed since.
        """
        self._catch_up()
        if change is None:
            done = next(self.undoable(), ())
            if not done:
                has_others = next(self.undo_history.done(), None) is not None
                hint = (
                    "papers-tui undo --only ID undoes another machine's change; see papers-tui log."
                )
                raise PapersError("Nothing to undo", hint if has_others else "")
        elif change.undoes:
            undone = self.undo_history.undone_of(change.undoes[::-1])
            if not undone:
                raise PapersError("What this undid is already redone")
            return self._redo(undone)
        else:
            done = self.undo_history.done_of(change.redoes or (change.id,))
            if not done:
                raise PapersError("This change is already undone")
        undo = self.undo_all(done)
        if undo is None:
            raise PapersError("This change cannot be undone: its values have changed since")
        return undo

    def undo_all(self, changes: Sequence[Change]) -> Change | None:
        """Undoes changes, newest first, by one change; see ``Library.undo_all``."""
        self._catch_up()
        undone, edits = step_of(changes, self.value, is_undo=True)
        if not edits:
            return None
        ids = tuple(change.id for change in undone)
        return self._write(replace(self._next(undo_verb(undone), edits), undoes=ids))

    def redo(self) -> Change:
        """Redoes what this machine undid last, by one undo.

        Raises:
            PapersError: If there is nothing, or all its values have changed since.
        """
        self._catch_up()
        changes = next(self.redoable(), None)
        if changes is None:
            raise PapersError("Nothing to redo")
        return self._redo(changes)

    def _redo(self, changes: Sequence[Change]) -> Change:
        """Redoes changes, oldest first, by one change."""
        redone, edits = step_of(changes, self.value, is_undo=False)
        if not edits:
            raise PapersError("This cannot be redone: its values have changed since")
        ids = tuple(change.id for change in redone)
        return self._write(replace(self._next(redo_verb(redone), edits), redoes=ids))

    def undoable(self) -> Iterator[Sequence[Change]]:
        """The steps that ``undo`` can undo, in its order: the changes of each step, newest first.

        A step is a change of this machine, or what it redid by one redo. A change whose values were
        all overwritten by another machine cannot be undone.
        """
        seen: set[str] = set()
        for change in self.undo_history.done() if self._journal.has_own else ():
            if change.id not in seen and self._is_own(change) and self.unchanged_edits(change):
                step = self.undo_history.redone_with(change)
                is_own = step is not None and step.machine == self._journal.machine
                changes = self.undo_history.done_of(step.ids) if step and is_own else [change]
                seen.update(each.id for each in changes)
                yield list(filter(self._is_own, changes))

    def redoable(self) -> Iterator[Sequence[Change]]:
        """The steps that ``redo`` can redo, in its order: the changes of each step, oldest first.

        A step is what this machine undid by one undo.
        """
        for step in self.undo_history.undone() if self._journal.has_own else ():
            if step.machine == self._journal.machine:
                changes = self.undo_history.undone_of(step.ids[::-1])
                if step_of(changes, self.value, is_undo=False)[1]:
                    yield changes

    def checkpoint(self) -> None:
        """Writes the snapshot. Cost: rewrites its file.

        Raises:
            LibraryError: If it cannot be written; the journal has everything.
        """
        extents = self._journal.summed_extents()
        folder = self._journal.folder
        damaged = ((path.relative_to(folder).as_posix(), n) for path, n in self._journal.damaged)
        self._file.write(self, extents, damaged)
        self.is_dirty = False
        self.has_written = True

    def close(self) -> None:
        """Closes the journal."""
        self._journal.close()
