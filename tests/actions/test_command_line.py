"""Command lines in sessions: what is typed after ``:``, run and completed."""

import json
import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.libraries import page, statuses
from tests.strategies import hostile_text
from tests.view_helpers import TITLES, TWELVE, key_of
from tui.actions import arguments, command_line, find, lists, triage
from tui.actions.context import Outcome
from tui.actions.registry import Where, actions
from tui.actions.targets import perform
from tui.config import Config
from tui.errors import ConfirmationError, PapersError, UsageError
from tui.library import Library
from tui.model.paper import SourceRecord, paper_key
from tui.model.state import Status
from tui.query import parse
from tui.workspace import Workspace

ANCHORS, BEAMS, CIRCUITS, DISTILLING = TITLES[:4]
FIRST: Final = (key_of(ANCHORS),)


pytestmark = pytest.mark.usefixtures("no_fsync", "away")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Library]:
    """A library as the app holds it: open for writing, locked for others."""
    with Library.open(tmp_path / "library", "desk", wait=0, now=lambda: NOW) as library:
        library.seed(TWELVE)
        yield library


class Session:
    """Runs lines in a session on a library, as the app does."""

    def __init__(self, library: Library) -> None:
        self.workspace = Workspace(library, Config(), "")

    def run(self, line: str, keys: Sequence[str] = FIRST, query: str = "") -> Outcome:
        """Runs a line on some papers, with a query on screen."""
        workspace = self.workspace
        if query != workspace.listing.query.text:
            workspace.listing.show(query)
        action, options = command_line.parse(line, Where.APP, keys)
        context = replace(workspace.context(), keys=keys)
        if missing := action.missing(options, Where.APP):
            raise UsageError(f"The app asks for {missing.name}")
        return perform(action, options, context)

    def text(self, line: str, keys: Sequence[str] = FIRST, query: str = "") -> str:
        """What a line says."""
        return command_line.render(self.run(line, keys, query))


@pytest.fixture
def session(desk: Library) -> Session:
    return Session(desk)


# Running


def test_a_command_without_papers_of_its_own_acts_on_the_selection(
    session: Session, desk: Library
) -> None:
    outcome = session.run("mark read", [key_of(ANCHORS), key_of(CIRCUITS)])
    assert statuses(desk) == {ANCHORS: Status.READ, CIRCUITS: Status.READ}
    assert command_line.render(outcome) == "Marked read: 2 papers\n"
    assert len(desk.state.history()) == 1


def test_papers_that_are_named_go_before_the_selection(session: Session, desk: Library) -> None:
    session.run(f"mark read {key_of(BEAMS)}", FIRST)
    session.run("mark dismissed --query circuits", FIRST)
    assert statuses(desk) == {BEAMS: Status.READ, CIRCUITS: Status.DISMISSED}


def test_a_per_cent_sign_stands_for_the_selection(session: Session, desk: Library) -> None:
    chosen = [key_of(BEAMS), key_of(CIRCUITS)]
    session.run(f"mark read % {key_of(DISTILLING)}", chosen)
    assert set(statuses(desk)) == {BEAMS, CIRCUITS, DISTILLING}
    session.run("note % 'worth a look'", FIRST)
    assert desk.state.of(key_of(ANCHORS)).note == "worth a look"
    session.run("note % '100 %'", FIRST)
    assert desk.state.of(key_of(ANCHORS)).note == "100 %"


@pytest.mark.parametrize("line", ["mark read", "mark read %", "star", "tag +nlp", "snooze 3d"])
def test_without_papers_it_says_so(session: Session, desk: Library, line: str) -> None:
    assert session.text(line, []) == "No matching papers\n"
    assert desk.state.history() == []


def test_quotation_marks_hold_words_together(session: Session, desk: Library) -> None:
    session.run("lists add 'my thesis'", FIRST)
    session.run('lists describe "my thesis" "World models, chapter 2"', FIRST)
    reading_list = desk.state.reading_list("my thesis")
    assert (reading_list.keys, reading_list.description) == (FIRST, "World models, chapter 2")


@pytest.mark.parametrize("line", ["lists add 'my thesis", 'note % "x', "mark read \\"])
def test_half_a_quotation_is_refused(session: Session, desk: Library, line: str) -> None:
    with pytest.raises(UsageError, match="Unclosed quotation mark"):
        session.run(line, FIRST)
    assert desk.state.history() == []


