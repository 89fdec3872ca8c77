"""A session a line at a time: the keys of the table without a screen."""

import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.libraries import statuses
from tests.strategies import MARKUP, TERMINAL
from tests.view_helpers import TITLES, TWELVE, key_of, paper
from tui.__main__ import main
from tui.actions import history, interests, keymap, lists
from tui.actions.bindings import bindings
from tui.actions.registry import Binding, Where
from tui.cli.plain.key_input import LINE, Idle, PipedKeys, TerminalKeys, key_names
from tui.cli.plain.loop import PlainSession
from tui.config import Config
from tui.library import Library
from tui.model.paper import Paper, SourceRecord, merge
from tui.model.state import PaperState, Status
from tui.workspace import Workspace

ANCHORS, BEAMS, CIRCUITS, DISTILLING, EMBEDDINGS = TITLES[:5]


class Script:
    """Keys and answers that were written down before."""

    acts_at_once = False

    def __init__(self, typed: Sequence[str], answers: Sequence[str | None] = ()) -> None:
        self._keys = [part for name in typed for part in name.split(" ")]
        self._answers = list(answers)
        self.asked: list[str] = []

    def key(self, idle: Idle = lambda: None) -> str | None:
        return self._keys.pop(0) if self._keys else None

    def line(self, prompt: str) -> str | None:
        self.asked.append(prompt)
        return self._answers.pop(0) if self._answers else ""


class User:
    """A user at a plain session, and what is printed for them."""

    def __init__(self, library: Library, capsys: pytest.CaptureFixture[str]) -> None:
        self.library = library
        self._capsys = capsys
        self.keys: dict[str, str] = {}
        self.session: PlainSession | None = None
        self.asked: list[str] = []

    def press(self, *typed: str, answers: Sequence[str | None] = ()) -> list[str]:
        """Presses keys, and returns the lines that are told for them."""
        script = Script(typed, answers)
        if self.session is None:
            self.session = session_on(self.library, script, self.keys)
            self.session.begin()
            self._capsys.readouterr()
        self.session.keys = script
        while script._keys:
            assert self.session.step(), "it left"
        self.asked = script.asked
        streams = self._capsys.readouterr()
        return (streams.out + streams.err).splitlines()

    @property
    def title(self) -> str:
        """The title of the paper of the moment."""
        assert self.session is not None
        item = self.session.workspace.listing.shown.item
        return item.paper.title if item else ""

    def statuses(self) -> dict[str, Status]:
        """The status of each paper that has another than unread, by title."""
        return statuses(self.library)

    def paper_state(self, title: str) -> PaperState:
        """What was decided about a paper."""
        return self.library.state.of(key_of(title))


def test_a_session_in_the_likely_order_begins_with_the_likeliest_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    topics = [*["orbit probing radios"] * 7, *(f"rocket{n % 9} thrust" for n in range(40))]
    with Library.open(tmp_path, "desk", wait=0) as library:
        library.seed(
            merge([SourceRecord(f"P{n:02}", text, "0.txt", n + 1)]) for n, text in enumerate(topics)
        )
        for key in sorted(library.papers)[:6]:
            library.change("star", [("papers", key, "starred", True)])
        session = session_on(library, Script([]), query="is:inbox sort:likely")
        session.begin()
        assert "1 of 41, unread: P06" in capsys.readouterr().out


def test_a_line_typed_where_keys_act_does_nothing(desk: User) -> None:
    (line,) = desk.press(LINE)
    assert line.startswith("Several keys at once: nothing was done.")
    assert desk.statuses() == {}


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("lora\n", [LINE]),
        ("r\n", ["r", "enter"]),
        ("ggww", ["g", "g", "w", "w"]),
        ("jjj\x1b[A", ["j", "j", "j", "up"]),
        ("\n\n", ["enter", "enter"]),
        ("ä", ["ä"]),
    ],
)
def test_of_a_line_that_arrives_at_once_no_key_acts(typed: str, keys: list[str]) -> None:
    read, write = os.pipe()
    os.write(write, typed.encode())
    source = TerminalKeys(read, [])
    assert [source.key() for _ in keys] == keys
    os.close(write)
    assert source.key() is None
    os.close(read)


def test_a_command_that_arrives_at_once_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    read, write = os.pipe()
    os.write(write, b":mark read\nj")
    source = TerminalKeys(read, [])
    assert (source.key(), source.line(":"), source.key()) == (":", "mark read", "j")
    assert capsys.readouterr().out == ":mark read\n"
    os.close(read)
    os.close(write)


