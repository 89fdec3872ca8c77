"""Segmentation of text lines into titles and abstracts by the most likely assignment."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from tui.formats.importers.hf_daily.features import Layout, LineRole, scores_of
from tui.formats.importers.hf_daily.lines import Line
from tui.values import dataclass

_COST: Final[dict[LineRole, dict[LineRole, float]]] = {
    LineRole.TITLE: {
        LineRole.ABSTRACT: 0,
        LineRole.MORE_ABSTRACT: 0,
        LineRole.TITLE: 9,
        LineRole.MORE_TITLE: 9,
    },
    LineRole.MORE_TITLE: {LineRole.TITLE: 0, LineRole.MORE_TITLE: 0},
    LineRole.ABSTRACT: {LineRole.TITLE: 0, LineRole.MORE_TITLE: 0},
    LineRole.MORE_ABSTRACT: {LineRole.ABSTRACT: 0, LineRole.MORE_ABSTRACT: 0},
    LineRole.ORGANIZATION: {
        LineRole.TITLE: 2,
        LineRole.MORE_TITLE: 2,
        LineRole.ABSTRACT: 0,
        LineRole.MORE_ABSTRACT: 0,
        LineRole.ORGANIZATION: 0,
    },
}
"""The roles that may stand before a role, each with what the step costs."""
_COST_WITHIN: Final = {
    role: costs for role, costs in _COST.items() if role is not LineRole.ORGANIZATION
}
"""Those of a line that is not the last."""
_NEVER: Final = float("-inf")
_SECOND_TITLE: Final = 16.0
"""What a second title costs in a run that should be one paper."""
_NO_ABSTRACT: Final = 2.0
"""What it costs to end with a title."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text lines with nothing else between them but blank lines."""

    lines: Sequence[Line]
    may_end_with_organization: bool
    """Whether the facts below begin with a dot, as they do after an organization."""
    is_below_facts: bool
    """Whether facts or counters stand above it, so that its first line is a title."""
    is_card: bool
    """Whether the page has facts or counters between its papers, so that a run is one paper."""


def assign_roles(run: Run, layout: Layout, reached: Callable[[int], None]) -> list[LineRole]:
    """The most likely roles of a run of text lines: the best total score.

    A run begins with a title, or with an abstract whose title is missing; only its last line, or
    last link, can be an organization. Cost: linear (Viterbi).

    Args:
        run: At least one line.
        reached: Called with the number of each line, for progress.
    """
    lines = run.lines
    first = scores_of(lines[0], None, layout)
    best = {
        LineRole.TITLE: first[LineRole.TITLE],
        LineRole.ABSTRACT: first[LineRole.ABSTRACT] - (20.0 if run.is_below_facts else 6.0),
    }
    steps: list[dict[LineRole, LineRole]] = []
    organization = len(lines) - 1 if run.may_end_with_organization else len(lines)
    while 0 < organization < len(lines) and lines[organization].continues:
        organization -= 1
    for place, (before, line) in enumerate(pairwise(lines), 1):
        reached(line.number)
        points = scores_of(line, before, layout)
        sums: dict[LineRole, float] = {}
        step: dict[LineRole, LineRole] = {}
        for role, costs in (_COST if place >= organization else _COST_WITHIN).items():
            highest = _NEVER
            for other, cost in costs.items():
                if (total := best.get(other, _NEVER) - cost) > highest:
                    highest, step[role] = total, other
            if role in step:
                sums[role] = highest + points[role]
        if run.is_card and LineRole.TITLE in sums:
            sums[LineRole.TITLE] -= _SECOND_TITLE
        steps.append(step)
        best = sums
    for role in (LineRole.TITLE, LineRole.MORE_TITLE):
        if role in best and len(lines) > 1:
            best[role] -= _NO_ABSTRACT
    role = max(best, key=best.__getitem__)
    roles = [role]
    for step in reversed(steps):
        role = step[role]
        roles.append(role)
    return roles[::-1]
