"""The views of one state each: what each is called, its key, its count, and how papers get there.

Titles, the keys of ``show-query``, the sidebar and what an empty view says are derived from these
rows.
"""

from collections.abc import Callable
from typing import Final

from tui.model.state import Counts, Status
from tui.values import dataclass


@dataclass(frozen=True, slots=True)
class StateView:
    """The view of the papers in one state."""

    value: str
    """What follows ``is:`` in its query; empty for all papers."""
    title: str
    keys: str = ""
    """Its keys, separated by commas; empty for none."""
    help: str = ""
    """The help of its keys."""
    synonyms: str = ""
    """Other words by which its keys are found."""
    how: str = ""
    """How a paper gets into it, with the ids of bindings in braces for their keys."""
    count: Callable[[Counts], int] | None = None
    """The number of its papers in the sidebar; ``None`` if it is not there."""

    @property
    def query(self) -> str:
        """The query that shows it."""
        return f"is:{self.value}" if self.value else ""

    @property
    def key_row(self) -> str:
        """Its row of a table of keys; empty without keys."""
        name = self.value or "all"
        row = f"view.{name}  {self.keys}  show-query {self.query}  {name}  {self.help}"
        return "\n".join([row, *([f"also {self.synonyms}"] if self.synonyms else [])])


STATES: Final = (
    StateView("inbox", "Inbox", "g u", "show the inbox", count=lambda counts: counts.inbox),
    StateView(
        "kept",
        "Kept",
        "g k",
        "show the papers kept for reading",
        how="{mark.star} stars a paper, {list.add} adds it to a list",
        count=lambda counts: counts.kept,
    ),
    StateView("unread", "Unread", "g U", "show the unread papers", "inbox new"),
    StateView(
        "reading",
        "Reading",
        "g r",
        "show the papers being read",
        how="{mark.reading} marks a paper as reading",
        count=lambda counts: counts.by_status.get(Status.READING, 0),
    ),
    StateView(
        "starred",
        "Starred",
        "g s",
        "show the starred papers",
        "favourites favorites",
        "{mark.star} stars a paper",
        lambda counts: counts.starred,
    ),
    StateView(
        "snoozed",
        "Snoozed",
        "g W",
        "show the snoozed papers",
        "deferred postponed later",
        "{mark.snooze} snoozes a paper until a day",
        lambda counts: counts.snoozed,
    ),
    StateView(
        "read",
        "Read",
        "g R",
        "show the read papers",
        "done finished",
        "{mark.read} marks a paper read",
        lambda counts: counts.by_status.get(Status.READ, 0),
    ),
    StateView(
        "dismissed",
        "Dismissed",
        "g d",
        "show the dismissed papers",
        "hidden archived rejected skipped",
        "{mark.dismissed} dismisses a paper",
        lambda counts: counts.by_status.get(Status.DISMISSED, 0),
    ),
    StateView(
        "removed",
        "Removed",
        "g D",
        "show the removed papers",
        "deleted trash",
        "{mark.removed} removes a paper from everything but this view",
    ),
    StateView("new", "New"),
    StateView(
        "selected",
        "Selected",
        how="{select.one} selects a paper, {select.all} every one listed",
    ),
    StateView("", "All papers", "g a,0", "show all papers", count=lambda counts: counts.total),
)
"""The views, in the order of the sidebar and the help."""
TITLES: Final = {each.query: each.title for each in STATES}
"""The titles of the views, by their queries."""