def session_on(
    library: Library, script: Script, keys: dict[str, str] | None = None, query: str = ""
) -> PlainSession:
    """A plain session on the papers of a query, by default all, with a user's own keys."""
    settings = Config(keys=keys or {})
    rows, _ = keymap.resolve(settings.keys)
    return PlainSession(Workspace(library, settings, query), rows, script)


def test_the_end_of_a_session_names_the_command_of_a_shell(
    desk: User, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reminder = "1 dismissed paper is like those you kept: papers-tui reconsider"
    monkeypatch.setattr(interests, "reminder", lambda library: reminder)
    desk.press("d")
    assert desk.session is not None
    desk.session.keys = Script(["q"])
    assert not desk.session.step()
    assert capsys.readouterr().out.splitlines()[-1] == reminder


def test_a_paper_comes_with_why_it_is_where_it_is_where_that_is_to_be_said(desk: User) -> None:
    desk.press("m")
    *_, paper, why = desk.press("j")
    assert desk.title in paper
    assert why.startswith("Why here: it shares ")
    assert not any(line.startswith("Why here") for line in desk.press("g a", "j"))


pytestmark = pytest.mark.usefixtures("no_fsync", "away")


@contextmanager
def library_of(folder: Path, papers: Sequence[Paper] = TWELVE) -> Iterator[Library]:
    """A library of some papers, nothing decided."""
    with Library.open(folder, "desk", wait=0, now=lambda: NOW) as library:
        library.seed(papers)
        yield library


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[User]:
    with library_of(tmp_path / "library") as library:
        yield User(library, capsys)


# Going through papers


def test_it_begins_with_how_many_papers_there_are_and_the_first(
    desk: User, capsys: pytest.CaptureFixture[str]
) -> None:
    session = session_on(desk.library, Script([]))
    session.workspace.listing.show("retrieval")
    session.begin()
    assert capsys.readouterr().out.splitlines() == [
        "3 papers: retrieval, 3 in inbox.",
        f"1 of 3, unread: {ANCHORS}, 2025-12-24, 12 upvotes",
    ]


@pytest.mark.parametrize(
    ("key", "status"),
    [("r", Status.READ), ("i", Status.READING), ("d", Status.DISMISSED)],
)
def test_a_verb_sets_the_status_says_so_and_goes_on(desk: User, key: str, status: Status) -> None:
    first, second = desk.press(key)
    assert ANCHORS in first
    assert second.startswith(f"2 of 12, unread: {BEAMS}")
    assert desk.statuses() == {ANCHORS: status}


def test_the_state_of_a_paper_is_reported_in_words(desk: User) -> None:
    desk.press("s", "t", "L", answers=["nlp", "thesis"])
    desk.press("k", "w", answers=["2999-01-31"])
    (line,) = desk.press("k")
    assert line.startswith(
        f"1 of 12, unread, starred, snoozed until 2999-01-31, #nlp, in thesis: {ANCHORS}"
    )


def test_at_the_ends_it_says_so_and_stays(desk: User) -> None:
    assert desk.press("k") == ["First paper"]
    desk.press("G")
    assert desk.title == TITLES[-1]
    assert desk.press("j") == ["Last paper"]
    desk.press("g g")
    assert desk.title == ANCHORS


def test_pages_and_halves_pass_over_papers(desk: User) -> None:
    walked = []
    for key in ("ctrl+d", "pagedown", "ctrl+u", "pageup", "J", "down", "K", "up", "end", "home"):
        desk.press(key)
        walked.append(TITLES.index(desk.title))
    assert walked == [5, 11, 6, 0, 1, 2, 1, 0, 11, 0]


def test_the_next_unread_paper_passes_over_what_is_decided(desk: User) -> None:
    desk.press("r", "r", "g g", "n")
    assert desk.title == CIRCUITS
    assert desk.press("p") == ["No unread paper above"]


def test_space_shows_the_abstract_and_then_goes_to_the_next_unread(desk: User) -> None:
    lines = desk.press("j", "space")
    assert lines[-1] == "Attention without retrieval."
    lines = desk.press("space")
    assert desk.title == CIRCUITS
    assert len(lines) == 1
    assert desk.press("enter") == ["Circuits are found."]


def test_a_note_is_reported_with_the_abstract(desk: User) -> None:
    desk.press("j", "e", answers=["read twice"])
    assert desk.paper_state(BEAMS).note == "read twice"
    assert desk.press("z") == ["Attention without retrieval.", "Note: read twice"]


def test_a_long_abstract_is_reported_in_lines_of_the_terminals_width(
    desk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = desk.press("z")
    assert len(lines) > 20
    assert all(len(line) <= 40 for line in lines)


def test_undo_and_redo_go_to_the_paper_they_touched(desk: User) -> None:
    desk.press("j", "r", "d", "G")
    lines = desk.press("u")
    assert lines[0].startswith("Undid: dismissed")
    assert desk.title == CIRCUITS
    desk.press("u")
    assert (desk.title, desk.statuses()) == (BEAMS, {})
    assert "Nothing to undo" in desk.press("u")[0]
    desk.press("ctrl+r", "ctrl+r")
    assert desk.statuses() == {BEAMS: Status.READ, CIRCUITS: Status.DISMISSED}
    assert "Nothing to redo" in desk.press("ctrl+r")[0]


def test_verbs_act_on_a_selection_as_one_step(desk: User) -> None:
    assert desk.press("x")[0] == "1 selected."
    lines = desk.press("j", "x", "k")
    assert lines[-1].startswith(f"3 of 12, selected, unread: {CIRCUITS}")
    desk.press("r")
    assert set(desk.statuses()) == {ANCHORS, CIRCUITS}
    assert len(desk.library.state.history()) == 1
    desk.press("*", "escape", "d")
    assert desk.statuses()[DISTILLING] is Status.DISMISSED
    assert len(desk.statuses()) == 3


def test_a_range_is_selected_by_moving(desk: User) -> None:
    assert desk.press("j", "V")[-1] == "Selecting a range; Esc cancels"
    desk.press("j", "j", "r")
    assert set(desk.statuses()) == {BEAMS, CIRCUITS, DISTILLING}
    desk.press("g g", "V", "j")
    assert desk.press("V") == ["2 selected."]
    desk.press("G", "d")
    assert desk.paper_state(ANCHORS).status is Status.DISMISSED
    assert desk.paper_state(TITLES[-1]).status is Status.UNREAD


def test_the_last_verb_is_repeated(desk: User) -> None:
    assert desk.press(".") == ["Nothing to repeat yet"]
    desk.press("d", ".")
    assert desk.statuses() == {ANCHORS: Status.DISMISSED, BEAMS: Status.DISMISSED}


def test_everything_unread_is_marked_read_as_one_step(desk: User) -> None:
    desk.press("d", "A")
    assert len(desk.statuses()) == 12
    desk.press("u")
    assert desk.statuses() == {ANCHORS: Status.DISMISSED}


def test_a_filter_an_order_and_views_are_typed_in_lines(desk: User) -> None:
    desk.press("/", answers=["retrieval"])
    assert desk.title == ANCHORS
    desk.press("S", answers=["title"])
    desk.press("F", answers=["mine"])
    assert desk.library.state.views() == {"mine": "retrieval sort:title"}
    desk.press("g a", "G")
    desk.press("g 1", "g g")
    assert desk.title == ANCHORS
    assert desk.press("f") == ["1 mine: retrieval sort:title"]
    desk.press("g a", "G")
    desk.press("f", "g g", answers=["mine"])
    assert desk.title == ANCHORS
    assert desk.press("g 2") == ["No view “2”. F saves this query."]
    lines = desk.press("/", answers=["up:>99 retrieval"])
    assert any("Without “up:>99”: 3 papers" in line for line in lines)
    assert lines[-1] == "No paper here."
    lines = desk.press("/", answers=["is:starred retrieval"])
    assert lines[0] == "Nothing here; showing 3 among unread; Ctrl+y searches all"
    assert desk.title == ANCHORS


def test_a_reading_list_is_made_shown_put_in_order_and_exported(desk: User, away: Path) -> None:
    assert desk.press("l") == ["No current list; L chooses or creates one"]
    desk.press("a", answers=["thesis"])
    desk.press("a", "a")
    assert desk.asked == []
    desk.press("l", "g g", ">")
    keys = desk.library.state.reading_list("thesis").keys
    assert keys == (key_of(BEAMS), key_of(ANCHORS), key_of(CIRCUITS))
    assert desk.title == ANCHORS
    desk.press("-")
    assert key_of(ANCHORS) not in desk.library.state.reading_list("thesis").keys
    desk.press("E", answers=["out.md"])
    assert BEAMS in (away / "out.md").read_text("utf-8")


@pytest.mark.parametrize("key", ["<", ">"])
def test_a_paper_that_left_its_list_is_not_moved_in_it(desk: User, key: str) -> None:
    desk.press("a", answers=["thesis"])
    desk.press("a", "a", "l", "g g")
    lists.remove(desk.library, "thesis", [key_of(ANCHORS)])
    assert "no longer in thesis" in desk.press(key)[0]
    assert desk.library.state.reading_list("thesis").keys == (key_of(BEAMS), key_of(CIRCUITS))


def test_without_a_list_on_screen_there_is_nothing_to_put_in_order(desk: User) -> None:
    for key in ("<", ">", "-"):
        assert "No list is open. l opens the current one" in desk.press(key)[0]


def test_what_would_be_copied_is_reported(desk: User) -> None:
    assert desk.press("y t") == [ANCHORS]
    assert desk.press("y i") == [key_of(ANCHORS)]
    assert desk.press("y u") == [TWELVE[0].link]
    assert "@misc{" in desk.press("y b")[0]
    desk.press("x", "x")
    assert desk.press("y t") == [ANCHORS, BEAMS]


def test_the_links_of_a_paper_are_reported(desk: User) -> None:
    assert desk.press("o")[0] == "https://a.org/code"
    desk.press("g o")
    assert desk.statuses() == {ANCHORS: Status.READ}


def test_a_command_runs_on_the_selection(desk: User) -> None:
    desk.press("x", "x")
    assert desk.press(":", answers=["tag +nlp"]) == ["Tagged +nlp: 2 papers"]
    assert desk.paper_state(BEAMS).tags == ("nlp",)
    assert "Did you mean" in desk.press(":", answers=["tagg +nlp"])[0]
    desk.press(":", answers=["list circuits"])
    assert desk.title == CIRCUITS
    assert desk.press("T") == ["nlp  2  2 unread"]


@pytest.mark.parametrize("line", ["q", "q!", "quit", "wq", "x"])
def test_the_words_that_leave_an_editor_leave_the_session(desk: User, line: str) -> None:
    session = session_on(desk.library, Script([":"], [line]))
    assert not session.step()


def test_the_session_and_the_timeline_are_reported(desk: User) -> None:
    assert desk.press("g i") == ["Nothing decided yet. Open the app and press r, d or a."]
    desk.press("d")
    assert any("Dismissed: Anchors" in line for line in desk.press("g h"))
    assert "1 paper decided: 1 dismissed" in desk.press("g i")[0]


def test_a_note_is_not_taken_away_by_an_empty_answer(desk: User) -> None:
    desk.press("e", answers=["a note"])
    desk.press("e", answers=[""])
    assert desk.paper_state(ANCHORS).note == "a note"


def test_an_answer_that_is_none_changes_nothing(desk: User) -> None:
    desk.press("e", answers=["a note"])
    count = len(desk.library.state.history())
    for key in ("t", "w", "L", "F", "S", "E", ":", "e", "/"):
        desk.press(key, answers=[None])
    assert len(desk.library.state.history()) == count
    assert desk.paper_state(ANCHORS).note == "a note"


@pytest.mark.parametrize(
    ("key", "answer"),
    [("w", "someday"), ("t", "###"), ("L", "-x"), ("S", "nonsense"), ("F", " "), ("E", "no/x")],
)
def test_an_answer_that_is_wrong_is_reported_and_changes_nothing(
    desk: User, key: str, answer: str
) -> None:
    assert desk.press(key, answers=[answer]) != []
    assert desk.library.state.history() == []


def test_a_key_that_is_bound_to_nothing_is_reported(desk: User) -> None:
    assert desk.press("Z") == ["Z is not a key here; press ? for help"]
    assert desk.press("g q") == ["gq is not a key here; press ? for help"]


PAPERS = bindings("papers")


@pytest.mark.parametrize("row", PAPERS, ids=lambda row: row.id)
def test_every_key_does_something_or_is_said_to_need_a_screen(desk: User, row: Binding) -> None:
    if row.id == "quit":
        return
    desk.press("j")
    for name in row.keys:
        lines = desk.press(name)
        assert lines or desk.asked, row.id
        needs_screen = any("only in the app" in line for line in lines)
        assert needs_screen is not keymap.is_for(row, Where.PLAIN)


def test_only_what_is_about_the_screen_needs_one() -> None:
    assert {row.id for row in PAPERS if not keymap.is_for(row, Where.PLAIN)} == {
        *("pane.next", "pane.previous", "note.editor", "pipe", "look.layout", "look.rows"),
        *(
            "look.columns",
            "look.raw",
            "look.skim",
            "look.smaller",
            "look.larger",
            "look.reset",
            "look.palette",
            "look.theme",
            "suspend",
        ),
    }


def test_a_count_moves_and_marks(desk: User) -> None:
    desk.press("5", "j")
    assert desk.title == TITLES[5]
    desk.press("1", "0", "G", "2", "g g", "3", "d")
    assert desk.statuses() == dict.fromkeys(TITLES[1:4], Status.DISMISSED)
    desk.press("2", "escape", "u")
    assert desk.statuses() == {}


def test_a_cyrillic_layout_acts_by_the_same_keys(desk: User) -> None:
    desk.press("о", "к")  # j r
    desk.press("п", "п", "в")  # g g d
    assert desk.statuses() == {BEAMS: Status.READ, ANCHORS: Status.DISMISSED}


def test_the_help_lists_the_keys_that_do_something_here(desk: User) -> None:
    lines = desk.press("?")
    assert "r: mark read and move on" in lines
    assert "q: quit, or leave the zoom" in lines
    assert not any(line.startswith("Ctrl+p") for line in lines)
    assert len(lines) == sum(keymap.is_for(row, Where.PLAIN) for row in PAPERS)


def test_a_file_that_is_not_ours_is_replaced_if_that_is_wanted(desk: User, away: Path) -> None:
    (away / "x.md").write_text("mine")
    assert desk.press("E", answers=["x.md", "no"])[-1] == "Left unchanged"
    assert (away / "x.md").read_text() == "mine"
    desk.press("E", answers=["x.md", "yes"])
    assert ANCHORS in (away / "x.md").read_text("utf-8")


def test_a_note_is_removed_by_a_hyphen(desk: User) -> None:
    desk.press("e", answers=["a note"])
    assert desk.press("e", answers=["-"]) == [f"Note removed: {ANCHORS}"]
    assert desk.paper_state(ANCHORS).note is None


def test_a_key_of_ones_own_runs_its_command_line(desk: User) -> None:
    desk.keys = {"X": "tag +skim", "r": "mark dismissed", "g x": "list circuits"}
    assert desk.press("X") == [f"Tagged +skim: {ANCHORS}"]
    desk.press("r", "g x")
    assert desk.statuses() == {ANCHORS: Status.DISMISSED}
    assert desk.title == CIRCUITS


def test_the_users_own_keys_hold_here_too(desk: User) -> None:
    desk.keys = {"mark.read": "m", "mark.dismissed": "D D", "look.help": "H"}
    desk.press("m", "D D")
    assert desk.statuses() == {ANCHORS: Status.READ, BEAMS: Status.DISMISSED}
    assert desk.press("r") == ["r is not a key here; press H for help"]


def test_an_empty_library_is_walked_without_harm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with library_of(tmp_path / "bare", ()) as library:
        bare = User(library, capsys)
        for row in PAPERS:
            if row.id != "quit":
                bare.press(row.keys[0], answers=["word"])
        assert [c for c in library.state.history() if c.keys] == []


def test_text_of_strangers_is_reported_without_its_control_characters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    papers = [paper(f"{n} {text}", text) for n, text in enumerate((*MARKUP, *TERMINAL))]
    with library_of(tmp_path / "strange", papers) as library:
        session = session_on(library, Script([]))
        session.begin()
        for _ in papers:
            session.keys = Script(["z", "y t", "y m", "y b", "j"])
            for _ in range(5):
                session.step()
        output = capsys.readouterr().out
    assert not any(ord(char) < 32 and char != "\n" for char in output)
    assert not set("\x7f\x9b\x9d\u202e") & set(output)


# Where keys come from


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("r", ["r"]),
        ("rrd", ["r", "r", "d"]),
        ("gg", ["g", "g"]),
        ("ctrl+r", ["ctrl+r"]),
        (" ctrl+r ", ["ctrl+r"]),
        ("space", ["space"]),
        (" ", ["space"]),
        ("escape", ["escape"]),
        ("", ["enter"]),
        ("*", ["*"]),
        ("g u", ["g", "space", "u"]),
        ("é", ["é"]),
    ],
)
def test_a_line_names_a_key_or_several_in_a_row(line: str, names: list[str]) -> None:
    assert key_names(line) == names


