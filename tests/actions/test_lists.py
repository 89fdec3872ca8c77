"""Reading lists: the user's own order, and what is handed on of it."""

import os
import re
import socket
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.libraries import Clock, lettered
from tests.strategies import PAYLOADS, hostile_text
from tui.actions import lists, targets, triage
from tui.errors import ConfirmationError, LibraryError, PapersError, UsageError
from tui.exchange import export_files, export_paths
from tui.exchange.export_records import known_exports
from tui.formats.checklist import BEGIN
from tui.library import Library
from tui.model.names import list_name
from tui.model.state import Change, Edit, Item, ReadingList, Status
from tui.model.text import is_inert
from tui.storage.journal import Journal

pytestmark = pytest.mark.usefixtures("no_fsync")


@pytest.fixture
def small(tmp_path: Path, clock: Clock) -> Iterator[Library]:
    """A library of eight papers."""
    with lettered(tmp_path / "small", clock) as opened:
        yield opened


def key(library: Library, letter: str) -> str:
    """The key of the paper of that letter."""
    return library.resolve(f"{letter.lower()}-")


def keys(library: Library, letters: str) -> list[str]:
    """The keys of the papers of those letters."""
    return [key(library, letter) for letter in letters]


def order(library: Library, name: str = "thesis") -> str:
    """The papers of a list in its order, a letter each."""
    return "".join(each[0] for each in library.state.reading_list(name).keys)


def items(library: Library, name: str) -> list[Item]:
    """The entries of a list in its order."""
    return [library.item(each) for each in library.state.reading_list(name).keys]


def export(
    library: Library, name: str, path: Path, *, force: bool = False
) -> export_files.ExportResult:
    """Exports a list as the shell does."""
    return export_files.export(library, name, items(library, name), path, force=force)


def state(library: Library) -> object:
    """All that lists and papers are, as a user sees it."""
    return library.state.lists(), [library.state.of(item.key).lists for item in library.items()]


# Filling and ordering


def test_papers_are_added_at_the_end_of_a_list_that_is_made_for_them(small: Library) -> None:
    lists.add(small, "thesis", keys(small, "ca"))
    lists.add(small, "Thesis", keys(small, "bcd"))
    assert order(small) == "cabd"
    assert [each.name for each in small.state.lists()] == ["thesis"]


def test_adding_what_is_there_changes_nothing(small: Library) -> None:
    lists.add(small, "thesis", keys(small, "ab"))
    before = len(small.state.history())
    assert lists.add(small, "thesis", keys(small, "ba")) is None
    assert len(small.state.history()) == before


def test_a_paper_named_twice_is_added_once(small: Library) -> None:
    lists.add(small, "thesis", keys(small, "aba"))
    assert order(small) == "ab"


def test_a_list_can_be_made_empty_and_get_a_reason(small: Library) -> None:
    lists.create(small, "  Thesis:\tworld\nmodels ")
    lists.describe(small, "thesis: world models", "why\nit is")
    (thesis,) = small.state.lists()
    assert (thesis.name, thesis.description) == ("Thesis: world models", "why it is")
    assert thesis.keys == ()
    assert lists.create(small, "thesis: world models") is None


@pytest.mark.parametrize(
    "name",
    ["", " ", "\u200b", "-x", "--help", "=x", "none", " none ", 'a "b', "a*", "a | b", "|"],
)
def test_a_name_that_could_be_nothing_an_option_or_a_query_is_refused(
    small: Library, name: str
) -> None:
    for act in (lists.create, lambda lib, n: lists.add(lib, n, keys(lib, "a"))):
        with pytest.raises(UsageError, match="Not a valid list name"):
            act(small, name)
    assert small.state.lists() == []
    lists.create(small, "thesis")
    with pytest.raises(UsageError, match="Not a valid list name"):
        lists.rename(small, "thesis", name)
    assert [each.name for each in small.state.lists()] == ["thesis"]


@pytest.mark.parametrize("name", ["x-", "a-b", "a=b", "none yet", "not none"])
def test_a_name_that_only_holds_what_may_not_begin_it_is_one(small: Library, name: str) -> None:
    lists.create(small, name)
    assert [each.name for each in small.state.lists()] == [name]


def test_a_list_is_found_whatever_its_case(small: Library) -> None:
    lists.create(small, "Große Thesis")
    assert targets.require_list(small, "GROSSE THESIS") == "Große Thesis"


def test_an_unknown_list_is_refused_by_name_with_those_there_are(small: Library) -> None:
    with pytest.raises(PapersError, match="“nope”") as caught:
        targets.require_list(small, "nope")
    assert caught.value.hint == "Lists: none yet."
    for name in ("b", "a"):
        lists.create(small, name)
    for act in (targets.require_list, lists.delete):
        with pytest.raises(PapersError) as caught:
            act(small, "\x1b[2Jnope")
        assert caught.value.hint == "Lists: a, b."
        assert "\x1b" not in caught.value.message
    for name in "cdef":
        lists.create(small, name)
    with pytest.raises(PapersError) as caught:
        lists.delete(small, "nope")
    assert caught.value.hint == "Lists: a, b, c, d, e, …"


