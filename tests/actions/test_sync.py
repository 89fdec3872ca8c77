"""Two machines that exchange their libraries over git: real git, a repository in a folder."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from tests.libraries import lettered, page
from tui.actions import lists, sync, triage
from tui.actions.context import Context, Outcome
from tui.config import Config
from tui.errors import PapersError
from tui.exchange import import_files
from tui.library import Library
from tui.model.state import Status
from tui.storage import git
from tui.storage.git_program import Git

pytestmark = pytest.mark.usefixtures("no_fsync")


@pytest.fixture(autouse=True)
def own_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's configuration of git."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def new_repository(path: Path) -> Path:
    """An empty repository."""
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", path], check=True)
    return path


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """An empty repository."""
    return new_repository(tmp_path / "remote.git")


class Machine:
    """A library on a machine of its own, which is closed between commands."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name

    @contextmanager
    def library(self) -> Iterator[Library]:
        with Library.open(self.folder, self.name, wait=0, now=lambda: NOW) as library:
            yield library

    def do(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        with self.library() as library:
            return function(library, *arguments, **options)

    def init(self, remote: Path) -> str:
        with self.library() as library:
            repository = git.GitRepository(library.folder)
            repository.init(str(remote))
            return sync._exchange(Context(Config(), library), repository).message

    def sync(self) -> str:
        with self.library() as library:
            outcome = sync.run_sync(Context(Config(), library))
            assert isinstance(outcome, Outcome)
            return outcome.message

    @property
    def shown(self) -> Any:
        """Everything that is shown of it."""
        with self.library() as library:
            items = [(i.paper.title, i.state) for i in sorted(library.items(), key=lambda i: i.key)]
            return items, library.state.lists(), library.state.views(), library.state.missing_keys()

    def git(self, *words: str) -> str:
        command: list[str | Path] = [
            "git",
            "-C",
            self.folder,
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@x",
            *words,
        ]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def desk(tmp_path: Path) -> Machine:
    """A library of eight papers."""
    machine = Machine(tmp_path / "desk", "desk")
    with lettered(machine.folder, machine="desk"):
        return machine


@pytest.fixture
def lap(tmp_path: Path) -> Machine:
    """A new library."""
    return Machine(tmp_path / "lap", "lap")


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a repository and the libraries of two machines that are in sync."""
    folder = tmp_path_factory.mktemp("synced")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", str(folder / "gitconfig"))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        new_repository(folder / "remote.git")
        desk, lap = (Machine(folder / name, name) for name in ("desk", "lap"))
        with lettered(desk.folder, machine="desk"):
            pass
        for machine in (desk, lap):
            machine.init(folder / "remote.git")
        assert desk.shown == lap.shown
    return folder


@pytest.fixture
def pair(synced: Path, tmp_path: Path) -> tuple[Machine, Machine]:
    """Two machines that are in sync."""
    shutil.copytree(synced / "remote.git", tmp_path / "remote.git")
    desk, lap = (Machine(tmp_path / name, name) for name in ("desk", "lap"))
    for machine in (desk, lap):
        shutil.copytree(synced / machine.name, machine.folder)
        machine.git("config", "remote.origin.url", str(tmp_path / "remote.git"))
    return desk, lap


def both(*machines: Machine) -> None:
    """Exchanges until all have everything, and show the same."""
    for machine in (*machines, *machines):
        machine.sync()
    first, *others = (machine.shown for machine in machines)
    for other in others:
        assert other == first


def key(machine: Machine, letter: str) -> str:
    with machine.library() as library:
        return library.resolve(letter)


def test_a_new_machine_gets_all_that_another_has(desk: Machine, lap: Machine, remote: Path) -> None:
    a = key(desk, "a")
    desk.do(triage.mark, [a], Status.READ)
    assert desk.init(remote) == "Synced: 1 change and 1 import sent"
    assert lap.init(remote) == "Synced: 1 change and 1 import received"
    assert lap.shown == desk.shown
    assert len(lap.shown[0]) == 8
    assert lap.sync() == desk.sync() == "Synced: nothing new on either side"


def test_what_came_and_what_went_is_said(pair: tuple[Machine, Machine]) -> None:
    desk, lap = pair
    a, b = key(desk, "a"), key(desk, "b")
    desk.do(triage.mark, [a], Status.READ)
    desk.do(triage.star, [b])
    assert desk.sync() == "Synced: 2 changes sent"
    lap.do(triage.mark, [a], Status.DISMISSED)
    assert lap.sync() == "Synced: 2 changes received, 1 change sent"
    both(desk, lap)


def test_imports_of_both_machines_are_united(pair: tuple[Machine, Machine], tmp_path: Path) -> None:
    desk, lap = pair
    for machine, title in ((desk, "Paper of Desk"), (lap, "Paper of Lap")):
        path = page(tmp_path / f"{machine.name}.txt", title, "Paper of Both")
        assert list(machine.do(lambda *a: list(import_files.import_pages(*a)), [path]))
    both(desk, lap)
    assert len(desk.shown[0]) == 11


def test_undo_after_a_sync_takes_back_the_last_change_here(
    pair: tuple[Machine, Machine],
) -> None:
    desk, lap = pair
    a, b = key(desk, "a"), key(desk, "b")
    desk.do(triage.star, [a])
    lap.do(triage.star, [b])
    both(desk, lap)
    desk.do(Library.undo)
    both(desk, lap)
    starred = [title for title, state in lap.shown[0] if state.starred]
    assert starred == ["B"]


def test_what_another_sent_meanwhile_is_fetched_and_all_is_sent(
    pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, lap = pair
    a, b = key(desk, "a"), key(desk, "b")
    desk.do(triage.star, [a])
    lap.do(triage.star, [b])
    real = git.GitRepository.push
    pushed: list[None] = []

    def push(repository: git.GitRepository) -> git.Traffic | None:
        if not pushed:
            pushed.append(None)
            lap.sync()
        return real(repository)

    monkeypatch.setattr(git.GitRepository, "push", push)
    assert desk.sync() == "Synced: 1 change received, 1 change sent"
    both(desk, lap)


def test_where_the_others_cannot_be_reached_all_is_kept_and_sent_later(
    pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, lap = pair
    desk.do(triage.star, [key(desk, "a")])
    desk.git("config", "remote.origin.url", "http://127.0.0.1:9/x.git")
    message = desk.sync()
    rest = "everything is kept here, 1 change to send"
    assert message == f"The other repository cannot be reached: {rest}"
    desk.git("config", "remote.origin.url", lap.git("config", "remote.origin.url").strip())
    assert desk.sync() == "Synced: 1 change sent"
    both(desk, lap)


def test_what_takes_too_long_is_ended(
    pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk, _ = pair
    desk.do(triage.star, [key(desk, "a")])
    pid = tmp_path / "pid"
    monkeypatch.setenv("GIT_SSH_COMMAND", f"sh -c 'echo $$ > {pid}; sleep 1000' #")
    desk.git("config", "remote.origin.url", "ssh://nobody@localhost/x.git")
    real = Git.ask_remote

    def ask(program: Git, *words: str) -> str:
        program.deadline = 0.0
        return real(program, *words)

    monkeypatch.setattr(Git, "ask_remote", ask)
    rest = "everything is kept here, 1 change to send"
    assert desk.sync() == f"git took longer than 30 seconds: {rest}"


def test_a_wrong_address_is_an_error(desk: Machine, tmp_path: Path) -> None:
    with pytest.raises(PapersError, match=r"git ls-remote: .*does not appear to be a git"):
        desk.init(tmp_path / "nowhere.git")
    for url in ("--upload-pack=x", "ext::sh -c true", "", "a\nb"):
        with pytest.raises(PapersError, match="Not the address"):
            desk.init(url)  # type: ignore[arg-type]


def test_without_git_it_says_so(desk: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PapersError, match="git is not installed"):
        desk.sync()


def test_a_library_that_is_not_synced_says_how(desk: Machine) -> None:
    with pytest.raises(PapersError, match="Try papers-tui sync init URL"):
        desk.sync()
    desk.git("init", "-q")
    with pytest.raises(PapersError, match="Try papers-tui sync init URL"):
        desk.sync()


def test_only_what_machines_share_is_in_the_repository(pair: tuple[Machine, Machine]) -> None:
    desk, _ = pair
    with desk.library():
        files = desk.git("ls-tree", "-r", "--name-only", "HEAD").splitlines()
        assert {name.split("/")[0] for name in files} <= {
            *("imports", "journal", ".gitignore", ".gitattributes")
        }
        assert desk.git("status", "--porcelain") == ""


def test_journals_that_went_back_are_mended_from_what_was_synced(
    pair: tuple[Machine, Machine],
) -> None:
    desk, lap = pair
    a, b, c = (key(desk, letter) for letter in "abc")
    desk.do(triage.star, [a])
    desk.do(triage.star, [b])
    both(desk, lap)
    (journal,) = (desk.folder / "journal" / "desk").iterdir()
    whole = journal.read_bytes()
    journal.write_bytes(whole.splitlines(keepends=True)[0])
    for path in (desk.folder / "imports").iterdir():
        path.unlink()
    desk.sync()
    assert journal.read_bytes().startswith(whole)
    desk.do(triage.star, [c])
    both(desk, lap)
    assert [title for title, state in lap.shown[0] if state.starred] == ["A", "B", "C"]


def test_two_orders_of_one_journal_become_one(pair: tuple[Machine, Machine]) -> None:
    desk, lap = pair
    desk.do(triage.star, [key(desk, "a")])
    both(desk, lap)
    for machine, letter in ((desk, "b"), (lap, "c")):  # a copied home: two machines of one name
        machine.name = "desk"
        machine.do(triage.star, [key(machine, letter)])
    both(desk, lap)
    (journal,) = (lap.folder / "journal" / "desk").iterdir()
    assert journal.read_bytes() == (desk.folder / "journal" / "desk" / journal.name).read_bytes()
    assert [title for title, state in lap.shown[0] if state.starred] == ["A", "B", "C"]


def test_files_of_somebody_else_are_merged_by_git_or_named(
    pair: tuple[Machine, Machine],
) -> None:
    desk, lap = pair
    (desk.folder / "notes.md").write_text("one\n")
    desk.git("add", "notes.md")
    desk.git("commit", "-qm", "notes")
    both(desk, lap)
    assert "notes.md" in lap.git("ls-tree", "-r", "--name-only", "HEAD")
    assert not (lap.folder / "notes.md").exists()
    for machine in (desk, lap):
        (machine.folder / "notes.md").write_text(f"{machine.name}\n")
        machine.git("add", "notes.md")
        machine.git("commit", "-qm", "notes")
    desk.sync()
    lap.do(triage.star, [key(lap, "a")])
    before = lap.shown
    with pytest.raises(PapersError, match=r"Two machines changed notes\.md"):
        lap.sync()
    assert lap.shown == before


# A repository of a stranger


HOOKS = ("pre-commit", "post-merge", "post-checkout", "pre-push", "reference-transaction")


def test_no_hook_is_run(pair: tuple[Machine, Machine], tmp_path: Path) -> None:
    desk, lap = pair
    mark = tmp_path / "was-run"
    (desk.folder / ".git" / "hooks").mkdir(exist_ok=True)
    for name in HOOKS:
        hook = desk.folder / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
        hook.chmod(0o755)
    lap.do(triage.star, [key(lap, "b")])
    lap.sync()
    desk.do(triage.star, [key(desk, "a")])
    desk.sync()
    assert not mark.exists()


@pytest.mark.parametrize(
    "setting",
    [
        "core.sshCommand",
        "core.fsmonitor",
        "core.hooksPath",
        "core.worktree",
        "remote.origin.uploadpack",
        "filter.evil.clean",
        "include.path",
        "credential.helper",
        "url.ext::sh.insteadOf",
        "diff.external",
        "extensions.worktreeConfig",
    ],
)
def test_a_configuration_that_could_start_programs_is_refused(
    pair: tuple[Machine, Machine], tmp_path: Path, setting: str
) -> None:
    desk, _ = pair
    mark = tmp_path / "was-run"
    with (desk.folder / ".git" / "config").open("a") as config:
        section, _, name = setting.rpartition(".")
        section, _, rest = section.partition(".")
        heading = f'[{section} "{rest}"]' if rest else f"[{section}]"
        config.write(f"{heading}\n\t{name} = touch {mark}\n")
    with pytest.raises(PapersError, match="The repository of this library sets"):
        desk.sync()
    assert not mark.exists()


def test_a_repository_that_leads_elsewhere_is_refused(
    pair: tuple[Machine, Machine], tmp_path: Path
) -> None:
    desk, lap = pair
    (desk.folder / ".git").rename(tmp_path / "elsewhere")
    (desk.folder / ".git").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PapersError, match="points elsewhere"):
        desk.sync()
    (desk.folder / ".git").unlink()
    (desk.folder / ".git").write_text(f"gitdir: {tmp_path / 'elsewhere'}\n")
    with pytest.raises(PapersError, match="points elsewhere"):
        desk.sync()
    (lap.folder / ".git" / "commondir").write_text(f"{tmp_path / 'elsewhere'}\n")
    with pytest.raises(PapersError, match="points elsewhere"):
        lap.sync()


def pushed(remote: Path, tmp_path: Path, make: Callable[[Path], object]) -> None:
    """Somebody sends what a library does not have."""
    work = tmp_path / "stranger"
    subprocess.run(["git", "clone", "-q", remote, work], check=True)
    make(work)
    run: list[str | Path] = ["git", "-C", work, "-c", "user.name=x", "-c", "user.email=x@x"]
    subprocess.run([*run, "add", "-A"], check=True)
    subprocess.run([*run, "commit", "-qm", "x"], check=True)
    subprocess.run([*run, "push", "-q"], check=True)


def _link(work: Path) -> None:
    (work / "imports" / "20200101-000000-00000000.jsonl").symlink_to("/etc/passwd")


def _link_folder(work: Path) -> None:
    for path in (work / "imports").iterdir():
        path.unlink()
    (work / "imports").rmdir()
    (work / "imports").symlink_to("/etc")


def _odd_file(work: Path) -> None:
    (work / "journal").mkdir()
    (work / "journal" / "run.sh").write_text("true\n")


def _changed_import(work: Path) -> None:
    path = next((work / "imports").iterdir())
    path.write_bytes(path.read_bytes() + b"x\n")


def _module(work: Path) -> None:
    inner: list[str | Path] = [
        "git",
        "-C",
        work / "imports" / "x",
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@x",
    ]
    subprocess.run(["git", "init", "-q", work / "imports" / "x"], check=True)
    subprocess.run([*inner, "commit", "-q", "--allow-empty", "-m", "x"], check=True)


@pytest.mark.parametrize("make", [_link, _link_folder, _odd_file, _changed_import, _module])
def test_what_no_library_has_is_named_and_not_merged(
    pair: tuple[Machine, Machine], tmp_path: Path, make: Callable[[Path], None]
) -> None:
    desk, _ = pair
    before = desk.shown
    pushed(tmp_path / "remote.git", tmp_path, make)
    desk.do(triage.star, [key(desk, "a")])
    with pytest.raises(PapersError, match=r"imports|journal"):
        desk.sync()
    desk.do(Library.undo)
    assert [title for title, _ in desk.shown[0]] == [title for title, _ in before[0]]
    assert not [path for path in desk.folder.rglob("*") if path.is_symlink()]


def _derived(work: Path) -> None:
    for name in ("papers.json", "triage.json", "lock", "lock.holder", "queue/x.json"):
        (work / name).parent.mkdir(exist_ok=True)
        (work / name).write_text("{}")
    subprocess.run(["git", "-C", work, "add", "-f", "."], check=True)


def _filters(work: Path) -> None:
    (work / ".gitattributes").write_text("* filter=evil diff=evil merge=evil text eol=crlf\n")


def _outside(work: Path) -> None:
    (work / "link").symlink_to("/etc/passwd")
    (work / "big.bin").write_bytes(os.urandom(2_000_000))


@pytest.mark.parametrize("make", [_derived, _filters, _outside])
def test_what_else_a_repository_has_is_never_written_here(
    pair: tuple[Machine, Machine], tmp_path: Path, make: Callable[[Path], None]
) -> None:
    desk, lap = pair
    mark = tmp_path / "was-run"
    papers = (desk.folder / "papers.json").read_bytes()
    pushed(tmp_path / "remote.git", tmp_path, make)
    (tmp_path / "gitconfig").write_text(
        f'[filter "evil"]\n\tclean = touch {mark}\n\tsmudge = touch {mark}\n'
        f'[merge "evil"]\n\tdriver = touch {mark}\n[diff "evil"]\n\tcommand = touch {mark}\n'
    )
    desk.do(triage.star, [key(desk, "a")])
    both(desk, lap)
    assert not mark.exists()
    assert (desk.folder / "papers.json").read_bytes() == papers
    assert not (desk.folder / "link").is_symlink()
    assert b"\r" not in b"".join(p.read_bytes() for p in (desk.folder / "journal").rglob("*.jsonl"))


def test_a_repository_of_something_else_is_refused(
    desk: Machine, remote: Path, tmp_path: Path
) -> None:
    pushed(remote, tmp_path, lambda work: (work / "main.c").write_text("int main;\n"))
    heads = subprocess.run(
        ["git", "-C", remote, "rev-parse", "--all"], check=True, capture_output=True
    ).stdout
    with pytest.raises(PapersError, match="is not a library"):
        desk.init(remote)
    after = subprocess.run(
        ["git", "-C", remote, "rev-parse", "--all"], check=True, capture_output=True
    ).stdout
    assert after == heads


def test_lists_of_both_machines_are_united(pair: tuple[Machine, Machine]) -> None:
    desk, lap = pair
    a, b = key(desk, "a"), key(desk, "b")
    desk.do(lists.add, "thesis", [a])
    lap.do(lists.add, "thesis", [b])
    both(desk, lap)
    (thesis,) = desk.shown[1]
    assert set(thesis.keys) == {a, b}
