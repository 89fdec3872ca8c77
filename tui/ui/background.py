"""Work beside a screen: another thread uses the library, and the user moves and reads on."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from textual.worker import Worker, WorkerError

from tui.model.layout import bar
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.ui.key_screen import KeyScreen
    from tui.workspace import Workspace

TIMEOUT: Final = 0.3
"""Seconds that keys wait for slow work; what takes longer continues in the background."""
REPORT_SECONDS: Final = 0.3
"""Seconds between two updates of its progress."""
RESUME_SECONDS: Final = 0.05
"""Seconds between two looks whether the library is free again."""
T = TypeVar("T")

STILL: Final = "you can still move and read"
BUSY: Final = f"Library busy; {STILL}"


class Background:
    """The work beside one screen, one at a time; meanwhile ``Workspace.is_busy`` is true."""

    def __init__(self, screen: "KeyScreen[Any]") -> None:
        self._screen = screen
        self._progress: tuple[str, float] = ("", 0.0)
        self._shown = ""
        """The last message of progress."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_in_thread = False
        """Whether it goes on in its thread, and does not show its outcome yet."""

    def start(self, workspace: "Workspace", work: Callable[[], Awaitable[None]]) -> Worker[None]:
        """Starts work with exclusive use of the library, done in ``thread``; returns at once."""
        workspace.is_busy, self._progress = True, ("", 0.0)
        self._is_in_thread = True
        self._loop = asyncio.get_running_loop()

        async def do() -> None:
            try:
                await work()
            finally:
                workspace.is_busy = False
                timer.stop()

        def show_progress() -> None:
            if self._progress[0]:
                self._show_progress(is_busy=workspace.is_busy)

        timer = self._screen.set_interval(REPORT_SECONDS, show_progress)
        return self._screen.app.run_worker(do())  # which goes on if the screen is closed

    async def thread(self, workspace: "Workspace", work: Callable[[], T]) -> T:
        """Runs a part of what was started in a thread; then the library is free again."""
        try:
            return await asyncio.to_thread(work)
        finally:
            workspace.is_busy = self._is_in_thread = False

    async def run(
        self, workspace: "Workspace", name: str, work: Callable[[], Awaitable[None]]
    ) -> None:
        """Like ``start``, but keys wait up to ``TIMEOUT`` for it; then its name is shown."""
        worker = self.start(workspace, work)
        with suppress(TimeoutError, WorkerError):  # an error ends the app, as any other does
            await asyncio.wait_for(asyncio.shield(worker.wait()), TIMEOUT)
        if self._is_in_thread and self._screen.is_current:  # else it is being answered
            message = f"Running {sanitize(name, 40)}"
            longer = [f"{message}; {STILL}"] if workspace.is_busy else []
            self._screen.bottom.show_message(*longer, message, seconds=None)

    @contextmanager
    def released(self, workspace: "Workspace") -> Iterator[None]:
        """Within it, in a thread, the work only waits, and the user may use the library."""
        loop = self._loop
        assert loop is not None
        loop.call_soon_threadsafe(setattr, workspace, "is_busy", False)
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(self._resume(workspace), loop).result()

    async def _resume(self, workspace: "Workspace") -> None:
        """Returns once nothing else uses the library, which it then does not."""
        while workspace.is_busy:
            await asyncio.sleep(RESUME_SECONDS)
        workspace.is_busy = True

    def report(self, name: str, share: float) -> None:
        """Records progress, in any thread; a timer shows it."""
        self._progress = name, share

    def _show_progress(self, *, is_busy: bool) -> None:
        """Shows it; where the user goes on meanwhile, not in place of what they are told."""
        name, share = self._progress
        glyphs, bottom = self._screen.glyphs, self._screen.bottom
        message = f"{sanitize(name, 24)} {bar(share, 20, glyphs.done, glyphs.rest)} {share:.0%}"
        if is_busy:
            bottom.show_message(f"{message}; {STILL}", message, seconds=None)
        elif bottom.message in ("", self._shown):
            bottom.show_message(message)
        self._shown = bottom.message
