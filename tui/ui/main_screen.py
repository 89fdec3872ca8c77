"""The main screen: composes its widgets and connects them to the workspace.

Actions run in the workspace; its ``shown`` is one value that the widgets are bound to. What only a
screen can do (scroll, zoom, open another screen) is an ``action_*`` here.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import OptionList, Static

from tui.actions.command_line import without_key
from tui.actions.find import show_fully
from tui.actions.pasting import is_likely_paste
from tui.actions.questions import Choice
from tui.actions.registry import Need
from tui.config import Config
from tui.library import Library
from tui.listing.shown import Shown
from tui.model.identifiers import is_address, is_listing
from tui.model.text import sanitize
from tui.search import Index, ResultSet
from tui.ui.appearance import Appearance
from tui.ui.command_prompt import ADDS, CommandPrompt
from tui.ui.glyphs import Glyphs
from tui.ui.greeting import Greeting
from tui.ui.key_screen import KeyScreen
from tui.ui.paper_tools import PaperTools
from tui.ui.query_prompt import QueryPrompt
from tui.ui.runner import Runner
from tui.ui.searches import Searches
from tui.ui.textual_fixes import Burst
from tui.ui.widgets.abstract_pane import AbstractPane
from tui.ui.widgets.message_bar import MessageBar
from tui.ui.widgets.panes import Panes
from tui.ui.widgets.paper_list import PaperList
from tui.ui.widgets.query_bar import QueryBar
from tui.ui.widgets.top_bar import TopBar
from tui.workspace import Workspace

if TYPE_CHECKING:
    from tui.ui.screens.base import Destination

LIST_PAGE: Final = "A list, not a paper: paste its text, or follow it as a source"
VERBS: Final = ("Triage", "Annotate", "Reading lists", "Open and copy")
"""The groups of what a right click offers."""
OF_SELECTION: Final = ("mark.read", "mark.dismissed", "list.add", "tag.edit")
"""The ids of the first bindings of the footer where papers are selected."""
_MIN_SIZE: Final = (40, 10)
"""The smallest usable size in columns and rows."""


class MainScreen(KeyScreen[None]):
    """List, abstract, sidebar, and two rows of chrome."""

    CSS_PATH = Path(__file__).with_name("app.tcss")

    shown: reactive[Shown] = reactive(Shown(ResultSet.empty()), repaint=False, init=False)
    """The view of the workspace; the panes and the top bar are bound to it."""

    def __init__(
        self,
        settings: Config,
        problems: Sequence[str],
        glyphs: Glyphs,
        on_mounted: Callable[[], Awaitable[None]],
    ) -> None:
        """Begins without a library.

        Args:
            problems: Its problems; the first is shown at once.
            on_mounted: Called before its first frame, once it has its widgets.
        """
        super().__init__(settings.keys, glyphs)
        self.settings = settings
        self._on_mounted = on_mounted
        self._index: Index | None = None
        """The index whose words are loaded, or being loaded; another one after each import."""
        self._chosen_on = ("", "", "")
        """The screen and the row that were chosen last, and the query for its papers."""
        self._top = TopBar(glyphs, self.key_for("list.add"))
        self.panes = Panes(glyphs, self.bindings)
        self.runner = Runner(self)
        self._greeting = Greeting(self, problems, self._label_keys)
        self._appearance = Appearance(self, self.panes, settings)
        self._tools = PaperTools(self, self.runner)
        self._query = QueryPrompt(self, self._top, self.panes)
        self.searches = Searches(self, self.query_bar, self.panes.pane.read_soon)
        self._prompt = CommandPrompt(self, self.runner)
        self.runner.handlers = self._handlers()

    def _handlers(self) -> dict[str, Callable[..., object]]:
        """The functions of the screen actions of the registry."""
        return {
            "back": self.action_back,
            "browse": self.action_browse,
            "help": self.action_help,
            "more": self.action_more,
            "palette": self.action_palette,
            "quit": self.action_quit,
            "suspend": self.action_suspend,
            "density": self.panes.action_density,
            "edge": self.panes.action_edge,
            "focus_pane": self.panes.action_focus_pane,
            "half": self.panes.action_half,
            "layout": self.panes.action_layout,
            "move": self.panes.action_move,
            "page": self.panes.action_page,
            "raw": self.panes.action_raw,
            "reset_layout": self.panes.action_reset_layout,
            "skim": self.panes.action_skim,
            "split": self.panes.action_split,
            "zoom": self.panes.action_zoom,
            "guide": self._greeting.action_guide,
            "columns": self._appearance.action_columns,
            "theme": self._appearance.action_theme,
            "copy": self._tools.action_copy,
            "diff": self._tools.action_diff,
            "editor": self._tools.action_editor,
            "open_link": self._tools.action_open_link,
            "pipe": self._tools.action_pipe,
            "filter": self._query.action_filter,
            "command": self._prompt.action_command,
        }

    def compose(self) -> ComposeResult:
        """The top bar, the panes, the message bar."""
        yield self._top.data_bind(MainScreen.shown)
        yield self.panes.data_bind(MainScreen.shown)
        message = "papers-tui needs at least 40 columns by 10 rows"
        yield Static(Content(f"{message}; {self.key_for('quit')} quits."), id="too-small")
        yield MessageBar()

    async def on_mount(self) -> None:
        """Focuses the list, and watches the query bar."""
        self.panes.papers.focus()
        self.watch(self.query_bar, "preview", self._query.show_preview, init=False)
        await self._on_mounted()

    @property
    def query_bar(self) -> QueryBar:
        """The line in which a query is edited."""
        return self._top.query_bar

    @property
    def workspace(self) -> Workspace | None:
        """The view model; ``None`` until the library is loaded."""
        return self.runner.workspace

    # The library

    def attach(self, library: Library, *, resume: bool) -> None:
        """Shows a library where the user left it, or the start query."""
        workspace = Workspace(
            library,
            self.settings,
            self.settings.view,
            resume=resume,
            later=self.searches.search,
            on_shown=partial(self.call_next, self._show),
        )
        self.searches.workspace = self.query_bar.workspace = workspace
        self.runner.attach(workspace)
        self.panes.attach(workspace)
        self._appearance.restore_place(library.place)
        self.restore_uses(library.place.get("uses"))
        self._greeting.restore_place(library.place)
        self._show()  # in the first frame
        self._greeting.show(workspace)

    def place(self) -> dict[str, Any]:
        """Place, layout, theme and what was used, for the next start."""
        assert self.workspace is not None
        parts = (self.workspace.listing, self.panes, self._appearance, self._greeting)
        places = dict(item for part in parts for item in part.place().items())
        return {**places, "uses": dict(self.uses)}

    # What is shown

    def _show(self) -> None:
        """Shows what the workspace shows; once for all that an action changes there."""
        workspace = self.workspace
        assert workspace is not None
        if not workspace.is_busy and workspace.library.search is not self._index:
            self._index = workspace.library.search
            self._greeting.has_samples_alone = workspace.library.imports.are_samples_alone
            if not self._index.is_complete:
                self.call_after_refresh(self.searches.load_words, self._index)  # after the frame
        self.shown = workspace.listing.shown

    def watch_shown(self, old: Shown, new: Shown) -> None:
        """Updates the footer, unless only the cursor moved."""
        if (
            old.results is not new.results
            or old.revision != new.revision
            or old.has_selection != new.has_selection
            or old.current_list != new.current_list
        ):
            self._label_keys()

    @on(AbstractPane.EndReached)
    def _label_keys(self) -> None:
        """Shows the footer, with labels for the present state, or the step of the first triage."""
        step = self._greeting.step()
        if step is not None and not self.shown.has_selection:
            self.show_keys(step.labels, step.lead)
            return
        labels = {"move.more": "next" if self.panes.pane.at_end else "more"}
        if name := self.shown.current_list:
            labels["list.add"] = f"{self.glyphs.arrow} {sanitize(name, 16)}"
        if self.shown.has_selection:
            own = {each.id: each.label for each in self.bindings}
            first = {id: own[id] for id in OF_SELECTION}
            self.show_keys({**first, "look.back": "unselect", **labels}, "Selected:")
        else:
            self.show_keys(labels)

    def has(self, need: Need) -> bool:
        """Whether there is what a binding needs; before there is a library, all but samples."""
        shown, workspace = self.shown, self.workspace
        if need is Need.SAMPLES:
            return self._greeting.has_samples_alone
        if workspace is None:
            return True
        if need is Need.PAIR and not shown.has_selection:
            return shown.key is not None and shown.results.is_lookalike(shown.cursor)
        is_listed = need is not Need.LIST or workspace.listing.shown_list is not None
        return is_listed and shown.key is not None

    # Running actions

    async def press(self, event: events.Key) -> bool:
        """Handles a key in the query bar if it is open, else runs its binding."""
        self.panes.pane.around.put_off()
        if not self.query_bar.is_open:
            return await super().press(event)
        return await self._query.press(event)

    def is_paste(self, burst: Burst) -> bool:
        """Whether keys that came at once are rather a pasted text, by its letters."""
        return is_likely_paste(burst.text)

    async def run_line(self, line: str, count: int | None = None) -> None:
        """Runs a command line; in a terminal that is too small, only ``quit``."""
        if not self.has_class("-small") or line == "quit":
            await self.runner.run_line(line, count)

    @on(QueryBar.Left)
    def _leave_query(self) -> None:
        self._query.leave()

    async def action_run_binding(self, id: str, count: int | None = None) -> None:
        """Runs a binding at a click, which was for what it does, not for the pane it is on."""
        self.panes.focus_target.focus()
        await super().action_run_binding(id, count)

    # Moving

    async def action_more(self) -> None:
        """Pages the abstract; at its end, goes to the next unread paper."""
        if not self.panes.page_abstract():
            await self.run_line("unread 1")

    @on(PaperList.Clicked)
    async def _click_paper(self, event: PaperList.Clicked) -> None:
        if self.workspace is not None:
            self.workspace.listing.move_to(event.row)
            if event.is_right:
                await self.action_palette(VERBS)
            elif event.is_again:
                self.panes.action_zoom()

    @on(OptionList.OptionSelected, "#sidebar")
    def _choose_in_sidebar(self, event: OptionList.OptionSelected) -> None:
        query = self.panes.sidebar.query_of(event.option_index)
        if query is not None and self.workspace is not None:
            with self.reporting():
                show_fully(self.workspace.context(), query)
            self.panes.papers.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Shows a message instead if the terminal is too small."""
        is_small = event.size.width < _MIN_SIZE[0] or event.size.height < _MIN_SIZE[1]
        self.set_class(is_small, "-small")
        if self.focused is None and not is_small:  # the focused widget was hidden
            self.panes.focus_target.focus()

    @property
    def is_pane_focused(self) -> bool:
        """Whether the abstract has the focus."""
        return self.panes.pane.has_focus

    async def action_back(self) -> None:
        """Goes back from the selection, the zoom, the pane, the row of a screen or the query."""
        workspace = self.workspace
        if workspace is None:
            return
        if workspace.listing.shown.has_selection:
            workspace.listing.select(())
        elif self.panes.zoomed:
            self.panes.action_zoom()
        elif not self.panes.papers.has_focus:
            self.panes.papers.focus()
        else:
            had_message = bool(self.bottom.message)
            self.bottom.clear_message()
            screen, row, query = self._chosen_on
            is_chosen = bool(screen) and workspace.listing.query.text == query
            if workspace.listing.back():
                if is_chosen:
                    self._chosen_on = ("", "", "")
                    await self.action_browse(screen, row)
            elif self._greeting.is_guiding:
                self._greeting.end_guide()
            elif not had_message:
                self.say(f"Nothing to go back to; press {self.key_for('quit')} to quit")

    def action_quit(self) -> None:
        """Leaves the zoom, else quits."""
        if self.panes.zoomed:
            self.panes.action_zoom()
        else:
            self.app.exit()

    async def action_suspend(self) -> None:
        """Gives the terminal back to the shell."""
        await self.app.run_action("suspend")

    async def action_browse(self, what: str, row: str = "") -> None:
        """Opens another screen, at a row of it, and shows what is chosen there."""
        from tui.ui.screens import open_screen  # here, as a start shows this one alone

        workspace = self.workspace
        assert workspace is not None

        before = workspace.listing.current_list

        def chosen(to: "Destination | None") -> None:
            workspace.listing.repaint()
            if to is not None and isinstance(to.papers, str):
                workspace.listing.show(to.papers, keep=to.key)
            elif to is not None:
                workspace.listing.show_papers(to.papers, keep=to.key)
            if to is not None and to.row:
                self._chosen_on = (what, to.row, workspace.listing.query.text)
            if to is not None and (name := workspace.listing.current_list) and name != before:
                self.say(f"{self.key_for('list.add')} adds to {sanitize(name, 40)} now")

        await open_screen(self, what, workspace, chosen, row)

    async def come_to_front(self) -> None:
        """Closes the screens over this one, unless what was done was to papers of theirs."""
        if self.workspace is None or self.workspace.listing.row_papers is None:
            await super().come_to_front()

    def typed_commands(self) -> Sequence[Choice]:
        """The commands without a key, to be completed after ``:``."""
        return without_key(self.bindings, self.runner.where)

    async def type_command(self, line: str) -> None:
        """Opens the command line with a command, to be completed or confirmed."""
        await self._prompt.action_command(line)

    def say(self, text: str, *shorter: str, error: bool = False, can_be_cut: bool = False) -> None:
        """Shows a message; where another screen is over this one, there."""
        above = self.app.screen
        say = above.say if isinstance(above, KeyScreen) and above is not self else super().say
        say(text, *shorter, error=error, can_be_cut=can_be_cut)

    async def on_paste(self, event: events.Paste) -> None:
        """Offers to import a pasted page, or to add the paper of a pasted address."""
        event.stop()
        self.end_sequence()
        if self.workspace is None:
            return
        self._query.cancel()
        if is_listing(event.text.strip()):
            self.say(f"{LIST_PAGE} ({self.key_for('look.sources')})")
        elif is_address(event.text):
            await self._prompt.action_command(f"add {event.text.strip()}", lines=ADDS)
        else:
            await self._tools.offer_import(event.text)
