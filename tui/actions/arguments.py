"""The registry as an argument parser: words in, an action and its options out."""

import argparse
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from tui import __version__
from tui.actions.registry import Action, Argument, Where, actions, actions_of, switch
from tui.errors import UsageError
from tui.files import is_there
from tui.model.identifiers import arxiv_id, is_address, is_listing
from tui.model.layout import enumerated
from tui.model.suggest import did_you_mean, nearest
from tui.model.text import normalize

EXAMPLES: Final = """\
examples:
  papers-tui                                 open the app
  papers-tui import page.txt                 add the text of a Daily Papers page
  papers-tui list 'is:unread lora' --limit 9 the newest unread papers about LoRA
  papers-tui mark read mixlora               by a prefix of a paper's key
  papers-tui tag +rl --query 'title:reinforcement'
  papers-tui lists add thesis mixlora && papers-tui export thesis -o thesis.md
"""
MAX_CHOICES: Final = 12
"""The most choices that an error lists."""
_ESCAPE: Final = "\0"
"""Hides a hyphen from argparse; no word of a command line can contain it."""


def parse(words: Sequence[str], where: Where) -> tuple[Action | None, dict[str, Any]]:
    """The action and the options of a command line.

    Args:
        words: As split by a shell.
        where: The front end; only its actions are available.

    Returns:
        The action, or ``None`` without a command; and its options by name, with those of
        ``GLOBAL``.

    Raises:
        UsageError: If a command, an option or a value is unknown, or options exclude each other.
        SystemExit: After printing the help or the version.
    """
    action = find(words, where)
    command_parser = _parser_of(where, action.name) if action else parser(where, words)
    namespace = command_parser.parse_args(escape_hyphens(words, action))
    values = vars(namespace)
    action = values.pop("_action")
    options = {argument.name: values.get(argument.name) for argument in GLOBAL}
    for argument in action.arguments if action else ():
        value = values.get(argument.name, argument.default)
        options[argument.name] = _value(argument, value)
    if action:
        _require_fitting(action.arguments, options)
    return action, options


def _require_fitting(arguments: Sequence[Argument], options: Mapping[str, Any]) -> None:
    """Refuses options that exclude each other, and those without the one that they go with.

    Raises:
        UsageError: If there are any.
    """
    by_name = {each.name: each for each in arguments}
    passed = [each for each in arguments if options[each.name] not in (each.default, False, [])]
    for argument in passed:
        for other in passed:
            if other.name in argument.excludes:
                both = f"{argument.label} or {other.label}"
                raise UsageError(f"Pass {both}, not both", "Leave one out.")
        needed = by_name.get(argument.goes_with)
        if needed is not None and needed not in passed:
            reason = f"{argument.label} goes with {needed.label}"
            raise UsageError(reason, "Add that, or leave it out.")


def _value(argument: Argument, value: Any) -> Any:
    """The value that argparse parsed, as the action takes it."""
    if argument.choices and isinstance(value, str):
        return argument.kind(value)
    if isinstance(value, str):
        return value.removeprefix(_ESCAPE)
    return [word.removeprefix(_ESCAPE) for word in value] if isinstance(value, list) else value


def available(where: Where) -> Mapping[str, Action]:
    """The actions of a front end, by name."""
    return _available(actions(), where)


def _available(by_name: Mapping[str, Action], where: Where) -> Mapping[str, Action]:
    return {name: action for name, action in by_name.items() if action.where & where}


def find(words: Sequence[str], where: Where) -> Action | None:
    """The action that a command line names; ``None`` if it names none."""
    names = _command(words)
    if not names:
        return None
    named = _find(names, where)
    if named is None or (names[1:] and " " not in named.name and all(map(_flags, named.arguments))):
        actions()  # it may be of a module that the generated table does not name yet
        named = _find(names, where)
    return named


_flags: Final = attrgetter("flags")


def _find(names: Sequence[str], where: Where) -> Action | None:
    """The same, of the modules that are known to declare commands with this first word."""
    by_name = _available(actions_of(names[0]), where)
    by_alias = {alias: action for action in by_name.values() for alias in action.aliases}
    pair = " ".join(names[:2])
    named = by_name.get(pair) or by_alias.get(pair) or by_name.get(names[0])
    other = by_alias.get(names[0])
    takes_no_words = named is not None and not named.arguments
    return other if named is None or (other and takes_no_words and names[1:]) else named


def _command(words: Sequence[str]) -> list[str]:
    """The words before the first option other than those of ``GLOBAL``."""
    rest = list(words)
    names: list[str] = []
    while rest:
        if rest[0] == "--library":
            del rest[:2]
        elif rest[0].startswith("--library=") or rest[0] in NO_SAMPLE.flags:
            del rest[0]
        elif rest[0].startswith("-"):
            break
        else:
            names.append(rest.pop(0))
    return names


