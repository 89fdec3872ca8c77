"""Why a paper is where it is in the order of what a user is likely to keep: only what is true.

Words count that the paper shares with papers the user kept, from before interests are widened.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import islice
from statistics import quantiles
from typing import Final

from tui.model.layout import enumerated, plural
from tui.search.likely import Interest, Likely
from tui.search.vectors import Vector, Vectors, most_telling, product
from tui.values import dataclass

_LEAST: Final = 0.1
"""What the words of a reason must add to the score, as a share of the score of a typical paper
kept: with less, they may be there by chance."""
_LEAST_PAPERS: Final = 3
"""Papers kept, or dismissed, that must have a word of a reason: two may share many by chance."""
_DEVIATIONS: Final = 3.5
"""Standard deviations by which a word must be in more papers than by chance. Where papers are kept
at random, about one word passes, and with 2.5 as many as there is room for."""


class Level(StrEnum):
    """How likely a paper is to be kept, in a word: numbers would promise too much."""

    LIKELY = "likely"
    """It shares as much with the papers kept as the better half of these do with one another."""
    MAYBE = "maybe"
    """As the better three quarters of them do."""
    NONE = ""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a paper is where it is."""

    words: tuple[str, ...] = ()
    """The words it shares with papers kept, the most telling first; empty if little is known."""
    having: tuple[int, ...] = ()
    """How many of the papers kept have each of them."""
    kept: int = 0
    interest: str = ""
    """The list or tag of the papers kept; empty for all."""
    against: str = ""
    """A word that it shares with papers dismissed; empty if none weighs more."""
    dismissed: int = 0
    """How many of these have it."""
    is_explored: bool = False
    """Whether it is further up than it would be, as it shares little with what was decided."""
    level: Level = Level.NONE
    wanted: str = ""
    """A word of which the user wants more; empty if the paper has none."""
    is_first: bool = False
    """Whether it comes first, as the user wants more of an author."""
    is_last: bool = False
    """Whether it comes last, as the user muted an author."""
    is_low: bool = False
    """Whether it shares less with the papers kept, of any interest, than with others."""

    def __str__(self) -> str:
        if self.is_first or self.is_last:
            return f"by an author {'you want more of' if self.is_first else 'you muted'}"
        if self.is_explored:
            return "little is known about papers like it, so your decision tells most"
        if self.against:
            return f"“{self.against}” is in {plural(self.dismissed, 'dismissed paper')}"
        wanted = f"you want more of “{self.wanted}”" if self.wanted else ""
        if not self.words:
            low = "shares less with papers you kept or read than with others"
            return wanted or (low if self.is_low else "little known yet")
        (first, count), *others = zip(self.words, self.having, strict=True)
        counts = [f"“{first}” is in {count}", *(f"“{word}” in {n}" for word, n in others)]
        whose = f"of {self.interest}" if self.interest else "you kept or read"
        shared = f"{enumerated(counts, 'and')} of {plural(self.kept, 'paper')} {whose}"
        return "; ".join(filter(None, (wanted, shared)))

    @property
    def brief(self) -> str:
        """The same in a few words, for a row; empty if there is little to say."""
        if self.is_first or self.is_last:
            return "author you want" if self.is_first else "muted author"
        if self.is_explored:
            return "little known"
        if self.against:
            return f"dismissed: {self.against}"
        words = dict.fromkeys(filter(None, (self.wanted, *self.words)))
        return ": ".join(filter(None, (self.level, ", ".join(words))))


@dataclass(frozen=True, slots=True)
class Alike:
    """A paper that shares words with another one."""

    row: int
    words: tuple[str, ...]
    """The words in common as it has them, the most telling first."""


