"""How well ``sort:likely`` would have done: each session predicted from those before it."""

import random
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Final

from tui.search.decisions import Decisions
from tui.search.likely import LEAST_KEPT, learn
from tui.search.vectors import Vectors
from tui.values import dataclass

LEAST: Final = 20
"""A figure needs this many papers kept, and as many dismissed."""
Pairs = Sequence[tuple[int, int]]
"""For each paper kept in a session, pairs with a paper dismissed: those in order, and all."""
_DRAWS: Final = 300
_TAIL: Final = 20
"""The range leaves out one in this many draws at either end."""


@dataclass(frozen=True, slots=True)
class DecidedRows:
    """The papers that were decided one by one in a session, as rows."""

    kept: Sequence[int]
    dismissed: Sequence[int]
    others: Sequence[int] = ()
    """Others that were decided, of which those count after the session that are kept now."""


@dataclass(frozen=True, slots=True)
class Hindsight:
    """How often a paper kept would have stood above one dismissed in the same session."""

    kept: int
    dismissed: int
    share: float = 0.5
    """The share of all such pairs; unknown with too few papers."""
    low: float = 0.0
    """The range in which it lies in nine of ten draws of sessions, and of what was kept in each."""
    high: float = 1.0

    @property
    def is_known(self) -> bool:
        """Whether there are enough papers for a figure."""
        return min(self.kept, self.dismissed) >= LEAST

    @property
    def is_no_better_than_chance(self) -> bool:
        """Whether it is known, and the lower end is not above one half."""
        return self.is_known and self.low <= 0.5

    @property
    def _percents(self) -> list[int]:
        return [round(100 * each) for each in (self.share, self.low, self.high)]

    def __str__(self) -> str:
        if not self.is_known:
            return (
                f"How well this order works is not known yet: it takes {LEAST} papers kept and"
                f" {LEAST} dismissed, one by one, in sessions that began with {LEAST_KEPT} or more"
                f" kept or read (so far {self.kept} and {self.dismissed})"
            )
        share, low, high = self._percents
        what = f"{self.kept} kept, {self.dismissed} dismissed"
        chance = ": no better than chance so far" if self.is_no_better_than_chance else ""
        return (
            f"The order put what you kept above what you dismissed {share} % of the time"
            f" (range {low} to {high}; {what}){chance}"
        )


def hindsight(
    vectors: Vectors,
    sessions: Iterable[DecidedRows],
    kept: Mapping[int, float],
    dismissed: Mapping[int, float],
    today: date,
) -> Hindsight:
    """Predicts each session from the decisions before it, once enough papers are kept.

    Cost: 30 ms for each session at 10,000 papers.

    Args:
        sessions: The sessions, oldest first.
        kept: The papers kept until now, and how much each counts.
        dismissed: Those dismissed.
        today: Seeds what is left to chance.
    """
    sessions = list(sessions)
    predicted = {r for each in sessions for r in (*each.kept, *each.dismissed, *each.others)}
    kept_before, dismissed_before = (
        {row: weight for row, weight in rows.items() if row not in predicted}
        for rows in (kept, dismissed)
    )
    pairs: list[Pairs] = []
    counts = [0, 0]
    for session in sessions:
        if session.kept and session.dismissed and len(kept_before) >= LEAST_KEPT:
            before = Decisions(dict(kept_before), dict(dismissed_before), {})
            pairs.append(_predicted(vectors, session, before, today))
            counts[0] += len(session.kept)
            counts[1] += len(session.dismissed)
        others = {row: kept[row] for row in session.others if row in kept}
        kept_before |= {row: kept.get(row, 1.0) for row in session.kept} | others
        for row in session.dismissed:
            dismissed_before[row] = dismissed.get(row, 1.0)
            kept_before.pop(row, None)
    if min(counts) < LEAST:
        return Hindsight(counts[0], counts[1])
    rng = random.Random(today.toordinal())
    drawn = sorted(_share(_drawn(rng, pairs)) for _ in range(_DRAWS))
    tail = _DRAWS // _TAIL
    low, high = drawn[tail], drawn[-tail - 1]
    return Hindsight(counts[0], counts[1], _share(chain(*pairs)), low, high)


def _drawn(rng: random.Random, pairs: Sequence[Pairs]) -> Iterator[tuple[int, int]]:
    """Sessions at random, and papers of each: one session alone must not seem beyond doubt."""
    for session in rng.choices(pairs, k=len(pairs)):
        yield from rng.choices(session, k=len(session))


def _predicted(vectors: Vectors, session: DecidedRows, decisions: Decisions, today: date) -> Pairs:
    """Learns the order from what was decided before a session, and looks where its papers are."""
    decided = decisions.kept.keys() | decisions.dismissed.keys()
    now = [*session.dismissed, *session.kept]  # equals count as wrong
    undecided = [*now, *(r for r in range(len(vectors)) if r not in decided and r not in now)]
    order = learn(vectors, decisions, undecided, today).ranked
    place = {row: number for number, row in enumerate(order)}
    places = sorted(map(place.__getitem__, session.dismissed))
    return [(len(places) - bisect(places, place[k]), len(places)) for k in session.kept]


def _share(pairs: Iterable[tuple[int, int]]) -> float:
    right = total = 0
    for right_here, all_here in pairs:
        right, total = right + right_here, total + all_here
    return right / total
