"""Command lines in sessions: typed after ``:``, or bound to keys."""

import os
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from re import Match
from typing import TYPE_CHECKING, Any, Final

from tui import __version__
from tui.actions import arguments
from tui.actions.bindings import bindings
from tui.actions.context import Context, Outcome
from tui.actions.questions import Choice
from tui.actions.registry import Action, Argument, Binding, Where
from tui.errors import UsageError
from tui.model.layout import table
from tui.model.text import sanitize_lines
from tui.model.words import fold
from tui.patterns import regex

if TYPE_CHECKING:
    from tui.library import Library

MAX_FILES: Final = 200
"""Files of a folder that are completed."""


def parse(text: str, where: Where, keys: Sequence[str] = ()) -> tuple[Action, dict[str, Any]]:
    """The action and the options of a command line in a session.

    Args:
        text: The line, in shell syntax; ``%`` is the papers, ``~`` the home folder.

    Raises:
        UsageError: If it is malformed, unknown or not available in a session.
    """
    try:
        words = shlex.split(text.replace("\0", ""))
    except ValueError as error:
        raise UsageError("Unclosed quotation mark", "Close it.") from error
    words = [_expand_home(word) for each in words for word in (keys if each == "%" else (each,))]
    if not words:
        raise UsageError("No command given", "papers-tui --help lists them.")
    if {"-h", "--help"} & set(words) or (words[0] == "help" and len(words) > 1):
        commands = [word for word in words if not word.startswith("-")]
        if commands[1:] and commands[0] == "help":
            del commands[0]
        return _printing(arguments.help_text(commands, where))
    if words == ["--version"]:
        return _printing(f"papers-tui {__version__}\n")
    if arguments.find(words, where) is None:
        if where is Where.BROWSER and arguments.find(words, Where.TERMINAL):
            raise UsageError(f"{words[0]} does not run in a browser", "Use it in a terminal.")
        if arguments.find(words, Where.SHELL):
            raise UsageError(f"{words[0]} does not run in a session", "Run it in a shell.")
    action, options = arguments.parse(words, where)
    if action is None:
        raise UsageError("No command given", "papers-tui --help lists them.")
    for argument in action.arguments:
        value = options[argument.name]
        if argument.reads_input and "-" in (value if isinstance(value, list) else [value]):
            raise UsageError("A session has no standard input", "Name a file.")
    return _adapted(action, options)


def _adapted(action: Action, options: dict[str, Any]) -> tuple[Action, dict[str, Any]]:
    """The action as ``--library``, ``--json`` and ``--dry-run`` change it."""
    folder, as_json = options.pop("library"), options.pop("json", False)
    options.pop("no_sample")  # the library of a session is there
    if options.get("dry_run"):
        action = replace(action, acts_on_papers=False, advances=False)
    if folder:
        action = _elsewhere(action, folder)
    if as_json:
        action = _as_json(action)
    return action, options


def _printing(text: str) -> tuple[Action, dict[str, Any]]:
    return Action("help", lambda _: Outcome(text=text), "", "", access=None), {}


def _elsewhere(action: Action, folder: str) -> Action:
    """The action, run on another library."""
    from tui.actions.open import run

    def run_there(context: Context, **options: Any) -> Outcome:
        other = Context(context.settings, folder=folder, progress=context.progress)
        return replace(run(action, options, other), query=None, change=None)

    return replace(
        action, run=run_there, access=None, acts_on_papers=False, advances=False, screen_action=""
    )


def _as_json(action: Action) -> Action:
    """The action, with its data as JSON instead of its message."""

    def run_for_data(context: Context, **options: Any) -> Outcome:
        from tui.formats.json_text import dumps

        outcome = action.run(replace(context, as_json=True), **options)
        assert isinstance(outcome, Outcome)
        text = f"{dumps(outcome.data)}\n"
        return Outcome(text=text, notes=outcome.notes, exit_code=outcome.exit_code)

    return replace(action, run=run_for_data)


def _expand_home(word: str) -> str:
    """A word with ``~`` expanded; unchanged if it cannot be a path."""
    try:
        return os.path.expanduser(word)  # noqa: PTH111 - pathlib raises where this leaves a word unchanged
    except UnicodeEncodeError:
        return word


_NAMED: Final = regex(r"papers-tui (?:--help|(?=([a-z][a-z-]*)(?: ([a-z][a-z-]*))?))")
"""A command in a text, by its first words."""
_TARGET: Final = regex(r"\bKEY\b")


def as_typed(text: str, where: Where) -> str:
    """A text whose commands are written as a session takes them, as texts have those of a shell.

    ``papers-tui lists add NAME KEY`` is ``:lists add NAME %``; what only a shell takes stays.
    """

    def typed(match: Match[str]) -> str:
        if match[1] is None:
            return ":help commands"
        action = arguments.find([word for word in match.groups() if word], Where.SHELL)
        return ":" if action is not None and action.where & where else match[0]

    there = _NAMED.sub(typed, text)
    return text if there == text else _TARGET.sub("%", there)