class Reasons:
    """Why papers are where they are, as they are asked for."""

    def __init__(self, vectors: Vectors, likely: Likely) -> None:
        """Explains an order, for which at least one interest was learned."""
        self._vectors = vectors
        self._likely = likely
        everything, *others = likely.interests
        self._interests = [everything, *(each for each in others if each.name)]
        """The interests with enough papers to be named."""
        self._marks: dict[int, tuple[float, float]] = {}
        """By the position of an interest, the scores that make a paper ``MAYBE`` and ``LIKELY``."""
        self._grounds: dict[int, Grounds] = {}

    def of(self, row: int) -> Grounds:
        """Why a paper is where it is. Cost: 1 µs per paper dismissed, the first time."""
        grounds = self._grounds.get(row)
        if grounds is None:
            grounds = self._grounds[row] = self._explain(row)
        return grounds

    def _explain(self, row: int) -> Grounds:
        likely, own = self._likely, self._vectors.of(row)
        if row in likely.preferences.last or row in likely.preferences.first:
            is_last = row in likely.preferences.last
            return Grounds(is_first=not is_last, is_last=is_last)
        if row in likely.explored:
            return Grounds(is_explored=True)
        scores = [product(each.learned, own) for each in self._interests]
        place = scores.index(max(scores))
        interest, (maybe, surely) = self._interests[place], self._marks_of(place)
        words = self._telling(interest, own)
        gain = sum(interest.learned[word] * own[word] for word in words)
        telling = filter(self._vectors.is_telling, own)
        against = min(telling, key=lambda w: interest.learned.get(w, 0.0) * own[w], default="")
        if scores[place] < 0 and interest.learned.get(against, 0.0) * own.get(against, 0.0) < -gain:
            rows = likely.decisions.dismissed
            dismissed = sum(against in self._vectors.of(other) for other in rows)
            share, count = self._vectors.share_with(against), len(likely.decisions.dismissed)
            if _is_no_chance(dismissed, share, count):
                return Grounds(against=self._vectors.spelled(against, row), dismissed=dismissed)
        wishes = (word for word in own if likely.preferences.words.get(word))
        wish = max(wishes, key=own.__getitem__, default=None)
        wanted = "" if wish is None else self._vectors.spelled(wish, row)
        is_low = all(each.near[row] < 0 for each in likely.interests)
        if is_low or not words or gain < _LEAST * surely:
            return Grounds(wanted=wanted, is_low=is_low)
        spelled = tuple(self._vectors.spelled(word, row) for word in words)
        having = tuple(map(interest.counts.__getitem__, words))
        level = Level.MAYBE if scores[place] >= maybe else Level.NONE
        if scores[place] >= surely:
            level = Level.LIKELY
        kept = len(interest.kept)
        return Grounds(spelled, having, kept, interest.name, level=level, wanted=wanted)

    def words_of(self, row: int) -> tuple[str, ...]:
        """The words that a paper shares with papers kept, the most telling first."""
        words = self._telling(self._interests[0], self._vectors.of(row))
        return tuple(self._vectors.spelled(word, row) for word in words)

    def _marks_of(self, place: int) -> tuple[float, float]:
        """The scores that a quarter and a half of the papers kept would not reach themselves."""
        if place not in self._marks:
            scores = scores_without(self._vectors, self._interests[place])
            quarter, half, _ = quantiles([max(score, 0.0) for score in scores], n=4)
            self._marks[place] = quarter, half
        return self._marks[place]

    def _telling(self, interest: Interest, own: Vector) -> tuple[str, ...]:
        """The words of a paper that add most to its score, all of them in several papers kept."""
        shares = {
            word: number * interest.learned[word]
            for word, number in own.items()
            if word in interest.counts and is_telling(self._vectors, interest, word)
        }
        return most_telling(shares)

    def kept_like(self, row: int, most: int) -> list[Alike]:
        """The papers kept that share most with one, most first."""
        return nearest(self._vectors, row, self._likely.decisions.kept, most)

    def dismissed_like(self, row: int, most: int) -> list[Alike]:
        """The papers dismissed that share most with one, most first."""
        return nearest(self._vectors, row, self._likely.decisions.dismissed, most)


def scores_without(vectors: Vectors, interest: Interest) -> list[float]:
    """The score of each paper of an interest as if the interest had been learned without it."""
    weight = sum(interest.kept.values())
    scores: list[float] = []
    for row, own_weight in interest.kept.items():
        own = vectors.of(row)
        score = product(interest.learned, own)
        scores.append(score - own_weight / (weight - own_weight) * (product(own, own) - score))
    return scores


def nearest(vectors: Vectors, row: int, others: Iterable[int], most: int) -> list[Alike]:
    """The papers that share most with one, most first; not itself, and none that shares nothing."""
    alike: list[tuple[float, Alike]] = []
    for other in others:
        if other != row and (words := vectors.shared(other, row)):
            alike.append((vectors.closeness(row, other), Alike(other, words)))
    alike.sort(key=lambda each: -each[0])
    return [each for _, each in alike[:most]]


def is_telling(vectors: Vectors, interest: Interest, word: str) -> bool:
    """Whether a word is telling, and in more papers of an interest than it would be by chance."""
    share, count = vectors.share_with(word), len(interest.kept)
    return vectors.is_telling(word) and _is_no_chance(interest.counts[word], share, count)


def _is_no_chance(having: int, share: float, count: int) -> bool:
    """Whether more of some papers have a word than would by chance (a binomial distribution).

    Args:
        having: How many of them have it.
        share: The share of all papers that do.
        count: Their number.
    """
    expected = share * count
    deviation: float = (expected * (1 - share) + 0.25) ** 0.5
    return having >= max(_LEAST_PAPERS, expected + _DEVIATIONS * deviation)


def strongest_words(vectors: Vectors, interest: Interest, most: int) -> Sequence[str]:
    """The telling words of an interest with the largest numbers."""
    several = (word for word, count in interest.counts.items() if count >= _LEAST_PAPERS)
    words = [word for word in several if interest.learned.get(word, 0.0) > 0]
    words.sort(key=lambda word: (-interest.learned[word], word))
    return list(islice((w for w in words if is_telling(vectors, interest, w)), most))
