"""The groups of a list that is sorted by arrival: what came together, when, and from where."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from tui.model.describe import written_day
from tui.model.imports import ADDED, PASTED
from tui.model.text import sanitize
from tui.search import ResultSet
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library


@dataclass(frozen=True, slots=True)
class Arrival:
    """Papers of a list that came together."""

    row: int
    """The first one."""
    count: int
    title: Sequence[str]
    """When they came, and from where."""


def arrivals_of(library: "Library", results: ResultSet) -> list[Arrival]:
    """The groups of results that are sorted by arrival; none if they came together.

    Cost: a look at each row, and a line of the file of each import, once.
    """
    arrivals = results.arrivals()
    if len(arrivals) < 2:
        return []
    titles = arrival_titles(library, (id for id, _ in arrivals))
    groups: list[Arrival] = []
    row = 0
    for title, (_, count) in zip(titles, arrivals, strict=True):
        if groups and groups[-1].title == title:
            groups[-1] = replace(groups[-1], count=groups[-1].count + count)
        else:
            groups.append(Arrival(row, count, title))
        row += count
    return groups if len(groups) > 1 else []


def arrival_titles(library: "Library", ids: Iterable[str]) -> list[tuple[str, ...]]:
    """When each import came, and from where: Today, hf:daily.

    A source that came more than once on a day has the time, too: Today 07:30, hf:daily.
    """
    titles = [(id, _arrival_title(library, id)) for id in ids]
    counts = Counter(title for _, title in titles)
    return [_timed(library, id, title) if counts[title] > 1 else title for id, title in titles]


def _arrival_title(library: "Library", id: str) -> tuple[str, ...]:
    head = library.imports.head(id)
    if head is None:
        return ()
    came = date.fromisoformat(head.day)
    names = {0: "Today", 1: "Yesterday"}
    when = names.get((library.today() - came).days, written_day(came))
    kind = head.source.partition(" ")[0]
    source = kind if kind in (ADDED, PASTED) else sanitize(head.source, 60)
    return (when, source) if source else (when,)


def _timed(library: "Library", id: str, title: tuple[str, ...]) -> tuple[str, ...]:
    """A title with the time; what is added or pasted bit by bit has none, to be one group."""
    head = library.imports.head(id)
    if head is None or title[1:] in ((ADDED,), (PASTED,)):
        return title
    time = datetime.fromisoformat(head.at).astimezone()
    return (f"{title[0]} {time:%H:%M}", *title[1:])
