"""The screen of all imports: undone and brought back from there, beside the screen."""

import threading
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.strategies import HEADER
from tests.view_helpers import TITLES, TWELVE, Desk, frame, key_event, reading
from tui.config import Config
from tui.formats.importers import read
from tui.library import Library
from tui.model.paper import SourceRecord
from tui.ui.screens.imports import ImportsScreen
from tui.ui.widgets.paper_list import PaperList

pytestmark = pytest.mark.usefixtures("zone")


def take_in(library: Library, name: str, *titles: str) -> None:
    """Imports a page of papers of these titles."""
    lines = [line for title in titles for line in (title, "", f"We show {title} at length.", "")]
    library.add(list(read("\n".join([*HEADER, *lines]).encode(), name, today=NOW.date()).records))


async def open_imports(desk: Desk) -> None:
    take_in(desk.library, "page.txt", "Paper of A", "Paper of B")
    take_in(desk.library, "more.txt", "Paper of B", "Paper of C")
    desk.workspace.listing.rerun()
    await desk.press("G", "g", "I")
    assert isinstance(desk.app.screen, ImportsScreen)


async def test_imports_stand_newest_first_with_what_they_brought(folder: Path) -> None:
    async with reading(folder) as desk:
        await open_imports(desk)
        assert frame(desk.app)[0].strip() == "Imports  3 imports, newest first"
        assert desk.listed_rows == [
            "2026-01-15 12:00  more.txt  1 new, 1 known, 2 left",
            "2026-01-15 12:00  page.txt  2 new, 2 left",
            "2026-01-15 12:00  sample    12 new, 12 left",
        ]


async def test_the_papers_of_an_import_are_shown(folder: Path) -> None:
    async with reading(folder) as desk:
        await open_imports(desk)
        await desk.press("j", "enter")
        assert desk.at_home
        assert set(desk.titles) == {"Paper of A", "Paper of B"}
        assert desk.cursor == 0
        assert desk.query.startswith("import:")
        assert frame(desk.app)[0].startswith(" Import: page.txt  page order")


