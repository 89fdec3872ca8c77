"""Syncing from the app: in the background, over real git and a repository in a folder."""

import asyncio
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from tests.view_helpers import TITLES, key_event, key_of, reading
from tui import config
from tui.__main__ import main
from tui.actions import sync, triage
from tui.actions.context import Context
from tui.config import Config
from tui.library import Library
from tui.model.state import Status
from tui.storage.git import GitRepository

ANCHORS, BEAMS = TITLES[:2]


def joined(library: Library, remote: Path) -> None:
    repository = GitRepository(library.folder)
    repository.init(str(remote))
    sync._exchange(Context(Config(), library), repository)


def held_up(monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """Holds up what is fetched: set once it waits, and to be set so that it goes on."""
    waits, may_go_on = Event(), Event()
    fetch = GitRepository.fetch

    def fetch_late(repository: GitRepository) -> None:
        waits.set()
        may_go_on.wait()
        fetch(repository)

    monkeypatch.setattr(GitRepository, "fetch", fetch_late)
    return waits, may_go_on


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, and nobody's configuration of git."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    path = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", path], check=True)
    return path


async def test_a_key_exchanges_changes_and_undo_takes_back_the_last_one_here(
    tmp_path: Path, remote: Path
) -> None:
    async with reading(tmp_path / "library") as desk:
        await desk.press("g", "y")
        assert desk.says == "This library is not synced yet. Try papers-tui sync init URL."
        joined(desk.library, remote)
        with Library.open(tmp_path / "lap", "lap") as lap:
            joined(lap, remote)
            triage.mark(lap, [key_of(ANCHORS)], Status.READ)
            sync._exchange(Context(Config(), lap), GitRepository(lap.folder))
        await desk.press("j", "s")
        await desk.press("g", "y")
        await desk.settle()
        assert desk.says == "Synced: 1 change received, 1 change sent"
        assert desk.statuses() == {ANCHORS: Status.READ}
        assert desk.paper_state(BEAMS).starred
        await desk.press("u")
        assert not desk.paper_state(BEAMS).starred
        assert desk.statuses() == {ANCHORS: Status.READ}


async def test_keys_act_while_it_waits_for_the_network(
    tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(tmp_path / "library") as desk:
        joined(desk.library, remote)
        waits, may_go_on = held_up(monkeypatch)
        await desk.app._handle(key_event("g"))
        await desk.app._handle(key_event("y"))
        while not waits.is_set() or desk.screen.runner.is_busy:
            await asyncio.sleep(0.01)
        await desk.app._handle(key_event("r"))
        assert desk.statuses() == {ANCHORS: Status.READ}
        await desk.app._handle(key_event("g"))
        await desk.app._handle(key_event("y"))
        assert desk.says == "A sync is already running. Try again when it has finished."
        may_go_on.set()
        await desk.settle()
        assert desk.says == "Synced: 1 change sent"
        await desk.press("g", "y")
        await desk.settle()
        assert desk.says == "Synced: nothing new on either side"


async def test_a_shell_beside_the_app_has_it_sync_while_keys_act(
    tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "machine_name", lambda folder: "desk")
    folder = tmp_path / "library"
    async with reading(folder) as desk:
        joined(desk.library, remote)
        with Library.open(tmp_path / "lap", "lap") as lap:
            joined(lap, remote)
            triage.mark(lap, [key_of(ANCHORS)], Status.READ)
            sync._exchange(Context(Config(), lap), GitRepository(lap.folder))
        waits, may_go_on = held_up(monkeypatch)
        desk.screen.runner.refresh()
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(main, ["--library", str(folder), "sync"])
            while not waits.is_set() or desk.screen.runner.is_busy:
                desk.screen.runner.refresh()
                await asyncio.sleep(0.01)
            await desk.app._handle(key_event("j"))
            await desk.app._handle(key_event("s"))
            may_go_on.set()
            while not future.done():
                await desk.settle()
            assert future.result() == 0
        assert desk.says == "From the shell: Synced: 1 change received, 1 change sent"
        assert desk.statuses() == {ANCHORS: Status.READ}
        assert desk.paper_state(BEAMS).starred
        assert [change.request for change in desk.library.state.newest_first()] == [None, None]
