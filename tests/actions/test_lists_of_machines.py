"""Lists of two machines: whatever each does, in the end both have the same, and all of them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import LAWS
from tests.libraries import lettered
from tui.actions import lists
from tui.errors import PapersError
from tui.library import Library

pytestmark = pytest.mark.usefixtures("no_fsync")

LETTERS = "abc"


def carry(source: Path, target: Path) -> None:
    """Copies what a machine wrote, as a synced folder does."""
    for part in (f"journal/{source.name}", "imports"):
        if (source / part).exists():
            shutil.copytree(source / part, target / part, dirs_exist_ok=True)


class Pair:
    """Two machines, each with the same papers."""

    def __init__(self, folder: Path) -> None:
        self.folders = (folder / "desk", folder / "lap")
        for each in self.folders:
            with self.opened(each):
                pass

    def opened(self, folder: Path) -> Any:
        return lettered(folder, machine=folder.name, letters=LETTERS)

    def on(self, number: int, function: Callable[..., Any], *arguments: Any) -> Any:
        with self.opened(self.folders[number]) as library:
            return function(library, *arguments)

    def meet(self) -> None:
        """Each gets what the other wrote."""
        desk, lap = self.folders
        for source, target in ((desk, lap), (lap, desk)):
            carry(source, target)

    def shown(self, number: int) -> Any:
        def show(library: Library) -> Any:
            assert library.state.list_problems() == []
            states = {item.key: item.state for item in library.items()}
            found = {str(f.name): library.state.find_list(f.name) for f in library.state.lists()}
            assert all(name == other for name, other in found.items())
            return library.state.lists(), states

        return self.on(number, show)

    def same(self) -> dict[str, str]:
        """The lists that both have, once they met: letters of their papers."""
        self.meet()
        first, second = self.shown(0), self.shown(1)
        assert first == second
        return {each.name: "".join(key[0] for key in each.keys) for each in first[0]}


def add(library: Library, name: str, letter: str) -> None:
    lists.add(library, name, [library.resolve(f"{letter}-")])


def undo_only(library: Library, number: int) -> None:
    """Undoes one change alone, of whichever machine."""
    if done := [change for change in library.state.history() if change.undoes is None]:
        library.undo(done[number % len(done)])


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


def test_what_one_adds_follows_what_the_other_renames(pair: Pair) -> None:
    pair.on(0, add, "thesis", "a")
    pair.meet()
    pair.on(0, lists.rename, "thesis", "phd")
    pair.on(1, add, "thesis", "b")
    assert pair.same() == {"phd": "ab"}
    pair.on(1, add, "phd", "c")
    assert pair.same() == {"phd": "abc"}


def test_a_rename_on_both_sides_ends_in_one_list(pair: Pair) -> None:
    pair.on(0, add, "thesis", "a")
    pair.on(0, add, "thesis", "b")
    pair.meet()
    pair.on(0, lists.rename, "thesis", "phd")
    pair.on(1, lists.rename, "thesis", "dissertation")
    (name,) = pair.same()
    assert name in ("phd", "dissertation")
    assert pair.same() == {name: "ab"}
    pair.on(1, lists.delete, name)
    assert pair.same() == {}


def test_what_one_adds_stays_where_the_other_deletes_the_list(pair: Pair) -> None:
    pair.on(0, add, "thesis", "a")
    pair.meet()
    pair.on(0, lists.delete, "thesis")
    pair.on(1, add, "thesis", "b")
    assert pair.same() == {"thesis": "b"}
    pair.on(0, lists.delete, "thesis")
    assert pair.same() == {}


def test_two_lists_renamed_to_one_name_are_one(pair: Pair) -> None:
    pair.on(0, add, "one", "a")
    pair.on(0, add, "two", "b")
    pair.meet()
    pair.on(0, lists.rename, "one", "Both")
    pair.on(1, lists.rename, "two", "both")
    assert list(pair.same().values()) in (["ab"], ["ba"])
    pair.on(0, lists.rename, "BOTH", "all")
    assert list(pair.same()) == ["all"]


def test_the_old_name_of_a_list_is_free_for_a_new_one(pair: Pair) -> None:
    pair.on(0, add, "thesis", "a")
    pair.on(0, lists.rename, "thesis", "phd")
    pair.on(0, add, "thesis", "b")
    assert pair.same() == {"phd": "a", "thesis": "b"}
    pair.on(1, lists.rename, "thesis", "old")
    pair.on(1, add, "thesis", "c")
    assert pair.same() == {"old": "b", "phd": "a", "thesis": "c"}
    pair.on(0, lists.delete, "phd")
    pair.on(0, add, "phd", "c")
    assert pair.same()["phd"] == "c"


def test_undoing_a_rename_alone_gives_the_name_back(pair: Pair) -> None:
    pair.on(0, add, "thesis", "a")
    renaming = pair.on(0, lists.rename, "thesis", "phd")
    pair.on(0, add, "phd", "b")
    pair.on(0, Library.undo, renaming)
    assert pair.same() == {"thesis": "ab"}


def test_a_session_finds_its_list_under_the_new_name(pair: Pair) -> None:
    def search(library: Library) -> list[int]:
        from tui.query import parse

        return [library.search.count(parse(f"list:{name}")) for name in ("thesis", "phd")]

    with pair.opened(pair.folders[0]) as library:
        add(library, "thesis", "a")
        assert search(library) == [1, 0]
        lists.rename(library, "thesis", "phd")
        assert search(library) == [0, 1]
        library.undo()
        assert search(library) == [1, 0]


_NAMES = st.sampled_from(["Thesis", "thesis", "phd"])
_STEPS = st.one_of(
    st.tuples(st.just(add), _NAMES, st.sampled_from(LETTERS)),
    st.tuples(st.just(lists.create), _NAMES),
    st.tuples(st.just(lists.rename), _NAMES, _NAMES),
    st.tuples(st.just(lists.delete), _NAMES),
    st.tuples(st.just(undo_only), st.integers(0, 9)),
    st.tuples(st.just(Library.undo)),
    st.tuples(st.just(Library.redo)),
    st.just(("meet",)),
)


@settings(
    max_examples=25 * LAWS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.integers(0, 1), _STEPS), max_size=14))
def test_whatever_two_machines_do_they_have_the_same_lists_in_the_end(
    folders: Iterator[Path], steps: list[Any]
) -> None:
    pair = Pair(next(folders))
    for number, (function, *arguments) in steps:
        if function == "meet":
            pair.meet()
            continue
        with suppress(PapersError):  # there is no such list, or nothing to undo
            pair.on(number, function, *arguments)
        pair.shown(number)
    pair.same()
