"""Why a paper is where it is in the order of what a user is likely to keep: only what is true.

Words count that the paper shares with papers the user kept, from before interests are widened.
"""

from collections.abc import Iterable
from typing import Final

from tui.model.text import enumerated, plural
from tui.search.likely import Interest, Likely
from tui.search.vectors import Vector, Vectors, product
from tui.values import dataclass

_WORDS: Final = 3
_COMMON: Final = 1 / 8
"""The share of all papers that have a word from which on it tells nothing."""
_LEAST: Final = 0.01
"""What the words of a reason must add to the score: with less, they are words by chance."""
_LEAST_PAPERS: Final = 2
"""Papers kept, or dismissed, that have each word: one alone may have it by chance."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a paper is where it is."""

    words: tuple[str, ...] = ()
    """What it shares with papers kept, the most telling first; empty if little is known."""
    having: int = 0
    """How many of the papers kept have one of them."""
    kept: int = 0
    interest: str = ""
    """The list or tag of the papers kept; empty for all."""
    against: str = ""
    """A word that it shares with papers dismissed; empty if none weighs more."""
    dismissed: int = 0
    """How many of these have it."""
    is_explored: bool = False
    """Whether it is further up than it would be, as it shares little with what was decided."""

    def __str__(self) -> str:
        if self.is_explored:
            return "to learn from your decision, as little is known yet"
        if self.against:
            return f"{self.against} is in {plural(self.dismissed, 'dismissed paper')}"
        if not self.words:
            return "little known yet"
        verb = "is" if len(self.words) == 1 else "are"
        whose = f" of {self.interest}" if self.interest else " you kept or read"
        papers = f"{self.having} of {plural(self.kept, 'paper')}{whose}"
        return f"{enumerated(self.words, 'and')} {verb} in {papers}"


def grounds(vectors: Vectors, likely: Likely, row: int) -> Grounds:
    """Why a paper is where it is. Cost: 1 µs per paper kept or dismissed.

    Args:
        vectors: The vectors of all papers.
        likely: What was learned, with at least one interest.
        row: The paper.
    """
    if row in likely.explored:
        return Grounds(is_explored=True)
    own = vectors.of(row)
    all_of_them, *others = likely.interests
    named = [interest for interest in others if interest.name]  # others are too small to be named
    interest = max([all_of_them, *named], key=lambda each: product(each.learned, own))
    words = _telling(vectors, interest, own)
    gain = sum(interest.learned[word] * own[word] for word in words)
    against = min(own, key=lambda word: interest.learned.get(word, 0.0) * own[word], default="")
    if against and interest.learned.get(against, 0.0) * own[against] < -gain:
        dismissed = _having(vectors, likely.decisions.dismissed, (against,))
        if dismissed >= _LEAST_PAPERS:
            return Grounds(against=against, dismissed=dismissed)
    if gain < _LEAST:
        return Grounds()
    return Grounds(words, _having(vectors, interest.kept, words), len(interest.kept), interest.name)


def _telling(vectors: Vectors, interest: Interest, own: Vector) -> tuple[str, ...]:
    """The words of a paper that add most to its score, all of them in several papers kept."""
    shares = {
        word: number * interest.learned[word]
        for word, number in own.items()
        if interest.counts.get(word, 0) >= _LEAST_PAPERS and vectors.share_with(word) <= _COMMON
    }
    words: list[str] = []
    for word in sorted(shares, key=lambda word: -shares[word]):
        is_another = not any(word in other or other in word for other in words)
        if shares[word] > 0 and is_another:
            words.append(word)
        if len(words) == _WORDS:
            break
    return tuple(words)


def _having(vectors: Vectors, rows: Iterable[int], words: Iterable[str]) -> int:
    """How many papers have one of some words."""
    return sum(any(word in vectors.of(row) for word in words) for row in rows)
