"""Rows to choose from, with the mark of the cursor that the papers have."""

from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import OptionList

from tui.ui.glyphs import Glyphs


class MarkedRows(OptionList):
    """Rows whose first column, which is blank, marks the one at the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"marked-rows--cursor"}

    def __init__(self, glyphs: Glyphs, id: str) -> None:
        super().__init__(id=id, markup=False, compact=True)
        self._mark = glyphs.cursor

    def render_line(self, y: int) -> Strip:
        """A line, with the mark if its row is the one at the cursor."""
        strip = super().render_line(y)
        row = next((each.style.meta.get("option") for each in strip if each.style), None)
        if row is None or row != self.highlighted:
            return strip
        style = self.get_component_rich_style("marked-rows--cursor")
        return Strip.join([Strip([Segment(self._mark, style)]), strip.crop(1)])
