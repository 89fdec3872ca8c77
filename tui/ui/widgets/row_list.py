"""A list of plain rows: draws only those on screen, and passes over headings.

It shows what it is given and says where its cursor is. It knows no library.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    content: Content
    id: str = ""
    """What the row stands for; empty for a heading or a remark, which the cursor passes over."""


class Rows(ScrollView, can_focus=True):
    """Rows of one line each, one of them under the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor"}

    @dataclass
    class Opened(Message):
        """A row was clicked a second time."""

    def __init__(self, id: str | None = None) -> None:
        """Begins empty."""
        super().__init__(id=id)
        self.rows: list[Row] = []
        self._cursor = 0
        self._stops: list[int] = []

    @property
    def here(self) -> str:
        """What is under the cursor; empty if there is nothing."""
        return self.rows[self._cursor].id if self._stops else ""

    @property
    def page(self) -> int:
        """Rows on screen."""
        return max(1, self.scrollable_content_region.height)

    def show(self, rows: Iterable[Row], *, keep: str | None = None) -> None:
        """Shows other rows; the cursor stays on what it stood for, or at the same height.

        Args:
            rows: The rows.
            keep: What to put the cursor on; ``None`` for what it is on.
        """
        wanted = self.here if keep is None else keep
        stop = self._stops.index(self._cursor) if self._stops else 0
        self.rows = list(rows)
        self._stops = [place for place, row in enumerate(self.rows) if row.id]
        found = next((place for place in self._stops if self.rows[place].id == wanted), None)
        if found is None and self._stops:
            found = self._stops[min(stop, len(self._stops) - 1)]
        self._cursor = found or 0
        self.virtual_size = Size(self.size.width, len(self.rows))
        self._reveal()
        self.refresh()

    def move(self, by: int) -> None:
        """Moves the cursor by so many rows that are no headings; without any, scrolls."""
        if not self._stops:
            self.scroll_relative(y=by, animate=False)
        else:
            stop = self._stops.index(self._cursor) + by
            self._cursor = self._stops[min(max(stop, 0), len(self._stops) - 1)]
            self._reveal()
            self.refresh()

    def _reveal(self) -> None:
        """Scrolls to the cursor, and to the heading above the first row."""
        top = 0 if self._stops and self._cursor == self._stops[0] else self._cursor
        height = self._cursor - top + 1
        self.scroll_to_region(Region(0, top, 1, height), animate=False, force=True)

    def _on_resize(self, event: events.Resize) -> None:
        self.virtual_size = Size(self.size.width, len(self.rows))
        self._reveal()

    async def _on_click(self, event: events.Click) -> None:
        place = event.y + self.scroll_offset.y
        if place in self._stops:
            if place == self._cursor and event.chain > 1:
                self.post_message(self.Opened())
            self._cursor = place
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.size.width
        place = y + self.scroll_offset.y
        if place >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        at_cursor = bool(self._stops) and place == self._cursor
        names = ("rows--cursor",) if at_cursor else ()
        style = self.get_visual_style(*names) if names else self.visual_style
        content = self.rows[place].content.truncate(width - 2, ellipsis=True)
        drawn = Visual.to_strips(
            self, Content.assemble(" ", content), width, 1, style, apply_selection=False, pad=True
        )
        return drawn[0].adjust_cell_length(width, style.rich_style)
