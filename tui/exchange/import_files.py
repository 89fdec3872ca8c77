"""Reading files, importing them each completely or not at all, and what that brought."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tui import clock
from tui.errors import InputError, NoPapersError, PapersError, UsageError
from tui.model.identifiers import is_address
from tui.model.layout import enumerated, plural
from tui.model.state import FieldUpdate, Status
from tui.model.text import sanitize
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.files import Inputs
    from tui.formats.base import Decision
    from tui.formats.importers import ImportWarning, ParsedFile
    from tui.library import Library
    from tui.model.imports import FiledRecord, ImportReport
    from tui.model.paper import Paper, SourceRecord
    from tui.model.rules import Rule

MAX_MEGABYTES: Final = 20
MAX_SIZE: Final = "If it is a page, allow it: --max-size 200."
"""Advice about a file that is larger."""


Progress = Callable[[str, float], None]
"""Called with a file's name and the share of it that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read files."""

    max_bytes: int = MAX_MEGABYTES * 1_000_000
    captured: date | None = None
    """The day on which the pages were captured; ``None`` if the user does not say."""
    force: bool = False
    """Whether to read a file of which little is recognized."""
    format: str = ""
    """The name of the format; empty for the most likely one."""
    inputs: "Inputs | None" = None
    """The files, if they are read already."""
    today: date | None = None
    """The date; ``None`` for that of the clock."""

    @classmethod
    def of(
        cls,
        max_size: int,
        captured: str | None,
        force: bool,
        format: str | None,
        today: date,
        inputs: "Inputs | None" = None,
    ) -> "Reading":
        """From the options of a command.

        Raises:
            UsageError: If the format is unknown, or the date is not a day in the past.
        """
        from tui.formats.importers import names

        if format is not None and format not in names():
            hint = f"Choose {enumerated(names())}."
            raise UsageError(f"Unknown format: {sanitize(format, 40)}", hint)
        day = None if captured is None else past_day(captured, today)
        return cls(max_size * 1_000_000, day, force, format or "", inputs, today)


def past_day(text: str, today: date) -> date:
    """A day up to today, as in queries.

    Raises:
        UsageError: If it is not one, as a month is not, or is to come.
    """
    from tui.query.dates import date_ends

    try:
        first, last = date_ends(text, today)
    except (ValueError, OverflowError):
        first, last = 0, 1
    hint = "Try 2025-11-06, or yesterday."
    if first != last:
        raise UsageError(f"Not a day: {sanitize(text, 40)}", hint)
    if first > today.toordinal():
        raise UsageError(f"Not a day in the past: {sanitize(text, 40)}", hint)
    return date.fromordinal(first)


