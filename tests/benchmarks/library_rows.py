"""Figures of the library that need neither a screen nor a search."""

import random
import re
import resource
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.measure import in_turns, timed
from tests.benchmarks.starting import PROGRAM
from tests.benchmarks.synthetic import records, write_library
from tui.actions import lists
from tui.actions.pull import pull
from tui.exchange.export_files import ExportStyle, document, export
from tui.files import write_atomically
from tui.formats import exporters
from tui.library import Library
from tui.model.paper import from_record

LISTS: Final = 20
IN_LIST: Final = 100
"""Papers in each list."""


LONG: Final = 2_100
"""The letters of a long abstract."""
WORD: Final = "abs:language"
PATTERNS: Final = (
    *(
        "abs:/.+.+9/",
        "abs:/(a+)+#/",
        "abs:/[a-z ]+[a-z ]+#/",
        "abs:/[a-z ]{15}#/",
        "abs:/[ab].{99}/",
    ),
    *("abs:/.{0,99}a.{0,99}b.{0,50}#/", "abs:/(a|b|c|d.){20,30}#/", r"abs:/(\w+ ){30,}9{3}/"),
)
"""Patterns that backtrack for long, or whose automata have many states."""


def searching_patterns(env: Mapping[str, str], papers: int = 2_000) -> dict[str, float]:
    """CPU milliseconds of ``papers-tui list`` with a word, and with each pattern or its refusal."""
    words = [word for record in records(papers) for word in str(record["abstract"]).split()]
    chance = random.Random(1)
    costs: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        with Library.open(Path(folder), "bench") as library:
            library.seed(
                replace(
                    from_record({**record, "imports": []}),
                    abstract=" ".join(chance.choices(words, k=LONG // 6))[:LONG],
                )
                for record in records(papers)
            )
        command = [str(PROGRAM), "--library", folder, "list", "--limit", "20"]
        for text in (WORD, WORD, *PATTERNS):  # the first time, the cache is written
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([*command, text], env=env, check=False, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            costs[text] = (after.ru_utime - before.ru_utime) * 1e3
    return costs


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


def exporting(library: Library, folder: Path, turns: int) -> dict[str, tuple[list[float], ...]]:
    """Milliseconds of an export of a whole library by format, and of writing its bytes alone."""
    items, target = library.items(), folder / "exported"

    def whole(style: ExportStyle) -> bytes:
        data = bytes(document(library, "All", items, style, of_list=False))
        write_atomically(target, data, private=False)
        return data

    costs: dict[str, tuple[list[float], ...]] = {}
    for name in exporters.names():
        style = ExportStyle(name, "full")
        data = whole(style)
        costs[name] = in_turns(
            lambda: timed(lambda: whole(style)),  # noqa: B023
            lambda: timed(lambda: write_atomically(target, data, private=False)),  # noqa: B023
            turns,
        )
    target.unlink()
    return costs


def pulling(papers: int, turns: int) -> tuple[list[float], ...]:
    """Milliseconds of pulling a list that was ticked and formatted, and of parsing it alone."""
    from markdown_it import MarkdownIt

    def pulled() -> None:
        with library.dry_run():  # so that each turn has the tick to take
            assert pull(library, str(target), text.encode()).changes

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_library(folder, papers)
        target = folder / "all.md"
        with Library.open(folder, "bench") as library:
            lists.add(library, "all", list(library.papers))
            style = ExportStyle("markdown", "full")
            export(library, "all", library.items(), target, style=style)
            text = re.sub(r"(?m)^( *)- ", r"\1* ", target.read_text("utf-8"))
            text = text.replace("* [ ]", "* [x]", 1)
            return in_turns(
                lambda: timed(pulled),
                lambda: timed(lambda: MarkdownIt("commonmark").parse(text)),
                turns,
            )
