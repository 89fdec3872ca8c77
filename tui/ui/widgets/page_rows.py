"""The rows of a screen beside the papers."""

from collections.abc import Sequence

from textual.widgets.option_list import Option

from tui.ui.glyphs import Glyphs
from tui.ui.widgets.marked_rows import MarkedRows


class PageRows(MarkedRows):
    """Rows among which the cursor skips headings."""

    def __init__(self, glyphs: Glyphs, id: str) -> None:
        super().__init__(glyphs, id)
        self.can_focus = False  # its own bindings would bypass the keymap
        self._stops: list[int] = []
        """Numbers of the rows that are not headings."""

    @property
    def has_stops(self) -> bool:
        """Whether there are rows other than headings."""
        return bool(self._stops)

    @property
    def current_id(self) -> str:
        """The id of the row at the cursor; empty if there is none."""
        option = self.highlighted_option
        return option.id or "" if option else ""

    def show(self, options: Sequence[Option], id: str) -> None:
        """Shows other rows, as far down as the ones before.

        Args:
            options: The rows; headings are disabled.
            id: That of the row for the cursor; if there is none, it stays at its position.
        """
        stop = self._stops.index(self.highlighted) if self.highlighted is not None else 0
        self._stops = [row for row, option in enumerate(options) if not option.disabled]
        row = next((row for row in self._stops if options[row].id == id), None)
        if row is None and self._stops:
            row = self._stops[min(stop, len(self._stops) - 1)]
        y = self.scroll_y
        self.set_options(options)
        self.scroll_to(y=y, animate=False, immediate=True)
        self.highlighted = row
        self.reveal()

    def move(self, by: int) -> None:
        """Moves the cursor by rows; scrolls if there are only headings."""
        if self.highlighted is None:
            self.scroll_relative(y=by, animate=False)
        else:
            stop = self._stops.index(self.highlighted) + by
            self.highlighted = self._stops[min(max(stop, 0), len(self._stops) - 1)]
            self.reveal()

    def reveal(self) -> None:
        """Scrolls to the cursor, and to headings above the first row and below the last."""
        self.scroll_to_highlight()
        if self._stops and self.highlighted == self._stops[0]:
            self.scroll_home(animate=False, immediate=True)
        elif self._stops and self.highlighted == self._stops[-1]:
            self.scroll_end(animate=False, immediate=True)