def test_an_empty_line_is_refused(session: Session, desk: Library) -> None:
    with pytest.raises(UsageError, match="No command given"):
        session.run("  ")


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
def test_a_list_is_shown_on_the_screen_instead(
    session: Session, desk: Library, line: str, query: str
) -> None:
    outcome = session.run(line, FIRST)
    assert (outcome.query, command_line.render(outcome), outcome.exit_code) == (query, "", 0)


def test_a_list_as_json_is_printed(session: Session, desk: Library) -> None:
    outcome = session.run("list circuits --json", FIRST)
    assert outcome.query is None
    assert [record["title"] for record in json.loads(command_line.render(outcome))] == [CIRCUITS]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("tags", "No tags yet"),
        ("views", "No views yet"),
        ("lists", "No lists yet"),
        ("log", ""),
        ("stats", "12"),
        ("keys", "mark.read"),
        ("show %", ANCHORS),
        ("--version", "papers-tui "),
    ],
)
def test_what_a_command_prints_is_given_back(
    session: Session, desk: Library, line: str, message: str
) -> None:
    outcome = session.run(line, FIRST)
    assert message in command_line.render(outcome)
    assert not outcome.exit_code


def test_changes_are_made_taken_back_and_reported_in_the_open_library(
    session: Session, desk: Library
) -> None:
    session.run("tag +nlp +old", FIRST)
    session.run("tag -old", FIRST)
    assert desk.state.of(FIRST[0]).tags == ("nlp",)
    session.run("tags rename nlp language", ())
    assert desk.state.of(FIRST[0]).tags == ("language",)
    assert session.text("undo", ()).startswith("Undid: renamed tag nlp to language")
    session.run("undo --since today", ())
    assert desk.state.of(FIRST[0]).tags == ()
    session.run("redo", ())
    assert desk.state.of(FIRST[0]).tags == ("nlp",)
    session.run("views save mine 'is:unread retrieval'", ())
    assert desk.state.views() == {"mine": "is:unread retrieval"}


def test_a_page_is_imported_into_the_open_library(
    session: Session, desk: Library, away: Path
) -> None:
    page(away / "page.txt", "Paper of A", "Paper of B")
    with pytest.raises(ConfirmationError, match="2 new") as confirmation:
        session.run("import page.txt", ())
    assert confirmation.value.lines == ("Paper of A", "Paper of B")
    assert len(desk) == 12
    outcome = session.run("import page.txt --yes", ())
    assert command_line.render(outcome) == "Imported: 2 new papers from page.txt\n"
    assert len(desk) == 14
    assert session.run("import page.txt missing.txt", ()).exit_code == 1
    with pytest.raises(PapersError, match="No such file"):
        session.run("import missing.txt", ())


def test_the_question_before_an_import_names_what_is_skipped(
    session: Session, desk: Library, away: Path
) -> None:
    entries = "".join(f"@misc{{k{n}, year = 2024}}\n" for n in range(5))
    entries += "@misc{good, title = {On Sets}, keywords = {nlp}}\n"
    (away / "refs.bib").write_text(entries, "utf-8")
    with pytest.raises(
        ConfirmationError, match="1 new, 5 skipped, decisions about 1 paper"
    ) as confirmation:
        session.run("import refs.bib --with-state", ())
    first, *_, rest, blank, title = confirmation.value.lines
    assert first == "Line 1 skipped: this record has no title (refs.bib)"
    assert (rest, blank, title) == ("and 2 more skipped", "", "On Sets")


def test_a_list_is_exported_to_a_file(session: Session, desk: Library, away: Path) -> None:
    session.run("lists add thesis", FIRST)
    session.run("export thesis -o out.md", ())
    assert ANCHORS in (away / "out.md").read_text("utf-8")
    assert ANCHORS in session.text("export thesis", ())


