"""The examples to learn from: papers that a user kept and dismissed, and stated wishes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Final

from tui.model.fields import ordinal
from tui.model.state import PaperState, Status
from tui.values import dataclass

_HALF_LIFE: Final = 180
"""Days after which a decision counts half."""
_OLD: Final = 0.25
"""The least that an old decision counts."""
_BULK: Final = 5
"""This many papers marked within a second were not looked at one by one."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The examples to learn from: rows of papers, and how much each counts."""

    kept: Mapping[int, float]
    dismissed: Mapping[int, float]
    named: Mapping[str, Sequence[int]]
    """The papers of ``kept`` by list and tag."""

    @classmethod
    def of(cls, states: Mapping[int, PaperState], today: date) -> "Decisions":
        """Weighs the states of papers: a star or a list counts most, and a mark for many nothing.

        Args:
            states: By row; other papers are in the default state.
            today: By which decisions age.
        """
        shown = {row: s for row, s in states.items() if not (s.is_removed or s.is_snoozed(today))}
        at_once = Counter(map(_mark, shown.values()))
        kept: dict[int, float] = {}
        dismissed: dict[int, float] = {}
        named: dict[str, list[int]] = {}
        for row, state in shown.items():
            is_bulk = state.marked != "" and at_once[_mark(state)] >= _BULK
            age = today.toordinal() - (ordinal(state.changed) or today.toordinal())
            freshness = max(0.5 ** (max(age, 0) / _HALF_LIFE), _OLD)
            if state.status is Status.DISMISSED:
                if not is_bulk:
                    dismissed[row] = freshness
            elif weight := _weight(state, is_bulk=is_bulk):
                kept[row] = weight * freshness
                names = (*(f"list {n}" for n in state.lists), *(f"tag {n}" for n in state.tags))
                for name in names:
                    named.setdefault(name, []).append(row)
        return cls(kept, dismissed, named)


def _mark(state: PaperState) -> tuple[str | None, Status]:
    """The state in common of papers that were marked at once, whatever else changed since."""
    return state.changed if state.marked is None else state.marked, state.status


def _weight(state: PaperState, *, is_bulk: bool) -> float:
    """How much a paper that is not dismissed counts as kept."""
    if state.starred or state.lists:
        return 2.0
    if state.status is Status.READING:
        return 1.5
    if state.status is Status.READ:
        return 1.0 if state.tags or state.note else 0.0 if is_bulk else 0.5
    return 1.0 if state.tags or state.note else 0.0


@dataclass(frozen=True, slots=True)
class Preferences:
    """The wishes that the user stated: more of this, none of that."""

    words: Mapping[str, bool] = field(default_factory=dict)
    """By folded word, whether it counts as much as the strongest one; else it is ignored."""
    first: frozenset[int] = frozenset()
    """Rows of papers that come first, as the user wants more of an author."""
    last: frozenset[int] = frozenset()
    """Rows of papers that come last, as the user muted an author."""

    def applied(self, direction: dict[str, float]) -> dict[str, float]:
        """A direction with the words as they were preferred."""
        strongest = max(direction.values(), default=0.0)
        preferred = {word: strongest if more else 0.0 for word, more in self.words.items()}
        return {**direction, **preferred}

    def parted(self, rows: Sequence[int]) -> tuple[list[int], list[int], list[int]]:
        """Rows that come first, others, and those that come last; each keep their order."""
        return (
            [row for row in rows if row in self.first],
            [row for row in rows if row not in self.first and row not in self.last],
            [row for row in rows if row in self.last],
        )


NO_PREFERENCES: Final = Preferences()
