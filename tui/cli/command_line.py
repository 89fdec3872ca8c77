"""The commands of the shell, run on a library that the app has open: what its ``:`` does."""

import argparse
import io
import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final

from tui import config
from tui.cli import asking, launch
from tui.cli.arguments import Run, escape_hyphens, parser
from tui.errors import UsageError
from tui.library import Library
from tui.model.state import Status
from tui.model.text import plural
from tui.query import Field
from tui.ui.command_line import Outcome, Progress

_ELSEWHERE: Final[dict[Run, str]] = {
    launch.app: "it is open",
    launch.triage: "the app is that session",
    asking.completions: "they are for a shell",
    asking.parse: "it reads no library",
}
"""Commands that mean nothing while the app is open, and why."""


MAX_FILES: Final = 200
"""Files of a folder that are offered."""


class ShellCommandLine:
    """Every command, one line at a time."""

    def __init__(self, settings: config.Config) -> None:
        """Args are the user's settings."""
        self._settings = settings

    def run(
        self,
        line: str,
        library: Library,
        keys: Sequence[str],
        *,
        query: str = "",
        progress: Progress | None = None,
    ) -> Outcome:
        """Runs one line; see ``CommandLine`` of the view."""
        try:
            words = shlex.split(line.replace("\0", ""))
        except ValueError as error:
            raise UsageError("a quotation mark is missing its other half") from error
        words = [word for each in words for word in (keys if each == "%" else (each,))]
        if not words:
            return Outcome()
        words = [_expand_home(word) for word in words]
        if words[0] == "help":
            words = [*words[1:], "--help"]
        printed = io.StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            try:
                options = parser().parse_args(escape_hyphens(words))
            except SystemExit:  # the help was asked for, and printed
                return Outcome(printed.getvalue())
            if why := _ELSEWHERE.get(options.run):
                raise UsageError("this does not run in the app", why)
            is_list = options.run is asking.list_papers
            if is_list and not options.json and options.library is None:
                return Outcome(query=_query(options))
            if "-" in (*getattr(options, "files", ()), getattr(options, "text", "")):
                raise UsageError("there is no standard input in here", "name a file")
            if options.library is None:
                options.held = library
                options.progress = progress
                options.selection = keys
                options.shown = query
            code = options.run(options, self._settings)
        return Outcome(printed.getvalue(), failed=bool(code))

    def complete(self, before: str, typed: str, library: Library) -> list[tuple[str, str]]:
        """The words that may come next; see ``CommandLine`` of the view."""
        words = before.split()
        made: argparse.ArgumentParser = parser()
        rest = 0
        for place, word in enumerate(words):
            if word not in (named := _commands(made)):
                break
            made = named[word]
            rest = place + 1
        if named := _commands(made):
            found = [(name, _help(made, name)) for name in named]
            return [c for c in found if named[c[0]].get_default("run") not in _ELSEWHERE]
        last = words[-1] if len(words) > rest else ""
        return [
            *_values(" ".join(words[:rest]), words[rest:], last, typed, library),
            *_options(made),
        ]


def _query(options: argparse.Namespace) -> str:
    parts = [" ".join(options.query)]
    parts += [f"sort:{options.sort}"] if options.sort else []
    parts += [f"limit:{options.limit}"] if options.limit is not None else []
    return " ".join(part for part in parts if part).replace("\N{MINUS SIGN}", "-")


def _commands(made: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands below a parser by name; none where it has arguments of its own instead."""
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _help(made: argparse.ArgumentParser, name: str) -> str:
    actions = (a for a in made._actions if isinstance(a, argparse._SubParsersAction))
    return next(
        (str(c.help or "") for a in actions for c in a._choices_actions if c.dest == name), ""
    )


def _options(made: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    for action in made._actions:
        if action.option_strings and action.help != argparse.SUPPRESS and action.dest != "help":
            yield action.option_strings[-1], str(action.help or "")


def _values(
    verb: str, words: Sequence[str], last: str, typed: str, library: Library
) -> list[tuple[str, str]]:
    """What an argument may be, after a command."""
    if last == "--query":
        return [(shlex.quote(query), name) for name, query in library.views().items()]
    if verb == "mark" and not words:
        return [(str(status), "") for status in Status]
    if verb == "snooze" and not words:
        return [("tomorrow", ""), ("3d", "3 days"), ("1w", "a week"), ("off", "wake it")]
    if verb == "undo" and last == "--since":
        return [("today", ""), ("1h", "an hour ago"), ("yesterday", "")]
    if verb == "tag":
        counts = library.index.counts(Field.TAG)
        sign = "-" if typed.startswith("-") else "+"
        return [(f"{sign}{name}", plural(count, "paper")) for name, count in counts.items()]
    if verb in ("tags rename", "tags delete") and not words:
        counts = library.index.counts(Field.TAG)
        return [(name, plural(count, "paper")) for name, count in counts.items()]
    if (verb == "export" or verb.startswith("lists ")) and not words:
        return [
            (shlex.quote(held.name), plural(len(held.keys), "paper")) for held in library.lists()
        ]
    if verb == "views delete" and not words:
        return [(shlex.quote(name), query) for name, query in library.views().items()]
    if verb == "import" or last in ("-o", "--output"):
        return list(_files(typed))
    return []


def _files(typed: str) -> Iterator[tuple[str, str]]:
    """The files and folders that a path may go on with."""
    folder = typed.rpartition("/")[0]
    try:
        start = Path(folder or ("/" if typed.startswith("/") else ".")).expanduser()
        found = [(path.name, path.is_dir()) for path in sorted(start.iterdir())[:MAX_FILES]]
    except (OSError, ValueError, RuntimeError):  # no such place, no such name, no such home
        return
    for name, is_folder in found:
        if not name.startswith("."):
            whole = f"{folder}/{name}" if "/" in typed else name
            yield f"{whole}/" if is_folder else shlex.quote(whole), "folder" if is_folder else ""


def _expand_home(word: str) -> str:
    """A word as a shell expands it; one that cannot be a path stays as it is."""
    try:
        return os.path.expanduser(word)  # noqa: PTH111 - pathlib has no "leave it as it is"
    except UnicodeEncodeError:
        return word
