"""The commands that tell something and change nothing."""

import argparse
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from tui import config
from tui.cli.output import is_terminal, print_json, print_table, progress_bar, say
from tui.cli.targets import open_library, print_diagnostics
from tui.errors import PapersError, UsageError
from tui.model.text import plural, sanitize, sanitize_lines

if TYPE_CHECKING:
    from tui.library import Library
    from tui.model.state import Item
    from tui.search import Reason


def parse(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints the merged papers of some pages as JSON."""
    from tui.actions import imports
    from tui.model.paper import to_record

    with progress_bar() as progress:
        papers, problems = imports.parse(options.files, options.max_size * 1_000_000, progress)
    print_json([to_record(paper) for paper in papers])
    for path, problem in problems:
        say(f"{path}, line {problem.line}: {problem.text}")
    return 0


def keys(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints the table of keys; exit code 1 if the user's own do not all fit."""
    from tui.ui import keymap

    table, problems = keymap.all_keys(settings.keys)
    if options.json:
        print_json(
            [{"id": k.id, "keys": list(k.keys), "help": k.help, "group": k.group} for k in table]
        )
    elif options.markdown:
        print(keymap.markdown_table(table), end="")
    else:
        print_table([(" ".join(map(keymap.shown, k.keys)), k.id, k.help) for k in table])
    for problem in _key_problems(problems):
        say(problem)
    return 1 if problems else 0


def _key_problems(problems: Iterable[tuple[str, str]]) -> list[str]:
    path = config.config_path()
    return [f"{path.name}, line {config.key_line(path, id)}: {text}" for id, text in problems]


def completions(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints the completions of a shell."""
    import shtab

    from tui.cli import arguments

    parser = arguments.parser()
    for action in arguments.all_actions(parser):
        if action.metavar in ("FILE", "DIR"):
            complete = shtab.FILE if action.metavar == "FILE" else shtab.DIRECTORY
            action.complete = complete  # type: ignore[attr-defined]
    print(shtab.complete(parser, options.shell))
    return 0


def doctor(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints what was looked at; exit code 1 if anything is wrong."""
    from tui.actions import doctor
    from tui.ui import keymap

    with suppress(PapersError):  # which doctor finds again, and tells with all the rest
        settings, _ = config.load()
    _, problems = keymap.all_keys(settings.keys)
    findings = doctor.doctor(options.library, _key_problems(problems))
    if options.json:
        print_json(
            [{"name": f.name, "text": f.text, "hint": f.hint, "wrong": f.wrong} for f in findings]
        )
    else:
        print_table(
            [
                ("✗" if f.wrong else "✓", f.name, f"{f.text} ({f.hint})" if f.hint else f.text)
                for f in findings
            ]
        )
    return 1 if any(finding.wrong for finding in findings) else 0


def list_papers(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints the papers that match: aligned on a terminal, parted by tabs in a pipe."""
    from tui.query import parse

    query = parse(" ".join(options.query))
    if options.sort:
        asked = parse(f"sort:{options.sort}")
        query = replace(query, sort=asked.sort, diagnostics=query.diagnostics + asked.diagnostics)
    if options.limit is not None:
        query = replace(query, limit=max(options.limit, 0))
    with open_library(options, settings) as library:
        print_diagnostics(query)
        items = library.select(query)
        if options.json:
            from tui.formats.exporters import json

            print_json([json.record(item) for item in items])
            return 0
        for word, instead in library.index.corrections(query).items():
            say(f"no paper has “{word}”; showing {', '.join(instead[:3])}")
        for wrong in library.index.unknown_names(query):
            say(
                f"{wrong.text}; did you mean {wrong.suggestion}?"
                if wrong.suggestion
                else wrong.text
            )
        for field, count in library.index.without_value(query).items():
            say(f"{plural(count, 'paper')} say nothing of {field}: and are left out")
        if is_terminal():
            shorts = _short_keys(library)
            rows = [
                (shorts[e.key], str(e.state.status), _day(e), e.paper.display_title) for e in items
            ]
            print_table(rows)
        else:
            for e in items:
                print(
                    "\t".join(
                        map(sanitize, (e.key, str(e.state.status), _day(e), e.paper.display_title))
                    )
                )
        if not items:
            gains = library.index.suggest_drops(query)[:3]
            told = "".join(f"; without “{g.term}”: {plural(g.count, 'paper')}" for g in gains)
            say(f"nothing matches{told}")
    return 0


def why(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints which terms of a query a paper satisfies; exit code 1 if it lacks any."""
    from tui.actions import doctor
    from tui.query import parse

    with open_library(options, settings) as library:
        key, text = _asked_why(library, options)
        print_diagnostics(parse(text))
        reasons = doctor.why(library, key, text)
    if options.json:
        print_json([asdict(reason) for reason in reasons])
    else:
        print_table([("✓" if r.holds else "✗", r.term, _by(r)) for r in reasons])
    return 0 if all(reason.holds for reason in reasons) else 1


def _asked_why(library: "Library", options: argparse.Namespace) -> tuple[str, str]:
    """The paper and the query that are meant; in the app, those on screen where none are named."""
    key, words = options.key, options.query
    if options.selection:
        try:
            library.resolve(key or "")
        except PapersError:  # what stands first is a word of the query
            key, words = options.selection[0], [key, *words] if key else words
    text = " ".join(words) or options.shown
    if not key or not text.strip():
        raise UsageError(
            "of which query?" if key else "of which paper?", "papers-tui why KEY QUERY tells"
        )
    return key, text


def _by(reason: "Reason") -> str:
    """By what a paper satisfies a term, in words."""
    places = {"abs": "abstract"}
    told = [", ".join(places.get(field, field) for field in reason.fields)]
    if reason.instead:
        told.append(f"nowhere, so {', '.join(reason.instead[:3])}")
    return "; ".join(part for part in told if part)


def show(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints one paper."""
    import shutil
    import textwrap

    from tui.formats.exporters import json

    with open_library(options, settings) as library:
        item = library.item(library.resolve(options.key))
        if options.json:
            print_json(json.record(item))
            return 0
        paper, made = item.paper, item.state
        width = min(shutil.get_terminal_size().columns, 80)
        facts = [
            f"{paper.published.isoformat()}{' (year inferred)' if paper.year_inferred else ''}"
            if paper.published
            else None,
            plural(paper.upvotes, "upvote") if paper.upvotes is not None else None,
            plural(paper.author_count, "author") if paper.author_count is not None else None,
            f"seen on {plural(len(paper.records), 'page')}",
        ]
        print(textwrap.fill(sanitize(paper.display_title), width))
        print(" · ".join(fact for fact in facts if fact))
        marks = [str(made.status), *(["starred"] if made.starred else [])]
        marks += [f"#{tag}" for tag in made.tags] + [f"in {name}" for name in made.lists]
        print(sanitize(" · ".join(marks)))
        print(f"key {sanitize(paper.key)}\n")
        print(textwrap.fill(sanitize(paper.display_abstract, 60_000), width))
        if made.note:
            print("\n" + sanitize_lines(made.note))
        for url in (paper.link, *paper.urls):
            print(f"\n{sanitize(url)}", end="")
        print()
    return 0


def log(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints the changes, newest first."""
    from tui.actions import doctor, history, triage

    with open_library(options, settings) as library:
        changes = library.history()[::-1][: max(options.limit, 0)]
        if options.json:
            print_json([doctor.change_record(change) for change in changes])
        else:
            print_table([(history.when(c), c.id, triage.tell(library, c)) for c in changes])
    return 0


def session(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints what the last sitting decided."""
    from tui.actions import history

    with open_library(options, settings) as library:
        last = history.last(library)
        if options.json:
            print_json(history.record(last))
        elif options.markdown:
            print(history.document(library, last), end="")
        else:
            print_table([(f"{last.start:%Y-%m-%d %H:%M}", history.summary(last))])
    return 0


def show_tags(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints the tags with their papers."""
    from tui.actions import tags

    with open_library(options, settings) as library:
        counts = tags.counts(library)
        if options.json:
            print_json({name: {"papers": n, "unread": left} for name, (n, left) in counts.items()})
            return 0
        print_table([(name, f"{n:,}", f"{left:,} unread") for name, (n, left) in counts.items()])
        if not counts:
            say("no tags yet: papers-tui tag +nlp KEY adds one")
    return 0


def show_views(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints the saved views with their numbers."""
    with open_library(options, settings) as library:
        views = library.views()
        if options.json:
            print_json(views)
            return 0
        print_table([(str(n), name, query) for n, (name, query) in enumerate(views.items(), 1)])
        if not views:
            say("no views yet: papers-tui views save NAME QUERY, or F in the app")
    return 0


def stats(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints the counts."""
    from tui.actions import doctor

    with open_library(options, settings) as library:
        numbers = doctor.stats(library)
    if options.json:
        print_json(numbers)
        return 0
    rows: list[tuple[str, ...]] = [("papers", f"{numbers['papers']:,}")]
    rows += [(name, f"{count:,}") for name, count in numbers["status"].items()]
    rows.append(("starred", f"{numbers['starred']:,}"))
    rows += [(f"#{name}", f"{count:,}") for name, count in numbers["tags"].items()]
    rows += [(f"list {name}", f"{count:,}") for name, count in numbers["lists"].items()]
    rows += [(f"decided {day}", f"{count:,}") for day, count in numbers["decided_by_day"].items()]
    print_table(rows)
    return 0


def show_lists(options: argparse.Namespace, settings: config.Config) -> int:
    """Prints the reading lists, and where they went."""
    from tui.actions import lists

    with open_library(options, settings) as library:
        if options.json:
            print_json([lists.record(library, each) for each in library.lists()])
        else:
            print_lists(library)
    return 0


def print_lists(library: "Library") -> None:
    """Prints a library's reading lists as a table."""
    from tui.actions import lists
    from tui.model.state import Status

    rows = []
    for each in library.lists():
        read = sum(library.paper_state(key).status is Status.READ for key in each.keys)
        told = ""
        if each.exports:
            went = each.exports[0]
            since = lists.since(library, each, went)
            told = f"{went.at[:10]} to {went.path}" + (f", since then {since}" if since else "")
        rows.append((each.name, f"{read} of {len(each.keys)} read", each.description, told))
    print_table(rows)
    if not rows:
        say("no lists yet: papers-tui lists add NAME KEY makes one")


def _day(item: "Item") -> str:
    paper = item.paper
    if paper.published:
        return str(paper.published.isoformat())
    return str(paper.page_day or "")


def _short_keys(library: "Library") -> dict[str, str]:
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
