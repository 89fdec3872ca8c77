"""The arguments of every command, and what a shell user may get wrong in them."""

import argparse
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tui import __version__, config
from tui.cli import launch
from tui.errors import UsageError

Run = Callable[[argparse.Namespace, config.Config], int]
"""Runs a command and returns its exit code."""

EXAMPLES = """\
examples:
  papers-tui                                 open the app
  papers-tui import page.txt                 add the text of a Daily Papers page
  papers-tui list 'is:unread lora' --limit 9 the newest unread papers about LoRA
  papers-tui mark read mixlora               by the beginning of a paper's key
  papers-tui tag +rl --query 'title:reinforcement'
  papers-tui lists add thesis mixlora && papers-tui export thesis -o thesis.md
"""


_TEXTS = ("--query", "--sort")
"""Options whose value may begin with a hyphen."""
_FLAGS = ("--dry-run", "--off", "--force", "--json", "--plain", "--markdown")
_VALUES = ("--library", "--limit", "-n", "-o", "--output", "--abstract", "--since")


def escape_hyphens(arguments: Sequence[str]) -> list[str]:
    """Arguments with the hyphens that belong to queries and tags made safe from argparse.

    ``--query -survey`` becomes ``--query=-survey``, and the hyphen of a tag or of a word in
    ``list -survey`` a minus sign, which both understand.
    """
    shielded: list[str] = []
    flags: list[str] = []  # argparse takes no more keys behind an option
    verb = ""
    rest = iter(arguments)
    for word in rest:
        if word == "--":
            return [*shielded, *flags, word, *rest]
        if word in _FLAGS:
            flags.append(word)
            continue
        if word in _TEXTS or (word in _VALUES and not (verb == "tag" and word[1] != "-")):
            value = next(rest, None)
            if value is None:
                shielded.append(word)
            elif word in _TEXTS:
                shielded.append(f"{word}={value}")
            else:
                shielded += [word, value]
            continue
        if not verb and not word.startswith("-"):
            verb = word
        shielded.append("\N{MINUS SIGN}" + word[1:] if _is_term(word, verb) else word)
    return [*shielded, *flags]


def _is_term(word: str, verb: str) -> bool:
    """Whether a word with a hyphen is part of a query or a tag, and no option."""
    if len(word) < 2 or word[0] != "-" or word[1] == "-" or word == "-h":
        return False
    asked = verb in ("list", "triage", "why")
    return verb == "tag" or (asked and not re.fullmatch(r"-n[0-9]*", word))


class _Parser(argparse.ArgumentParser):
    """An argument parser that suggests the command that was probably meant."""

    def error(self, message: str) -> Any:
        from difflib import get_close_matches

        if "invalid choice: '" in message:
            wrong = message.split("'")[1]
            choices = [c for a in self._actions if a.choices for c in map(str, a.choices)]
            near = get_close_matches(wrong, choices, 1)
            hint = f"did you mean {near[0]}?" if near else f"see {self.prog} --help"
            raise UsageError(f"there is no {wrong!r} here", hint)
        message = message.replace("the following arguments are required:", "still wanted:")
        raise UsageError(message, f"see {self.prog} --help")


@dataclass(frozen=True, slots=True)
class _Commands:
    """Commands beside each other: those of the program, or those of one of its commands."""

    parsers: "argparse._SubParsersAction[argparse.ArgumentParser]"
    common: argparse.ArgumentParser
    """The options that stand behind every command, too."""

    def add(self, name: str, run: Run, help: str, verb: str = "") -> argparse.ArgumentParser:
        """One more command; ``verb`` is what tells commands apart that are run alike."""
        made = self.parsers.add_parser(
            name,
            help=help,
            description=f"{help[0].upper()}{help[1:]}.",
            parents=[self.common],
            allow_abbrev=False,
        )
        made.set_defaults(run=run, verb=verb)
        return made

    def below(self, made: argparse.ArgumentParser) -> "_Commands":
        """Commands of a command, which may stand alone as well."""
        return _Commands(_commands(made), self.common)


