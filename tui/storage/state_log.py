"""The state on disk: the journal, and a snapshot of it.

A change is durable before it is in memory. The caller is responsible for the lock.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tinydb import TinyDB
from tinydb.middlewares import CachingMiddleware

from tui.errors import PapersError
from tui.model.state import Change, FieldUpdate
from tui.storage.journal import Journal
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.state import State
from tui.storage.undo import UndoStack

_TABLES: Final = ("decisions", "lists", "views", "imports", "joins", "aliases", "journal")


class StateLog(State):
    """The state of one library, its changes, and what can be undone.

    Changed through ``Library``, which has the lock.
    """

    def __init__(
        self, journal: Journal, file: AtomicJSONStorage, timestamp: Callable[[], str]
    ) -> None:
        """Reads nothing yet; see ``load``.

        Args:
            journal: The changes.
            file: The snapshot.
            timestamp: The time now, ISO 8601 in UTC.
        """
        super().__init__()
        self.is_dirty = False
        """Whether the snapshot is out of date."""
        self.request: str | None = None
        """The request to which changes belong; see ``Library.requested``."""
        self._journal = journal
        self._file = file
        # All tables are read and written at once.
        self._cache = CachingMiddleware(lambda: file)  # type: ignore[no-untyped-call]
        self._database = TinyDB(storage=self._cache)
        self._timestamp = timestamp
        self._undo_stack: UndoStack | None = None

    # Reading

    def load(self, aliases: Mapping[str, str]) -> None:
        """Loads the snapshot, and applies later changes from the journal.

        Args:
            aliases: Keys that stand for another paper, and its key.

        Raises:
            LibraryError: If the snapshot is damaged, or a file cannot be read.
        """
        self.aliases = dict(aliases)
        self._database.tables()  # reads and checks the file
        try:
            tables = {name: self._database.table(name).all() for name in _TABLES}
            self.load_tables(tables)
            stored = {str(row["alias"]): str(row["key"]) for row in tables["aliases"]}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            reason = f"a decision has an invalid field: {error}"
            raise self._file.error(reason) from error
        finally:
            self._cache.cache = None
        self._replay(anew=stored != self.aliases)

    def set_aliases(self, aliases: Mapping[str, str]) -> None:
        """Sets the keys that stand for another paper: the states of both become one, or two again.

        Cost: if they differ, reads the journal, and applies all changes anew.
        """
        if aliases == self.aliases:
            return
        tables = self.tables()
        self.clear()
        self.aliases = dict(aliases)
        self.load_tables(tables)
        self._replay(anew=True)
        self.is_dirty = True

    def refresh(self) -> list[Change]:
        """Applies changes by other machines and instances; see ``Library.refresh``."""
        changes = self._journal.follow()
        if not changes:
            return []
        self._undo_stack = None
        if (changes[0].rev, changes[0].machine) > self._latest:
            self._apply_all(changes)
        else:  # out of order, or from a replaced file
            self._replay()
        return changes

    @property
    def _latest(self) -> tuple[int, str]:
        """The position of the last applied change in the order of all."""
        last_revs = self.last_rev_by_machine.items()
        return max(((rev, machine) for machine, rev in last_revs), default=(0, ""))

    def _replay(self, *, anew: bool = False) -> None:
        """Applies changes of the journal that the state lacks, or all.

        If earlier changes of another machine have arrived, all are replayed in order; unless the
        journal lacks changes of the snapshot: those are kept, and the new ones applied after them.
        """
        last_revs, counts = self.last_rev_by_machine, self.change_count_by_machine
        changes = self._journal.read()
        new = [c for c in changes if c.rev > last_revs.get(c.machine, 0)]
        seen = Counter(c.machine for c in changes if c.rev <= last_revs.get(c.machine, 0))
        is_late = bool(new) and (new[0].rev, new[0].machine) < self._latest
        is_whole = all(seen[machine] >= count for machine, count in counts.items())
        if is_whole and (is_late or anew or seen != Counter(counts)):
            imports = self.imports()
            self.clear()
            self._apply_all(changes)
            self.adopt(imports)
        else:
            self._apply_all(new)

    def _apply_all(self, changes: list[Change]) -> None:
        for change in changes:
            self.apply(change)
        self.is_dirty = self.is_dirty or bool(changes)

    def history(self) -> list[Change]:
        """All changes of all machines, oldest first. Cost: reads the journal."""
        return Journal(self._journal.folder, self._journal.machine).read()

    @property
    def damaged_lines(self) -> list[tuple[Path, int]]:
        """File and line, from 1, of what could not be read in the journal."""
        return list(self._journal.damaged)

    # Changing

    def change(
        self,
        verb: str,
        updates: Iterable[FieldUpdate],
        *,
        undoes: str | None = None,
        redoes: str | None = None,
    ) -> Change | None:
        """Makes one change; see ``Library.change``."""
        if self._journal.is_behind:  # by another instance that bypassed the lock
            self.refresh()
        change = self.plan(verb, updates, undoes=undoes, redoes=redoes)
        if change is None:
            return None
        self._journal.append(change)
        self.apply(change)
        if self._undo_stack is not None:
            self._undo_stack.remember(change)
        self.is_dirty = True
        return change

    def plan(
        self,
        verb: str,
        updates: Iterable[FieldUpdate],
        *,
        undoes: str | None = None,
        redoes: str | None = None,
    ) -> Change | None:
        """The change that ``change`` would make; ``None`` if no value differs."""
        edits = self.edits(updates)
        if not edits:
            return None
        return Change(
            rev=max(self.last_rev, self._journal.lost_rev) + 1,
            machine=self._journal.machine,
            at=self._timestamp(),
            verb=verb,
            edits=edits,
            undoes=undoes,
            redoes=redoes,
            request=self.request,
        )

    @property
    def undo_stack(self) -> UndoStack:
        """What can be undone and redone, without changes that are not applied yet.

        Cost: reads the journal, the first time.
        """
        if self._undo_stack is None:
            last_revs = self.last_rev_by_machine
            changes = (c for c in self.history() if c.rev <= last_revs.get(c.machine, 0))
            self._undo_stack = UndoStack(changes)
        return self._undo_stack

    def _is_own(self, change: Change) -> bool:
        """Whether this machine made it: what arrives from another is no last act of the user."""
        return change.machine == self._journal.machine

    def _is_done(self, change: Change) -> bool:
        return any(done.id == change.id for done in reversed(self.undo_stack.done))

    def undo(self, change: Change | None = None) -> Change:
        """Undoes this machine's last change that is not undone yet, or a given one.

        See ``Library.undo``.

        Raises:
            PapersError: If there is none, or all its values have changed since.
        """
        if change is None:
            change = next(self.undoable(), None)
            if change is None:
                hint = "The log lists the changes of other machines; undo --only takes their ids."
                raise PapersError("Nothing to undo", hint if self.undo_stack.done else "")
        elif not self._is_done(change):
            raise PapersError(f"“{change.verb}” is already undone")
        edits = self.unchanged_edits(change)
        if not edits:
            raise PapersError(f"“{change.verb}” cannot be undone: its values have changed since")
        updates = [(e.table, e.id, e.field, e.was) for e in reversed(edits)]
        return self._step(inverse(change.verb), updates, undoes=change.id)

    def redo(self) -> Change:
        """Redoes the last undone change of this machine.

        Raises:
            PapersError: If there is none, or all its values have changed since.
        """
        change = next(self.redoable(), None)
        if change is None:
            raise PapersError("Nothing to redo")
        edits = self.unchanged_edits(change, after=False)
        updates = [(e.table, e.id, e.field, e.now) for e in edits]
        return self._step(f"redo {change.verb.removeprefix('redo ')}", updates, redoes=change.id)

    def undoable(self) -> Iterator[Change]:
        """The changes of this machine that ``undo`` can undo, in its order.

        A change whose values were all overwritten by another machine cannot be undone.
        """
        return filter(self.unchanged_edits, filter(self._is_own, reversed(self.undo_stack.done)))

    def redoable(self) -> Iterator[Change]:
        """The changes of this machine that ``redo`` can redo, in its order."""
        own = filter(self._is_own, reversed(self.undo_stack.undone))
        return (change for change in own if self.unchanged_edits(change, after=False))

    def _step(self, verb: str, updates: Iterable[FieldUpdate], **which: str) -> Change:
        change = self.change(verb, updates, **which)
        if change is None:
            raise PapersError(f"“{verb}” would change nothing")
        return change

    def checkpoint(self) -> None:
        """Writes the snapshot. Cost: rewrites its file.

        Raises:
            LibraryError: If it cannot be written; the journal has everything.
        """
        try:
            self._database.drop_tables()
            for name, documents in self.tables().items():
                self._database.table(name).insert_multiple(documents)
            self._cache.flush()  # type: ignore[no-untyped-call]
        finally:
            self._cache.cache = None
        self.is_dirty = False

    def close(self) -> None:
        """Closes the journal."""
        self._journal.close()


def inverse(verb: str) -> str:
    """The verb of a change that undoes another: ``undo read`` for ``read``, and the reverse."""
    if verb.startswith("undo "):
        return f"redo {verb.removeprefix('undo ')}"
    return f"undo {verb.removeprefix('redo ')}"
