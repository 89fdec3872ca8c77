"""Shell commands while a session has the lock: it does them, and the shell prints what it did."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from tests.libraries import lettered, page
from tui import config
from tui.__main__ import main
from tui.actions import arguments, open, requests
from tui.actions.context import Context, Outcome
from tui.actions.digest import mark_sent
from tui.actions.registry import Where, actions
from tui.actions.requests import Job
from tui.config import Config
from tui.errors import LibraryLockedError, PapersError
from tui.library import Library
from tui.model.paper import SourceRecord
from tui.model.state import Change, Status
from tui.workspace import Workspace

pytestmark = pytest.mark.usefixtures("no_fsync")


@pytest.fixture
def session(folder: Path) -> Iterator[Workspace]:
    """A session that has the lock."""
    with lettered(folder, machine=config.machine_name(folder)) as library:
        workspace = Workspace(library, Config(), "")
        assert workspace.next_job() is None
        yield workspace


def command(
    folder: Path, *words: str, progress: Callable[[str, float], None] = lambda *_: None
) -> Outcome:
    """Runs a command as the shell does."""
    action, options = arguments.parse(words, Where.SHELL)
    assert action is not None
    for name in ("library", "no_sample"):
        del options[name]
    as_json = options.pop("json", False)
    context = Context(Config(), folder=str(folder), words=words, as_json=as_json, progress=progress)
    return open.run(action, options, context)


def beside(session: Workspace, *words: str) -> Outcome:
    """Runs a command in another thread, while the session does what it is asked."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(command, session.library.folder, *words)
        serve_until(future.done, session)
        return future.result()


def serve_until(is_done: Callable[[], bool], session: Workspace) -> None:
    while not is_done():
        if (job := session.next_job()) and (outcome := job.run()):
            session.show_job(outcome)
        time.sleep(0.001)  # the shell needs the core


def leftovers(folder: Path) -> list[str]:
    """The names of what is left of requests."""
    return [path.name for path in (folder / "queue").iterdir()]


def test_a_session_does_what_a_shell_asks_and_the_shell_tells_the_outcome(
    session: Workspace, folder: Path
) -> None:
    library = session.library
    assert beside(session, "mark", "read", "a").message == "Marked read: A"
    assert (
        beside(session, "lists", "add", "thesis", "b", "c").message == "Added to thesis: 2 papers"
    )
    assert beside(session, "tag", "+nlp", "c").message == "Tagged +nlp: C"
    assert beside(session, "undo").message == "Undid: tagged +nlp (C)"
    assert library.state.of(library.resolve("a")).status is Status.READ
    assert library.state.reading_list("thesis").keys == tuple(map(library.resolve, "bc"))
    assert library.state.of(library.resolve("c")).tags == ()
    requests_of = [change.request for change in library.state.history()]
    assert len(set(requests_of)) == 4
    assert leftovers(folder) == []


def test_a_digest_of_a_view_is_written_once_and_the_session_records_it(
    session: Workspace, folder: Path, tmp_path: Path
) -> None:
    for title in ("Old", "New"):
        session.library.add([SourceRecord(title, f"{title}.", "1.txt", 1)], "1.txt")
        if title == "Old":
            mark_sent(session.library, "is:unread", session.library.state.imports()[-1])
    outcome = beside(session, "digest", "is:unread", "-o", str(tmp_path / "1.eml"))
    assert outcome.message.startswith("Written: 1 paper to ")
    assert outcome.notes == ()
    outcome = beside(session, "digest", "is:unread", "-o", str(tmp_path / "2.eml"))
    assert outcome.message == "Nothing new matching is:unread"
    again = command(folder, "digest", "is:unread", "--again", "--dry-run").text
    assert ("\nNew\n" in again, "\nOld\n" in again) == (True, False)


@pytest.mark.parametrize("name", sorted(actions()))
def test_each_command_of_the_shell_is_read_with_its_words(name: str) -> None:
    action = actions()[name]
    where = Where.SHELL if action.where & Where.SHELL else Where.REQUEST
    if not action.where & where:
        return
    required = [each for each in action.arguments if not each.flags and each.nargs in ("", "+")]
    values = [str((each.choices or ("5",))[0]) for each in required]
    assert arguments.parse([*name.split(), *values], where)[0] is action
    if any(each.metavar in ("VIEW", "LIST", "FILE") for each in action.arguments if each.nargs):
        assert arguments.parse([*name.split(), *values, "word"], where)[0] is action


