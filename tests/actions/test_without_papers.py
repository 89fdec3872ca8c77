"""Each action in a library without papers: it is done, or says in a sentence why not."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from tui.actions import arguments, command_line, open
from tui.actions.context import Context
from tui.actions.registry import Argument, Where, actions
from tui.config import Config
from tui.errors import PapersError
from tui.library import Library
from tui.workspace import Workspace

pytestmark = pytest.mark.usefixtures("no_fsync", "opened", "site")

ENDLESS: Final = ("watch",)
"""What goes on until it is stopped."""
VALUES: Final = {
    "+TAG|-TAG|KEY": "+nlp",
    "ACTION": "star",
    "DAY": "3d",
    "ID|SOURCE": "sample",
    "KEY=NOTE": "a=a.md",
    "ORDER": "title",
    "PAPER": "2405.01234",
    "Q": "is:unread",
    "QUERY": "is:unread",
    "SOURCE": "command:true",
    "TERM": "word:moe",
    "WHEN": "1h",
}
"""A value for what a metavar stands for; for others, a word."""


def words_for(argument: Argument) -> list[str]:
    """What a user may write for an argument."""
    flag = list(argument.flags[-1:])
    if argument.is_switch:
        return flag
    if argument.choices:
        return [*flag, argument.choices[0]]
    return [*flag, VALUES.get(argument.metavar, "word" if argument.kind is str else "1")]


def lines(name: str, where: Where) -> Iterator[list[str]]:
    """An action with what it must have, with all that it can have, and with each option alone."""
    declared = [each for each in actions()[name].arguments if each.where & where]
    positional = [each for each in declared if not each.flags]
    needed = [each for each in positional if each.nargs in ("", "+") or each.question]
    for chosen in (needed, positional, *([*needed, each] for each in declared if each.flags)):
        yield [*name.split(), *(word for each in chosen for word in words_for(each))]


def names(where: Where) -> list[str]:
    """The actions of a front end that need no screen."""
    return [
        name
        for name, each in actions().items()
        if each.where & where and not each.screen_action and name not in ENDLESS
    ]


@pytest.mark.parametrize("name", names(Where.SHELL))
def test_a_command_of_the_shell_runs_or_says_why_not(name: str, folder: Path, away: Path) -> None:
    with Library.open(folder, "desk", wait=0) as library:
        library.seed(())
    here = Context(
        Config(), folder=str(folder), start=lambda query, is_plain: 0, serve=lambda port: 0
    )
    for words in lines(name, Where.SHELL):
        with suppress(PapersError):
            action, options = arguments.parse(words, Where.SHELL)
            assert action is not None
            del options["library"], options["no_sample"]
            as_json = options.pop("json", action.always_json)
            open.run(action, options, replace(here, as_json=as_json, words=words))


@pytest.mark.parametrize("name", names(Where.TERMINAL))
def test_a_line_of_a_session_runs_or_says_why_not(name: str, folder: Path, away: Path) -> None:
    with Library.open(folder, "desk", wait=0) as library:
        library.search.load_words()
        workspace = Workspace(library, Config(), "")
        action = actions()[name]
        if (argument := action.missing({}, Where.TERMINAL)) and argument.question:
            with suppress(PapersError):
                argument.question(workspace.context())
        for words in lines(name, Where.TERMINAL):
            with suppress(PapersError):
                workspace.perform(*command_line.parse(" ".join(words), Where.TERMINAL))