def render(outcome: Outcome, width: int = 10_000, where: Where = Where.TERMINAL) -> str:
    """Everything an outcome says, as lines of text; tables wrap at a width."""

    def typed(texts: Iterable[str]) -> list[str]:
        return [as_typed(sanitize_lines(text), where) for text in texts if text]

    rows = [tuple(as_typed(cell, where) for cell in row) for row in outcome.rows]
    lines = [*typed((outcome.message, *outcome.notes)), *table(rows, width, wraps=True)]
    texts = ("".join(f"{line}\n" for line in each) for each in (lines, typed(outcome.failures)))
    return outcome.text.join(texts)


# Completing


def complete(before: str, typed: str, library: "Library", where: Where = Where.APP) -> list[Choice]:
    """The completions of a line: words, each with its meaning, or at its beginning, commands.

    Args:
        before: The line up to the word.
        typed: The word so far.
        library: For the names of lists and tags.
    """
    words = before.split()
    if not words:
        return _commands(typed, where)
    return [Choice(word, word, meaning) for word, meaning in _words(words, typed, library, where)]


def _commands(typed: str, where: Where) -> list[Choice]:
    """The commands; with a word, also command lines that are described by one that begins so.

    Those with such a word in their own line come first, then those with a key in the footer.
    """
    by_name = arguments.available(where)

    def rank(name: str) -> tuple[bool, bool, int]:
        footer = [row.footer for row in by_name[name].bindings if row.footer]
        return not by_name[name].where & Where.SHELL, not footer, min(footer, default=0)

    names = sorted(by_name, key=rank)
    commands = {name: Choice(name, name, by_name[name].help) for name in names if " " not in name}
    described = [(name, by_name[name].help, "") for name in names]
    described += [(row.line, row.help, row.label) for row in bindings() if "{" not in row.line]
    prefix = fold(typed)
    for line, help, label in described if prefix else ():
        matches = [
            word for word in fold(f"{label} {help} {line}").split() if word.startswith(prefix)
        ]
        if matches and not line.startswith(typed):
            commands.setdefault(line, Choice(line, line, help))
            commands[line] = replace(commands[line], keywords=" ".join(matches))

    def is_meant(choice: Choice) -> bool:
        return any(word.startswith(prefix) for word in fold(choice.value).split())

    return sorted(commands.values(), key=is_meant, reverse=True)


def without_key(rows: Iterable[Binding], where: Where) -> list[Choice]:
    """The commands that none of these bindings runs, each as the beginning of a line."""
    with_keys = {row.line.split("{")[0].strip() for row in rows}
    return [
        Choice(f"{name} ", each.help, f":{name}", f"{name} {each.synonyms}")
        for name, each in arguments.available(where).items()
        if name not in with_keys and not each.screen_action
    ]


def _words(
    words: Sequence[str], typed: str, library: "Library", where: Where
) -> Iterator[tuple[str, str]]:
    """The words that can follow others, each with its meaning."""
    by_name = arguments.available(where)
    action = by_name.get(" ".join(words[:2])) or by_name.get(words[0])
    if action is None:
        return
    rest = words[len(action.name.split()) :]
    declared = [each for each in action.arguments if each.where & where]
    flags = {flag: each for each in declared for flag in each.flags}
    option = flags.get(rest[-1]) if rest else None
    if option is not None and not option.is_switch:
        yield from _values(option, typed, library)
        return
    if not rest:
        below = (other for name, other in by_name.items() if name.startswith(f"{action.name} "))
        yield from ((other.name.split()[1], other.help) for other in below)
    if argument := _next(declared, rest, flags):
        yield from _values(argument, typed, library)
    yield from ((each.flags[-1], each.help) for each in declared if each.flags)


def _next(
    declared: Iterable[Argument], words: Iterable[str], flags: dict[str, Argument]
) -> Argument | None:
    """The next positional argument after some words; ``None`` if there is none."""
    positional = [argument for argument in declared if not argument.flags]
    rest = iter(words)
    for word in rest:
        if word in flags:
            if not flags[word].is_switch:
                next(rest, None)
        elif positional and positional[0].nargs not in ("*", "+"):
            positional.pop(0)
    return positional[0] if positional else None


def _values(argument: Argument, typed: str, library: "Library") -> Iterator[tuple[str, str]]:
    """The values that an argument can take."""
    if argument.choices:
        yield from ((str(choice), "") for choice in argument.choices)
    elif argument.complete:
        for word, meaning in argument.complete(library, typed):
            yield shlex.quote(word), meaning
    if argument.is_file:
        yield from _files(typed)


def _files(typed: str) -> Iterator[tuple[str, str]]:
    """The files and folders that can complete a path."""
    folder = typed.rpartition("/")[0]
    try:
        start = Path(folder or ("/" if typed.startswith("/") else ".")).expanduser()
        entries = [(path.name, path.is_dir()) for path in sorted(start.iterdir())[:MAX_FILES]]
    except (OSError, ValueError, RuntimeError):  # no such place, no such name, no such home
        return
    for name, is_folder in entries:
        if not name.startswith("."):
            path = f"{folder}/{name}" if "/" in typed else name
            yield f"{path}/" if is_folder else shlex.quote(path), "folder" if is_folder else ""
