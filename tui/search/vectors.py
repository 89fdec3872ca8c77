"""Papers as vectors of their words, which tell how much two papers, or a paper and a user, share.

The number of a word is in how many of title and abstract it is, times ``ln(papers / papers with
it)``; the vector of a paper has length 1. Words of one or two letters, numbers, and words that only
one paper has are left out. Nothing but the words of titles and abstracts counts: which facts a
paper has tells only where it is from.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from itertools import chain, repeat
from math import exp, log, sqrt
from operator import mul
from typing import Final

from tui.model.fields import Field
from tui.search.word_index import WordIndex, text_words

_SHORT: Final = 2
"""Letters of a word that is left out."""
_TEXTS: Final = (Field.TITLE, Field.ABSTRACT)

Vector = Mapping[str, float]
"""Words with their numbers; other words have 0."""


class Vectors:
    """The vectors of all papers, over the index of their words."""

    def __init__(self, words: WordIndex) -> None:
        """Measures all vectors. Cost: 10 µs per paper.

        Args:
            words: The words of all papers.
        """
        self._words = words
        self._count = len(words)
        self._weights: dict[str, float] = {}
        self._scales = array("d", bytes(8 * self._count))
        """One by the length of each vector; 0 for a paper without words."""
        self._vectors: dict[int, dict[str, float]] = {}
        self._means: dict[str, float] = {}
        self._rows: dict[str, list[Sequence[int]]] = {}
        counts: dict[str, int] = {}
        for word, in_title, in_abstract, in_both in self._runs():
            own = len(in_title) + len(in_abstract) - len(in_both)
            counts[word] = counts.get(word, 0) + own
        for word, count in counts.items():
            if 1 < count < self._count and len(word) > _SHORT and not word.isdigit():
                self._weights[word] = log(self._count / count)
        squares = self._scales
        for word, in_title, in_abstract, in_both in self._runs():
            square = self._weights.get(word, 0.0) ** 2
            if square:
                for row in chain(in_title, in_abstract, in_both, in_both):  # as 2² is 1 + 1 + 2
                    squares[row] += square
        for row, square in enumerate(squares):
            if square:
                squares[row] = 1 / sqrt(square)

    def _runs(self) -> Iterator[tuple[str, Sequence[int], Sequence[int], Collection[int]]]:
        """Each word, with the papers that have it in the title, in the abstract, and in both.

        A word comes once for each segment of the index.
        """
        for segment in self._words.segments:
            titles = dict(segment.runs(Field.TITLE))
            for word, in_abstract in segment.runs(Field.ABSTRACT):
                in_title = titles.pop(word, ())
                in_both = set(in_title).intersection(in_abstract) if in_title else ()
                yield word, in_title, in_abstract, in_both
            yield from zip(titles, titles.values(), repeat(()), repeat(()))

    def __len__(self) -> int:
        return self._count

    def share_with(self, word: str) -> float:
        """The share of all papers that have a word; 1 for one that is left out."""
        return exp(-self._weights.get(word, 0.0))

    def of(self, row: int) -> dict[str, float]:
        """The vector of a paper; empty if it has no words. Cost: 0.2 ms; kept."""
        vector = self._vectors.get(row)
        if vector is None:
            numbers: dict[str, float] = {}
            for field in _TEXTS:
                for word in text_words(str(self._words.text(field, row), "utf-8")):
                    if weight := self._weights.get(word):
                        numbers[word] = numbers.get(word, 0.0) + weight
            scale = self._scales[row]
            vector = {word: number * scale for word, number in numbers.items()}
            self._vectors[row] = vector
        return vector

    def mean(self, word: str) -> float:
        """The mean of a word's number in all papers. Cost: linear in its papers; kept."""
        mean = self._means.get(word)
        if mean is None:
            scale = self._scales.__getitem__
            scales = sum(sum(map(scale, rows)) for rows in self._rows_with(word))
            mean = self._means[word] = scales * self._weights.get(word, 0.0) / self._count
        return mean

    def _rows_with(self, word: str) -> list[Sequence[int]]:
        """The papers with a word: runs of those that have it in the title, and in the abstract."""
        runs = self._rows.get(word)
        if runs is None:
            runs = self._rows[word] = list(self._words.runs(word, _TEXTS))
        return runs

    def scores(self, direction: Vector, most: int) -> list[float]:
        """The product of each paper's vector with another one.

        Args:
            direction: The other vector.
            most: The number of its words that count, those with the largest numbers.

        Returns:
            A number per row. Cost: 30 ns per paper of each word.
        """
        scores = [0.0] * self._count
        for word in strongest(direction, most):
            gain = direction[word] * self._weights.get(word, 0.0)
            for rows in self._rows_with(word):
                for row in rows:
                    scores[row] += gain
        return list(map(mul, scores, self._scales))


def strongest(vector: Vector, most: int) -> list[str]:
    """The words of a vector with the largest numbers, or the most negative ones."""
    if len(vector) <= most:
        return list(vector)
    return nlargest(most, vector, key=lambda word: (abs(vector[word]), word))


def total(parts: Iterable[tuple[float, Vector]]) -> dict[str, float]:
    """The sum of vectors, each times a number."""
    numbers: dict[str, float] = {}
    for factor, vector in parts:
        for word, number in vector.items():
            numbers[word] = numbers.get(word, 0.0) + factor * number
    return numbers


def product(one: Vector, other: Vector) -> float:
    """The product of two vectors: how similar they are, if both have length 1."""
    if len(other) < len(one):
        one, other = other, one
    return sum(number * other[word] for word, number in one.items() if word in other)
