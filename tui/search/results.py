"""Sorting, and the sorted results of a query.

Rows are sorted lazily: a screen shows fifty of a hundred thousand.
"""

from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import chain, count, groupby, islice
from typing import Final, NamedTuple, overload

from tui.model.fields import ORDERS, RANGES, Field
from tui.model.state import Item, Status
from tui.query import FlagTerm, Sort
from tui.search.bitset import Order, bits_of, flags_of
from tui.search.cache_file import Array, Numbers
from tui.search.columns import MISSING, Columns
from tui.search.evaluator import Evaluator

_MAX_SCANS: Final = 4
"""How often a result is scanned for places before those of all rows are computed."""


class Explanation(NamedTuple):
    """Why a paper is where it is in the results."""

    brief: str
    """In a few words, for a row; empty if there is little to say."""
    sentence: str


class ResultSet(Sequence[Item]):
    """The items that match a query, sorted; read on demand.

    For use by one thread. The rows are fixed; the items have their present state.
    """

    def __init__(
        self,
        rows: Iterable[int],
        bits: int,
        limit: int | None,
        evaluator: Evaluator,
        item: Callable[[int], Item],
        explain: Callable[[int], Explanation | None] | None = None,
    ) -> None:
        """Takes a set of rows in order.

        Args:
            rows: The rows in order, possibly lazily.
            limit: The maximum number of results; ``None`` for all.
            item: Reads the item of a row.
            explain: Says why a row is where it is; ``None`` if that is plain.
        """
        count = bits.bit_count()
        self.note = ""
        """What else is near the query, a sentence; see ``Index.find``."""
        self.brief = ""
        """A shorter form of it."""
        self.label = ""
        """What is listed although it does not match, in two or three words; empty if nothing is."""
        self.has_near = False
        """Whether papers are listed that are only near the query."""
        self.wider = ""
        """The query that shows it; empty if there is none."""
        self.is_elsewhere = False
        """Whether all papers are in other states than those asked for."""
        self._coming = iter(rows)
        self._rows: Array = array("I")
        self.bits = bits
        """The set of rows; with a limit, some of them are not listed."""
        self._length = count if limit is None else min(count, limit)
        self._evaluator = evaluator
        self._item = item
        self._explain = explain
        self._scanned = 0

    @classmethod
    def empty(cls) -> "ResultSet":
        """No items."""
        return cls((), 0, None, Evaluator(Columns.of(())), _no_item)

    def __len__(self) -> int:
        return self._length

    def count(self, value: str) -> int:
        """How many have a value of ``is:`` now. Reads no paper."""
        return (self._listed() & self._evaluator.flag(FlagTerm(Field.IS, value))).bit_count()

    def has(self, field: Field) -> bool:
        """Whether any of them has a fact. Reads no paper."""
        return bool(self.bits & self._evaluator.having_value(field))

    def rows(self) -> Sequence[int]:
        """The rows in order."""
        return self._up_to(self._length)

    def _listed(self) -> int:
        """The set of the rows that are listed."""
        if self._length < self.bits.bit_count():
            return bits_of(self._evaluator.width, self.rows())
        return self.bits

    def without(self, keys: Iterable[str]) -> "ResultSet":
        """The results without some papers."""
        evaluator = self._evaluator
        removed = {row for key in keys for row in evaluator.columns.rows(key)}
        rows = array("I", (row for row in self.rows() if row not in removed))
        bits = bits_of(evaluator.width, rows)
        return ResultSet(rows, bits, None, evaluator, self._item, self._explain)

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> list[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | list[Item]:
        """One or several items. Cost: reads them from the file if not cached."""
        if isinstance(place, slice):
            return [self._item(row) for row in self._up_to(place.indices(self._length)[1])[place]]
        if not -self._length <= place < self._length:
            raise IndexError(place)
        place %= self._length
        return self._item(self._up_to(place + 1)[place])

    def __iter__(self) -> Iterator[Item]:
        return map(self._item, self._up_to(self._length))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return NotImplemented if not isinstance(other, Sequence) else False
        return all(one == another for one, another in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def keys(self) -> list[str]:
        """The keys in order. Reads no paper."""
        return list(map(self._evaluator.columns.key, self._up_to(self._length)))

    def is_lookalike(self, place: int) -> bool:
        """Whether the paper at a place may be the same as another. Reads no paper."""
        return bool(self._evaluator.alike(self._up_to(place + 1)[place]))

    @property
    def is_explained(self) -> bool:
        """Whether its order needs a reason for each paper."""
        return self._explain is not None

    def explanation(self, place: int) -> Explanation | None:
        """Why the paper at a place is there; ``None`` if that is plain."""
        return self._explain(self._up_to(place + 1)[place]) if self._explain else None

    def is_new(self, place: int) -> bool:
        """Whether the paper at a place came since the user looked last. Reads no paper.

        Cost: a look at one row, as a list of 100,000 is painted before ``is:new`` is asked for.
        """
        row = self._up_to(place + 1)[place]
        return self._evaluator.columns.arrival[row] in self._evaluator.new_arrivals

    def arrivals(self) -> list[tuple[str, int]]:
        """The imports that brought the papers, each with their number, if sorted by arrival.

        Cost: a look at each row. Reads no paper.
        """
        columns = self._evaluator.columns
        imports, arrivals = columns.texts(Field.IMPORT) or (), []
        for _, rows in groupby(self.rows(), columns.arrival.__getitem__):
            first, *others = rows
            id, _, _ = imports[first].decode().partition("\t")
            arrivals.append((id, 1 + len(others)))
        return arrivals

    def key(self, place: int) -> str:
        """The key at a place. Reads no paper."""
        return self._evaluator.columns.key(self._up_to(place + 1)[place])

    def place(self, key: str) -> int | None:
        """The place of a paper; ``None`` if it is not listed. Reads no paper.

        Cost: linear in the place, a few ms at 100,000, at first; then constant.
        """
        rows = (row for row in self._evaluator.columns.rows(key) if self.bits >> row & 1)
        row = next(rows, None)
        return None if row is None else self._place_of(row)

    def _place_of(self, row: int) -> int | None:
        """The place of a row; ``None`` if it is beyond the limit."""
        if self._scanned <= _MAX_SCANS * self._length:
            place = self._find(row)
            self._scanned += self._length if place is None else place
            return place
        place = self._place[row]
        return place if place < self._length else None

    def nearest(self, other: "ResultSet", place: int) -> int | None:
        """The place of the paper that is nearest to a place in another result, later ones first.

        ``None`` if they share no paper. Cost: linear in the distance, in C.
        """
        if other._evaluator is not self._evaluator:
            keys = map(other._evaluator.columns.key, other._around(place))
            return next((near for key in keys if (near := self.place(key)) is not None), None)
        is_listed = flags_of(self._listed(), self._evaluator.width).__getitem__
        shared = filter(is_listed, other._around(place))
        return next(map(self._place_of, shared), None)

    def _around(self, place: int) -> Iterator[int]:
        """The rows from a place on, then those before it, backwards."""
        for start in range(place, self._length, 1_000):
            yield from self._up_to(min(start + 1_000, self._length))[start : start + 1_000]
        yield from reversed(self._up_to(min(place, self._length))[:place])

    def _find(self, row: int) -> int | None:
        """The place of a row, sorting no further than it."""
        start = 0
        while True:
            with suppress(ValueError):
                return self._rows.index(row, start)
            start = len(self._rows)
            if start >= self._length:
                return None
            self._up_to(min(max(2 * start, 1), self._length))

    @cached_property
    def _place(self) -> Array:
        """The place of each row; the length of the result for rows that are not listed."""
        places = array("I", [self._length]) * self._evaluator.width
        deque(map(places.__setitem__, self.rows(), count()), maxlen=0)
        return places

    def _up_to(self, length: int) -> Array:
        if len(self._rows) < length:
            # Some more, so that iterating does not do this for every row.
            self._rows.extend(islice(self._coming, max(length - len(self._rows), 200)))
            del self._rows[self._length :]
        return self._rows


def _no_item(row: int) -> Item:
    raise IndexError(row)


class Sorter:
    """Sorts rows: stable, reversible, missing values last in both directions."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._orders: dict[tuple[Sort, ...], Order] = {}
        self._likely: Mapping[int, int] = {}

    def rows(
        self,
        bits: int,
        sort: Sequence[Sort],
        order: Sequence[str],
        tiers: Callable[[], Sequence[int]],
    ) -> Iterable[int]:
        """The rows of a set, sorted.

        Args:
            sort: The sort keys, most significant first; empty for newest first.
            order: The keys of a reading list in order.
            tiers: For relevance, sets of rows, best first, which may overlap.
        """
        if len(sort) == 1 and sort[0].by == Field.RELEVANCE:
            return self._by_tier(bits, tiers(), reverse=sort[0].reverse)
        if len(sort) == 1 and sort[0].by == Field.UNREAD:
            return self._by_tier(bits, self._statuses(), reverse=sort[0].reverse)
        if all(self._is_fixed(key.by) for key in sort):
            return self._order(tuple(sort)).of(bits)
        rows = list(self._order(()).of(bits))
        for key in reversed(sort):
            value, descending = self._value(key.by, order, tiers)
            rows = sort_by(rows, value, descending != key.reverse)
        return rows

    def learn(self, rows: Iterable[int]) -> None:
        """Takes the papers that a user may keep, the most likely first; all others come last."""
        self._likely = {row: place for place, row in enumerate(rows)}
        for sort in [sort for sort in self._orders if any(s.by == Field.LIKELY for s in sort)]:
            self._orders.pop(sort, None)
        for reverse in (False, True):
            self._order((Sort(Field.LIKELY, reverse),)).precompute()

    def newest(self, bits: int) -> Iterable[int]:
        """The rows of a set, newest first."""
        return self._order(()).of(bits)

    def precompute(self) -> None:
        """Computes the common orders in advance, for which the first query would wait."""
        for sort in ((), *((Sort(by),) for by in ORDERS if self._is_fixed(by))):
            self._order(sort).precompute()

    def _is_fixed(self, by: str) -> bool:
        """Whether an order is kept, as it stays as it is when states change."""
        if by == Field.LIKELY:
            return True  # until it is learned again
        if by == Field.IMPORT:
            return False  # at a start it is wanted of few papers, and at once
        columns = self._evaluator.columns
        return columns.numbers(ORDERS[by]) is not None or columns.texts(ORDERS[by]) is not None

    def _by_tier(self, bits: int, tiers: Sequence[int], *, reverse: bool) -> Iterable[int]:
        parts: list[int] = []
        for tier in tiers:
            parts.append(bits & tier)
            bits &= ~tier
        parts.append(bits)
        ordered = [part for part in (reversed(parts) if reverse else parts) if part]
        return chain.from_iterable(map(self._order(()).of, ordered))

    def _order(self, sort: tuple[Sort, ...]) -> Order:
        """All rows in a fixed order; by default newest first. Cached."""
        order = self._orders.get(sort)
        if order is None:
            rows: Numbers = self._evaluator.columns.newest
            for key in reversed(sort):
                value, descending = self._value(key.by, (), tuple)
                rows = array("I", sort_by(rows, value, descending != key.reverse))
            order = self._orders[sort] = Order(rows)
        return order

    def _statuses(self) -> list[int]:
        marked = [FlagTerm(Field.IS, str(status)) for status in (Status.READING, Status.READ)]
        unmarked = self._evaluator.everything & ~self._evaluator.states.marked()
        return [unmarked, *map(self._evaluator.flag, marked)]

    def _value(
        self, by: str, order: Sequence[str], tiers: Callable[[], Sequence[int]]
    ) -> tuple[Callable[[int], object], bool]:
        """The sort value of a row, ``None`` if missing, and whether its natural order descends."""
        field, columns = ORDERS[by], self._evaluator.columns
        if field is Field.LIKELY:
            return self._likely.get, False
        if field is Field.IMPORT:
            return lambda row: columns.arrival[row] or None, True
        if (numbers := columns.numbers(field)) is not None:
            return lambda row: None if numbers[row] == MISSING else numbers[row], True
        if (texts := columns.texts(field)) is not None:
            return texts.__getitem__, False
        if field is Field.LIST:
            places: Mapping[str, int] = {key: place for place, key in enumerate(order)}
            return lambda row: places.get(columns.key(row)), False
        if field.is_state:
            states = self._evaluator.states.states
            is_range = field.kind in RANGES
            return lambda row: field.of_state(states[row]) if row in states else None, is_range
        sets = tiers() if field is Field.RELEVANCE else self._statuses()

        def tier(row: int) -> int:
            return next((n for n, bits in enumerate(sets) if bits >> row & 1), len(sets))

        return tier, False


def sort_by(rows: Iterable[int], value: Callable[[int], object], descending: bool) -> list[int]:
    """Rows sorted by a value, stable, missing values last."""
    ordered = list(rows)
    values = dict(zip(ordered, map(value, ordered), strict=True))
    missing = [row for row, key in values.items() if key is None]
    if missing:
        ordered = [row for row, key in values.items() if key is not None]
    ordered.sort(key=values.__getitem__, reverse=descending)  # type: ignore[arg-type]
    return ordered + missing