def parser(arguments: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """Every command with its arguments.

    Args:
        arguments: A line that is to be parsed, if there is one: a parser takes time to be made, so
            only that of its command is, and of those that are described with it.
    """
    top = _Parser(
        prog="papers-tui",
        description="A reading tracker in the terminal. Without a command it opens the app.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"papers-tui {__version__}")
    top.add_argument("--library", metavar="DIR", help="the library folder")
    # An app that runs a command hands it the library that it holds, and what is selected.
    top.set_defaults(
        run=launch.app,
        library=None,
        held=None,
        selection=(),
        shown="",
        progress=None,
        tells_settings=False,
    )
    common = _Parser(add_help=False, allow_abbrev=False)
    common.add_argument(
        "--library", metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    commands = _Commands(_commands(top), common)
    for add in _wanted(arguments):
        add(commands)
    return top


def _wanted(arguments: Sequence[str] | None) -> Iterable["Add"]:
    """What adds the command that a line begins with; everything where that cannot be told."""
    words = ["--help"] if arguments is None else list(arguments)
    while words[:1] == ["--library"]:
        del words[:2]
    if not words:
        return ()  # the app is opened
    named = [add for names, add in GROUPS.items() if words[0] in names]
    return named or GROUPS.values()


def _commands(
    made: argparse.ArgumentParser,
) -> "argparse._SubParsersAction[argparse.ArgumentParser]":
    return made.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)


def _json(made: argparse.ArgumentParser) -> None:
    made.add_argument("--json", action="store_true", help="as JSON")


def _chosen(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "keys", nargs="*", metavar="KEY", help="any unique beginning of a paper's key"
    )
    made.add_argument("--query", metavar="Q", help="every paper that matches instead")
    _dry_run(made)


def _dry_run(made: argparse.ArgumentParser) -> None:
    made.add_argument("--dry-run", action="store_true", help="only say what would change")


def _files(made: argparse.ArgumentParser) -> None:
    made.add_argument("files", nargs="+", metavar="FILE", help="a page's text; - is standard input")
    made.add_argument(
        "--max-size", type=int, default=20, metavar="MB", help="largest file to read (20)"
    )


def _query(made: argparse.ArgumentParser) -> None:
    made.add_argument("query", nargs="*", metavar="QUERY", help="as in the app's filter")


def _key(made: argparse.ArgumentParser) -> None:
    made.add_argument("key", metavar="KEY", help="any unique beginning of its key")


def _pages(commands: _Commands) -> None:
    from tui.cli import asking, changing

    _files(commands.add("parse", asking.parse, "print the papers of some pages as JSON"))
    made = commands.add("import", changing.import_pages, "add pages to the library")
    _files(made)
    _dry_run(made)
    _json(made)


def _papers(commands: _Commands) -> None:
    from tui.cli import asking

    made = commands.add("list", asking.list_papers, "list papers, by default all, newest first")
    _query(made)
    made.add_argument(
        "--sort", metavar="KEY", help="date, up, title, added, authors, unread, list; -KEY reverses"
    )
    made.add_argument("-n", "--limit", type=int, metavar="N", help="at most so many")
    _json(made)
    made = commands.add("show", asking.show, "show one paper")
    _key(made)
    _json(made)
    made = commands.add("why", asking.why, "say which terms of a query a paper satisfies")
    made.add_argument("key", nargs="?", metavar="KEY", help="any unique beginning of its key")
    made.add_argument("query", nargs="*", metavar="QUERY", help="as in the app's filter")
    _json(made)


def _decisions(commands: _Commands) -> None:
    from tui.cli import changing

    made = commands.add("triage", launch.triage, "open a session on the papers of a query")
    _query(made)
    made.add_argument(
        "--plain", action="store_true", help="a line at a time, for screen readers and slow lines"
    )
    made = commands.add("mark", changing.mark, "set the status of papers")
    made.add_argument(
        "status",
        choices=["unread", "reading", "read", "dismissed"],
        metavar="STATUS",
        help="unread, reading, read or dismissed",
    )
    _chosen(made)
    made = commands.add("star", changing.star, "star papers")
    made.add_argument("--off", action="store_true", help="clear the star instead")
    _chosen(made)
    made = commands.add("snooze", changing.snooze, "hide papers from the unread until a day")
    made.add_argument("until", metavar="DAY", help="2026-01-31, 7d, 2w, or off")
    _chosen(made)
    made = commands.add("tag", changing.tag, "add and remove tags: tag +nlp -old KEY")
    made.add_argument("words", nargs="+", metavar="+TAG|-TAG|KEY", help="tags begin with + or -")
    made.add_argument("--query", metavar="Q", help="every paper that matches")
    _dry_run(made)
    made = commands.add("note", changing.note, "show or set the note of a paper")
    _key(made)
    made.add_argument(
        "text", nargs="?", metavar="TEXT", help="the note; empty removes it, - reads it"
    )


def _lists(commands: _Commands) -> None:
    from tui.cli import asking, changing

    made = commands.add("lists", asking.show_lists, "list the reading lists, or change one")
    _json(made)
    verbs = commands.below(made)

    def verb(name: str, help: str) -> argparse.ArgumentParser:
        made = verbs.add(name, changing.change_list, help, name)
        made.add_argument("name", metavar="LIST", help="the list's name")
        return made

    verb("make", "make an empty list")
    _chosen(verb("add", "put papers at its end"))
    _chosen(verb("remove", "take papers off it"))
    made = verb("move", "move a paper to a place in it")
    _key(made)
    made.add_argument("place", type=int, metavar="PLACE", help="from 1")
    verb("describe", "say why it exists").add_argument("text", metavar="TEXT")
    verb("rename", "give it another name").add_argument("new", metavar="NEW")
    verb("delete", "delete it; its papers stay")

    made = commands.add(
        "export", changing.export, "write a list, or what matches a query, as Markdown"
    )
    made.add_argument("name", nargs="?", metavar="LIST", help="the list's name")
    made.add_argument("--query", metavar="Q", help="what matches instead of a list")
    made.add_argument(
        "-o", "--output", default="-", metavar="FILE", help="a file or folder; - is standard output"
    )
    made.add_argument(
        "--abstract",
        choices=["none", "first", "full"],
        default="first",
        help="how much of each abstract (first sentence)",
    )
    made.add_argument("--force", action="store_true", help="replace a file that is not an export")


def _tags_and_views(commands: _Commands) -> None:
    from tui.cli import asking, changing

    made = commands.add("tags", asking.show_tags, "list the tags, or change one everywhere")
    _json(made)
    verbs = commands.below(made)
    made = verbs.add("rename", changing.change_tag, "give it another name, or merge it", "rename")
    made.add_argument("name", metavar="TAG")
    made.add_argument("new", metavar="NEW", help="a tag that is there takes the papers of both")
    made = verbs.add("delete", changing.change_tag, "take it off every paper", "delete")
    made.add_argument("name", metavar="TAG")

    made = commands.add("views", asking.show_views, "list the saved views, or change one")
    _json(made)
    verbs = commands.below(made)
    made = verbs.add("save", changing.change_view, "save a query under a name", "save")
    made.add_argument("name", metavar="VIEW")
    made.add_argument("text", metavar="QUERY")
    made = verbs.add("delete", changing.change_view, "forget a view", "delete")
    made.add_argument("name", metavar="VIEW")


def _changes(commands: _Commands) -> None:
    from tui.cli import asking, changing

    for name, run, help in (
        ("undo", changing.undo, "take the last change back"),
        ("redo", changing.redo, "do again what was taken back"),
    ):
        made = commands.add(name, run, help)
        made.add_argument(
            "steps", nargs="?", type=_count, default=1, metavar="N", help="so many changes (1)"
        )
        if name == "undo":
            told = "every change since: 14:30, 2h, today, 2026-01-31, or a change's id from log"
            made.add_argument("--since", metavar="WHEN", help=told)
            _dry_run(made)
    made = commands.add("log", asking.log, "list the changes, newest first")
    made.add_argument(
        "-n", "--limit", type=int, default=20, metavar="N", help="at most so many (20)"
    )
    _json(made)
    made = commands.add("session", asking.session, "tell what the last session decided")
    made.add_argument("--markdown", action="store_true", help="as Markdown, with the papers")
    _json(made)
    _json(commands.add("stats", asking.stats, "count papers and decisions"))


def _rest(commands: _Commands) -> None:
    from tui.cli import asking, restoring

    made = commands.add("restore", restoring.restore, "put a damaged library back")
    made.add_argument("name", nargs="?", metavar="NAME", help="what to restore, as it is listed")
    _json(made)
    made = commands.add("doctor", asking.doctor, "check library, configuration and terminal")
    made.set_defaults(tells_settings=True)
    _json(made)
    made = commands.add("keys", asking.keys, "list every key of the app")
    made.add_argument("--markdown", action="store_true", help="as the table of the README")
    _json(made)
    made = commands.add("completions", asking.completions, "print the completions of a shell")
    made.add_argument("shell", choices=["bash", "zsh", "fish"])


Add = Callable[[_Commands], None]

# Each imports what its commands run: a command that is not given is not loaded.
GROUPS: Final[Mapping[tuple[str, ...], Add]] = {
    ("parse", "import"): _pages,
    ("list", "show", "why"): _papers,
    ("triage", "mark", "star", "snooze", "tag", "note"): _decisions,
    ("lists", "export"): _lists,
    ("tags", "views"): _tags_and_views,
    ("undo", "redo", "log", "session", "stats"): _changes,
    ("restore", "doctor", "keys", "completions"): _rest,
}
"""What adds the commands of these names."""


def _count(text: str) -> int:
    """A whole number from 1."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def all_actions(made: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Every argument of a parser and of the commands below it."""
    for action in made._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from all_actions(below)
