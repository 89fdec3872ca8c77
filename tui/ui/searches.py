"""The searches of the main screen in threads, beside the keys: loading words, slow queries."""

import gc
import threading
from collections.abc import Callable
from functools import partial
from typing import Final

from textual.worker import Worker, get_current_worker

from tui.errors import PapersError
from tui.library import Library
from tui.listing.listing import Search
from tui.search import Index, SearchCancelledError
from tui.ui.key_screen import KeyScreen
from tui.ui.widgets.query_bar import QueryBar
from tui.workspace import Workspace

SEARCHING: Final = "Searching…"
SEARCH_SECONDS: Final = 0.2
"""How long a search takes before a message says so."""
MAX_CHECKED: Final = 10_000
"""Papers up to which the order is checked on the past unasked, which takes up to a second
of a thread; in a larger library, the screen of interests and ``stats`` do so."""


class Searches:
    """Searches in threads of the main screen; each shows what it found where it still may."""

    def __init__(
        self,
        screen: KeyScreen[None],
        query_bar: QueryBar,
        read: Callable[[], object],
    ) -> None:
        self.workspace: Workspace | None = None
        """The view model; ``None`` until the library is loaded."""
        self._screen = screen
        self._query_bar = query_bar
        self._read = read
        self._is_order_checked = False
        """Whether the order of likely papers was checked against past sessions."""

    @property
    def _free_workspace(self) -> Workspace | None:
        """The workspace, to show results in; ``None`` while a query is edited, and at the end."""
        is_free = self._screen.is_attached and not self._query_bar.is_open
        return self.workspace if is_free else None

    # Words

    def load_words(self, index: Index) -> None:
        """Loads the words, without which only titles are searched, and then the lookalikes."""
        load = partial(self._load_words, index)
        self._screen.run_worker(load, thread=True, exclusive=True, group="words")

    def _load_words(self, index: Index) -> None:
        if not index.words_loaded:
            index.load_words()
            self._screen.app.call_from_thread(self.use_words)
        index.load_lookalikes()
        index.load_interests()
        if index.has_lookalikes or index.strongest:
            self._screen.app.call_from_thread(self.use_words, marks=True)

    def use_words(self, *, marks: bool = False) -> None:
        """Completes a search that covered titles only, or marks what is known of the papers."""
        gc.freeze()  # collecting the words would take longer than a frame
        workspace = self._free_workspace
        if workspace is None:
            return
        workspace.listing.complete(lookalikes=marks)
        if marks:
            workspace.listing.repaint()
        else:
            self._read()  # similar papers are found by their words

    # Slow queries

    def search(self, search: Search) -> None:
        """Searches in a thread, a command's own if it has one, and says so if it takes long."""
        if threading.current_thread() is not threading.main_thread():
            search(lambda: False)()
            return
        run = partial(self._search, search)
        worker: Worker[None] = self._screen.run_worker(
            run, thread=True, exclusive=True, group="search"
        )

        def say() -> None:
            if worker.is_running:
                self._screen.say(SEARCHING)

        self._screen.set_timer(SEARCH_SECONDS, say)

    def _search(self, search: Search) -> None:
        worker, show_in = get_current_worker(), self._screen.app.call_from_thread
        try:
            show = search(lambda: worker.is_cancelled)
        except SearchCancelledError:
            return
        except PapersError as error:
            if not worker.is_cancelled:
                show_in(self._show_error, str(error))
            return
        if not worker.is_cancelled:
            show_in(self._show_results, show)

    def _show_results(self, show: Callable[[], None]) -> None:
        if (workspace := self._free_workspace) is None:
            return
        self._clear()
        show()
        if workspace.listing.query.sorts_by_likely and not self._is_order_checked:
            self._is_order_checked = True
            check = partial(self._check_order, workspace.library)
            self._screen.run_worker(check, thread=True, group="check")

    def _show_error(self, error: str) -> None:
        if (workspace := self._free_workspace) is None:
            return
        workspace.listing.recover()
        self._screen.say(error, error=True)

    def _clear(self) -> None:
        """Says no longer that it searches."""
        if self._screen.bottom.message == SEARCHING:
            self._screen.bottom.clear_message()

    # The order of likely papers

    def _check_order(self, library: Library) -> None:
        """Looks once how well the order did: where no better than chance, rows say less."""
        from tui.actions.interests import hindsight  # here, as a start needs none

        past = hindsight(library) if len(library.search) <= MAX_CHECKED else None
        if past is not None and past.is_no_better_than_chance:
            self._screen.app.call_from_thread(self._show_doubt)

    def _show_doubt(self) -> None:
        """Draws the rows again, without how likely their papers are."""
        if self._screen.is_attached and self.workspace is not None:
            self.workspace.listing.repaint()
