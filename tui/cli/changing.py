"""The commands that change a library."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tui import config
from tui.cli.output import print_json, print_table, progress_bar, say
from tui.cli.targets import chosen_keys, open_library, print_diagnostics
from tui.errors import UsageError
from tui.model.state import MAX_NOTE
from tui.model.text import plural, sanitize, sanitize_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.library import Library
    from tui.model.state import Change

    Verb = Callable[[Library, list[str]], Change | None]


def import_pages(options: argparse.Namespace, settings: config.Config) -> int:
    """Adds pages, each wholly or not at all; exit code 1 if any was not."""
    from tui.actions import imports

    failed = False
    reports = []
    with (
        open_library(options, settings, write=not options.dry_run, create=True) as library,
        progress_bar(options.progress) as progress,
    ):
        for done in imports.import_pages(
            library,
            options.files,
            max_bytes=options.max_size * 1_000_000,
            dry_run=options.dry_run,
            progress=progress,
        ):
            progress("", 1.0)
            for problem in done.problems:
                skipped = "skipped, " if problem.skipped else ""
                say(f"{done.file}, line {problem.line}: {skipped}{problem.text}")
            if done.error or not done.report:
                failed = True
                error = done.error
                say(f"papers-tui: {error.message}\n  {error.hint}" if error else done.file)
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
                rest = f"{report.unchanged:,} unchanged, {len(skipped_lines)} skipped"
                print(f"{sanitize(done.file)}: {would}{counts}, {rest}")
    if options.json:
        print_json(reports)
    return 1 if failed else 0


def mark(options: argparse.Namespace, settings: config.Config) -> int:
    """Sets the status of papers."""
    from tui.actions import triage
    from tui.model.state import Status

    return _decide(
        options, settings, lambda lib, keys: triage.mark(lib, keys, Status(options.status))
    )


def star(options: argparse.Namespace, settings: config.Config) -> int:
    """Stars papers, or clears their stars."""
    from tui.actions import triage

    return _decide(options, settings, lambda lib, keys: triage.star(lib, keys, not options.off))


def snooze(options: argparse.Namespace, settings: config.Config) -> int:
    """Hides papers until a day, or wakes them."""
    from tui.actions import triage

    until = None if options.until == "off" else triage.parse_day(options.until, date.today())
    return _decide(options, settings, lambda lib, keys: triage.snooze(lib, keys, until))


def tag(options: argparse.Namespace, settings: config.Config) -> int:
    """Adds and removes tags; words with a sign are tags, others are keys."""
    from tui.actions import triage
    from tui.model.state import parse_tags

    signs = ("+", "-", "\N{MINUS SIGN}")
    tags = [word for word in options.words if word.startswith(signs)]
    options.keys = [word for word in options.words if not word.startswith(signs)]
    if not tags:
        raise UsageError("no tags were given", "papers-tui tag +nlp -old KEY")
    add, remove = parse_tags(" ".join(tags))
    return _decide(options, settings, lambda lib, keys: triage.tag(lib, keys, add, remove))


def note(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints a note, or sets it."""
    from tui.actions import triage

    with open_library(options, settings, write=options.text is not None) as library:
        key = library.resolve(options.key)
        if options.text is None:
            print(sanitize_lines(library.paper_state(key).note or "", MAX_NOTE))
            return 0
        text = options.text if options.text != "-" else _standard_input()
        say(triage.tell(library, triage.note(library, key, text)))
    return 0


def _decide(
    options: argparse.Namespace,
    settings: config.Config,
    act: "Verb",
) -> int:
    """Runs a verb on the papers that were named or match."""
    from tui.actions import triage

    with open_library(options, settings, write=not options.dry_run) as library:
        keys = chosen_keys(library, options)
        if options.dry_run:
            return _only_tell(library, keys)
        say(triage.tell(library, act(library, keys)) if keys else "no paper matches")
    return 0


def _only_tell(library: "Library", keys: list[str]) -> int:
    """Prints the papers that would be changed."""
    for key in keys:
        print(f"{sanitize(key)}\t{sanitize(library.item(key).paper.display_title)}")
    say(f"{plural(len(keys), 'paper')} would be changed")
    return 0


