"""What a front end draws: one immutable value, and where a user was."""

from collections.abc import Sequence
from dataclasses import field
from datetime import date
from typing import Final

from tui.actions.arrivals import Arrival
from tui.model.state import Item, PaperState
from tui.query import And, Field, FlagTerm, Query, Sort
from tui.search import ResultSet
from tui.values import dataclass

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
    """What the user typed beside it."""
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
