"""What can be undone and redone, derived from the changes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from tui.errors import LibraryError
from tui.model.state import Change
from tui.storage.journal_lines import Position, position

_PAGE: Final = 64
"""Changes read at first; each further page doubles what was read."""


class UndoStack:
    """The changes that can be undone, and those that can be redone, each oldest first."""

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        """Adds changes in order."""
        self.done: list[Change] = []
        self.undone: list[Change] = []
        for change in changes:
            self.remember(change)

    def remember(self, change: Change) -> None:
        """Adds the next change, which may be an undo or a redo."""
        if change.undoes:
            _move(change.undoes, change, self.done, self.undone)
        elif change.redoes:
            _move(change.redoes, change, self.undone, self.done)
        elif _is_new(change):
            self.done.append(change)
            self.undone.clear()


def _is_new(change: Change) -> bool:
    """Whether it neither undoes nor redoes another, and can be undone itself."""
    return not (change.undoes or change.redoes) and change.is_undoable


def _move(id: str, by: Change, source: list[Change], target: list[Change]) -> None:
    """Moves the edits of a change that an undo or redo affected; usually all of them.

    Others stay in the source, as their fields may have the same values again later.
    """
    index = next((n for n in range(len(source) - 1, -1, -1) if source[n].id == id), None)
    if index is None:
        return
    touched = {edit[:3] for edit in by.edits}
    change = source.pop(index)
    moved = tuple(edit for edit in change.edits if edit[:3] in touched)
    if remaining := tuple(edit for edit in change.edits if edit[:3] not in touched):
        source.insert(index, replace(change, edits=remaining))
    for n, other in enumerate(target):
        if other.id == id:
            target[n] = replace(other, edits=other.edits + moved)
            return
    if moved:
        target.append(replace(change, edits=moved))


class UndoHistory:
    """What can be undone and redone, read back from the last change as far as needed.

    The last changes alone say what can be undone of them, if the changes that they undo and redo
    are among them.
    """

    def __init__(self, newest_first: Callable[[], Iterator[Change]]) -> None:
        """Reads nothing yet.

        Args:
            newest_first: Begins to read all changes, the last first.
        """
        self._newest_first = newest_first
        self._forget()

    def _forget(self) -> None:
        """Starts over: a reading that failed is at its end, and would look complete."""
        self._older = self._newest_first()
        self._changes: list[Change] = []
        self._stack = UndoStack()
        self._is_whole = False

    def remember(self, change: Change) -> None:
        """Adds the next change, which is in the journal already. Reads nothing."""
        self._changes.append(change)
        self._stack.remember(change)
        if not self._is_closed():
            self._forget()

    def done(self) -> Iterator[Change]:
        """The changes that can be undone, the last first. Cost: reads on as they are asked for."""
        number = 0
        while True:
            while number < len(self._stack.done):
                number += 1
                yield self._stack.done[-number]
            if self._is_whole:
                return
            self._read()

    def undone(self) -> Iterator[Change]:
        """The changes that can be redone, the next first."""
        # A new change ends all redoing, so what is before it does not matter.
        self._read_until(lambda: any(map(_is_new, self._changes)))
        return reversed(self._stack.undone)

    def is_done(self, change: Change) -> bool:
        """Whether a change can be undone. Cost: reads back to it."""
        return any(other.id == change.id for other in self.done_since(change))

    def done_since(self, change: Change) -> list[Change]:
        """The changes that can be undone, the last first, and all of those back to a change.

        Cost: reads back to it.
        """
        self._read_until(lambda: self._reaches(position(change)))
        return self._stack.done[::-1]

    def _reaches(self, place: Position) -> bool:
        return bool(self._changes) and position(self._changes[0]) <= place

    def _read_until(self, is_enough: Callable[[], bool]) -> None:
        while not self._is_whole and not is_enough():
            self._read()

    def _read(self) -> None:
        """Reads back by one page, and on until what its changes undo and redo is there too."""
        while not self._is_whole:
            count = max(_PAGE, len(self._changes))
            try:
                page = list(islice(self._older, count))
            except LibraryError:
                self._forget()
                raise
            self._is_whole = len(page) < count
            self._changes[:0] = reversed(page)
            if self._is_closed():
                break
        self._stack = UndoStack(self._changes)

    def _is_closed(self) -> bool:
        """Whether all changes that must be known to tell what can be undone are known.

        Those that are redone, and those that were undone since the last change that was neither.
        """
        needed = {change.redoes for change in self._changes if change.redoes}
        for change in reversed(self._changes):
            if change.undoes:
                needed.add(change.undoes)
            elif _is_new(change):
                break
        return needed <= {change.id for change in self._changes}
