"""Evaluates a query to the set of papers that match.

Sorting, explanations and suggestions are built on top.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Final

from tui import clock
from tui.model.fields import HAS, Field, Kind
from tui.model.state import PaperState
from tui.model.words import fold
from tui.query import (
    And,
    ExactTerm,
    FlagTerm,
    Node,
    Not,
    Or,
    RangeTerm,
    RegexTerm,
    SimilarTerm,
    WordTerm,
    asks_for,
    has_pattern,
)
from tui.query.regex import Budget
from tui.search.bitset import BoundedCache, bits_of, flags_of, not_negative, rows_of
from tui.search.cache_file import Array, Numbers
from tui.search.columns import MISSING, Columns
from tui.search.matching import glob
from tui.search.state_index import REMOVED, StateIndex
from tui.search.texts import DEFAULT_OPTIONS, EvalOptions, SearchCancelledError, Texts
from tui.search.word_index import WordIndex, folded

if TYPE_CHECKING:
    from tui.search.lookalikes import Lookalikes
    from tui.search.vectors import Vectors

_SIMILAR: Final = 20
"""The most papers that count as similar to one."""
NO_ALIASES: Final[Mapping[str, str]] = {}
_MAX_COMPARED: Final = 10
"""Cached results of searches for similar papers."""
_BLOCK: Final = 1_000
"""Rows that are compared at once."""
_MAX_CACHED: Final = 100
"""Cached results of text searches; the next keystroke needs most of them again."""


Pair = tuple[str, str]
"""Two keys."""


class Evaluator:
    """Facts, words and states of all papers, as sets of rows."""

    def __init__(
        self,
        columns: Columns,
        states: Iterable[tuple[int, PaperState]] = (),
        gone: Iterable[int] = (),
        today: Callable[[], date] = clock.today,
        aliases: Mapping[str, str] = NO_ALIASES,
        kept_apart: Callable[[], Collection[Pair]] = tuple,
        looked_at: Callable[[], Collection[int]] = tuple,
        source_names: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """Indexes the states; words and lookalikes are set later.

        Args:
            columns: A row per paper.
            states: By row; other rows are in the default state.
            gone: Deleted rows.
            aliases: Keys that stand for another paper, and its key.
            kept_apart: The pairs of keys, each sorted, that the user said are two papers.
            looked_at: The arrivals that the user has seen.
            source_names: The user's names of sources, by what source records have.
        """
        self.columns = columns
        self.width = len(columns)
        self.everything = ((1 << self.width) - 1) & ~bits_of(self.width, gone)
        self.today = today
        self.lookalikes: Lookalikes | None = None
        """``None`` until loaded; until then, nothing looks alike."""
        self._aliases = aliases
        self._kept_apart = kept_apart
        self._looked_at = looked_at
        self.source_names = source_names
        self.states = StateIndex(self.width, states, today)
        self.texts = Texts(columns, self.states, self.everything)
        self._cached = BoundedCache[object, int](_MAX_CACHED)
        self._ranked: dict[str, tuple[Array, Array]] = {}
        self._vectors: Vectors | None = None
        self._similar = BoundedCache[tuple[int, int], dict[int, float]](_MAX_COMPARED)
        """By a row and the papers it was compared with: a query asks for what matches, and again
        for its order."""

    @property
    def words(self) -> WordIndex | None:
        """The words of all papers; ``None`` until loaded."""
        return self.texts.words

    @words.setter
    def words(self, words: WordIndex) -> None:
        self.texts.words = words

    @property
    def vectors(self) -> "Vectors | None":
        """The vectors of all papers; ``None`` until the words are loaded. Cost: see there; kept."""
        if self._vectors is None and self.words is not None:
            from tui.search.vectors import Vectors  # here, as they come after the first paint

            self._vectors = Vectors(self.words)
        return self._vectors

    def precompute(self) -> None:
        """Computes in advance what the first query of a kind would wait for."""
        if self.words is not None:
            self.words.precompute()
        for field in Field:
            if (column := self.columns.numbers(field)) is not None:
                self._ranking(field, column)
        for value in ("duplicate", "new"):
            self._is(value, DEFAULT_OPTIONS)
        for field in HAS.values():
            self.having_value(field)

    def matching(self, node: Node, options: EvalOptions = DEFAULT_OPTIONS) -> int:
        """The set of papers that a query finds; removed ones only if it asks for them.

        Raises:
            SearchCancelledError: If it was cancelled.
            UsageError: If its patterns take too much work.
        """
        bits = self.of(node, options._replace(budget=options.budget or Budget()))
        return bits if asks_for(REMOVED, node) else bits & ~self.removed

    @property
    def removed(self) -> int:
        """The papers that the user removed."""
        return self.states.named(Field.IS, REMOVED)

    def of(self, node: Node, options: EvalOptions, within: int | None = None) -> int:
        """The set of papers that match, removed ones included.

        Args:
            within: The papers that matter, as other terms match no others; ``None`` for all.

        Raises:
            SearchCancelledError: If it was cancelled.
            UsageError: If its patterns take too much work.
        """
        if options.cancelled():
            raise SearchCancelledError
        bits = self.everything if within is None else within
        match node:
            case And():  # patterns last, as they read what is left
                for part in sorted(node.nodes, key=has_pattern):
                    bits = self.of(part, options, bits)
                return bits
            case Or():
                either = 0
                for part in node.nodes:
                    either |= self.of(part, options, bits & ~either)
                return either
            case Not():
                return bits & ~self.of(node.node, options._replace(correct=False), bits)
            case WordTerm():
                where = Field.TITLE if options.titles and node.field is Field.ANY else node.field
                return bits & self.texts.matching(node, where, options)
            case FlagTerm():
                return bits & self.flag(node, options)
            case RangeTerm():
                return bits & self._between(node)
            case SimilarTerm():
                if node.half and self.row(node.key) is None:
                    return bits
                return bits & bits_of(self.width, self.similar(node, options))
            case ExactTerm():
                return bits & self._exactly(node, options)
            case RegexTerm():
                return bits & self.texts.regex(node, options, bits)

    def _exactly(self, node: ExactTerm, options: EvalOptions) -> int:
        column = self.columns.texts(node.field) if node.field.kind is Kind.EXACT else None
        if column is None:
            return self.texts.exactly(node, options)
        fits = glob(node.pattern)
        piece = max(node.pattern.split("*"), key=len)
        rows: Iterable[int] = range(self.width)
        if piece:  # search the whole column at once, in C
            matches = re.finditer(re.escape(piece.encode(errors="replace")), column.blob)
            rows = sorted({column.row_at(match.start()) for match in matches})
        fitting = [r for r in rows if any(map(fits, column[r].decode().split("\t")))]
        if node.field is Field.SOURCE:
            names = self.source_names().items()
            specs = {folded(spec) for spec, name in names if fits(fold(name))}
            if specs:
                files = (set(texts.decode().split("\t")) for texts in column)
                fitting += (row for row, each in enumerate(files) if specs & each)
        if node.field is Field.ID:
            keys = (key for alias, key in self._aliases.items() if fits(alias))
            fitting += (row for row in map(self._own_row, keys) if row is not None)
        return bits_of(self.width, fitting)

    # Similar papers

    def row(self, prefix: str) -> int | None:
        """The row of a key, or of the only key with a prefix."""
        row = self._own_row(self._aliases.get(prefix, prefix))
        if row is None:
            bits = self._exactly(ExactTerm(Field.ID, prefix + "*"), EvalOptions()) & self.everything
            row = next(rows_of(bits)) if bits.bit_count() == 1 else None
        return row

    def _own_row(self, key: str) -> int | None:
        """The row of a key that is not an alias; ``None`` if there is no such paper."""
        rows = (row for row in self.columns.rows(key) if self.everything >> row & 1)
        return next(rows, None)

    def with_keys(self, keys: Iterable[str]) -> int:
        """The papers with these keys, without earlier versions of them."""
        rows = (row for key in keys for row in self.columns.rows(key))
        return bits_of(self.width, rows) & self.everything

    def alike(self, row: int) -> list[int]:
        """The papers that may be the same as one, without those that the user keeps apart."""
        others = self.lookalikes.of(row) if self.lookalikes is not None else ()
        present = [other for other in others if self.everything >> other & 1]
        if not present or not self.everything >> row & 1:
            return []
        key, kept_apart = self.columns.key, self._kept_apart()
        return [o for o in present if tuple(sorted((key(row), key(o)))) not in kept_apart]

    def similar(self, node: SimilarTerm, options: EvalOptions) -> dict[int, float]:
        """The papers most similar to one, with their scores; without itself.

        They are the ``_SIMILAR`` whose vectors are closest, if they share any word. Cost: some ms
        for 10,000 papers.

        Raises:
            SearchCancelledError: If it was cancelled.
        """
        row, vectors = self.row(node.key), self.vectors
        if row is None or vectors is None:
            return {}
        present = self.everything & ~self.removed & ~(1 << row)
        similar = self._similar.get((row, present))
        if similar is None:
            similar = vectors.similar(row, rows_of(present), _SIMILAR, options.cancelled)
            self._similar[row, present] = similar
        return similar

    def __len__(self) -> int:
        return (self.everything & ~self.removed).bit_count()

    # Flags and ranges

    def flag(self, node: FlagTerm, options: EvalOptions = DEFAULT_OPTIONS) -> int:
        """The papers with a flag, a tag or a list; may include deleted rows."""
        if node.field is Field.IS:
            return self._is(node.value, options)
        if node.field is Field.HAS:
            return self.having_value(HAS[node.value])
        if node.value == "none":
            return self.everything & ~self.states.named(Field.HAS, node.field.row.has)
        bits = 0
        for name in self.matching_names(node):
            bits |= self.states.named(node.field, name)
        return bits

    def matching_names(self, node: FlagTerm) -> list[str]:
        """The tags or lists that a term matches, including nested tags."""
        fits = glob(node.value)
        is_tag = node.field is Field.TAG
        return [
            name
            for name in self.states.names(node.field)
            if fits(fold(name)) or (is_tag and fold(name).startswith(node.value + "/"))
        ]

    @cached_property
    def arrivals(self) -> frozenset[int]:
        """When papers came that are here; see ``columns.arrival_of``. Cost: reads each row."""
        column, arrivals = self.columns.arrival, {0}
        if self.everything.bit_count() < self.width:  # an import was undone
            column = array("I", compress(column, flags_of(self.everything, self.width)))
        for start in range(0, len(column), _BLOCK):
            block = column[start : start + _BLOCK]
            is_one = bytes(block[1:]) == bytes(block[:-1])  # as rows of an import stand together
            arrivals.update(block[:1] if is_one else block)
        return frozenset(arrivals) - {0}

    @cached_property
    def new_arrivals(self) -> frozenset[int]:
        """The arrivals since the user last looked; before the first look, all but the samples."""
        looked_at = frozenset(self._looked_at())
        last = min(looked_at, default=0)
        return frozenset(arrival for arrival in self.arrivals - looked_at if arrival > last)

    def import_counts(self) -> dict[str, tuple[int, int, int]]:
        """By import: the numbers of papers, of those it brought first, and of undecided ones."""
        present = self.everything & ~self.removed
        undecided = self.flag(FlagTerm(Field.IS, "inbox"))
        column = self.columns.texts(Field.IMPORT) or ()
        papers: Counter[str] = Counter()
        new: Counter[str] = Counter()
        open_papers: Counter[str] = Counter()
        for row in rows_of(present):
            ids = column[row].decode().split("\t")
            papers.update(ids)
            new[ids[0]] += 1
        for row in rows_of(undecided):
            open_papers.update(column[row].decode().split("\t"))
        return {id: (count, new[id], open_papers[id]) for id, count in papers.items()}

    def _is(self, value: str, options: EvalOptions) -> int:
        match value:
            case "snoozed":
                return self.states.snoozed()
            case "unread" | "inbox" | "decided" | "kept":
                return self._triaged(value)
            case "updated":
                return self.having_value(Field.UPDATED)
            case "duplicate":
                several = (row for row, count in enumerate(self.columns.seen) if count > 1)
                return self._once(value, lambda: bits_of(self.width, several))
            case "lookalike":
                rows = self.lookalikes.rows if self.lookalikes is not None else ()
                return bits_of(self.width, filter(self.alike, rows))
            case "new":
                arrivals = map(self.new_arrivals.__contains__, self.columns.arrival)
                new = compress(range(self.width), arrivals)
                return self._once(value, lambda: bits_of(self.width, new))
            case "selected":
                return self.with_keys(options.selected)
        return self.states.named(Field.IS, value)

    def _triaged(self, value: str) -> int:
        """The papers of a state of triage; whatever is not in the inbox is decided."""
        hidden = self.states.snoozed() | self.removed
        unread = self.everything & ~hidden & ~self.states.marked()
        inbox = unread & ~self.states.chosen()
        match value:
            case "inbox":
                return inbox
            case "decided":
                return self.everything & ~inbox & ~self.removed
            case "kept":
                reading = self.states.named(Field.IS, "reading")
                return (unread | (reading & ~hidden)) & self.states.chosen()
        return unread

    def having_value(self, field: Field) -> int:
        """The papers that have a field; may include deleted rows."""
        if field.is_state:
            return self.states.named(Field.HAS, field.row.has)
        column = self.columns.presence(field)
        return self._once(("has", field), lambda: not_negative(column))

    def _once(self, question: object, answer: Callable[[], int]) -> int:
        """A set that does not depend on states. Cached."""
        bits = self._cached.get(question)
        if bits is None:
            bits = self._cached[question] = answer()
        return bits

    def _between(self, node: RangeTerm) -> int:
        low = node.low if node.low is not None else 0
        high = node.high if node.high is not None else 10**9
        if node.field.kind is Kind.YEAR:
            low = date(min(max(low, 1), 9999), 1, 1).toordinal() if low <= 9999 else 10**9
            high = date(min(high, 9999), 12, 31).toordinal() if high >= 1 else 0
        low = max(low, 0)
        column = self.columns.numbers(node.field)
        if column is None:
            return bits_of(self.width, self.states.between(node.field, low, high))
        values, rows = self._ranking(node.field, column)
        first, end = bisect_left(values, low), bisect_right(values, high)
        return self._once(node, lambda: bits_of(self.width, rows[first:end]))

    def _ranking(self, field: Field, column: Numbers) -> tuple[Array, Array]:
        """The values of a column in ascending order, and their rows. Cost: one sort; cached."""
        path = field.row.path
        if path not in self._ranked:
            rows = array("I", sorted(range(self.width), key=column.__getitem__))
            self._ranked[path] = array("i", map(column.__getitem__, rows)), rows
        return self._ranked[path]

    def ends(self, field: Field) -> tuple[int, int] | None:
        """The smallest and the largest value of a field; ``None`` if no paper has one."""
        column = self.columns.numbers(field)
        values = self._ranking(field, column)[0] if column is not None else ()
        if not values or values[-1] == MISSING:
            return None
        return values[bisect_right(values, MISSING)], values[-1]
