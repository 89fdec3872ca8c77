"""Positions of papers in a reading list: numbers, so that a paper moves without the others."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise


def new_positions(order: Sequence[str], positions: Mapping[str, float]) -> dict[str, float]:
    """Positions for the papers of an order that have none, between those of their neighbours.

    Args:
        order: The papers, by key.
        positions: Those of some of them, which ascend in the order.

    Returns:
        The new positions; those of all papers, if no number is between two of them.
    """
    placed = [(place, positions[key]) for place, key in enumerate(order) if key in positions]
    gaps = zip([(-1, None), *placed], [*placed, (len(order), None)], strict=True)
    new = {
        key: position
        for (start, before), (end, after) in gaps
        for key, position in zip(
            order[start + 1 : end], _between(before, after, end - start - 1), strict=True
        )
    }
    all_positions = {**positions, **new}
    for one, other in pairwise(order):
        if not new.keys().isdisjoint((one, other)) and all_positions[one] >= all_positions[other]:
            return {key: float(number) for number, key in enumerate(order, 1)}
    return new


def _between(before: float | None, after: float | None, count: int) -> Iterator[float]:
    """Numbers between two, of which either may be missing, in order."""
    for number in range(1, count + 1):
        if before is not None and after is not None:
            yield before + (after - before) * number / (count + 1)
        elif after is not None:
            yield after - (count + 1 - number)
        else:
            yield (before or 0.0) + number
