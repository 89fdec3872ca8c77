"""The screen of the changes: every one by day, to be taken back from here."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from textual.content import Content

from tui.actions import history, triage
from tui.library import Library
from tui.model.text import plural, sanitize
from tui.ui.bindings import TIMELINE_TABLE
from tui.ui.glyphs import Glyphs
from tui.ui.screens.base import ListScreen
from tui.ui.widgets.row_list import Row

if TYPE_CHECKING:
    from tui.model.state import Change


class TimelineScreen(ListScreen[tuple[str, ...]]):
    """All changes, newest first; gives back the papers of one, to be shown."""

    rows = TIMELINE_TABLE

    def __init__(self, library: Library, marks: Glyphs) -> None:
        """Args are the library and the glyphs."""
        super().__init__(library, marks)
        self._changes: dict[str, Change] = {}

    def show(self, keep: str | None = None) -> None:
        """Reads the journal anew."""
        changes = reversed(self.library.history())
        self._changes = {change.id: change for change in changes if change.is_undoable}
        super().show(keep)

    def heading(self) -> Content:
        """The name of the screen."""
        count = plural(len(self._changes), "change")
        return Content.assemble(("Timeline", "bold"), (f"  {count}, newest first", "$muted"))

    def make_rows(self) -> Iterator[Row]:
        """The changes under their days; what was taken back is dim."""
        if not self._changes:
            yield Row(Content("Nothing was changed yet."))
        unchanged_edits = {change.id for change in self.library.steps.undoable}
        by_day = groupby(self._changes.values(), key=lambda change: history.moment(change).date())
        for place, (day, changes) in enumerate(by_day):
            if place:
                yield Row(Content(""))
            yield Row(Content.styled(_day(day), "bold"))
            for change in changes:
                told = sanitize(triage.tell(self.library, change))
                style = "" if change.id in unchanged_edits else "$faint"
                time = (f"  {history.moment(change):%H:%M}  ", "$muted")
                yield Row(Content.assemble(time, (told, style)), change.id)

    def action_open(self) -> None:
        """Shows the papers it touched."""
        change = self._changes.get(self.here)
        keys = [key for key in change.keys if key in self.library] if change else []
        if keys:
            self.dismiss(tuple(keys))
        elif change:
            self.say("it touched no paper that is here")

    def action_undo(self) -> None:
        """Takes this change back, and no other."""
        if change := self._changes.get(self.here):
            if change.undoes:
                self.say("this took a change back; Ctrl+r does that again")
                return
            with self.reporting():
                self.after(self.library.undo(change), change.id)

    def action_undo_since(self) -> None:
        """Takes this change back and all that came after it."""
        if not (change := self._changes.get(self.here)):
            return
        with self.reporting():
            undoable = self.library.steps.undoable
            later = [c for c in undoable if (c.rev, c.machine) >= (change.rev, change.machine)]
            self.after(history.undo_all(self.library, later[::-1]), change.id)


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}" if day.year > 1 else "at no known time"
