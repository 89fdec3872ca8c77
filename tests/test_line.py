"""The commands of the shell on a library that the app holds: what ``:`` runs and completes."""

import json
import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.strategies import HEADER, hostile_text
from tests.view_helpers import SHELF, TITLES, key_of
from tui.actions import lists, triage
from tui.cli.command_line import ShellCommandLine
from tui.config import Config
from tui.errors import PapersError, UsageError
from tui.library import Library
from tui.model.state import Status
from tui.query import parse
from tui.ui.command_line import Outcome

ANCHORS, BEAMS, CIRCUITS, DISTILLING = TITLES[:4]
FIRST: Final = (key_of(ANCHORS),)
LINE: Final = ShellCommandLine(Config())


pytestmark = pytest.mark.usefixtures("no_fsync", "away")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Library]:
    """A library as the app holds it: open for writing, locked for others."""
    with Library.open(tmp_path / "library", "desk", wait=0, now=lambda: NOW) as library:
        library.seed(SHELF)
        yield library


def statuses(library: Library) -> dict[str, Status]:
    """The status of each paper that has another than unread, by title."""
    made = {item.paper.title: item.state.status for item in library.items()}
    return {title: status for title, status in made.items() if status is not Status.UNREAD}


def page(path: Path, *titles: str) -> None:
    """Writes a page of papers of these titles."""
    lines = [line for title in titles for line in (title, "", f"We show {title} at length.", "")]
    path.write_text("\n".join([*HEADER, *lines]), "utf-8")


# Running


def test_a_command_without_papers_of_its_own_acts_on_the_selection(desk: Library) -> None:
    done = LINE.run("mark read", desk, [key_of(ANCHORS), key_of(CIRCUITS)])
    assert statuses(desk) == {ANCHORS: Status.READ, CIRCUITS: Status.READ}
    assert done == Outcome("read: 2 papers\n")
    assert len(desk.history()) == 1


def test_papers_that_are_named_go_before_the_selection(desk: Library) -> None:
    LINE.run(f"mark read {key_of(BEAMS)}", desk, FIRST)
    LINE.run("mark dismissed --query circuits", desk, FIRST)
    assert statuses(desk) == {BEAMS: Status.READ, CIRCUITS: Status.DISMISSED}


def test_a_per_cent_sign_stands_for_the_selection(desk: Library) -> None:
    chosen = [key_of(BEAMS), key_of(CIRCUITS)]
    LINE.run(f"mark read % {key_of(DISTILLING)}", desk, chosen)
    assert set(statuses(desk)) == {BEAMS, CIRCUITS, DISTILLING}
    LINE.run("note % 'worth a look'", desk, FIRST)
    assert desk.paper_state(key_of(ANCHORS)).note == "worth a look"
    LINE.run("note % '100 %'", desk, FIRST)
    assert desk.paper_state(key_of(ANCHORS)).note == "100 %"


@pytest.mark.parametrize("line", ["mark read", "mark read %", "star", "tag +nlp", "snooze 3d"])
def test_without_papers_it_says_so(desk: Library, line: str) -> None:
    with pytest.raises(UsageError, match="no papers were named"):
        LINE.run(line, desk, [])
    assert desk.history() == []


def test_quotation_marks_hold_words_together(desk: Library) -> None:
    LINE.run("lists add 'my thesis'", desk, FIRST)
    LINE.run('lists describe "my thesis" "World models, chapter 2"', desk, FIRST)
    held = desk.reading_list("my thesis")
    assert (held.keys, held.description) == (FIRST, "World models, chapter 2")


@pytest.mark.parametrize("line", ["lists add 'my thesis", 'note % "x', "mark read \\"])
def test_half_a_quotation_is_refused(desk: Library, line: str) -> None:
    with pytest.raises(UsageError, match="quotation mark is missing its other half"):
        LINE.run(line, desk, FIRST)
    assert desk.history() == []


def test_an_empty_line_does_nothing(desk: Library) -> None:
    assert LINE.run("  ", desk, FIRST) == Outcome()


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ("list", ""),
        ("list retrieval is:unread", "retrieval is:unread"),
        ("list retrieval --sort up", "retrieval sort:up"),
        ("list -n 5", "limit:5"),
        ("list -n5 --sort -date lora", "lora sort:-date limit:5"),
        ("list -survey", "-survey"),
        ("list list:'my thesis'", "list:my thesis"),
        ("list '\"a phrase\" OR x'", '"a phrase" OR x'),
    ],
)
def test_a_list_is_shown_on_the_screen_instead(desk: Library, line: str, query: str) -> None:
    done = LINE.run(line, desk, FIRST)
    assert (done.query, done.text, done.failed) == (query, "", False)


