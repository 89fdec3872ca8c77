"""A page: rows, what there is to say of the one at the cursor, its papers, and their abstracts."""

from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import date
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.listing.shown import Shown
from tui.search import ResultSet
from tui.ui.glyphs import Glyphs
from tui.ui.widgets.abstract_pane import AbstractPane
from tui.ui.widgets.around import AroundPane
from tui.ui.widgets.page_rows import PageRows
from tui.ui.widgets.paper_list import PaperList
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.workspace import Workspace

SPLIT_WIDTH: Final = 100
"""The least columns with the papers of a row beside the rows."""
WIDE_WIDTH: Final = 160
"""The least columns with them below the rows, and the abstracts beside both."""
_LEAST_HEIGHT: Final = 16
"""The least lines with them below the rows of a narrow screen."""
_ABSTRACT: Final = 93
"""Columns of the abstracts on a wide screen: their text has 90 at most."""
_SHARE_BESIDE: Final = 50
"""The most that the rows get beside their papers, in per cent of the columns."""
_SHARE_ABOVE: Final = 45
"""The most that they get above them, in per cent of the lines."""
_LEAST_LINES: Final = 6
"""Lines of an abstract: with fewer there is none."""
_BLOCK: Final = 8
"""Lines that an abstract and what is above it take at least."""
_LEAST_SIMILAR: Final = 4
"""Lines of similar papers: with fewer there are none."""


class Arrangement(StrEnum):
    """Where the papers of a row are."""

    ALONE = auto()
    """Nowhere."""
    STACKED = auto()
    """Below the rows, and the abstracts below them."""
    SIDE = auto()
    """Beside the rows, and the abstracts below them."""
    WIDE = auto()
    """Below the rows, and the abstracts beside both."""

    def row_width(self, width: int) -> int:
        """The most columns of a row on a screen of some columns."""
        match self:
            case Arrangement.SIDE:
                return width * _SHARE_BESIDE // 100 - 2
            case Arrangement.WIDE:
                return width - _ABSTRACT - 2
        return width - 2

    def row_lines(self, height: int) -> int:
        """The most lines of the rows on a page of some lines."""
        if self in (Arrangement.STACKED, Arrangement.WIDE):
            return height * _SHARE_ABOVE // 100
        return height


def arrangement_for(width: int, height: int, *, is_long: bool = False) -> Arrangement:
    """The arrangement of a page of some columns and lines, whatever its rows are.

    So nothing jumps when another row comes.

    Args:
        is_long: Whether the rows get the whole height of a wide screen, as they are usually many.
    """
    if width >= SPLIT_WIDTH:
        return Arrangement.WIDE if width >= WIDE_WIDTH and not is_long else Arrangement.SIDE
    return Arrangement.STACKED if height >= _LEAST_HEIGHT else Arrangement.ALONE


@dataclass(frozen=True, slots=True, eq=False)
class RowDetail:
    """The detail of a row."""

    lines: Sequence[Content] = ()
    """Above the papers; long ones wrap."""
    papers: ResultSet = field(default_factory=ResultSet.empty)
    """Shown with their abstracts where there is room."""
    today: date = date.min
    """Decides which papers are snoozed."""
    place: int = 0
    """The paper whose abstract is shown, from 0."""
    reading_list: str | None = None
    """The reading list whose papers these are, in its order."""
    similar: ResultSet = field(default_factory=ResultSet.empty)
    """Papers like that one which the row does not have; shown on wide screens."""


