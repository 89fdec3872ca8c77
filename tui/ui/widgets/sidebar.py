"""The sidebar of wide terminals: statuses, views, lists and tags with their counts."""

from collections.abc import Iterable
from typing import Final

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.actions.keymap import display_key
from tui.actions.registry import Binding
from tui.library import Library
from tui.listing.shown import Shown
from tui.listing.states import STATES
from tui.listing.titles import list_query
from tui.model.text import sanitize
from tui.query import Field, split_order

WIDTH: Final = 25
_KEY: Final = 3
"""Columns of the key after the number, of at most two characters."""


class Sidebar(OptionList):
    """Queries to choose from."""

    shown: reactive[Shown | None] = reactive(None, repaint=False)

    def __init__(self, bindings: Iterable[Binding]) -> None:
        """Begins empty; some of the bindings show a query."""
        super().__init__(id="sidebar", markup=False)
        rows = [each for each in bindings if each.keys and each.line.startswith("show-query")]
        self._keys = {
            row.line.removeprefix("show-query").strip(): display_key(row.keys[0])
            for row in reversed(rows)
        }
        """The keys of queries."""
        self.library: Library | None = None
        """``None`` until it is loaded."""
        self._rows: list[tuple[str, int | None, str | None]] = []
        self._shown_query: str | None = None

    def query_of(self, row: int) -> str | None:
        """The query of a row; ``None`` for a heading."""
        return self._rows[row][2] if row < len(self._rows) else None

    def watch_shown(self, old: Shown | None, new: Shown | None) -> None:
        """Updates the counts after the next refresh, unless only the cursor moved."""
        if old is None or new is None or old.revision != new.revision:
            self.call_after_refresh(self._count)

    def on_resize(self) -> None:
        """Updates the counts when the sidebar comes on screen."""
        self._count()

    def _count(self) -> None:
        if self.library is None or not self.size.width:
            return
        rows, query = _rows(self.library), self.shown.query.text.strip() if self.shown else ""
        query = query if any(query == row[2] for row in rows) else split_order(query)[0]
        if (rows, query) != (self._rows, self._shown_query):
            self._rows, self._shown_query = rows, query
            highlighted = self.highlighted
            queries = [row[2] for row in rows]
            firsts = {query: queries.index(query) for query in queries}
            self.set_options(
                Option(self._row(*row, is_first=firsts[row[2]] == number), disabled=row[2] is None)
                for number, row in enumerate(rows)
            )
            self.highlighted = highlighted

    def _row(self, name: str, count: int | None, query: str | None, *, is_first: bool) -> Content:
        """A row; of several with one query, the first is marked as current and has the key."""
        if query is None:
            return Content.styled(name, "bold")
        number = f"{count:,}" if count is not None else ""
        room = WIDTH - _KEY - len(number)
        label = Content.styled(
            sanitize(name), "bold $accent" if is_first and query == self._shown_query else ""
        )
        label = label.truncate(room - 2, ellipsis=True)
        gap = " " * (room - 1 - label.cell_length)
        key = (self._keys.get(query, "") if is_first else "").rjust(_KEY)
        return Content.assemble(label, gap, (number, "$muted"), (key, "$accent"))


def _rows(library: Library) -> list[tuple[str, int | None, str | None]]:
    """Name, count and query of each row; headings have no query."""
    counts = library.counts()
    rows: list[tuple[str, int | None, str | None]] = [
        (each.title, each.count(counts), each.query) for each in STATES if each.count
    ]
    if views := library.state.views():
        rows += [("", None, None), ("Views", None, None)]
        for number, (name, query) in enumerate(views.items(), 1):
            rows.append((f"{number} {name}" if number < 10 else f"  {name}", None, query))
    if lists := library.state.lists():
        rows += [("", None, None), ("Lists", None, None)]
        rows += [(each.name, len(each.keys), list_query(each.name)) for each in lists]
    if tags := library.search.counts(Field.TAG):
        rows += [("", None, None), ("Tags", None, None)]
        rows += [(f"#{name}", count, f"tag:{name}") for name, count in tags.items()]
    return rows