async def test_the_papers_of_an_import_stand_beside_the_imports(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        await open_imports(desk)
        papers = desk.listing.query_one(PaperList)
        assert {item.paper.display_title for item in papers.shown.results} == {
            "Paper of B",
            "Paper of C",
        }
        row, _, beside = frame(desk.app)[1].partition("│")
        assert row.strip(" ▌") == "2026-01-15 12:00  more.txt  1 new, 1 known, 2 left"
        assert beside.strip() == "more.txt  2 records"
        await desk.press("x")
        assert len(papers.shown.results) == 0
        assert any("This import is undone; x brings it back" in row for row in desk.drawn_rows)
        await desk.press("G")
        assert len(papers.shown.results) == 12


async def test_what_an_import_brought_stands_in_full_where_its_row_is_cut(folder: Path) -> None:
    name = "the page of a day in the middle of a long winter.txt"
    async with reading(folder, size=(100, 35)) as desk:
        take_in(desk.library, "page.txt", "Paper of A", "Paper of B")
        take_in(desk.library, name, "Paper of B", "Paper of C")
        desk.workspace.listing.rerun()
        await desk.press("g", "I")
        row, _, _ = frame(desk.app)[1].partition("│")
        assert "2 left" not in row
        beside = " ".join(row.partition("│")[2].strip() for row in frame(desk.app)[1:5])
        assert f"{name}  2 records 1 new, 1 known, 2 left" in beside


@pytest.mark.parametrize("back", ["u", "x"])
async def test_any_import_is_undone_and_brought_back(folder: Path, back: str) -> None:
    async with reading(folder) as desk:
        await open_imports(desk)
        await desk.press("j", "j", "x")
        assert desk.says == "Removed the sample papers"
        assert desk.listed_rows[2] == "2026-01-15 12:00  sample    undone"
        assert frame(desk.app)[0].strip() == "Imports  3 imports, newest first, 1 undone"
        await desk.press("enter")
        assert desk.says == "This import is undone; x brings it back"
        await desk.press("escape")
        assert set(desk.titles) == {"Paper of A", "Paper of B", "Paper of C"}
        await desk.press("u")
        assert len(desk.titles) == 15
        await desk.press("g", "I", "G", "x")
        await desk.press(back)
        assert desk.says == "Undid: removed the sample papers"
        assert desk.listed_rows[2].endswith("12 new, 12 left")
        await desk.press("escape", "u")
        assert desk.says.startswith("Undid: imported more.txt")


async def test_what_was_decided_beside_the_imports_is_undone_before_one_of_them(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await open_imports(desk)
        await desk.press("tab", "d", "escape", "u")
        assert desk.says.startswith("Undid: dismissed Paper of ")
        assert desk.statuses() == {}
        assert frame(desk.app)[0].strip() == "Imports  3 imports, newest first"
        await desk.press("u")
        assert desk.says.startswith("Undid: imported more.txt")
        assert len(desk.listed_rows) == 3
        assert desk.listed_rows[0].endswith("more.txt  undone")


async def test_that_an_import_was_taken_out_has_one_name(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "x", "g", "h")
        assert desk.listed_rows[1].endswith("  Removed the sample papers")
        await desk.press("u")
        assert desk.says == "Undid: removed the sample papers"
        assert desk.listed_rows[1].endswith("Undid: removed the sample papers")
        await desk.press("ctrl+r")
        assert desk.says == "Redid: removed the sample papers"


async def test_what_a_key_has_to_say_in_several_lines_is_headed_in_english(folder: Path) -> None:
    async with reading(folder, size=(80, 24)) as desk:
        take_in(desk.library, "page.txt", *TITLES[:2])
        desk.workspace.listing.rerun()
        await desk.press("g", "x")
        assert frame(desk.app)[0].strip() == "Remove the sample papers from the library"
        assert desk.listed_rows[0].startswith("Removed 10 sample papers")


async def test_what_was_decided_about_papers_that_are_gone_is_not_counted(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:inbox")) as desk:
        await desk.press("r", "s")
        library = desk.library
        library.add([SourceRecord("Paper of Z", "About Z.", "z.txt", 1)])
        desk.workspace.listing.rerun()
        await desk.press("g", "g", "s", "g", "x")
        await desk.press("enter")
        await desk.press("$")
        assert "1 paper decided: 1 kept" in desk.body
        assert "gk shows 1 kept paper" in desk.body


async def test_an_import_is_undone_from_the_timeline(folder: Path) -> None:
    async with reading(folder) as desk:
        await open_imports(desk)
        await desk.press("escape", "g", "h", "j", "u")
        assert desk.says == "Undid: imported page.txt"
        await desk.press("ctrl+r")
        assert desk.says == "Redid: imported page.txt"
        await desk.press("escape")
        assert len(desk.titles) == 15


async def test_without_imports_it_says_how_to_begin(folder: Path) -> None:
    async with reading(folder, ()) as desk:
        await desk.press("g", "I", "x", "enter")
        assert desk.listed_rows[0] == "No imports yet."
        assert desk.library.state.history() == []


async def test_beside_an_undo_one_moves_and_does_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_begun, go_on = threading.Event(), threading.Event()
    merge = Library._update_papers

    def slowly(library: Library) -> frozenset[str]:
        if library.papers.sources.imports != library.state.imports():
            has_begun.set()
            assert go_on.wait(20)
        return merge(library)

    async with reading(folder) as desk:
        await open_imports(desk)
        monkeypatch.setattr(Library, "_update_papers", slowly)
        desk.app.post_message(key_event("x"))
        await desk.until(has_begun.is_set)
        for key in ("j", "u", "q"):
            desk.app.post_message(key_event(key))
            await desk.pilot.pause()
            await desk.pilot.pause()
        assert isinstance(desk.app.screen, ImportsScreen)
        assert desk.says == "Library busy; you can still move and read"
        go_on.set()
        await desk.settle()
        assert desk.says == "Removed the import of more.txt"
        assert [row.endswith("undone") for row in desk.listed_rows] == [True, False, False]


async def test_nothing_is_undone_where_nothing_can_be_changed(folder: Path) -> None:
    with Library.open(folder, "other", wait=0) as library:
        library.seed(TWELVE)
        async with reading(folder) as desk:
            await desk.press("g", "I", "u", "x")
            assert desk.titles == list(TITLES)
            assert "uses this library" in desk.says


async def test_fewer_papers_than_records_are_told_beside_these(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        take_in(desk.library, "twice.txt", "Paper of A", "Paper of B", "Paper of A")
        await desk.press("g", "I")
        assert frame(desk.app)[1].partition("│")[2].strip() == "twice.txt  3 records of 2 papers"
