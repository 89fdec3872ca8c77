"""The arguments of every command, and what a shell user may get wrong in them."""

import argparse
import re
from collections.abc import Callable, Sequence
from typing import Any

from tui import __version__
from tui.cli import asking, changing, restoring
from tui.errors import UsageError

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
_FLAGS = ("--dry-run", "--off", "--force", "--json")
_VALUES = ("--library", "--limit", "-n", "-o", "--output", "--abstract")


def shield(arguments: Sequence[str]) -> list[str]:
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
    return verb == "tag" or (verb in ("list", "why") and not re.fullmatch(r"-n[0-9]*", word))


class _Parser(argparse.ArgumentParser):
    """An argument parser that suggests the command that was probably meant."""

    def error(self, message: str) -> Any:
        from difflib import get_close_matches

        if "invalid choice: '" in message:
            wrong = message.split("'")[1]
            choices = [c for a in self._actions if a.choices for c in map(str, a.choices)]
            if near := get_close_matches(wrong, choices, 1):
                raise UsageError(f"there is no {wrong!r} here", f"did you mean {near[0]}?")
        raise UsageError(message, f"see {self.prog} --help")


def parser(run: Callable[..., int] | None = None) -> argparse.ArgumentParser:
    """Every command with its arguments.

    Args:
        run: What to do without a command.
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
    top.set_defaults(run=run, library=None)
    common = _Parser(add_help=False, allow_abbrev=False)
    common.add_argument(
        "--library", metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    commands = top.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)

    def command(name: str, run: Callable[..., int | None], help: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(
            name,
            help=help,
            description=f"{help[0].upper()}{help[1:]}.",
            parents=[common],
            allow_abbrev=False,
        )
        made.set_defaults(run=run)
        return made

    def json_option(made: argparse.ArgumentParser) -> None:
        made.add_argument("--json", action="store_true", help="as JSON")

    def chosen(made: argparse.ArgumentParser) -> None:
        made.add_argument(
            "keys", nargs="*", metavar="KEY", help="any unique beginning of a paper's key"
        )
        made.add_argument("--query", metavar="Q", help="every paper that matches instead")
        made.add_argument("--dry-run", action="store_true", help="only say what would change")

    def size_option(made: argparse.ArgumentParser) -> None:
        made.add_argument(
            "--max-size", type=int, default=20, metavar="MB", help="largest file to read (20)"
        )

    made = command("parse", asking.parse, "print the papers of some pages as JSON")
    made.add_argument("files", nargs="+", metavar="FILE", help="a page's text; - is standard input")
    size_option(made)

    made = command("import", changing.import_pages, "add pages to the library")
    made.add_argument("files", nargs="+", metavar="FILE", help="a page's text; - is standard input")
    made.add_argument("--dry-run", action="store_true", help="only say what it would bring")
    size_option(made)
    json_option(made)

    made = command("list", asking.list_papers, "list papers, by default all, newest first")
    made.add_argument("query", nargs="*", metavar="QUERY", help="as in the app's filter")
    made.add_argument(
        "--sort", metavar="KEY", help="date, up, title, added, authors, unread, list; -KEY reverses"
    )
    made.add_argument("-n", "--limit", type=int, metavar="N", help="at most so many")
    json_option(made)

    made = command("show", asking.show, "show one paper")
    made.add_argument("key", metavar="KEY", help="any unique beginning of its key")
    json_option(made)

    made = command("mark", changing.mark, "set the status of papers")
    made.add_argument(
        "status",
        choices=["unread", "reading", "read", "dismissed"],
        metavar="STATUS",
        help="unread, reading, read or dismissed",
    )
    chosen(made)

    made = command("star", changing.star, "star papers")
    made.add_argument("--off", action="store_true", help="clear the star instead")
    chosen(made)

    made = command("snooze", changing.snooze, "hide papers from the unread until a day")
    made.add_argument("until", metavar="DAY", help="2026-01-31, 7d, 2w, or off")
    chosen(made)

    made = command("tag", changing.tag, "add and remove tags: tag +nlp -old KEY")
    made.add_argument("words", nargs="+", metavar="+TAG|-TAG|KEY", help="tags begin with + or -")
    made.add_argument("--query", metavar="Q", help="every paper that matches")
    made.add_argument("--dry-run", action="store_true", help="only say what would change")

    made = command("note", changing.note, "show or set the note of a paper")
    made.add_argument("key", metavar="KEY", help="any unique beginning of its key")
    made.add_argument(
        "text", nargs="?", metavar="TEXT", help="the note; empty removes it, - reads it"
    )

    made = command("lists", asking.show_lists, "list the reading lists, or change one")
    json_option(made)
    verbs = made.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)

    def list_verb(name: str, help: str) -> argparse.ArgumentParser:
        verb: argparse.ArgumentParser = verbs.add_parser(
            name, help=help, parents=[common], allow_abbrev=False
        )
        verb.set_defaults(run=changing.change_list, verb=name)
        verb.add_argument("name", metavar="LIST", help="the list's name")
        return verb

    list_verb("make", "make an empty list")
    for name, help in (("add", "put papers at its end"), ("remove", "take papers off it")):
        chosen(list_verb(name, help))
    made = list_verb("move", "move a paper to a place in it")
    made.add_argument("key", metavar="KEY")
    made.add_argument("place", type=int, metavar="PLACE", help="from 1")
    list_verb("describe", "say why it exists").add_argument("text", metavar="TEXT")
    list_verb("rename", "give it another name").add_argument("new", metavar="NEW")
    list_verb("delete", "delete it; its papers stay")

    made = command("why", asking.why, "say which terms of a query a paper satisfies")
    made.add_argument("key", metavar="KEY", help="any unique beginning of a paper's key")
    made.add_argument("query", nargs="+", metavar="QUERY", help="as in the app's filter")
    json_option(made)

    made = command("export", changing.export, "write a list, or what matches a query, as Markdown")
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

    made = command("undo", changing.undo, "take the last change back")
    made.add_argument(
        "steps", nargs="?", type=_count, default=1, metavar="N", help="so many changes (1)"
    )
    made = command("redo", changing.redo, "do again what was taken back")
    made.add_argument(
        "steps", nargs="?", type=_count, default=1, metavar="N", help="so many changes (1)"
    )

    made = command("log", asking.log, "list the changes, newest first")
    made.add_argument(
        "-n", "--limit", type=int, default=20, metavar="N", help="at most so many (20)"
    )
    json_option(made)

    json_option(command("stats", asking.stats, "count papers and decisions"))
    made = command("restore", restoring.restore, "put a damaged library back")
    made.add_argument("name", nargs="?", metavar="NAME", help="what to restore, as it is listed")
    json_option(made)
    json_option(command("doctor", asking.doctor, "check library, configuration and terminal"))
    made = command("keys", asking.keys, "list every key of the app")
    made.add_argument("--markdown", action="store_true", help="as the table of the README")
    json_option(made)
    made = command("completions", asking.completions, "print the completions of a shell")
    made.add_argument("shell", choices=["bash", "zsh", "fish"])
    return top


def _count(text: str) -> int:
    """A whole number from 1."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
