"""Groups of papers that share words with one another and hardly with those of other groups."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations, permutations
from typing import Final

_ROUNDS: Final = 3
_DISTINCT: Final = 0.5
"""How alike papers of different groups may be, as a share of how alike those of one group are, for
groups to be distinct: papers on one topic can be grouped, too, and turns would only blur it."""

Alike = Mapping[int, Mapping[int, float]]
"""How alike each of some papers is to each."""
Group = Sequence[int]


def distinct_groups(
    alike: Alike, rows: Sequence[int], most: int, lists: Collection[frozenset[int]]
) -> list[Group]:
    """Papers in groups that are distinct; in one if there are none.

    Of groups that are not, the most alike are merged.

    Args:
        alike: How alike they are.
        rows: The papers.
        most: The number of groups.
        lists: Lists of papers: a group that is one of them stays, as the user made it.
    """
    groups = _clusters(alike, rows, most)
    stay = [group for group in groups if frozenset(group) in lists]
    groups = [group for group in groups if group not in stay]
    while len(groups) > 1 and not _are_distinct(alike, groups):
        smallest = min(groups, key=len)
        pairs: Iterable[tuple[Group, Group]] = combinations(groups, 2)
        if len(smallest) == 1:  # one paper is no interest
            pairs = ((smallest, group) for group in groups if group is not smallest)
        one, two = max(pairs, key=lambda pair: _likeness(alike, *pair) / _pairs(*pair))
        groups = [*(group for group in groups if group not in (one, two)), [*one, *two]]
    return [*stay, *groups]


def _clusters(alike: Alike, rows: Sequence[int], most: int) -> list[Group]:
    """Papers in groups of alike ones: k-means from seeds far from one another."""
    seeds = [*rows[:1]]
    while len(seeds) < most:
        seeds.append(min(rows, key=lambda row: max(map(alike[row].__getitem__, seeds))))
    clusters: list[list[int]] = [[seed] for seed in seeds]
    for _ in range(_ROUNDS):
        centres, clusters = clusters, [[] for _ in clusters]
        for row in rows:
            means = [sum(map(alike[row].__getitem__, c)) / len(c) for c in centres]
            clusters[means.index(max(means))].append(row)
        clusters = [cluster for cluster in clusters if cluster]
        if clusters == centres:
            break
    return [*clusters]


def _are_distinct(alike: Alike, groups: Sequence[Group]) -> bool:
    """Whether papers of one group are clearly more alike than those of different ones."""
    if min(map(len, groups)) == 1:
        return False
    itself = sum(alike[row][row] for group in groups for row in group)
    within = sum(_likeness(alike, group, group) for group in groups) - itself
    pairs = sum(_pairs(group, group) - len(group) for group in groups)
    different = list(permutations(groups, 2))
    between = sum(_likeness(alike, *pair) for pair in different)
    return between * pairs < _DISTINCT * within * sum(_pairs(*pair) for pair in different)


def _likeness(alike: Alike, one: Group, other: Group) -> float:
    """The sum of how alike each paper of one group is to each of another."""
    return sum(sum(map(alike[row].__getitem__, other)) for row in one)


def _pairs(one: Group, other: Group) -> int:
    return len(one) * len(other)
