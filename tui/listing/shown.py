"""All that a front end draws, as one immutable value, and the messages about its query."""

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import date
from typing import Final

from tui.listing.arrivals import Arrival
from tui.listing.states import TITLES
from tui.model.layout import forms
from tui.model.state import Item, PaperState
from tui.query import And, Diagnostic, Field, FlagTerm, Query, Sort
from tui.search import Index, ResultSet, diagnostic_note, question
from tui.values import dataclass

_INBOX: Final = FlagTerm(Field.IS, "inbox")


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """All there is to draw; immutable, a new value after each update."""

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
    def heading(self) -> str:
        """The title and the terms beside it."""
        return (
            self.terms
            if self.terms and self.title == TITLES[""]
            else f"{self.title} {self.terms}".strip()
        )

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
    def decided(self) -> int:
        """How many papers in the rows of the inbox have left it."""
        has_own = self.is_inbox and not self.results.is_elsewhere
        return len(self.results) - self.left if has_own else 0

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
class QueryNotes:
    """The messages about a query, and what is near it."""

    lines: Sequence[str] = ()
    """The most important one first; a key is named in it, or in what is near."""
    short: Sequence[str] = ()
    """Shorter forms of the first one, the longest first."""

    def forms(self, separator: str) -> list[str]:
        """All of them in a row, and what of it can be said in less room, the longest first."""
        return [*forms(self.lines, separator), *self.short]


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