DEFAULT: Final = Reading()


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of importing one file."""

    file: str
    report: "ImportReport | None" = None
    warnings: "tuple[ImportWarning, ...]" = ()
    error: PapersError | None = None
    """Why nothing was imported."""

    @property
    def shown_file(self) -> str:
        """The file, for the user."""
        return _source_name(self.file) if self.file == "-" else sanitize(self.file)

    def __str__(self) -> str:
        """The counts, ``12 new, 3 merged, 40 unchanged``, or the error."""
        return describe_report(self.report, self.warnings) if self.report else str(self.error)

    def record(self) -> dict[str, Any]:
        """The counts as JSON."""
        assert self.report is not None
        skipped_lines = [warning.line for warning in self.warnings if warning.skipped]
        return {
            "file": self.file,
            "new": len(self.report.new),
            "merged": len(self.report.merged),
            "unchanged": self.report.unchanged,
            "removed": self.report.removed,
            "import": self.report.id or None,
            "skipped": len(skipped_lines),
            "skipped_lines": skipped_lines,
        }


def read_pages(
    paths: Iterable[str],
    reading: Reading = DEFAULT,
    progress: Progress = lambda *_: None,
) -> Iterator["tuple[str, ParsedFile]"]:
    """The contents of each file.

    Raises:
        InputError: At the first file that cannot be read.
    """
    from tui.files import read_input
    from tui.formats.importers import read

    today = reading.today or clock.today()
    for path in paths:
        name = _source_name(path)
        parsed = read(
            read_input(path, reading.max_bytes, reading.inputs, too_large=MAX_SIZE),
            name,
            today=today,
            captured=reading.captured,
            force=reading.force,
            format=reading.format,
            shown=name if path == "-" else sanitize(path),
            progress=partial(progress, name),
        )
        progress(name, 1.0)
        yield path, parsed


def _source_name(path: str) -> str:
    """The name of a file in source records."""
    return "standard input" if path == "-" else sanitize(Path(path).name)


def parse(
    paths: Sequence[str],
    reading: Reading = DEFAULT,
    progress: Progress = lambda *_: None,
) -> "tuple[list[Paper], list[tuple[str, ImportWarning]]]":
    """The merged papers of some pages, and the warnings, each with its file."""
    from tui.model.identity import merge_all

    records: list[SourceRecord] = []
    warnings: list[tuple[str, ImportWarning]] = []
    for path, file in read_pages(paths, reading, progress):
        records += [*file.records, *file.updates]
        warnings += [(path, warning) for warning in file.warnings]
    return merge_all(records), warnings


def import_pages(
    library: "Library",
    paths: Iterable[str],
    *,
    reading: Reading = DEFAULT,
    with_state: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
) -> Iterator[ImportResult]:
    """Imports pages, each completely or not at all; a bad one does not stop the others.

    Args:
        paths: The files; ``-`` is standard input.
        with_state: Whether to take over what they say of tags, notes and what was read.
    """
    for path in paths:
        try:
            ((_, file),) = read_pages([path], reading, progress)
            name = _source_name(path)  # other files are named where it only tells what they state
            source = "" if all(record.file == name for record in file) else name
            file = for_library(library, file)
            decide = partial(_decision_updates, library, file) if with_state else lambda *_: ()
            report = library.add(file.records, source, decide, file.keys, dry_run=dry_run)
        except InputError as error:
            yield ImportResult(path, error=error)
        else:
            yield ImportResult(path, report, file.warnings)


def _decision_updates(
    library: "Library",
    file: "ParsedFile",
    filed: "Sequence[FiledRecord]",
    report: "ImportReport",
) -> Iterator[FieldUpdate]:
    """The updates by which a library takes over what a file says that its user decided.

    What was decided here stays: what has one value is taken where there is none, and tags, and
    papers of lists, are added.

    Args:
        filed: The records of the file, each with the key of its paper.
    """
    state = library.state
    yield from (update for update in file.settings if state.value(*update[:3]) is None)
    for place, decision in file.decisions.items():
        yield from _updates_of_paper(library, filed[place][0], decision)
    own = {file.keys[place]: filed[place][0] for place in sorted(file.keys, reverse=True)}
    listed = {each.name: [own[key] for key in each.keys if key in own] for each in file.lists}
    for place, decision in file.decisions.items():
        for name in decision.lists:
            listed.setdefault(name, []).append(filed[place][0])
    for name, keys in listed.items():
        yield from state.end_updates(state.find_list(name) or name, keys)
    for each in file.lists:
        id, _ = state.list_updates(state.find_list(each.name) or each.name)
        if each.description and state.value("lists", id, "description") is None:
            yield "lists", id, "description", each.description


def _updates_of_paper(library: "Library", key: str, decision: "Decision") -> Iterator[FieldUpdate]:
    """The updates of one paper that change something; see ``_decision_updates``."""
    state = library.state.of(key)
    if decision.status and decision.status != state.status == Status.UNREAD:
        yield "papers", key, "status", str(decision.status)
    if decision.starred and not state.starred:
        yield "papers", key, "starred", True
    if decision.is_removed and not state.is_removed:
        yield "papers", key, "removed", True
    if decision.snoozed_until and state.snoozed_until is None:
        yield "papers", key, "snoozed_until", decision.snoozed_until.isoformat()
    if decision.note and not state.note:
        yield "papers", key, "note", decision.note
    if decision.rule and not state.rule:
        yield "papers", key, "rule", decision.rule
    for tag in decision.tags:
        if tag not in state.tags:
            yield from library.state.tag_updates(key, tag, is_set=True)


def read_pasted(library: "Library", text: str, key: str = "papers-tui add") -> "ParsedFile":
    """The source records of a pasted page, or of the papers that lines of other words name.

    Args:
        key: What adds one paper, as an error names it.

    Raises:
        InputError: If it has no papers.
        UsageError: If it is an address.
    """
    from tui.formats.importers import read
    from tui.formats.kinds import is_exported, is_one_paper
    from tui.model.imports import PASTED

    if is_address(text):
        named = sanitize(text.strip(), 60)
        raise UsageError(
            f"Not the text of a page: {named}", f"papers-tui add {named} adds its paper."
        )
    source, today = f"{PASTED} {library.now():%Y-%m-%d %H:%M}", library.today()
    data = text.encode("utf-8", "replace")
    try:
        page = read(data, source, today=today)
    except InputError as error:
        refusal = _refusal(text, error, key)
        if is_exported(text) or is_one_paper(text) or not isinstance(error, NoPapersError):
            raise refusal from error
        try:
            page = read(data, source, today=today, format="ids")
        except InputError:
            raise refusal from error
    return for_library(library, page)


def _refusal(text: str, error: InputError, key: str) -> InputError:
    """Why a text that was pasted is not taken, in a line."""
    from tui.formats.kinds import is_exported

    if is_exported(text):
        hint = "papers-tui pull FILE takes over its changes."
        return InputError("This is a list that papers-tui exported", hint)
    if isinstance(error, NoPapersError) and error.finding:
        return InputError(f"No page of papers: {error.finding}", "Copy and paste the whole page.")
    hint = f"Paste a whole page, BibTeX or arXiv ids; {key} adds one paper."
    return InputError("No papers in it", hint)


def for_library(library: "Library", file: "ParsedFile") -> "ParsedFile":
    """The part of a file for a library: all records, and the updates of papers that it has."""
    from tui.formats.importers import ImportWarning

    records = as_known(library, file.records)
    updates = tuple(filter(library.papers.has, file.updates))
    warnings = file.warnings
    if left_out := len(file.updates) - len(updates):
        text = f"{plural(left_out, 'update')} of papers that are not here left out"
        warnings = (ImportWarning(1, text, skipped=False), *warnings)
    return replace(file, records=(*records, *updates), updates=(), warnings=warnings)


def as_known(library: "Library", records: "Sequence[SourceRecord]") -> "tuple[SourceRecord, ...]":
    """The source records, renamed to the file under which the library has their page, if it does.

    The same page, saved under two names or pasted, then counts once.
    """
    first = records[0].key if records else ""
    existing = library.item(first).paper.records if first in library else ()
    for file in dict.fromkeys(record.file for record in existing):
        renamed = tuple(replace(record, file=file) for record in records)
        if all(r.key in library and r in library.item(r.key).paper.records for r in renamed):
            return renamed
    return tuple(records)


def describe_report(
    report: "ImportReport",
    warnings: "Iterable[ImportWarning]" = (),
    others: Mapping[str, int] | None = None,
) -> str:
    """The counts of an import that are not zero: ``12 new, 3 merged, 40 unchanged``.

    Args:
        warnings: What could not be read.
        others: What to call the papers that are not new, and how many they are; by default, those
            with new facts are told from the others.
    """
    if others is None:
        others = {
            "merged": len(report.merged),
            "known from the samples": report.from_samples,
            "unchanged": report.unchanged - report.from_samples,
        }
    skipped = sum(warning.skipped for warning in warnings)
    counts = {
        "new": len(report.new),
        **others,
        "skipped": skipped,
        "removed earlier": report.removed,
    }
    phrases = [f"{n:,} {name}" for name, n in counts.items() if n]
    if report.decided:
        phrases.append(f"decisions about {plural(report.decided, 'paper')}")
    return ", ".join(phrases) or "no papers"


def rule_notes(reports: "Iterable[ImportReport]") -> list[str]:
    """The effect of each rule in some imports, a sentence each."""
    papers: Counter[Rule] = Counter()
    for report in reports:
        for each in report.rules:
            papers[each.rule] += each.papers
    return [
        f"{plural(count, 'paper')} {rule}, by the rule {sanitize(rule.query, 80)}"
        for rule, count in papers.items()
    ]
