"""Figures of the library that need neither a screen nor a search."""

import tempfile
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.measure import timed
from tests.benchmarks.synthetic import write_library
from tui.library import Library

LISTS: Final = 20
IN_LIST: Final = 100
"""Papers in each list."""


def listing_lists(papers: int = 10_000) -> float:
    """Milliseconds that all reading lists take, with 20 lists and a state of every paper.

    It is asked right after a change to one of the lists, as the sidebar does.
    """
    with tempfile.TemporaryDirectory() as folder:
        write_library(Path(folder), papers)
        with Library.open(Path(folder), "bench") as library:
            keys = list(library.papers)
            library.change("star", [("papers", key, "starred", True) for key in keys])
            for number in range(LISTS):
                name = f"list {number}"
                members = keys[number * IN_LIST : (number + 1) * IN_LIST]
                places = [
                    ("papers", key, f"list/{name}", float(n)) for n, key in enumerate(members)
                ]
                library.change("list", [("lists", name, "exists", True), *places])
            library.state.lists()

            def change_and_list(place: float) -> float:
                library.change("move", [("papers", keys[0], "list/list 0", place)])
                return timed(library.state.lists)

            costs = [change_and_list(number + 0.5) for number in range(50)]
    return median(costs)
