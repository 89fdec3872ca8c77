"""What a front end draws: one immutable value, what is said of its query, and where a user was."""

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import date
from typing import Final

from tui.listing.arrivals import Arrival
from tui.model.state import Item, PaperState
from tui.query import And, Diagnostic, Field, FlagTerm, Query, Sort
from tui.search import Index, ResultSet, diagnostic_note, question
from tui.values import dataclass

MAX_STEPS: Final = 100
"""Places on the way back."""
_INBOX: Final = FlagTerm(Field.IS, "inbox")


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What to draw; immutable, a new value after each update."""

    results: ResultSet
    matching: Sequence[str] = ()
    """Folded prefixes of words to highlight."""
    watched: Sequence[str] = ()
    """The same, of the rules that watch."""
    strongest: Sequence[str] = ()
    """Folded words of what the user is interested in, the strongest first."""
    cursor: int = 0
    """The row of the cursor; 0 also where there are no rows, -1 where none is drawn."""
    picked: frozenset[str] = frozenset()
    """Keys of the papers selected one by one."""
    anchor: int | None = None
    """The row at which a range selection starts; ``None`` without one."""
    arrivals: Sequence[Arrival] = ()
    """The groups of the list, in order; empty if there are none, or one alone."""
    query: Query = field(default_factory=Query)
    title: str = ""
    """The name of what is shown."""
    terms: str = ""
    """The terms that the user typed beside it."""
    order: str = ""
    """The order in words."""
    sort: Sort | None = None
    """The order by a field; ``None`` for one by similarity or by how near a paper is."""
    current_list: str | None = None
    read_only: str | None = None
    """Why the library is read-only; ``None`` if it is not."""
    today: date = date.min
    """Decides which papers are snoozed."""
    left: int = 0
    """How many papers are open; see ``is_open``."""
    revision: int = 0
    """Incremented whenever papers may have changed."""
    touched: frozenset[str] | None = frozenset()
    """Keys of the papers that may have changed since the last revision; ``None`` for any."""

    @property
    def is_triage(self) -> bool:
        """Whether papers are decided here, and not read: it asks for none that were kept."""
        return not self.query.asks_for_kept

    @property
    def is_inbox(self) -> bool:
        """Whether it is the inbox, or a part of it."""
        node = self.query.node
        return node == _INBOX or (isinstance(node, And) and _INBOX in node.nodes)

    @property
    def tally(self) -> str:
        """How many papers are open, in words: ``12 left`` of the inbox, elsewhere ``12 in inbox``.

        Among papers that were kept, those to be read: ``12 unread``.
        """
        what = "left" if self.is_inbox else "in inbox" if self.is_triage else "unread"
        return f"{self.left:,} {what}"

    def is_open(self, state: PaperState) -> bool:
        """Whether a paper is still to be decided, or to be read among what was kept."""
        is_open = state.is_in_inbox if self.is_triage else state.is_waiting
        return is_open(self.today)

    @property
    def range(self) -> range:
        """The rows of the range selection; empty without one."""
        if self.anchor is None:
            return range(0)
        low, high = sorted((self.anchor, self.cursor))
        return range(low, high + 1)

    def is_selected(self, row: int) -> bool:
        """Whether the paper of a row is selected."""
        return row in self.range or self.results.key(row) in self.picked

    @property
    def has_selection(self) -> bool:
        """Whether any paper is selected."""
        return bool(self.picked) or self.anchor is not None

    @property
    def selected(self) -> set[str]:
        """Keys of all selected papers."""
        return {*self.picked, *map(self.results.key, self.range)}

    @property
    def key(self) -> str | None:
        """The key of the paper at the cursor, if any. Reads no paper."""
        return self.results.key(self.cursor) if self.results else None

    @property
    def item(self) -> Item | None:
        """The item at the cursor, if any."""
        return self.results[self.cursor] if self.results else None


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a user was: the query, the paper at the cursor, the selection."""

    query: str = ""
    key: str | None = None
    selected: frozenset[str] = frozenset()
    gathered: frozenset[str] = frozenset()
    """Keys of the papers that are shown by themselves, which ``is:selected`` finds, too."""


