"""Lists and tags of two machines: whatever each does, both have the same in the end."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.libraries import lettered
from tui.actions import lists, tags, triage
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

    def opened(self, folder: Path) -> AbstractContextManager[Library]:
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
            ids = {str(f.name): library.state.find_list(f.name) for f in library.state.lists()}
            assert all(name == other for name, other in ids.items())
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
    if changes := [change for change in library.state.history() if not change.undoes]:
        library.undo(changes[number % len(changes)])


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


def tag(library: Library, name: str, letter: str) -> None:
    triage.tag(library, [library.resolve(f"{letter}-")], [name])


def tagged(pair: Pair) -> dict[str, tuple[str, ...]]:
    """The tags of each paper on both machines, by its letter."""
    pair.same()
    with pair.opened(pair.folders[0]) as library:
        return {item.key[0]: item.state.tags for item in library.items() if item.state.tags}


def test_a_tag_renamed_on_both_sides_ends_in_one(pair: Pair) -> None:
    pair.on(0, tag, "ml", "a")
    pair.on(0, tag, "ml/vision", "b")
    pair.meet()
    pair.on(0, tags.rename, "ml", "ai")
    pair.on(1, tags.rename, "ml", "learning")
    pair.on(1, tag, "ml", "c")  # a new tag, whose name is free there
    states = tagged(pair)
    (name,) = states["a"]
    assert name in ("ai", "learning")
    assert states == {"a": (name,), "b": (f"{name}/vision",), "c": ("ml",)}


def test_what_one_tags_follows_what_the_other_renames(pair: Pair) -> None:
    pair.on(0, tag, "ml", "a")
    pair.meet()
    pair.on(0, tags.rename, "ml", "ai")
    pair.on(1, tag, "ml", "b")
    pair.on(1, tag, "ml/vision", "c")
    assert tagged(pair) == {"a": ("ai",), "b": ("ai",), "c": ("ai/vision",)}
    pair.on(1, tags.rename, "ai", "ml")
    assert tagged(pair) == {"a": ("ml",), "b": ("ml",), "c": ("ml/vision",)}


def test_the_old_name_of_a_tag_is_free_for_a_new_one(pair: Pair) -> None:
    pair.on(0, tag, "ml", "a")
    pair.on(0, tags.rename, "ml", "ai")
    pair.on(0, tag, "ml", "b")
    pair.on(0, tag, "ml/vision", "c")
    assert tagged(pair) == {"a": ("ai",), "b": ("ml",), "c": ("ml/vision",)}
    pair.on(1, tags.rename, "ml", "ai")
    assert tagged(pair) == {"a": ("ai",), "b": ("ai",), "c": ("ai/vision",)}
    pair.on(1, tags.delete, "ai")
    assert tagged(pair) == {}


def test_undoing_a_merge_of_two_tags_parts_them(pair: Pair) -> None:
    pair.on(0, tag, "ml", "a")
    pair.on(0, tag, "ai", "b")
    pair.on(0, tags.rename, "ml", "ai")
    assert tagged(pair) == {"a": ("ai",), "b": ("ai",)}
    pair.on(0, Library.undo)
    assert tagged(pair) == {"a": ("ml",), "b": ("ai",)}


_NAMES = st.sampled_from(["Thesis", "thesis", "phd"])
_TAGS = st.sampled_from(["ml", "ml/vision", "ai"])
_STEPS = st.one_of(
    st.tuples(st.just(add), _NAMES, st.sampled_from(LETTERS)),
    st.tuples(st.just(lists.create), _NAMES),
    st.tuples(st.just(lists.rename), _NAMES, _NAMES),
    st.tuples(st.just(lists.delete), _NAMES),
    st.tuples(st.just(tag), _TAGS, st.sampled_from(LETTERS)),
    st.tuples(st.just(tags.rename), _TAGS, _TAGS),
    st.tuples(st.just(tags.delete), _TAGS),
    st.tuples(st.just(undo_only), st.integers(0, 9)),
    st.tuples(st.just(Library.undo)),
    st.tuples(st.just(Library.redo)),
    st.just(("meet",)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
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