# Hyphens


def escape_hyphens(words: Sequence[str], action: Action | None) -> list[str]:
    """The words, reordered and respelt so that argparse reads them as they are meant.

    Options go to the end, as argparse accepts no positional arguments after one. The hyphen of a
    tag, of a term of a query, and of whatever follows ``--`` is escaped until parsing is done, and
    ``--query -x`` becomes ``--query=-x``. Where a query is a positional argument, ``--query`` is
    another way to pass it.
    """
    arguments = action.arguments if action else ()
    flags = {flag: argument for argument in arguments for flag in argument.flags}
    flags |= {flag: argument for argument in GLOBAL for flag in argument.flags}
    terms = [argument for argument in arguments if argument.takes_terms and not argument.flags]
    takes_query = any(argument.is_query for argument in terms)
    escaped: list[str] = []
    options: list[str] = []
    queries: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            escaped += (word if _is_number(terms, word) else _escape(word) for word in rest)
        elif (argument := flags.get(word)) is not None:
            value = None if argument.is_switch else next(rest, None)
            if value is not None and argument.takes_terms:
                options.append(f"{word}={value}")
            else:
                options += [word] if value is None else [word, value]
        elif takes_query and word == "--query":
            queries += [_escape(value) for value in islice(rest, 1)] or [word]
        elif takes_query and word.startswith("--query="):
            queries.append(_escape(word.removeprefix("--query=")))
        elif word.split("=")[0] in flags or (word[:2] in flags and word[2:].isdigit()):
            options.append(word)
        elif terms and re.match(r"-[^-]", word) and word != "-h" and not _is_number(terms, word):
            escaped.append(_escape(word))
        else:
            escaped.append(word)
    return [*escaped, *queries, *options]


def _escape(word: str) -> str:
    return _ESCAPE + word if word.startswith("-") else word


def _is_number(terms: Sequence[Argument], word: str) -> bool:
    return bool(terms) and terms[0].kind is int and word[1:].isdigit()


# The parser


LIBRARY: Final = Argument(
    "library",
    "the library folder",
    ("--library",),
    metavar="DIR",
    is_folder=True,
    where=Where.LOCAL,
)
NO_SAMPLE: Final = switch("no_sample", "begin a new library without the sample papers")
GLOBAL: Final = (LIBRARY, NO_SAMPLE)
"""Options that stand before or after any command."""


