"""The parts of a query bar besides its input: earlier queries, completions, a search thread."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from tui.search import SearchCancelledError

if TYPE_CHECKING:
    from tui.search.completion import Completion

T = TypeVar("T")


class QueryHistory:
    """The queries of this session, once each, latest last, and a position among them."""

    def __init__(self) -> None:
        self._queries: list[str] = []
        self._position = 0

    def add(self, query: str) -> None:
        """Adds a query as the latest; an empty one is not kept."""
        if query:
            self._queries = [*(other for other in self._queries if other != query), query]

    def rewind(self) -> None:
        """Moves past the latest query."""
        self._position = len(self._queries)

    def step(self, by: int) -> str:
        """Moves to a later query, or an earlier one if negative; empty past the latest."""
        self._position = min(max(self._position + by, 0), len(self._queries))
        is_past_end = self._position == len(self._queries)
        return "" if is_past_end else self._queries[self._position]


class TabCompletion:
    """Completes a text; asked again, it replaces its completion by the next one."""

    def __init__(self) -> None:
        self._typed = self._completed = ""
        """The text as the user typed it, and with the last completion in it."""
        self._completions: deque[Completion] = deque()
        """For the text as typed, the next one first."""

    def complete(self, text: str, completions: "Sequence[Completion]") -> tuple[str, int] | None:
        """The completed text with the cursor in it; ``None`` if there is no completion.

        Args:
            completions: Its completions; not used if the text is the last one completed here, and
                others are left for what was typed.
        """
        if text != self._completed or len(self._completions) < 2:
            self._typed, self._completions = text, deque(completions)
        if not self._completions:
            return None
        completion = self._completions[0]
        self._completions.rotate(-1)
        before, after = self._typed[: completion.start], self._typed[completion.end :]
        self._completed = f"{before}{completion.text}{after}"
        return self._completed, len(before) + len(completion.text)


class SearchThread:
    """A thread for searches, of which only the latest is wanted."""

    def __init__(self) -> None:
        """Starts the thread with the first search."""
        self._executor = ThreadPoolExecutor(1, "search")
        self._latest = 0
        """The number of the search that is wanted."""

    def submit(self, search: Callable[[Callable[[], bool]], T]) -> "Future[T | None]":
        """Cancels the search before, and runs this one; a cancelled search gives ``None``.

        Args:
            search: Called with a function that tells whether it was cancelled; it may then raise
                ``SearchCancelledError``.
        """
        self.cancel()
        number = self._latest

        def run() -> T | None:
            try:
                return search(lambda: number != self._latest)
            except SearchCancelledError:
                return None

        return self._executor.submit(run)

    def cancel(self) -> None:
        """Cancels the search."""
        self._latest += 1

    def stop(self) -> None:
        """Cancels the search and ends the thread, without waiting for it."""
        self.cancel()
        self._executor.shutdown(wait=False, cancel_futures=True)
