"""The base of the other screens: a heading, rows to move through, their papers, the footer."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from types import MappingProxyType
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.getters import query_one
from textual.widgets import Static
from textual.widgets.option_list import Option

from tui.actions.find import like_query
from tui.actions.keymap import display_key, resolve
from tui.actions.registry import Binding, Need, actions
from tui.errors import PapersError
from tui.model.text import sanitize
from tui.patterns import regex
from tui.query import parse
from tui.search import ResultSet
from tui.ui.background import BUSY, Background
from tui.ui.changes import Changes
from tui.ui.detail import Detail
from tui.ui.glyphs import Glyphs
from tui.ui.key_screen import KeyScreen
from tui.ui.themes import PAGES
from tui.ui.widgets.message_bar import MessageBar
from tui.ui.widgets.page import (
    Arrangement,
    Page,
    RowDetail,
    arrangement_for,
)
from tui.ui.widgets.page_rows import PageRows
from tui.ui.widgets.paper_list import PaperList
from tui.values import dataclass
from tui.workspace import Workspace

_MEASURED: Final = 100
"""Rows that are measured for their width: where there are more, some are long."""
_MARGIN: Final = 2
"""Columns of padding beside a heading."""
_BETWEEN: Final = regex(r"[,;] |  ")
"""The separator of two parts of a heading."""
NO_LABELS: Final[Mapping[str, str]] = MappingProxyType({})


def in_whole_parts(title: Content, width: int) -> Content:
    """A heading with as many of its parts as there is room for; at least the first."""
    if title.cell_length <= width:
        return title
    starts = [title[: match.start()] for match in _BETWEEN.finditer(title.plain)]
    return max((part for part in starts if part.cell_length <= width), key=len, default=title)


def heading(text: str | Content, style: str = "bold") -> Option:
    """A row that the cursor skips."""
    content = Content.styled(text, style) if isinstance(text, str) else text
    return Option(content, disabled=True)


def _prompts(options: Iterable[Option]) -> list[Content]:
    return [each.prompt for each in options if isinstance(each.prompt, Content)]


@dataclass(frozen=True, slots=True)
class Destination:
    """The view that the main screen shows next."""

    papers: str | Sequence[str]
    """A query, or the keys of some papers."""
    key: str = ""
    """The paper for the cursor; empty for the first one."""
    row: str = ""
    """The id of the row that was chosen, to go back to; empty to go back to the papers."""


class ListScreen(KeyScreen[Destination | None]):
    """Rows built from a library; the result of the screen is what to show, or ``None``."""

    CSS_PATH = PAGES
    has_detail: ClassVar[bool] = False
    """Whether the papers of the row at the cursor are shown, too."""
    is_long: ClassVar[bool] = False
    """Whether the rows get all the room that they can have; see ``Page``."""

    rows = query_one("#rows", PageRows)

    def __init__(self, keys: Mapping[str, str], glyphs: Glyphs, workspace: Workspace) -> None:
        super().__init__(keys, glyphs)
        self.workspace = workspace
        self.library = workspace.library
        self.background = Background(self)
        """Slow work beside the screen."""
        self.page = Page(glyphs, workspace, is_long=self.is_long)
        self.detail = Detail(self, self.page, workspace, self.row_detail, self.papers)
        self.changes = Changes(
            self, workspace, self.background, self.page.rows, self.detail, self.show
        )
        self._drawn_size = Size(0, 0)
        """The size of the screen that the rows were built for; none before they are."""

    def compose(self) -> ComposeResult:
        """The heading, the rows with their papers, the message bar."""
        yield Static(id="head", markup=False)
        yield self.page
        yield MessageBar()

    def on_mount(self) -> None:
        """Shows the rows."""
        with self.reporting():
            self.show()
        self.show_keys()  # those of rows that come later, such as help
        self.watch(self.rows, "highlighted", self._show_detail, init=False)

    def title_line(self) -> Content:
        """The heading of the screen."""
        raise NotImplementedError

    def build_rows(self) -> Iterable[Option]:
        """The rows for the present library; the cursor stops at those with an id."""
        raise NotImplementedError

    def row_detail(self, id: str) -> RowDetail:
        """What to show beside the rows; called in a thread."""
        raise NotImplementedError

    def papers(self, query: str, keys: Iterable[str] = ()) -> ResultSet:
        """The papers of a row, of which some are selected, for ``row_detail``."""
        find, order = self.library.search.select, self.workspace.listing.list_order
        return find(parse(query, self.library.today()), order, selected=frozenset(keys))

    @property
    def arrangement(self) -> Arrangement:
        """Where the papers of a row are."""
        return self.page.arrangement

    @property
    def row_width(self) -> int:
        """Columns of a row."""
        return self.arrangement.row_width(self.app.size.width)

    def name_width(self, names: Iterable[Content], rests: Iterable[int]) -> int:
        """Columns for the names in the rows, which are cut to make room for the rest.

        Args:
            names: The names; they keep two fifths of a row.
            rests: The columns of what else is in a row.
        """
        widest = max((name.cell_length for name in names), default=0)
        return min(widest, max(self.row_width * 2 // 5, self.row_width - max(rests, default=0)))

    def _build(self) -> list[Option]:
        """The rows, in the arrangement for the size of the screen; without papers if none has."""
        width, height = self.app.size
        sized = arrangement_for(width, height - 2, is_long=self.is_long)
        options: list[Option] = []
        for arrangement in (sized, Arrangement.ALONE) if self.has_detail else (Arrangement.ALONE,):
            self.page.arrangement = arrangement
            options = list(self.build_rows())
            if not all(option.disabled for option in options):
                break
        return options

    @property
    def current_id(self) -> str:
        """The id of the row at the cursor; empty if there is none."""
        return self.rows.current_id

    def reload(self) -> None:
        """Rebuilds heading and rows, with the cursor on its row."""
        with self.reporting():
            self.show()

    def show(self, keep: str | None = None) -> None:
        """Rebuilds heading and rows; the cursor stays on its row, or at the same position.

        If the screen was closed meanwhile, there is nothing to show.

        Args:
            keep: The id of the row for the cursor; ``None`` for the present one.
        """
        if not self.has_widgets:
            return
        self._drawn_size = self.app.size
        title = in_whole_parts(self.title_line(), self.app.size.width - _MARGIN)
        self.query_one("#head", Static).update(title)
        options = self._build()
        self.rows.show(options, self.current_id if keep is None else keep)
        self.show_keys()
        self.page.lay_out(_prompts(islice(options, _MEASURED)))
        self._show_detail()

    def _show_detail(self) -> None:
        self.detail.show(self.current_id)

    async def run_binding(self, binding: Binding, place: int = 1, count: int | None = None) -> None:
        """Runs a binding; while the library is busy, only to move."""
        if self.workspace.is_busy and not binding.moves:
            self.bottom.show_message(BUSY, seconds=None)
        elif binding.needs is Need.ROW and not self.current_id:
            self.say("Nothing here yet")
        elif binding.needs and binding.needs.is_of_paper and not self.has(binding.needs):
            self.say("No papers here")
        else:
            await super().run_binding(binding, place, count)

    def unknown(self, name: str) -> str:
        """A message that keys, by name, are none of this part, and where they are keys if so."""
        main = resolve(self.keys)[0]
        if self.in_papers and any(name in each.keys for each in main):
            open = self.key_for("detail.open")
            return f"{display_key(name)} is for the main screen; {open} shows this paper there"
        return super().unknown(name)

    def on_paste(self, event: events.Paste) -> None:
        """Has the main screen offer what is pasted as an import; this one stays until it is."""
        event.stop()
        self.end_sequence()
        self.detail.focus(False)
        self.app.screen_stack[0].post_message(events.Paste(event.text))

    async def run_line(self, line: str, count: int | None = None) -> None:
        """Runs a command line on the paper at the cursor of the row's papers, as on their own.

        One that shows other papers leads there, and Escape back to the row.
        """
        await self.detail.shown()
        self.detail.act_on(count or 1, self.show)
        main, listing = self.app.screen_stack[0], self.workspace.listing
        assert isinstance(main, KeyScreen)
        query = listing.query
        await main.run_line(line)
        if listing.query is not query:
            self.dismiss(Destination(listing.query.text, listing.key or "", self.current_id))

    async def action_run_command(self, line: str) -> None:
        """Goes back to the papers and runs a command line there, if it leads elsewhere."""
        if line != f"browse {self.bindings_of}":
            await self.dismiss(None)
            await self.app.run_action(f"screen.run_command({line!r})")

    def has(self, need: Need) -> bool:
        """Whether there is a row, or a change to undo."""
        match need:
            case Need.ROW:
                return self.rows.has_stops
            case Need.PAPER | Need.LIST | Need.PAIR:
                return self.arrangement is not Arrangement.ALONE
            case Need.CHANGE:
                with suppress(PapersError):  # which undoing reports
                    return next(self.library.state.undoable(), None) is not None
        return True

    # Moving

    @property
    def in_papers(self) -> bool:
        """Whether the papers of the row have the focus, in place of the rows."""
        return self.detail.has_focus

    async def action_focus_papers(self, key: int) -> None:
        """Moves the focus to the papers of the row, or back, by the number of the key.

        The first key does the one or the other, the second one the one, the third one the other.
        """
        await self.detail.shown()
        self.detail.focus((not self.in_papers, True, False)[key - 1])

    def show_keys(self, labels: Mapping[str, str] = NO_LABELS, lead: str = "") -> None:
        """Shows the footer of the part that has the focus; see ``KeyScreen``."""
        if self.in_papers:
            labels = {**labels, "screen.papers": self.bindings_of}
        if name := self.workspace.listing.current_list:
            labels = {**labels, "list.add": f"{self.glyphs.arrow} {sanitize(name, 16)}"}
        super().show_keys(labels, lead)

    def action_move(self, by: int) -> None:
        """Moves by rows, or by papers."""
        if self.in_papers:
            self.action_move_paper(by)
        else:
            self.rows.move(by)

    def action_edge(self, direction: int) -> None:
        """Moves to the first or the last one."""
        self.action_move(direction * max(self.rows.virtual_size.height, len(self.detail.papers)))

    def action_half(self, direction: int) -> None:
        """Moves by half a page."""
        self.action_move(direction * max(1, self._page // 2))

    def action_page(self, direction: int) -> None:
        """Moves by a page."""
        self.action_move(direction * max(1, self._page))

    @property
    def _page(self) -> int:
        return self.page.papers.page if self.in_papers else self.rows.size.height

    def show_papers(self, papers: str | Sequence[str]) -> None:
        """Goes to papers, by query or keys, and among them to the one whose abstract is shown."""
        self.dismiss(Destination(papers, self.detail.key_in(self.current_id), self.current_id))

    @on(PaperList.Clicked)
    async def _click_paper(self, event: PaperList.Clicked) -> None:
        """Shows the abstract of a paper of the row; a double click opens it there."""
        detail = self.detail
        if (place := detail.papers.place(event.key)) is None:
            self.dismiss(Destination(like_query(detail.key), event.key))
        elif event.is_again:
            await self.run_action("open")
        else:
            self.detail.focus(True)
            self.action_move_paper(place - detail.place)

    def action_move_paper(self, by: int) -> None:
        """Goes to another paper of the row, and shows its abstract."""
        self.detail.move(by)

    def on_resize(self) -> None:
        """Fits the rows to the screen, and keeps the cursor on it."""
        if self._drawn_size and self._drawn_size != self.app.size:
            with self.reporting():
                self.show()
        self.call_after_refresh(self.rows.reveal)

    async def on_click(self, event: events.Click) -> None:
        """Moves the focus to the rows; opens the row at a double click."""
        row = event.style.meta.get("option")
        if row is not None:
            self.detail.focus(False)
        if event.chain > 1 and row is not None and row == self.rows.highlighted:
            await self.run_action("open")

    def action_undo(self) -> None:
        """Undoes the last change."""
        self.changes.undo()

    def action_redo(self) -> None:
        """Redoes the last change that was undone."""
        self.changes.redo()

    def action_take_over(self) -> None:
        """Takes over editing from another instance."""
        with self.reporting():
            outcome = self.workspace.perform(actions()["take-over"], {})
            self.show()
            self.say(outcome.message)

    def action_back(self) -> None:
        """Goes back to the rows, and from there to the main screen."""
        if self.in_papers:
            self.detail.focus(False)
        else:
            self.dismiss(None)

    def on_unmount(self) -> None:
        """Has actions apply to the listed papers again."""
        self.detail.release()
