"""The pane beside the rows of a screen: a few lines on the row at the cursor, and its papers."""

from collections.abc import Sequence
from dataclasses import field
from datetime import date

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.search import ResultSet
from tui.shown import Shown
from tui.ui.glyphs import Glyphs
from tui.ui.widgets.abstract_pane import AbstractPane, PaneContent
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


class DetailPane(Vertical):
    """Lines, then papers in rows of two lines where they all fit so, else of one."""

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
        is_one = len(new.papers) == 1
        self._lines.display = bool(new.lines)
        self._lines.update(Content("\n").join(new.lines))
        self._papers.display, self._paper.display = not is_one, is_one
        if is_one:
            self._paper.reading = PaneContent(new.papers[0])
        else:
            self._papers.shown = Shown(new.papers, cursor=-1, today=new.today)
        self.on_resize()

    def on_resize(self) -> None:
        """Gives each paper the lines that there are for it."""
        lines = len(self.detail.lines) + 1
        self._papers.tall = 2 * len(self.detail.papers) <= self.size.height - lines
