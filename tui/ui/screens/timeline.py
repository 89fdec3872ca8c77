"""The timeline screen: all changes by day, to be undone from here."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from itertools import groupby, islice
from types import MappingProxyType
from typing import Final

from textual import on
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.actions import history
from tui.actions.phrases import phrase_of
from tui.model.state import Change
from tui.model.text import plural, sanitize
from tui.ui.screens.base import ListScreen, heading
from tui.ui.widgets.page import SPLIT_WIDTH, RowDetail, widest_of
from tui.ui.widgets.rows import broken

_PAGE: Final = 120
"""Changes that are read at first."""
_AHEAD: Final = 40
"""Rows before the last one at which more are read."""
_INDENT: Final = " " * 9
"""Ahead of what goes on below the time."""


class TimelineScreen(ListScreen):
    """All changes, newest first; the result is the papers of one, to show."""

    bindings_of = "timeline"
    has_detail = True

    _limit = _PAGE
    _changes: Mapping[str, Change] = MappingProxyType({})

    def show(self, keep: str | None = None) -> None:
        """Reads the last changes again, as many as are shown."""
        newest_first = self.library.state.newest_first()
        changes = filter(lambda change: change.is_undoable, newest_first)
        self._changes = {change.id: change for change in islice(changes, self._limit)}
        self._has_more = next(changes, None) is not None
        super().show(keep)

    @on(OptionList.OptionHighlighted)
    def _show_more(self, event: OptionList.OptionHighlighted) -> None:
        """Shows twice as many changes where the cursor comes to the last ones."""
        if self._has_more and event.option_index >= event.option_list.option_count - _AHEAD:
            self._limit *= 2
            with self.reporting():
                self.show()

    def title_line(self) -> Content:
        """The number of changes."""
        number = self.library.state.change_count if self._has_more else len(self._changes)
        count = plural(number, "change")
        return Content.assemble(("Timeline", "bold"), (f"  {count}, newest first", "$muted"))

    def build_rows(self) -> Iterator[Option]:
        """The changes by day; undone ones are dim."""
        if not self._changes:
            keys = map(self.workspace.key_for, ("mark.read", "mark.dismissed", "list.add"))
            yield heading("No changes yet. {}, {} or {} on a paper makes one.".format(*keys), "")
        *_, oldest = self._changes.values() or (None,)
        undo = self.library.state.undo_history
        undoable = {change.id for change in undo.done_since(oldest)} if oldest else set()
        by_day = groupby(
            self._changes.values(), key=lambda change: history.changed_at(change).date()
        )
        for place, (day, changes) in enumerate(by_day):
            if place:
                yield heading("")
            yield heading(_day(day))
            for change in changes:
                row = self._row(change, "" if change.id in undoable else "$muted")
                yield Option(row, change.id)

    def _row(self, change: Change, style: str = "") -> Content:
        """The time, and what was done; on wide screens in two lines if it is long."""
        time = Content.styled(f"  {history.changed_at(change):%H:%M}  ", "$muted")
        width = self.row_width - time.cell_length
        if self.app.size.width < SPLIT_WIDTH:
            text = sanitize(history.describe(self.library, change, width))
        else:
            sentence = sanitize(history.describe(self.library, change))
            first, second = (sentence[start:end] for start, end in broken(sentence, width))
            text = f"{first}\n{_INDENT}{second}" if second else first
        return time + Content.styled(text, style)

    def row_detail(self, id: str) -> RowDetail:
        """When it was, the sentence if its row is too short, and the papers, removed ones too."""
        change = self._changes[id]
        keys = self.library.state.keys_of(change)
        papers = self.papers("is:selected", keys) or self.papers("is:selected is:removed", keys)
        at = history.changed_at(change)
        lines = [Content.styled(f"{_day(at.date())}, {at:%H:%M}", "$muted")]
        if len(papers) == 1:  # whose title is shown
            sentence = phrase_of(change)
        else:
            sentence = sanitize(history.describe(self.library, change))
        row = self._row(change)
        is_whole = "".join(sentence.split()) in "".join(row.plain.split())
        if not is_whole or widest_of([row]) > self.row_width:
            lines.insert(0, Content(sentence))
        return RowDetail(lines, papers, self.library.today())

    @property
    def _current(self) -> Change | None:
        """The change at the cursor."""
        return self._changes.get(self.current_id)

    def action_open(self) -> None:
        """Shows its papers."""
        if change := self._current:
            if keys := tuple(k for k in self.library.state.keys_of(change) if k in self.library):
                self.show_papers(keys)
            elif self.library.state.keys_of(change):
                self.say("None of its papers is in this library")
            else:
                self.say("This change has no papers")

    def action_undo(self) -> None:
        """Undoes this change alone."""
        if change := self._current:
            if change.undoes:
                self.say(f"This is an undo; {self.key_for('screen.redo')} redoes the change")
                return
            undo = partial(self.library.undo, change)
            self.change(undo, lambda: change.id, is_slow=history.is_slow([change]), revisits=True)

    def action_undo_since(self) -> None:
        """Undoes this change and all later ones."""
        if change := self._current:
            undoable = self.library.state.undo_history.done_since(change)
            since = [c for c in undoable if (c.rev, c.machine) >= (change.rev, change.machine)]
            undo = partial(history.undo_all, self.library, since)
            is_slow = history.is_slow(since)
            self.change(undo, lambda: change.id, is_slow=is_slow, revisits=True)


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}" if day.year > 1 else "Date unknown"
