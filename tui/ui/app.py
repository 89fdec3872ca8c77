"""The app: themes, signals, start and exit. The screens do the rest."""

import asyncio
import gc
import os
import threading
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from textual import events, work
from textual.filter import LineFilter
from textual.screen import Screen

from tui.actions.find import view_problems
from tui.actions.keymap import problem_lines
from tui.actions.pasting import is_likely_paste
from tui.actions.registry import Where, app_front_end
from tui.config import APP, Config, config_path, has_unicode
from tui.errors import LibraryError, PapersError
from tui.files import write_atomically
from tui.model.text import sanitize
from tui.ui import signals, textual_fixes
from tui.ui.glyphs import ASCII, UNICODE
from tui.ui.key_screen import KeyScreen
from tui.ui.main_screen import MainScreen
from tui.ui.textual_fixes import Burst, FixedApp
from tui.ui.themes import DARK, PAGES, themes, with_blends
from tui.ui.widgets.rows import HOLDS

if TYPE_CHECKING:
    from concurrent.futures import Future

    from tui.library import Library

_ALWAYS_QUITS: Final = ("ctrl+c", "ctrl+q")


@runtime_checkable
class TakesKeys(Protocol):
    """A screen that handles keys one after the other."""

    async def press(self, event: events.Key) -> bool:
        """Handles a key; whether it was for this screen."""
        ...


