"""The verbs of all tags: another name, one tag out of two, none of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.view_helpers import TWELVE, key_of
from tui.actions import history, tags, triage
from tui.errors import PapersError, UsageError
from tui.library import Library
from tui.model.names import MAX_NAME
from tui.model.state import Status
from tui.query import parse

A, B, C, D = (item.key for item in TWELVE[:4])


pytestmark = pytest.mark.usefixtures("no_fsync")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Library]:
    """A library with tags: ml on two papers, one of them vision, and nlp on another two."""
    with Library.open(tmp_path / "library", "desk", wait=0, now=lambda: NOW) as library:
        library.seed(TWELVE)
        triage.tag(library, [A, B], ["ml"])
        triage.tag(library, [B], ["ml/vision"])
        triage.tag(library, [B, C], ["nlp"])
        triage.tag(library, [D], ["mlops"])
        yield library


def tagged(library: Library) -> dict[str, tuple[str, ...]]:
    """The tags of each paper that has some, by the letter its title begins with."""
    tags = {item.paper.title[0]: item.state.tags for item in library.items()}
    return {letter: names for letter, names in tags.items() if names}


AT_FIRST: Final = {
    "A": ("ml",),
    "B": ("ml", "ml/vision", "nlp"),
    "C": ("nlp",),
    "D": ("mlops",),
}


def test_tags_are_counted_with_what_is_unread_of_them(desk: Library) -> None:
    triage.mark(desk, [B], Status.READ)
    counts = tags.counts(desk)
    assert counts["ml/vision"] == (1, 0)
    assert counts["nlp"] == (2, 1)
    assert counts["mlops"] == (1, 1)
    assert list(counts) == sorted(counts)


def test_a_tag_counts_the_papers_that_its_query_finds(desk: Library) -> None:
    for name, (papers, unread) in tags.counts(desk).items():
        results = desk.select(parse(f"tag:{name}"))
        assert len(results) == papers, name
        assert sum(e.state.status is Status.UNREAD for e in results) == unread, name


def test_without_tags_nothing_is_counted(tmp_path: Path) -> None:
    with Library.open(tmp_path / "bare", "desk", wait=0) as library:
        assert tags.counts(library) == {}


def test_a_tag_gets_another_name_on_every_paper_as_one_change(desk: Library) -> None:
    count = len(desk.state.history())
    change = tags.rename(desk, "nlp", "language")
    assert change is not None
    assert desk.state.keys_of(change) == (B, C)
    assert history.describe(desk, change) == "Renamed tag nlp to language: 2 papers"
    assert len(desk.state.history()) == count + 1
    assert tagged(desk) == AT_FIRST | {"B": ("language", "ml", "ml/vision"), "C": ("language",)}
    desk.undo()
    assert tagged(desk) == AT_FIRST


def test_the_tags_below_a_tag_go_with_it(desk: Library) -> None:
    tags.rename(desk, "ml", "ai")
    assert tagged(desk) == AT_FIRST | {"A": ("ai",), "B": ("ai", "ai/vision", "nlp")}
    desk.undo()
    assert tagged(desk) == AT_FIRST


def test_a_tag_that_only_begins_alike_stays(desk: Library) -> None:
    tags.rename(desk, "ml", "ai")
    tags.delete(desk, "ai")
    assert tagged(desk)["D"] == ("mlops",)


def test_a_tag_that_is_given_the_name_of_another_merges_with_it(desk: Library) -> None:
    tags.rename(desk, "nlp", "ml")
    assert tagged(desk) == AT_FIRST | {"B": ("ml", "ml/vision"), "C": ("ml",)}
    desk.undo()
    assert tagged(desk) == AT_FIRST


def test_a_tag_goes_below_itself_and_comes_back(desk: Library) -> None:
    tags.rename(desk, "ml", "ml/all")
    assert tagged(desk) == AT_FIRST | {
        "A": ("ml/all",),
        "B": ("ml/all", "ml/all/vision", "nlp"),
    }
    tags.rename(desk, "ml/all", "ml")
    assert tagged(desk) == AT_FIRST


def test_a_tag_takes_the_place_of_the_one_above_it(desk: Library) -> None:
    tags.rename(desk, "ml/vision", "ml")
    assert tagged(desk) == AT_FIRST | {"B": ("ml", "nlp")}
    desk.undo()
    assert tagged(desk) == AT_FIRST


def test_a_tag_under_its_own_name_is_no_change(desk: Library) -> None:
    count = len(desk.state.history())
    assert tags.rename(desk, "ml", "#ML") is None
    assert tagged(desk) == AT_FIRST
    assert len(desk.state.history()) == count


def test_a_tag_is_taken_off_every_paper_with_those_below_it(desk: Library) -> None:
    change = tags.delete(desk, "ml")
    assert change is not None
    assert tagged(desk) == {"B": ("nlp",), "C": ("nlp",), "D": ("mlops",)}
    assert "ml" not in tags.counts(desk)
    desk.undo()
    assert tagged(desk) == AT_FIRST
    desk.redo()
    assert "A" not in tagged(desk)


@pytest.mark.parametrize("name", ["#ml", "ML", " ml "])
def test_a_tag_is_found_however_it_is_written(desk: Library, name: str) -> None:
    tags.delete(desk, name)
    assert "A" not in tagged(desk)


@pytest.mark.parametrize("name", ["ops", "m", "vision", "ml/visions"])
def test_a_tag_that_no_paper_has_is_reported(desk: Library, name: str) -> None:
    count = len(desk.state.history())
    with pytest.raises(PapersError, match="No paper has the tag"):
        tags.rename(desk, name, "new")
    with pytest.raises(PapersError, match="No paper has the tag"):
        tags.delete(desk, name)
    assert len(desk.state.history()) == count


def test_the_tags_below_a_tag_are_no_longer_than_any_tag(desk: Library) -> None:
    with pytest.raises(UsageError, match="Too long"):
        tags.rename(desk, "ml", "x" * 80)
    assert all(len(name) <= MAX_NAME for name in tags.counts(desk))


@pytest.mark.parametrize("new", ["", "###", "  "])
def test_a_name_that_is_none_is_refused(desk: Library, new: str) -> None:
    with pytest.raises(UsageError):
        tags.rename(desk, "ml", new)
    assert tagged(desk) == AT_FIRST


def test_the_decision_about_a_paper_stays_when_its_tag_goes(desk: Library) -> None:
    triage.star(desk, [B])
    triage.note(desk, [B], "good")
    tags.delete(desk, "ml")
    state = desk.state.of(B)
    assert (state.starred, state.note) == (True, "good")


NAMES: Final = ["a", "b", "a/b", "a/b/c", "b/a", "ab", "a/a"]

acts = st.lists(
    st.one_of(
        st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
        st.tuples(st.just("delete"), st.sampled_from(NAMES), st.just("")),
    ),
    max_size=8,
)


@given(st.lists(st.sets(st.sampled_from(NAMES), max_size=4), min_size=4, max_size=4), acts)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([{"a", "a/b"}, {"a/a"}, set(), {"ab"}], [("rename", "a", "a/b"), ("rename", "a/b", "a")])
@example([set(), set(), set(), {"a", "a/a"}], [("rename", "a", "b"), ("rename", "b/a", "b/a")])
def test_a_tag_that_goes_is_nowhere_and_its_papers_have_the_new_one_until_it_is_undone(
    folders: Iterator[Path], held: list[set[str]], done: list[tuple[str, str, str]]
) -> None:
    with Library.open(next(folders), "desk", wait=0, now=lambda: NOW) as library:
        library.seed(TWELVE[:4])
        for paper, names in zip(TWELVE, held, strict=False):
            triage.tag(library, [paper.key], sorted(names))
        for verb, name, new in done:
            before = tagged(library)
            had = {e.key for e in library.select(parse(f"tag:{name}"))}
            if not had:
                continue
            change = (
                tags.rename(library, name, new) if verb == "rename" else tags.delete(library, name)
            )
            assert (change is None) == (name == new)
            counts = tags.counts(library)
            apart = not f"{new}/".startswith(f"{name}/") and not name.startswith(f"{new}/")
            if verb == "delete" or apart:
                assert not any(each == name or each.startswith(f"{name}/") for each in counts)
            if verb == "rename":
                assert had <= {e.key for e in library.select(parse(f"tag:{new}"))}
            after = tagged(library)
            if change is not None:
                library.undo()
                assert tagged(library) == before
                library.redo()
            assert tagged(library) == after


def test_a_key_of_the_shelf_is_what_this_file_takes_it_for() -> None:
    assert key_of(TWELVE[0].title) == A


def test_a_tag_can_become_its_own_child_and_all_are_kept(desk: Library) -> None:
    key = key_of(TWELVE[0].title)
    triage.tag(desk, [key], add=["ai", "ai/vision"])
    tags.rename(desk, "ai", "ai/vision")
    assert set(desk.state.of(key).tags) >= {"ai/vision", "ai/vision/vision"}
    assert "ai" not in desk.state.of(key).tags
