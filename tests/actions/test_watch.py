"""Exported files and the library follow each other, look by look, without waiting for any."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest

from tests.libraries import lettered
from tui import config
from tui.actions import arguments, lists, open, requests, triage, watch
from tui.actions.context import Context, Outcome
from tui.actions.registry import READ, Where
from tui.config import Config
from tui.errors import InputError
from tui.exchange import pull_list
from tui.library import Library
from tui.model.state import Status
from tui.workspace import Workspace

T = TypeVar("T")

pytestmark = pytest.mark.usefixtures("no_fsync")


def command(folder: Path, *words: str, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """Runs a command as the shell does."""
    action, options = arguments.parse(words, Where.SHELL)
    assert action is not None
    for name in ("library", "no_sample"):
        del options[name]
    options.pop("json", None)
    return open.run(action, options, Context(Config(), folder=str(folder), words=words, say=say))


@pytest.fixture
def place(folder: Path, tmp_path: Path) -> Path:
    """A folder with the exported list “thesis” of A, B and C."""
    place = tmp_path / "out"
    place.mkdir()
    with lettered(folder, machine=config.machine_name(folder)) as library:
        lists.add(library, "thesis", [library.resolve(letter) for letter in "abc"])
    command(folder, "export", "thesis", "-o", str(place))
    return place


@pytest.fixture
def thesis(place: Path) -> Path:
    """The exported file."""
    return place / "thesis.md"


@pytest.fixture
def watching(folder: Path, place: Path) -> Iterator[watch.Watch]:
    """A watch that has looked around."""
    with open.open_library(str(folder), Config(), READ) as library:
        started = watch.Watch(Context(Config(), folder=str(folder)), library, place)
        assert looks(started) == []
        yield started


def looks(watching: watch.Watch, count: int = 4) -> list[str]:
    """What is told at some looks: more than it takes for anything to be quiet."""
    return [line for _ in range(count) for line in watching.look()]


def edit(path: Path, old: str, new: str) -> None:
    """Edits a file by hand."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    tick(path)


def tick(path: Path) -> None:
    """Makes a file newer than any that was written before, however coarse the file system is."""
    tick.time += 1_000_000_000  # type: ignore[attr-defined]
    os.utime(path, ns=(tick.time, tick.time))  # type: ignore[attr-defined]


tick.time = 2_000_000_000_000_000_000  # type: ignore[attr-defined]


