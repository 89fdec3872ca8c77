"""The app: theme, signals, clipboard, the way in and the way out. The screens do the rest.

What draws the papers takes longer to load than the toolkit. So it is imported where it is first
needed: behind a glimpse of the last screen where there is one, else with an empty screen.
"""

import asyncio
import gc
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from textual import events, work
from textual.app import App
from textual.filter import LineFilter
from textual.screen import Screen
from textual.strip import Strip
from textual.worker import get_current_worker

from tui.config import Config, config_path, key_line
from tui.errors import PapersError
from tui.model.text import sanitize, sanitize_lines
from tui.ui import signals
from tui.ui.first_frame import Glimpse, GlimpseScreen, GlimpseView, Keeper, Stamp
from tui.ui.themes import DARK, LIGHT, with_blends

if TYPE_CHECKING:
    from tui.library import Library
    from tui.ui.command_line import CommandLine
    from tui.ui.triage import TriageScreen

LOOK_SECONDS: Final = 0.02
"""How often a screen is looked at that is to come to rest: longer than a frame takes."""
AGAIN_SECONDS: Final = 0.1
"""When the size of a terminal is looked at again, once it has changed."""
PATIENCE: Final = 1.0
"""Seconds after which it is left without."""


class PapersApp(App[None]):
    """The reading tracker."""

    TITLE = "papers-tui"
    ENABLE_COMMAND_PALETTE = False  # the screens have one of their own, made from the table

    def __init__(
        self,
        settings: Config,
        open_library: "Callable[[], Library]",
        command_line: "Callable[[], CommandLine] | None" = None,
        *,
        resume: bool = True,
        keeper: Keeper | None = None,
    ) -> None:
        """Opens nothing yet.

        Args:
            settings: The user's configuration.
            open_library: Opens the library; called once, off the screen.
            command_line: Makes the commands of the shell, for ``:``.
            resume: Whether to go on where the reader left, else with the view of the settings.
            keeper: Keeps a glimpse of the last screen for the next start.
        """
        super().__init__()
        self.settings = settings
        self.failure: PapersError | None = None
        """Why the app could not go on."""
        self.exit_summary = ""
        """What was done, for a last line in the shell."""
        self._open_library = open_library
        self._command_line = command_line
        self._resume = resume
        self._library: Library | None = None
        self._keeper = keeper
        self._kept: tuple[list[Strip], Stamp] | None = None
        self._ahead: list[events.Event] | None = None
        """What was typed while a glimpse is on screen."""
        self._plainly: Sequence[LineFilter] = ()
        """What draws without Unicode, where that is wanted."""
        if settings.ascii or not _is_unicode():
            from tui.ui.ascii_filter import AsciiFilter

            self._plainly = (AsciiFilter(),)
        self._is_leaving = False
        self._looks: bool | None = None
        """Whether the size is looked at a second time; ``None`` until the app is on screen."""
        self.main: TriageScreen | None = None
        """The screen that everything happens on; ``None`` while there is only a glimpse of it."""
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        if settings.theme != Config().theme or "TEXTUAL_THEME" not in os.environ:
            self.theme = settings.theme if settings.theme in self.available_themes else DARK.name

    def get_css_variables(self) -> dict[str, str]:
        """The theme's variables, and ours."""
        return with_blends(super().get_css_variables())

    def get_default_screen(self) -> Screen[None]:
        """A glimpse of the papers as they were left, else the screen that everything happens on."""
        glimpse = self._keeper.load() if self._keeper is not None and self._resume else None
        if glimpse is not None and glimpse.size == self.size:
            self._ahead = []
            return GlimpseScreen(glimpse)
        self.main = screen = self._main_screen()
        for path in screen.css_path:
            self.stylesheet.read(path)
        self.stylesheet.parse()
        return screen

    def _main_screen(self) -> "TriageScreen":
        from tui.ui import keymap
        from tui.ui.glyphs import ASCII, UNICODE
        from tui.ui.triage import TriageScreen

        _, problems = keymap.all_keys(self.settings.keys)
        path = config_path()
        told = [f"{path.name}, line {key_line(path, id)}: {text}" for id, text in problems]
        if self.settings.theme not in self.available_themes:
            told.append(f"{path.name}: there is no theme {sanitize(self.settings.theme, 40)}")
        marks = ASCII if self._plainly else UNICODE
        screen = TriageScreen.with_keys(self.settings.keys)(self.settings.view, told, marks=marks)
        if self._command_line is not None:
            screen.command_line = self._command_line()
        return screen

    def on_mount(self) -> None:
        """Starts loading once the empty screen is there."""
        if not self.is_headless:
            signals.catch(asyncio.get_running_loop(), self._end_by_signal)
        self.call_after_refresh(self._load)

    @work(thread=True, exclusive=True)
    def _load(self) -> None:
        worker = get_current_worker()
        if self._ahead is not None:
            from tui.ui import triage  # noqa: F401 - so that it is there when it is to be shown

        if worker.is_cancelled:
            return
        try:
            library = self._open_library()
        except PapersError as error:
            self.failure = error
            self.call_from_thread(self.exit, return_code=error.exit_code)
            return
        if worker.is_cancelled:
            library.close()
            return
        self._library = library
        len(library.index)  # made here, off the screen, as it grows with the library
        self.call_from_thread(self._show, library)

    def _show(self, library: "Library") -> None:
        if self.main is not None:
            self.main.take(library, resume=self._resume)
            _collect_again()
        elif isinstance(self.screen, GlimpseScreen):
            self._replace(self.screen.glimpse, library)

    @work
    async def _replace(self, glimpse: Glimpse, library: "Library") -> None:
        """Puts the screen in the place of its glimpse, and types what was typed meanwhile.

        The glimpse lies over it until it is laid out, so that no empty frame is seen.
        """
        screen, veil = self._main_screen(), GlimpseView(glimpse)
        with self.batch_update():
            await self.push_screen(screen)
            await screen.mount(veil)
            screen.take(library)
        self.main = screen
        while self._ahead:
            await super().on_event(self._ahead.pop(0))
        self._ahead = None
        screen.call_after_refresh(veil.remove)
        _collect_again()

    async def on_event(self, event: events.Event) -> None:
        """Lets keys wait while there is only a glimpse of what they act on, but those to leave."""
        if self._is_leaving and isinstance(event, events.InputEvent):
            return
        if self._ahead is None or not isinstance(event, (events.Key, events.Paste)):
            await super().on_event(event)
        elif isinstance(event, events.Key) and self._leaves(event.key):
            self.exit()
        else:
            self._ahead.append(event)

    def on_ready(self) -> None:
        """From here on the terminal tells of new sizes only."""
        self._looks = False

    def on_resize(self, event: events.Resize) -> None:
        """Looks at the size once more in a moment.

        Linux tells of a new size just before it sets it (``pty_resize`` in ``drivers/tty/pty.c``):
        who is told and looks at once can read the old one, and is not told again.
        """
        if self._looks:
            self._looks = False
        elif self._looks is not None and hasattr(signal, "SIGWINCH"):
            self.set_timer(AGAIN_SECONDS, self._look_again)

    def _look_again(self) -> None:
        self._looks = True
        signal.raise_signal(signal.SIGWINCH)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What each drawn line goes through."""
        return [*super().get_line_filters(), *self._plainly]

    def _leaves(self, key: str) -> bool:
        """Whether a key leaves at once: not where what was typed before gives it another sense."""
        from tui.ui import keymap

        table, _ = keymap.resolve(self.settings.keys)
        quits = (name for bound in table if bound.id == "quit" for name in bound.keys)
        return key in ("ctrl+c", "ctrl+q") or (not self._ahead and key in quits)

    def exit(self, *args: Any, **kwargs: Any) -> None:
        """Leaves, noting where the reader was and what was done."""
        if not self._is_leaving:
            self._note()
            self._is_leaving = True
        super().exit(*args, **kwargs)

    def _note(self) -> "TriageScreen | None":
        """Notes where the reader was; the screen if it will be there again as it was left."""
        screen = self.main
        if self._library is None or screen is None:
            return None
        self.exit_summary = screen.exit_summary()
        if self._library.read_only_reason:
            return None
        is_kept = self._library.keep_session(screen.session())
        return screen if is_kept and screen.is_lasting else None

    async def action_leave(self) -> None:
        """Leaves by the key for it, and keeps what the next start will show.

        That is drawn as it will be then, by a screen that is begun anew.
        """
        screen = self._note()
        self._is_leaving = True
        if screen is None or self._library is None or self._keeper is None:
            self.exit()
            return
        stamp = self._keeper.stamp()
        try:
            self._library.follow()  # what others wrote up to now is to be on the screen
        except PapersError:
            self.exit()
            return
        self.set_timer(PATIENCE, self.exit)  # whatever may keep the screen from coming to rest
        screen = self._main_screen()
        await self.push_screen(screen)
        screen.take(self._library)
        screen.call_after_refresh(self._watch, screen, stamp, [])

    def _watch(self, screen: "TriageScreen", stamp: Stamp, before: Sequence[Strip]) -> None:
        """Leaves once a screen has come to rest."""
        drawn = screen._compositor.render_strips()  # nothing public draws a screen as text
        if drawn == before and screen.is_at_rest:
            self._kept = drawn, stamp
            self.exit()
        else:
            again = partial(screen.call_after_refresh, self._watch, screen, stamp, drawn)
            screen.set_timer(LOOK_SECONDS, again)

    def on_unmount(self) -> None:
        """Writes the snapshot and lets go of the library; then what the next start begins with."""
        if self._library is not None:
            try:
                self._library.close()
            except PapersError as error:
                self.failure = error
        if self._kept is not None and self._keeper is not None:
            self._keeper.keep(*self._kept)

    # Out of the app

    def copy(self, text: str, what: str) -> None:
        """Copies a text by every way there is, and says which of them took it."""
        from tui.ui.clipboard import MAX_SENT

        text = sanitize_lines(text, 200_000)
        if len(text.encode()) <= MAX_SENT:
            self.copy_to_clipboard(text)
            self._copy_and_tell(text, what, sent=True)
        else:
            self._copy_and_tell(text, what, sent=False)

    @work(thread=True)
    def _copy_and_tell(self, text: str, what: str, *, sent: bool) -> None:
        from tui.ui.clipboard import through_helper

        if through_helper(text):
            told, error = f"{what} copied", False
        elif sent:
            told, error = f"{what} sent to the terminal's clipboard", False
        else:
            told, error = f"{what} is too long for the terminal's clipboard", True
        self.call_from_thread(self._say, told, error)

    def browse(self, url: str) -> None:
        """Opens an http(s) address in the browser, off the screen, and says how that went."""
        if not url.startswith(("https://", "http://")):
            self._say("only web addresses are opened", True)
            return
        self._browse(url)

    @work(thread=True)
    def _browse(self, url: str) -> None:
        import webbrowser

        opened = False
        if (
            os.name != "posix"
            or os.environ.get("DISPLAY")
            or os.environ.get("WAYLAND_DISPLAY")
            or (os.environ.get("BROWSER"))
            or os.uname().sysname == "Darwin"
        ):
            with suppress(webbrowser.Error, OSError):
                opened = webbrowser.open(url)
        if opened:
            self.call_from_thread(self._say, f"opened {sanitize(url, 60)}", False)
        else:
            self.call_from_thread(self.copy_to_clipboard, url)
            told = f"no browser here; sent to the clipboard: {sanitize(url, 200)}"
            self.call_from_thread(self._say, told, False)

    def _say(self, text: str, error: bool) -> None:
        from tui.ui.key_screen import KeyScreen

        if self._is_leaving:  # a thread may end after the row to say it in
            return
        screens = [each for each in self.screen_stack if isinstance(each, KeyScreen)]
        if screens:
            screens[-1].say(text, error=error)

    def action_help_quit(self) -> None:
        """Ctrl+c, which in a list of keys means nothing: says how to leave."""
        self._say("q leaves", False)

    # The end, by whatever way

    def _end_by_signal(self, number: int) -> None:
        """Ends in order, so that the terminal is given back and nothing is lost.

        A terminal that takes nothing more would keep the toolkit waiting for its last words; the
        process then ends without them, as every change is in the journal.
        """
        patience = 2.0 if number == signals.HANG_UP else 10.0
        watchdog = threading.Timer(patience, os._exit, (128 + number,))
        watchdog.daemon = True
        watchdog.start()
        self.exit(return_code=128 + number)

    def _fatal_error(self) -> None:
        """Ends after a defect of ours: a log file and one sentence, no traceback on the screen."""
        where = _write_crash_log()
        told = f"; what happened is in {where}" if where else ""
        self.failure = PapersError(
            f"papers-tui had to stop because of a mistake in it{told}",
            "nothing is lost: every change was kept before it was shown",
        )
        self._close_messages_no_wait()


def _collect_again() -> None:
    """Collects garbage from now on, if it was put off; what there is stays and is passed over."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(*gc.get_threshold()[:2], 50)  # a look at all takes half a frame: seldom
        gc.enable()


def _is_unicode() -> bool:
    """Whether the terminal's encoding has our marks; tests and pipes have none to speak of."""
    encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
    return encoding.lower().replace("-", "").startswith("utf")


def _write_crash_log() -> Path | None:
    from platformdirs import user_state_path

    path = user_state_path("papers-tui") / "crash.log"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(traceback.format_exc(), "utf-8")
    except OSError:
        return None
    return path
