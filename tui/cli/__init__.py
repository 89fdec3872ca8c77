"""The shell front end: words in, standard output and an exit code out.

Data goes to standard output and messages to standard error. Nothing here loads the app's toolkit.
"""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TextIO

from tui import config
from tui.actions.context import Context
from tui.actions.registry import Action, Where
from tui.cli import launch
from tui.cli.output import is_terminal, print_error, print_outcome, progress_bar, say
from tui.errors import PapersError


def main(words: Sequence[str] | None, start_app: launch.StartApp) -> int:
    """Runs one command and returns its exit code: 0, 1 failure, 2 usage, 75 library in use.

    Args:
        words: The command line; ``None`` for that of the process.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        try:
            code = _run(sys.argv[1:] if words is None else words, start_app)
        finally:  # argparse leaves by an exception once it has printed the help
            if sys.stdout is not None:
                sys.stdout.flush()
    except PapersError as error:
        print_error(error)
        return error.exit_code
    except BrokenPipeError:
        _discard(sys.stdout)  # the other end of the pipe was closed
        return 0
    except OSError as error:
        _discard(sys.stdout)
        say(f"papers-tui: standard output: {error.strerror or error}")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    finally:
        try:
            sys.stderr.flush()
        except (OSError, ValueError, AttributeError):  # the terminal was closed
            _discard(sys.stderr)
    return code


def _run(words: Sequence[str], start_app: launch.StartApp) -> int:
    if not words:  # without loading the parser
        return launch.start(_settings(None), None, start_app, None, False)
    from tui.actions import arguments

    action, options = arguments.parse(words, Where.SHELL)
    folder = options.pop("library")
    settings = _settings(action)
    has_no_sample = options.pop("no_sample")
    if has_no_sample:
        settings = replace(settings, sample=False)
    start = partial(launch.start, settings, folder, start_app)
    if action is None:
        return start(None, False)
    from tui.actions import open

    as_json = options.pop("json", action.always_json)
    with progress_bar() as progress:
        context = Context(
            settings,
            folder=folder,
            progress=progress,
            say=say,
            write=partial(print, end="", flush=True),
            is_terminal=is_terminal(),
            as_json=as_json,
            start=start,
            serve=partial(_serve, folder, has_no_sample),
            words=words,
        )
        outcome = open.run(action, options, context)
    print_outcome(outcome, as_json=as_json)
    return outcome.exit_code


def _serve(folder: str | None, has_no_sample: bool, port: int) -> int:
    """Serves the app to browsers; see ``Context.serve``."""
    from tui.cli import server

    options = [] if folder is None else ["--library", folder]
    return server.serve([*options, *["--no-sample"] * has_no_sample], port)


def _settings(action: Action | None) -> config.Config:
    """The configuration; prints its problems, unless the action reports them."""
    settings, problems = config.load()
    if action is None or not action.reports_settings:
        for problem in problems:
            say(problem)
    return settings


def _discard(stream: TextIO) -> None:
    """Redirects a closed output to the null device, so that flushing at exit does not fail."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