def change_list(options: argparse.Namespace, settings: config.Config) -> int:
    """Does one of the verbs of lists."""
    from tui.actions import lists, triage

    with open_library(options, settings, write=True) as library:
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
            keys = chosen_keys(library, options)
            if options.dry_run:
                return _only_tell(library, keys)
            if not keys:
                say("no paper matches")
                return 0
            change = (lists.add if verb == "add" else lists.remove)(library, name, keys)
        say(triage.tell(library, change))
    return 0


def export(options: argparse.Namespace, settings: config.Config) -> int:
    """Writes Markdown to a file or to standard output."""
    from tui.actions import lists
    from tui.formats.exporters.markdown import AbstractPart
    from tui.query import parse

    if (options.name is None) == (options.query is None):
        raise UsageError("an export takes a list or --query Q", "papers-tui lists names the lists")
    part = AbstractPart(options.abstract)
    # Where another papers-tui is writing, the file is written and only not remembered.
    to_file = options.output != "-"
    with open_library(options, settings, write=to_file, or_read_only=True, wait=0.2) as library:
        if options.name is not None:
            title = lists.require_list(library, options.name)
            items = [library.item(key) for key in library.reading_list(title).keys]
        else:
            title = options.query
            query = parse(options.query)
            print_diagnostics(query)
            items = list(library.select(query))
        if options.output == "-":
            of_list = options.name is not None
            print(lists.document(library, title, items, part, of_list=of_list), end="")
            return 0
        done = lists.export(
            library,
            title,
            items,
            Path(options.output),
            abstract=part,
            force=options.force,
            of_list=options.name is not None,
        )
        change = "" if done.changed else ", unchanged"
        say(f"{plural(done.count, 'paper')} in {done.path}{change}")
        if options.name is not None and library.read_only_reason:
            say(f"the list does not know of it: {library.read_only_reason}")
    return 0


def _standard_input() -> str:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        return str(sys.stdin.read(100_000))
    data: bytes = stream.read(100_000)
    return data.decode("utf-8", "replace")


def change_tag(options: argparse.Namespace, settings: config.Config) -> int:
    """Does one of the verbs of tags."""
    from tui.actions import tags, triage

    with open_library(options, settings, write=True) as library:
        if options.verb == "rename":
            change = tags.rename(library, options.name, options.new)
        else:
            change = tags.delete(library, options.name)
        say(triage.tell(library, change))
    return 0


def change_view(options: argparse.Namespace, settings: config.Config) -> int:
    """Saves or forgets a view."""
    from tui.actions import triage
    from tui.query import parse

    with open_library(options, settings, write=True) as library:
        if options.verb == "delete" and options.name not in library.views():
            raise UsageError(f"there is no view “{sanitize(options.name, 40)}”", "papers-tui views")
        text = options.text if options.verb == "save" else None
        if text is not None:
            print_diagnostics(parse(text))
        say(triage.tell(library, triage.save_view(library, options.name, text)))
    return 0


def undo(options: argparse.Namespace, settings: config.Config) -> int:
    """Takes changes back: so many, or all since a moment."""
    from tui.actions import history, triage

    if options.since is None and not options.dry_run:
        return _walk(options, settings, lambda lib: lib.undo(), lambda lib: lib.steps.undoable)
    with open_library(options, settings, write=not options.dry_run) as library:
        if options.since is None:
            changes = library.steps.undoable[: -options.steps - 1 : -1]
        else:
            changes = history.since(library, options.since, library.now())
        if options.dry_run:
            print_table([(history.when(c), c.id, triage.tell(library, c)) for c in changes])
            say(f"{plural(len(changes), 'change')} would be taken back")
        else:
            say(triage.tell(library, history.undo_all(library, changes)))
    return 0


def redo(options: argparse.Namespace, settings: config.Config) -> int:
    """Does changes again."""
    return _walk(options, settings, lambda lib: lib.redo(), lambda lib: lib.steps.redoable)


def _walk(
    options: argparse.Namespace,
    settings: config.Config,
    step: "Callable[[Library], Change]",
    left: "Callable[[Library], Sequence[Change]]",
) -> int:
    from tui.actions import triage

    with open_library(options, settings, write=True) as library:
        if 1 < len(left(library)) < options.steps:  # a number of something else, perhaps
            raise UsageError(
                f"there are {len(left(library))} such changes, and no more",
                "N counts changes; --since takes the id that log tells",
            )
        for _ in range(max(options.steps, 0)):
            say(triage.tell(library, step(library)))
    return 0
