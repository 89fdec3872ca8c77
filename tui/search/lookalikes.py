"""Papers that may be the same: their abstracts share text, or their titles and authors are close.

A sketch of an abstract is the ``SKETCH`` smallest checksums of its runs of three words. Two texts
that share a part of their runs share about that part of their sketches. At 10,000 papers a sketch
takes 0.1 ms, and asking for the lookalikes of a new paper less than that.
"""

from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final
from zlib import crc32

from tui.model.fields import Field
from tui.patterns import regex
from tui.search.cache_file import Array, Numbers
from tui.search.columns import MISSING, Columns
from tui.search.word_index import WordIndex

SKETCH: Final = 32
"""Checksums of a sketch: 200 of 200 abstracts were recognized by their first sixty words."""
LEAST_SHARE: Final = 0.25
_LEAST_COMMON: Final = 4
"""Checksums that short abstracts must share, too."""
_MOST_ROWS: Final = 16
"""Papers that may share a run of words; more share a phrase of the field."""
_PART: Final = 200_000
"""Checksums that are compared at once, to bound the memory."""
_TITLE_SHARE: Final = 0.9
"""The share of common letters by which Zotero and JabRef take titles for close."""
_TITLE_WORDS: Final = 3
"""Rarest words of a title, of which a close title has one."""
_MOST_TITLES: Final = 50
"""Titles that such a word may have."""
_WORD: Final = regex(r"[^\W_]+")
_NUMERAL: Final = regex(r"[ivx]+|\w|.*\d.*")
"""A word that tells parts of a work apart: a number, a Roman numeral, a letter."""

Pair = tuple[int, int]
"""Two rows, the lower one first."""


def sketch(text: str) -> list[int]:
    """The checksums of a folded abstract, ascending; fewer than ``SKETCH`` if it is short."""
    words = _WORD.findall(text)
    runs = zip(words, words[1:], words[2:], strict=False)
    return sorted({crc32(" ".join(run).encode()) or 1 for run in runs})[:SKETCH]


def sketches(texts: Iterable[str]) -> Array:
    """The sketches of folded abstracts, one after another, each filled up with zeros."""
    numbers = array("I")
    for text in texts:
        own = sketch(text)
        numbers.extend(own)
        numbers.extend([0] * (SKETCH - len(own)))
    return numbers


