"""The pane beside the rows of a screen: a few lines on the row at the cursor, and its papers."""

from collections.abc import Sequence
from dataclasses import field
from datetime import date
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.search import ResultSet
from tui.shown import Shown
from tui.ui.glyphs import Glyphs
from tui.ui.widgets.abstract_pane import AbstractPane
from tui.ui.widgets.paper_list import PaperList
from tui.values import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class RowDetail:
    """What there is to say of a row."""

    lines: Sequence[Content] = ()
    """Above the papers; long ones wrap."""
    papers: ResultSet = field(default_factory=ResultSet.empty)
    """One paper is shown with its abstract."""
    today: date = date.min
    """Decides which papers are snoozed."""


_LEAST: Final = 8
"""Lines below the rows from which on the abstracts of the first papers are shown there."""


class DetailPane(Vertical):
    """Lines, then papers in rows of two lines where they all fit so, else of one.

    Where there is room below them, the first ones stand there with their abstracts.
    """

    detail: reactive[RowDetail] = reactive(RowDetail(), repaint=False)
    """What is shown."""

    def __init__(self, glyphs: Glyphs) -> None:
        """Begins empty; moving stays with the rows beside it."""
        super().__init__(id="detail")
        self._lines = Static(id="lines-above", markup=False)
        self._papers = PaperList(glyphs)
        self._paper = AbstractPane(glyphs)
        self._papers.margin_right = 1
        self._papers.can_focus = self._paper.can_focus = False

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield self._lines
        yield self._papers
        yield self._paper

    def watch_detail(self, old: RowDetail, new: RowDetail) -> None:
        """Shows another row, or the same one after a change."""
        self._lines.display = bool(new.lines)
        self._lines.update(Content("\n").join(new.lines))
        self._papers.display = len(new.papers) != 1
        self._papers.shown = Shown(new.papers, cursor=-1, today=new.today)
        self.on_resize()

    def on_resize(self) -> None:
        """Gives each paper the lines that there are for it."""
        count = len(self.detail.papers)
        room = self.size.height - len(self.detail.lines) - 1
        self._papers.tall = 2 * count <= room
        rows = 0 if count == 1 else 2 * count + 1
        rest = room - rows
        self._paper.display = bool(count) and rest >= _LEAST
        if self._paper.display:
            self._papers.styles.height = rows
            # Of several, as many as may fit in part: an abstract takes half a dozen lines at least.
            first = self.detail.papers[: 1 + rest // _LEAST]
            self._paper.show_all(first)
        else:
            self._papers.styles.height = "1fr"