def beside(session: Workspace, work: Callable[[], T]) -> T:
    """The result of some work, while a session does what it is asked for."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        while not future.done():
            if (job := session.next_job()) and (outcome := job.run()):
                session.show_job(outcome)
        return future.result()


def status(folder: Path, letter: str) -> Status:
    with open.open_library(str(folder), Config(), READ) as library:
        return library.item(library.resolve(letter)).state.status


def history(folder: Path) -> list[str]:
    """What was done."""
    with open.open_library(str(folder), Config(), READ) as library:
        return [change.verb for change in library.state.history()]


def test_a_ticked_paper_is_pulled_once_as_one_change(
    watching: watch.Watch, thesis: Path, folder: Path
) -> None:
    before = history(folder)
    edit(thesis, "- [ ] [A]", "- [x] [A]")
    edit(thesis, "- [ ] [B]", "- [/] [B]")
    assert looks(watching) == ["Pulled thesis.md: 2 changes"]
    assert (status(folder, "a"), status(folder, "b")) == (Status.READ, Status.READING)
    assert history(folder) == [*before, "pull thesis.md"]


@pytest.mark.parametrize("box", "x/-")
@pytest.mark.parametrize("words", [("undo",), ("mark", "unread", "a")], ids=" ".join)
def test_what_was_pulled_and_undone_is_written_out_of_the_file(
    watching: watch.Watch, thesis: Path, folder: Path, box: str, words: Sequence[str]
) -> None:
    edit(thesis, "- [ ] [A]", f"- [{box}] [A]")
    assert looks(watching) == ["Pulled thesis.md: 1 change"]
    command(folder, *words)
    assert looks(watching) == ["Exported thesis.md: papers changed"]
    assert "- [ ] [A]" in thesis.read_text("utf-8")
    assert status(folder, "a") is Status.UNREAD
    assert looks(watching) == []


def test_an_exported_query_is_pulled(watching: watch.Watch, folder: Path, thesis: Path) -> None:
    path = thesis.with_name("q.md")
    command(folder, "export", "--query", "title:a", "-o", str(path))
    assert looks(watching) == []
    edit(path, "- [ ] [A]", "- [x] [A]")
    assert "Pulled q.md: 1 change" in looks(watching)
    assert status(folder, "a") is Status.READ


@pytest.mark.parametrize("name", ["q.md", "q.bib"])
def test_an_exported_query_is_exported_again_when_its_papers_change(
    watching: watch.Watch, folder: Path, thesis: Path, name: str
) -> None:
    path = thesis.with_name(name)
    command(folder, "export", "--query", "tag:new sort:title", "-o", str(path))
    command(folder, "tag", "+new", "a")
    expected = ["Exported thesis.md: papers changed", f"Exported {name}: 1 added"]
    assert looks(watching) == expected
    assert looks(watching) == []
    command(folder, "mark", "read", "a")
    assert f"Exported {name}: papers changed" in looks(watching)
    assert "read" in path.read_text("utf-8")


def test_an_exported_query_that_was_edited_is_not_overwritten(
    watching: watch.Watch, folder: Path, thesis: Path
) -> None:
    path = thesis.with_name("q.bib")
    command(folder, "export", "--query", "title:a", "-o", str(path))
    edit(path, "title", "subtitle")
    command(folder, "mark", "read", "a")
    assert any("edited since" in line for line in looks(watching))
    assert "subtitle" in path.read_text("utf-8")


def test_what_was_pulled_from_a_query_and_undone_is_written_out_of_its_file(
    watching: watch.Watch, folder: Path, thesis: Path
) -> None:
    path = thesis.with_name("q.md")
    command(folder, "export", "--query", "title:a", "-o", str(path))
    edit(path, "- [ ] [A]", "- [-] [A]")
    assert "Pulled q.md: 1 change" in looks(watching)
    command(folder, "undo")
    assert "Exported q.md: papers changed" in looks(watching)
    assert "- [ ] [A]" in path.read_text("utf-8")
    assert looks(watching) == []


def test_a_file_is_pulled_only_once_nobody_writes_to_it_any_more(
    watching: watch.Watch, thesis: Path, folder: Path
) -> None:
    for letter in "ABC":
        edit(thesis, f"- [ ] [{letter}]", f"- [x] [{letter}]")
        assert looks(watching, 1) == []
        assert status(folder, letter) is Status.UNREAD
    assert looks(watching, 1) == ["Pulled thesis.md: 3 changes"]


def test_a_list_that_changed_is_exported_once_the_user_pauses(
    watching: watch.Watch, thesis: Path, folder: Path
) -> None:
    for letter in "de":
        command(folder, "lists", "add", "thesis", letter)
        assert looks(watching, 1) == []
    assert looks(watching) == ["Exported thesis.md: 2 added"]
    assert "[E]" in thesis.read_text("utf-8")
    assert history(folder)[-1] == "export"
    assert looks(watching) == []


def test_other_formats_are_exported_too_and_are_not_pulled(
    watching: watch.Watch, thesis: Path, folder: Path
) -> None:
    ids = thesis.with_suffix(".bib")
    command(folder, "export", "thesis", "-o", str(ids))
    assert looks(watching) == []
    command(folder, "lists", "add", "thesis", "d")
    assert {*looks(watching)} == {"Exported thesis.bib: 1 added", "Exported thesis.md: 1 added"}
    edit(ids, "title", "subtitle")
    command(folder, "lists", "add", "thesis", "e")
    refused, exported = sorted(looks(watching), reverse=True)
    assert refused.startswith("thesis.bib: Edited since it was exported")
    assert exported == "Exported thesis.md: 1 added"


def test_both_at_once(watching: watch.Watch, thesis: Path, folder: Path) -> None:
    edit(thesis, "- [ ] [A]", "- [x] [A]")
    command(folder, "lists", "add", "thesis", "d")
    assert looks(watching) == ["Pulled thesis.md: 1 change", "Exported thesis.md: 1 added"]
    text = thesis.read_text("utf-8")
    assert "- [x] [A]" in text
    assert "- [ ] [D]" in text


def test_of_a_conflict_the_value_of_the_library_stays_and_the_file_is_not_overwritten(
    watching: watch.Watch, thesis: Path, folder: Path
) -> None:
    edit(thesis, "- [ ] [A]", "- [/] [A]")
    command(folder, "mark", "read", "a")
    conflict, unsettled, preferring = looks(watching)
    assert "both sides changed the status; “read” stays: A" in conflict
    assert unsettled.startswith("thesis.md: until")
    assert preferring.startswith("papers-tui pull --prefer file ")
    command(folder, "lists", "add", "thesis", "d")
    assert looks(watching) == []
    assert "- [/] [A]" in thesis.read_text("utf-8")
    edit(thesis, "- [/] [A]", "- [ ] [A]")
    assert looks(watching) == ["Exported thesis.md: 1 added"]
    assert "- [x] [A]" in thesis.read_text("utf-8")


def test_a_file_that_cannot_be_read_is_told_until_it_changes(
    watching: watch.Watch, thesis: Path, folder: Path
) -> None:
    text = thesis.read_bytes()
    thesis.write_bytes(b"\xff" + text)
    assert looks(watching) == ["thesis.md: Not UTF-8 text. Save it as UTF-8."]
    thesis.write_bytes(text.replace(b"[ ]", b"[x]", 1))
    assert looks(watching) == ["Pulled thesis.md: 1 change"]
    thesis.unlink()
    command(folder, "lists", "add", "thesis", "d")
    assert looks(watching) == []
    assert not thesis.exists()


def test_a_change_waits_for_whoever_uses_the_library(
    watching: watch.Watch, thesis: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "TAKEN_SECONDS", 0.0)
    monkeypatch.setattr(requests, "POLL_SECONDS", 0.0)
    monkeypatch.setattr(open, "HANDOVER_SECONDS", 0.0)
    edit(thesis, "- [ ] [A]", "- [x] [A]")
    with Library.open(folder, "other", wait=0):
        (line,) = looks(watching)
        assert "uses this library" in line
    assert looks(watching, 1) == ["Pulled thesis.md: 1 change"]
    assert status(folder, "a") is Status.READ


def test_an_export_is_recorded_once_the_library_is_free(
    watching: watch.Watch, thesis: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "TAKEN_SECONDS", 0.0)
    monkeypatch.setattr(requests, "POLL_SECONDS", 0.0)
    command(folder, "lists", "add", "thesis", "d")
    with Library.open(folder, "other", wait=0):
        exported, reason = looks(watching)
        assert exported == "Exported thesis.md: 1 added"
        assert reason.startswith("Not recorded: ")
        assert "[D]" in thesis.read_text("utf-8")
    assert looks(watching) == []
    assert history(folder)[-1] == "export"
    thesis.write_text(thesis.read_text("utf-8").replace("- [ ] [D]", "- [x] [D]"), "utf-8")
    assert looks(watching) == ["Pulled thesis.md: 1 change"]


def test_an_export_to_a_path_that_no_system_takes_is_left_alone(
    watching: watch.Watch, thesis: Path, folder: Path
) -> None:
    with lettered(folder, machine=config.machine_name(folder)) as library:
        value = {"format": "markdown", "held": []}
        library.change("export", [("lists", "thesis", "export//out\0.md", value)])
    assert looks(watching) == []
    assert watching.files() == [thesis]


def test_an_open_session_does_and_records_it(
    watching: watch.Watch, thesis: Path, folder: Path
) -> None:
    with lettered(folder, machine=config.machine_name(folder)) as library:
        session = Workspace(library, Config(), "")
        edit(thesis, "- [ ] [A]", "- [x] [A]")
        assert beside(session, lambda: looks(watching)) == ["Pulled thesis.md: 1 change"]
        assert library.state.of(library.resolve("a")).status is Status.READ
        triage.mark(library, [library.resolve("b")], Status.READ)
        assert beside(session, lambda: looks(watching)) == ["Exported thesis.md: papers changed"]
        assert beside(session, lambda: looks(watching)) == []
        assert library.undo().verb == "undo read"


def test_a_note_of_a_paper_is_pulled_wherever_it_is(
    watching: watch.Watch, place: Path, folder: Path
) -> None:
    command(folder, "export", "thesis", "--notes", str(place))
    (place / "mine.md").write_text("status: read", "utf-8")
    assert looks(watching) == []
    (place / "sub").mkdir()
    note = (place / "A.md").rename(place / "sub" / "A.md")
    edit(note, 'status: "unread"', 'status: "read"')
    assert looks(watching)[0] == "Pulled A.md: 1 change"
    assert status(folder, "a") is Status.READ


def test_a_copy_of_a_list_beside_notes_is_told_and_left_alone(
    watching: watch.Watch, place: Path, thesis: Path, folder: Path
) -> None:
    (place / "notes").mkdir()
    command(folder, "export", "thesis", "--notes", str(place / "notes"))
    copy = place / "backup.md"
    copy.write_bytes(thesis.read_bytes())
    edit(copy, "- [ ]", "- [x]")
    (line,) = looks(watching)
    assert line == "backup.md: not an exported file, so not pulled; papers-tui pull takes it"
    written = copy.read_bytes()
    command(folder, "mark", "read", "b")
    assert not [line for line in looks(watching) if "backup" in line]
    assert (copy.read_bytes(), status(folder, "a")) == (written, Status.UNREAD)


def test_each_copy_is_named_once_however_often_it_is_written(
    watching: watch.Watch, place: Path, thesis: Path, folder: Path
) -> None:
    copy = place / "backup.md"
    for box in ("- [x]", "- [ ]"):
        copy.write_bytes(thesis.read_bytes().replace(b"- [ ]", box.encode(), 1))
        tick(copy)
        assert (
            looks(watching)
            == ["backup.md: not an exported file, so not pulled; papers-tui pull takes it"][
                : box == "- [x]"
            ]
        )
    (place / "other.md").write_text("# Mine\n", "utf-8")
    command(folder, "export", "thesis", "--notes", str(place))
    assert looks(watching) == []
    (place / "A 2.md").write_bytes((place / "A.md").read_bytes())
    edit(place / "A 2.md", 'status: "unread"', 'status: "read"')
    assert looks(watching) == ["A 2.md: not read; A.md is of the same paper"]
    edit(place / "A 2.md", 'status: "read"', 'status: "reading"')
    assert looks(watching) == []
    assert status(folder, "a") is Status.UNREAD


@pytest.fixture
def noted(watching: watch.Watch, place: Path, folder: Path) -> Path:
    """A folder of notes in the one that is watched, and nothing else."""
    command(folder, "lists", "forget", "thesis", str(place / "thesis.md"))
    (place / "thesis.md").unlink()
    (place / "notes").mkdir()
    command(folder, "export", "thesis", "--notes", str(place / "notes"))
    assert looks(watching) == []
    return place / "notes"


def test_notes_are_exported_again_after_a_change_in_the_library(
    watching: watch.Watch, noted: Path, folder: Path
) -> None:
    command(folder, "mark", "read", "a")
    assert looks(watching) == ["Exported notes: papers changed"]
    assert 'status: "read"' in (noted / "A.md").read_text("utf-8")
    command(folder, "lists", "add", "thesis", "d")
    assert looks(watching) == ["Exported notes: 1 added"]
    assert (noted / "D.md").exists()
    assert "[[D]]" in (noted / "thesis.md").read_text("utf-8")
    before = history(folder)
    assert looks(watching) == []
    assert history(folder) == before


def test_a_note_that_was_edited_is_pulled_before_all_are_exported(
    watching: watch.Watch, noted: Path, folder: Path
) -> None:
    edit(noted / "A.md", 'status: "unread"', "status: reading")
    text = (noted / "A.md").read_text("utf-8")
    assert looks(watching) == ["Pulled A.md: 1 change"]
    assert (noted / "A.md").read_text("utf-8") == text  # nobody is disturbed while typing
    edit(noted / "A.md", "status: reading", "status: dismissed")
    command(folder, "mark", "read", "a")
    command(folder, "mark", "read", "b")
    conflict, held, preferring, exported = looks(watching)
    assert conflict == "A.md: both sides changed the status; “read” stays: A"
    assert held == "A.md is not exported until this is resolved"
    assert preferring.startswith("papers-tui pull --prefer file ")
    assert exported == "Exported notes: papers changed"
    assert 'status: "read"' in (noted / "B.md").read_text("utf-8")
    assert "status: dismissed" in (noted / "A.md").read_text("utf-8")
    assert looks(watching) == []


def test_a_tick_in_the_note_of_a_list_is_told_and_written_over(
    watching: watch.Watch, noted: Path, folder: Path
) -> None:
    edit(noted / "thesis.md", "- [ ] [[B]]", "- [x] [[B]]")
    (left,) = looks(watching)
    assert left.endswith(": not pulled; tick it in its own note: B")
    command(folder, "mark", "read", "a")
    assert looks(watching) == ["Exported notes: papers changed"]
    text = (noted / "thesis.md").read_text("utf-8")
    assert "- [x] [[A]]" in text
    assert "- [ ] [[B]]" in text


def test_notes_of_a_query_are_exported_again_in_their_format(
    watching: watch.Watch, noted: Path, folder: Path
) -> None:
    for program in ("obsidian", "logseq"):
        (noted.parent / program).mkdir()
        words = (
            "--query",
            "title:d OR title:e",
            "--notes",
            str(noted.parent / program),
            "--to",
            program,
        )
        command(folder, "export", *words)
    assert looks(watching) == []
    command(folder, "mark", "reading", "d")
    assert sorted(looks(watching)) == [
        "Exported logseq: 1 paper changed",
        "Exported obsidian: 1 paper changed",
    ]
    assert "- DOING D\n" in (noted.parent / "logseq" / "D.md").read_text("utf-8")
    edit(noted.parent / "logseq" / "E.md", "- TODO E", "- DONE E")
    messages = looks(watching, 8)
    assert messages[0] == "Pulled E.md: 1 change"
    assert 'status: "read"' in (noted.parent / "obsidian" / "E.md").read_text("utf-8")
    before = history(folder)
    assert (looks(watching), history(folder)) == ([], before)


def test_notes_that_are_taken_away_are_not_written_again(
    watching: watch.Watch, noted: Path, folder: Path
) -> None:
    noted.rename(noted.parent.parent / "away")
    command(folder, "mark", "read", "a")
    assert looks(watching) == []
    assert not noted.exists()


def test_an_open_session_records_notes_and_takes_a_plan(
    watching: watch.Watch, noted: Path, folder: Path
) -> None:
    with lettered(folder, machine=config.machine_name(folder)) as library:
        session = Workspace(library, Config(), "")
        key = library.resolve("a")
        triage.mark(library, [key], Status.READ)
        assert beside(session, lambda: looks(watching)) == ["Exported notes: papers changed"]
        assert beside(session, lambda: looks(watching)) == []
        edit(noted / "A.md", 'status: "read"', "status: dismissed")
        assert beside(session, lambda: looks(watching)) == ["Pulled A.md: 1 change"]
        assert library.state.of(key).status is Status.DISMISSED
        words = ("export", "--query", "*", "--notes", str(noted))
        outcome = beside(session, lambda: command(folder, *words))
        assert outcome.notes == ()
        assert all(str(noted) in library.state.folders_of(item.key) for item in library.items())


def test_what_is_planned_is_merged_once(
    watching: watch.Watch, thesis: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merges: list[Path] = []
    merge = pull_list.merge_list

    def counted(library: Library, path: Path, text: str, **options: bool) -> Any:
        merges.append(path)
        return merge(library, path, text, **options)

    monkeypatch.setattr(pull_list, "merge_list", counted)
    edit(thesis, "- [ ] [A]", "- [x] [A]")
    assert looks(watching) == ["Pulled thesis.md: 1 change"]
    assert merges == [thesis]


def test_ctrl_c_ends_with_a_sentence(
    place: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: float) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "sleep", interrupt)
    messages: list[str] = []
    outcome = command(folder, "watch", str(place), say=messages.append)
    assert messages == [f"Watching 1 file in {place}; Ctrl+c ends it"]
    assert (outcome.exit_code, outcome.message) == (130, f"No longer watching {place}")


def test_a_folder_without_exports_says_what_to_do(folder: Path, place: Path) -> None:
    (place / "sub").mkdir()
    for name, says in (("sub", "papers-tui export LIST -o"), ("missing", "No such folder: ")):
        with pytest.raises(InputError, match=says):
            command(folder, "watch", str(place / name))


INTERRUPTIBLE: Final = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "runpy.run_module('tui', run_name='__main__', alter_sys=True)"
)
"""The program, also where what runs the tests ignores SIGINT, as a job in the background does."""


def test_a_process_watches_until_it_is_interrupted(place: Path, thesis: Path, folder: Path) -> None:
    edit(thesis, "- [ ] [A]", "- [x] [A]")
    program = [sys.executable, "-c", INTERRUPTIBLE, "--library", str(folder), "watch", str(place)]
    with subprocess.Popen(program, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == f"Watching 1 file in {place}; Ctrl+c ends it\n"
        assert process.stderr.readline() == "Pulled thesis.md: 1 change\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert errors == f"No longer watching {place}\n"
    assert process.returncode == 130
