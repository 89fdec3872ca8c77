"""The ways into a session: the app, or a line at a time."""

import argparse
import os
import sys
from dataclasses import replace

from tui import config
from tui.errors import PapersError
from tui.text import safe


def app(options: argparse.Namespace, settings: config.Config, query: str | None = None) -> int:
    """Opens the app where the reader left it, or on a query."""
    streams = (sys.stdin, sys.stdout, sys.stderr)  # the app draws on standard error
    if not all(stream is not None and stream.isatty() for stream in streams):
        raise PapersError(
            "the app needs a terminal on standard input, output and error",
            "in a pipe, use a command: papers-tui list, or papers-tui triage --plain",
        )
    if os.environ.get("TERM", "") in ("dumb", ""):
        raise PapersError(
            "this terminal cannot draw a screen (TERM is dumb)", "try papers-tui triage --plain"
        )
    from tui.cli.line import ShellLine
    from tui.commands import opening
    from tui.view import signals
    from tui.view.app import PapersApp

    opened = PapersApp(
        settings if query is None else replace(settings, view=query),
        lambda: opening.open_library(
            options.library, settings, write=True, or_read_only=True, create=True, wait=0.2
        ),
        ShellLine(settings),
        resume=query is None,
    )
    with signals.held_back():
        opened.run()
    if opened.failure is not None:
        raise opened.failure
    if opened.farewell and not opened.return_code:
        print(safe(opened.farewell))
    return opened.return_code or 0


def triage(options: argparse.Namespace, settings: config.Config) -> int:
    """Opens a session on a query: the app's screen, or plain."""
    query = " ".join(options.query).replace("\N{MINUS SIGN}", "-")
    if not options.plain:
        return app(options, settings, query or None)
    from tui.cli import plain

    return plain.run(options, settings, query or settings.view)
