"""The timeline screen: all changes by day, to be undone from here."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from itertools import chain, groupby, islice, takewhile
from types import MappingProxyType
from typing import Final

from textual import on
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.actions import history
from tui.actions.find import imports_query
from tui.actions.phrases import phrase_of
from tui.model.layout import plural
from tui.model.state import Change
from tui.model.text import sanitize
from tui.ui.screens.base import NO_LABELS, ListScreen, heading
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
    is_long = True

    _limit = _PAGE
    _changes: Mapping[str, Change] = MappingProxyType({})
    _undone_here: tuple[str, int] | None = None
    """The row of the last "undo since", or of what was undone from there on, and the revision."""
    _done: frozenset[str] = frozenset()
    """The ids of the changes that hold, at least in part, and can be undone."""

    def show(self, keep: str | None = None) -> None:
        """Reads the last changes again, as many as are shown."""
        newest_first = self.library.state.newest_first()
        changes = filter(lambda change: change.is_undoable, newest_first)
        self._changes = {change.id: change for change in islice(changes, self._limit)}
        self._has_more = next(changes, None) is not None
        *_, oldest = self._changes.values() or (None,)
        undo = self.library.state.undo_history
        self._done = frozenset(c.id for c in undo.done_since(oldest)) if oldest else frozenset()
        super().show(keep)

    @on(OptionList.OptionHighlighted)
    def _show_more(self, event: OptionList.OptionHighlighted) -> None:
        """Shows the keys for a row, and twice as many changes where these are the last ones."""
        if self._undone_here is not None and self._undone_here[0] != self.current_id:
            self._undone_here = None  # only an undo right after it goes on
        with self.reporting():
            self.show_keys()
        if self._has_more and event.option_index >= event.option_list.option_count - _AHEAD:
            self._limit *= 2
            with self.reporting():
                self.show()

    def show_keys(self, labels: Mapping[str, str] = NO_LABELS, lead: str = "") -> None:
        """Offers what can be done with the row at the cursor."""
        change = self._current
        if change is not None:
            opens = "open" if self._has_papers(change) else ""
            steps = {"timeline.undo": self._undo_label(change), "timeline.open": opens}
            labels = {**labels, **steps}
        super().show_keys(labels, lead)

    def _undo_label(self, change: Change) -> str:
        """What undoing a change alone does; empty if nothing."""
        if change.undoes:
            return "" if self._done.issuperset(change.undoes) else "redo this"
        return "" if self._done.isdisjoint(change.redoes or (change.id,)) else "undo this"

    def title_line(self) -> Content:
        """The number of changes, and what marks those that are undone."""
        number = self.library.state.change_count if self._has_more else len(self._changes)
        is_marked = any(map(self._is_undone, self._changes.values()))
        mark = f", {self.glyphs.undone} undone" if is_marked else ""
        text = f"  {plural(number, 'change')}{mark}, newest first"
        return Content.assemble(("Timeline", "bold"), (text, "$muted"))

    def _is_undone(self, change: Change) -> bool:
        """Whether nothing of a change holds, or of what it redid; never of an undo."""
        return not change.undoes and self._done.isdisjoint(change.redoes or (change.id,))

    def build_rows(self) -> Iterator[Option]:
        """The changes by day; undone ones are dim and marked, undos and redos are dim."""
        if not self._changes:
            keys = map(self.workspace.key_for, ("mark.read", "mark.dismissed", "list.add"))
            yield heading("No changes yet. {}, {} or {} on a paper makes one.".format(*keys), "")
        by_day = groupby(
            self._changes.values(), key=lambda change: history.changed_at(change).date()
        )
        for place, (day, changes) in enumerate(by_day):
            if place:
                yield heading("")
            yield heading(_day(day))
            for change in changes:
                yield Option(self._row(change), change.id)

    def _row(self, change: Change) -> Content:
        """The time, and what was done; on wide screens in two lines if it is long."""
        mark = self.glyphs.undone if self._is_undone(change) else " "
        time = Content.styled(f"{mark} {history.changed_at(change):%H:%M}  ", "$muted")
        width = self.row_width - time.cell_length
        if self.app.size.width < SPLIT_WIDTH:
            text = sanitize(history.describe(self.library, change, width))
        else:
            sentence = sanitize(history.describe(self.library, change))
            first, second = (sentence[start:end] for start, end in broken(sentence, width))
            text = f"{first}\n{_INDENT}{second}" if second else first
        return time + Content.styled(text, "" if change.id in self._done else "$muted")

    def row_detail(self, id: str) -> RowDetail:
        """When it was, the sentence if its row is too short, and the papers, removed ones too."""
        change = self._changes[id]
        keys = self._keys_of(change)
        papers = self.papers("is:selected", keys) or self.papers("is:selected is:removed", keys)
        at = history.changed_at(change)
        undone = f" {self.glyphs.dot} undone" if self._is_undone(change) else ""
        lines = [Content.styled(f"{_day(at.date())}, {at:%H:%M}{undone}", "$muted")]
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

    def _keys_of(self, change: Change) -> tuple[str, ...]:
        """The papers of a change: also those of an import, and those that it joined."""
        keys = dict.fromkeys(self.library.state.keys_of(change))
        if query := self._imports_of(change):
            keys |= dict.fromkeys(self.papers(query).keys())
        pairs = (edit.id.split(" ") for edit in change.edits if edit.table == "joins")
        keys |= dict.fromkeys(chain.from_iterable(pairs))
        return tuple(keys)

    def _imports_of(self, change: Change) -> str:
        """The query for what imports of a change brought, as far as these are not undone."""
        ids = [edit.id for edit in change.edits if edit.table == "imports"]
        live = (id for id in ids if self.library.state.value("imports", id, "exists"))
        return imports_query(live)

    def _has_papers(self, change: Change) -> bool:
        if self._imports_of(change):  # which is shown at once, also of many
            return True
        return any(key in self.library for key in self._keys_of(change))

    def action_open(self) -> None:
        """Shows its papers."""
        if change := self._current:
            query, keys = self._imports_of(change), self.library.state.keys_of(change)
            if query and set(keys).issubset(self.papers(query).keys()):
                self.show_papers(query)
            elif keys := tuple(key for key in self._keys_of(change) if key in self.library):
                self.show_papers(keys)
            elif self._keys_of(change):
                self.say("None of its papers is in this library")
            else:
                self.say("This change has no papers")

    def action_undo_this(self) -> None:
        """Undoes this change alone; if it is an undo, redoes what that undid."""
        if change := self._current:
            if self._undone_here == (change.id, self.library.state.last_rev):
                self._undo_older()
                return
            if self._is_undone(change):
                self.say(self._undone_hint(change))
                return
            undo, is_slow = partial(self.library.undo, change), history.is_slow([change])
            self.changes.make(undo, lambda: change.id, is_slow=is_slow, revisits=True)

    def _undo_older(self) -> None:
        """Goes on with what is older, as ``u`` does among the papers, and goes to its row."""
        step = next(self.library.state.undoable(), ())
        id = step[-1].id if step else self.current_id
        self.changes.make(
            self.library.undo,
            lambda: self._remain(id),
            is_slow=history.is_slow(step),
            revisits=True,
        )

    def _remain(self, id: str) -> str:
        """The row for the cursor, from which another undo goes on with what is older."""
        self._undone_here = id, self.library.state.last_rev
        return id

    def _undone_hint(self, change: Change) -> str:
        """A message that a change is undone, with the key that redoes it."""
        ids = change.redoes or (change.id,)
        is_next = any(each.id in ids for each in next(self.library.state.redoable(), ()))
        key = self.key_for("screen.redo" if is_next else "timeline.undo")
        return f"Already undone; {key}{'' if is_next else ' on the row that undid it'} redoes it"

    def action_undo_since(self) -> None:
        """Undoes this change and all later ones."""
        if change := self._current:
            undoable = self.library.state.undo_history.done_since(change)
            was_done = self._done_before(change)
            since = [each for each in undoable if not was_done.get(each.id, True)]
            if not since:
                self.say("Nothing to undo since then")
                return
            undo = partial(self.library.undo_all, since)
            is_slow = history.is_slow(since)
            self.changes.make(undo, lambda: self._remain(change.id), is_slow=is_slow, revisits=True)

    def _done_before(self, change: Change) -> dict[str, bool]:
        """Whether a change, each later one, and what they undid or redid held before it; by id."""
        later = takewhile(lambda each: each.id != change.id, self._changes.values())
        was_done: dict[str, bool] = {}
        for each in (change, *reversed(list(later))):
            for id in each.undoes + each.redoes:
                was_done.setdefault(id, bool(each.undoes))
            was_done[each.id] = False
        return was_done


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}" if day.year > 1 else "Date unknown"
