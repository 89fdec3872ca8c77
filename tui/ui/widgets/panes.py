"""The layout of list, abstract and sidebar: by the width, or as the user chose."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.reactive import reactive

from tui.actions.context import NO_PAPER, Outcome
from tui.actions.registry import Binding
from tui.listing.shown import Shown
from tui.search import ResultSet
from tui.ui.glyphs import Glyphs
from tui.ui.widgets.abstract_pane import AbstractPane
from tui.ui.widgets.column_heads import ColumnHeads
from tui.ui.widgets.columns import DEFAULT
from tui.ui.widgets.columns import of as columns_of
from tui.ui.widgets.paper_list import PREFIX, PaperList
from tui.ui.widgets.reading_pane import ReadingPane
from tui.ui.widgets.sidebar import Sidebar

if TYPE_CHECKING:
    from tui.workspace import Workspace

LAYOUTS: Final = {"stacked": 0, "side": 60, "full": 120}
"""The layouts and the columns that each needs: stacked, side by side, and that with the sidebar."""
_SHARE: Final = 43
"""The list's share of its room and that of the abstract, in per cent, above the abstract; beside
the sidebar, see ``_share``."""
_SIDE_SHARE: Final = 50
"""Beside the abstract: with less, half of the titles are cut at 120 columns."""
_MAX_SHARE: Final = {"stacked": 85, "side": 85, "full": 75}
_MIN_SHARE: Final = 15
_STEP: Final = 5
_SIDES: Final = ("width", "height")
_SIDEBAR: Final = 27
_ABSTRACT: Final = 56
"""Columns that the abstract gets beside the sidebar before rows get more."""
_ROW: Final = 128
"""Columns of a row with room for a title of 110 letters, as few are longer; the abstract gets the
rest."""


class Panes(Container):
    """The three panes, and how they are laid out."""

    preferred: reactive[str] = reactive("", repaint=False)
    """The layout that the user chose; empty for automatic."""
    two_lines: reactive[bool | None] = reactive(None, repaint=False)
    """Whether rows have two lines; ``None`` for automatic."""
    shares: reactive[Mapping[str, int]] = reactive({}, repaint=False)
    """The shares that the user gave the list, in per cent: of the ``width``, of the ``height``."""
    columns: reactive[frozenset[str]] = reactive(DEFAULT, repaint=False)
    """The ids of the columns that the user chose for a wide list."""
    zoomed: reactive[bool] = reactive(False, repaint=False, toggle_class="-zoomed")
    """Whether only the abstract is shown."""

    shown: reactive[Shown] = reactive(Shown(ResultSet.empty()), repaint=False)
    """What is listed."""
    is_fitted: reactive[bool] = reactive(True, repaint=False)
    """Whether the abstract gets the rows that a short list above it leaves free, unless resized;
    not while the list changes with each letter, so that nothing jumps."""

    def __init__(self, glyphs: Glyphs, bindings: Sequence[Binding]) -> None:
        """Begins empty; the abstract and the sidebar name keys of ``bindings``."""
        super().__init__(id="panes")
        self.workspace: Workspace | None = None
        """The view model; ``None`` until the library is loaded."""
        self.papers = PaperList(glyphs)
        self.heads = ColumnHeads(glyphs, PREFIX, after=1)
        """The names of its columns, where there is room for more of them."""
        self._left = Vertical(self.heads, self.papers, id="left")
        self.pane = ReadingPane(glyphs, bindings)
        self.sidebar = Sidebar(bindings)

    def compose(self) -> ComposeResult:
        """From left to right, or from top to bottom."""
        self._arrange()  # before they are mounted, so that each gets its styles once
        for each in (self.papers, self.heads, self.pane, self.sidebar):
            each.data_bind(Panes.shown)
        if self.arrangement == "full":
            yield self.sidebar
        yield self._left
        yield self.pane

    def attach(self, workspace: "Workspace") -> None:
        """Shows a library, laid out as the user left it."""
        self.workspace = self.pane.around.workspace = workspace
        self.sidebar.library = workspace.library
        self.restore_place(workspace.library.place)

    @property
    def arrangement(self) -> str:
        """The present layout."""
        width = self.app.size.width
        if self.preferred and width >= LAYOUTS[self.preferred]:
            return self.preferred
        return "full" if width >= 160 else "side" if width >= 100 else "stacked"

    @property
    def focus_target(self) -> PaperList | AbstractPane:
        """The default focus."""
        return self.pane if self.zoomed else self.papers

    def on_mount(self) -> None:
        """Lays out the panes after each change."""
        for name in ("preferred", "two_lines", "shares", "columns", "is_fitted"):
            self.watch(self, name, self._arrange, init=False)

    def _on_resize(self, event: events.Resize) -> None:
        self._arrange()

    def _arrange(self) -> None:
        layout, papers = self.arrangement, self.papers
        for name in LAYOUTS:
            self.set_class(name == layout, f"-{name}")
        if layout == "full" and self.is_mounted and not self.sidebar.is_attached:
            self.mount(self.sidebar, before=self._left)  # not before, as a narrow screen has no use
        papers.tall = self._has_two_lines if self.two_lines is None else self.two_lines
        papers.margin_right = int(layout != "stacked")
        is_table = layout == "full" and not papers.tall
        papers.columns = self.heads.columns = columns_of(self.columns if is_table else DEFAULT)
        self.heads.display = is_table
        is_resized = self._side in self.shares
        share = min(max(self._share, _MIN_SHARE), _MAX_SHARE[layout])
        size = f"{round(share * self._room, 6)}%" if is_resized or layout == "full" else None
        self._left.styles.height = size if layout == "stacked" else None
        self._left.styles.width = size if layout != "stacked" else None

        if layout == "stacked" and not is_resized and self.is_fitted:
            lines = (1 + papers.tall) * len(self.shown.results) + len(self.shown.arrivals)
            if 0 < lines < self.size.height * _SHARE // 100:
                self._left.styles.height = lines

    def watch_shown(self, old: Shown, new: Shown) -> None:
        """Fits the abstract below the list to other results."""
        if old.results is not new.results and self.is_fitted:
            is_other = self.two_lines is None and self._has_two_lines != self.papers.tall
            if is_other or self.arrangement == "stacked":
                self._arrange()

    @property
    def _has_two_lines(self) -> bool:
        """Whether rows have two lines unless the user chose.

        Beside the sidebar, they do where rows with reasons all fit, as the first line is then free
        for the title.
        """
        results, layout = self.shown.results, self.arrangement
        fits = 2 * len(results) + len(self.shown.arrivals) <= self.size.height
        return layout == "side" or (layout == "full" and results.is_explained and fits)

    @property
    def _side(self) -> str:
        """The side of the screen that list and abstract share."""
        return "height" if self.arrangement == "stacked" else "width"

    @property
    def _room(self) -> float:
        """The part of the screen that list and abstract share, from 0 to 1."""
        width = self.app.size.width
        return (width - _SIDEBAR) / width if self.arrangement == "full" else 1.0

    @property
    def _share(self) -> float:
        """The list's share of that in per cent: what the user gave it, or what it needs."""
        if self._side in self.shares:
            return self.shares[self._side]
        if self.arrangement == "full":
            room = self.app.size.width - _SIDEBAR
            return min(max(room - _ABSTRACT, room * 0.45), _ROW) / room * 100
        return _SIDE_SHARE if self.arrangement == "side" else _SHARE

    # The divider

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Takes the divider, which is the border of the abstract."""
        x, y = event.screen_offset
        pane = self.pane.region
        is_stacked = self.arrangement == "stacked"
        if not self.zoomed and (y == pane.y if is_stacked else x == pane.x):
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Moves the divider to the mouse."""
        if self.app.mouse_captured is self:
            (x, y), left = event.screen_offset, self._left.region
            is_stacked = self.arrangement == "stacked"
            ratio = (
                (y - left.y) / self.size.height if is_stacked else (x - left.x) / self.size.width
            )
            self._resize_list(ratio / self._room * 100)

    def on_mouse_up(self) -> None:
        """Leaves the divider where it is."""
        if self.app.mouse_captured is self:
            self.release_mouse()

    # Actions

    def action_zoom(self) -> Outcome | None:
        """Toggles the zoom of the abstract, if there is one; in the sidebar, chooses the row."""
        if self.sidebar.has_focus:
            self.sidebar.action_select()
        elif self.zoomed or (self.workspace is not None and self.workspace.listing.results):
            self.zoomed = not self.zoomed
            self.focus_target.focus()
        else:
            return Outcome(f"{NO_PAPER}; see above for what to do next")
        return None

    def action_skim(self) -> Outcome:
        """Highlights what is to be read first, or no longer; it is remembered."""
        self.pane.is_skimmed = self.papers.is_skimmed = not self.pane.is_skimmed
        return Outcome(f"Highlights {'on' if self.pane.is_skimmed else 'off'}")

    def action_raw(self) -> None:
        """Toggles the text as the source has it."""
        self.pane.is_raw = not self.pane.is_raw

    def action_layout(self) -> Outcome | None:
        """Switches to the next layout that fits."""
        fitting = [name for name, width in LAYOUTS.items() if self.app.size.width >= width]
        place = fitting.index(self.arrangement) + 1 if self.arrangement in fitting else 0
        self.shares = {}
        self.preferred = fitting[place % len(fitting)]
        if len(fitting) == 1:
            return Outcome("This terminal is too narrow for another layout")
        return None

    def action_density(self) -> None:
        """Toggles one or two lines per paper."""
        self.two_lines = not self.papers.tall

    def action_split(self, by: int) -> None:
        """Resizes the list, within limits."""
        self._resize_list(self._share + by * _STEP)

    def _resize_list(self, share: float) -> None:
        if _MIN_SHARE <= share <= _MAX_SHARE[self.arrangement]:
            self.shares = {**self.shares, self._side: round(share)}

    def action_reset_layout(self) -> None:
        """Resets layout, row height and split."""
        self.preferred, self.two_lines, self.shares = "", None, {}

    def action_focus_pane(self, which: str) -> None:
        """Focuses the next or the previous pane."""
        (self.screen.focus_next if which == "next" else self.screen.focus_previous)()

    def action_move(self, by: int) -> None:
        """Moves by papers, or by lines in the abstract or the sidebar if focused."""
        if self.pane.has_focus:
            self.pane.scroll_relative(y=by, animate=False)
        elif self.sidebar.has_focus:
            move = self.sidebar.action_cursor_down if by > 0 else self.sidebar.action_cursor_up
            for _ in range(min(abs(by), self.sidebar.option_count)):
                move()
        elif self.workspace is not None:
            self.workspace.listing.move(by)

    def action_edge(self, which: str, row: int | None = None) -> None:
        """Goes to the first or last paper, to one by its number, or to an end of the abstract."""
        if not self.pane.has_focus:
            if self.workspace is not None:
                target = row or (1 if which == "first" else len(self.workspace.listing.results))
                self.workspace.listing.move_to(target - 1)
        elif which == "first":
            self.pane.scroll_home(animate=False)
        else:
            self.pane.scroll_end(animate=False)

    def action_half(self, by: int) -> None:
        """Moves by half pages."""
        self._scroll(by, 2)

    def action_page(self, by: int) -> None:
        """Moves by pages."""
        self._scroll(by, 1)

    def _scroll(self, by: int, parts: int) -> None:
        if self.pane.has_focus:
            rows = max(1, self.pane.size.height // parts - (parts == 1))
            self.pane.scroll_relative(y=by * rows, animate=False)
        elif self.workspace is not None:
            self.workspace.listing.move(by * max(1, self.papers.page // parts))

    def page_abstract(self) -> bool:
        """Shows the next page of the abstract; whether there was one."""
        if self.pane.at_end:
            return False
        self.pane.scroll_relative(y=max(1, self.pane.size.height - 2), animate=False)
        return True

    # The next start

    def place(self) -> dict[str, Any]:
        """The layout, for the next start."""
        layout = {"layout": self.preferred, "tall": self.two_lines, "shares": dict(self.shares)}
        return {**layout, "columns": sorted(self.columns), "skim": self.pane.is_skimmed}

    def restore_place(self, place: Mapping[str, Any]) -> None:
        """Restores what ``place`` returned; invalid values are ignored."""
        layout, tall, shares = (place.get(name) for name in ("layout", "tall", "shares"))
        self.preferred = layout if isinstance(layout, str) and layout in LAYOUTS else ""
        self.two_lines = tall if isinstance(tall, bool) else None
        sides = [(side, shares.get(side)) for side in _SIDES] if isinstance(shares, dict) else []
        self.shares = {side: share for side, share in sides if isinstance(share, int)}
        self.pane.is_skimmed = self.papers.is_skimmed = place.get("skim") is not False
        columns = place.get("columns")
        self.columns = frozenset(columns) if isinstance(columns, list) else DEFAULT
