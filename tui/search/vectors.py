"""Papers as vectors of their words, which tell how much two papers, or a paper and a user, share.

The number of a word is higher the fewer papers have it: one and ``ln(papers / papers with it)``,
times in how many of title and abstract it is, or, where vectors are learned from, ``1 + ln`` of how
often it is there, twice for each time in the title; there, the parts of a compound count less than
words that stand alone, as they say again what it says. With emphasis, it is in both cases times in
how many of them it is, and ``ln 2`` more if the abstract repeats it or the title alone has it.
The number is divided by the root of the length of the texts, as the length of a vector is nearly in
proportion to that. Words of one letter, numbers, and words of one paper alone or of more than half
of all papers are left out. Nothing but the words of titles and abstracts counts: which facts a
paper has tells only where it is from.
"""

from array import array
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from heapq import nlargest
from itertools import repeat
from math import fsum, log
from operator import add, mul
from typing import Final

from tui.model.fields import Field
from tui.model.identifiers import is_title
from tui.model.words import search_words
from tui.search.plain_words import PLAIN_WORDS
from tui.search.texts import SearchCancelledError, not_cancelled
from tui.search.word_index import WordIndex, emphasized, spelling, without_compounds, word_counts
from tui.values import dataclass

_CHECK: Final = 15_000
"""Additions between two checks for cancellation."""
_SHORT: Final = 1
"""Letters of a word that is left out."""
_PART: Final = 2 / 3
"""How much a word counts that a paper has in compounds alone: the compound counts, too."""
_COMMON: Final = 1 / 2
"""A word that more than this share of all papers has is left out."""
_TELLING: Final = 1 / 4
"""The share of all papers that have a word up to which it tells what a paper is about."""
_LIKE_WORDS: Final = 60
"""Words of a paper by which similar ones are found, those with the largest numbers."""
_COMPARED: Final = 30
"""Papers found by them of which all words are compared."""
_WORDS: Final = 3
"""Words that are said of what papers share."""
_LEAST_LENGTH: Final = 100
"""Letters added to each text: else a paper without an abstract would come before all others."""
_SUMS: Final = 16
"""Sums of papers that are kept: those of all interests, and of what changed in them."""
_TEXTS: Final = (Field.TITLE, Field.ABSTRACT)
_EMPHASIS: Final = log(2)
"""How much more a word counts that a paper emphasizes."""

Vector = Mapping[str, float]
"""Words with their numbers; other words have 0."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What some papers add up to."""

    papers: Mapping[int, float]
    """Rows, and what their vectors are multiplied by."""
    vector: Vector
    """The sum of their vectors."""
    counts: Counter[str]
    """How many of them have a word."""
    scores: Sequence[float]
    """The product of each paper's vector with the sum, by row."""


