"""The reading list that papers are added to, through renames, deletions and their undoing."""

from collections.abc import Callable

from tui.model.state import Change


class CurrentList:
    """The current list, and those it was before."""

    def __init__(self, find: Callable[[str], str | None], last: str | None) -> None:
        """Begins with that of a saved place.

        Args:
            find: The name that a list has in the library; ``None`` if it is not there.
        """
        self._find = find
        self.name = find(last) if last is not None else None
        """``None`` without one."""
        self._gone = None if self.name else last
        """The one that was deleted; the current one again when that is undone."""
        self._earlier: list[str] = []
        """Those before, the last one last."""

    @property
    def name_to_restore(self) -> str | None:
        """The one for the next start, even if it is gone, as a redo brings it back."""
        return self.name or self._gone

    def choose(self, name: str | None) -> None:
        """Makes another list the current one."""
        if self.name is not None and self.name != name:
            self._earlier.append(self.name)
        self.name = name

    def follow(self, change: Change) -> None:
        """Stays the same list through a change, which may rename it, or undo its creation.

        Then the list before it is the current one again, until it is there again.
        """
        gone = self._gone and _name_after(change, self._gone)
        if gone and (name := self._find(gone)):
            self._gone = None
            self.choose(name)
        elif self.name:
            name = _name_after(change, self.name)
            self.name = self._find(name)
            if self.name is None:
                self._gone = name
                while self.name is None and self._earlier:
                    self.name = self._find(self._earlier.pop())


def _name_after(change: Change, name: str) -> str:
    """The name of a list after a change, which may be a rename or its undo."""
    titles = (edit for edit in change.edits if (edit.table, edit.field) == ("lists", "title"))
    return next((e.now or e.id for e in titles if (e.was or e.id) == name), name)
