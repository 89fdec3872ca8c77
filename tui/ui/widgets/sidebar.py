"""The sidebar of wide terminals: views, lists and tags, with what is unread in each."""

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.library import Library
from tui.model.state import Status
from tui.model.text import sanitize
from tui.query import Field

WIDTH = 25


class Sidebar(OptionList):
    """Queries to choose from."""

    def __init__(self, id: str) -> None:
        """Begins empty."""
        super().__init__(id=id, markup=False, compact=True)
        self._queries: list[str | None] = []
        self._drawn: list[tuple[str, int | None, str | None]] = []

    def query_of(self, place: int) -> str | None:
        """The query of a row; ``None`` for a heading."""
        return self._queries[place] if place < len(self._queries) else None

    def show(self, library: Library) -> None:
        """Shows what a library has now."""
        counts = library.counts()
        rows: list[tuple[str, int | None, str | None]] = [
            ("Unread", counts.unread, "is:unread"),
            ("Reading", counts.by_status.get(Status.READING, 0), "is:reading"),
            ("Starred", counts.starred, "is:starred"),
            ("Read", counts.by_status.get(Status.READ, 0), "is:read"),
            ("Dismissed", counts.by_status.get(Status.DISMISSED, 0), "is:dismissed"),
            ("All", counts.total, ""),
        ]
        if views := library.views():
            rows += [("", None, None), ("Views", None, None)]
            for number, (name, query) in enumerate(views.items(), 1):
                rows.append((f"{number} {name}" if number < 10 else f"  {name}", None, query))
        lists = library.lists()
        if lists:
            rows += [("", None, None), ("Lists", None, None)]
            rows += [(held.name, len(held.keys), f'list:"{held.name}"') for held in lists]
        tags = library.index.counts(Field.TAG)
        if tags:
            rows += [("", None, None), ("Tags", None, None)]
            rows += [(f"#{name}", count, f"tag:{name}") for name, count in tags.items()]
        if rows == self._drawn:
            return
        self._drawn = rows
        highlighted = self.highlighted
        self._queries = [query for _, _, query in rows]
        self.set_options(Option(_row(*row), disabled=row[2] is None) for row in rows)
        self.highlighted = highlighted


def _row(name: str, count: int | None, query: str | None) -> Content:
    if query is None:
        return Content.styled(name, "bold")
    number = f"{count:,}" if count is not None else ""
    label = Content(sanitize(name)).truncate(WIDTH - len(number) - 2, ellipsis=True)
    gap = " " * max(1, WIDTH - 1 - label.cell_length - len(number))
    return Content.assemble(label, gap, (number, "$muted"))
