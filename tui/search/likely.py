"""Papers that a user is likely to keep: those without a decision, ordered as learned from the rest.

An interest is a direction among the vectors of words (Rocchio's method): towards the papers kept,
away from those dismissed and from what all papers share; that of all papers kept, once more towards
the papers that come out on top. A user has several interests: each list and tag, and groups of the
other papers, if they form any. They take turns with the average of all, which would serve the
largest alone. What papers add to a direction is a sum, so one more decision adds to what was
learned. The numbers are from trials with simulated users; ``tests/search/ranking.py`` repeats them.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from heapq import nlargest
from itertools import chain, islice
from math import ceil
from operator import add
from typing import Final

from tui.search.decisions import NO_PREFERENCES, Decisions, Preferences
from tui.search.groups import distinct_groups
from tui.search.vectors import Sum, Vector, Vectors, strongest, total
from tui.values import dataclass

LEAST_KEPT: Final = 5
"""Papers kept before there is an order, and of a list or tag that is an interest of its own."""
_AWAY: Final = 0.15
"""How much the papers dismissed count: many of them must not drown a few kept."""
_BEST: Final = 40
"""Papers without a decision by which what all kept share is widened, those that come out on top."""
_BEST_SHARE: Final = 10
"""At most a tenth of the papers are among them: in a small library, more would be off the topic."""
_WIDEN: Final = 12.0
"""How much they count, divided by the number of papers kept: they blur what is known well."""
_WIDEN_MOST: Final = 1.5
_KNOWN_WELL: Final = 20
"""With more papers kept than this they count less still: divided by the square of the number. A
linear classifier then counts as much as it ever does; before, in proportion."""
_CLASSIFIED: Final = 0.5
"""How much a linear classifier counts at most, beside the rest of the score."""
_SHARED_WORDS: Final = 100
"""The most words that widen an interest, those that these papers share most."""
_COMPARED: Final = 3 * _SHARED_WORDS
"""The words that these papers have most, from which those are taken that they have more often than
all papers."""
_GROUPS: Final = 3
"""Interests among the kept papers without a list or tag of their own."""
_LEAST_NAMED: Final = 3
"""A group has the name of a list or tag that has this many of its papers."""
_LEAST_GROUPED: Final = 6
"""Papers that are grouped."""
_DIGITS: Final = 12
_MOST_GROUPED: Final = 100
"""The most papers that are grouped, as all pairs are looked at: the ones that count most."""
_MOST_INTERESTS: Final = 8
_DEALT: Final = 60
"""Places in which interests take turns; after them, the score of all interests together counts."""
_EXPLORED: Final = 10
"""Every tenth place of the upper half goes to a paper of the lower one, of which little is known:
so no paper ends up further down than by the number of these before it."""
_EXPLORING: Final = 20
"""The most places of that kind."""
_SAMPLE: Final = 60
"""Papers that are drawn each day; those with least in common with any decided get these places."""
_DRAWN: Final = 1_000
"""Papers, decided or not, of which those are the first of the lower half: so one more decision
changes few of them."""
_CHANCES: Final = 20
"""A dismissed paper gets a second chance if it ranks among the top one in this many."""


@dataclass(frozen=True, slots=True)
class Interest:
    """Something that a user is interested in."""

    name: str
    """``list moe``, ``tag nlp``; empty for others."""
    kept: Mapping[int, float]
    """The rows of its papers, and how much each counts."""
    counts: Mapping[str, int]
    """How many of these have a word."""
    learned: Vector
    """The direction before it is widened, in words of papers with a decision alone."""
    near: Sequence[float]
    """How near each paper is to it, by row; comparable within an interest alone."""
    scores: Sequence[float]
    """How likely each paper is: the same, but widened and classified if it is all papers kept."""


class Likely:
    """The order of the papers without a decision, most likely to be kept first; immutable."""

    def __init__(
        self,
        decisions: Decisions,
        ranked: Sequence[int],
        interests: Sequence[Interest] = (),
        explored: Sequence[int] = (),
        preferences: Preferences = NO_PREFERENCES,
    ) -> None:
        self.decisions = decisions
        """The examples that it was learned from."""
        self.interests = interests
        """Empty if too few papers are kept; else the first one is all of them together."""
        self.ranked = ranked
        """The rows of papers without a decision, the most likely first."""
        self.explored = explored
        """The papers that get a place further up, as little is known about them."""
        self.preferences = preferences
        """The wishes that the user stated."""

    @property
    def order(self) -> list[int]:
        """The rows in the order in which they are shown."""
        first, others, last = self.preferences.parted(self.ranked)
        return [*first, *_with_explored(others, self.explored), *last]


def learn(
    vectors: Vectors,
    decisions: Decisions,
    undecided: Sequence[int],
    today: date,
    preferences: Preferences = NO_PREFERENCES,
    groups: int = _GROUPS,
) -> Likely:
    """Learns from decisions; with too few papers kept, the order stays as it is.

    Args:
        undecided: The rows of the papers to be ordered, in the order that equals keep.
        today: Seeds the choice of papers that little is known about.
        preferences: What the user said outright.
        groups: The most interests among papers without a list or tag of their own.
    """
    kept = {row: weight for row, weight in decisions.kept.items() if vectors.of(row)}
    if len(kept) < LEAST_KEPT:
        return Likely(decisions, undecided)
    groupings = list(_groupings(vectors, kept, decisions.named, groups))
    if len(groupings) > 1:
        groupings.insert(0, ("", list(kept)))
    learner = _Learner(vectors, vectors.sum_of(decisions.dismissed), preferences)
    interests = [learner.interest(name, {r: kept[r] for r in rows}) for name, rows in groupings]
    interests[0] = learner.classified(learner.widened(interests[0], undecided))
    order = _take_turns(undecided, [interest.scores for interest in interests])
    first, others, last = preferences.parted(order)
    shared = list(map(add, vectors.sum_of(kept).scores, learner.dismissed.scores))
    explored = _least_known(shared, others, today)
    return Likely(decisions, [*first, *others, *last], interests, explored, preferences)


def _groupings(
    vectors: Vectors, kept: Mapping[int, float], named: Mapping[str, Sequence[int]], groups: int
) -> Iterator[tuple[str, Sequence[int]]]:
    """The papers of each interest."""
    rest = dict.fromkeys(kept)
    largest = sorted(named.items(), key=lambda each: (-len(each[1]), each[0]))
    for name, rows in largest[: _MOST_INTERESTS - groups]:
        own = [row for row in rows if row in kept]
        if len(own) >= LEAST_KEPT:
            yield name, own
            for row in own:
                rest.pop(row, None)
    small = {frozenset(rows): name for name, rows in named.items() if len(rows) >= _LEAST_NAMED}
    clusters: list[Sequence[int]] = []
    if len(rest) >= _LEAST_GROUPED and groups > 1:
        most_counting = nlargest(_MOST_GROUPED, rest, key=kept.__getitem__)
        clusters = distinct_groups(vectors.alike(most_counting), most_counting, groups, small)
    if len(clusters) < 2:
        clusters = [list(rest)] if rest else []
    for rows in clusters:
        yield small.get(frozenset(rows), ""), rows


@dataclass(frozen=True, slots=True)
class _Learner:
    """Learns interests from their papers, and from what they have in common."""

    vectors: Vectors
    dismissed: Sum
    """The papers dismissed."""
    preferences: Preferences

    def interest(self, name: str, kept: Mapping[int, float]) -> Interest:
        """Learns one interest from the rows of its papers, and how much each counts."""
        vectors, preferred = self.vectors, dict.fromkeys(self.preferences.words, 0.0)
        towards, away = vectors.sum_of(kept), self.dismissed
        gain, loss = 1 / sum(kept.values()), _AWAY / (sum(away.papers.values()) or 1.0)
        rest = 1 - _AWAY if away.papers else 1.0  # all that is taken away is one average paper
        direction = total([(gain, towards.vector), (-loss, away.vector)], preferred)
        as_learned = vectors.less_common(direction, rest)
        learned = self.preferences.applied(as_learned)
        near = [
            gain * kept_score - loss * dismissed_score - rest * common
            for kept_score, dismissed_score, common in zip(
                towards.scores, away.scores, vectors.common, strict=True
            )
        ]
        if preferred:
            change = {word: learned[word] - as_learned[word] for word in preferred}
            changed = map(add, near, vectors.scores(change))
            near = [round(score, _DIGITS) for score in changed]  # what is equal now is so exactly
        return Interest(name, kept, towards.counts, learned, near, near)

    def widened(self, interest: Interest, undecided: Sequence[int]) -> Interest:
        """An interest with what its likeliest papers share; preferred words count as before."""
        vectors, near = self.vectors, interest.near
        count = min(_BEST, ceil(len(undecided) / _BEST_SHARE))
        if not count:
            return interest
        best = nlargest(count, undecided, key=near.__getitem__)
        mean = total((1 / count, vectors.of(row)) for row in best)
        words = [w for w in strongest(mean, _COMPARED) if w not in self.preferences.words]
        shared = vectors.less_common({word: mean[word] for word in words})
        weight = sum(interest.kept.values())
        factor = min(_WIDEN_MOST, _WIDEN / weight * min(1.0, _KNOWN_WELL / weight))
        change = vectors.scores(shared, _SHARED_WORDS)
        scores = [score + factor * more for score, more in zip(near, change, strict=True)]
        return replace(interest, scores=scores)

    def classified(self, interest: Interest) -> Interest:
        """An interest in which a linear classifier counts, too, more with each paper kept.

        It is the simplest one: from the mean of all papers to that of those kept, in vectors that
        know which words a paper repeats, so that it is learned as fast as the rest. Preferred
        words count as in the rest.
        """
        share = _CLASSIFIED * min(len(interest.kept) / _KNOWN_WELL, 1.0)
        vectors, words = self.vectors.emphatic, self.preferences.words
        towards, gain = vectors.sum_of(interest.kept), 1 / sum(interest.kept.values())
        own = vectors.less_common({word: gain * towards.vector.get(word, 0.0) for word in words})
        change = {word: interest.learned[word] - number for word, number in own.items()}
        scores = [
            (1 - share) * score + share * (gain * kept_score - common + more)
            for score, kept_score, common, more in zip(
                interest.scores, towards.scores, vectors.common, vectors.scores(change), strict=True
            )
        ]
        if words:
            scores = [round(score, _DIGITS) for score in scores]
        return replace(interest, scores=scores)


def second_chances(vectors: Vectors, likely: Likely, most: int) -> list[int]:
    """Dismissed papers that would be among the likeliest, learned without them; likeliest first.

    Those are as near as one in twenty of the papers without a decision, and by no muted author.
    Cost: 0.3 ms per paper dismissed.

    Args:
        likely: What was learned, with at least one interest.
    """
    dismissed, near = likely.decisions.dismissed, likely.interests[0].near
    away, total_weight = vectors.sum_of(dismissed).scores, sum(dismissed.values())
    count = len(likely.ranked) // _CHANCES + 1
    least = min(nlargest(count, map(near.__getitem__, likely.ranked)), default=0.0)
    chances: dict[int, float] = {}
    for row, weight in dismissed.items():
        if row in likely.preferences.last:
            continue
        others = total_weight - weight
        rest = away[row] - weight * vectors.score(vectors.of(row), row)
        mean = rest / others if others else vectors.common[row]
        without = near[row] + _AWAY * (away[row] / total_weight - mean)
        if without >= least:
            chances[row] = without
    return nlargest(most, chances, key=chances.__getitem__)


def _take_turns(rows: Sequence[int], scores: Sequence[Sequence[float]]) -> list[int]:
    """Rows in an order in which several scores choose in turn, and the first alone ranks the rest.

    That is the score of all interests together.
    """
    ranked = [nlargest(_DEALT, rows, key=each.__getitem__) for each in scores]
    order = dict.fromkeys(islice(chain.from_iterable(zip(*ranked, strict=True)), _DEALT))
    rest = (row for row in rows if row not in order)
    return [*order, *sorted(rest, key=scores[0].__getitem__, reverse=True)]


def _least_known(shared: Sequence[float], order: Sequence[int], today: date) -> list[int]:
    """Some papers of the lower half of an order, those that share least first.

    Args:
        shared: How much each paper shares with those that were decided, by row.
        order: The order, whose upper half has a tenth place for each of them.
        today: Seeds the choice.
    """
    count, half = len(shared), len(order) // 2
    lower = frozenset(order[half:])
    drawn = random.Random(today.toordinal()).sample(range(count), min(_DRAWN, count))
    sample = islice((row for row in drawn if row in lower), _SAMPLE)
    return sorted(sample, key=shared.__getitem__)[: min(half // _EXPLORED, _EXPLORING)]


def _with_explored(order: Sequence[int], explored: Sequence[int]) -> list[int]:
    """An order in which every tenth place, as long as there are any, goes to one of some rows."""
    apart = set(explored)
    rest = (row for row in order if row not in apart)
    mixed: list[int] = []
    for row in explored:
        mixed += islice(rest, _EXPLORED - 1)
        mixed.append(row)
    return [*mixed, *rest]