def alike_texts(numbers: Numbers, first: int) -> Iterator[Pair]:
    """The pairs of rows with a similar abstract, of which one is new.

    Cost: reads the sketches of all rows, twice for every 8,000 new ones.

    Args:
        numbers: The result of ``sketches`` for all rows.
        first: The first new row.
    """
    new = numbers[first * SKETCH :]
    parts = len(new) // _PART + 1
    common: Counter[Pair] = Counter()
    for part in range(parts):
        own = {number for number in new if number % parts == part} - {0}
        counts = Counter(filter(own.__contains__, numbers))
        shared = {number for number, count in counts.items() if 1 < count <= _MOST_ROWS}
        rows = defaultdict(list)
        for place, number in enumerate(numbers):
            if number in shared:
                rows[number].append(place // SKETCH)
        for group in rows.values():
            common.update(pair for pair in combinations(group, 2) if pair[1] >= first)
    for (one, other), count in common.items():
        if count >= max(_LEAST_COMMON, LEAST_SHARE * _comparable(numbers, one, other)):
            yield one, other


def _comparable(numbers: Numbers, one: int, other: int) -> int:
    """The most checksums that two sketches could have in common.

    Up to the lower of their ends both are complete, so that a truncated text has all of its
    checksums there in common with the whole one.
    """
    checksums = [
        [number for number in numbers[row * SKETCH : (row + 1) * SKETCH] if number]
        for row in (one, other)
    ]
    end = min(each[-1] for each in checksums)
    return min(bisect_right(each, end) for each in checksums)


def alike_titles(columns: Columns, words: WordIndex, first: int) -> Iterator[Pair]:
    """The pairs of rows with a close title and an author in common, of which one is new.

    Without names, the same date and number of authors will do. Titles that differ in a number are
    parts or versions, not spellings. Cost: 0.1 ms per new row.
    """
    from rapidfuzz.distance import Indel

    for row in range(first, len(words)):
        own = _title(words, row)
        for other in _with_rare_words(words, own, row):
            theirs = _title(words, other)
            if (
                Indel.normalized_similarity(own, theirs, score_cutoff=_TITLE_SHARE)
                and not _differ_in_number(own, theirs)
                and _have_author_in_common(columns, words, row, other)
            ):
                yield min(row, other), max(row, other)


def _title(words: WordIndex, row: int) -> str:
    return str(words.text(Field.TITLE, row), "utf-8")


def _with_rare_words(words: WordIndex, title: str, row: int) -> set[int]:
    """The other rows with one of the rarest words of a title that any other title has."""
    groups = (words.titled(word, _MOST_TITLES) for word in set(_WORD.findall(title)))
    rarest = sorted((rows for rows in groups if len(rows) > 1), key=len)[:_TITLE_WORDS]
    return {other for rows in rarest for other in rows} - {row}


def _differ_in_number(one: str, other: str) -> bool:
    words = Counter(_WORD.findall(one))
    differing = (words - Counter(_WORD.findall(other))) | (Counter(_WORD.findall(other)) - words)
    return any(map(_NUMERAL.fullmatch, differing))


def _have_author_in_common(columns: Columns, words: WordIndex, row: int, other: int) -> bool:
    mine, theirs = (_authors(words, each) for each in (row, other))
    if mine and theirs:
        return not mine.isdisjoint(theirs)
    dates, counts = (columns.numbers(field) for field in (Field.DATE, Field.AUTHORS))
    assert dates is not None
    assert counts is not None
    return (
        dates[row] == dates[other] != MISSING
        and counts[row] == counts[other] != MISSING
        and counts[row] > 1
    )


def _authors(words: WordIndex, row: int) -> set[tuple[str, str]]:
    """The last name and the first initial of each author."""
    authors = set()
    for name in str(words.text(Field.AUTHOR, row), "utf-8").split("\t"):
        last, comma, first = name.partition(",")
        parts = _WORD.findall(f"{first} {last}" if comma else name)
        if parts:
            authors.add((parts[-1], parts[0][0]))
    return authors


class Lookalikes:
    """The pairs of rows that may be one paper, whatever the user said of them."""

    def __init__(self, numbers: Numbers, pairs: Numbers) -> None:
        """See ``of`` and ``with_more``.

        Args:
            numbers: The result of ``sketches`` for all rows.
            pairs: The pairs, one after another.
        """
        self.numbers = numbers
        self.pairs = pairs
        self._others: Mapping[int, Sequence[int]] = _by_row(pairs)

    @property
    def rows(self) -> Collection[int]:
        """The rows that have a lookalike."""
        return self._others.keys()

    def of(self, row: int) -> Sequence[int]:
        """The lookalikes of a row."""
        return self._others.get(row, ())

    def with_more(self, columns: Columns, words: WordIndex) -> "Lookalikes":
        """With the rows that were added since."""
        first = len(self.numbers) // SKETCH
        numbers = array("I", self.numbers)
        abstracts = (words.text(Field.ABSTRACT, row) for row in range(first, len(words)))
        numbers += sketches(str(text, "utf-8") for text in abstracts)
        new = {*alike_texts(numbers, first), *alike_titles(columns, words, first)}
        pairs = array("I", self.pairs)
        for pair in sorted(new):
            pairs.extend(pair)
        return Lookalikes(numbers, pairs)


def _by_row(pairs: Numbers) -> dict[int, list[int]]:
    others: defaultdict[int, list[int]] = defaultdict(list)
    for one, other in zip(pairs[::2], pairs[1::2], strict=True):
        others[one].append(other)
        others[other].append(one)
    return dict(others)


NO_LOOKALIKES: Final = Lookalikes(array("I"), array("I"))
