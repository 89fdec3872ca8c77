"""The columns after the titles of a list: which there are, and how a row fills them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from rich.cells import cell_len

from tui.model.describe import authors, day
from tui.model.fields import Field
from tui.model.state import Item
from tui.model.text import sanitize
from tui.ui.glyphs import Glyphs
from tui.ui.widgets.rows import cut
from tui.values import dataclass

MIN_TITLE: Final = 12
"""Columns are dropped to leave a title at least this many cells."""


class Listed(NamedTuple):
    """A paper in a list."""

    item: Item
    is_lookalike: bool
    """Whether it may be the same paper as another."""
    glyphs: Glyphs
    """The glyphs to draw it with."""
    grounds: str = ""
    """Why it is where it is in the order, in a few words; empty if that is plain."""


@dataclass(frozen=True, slots=True)
class Column:
    """One fact in a place of its own."""

    id: str
    """The order for a click on the heading, if it is one."""
    label: str
    """Its name for users; empty for a mark, which every list has."""
    width: int
    text: Callable[[Listed], str]
    """An empty one leaves the place to the title, unless a column at the left has a text."""
    is_right: bool = True
    """Whether it is aligned to the right."""
    short: str = ""
    """Its heading, if not the label."""

    def aligned(self, text: str, mark: str) -> str:
        """A text as wide as the column, with a mark at its end if it was cut."""
        fitting = cut(text, self.width, mark)
        gap = " " * (self.width - cell_len(fitting))
        return gap + fitting if self.is_right else fitting + gap


def _tags(listed: Listed) -> str:
    return " ".join(f"#{sanitize(tag)}" for tag in listed.item.state.tags)


def _lists(listed: Listed) -> str:
    return ", ".join(map(sanitize, listed.item.state.lists))


def _version(listed: Listed) -> str:
    paper = listed.item.paper
    return f"v{paper.versions[-1]}" if paper.is_updated else ""


def _upvotes(listed: Listed) -> str:
    upvotes = listed.item.paper.upvotes
    return f"{listed.glyphs.upvotes}{upvotes}" if upvotes else ""


COLUMNS: Final = (
    Column(Field.AUTHOR, "Authors", 22, lambda row: authors(row.item.paper), is_right=False),
    Column(Field.TAG, "Tags", 14, _tags, is_right=False),
    Column(Field.LIST, "Lists", 14, _lists, is_right=False),
    Column(Field.COMMENTS, "Comments", 10, lambda row: str(row.item.paper.comments or "")),
    Column(Field.UPDATED, "", 3, _version),
    Column(Field.UPVOTES, "Upvotes", 5, _upvotes, short="Votes"),
    Column("lookalike", "", 1, lambda row: row.glyphs.lookalike if row.is_lookalike else ""),
    Column(Field.ADDED, "Added", 10, lambda row: row.item.added or ""),
    Column(Field.DATE, "Date", 10, lambda row: day(row.item.paper)),
)
"""From left to right."""
DEFAULT: Final = frozenset({str(Field.UPVOTES), str(Field.DATE)})
"""The columns of a list that is not wide, and of one where the user chose none."""


GROUNDS: Final = Column(
    Field.LIKELY, "Why here", 28, lambda row: sanitize(row.grounds), is_right=False
)
"""A column in place of the others where papers are sorted by it, and beside them if wide."""
_WIDE: Final = 100
"""The least cells of a row with it beside the others."""


def grounds_width(room: int) -> int:
    """The cells for a reason beside a title: at most a third of the row."""
    return min(GROUNDS.width, room // 3)


def with_grounds(columns: Sequence[Column], room: int) -> Sequence[Column]:
    """The columns of a list whose order needs a reason for each paper."""
    grounds = replace(GROUNDS, width=grounds_width(room))
    return (grounds, *columns) if room >= _WIDE else (grounds,)


def of(ids: Iterable[str]) -> tuple[Column, ...]:
    """The columns with these ids, and the marks, from left to right."""
    chosen = frozenset(ids)
    return tuple(column for column in COLUMNS if not column.label or column.id in chosen)


def placed(columns: Sequence[Column], room: int) -> Iterator[tuple[Column, int]]:
    """The columns that there is room for, from right to left.

    Args:
        room: The cells of the row, those of the title included.

    Yields:
        A column, and the number of cells after it.
    """
    after = 0
    for column in reversed(columns):
        if room - after - column.width - 1 < MIN_TITLE:
            return
        yield column, after
        after += column.width + 1


def facts_in(columns: Sequence[Column], listed: Listed, room: int) -> str:
    """The facts of a paper in columns, from the first that has one; see ``placed``."""
    line = ""
    for column, after in placed(columns, room):
        if text := column.text(listed):
            gap = " " * (after - cell_len(line))
            line = column.aligned(text, listed.glyphs.ellipsis) + gap + line
    return line