Act = Callable[[Library], object]
Step = tuple[str, str, int]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["add", "add", "remove", "move", "move", "move"]),
            st.text("abcdefgh", min_size=1, max_size=4),
            st.integers(-2, 11),
        ),
        max_size=14,
    )
)
def test_a_list_is_what_a_python_list_would_be_and_can_be_walked_back(steps: list[Step]) -> None:
    model = ""
    with TemporaryDirectory() as folder:
        with lettered(Path(folder)) as library:
            for verb, letters, place in steps:
                unique = "".join(dict.fromkeys(letters))
                if verb == "add":
                    lists.add(library, "thesis", keys(library, letters))
                    model += "".join(letter for letter in unique if letter not in model)
                elif not library.state.lists():
                    continue
                elif verb == "remove":
                    lists.remove(library, "thesis", keys(library, letters))
                    model = "".join(letter for letter in model if letter not in letters)
                elif letters[0] in model:
                    lists.move(library, "thesis", key(library, letters[0]), place)
                    rest = model.replace(letters[0], "")
                    at = min(max(place, 1), len(model)) - 1
                    model = rest[:at] + letters[0] + rest[at:]
                assert order(library) == model
            undone = 0
            while any(library.state.undo_history.done()):
                library.undo()
                undone += 1
            assert library.state.lists() == []
            for _ in range(undone):
                library.redo()
            assert order(library) == model
        with lettered(Path(folder)) as again:
            assert order(again) == model


def test_moves_into_the_same_gap_never_run_out_of_room(small: Library) -> None:
    lists.add(small, "thesis", keys(small, "abcd"))
    model = "abcd"
    renumbered = 0
    for turn in range(150):
        letter = model[2 + turn % 2]
        change = lists.move(small, "thesis", key(small, letter), 2)
        assert change is not None
        renumbered += len(change.edits) > 1
        rest = model.replace(letter, "")
        model = rest[0] + letter + rest[1:]
        assert order(small) == model
    assert renumbered
    for _ in range(150):
        small.undo()
    assert order(small) == "abcd"


def test_papers_that_two_machines_put_in_one_place_can_still_be_ordered(small: Library) -> None:
    lists.create(small, "thesis")
    small.change("both", [("papers", each, "list/thesis", 1.0) for each in keys(small, "abc")])
    assert sorted(order(small)) == ["a", "b", "c"]
    for letter, place in (("c", 2), ("a", 2), ("b", 1)):
        lists.move(small, "thesis", key(small, letter), place)
        assert order(small)[place - 1] == letter


@pytest.mark.parametrize(("place", "after"), [(-9, "cabd"), (0, "cabd"), (1, "cabd"), (99, "abdc")])
def test_a_place_beyond_an_end_is_that_end(small: Library, place: int, after: str) -> None:
    lists.add(small, "thesis", keys(small, "abcd"))
    lists.move(small, "thesis", key(small, "c"), place)
    assert order(small) == after


def test_moving_a_paper_to_where_it_is_changes_nothing(small: Library) -> None:
    lists.add(small, "thesis", keys(small, "abc"))
    for place, letter in enumerate("abc", 1):
        assert lists.move(small, "thesis", key(small, letter), place) is None


def test_a_paper_that_is_not_in_a_list_cannot_be_moved_in_it(small: Library) -> None:
    lists.add(small, "thesis", keys(small, "a"))
    with pytest.raises(PapersError, match="not in “thesis”"):
        lists.move(small, "thesis", key(small, "b"), 1)


def test_a_place_counts_only_the_papers_that_are_shown(small: Library) -> None:
    lists.create(small, "thesis")
    small.change("elsewhere", [("papers", "gone-0badcafe", "list/thesis", 1.0)])
    lists.add(small, "thesis", keys(small, "ab"))
    lists.move(small, "thesis", key(small, "a"), 2)
    assert order(small) == "ba"


def test_a_paper_stands_in_several_lists_at_its_own_place_in_each(small: Library) -> None:
    lists.add(small, "one", keys(small, "abc"))
    lists.add(small, "two", keys(small, "cba"))
    lists.move(small, "two", key(small, "a"), 1)
    assert (order(small, "one"), order(small, "two")) == ("abc", "acb")
    assert small.state.of(key(small, "a")).lists == ("one", "two")


# Describing, naming, deleting


def test_a_description_is_one_harmless_line_and_an_empty_one_is_none(small: Library) -> None:
    lists.create(small, "thesis")
    lists.describe(small, "THESIS", "a\nb\x1b[2Jc\u202ed")
    described = small.state.reading_list("thesis").description
    assert described == "a b\ufffd[2Jcd"
    lists.describe(small, "thesis", "x" * 900)
    assert len(small.state.reading_list("thesis").description) == 500
    lists.describe(small, "thesis", " ")
    assert small.state.reading_list("thesis").description == ""
    assert lists.describe(small, "thesis", "") is None


