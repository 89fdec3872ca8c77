"""The shell front end: arguments in, standard output and an exit code out.

Data goes to standard output and words to standard error. Nothing here loads the app's toolkit
until the app is opened.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

from tui import config
from tui.cli.arguments import escape_hyphens, parser
from tui.cli.output import say
from tui.errors import PapersError


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0, 1 failure, 2 usage, 75 library in use."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        try:
            line = escape_hyphens(arguments)
            options = parser(line).parse_args(line)
            code = options.run(options, _settings(options))
        finally:  # argparse leaves by an exception once it has printed the help
            if sys.stdout is not None:
                sys.stdout.flush()
    except PapersError as error:
        say(f"papers-tui: {error.message}" + (f"\n  {error.hint}" if error.hint else ""))
        return error.exit_code
    except BrokenPipeError:
        _give_up(sys.stdout)  # the reader of the pipe has seen enough
        return 0
    except OSError as error:
        _give_up(sys.stdout)
        say(f"papers-tui: standard output: {error.strerror or error}")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    finally:
        try:
            sys.stderr.flush()
        except (OSError, ValueError, AttributeError):  # the app's last words to a closed terminal
            _give_up(sys.stderr)
    return int(code or 0)


def _settings(options: argparse.Namespace) -> config.Config:
    """The configuration; what is wrong with it is said, and doctor says it himself."""
    if options.tells_settings:
        return config.Config()
    settings, problems = config.load()
    for problem in problems:
        say(problem)
    return settings


def _give_up(stream: TextIO) -> None:
    """Lets nothing be written at exit to an output that takes no more."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