def test_lines_give_their_keys_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("rd\n\nctrl+r\r\nu"))
    source = PipedKeys()
    names = []
    while (name := source.key()) is not None:
        names.append(name)
    assert names == ["r", "d", "enter", "ctrl+r", "u"]
    assert source.key() is None


def test_an_answer_is_the_rest_of_the_line_or_else_the_next_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("j:tag +nlp -old \nt \n nlp -old \nd\n"))
    source = PipedKeys()
    assert (source.key(), source.key()) == ("j", ":")
    assert source.line(":") == "tag +nlp -old"
    assert capsys.readouterr().out == ":tag +nlp -old\n"
    assert source.key() == "t"
    assert source.line("tags: ") == "nlp -old"
    assert capsys.readouterr().out == "tags: \n"
    assert source.key() == "d"
    assert source.line("more: ") is None


# The command


@pytest.fixture
def run(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., list[str]]:
    """Runs the command on some input, and gives the lines it told."""

    def run(text: str, *words: str) -> list[str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        assert main(["triage", "--plain", *words]) == 0
        return capsys.readouterr().out.splitlines()

    return run


def opened(home: Path) -> AbstractContextManager[Library]:
    """The library of the test's home, for reading."""
    return Library.open(home / "data" / "papers-tui", "desk", write=False)


def test_a_session_from_a_pipe_decides_and_counts(
    run: Callable[..., list[str]], home: Path
) -> None:
    lines = run("d\nd\nr\nL\nthesis\nu\nq\n")
    assert lines[0] == "268 papers: inbox, 268 left."
    assert lines[-1] == "3 papers decided, 265 left in the inbox."
    with opened(home) as library:
        assert library.counts().unread == 265
        assert len(library.state.history()) == 5


def test_the_end_of_the_input_is_the_end_of_the_session(run: Callable[..., list[str]]) -> None:
    assert run("")[-1] == "268 left in the inbox."
    assert run("g")[-1] == "268 left in the inbox."
    assert run("t\n")[-1] == "268 left in the inbox."
    assert run("d")[-1] == "1 paper decided, 267 left in the inbox."


def test_a_session_goes_through_the_papers_of_its_query(run: Callable[..., list[str]]) -> None:
    lines = run("q\n", "lora", "is:unread")
    assert lines[0].startswith("7 papers: lora, unread")
    assert run("q\n", "-lora")[0].startswith("261 papers: not lora")


def test_a_command_and_a_query_may_stand_on_the_line_of_their_key(
    run: Callable[..., list[str]],
) -> None:
    lines = run(":mark read\n/lora\nq\n")
    assert any(line.startswith("Marked read: ") for line in lines)
    assert any("papers: lora" in line for line in lines)
    assert lines[-1] == "1 paper decided, 267 left in the inbox."


def test_the_settings_hold_in_a_session(run: Callable[..., list[str]], home: Path) -> None:
    path = home / "config" / "papers-tui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('view = "lora"\n[keys]\n"mark.read" = "m"\n', "utf-8")
    lines = run("m\nr\nq\n")
    assert lines[0].startswith("7 papers: lora")
    assert "r is not a key here; press ? for help" in lines
    assert lines[-1] == "1 paper decided, 267 left in the inbox."


def test_a_session_and_the_app_go_on_with_what_the_other_did(
    run: Callable[..., list[str]], home: Path
) -> None:
    run("d\nd\nq\n")
    lines = run("u\nu\nq\n")
    assert lines[-1] == "268 left in the inbox."


def test_the_current_list_is_remembered_in_every_session(
    run: Callable[..., list[str]], home: Path
) -> None:
    run("L\nthesis\nq\n")
    assert any(line.startswith("Added to thesis: ") for line in run("j\na\nq\n"))
    assert any(line.startswith("Added to thesis: ") for line in run("j\na\nq\n", "lora"))
    with opened(home) as library:
        assert library.place["list"] == "thesis"
        for resume in (True, False):
            assert (
                Workspace(library, Config(), "lora", resume=resume).listing.current_list == "thesis"
            )


def test_a_paper_that_is_snoozed_is_decided_and_reported(desk: User) -> None:
    desk.press("w", answers=["2999-01-31"])
    assert desk.paper_state(ANCHORS).snoozed_until == date(2999, 1, 31)
    assert history.describe(desk.library, desk.library.state.history()[-1]).startswith("Snoozed")