@pytest.mark.parametrize(
    "line",
    ["--help", "mark --help", "lists add -h", "tags -h", "help -h", "help mark", "help commands"],
)
def test_the_help_of_a_command_is_given_back(session: Session, desk: Library, line: str) -> None:
    outcome = session.run(line, FIRST)
    assert command_line.render(outcome).startswith("usage: papers-tui")
    assert desk.state.history() == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("marc read", "Did you mean mark"),
        ("mark raed", "Did you mean read"),
        ("mark foo", "Unknown status: foo. Choose unread, reading, read or dismissed."),
        ("lists foo", "Unknown command: lists foo. Choose make, add, "),
        ("undo x", "Not a valid N: x. "),
        ("mark read --frobnicate", ""),
        ("snooze someday", "Not a date: someday"),
        ("lists rename nope other", "nope"),
        ("tags delete nope", "No paper has the tag"),
        ("views delete nope", "No view “nope”"),
        ("show zzz", ""),
        ("undo", "Nothing to undo"),
        ("undo --since never", "Not a time: never"),
        (
            "export 'no pe'",
            "No list “no pe”. Lists: none yet. For papers matching a ",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_reported_and_nothing_is_changed(
    session: Session, desk: Library, line: str, message: str
) -> None:
    with pytest.raises(PapersError) as caught:
        session.run(line, FIRST)
    assert message in str(caught.value)
    assert desk.state.history() == []


@pytest.mark.parametrize("line", ["triage", "triage --plain", "completions bash", "parse x.txt"])
def test_what_means_nothing_in_the_app_is_refused_with_a_reason(
    session: Session, desk: Library, line: str
) -> None:
    with pytest.raises(UsageError, match="does not run in a session") as caught:
        session.run(line, FIRST)
    assert caught.value.hint


def test_what_means_nothing_in_the_app_is_refused_after_an_option_too(
    session: Session, desk: Library, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="does not run in a session"):
        session.run(f"--library {tmp_path / 'other'} triage --plain", FIRST)


@pytest.mark.parametrize("line", ["import -", "note % -"])
def test_standard_input_is_refused(session: Session, desk: Library, line: str) -> None:
    with pytest.raises(UsageError, match="session has no standard input"):
        session.run(line, FIRST)


def test_another_library_is_another_library(
    session: Session, desk: Library, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    with Library.open(other, "desk", wait=0) as library:
        library.seed(TWELVE[1:3])
    session.run(f"mark read --library {other} --query circuits", FIRST)
    with pytest.raises(UsageError, match="No papers given"):
        session.run(f"mark read --library {other}", FIRST)
    assert desk.state.history() == []
    with Library.open(other, "user", write=False) as library:
        assert statuses(library) == {CIRCUITS: Status.READ}
    outcome = session.run(f"list --library {other}", FIRST)
    assert outcome.query is None
    assert CIRCUITS in command_line.render(outcome)


def test_show_why_and_note_are_about_the_paper_at_the_cursor(
    session: Session, desk: Library
) -> None:
    (first,) = FIRST
    assert f"key {first}" in session.run("show", FIRST).text
    assert session.run("why is:unread", FIRST).exit_code == 0
    session.run("note 'mine alone'", FIRST)
    assert desk.state.of(first).note == "mine alone"
    assert session.run("note", FIRST).text == "mine alone\n"
    with pytest.raises(UsageError, match="No paper given"):
        session.run("show", [])


def test_what_a_paper_does_not_have_leaves_no_gap_in_what_is_shown(
    session: Session, desk: Library
) -> None:
    desk.add([SourceRecord("On Bags", None, "a.bib", 1)], "a.bib")
    text = session.run("show", [paper_key("On Bags")]).text or ""
    assert text.count("\n\n") == 1
    assert "\n\n\n" not in text


def test_a_dry_run_changes_nothing(session: Session, desk: Library) -> None:
    session.run("mark read --dry-run", FIRST)
    assert desk.state.history() == []


def test_the_open_library_stays_open_after_every_command(session: Session, desk: Library) -> None:
    for line in ("list --json", "mark read", "stats", "doctor", "lists", "log --json"):
        session.run(line, FIRST)
    assert triage.star(desk, FIRST) is not None


@given(hostile_text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("mark read \x00")
@example("list ((((")
@example("show é\x1b[2J")
@example("~nobody/x")
@example("x" * 300)
def test_whatever_is_typed_there_is_an_outcome_or_a_sentence(session: Session, line: str) -> None:
    for text in (line, f"list {line}", f"show {line}", f"tags delete {line}", f"import {line}"):
        with suppress(PapersError):
            session.run(text, FIRST)


@pytest.mark.parametrize("name", sorted(actions()))
def test_a_command_without_arguments_is_an_outcome_or_a_sentence(
    session: Session, name: str
) -> None:
    with suppress(PapersError):
        session.run(name, FIRST)


# Completing


def words(library: Library, before: str, typed: str = "") -> list[str]:
    """The words that may come after a text."""
    return [choice.value for choice in command_line.complete(before, typed, library)]


def meanings(library: Library, before: str) -> dict[str, str]:
    """What each of them means."""
    choices = command_line.complete(before, "", library)
    return {choice.value: choice.detail for choice in choices}


def test_why_asks_about_what_is_on_screen_where_nothing_is_named(
    session: Session, desk: Library
) -> None:
    anchors = key_of(ANCHORS)
    whole = session.text(f"why {anchors} dense retrieval", FIRST)
    assert "dense" in whole
    assert session.text(f"why {anchors}", FIRST, query="dense retrieval") == whole
    assert session.text("why", [anchors, *FIRST], query="dense retrieval") == whole
    assert session.text("why dense retrieval", [anchors]) == whole
    assert session.text(f"why {anchors} dense retrieval", [], query="x") == whole


@pytest.mark.parametrize(
    ("line", "keys", "problem"),
    [
        ("why", (), "No paper given"),
        ("why", FIRST, "No query given"),
        ("why zz", (), "begins with “zz”"),
    ],
)
def test_why_shows_what_it_lacks(
    session: Session, desk: Library, line: str, keys: Sequence[str], problem: str
) -> None:
    with pytest.raises(PapersError, match=problem):
        session.run(line, keys)


@pytest.fixture
def full(desk: Library) -> Library:
    """A library with lists, tags and views."""
    lists.add(desk, "thesis", FIRST)
    lists.add(desk, "my club", FIRST)
    triage.tag(desk, FIRST, ["nlp", "rl"])
    find.save_view(desk, "search", "retrieval")
    find.save_view(desk, "new ones", "is:unread date:30d")
    return desk


def test_the_first_word_is_a_command_with_its_meaning(desk: Library) -> None:
    commands = meanings(desk, "")
    assert {"mark", "tag", "list", "lists", "export", "import", "undo", "tags"} <= commands.keys()
    assert commands["mark"] == "set the status of papers"
    assert not {"triage", "completions", "parse"} & commands.keys()
    assert {"sort", "toggle-read", "write"} <= commands.keys()
    assert all(commands.values())


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("dis", "mark dismissed"),
        ("renam", "tags rename"),
        ("delete", "lists delete"),
        ("star", "toggle-star"),
        ("BibT", "copy bibtex"),
        ("similar", "like"),
    ],
)
def test_a_command_is_found_by_any_word_that_describes_it(
    desk: Library, typed: str, line: str
) -> None:
    (choice,) = (each for each in command_line.complete("", typed, desk) if each.value == line)
    assert all(word.startswith(typed.lower()) for word in choice.keywords.split())
    assert choice.keywords
    assert arguments.find(line.split(), Where.APP) is not None


def test_every_command_that_is_offered_can_be_run(session: Session, desk: Library) -> None:
    for word in words(desk, ""):
        assert session.text(f"{word} --help", FIRST).startswith(f"usage: papers-tui {word}")


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
    commands = meanings(full, before)
    assert {"page.txt", "'my page.txt'", "sub/"} <= commands.keys()
    assert commands["sub/"] == "folder"
    assert ".hidden" not in commands
    assert "sub/one.txt" in words(full, before, "sub/")
    assert f"{away}/page.txt" in words(full, before, f"{away}/pa")
    assert words(full, before, "nowhere/x") == words(full, before, "nowhere/y")


def test_the_files_of_the_root_are_offered_from_there(full: Library) -> None:
    assert {"/tmp/", "/usr/"} <= set(words(full, "import ", "/"))


def test_a_file_at_home_is_offered_and_can_be_imported(
    session: Session, desk: Library, home: Path, away: Path
) -> None:
    page(home / "page.txt", "Paper of A")
    (offered,) = [word for word in words(desk, "import ", "~/") if "page.txt" in word]
    with pytest.raises(ConfirmationError, match="1 new"):
        session.run(f"import {offered}", ())


NAMES: Final = ["a b", "it's", "x(y)", "é", "$HOME", "a;b", "list:x", "#tag", "~", "a&b"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_completed_is_read_as_it_is(desk: Library, name: str) -> None:
    lists.create(desk, name)
    find.save_view(desk, name, "is:unread")
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
    find.save_view(desk, "mine", query)
    ((offered, name), *_) = meanings(desk, "mark read --query ").items()
    assert name == "mine"
    assert shlex.split(offered) == [query]
    assert parse(shlex.split(offered)[0]) == parse(query)


@given(hostile_text(3), hostile_text(2))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("import ", "\x00")
@example("import ", "\ud800/")
@example("import ", "~nobody/")
@example("import ", "/" * 5_000)
def test_completing_never_fails(desk: Library, before: str, typed: str) -> None:
    for text in (before, f"import {before} ", f"tag {before} ", f"lists add {before} "):
        command_line.complete(text, typed, desk)


@given(st.text("~/.a\x00é", max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("~nobody/")
def test_completing_a_path_never_fails(desk: Library, typed: str) -> None:
    command_line.complete("import ", typed, desk)


# What a session asks for


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("tag", "words"),
        ("snooze", "until"),
        ("annotate", "text"),
        ("sort", "by"),
        ("view", "view"),
        ("save-view", "name"),
        ("add-to-list", "name"),
        ("add", "paper"),
        ("sources add", "spec"),
        ("choose-list", "names"),
        ("write", "path"),
    ],
)
def test_a_session_asks_for_what_is_missing(session: Session, line: str, name: str) -> None:
    find.save_view(session.workspace.library, "mine", "is:unread")
    action, options = command_line.parse(line, Where.APP, FIRST)
    argument = action.missing(options, Where.TERMINAL)
    assert argument is not None
    assert argument.name == name
    assert argument.question is not None
    question = argument.question(session.workspace.context())
    assert question is not None
    assert question.prompt


def test_nothing_is_asked_for_where_it_is_given(session: Session) -> None:
    for line in ("tag +nlp", "snooze 3d", "add-to-list thesis", "write x.md", "sort up"):
        action, options = command_line.parse(line, Where.APP, FIRST)
        assert action.missing(options, Where.TERMINAL) is None


def test_what_a_dry_run_would_do_is_not_repeated(session: Session, desk: Library) -> None:
    action, options = command_line.parse("mark read --dry-run", Where.APP, FIRST)
    session.workspace.perform(action, options)
    assert session.workspace.repeat().message == "Nothing to repeat yet"


def test_a_file_that_is_not_ours_is_replaced_once_that_is_confirmed(
    session: Session, away: Path
) -> None:
    (away / "x.md").write_text("mine")
    action, options = command_line.parse("write x.md", Where.APP, FIRST)
    with pytest.raises(ConfirmationError) as caught:
        session.workspace.perform(action, options)
    assert (away / "x.md").read_text() == "mine"
    session.workspace.perform(action, {**options, caught.value.argument: True})
    assert ANCHORS in (away / "x.md").read_text("utf-8")


def test_what_needs_a_screen_is_no_command_of_a_plain_session(session: Session) -> None:
    with pytest.raises(UsageError, match="Unknown command: palette"):
        command_line.parse("palette", Where.PLAIN, FIRST)
    action, _ = command_line.parse("palette", Where.APP, FIRST)
    assert action.screen_action == "palette"


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("No lists yet. papers-tui lists add NAME KEY adds.", ":lists add NAME % adds."),
        ("papers-tui undo --only ID undoes one of papers-tui log.", ":undo --only ID"),
        ("papers-tui --help lists the commands.", ":help commands lists the commands."),
        ("See papers-tui add --help.", "See :add --help."),
        ("papers-tui needs 40 columns; pass a KEY", "papers-tui needs 40 columns; pass a KEY"),
        ("papers-tui sync init URL", "papers-tui sync init URL"),  # in a shell only
    ],
)
def test_a_session_names_commands_as_they_are_typed_in_it(text: str, typed: str) -> None:
    assert typed in command_line.as_typed(text, Where.TERMINAL)
    assert typed in command_line.render(Outcome(text), where=Where.PLAIN)


