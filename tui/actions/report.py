"""Reports of what was read and kept in some days, and why: to send to a group, or to keep."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, takewhile
from typing import TYPE_CHECKING, Final

from tui.actions.context import Context, Outcome
from tui.actions.export import FORCE, OUTPUT, export_access
from tui.actions.history import CLOCKS, changed_at
from tui.actions.registry import Argument, action, switch
from tui.actions.sessions import by_verdict, in_words
from tui.actions.targets import LIST, require_list
from tui.actions.verdicts import StatusOf, Verdict, status_now, verdicts, verdicts_of
from tui.errors import UsageError
from tui.exchange.export_paths import target_of, typed_path
from tui.model.describe import written_day
from tui.model.state import Change
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.library import Library

WEEK: Final = timedelta(days=6)
MONTH: Final = timedelta(days=29)
"""The days before today."""
_BAR: Final = 30
"""The columns of the longest bar."""
_LISTED: Final = (Verdict.READ, Verdict.KEPT, Verdict.READING)


def changes_from(library: "Library", day: date) -> Iterator[Change]:
    """The changes since the beginning of a day of the user's, newest first.

    Cost: reads the journal back to that day.
    """
    start = datetime.combine(day, time()).astimezone(UTC)
    recent = takewhile(
        lambda change: changed_at(change) >= start - CLOCKS, library.state.newest_first()
    )
    return (change for change in recent if changed_at(change) >= start)


def report(library: "Library", since: date, name: str = "", *, as_html: bool = False) -> str:
    """A report of what was read and kept since a day, with notes and tags.

    Args:
        since: The first day.
        name: The reading list whose papers count; empty for all papers.
    """
    from tui.formats.base import Overview
    from tui.formats.exporters import html, markdown

    keys = library.state.reading_list(name).keys if name else library.papers.keys()
    changes = list(changes_from(library, since))[::-1]
    status_of = status_now(library)
    decided = _of(verdicts(changes, status_of), keys)
    groups = by_verdict(library, decided)
    days = f"{written_day(since)} to {written_day(library.today())}"
    left = f" {library.counts().inbox:,} left in the inbox." if not name else ""
    overview = Overview(
        f"{name}, {days}" if name else days,
        f"{in_words(Counter(decided.values()))}.{left}",
        [(verdict.value.capitalize(), groups[verdict]) for verdict in _LISTED],
        _chart(changes, keys, library.today() - since, status_of),
    )
    return html.overview(overview) if as_html else markdown.overview(overview)


def _of(decided: Mapping[str, Verdict], keys: Collection[str]) -> dict[str, Verdict]:
    return {key: verdict for key, verdict in decided.items() if key in keys}


def _chart(
    changes: Iterable[Change], keys: Collection[str], span: timedelta, status_of: StatusOf
) -> list[str]:
    """Bars of the papers that were decided on each day, of a long span in each month.

    Of one bar, which would say nothing, there is none.
    """

    def label(change: Change) -> str:
        day = changed_at(change).astimezone().date()
        return f"{day:%a} {written_day(day)}" if span <= MONTH else f"{day:%Y-%m}"

    parts = {name: list(each) for name, each in groupby(changes, label)}
    decided = (_of(each, keys) for each in verdicts_of(list(parts.values()), status_of))
    counts = {name: len(each) for name, each in zip(parts, decided, strict=True) if each}
    if len(counts) < 2:
        return []
    width = max(map(len, counts))
    unit = _BAR / max(counts.values())
    return [f"{name:{width}}  {'━' * max(1, round(n * unit))} {n}" for name, n in counts.items()]


@action(
    "report",
    replace(LIST, help="only the papers of this list", nargs="?", default=""),
    switch("week", "the last 7 days, with today (the default)", excludes=("month", "since")),
    switch("month", "the last 30 days, with today", excludes=("since",)),
    Argument("since", "since this day: 2026-01-31, monday, 2w", ("--since",), "DAY"),
    replace(OUTPUT, help="a Markdown or HTML file; - is standard output"),
    FORCE,
    help="show what was read and kept in the last days, with notes",
    group="History",
    access=export_access,
)
def run_report(
    context: Context,
    name: str = "",
    week: bool = False,
    month: bool = False,
    since: str | None = None,
    output: str = "-",
    force: bool = False,
) -> Outcome:
    """Prints or writes a report.

    Raises:
        UsageError: If the text is not a day, or the file's extension is that of another format.
        ConfirmationError: If the file is not as it was last written.
        PapersError: If there is no such list, or the file cannot be written.
    """
    from tui.exchange.written_files import write_file

    library = context.library
    today = library.today()
    name = require_list(library, name) if name else ""
    first = _day(since, today) if since is not None else today - (MONTH if month else WEEK)
    if output == "-":
        return Outcome(text=report(library, first, name))
    target, format = target_of(typed_path(output), f"{name or 'papers'} {today}")
    if format not in ("markdown", "html"):
        raise UsageError(
            f"A report is Markdown or HTML: {sanitize(target.name, 80)}",
            "Give the file the extension .md or .html.",
        )
    text = report(library, first, name, as_html=format == "html")
    unrecorded = write_file(library, target, text.encode(), force=force, private=False)
    message = f"Report written to {sanitize(str(target), 200)}"
    return Outcome(message, unrecorded=unrecorded)


def _day(text: str, today: date) -> date:
    """The first day that a text names.

    Raises:
        UsageError: If it names none, or one to come.
    """
    from tui.query.dates import NotADateError, date_ends

    try:
        day = date.fromordinal(date_ends(text, today)[0])
    except (NotADateError, ValueError, OverflowError) as error:
        raise UsageError(
            f"Not a date: {sanitize(text, 40)}", "Try 2026-01-31, 3d, monday."
        ) from error
    if day > today:
        raise UsageError(f"Not a day in the past: {day}", "Pass today or an earlier day.")
    return day
