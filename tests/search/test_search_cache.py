"""What a cache promises: with it, without it or with half of it, a library says the same."""

import json
import shutil
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import TinyDB

from tests.conftest import LAWS, NOW
from tests.view_helpers import paper
from tui.library import Library
from tui.model.paper import Paper, to_record
from tui.query import parse
from tui.search import cache as search_cache
from tui.search.cache_file import open_cache
from tui.storage.papers import Documents

PROBES: Final = (
    "",
    "retrieval",
    "retreival",
    '"language models"',
    "fine-tuning",
    "title:survey -language",
    "year:2023 sort:up",
    "abs:/top-?k/",
    "like:mix",  # no two equally close: what a replaced paper said before still weighs a little
    "sort:title",
    "id:mix",
    "source:000",
)


@pytest.fixture(autouse=True)
def always_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache for the smallest library too."""
    monkeypatch.setattr(search_cache, "WORTH_KEEPING", 1)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def opened(folder: Path, cache: Path | None) -> Library:
    return Library.open(folder, "desk", wait=0, cache=cache, now=lambda: NOW)


def answers(folder: Path, cache: Path | None) -> list[object]:
    """All that a library says."""
    with opened(folder, cache) as library:
        return [
            library.items(),
            *(library.select(parse(text)).keys() for text in PROBES),
            *(library.search.corrections(parse(text)) for text in PROBES),
        ]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, corpus: tuple[Paper, ...]) -> Path:
    """A folder with a library and its cache, to be copied."""
    place = tmp_path_factory.mktemp("seeded")
    with (
        pytest.MonkeyPatch.context() as patch,
        opened(place / "library", place / "cache") as library,
    ):
        patch.setattr(search_cache, "WORTH_KEEPING", 1)
        library.seed(corpus)
        library.search.load_words()
    return place


@pytest.fixture(scope="module")
def plain(seeded: Path) -> list[object]:
    """What this library says without a cache."""
    return answers(seeded / "library", None)


@pytest.fixture
def filled(seeded: Path, tmp_path: Path, folder: Path) -> Path:
    shutil.copytree(seeded, tmp_path, dirs_exist_ok=True)
    return folder


def noting(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Where the papers begin that are read from now on."""
    offsets: list[int] = []
    read = Documents.read

    def noted(self: Documents, offset: int, size: int) -> tuple[Paper, str | None]:
        offsets.append(offset)
        return read(self, offset, size)

    monkeypatch.setattr(Documents, "read", noted)
    return offsets


def test_a_cache_changes_nothing_that_is_reported(filled: Path, cache: Path) -> None:
    plain = answers(filled, None)
    assert sorted(item.name for item in cache.iterdir()) == ["rows", "words"]
    assert answers(filled, cache) == plain


