"""The ways into a session: the app, or a line at a time."""

import argparse
import gc
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from tui import config
from tui.errors import PapersError
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.library import Library
    from tui.ui.command_line import CommandLine


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
    gc.disable()  # what a start makes stays; the app goes on collecting once papers are on screen
    from tui.ui import signals, textual_fixes
    from tui.ui.app import PapersApp
    from tui.ui.first_frame import Keeper

    def open_library() -> "Library":
        from tui.actions import open

        return open.open_library(
            options.library, settings, write=True, or_read_only=True, create=True, wait=0.2
        )

    def command_line() -> "CommandLine":
        from tui.cli.command_line import ShellCommandLine

        return ShellCommandLine(settings)

    opened = PapersApp(
        settings if query is None else replace(settings, view=query),
        open_library,
        command_line,
        resume=query is None,
        keeper=Keeper(config.library_path(options.library, settings)[0], settings),
    )
    textual_fixes.install()
    with signals.held_back():
        opened.run()
    if opened.failure is not None:
        raise opened.failure
    if opened.exit_summary and not opened.return_code:
        print(sanitize(opened.exit_summary))
    return opened.return_code or 0


def triage(options: argparse.Namespace, settings: config.Config) -> int:
    """Opens a session on a query: the app's screen, or plain."""
    query = " ".join(options.query).replace("\N{MINUS SIGN}", "-")
    if not options.plain:
        return app(options, settings, query or None)
    from tui.cli import plain

    return plain.run(options, settings, query or settings.view)
