"""The program: the only module that combines the shell and the app."""

import atexit
import gc
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.config import Config
    from tui.library import Library


def main(words: Sequence[str] | None = None) -> int:
    """Runs a command line, that of the process by default, and returns its exit code."""
    if words is None:  # the process is for this command alone, which makes next to no garbage
        gc.set_threshold(100_000)
        atexit.register(gc.freeze)  # else Python looks for some among all objects before it ends
    from tui import cli

    return cli.main(words, start_app)


def start_app(settings: "Config", folder: str | None, query: str | None) -> int:
    """Opens the app where the user left it, or on a query, and returns its exit code."""
    from concurrent.futures import ThreadPoolExecutor

    gc.disable()  # the app enables it once papers are on screen
    # Loaded before the thread starts: two threads that load modules only hold each other up.
    from tui import library  # noqa: F401
    from tui.actions import open  # noqa: F401

    opening = ThreadPoolExecutor(1, "open").submit(_open_library, settings, folder)
    from tui.model.text import sanitize_lines
    from tui.ui import app

    try:
        exit_code, summary = app.run(settings, opening, query)
        if summary and not exit_code:
            from tui.actions.interests import reminder

            summary = "\n".join(filter(None, [summary, reminder(opening.result())]))
    finally:
        if opening.exception() is None:
            opening.result().close()
    if summary and not exit_code:
        print(sanitize_lines(summary))
    return exit_code


def _open_library(settings: "Config", folder: str | None) -> "Library":
    from tui.actions import open
    from tui.actions.registry import Access, Where, app_front_end

    # A page that is reloaded is served by another process, while the one before it ends.
    wait = 2.0 if app_front_end() is Where.BROWSER else 0.2
    access = Access(write=True, create=True, or_read_only=True, wait=wait)
    library = open.open_library(folder, settings, access)
    len(library.search)  # built here, in a thread, as it grows with the library
    return library


if __name__ == "__main__":
    sys.exit(main())
