"""The shell front end: arguments in, standard output and an exit code out.

Data goes to standard output and words to standard error. Nothing here loads the app's toolkit
until the app is opened.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

from tui import __version__, config
from tui.errors import PapersError, UsageError
from tui.text import one_of, safe, safe_lines

EXAMPLES = """\
examples:
  papers-tui                                 open the app
  papers-tui import page.txt                 add the text of a Daily Papers page
  papers-tui list 'is:unread lora' --limit 9 the newest unread papers about LoRA
  papers-tui mark read mixlora               by the beginning of a paper's key
  papers-tui tag +rl --query 'title:reinforcement'
  papers-tui lists add thesis mixlora && papers-tui export thesis -o thesis.md
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0, 1 failure, 2 usage, 75 library in use."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        options = parser().parse_args(_shield(arguments))
        settings, problems = config.load()
        for problem in problems:
            _say(problem)
        code = options.run(options, settings)
        sys.stdout.flush()
    except PapersError as error:
        _say(f"papers-tui: {error.message}" + (f"\n  {error.hint}" if error.hint else ""))
        return error.exit_code
    except BrokenPipeError:
        # The reader of a pipe has seen enough; Python must not complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return int(code or 0)


def _say(text: str) -> None:
    print(safe_lines(text), file=sys.stderr)


# What stands in a tag or query may begin with a hyphen; argparse takes that for an option. It
# travels as a minus sign, which both understand.
_SHORT_OPTIONS = {"-h", "-o", "-n"}


def _shield(arguments: Sequence[str]) -> list[str]:
    """Arguments with the hyphen of ``-tag:old`` turned into a minus sign."""
    verb = next((word for word in arguments if not word.startswith("-")), "")
    if verb not in ("list", "tag"):
        return list(arguments)
    shielded = []
    for word in arguments:
        is_term = len(word) > 1 and word[0] == "-" and word[1] != "-" and word not in _SHORT_OPTIONS
        shielded.append("\N{MINUS SIGN}" + word[1:] if is_term else word)
    return shielded


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


def parser() -> argparse.ArgumentParser:
    """Every command with its arguments."""
    top = _Parser(
        prog="papers-tui",
        description="A reading tracker in the terminal. Without a command it opens the app.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"papers-tui {__version__}")
    top.add_argument("--library", metavar="DIR", help="the library folder")
    top.set_defaults(run=_open_app, library=None)
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

    made = command("parse", _parse, "print the papers of some pages as JSON")
    made.add_argument("files", nargs="+", metavar="FILE", help="a page's text; - is standard input")
    size_option(made)

    made = command("import", _import, "add pages to the library")
    made.add_argument("files", nargs="+", metavar="FILE", help="a page's text; - is standard input")
    made.add_argument("--dry-run", action="store_true", help="only say what it would bring")
    size_option(made)
    json_option(made)

    made = command("list", _list, "list papers, by default all, newest first")
    made.add_argument("query", nargs="*", metavar="QUERY", help="as in the app's filter")
    made.add_argument(
        "--sort", metavar="KEY", help="date, up, title, added, authors, unread, list; -KEY reverses"
    )
    made.add_argument("-n", "--limit", type=int, metavar="N", help="at most so many")
    json_option(made)

    made = command("show", _show, "show one paper")
    made.add_argument("key", metavar="KEY", help="any unique beginning of its key")
    json_option(made)

    made = command("mark", _mark, "set the status of papers")
    made.add_argument(
        "status",
        choices=["unread", "reading", "read", "dismissed"],
        metavar="STATUS",
        help="unread, reading, read or dismissed",
    )
    chosen(made)

    made = command("star", _star, "star papers")
    made.add_argument("--off", action="store_true", help="clear the star instead")
    chosen(made)

    made = command("snooze", _snooze, "hide papers from the unread until a day")
    made.add_argument("until", metavar="DAY", help="2026-01-31, 7d, 2w, or off")
    chosen(made)

    made = command("tag", _tag, "add and remove tags: tag +nlp -old KEY")
    made.add_argument("words", nargs="+", metavar="+TAG|-TAG|KEY", help="tags begin with + or -")
    made.add_argument("--query", metavar="Q", help="every paper that matches")
    made.add_argument("--dry-run", action="store_true", help="only say what would change")

    made = command("note", _note, "show or set the note of a paper")
    made.add_argument("key", metavar="KEY", help="any unique beginning of its key")
    made.add_argument(
        "text", nargs="?", metavar="TEXT", help="the note; empty removes it, - reads it"
    )

    made = command("lists", _lists, "list the reading lists, or change one")
    json_option(made)
    verbs = made.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)

    def list_verb(name: str, help: str) -> argparse.ArgumentParser:
        verb: argparse.ArgumentParser = verbs.add_parser(
            name, help=help, parents=[common], allow_abbrev=False
        )
        verb.set_defaults(run=_change_list, verb=name)
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

    made = command("export", _export, "write a list, or what matches a query, as Markdown")
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

    made = command("undo", _undo, "take the last change back")
    made.add_argument(
        "steps", nargs="?", type=int, default=1, metavar="N", help="so many changes (1)"
    )
    made = command("redo", _redo, "do again what was taken back")
    made.add_argument(
        "steps", nargs="?", type=int, default=1, metavar="N", help="so many changes (1)"
    )

    made = command("log", _log, "list the changes, newest first")
    made.add_argument(
        "-n", "--limit", type=int, default=20, metavar="N", help="at most so many (20)"
    )
    json_option(made)

    json_option(command("stats", _stats, "count papers and decisions"))
    json_option(command("doctor", _doctor, "check library, configuration and terminal"))
    made = command("keys", _keys, "list every key of the app")
    made.add_argument("--markdown", action="store_true", help="as the table of the README")
    json_option(made)
    made = command("completions", _completions, "print the completions of a shell")
    made.add_argument("shell", choices=["bash", "zsh", "fish"])
    return top