class PapersApp(FixedApp):
    """The reading tracker."""

    TITLE = APP
    ENABLE_COMMAND_PALETTE = False  # ours is derived from the registry

    def __init__(
        self, settings: Config, opening: "Future[Library]", *, resume: bool = True
    ) -> None:
        """Draws nothing yet.

        Args:
            opening: The library, opened in another thread, and closed by the caller.
            resume: Whether to resume where the user left, else show the view of the settings.
        """
        super().__init__()
        self.settings = settings
        self.failure: PapersError | None = None
        """Why the app ended early."""
        self.exit_summary = ""
        """A summary for the shell, printed at exit."""
        self._opening = opening
        self._resume = resume
        self._early: list[events.Key | events.Paste] | None = []
        """Keys and pastes from before the library was loaded, oldest first; then ``None``."""
        self._line_filters: Sequence[LineFilter] = ()
        """Draw in ASCII where needed."""
        is_unicode = app_front_end() is Where.BROWSER or has_unicode()
        if settings.ascii or (settings.ascii is None and not is_unicode):
            from tui.ui.ascii_filter import AsciiFilter

            self._line_filters = (AsciiFilter(letters=not is_unicode),)
        self._is_leaving = False
        for theme in themes(self.console.color_system, has_colors=not self.no_color):
            self.register_theme(theme)
        if settings.theme != Config().theme or "TEXTUAL_THEME" not in os.environ:
            is_there = settings.theme in self.available_themes
            self.begin_with_theme(settings.theme if is_there else DARK.name)

    def get_css_variables(self) -> dict[str, str]:
        """The theme's variables, and ours."""
        return with_blends(super().get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and ours."""
        return [*super().get_line_filters(), *self._line_filters]

    def export_screenshot(self, **options: Any) -> str:
        """Textual's picture, without what only a terminal acts on."""
        return HOLDS.sub("", super().export_screenshot(**options))

    def get_default_screen(self) -> Screen[None]:
        """The main screen."""
        messages = problem_lines(self.settings)
        if wrong := view_problems(self.settings):
            messages += wrong
            self.settings = replace(self.settings, view=Config().view)
        if self.settings.theme not in self.available_themes:
            messages.append(f"{config_path().name}: no theme {sanitize(self.settings.theme, 40)}")
        glyphs = ASCII if self._line_filters else UNICODE
        self.main = MainScreen(self.settings, messages, glyphs, self._show_library)
        for path in self.main.css_path:
            self.stylesheet.read(path)
        self.stylesheet.parse()
        return self.main

    # Start

    def on_mount(self) -> None:
        """Handles signals."""
        if not self.is_headless:
            signals.handle(asyncio.get_running_loop(), self._end_by_signal)
            self.handle_suspending()

    async def _show_library(self) -> None:
        """Shows the papers in the first frame, or in a later one if loading takes long."""
        if self._opening.done():
            await self._attach_library()
        else:
            self._await_library()

    @work
    async def _await_library(self) -> None:
        await asyncio.wait([asyncio.wrap_future(self._opening)])
        await self._attach_library()

    async def _attach_library(self) -> None:
        """Shows the papers, then handles what was typed meanwhile."""
        try:
            library = self._opening.result()
        except PapersError as error:
            self.failure = error
            self.exit(return_code=error.exit_code)
            return
        self.main.attach(library, resume=self._resume)
        while self._early:
            await self._handle(self._early.pop(0))
        self._early = None
        self.call_after_refresh(self._add_styles)
        _collect_garbage_again()

    def _add_styles(self) -> None:
        """Adds the styles of other screens, which would take time before the first frame."""
        self.stylesheet.read(PAGES)
        self.stylesheet.parse()

    async def on_event(self, event: events.Event) -> None:
        """Queues keys and pastes until the library is loaded, except those that quit."""
        if self._is_leaving and isinstance(event, events.InputEvent):
            return
        if self._early is None or not isinstance(event, (events.Key, events.Paste)):
            await self._handle(event)
        elif isinstance(event, events.Key) and self._quits(event.key):
            self.exit()
        else:
            self._early.append(event)

    async def _handle(self, event: events.Event) -> None:
        """Offers a key to the screen first, everything else to Textual.

        Awaited before the next event, so that keys that arrive together act in order.
        """
        screen = self.screen if self.screen_stack else None
        if isinstance(event, Burst):
            await self._handle_burst(event, screen)
            return
        if (
            isinstance(event, events.Key)
            and isinstance(screen, TakesKeys)
            and await screen.press(event)
        ):
            return
        if isinstance(event, events.Key) and self._suspends(event):
            self.action_suspend()
            return
        await super().on_event(event)

    async def _handle_burst(self, burst: Burst, screen: Screen[Any] | None) -> None:
        """Takes keys that came at once for a pasted text, or handles each."""
        if isinstance(screen, KeyScreen) and screen.takes_keys:
            if screen.is_paste(burst):
                screen.refuse(burst.text)
                return
        elif "\n" in burst.text.strip() and is_likely_paste(burst.text):
            await super().on_event(events.Paste(burst.text))  # what follows a line is no key
            return
        for key in burst.keys:  # on a screen, or typed into a line, perhaps ahead
            await self._handle(key)

    def _suspends(self, event: events.Key) -> bool:
        """Whether a key suspends the app on every screen, also where text is typed."""
        keys = next(b.keys for b in self.main.bindings if b.id == "suspend")
        return event.key in keys and not event.is_printable

    def action_suspend(self) -> None:
        """Gives the terminal back to the shell, until ``fg``."""
        if self.can_suspend and signals.has_job_control():
            self.suspend_group()
            return
        screen = self.screen if isinstance(self.screen, KeyScreen) else self.main
        screen.say("Not suspended: the app was not started by a shell with job control")

    def _quits(self, key: str) -> bool:
        """Whether a key quits at once; not if an earlier key may change its meaning."""
        quits = next(b.keys for b in self.main.bindings if b.id == "quit")
        return key in _ALWAYS_QUITS or (not self._early and key in quits)

    # Exit

    def exit(self, *args: Any, **kwargs: Any) -> None:
        """Exits, after saving the user's place and a summary."""
        workspace = self.main.workspace
        if workspace is not None and not self._is_leaving:
            self.exit_summary = workspace.exit_summary()
            workspace.library.save_place(self.main.place())
            workspace.library.is_ending.set()
        self._is_leaving = True
        super().exit(*args, **kwargs)

    def action_help_quit(self) -> None:
        """Says how to quit, as Ctrl+c is not bound."""
        if isinstance(self.screen, KeyScreen):
            self.screen.say(f"Press {self.main.key_for('quit')} to quit")

    def _end_by_signal(self, number: int) -> None:
        """Exits cleanly, so that the terminal is restored.

        A terminal that accepts no more output would keep Textual waiting; the process is then
        killed, which loses nothing, as every change is in the journal.
        """
        timeout = 2.0 if number == signals.HANG_UP else 10.0
        watchdog = threading.Timer(timeout, os._exit, (128 + number,))
        watchdog.daemon = True
        watchdog.start()
        self.exit(return_code=128 + number)

    def crashed(self) -> None:
        """Writes the traceback to a file, and reports the crash in a sentence."""
        path = _write_crash_log()
        where = f"; see {path}" if path else ""
        self.failure = PapersError(
            f"papers-tui crashed because of a bug{where}",
            "Nothing is lost: every change is saved before it is shown.",
        )


def run(settings: Config, opening: "Future[Library]", query: str | None = None) -> tuple[int, str]:
    """Runs the app until the user quits.

    Args:
        opening: The library, opened in another thread.
        query: The query to show; ``None`` to resume where the user left.

    Returns:
        The exit code, and a summary, a line that may be empty.

    Raises:
        PapersError: If the library could not be opened, or the app crashed.
    """
    shown = settings if query is None else replace(settings, view=query)
    textual_fixes.install()
    app = PapersApp(shown, opening, resume=query is None)
    with signals.blocked():
        app.run()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0, app.exit_summary


def _collect_garbage_again() -> None:
    """Enables the garbage collector if it was disabled; it skips the objects made so far."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(700, 10, 50)  # a full collection takes half a frame
        gc.enable()


def _write_crash_log() -> Path | None:
    from platformdirs import user_state_path

    path = user_state_path(APP) / "crash.log"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(path, traceback.format_exc().encode(errors="replace"))
    except (OSError, LibraryError):
        return None
    return path