def test_with_a_cache_no_paper_is_read_until_it_is_looked_at(
    filled: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = noting(monkeypatch)
    with opened(filled, cache) as library:
        results = library.select(parse("retrieval"))
        assert len(results) > 50
        assert library.counts().total == 268
        assert results.place(results.key(7)) == 7
        assert not read
        assert len(results[:10]) == 10
        assert len(read) == 10


def test_only_what_is_new_is_read_after_an_import(
    filled: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(filled, None) as library:  # elsewhere, where the cache is not known
        more = paper("A Retreat for Zebras", "Zebras read of multi-task zebras.", file="zoo.txt")
        library.add(more.records)
        library.add(paper(library.items()[3].paper.title, "Longer. " * 999, file="x").records)
    read = noting(monkeypatch)
    with opened(filled, cache) as library:
        assert len(read) == 2
        assert library.select(parse("zebras")).keys() == [more.key]
        assert library.select(parse("multitask")).place(more.key) is not None
    assert (cache / "news").exists()
    monkeypatch.undo()
    assert answers(filled, cache) == answers(filled, None)


def test_papers_that_come_one_after_another_are_all_found_by_their_words(
    filled: Path, cache: Path
) -> None:
    for animal in ("zebras", "okapis", "wombats"):
        more = paper(f"A Retreat for {animal.title()}", f"They read of {animal}.", file=animal)
        with opened(filled, cache) as library:
            library.add(more.records)
        with opened(filled, cache) as library:
            assert library.select(parse(f"abs:{animal}")).keys() == [more.key]
    assert answers(filled, cache) == answers(filled, None)


def test_a_paper_with_new_facts_is_listed_once_although_it_does_not_match(
    filled: Path, cache: Path
) -> None:
    with opened(filled, cache) as library:
        first = library.items()[3].paper
        library.add(paper(first.title, "Longer. " * 999, file="x").records)
        query = parse("is:starred")
        results = library.search.find(query, lambda _: (), also=[first.key])
        assert [item.paper.display_abstract[:7] for item in results] == ["Longer."]
        assert results.keys() == [first.key]


@pytest.mark.parametrize("name", ["rows", "words"])
@pytest.mark.parametrize("damage", ["gone", "cut", "spoilt", "older"])
def test_a_cache_that_does_not_fit_is_thrown_away(
    filled: Path,
    cache: Path,
    plain: list[object],
    name: str,
    damage: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = cache / name
    whole = path.read_bytes()
    if damage == "gone":
        path.unlink()
    elif damage == "older":
        monkeypatch.setattr(search_cache, "_VERSION", b"another")
    else:
        middle = len(whole) // 2
        spoilt = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
        path.write_bytes(whole[:middle] if damage == "cut" else spoilt)
    assert answers(filled, cache) == plain
    assert answers(filled, cache) == plain


def test_whichever_column_is_damaged_the_answers_are_the_same(folder: Path, cache: Path) -> None:
    with opened(folder, cache) as library:
        for title in ("A Retreat for Zebras", "Of Okapis", "Wombats"):
            library.add(paper(title, file="zoo.txt").records)
    with opened(folder, cache) as library:  # which leaves a row that is in the file no more
        library.add(paper("Of Okapis", "Longer. " * 99, file="x", upvotes=3).records)
    plain = answers(folder, None)
    path = cache / "rows"
    assert answers(folder, cache) == plain
    whole = path.read_bytes()
    stored = open_cache(path)
    assert stored is not None
    place = len(whole) - sum(-(-column.nbytes // 8) * 8 for column in stored.columns.values())
    for name, column in stored.columns.items():
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        assert answers(folder, cache) == plain, name
        place += -(-column.nbytes // 8) * 8


def test_a_damaged_file_is_rebuilt_whatever_the_cache_says(filled: Path, cache: Path) -> None:
    plain = answers(filled, cache)
    path = filled / "papers.json"
    whole = path.read_bytes()
    path.write_bytes(whole[:2_000] + b"x" + whole[2_001:])
    assert answers(filled, cache) == plain


def test_a_stock_tinydb_opens_the_file_and_what_it_wrote_is_refused(
    filled: Path, cache: Path, corpus: tuple[Paper, ...]
) -> None:
    with TinyDB(filled / "papers.json", encoding="utf-8") as database:
        table = database.table("papers")
        assert [document["key"] for document in table] == [paper.key for paper in corpus]
        assert {key: table.all()[0][key] for key in to_record(corpus[0])} == json.loads(
            json.dumps(to_record(corpus[0]))
        )


@given(
    imports=st.lists(
        st.lists(st.tuples(st.integers(0, 7), st.integers(0, 3)), max_size=5), max_size=4
    ),
)
@settings(max_examples=10 * LAWS, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_imported_the_cache_follows(
    imports: list[list[tuple[int, int]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Papers by number and version: a later version has a longer abstract and another word."""
    base = tmp_path_factory.mktemp("library")
    for number, papers in enumerate(imports):
        with opened(base / "library", base / "cache" if number % 2 else None) as library:
            for which, version in papers:
                told_of = f"Word{version} " * (version + 1)
                record = paper(f"Title {which}", told_of, file=f"{number}.txt", upvotes=version)
                library.add(record.records)
        plain = answers(base / "library", None)
        assert answers(base / "library", base / "cache") == plain
        assert answers(base / "library", base / "cache") == plain