# Commands that need no library


def _parse(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.commands import pages
    from tui.paper import to_record
    from tui.writers import record

    with _progress() as progress:
        papers, problems = pages.parse(options.files, options.max_size * 1_000_000, progress)
    sys.stdout.write(record.write(map(to_record, papers)))
    for path, problem in problems:
        _say(f"{path}, line {problem.line}: {problem.text}")
    return 0


def _keys(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.view import keys

    table, problems = keys.all_keys(settings.keys)
    if options.json:
        _json([{"id": k.id, "keys": list(k.keys), "help": k.help, "group": k.group} for k in table])
    elif options.markdown:
        sys.stdout.write(keys.markdown_table(table))
    else:
        _table([(" ".join(map(keys.shown, k.keys)), k.id, k.help) for k in table])
    for problem in _key_problems(problems):
        _say(problem)
    return 1 if problems else 0


def _key_problems(problems: Iterable[tuple[str, str]]) -> list[str]:
    path = config.config_path()
    return [f"{path.name}, line {config.key_line(path, id)}: {text}" for id, text in problems]


def _completions(options: argparse.Namespace, settings: config.Config) -> int:
    import shtab

    print(shtab.complete(parser(), options.shell))
    return 0


def _doctor(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.commands import report
    from tui.view import keys

    _, problems = keys.all_keys(settings.keys)
    findings = report.doctor(options.library, _key_problems(problems))
    if options.json:
        _json(
            [{"name": f.name, "text": f.text, "hint": f.hint, "wrong": f.wrong} for f in findings]
        )
    else:
        _table(
            [
                ("✗" if f.wrong else "✓", f.name, f"{f.text} ({f.hint})" if f.hint else f.text)
                for f in findings
            ]
        )
    return 1 if any(finding.wrong for finding in findings) else 0


# Commands that read


def _list(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.query import parse
    from tui.writers import record

    text = " ".join(options.query)
    if options.sort:
        text += f" sort:{options.sort}"
    if options.limit is not None:
        text += f" limit:{max(options.limit, 0)}"
    with _library(options, settings) as library:
        query = parse(text)
        _tell_misread(query)
        entries = library.select(query)
        if options.json:
            sys.stdout.write(record.write(map(record.record, entries)))
            return 0
        for word, instead in library.index.corrections(query).items():
            _say(f"no paper has “{word}”; showing {', '.join(instead[:3])}")
        if sys.stdout.isatty():
            shorts = _short_keys(library)
            rows = [
                (shorts[e.key], str(e.decision.status), _day(e), e.paper.shown_title)
                for e in entries
            ]
            _table(rows)
            if not entries:
                for gain in library.index.relax(query)[:3]:
                    _say(f"nothing matches; without “{gain.term}”: {one_of(gain.count, 'paper')}")
        else:
            for e in entries:
                print(
                    "\t".join(
                        map(safe, (e.key, str(e.decision.status), _day(e), e.paper.shown_title))
                    )
                )
    return 0


def _show(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.writers import record

    with _library(options, settings) as library:
        entry = library.entry(library.resolve(options.key))
        if options.json:
            _json(record.record(entry))
            return 0
        paper, made = entry.paper, entry.decision
        width = min(shutil.get_terminal_size().columns, 80)
        facts = [
            f"{paper.published.isoformat()}{' (year inferred)' if paper.year_inferred else ''}"
            if paper.published
            else None,
            one_of(paper.upvotes, "upvote") if paper.upvotes is not None else None,
            one_of(paper.author_count, "author") if paper.author_count is not None else None,
            f"seen on {one_of(len(paper.sightings), 'page')}",
        ]
        print(textwrap.fill(safe(paper.shown_title), width))
        print(" · ".join(fact for fact in facts if fact))
        marks = [str(made.status), *(["starred"] if made.starred else [])]
        marks += [f"#{tag}" for tag in made.tags] + [f"in {name}" for name in made.lists]
        print(safe(" · ".join(marks)))
        print(f"key {paper.key}\n")
        print(textwrap.fill(safe(paper.shown_abstract, 60_000), width))
        if made.note:
            print("\n" + safe_lines(made.note))
        for url in (paper.link, *paper.urls):
            print(f"\n{safe(url)}", end="")
        print()
    return 0


def _log(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.commands import decide, report

    with _library(options, settings) as library:
        changes = library.history()[::-1][: max(options.limit, 0)]
        if options.json:
            _json([report.change_record(change) for change in changes])
        else:
            _table([(c.at.replace("T", " ").rstrip("Z"), decide.tell(library, c)) for c in changes])
    return 0


def _stats(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.commands import report

    with _library(options, settings) as library:
        numbers = report.stats(library)
    if options.json:
        _json(numbers)
        return 0
    rows: list[tuple[str, ...]] = [("papers", f"{numbers['papers']:,}")]
    rows += [(name, f"{count:,}") for name, count in numbers["status"].items()]
    rows.append(("starred", f"{numbers['starred']:,}"))
    rows += [(f"#{name}", f"{count:,}") for name, count in numbers["tags"].items()]
    rows += [(f"list {name}", f"{count:,}") for name, count in numbers["lists"].items()]
    rows += [(f"decided {day}", f"{count:,}") for day, count in numbers["decided_by_day"].items()]
    _table(rows)
    return 0


# Commands that change


def _import(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.commands import pages

    failed = False
    reports = []
    with (
        _library(options, settings, write=not options.dry_run, create=True) as library,
        _progress() as progress,
    ):
        for done in pages.import_pages(
            library,
            options.files,
            max_bytes=options.max_size * 1_000_000,
            dry_run=options.dry_run,
            progress=progress,
        ):
            progress("", 1.0)
            for problem in done.problems:
                skipped = "skipped, " if problem.skipped else ""
                _say(f"{done.file}, line {problem.line}: {skipped}{problem.text}")
            if done.error or not done.report:
                failed = True
                error = done.error
                _say(f"papers-tui: {error.message}\n  {error.hint}" if error else done.file)
                continue
            report = done.report
            skipped_lines = [problem.line for problem in done.problems if problem.skipped]
            reports.append(
                {
                    "file": done.file,
                    "new": len(report.new),
                    "merged": len(report.merged),
                    "unchanged": report.unchanged,
                    "skipped": len(skipped_lines),
                    "skipped_lines": skipped_lines,
                }
            )
            if not options.json:
                would = "would be " if options.dry_run else ""
                counts = f"{len(report.new)} new, {len(report.merged)} merged"
                rest = f"{report.unchanged} unchanged, {len(skipped_lines)} skipped"
                print(f"{safe(done.file)}: {would}{counts}, {rest}")
    if options.json:
        _json(reports)
    return 1 if failed else 0


def _mark(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.commands import decide
    from tui.triage import Status

    return _decide(
        options, settings, lambda lib, keys: decide.mark(lib, keys, Status(options.status))
    )


def _star(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.commands import decide

    return _decide(options, settings, lambda lib, keys: decide.star(lib, keys, not options.off))


def _snooze(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.commands import decide

    until = None if options.until == "off" else decide.parse_day(options.until, date.today())
    return _decide(options, settings, lambda lib, keys: decide.snooze(lib, keys, until))


def _tag(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.commands import decide
    from tui.triage import parse_tags

    signs = ("+", "-", "\N{MINUS SIGN}")
    tags = [word for word in options.words if word.startswith(signs)]
    options.keys = [word for word in options.words if not word.startswith(signs)]
    if not tags:
        raise UsageError("no tags were given", "papers-tui tag +nlp -old KEY")
    add, remove = parse_tags(" ".join(tags))
    return _decide(options, settings, lambda lib, keys: decide.tag(lib, keys, add, remove))


def _note(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.commands import decide

    with _library(options, settings, write=options.text is not None) as library:
        key = library.resolve(options.key)
        if options.text is None:
            print(safe_lines(library.decision(key).note or ""))
            return 0
        text = sys.stdin.read(100_000) if options.text == "-" else options.text
        _say(decide.tell(library, decide.note(library, key, text)))
    return 0


def _decide(
    options: argparse.Namespace, settings: config.Config, act: Callable[[Any, list[str]], Any]
) -> int:
    """Runs a verb on the papers that were named or match."""
    from tui.commands import decide

    with _library(options, settings, write=not options.dry_run) as library:
        keys = _chosen(library, options)
        if options.dry_run:
            for key in keys:
                print(f"{key}\t{safe(library.entry(key).paper.shown_title)}")
            _say(f"{one_of(len(keys), 'paper')} would be changed")
            return 0
        _say(decide.tell(library, act(library, keys)) if keys else "no paper matches")
    return 0


def _chosen(library: Any, options: argparse.Namespace) -> list[str]:
    """The keys of the papers that were named or match a query."""
    from tui.query import parse

    if options.query is not None and options.keys:
        raise UsageError("papers are named by keys or by --query, not by both")
    if options.query is not None:
        query = parse(options.query)
        if query.misread:
            wrong = query.misread[0]
            raise UsageError(wrong.text, f"try {wrong.suggestion}" if wrong.suggestion else "")
        return [entry.key for entry in library.select(query)]
    if not options.keys:
        raise UsageError("no papers were named", "give keys, or --query Q")
    return [library.resolve(key) for key in options.keys]


def _lists(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.commands import lists
    from tui.triage import Status

    with _library(options, settings) as library:
        held = library.lists()
        if options.json:
            _json([lists.record(library, each) for each in held])
            return 0
        rows = []
        for each in held:
            read = sum(library.decision(key).status is Status.READ for key in each.keys)
            went = each.exports[0] if each.exports else None
            since = lists.since(library, each, went) if went else ""
            told = (
                f"{went.at[:10]} to {went.path}{f', since then {since}' if since else ''}"
                if went
                else ""
            )
            rows.append((each.name, f"{read} of {len(each.keys)} read", each.description, told))
        _table(rows)
        if not held:
            _say("no lists yet: papers-tui lists add NAME KEY makes one")
    return 0


def _change_list(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.commands import decide, lists

    with _library(options, settings, write=True) as library:
        verb, name = options.verb, options.name
        if verb == "make":
            change = lists.create(library, name)
        elif verb == "describe":
            change = lists.describe(library, name, options.text)
        elif verb == "rename":
            change = lists.rename(library, name, options.new)
        elif verb == "delete":
            change = lists.delete(library, name)
        elif verb == "move":
            change = lists.move(library, name, library.resolve(options.key), options.place)
        else:
            keys = _chosen(library, options)
            if options.dry_run:
                _say(f"{one_of(len(keys), 'paper')} would be changed")
                return 0
            change = (lists.add if verb == "add" else lists.remove)(library, name, keys)
        _say(decide.tell(library, change))
    return 0


def _export(options: argparse.Namespace, settings: config.Config) -> int:
    from tui.commands import lists
    from tui.query import parse
    from tui.writers.markdown import AbstractPart

    if (options.name is None) == (options.query is None):
        raise UsageError("an export takes a list or --query Q", "papers-tui lists names the lists")
    part = AbstractPart(options.abstract)
    with _library(options, settings, write=options.output != "-") as library:
        if options.name is not None:
            title = lists.need(library, options.name)
            entries = [library.entry(key) for key in library.reading_list(title).keys]
        else:
            title = options.query
            entries = library.select(parse(options.query))
        if options.output == "-":
            sys.stdout.write(str(lists.document(library, title, entries, part)))
            return 0
        done = lists.export(
            library, title, entries, Path(options.output), abstract=part, force=options.force
        )
        change = "" if done.changed else ", unchanged"
        _say(f"{one_of(done.count, 'paper')} in {done.path}{change}")
    return 0


def _undo(options: argparse.Namespace, settings: config.Config) -> int:
    return _walk(options, settings, lambda library: library.undo())


def _redo(options: argparse.Namespace, settings: config.Config) -> int:
    return _walk(options, settings, lambda library: library.redo())


def _walk(options: argparse.Namespace, settings: config.Config, step: Callable[[Any], Any]) -> int:
    from tui.commands import decide

    with _library(options, settings, write=True) as library:
        for _ in range(max(options.steps, 0)):
            _say(decide.tell(library, step(library)))
    return 0


# The app


def _open_app(options: argparse.Namespace, settings: config.Config) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise PapersError(
            "the app needs a terminal on standard input and output",
            "in a pipe, use a command: papers-tui list",
        )
    if os.environ.get("TERM", "") in ("dumb", ""):
        raise PapersError(
            "this terminal cannot draw a screen (TERM is dumb)", "use a command: papers-tui list"
        )
    from tui.commands import pages
    from tui.view.app import PapersApp

    app = PapersApp(
        settings,
        lambda: pages.open_library(
            options.library, settings, write=True, or_read_only=True, create=True, wait=0.2
        ),
    )
    app.run()
    if app.failure is not None:
        raise app.failure
    if app.farewell:
        print(safe(app.farewell))
    return app.return_code or 0


# Helpers


def _library(
    options: argparse.Namespace,
    settings: config.Config,
    *,
    write: bool = False,
    create: bool = False,
) -> Any:
    from tui.commands import pages

    return pages.open_library(options.library, settings, write=write, create=create)


def _tell_misread(query: Any) -> None:
    for wrong in query.misread:
        _say(f"{wrong.text}; did you mean {wrong.suggestion}?" if wrong.suggestion else wrong.text)


def _day(entry: Any) -> str:
    paper = entry.paper
    if paper.published:
        return str(paper.published.isoformat())
    return str(paper.page_day or "")


def _short_keys(library: Any) -> dict[str, str]:
    """The shortest beginning of each key that is its alone, whole words where it is cheap."""
    keys = sorted(library.index.keys())
    shorts = {}
    for place, key in enumerate(keys):
        beside = (
            keys[place - 1] if place else "",
            keys[place + 1] if place + 1 < len(keys) else "",
        )
        shared = max(_shared(key, other) for other in beside)
        end = key.find("-", max(shared + 1, 4))
        shorts[key] = key if end < 0 or end > shared + 14 else key[:end]
    return shorts


def _shared(one: str, other: str) -> int:
    """Characters that two texts begin with alike."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)


def _json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    """Aligned columns; on a terminal the last one is cut at the edge."""
    if not rows:
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 10_000
    sizes = [max(len(safe(row[c])) for row in rows) for c in range(len(rows[0]) - 1)]
    for row in rows:
        cells = [safe(cell).ljust(size) for cell, size in zip(row, sizes, strict=False)]
        line = "  ".join([*cells, safe(row[-1])]).rstrip()
        print(line if len(line) <= width else line[: width - 1] + "…")


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """A bar on standard error, on a terminal, for what takes longer than half a second."""
    from time import monotonic

    start = monotonic()
    drawn = False

    def draw(name: str, share: float) -> None:
        nonlocal drawn
        if not sys.stderr.isatty() or monotonic() - start < 0.5:
            return
        if name and share < 1:
            filled = round(share * 30)
            bar = "━" * filled + "╌" * (30 - filled)
            print(f"\r{safe(name)[:40]} {bar} {share:4.0%}", end="", file=sys.stderr, flush=True)
            drawn = True
        elif drawn:
            print("\r" + " " * 80 + "\r", end="", file=sys.stderr, flush=True)
            drawn = False

    try:
        yield draw
    finally:
        draw("", 1.0)
