"""The panel of the keys that can follow a first one."""

from collections.abc import Mapping
from itertools import groupby
from typing import Final

from textual.content import Content
from textual.widgets import Static

from tui.actions.keymap import display_key
from tui.actions.registry import Binding
from tui.model.text import sanitize

_GAP: Final = 2
_MAX_LABEL: Final = 24
_OTHER_ROWS: Final = 2
"""Rows of the screen for the first row and the rule above the panel."""


class KeyPanel(Static):
    """Sequences with their labels, in as many columns as fit, over the foot of the screen."""

    def __init__(self) -> None:
        super().__init__(id="keys", markup=False)
        self.display = False
        self._keys: Mapping[str, Binding] = {}

    def show_keys(self, keys: Mapping[str, Binding]) -> None:
        """Shows bindings by their sequence, in this order."""
        self._keys = keys
        self._draw()
        self.display = True

    def on_resize(self) -> None:
        """Fits the columns to the new width."""
        self._draw()

    def _draw(self) -> None:
        cells = []
        for binding, names in groupby(self._keys, key=self._keys.__getitem__):
            shown = [display_key(name) for name in names]
            keys = shown[0] if len(shown) == 1 else f"{shown[0]}…{shown[-1]}"
            label = sanitize(binding.label, _MAX_LABEL)
            cells.append(Content.assemble((keys, "bold $accent"), " ", label))
        width = max((cell.cell_length for cell in cells), default=0) + _GAP
        columns = max(1, self.screen.size.width // width)  # the gap of the last one is the margin
        most = columns * max(self.screen.size.height - _OTHER_ROWS, 1)
        if len(cells) > most:
            cells[most - 1 :] = [
                Content.styled(f"{len(cells) - most + 1} more in the help", "$muted")
            ]
        rows = -(-len(cells) // columns)
        padded = [cell.pad_right(width - cell.cell_length) for cell in cells]
        self.update(Content("\n").join(Content("").join(padded[row::rows]) for row in range(rows)))
