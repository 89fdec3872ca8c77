"""A triage session a line at a time: for screen readers, slow lines, serial consoles, recordings.

The same keys as on the screen, from the same table, with the user's own in it. On a terminal a key
acts at once; from a pipe every line is a key by its name, or several keys.
"""

import argparse

from tui import config
from tui.cli.command_line import ShellCommandLine
from tui.cli.plain.key_input import open_source
from tui.cli.plain.loop import Session
from tui.cli.targets import open_library
from tui.ui import keymap


def run(options: argparse.Namespace, settings: config.Config, query: str) -> int:
    """Reads keys and does what they say, until the end of the input or ``q``."""
    table, _ = keymap.resolve(settings.keys)
    with open_library(options, settings, write=True, create=True) as library, open_source() as read:
        session = Session(library, table, read, ShellCommandLine(settings))
        session.show(query)
        while session.step():
            pass
    return 0
