"""In which order papers come, and the papers that were selected in that order.

Rows are put in order as they are looked at: a screen shows fifty of a hundred thousand.
"""

from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import chain, count, islice
from typing import Final, overload

from tui.model.state import Item, Status
from tui.query import Field, FlagTerm, Sort
from tui.search.bitset import Order, bits_of, flags_of
from tui.search.cache_file import Array, Numbers
from tui.search.columns import MISSING, Table
from tui.search.evaluator import Evaluator

_COLUMNS: Final = {
    "date": "published",
    "up": "upvotes",
    "authors": "authors",
    "added": "added",
}
"""Orders that are a column of numbers, the highest first."""


_PATIENCE: Final = 4
"""How often the length of a selection is looked at for places, before those of all are noted."""


class ResultSet(Sequence[Item]):
    """The items that match a query, in its order; each is made when it is asked for.

    To be used by one thread. It stays as it was selected, but items tell what was decided since.
    """

    def __init__(
        self,
        rows: Iterable[int],
        bits: int,
        limit: int | None,
        sets: Evaluator,
        item: Callable[[int], Item],
    ) -> None:
        """Takes the rows of a set in their order.

        Args:
            rows: They may be put in order as they are taken.
            bits: The set.
            limit: The most of them to be listed; ``None`` for all.
            sets: What they are rows of.
            item: Reads the item of a row.
        """
        held = bits.bit_count()
        self._coming = iter(rows)
        self._rows: Array = array("I")
        self._bits = bits
        self._length = held if limit is None else min(held, limit)
        self._sets = sets
        self._entry = item
        self._looked_at = 0

    @classmethod
    def empty(cls) -> "ResultSet":
        """No items."""
        return cls((), 0, None, Evaluator(Table.of(()), (), ()), _no_entry)

    def __len__(self) -> int:
        return self._length

    @property
    def unread(self) -> int:
        """How many of them are unread and not snoozed now. No paper is read for it."""
        bits = self._bits
        if self._length < bits.bit_count():
            bits = bits_of(self._sets.width, self.rows())
        return (bits & self._sets.flag(FlagTerm(Field.IS, "unread"))).bit_count()

    def rows(self) -> Sequence[int]:
        """The rows in order."""
        return self._up_to(self._length)

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> list[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | list[Item]:
        """An item, or some. Cost: reads them from the file where the library is large."""
        if isinstance(place, slice):
            return [self._entry(row) for row in self._up_to(place.indices(self._length)[1])[place]]
        if not -self._length <= place < self._length:
            raise IndexError(place)
        place %= self._length
        return self._entry(self._up_to(place + 1)[place])

    def __iter__(self) -> Iterator[Item]:
        return map(self._entry, self._up_to(self._length))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return NotImplemented if not isinstance(other, Sequence) else False
        return all(one == another for one, another in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def keys(self) -> list[str]:
        """The keys in order; no paper is read for them."""
        return list(map(self._sets.table.key, self._up_to(self._length)))

    def key(self, place: int) -> str:
        """The key at a place; no paper is read for it."""
        return self._sets.table.key(self._up_to(place + 1)[place])

    def place(self, key: str) -> int | None:
        """Where a paper stands; ``None`` if it is not there. No paper is read for it.

        Cost: linear in the place, a few ms at 100,000, until that has cost more than noting all.
        """
        rows = (row for row in self._sets.table.rows(key) if self._bits >> row & 1)
        row = next(rows, None)
        return None if row is None else self._place_of(row)

    def _place_of(self, row: int) -> int | None:
        """Where a row of the set stands; ``None`` if it is beyond the limit."""
        if self._looked_at <= _PATIENCE * self._length:
            found = self._find(row)
            self._looked_at += self._length if found is None else found
            return found
        place = self._place[row]
        return place if place < self._length else None

    def nearest(self, other: "ResultSet", place: int) -> int | None:
        """Where the paper stands that is nearest to a place of another selection, behind it first.

        ``None`` if they share no paper. Cost: linear in how far it is, in C.
        """
        if other._sets is not self._sets:
            keys = map(other._sets.table.key, other._around(place))
            return next((found for key in keys if (found := self.place(key)) is not None), None)
        bits = self._bits
        if self._length < bits.bit_count():
            bits = bits_of(self._sets.width, self.rows())
        shared = filter(flags_of(bits, self._sets.width).__getitem__, other._around(place))
        return next(map(self._place_of, shared), None)

    def _around(self, place: int) -> Iterator[int]:
        """The rows from a place on, then those before it from the last to the first."""
        for start in range(place, self._length, 1_000):
            yield from self._up_to(min(start + 1_000, self._length))[start : start + 1_000]
        yield from reversed(self._up_to(min(place, self._length))[:place])

    def _find(self, row: int) -> int | None:
        """Where a row stands, put in order no further than it."""
        looked_at = 0
        while True:
            with suppress(ValueError):
                return self._rows.index(row, looked_at)
            looked_at = len(self._rows)
            if looked_at >= self._length:
                return None
            self._up_to(min(max(2 * looked_at, 1), self._length))

    @cached_property
    def _place(self) -> Array:
        """The place of each row; that of a row that is not listed is beyond the last."""
        places = array("I", [self._length]) * self._sets.width
        deque(map(places.__setitem__, self.rows(), count()), maxlen=0)
        return places

    def _up_to(self, length: int) -> Array:
        if len(self._rows) < length:
            # Some more, so that looking at one after the other does not do this every time.
            self._rows.extend(islice(self._coming, max(length - len(self._rows), 200)))
            del self._rows[self._length :]
        return self._rows


def _no_entry(row: int) -> Item:
    raise IndexError(row)


class Sorter:
    """Puts rows in order: stable, reversible, what has no value last in both directions."""

    def __init__(self, sets: Evaluator) -> None:
        """Makes nothing yet."""
        self._sets = sets
        self._made: dict[tuple[Sort, ...], Order] = {}

    def rows(
        self,
        bits: int,
        sort: Sequence[Sort],
        order: Sequence[str],
        tiers: Callable[[], Sequence[int]],
    ) -> Iterable[int]:
        """The rows of a set in order.

        Args:
            bits: The set.
            sort: What to sort by, the first first; nothing for newest first.
            order: The keys of a reading list in the reader's order.
            tiers: For relevance, sets of rows, the best first, which may overlap.
        """
        if len(sort) == 1 and sort[0].by == "relevance":
            return self._by_tier(bits, tiers(), reverse=sort[0].reverse)
        if len(sort) == 1 and sort[0].by == "unread":
            return self._by_tier(bits, self._statuses(), reverse=sort[0].reverse)
        if all(each.by in (*_COLUMNS, "title") for each in sort):
            return self._made_order(tuple(sort)).of(bits)
        found = list(self._made_order(()).of(bits))
        for each in reversed(sort):
            value, falling = self._value(each.by, order, tiers)
            found = sort_by(found, value, falling != each.reverse)
        return found

    def prepare(self) -> None:
        """Makes the orders that most ask for, which else the first question waits for."""
        for sort in ((), *((Sort(by),) for by in (*_COLUMNS, "title"))):
            self._made_order(sort).prepare()

    def _by_tier(self, bits: int, tiers: Sequence[int], *, reverse: bool) -> Iterable[int]:
        parts: list[int] = []
        for tier in tiers:
            parts.append(bits & tier)
            bits &= ~tier
        parts.append(bits)
        asked = [part for part in (reversed(parts) if reverse else parts) if part]
        return chain.from_iterable(map(self._made_order(()).of, asked))

    def _made_order(self, sort: tuple[Sort, ...]) -> Order:
        """All rows sorted by what never changes; newest first where nothing is asked."""
        made = self._made.get(sort)
        if made is None:
            rows: Numbers = self._sets.table.newest
            for each in reversed(sort):
                value, falling = self._value(each.by, (), tuple)
                rows = array("I", sort_by(rows, value, falling != each.reverse))
            made = self._made[sort] = Order(rows)
        return made

    def _statuses(self) -> list[int]:
        decided = [FlagTerm(Field.IS, str(status)) for status in (Status.READING, Status.READ)]
        undecided = self._sets.everything & ~self._sets.flag(FlagTerm(Field.IS, "decided"))
        return [undecided, *map(self._sets.flag, decided)]

    def _value(
        self, by: str, order: Sequence[str], tiers: Callable[[], Sequence[int]]
    ) -> tuple[Callable[[int], object], bool]:
        """What to compare, ``None`` for nothing; and whether its natural direction is falling."""
        table = self._sets.table
        if by in _COLUMNS:
            column = getattr(table, _COLUMNS[by])
            return lambda row: None if column[row] == MISSING else column[row], True
        if by == "title":
            return table.titles.__getitem__, False
        if by == "changed":
            decisions = self._sets.decided.decisions
            return lambda row: decisions[row].changed if row in decisions else None, True
        if by == "list":
            places: Mapping[str, int] = {key: place for place, key in enumerate(order)}
            return lambda row: places.get(table.key(row)), False
        sets = tiers() if by == "relevance" else self._statuses()

        def tier(row: int) -> int:
            return next((n for n, bits in enumerate(sets) if bits >> row & 1), len(sets))

        return tier, False


def sort_by(rows: Iterable[int], value: Callable[[int], object], falling: bool) -> list[int]:
    """Rows by a value, equals as they came, what has none last."""
    values = [(row, value(row)) for row in rows]
    known = {row: told for row, told in values if told is not None}
    found = sorted(known, key=known.__getitem__, reverse=falling)  # type: ignore[arg-type]
    return found + [row for row, told in values if told is None]
