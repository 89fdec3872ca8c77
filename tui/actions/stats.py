"""Statistics: papers by status, tag and list, and papers decided by day."""

from typing import TYPE_CHECKING, Any

from tui.actions import sessions
from tui.actions.registry import JSON, Context, Outcome, action
from tui.model.state import Status

if TYPE_CHECKING:
    from tui.library import Library


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
        "decided_by_day": {day.isoformat(): count for day, count in sorted(days.items()) if count},
    }


@action("stats", JSON, help="count papers and decisions", group="History", is_slow=True)
def run_stats(context: Context) -> Outcome:
    """Prints the statistics."""
    numbers = stats(context.library)
    rows = [
        ("papers", numbers["papers"]),
        *numbers["status"].items(),
        *((name, numbers[name]) for name in ("inbox", "kept", "snoozed", "starred")),
        *((f"#{name}", count) for name, count in numbers["tags"].items()),
        *((f"list {name}", count) for name, count in numbers["lists"].items()),
        *((f"decided {day}", count) for day, count in numbers["decided_by_day"].items()),
    ]
    return Outcome(rows=[(name, f"{count:,}") for name, count in rows], data=numbers)
