"""What measures must itself be right: tried at sizes at which a measurement means nothing."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.benchmarks import measure, screens
from tests.benchmarks.library_rows import listing_lists
from tests.benchmarks.measure import Figure, compared, in_turns, p95, slope, table
from tests.benchmarks.parsing import reading_files
from tests.benchmarks.synthetic import records, write_library, write_page
from tests.strategies import TODAY
from tui.formats.importers import read
from tui.library import Library
from tui.query import parse


def test_a_ratio_is_the_median_of_pairs_and_a_bar_is_met_or_not() -> None:
    figure = compared("x", 3, 2.0, [2, 30, 4], [1, 10, 4])
    assert figure.ratio == 2.0
    assert figure.is_met
    assert not compared("x", 3, 1.9, [2, 30, 4], [1, 10, 4]).is_met
    assert Figure("told", 1, None, None, "5 ms").is_met
    assert not Figure("lost", 1, None, 1.0, "").is_met


def test_turns_alternate_and_the_first_is_not_counted() -> None:
    order: list[str] = []
    clock = iter(range(100))

    def take(name: str) -> float:
        order.append(name)
        return float(next(clock))

    ours, theirs = in_turns(lambda: take("a"), lambda: take("b"), 3)
    assert "".join(order) == "abababab"
    assert (ours, theirs) == ([2, 4, 6], [3, 5, 7])


def test_growth_and_percentiles_are_what_they_are_called() -> None:
    assert slope([10, 100, 1000], [1, 5, 100]) == pytest.approx(1.0)
    assert p95([1.0]) == 1.0
    assert p95([*map(float, range(101))]) == pytest.approx(95)


def test_what_is_missed_stands_out_and_what_is_left_out_is_named(tmp_path: Path) -> None:
    figures = [Figure("slow", 1_000, 3.0, 2.0, "3 ms"), Figure("told", 1, None, None, "")]
    text = table(figures, ["rg"])
    assert "| slow | 1,000 | **3** |  | ≤ 2 | 3 ms |" in text
    compared_row = table([compared("x", 3, 2.0, [2, 30, 4], [1, 10, 4])], [])
    assert "| x | 3 | 2 | 1 to 3 | ≤ 2 |" in compared_row
    assert "rg" in text
    measure.write_json(tmp_path / "x.json", figures, ["rg"])
    kept = json.loads((tmp_path / "x.json").read_text("utf-8"))
    assert [each["ratio"] for each in kept["figures"]] == [3.0, None]
    assert kept["versions"]["textual"]


def test_files_are_compared_with_the_parsers_they_are_read_with() -> None:
    figures = reading_files(20, 1)
    assert [figure.bar for figure in figures] == [2.0, 4.0]
    assert all(figure.ratio and figure.ratio > 0 for figure in figures)


def test_a_synthetic_library_is_a_library_and_always_the_same(tmp_path: Path) -> None:
    path = write_library(tmp_path / "a", 60)
    assert path.read_bytes() == write_library(tmp_path / "b", 60).read_bytes()
    with Library.open(tmp_path / "a", "bench") as library:
        assert len(library) == len(library.items()) == 60
        assert library.select(parse("language"))
    page = write_page(tmp_path / "page.txt", 60)
    assert len(read(page.read_bytes(), page.name, today=TODAY).records) == 60


def test_its_words_grow_as_those_of_real_text_do() -> None:
    counts: list[int] = []
    seen: set[str] = set()
    for number, record in enumerate(records(1_600), start=1):
        seen.update(f"{record['title']} {record['abstract']}".lower().split())
        if number in (400, 800, 1_600):
            counts.append(len(seen))
    for fewer, more in pairwise(counts):
        assert 1.2 < more / fewer < 2


def test_lists_are_listed_at_any_size() -> None:
    assert 0 < listing_lists(papers=60) < 60_000


async def test_keys_and_rows_are_followed_to_their_frames(tmp_path: Path) -> None:
    write_library(tmp_path / "library", 30)
    cache = tmp_path / "cache"
    costs = await screens.keys(tmp_path / "library", cache, "jr")
    letters = await screens.typing(tmp_path / "library", cache, ["la", "me"])
    for ours, theirs in (
        await screens.moving(tmp_path / "library", cache, rounds=2, keys=2),
        *((each.ours, each.theirs) for each in letters),
    ):
        assert len(ours) == len(theirs) == 2
        costs += ours + theirs
    costs += await screens.showing(tmp_path / "library", cache, ["language", ""])
    with Library.open(tmp_path / "library", "bench", write=False) as library:
        assert [str(library.state.of(e.key).status) for e in library.items()].count("read") == 1
        costs.append(await screens.filling(library.items()))
    assert len(costs) >= 6
    assert all(0 < cost < 60_000 for cost in costs)