class Page(Vertical):
    """Rows with their papers, arranged by the size of the screen."""

    detail: reactive[RowDetail] = reactive(RowDetail(), repaint=False)
    """The detail of the row at the cursor."""

    in_papers: reactive[bool] = reactive(False, repaint=False)
    """Whether the papers have the focus, in place of the rows."""

    def __init__(self, glyphs: Glyphs, workspace: "Workspace", *, is_long: bool) -> None:
        """Begins empty; moving stays with the rows.

        Args:
            is_long: Whether the rows are so many, and so different in width, that they get all the
                room that they can have.
        """
        super().__init__(id="page")
        self.rows = PageRows(glyphs, id="rows")
        around = AroundPane(glyphs)
        around.workspace = workspace
        self.pane = AbstractPane(glyphs, around)
        self.papers = PaperList(glyphs)
        self._lines = Static(id="lines-above", markup=False)
        self._lines.display = False
        self._similar_head = Static(Content("Similar papers"), id="similar-head", markup=False)
        self._similar = PaperList(glyphs, id="similar")
        for each in (self.papers, self._similar):
            each.can_focus, each.margin_right = False, 1
        self.pane.can_focus = False
        parts = (self._lines, self.papers, self._similar_head, self._similar)
        self._row_papers = Vertical(*parts, id="row-papers")
        self.arrangement = Arrangement.ALONE
        """Where the papers of a row are; see ``lay_out``."""
        self._is_long = is_long
        self._row_lines = 0

    def compose(self) -> ComposeResult:
        """From top to bottom; the style sheet moves some to the sides."""
        yield self.rows
        yield self._row_papers
        yield self.pane

    def lay_out(self, prompts: Sequence[Content]) -> None:
        """Arranges the page for its rows, of which the first tell how wide they are."""
        arrangement = self.arrangement
        for each in Arrangement:
            self.set_class(each is arrangement, f"-page-{each}")
        room = self.app.size.height - 2
        self._row_lines = min(sum(map(lines_of, prompts)), arrangement.row_lines(room))
        is_side = arrangement is Arrangement.SIDE
        is_above = arrangement in (Arrangement.STACKED, Arrangement.WIDE)
        self.rows.styles.height = self._row_lines if is_above else None
        self.rows.styles.width = self._width_for(prompts) if is_side else None
        self._fit()

    def _width_for(self, prompts: Sequence[Content]) -> int:
        """Columns of the rows beside their papers, which get what short rows leave."""
        most = self.arrangement.row_width(self.app.size.width) + 3
        return most if self._is_long else min(widest_of(prompts) + 3, most)

    def watch_detail(self, old: RowDetail, new: RowDetail) -> None:
        """Shows another row, another paper of it, or the same one after a change."""
        if old.lines is not new.lines:
            self._lines.display = bool(new.lines)
            self._lines.update(Content("\n").join(new.lines))
        self.papers.shown = Shown(new.papers, cursor=new.place, today=new.today)
        self._similar.shown = Shown(new.similar, cursor=-1, today=new.today)
        self._fit()

    def watch_in_papers(self, in_papers: bool) -> None:
        """Draws the cursor of the part that has the focus as such."""
        self.set_class(in_papers, "-in-papers")

    def _on_resize(self, event: events.Resize) -> None:
        self._fit()

    def _fit(self) -> None:
        """Gives papers and abstracts the lines that there are for them."""
        detail, is_wide = self.detail, self.arrangement is Arrangement.WIDE
        count = len(detail.papers)
        above = self._row_lines + 1 if self.arrangement is not Arrangement.SIDE else 0
        room = max(self.size.height - above - len(detail.lines) - bool(detail.lines), 0)
        least = _LEAST_LINES if count == 1 else 2 * _LEAST_LINES
        rest = 0 if is_wide or room < least else _BLOCK
        is_side, fits = self.arrangement is Arrangement.SIDE, 2 * count <= room - rest
        self.papers.tall = is_side or (is_wide and fits)
        lines = (1 + self.papers.tall) * count
        if rest:
            lines = min(lines, room // 2) if lines > room - rest else lines
            lines = lines if count > 1 else 0
        self.papers.display = lines > 0
        self.papers.styles.height = min(lines, room)
        self.pane.display = bool(count) and (is_wide or rest > 0)
        left = room - lines - 2
        has_similar = is_wide and bool(detail.similar) and left >= _LEAST_SIMILAR
        self._similar_head.display = self._similar.display = has_similar
        self._similar.tall = True
        self._row_papers.display = is_wide or bool(detail.lines) or lines > 0
        self.pane.set_class(lines == 0 and bool(detail.lines), "-below-lines")
        if self.pane.display:
            height = self.size.height if is_wide else room - lines
            end = detail.place + 1 + height // _BLOCK  # reads no more than can begin there
            items = detail.papers[detail.place : end]
            # In a frame of their own, as each of the two takes most of one at 200 columns.
            self.call_after_refresh(self.pane.show_all, items, height)


def lines_of(prompt: Content) -> int:
    """The lines of a row."""
    return prompt.plain.count("\n") + 1


def widest_of(prompts: Iterable[Content]) -> int:
    """The columns of the widest row."""
    return max((cell_len(line) for each in prompts for line in each.plain.split("\n")), default=0)