def test_a_new_name_keeps_order_description_and_exports(small: Library, tmp_path: Path) -> None:
    lists.create(small, "thesis")
    lists.describe(small, "thesis", "why")
    lists.add(small, "thesis", keys(small, "abc"))
    lists.move(small, "thesis", key(small, "c"), 1)
    export(small, "thesis", tmp_path / "x.md")
    before, (thesis,) = state(small), small.state.lists()
    lists.rename(small, "THESIS", "Dissertation")
    (renamed,) = small.state.lists()
    assert renamed.name == "Dissertation"
    assert (renamed.keys, renamed.description) == (thesis.keys, "why")
    assert renamed.exports == thesis.exports
    assert order(small, "thesis") == ""
    small.undo()
    assert state(small) == before


def test_a_list_can_be_given_its_name_in_another_case(small: Library) -> None:
    lists.add(small, "thesis", keys(small, "ab"))
    lists.rename(small, "thesis", "Thesis")
    assert [each.name for each in small.state.lists()] == ["Thesis"]
    assert order(small, "Thesis") == "ab"


def test_its_own_name_changes_nothing(small: Library) -> None:
    lists.create(small, "thesis")
    lists.describe(small, "thesis", "why")
    lists.add(small, "thesis", keys(small, "ab"))
    before = state(small)
    assert lists.rename(small, "thesis", "thesis") is None
    assert state(small) == before


def test_a_name_that_is_taken_is_refused(small: Library) -> None:
    lists.add(small, "one", keys(small, "a"))
    lists.add(small, "two", keys(small, "b"))
    before = state(small)
    with pytest.raises(PapersError, match="A list “two” already exists"):
        lists.rename(small, "one", "TWO")
    assert state(small) == before


def test_deleting_a_list_leaves_its_papers_and_undo_brings_it_back(
    small: Library, tmp_path: Path
) -> None:
    lists.create(small, "thesis")
    lists.describe(small, "thesis", "why")
    lists.add(small, "thesis", keys(small, "bca"))
    lists.add(small, "other", keys(small, "a"))
    export(small, "thesis", tmp_path / "x.md")
    before = state(small)
    lists.delete(small, "thesis")
    assert [each.name for each in small.state.lists()] == ["other"]
    assert len(small) == 8
    assert small.state.of(key(small, "a")).lists == ("other",)
    assert (tmp_path / "x.md").exists()
    small.undo()
    assert state(small) == before


def test_a_new_list_knows_nothing_of_a_deleted_one_of_its_name(
    small: Library, tmp_path: Path
) -> None:
    lists.add(small, "thesis", keys(small, "ab"))
    export(small, "thesis", tmp_path / "x.md")
    lists.describe(small, "thesis", "why")
    lists.delete(small, "thesis")
    lists.create(small, "thesis")
    assert small.state.reading_list("thesis") == ReadingList("thesis")


@pytest.mark.parametrize(
    "act",
    [
        lambda lib: lists.describe(lib, "nope", "x"),
        lambda lib: lists.remove(lib, "nope", keys(lib, "a")),
        lambda lib: lists.delete(lib, "nope"),
        lambda lib: lists.rename(lib, "nope", "x"),
        lambda lib: lists.move(lib, "nope", key(lib, "a"), 1),
    ],
)
def test_nothing_can_be_done_to_a_list_that_is_not_there(small: Library, act: Act) -> None:
    with pytest.raises(PapersError, match="No list “nope”"):
        act(small)
    assert small.state.history() == []


# Names of files


@given(st.one_of(hostile_text(), st.text(max_size=300)))
@example("../../x")
@example("/etc/passwd")
@example("..")
@example("")
@example("-rf")
@example(".hidden")
@example("a\x00b")
@example("C:\\x")
@example("日" * 300)
@example("𝔘" * 99)
@example("con.txt")
@example("COM¹")
def test_a_lists_name_makes_a_safe_name_for_a_file(name: str) -> None:
    name_of_file = export_paths.file_name(name)
    stem = name_of_file.removesuffix(".md")
    assert name_of_file.endswith(".md")
    assert stem
    assert len(name_of_file.encode()) <= 83
    assert not re.search(r'[/\\:*?"<>|\x00-\x1f\x7f\s]', name_of_file)
    assert name_of_file[0] not in ".-"
    assert "." not in stem
    assert Path(name_of_file).name == name_of_file
    devices = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(10)}
    assert stem.casefold() not in devices
    assert export_paths.file_name(name) == name_of_file


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Thesis: world models", "thesis-world-models.md"),
        ("Müller/Søn", "muller-son.md"),
        ("日本語", "日本語.md"),
        ("★", "list.md"),
        ("NUL", "nul-list.md"),
        ("com1", "com1-list.md"),
        ("console", "console.md"),
    ],
)
def test_the_name_of_a_file_is_the_name_of_the_list_as_far_as_it_can_be(
    name: str, expected: str
) -> None:
    assert export_paths.file_name(name) == expected