def test_a_command_that_a_session_took_says_that_it_waits(session: Workspace, folder: Path) -> None:
    names: Queue[str] = Queue()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(
            command, folder, "mark", "read", "a", progress=lambda name, _: names.put(name)
        )
        while (job := session.next_job()) is None:
            pass
        assert names.get(timeout=30) == "The app is doing this; waiting for it"
        job.run()
        assert future.result().message == "Marked read: A"


def test_the_shell_reads_the_pages_and_the_session_imports_them(
    session: Workspace, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page(tmp_path / "1.txt", "Paper of One", "Paper of Two")
    session.listing.show("", keep=session.library.resolve("c"))
    outcome = beside(session, "import", "1.txt", "missing.txt")
    assert outcome.text.startswith("1.txt: 2 new")
    assert "No such file: missing.txt" in " ".join(outcome.notes)
    assert outcome.exit_code == 1
    assert session.listing.key == session.library.resolve("c")
    assert len(session.listing.results) == 10
    assert beside(session, "import", "1.txt", "--json").data[0]["unchanged"] == 2


def test_standard_input_is_read_once(session: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"A thought."), "utf-8"))
    beside(session, "note", "a", "-")
    assert session.library.state.of(session.library.resolve("a")).note == "A thought."


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["mark", "read", "nobody"], 1, "nobody"),
        (["tag", "nlp", "a"], 2, "No tags given"),
        (["undo", "--since", "whenever"], 2, "Not a time"),
        (["import", "missing.txt"], 1, "No such file: missing.txt"),
        (["import", "2511.01234"], 2, "A paper on arXiv is not a file"),
    ],
)
@pytest.mark.parametrize("is_served", [True, False])
def test_a_wrong_argument_is_told_whoever_has_the_lock(
    session: Workspace,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    code: int,
    says: str,
    is_served: bool,
) -> None:
    monkeypatch.setattr(requests, "TAKEN_SECONDS", 5.0 if is_served else 0.0)
    with pytest.raises(PapersError) as raised:
        beside(session, *words) if is_served else command(folder, *words)
    assert says in str(raised.value)
    assert raised.value.exit_code == code
    assert session.library.state.history() == []


@pytest.mark.parametrize("name", ["thesis.md", "thesis.bib"])
def test_an_export_beside_a_session_is_recorded_by_it(
    session: Workspace, tmp_path: Path, name: str
) -> None:
    beside(session, "lists", "add", "thesis", "a")
    path = tmp_path / name
    outcome = beside(session, "export", "thesis", "-o", str(path))
    assert (outcome.message, outcome.notes) == (f"Exported 1 paper to {path}", ())
    (recorded,) = session.library.state.reading_list("thesis").exports
    beside(session, "lists", "add", "thesis", "b")
    assert beside(session, "export", "thesis", "-o", str(path)).exit_code == 0  # none of an edit
    (again,) = session.library.state.reading_list("thesis").exports
    assert again.path == recorded.path == str(path)
    assert (len(again.held), len(recorded.held)) == (2, 1)