class Vectors:
    """The vectors of all papers, over the index of their words; of words, as they are asked for."""

    def __init__(self, words: WordIndex, *, emphasis: bool = False) -> None:
        """Measures the length of all texts. Cost: 0.3 µs per paper.

        Args:
            emphasis: Whether words count more that a paper emphasizes.
        """
        self._words = words
        self._has_emphasis = emphasis
        self._places: dict[Field | None, float] = dict.fromkeys(_TEXTS, 1.0)
        """How much a word counts by where a paper has it; for ``None``, if it emphasizes it."""
        if emphasis:
            self._places[None] = _EMPHASIS
        self._count = len(words)
        self._scales: array[float] = array(
            "d", [(_LEAST_LENGTH + size) ** -0.5 for size in words.sizes(_TEXTS)]
        )
        """The factor of the numbers of each paper."""
        self._shares: dict[str, float] = {}
        self._weights: dict[str, float] = {}
        self._vectors: dict[int, dict[str, float]] = {}
        self._means: dict[str, float] = {}
        self._rows: dict[str, list[tuple[float, Sequence[int]]]] = {}
        self._shared: dict[int, float] = {}
        """The product of a paper's vector with the mean of all."""
        self._alike: dict[int, dict[int, float]] = {}
        self._sums: deque[Sum] = deque(maxlen=_SUMS)
        """The last results of ``sum_of``."""

    def __len__(self) -> int:
        return self._count

    @cached_property
    def emphatic(self) -> "Vectors":
        """The vectors of the same papers with emphasis."""
        return Vectors(self._words, emphasis=True)

    def share_with(self, word: str) -> float:
        """The share of all papers that have a word in the abstract, or in the title if more do.

        It is 0 if there are no papers.
        """
        share = self._shares.get(word)
        if share is None:
            papers = max(self._words.frequencies(word, _TEXTS))
            share = self._shares[word] = papers / max(self._count, 1)
        return share

    def _weight(self, word: str) -> float:
        """The weight of a word, wherever it is; 0 for one that is left out."""
        weight = self._weights.get(word)
        if weight is None:
            weight = self._weights[word] = self._weight_of(word, self.share_with(word))
        return weight

    def _weight_of(self, word: str, share: float) -> float:
        """The weight of a word that this share of papers have; 0 for one that is left out."""
        is_left_out = len(word.removeprefix(".")) <= _SHORT or word.isdigit()  # as in e.g.
        if is_left_out or not 1 / self._count < share <= _COMMON:
            return 0.0
        return 1 - log(share)

    def of(self, row: int) -> dict[str, float]:
        """The vector of a paper, to learn from; empty if it has no words. Cost: 0.5 ms; kept."""
        vector = self._vectors.get(row)
        if vector is None:
            numbers = self._in_places(row) if self._has_emphasis else self._by_counts(row)
            scale = self._scales[row]
            vector = self._vectors[row] = {
                word: number * weight * scale
                for word, number in numbers.items()
                if (weight := self._weight(word))
            }
        return vector

    def _by_counts(self, row: int) -> dict[str, float]:
        """How much each word of a paper counts to learn from, by how often it is there."""
        counts: Counter[str] = Counter()
        parts: set[str] = set()
        alone: set[str] = set()
        for field, times in zip(_TEXTS, (2, 1), strict=True):
            text = self.text(field, row)
            counts.update({word: times * count for word, count in word_counts(text).items()})
            parts.update(search_words(text))
            alone.update(search_words(without_compounds(text)))
        parts -= alone
        return {
            word: (1 + log(count)) * (_PART if word in parts else 1)
            for word, count in counts.items()
        }

    def _in_places(self, row: int) -> dict[str, float]:
        """How much each word of a paper counts by where it is."""
        title, abstract = (word_counts(self.text(field, row)) for field in _TEXTS)
        places = (title, abstract, emphasized(title, abstract))
        numbers: dict[str, float] = {}
        for number, words in zip(self._places.values(), places, strict=False):
            for word in words:
                numbers[word] = numbers.get(word, 0.0) + number
        return numbers

    def score(self, direction: Vector, row: int) -> float:
        """The score of one paper; see ``scores``, for which all words of the direction count."""
        numbers = self._in_places(row)
        shared = direction.keys() & numbers
        gains = (direction[word] * numbers[word] * self._weight(word) for word in shared)
        return fsum(gains) * self._scales[row]

    def shared(self, row: int, other: int) -> tuple[str, ...]:
        """The words that two papers share, as the first one has them, the most telling first."""
        own, theirs = self.of(row), self.of(other)
        shares = {word: number * theirs[word] for word, number in own.items() if word in theirs}
        telling = most_telling({w: n for w, n in shares.items() if self.is_telling(w)})
        return tuple(self.spelled(word, row) for word in telling)

    def is_telling(self, word: str) -> bool:
        """Whether a word tells what a paper is about: it is rare, and not plain English.

        Nor is it the end of an address, such as ``.io``.
        """
        is_word = word not in PLAIN_WORDS and not word.startswith(".")
        return is_word and self.share_with(word) <= _TELLING

    def spelled(self, word: str, row: int) -> str:
        """A word as a paper has it: ``in-context`` for incontext. Cost: 0.1 ms."""
        spellings = (spelling(self.text(field, row), word) for field in _TEXTS)
        return next((each for each in spellings if each != word), word)

    def text(self, field: Field, row: int) -> str:
        """The folded text of a field of a paper; none of a title that is only an identifier."""
        text = str(self._words.text(field, row), "utf-8")
        return text if field is not Field.TITLE or is_title(text) else ""

    def less_common(self, direction: Vector, times: float = 1.0) -> dict[str, float]:
        """A direction less the mean of all vectors, times a number, in its own words.

        Cost: linear in the papers of each word; kept.
        """
        means = self._means
        scale = self._scales.__getitem__
        for word in [word for word in direction if word not in means]:
            scales = sum(number * sum(map(scale, rows)) for number, rows in self._rows_with(word))
            means[word] = scales * self._weight(word) / self._count
        return {word: number - times * means[word] for word, number in direction.items()}

    @cached_property
    def common(self) -> Sequence[float]:
        """The product of each paper's vector with the mean of all, by row.

        Cost: 100 ns per word of each paper, once. What is kept for a word is not filled by it, as
        few words are ever asked for.
        """
        papers: Counter[str] = Counter()
        scales: dict[str, float] = {}
        scores, scale = [0.0] * self._count, self._scales.__getitem__
        for place, number in self._places.items():
            in_place: Counter[str] = Counter()
            for word, rows in self._words.all_runs(place):
                in_place[word] += len(rows)
                scales[word] = scales.get(word, 0.0) + number * sum(map(scale, rows))
            if place is not None:
                papers |= in_place
        gains = {
            word: weight**2 * scales[word] / self._count
            for word, count in papers.items()
            if (weight := self._weight_of(word, count / self._count))
        }
        for place, number in self._places.items():
            for word, rows in self._words.all_runs(place):
                if gain := number * gains.get(word, 0.0):
                    for row in rows:
                        scores[row] += gain
        return array("d", map(mul, scores, self._scales))

    def _rows_with(self, word: str) -> list[tuple[float, Sequence[int]]]:
        """The papers with a word, a run per place, and how much it counts there."""
        runs = self._rows.get(word)
        if runs is None:
            runs = self._rows[word] = [
                (number, rows)
                for place, number in self._places.items()
                for rows in self._words.runs(word, place)
            ]
        return runs

    def sum_of(self, papers: Mapping[int, float]) -> "Sum":
        """What some papers add up to.

        Sums of nearly the same papers, as they are after one more decision, take little: what was
        computed last is added to. So they are the same but for rounding.

        Args:
            papers: Rows, and what their vectors are multiplied by.
        """
        own = papers.items()
        nothing = Sum({}, {}, Counter(), array("d", bytes(8 * self._count)))
        base = min([nothing, *self._sums], key=lambda each: len(own ^ each.papers.items()))
        if not (parts := own ^ base.papers.items()):
            return base
        signed = {part: 1 if part in own else -1 for part in parts}
        change = total((sign * part[1], self.of(part[0])) for part, sign in signed.items())
        vector, counts = total([(1.0, change)], base.vector), base.counts.copy()
        for (row, _), sign in signed.items():
            (counts.update if sign > 0 else counts.subtract)(list(self.of(row)))
        for word in change:
            if not counts[word]:
                del counts[word], vector[word]
        scores = array("d", map(add, base.scores, self.scores(change)))
        self._sums.append(Sum(dict(papers), vector, counts, scores))
        return self._sums[-1]

    def alike(self, rows: Collection[int]) -> Mapping[int, Mapping[int, float]]:
        """How alike each of some papers is to each other, at least; on average as their product is.

        What each of the two shares with the mean of all papers says nothing of both, so it is left
        out. Cost: 4 µs per new pair.
        """
        for row in rows:
            if row not in self._shared:
                own = self.of(row)
                self._shared[row] = product(own, own) - product(own, self.less_common(own))
        shared, mean = self._shared, sum(self.common) / max(self._count, 1)
        for row in rows:
            likeness = self._alike.setdefault(row, {})
            for other in rows:
                if other not in likeness:
                    both = product(self.of(row), self.of(other)) + 2 * mean
                    likeness[other] = both - shared[row] - shared[other]
        return self._alike

    def closeness(self, row: int, other: int) -> float:
        """How close another paper is to one: their product, however long the other one is."""
        theirs = self.of(other)
        return product(self.of(row), theirs) / (product(theirs, theirs) ** 0.5 or 1.0)

    def similar(
        self,
        row: int,
        rows: Iterable[int],
        most: int,
        cancelled: Callable[[], bool] = not_cancelled,
    ) -> dict[int, float]:
        """The papers closest to one, closest first, with how close they are.

        Cost: that of ``scores``, and 0.5 ms for each of 30 that were not looked at before.

        Args:
            row: The paper.
            rows: Those among which they are; none that shares nothing is among them.
            most: Their number, at most 30.
            cancelled: Whether to cancel; called every millisecond or so.

        Raises:
            SearchCancelledError: If it was cancelled.
        """
        scores = self.scores(self.of(row), _LIKE_WORDS, cancelled)
        close: dict[int, float] = {}
        for other in nlargest(_COMPARED, rows, key=scores.__getitem__):
            if cancelled():
                raise SearchCancelledError
            if scores[other] > 0 and (closeness := self.closeness(row, other)) > 0:
                close[other] = closeness
        return {other: close[other] for other in nlargest(most, close, key=close.__getitem__)}

    def scores(
        self,
        direction: Vector,
        most: int | None = None,
        cancelled: Callable[[], bool] = not_cancelled,
    ) -> list[float]:
        """The product of each paper's vector with another one.

        Args:
            most: The number of its words that count, those with the largest numbers; ``None`` for
                all.
            cancelled: Whether to cancel; called every millisecond or so.

        Returns:
            A number per row. Cost: 30 ns per paper of each word.

        Raises:
            SearchCancelledError: If it was cancelled.
        """
        scores = [0.0] * self._count
        additions = 0
        for word in direction if most is None else strongest(direction, most):
            weighted = direction[word] * self._weight(word)
            for number, rows in self._rows_with(word):
                gain = weighted * number
                for row in rows:
                    scores[row] += gain
                additions += len(rows)
                if additions > _CHECK:
                    additions = 0
                    if cancelled():
                        raise SearchCancelledError
        for start in range(0, self._count, _CHECK):
            if cancelled():
                raise SearchCancelledError
            part = slice(start, start + _CHECK)
            scores[part] = map(mul, scores[part], self._scales[part])
        return scores


