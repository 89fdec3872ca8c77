"""Prints how many pairs of records are placed right: ``python -m tests.model.report``."""

import sys

from tests.model.pairs import Pair, one, two
from tui.model.identity import merge_all


def is_one(pair: Pair) -> bool:
    """Whether both records, in either order, become one paper.

    Raises:
        AssertionError: If that depends on the order.
    """
    _, first, second = pair
    counts = {len(merge_all([first, second])), len(merge_all([second, first]))}
    assert len(counts) == 1, pair
    return counts == {1}


def main() -> int:
    """Prints the pairs that are placed wrong, and the counts; 0 if there are none."""
    failures = 0
    for name, pairs, expected in (("one", list(one()), True), ("two", list(two()), False)):
        wrong = [pair for pair in pairs if is_one(pair) is not expected]
        for difference, first, second in wrong:
            print(f"{difference}: “{first.title}” and “{second.title}”")
        print(f"pairs that are {name}: {len(pairs) - len(wrong)} of {len(pairs)} right")
        failures += len(wrong)
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main())
