"""Every decision: the journal that is the truth, its snapshot, and what both add up to.

A change is durable before it is in memory. It knows nothing of papers but their keys, and nothing
of locks: who calls it may write.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from tui.errors import PapersError
from tui.model.state import Change, FieldUpdate
from tui.storage.journal import Journal, UndoStack
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.state import State

_TABLES: Final = ("decisions", "lists", "views", "journal")


class StateLog:
    """What was decided in one library folder, and what can be undone of it."""

    def __init__(
        self, journal: Journal, snapshot: AtomicJSONStorage, timestamp: Callable[[], str]
    ) -> None:
        """Reads nothing yet; see ``load``.

        Args:
            journal: The changes.
            snapshot: The file of what they added up to when it was written.
            timestamp: The time now, ISO 8601 in UTC.
        """
        self.ledger = State()
        """What everything adds up to."""
        self.dirty = False
        """Whether the snapshot lacks something."""
        self._journal = journal
        self._snapshot = snapshot
        self._timestamp = timestamp
        self._steps: UndoStack | None = None

    def load(self) -> None:
        """Reads the snapshot, and what the journal has on top of it.

        Raises:
            LibraryError: If the snapshot is damaged, or a file cannot be read.
        """
        tables = self._snapshot.documents()
        try:
            self.ledger.load({name: tables.get(name, []) for name in _TABLES})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            reason = f"a decision has a field that does not fit: {error}"
            raise self._snapshot.error(reason) from error
        self._replay()

    def follow(self) -> list[Change]:
        """Takes in what other machines and instances have decided since; see ``Library.follow``."""
        news = self._journal.follow()
        if not news:
            return []
        self._steps = None
        if (news[0].rev, news[0].machine) > self._latest:
            self._take(news)
        else:  # out of turn, from a file that was replaced, or one of two of the same name
            self._replay()
        return news

    @property
    def _latest(self) -> tuple[int, str]:
        """The place of the last change that is known, in the order of all."""
        covered = self.ledger.covered.items()
        return max(((rev, machine) for machine, rev in covered), default=(0, ""))

    def _replay(self) -> None:
        """Takes in what the journal has and the snapshot has not.

        If another machine's earlier changes have arrived, the order of all decides, so all are
        replayed; unless the journal lacks a change that the snapshot has, which then is kept and
        the news come on top.
        """
        covered, taken = self.ledger.covered, self.ledger.taken
        everything = self._journal.read()
        news = [c for c in everything if c.rev > covered.get(c.machine, 0)]
        known = Counter(c.machine for c in everything if c.rev <= covered.get(c.machine, 0))
        is_late = bool(news) and (news[0].rev, news[0].machine) < self._latest
        is_whole = all(known[machine] >= count for machine, count in taken.items())
        if is_whole and (is_late or known != Counter(taken)):
            self.ledger = State()
            news = everything
        self._take(news)

    def _take(self, news: list[Change]) -> None:
        for change in news:
            self.ledger.apply(change)
        self.dirty = self.dirty or bool(news)

    def change(
        self,
        verb: str,
        settings: Iterable[FieldUpdate],
        *,
        undoes: str | None = None,
        redoes: str | None = None,
    ) -> Change | None:
        """Makes one change; see ``Library.change``."""
        if self._journal.is_behind:  # by another instance that got past the lock
            self.follow()
        edits = self.ledger.edits(settings)
        if not edits:
            return None
        change = Change(
            rev=max(self.ledger.last_rev, self._journal.lost_rev) + 1,
            machine=self._journal.machine,
            at=self._timestamp(),
            verb=verb,
            edits=edits,
            undoes=undoes,
            redoes=redoes,
        )
        self._journal.append(change)
        self.ledger.apply(change)
        if self._steps is not None:
            self._steps.remember(change)
        self.dirty = True
        return change

    def can_undo(self, change: Change) -> bool:
        """Whether anything of a change still stands, so that it can be taken back."""
        known = any(done.id == change.id for done in reversed(self.steps.undoable))
        return known and bool(self.ledger.unchanged_edits(change))

    def undo(self, change: Change | None = None) -> Change:
        """Takes back the last change that was not taken back, or a given one.

        Raises:
            PapersError: If there is none, or if what it touched was changed again since.
        """
        undoable = self.steps.undoable
        if change is None:
            # What another machine has set otherwise since is no step any more.
            change = next((c for c in reversed(undoable) if self.ledger.unchanged_edits(c)), None)
            if change is None:
                raise PapersError("there is nothing to undo")
        elif all(done.id != change.id for done in reversed(undoable)):
            raise PapersError(f"“{change.verb}” was taken back already")
        edits = self.ledger.unchanged_edits(change)
        if not edits:
            raise PapersError(f"“{change.verb}” stays: what it set was changed since")
        settings = [(e.table, e.id, e.field, e.was) for e in reversed(edits)]
        return self._step(f"undo {change.verb}", settings, undoes=change.id)

    def redo(self) -> Change:
        """Does again the last change that was taken back.

        Raises:
            PapersError: If there is none, or if what it touched was changed since.
        """
        redoable = reversed(self.steps.redoable)
        change = next((c for c in redoable if self.ledger.unchanged_edits(c, after=False)), None)
        if change is None:
            raise PapersError("there is nothing to redo")
        edits = self.ledger.unchanged_edits(change, after=False)
        settings = [(e.table, e.id, e.field, e.now) for e in edits]
        return self._step(f"redo {change.verb}", settings, redoes=change.id)

    def _step(self, verb: str, settings: Iterable[FieldUpdate], **which: str) -> Change:
        made = self.change(verb, settings, **which)
        if made is None:
            raise PapersError(f"“{verb}” would change nothing")
        return made

    @property
    def steps(self) -> UndoStack:
        """What can be undone and redone; the journal is read for it when it was not yet.

        A change that came from elsewhere and was not followed is no step here yet.
        """
        if self._steps is None:
            covered = self.ledger.covered
            self._steps = UndoStack(c for c in self.history() if c.rev <= covered.get(c.machine, 0))
        return self._steps

    def history(self) -> list[Change]:
        """All changes of all machines, oldest first. Cost: reads the journal."""
        return Journal(self._journal.folder, self._journal.machine).read()

    @property
    def damaged_lines(self) -> list[tuple[Path, int]]:
        """File and line, from 1, of what the journal could not make sense of."""
        return list(self._journal.damaged)

    def checkpoint(self) -> None:
        """Writes the snapshot. Cost: rewrites its file.

        Raises:
            LibraryError: If it cannot be written; the journal has everything.
        """
        self._snapshot.write(self.ledger.tables())
        self.dirty = False

    def close(self) -> None:
        """Lets go of the journal."""
        self._journal.close()
