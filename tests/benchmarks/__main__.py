"""Measures every promise of speed, and prints one table: ``make bench``.

``--quick`` leaves the largest and the oldest library out. Libraries are made once and kept in the
folder given.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tests.benchmarks import measure, screens, starting, years
from tests.benchmarks.library_rows import (
    WORD,
    exporting,
    listing_lists,
    pulling,
    searching_patterns,
)
from tests.benchmarks.measure import Figure, compared, in_turns, p95, spread, timed
from tests.benchmarks.parsing import reading_files
from tests.benchmarks.synthetic import write_library, write_page
from tests.benchmarks.years import AGES
from tests.conftest import CORPUS
from tests.search.test_quality import KNOWN, quality
from tests.strategies import TODAY
from tui.config import cache_path, session_path
from tui.exchange import import_files
from tui.formats.importers import read
from tui.library import Library
from tui.model.paper import from_record
from tui.model.state import DEFAULT_STATE, Item
from tui.query import parse
from tui.search.memory import index_of

FRAME: Final = 1000 / 60
LISTING: Final = 0.5
"""Milliseconds that listing the reading lists may take."""
SHIPPED: Final = 268
LARGEST: Final = 100_000
QUERIES: Final = (
    "retrieval",
    "language model",
    "retreival",
    "mutlitask",
    "diffusion",
    "multi agent",
    "title:survey",
    "is:unread lora",
    "world mod",
    "quantization -survey",
    "tag:rl OR reinforcement",
    "year:2024 graph",
    "up:>=20 robot",
    "finetuning",
    "contrastive",
    "sort:up vision",
)
"""What is typed, letter by letter."""

READ: Final = """
import sys, time
from pathlib import Path
import orjson
start = time.perf_counter()
orjson.loads(Path(sys.argv[1]).read_bytes())
print((time.perf_counter() - start) * 1e3)
"""
OPEN: Final = """
import sys, time
from pathlib import Path
from tui.library import Library
from tui.query import parse
start = time.perf_counter()
library = Library.open(Path(sys.argv[1]), "bench", write=False, cache=Path(sys.argv[2]))
listed = len(library.select(parse("")))
library.search.load_words()
print((time.perf_counter() - start) * 1e3)
"""


class Bench:
    """Figures, and the libraries they are taken on."""

    def __init__(
        self, folder: Path, sizes: Sequence[int], turns: int, *, is_quick: bool = False
    ) -> None:
        """Makes the libraries that are not there yet, and their caches."""
        self.figures: list[Figure] = []
        self.left_out: list[str] = []
        self.sizes = sizes
        self.turns = turns
        self.is_quick = is_quick
        self.home = folder / "home"
        self.env = starting.environment(self.home)
        os.environ.update({k: v for k, v in self.env.items() if k.startswith("XDG")})
        self.folders = {size: folder / str(size) for size in sizes}
        for size, library in self.folders.items():
            write_library(library, size)
            write_page(folder / f"{size}.txt", size)
            with Library.open(library, "bench", cache=cache_path(library)) as opened:
                opened.search.load_words()
        self.shipped = folder / "shipped"
        if not Library.exists(self.shipped):
            with Library.open(self.shipped, "bench") as opened:
                opened.seed(from_record(r) for r in json.loads(CORPUS.read_text("utf-8")))

    def forget(self) -> None:
        """Leaves no decision and no place, so that a row tells the same whatever ran before."""
        for folder in (self.shipped, *self.folders.values()):
            shutil.rmtree(folder / "journal", ignore_errors=True)
            session_path(folder).unlink(missing_ok=True)
            for name in ("triage.json", "appended"):
                (folder / name).unlink(missing_ok=True)

    def add(self, figure: Figure) -> None:
        """Takes a figure, and says so."""
        self.figures.append(figure)
        print(
            f"  {figure.what}, {figure.papers:,}: {figure.ratio} ({figure.measured})",
            file=sys.stderr,
        )

    def bar(self, bar: float) -> float | None:
        """A bar that is meant for the largest library; ``None`` if that was left out."""
        return bar if self.sizes[-1] >= LARGEST else None

    def open(self, size: int) -> Library:
        """A library, for reading."""
        folder = self.folders[size]
        return Library.open(folder, "bench", write=False, cache=cache_path(folder))

    def smallest_and_largest(self) -> Sequence[tuple[int, Path]]:
        """The shipped library and the largest one, with their numbers of papers."""
        last = self.sizes[-1]
        return (SHIPPED, self.shipped), (last, self.folders[last])

    # Rows of the table

    def start(self) -> None:
        """The papers on screen, and the first key answered, against a bare app."""
        for size, folder in self.smallest_and_largest():
            marker = f" of {size:,}".encode()
            for what, work, bar in (
                # Without a bar: a picture kept from last time was once held to one, and made the
                # answer wait. A user waits for the answer.
                ("first paint of the papers", starting.ours, None),
                ("start until a key typed at once is answered", starting.answered, 1.6),
            ):
                ours, bare = in_turns(
                    lambda: work(folder, marker, self.env),  # noqa: B023
                    lambda: starting.bare(self.env),
                    self.turns,
                )
                bar_here = bar if bar is None or size == SHIPPED else self.bar(bar)
                what = f"{what}, against the first paint of a bare Textual app"
                self.add(compared(what, size, bar_here, ours, bare))

    def listed(self) -> None:
        """All listed and filterable, against reading the file."""
        for size in self.sizes:
            folder = self.folders[size]
            try:
                ours, theirs = in_turns(
                    lambda: float(measure.python(OPEN, folder, cache_path(folder))),  # noqa: B023
                    lambda: float(measure.python(READ, folder / "papers.json")),  # noqa: B023
                    self.turns,
                )
            except subprocess.CalledProcessError:
                self.left_out.append("orjson")
                return
            bar = self.bar(2.0) if size == self.sizes[-1] else None
            self.add(compared("listed and filterable against orjson", size, bar, ours, theirs))

    def letters(self) -> list[float]:
        """The index's part of each letter, and its growth."""
        medians: list[float] = []
        costs: list[float] = []
        for size in self.sizes:
            with self.open(size) as library:
                library.search.load_words()
                costs = [
                    timed(lambda: library.select(parse(text[:end], typing=True))[:50])  # noqa: B023
                    for text in QUERIES
                    for end in range(1, len(text) + 1)
                ]
            medians.append(p95(costs))
            self.add(Figure("a letter, the index's part", size, None, None, f"{spread(costs)} ms"))
        self.growth("a letter, the index's part", medians)
        return costs

    def peers(self, costs: Sequence[float]) -> None:
        """The same text, searched by others."""
        size = self.sizes[-1]
        text = self.folders[size].parent / f"{size}.txt"
        for name, command, bar in (
            ("rg -ic", ["rg", "-ic", "retrieval", str(text)], 0.25),
            ("fzf --exact", ["sh", "-c", f"fzf --exact --filter retrieval < {text}"], 0.02),
        ):
            if shutil.which(name.split()[0]) is None:
                self.left_out.append(name.split()[0])
                continue
            theirs = [starting.whole(command, self.env) for _ in range(self.turns)]
            ratio = p95(costs) / p95(theirs)
            figure = f"{spread(costs)} against {spread(theirs)} ms"
            self.add(
                Figure(
                    f"a letter, the index's part, against {name}",
                    size,
                    ratio,
                    self.bar(bar),
                    figure,
                )
            )

    def slow_questions(self) -> None:
        """What a screen should ask in a thread."""
        for text in ('"language models"', "/top-?k/", "abs:low*rank", "sort:-up,title", "like:ba"):
            figures = []
            for size in self.sizes:
                with self.open(size) as library:
                    library.search.load_words()
                    figures.append(f"{timed(lambda: library.select(parse(text))[:50]):.3g}")  # noqa: B023
            self.add(
                Figure(
                    f"first answer to {text}",
                    self.sizes[-1],
                    None,
                    None,
                    f"{' / '.join(figures)} ms",
                )
            )

    def patterns(self) -> None:
        """The regular expressions that take longest, against a word."""
        costs = searching_patterns(self.env)
        word = costs.pop(WORD)
        worst = max(costs, key=costs.__getitem__)
        figure = f"{costs[worst]:.0f} ms for {worst} against {word:.0f} ms"
        what = "CPU of list with the worst pattern, against a word, 2,100 letters each"
        self.add(Figure(what, 2_000, costs[worst] / word, 5.0, figure))

    def keys(self) -> None:
        """Keys until their frames, against bare widgets of Textual."""
        for size, folder in self.smallest_and_largest():
            cache = cache_path(folder)
            ours, theirs = asyncio.run(screens.moving(folder, cache, self.turns))
            what = "j: key to frame, against a bare OptionList of the same titles"
            self.add(compared(what, size, 1.2, ours, theirs))
            shown, found = asyncio.run(screens.typing(folder, cache, QUERIES))
            what = "a letter of a query: key to frame, against a bare Input"
            self.add(compared(what, size, 2.0, shown.ours, shown.theirs))
            what = "a letter of a query: key to frame with results, against an OptionList of them"
            self.add(compared(what, size, 2.0, found.ours, found.theirs))
            costs = asyncio.run(screens.keys(folder, cache, "rd" * 15))
            figure = f"{spread(costs)} ms"
            self.add(Figure("r, d: key to frame", size, p95(costs) / FRAME, 1.0, figure))

    def results(self) -> None:
        """New results until their frame, against those of a small library."""
        last = self.sizes[-1]
        words = ["language", "retrieval", "", "graph", "is:unread", "vision", ""]
        few: list[float] = []
        many: list[float] = []
        for _ in range(3):  # in turns, so that a busy minute hits both
            for costs, folder in ((few, self.folders[self.sizes[0]]), (many, self.folders[last])):
                costs += asyncio.run(screens.showing(folder, cache_path(folder), words))
        self.add(
            compared("a new result to its frame, against 1,000", last, self.bar(1.5), many, few)
        )

    def filling(self) -> None:
        """The list, against Textual's own table."""
        size = self.sizes[-1]
        folder = self.folders[size]
        with self.open(size) as library:
            theirs = [asyncio.run(screens.filling(list(library.select(parse("")))))]
        ours = [
            min(asyncio.run(screens.showing(folder, cache_path(folder), ["lora", "", "x", ""])))
        ]
        self.add(
            compared("filling the list against a DataTable", size, self.bar(0.02), ours, theirs)
        )

    def marks(self) -> None:
        """One mark, durable, against the append it needs."""
        for size, folder in ((SHIPPED, self.shipped), *self.folders.items()):
            cache = cache_path(folder)
            with Library.open(folder, "bench", cache=cache) as library:
                _ = library.search
                keys = iter(library.select(parse(""))[:400])
                handle = os.open(folder / "appended", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

                def mark(library: Library = library, keys: object = keys) -> float:
                    key = next(keys).key  # type: ignore[call-overload]
                    status = "read" if library.state.of(key).status != "read" else "dismissed"
                    setting = ("papers", key, "status", status)
                    return timed(lambda: library.change("mark", [setting]))

                def append(handle: int = handle) -> float:
                    start = time.perf_counter()
                    os.write(handle, b"x" * 180)
                    os.fsync(handle)
                    return (time.perf_counter() - start) * 1e3

                ours, theirs = in_turns(mark, append, 100)
                os.close(handle)
            self.add(compared("a mark, durable, against a bare append", size, 2.0, ours, theirs))

    def memory(self) -> None:
        """The app's peak, against the text."""
        size = self.sizes[-1]
        folder = self.folders[size]
        command = [str(starting.PROGRAM), "--library", str(folder)]
        started = starting.Started(command, f" of {size:,}".encode(), self.env)
        started.idle(4.0)
        peak = started.peak_memory()
        started.end()
        text = (folder.parent / f"{size}.txt").stat().st_size
        figure = f"{peak / 1e6:.0f} MB of {text / 1e6:.0f} MB"
        self.add(Figure("peak memory against the text", size, peak / text, self.bar(2.5), figure))

    def imports(self) -> None:
        """A page into an empty library, against parsing alone."""
        costs: list[float] = []
        for size in self.sizes:
            page = self.folders[size].parent / f"{size}.txt"
            pages, unlimited = [str(page)], import_files.Reading(10**10)
            folder = self.home / f"import-{size}"
            shutil.rmtree(folder, ignore_errors=True)
            parsing = timed(lambda: read(page.read_bytes(), page.name, today=TODAY))  # noqa: B023
            with Library.open(folder, "bench") as library:
                cost = timed(
                    lambda: list(import_files.import_pages(library, pages, reading=unlimited))  # noqa: B023
                )
            shutil.rmtree(folder, ignore_errors=True)
            costs.append(cost)
            figure = f"{cost:.0f} against {parsing:.0f} ms"
            self.add(Figure("import against parsing alone", size, cost / parsing, None, figure))
        self.growth("import", costs)

    def files(self) -> None:
        """Files of other formats, against the parsers that they are read with."""
        for figure in reading_files(10_000, 5):
            self.add(figure)

    def exports(self) -> None:
        """The worst format for a whole library, against writing the same bytes; both durable."""
        costs: list[float] = []
        for size in self.sizes[:2]:
            with self.open(size) as library:
                by_format = exporting(library, self.home, self.turns)
            rows = [
                compared(f"export as {name}, against writing its bytes, durably", size, 10.0, *both)
                for name, both in by_format.items()
            ]
            self.add(max(rows, key=lambda row: row.ratio or 0))
            costs.append(sum(min(ours) for ours, _ in by_format.values()))
        self.growth("export", costs)

    def pulls(self) -> None:
        """A list that was ticked and that a formatter rewrote, against parsing its Markdown."""
        what = "pull of a list against parsing its Markdown alone"
        self.add(compared(what, self.sizes[0], 2.0, *pulling(self.sizes[0], 5)))

    def shell(self) -> None:
        """A command, against an empty interpreter."""
        command = [str(starting.PROGRAM), "--library", str(self.shipped), "list"]
        ours, theirs = in_turns(
            lambda: starting.whole(command, self.env),
            lambda: starting.whole([sys.executable, "-c", "pass"], self.env),
            self.turns,
        )
        self.add(compared("papers-tui list against python -c pass", SHIPPED, 10.0, ours, theirs))

    def found(self) -> None:
        """Precision and recall over the queries with known answers."""
        papers = [from_record(r) for r in json.loads(CORPUS.read_text("utf-8"))]
        index = index_of(Item(paper, DEFAULT_STATE) for paper in papers)
        precision, recall = quality(index, KNOWN)
        figure = f"precision {precision:.4f}, recall {recall:.4f} over {len(KNOWN)} queries"
        self.add(Figure("what is found", SHIPPED, None, None, figure))

    def lists(self) -> None:
        """All reading lists, as the sidebar asks for them."""
        cost = listing_lists()
        what = "listing 20 reading lists of 10,000 decided papers, against 0.5 ms"
        self.add(Figure(what, 10_000, cost / LISTING, 1.0, f"{cost:.3g} ms"))

    def years(self) -> None:
        """Each command on a library of years, against the same on one of a few days."""
        ages = AGES[:-1] if self.is_quick else AGES
        for figure in years.figures(self.shipped, self.env, ages, self.turns):
            self.add(figure)

    def growth(self, what: str, costs: Sequence[float]) -> None:
        """How a cost grows with the number of papers."""
        if len(costs) > 1:
            power = measure.slope(self.sizes[: len(costs)], costs)
            figure = f"grows with n^{power:.2f}"
            self.add(Figure(f"{what}: growth", self.sizes[-1], None, None, figure))


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs everything; exit code 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 and 10,000 papers only")
    parser.add_argument("--sizes", type=int, nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--only", nargs="*", help="some rows, by the names of their methods")
    parser.add_argument("--markdown", type=Path, help="a file to write the table to")
    parser.add_argument("--folder", type=Path, default=Path(".bench"))
    options = parser.parse_args(arguments)
    sizes = options.sizes or ([1_000, 10_000] if options.quick else [1_000, 10_000, 100_000])
    start = time.perf_counter()
    bench = Bench(options.folder.resolve(), sizes, options.turns, is_quick=options.quick)
    wanted = options.only or ROWS
    costs: list[float] = []
    for name in wanted:
        bench.forget()
        if name == "letters":
            costs = bench.letters()
        elif name == "peers":
            bench.peers(costs or bench.letters())
        else:
            work: Callable[[], None] = getattr(bench, name)
            work()
    text = measure.report(bench.figures, bench.left_out, time.perf_counter() - start)
    print(text)
    if options.markdown is not None:
        options.markdown.write_text(text, "utf-8")
    measure.write_json(options.folder / "figures.json", bench.figures, bench.left_out)
    return 0 if all(figure.is_met for figure in bench.figures) else 1


ROWS: Final = (
    "found",
    "start",
    "listed",
    "letters",
    "peers",
    "slow_questions",
    "patterns",
    "keys",
    "results",
    "lists",
    "filling",
    "marks",
    "memory",
    "imports",
    "files",
    "exports",
    "pulls",
    "shell",
    "years",
)

if __name__ == "__main__":
    sys.exit(main())
