"""The screen for what a command printed."""

from collections.abc import Iterator

from textual.content import Content

from tui.library import Library
from tui.model.text import sanitize
from tui.ui.bindings import OUTPUT_TABLE
from tui.ui.glyphs import Glyphs
from tui.ui.screens.base import ListScreen
from tui.ui.widgets.row_list import Row


class OutputScreen(ListScreen[None]):
    """Lines of text under the command they came from."""

    rows = OUTPUT_TABLE

    def __init__(self, library: Library, marks: Glyphs, command: str, text: str) -> None:
        """Args are the library, the glyphs, the line that was run and what it printed."""
        super().__init__(library, marks)
        self._command = command
        self._text = text

    def heading(self) -> Content:
        """The command."""
        return Content.styled(f":{sanitize(self._command)}", "bold")

    def make_rows(self) -> Iterator[Row]:
        """What it printed, broken at the edge of the screen."""
        width = max(self.app.size.width - 2, 20)
        for line in self._text.rstrip("\n").split("\n"):
            shown = Content(sanitize(line.expandtabs(2)))
            for part in shown.wrap(width) if shown.cell_length > width else [shown]:
                yield Row(part)
