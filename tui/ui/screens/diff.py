"""The screen that compares two papers word by word."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from textual.content import Content
from textual.widgets.option_list import Option

from tui.actions.join import Comparison
from tui.model.text import sanitize
from tui.model.word_diff import Part, Word, marked, wrapped
from tui.ui.glyphs import Glyphs
from tui.ui.screens.base import ListScreen, heading
from tui.workspace import Workspace

_STYLES: Final = {Part.SAME: "", Part.REMOVED: "$muted strike", Part.ADDED: "bold"}
_WIDTH: Final = 100
"""The most columns of a line that is easy to read."""
_MARGIN: Final = 4


class DiffScreen(ListScreen):
    """What only the older paper has as ``[-words-]``, and only the newer one as ``{+words+}``."""

    bindings_of = "output"

    def __init__(
        self,
        keys: Mapping[str, str],
        glyphs: Glyphs,
        workspace: Workspace,
        comparison: Comparison,
    ) -> None:
        super().__init__(keys, glyphs, workspace)
        self._comparison = comparison

    def title_line(self) -> Content:
        """How much the abstracts share, and the keys that decide."""
        share = f"{self._comparison.share * 100:.0f} % of the newer abstract is in the older"
        join, apart = self.workspace.key_for("same.join"), self.workspace.key_for("same.apart")
        return Content.styled(f"{share}; in the list, {join} joins, {apart} keeps both", "bold")

    def build_rows(self) -> Iterator[Option]:
        """The facts of both papers, then title and abstract."""
        compared = self._comparison
        yield heading(sanitize(f"- {compared.older}"), _STYLES[Part.REMOVED])
        yield heading(sanitize(f"+ {compared.newer}"), _STYLES[Part.ADDED])
        for words in (compared.title, compared.abstract):
            yield heading("")
            yield from map(heading, self._lines(words))

    def _lines(self, words: Iterable[Word]) -> Iterator[Content]:
        width = min(self.size.width - _MARGIN, _WIDTH)
        for line in wrapped(marked(words), width):
            yield Content(" ").join(
                Content.styled(sanitize(word.text), _STYLES[word.part]) for word in line
            )