class _Parser(argparse.ArgumentParser):
    """An argument parser that suggests the nearest choice."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        choices = [str(choice) for choice in action.choices or ()]
        value = str(value).removeprefix(_ESCAPE)
        if not choices or value in choices:
            return
        is_command = isinstance(action, argparse._SubParsersAction)
        noun = "command" if is_command else action.dest.replace("_", " ")
        words = [*self.prog.split()[1:], value] if is_command else [value]
        if is_command and (advice := _advice(value)):
            raise UsageError(*advice)
        if len(choices) <= MAX_CHOICES:
            hint = f"Choose {enumerated(choices)}."
        else:
            searches = f"papers-tui list {shlex.quote(value)} finds papers; " if is_command else ""
            hint = f"{searches}{self.prog} --help lists the commands."
        hint = did_you_mean(nearest(value, choices), hint)
        raise UsageError(f"Unknown {noun}: {normalize(' '.join(words), 60)}", hint)

    def error(self, message: str) -> Any:
        message = message.replace("the following arguments are required:", "Missing:")
        message = message.replace(_ESCAPE, "")
        # argparse quotes the value as Python does.
        pattern = r"(?s)^argument (.+): invalid \w+ value: ['\"](.*)['\"]$"
        message = re.sub(pattern, r"Not a valid \1: \2", message)
        raise UsageError(message[0].upper() + message[1:], f"See {self.prog} --help.")


def _advice(word: str) -> tuple[str, str] | None:
    """Advice about an address, an arXiv id or a file where a command is expected."""
    shown = normalize(word, 80)
    if identifier := arxiv_id(word):
        id = identifier[0]
        hint = f"papers-tui add {id} adds it; papers-tui list arxiv:{id} looks for it here."
        return f"A paper on arXiv is not a command: {shown}", hint
    if is_address(word):
        return f"An address is not a command: {shown}", advice_to_add(word)
    if "/" in word or re.search(r"\.\w{1,8}$", word) or is_there(Path(word), Path.is_file):
        return (
            f"A file is not a command: {shown}",
            f"To add it: papers-tui import {shlex.quote(shown)}",
        )
    return None


ADD_PAGE: Final = "To add papers, save the text of a page and run papers-tui import FILE."
"""The hint where there are no papers."""


def advice_to_add(address: str) -> str:
    """Advice about an address or an arXiv identifier that stands where it cannot."""
    save = "save the text and run papers-tui import FILE."
    if is_listing(address):
        return f"To add its papers, {save}"
    if identifier := arxiv_id(address):
        return f"To add it: papers-tui add {identifier[0]}"
    named = shlex.quote(normalize(address, 200))
    return f"papers-tui add {named} adds its paper; of a page of several, {save}"


def parser(where: Where = Where.SHELL, words: Sequence[str] | None = None) -> _Parser:
    """A parser of all commands; given a command line, of its command alone, which saves time."""
    top = _Parser(
        prog="papers-tui",
        description="A reading tracker in the terminal. Without a command it opens the app.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"papers-tui {__version__}")
    for argument in GLOBAL:
        _add(top, argument, where)
    top.set_defaults(_action=None)
    names = _command(words) if words is not None else ["--help"]
    if words is not None and not names and not {"-h", "--help"} & set(words):
        return top
    common = _Parser(add_help=False, allow_abbrev=False)
    if LIBRARY.where & where:
        common.add_argument(
            "--library", metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS
        )
    common.add_argument(
        "--no-sample", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    groups: dict[str, list[Action]] = {}
    every = _available(actions_of(names[0]), where) if names else {}
    for action in (every or available(where)).values():
        groups.setdefault(action.name.split()[0], []).append(action)
    commands = _commands(top)
    named = find(words, where) if words is not None else None
    aliases = [each for each in named.aliases if each not in every] if named else []
    for group in groups.values():
        alone, *others = sorted(group, key=lambda action: " " in action.name)
        flags_only = tuple(argument for argument in alone.arguments if argument.flags)
        if flags_only != tuple(alone.arguments):
            # argparse would take its words for commands: one below it is built if it is meant.
            others = [action for action in others if action is named]
            alone = replace(alone, arguments=flags_only) if others else alone
        command = _add_command(commands, alone, common, where, aliases if alone is named else [])
        if others:
            below = _commands(command)
            for action in others:
                _add_command(below, action, common, where, aliases if action is named else [])
    return top


@cache
def _parser_of(where: Where, name: str) -> _Parser:
    """The parser of an action, built once: each key of a session is a command line."""
    return parser(where, name.split())


def _commands(parser: _Parser) -> "argparse._SubParsersAction[_Parser]":
    return parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)


def _add_command(
    commands: "argparse._SubParsersAction[_Parser]",
    action: Action,
    common: _Parser,
    where: Where,
    aliases: Sequence[str],
) -> _Parser:
    also = f" Also: {', '.join(action.aliases)}." if action.aliases else ""
    parser = commands.add_parser(
        action.name.split()[-1],
        aliases=[alias.split()[-1] for alias in aliases],
        help=action.help,
        description=f"{action.help[0].upper()}{action.help[1:]}.{also}",
        parents=[common],
        allow_abbrev=False,
    )
    parser.set_defaults(_action=action)
    for argument in action.arguments:
        _add(parser, argument, where)
    return parser


def _add(parser: _Parser, argument: Argument, where: Where) -> None:
    """Adds one argument, if the front end has it; optional in a session that can ask for it."""
    if not argument.where & where:
        return
    options: dict[str, Any] = {"help": argument.help or None, "default": argument.default}
    if argument.is_switch:
        options["action"] = "store_false" if argument.default else "store_true"
        options["default"] = bool(argument.default)
    else:
        options["metavar"] = argument.metavar or None
        if argument.choices:
            options["choices"] = [str(choice) for choice in argument.choices]
        else:
            options["type"] = argument.kind
        nargs = argument.nargs
        if argument.question and not where & Where.SHELL and not argument.flags:
            nargs = {"": "?", "+": "*"}.get(nargs, nargs)
        if nargs:
            options["nargs"] = nargs
    if argument.flags:
        parser.add_argument(*argument.flags, dest=argument.name, **options)
    else:
        parser.add_argument(argument.name, **options)


def help_text(words: Sequence[str], where: Where) -> str:
    """The help of the command that a command line names, or of all."""
    parser_: argparse.ArgumentParser = parser(where, [*words, "--help"])
    for name in _command(words):
        parser_ = _below(parser_).get(name, parser_)
    return parser_.format_help()


def all_arguments(
    parser: argparse.ArgumentParser,
) -> Iterator[tuple[argparse.ArgumentParser, argparse.Action]]:
    """Every argument of a parser and of the commands below it, each with its own parser."""
    yield from ((parser, each) for each in parser._actions)
    for below in _below(parser).values():
        yield from all_arguments(below)


def _below(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """The parsers of the commands below a parser, by their names and aliases."""
    commands = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    return next((each.choices for each in commands), {})
