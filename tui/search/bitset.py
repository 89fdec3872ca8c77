"""Sets of papers as integers with one bit per paper."""

import sys
from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress, count, repeat
from typing import Final, TypeVar

from tui.search.cache_file import Array, Numbers

_DIGIT_OF_BIT: Final = bytes.maketrans(b"\x00\x01", b"01")
_FEW: Final = 100
"""A set with less than one row in this many is sorted; a denser one is filtered from all rows."""
_BIT_OF_DIGIT: Final = bytes.maketrans(b"01", b"\x00\x01")
_DIGIT_OF_SIGN: Final = b"1" * 128 + b"0" * 128
"""By the byte of a number that has its sign."""


K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(dict[K, V]):
    """Answers by question, all forgotten before there are more than a number of them."""

    def __init__(self, most: int) -> None:
        """Has room for so many."""
        super().__init__()
        self._most = most

    def __setitem__(self, question: K, answer: V) -> None:
        if len(self) >= self._most:
            self.clear()
        super().__setitem__(question, answer)


def counted(sets: Sequence[int], within: int) -> list[int]:
    """At index n, the rows that are in at least n of some sets, of those within another."""
    at_least = [within] + [0] * len(sets)
    for bits in sets:
        for number in range(len(sets), 0, -1):
            at_least[number] |= at_least[number - 1] & bits
    return at_least


def bits_of(width: int, rows: Iterable[int]) -> int:
    """The set of row numbers below the width. Cost: 50 ns per row, and the width in C."""
    flags = bytearray(width)
    deque(map(flags.__setitem__, rows, repeat(1)), maxlen=0)
    return int(flags[::-1].translate(_DIGIT_OF_BIT), 2) if width else 0


def not_negative(column: Numbers) -> int:
    """The rows of a column of signed numbers that are not negative. Cost: the width, in C."""
    if not len(column):
        return 0
    size = column.itemsize
    first = size - 1 if sys.byteorder == "little" else 0
    signs = bytes(memoryview(column).cast("B")[first::size])
    return int(signs[::-1].translate(_DIGIT_OF_SIGN), 2)


def flags_of(bits: int, width: int) -> bytes:
    """A byte per row, 1 for those in the set. Cost: the width, in C."""
    return bin(bits)[:1:-1].encode().translate(_BIT_OF_DIGIT).ljust(width, b"\0")


def rows_of(bits: int) -> Iterator[int]:
    """The row numbers in the set, ascending."""
    flags = flags_of(bits, 0)
    return compress(range(len(flags)), flags)


class Order:
    """All rows in an order."""

    def __init__(self, rows: Numbers) -> None:
        """Takes all rows, once each."""
        self.rows = rows

    @cached_property
    def _place(self) -> Array:
        places = array("I", bytes(4 * len(self.rows)))
        deque(map(places.__setitem__, self.rows, count()), maxlen=0)
        return places

    def precompute(self) -> None:
        """Computes the place of each row, for which the first small set would wait."""
        _ = self._place

    def of(self, bits: int) -> Iterable[int]:
        """The rows of a set in this order; lazily for a large set."""
        if bits.bit_count() * _FEW < len(self.rows):
            return sorted(rows_of(bits), key=self._place.__getitem__)
        flags = flags_of(bits, len(self.rows))
        return compress(self.rows, map(flags.__getitem__, self.rows))
