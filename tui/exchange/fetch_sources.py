"""Asking sources what is new, and importing what they answer, an import for each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tui import config
from tui.errors import PapersError, UsageError
from tui.exchange.connection import Connection, today
from tui.exchange.import_files import describe_report, past_day
from tui.model.layout import plural
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.formats.base import ImportWarning, ParsedFile
    from tui.library import Library
    from tui.model.imports import ImportReport
    from tui.model.paper import SourceRecord
    from tui.sources import Span
    from tui.sources.base import Validators
    from tui.sources.http import Client
    from tui.sources.past import Fetched

MOST_ASKED: Final = 366
"""The most days of one fetch, as Daily Papers is asked for each: 500 requests in five minutes are
allowed (https://huggingface.co/docs/hub/rate-limits)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one source, and what was asked."""

    records: "tuple[SourceRecord, ...]"
    updates: "tuple[SourceRecord, ...]"
    """Records that count only where their papers are."""
    warnings: "tuple[ImportWarning, ...]"
    span: "Span"
    past: "Fetched | None"
    """The last fetch of it; ``None`` if none counts."""
    validators: "Mapping[str, Validators]"
    """The validators to ask with the next time."""

    @classmethod
    def of(
        cls,
        parts: "Sequence[ParsedFile]",
        span: "Span",
        missed: int,
        past: "Fetched | None",
        validators: "Mapping[str, Validators]",
    ) -> "Answer":
        """Several parts as one file, each record once.

        Args:
            parts: The answers, in order.
            missed: How many days were not asked for, although nothing has come of them yet.
            validators: What to ask with the next time.
        """
        warnings = [warning for part in parts for warning in part.warnings]
        if missed:
            from tui.formats.base import ImportWarning

            text = f"{plural(missed, 'earlier day')} left out; --since fetches them"
            warnings.insert(0, ImportWarning(1, text, skipped=False))
        records = dict.fromkeys(record for part in parts for record in part.records)
        updates = dict.fromkeys(record for part in parts for record in part.updates)
        return cls(tuple(records), tuple(updates), tuple(warnings), span, past, validators)


@dataclass(frozen=True, slots=True)
class FetchResult:
    """The result of fetching one source."""

    spec: str
    name: str
    answer: "Answer | None" = None
    """Its answer; ``None`` if it failed."""
    report: "ImportReport | None" = None
    """The report of its import; ``None`` if it failed."""
    error: PapersError | None = None

    @property
    def warnings(self) -> "tuple[ImportWarning, ...]":
        """Parts of its answer that could not be read, and parts that were not asked for."""
        return self.answer.warnings if self.answer else ()

    def __str__(self) -> str:
        """The counts, or that there is nothing new."""
        if self.report is None:
            return str(self.error)
        return describe_report(self.report, self.warnings) if self.has_news else "nothing new"

    @property
    def has_news(self) -> bool:
        """Whether it brought a paper, or a fact of one."""
        return self.report is not None and bool(self.report.new or self.report.merged)

    def record(self) -> dict[str, Any]:
        """The counts as JSON."""
        report = self.report
        return {
            "source": self.spec,
            "name": self.name,
            "new": len(report.new) if report else 0,
            "merged": len(report.merged) if report else 0,
            "unchanged": report.unchanged if report else 0,
            "import": report.id or None if report else None,
            "error": str(self.error) if self.error else None,
        }


@dataclass(frozen=True, slots=True)
class Days:
    """The days that the user asks for; ``None`` for those since the last fetch."""

    today: date
    since: date | None
    until: date | None

    @classmethod
    def of(cls, library: "Library", since: str | None, until: str | None) -> "Days":
        """From the options of the command.

        Raises:
            UsageError: If one of them is not a date, the last day is before the first, or there
                are too many.
        """
        first, last = (
            None if day is None else past_day(day, library.today()) for day in (since, until)
        )
        if last and not first:
            raise UsageError("--until goes with --since", "Add the first day: --since DAY.")
        if last and first and first > last:
            raise UsageError("--until is before --since", "Swap the two days.")
        now = today(library)
        if first and (days := (min(last or now, now) - first).days + 1) > MOST_ASKED:
            end = first + timedelta(days=MOST_ASKED - 1)
            raise UsageError(
                f"{days:,} days are too many for one fetch",
                f"Fetch a year at a time: --since {first} --until {end}.",
            )
        return cls(now, first, last)

    def __str__(self) -> str:
        """The days asked for, for the end of a message; empty for those since the last fetch."""
        if self.since is None:
            return ""
        last = self.until or self.today
        return f" ({self.since})" if last <= self.since else f" ({self.since} to {last})"

    def span(self, past: "Fetched | None") -> "tuple[Span, int]":
        """The days to fetch of a source, and the number of missed ones that are left out."""
        from tui.sources import Span
        from tui.sources.base import MOST_DAYS

        until = min(self.until or self.today, self.today)
        if self.since or past is None or past.until is None:
            return Span(until, self.since), 0
        earliest = until - timedelta(days=MOST_DAYS)
        since = max(past.until, earliest)
        return Span(until, min(since, until)), max((earliest - past.until).days, 0)


def fetch_all(
    connection: Connection,
    names: Mapping[str, str],
    days: Days,
    require_allowed: Callable[[str], None],
    *,
    dry_run: bool,
) -> list[FetchResult]:
    """Asks some sources one after another, until the user stops it; imports what they answer.

    Args:
        names: The names of the sources, by their specs.
        require_allowed: Raises a ``PapersError`` for a source that may not be asked here.
    """
    from tui.sources import StoppedError

    results: list[FetchResult] = []
    for number, (spec, name) in enumerate(names.items()):
        check = partial(require_allowed, spec)
        share = partial(_report, connection, name, number, len(names))
        try:
            results.append(_ask(connection, spec, name, days, check, share, dry_run=dry_run))
        except StoppedError as error:
            results.append(FetchResult(spec, name, error=error))
            break
    results = _import(connection.library, results, dry_run=dry_run)
    connection.progress("", 1.0)
    return results


def _ask(
    connection: Connection,
    spec: str,
    name: str,
    days: Days,
    check: Callable[[], None],
    progress: Callable[[float], None],
    *,
    dry_run: bool,
) -> FetchResult:
    """Asks one source what is new.

    Args:
        check: Raises a ``PapersError`` if it may not be asked.
        progress: Called with the share of it that is done, 0 to 1.

    Raises:
        StoppedError: If the user stops it, which is no failure of the source.
    """
    from tui.sources import StoppedError
    from tui.sources.past import FetchLog

    library, client = connection.library, connection.client
    log = FetchLog(config.fetched_path(library.folder))
    past = log.read().get(spec)
    valid = past if past is None or is_live(library, past) else None
    span, missed = days.span(valid)
    client.validators = {} if days.since or valid is None else dict(valid.validators)
    progress(0.0)
    try:
        check()
        with connection.released():
            parts = _answers(client, spec, span, progress)
    except StoppedError:
        raise
    except PapersError as error:
        if not dry_run:
            log.remember(spec, _failed(library, past, error))
        return FetchResult(spec, name, error=error)
    return FetchResult(spec, name, Answer.of(parts, span, missed, valid, client.validators))


def _report(connection: Connection, name: str, number: int, count: int, share: float) -> None:
    """Reports progress: the share of one of several sources that is done."""
    connection.progress(name, (number + share) / count)


def _answers(
    client: "Client", spec: str, span: "Span", progress: Callable[[float], None]
) -> "list[ParsedFile]":
    """All answers of a source.

    Raises:
        PapersError: If one cannot be had; then the others do not count either.
    """
    from tui.sources import parse

    expected = len(list(span.days()))
    answers: list[ParsedFile] = []
    for answer in parse(spec).fetch(span, client):
        answers.append(answer)
        progress(len(answers) / (expected + len(answers)))
    return answers


def _import(
    library: "Library", results: Sequence[FetchResult], *, dry_run: bool
) -> list[FetchResult]:
    """Imports what sources answered, an import for each, as one change.

    Raises:
        LibraryError: If it cannot be written; then nothing counts as fetched.
    """
    from tui.model.imports import Batch
    from tui.sources.past import FetchLog

    batches = [
        Batch((*answer.records, *filter(library.papers.has, answer.updates)), result.name)
        for result in results
        if (answer := result.answer)
    ]
    if not batches or library.is_ending.is_set():
        return list(results)
    reports = iter(library.add_all(batches, dry_run=dry_run))
    log = FetchLog(config.fetched_path(library.folder))
    imported = []
    for result in results:
        report = None
        if result.answer:
            report = next(reports)
            if not dry_run:
                log.remember(result.spec, _fetched(library, result.answer, report))
        imported.append(replace(result, report=report))
    return imported


def is_live(library: "Library", past: "Fetched") -> bool:
    """Whether what a fetch brought counts: not if its import is undone, so that it comes again."""
    return not past.import_id or library.state.all_imports().get(past.import_id, False)


def _failed(library: "Library", past: "Fetched | None", error: PapersError) -> "Fetched":
    from tui.sources.past import Fetched

    return replace(past or Fetched(), at=library.timestamp(), error=error.message)


def _fetched(library: "Library", answer: Answer, report: "ImportReport") -> "Fetched":
    """The record of a fetch, to be remembered.

    Days count as fetched only if none is left out between them and those before.
    """
    from tui.sources.past import Fetched

    past, span = answer.past or Fetched(), answer.span
    has_gap = past.until and span.since and span.since > past.until
    until = past.until if has_gap else max(filter(None, (past.until, span.until)))
    return Fetched(
        at=library.timestamp(),
        since=span.since if report.id else past.since,
        until=until,
        new=len(report.new),
        merged=len(report.merged),
        import_id=report.id or past.import_id,
        validators=answer.validators,
    )