def test_a_list_as_json_is_printed(desk: Library) -> None:
    done = LINE.run("list circuits --json", desk, FIRST)
    assert done.query is None
    assert [record["title"] for record in json.loads(done.text)] == [CIRCUITS]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("tags", "no tags yet"),
        ("views", "no views yet"),
        ("lists", "no lists yet"),
        ("log", ""),
        ("stats", "12"),
        ("keys", "mark.read"),
        ("show %", ANCHORS),
        ("--version", "papers-tui "),
    ],
)
def test_what_a_command_prints_is_given_back(desk: Library, line: str, said: str) -> None:
    done = LINE.run(line, desk, FIRST)
    assert said in done.text
    assert not done.failed


def test_changes_are_made_taken_back_and_told_in_the_open_library(desk: Library) -> None:
    LINE.run("tag +nlp +old", desk, FIRST)
    LINE.run("tag -old", desk, FIRST)
    assert desk.paper_state(FIRST[0]).tags == ("nlp",)
    LINE.run("tags rename nlp language", desk, ())
    assert desk.paper_state(FIRST[0]).tags == ("language",)
    assert LINE.run("undo", desk, ()).text.startswith("undo: rename tag nlp to language")
    LINE.run("undo --since today", desk, ())
    assert desk.paper_state(FIRST[0]).tags == ()
    LINE.run("undo", desk, ())
    assert desk.paper_state(FIRST[0]).tags == ("nlp",)
    LINE.run("views save mine 'is:unread retrieval'", desk, ())
    assert desk.views() == {"mine": "is:unread retrieval"}


def test_a_page_is_imported_into_the_open_library(desk: Library, away: Path) -> None:
    page(away / "page.txt", "Paper of A", "Paper of B")
    done = LINE.run("import page.txt", desk, ())
    assert "2 new" in done.text
    assert len(desk) == 14
    assert LINE.run("import missing.txt", desk, ()).failed


def test_a_list_is_exported_to_a_file(desk: Library, away: Path) -> None:
    LINE.run("lists add thesis", desk, FIRST)
    LINE.run("export thesis -o out.md", desk, ())
    assert ANCHORS in (away / "out.md").read_text("utf-8")
    assert ANCHORS in LINE.run("export thesis", desk, ()).text


