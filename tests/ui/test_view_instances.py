"""The app beside another instance: it follows, says so, and takes over when it is asked to."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.libraries import page
from tests.view_helpers import TITLES, TWELVE, frame, key_of, reading
from tui import config
from tui.__main__ import main
from tui.actions import lists, triage
from tui.library import Library
from tui.model.state import Status

ANCHORS, BEAMS = TITLES[:2]


def other_instance(folder: Path) -> Library:
    """Another instance that holds the library."""
    library = Library.open(folder, "other", wait=0, now=lambda: NOW)
    if not len(library):
        library.seed(TWELVE)
    return library


async def test_a_second_app_says_who_holds_the_library_and_changes_nothing(tmp_path: Path) -> None:
    with other_instance(tmp_path / "library") as other:
        async with reading(tmp_path / "library") as desk:
            holder = f"Another papers-tui (process {os.getpid()})"
            hint = f"{holder} uses this library. Close it and press gw."
            assert desk.says == hint
            assert "read only" in frame(desk.app)[0]
            await desk.press("r")
            assert desk.statuses() == {}
            assert desk.says == hint
        assert other.state.history() == []


async def test_a_second_app_follows_what_the_first_one_does(tmp_path: Path) -> None:
    with other_instance(tmp_path / "library") as other:
        async with reading(tmp_path / "library") as desk:
            triage.mark(other, [key_of(ANCHORS), key_of(BEAMS)], Status.READ)
            desk.screen.runner.refresh()
            await desk.settle()
            assert desk.statuses() == {ANCHORS: Status.READ, BEAMS: Status.READ}
            assert "○" in desk.row
            assert "10 in inbox" in frame(desk.app)[0]
            assert desk.says == "2 papers changed elsewhere"
            desk.screen.runner.refresh()
            assert desk.titles[:2] == [ANCHORS, BEAMS]  # rows stay until a refresh


async def test_a_second_app_takes_over_once_the_first_is_gone(tmp_path: Path) -> None:
    other = other_instance(tmp_path / "library")
    async with reading(tmp_path / "library") as desk:
        await desk.press("g", "w")
        assert "uses this library. Close it, or try again later." in desk.says
        assert desk.library.read_only_reason
        triage.mark(other, [key_of(BEAMS)], Status.DISMISSED)
        other.close()
        await desk.press("g", "w")
        assert desk.says == "You can edit here now"
        assert "read only" not in frame(desk.app)[0]
        await desk.press("r")
        assert desk.statuses() == {ANCHORS: Status.READ, BEAMS: Status.DISMISSED}
        await desk.press("g", "w")
        assert desk.says == "You can already edit here"


async def test_the_app_does_what_a_shell_asks_and_keeps_the_cursor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "machine_name", lambda folder: "desk")
    folder = tmp_path / "library"
    async with reading(folder) as desk:
        await desk.press("j", "j")
        title = desk.title
        desk.screen.runner.refresh()
        with ThreadPoolExecutor(1) as pool:

            async def shell(*words: str) -> int:
                future = pool.submit(main, ["--library", str(folder), *words])
                while not future.done():
                    desk.screen.runner.refresh()
                    await desk.settle()
                return future.result()

            assert await shell("mark", "read", key_of(ANCHORS)) == 0
            assert desk.says == f"From the shell: Marked read: {ANCHORS}"
            new = page(tmp_path / "new.txt", "A Paper from Elsewhere")
            assert await shell("import", new) == 0
        assert desk.says == f"From the shell: {new}: 1 new"
        assert desk.title == title
        assert desk.statuses() == {ANCHORS: Status.READ}
        assert "A Paper from Elsewhere" in desk.titles
        await desk.press("u")
        assert "A Paper from Elsewhere" not in desk.titles


async def test_a_page_follows_what_a_shell_does_and_an_editor_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "machine_name", lambda folder: "desk")
    folder, exported = tmp_path / "library", tmp_path / "t.md"
    async with reading(folder) as desk:
        await desk.press("g", "l")
        desk.screen.runner.refresh()
        with ThreadPoolExecutor(1) as pool:
            for words in (
                ("lists", "add", "thesis", key_of(ANCHORS)),
                ("export", "thesis", "-o", str(exported)),
            ):
                future = pool.submit(main, ["--library", str(folder), *words])
                while not future.done():
                    desk.screen.runner.refresh()
                    await desk.settle()
                assert future.result() == 0
        await desk.settle()
        assert any("0 of 1 read" in row and "t.md" in row for row in desk.listed_rows)
        exported.write_text(exported.read_text("utf-8").replace("- [ ]", "- [x]"), "utf-8")
        desk.app.app_focus = False
        desk.app.app_focus = True
        await desk.settle()
        assert any("edited in the file" in row for row in desk.listed_rows)


@pytest.mark.parametrize("screen", ["l", "t", "h"])
async def test_every_screen_takes_over(tmp_path: Path, screen: str) -> None:
    with other_instance(tmp_path / "library") as other:
        lists.add(other, "thesis", [key_of(ANCHORS)])
        triage.tag(other, [key_of(ANCHORS)], ["rl"])
        count = len(other.state.history())
        async with reading(tmp_path / "library") as desk:
            await desk.press("g", screen)
            other.close()
            await desk.press("g", "w")
            assert desk.says == "You can edit here now"
            await desk.press(*("u",) if screen == "h" else ("d", "enter"))
            assert len(desk.library.state.history()) == count + 1
            assert not desk.at_home


async def test_what_another_machine_wrote_into_a_shared_folder_is_taken_in(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    async with reading(folder) as desk:
        elsewhere = tmp_path / "elsewhere"
        with other_instance(elsewhere) as other:
            triage.star(other, [key_of(ANCHORS)])
        shutil.copytree(elsewhere / "journal", folder / "journal", dirs_exist_ok=True)
        desk.screen.runner.refresh()
        await desk.settle()
        assert desk.paper_state(ANCHORS).starred
        assert "★" in desk.row