@dataclass(frozen=True, slots=True)
class Place:
    """A step on the way back."""

    query: str
    key: str | None
    """The paper at the cursor."""
    is_refined: bool = False
    """Whether the query refines that of the place before."""


class WayBack:
    """The places to which the user can go back.

    What is typed refines a view, so that one step leads back to the view. What is looked at from
    there, such as similar papers, is a step further. From a view that was gone to by its name, only
    the place before it is left. The way back passes no place twice, and ends at the start query.
    """

    def __init__(self, start: str) -> None:
        """Begins at the start query, without blanks at its ends."""
        self.start = start
        self.places: list[Place] = []
        """The last place last."""
        self._is_refined = False
        """Whether the present place is."""

    def shorten(self) -> None:
        """Drops all places but the start."""
        self.places = [place for place in self.places[:1] if place.query == self.start]

    def leave(self, query: str, key: str | None, to: str, *, refines: bool = False) -> None:
        """Adds a place that is left for another query, unless that one is on the way already.

        Args:
            query: The query of the place.
            key: The paper at the cursor.
            to: The query that is shown instead.
            refines: Whether it differs from the first one in an order, a word or a state.
        """
        if query == to:
            return
        if not (refines and self._is_refined):
            place = Place(query, key, self._is_refined)
            self.places = [*self.places[-MAX_STEPS:], place]
        self._is_refined = refines
        passed = [self.start, *(place.query for place in self.places)]
        if to in passed:
            earlier = max(passed.index(to) - 1, 0)
            self._is_refined = to != self.start and self.places[earlier].is_refined
            del self.places[earlier:]

    def back(self, query: str, key: str | None) -> Place | None:
        """The last place, taken off the way, finally the start; ``None`` if nothing is left.

        Args:
            key: The paper at the cursor, where it is at the start.
        """
        if not self.places and query == self.start:
            return None
        place = self.places.pop() if self.places else Place(self.start, key)
        self._is_refined = place.is_refined
        return place


@dataclass(frozen=True, slots=True)
class QueryNotes:
    """The messages about a query, and what is near it."""

    lines: Sequence[str] = ()
    """What matters most first; a key is named in the first one, or in what is near."""
    short: Sequence[str] = ()
    """Shorter forms of the first one, the longest first."""

    def forms(self, separator: str) -> list[str]:
        """All of them in a row, and what of it can be said in less room, the longest first."""
        whole = [separator.join(self.lines[:count]) for count in range(len(self.lines), 0, -1)]
        return [*whole, *self.short]


def notes_on(index: Index, query: Query, results: ResultSet, key: str) -> QueryNotes:
    """The notes on a query; ``key`` spells the key that takes what is offered."""
    found, remarks = index.diagnostics(query), index.remarks(query)
    end = f"; {key} searches all" if results.label else f": {key}"
    end = end if results.wider else ""
    near = [f"{results.note}{end}"] if results.note else []
    if found:
        chief = next((each for each in found if each.suggestion), found[0])
        notes = notes_on_problem(chief, key)
        first, *details = notes.lines
        others = [question(each) for each in found if each is not chief]
        near = [results.note] if near and chief.suggestion else near  # the key is for that
        return replace(notes, lines=[first, *others, *near, *details, *remarks])
    short = (f"{results.brief}{end}",) if results.brief else ()
    return QueryNotes([*near, *remarks], short)


def notes_on_problem(problem: Diagnostic, key: str = "") -> QueryNotes:
    """What is wrong with a query, and the key that corrects it, if any."""
    if not (key and problem.suggestion):
        return QueryNotes([diagnostic_note(problem)], (problem.text,))
    lines = [f"{question(problem)} {key} takes it", *filter(None, [problem.detail])]
    corrects = f"{key} corrects it"
    return QueryNotes(lines, (f"{problem.text}; {corrects}", corrects))
