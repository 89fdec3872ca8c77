"""Workarounds for Textual, each with what it fixes, the report, and when it can be removed.

Written for, and last checked with, Textual 8.2.8. Nothing else in the project uses private parts of
Textual. Two more, which need none, stand beside what they are for: in ``signals.py`` and
``widgets/line_input.py``.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterable, Sequence
from typing import Any, Final

from textual import events, on
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.message import Message

from tui.actions.layouts import shifted
from tui.actions.pasting import is_burst, is_paste, pasted_text
from tui.actions.registry import Where, app_front_end
from tui.patterns import regex

_PASTE_START: Final = "\x1b[200~"
_PASTE_END: Final = "\x1b[201~"


_ALTERNATES: Final = regex(r"(\x1b\[\d+):\d*(?::(\d+))?([;u].*)")
"""A key of the Kitty protocol with its alternates: the shifted key and that of a Latin layout."""


class Key(events.Key):
    """A key of which the terminal says where it is on the keyboard."""

    __slots__ = ["latin"]

    def __init__(self, key: str, character: str | None, latin: str) -> None:
        """A key.

        Args:
            key: Its name in Textual.
            character: What it types, if anything.
            latin: Its name in a keymap if the layout were a Latin one.
        """
        super().__init__(key, character)
        self.latin = latin

    def copy(self) -> "Key":
        """Another event of the same key."""
        return Key(self.key, self.character, self.latin)


class Burst(events.Paste):
    """Keys that came at once, without brackets, and may be a short text that was pasted."""

    def __init__(self, text: str, keys: Sequence[events.Key]) -> None:
        """A text.

        Args:
            text: What came.
            keys: The events that it is if it was typed.
        """
        super().__init__(text)
        self.keys = keys


class WholePasteParser(XTermParser):
    """Textual's parser of terminal input, with each paste as one text.

    Textual takes an escape within a bracketed paste for the start of a key, and passes the thirty
    characters after it to the app as keys (``XTermParser.parse``, since
    https://github.com/Textualize/textual/pull/570): a page copied with its colours would triage
    papers. Not reported. Remove once a paste with ``ESC [ 31 m`` in it is one ``Paste``.

    A paste without brackets is gathered until the driver reads nothing for a tenth of a second
    (``LinuxDriver.run_input_thread``), as terminals hand over a long one in pieces.
    """

    _is_pasting = False
    _rest = ""
    """A possible prefix of the end-of-paste sequence, kept for the next chunk."""
    _gathered = ""
    """The part so far of a paste without brackets."""
    _has_grown = False
    """Whether it was longer than at the last tick."""

    def feed(self, data: str) -> Iterable[Message]:
        """Parses a chunk from the terminal; an empty one is the end of input."""
        is_bracketed = self._is_pasting or self._rest or _PASTE_START in data
        if self._gathered or (not is_bracketed and is_paste(data)):
            self._gathered += data
            self._has_grown = True
            return ()
        if not is_bracketed and is_burst(data):
            messages = [*super().feed(data)]
            keys = [each for each in messages if isinstance(each, events.Key)]
            # Else it ends a sequence that an earlier read began.
            return (Burst(pasted_text(data), keys),) if len(keys) == len(messages) else messages
        bare = self._without_escapes(data)
        return super().feed(bare) if bare or not data else ()

    def tick(self) -> Iterable[Message]:
        """The events that time has completed; called after each read, and when none came."""
        if self._gathered and not self._has_grown:
            text, self._gathered = self._gathered, ""
            yield events.Paste(pasted_text(text).replace("\x1b", ""))
        self._has_grown = False
        yield from super().tick()

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        """The keys of a sequence.

        Textual neither asks for alternate keys nor reads them
        (``XTermParser._parse_extended_key``). Not reported. Remove once an ``events.Key`` has the
        key of the base layout.
        """
        match = _ALTERNATES.fullmatch(sequence)
        bare = f"{match[1]}{match[3]}" if match else sequence
        for event in super()._sequence_to_key_events(bare, alt):
            yield _with_latin(event, chr(int(match[2]))) if match and match[2] else event

    def _without_escapes(self, data: str) -> str:
        data, self._rest = self._rest + data, ""
        parts = []
        while data:
            mark = _PASTE_END if self._is_pasting else _PASTE_START
            text, match, data = data.partition(mark)
            if self._is_pasting:
                if not match:
                    length = next(
                        n for n in range(len(_PASTE_END), -1, -1) if text.endswith(_PASTE_END[:n])
                    )
                    text, self._rest = text[: len(text) - length], text[len(text) - length :]
                text = text.replace("\x1b", "")
            if match:
                self._is_pasting = not self._is_pasting
            parts += [text, match]
        return "".join(parts)


def _with_latin(event: events.Key, latin: str) -> events.Key:
    """A key with the one of a Latin layout, shifted if it types a capital."""
    if event.key.startswith("ctrl+"):
        return Key(event.key, event.character, f"ctrl+{latin}")
    is_shifted = event.character is not None and event.character != event.character.lower()
    return Key(event.key, event.character, shifted(latin) if is_shifted else latin)


def install() -> None:
    """Makes Textual use this parser; on Windows keys and pastes arrive in another way.

    Call it before there is an app.
    """
    if app_front_end() is Where.BROWSER:
        _install_for_browsers()
    elif os.name == "posix":
        from textual.drivers import linux_driver

        linux_driver.XTermParser = WholePasteParser  # type: ignore[attr-defined]
        # The flags that the driver asks the terminal for are the sum of some constants.
        linux_driver.KITTY_REPORT_ASSOCIATED_TEXT |= (  # type: ignore[misc]
            linux_driver.KITTY_REPORT_ALTERNATE_KEYS
        )


def _install_for_browsers() -> None:
    """Makes Textual use this parser in browsers, too, and a driver that writes whole packets.

    Textual writes a packet by one ``os.write`` (``WebDriver.write``), chunks of a download from
    the thread that reads keys. A pipe takes more than 4 KB in pieces, so a frame that is drawn
    meanwhile lands within a chunk, and the page hears nothing more. Not reported. Remove once
    ``WebDriver`` has a lock.
    """
    from textual.drivers import web_driver

    class WholePacketDriver(web_driver.WebDriver):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            lock, write = threading.Lock(), self._write

            def write_whole(packet: bytes) -> None:
                with lock:
                    while packet:
                        packet = packet[write(packet) :]

            self._write = write_whole  # type: ignore[assignment]

    web_driver.XTermParser = WholePasteParser  # type: ignore[attr-defined]
    web_driver.WebDriver = WholePacketDriver  # type: ignore[misc]


RECHECK_SECONDS: Final = 0.1
"""Seconds after a resize until the size is read again."""


class FixedApp(App[None]):
    """An app that gets the size of its terminal right, and reports its own crashes.

    Sizes: Linux sends SIGWINCH just before it stores the new size (``pty_resize`` in
    ``drivers/tty/pty.c``), so a program that reads it at once may get the old one. Textual reads it
    once (``LinuxDriver._get_terminal_size``), so it is made to read it again a moment later. Not
    reported; terminals with in-band resize (https://github.com/Textualize/textual/pull/5217) are
    not affected. Remove when all have it.

    Suspending: Textual resumes its terminal mode at each SIGCONT, though only a SIGTSTP suspends it
    (``LinuxDriver._sigcont_application``, since
    https://github.com/Textualize/textual/pull/4064): after a SIGSTOP, or when a terminal is closed,
    this starts a second writer thread that is never stopped and keeps the process alive. Not
    reported. Remove once ``kill -STOP`` and ``kill -CONT`` leave the number of threads unchanged.

    Both signals are handled on the loop: Textual's handlers write to the terminal through a queue,
    and one that interrupts a write waits for the lock of that queue for ever
    (``LinuxDriver.__init__``). Not reported. After a SIGCONT it draws what has changed since on the
    empty screen that it was given (``LinuxDriver.start_application_mode``), not all. Not reported.
    May go when ``fg`` brings the whole screen back without it.

    Its ``App.action_suspend_process`` stops only this process: what started it, such as make, keeps
    the terminal. Not reported. Remove ``suspend_group`` once it stops the process group.

    Crashes: Textual prints a traceback with the values of all variables, papers among them, and has
    no public hook for something else. Not reported. Remove when ``_fatal_error`` is public.
    """

    _is_ready = False
    _is_recheck = False
    _is_suspended = False

    def begin_with_theme(self, name: str) -> None:
        """Sets the theme before the start.

        A theme that is set as an attribute is applied again once the app runs, for which Textual
        parses its stylesheet a second time (``App._watch_theme``). Not reported. Remove once
        ``App.theme`` can be set in ``__init__`` without ``Stylesheet.reparse`` being called.
        """
        self.set_reactive(App.theme, name)
        theme = self.current_theme
        classes = {
            f"-theme-{name}": True,
            "-dark-mode": theme.dark,
            "-light-mode": not theme.dark,
        }
        self.update_classes(classes, update=False)
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def on_ready(self) -> None:
        """Later resizes are real; earlier ones only report the initial size."""
        self._is_ready = True

    def on_resize(self) -> None:
        """Schedules another reading of the size, unless this resize comes from one."""
        if self._is_recheck:
            self._is_recheck = False
        elif self._is_ready and sys.platform != "win32":
            self.set_timer(RECHECK_SECONDS, self._read_size)

    def _read_size(self) -> None:
        self._is_recheck = True
        signal.raise_signal(signal.SIGWINCH)

    @property
    def can_suspend(self) -> bool:
        """Whether the driver gives the terminal back at a SIGTSTP; that of a browser cannot."""
        return self._driver is not None and self._driver.can_suspend

    def suspend_group(self) -> None:
        """Stops the process group until it is continued, once the terminal is as it was.

        In this order: the shell takes the terminal as soon as what it started has stopped.
        """
        self._give_terminal_back()
        handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, handler)

    def handle_suspending(self) -> None:
        """Handles SIGTSTP and SIGCONT; call it on the loop. Does nothing without a terminal."""
        is_main = threading.current_thread() is threading.main_thread()
        if os.name == "posix" and is_main and self.can_suspend:
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGTSTP, self._suspend)
            loop.add_signal_handler(signal.SIGCONT, self._continue)

    def _give_terminal_back(self) -> None:
        driver = self._driver
        assert driver is not None
        driver.suspend_application_mode()
        driver._must_signal_resume = True  # type: ignore[attr-defined]
        self._is_suspended = True

    def _suspend(self) -> None:
        self._give_terminal_back()
        os.kill(os.getpid(), signal.SIGSTOP)

    def _continue(self) -> None:
        if self._is_suspended and self._driver is not None:
            self._is_suspended = False
            self._driver.resume_application_mode()

    @on(Driver.SignalResume)
    def redraw(self) -> None:
        """Draws everything again."""
        self.refresh(layout=True)

    def crashed(self) -> None:
        """Reports an unhandled error; called while it is being handled."""
        raise NotImplementedError

    def _fatal_error(self) -> None:
        self.crashed()
        self._close_messages_no_wait()
