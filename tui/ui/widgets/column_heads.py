"""The row above a list that names its columns; a click sorts by one, and again reverses it."""

from collections.abc import Sequence
from typing import Final

from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from tui.listing.shown import Shown
from tui.query import ORDERS, Field
from tui.ui.glyphs import Glyphs
from tui.ui.widgets import columns
from tui.ui.widgets.columns import Column

_SPARSE: Final = {str(field): field for field in (Field.UPVOTES, Field.COMMENTS, Field.DATE)}
"""Facts that many sources do not have: without any of them, titles stand in their place."""


class ColumnHeads(Static):
    """Headings above the columns of a list, and an arrow for the order."""

    shown: reactive[Shown | None] = reactive(None, repaint=False)
    """What is listed, and in which order."""
    columns: reactive[Sequence[Column]] = reactive((), repaint=False)
    """From left to right."""

    def __init__(self, glyphs: Glyphs, before: int, after: int) -> None:
        """Begins without columns.

        Args:
            before: Cells of a row before its title.
            after: Cells of a row that are left free at its end.
        """
        super().__init__(id="heads", markup=False)
        self.auto_links = False  # what can be clicked keeps its colours
        self._glyphs = glyphs
        self._before, self._after = before, after

    def watch_shown(self, old: Shown | None, new: Shown | None) -> None:
        """Moves the arrow, makes room for reasons, and names what is there."""
        if old is None or new is None or old.sort != new.sort or old.results is not new.results:
            self._draw()

    def watch_columns(self) -> None:
        """Shows other headings."""
        self._draw()

    def on_resize(self) -> None:
        """Fits the headings to the width."""
        self._draw()

    def _draw(self) -> None:
        room = self.size.width - self._before - self._after
        line, shown = Content(), self.columns
        if self.shown is not None and self.shown.results.is_explained:
            shown = columns.with_grounds(shown, room)
        for column, after in columns.placed(shown, room):
            if column.label and self._is_filled(column):
                heading = self._heading(column.id, column.short or column.label)
                pad = " " * (column.width - heading.cell_length)
                parts = (pad, heading) if column.is_right else (heading, pad)
                cell = _sorting(column.id, Content.assemble(*parts))
                line = Content.assemble(cell, " " * (after - line.cell_length), line)
        title = self._heading(Field.TITLE, "Title")
        gap = " " * (room - title.cell_length - line.cell_length)
        title = _sorting(Field.TITLE, Content.assemble(title, gap))
        self.update(Content.assemble(" " * self._before, title, line), layout=False)

    def _is_filled(self, column: Column) -> bool:
        """Whether any of the papers has something in a column."""
        field = _SPARSE.get(column.id)
        return field is None or self.shown is None or self.shown.results.has(field)

    def _heading(self, id: str, text: str) -> Content:
        """A heading, with an arrow if the rows are sorted by it."""
        sort = self.shown.sort if self.shown else None
        if sort is not None and sort.by == id:
            is_up = (id == Field.TITLE) != sort.reverse
            text += f" {self._glyphs.up if is_up else self._glyphs.down}"
        return Content(text)


def _sorting(id: str, cell: Content) -> Content:
    """The cell of a heading, a click on which sorts by its column if there is such an order."""
    if id not in ORDERS:
        return cell
    return cell.stylize(Style.from_meta({"@click": f"screen.run_command({f'sort {id}'!r})"}))
