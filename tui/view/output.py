"""The screen for what a command printed."""

from collections.abc import Iterator

from textual.content import Content

from tui.library import Library
from tui.text import safe
from tui.view.listing import ListingScreen
from tui.view.marks import Marks
from tui.view.rows import Row
from tui.view.table import OUTPUT_TABLE


class OutputScreen(ListingScreen[None]):
    """Lines of text under the command they came from."""

    rows = OUTPUT_TABLE

    def __init__(self, library: Library, marks: Marks, command: str, text: str) -> None:
        """Args are the library, the glyphs, the line that was run and what it printed."""
        super().__init__(library, marks)
        self._command = command
        self._text = text

    def heading(self) -> Content:
        """The command."""
        return Content.styled(f":{safe(self._command)}", "bold")

    def make_rows(self) -> Iterator[Row]:
        """What it printed, broken at the edge of the screen."""
        width = max(self.app.size.width - 2, 20)
        for line in self._text.rstrip("\n").split("\n"):
            shown = Content(safe(line.expandtabs(2)))
            for part in shown.wrap(width) if shown.cell_length > width else [shown]:
                yield Row(part)
