"""The screen for the output of a command."""

import re
from collections.abc import Iterator, Mapping

from textual.content import Content
from textual.widgets.option_list import Option

from tui.actions.keymap import display_key, resolve
from tui.actions.registry import SCREENS
from tui.model.text import sanitize
from tui.ui.glyphs import Glyphs
from tui.ui.screens.base import ListScreen, heading
from tui.workspace import Workspace


class OutputScreen(ListScreen):
    """Lines of text under the command that printed them."""

    bindings_of = "output"

    def __init__(
        self, keys: Mapping[str, str], glyphs: Glyphs, workspace: Workspace, line: str, text: str
    ) -> None:
        super().__init__(keys, glyphs, workspace)
        self._line = line
        self._text = text

    def title_line(self) -> Content:
        """The command, and the key of the screen that has more than it prints."""
        names = [name for name, command in SCREENS.items() if command == self._line.strip(": ")]
        hint = ""
        for each in resolve(self.keys)[0]:
            if each.keys and each.line in map("browse {}".format, names):
                hint = f"  {display_key(each.keys[-1])} opens the {names[0]}"
        return Content.assemble((sanitize(self._line), "bold"), (hint, "$muted"))

    def build_rows(self) -> Iterator[Option]:
        """The lines, which wrap at the edge of the screen."""
        for line in self._text.rstrip("\n").split("\n"):
            # Word by word, as columns are aligned by spaces, of which ``sanitize`` keeps one.
            words = re.split(r"( +)", line.expandtabs(2))
            clean = (sanitize(word) if word.strip(" ") else word for word in words)
            yield heading("".join(clean), "")
