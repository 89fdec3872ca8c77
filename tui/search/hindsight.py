"""How well ``sort:likely`` would have done: sessions, foretold from those before them."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from tui.search.likely import LEAST_KEPT, Decisions, learn
from tui.search.vectors import Vectors
from tui.values import dataclass

LEAST: Final = 20
"""Papers kept, and dismissed, from which on there is a figure."""
_LAST_SESSIONS: Final = 30
"""The most sessions that are replayed, to bound the work: 30 ms each at 10,000 papers."""
_DRAWS: Final = 300
_TAIL: Final = 20
"""The range leaves out one in this many draws at either end."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """What was decided one by one in a session, as rows."""

    kept: Sequence[int]
    dismissed: Sequence[int]


@dataclass(frozen=True, slots=True)
class Hindsight:
    """How often a paper kept would have stood above one dismissed in the same session."""

    share: float
    low: float
    """The range in which it lies in nine of ten draws of sessions."""
    high: float
    kept: int
    dismissed: int

    @property
    def is_better_than_chance(self) -> bool:
        """Whether even the lower end is above one half."""
        return self.low > 0.5

    def __str__(self) -> str:
        share, low, high = (round(100 * each) for each in (self.share, self.low, self.high))
        what = f"{self.kept} kept, {self.dismissed} dismissed"
        chance = "" if self.is_better_than_chance else ": no better than chance so far"
        return (
            f"likely put a paper you kept above one you dismissed {share} % of the time"
            f" (range {low} to {high}; {what}){chance}"
        )


def hindsight(
    vectors: Vectors,
    sittings: Iterable[Sitting],
    before: Mapping[int, float],
    dismissed_before: Mapping[int, float],
    today: date,
) -> Hindsight | None:
    """Foretells each session from the decisions before it; ``None`` with too few of them.

    Args:
        vectors: The vectors of all papers.
        sittings: The sessions, oldest first.
        before: The papers kept before the first one, and how much each counts.
        dismissed_before: Those dismissed.
        today: Seeds what is left to chance.
    """
    kept, dismissed = dict(before), dict(dismissed_before)
    pairs: list[tuple[int, int]] = []
    counts = [0, 0]
    for sitting in list(sittings)[-_LAST_SESSIONS:]:
        if sitting.kept and sitting.dismissed and len(kept) >= LEAST_KEPT:
            pairs.append(_foretold(vectors, sitting, Decisions(kept, dismissed, {}), today))
            counts[0] += len(sitting.kept)
            counts[1] += len(sitting.dismissed)
        kept = {**kept, **dict.fromkeys(sitting.kept, 1.0)}
        dismissed = {**dismissed, **dict.fromkeys(sitting.dismissed, 1.0)}
        for row in sitting.dismissed:
            kept.pop(row, None)
    if min(counts) < LEAST:
        return None
    rng = random.Random(today.toordinal())
    drawn = sorted(_share(rng.choices(pairs, k=len(pairs))) for _ in range(_DRAWS))
    tail = _DRAWS // _TAIL
    return Hindsight(_share(pairs), drawn[tail], drawn[-tail - 1], *counts)


def _foretold(
    vectors: Vectors, sitting: Sitting, decisions: Decisions, today: date
) -> tuple[int, int]:
    """Pairs of a paper kept and one dismissed that stood in that order, and all pairs."""
    decided = decisions.kept.keys() | decisions.dismissed.keys()
    now = [*sitting.dismissed, *sitting.kept]  # equals count as wrong
    undecided = [*now, *(r for r in range(len(vectors)) if r not in decided and r not in now)]
    order = learn(vectors, decisions, undecided, today).ranked
    place = {row: number for number, row in enumerate(order)}
    right = sum(place[k] < place[d] for k in sitting.kept for d in sitting.dismissed)
    return right, len(sitting.kept) * len(sitting.dismissed)


def _share(pairs: Iterable[tuple[int, int]]) -> float:
    right = total = 0
    for right_here, all_here in pairs:
        right, total = right + right_here, total + all_here
    return right / total
