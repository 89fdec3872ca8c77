"""The papers of the row at the cursor of a page: their search, their cursor, their focus."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final

from textual.worker import Worker, WorkerError

from tui.actions.find import like_query
from tui.actions.registry import DETAIL
from tui.listing.listing import RowPapers
from tui.search import ResultSet
from tui.ui.key_screen import KeyScreen
from tui.ui.widgets.page import Arrangement, Page, RowDetail
from tui.workspace import Workspace

SECONDS: Final = 0.02
"""How long a detail waits for the rows to be drawn, and for the next key: just over a frame."""
_FEW: Final = 15
"""Papers of a row: where there are more, they leave no room for similar ones."""
_MAX_SIMILAR: Final = 15


class Detail:
    """Shows the detail of the row at the cursor, and has its papers as a list of their own."""

    def __init__(
        self,
        screen: KeyScreen[Any],
        page: Page,
        workspace: Workspace,
        describe: Callable[[str], RowDetail],
        find: Callable[[str, Iterable[str]], ResultSet],
    ) -> None:
        """Begins without a row.

        Args:
            screen: Has the keys of papers while they have the focus.
            page: Where it is shown.
            describe: The detail of a row by its id; called in a thread.
            find: The papers of a query, of which some are selected; likewise.
        """
        self._screen, self._page, self._workspace = screen, page, workspace
        self._describe, self._find = describe, find
        self._row = ""
        """The id of the row that is shown."""
        self._searching: Worker[None] | None = None
        self._revisited: Sequence[str] = ()
        """The papers of what was undone or redone, one of which gets the cursor; else empty."""

    @property
    def papers(self) -> ResultSet:
        """The papers of the row that is shown."""
        return self._page.detail.papers

    @property
    def place(self) -> int:
        """The paper at the cursor, whose abstract is shown, from 0."""
        return self._page.detail.place

    @property
    def key(self) -> str:
        """Its key; empty without papers."""
        return self.papers.key(self.place) if self.papers else ""

    def key_in(self, row: str) -> str:
        """Its key, if the papers of this row are shown; else empty."""
        return self.key if row == self._row else ""

    # Showing a row

    def show(self, row: str) -> None:
        """Shows a row in a frame of its own, another one from its first paper on.

        It is searched in a thread, as that takes longer than a frame where its papers are many.
        """
        if row and row != self._row:
            self._row = ""
        if row and self._page.arrangement is not Arrangement.ALONE:
            self._start(partial(self._search, row))

    def _start(self, search: Callable[[], Coroutine[None, None, None]]) -> None:
        """Searches beside the screen, in place of what is being searched."""
        self._searching = self._screen.run_worker(search, exclusive=True, group="detail")

    async def _search(self, row: str) -> None:
        await asyncio.sleep(SECONDS)
        if not self._workspace.is_busy:  # else the rows are shown again when it is free
            with self._screen.reporting():
                detail = await asyncio.to_thread(self._describe, row)
                if row == self._row:
                    detail = replace(detail, place=self._place_in(detail.papers))
                if row != self._row or not detail.papers:
                    self.focus(False)
                self._page.detail, self._row, self._revisited = detail, row, ()
                await self._search_similar()

    def _place_in(self, papers: ResultSet) -> int:
        """The topmost paper of an undo; else the one that was shown, or the nearest one."""
        revisited = (place for key in self._revisited if (place := papers.place(key)) is not None)
        if (topmost := min(revisited, default=None)) is not None:
            return topmost
        same = papers.place(self.key)
        return papers.nearest(self.papers, self.place) or 0 if same is None else same

    async def _search_similar(self) -> None:
        """Shows papers like the one whose abstract is shown, where there is room for them."""
        detail = self._page.detail
        if self._page.arrangement is Arrangement.WIDE and 0 < len(detail.papers) <= _FEW:
            query = f"{like_query(self.key)} -is:selected limit:{_MAX_SIMILAR}"
            similar = await asyncio.to_thread(self._find, query, detail.papers.keys())
            self._page.detail = replace(detail, similar=similar)

    async def shown(self) -> None:
        """Returns when the papers of the row are shown, and the cursor is on those undone."""
        while (search := self._searching) and not search.is_finished:
            if self._row and not self._revisited:
                break
            with suppress(WorkerError):  # an error ends the app, as any other does
                await search.wait()

    # Its papers

    def move(self, by: int) -> None:
        """Goes to another paper, and shows its abstract; similar ones when the cursor rests."""
        if self.papers and self._page.arrangement is not Arrangement.ALONE:
            place = min(max(self.place + by, 0), len(self.papers) - 1)
            self._page.detail = replace(self._page.detail, place=place)
            self._start(self._search_again)

    async def _search_again(self) -> None:
        await asyncio.sleep(SECONDS)
        if not self._workspace.is_busy:
            with self._screen.reporting():
                await self._search_similar()

    def revisit(self, keys: Sequence[str]) -> None:
        """Goes to the topmost of some papers, also where they are only back after a search."""
        self._revisited = keys
        self._page.detail = replace(self._page.detail, place=self._place_in(self.papers))

    @property
    def has_focus(self) -> bool:
        """Whether the papers have the focus, in place of the rows."""
        return self._page.in_papers

    def focus(self, in_papers: bool) -> None:
        """Moves the focus to the papers, which have the keys of papers, or back to the rows."""
        if in_papers and not self.papers:
            self._screen.say("No papers here")
        elif in_papers != self.has_focus:
            self.release()
            self._page.in_papers = in_papers
            self._screen.take_bindings(DETAIL if in_papers else self._screen.bindings_of)
            self._screen.show_keys()

    def act_on(self, count: int, then: Callable[[], None]) -> None:
        """Has actions apply to some papers from the cursor on, and go to the one after them.

        Args:
            count: How many.
            then: Called after an action.
        """
        keys = self.papers.keys()[self.place : self.place + count]

        def acted(advances: bool) -> None:
            if advances:
                self.move(len(keys))
            then()

        self._workspace.listing.row_papers = RowPapers(keys, acted, self._page.detail.reading_list)

    def release(self) -> None:
        """Has actions apply to the listed papers again."""
        self._workspace.listing.row_papers = None