@pytest.mark.parametrize(
    "line", ["--help", "mark --help", "lists add -h", "tags -h", "help", "help mark"]
)
def test_the_help_of_a_command_is_given_back(desk: Library, line: str) -> None:
    done = LINE.run(line, desk, FIRST)
    assert done.text.startswith("usage: papers-tui")
    assert desk.history() == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("marc read", "did you mean mark"),
        ("mark raed", "did you mean read"),
        ("mark read --frobnicate", ""),
        ("snooze someday", "is no day"),
        ("lists rename nope other", "nope"),
        ("tags delete nope", "no paper has the tag"),
        ("views delete nope", "there is no view"),
        ("show zzz", ""),
        ("undo", "nothing to undo"),
        ("undo --since never", "is no moment"),
        ("export nope", "nope"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_and_nothing_is_changed(
    desk: Library, line: str, told: str
) -> None:
    with pytest.raises(PapersError) as caught:
        LINE.run(line, desk, FIRST)
    assert told in str(caught.value)
    assert desk.history() == []


@pytest.mark.parametrize("line", ["triage", "triage --plain", "completions bash", "parse x.txt"])
def test_what_means_nothing_in_the_app_is_refused_with_a_reason(desk: Library, line: str) -> None:
    with pytest.raises(UsageError, match="does not run in the app") as caught:
        LINE.run(line, desk, FIRST)
    assert caught.value.hint


def test_what_means_nothing_in_the_app_is_refused_behind_an_option_too(
    desk: Library, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="does not run in the app"):
        LINE.run(f"--library {tmp_path / 'other'} triage --plain", desk, FIRST)


@pytest.mark.parametrize("line", ["import -", "note % -"])
def test_standard_input_is_refused(desk: Library, line: str) -> None:
    with pytest.raises(UsageError, match="no standard input in here"):
        LINE.run(line, desk, FIRST)


def test_another_library_is_another_library(desk: Library, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with Library.open(other, "desk", wait=0) as library:
        library.seed(SHELF[1:3])
    LINE.run(f"mark read --library {other} --query circuits", desk, FIRST)
    with pytest.raises(UsageError, match="no papers were named"):
        LINE.run(f"mark read --library {other}", desk, FIRST)
    assert desk.history() == []
    with Library.open(other, "reader", write=False) as library:
        assert statuses(library) == {CIRCUITS: Status.READ}
    done = LINE.run(f"list --library {other}", desk, FIRST)
    assert done.query is None
    assert CIRCUITS in done.text


def test_a_dry_run_changes_nothing(desk: Library) -> None:
    LINE.run("mark read --dry-run", desk, FIRST)
    assert desk.history() == []


def test_the_open_library_stays_open_after_every_command(desk: Library) -> None:
    for line in ("list --json", "mark read", "stats", "doctor", "lists", "log --json"):
        LINE.run(line, desk, FIRST)
    assert triage.star(desk, FIRST) is not None


@given(hostile_text())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example("mark read \x00")
@example("list ((((")
@example("show é\x1b[2J")
@example("~nobody/x")
def test_whatever_is_typed_there_is_an_outcome_or_a_sentence(desk: Library, line: str) -> None:
    for text in (line, f"list {line}", f"show {line}", f"tags delete {line}", f"import {line}"):
        with suppress(PapersError):
            assert isinstance(LINE.run(text, desk, FIRST), Outcome)


# Completing


def words(library: Library, before: str, typed: str = "") -> list[str]:
    """The words that may come behind a text."""
    return [word for word, _ in LINE.complete(before, typed, library)]


def test_why_asks_about_what_is_on_screen_where_nothing_is_named(desk: Library) -> None:
    anchors = key_of(ANCHORS)
    whole = LINE.run(f"why {anchors} dense retrieval", desk, FIRST).text
    assert "dense" in whole
    assert LINE.run(f"why {anchors}", desk, FIRST, query="dense retrieval").text == whole
    assert LINE.run("why", desk, [anchors, *FIRST], query="dense retrieval").text == whole
    assert LINE.run("why dense retrieval", desk, [anchors]).text == whole
    assert LINE.run(f"why {anchors} dense retrieval", desk, [], query="x").text == whole


@pytest.mark.parametrize(
    ("line", "keys", "wanted"),
    [("why", (), "paper"), ("why", FIRST, "query"), ("why zz", (), "query")],
)
def test_why_tells_what_it_lacks(
    desk: Library, line: str, keys: Sequence[str], wanted: str
) -> None:
    with pytest.raises(UsageError, match=f"of which {wanted}"):
        LINE.run(line, desk, keys)


@pytest.fixture
def full(desk: Library) -> Library:
    """A library with lists, tags and views."""
    lists.add(desk, "thesis", FIRST)
    lists.add(desk, "my club", FIRST)
    triage.tag(desk, FIRST, ["nlp", "rl"])
    triage.save_view(desk, "search", "retrieval")
    triage.save_view(desk, "new ones", "is:unread date:30d")
    return desk


def test_the_first_word_is_a_command_with_its_meaning(desk: Library) -> None:
    found = dict(LINE.complete("", "", desk))
    assert {"mark", "tag", "list", "lists", "export", "import", "undo", "tags"} <= found.keys()
    assert found["mark"] == "set the status of papers"
    assert not {"triage", "completions", "parse"} & found.keys()
    assert all(found.values())


def test_every_command_that_is_offered_can_be_run(desk: Library) -> None:
    for word in words(desk, ""):
        assert LINE.run(f"{word} --help", desk, FIRST).text.startswith(f"usage: papers-tui {word}")


@pytest.mark.parametrize(
    ("before", "offered"),
    [
        ("tags ", ["rename", "delete"]),
        ("views ", ["save", "delete"]),
        ("lists ", ["make", "add", "remove", "move", "describe", "rename", "delete"]),
        ("mark ", ["unread", "reading", "read", "dismissed", "--query", "--dry-run"]),
        ("snooze ", ["tomorrow", "3d", "1w", "off"]),
        ("undo ", ["--since", "--dry-run"]),
        ("undo --since ", ["today", "1h", "yesterday"]),
        ("tags rename ", ["nlp", "rl"]),
        ("tags delete ", ["nlp", "rl"]),
        ("tag ", ["+nlp", "+rl"]),
        ("tag +nlp ", ["+nlp", "+rl"]),
        ("lists add ", ["thesis", "'my club'"]),
        ("lists delete ", ["thesis", "'my club'"]),
        ("export ", ["thesis", "'my club'", "--output", "--abstract", "--force"]),
        ("views delete ", ["search", "'new ones'"]),
        ("mark read --query ", ["retrieval", "'is:unread date:30d'"]),
        ("export --query ", ["retrieval"]),
    ],
)
def test_each_place_of_a_line_has_its_words(full: Library, before: str, offered: list[str]) -> None:
    assert set(offered) <= set(words(full, before))


def test_a_tag_that_is_taken_off_begins_with_a_hyphen(full: Library) -> None:
    assert words(full, "tag ", "-n")[:2] == ["-nlp", "-rl"]


@pytest.mark.parametrize(
    ("before", "not_offered"),
    [
        ("mark read ", "unread"),
        ("tags rename nlp ", "rl"),
        ("lists add thesis ", "thesis"),
        ("log ", "thesis"),
        ("mark ", "--help"),
        ("nonsense ", "nlp"),
    ],
)
def test_what_cannot_stand_there_is_not_offered(
    full: Library, before: str, not_offered: str
) -> None:
    assert not_offered not in words(full, before)


@pytest.mark.parametrize("before", ["import ", "import other.txt ", "export thesis -o "])
def test_files_and_folders_are_offered_where_one_is_wanted(
    full: Library, away: Path, before: str
) -> None:
    page(away / "page.txt", "Paper of A")
    (away / "my page.txt").write_text("x")
    (away / ".hidden").write_text("x")
    (away / "sub").mkdir()
    (away / "sub" / "one.txt").write_text("x")
    found = dict(LINE.complete(before, "", full))
    assert {"page.txt", "'my page.txt'", "sub/"} <= found.keys()
    assert found["sub/"] == "folder"
    assert ".hidden" not in found
    assert "sub/one.txt" in words(full, before, "sub/")
    assert f"{away}/page.txt" in words(full, before, f"{away}/pa")
    assert words(full, before, "nowhere/x") == words(full, before, "nowhere/y")


def test_the_files_of_the_root_are_offered_from_there(full: Library) -> None:
    assert {"/tmp/", "/usr/"} <= set(words(full, "import ", "/"))


def test_a_file_at_home_is_offered_and_can_be_imported(
    desk: Library, home: Path, away: Path
) -> None:
    page(home / "page.txt", "Paper of A")
    (offered,) = [word for word in words(desk, "import ", "~/") if "page.txt" in word]
    done = LINE.run(f"import {offered}", desk, ())
    assert "1 new" in done.text


NAMES: Final = ["a b", "it's", "x(y)", "é", "$HOME", "a;b", "list:x", "#tag", "~", "a&b"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_completed_is_read_as_it_is(desk: Library, name: str) -> None:
    lists.create(desk, name)
    triage.save_view(desk, name, "is:unread")
    for before in ("lists delete ", "export ", "views delete "):
        offered = {tuple(shlex.split(word)) for word in words(desk, before)}
        assert (name,) in offered


@pytest.mark.parametrize(
    "query",
    [
        "is:unread",
        "a b",
        "list:'my club'",
        '"a phrase"',
        '"phrase"',
    ],
)
def test_a_query_that_is_completed_is_read_as_it_is(desk: Library, query: str) -> None:
    triage.save_view(desk, "mine", query)
    (offered, name) = LINE.complete("mark read --query ", "", desk)[0]
    assert name == "mine"
    assert shlex.split(offered) == [query]
    assert parse(shlex.split(offered)[0]) == parse(query)


@given(hostile_text(3), hostile_text(2))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example("import ", "\x00")
@example("import ", "\ud800/")
@example("import ", "~nobody/")
@example("import ", "/" * 5_000)
def test_completing_never_fails(desk: Library, before: str, typed: str) -> None:
    for text in (before, f"import {before} ", f"tag {before} ", f"lists add {before} "):
        LINE.complete(text, typed, desk)


@given(st.text("~/.a\x00é", max_size=12))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example("~nobody/")
def test_completing_a_path_never_fails(desk: Library, typed: str) -> None:
    LINE.complete("import ", typed, desk)
