"""The inverted index of one field: its words, sorted, and the papers of each.

The rows of a word are a run, and the runs are sorted by word, so a prefix is one run, too. Large
sets of prefixes are precomputed.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain
from typing import Final

from tui.patterns import regex
from tui.search.bitset import BoundedCache, bits_of
from tui.search.cache_file import Array, Column, Numbers
from tui.search.matching import stem

MIN_CORRECTED: Final = 3
"""The fewest letters of a word that is corrected; one of so few only if it lacks a letter."""
_MAX_CACHED: Final = 400
"""Cached sets, 12 kB each for 100,000 papers."""
_LAST: Final = "\U0010ffff"
_DOUBLED: Final = regex(r"(.)\1+")


class Runs:
    """Words, sorted, each with the papers that have it: a run of rows, ascending."""

    def __init__(self, words: list[str], starts: Numbers, rows: Numbers) -> None:
        """See ``of`` and ``from_columns``.

        Args:
            words: The words, sorted.
            starts: The start of the run of each word, and the end of the last.
        """
        self.words = words
        self.starts = starts
        self.rows = rows

    @classmethod
    def of(cls, runs: Mapping[str, Array]) -> "Runs":
        """Packs the runs of words."""
        words = sorted(runs)
        starts = array("I", accumulate((len(runs[word]) for word in words), initial=0))
        return cls(words, starts, array("I", chain.from_iterable(map(runs.__getitem__, words))))

    def with_word(self, word: str) -> Sequence[int]:
        """The papers with exactly this word."""
        low = bisect_left(self.words, word)
        is_known = low < len(self.words) and self.words[low] == word
        return self.rows[self.starts[low] : self.starts[low + 1]] if is_known else ()

    def __iter__(self) -> Iterator[tuple[str, Sequence[int]]]:
        for word, low, high in zip(self.words, self.starts, self.starts[1:], strict=False):
            yield word, self.rows[low:high]

    def columns(self, name: str) -> dict[str, Column]:
        """Everything, for a cache file."""
        return {
            f"{name}.words": "\n".join(self.words).encode(),
            f"{name}.starts": memoryview(self.starts),
            f"{name}.rows": memoryview(self.rows),
        }

    @classmethod
    def from_columns(cls, name: str, columns: Mapping[str, memoryview]) -> "Runs":
        """Restores what ``columns`` returned."""
        text = str(columns[f"{name}.words"], "utf-8")
        words = text.split("\n") if text else []
        return cls(words, columns[f"{name}.starts"], columns[f"{name}.rows"])


class Postings:
    """The sorted words of one field, and the papers of each."""

    def __init__(
        self, width: int, runs: Runs, precomputed: Mapping[tuple[int, int], bytes | memoryview]
    ) -> None:
        """See ``of`` and ``from_columns``.

        Args:
            width: The number of papers.
            precomputed: The large sets, by half-open range of words.
        """
        self.width = width
        self.runs = runs
        self.vocabulary, self._starts, self._rows = runs.words, runs.starts, runs.rows
        self._precomputed = precomputed
        self._cached = BoundedCache[tuple[int, int], int](_MAX_CACHED)

    @classmethod
    def of(cls, runs: Runs, width: int) -> "Postings":
        """Indexes runs. Cost: linear in all words."""
        postings = cls(width, runs, {})
        starts, rows = runs.starts, runs.rows
        size = width // 8 + 1
        postings._precomputed = {
            (low, high): bits_of(width, rows[starts[low] : starts[high]]).to_bytes(size, "little")
            for low, high in postings._precomputed_ranges(max(width // 4, 1_000))
        }
        return postings

    def _precomputed_ranges(self, limit: int) -> Iterator[tuple[int, int]]:
        """The ranges of words with a common prefix, and words, that have many papers."""
        starts, vocabulary = self._starts, self.vocabulary
        ranges: set[tuple[int, int]] = set()
        pending = [(0, len(vocabulary), 0)]
        while pending:
            place, high, depth = pending.pop()
            while place < high:
                word = vocabulary[place]
                if len(word) <= depth:
                    if starts[place + 1] - starts[place] > limit:
                        ranges.add((place, place + 1))
                    place += 1
                    continue
                end = bisect_left(vocabulary, word[: depth + 1] + _LAST, place, high)
                if starts[end] - starts[place] > limit:
                    ranges.add((place, end))
                    pending.append((place, end, depth + 1))
                place = end
        return iter(sorted(ranges))

    def with_prefix(self, prefix: str) -> int:
        """The set of papers with a word with a prefix."""
        low = bisect_left(self.vocabulary, prefix)
        return self._between(low, bisect_left(self.vocabulary, prefix + _LAST, low))

    def having(self, word: str) -> int:
        """The set of papers with exactly this word."""
        low = bisect_left(self.vocabulary, word)
        is_known = low < len(self.vocabulary) and self.vocabulary[low] == word
        return self._between(low, low + 1) if is_known else 0

    def containing(self, piece: str) -> int:
        """At least the papers with a word that contains these letters; all if there are many."""
        starts, places = self._starts, self._with_part(piece)
        if sum(starts[place + 1] - starts[place] for place in places) > 4 * self.width:
            return (1 << self.width) - 1  # too many to be of use
        return self._having_any(places)

    def with_part(self, piece: str) -> int:
        """The papers with a word that contains these letters. Cost: linear in the vocabulary."""
        return self._having_any(self._with_part(piece))

    def words_with_part(self, piece: str) -> list[tuple[str, int]]:
        """The words that contain these letters, with their numbers of papers."""
        starts = self._starts
        return [
            (self.vocabulary[place], starts[place + 1] - starts[place])
            for place in self._with_part(piece)
        ]

    def _having_any(self, places: Iterable[int]) -> int:
        starts = self._starts
        runs = (self._rows[starts[place] : starts[place + 1]] for place in places)
        return bits_of(self.width, chain.from_iterable(runs))

    def _with_part(self, piece: str) -> list[int]:
        """The places of the words that contain these letters: searched in all at once, in C."""
        text, ends = self._joined
        places: list[int] = []
        start = text.find(piece)
        while start >= 0:
            place = bisect_left(ends, start + len(piece))
            places.append(place)
            start = text.find(piece, ends[place])
        return places

    @cached_property
    def _joined(self) -> tuple[str, Array]:
        """All words in one text, a line each, and where each ends."""
        ends = array("I", accumulate(len(word) + 1 for word in self.vocabulary))
        return "\n".join(self.vocabulary), array("I", (end - 1 for end in ends))

    def _between(self, low: int, high: int) -> int:
        if low == high:
            return 0
        bits = self._cached.get((low, high))
        if bits is None:
            large = self._precomputed.get((low, high))
            if large is not None:
                bits = int.from_bytes(large, "little")
            else:
                bits = bits_of(self.width, self._rows[self._starts[low] : self._starts[high]])
            self._cached[low, high] = bits
        return bits

    def nearest(self, word: str) -> list[tuple[str, int]]:
        """The nearest words with their edit distance: one, or up to two from eight letters on.

        Swapped and doubled letters are preferred among equals, then other forms of the word. Words
        with a common prefix or suffix are tried first, then all with the same first letter. All
        have the same digits: another year or number is no slip, and gpt4 is not gpt3. Cost: some ms
        for 200,000 words.
        """
        if len(word) < MIN_CORRECTED:
            return []
        edits = 1 if len(word) < 8 else 2
        nearby = self._sharing_a_part(word, edits)
        if not nearby and edits > 1:
            nearby = self._within(word, _beginning(self.vocabulary, word[0]), edits)
        digits = _digits(word)
        nearby = [(other, distance) for other, distance in nearby if _digits(other) == digits]
        slips = [(other, distance) for other, distance in nearby if _is_slip(word, other)]
        if len(word) > MIN_CORRECTED:
            return slips or self._forms(word) or nearby
        return slips or [(other, distance) for other, distance in nearby if len(other) > len(word)]

    def _forms(self, word: str) -> list[tuple[str, int]]:
        """The words that begin as the forms of a word do, as if each were one edit away.

        Their endings are no longer than what they share: catastrophic is no form of cats.
        """
        if (beginning := stem(word)) == word:
            return []
        others = _beginning(self.vocabulary, beginning)
        return [(other, 1) for other in others if len(other) <= 2 * len(beginning)]

    def _sharing_a_part(self, word: str, edits: int) -> list[tuple[str, int]]:
        """Near words that share the first or the last part, as each edit changes only one part."""
        part = len(word) // (edits + 1)
        nearby = self._within(word, _beginning(self.vocabulary, word[:part]), edits)
        backwards = word[::-1]
        ended = self._within(backwards, _beginning(self._backwards, backwards[:part]), edits)
        nearby += [(other[::-1], distance) for other, distance in ended]
        middle = len(word) // 2  # where swapped letters change both halves
        swapped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
        if self.having(swapped):
            nearby.append((swapped, 1))
        return list(dict.fromkeys(nearby))

    def precompute(self) -> None:
        """Computes in advance what corrections and parts of words need."""
        _ = self._backwards, self._joined

    @cached_property
    def _backwards(self) -> list[str]:
        """The words reversed, sorted."""
        return sorted(word[::-1] for word in self.vocabulary)

    def _within(self, word: str, choices: list[str], edits: int) -> list[tuple[str, int]]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        matches = process.extract(
            word, choices, scorer=OSA.distance, score_cutoff=edits, limit=None
        )
        return [(other, int(distance)) for other, distance, _ in matches]

    def columns(self, name: str) -> dict[str, Column]:
        """Everything, for a cache file."""
        return self.runs.columns(name) | {
            f"{name}.wide": array("I", chain.from_iterable(self._precomputed)),
            f"{name}.bits": b"".join(self._precomputed.values()),
        }

    @classmethod
    def from_columns(cls, width: int, name: str, columns: Mapping[str, memoryview]) -> "Postings":
        """Restores what ``columns`` returned."""
        keys, bits = columns[f"{name}.wide"], columns[f"{name}.bits"]
        size = width // 8 + 1
        precomputed = {
            (keys[2 * n], keys[2 * n + 1]): bits[n * size : (n + 1) * size]
            for n in range(len(keys) // 2)
        }
        return cls(width, Runs.from_columns(name, columns), precomputed)


def _is_slip(typed: str, meant: str) -> bool:
    same = sorted(typed) == sorted(meant)
    return same or _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", meant)


def _digits(word: str) -> str:
    return "" if word.isalpha() else "".join(filter(str.isdigit, word))


def _beginning(ordered: list[str], prefix: str) -> list[str]:
    low = bisect_left(ordered, prefix)
    return ordered[low : bisect_left(ordered, prefix + _LAST, low)]