def test_what_a_browser_does_not_run_is_named_as_a_shell_takes_it() -> None:
    text = "papers-tui import FILE adds a page."
    assert command_line.as_typed(text, Where.BROWSER) == text
    assert command_line.as_typed(text, Where.TERMINAL) == ":import FILE adds a page."


@pytest.mark.parametrize(
    ("line", "first", "second"),
    [
        ("report --month --since monday", "--month", "--since"),
        ("report --week --month", "--week", "--month"),
        ("open --pdf --code", "--pdf", "--code"),
        ("export thesis -o a.md --notes notes", "--notes", "-o"),
        ("digest --to ada@example.org --again --install-timer", "--again", "--install-timer"),
        ("fetch --fill hf:daily", "--fill", "SOURCE"),
        ("fetch --fill --since 2026-01-01", "--fill", "--since"),
    ],
)
def test_options_that_exclude_each_other_are_refused(line: str, first: str, second: str) -> None:
    with pytest.raises(UsageError, match=f"^Pass {first} or {second}, not both"):
        arguments.parse(line.split(), Where.SHELL)


@pytest.mark.parametrize("line", ["fetch --write", "digest --to ada@example.org --write"])
def test_an_option_without_the_one_that_it_goes_with_is_refused(line: str) -> None:
    with pytest.raises(UsageError, match="--write goes with --install-timer"):
        arguments.parse(line.split(), Where.SHELL)
    arguments.parse([*line.split(), "--install-timer"], Where.SHELL)
