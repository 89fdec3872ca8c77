"""Groups of papers that share words with one another and hardly with those of other groups."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations
from math import fsum, inf
from operator import mul, sub
from typing import Final

_STEPS: Final = 5
"""Steps of power iteration: more change the side of few papers, and these move after it."""
_ROUNDS: Final = 2
"""Rounds in which papers move."""
_TINY: Final = 1e-9
_DISTINCT: Final = 0.6
"""How alike papers of different groups may be, as a share of how alike those of one group are, for
groups to be distinct: papers on one topic can be grouped, too, and turns would only blur it. For
few papers it is less, as any two halves of them differ."""

Alike = Mapping[int, Mapping[int, float]]
"""How alike each of some papers is to each."""
Group = Sequence[int]


def distinct_groups(
    alike: Alike, rows: Sequence[int], most: int, lists: Collection[frozenset[int]]
) -> list[Group]:
    """Papers in groups that are distinct; in one if there are none.

    Of groups that are not, the most alike are merged.

    Args:
        lists: Lists of papers: a group that is one of them stays, as the user made it.
    """
    groups = _clusters(alike, rows, most)
    stay = [group for group in groups if frozenset(group) in lists]
    groups = [group for group in groups if group not in stay]
    while len(groups) > 1:
        smallest = min(groups, key=len)
        pairs: Iterable[tuple[Group, Group]] = combinations(groups, 2)
        if len(smallest) == 1:  # one paper is no interest
            pairs = ((smallest, group) for group in groups if group is not smallest)
        one, two = max(pairs, key=lambda pair: _mean_likeness(alike, *pair))
        if len(smallest) > 1 and _are_distinct(alike, one, two):
            break
        groups = [*(group for group in groups if group not in (one, two)), [*one, *two]]
    return [*stay, *groups]


def _clusters(alike: Alike, rows: Sequence[int], most: int) -> list[Group]:
    """Papers in groups of alike ones: the group whose halves differ most is split first."""
    groups: list[Group] = [rows]
    for _ in range(most - 1):
        halves = [_halves(alike, group) for group in groups]
        splits = [n for n, each in enumerate(halves) if len(each) == 2]
        if not splits:
            break
        place = min(splits, key=lambda n: _mean_likeness(alike, *halves[n]))
        groups = _settled(alike, [*groups[:place], *halves[place], *groups[place + 1 :]])
    return groups


def _halves(alike: Alike, rows: Group) -> list[Group]:
    """Papers in the two groups in which they differ most; in one if they do not differ.

    These are the two sides of the first principal component of the papers, each of length one. It
    is found by power iteration from the difference of two papers that are far apart.
    """
    products = [list(map(alike[row].__getitem__, rows)) for row in rows]
    scales = [max(alike[row][row], _TINY) ** -0.5 for row in rows]
    far = min(zip(map(mul, products[0], scales), products, strict=True))[1]
    component = list(map(sub, products[0], far))
    for _ in range(_STEPS):
        component = list(map(mul, _centred(component), scales))
        component = [
            scale * sum(map(mul, component, numbers))
            for scale, numbers in zip(scales, products, strict=True)
        ]
    component = _centred(component)
    sides: tuple[list[int], list[int]] = [], []
    for row, number in zip(rows, component, strict=True):
        sides[number > 0].append(row)
    return _settled(alike, sides)


def _centred(numbers: Iterable[float]) -> list[float]:
    """Numbers less their mean, as shares of the largest."""
    numbers = list(numbers)
    mean = fsum(numbers) / len(numbers)
    size = max(abs(number - mean) for number in numbers) or 1.0
    return [(number - mean) / size for number in numbers]


def _settled(alike: Alike, groups: Iterable[Group]) -> list[Group]:
    """Groups after each paper moved to the one whose other papers it is most like."""
    groups = list(filter(None, groups))
    for _ in range(_ROUNDS):
        moved: list[list[int]] = [[] for _ in groups]
        for own in groups:
            for row in own:
                means = [_mean(alike[row], row if each is own else None, each) for each in groups]
                moved[means.index(max(means))].append(row)
        if (moved := list(filter(None, moved))) == groups:
            break
        groups = [*moved]
    return groups


def _mean(likeness: Mapping[int, float], own: int | None, group: Group) -> float:
    """How alike a paper is to the papers of a group on average, if it is in it, to the others."""
    total, count = sum(map(likeness.__getitem__, group)), len(group)
    if own is not None:
        total, count = total - likeness[own], count - 1
    return total / count if count else -inf


def _are_distinct(alike: Alike, one: Group, other: Group) -> bool:
    """Whether papers of one of two groups are clearly more alike than those of both."""
    within = sum(_likeness(alike, group, group) for group in (one, other))
    within -= sum(alike[row][row] for row in (*one, *other))
    pairs = sum(_pairs(group, group) - len(group) for group in (one, other))
    most = _DISTINCT - 1 / (len(one) + len(other))
    return _mean_likeness(alike, one, other) * pairs < most * within


def _likeness(alike: Alike, one: Group, other: Group) -> float:
    """The sum of how alike each paper of one group is to each of another."""
    return sum(sum(map(alike[row].__getitem__, other)) for row in one)


def _mean_likeness(alike: Alike, one: Group, other: Group) -> float:
    return _likeness(alike, one, other) / _pairs(one, other)


def _pairs(one: Group, other: Group) -> int:
    return len(one) * len(other)
