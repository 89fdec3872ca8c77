"""The order ``sort:likely`` where a user works with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.libraries import Clock
from tui.actions import command_line
from tui.actions.registry import Where
from tui.config import Config
from tui.library import Library
from tui.model.paper import SourceRecord, merge
from tui.query import parse
from tui.workspace import Workspace

TOPICS = ("stars galaxies telescopes night", "whales currents reefs harbours")
COUNT = 16


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """The inbox of a library of papers on the night sky and on the sea, by turns."""
    clock = Clock(NOW)
    records = (
        SourceRecord(f"P{number:02} {TOPICS[number % 2]}", TOPICS[number % 2], "0.txt", number + 1)
        for number in range(COUNT)
    )
    with Library.open(tmp_path, "desk", wait=0, now=clock) as library:
        library.seed(merge([record]) for record in records)
        library.search.load_words()
        yield Workspace(library, Config(), "is:inbox")


def numbers(workspace: Workspace) -> list[int]:
    """The papers that are listed."""
    return [int(item.paper.title[1:3]) for item in workspace.listing.results]


def run(workspace: Workspace, line: str) -> str:
    """Runs a command line; what it says."""
    action, options = command_line.parse(line, Where.APP, workspace.listing.targets)
    return workspace.perform(action, options).message


def star(workspace: Workspace, *papers: int) -> None:
    """Stars papers, one change each."""
    for number in papers:
        (key,) = (key for key in workspace.library.papers if key.startswith(f"p{number:02}"))
        workspace.library.change("star", [("papers", key, "starred", True)])


def test_with_too_few_papers_kept_a_search_still_has_its_best_match_first(
    tmp_path: Path,
) -> None:
    records = (("The sea", "It has whales."), ("Whales", "They swim."))
    with Library.open(tmp_path, "desk", wait=0, now=Clock(NOW)) as library:
        library.add([SourceRecord(*each, "0.txt", line) for line, each in enumerate(records, 1)])
        library.search.load_words()
        workspace = Workspace(library, Config(), "whales")
        titles = [item.paper.title for item in workspace.listing.results]
        assert titles == ["Whales", "The sea"]
        run(workspace, "likely")
        assert [item.paper.title for item in workspace.listing.results] == titles
        assert workspace.listing.shown.order == "best match first until 5 more are kept"


@pytest.mark.parametrize("key", ["refresh", "likely"])
def test_with_too_few_papers_kept_the_order_is_the_usual_one_and_says_what_is_missing(
    workspace: Workspace, key: str
) -> None:
    before = numbers(workspace)
    star(workspace, 1, 3)
    told = "Sorted as usual until 3 more papers are kept or read"
    assert run(workspace, "likely") == told
    assert numbers(workspace) == [number for number in before if number not in (1, 3)]
    assert workspace.listing.shown.order == "newest first until 3 more are kept"
    assert workspace.notes.lines == [told]
    shown = numbers(workspace)
    run(workspace, "star")
    workspace.listing.move(1)
    run(workspace, "mark read")
    assert workspace.listing.shown.order == "newest first until 1 more is kept"
    run(workspace, "star")
    assert workspace.listing.shown.order == "newest first until you refresh"
    run(workspace, "undo")
    assert workspace.listing.shown.order == "newest first until 1 more is kept"
    run(workspace, "star")
    assert numbers(workspace) == shown
    run(workspace, key)
    assert workspace.listing.shown.order == "most likely to keep first"


def test_the_key_leaves_the_order_before_and_comes_back_to_it(workspace: Workspace) -> None:
    run(workspace, "sort title")
    before = numbers(workspace)
    run(workspace, "likely")
    assert workspace.listing.query.text == "is:inbox sort:likely,title"
    assert workspace.listing.shown.order == "title A to Z until 5 more are kept"
    assert numbers(workspace) == before
    assert run(workspace, "likely") == ""
    assert workspace.listing.query.text == "is:inbox sort:title"


def test_the_key_sorts_by_likely_and_back_and_hides_nothing(workspace: Workspace) -> None:
    star(workspace, 1, 3, 5, 7, 9)
    run(workspace, "likely")
    assert workspace.listing.query.text == "is:inbox sort:likely"
    assert workspace.listing.shown.order == "most likely to keep first"
    assert set(numbers(workspace)[:3]) == {11, 13, 15}
    assert sorted(numbers(workspace)) == [0, 2, 4, 6, 8, 10, 11, 12, 13, 14, 15]
    run(workspace, "sort likely")
    assert workspace.listing.shown.order == "least likely to keep first"
    assert set(numbers(workspace)[-3:]) == {11, 13, 15}
    run(workspace, "likely")
    assert workspace.listing.query.text == "is:inbox"
    assert workspace.listing.shown.order == "page order"


def test_papers_stay_in_their_places_until_a_refresh(workspace: Workspace) -> None:
    star(workspace, 1, 3, 5, 7, 9)
    run(workspace, "likely")
    before = numbers(workspace)
    for _ in range(4):
        run(workspace, "mark dismissed")
    star(workspace, 0, 2, 4, 6, 8, 10)
    workspace.listing.rerun()
    assert numbers(workspace) == [n for n in before[4:] if n not in (0, 2, 4, 6, 8, 10)]
    run(workspace, "refresh")
    assert numbers(workspace)[0] in (12, 14)


def test_the_shell_lists_the_likely_ones_first_and_the_decided_ones_last(
    workspace: Workspace,
) -> None:
    star(workspace, 1, 3, 5, 7, 9)
    items = list(workspace.library.select(parse("sort:likely")))
    order = [int(item.paper.title[1:3]) for item in items]
    assert set(order[:3]) == {11, 13, 15}
    assert set(order[-5:]) == {1, 3, 5, 7, 9}
