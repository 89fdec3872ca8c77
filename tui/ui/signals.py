"""How the app is told to end, to stop and to go on, by whoever sends signals and closes windows.

It knows the system's signals and terminals, and nothing of the app. Windows has none of it.
"""

import asyncio
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Final

HANG_UP: Final = 1
"""SIGHUP."""

_ENDING: Final = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
    if os.name == "posix"
)


@contextmanager
def held_back() -> Iterator[None]:
    """Lets signals to end wait until somebody acts on them; see ``catch``.

    Between the first change of the terminal's modes and the first thing the app does, there was a
    moment in which they ended the process and left the modes on.
    """
    if not _ENDING:
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def catch(loop: asyncio.AbstractEventLoop, end: Callable[[int], None]) -> None:
    """Calls ``end`` with the number of each signal to end, and with that of a closed terminal.

    Args:
        loop: The loop on which to call it.
        end: Told the signal's number.
    """
    if not _ENDING:
        return
    for number in _ENDING:
        with suppress(RuntimeError, ValueError):  # not in the main thread
            loop.add_signal_handler(number, end, number)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    with suppress(ValueError):
        _mend_continuing()
    _watch_terminal(lambda: loop.call_soon_threadsafe(end, HANG_UP))


Handler = Callable[[int, FrameType | None], Any]


def _mend_continuing() -> None:
    """Lets the toolkit begin anew only where it had ended before.

    It begins at each SIGCONT, though only a SIGTSTP ends it: after a SIGSTOP, or when a terminal is
    closed, a second thread would write, that nobody stops and that keeps the process from ending.
    """
    stop, go_on = signal.getsignal(signal.SIGTSTP), signal.getsignal(signal.SIGCONT)
    if not callable(stop) or not callable(go_on):
        return
    is_stopped = False

    def stopped(number: int, frame: FrameType | None) -> None:
        nonlocal is_stopped
        is_stopped = True
        stop(number, frame)

    def continued(number: int, frame: FrameType | None) -> None:
        nonlocal is_stopped
        if is_stopped:
            is_stopped = False
            go_on(number, frame)

    signal.signal(signal.SIGTSTP, stopped)
    signal.signal(signal.SIGCONT, continued)


def _watch_terminal(end: Callable[[], object]) -> None:
    """Ends when the terminal is closed and nobody sends a signal for it, as under nohup.

    The toolkit would read the end of its input for ever, as fast as it can.
    """
    if sys.__stdin__ is None or not hasattr(select, "poll") or sys.platform == "darwin":
        return  # macOS cannot poll terminals
    terminal = select.poll()
    terminal.register(sys.__stdin__.fileno(), 0)  # only that it is gone

    def watch() -> None:
        terminal.poll()
        with suppress(RuntimeError):  # the loop has ended meanwhile
            end()

    threading.Thread(target=watch, name="hang-up", daemon=True).start()
