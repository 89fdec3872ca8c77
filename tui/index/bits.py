"""Sets of papers as integers with one bit a paper, and the words that lead to them."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import Final, TypeVar

from tui.text import readable, words

T = TypeVar("T")

_HYPHENS = frozenset("-\u2010\u2011")
_COMPOUND = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)+")


class Postings:
    """For each word of one field, the papers that have it; and the words in order."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.rows = gather(enumerate(map(text_words, texts)), len(texts))
        self.vocabulary = sorted(self.rows)

    def prefixed(self, prefix: str) -> int:
        """The set of the papers with a word that begins so."""
        bits = 0
        place = bisect_left(self.vocabulary, prefix)
        while place < len(self.vocabulary) and self.vocabulary[place].startswith(prefix):
            bits |= self.rows[self.vocabulary[place]]
            place += 1
        return bits


def text_words(text: str) -> set[str]:
    """The words of a text, and each compound as one word besides: fine, tuning, finetuning."""
    shown = readable(text)
    found = set(words(shown))
    hyphenated = (part for part in shown.split(" ") if not _HYPHENS.isdisjoint(part))
    for part in hyphenated:
        found.update("".join(words(compound)) for compound in _COMPOUND.findall(part))
    return found


def gather(documents: Iterable[tuple[int, Iterable[T]]], width: int) -> dict[T, int]:
    """The set of rows in which each thing occurs. Cost: linear in all that occurs."""
    rows_of: dict[T, list[int]] = defaultdict(list)
    for row, things in documents:
        for thing in things:
            rows_of[thing].append(row)
    return {thing: bits_of(width, rows) for thing, rows in rows_of.items()}


_BIT_OF_DIGIT: Final = bytes.maketrans(b"01", b"\x00\x01")


def bits_of(width: int, rows: Iterable[int]) -> int:
    """The set of some row numbers, each below the width."""
    flags = bytearray(width // 8 + 1)
    for row in rows:
        flags[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(flags, "little")


def rows_of(bits: int) -> Iterator[int]:
    """The numbers of the bits that are set, rising. Cost: the width of the set, in C."""
    flags = bin(bits)[:1:-1].encode().translate(_BIT_OF_DIGIT)
    return compress(range(len(flags)), flags)
