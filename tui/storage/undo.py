"""What can be undone and redone, derived from the changes."""

from collections.abc import Iterable
from dataclasses import replace

from tui.model.state import Change


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
        elif change.is_undoable:
            self.done.append(change)
            self.undone.clear()


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