# Exports


@pytest.fixture
def filled(small: Library) -> Library:
    """A library with the list “thesis” of three papers."""
    lists.create(small, "thesis")
    lists.describe(small, "thesis", "why")
    lists.add(small, "thesis", keys(small, "abc"))
    return small


def test_an_export_is_the_document_and_is_remembered(filled: Library, tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    outcome = export(filled, "thesis", path)
    assert (outcome.path, outcome.count, outcome.is_changed) == (str(path), 3, True)
    document = export_files.document(
        filled, "thesis", items(filled, "thesis"), export_files.ExportStyle()
    )
    assert path.read_text("utf-8") == str(document)
    assert "> why" in str(document)
    (last,) = filled.state.reading_list("thesis").exports
    assert last.path == str(path)
    assert last.held == tuple(keys(filled, "abc"))
    assert (last.format, last.abstract, last.at) == ("markdown", "first", "2026-01-15T12:00:00Z")


def test_the_same_export_again_changes_nothing_and_is_remembered_once(
    filled: Library, tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "x.md"
    export(filled, "thesis", path)
    before, count = path.stat().st_mtime_ns, len(filled.state.history())
    clock.wait()
    outcome = export(filled, "thesis", path)
    assert not outcome.is_changed
    assert path.stat().st_mtime_ns == before
    assert len(filled.state.history()) == count
    lists.add(filled, "thesis", keys(filled, "d"))
    assert export(filled, "thesis", path).is_changed
    (last,) = filled.state.reading_list("thesis").exports
    assert last.held == tuple(keys(filled, "abcd"))


def test_each_path_is_an_export_of_its_own_newest_first(
    filled: Library, tmp_path: Path, clock: Clock
) -> None:
    for name in ("x.md", "y.md"):
        export(filled, "thesis", tmp_path / name)
        clock.wait()
    exports = filled.state.reading_list("thesis").exports
    assert [Path(export.path).name for export in exports] == ["y.md", "x.md"]


def test_an_export_is_a_fact_and_undo_goes_past_it(filled: Library, tmp_path: Path) -> None:
    export(filled, "thesis", tmp_path / "x.md")
    filled.undo()
    assert order(filled) == ""
    assert len(filled.state.reading_list("thesis").exports) == 1


def test_title_and_tags_of_an_exported_file_follow_a_rename_unless_a_user_changed_them(
    filled: Library, tmp_path: Path
) -> None:
    def front(change: Callable[[str], str] = str) -> list[str]:
        (name,) = filled.state.list_names()
        path.write_text(change(path.read_text("utf-8")), "utf-8")
        export(filled, name, path)
        lines = path.read_text("utf-8").splitlines()
        return [line for line in lines if line.startswith(("title: ", "tags: "))]

    path = tmp_path / "x.md"
    path.touch()
    lists.rename(filled, "thesis", "b")
    assert front() == ['title: "b"', "tags: [reading-list, b]"]
    lists.rename(filled, "b", "Ccc & d")
    assert front() == ['title: "Ccc & d"', "tags: [reading-list, ccc-d]"]
    filled.undo()
    assert front() == ['title: "b"', "tags: [reading-list, b]"]
    lists.rename(filled, "b", "e")
    tagged = front(lambda text: text.replace("[reading-list, b]", "[reading-list, b, own]"))
    assert tagged == ['title: "e"', "tags: [reading-list, b, own]"]
    lists.rename(filled, "e", "f")
    titled = front(lambda text: text.replace('"e"', "My *own*"))
    assert titled == ["title: My *own*", "tags: [reading-list, b, own]"]


@pytest.mark.parametrize("verb", ["rename", "delete"])
def test_undo_goes_past_an_export_to_what_moved_the_exports_of_a_list(
    filled: Library, tmp_path: Path, clock: Clock, verb: str
) -> None:
    export(filled, "thesis", tmp_path / "x.md")
    if verb == "rename":
        lists.rename(filled, "thesis", "PhD")
    else:
        lists.delete(filled, "thesis")
        lists.add(filled, "PhD", keys(filled, "a"))
        lists.rename(filled, "PhD", "thesis")
    clock.wait()
    export(filled, "PhD" if verb == "rename" else "thesis", tmp_path / "x.md")
    with suppress(PapersError):  # there is nothing to undo any more
        while True:
            filled.undo()
    assert filled.state.lists() == []


def test_what_matches_a_query_is_written_and_is_no_export_of_a_list(
    filled: Library, tmp_path: Path
) -> None:
    path = tmp_path / "x.md"
    export_files.export(filled, "is:unread", filled.items()[:2], path)
    assert "# is:unread" in path.read_text("utf-8")
    assert filled.state.reading_list("thesis").exports == ()
    assert filled.undo().verb == "undo add to thesis"


def test_a_query_that_is_spelt_like_a_list_is_not_taken_for_it(
    filled: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tui.__main__ import main

    folder = filled.folder
    filled.close()
    path = tmp_path / "x.md"
    arguments = ["--library", str(folder), "export", "--query", "thesis", "-o", str(path)]
    assert main(arguments) == 0
    with lettered(folder) as again:
        assert again.state.reading_list("thesis").exports == ()
    assert "> why" not in path.read_text("utf-8")


def test_what_was_done_with_the_papers_shows_in_the_next_export(
    filled: Library, tmp_path: Path
) -> None:
    path = tmp_path / "x.md"
    export(filled, "thesis", path)
    triage.mark(filled, keys(filled, "b"), Status.READ)
    export(filled, "thesis", path)
    text = path.read_text("utf-8")
    assert "**1 of 3 read**" in text
    assert "read: 1\n" in text
    assert text.count("- [x]") == 1


def test_a_users_words_survive_an_export(filled: Library, tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    export(filled, "thesis", path)
    mine = path.read_text("utf-8").replace(BEGIN, f"Mine.\n\n{BEGIN}") + "\r\nMine too.\r\n"
    path.write_bytes(mine.encode())
    lists.add(filled, "thesis", keys(filled, "d"))
    export(filled, "thesis", path)
    text = path.read_bytes().decode()
    assert "Mine.\n\n<!-- papers-tui:begin -->" in text
    assert text.endswith("\r\nMine too.\r\n")
    assert "papers: 4\n" in text


@pytest.mark.parametrize(
    ("there", "message"),
    [
        (b"# My notes\n", "File exists, and was not exported from this library"),
        (b"\xff\xfe\x00", "it is not UTF-8 text"),
        (b"<!-- papers-tui:begin -->\n", "File exists, and was not exported"),
    ],
)
def test_a_file_that_is_not_ours_is_left_alone(
    filled: Library, tmp_path: Path, there: bytes, message: str
) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(there)
    count = len(filled.state.history())
    with pytest.raises(PapersError, match=message) as caught:
        export(filled, "thesis", path)
    assert str(path) in caught.value.message
    assert caught.value.hint
    if isinstance(caught.value, ConfirmationError):
        assert caught.value.question == "Replace its whole text?"
    assert path.read_bytes() == there
    assert len(filled.state.history()) == count


def test_a_list_that_was_edited_by_hand_is_left_alone_unless_forced(
    filled: Library, tmp_path: Path
) -> None:
    path = tmp_path / "x.md"
    export(filled, "thesis", path)
    written = path.read_text("utf-8")
    edited = f"Mine.\n{written.replace('- [ ]', '- [x]', 1)}Mine too.\n"
    path.write_text(edited, "utf-8")
    with pytest.raises(PapersError, match="Edited since") as caught:
        export(filled, "thesis", path)
    assert "--force" in caught.value.hint
    assert path.read_text("utf-8") == edited
    export(filled, "thesis", path, force=True)
    assert path.read_text("utf-8") == f"Mine.\n{written}Mine too.\n"


def test_force_replaces_a_file_that_is_not_ours(filled: Library, tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text("# My notes\n")
    outcome = export(filled, "thesis", path, force=True)
    assert outcome.is_changed
    assert "# thesis" in path.read_text("utf-8")
    assert "# My notes" not in path.read_text("utf-8")


@pytest.mark.parametrize("there", ["", " \n\n"])
def test_a_file_without_words_is_filled(filled: Library, tmp_path: Path, there: str) -> None:
    path = tmp_path / "x.md"
    path.write_text(there)
    assert export(filled, "thesis", path).is_changed
    assert path.read_text("utf-8").startswith("---\n")


def test_a_folder_that_is_not_there_is_refused_and_not_made(
    filled: Library, tmp_path: Path
) -> None:
    path = tmp_path / "no" / "x.md"
    with pytest.raises(PapersError, match="No such folder") as caught:
        export(filled, "thesis", path)
    assert str(path.parent) in caught.value.message
    assert not path.parent.exists()
    assert filled.state.reading_list("thesis").exports == ()


def test_in_a_folder_the_file_is_named_after_the_list(filled: Library, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    outcome = export(filled, "thesis", folder)
    assert outcome.path == str(folder / "thesis.md")
    assert [path.name for path in folder.iterdir()] == ["thesis.md"]


def test_a_folder_that_cannot_be_written_leaves_everything_as_it_was(
    filled: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.md"
    export(filled, "thesis", path)
    before = path.read_text("utf-8")
    lists.add(filled, "thesis", keys(filled, "d"))
    (last,) = filled.state.reading_list("thesis").exports

    def refuse(*_: object) -> str:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr("os.urandom", refuse)
        with pytest.raises(LibraryError, match="cannot be written: Permission denied"):
            export(filled, "thesis", path)
    assert path.read_text("utf-8") == before
    assert filled.state.reading_list("thesis").exports == (last,)
    assert {each.name for each in tmp_path.iterdir()} == {"x.md", "small"}


def test_a_link_is_followed_and_stays_a_link(filled: Library, tmp_path: Path) -> None:
    target, link = tmp_path / "target.md", tmp_path / "link.md"
    link.symlink_to(target)
    export(filled, "thesis", link)
    assert link.is_symlink()
    assert "# thesis" in target.read_text("utf-8")


def test_an_exported_file_keeps_its_mode(filled: Library, tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.touch(0o640)
    path.chmod(0o640)
    export(filled, "thesis", path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("name", ["\x1b[2J", "a\nb", "\x7f", "a\u2028b", "gpj\u202e.md", "\x9b0m"])
def test_no_file_is_called_what_acts_on_a_terminal(
    filled: Library, tmp_path: Path, name: str
) -> None:
    with pytest.raises(PapersError, match="Not a valid file name") as refused:
        export(filled, "thesis", tmp_path / name)
    assert is_inert(str(refused.value))
    assert not [path for path in tmp_path.iterdir() if path.is_file()]


@pytest.mark.parametrize("name", ["論文\u3000一覧.md", "a\xa0b.md", "می\u200cخواهم.md", "é́.md"])
def test_a_file_may_have_a_name_in_any_script(filled: Library, tmp_path: Path, name: str) -> None:
    export(filled, "thesis", tmp_path / name)
    assert (tmp_path / name).is_file()


def test_an_export_of_which_a_journal_shows_no_whole_path_is_not_written_again(
    filled: Library,
) -> None:
    record = {"format": "markdown", "at": "2026-01-01", "held": [], "abstract": "first"}
    filled.change("x", [("lists", "thesis", "export/../x.md", record)])
    filled.change("x", [("lists", "thesis", "export/x.md", record)])
    assert len(filled.state.reading_list("thesis").exports) == 2
    assert known_exports(filled.state.reading_list("thesis")) == []


@given(st.lists(hostile_text(4), min_size=1, max_size=3))
@example(["../../x", "/etc/x", "-rf"])
@example(list(PAYLOADS[:9]))
def test_whatever_a_list_is_called_its_export_stays_in_the_folder(names: Sequence[str]) -> None:
    with TemporaryDirectory() as base:
        out = Path(base) / "deep" / "out"
        out.mkdir(parents=True)
        with lettered(Path(base) / "small", letters="ab") as library:
            written = set()
            for name in names:
                try:
                    lists.add(library, name, keys(library, "ab"))
                except UsageError:
                    continue
                outcome = export_files.export(library, name, library.items(), out, force=True)
                written.add(Path(outcome.path))
        assert {path.parent for path in written} <= {out}
        assert set(out.iterdir()) == written
        assert {path.name for path in Path(base).iterdir()} == {"deep", "small"}
        assert list((Path(base) / "deep").iterdir()) == [out]


def test_two_lists_whose_names_make_one_file_name_do_not_overwrite_each_other(
    small: Library, tmp_path: Path
) -> None:
    lists.add(small, "C++", keys(small, "a"))
    lists.add(small, "C#", keys(small, "b"))
    folder = tmp_path / "out"
    folder.mkdir()
    export(small, "C++", folder)
    try:
        export(small, "C#", folder)
    except PapersError:
        return
    assert len(list(folder.iterdir())) == 2


def test_a_library_opened_for_reading_writes_the_file_and_remembers_nothing(
    filled: Library, tmp_path: Path
) -> None:
    folder, count = filled.folder, len(filled.state.history())
    filled.close()
    with Library.open(folder, "desk", write=False) as reading:
        outcome = export(reading, "thesis", tmp_path / "x.md")
        assert outcome.is_changed
        assert len(reading.state.history()) == count


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_file_whose_name_is_not_unicode_is_written_or_refused_in_a_sentence(
    filled: Library, tmp_path: Path
) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.md")
    try:
        export(filled, "thesis", path)
    except PapersError:
        assert not path.exists()


def test_the_home_of_nobody_is_refused_in_a_sentence(filled: Library) -> None:
    with pytest.raises(PapersError):
        export(filled, "thesis", Path("~no-such-user/x.md"))


def test_a_socket_is_refused(
    filled: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("x.md")
        with pytest.raises(PapersError, match="not a regular file"):
            export(filled, "thesis", Path("x.md"))


@pytest.mark.usefixtures("patience")
def test_a_pipe_is_refused_and_never_waited_for(filled: Library, tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(PapersError):
        export(filled, "thesis", path)
    assert stat.S_ISFIFO(path.lstat().st_mode)


def test_a_device_is_never_replaced_by_a_file(filled: Library, tmp_path: Path) -> None:
    path = tmp_path / "null"
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
        path.read_bytes()
    except OSError:
        pytest.skip("only root may make a device")
    with pytest.raises(PapersError):
        export(filled, "thesis", path)
    assert stat.S_ISCHR(path.lstat().st_mode)


# Formats


@pytest.mark.parametrize(
    ("name", "start"),
    [("x.bib", "@misc{"), ("x.csv", "\ufefftitle,"), ("x.html", "<!doctype"), ("x.ris", "TY  - ")],
)
def test_the_extension_of_a_file_chooses_its_format(
    filled: Library, tmp_path: Path, name: str, start: str
) -> None:
    path = tmp_path / name
    assert export(filled, "thesis", path).is_changed
    assert path.read_bytes().decode().startswith(start)
    assert not export(filled, "thesis", path).is_changed
    assert since(filled) == ""


def test_an_asked_format_wins_over_the_extension_and_names_a_file_in_a_folder(
    filled: Library, tmp_path: Path
) -> None:
    style = export_files.ExportStyle("biblatex")
    for path in (tmp_path / "x.txt", tmp_path):
        outcome = export_files.export(filled, "thesis", items(filled, "thesis"), path, style=style)
        assert Path(outcome.path).read_text("utf-8").startswith("@online{")
    assert outcome.path == str(tmp_path / "thesis.bib")


def test_a_file_of_another_format_is_replaced_only_as_it_was_exported(
    filled: Library, tmp_path: Path
) -> None:
    path = tmp_path / "x.bib"
    path.write_text("@book{mine, title = {Mine}}\n")
    with pytest.raises(ConfirmationError, match="not exported from this library"):
        export(filled, "thesis", path)
    export(filled, "thesis", path, force=True)
    lists.remove(filled, "thesis", keys(filled, "a"))
    assert since(filled) == "1 removed"
    assert export(filled, "thesis", path).is_changed
    path.write_text(path.read_text() + "@book{mine, title = {Mine}}\n")
    with pytest.raises(ConfirmationError, match="Edited since it was exported"):
        export(filled, "thesis", path)


def test_results_of_a_query_replace_the_file_that_has_them_as_they_were_exported(
    filled: Library, tmp_path: Path
) -> None:
    path, found = tmp_path / "x.bib", items(filled, "thesis")

    def exported(count: int) -> bool:
        return export_files.export(filled, "is:read", found[:count], path, of_list=False).is_changed

    assert exported(1)
    assert exported(2)
    assert not exported(2)
    path.write_text(path.read_text() + "@book{mine, title = {Mine}}\n")
    with pytest.raises(ConfirmationError, match="File exists, and was edited since"):
        exported(1)


def test_a_template_of_citation_keys_is_remembered_with_the_export(
    filled: Library, tmp_path: Path
) -> None:
    style = export_files.ExportStyle(citation_key="{Word}")
    path = tmp_path / "x.bib"
    export_files.export(filled, "thesis", items(filled, "thesis"), path, style=style)
    (record,) = filled.state.reading_list("thesis").exports
    assert export_files.style_of(record) == export_files.ExportStyle("bibtex", "first", "{Word}")
    assert since(filled) == ""


def test_an_export_in_a_format_of_a_newer_version_is_listed_and_not_repeated(
    filled: Library,
) -> None:
    newer = {"format": "hologram", "at": "2026-01-01", "held": [], "abstract": "first"}
    filled.change("x", [("lists", "thesis", "export//tmp/x.holo", newer)])
    assert known_exports(filled.state.reading_list("thesis")) == []
    assert since(filled) == "3 added"


# Since an export


def since(library: Library) -> str:
    """What has changed since the newest export of the list “thesis”."""
    thesis = library.state.reading_list("thesis")
    return export_files.changes_since(library, thesis, thesis.exports[0])


@pytest.fixture
def exported(filled: Library, tmp_path: Path, clock: Clock) -> Library:
    """A library whose list “thesis” was exported a minute ago."""
    export(filled, "thesis", tmp_path / "x.md")
    clock.wait()
    return filled


def test_nothing_has_changed_at_first(exported: Library) -> None:
    assert since(exported) == ""


def test_what_was_added_since_is_reported(exported: Library) -> None:
    lists.add(exported, "thesis", keys(exported, "de"))
    assert since(exported) == "2 added"


def test_what_was_removed_since_is_reported(exported: Library) -> None:
    lists.remove(exported, "thesis", keys(exported, "a"))
    assert since(exported) == "1 removed"


def test_what_was_decided_since_is_reported(exported: Library) -> None:
    triage.mark(exported, keys(exported, "ab"), Status.READ)
    assert since(exported) == "papers changed"


def test_all_of_it_is_reported_at_once(exported: Library) -> None:
    lists.add(exported, "thesis", keys(exported, "d"))
    lists.remove(exported, "thesis", keys(exported, "a"))
    assert since(exported) == "1 added, 1 removed"


def test_another_order_is_reported(exported: Library) -> None:
    lists.move(exported, "thesis", key(exported, "c"), 1)
    assert since(exported).startswith("order changed")


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda lib: lists.move(lib, "thesis", key(lib, "c"), 1), "order changed"),
        (lambda lib: lists.add(lib, "other", keys(lib, "ab")), ""),
    ],
)
def test_a_place_in_a_list_is_no_change_of_the_paper(
    exported: Library, act: Act, message: str
) -> None:
    act(exported)
    assert since(exported) == message


def test_what_was_decided_in_the_second_of_the_export_is_reported(
    filled: Library, tmp_path: Path
) -> None:
    export(filled, "thesis", tmp_path / "x.md")
    triage.mark(filled, keys(filled, "a"), Status.READ)
    assert since(filled) == "papers changed"


def test_what_was_taken_back_is_no_change(exported: Library) -> None:
    triage.mark(exported, keys(exported, "a"), Status.READ)
    exported.undo()
    assert since(exported) == ""


def test_exporting_again_starts_over(exported: Library, tmp_path: Path) -> None:
    lists.add(exported, "thesis", keys(exported, "d"))
    export(exported, "thesis", tmp_path / "x.md")
    assert since(exported) == ""


def test_a_list_as_json_shows_its_papers_and_exports(exported: Library, tmp_path: Path) -> None:
    triage.mark(exported, keys(exported, "d"), Status.READ)
    lists.add(exported, "thesis", keys(exported, "d"))
    assert lists.list_record(exported, exported.state.reading_list("thesis")) == {
        "name": "thesis",
        "description": "why",
        "papers": keys(exported, "abcd"),
        "read": 1,
        "exports": [
            {
                "path": str(tmp_path / "x.md"),
                "format": "markdown",
                "at": "2026-01-15T12:00:00Z",
                "held": keys(exported, "abc"),
                "abstract": "first",
                "sum": exported.state.reading_list("thesis").exports[0].sum,
                "since": "1 added",
            }
        ],
    }


def test_a_list_whose_creation_alone_is_undone_keeps_what_was_added_since(small: Library) -> None:
    one, other = keys(small, "ab")
    created = lists.add(small, "thesis", [one])
    lists.add(small, "thesis", [other])
    assert created is not None
    small.undo(created)
    assert small.state.list_names() == ["thesis"]
    assert small.state.reading_list("thesis").keys == (other,)
    lists.remove(small, "thesis", [other])
    assert small.state.list_names() == []


def test_a_list_that_another_machine_deleted_keeps_what_was_added_meanwhile(
    small: Library,
) -> None:
    one, other = keys(small, "ab")
    lists.add(small, "thesis", [one])
    gone = (
        Edit("lists", "thesis", "exists", True, None),
        Edit("papers", one, "list/thesis", 1.0, None),
    )
    journal = Journal(small.folder / "journal", "laptop")
    journal.append(Change(9, "laptop", "2026-01-15T12:00:00Z", "delete list thesis", gone))
    journal.close()
    lists.add(small, "thesis", [other])
    small.refresh()
    assert small.state.find_list("Thesis") == "thesis"
    assert small.state.reading_list("thesis").keys == (other,)


def test_lists_of_two_machines_that_differ_in_case_alone_are_one(small: Library) -> None:
    lists.add(small, "Thesis", [key(small, "a")])
    small.change(
        "add to thesis",
        [("lists", "thesis", "exists", True), ("papers", key(small, "b"), "list/thesis", 2.0)],
    )
    assert small.state.list_names() == ["Thesis"]
    assert small.state.find_list("thesis") == small.state.find_list("THESIS") == "Thesis"
    assert order(small, "Thesis") == "ab"
    lists.remove(small, "thesis", keys(small, "ab"))
    assert order(small, "Thesis") == ""
    lists.delete(small, "THESIS")
    assert small.state.list_names() == []


def test_papers_are_put_in_lists_and_taken_off_others_in_one_change(small: Library) -> None:
    both = keys(small, "AB")
    lists.put(small, ["One", "two", "one"], [], both)
    assert [each.name for each in small.state.lists()] == ["one", "two"]
    assert small.state.list_problems() == []
    change = lists.put(small, ["three"], ["TWO", "one"], both)
    assert change is not None
    assert [each.name for each in small.state.lists() if each.keys] == ["three"]
    small.undo()
    assert [each.name for each in small.state.lists() if each.keys] == ["one", "two"]
    with pytest.raises(PapersError):
        lists.put(small, [], ["nowhere"], both)


def test_a_name_that_is_too_long_is_refused_rather_than_cut() -> None:
    assert list_name("x" * 60) == "x" * 60
    with pytest.raises(UsageError, match="60 characters"):
        list_name("x" * 61)
