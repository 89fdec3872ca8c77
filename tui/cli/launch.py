"""Starting a session: the app, or a plain one."""

import os
import sys
from collections.abc import Callable

from tui.actions.registry import Where, app_front_end
from tui.config import Config
from tui.errors import PapersError, UsageError

StartApp = Callable[[Config, str | None, str | None], int]
"""Opens the app with settings, library folder and query, and returns its exit code.

Without a folder, the default library; without a query, where the user left.
"""


def start(
    settings: Config, folder: str | None, start_app: StartApp, query: str | None, plain: bool
) -> int:
    """Opens a session and returns its exit code; see ``Context.start``.

    Raises:
        PapersError: If the app has no terminal to draw on.
        UsageError: If a part of the query of a plain session means nothing.
    """
    if plain:
        from tui.actions.find import view_problems
        from tui.cli import plain as plain_session

        for problem in view_problems(settings) if query is None else ():
            raise UsageError(problem, "Fix the file, or pass a query.")
        return plain_session.run(settings, folder, settings.view if query is None else query)
    if app_front_end() is Where.BROWSER:  # which has no terminal here
        return start_app(settings, folder, query)
    streams = (sys.stdin, sys.stdout, sys.stderr)  # Textual draws on standard error
    if not all(stream is not None and stream.isatty() for stream in streams):
        raise PapersError(
            "The app needs a terminal on standard input, output and error",
            "In a pipe, use a command: papers-tui list, or papers-tui triage --plain.",
        )
    if os.environ.get("TERM", "") in ("dumb", ""):
        raise PapersError(
            "This terminal cannot draw a screen (TERM is dumb)", "Try papers-tui triage --plain."
        )
    return start_app(settings, folder, query)
