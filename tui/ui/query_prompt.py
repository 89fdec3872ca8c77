"""The query of the main screen while it is edited: its results as a preview, then for good."""

from collections.abc import Sequence

from textual import events

from tui.actions.add import missing_papers
from tui.actions.find import NO_HINT, run_filter
from tui.actions.keymap import display_key
from tui.listing.shown import QueryNotes, notes_on_problem
from tui.model.text import sanitize
from tui.query import Query, parse
from tui.search import ResultSet
from tui.ui.key_screen import KeyScreen
from tui.ui.widgets.abstract_pane import AbstractPane
from tui.ui.widgets.message_bar import MESSAGE_SECONDS
from tui.ui.widgets.panes import Panes
from tui.ui.widgets.paper_list import PaperList
from tui.ui.widgets.query_bar import HINT_KEY, Preview
from tui.ui.widgets.sidebar import Sidebar
from tui.ui.widgets.top_bar import TopBar


class QueryPrompt:
    """Connects the query bar to the workspace."""

    def __init__(self, screen: KeyScreen[None], top: TopBar, panes: Panes) -> None:
        self._screen = screen
        self._top = top
        self._bar = top.query_bar
        self._panes = panes

    async def press(self, event: events.Key) -> bool:
        """Handles a key in the open query bar; whether it is for more than its text."""
        bar = self._bar
        if event.key not in ("enter", "escape"):
            if event.key == HINT_KEY:
                await bar.settle()
                if not bar.hint:
                    self._screen.bottom.show_message(NO_HINT, seconds=None)
            return await bar.press(event)
        await bar.settle()
        if event.key == "enter" and (names := self._missing):
            self._close(accepted=False)
            await self._screen.run_line(f"add {' '.join(names)}")
        elif event.key == "enter" and (problem := bar.problem):
            key = display_key(HINT_KEY) if bar.hint else ""
            self._say(notes_on_problem(problem, key), error=True, seconds=None)
        else:
            self._close(accepted=event.key == "enter")
        return True

    async def action_filter(self, query: Sequence[str] = ()) -> None:
        """Shows the results of a query; without one, edits the present query."""
        workspace = self._bar.workspace
        if query and workspace is not None:
            run_filter(workspace.context(), query)
        else:
            await self._top.edit_query()
            self._panes.is_fitted, self._panes.pane.is_typing = False, True

    def show_preview(self, preview: Preview | None) -> None:
        """Shows the results of the query so far."""
        workspace, glyphs = self._bar.workspace, self._screen.glyphs
        if preview is None or workspace is None:
            return
        offers = [
            sanitize(each.label, 30) + ("" if each.count is None else f" {each.count:,}")
            for each in preview.completions
        ]
        is_wrong = bool(preview.query.diagnostics)
        if names := self._missing:  # of the papers that it names, those that are here
            query = parse(" OR ".join(names.values()), workspace.library.today())
            results = workspace.library.search.select(query, workspace.listing.list_order)
            workspace.listing.set_results(preview.query, results, (), "")
        elif not is_wrong or (
            preview.results and preview.query.terms
        ):  # else keep the present ones
            keep = self._key_for_cursor(preview.query, preview.results)
            workspace.listing.set_results(preview.query, preview.results, preview.matching, keep)
        if names:
            text = "Not in the library: Enter adds this paper"
            if len(names) > 1:
                text = f"Not all of these {len(names)} papers are in the library: Enter adds them"
            self._screen.bottom.show_message(text, seconds=None)
        elif offers:
            message = f"Tab  {f' {glyphs.dot} '.join(offers)}"
            self._screen.bottom.show_message(message, seconds=None)
        else:
            self._say(preview.notes, error=is_wrong, seconds=None)

    def _key_for_cursor(self, query: Query, results: ResultSet) -> str:
        """The paper for the cursor among some results; empty for the first one.

        With words, the best match. Else the paper of before, or, if it is not listed, the nearest
        one in another state, and the first one by a field such as the year.
        """
        key = self._bar.origin.key or ""
        is_near = query.has_only_flags or results.place(key) is not None
        return key if is_near and not query.highlights() else ""

    @property
    def _missing(self) -> dict[str, str]:
        """The papers that the query is made of, if any is not there; see ``missing_papers``."""
        workspace = self._bar.workspace
        return missing_papers(workspace.library, self._bar.text) if workspace is not None else {}

    def _say(
        self,
        notes: QueryNotes,
        *,
        error: bool = False,
        seconds: float | None = MESSAGE_SECONDS,
    ) -> None:
        """Says what there is to say about a query."""
        forms = notes.forms(f" {self._screen.glyphs.dot} ")
        self._screen.bottom.show_message(*forms, error=error, seconds=seconds)

    def cancel(self) -> None:
        """Goes back to what was shown before the bar was opened, if it is open."""
        if self._bar.is_open:
            self._close(accepted=False)

    def leave(self) -> None:
        """Accepts the query as the focus leaves the bar; one with a problem is given up."""
        if self._bar.is_open:
            problem = self._bar.problem
            self._close(accepted=problem is None)
            if problem is not None:
                self._say(notes_on_problem(problem), error=True)

    def _close(self, *, accepted: bool) -> None:
        bar, screen, workspace = self._bar, self._screen, self._bar.workspace
        self._top.show_query()
        self._panes.is_fitted, self._panes.pane.is_typing = True, False
        if not isinstance(screen.focused, (PaperList, AbstractPane, Sidebar)):
            screen.set_focus(self._panes.focus_target)
        screen.bottom.clear_message()
        if workspace is None:
            return
        if not accepted:
            workspace.listing.restore(bar.origin)
            return
        workspace.listing.accept(bar.text.strip(), bar.origin)
        if (notes := workspace.notes).lines:
            self._say(notes)