def strongest(vector: Vector, most: int) -> list[str]:
    """The words of a vector with the largest numbers, or the most negative ones; more if equal."""
    if len(vector) <= most:
        return list(vector)
    least = sorted(map(abs, vector.values()))[-most]
    return [word for word, number in vector.items() if not -least < number < least]


def total(
    parts: Iterable[tuple[float, Vector]], start: Vector | tuple[()] = ()
) -> dict[str, float]:
    """The sum of vectors, each times a number, and of one to start from."""
    numbers = dict(start)
    for factor, vector in parts:
        for word, number in vector.items():
            numbers[word] = numbers.get(word, 0.0) + factor * number
    return numbers


def product(one: Vector, other: Vector) -> float:
    """The product of two vectors: how similar they are, if both have length 1. Cost: 4 µs."""
    if len(other) < len(one):
        one, other = other, one
    return fsum(map(mul, one.values(), map(other.get, one, repeat(0.0))))


def most_telling(shares: Vector) -> tuple[str, ...]:
    """The words that share most, of words that are parts of one another the first alone.

    Of those that share as much, the longer one is first, which says more: in-context, not context.
    """
    words: list[str] = []
    for word in sorted(shares, key=lambda word: (-shares[word], -len(word), word)):
        is_another = not any(word in other or other in word for other in words)
        if shares[word] > 0 and is_another:
            words.append(word)
        if len(words) == _WORDS:
            break
    return tuple(words)
