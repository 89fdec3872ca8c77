"""Statistics: papers by status, tag and list, and papers decided by day."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from tui.actions import sessions
from tui.actions.context import Context, Outcome
from tui.actions.interests import hindsight, json_of
from tui.actions.registry import JSON, action
from tui.model.state import Status

if TYPE_CHECKING:
    from tui.library import Library

_DAYS: Final = timedelta(weeks=2)
"""So long the rows are of single days."""


def stats(library: "Library") -> dict[str, Any]:
    """The statistics of a library, as JSON."""
    from tui.query import Field

    counts = library.counts()
    days = sessions.by_day(sessions.all_totals(library))
    return {
        "papers": counts.total,
        "status": {str(status): counts.by_status.get(status, 0) for status in Status},
        "inbox": counts.inbox,
        "kept": counts.kept,
        "snoozed": counts.snoozed,
        "starred": counts.starred,
        "tags": dict(counts.tags),
        "lists": library.search.counts(Field.LIST),
        "decided_by_day": {day.isoformat(): count for day, count in sorted(days.items())},
    }


@action("stats", JSON, help="count papers and decisions", group="History", is_slow=True)
def run_stats(context: Context) -> Outcome:
    """Prints the statistics."""
    numbers = stats(context.library)
    rows = [
        ("papers", numbers["papers"]),
        *numbers["status"].items(),
        ("inbox", numbers["inbox"]),
        ("kept for reading", numbers["kept"]),
        ("snoozed", numbers["snoozed"]),
        ("starred", numbers["starred"]),
        *((f"#{name}", count) for name, count in numbers["tags"].items()),
        *((f"list {name}", count) for name, count in numbers["lists"].items()),
        *(
            (f"decided {period}", count)
            for period, count in _decided_rows(numbers["decided_by_day"], context.library.today())
        ),
    ]
    past = hindsight(context.library)
    return Outcome(
        rows=[(name, f"{count:,}") for name, count in rows],
        data={**numbers, "hindsight": json_of(past)},
        notes=(str(past),) if past else (),
    )


def _decided_rows(days: Mapping[str, int], today: date) -> Iterator[tuple[str, int]]:
    """Papers decided, oldest first: by year, since a year ago by month, and lately by day.

    A year or month is whole, and left out if the rows after it have all its days.

    Args:
        days: Papers decided, by day in ISO 8601.
        today: The last day.
    """
    month = date(today.year - 1, today.month, 1).isoformat()
    day = (today - _DAYS).isoformat()
    sums = Counter[str]()
    for each, count in days.items():
        sums[each[:4]] += count
        if each >= month:
            sums[each[:7]] += count
    years = {each[:4] for each in days if each < month}
    months = {each[:7] for each in days if month <= each <= day}
    yield from ((period, sums[period]) for period in (*sorted(years), *sorted(months)))
    yield from ((each, count) for each, count in sorted(days.items()) if each > day)
