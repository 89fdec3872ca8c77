"""Signals that end the app, job control, and closed terminals. Windows has none of them."""

import asyncio
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

HANG_UP: Final = 1
"""SIGHUP."""

_ENDING: Final = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
    if os.name == "posix"
)


@contextmanager
def blocked() -> Iterator[None]:
    """Blocks the signals that end a process until ``handle`` is called.

    Between the first change of the terminal's modes and the start of the app, they would end the
    process and leave the modes on.
    """
    if not _ENDING:
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def handle(loop: asyncio.AbstractEventLoop, end: Callable[[int], None]) -> None:
    """Calls ``end`` for each signal that ends a process, and when the terminal is closed.

    Args:
        end: Called with the number of the signal; ``HANG_UP`` for a closed terminal.
    """
    if not _ENDING:
        return
    for number in _ENDING:
        with suppress(RuntimeError, ValueError):  # not in the main thread
            loop.add_signal_handler(number, end, number)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    _watch_terminal(lambda: loop.call_soon_threadsafe(end, HANG_UP))


def has_job_control() -> bool:
    """Whether a shell waits to go on when the process group is stopped, and can continue it.

    A group whose parents all are outside of its session is orphaned (POSIX, 3.264): nothing would
    ever continue it. So it is for the first program of a terminal, and for one that a service
    started.
    """
    if os.name != "posix":
        return False
    group, parent = os.getpgrp(), os.getppid()
    try:
        is_started_by_shell = os.getsid(parent) == os.getsid(0) and os.getpgid(parent) != group
        is_part_of_job = os.getpgid(parent) == group and os.getsid(0) != group
    except OSError:  # the parent is gone, or somebody else's
        return False
    return is_started_by_shell or is_part_of_job


def _watch_terminal(end: Callable[[], object]) -> None:
    """Calls ``end`` when the terminal is closed without a signal, as under nohup.

    Textual 8.2.8 would read the end of its input for ever, as fast as it can
    (https://github.com/Textualize/textual/pull/6690), and the app would go on with no terminal.
    """
    if sys.__stdin__ is None or not hasattr(select, "poll") or sys.platform == "darwin":
        return  # macOS cannot poll terminals
    terminal = select.poll()
    terminal.register(sys.__stdin__.fileno(), 0)  # only POLLHUP

    def watch() -> None:
        terminal.poll()
        with suppress(RuntimeError):  # the loop has ended meanwhile
            end()

    threading.Thread(target=watch, name="hang-up", daemon=True).start()
