"""Tries every command that takes a query with queries of which a part means nothing.

``python -m tests.query.report`` prints how many go wrong: each must exit with 2, print nothing but
one sentence, and change no file.
"""

import io
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from itertools import cycle, product
from pathlib import Path
from typing import Final
from unittest.mock import patch

from tui.__main__ import main
from tui.actions.arguments import available
from tui.actions.registry import Action, Where

MEANINGLESS: Final = (
    *("", " ", "tag:", "#", "title:", "author:", "id:", "list:", "year:..", "limit:", "-tag:"),
    *("(", '"', "AND", "NOT", "→", "❤️", "++", "-❤️", "is:unreaded", "date:garbage", "taag:rl"),
    *("programs tag:", "programs OR", "programs ()", "-sort:", 'id:""', "up:>="),
)
"""Queries that mean nothing, in whole or in part; no paper has one of the symbols."""
PAGE: Final = Path(__file__).parents[1] / "cases" / "key-collision.txt"
KEY: Final = "finding-bugs-in-c-programs-with-language-20754a8f"
VALUES: Final = {"DAY": "3d", "+TAG|-TAG|KEY": "+skim", "LIST": "club", "KEY": KEY}
"""What stands for an argument, by its name in the help, that is neither a choice nor any word."""


def commands() -> Iterator[Sequence[Sequence[str]]]:
    """The commands of the shell that take a query, in each way, without it: it follows."""
    for action in available(Where.SHELL).values():
        flags = [flag for argument in action.arguments for flag in argument.flags]
        if "--query" in flags:
            options = [[], ["--dry-run"]] if "--dry-run" in flags else [[]]
            yield [[*_before(action), *option, "--query"] for option in options]
        elif _ends_in_query(action):
            options = [["--plain"]] if "--plain" in flags else [[]]
            options += [["--json"]] if "--json" in flags else []
            ends = ("--", "--query")
            yield [[*_before(action), *option, end] for option in options for end in ends]
    yield [["export", "-o", "papers.md", "--query"]]


def _ends_in_query(action: Action) -> bool:
    """Whether its last argument is a query; of rules it is a name, or the first argument."""
    positional = [argument for argument in action.arguments if not argument.flags]
    is_last = bool(positional) and positional[-1].metavar == "QUERY"
    return is_last and not action.name.startswith("rules")


def _before(action: Action) -> list[str]:
    words = action.name.split()
    for argument in action.arguments:
        is_target = argument.nargs == "*" and argument.name == "keys"
        if argument.flags or argument.metavar == "QUERY" or is_target or action.name == "export":
            continue
        words.append(VALUES.get(argument.metavar, next(iter(argument.choices), "mine")))
    return words


def run(words: Sequence[str]) -> tuple[int, str, str]:
    """The exit code of a command, and what it prints to standard output and error."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", io.StringIO("r\n")):
        code = main(words)
    return code, out.getvalue(), err.getvalue()


def stored(folder: Path) -> dict[str, bytes]:
    """The contents of all files below a folder, by name, except locks."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def wrong(*, in_turn: bool = False) -> tuple[list[str], int]:
    """The command lines that go wrong, and the number of all that were tried.

    Args:
        in_turn: Whether the ways of a command take turns, each with the next query, rather than
            trying all queries each.
    """
    failures: list[str] = []
    count = 0
    before = stored(Path.cwd())
    for ways in commands():
        pairs = zip(cycle(ways), MEANINGLESS) if in_turn else product(ways, MEANINGLESS)
        for command, query in pairs:
            count += 1
            code, out, err = run([*command, query])
            if code != 2 or out or not 1 <= err.count("\n") <= 2:
                failures.append(f"{' '.join(command)} {query!r}: exit {code}, {err.strip()!r}")
        if stored(Path.cwd()) != before:  # once a command, as it takes longer than a refusal
            failures.append(f"{' '.join(ways[0])}: one of its queries changed a file")
    return failures, count


def prepare(folder: Path) -> None:
    """A library of the shipped papers, those of ``PAGE`` and a list, in the new current folder."""
    os.chdir(folder)
    os.environ["PAPERS_TUI_LIBRARY"] = str(folder / "library")
    for words in (["list"], ["import", str(PAGE)], ["lists", "make", "club"]):
        code, _, err = run(words)
        assert code == 0, err


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        for variable in ("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            os.environ[variable] = f"{home}/home"
        place = Path(home) / "work"
        place.mkdir()
        prepare(place)
        failures, count = wrong()
        print(*failures, sep="\n", end="\n" if failures else "")
        print(
            "changes, lists, exports by a query that means nothing: "
            f"{len(failures)} of {count} go wrong"
        )
        os.chdir("/")
    sys.exit(bool(failures))
