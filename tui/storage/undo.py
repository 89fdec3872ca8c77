"""The undo history, read back from the journal as far as needed."""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from typing import Final

from tui.errors import LibraryError
from tui.model.state import Change
from tui.model.undo import Step, UndoStack, is_new
from tui.storage.journal_lines import Position, position

_PAGE: Final = 64
"""Changes read at first; each further page doubles what was read."""


class UndoHistory:
    """The changes that can be undone and redone.

    The last changes alone say what can be undone of them, if the changes that they undo and redo
    are among them.
    """

    def __init__(self, newest_first: Callable[[], Iterator[Change]]) -> None:
        """Reads nothing yet; ``newest_first`` begins to read all changes, the last first."""
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
            for change in islice(reversed(self._stack.done.values()), number, None):
                number += 1
                yield change
            if self._is_whole:
                return
            self._read()

    def redone_with(self, change: Change) -> Step | None:
        """The last redo of a change that can be undone; ``None`` if it was never undone."""
        return self._stack.redone.get(change.id)

    def undone(self) -> Iterator[Step]:
        """The steps that can be redone, the next one first; see ``undone_of``."""
        # A new change ends all redoing, so what is before it does not matter.
        self._read_until(lambda: any(map(is_new, self._changes)))
        return reversed(self._stack.steps)

    def undone_of(self, ids: Sequence[str]) -> list[Change]:
        """The changes that are undone, of those with some ids, in the order of their ids.

        Cost: reads back to all of them.
        """
        self._read_to(ids)
        undone = self._stack.former | self._stack.undone
        return [undone[id] for id in ids if id in undone]

    def done_of(self, ids: Sequence[str]) -> list[Change]:
        """The changes that can be undone, of those with some ids, the last first.

        Cost: reads back to all of them.
        """
        self._read_to(ids)
        wanted = set(ids)
        return [change for id, change in reversed(self._stack.done.items()) if id in wanted]

    def done_since(self, change: Change) -> list[Change]:
        """The changes that can be undone, the last first, and all of those back to a change.

        Cost: reads back to it.
        """
        self._read_until(lambda: self._reaches(position(change)))
        return list(reversed(self._stack.done.values()))

    def _reaches(self, place: Position) -> bool:
        return bool(self._changes) and position(self._changes[0]) <= place

    def _read_to(self, ids: Collection[str]) -> None:
        self._read_until(lambda: {change.id for change in self._changes}.issuperset(ids))

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
        needed = {id for change in self._changes for id in change.redoes}
        for change in reversed(self._changes):
            needed.update(change.undoes)
            if is_new(change):
                break
        return needed.issubset(change.id for change in self._changes)