def test_an_exported_query_beside_a_session_is_recorded_by_it(
    session: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "q.md"
    outcome = beside(session, "export", "--query", "title:a", "-o", str(path))
    assert outcome.notes == ()
    path.write_text(path.read_text("utf-8").replace("- [ ] [A]", "- [x] [A]"), "utf-8")
    assert "1 change" in beside(session, "pull", str(path)).text
    assert session.library.state.of(session.library.resolve("a")).status is Status.READ
    assert beside(session, "export", "--query", "title:a", "-o", str(path)).exit_code == 0


def test_a_file_is_named_from_the_folder_of_the_shell(
    session: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside(session, "lists", "add", "thesis", "a", "b")
    here, there = tmp_path / "here", tmp_path / "there"
    for place in (there, here):
        place.mkdir()
        beside(session, "export", "thesis", "-o", str(place / "t.md"))
    text = (here / "t.md").read_text("utf-8")
    (here / "t.md").write_text(text.replace("- [ ] [A]", "- [x] [A]"), "utf-8")
    monkeypatch.chdir(here)
    run = Job.run

    def in_the_other_folder(job: Job) -> Outcome | None:
        monkeypatch.chdir(there)
        try:
            return run(job)
        finally:
            monkeypatch.chdir(here)

    monkeypatch.setattr(Job, "run", in_the_other_folder)
    assert "1 change" in beside(session, "pull", "t.md").text
    assert beside(session, "pull", "t.md").text == "Pulled t.md: no changes\n"
    assert beside(session, "export", "thesis", "-o", "t.md").exit_code == 0  # as it was pulled
    assert session.library.state.of(session.library.resolve("a")).status is Status.READ
    beside(session, "lists", "forget", "thesis", "t.md")
    (left,) = session.library.state.reading_list("thesis").exports
    assert left.path == str(there / "t.md")


def test_an_export_that_nobody_records_says_so(
    session: Workspace, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside(session, "lists", "add", "thesis", "a")
    monkeypatch.setattr(requests, "TAKEN_SECONDS", 0.0)
    outcome = command(folder, "export", "thesis", "-o", str(tmp_path / "thesis.md"))
    assert outcome.message.startswith("Exported 1 paper")
    assert outcome.notes[0].startswith("Not recorded: ")


def test_where_nobody_takes_it_it_is_never_done(
    session: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "TAKEN_SECONDS", 0.0)
    with pytest.raises(LibraryLockedError) as raised:
        command(folder, "mark", "read", "a")
    assert ":mark" in raised.value.hint
    assert raised.value.exit_code == 75
    assert session.next_job() is None
    assert leftovers(folder) == []


def test_what_waits_when_a_session_begins_is_asked_again(folder: Path) -> None:
    machine = config.machine_name(folder)
    with lettered(folder, machine=machine) as library, ThreadPoolExecutor(1) as pool:
        future = pool.submit(command, folder, "mark", "read", "a")
        queue = folder / "queue"
        while not (queue.exists() and list(queue.glob("*.json"))):
            assert not future.done()
        (old,) = queue.glob("*.json")
        workspace = Workspace(library, Config(), "")
        serve_until(future.done, workspace)
        assert future.result().message == "Marked read: A"
        (change,) = library.state.history()
        assert change.request != old.stem


def the_time() -> datetime:
    """The time, by which requests are told from older ones."""
    return datetime.now(UTC)


class KilledError(BaseException):
    """The session is gone."""


@pytest.mark.parametrize("is_done", [True, False])
def test_what_a_killed_session_left_half_done_is_done_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, is_done: bool
) -> None:
    machine = config.machine_name(folder)
    real = Library.change

    def change(library: Library, *arguments: Any) -> Change | None:
        if not is_done:
            raise KilledError
        real(library, *arguments)
        raise KilledError

    with ThreadPoolExecutor(1) as pool:
        with lettered(folder, the_time, machine) as library:
            workspace = Workspace(library, Config(), "")
            workspace.next_job()
            future = pool.submit(command, folder, "note", "a", "A thought.")
            while (job := workspace.next_job()) is None:
                assert not future.done()
            monkeypatch.setattr(Library, "change", change)
            with pytest.raises(KilledError):
                job.run()
            monkeypatch.setattr(Library, "change", real)
        assert future.result().message == "Note saved: A"
    with lettered(folder, machine=machine) as library:
        assert [change.verb for change in library.state.history()] == ["note"]
        assert library.state.of(library.resolve("a")).note == "A thought."


@pytest.mark.parametrize("is_done", [True, False])
def test_what_a_killed_session_took_is_settled_by_the_next_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, is_done: bool
) -> None:
    machine = config.machine_name(folder)
    with ThreadPoolExecutor(1) as pool, lettered(folder, the_time, machine) as library:
        workspace = Workspace(library, Config(), "")
        workspace.next_job()
        future = pool.submit(command, folder, "note", "a", "A thought.")
        while (job := workspace.next_job()) is None:
            assert not future.done()
        with monkeypatch.context() as patch:
            patch.setattr(type(job.folder), "reply", lambda *_: None)
            if is_done:
                job.run()
        library.requests = type(job.folder)(folder, machine)  # of the next session
        serve_until(future.done, workspace)
        assert future.result().message == "Note saved: A"
        assert [change.verb for change in library.state.history()] == ["note"]


# What is not done


def test_only_what_changes_the_library_is_done_on_request() -> None:
    shell = {name: each for name, each in actions().items() if each.where & Where.REQUEST}
    names = {name for name, each in shell.items() if each.on_request}
    verbs = {"mark", "star", "remove", "snooze", "tag", "note", "join", "keep-apart"}
    lists = {"make", "add", "remove", "move", "describe", "rename", "delete", "forget", "exported"}
    assert names == {
        *verbs,
        *(f"lists {verb}" for verb in lists),
        *("tags rename", "tags delete", "views save", "views delete"),
        *("undo", "redo", "import", "imports undo", "imports redo", "record"),
        *("rules add", "rules remove", "want", "mute", "interests reset"),
        *("add", "fetch", "pull", "sources add", "sources remove", "sources rename", "sync"),
    }


def written(folder: Path, record: object, name: str = "0" * 24) -> Path:
    """A request that somebody wrote into the library."""
    (folder / "queue").mkdir(exist_ok=True)
    path = folder / "queue" / f"{name}.json"
    path.write_text(json.dumps(record), "utf-8")
    return path


@pytest.mark.parametrize(
    "words",
    [
        ["export", "thesis", "-o", "out.md"],
        ["restore", "x"],
        ["triage"],
        ["--help"],
        ["mark", "--help"],
        ["undo", "-hx"],
        ["star", "-h"],
        ["--version"],
        ["open", "a"],
        ["no such"],
        [],
        ["mark", "read", "\0a"],
        ["list"],
    ],
)
def test_what_does_more_is_refused(
    session: Workspace, folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    record = {"machine": session.library.machine, "words": words, "inputs": {}}
    path = written(folder, record)
    assert session.next_job() is None
    assert not path.exists()
    answer = json.loads(path.with_suffix(".answer").read_text())
    assert answer["exit_code"] == 2
    assert capsys.readouterr() == ("", "")
    assert session.library.state.history() == []


def test_a_request_reads_no_file_of_the_session(
    session: Workspace, folder: Path, tmp_path: Path
) -> None:
    path = page(tmp_path / "1.txt", "Paper of One")
    written(folder, {"machine": session.library.machine, "words": ["import", path], "inputs": {}})
    job = session.next_job()
    assert job is not None
    assert job.run() is None
    assert len(session.library) == 8


@pytest.mark.parametrize(
    "record",
    [
        {"machine": "another", "words": ["mark", "read", "a"], "inputs": {}},
        {"words": ["mark", "read", "a"], "inputs": {}},
        {"machine": None, "words": 7, "inputs": []},
        {"machine": "", "words": [["mark"]], "inputs": {}},
        {"machine": "", "words": ["mark", "read", "a"], "inputs": {"x": "%%%"}},
        {"machine": "", "words": ["mark", "read", "a"], "inputs": {"x": [1, 2, 3]}},
        [],
        "text",
    ],
)
def test_what_is_no_request_of_this_machine_is_left_alone(
    session: Workspace, folder: Path, record: Any
) -> None:
    if isinstance(record, dict) and record.get("machine") == "":
        record = {**record, "machine": session.library.machine}
    path = written(folder, record)
    assert session.next_job() is None
    assert path.exists()


def test_no_link_pipe_or_folder_is_a_request(
    session: Workspace, folder: Path, tmp_path: Path
) -> None:
    record = {"machine": session.library.machine, "words": ["mark", "read", "a"], "inputs": {}}
    real = written(folder, record)
    outside = tmp_path / "outside.json"
    real.rename(outside)
    real.symlink_to(outside)
    os.mkfifo(folder / "queue" / f"{'1' * 24}.json")
    (folder / "queue" / f"{'2' * 24}.json").mkdir()
    assert session.next_job() is None
    assert outside.exists()


def test_a_queue_that_leads_elsewhere_is_not_used(
    session: Workspace, folder: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "queue").symlink_to(elsewhere)
    record = {"machine": session.library.machine, "words": ["mark", "read", "a"], "inputs": {}}
    path = written(folder, record)
    assert session.next_job() is None
    assert path.exists()
    with pytest.raises(PapersError, match="leads out of the library"):
        command(folder, "mark", "read", "a")


def test_an_answer_follows_no_link(session: Workspace, folder: Path, tmp_path: Path) -> None:
    record = {"machine": session.library.machine, "words": ["mark", "read", "a"], "inputs": {}}
    path = written(folder, record)
    inside = folder / "papers.json"
    before = inside.read_bytes()
    path.with_suffix(".answer").symlink_to(inside)
    job = session.next_job()
    assert job is not None
    assert job.run() is not None
    assert inside.read_bytes() == before


def test_a_forged_answer_sends_nothing_to_the_terminal(
    session: Workspace, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = dict.fromkeys(("message", "text", "data"), "\x1b]0;x\x07\u202e")
    answer = {**texts, "notes": ["\x1b[2J"], "rows": [["\x9b2J"]], "exit_code": 0}
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(main, ["--library", str(folder), "mark", "read", "a"])
        queue = folder / "queue"
        while not (queue.exists() and list(queue.glob("*.json"))):
            assert not future.done()
        (request,) = queue.glob("*.json")
        request.with_suffix(".answer").write_text(json.dumps(answer), "utf-8")
        assert future.result() == 0
    out, err = capsys.readouterr()
    assert not {"\x1b", "\x9b", "\x07", "\u202e"} & set(out + err)
    assert session.library.state.history() == []
