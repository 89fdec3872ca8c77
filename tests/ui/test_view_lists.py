"""The screen of the reading lists, and the questions an export asks."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from threading import Event, get_ident
from typing import Any

import pytest
from textual.widgets import OptionList, Static

from tests.conftest import NOW
from tests.view_helpers import (
    CHROME_FREE,
    TITLES,
    TWELVE,
    Desk,
    frame,
    idle,
    key_event,
    key_of,
    paper,
    reading,
)
from tui.actions import lists, triage
from tui.actions.bindings import bindings
from tui.actions.pull import pull_of_edited
from tui.actions.write import MAX_PATHS
from tui.exchange.export_files import ExportResult, export
from tui.exchange.notes import export_notes
from tui.exchange.pull_paths import edited_files
from tui.formats.notes import FORMATS
from tui.library import Library
from tui.model.state import Export, Item, Status
from tui.query import parse
from tui.ui.screens.lists import ListsScreen
from tui.ui.widgets.abstract_pane import AbstractPane
from tui.ui.widgets.help import Help
from tui.ui.widgets.page import Arrangement
from tui.ui.widgets.paper_list import PaperList

ANCHORS, BEAMS, CIRCUITS, DISTILLING = TITLES[:4]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with a list of three papers and an empty one."""
    path = tmp_path / "library"
    with Library.open(path, "desk", wait=0, now=lambda: NOW) as library:
        library.seed(TWELVE)
        lists.add(library, "thesis", [key_of(title) for title in TITLES[:3]])
        lists.describe(library, "thesis", "World models")
        lists.create(library, "club")
    return path


pytestmark = pytest.mark.usefixtures("away")


def rows(desk: Desk) -> list[str]:
    """The rows above papers, without the mark of the cursor, blanks at the end left out."""
    rows = takewhile(lambda row: not row.startswith("─"), frame(desk.app)[1:-1])
    return [row.replace("▌", " ", 1).rstrip() for row in rows if row.strip()]


def line(desk: Desk, text: str) -> str:
    """The row of the screen with a text."""
    return next(row for row in rows(desk) if text in row)


def beside(desk: Desk) -> list[str]:
    """The titles of the papers beside the rows."""
    papers = desk.listing.query_one(PaperList)
    return [item.paper.display_title for item in papers.shown.results] if papers.display else []


async def go_to(desk: Desk, name: str) -> None:
    """Opens the screen with a list at the cursor."""
    await desk.press("g", "l")
    assert isinstance(desk.app.screen, ListsScreen)
    desk.app.screen.show(name)
    await desk.settle()


# The screen


async def test_each_list_shows_how_far_it_is_read_and_its_description(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "g", "l")
        assert rows(desk) == [
            "   club    0 of 0 read  never exported",
            "   thesis  1 of 3 read  never exported",
        ]
        assert "No papers yet" in "\n".join(frame(desk.app))
        await desk.press("j")
        assert "World models" in "\n".join(frame(desk.app))
        assert beside(desk) == list(TITLES[:3])


async def test_without_lists_it_says_how_to_create_one(tmp_path: Path) -> None:
    async with reading(tmp_path / "bare") as desk:
        await desk.press("g", "l")
        assert "No reading lists yet" in rows(desk)[0]
        await desk.press("enter", "E", "c", "e", "d", "j", "k", "u")
        assert desk.library.state.history() == []
        assert isinstance(desk.app.screen, ListsScreen)
        await desk.press("a", *"club", "enter")
        assert rows(desk) == ["   club  0 of 0 read  never exported"]


async def test_a_list_is_opened_in_its_order_and_is_then_the_current_one(folder: Path) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("enter")
        assert desk.at_home
        assert desk.titles == list(TITLES[:3])
        assert desk.current_list == "thesis"
        await desk.press("g", "a", "G", "a")
        assert desk.listed("thesis")[-1] == TITLES[-1]


async def test_a_click_goes_to_a_list_and_a_second_one_opens_it(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "l")
        await desk.pilot.click(OptionList, offset=(4, 1))
        await desk.settle()
        assert desk.listing.current_id == "thesis"
        await desk.pilot.double_click(OptionList, offset=(4, 1))
        await desk.settle()
        assert desk.titles == list(TITLES[:3])


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_going_back_leaves_papers_and_current_list_as_they_were(
    folder: Path, key: str
) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "g", "l", key)
        assert desk.at_home
        assert (desk.title, desk.query, desk.current_list) == (BEAMS, "", None)


async def test_the_cursor_walks_the_lists(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "l", "j", "enter")
        assert desk.current_list == "thesis"
        await desk.press("g", "l", "j", "k", "enter")
        assert desk.current_list == "club"
        assert desk.titles == []


async def test_a_list_is_created_and_stands_at_the_cursor(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "l", "a", *"later", "enter")
        assert desk.library.state.list_names() == ["club", "later", "thesis"]
        assert desk.says == "Created list later"
        await desk.press("enter")
        assert desk.current_list == "later"


async def test_a_name_that_is_taken_is_refused(folder: Path) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "club")
        await desk.press("c")
        await desk.answer("Thesis")
        assert "A list “thesis” already exists" in desk.refusal
        assert desk.typed == "Thesis"
        await desk.press("escape", "a", "enter")
        assert "Not a valid list name" in desk.refusal
        assert desk.library.state.list_names() == ["club", "thesis"]


async def test_a_list_is_renamed_with_all_it_holds_and_undo_names_it_back(folder: Path) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("c")
        assert desk.typed == "thesis"
        await desk.answer("A chapter")
        chapter = desk.library.state.reading_list("A chapter")
        assert (len(chapter.keys), chapter.description) == (3, "World models")
        assert "   A chapter  0 of 3 read  never exported" in rows(desk)
        await desk.press("u")
        assert desk.library.state.find_list("A chapter") is None
        assert "   thesis  0 of 3 read  never exported" in rows(desk)


async def test_the_current_list_stays_so_under_its_new_name(folder: Path) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("enter")
        await go_to(desk, "thesis")
        await desk.press("c")
        await desk.answer("chapter")
        await desk.press("escape")
        assert desk.current_list == "chapter"


async def test_a_description_is_written_and_removed(folder: Path) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("e", *" 2", "enter")
        assert desk.library.state.reading_list("thesis").description == "World models 2"
        assert "World models 2" in "\n".join(frame(desk.app))
        await desk.press("e", "ctrl+u", "enter")
        assert desk.library.state.reading_list("thesis").description == ""
        assert "World models" not in "\n".join(frame(desk.app))


async def test_a_deleted_list_leaves_its_papers_and_comes_back_with_undo(folder: Path) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("enter")
        await go_to(desk, "thesis")
        await desk.press("d")
        prompt = str(desk.question.query_one("#prompt", Static).render())
        assert prompt == "Delete list “thesis” with 3 papers?"
        await desk.press("n", "enter")
        assert desk.library.state.list_names() == ["club", "thesis"]
        await desk.press("d", "y", "enter")
        assert desk.says == "Deleted list thesis: 3 papers"
        assert desk.library.state.list_names() == ["club"]
        assert len(desk.library) == 12
        await desk.press("escape")
        assert desk.current_list is None
        await desk.press("u", "g", "l")
        assert desk.current_list == "thesis"
        assert desk.library.state.reading_list("thesis").description == "World models"
        assert len(desk.listed("thesis")) == 3


async def test_keys_of_the_screen_that_arrive_together_act_in_order(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.together("g", "l", "a", *"one", "enter", "a", *"two", "enter")
        await desk.together("c", "end", "x", "enter")  # a cursor key keeps the name, to edit it
        await desk.settle()
        assert desk.library.state.list_names() == ["club", "one", "thesis", "twox"]
        await desk.together("c", "x", "enter")  # typing replaces it
        await desk.settle()
        assert desk.library.state.list_names() == ["club", "one", "thesis", "x"]


async def test_the_users_own_keys_hold_here_too(folder: Path) -> None:
    keys = {"lists.delete": "X", "lists.new": "N N"}
    async with reading(folder, size=(120, 35), keys=keys) as desk:
        await go_to(desk, "club")
        await desk.press("d")
        assert len(desk.library.state.lists()) == 2
        await desk.press("X")
        assert desk.library.state.list_names() == ["thesis"]
        await desk.press("N", "N", *"new", "enter")
        assert len(desk.library.state.lists()) == 2
        desk.listing.bottom.clear_message()
        hints = str(desk.listing.bottom.render())
        assert "X delete" in hints


async def test_a_change_that_is_refused_here_is_said(folder: Path) -> None:
    with Library.open(folder, "other", wait=0):
        async with reading(folder) as desk:
            await go_to(desk, "club")
            for typed in (
                ["a", *"x", "enter"],
                ["d"],
                ["u"],
                ["c", "x", "enter"],
                ["e", "x", "enter"],
            ):
                await desk.press(*typed)
                assert desk.says.endswith(" uses this library. Close it and press gw."), typed
            assert desk.library.state.list_names() == ["club", "thesis"]


async def test_many_lists_and_a_long_name_fit(tmp_path: Path) -> None:
    with Library.open(tmp_path / "many", "desk", wait=0) as library:
        library.seed(TWELVE)
        for number in range(40):
            name = f"{number:02} {'long ' * 10}long"
            lists.create(library, name)
            lists.describe(library, name, "why " * 60)
    async with reading(tmp_path / "many") as desk:
        await desk.press("g", "l", *"j" * 39)
        assert any(row.lstrip().startswith("39 long") for row in rows(desk))
        await desk.resize(40, 10)
        await desk.press("enter")
        assert (desk.current_list or "").startswith("39 long")


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (120, 35), (250, 60)])
async def test_the_screen_is_drawn_at_every_size(folder: Path, size: tuple[int, int]) -> None:
    async with reading(folder, size=size) as desk:
        await desk.press("g", "l", "a", "x")
        assert len(frame(desk.app)) == size[1]
        await desk.press("enter", "?", "escape", "escape")
        assert desk.app.is_running


async def test_palette_and_help_tell_of_this_screen(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("g", "l", "ctrl+p")
        offered = "\n".join(desk.offered)
        for key in bindings("lists"):
            assert key.help in offered
        await desk.press(*"create", "enter")
        await desk.press(*"later", "enter")
        assert desk.library.state.find_list("later")
        await desk.press("?")
        assert isinstance(desk.app.screen, Help)
        await desk.press("escape")
        assert isinstance(desk.app.screen, ListsScreen)


async def test_the_papers_of_the_list_at_the_cursor_stand_beside_the_lists(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        await desk.press("g", "l")
        assert beside(desk) == []
        assert "No papers yet" in frame(desk.app)[1]
        await desk.press("j")
        assert beside(desk) == list(TITLES[:3])
        assert "World models" in frame(desk.app)[1]
        await desk.press("d", "enter")
        assert desk.listing.current_id == "club"
        assert beside(desk) == []
        await desk.press("u", "j")
        assert beside(desk) == list(TITLES[:3])


async def test_a_change_is_seen_beside_at_once(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        await go_to(desk, "thesis")
        await desk.press("e", "ctrl+u", *"New", "enter")
        assert frame(desk.app)[1].rstrip().endswith("New")


async def test_the_one_paper_of_a_list_is_shown_with_its_abstract(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        lists.add(desk.library, "club", [key_of(DISTILLING)])
        await desk.press("g", "l")
        pane = desk.listing.query_one(AbstractPane)
        assert pane.display
        assert pane.reading.key == key_of(DISTILLING)
        await desk.press("j")
        assert desk.listing.query_one(PaperList).display
        text = str(pane.reading.instead)
        assert all(title in text for title in TITLES[:3])


async def test_abstracts_fill_the_page_and_those_far_below_are_not_laid_out(tmp_path: Path) -> None:
    path = tmp_path / "library"
    papers = [paper(f"Lanterns {number}", "We count them at night. " * 80) for number in range(8)]
    with Library.open(path, "desk", wait=0, now=lambda: NOW) as library:
        library.seed(papers)
        lists.add(library, "long", [each.key for each in papers])
    async with reading(path, size=(200, 50)) as desk:
        await desk.press("g", "l")
        pane = desk.listing.query_one(AbstractPane)
        assert pane.virtual_size.height > pane.size.height
        text = str(pane.reading.instead)
        assert [each.title in text for each in papers] == [True] * 3 + [False] * 5


async def test_the_papers_are_where_there_is_room_for_them(folder: Path) -> None:
    async with reading(folder, size=(99, 12)) as desk:
        await go_to(desk, "thesis")
        for size, arrangement in (
            ((99, 12), Arrangement.ALONE),
            ((99, 30), Arrangement.STACKED),
            ((100, 30), Arrangement.SIDE),
            ((160, 30), Arrangement.WIDE),
        ):
            await desk.resize(*size)
            assert desk.listing.arrangement is arrangement
            assert desk.listing.current_id == "thesis"
            is_shown = any(TITLES[0] in row for row in frame(desk.app))
            assert is_shown is (arrangement is not Arrangement.ALONE)


@pytest.mark.parametrize(
    ("size", "arrangement"),
    [
        ((80, 24), Arrangement.STACKED),
        ((120, 35), Arrangement.SIDE),
        ((200, 50), Arrangement.WIDE),
    ],
)
async def test_nothing_moves_to_another_place_as_rows_come(
    folder: Path, size: tuple[int, int], arrangement: Arrangement
) -> None:
    async with reading(folder, size=size) as desk:
        await desk.press("g", "l")
        for name in (
            "what the group on long rivers reads on Thursdays at four",
            *map(str, range(40)),
        ):
            assert desk.listing.arrangement is arrangement
            lists.create(desk.library, name)
            desk.listing.show()
        await desk.settle()
        assert desk.listing.arrangement is arrangement


@pytest.mark.parametrize("size", [(80, 24), (120, 35), (200, 50)])
async def test_the_papers_of_a_row_are_walked_with_their_abstracts(
    folder: Path, size: tuple[int, int]
) -> None:
    async with reading(folder, size=size) as desk:
        await go_to(desk, "thesis")
        pane, papers = desk.listing.page.pane, desk.listing.page.papers
        for key, place in (("J", 1), ("J", 2), ("J", 2), ("K", 1)):
            await desk.press(key)
            assert papers.shown.cursor == place
            assert str(pane.query_one("#body").render()).startswith(TITLES[place])
        await desk.press("k", "j")
        assert papers.shown.cursor == 0


async def test_a_list_opens_at_the_paper_whose_abstract_was_shown(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        await go_to(desk, "thesis")
        await desk.press("J", "J", "enter")
        assert (desk.at_home, desk.query) == (True, "list:thesis")
        assert desk.title == TITLES[2]
        await go_to(desk, "thesis")
        await desk.press("enter")
        assert desk.title == TITLES[0]


async def test_the_papers_of_a_page_can_be_clicked(folder: Path) -> None:
    async with reading(folder, size=(200, 50)) as desk:
        await go_to(desk, "thesis")
        page = desk.listing.page
        await desk.pilot.click(page.papers, offset=(5, 3))
        await desk.settle()
        assert page.papers.shown.cursor == 1
        assert str(page.pane.query_one("#body").render()).startswith(TITLES[1])
        await desk.pilot.click(page.papers, offset=(5, 3), times=2)
        await desk.settle()
        assert (desk.at_home, desk.query, desk.title) == (True, "list:thesis", TITLES[1])
        await go_to(desk, "thesis")
        similar = desk.listing.page.query_one("#similar", PaperList)
        title = similar.shown.results[0].paper.title
        await desk.pilot.click(similar, offset=(5, 0))
        await desk.settle()
        assert desk.at_home
        assert desk.title == title
        assert desk.query.startswith("like:")


async def test_wide_screens_show_papers_like_the_one_at_the_cursor(folder: Path) -> None:
    async with reading(folder, size=(200, 50)) as desk:
        await go_to(desk, "thesis")
        await desk.press("J")
        text = "\n".join(frame(desk.app))
        assert "Similar papers" in text
        assert TITLES[7] in text  # attention to the tail
        assert text.index("Similar papers") < text.index(TITLES[7])


async def test_without_lists_there_is_nothing_beside(tmp_path: Path) -> None:
    async with reading(tmp_path / "bare", size=(120, 35)) as desk:
        await desk.press("g", "l")
        assert desk.listing.arrangement is Arrangement.ALONE
        await desk.press("a", *"club", "enter")
        assert desk.listing.arrangement is not Arrangement.ALONE


async def test_papers_have_two_lines_each_where_they_are_beside_or_all_fit_so(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        await go_to(desk, "thesis")
        papers = desk.listing.query_one(PaperList)
        for size, are_tall in ((120, 9), True), ((200, 50), True), ((200, 12), False):
            await desk.resize(*size)
            assert papers.shown.results
            assert papers.tall is are_tall


async def test_a_name_that_is_cut_stands_in_full_above_its_papers(tmp_path: Path) -> None:
    name = "what the group on long rivers reads on Thursdays at four"
    async with reading(tmp_path / "many", size=(120, 35)) as desk:
        for number in range(20):
            lists.create(desk.library, f"list {number}")
        lists.create(desk.library, name)
        await desk.press("g", "l", "G")
        assert desk.listing.arrangement is Arrangement.SIDE
        assert name in " ".join(row.partition("│")[2].strip() for row in frame(desk.app)[:4])
        assert any("list 7" in row and "never exported" in row for row in desk.drawn_rows)


async def test_rows_are_as_wide_as_what_is_in_them(tmp_path: Path) -> None:
    async with reading(tmp_path / "narrow", size=(120, 35)) as desk:
        lists.create(desk.library, "a")
        await desk.press("g", "l")
        row = max(map(len, desk.listed_rows))
        assert desk.listing.rows.outer_size.width == row + 3


async def test_the_head_counts_lists_papers_and_exports_out_of_date(
    folder: Path, away: Path
) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        assert frame(desk.app)[0].strip() == "Reading lists  2 lists · 3 papers"
        await desk.press("E", "enter", "escape", "G", "L", *"thesis", "enter", "g", "l")
        assert frame(desk.app)[0].strip().endswith("2 lists · 4 papers · 1 export out of date")


# Exporting


async def test_a_list_is_exported_to_a_file_named_after_it(folder: Path, away: Path) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("enter", "r", "E")
        assert desk.typed == "thesis.md"
        await desk.press("enter")
        assert desk.says == f"Exported 3 papers to {away / 'thesis.md'}"
        text = (away / "thesis.md").read_text("utf-8")
        assert "# thesis" in text
        assert [text.index(title) for title in TITLES[:3]] == sorted(
            text.index(title) for title in TITLES[:3]
        )
        assert f"- [x] [{ANCHORS}]" in text
        assert f"- [ ] [{BEAMS}]" in text
        (export,) = desk.library.state.reading_list("thesis").exports
        assert export.path == str(away / "thesis.md")
        await desk.press("E", "enter")
        assert desk.says.endswith(", unchanged")


async def test_a_query_is_exported_to_the_file_of_the_last_time(folder: Path, away: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("title:a")
        await desk.press("E", *"mine.md", "enter", "E")
        assert desk.typed == "mine.md"
        await desk.press("enter")
        assert desk.says.endswith(", unchanged")


async def test_tab_switches_between_what_is_shown_and_the_current_list(
    folder: Path, away: Path
) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"other", "enter", "0", "E")
        assert "Tab, before you type: the whole list “other” instead of these." in "\n".join(
            frame(desk.app)
        )
        assert desk.announced[0] == "12 papers."
        await desk.press("tab")
        assert desk.typed == "other.md"
        await desk.press("tab", "tab", "enter")
        assert desk.says == f"Exported 1 paper to {away / 'other.md'}"
        await desk.show("list:other")
        await desk.press("E")
        await desk.press("escape")
        await desk.show("list:other sort:title")
        await desk.press("E")
        assert "the whole list “other” in its own order." in "\n".join(frame(desk.app))
        await desk.press("escape")
        await desk.show("list:other")
        await desk.press("E")
        assert "Tab, before" not in "\n".join(frame(desk.app))


@pytest.mark.parametrize(
    ("turns", "part", "holds"),
    [
        (0, "first", lambda text: "Sentence 0" in text and "Sentence 9 " not in text),
        (1, "full", lambda text: "Sentence 59" in text),
        (2, "none", lambda text: "Sentence" not in text),
        (3, "first", lambda text: "Sentence 0" in text and "Sentence 9 " not in text),
    ],
)
async def test_shift_tab_chooses_how_much_of_each_abstract_is_written(
    folder: Path, tmp_path: Path, turns: int, part: str, holds: Callable[[str], bool]
) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("enter", "E", *["shift+tab"] * turns)
        assert f"abstract: {part}" in frame(desk.app)[-2]
        await desk.answer(str(tmp_path / "out.md"))
        assert holds((tmp_path / "out.md").read_text("utf-8"))
        (export,) = desk.library.state.reading_list("thesis").exports
        assert export.abstract == part
        await desk.press("E")
        assert desk.typed == str(tmp_path / "out.md")
        assert f"abstract: {part}" in frame(desk.app)[-2]


async def test_what_is_selected_is_exported_alone(folder: Path, tmp_path: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("x", "j", "x", "E")
        assert desk.announced[0] == "2 papers, as selected."
        await desk.answer(str(tmp_path / "out.md"))
        assert desk.says.startswith("Exported 2 papers to ")
        text = (tmp_path / "out.md").read_text("utf-8")
        assert ANCHORS in text
        assert CIRCUITS in text
        assert BEAMS not in text


async def test_what_is_listed_is_exported_where_no_list_is_meant(folder: Path, away: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval")
        await desk.press("E")
        assert desk.typed == "retrieval.md"
        await desk.press("enter")
        assert (away / "retrieval.md").read_text("utf-8").count("- [ ]") == 3


async def test_a_file_of_somebody_else_is_replaced_only_when_asked(
    folder: Path, away: Path
) -> None:
    mine = away / "thesis.md"
    mine.write_text("my own words\n", "utf-8")
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("enter", "E", "enter")
        assert desk.is_asked
        assert "Replace its whole text?" in frame(desk.app)[-1]
        assert mine.read_text("utf-8") == "my own words\n"
        assert [choice.split()[0] for choice in desk.offered] == ["Keep", "Replace"]
        await desk.press("enter")
        assert mine.read_text("utf-8") == "my own words\n"
        assert desk.remark == "Left unchanged"
        assert desk.typed == "thesis.md"
        await desk.press("escape")
        assert desk.at_home
        await desk.press("E", "enter", "escape")
        assert mine.read_text("utf-8") == "my own words\n"
        await desk.press("E", "enter", "down", "enter")
        assert "# thesis" in mine.read_text("utf-8")
        assert desk.says == f"Exported 3 papers to {mine}"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("missing/out.md", "No such folder"),
        ("missing/", "No such folder"),
        ("afile/out.md", "afile"),
        ("binary", "not UTF-8"),
    ],
)
async def test_a_place_that_cannot_be_written_is_said(
    folder: Path, away: Path, path: str, message: str
) -> None:
    (away / "afile").write_text("x")
    (away / "binary").write_bytes(b"\xff\xfe\x00")
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("enter", "E")
        await desk.answer(path)
        assert message in desk.remark
        assert desk.typed == path
        assert desk.library.state.reading_list("thesis").exports == ()
        assert (away / "binary").read_bytes() == b"\xff\xfe\x00"


async def test_a_folder_takes_a_file_named_after_the_list(folder: Path, tmp_path: Path) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("enter", "E")
        await desk.answer(str(tmp_path))
        assert (tmp_path / "thesis.md").is_file()


async def test_what_is_shown_is_exported_and_not_the_current_list(folder: Path, away: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"new", "enter", "E")
        assert "Export “All papers” to" in frame(desk.app)[-2]
        await desk.press("escape", "l", "E")
        assert "Export “new” to" in frame(desk.app)[-2]
        await desk.press("escape", "g", "u", "d", "r", "E")
        decided = "11 papers, of which 2 were decided; $ first leaves those out."
        assert desk.announced[0] == decided.replace("11", str(len(desk.titles)))


async def test_typing_replaces_the_file_that_is_proposed(folder: Path, away: Path) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("enter", "E", *"my.md", "enter")
        assert (away / "my.md").is_file()
        await desk.press("E")
        assert desk.typed == "my.md"
        await desk.press("end", "backspace", "d", "enter")
        assert (away / "my.md").is_file()


async def test_tab_completes_a_path(folder: Path, away: Path) -> None:
    (away / "my notes").mkdir()
    (away / "my notes" / "old.md").write_text("x")
    for name in ("mine.docx", ".my.md"):
        (away / name).write_text("x")
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("enter", "E", "m")
        assert [each.strip() for each in desk.offered] == ["my notes/"]
        await desk.press("tab")
        assert desk.typed == "my notes/"
        assert [each.strip() for each in desk.offered] == ["my notes/old.md"]
        await desk.press("tab")
        assert desk.typed.strip() == "my notes/old.md"
        await desk.press("ctrl+u", *"my", "space", "n", "tab", *"new.md", "enter")
        assert (away / "my notes" / "new.md").is_file()


async def test_tab_completes_what_paths_have_in_common_and_then_each(
    folder: Path, away: Path
) -> None:
    (away / "out").mkdir()
    names = ("t a.csl", "t a.csl.json", "t a.csv")
    for name in names:
        (away / "out" / name).write_text("x")
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("enter", "E", *"out/t", "tab")
        assert desk.typed == "out/t a.cs"
        offered = desk.offered
        assert [each.strip() for each in offered] == [f"out/{name}" for name in names]
        for name in (*names, names[0]):
            await desk.press("tab")
            assert (desk.typed, desk.offered) == (f"out/{name}", offered)
        await desk.press("down", "tab")
        assert desk.typed == f"out/{names[1]}"
        await desk.press("backspace")
        assert desk.offered == offered[1:2]


async def test_tab_completes_no_more_than_all_files_of_a_large_folder_have_in_common(
    folder: Path, away: Path
) -> None:
    for name in [*(f"data-{number:02}.md" for number in range(MAX_PATHS)), "draft.md"]:
        (away / name).touch()
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("enter", "E", "d", "tab")
        assert desk.typed == "data-00.md"


async def test_nothing_listed_is_not_exported(folder: Path, away: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("is:starred")
        await desk.press("E")
        assert desk.says.startswith("Nothing to export: Starred is empty")
        await go_to(desk, "club")
        await desk.press("E")
        assert desk.says == "Nothing to export: club is empty"
        assert list(away.iterdir()) == []


async def test_no_list_is_written_on_the_thread_of_the_screen(
    folder: Path, away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()
    written = export

    def write(*arguments: Any, **options: Any) -> ExportResult:
        threads.add(get_ident())
        return written(*arguments, **options)

    monkeypatch.setattr("tui.ui.screens.lists.export", write)
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("E", *"thes.md", "enter")
        assert desk.says == f"Exported 3 papers to {away / 'thes.md'}"
    assert threads
    assert get_ident() not in threads


async def test_the_screen_asks_for_a_path_like_the_list_does(folder: Path, away: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("list:thesis")
        await desk.press("E")
        question = frame(desk.app)[-3:]
        await desk.press("escape", "g", "l", "j", "E")
        assert frame(desk.app)[-3:] == question
        assert "(Shift+Tab)" in question[-2]
        (away / "sub").mkdir()
        await desk.press("s", "tab", "enter")
        assert (away / "sub" / "thesis.md").is_file()


async def test_the_screen_exports_once_more_to_where_a_list_went(
    folder: Path, away: Path, tmp_path: Path
) -> None:
    async with reading(folder, size=(250, 24)) as desk:
        await go_to(desk, "thesis")
        await desk.press("E", "enter")
        assert f"3 papers to {away / 'thesis.md'}" in desk.says
        assert "0 of 3 read  thesis.md  " in line(desk, "3 read")
        await desk.press("escape", "G", "L", *"thesis", "enter", "g", "g", "r", "g", "l")
        assert "1 of 4 read  thesis.md, 1 added since" in line(desk, "4 read")
        await desk.press("j", "E")
        assert desk.says == f"Exported 4 papers to {away / 'thesis.md'}"
        text = (away / "thesis.md").read_text("utf-8")
        assert TITLES[-1] in text
        assert f"- [x] [{ANCHORS}]" in text
        assert "1 of 4 read  thesis.md  " in line(desk, "4 read")


@pytest.mark.parametrize("program", FORMATS)
async def test_the_screen_exports_notes_once_more_and_asks_before_edits_are_lost(
    folder: Path, away: Path, tmp_path: Path, program: str
) -> None:
    template = tmp_path / "template.txt"
    template.write_text("{managed}\n## Summary\n", "utf-8")
    settings = replace(CHROME_FREE, note_template=template)
    async with reading(folder, size=(250, 24), settings=settings) as desk:
        items = [desk.library.item(key_of(title)) for title in TITLES[:3]]
        export_notes(desk.library, items, away, "thesis", program)
        (away / f"{TITLES[1]}.md").unlink()
        await desk.press("r")
        await go_to(desk, "thesis")
        assert ", papers changed since" in line(desk, "3 read")
        await desk.press("E")
        assert desk.says.startswith(f"Exported 4 notes to {away}: ")
        assert (away / f"{TITLES[1]}.md").read_text("utf-8").endswith("## Summary\n")
        assert ", papers changed since" not in line(desk, "3 read")
        note = away / f"{ANCHORS}.md"
        note.write_text(note.read_text("utf-8").replace("<https", "mine <https"), "utf-8")
        await desk.press("escape", "s")
        await go_to(desk, "thesis")
        await desk.press("E")
        assert "1 note edited since exported" in "".join(frame(desk.app))
        await desk.press("escape")
        assert "mine <https" in note.read_text("utf-8")
        await desk.press("E", "down", "enter")
        assert "mine <https" not in note.read_text("utf-8").partition("papers-tui:end")[0]


async def test_an_export_that_was_edited_is_not_written_over_unasked(
    folder: Path, away: Path
) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("E", "enter")
        path = away / "thesis.md"
        edited = path.read_text("utf-8").replace(ANCHORS, "Anker")
        path.write_text(edited, "utf-8")
        await desk.press("escape", "G", "L", *"thesis", "enter", "g", "l", "j", "E")
        assert path.read_text("utf-8") == edited
        await desk.press("escape")
        assert desk.paper_state(TITLES[-1]).lists == ("thesis",)


async def test_an_export_is_no_step_of_undo(folder: Path, tmp_path: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("r", "g", "l", "j", "E")
        await desk.answer(str(tmp_path / "out.md"))
        await desk.press("escape", "u")
        assert desk.paper_state(ANCHORS).status is Status.UNREAD
        assert len(desk.library.state.reading_list("thesis").exports) == 1


async def test_the_current_list_keeps_its_name_of_the_moment(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("L", *"thesis", "enter", "g", "l", "c", "ctrl+u", *"other", "enter")
        assert any(row.lstrip("▌ ").startswith("→ other") for row in frame(desk.app))
        await desk.press("escape")
        assert desk.current_list == "other"
        await desk.press("u", "a")
        assert desk.current_list == "thesis"
        assert desk.library.state.list_names() == ["club", "thesis"]


# Pulling


async def _export_and_mark(desk: Desk, path: Path, mark: str) -> None:
    """Exports the list of the row, and marks a paper in the file."""
    await desk.press("E", "enter", "escape")
    text = path.read_text("utf-8")
    path.write_text(text.replace(f"- [ ] [{ANCHORS}]", f"- [{mark}] [{ANCHORS}]"), "utf-8")


async def test_what_was_edited_in_a_file_is_said_shown_and_taken(folder: Path, away: Path) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("P")
        assert desk.says == "No exported file of this list was edited"
        await _export_and_mark(desk, away / "thesis.md", "x")
        await go_to(desk, "thesis")
        assert frame(desk.app)[0].strip().endswith("1 file edited")
        await desk.press("P")
        assert any(f"read: {ANCHORS}" in line for line in frame(desk.app))
        await desk.press("enter")
        assert desk.says == f"Pulled thesis.md: {ANCHORS}"
        assert desk.paper_state(ANCHORS).status is Status.READ
        assert frame(desk.app)[0].strip().endswith("3 papers")
        await desk.press("u")
        assert desk.paper_state(ANCHORS).status is Status.UNREAD


async def test_an_exported_query_is_shown_pulled_exported_again_and_forgotten(
    folder: Path, away: Path
) -> None:
    async with reading(folder) as desk:
        query = f"title:{ANCHORS.split()[0].lower()} is:unread"
        file, text = away / "q.md", f"   {query}  q.md"
        items = list(desk.library.select(parse(query)))
        export(desk.library, query, items, file, of_list=False, query=query)
        await go_to(desk, f"\n{query}")
        assert rows(desk)[-2:] == [" Exported queries", text]
        assert f" {ANCHORS}" in map(str.rstrip, frame(desk.app))
        await desk.press("c")
        assert desk.says == "This is an exported query, not a list"
        await desk.press("P")
        assert desk.says == "No exported file of this query was edited"
        file.write_text(file.read_text("utf-8").replace("- [ ]", "- [x]"), "utf-8")
        await desk.press("escape")
        await go_to(desk, f"\n{query}")
        assert line(desk, query).strip().endswith("q.md, edited in the file")
        await desk.press("P", "enter")
        assert desk.paper_state(ANCHORS).status is Status.READ
        assert line(desk, query).strip().endswith("q.md, 1 removed since")
        assert frame(desk.app)[0].strip().endswith("1 export out of date")
        await desk.press("E")
        assert line(desk, query).rstrip().endswith("  q.md")
        assert ANCHORS not in file.read_text("utf-8")
        await desk.press("d")
        assert desk.says == f"Forgot an export of {query}"
        assert "Exported queries" not in "\n".join(frame(desk.app))
        await desk.press("u")
        await desk.settle()
        assert line(desk, query)
        await desk.press("escape")
        await go_to(desk, f"\n{query}")
        await desk.press("enter")
        assert desk.workspace.listing.query.text == query


@pytest.mark.parametrize("program", FORMATS)
async def test_notes_that_were_edited_are_said_shown_and_taken(
    folder: Path, away: Path, program: str
) -> None:
    async with reading(folder, size=(250, 24)) as desk:
        lists.add(desk.library, "club", [key_of(TITLES[3])])
        for name in ("thesis", "club"):
            keys = desk.library.state.reading_list(name).keys
            items = [desk.library.item(key) for key in keys]
            export_notes(desk.library, items, away, name, program)
        for title in TITLES[:2]:
            note = away / f"{title}.md"
            text = note.read_text("utf-8").replace('status: "unread"', "status: read")
            note.write_text(text.replace("- TODO", "- DONE"), "utf-8")
        await go_to(desk, "thesis")
        assert ", 2 notes edited" in line(desk, "of 3 read")
        assert "edited" not in line(desk, "of 1 read")
        assert frame(desk.app)[0].strip().endswith("2 files edited")
        await desk.press("P")
        assert any(f"{BEAMS}.md: read: {BEAMS}" in line for line in frame(desk.app))
        await desk.press("enter")
        assert [str(desk.library.state.of(key_of(each)).status) for each in TITLES[:3]] == [
            *("read", "read", "unread")
        ]
        assert "edited" not in line(desk, "of 3 read")
        await desk.press("P")
        assert desk.says == "No exported file of this list was edited"


async def test_a_file_that_cannot_be_pulled_is_said_to_be_edited_and_asked_about(
    folder: Path, away: Path
) -> None:
    async with reading(folder) as desk:
        export(desk.library, "thesis", _papers(desk), path := away / "cites.bib")
        await go_to(desk, "thesis")
        assert "edited" not in line(desk, "cites.bib")
        await desk.press("escape")
        path.write_text(f"{path.read_text('utf-8')}% my edit\n", "utf-8")
        await go_to(desk, "thesis")
        assert "cites.bib, edited, exporting asks first" in line(desk, "cites.bib")
        assert frame(desk.app)[0].strip().endswith("1 file edited")
        assert "P pull" not in frame(desk.app)[-1]
        await desk.press("P")
        assert desk.says == "cites.bib cannot be pulled; exporting it asks first"
        await desk.press("E")
        assert "Replace its whole text?" in frame(desk.app)[-1]
        await desk.press("down", "enter")
        assert "edited" not in line(desk, "cites.bib")


async def test_no_exported_file_is_read_on_the_thread_of_the_screen(
    folder: Path, away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()

    def traced(look: Callable[[Library, Export], Any]) -> Callable[[Library, Export], Any]:
        def read(library: Library, export: Export) -> Any:
            threads.add(get_ident())
            return look(library, export)

        return read

    for look in (edited_files, pull_of_edited):
        monkeypatch.setattr(f"tui.ui.screens.lists.{look.__name__}", traced(look))
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await desk.press("E", "enter")
        threads.clear()
        await desk.press("escape", "g", "l", "P")
    assert threads
    assert get_ident() not in threads


async def test_a_file_is_pulled_by_a_command_line_after_a_question(
    folder: Path, away: Path
) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await _export_and_mark(desk, away / "thesis.md", "x")
        await desk.press(":")
        await desk.answer("pull thesis.md")
        assert any("1 change in thesis.md" in line for line in frame(desk.app))
        await desk.press("enter")
        assert desk.paper_state(ANCHORS).status is Status.READ


async def test_a_file_that_is_no_longer_there_is_said_so_and_not_written_again(
    folder: Path, away: Path
) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        for name in ("one.md", "two.md", "three.bib"):
            export(desk.library, "thesis", _papers(desk), away / name)
        (away / "two.md").unlink()
        await desk.press("escape")
        await go_to(desk, "thesis")
        assert any("two.md, no longer there" in line for line in frame(desk.app))
        await desk.press("E")
        assert desk.says == "Exported to 2 files"
        assert not (away / "two.md").exists()
        text = (away / "one.md").read_text("utf-8")
        (away / "one.md").write_text(text.replace("- [ ]", "- [x]", 1), "utf-8")
        await desk.press("E", "enter")  # keeps it
        assert desk.says.startswith("Left unchanged. Exported ")
        (away / "one.md").write_text(text, "utf-8")
        for name in ("one.md", "three.bib"):
            (away / name).unlink()
        await desk.press("escape")
        await go_to(desk, "thesis")
        await desk.press("E")
        assert desk.typed.endswith((".md", ".bib"))


def _papers(desk: Desk) -> list[Item]:
    keys = desk.library.state.reading_list("thesis").keys
    return [desk.library.item(key) for key in keys]


async def test_lines_of_a_preview_are_read_to_their_ends(folder: Path, away: Path) -> None:
    async with reading(folder, size=(80, 24)) as desk:
        await go_to(desk, "thesis")
        await desk.press("E", "enter", "escape")
        path = away / "thesis.md"
        text = path.read_text("utf-8").replace(f"- [ ] [{ANCHORS}]", f"- [x] [{ANCHORS}]")
        words = [f"https://example.org/{n}" for n in range(5)]
        lines = "".join(f"- [ ] {word}\n" for word in words)
        path.write_text(text.replace("- [ ]", f"{lines}- [ ]", 1), "utf-8")
        await go_to(desk, "thesis")
        await desk.press("P")
        shown = " ".join(map(str.strip, frame(desk.app)))
        assert f"To add what is not in the library: papers-tui add {' '.join(words)}" in shown
        assert "Take them into the library?" in shown


async def test_a_pull_says_that_it_works_as_soon_as_its_key_is_pressed(
    folder: Path, away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = Event()

    def waits(*args: Any) -> Any:
        assert may_go_on.wait(60)
        return pull_of_edited(*args)

    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await _export_and_mark(desk, away / "thesis.md", "x")
        await go_to(desk, "thesis")
        monkeypatch.setattr("tui.ui.screens.lists.pull_of_edited", waits)
        desk.app.post_message(key_event("P"))
        await idle()
        desk.draw()
        says = frame(desk.app)[-1]
        may_go_on.set()
        assert says.strip() == "Reading what was edited outside"
        await desk.settle()
        await desk.press("escape")
        assert desk.says == ""


async def test_what_both_sides_changed_is_shown_and_taken_only_if_the_file_is_preferred(
    folder: Path, away: Path
) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "thesis")
        await _export_and_mark(desk, away / "thesis.md", "-")
        triage.mark(desk.library, [key_of(ANCHORS)], Status.READ)
        await go_to(desk, "thesis")
        await desk.press("P")
        shown = " ".join(map(str.strip, frame(desk.app)))
        assert "both sides changed the status; “read” stays: " in shown
        await desk.press("enter")
        assert desk.paper_state(ANCHORS).status is Status.READ
        await desk.press("P", "down", "enter")
        assert desk.paper_state(ANCHORS).status is Status.DISMISSED


async def test_what_both_texts_of_a_note_say_is_shown_from_where_they_differ(
    folder: Path, away: Path
) -> None:
    begin = "The proof of the second lemma of the third part goes on as that of the first does, "
    async with reading(folder) as desk:
        triage.note(desk.library, [key_of(ANCHORS)], f"{begin}and is short.")
        await go_to(desk, "thesis")
        await desk.press("E", "enter", "escape")
        path = away / "thesis.md"
        text = path.read_text("utf-8").replace("and is short.", "but has a gap.\\\n    See page 4.")
        path.write_text(text, "utf-8")
        triage.note(desk.library, [key_of(ANCHORS)], f"{begin}and is right.")
        await go_to(desk, "thesis")
        await desk.press("P")
        shown = desk.announced[1:3]
        assert [each.split("…")[0] for each in shown] == ["In the library: ", "In the file: "]
        assert shown[0].endswith("of the first does, and is right.")
        assert shown[1].endswith("of the first does, but has a gap.↵See page 4.")


async def test_all_problems_of_notes_that_cannot_be_pulled_are_on_a_page(
    folder: Path, away: Path
) -> None:
    async with reading(folder, size=(80, 24)) as desk:
        keys = desk.library.state.reading_list("thesis").keys
        export_notes(desk.library, [*map(desk.library.item, keys)], away, "thesis", "obsidian")
        odd = ("starred: maybe", "tags: [", "status: done")
        for title, words in zip(TITLES, odd, strict=False):
            note = away / f"{title}.md"
            name = words.split(":")[0]
            changed = re.sub(rf"(?m)^{name}: .*$", words, note.read_text("utf-8"))
            note.write_text(changed, "utf-8")
        await go_to(desk, "thesis")
        await desk.press("P")
        shown = " ".join(map(str.strip, frame(desk.app)))
        for words in ("maybe", "bracket", "done"):
            assert words in shown
        assert "are not exported until this is resolved" in shown
        await desk.press("escape")
        assert "Reading lists" in frame(desk.app)[0]


@pytest.mark.parametrize(("size", "pages"), [((80, 24), 2), ((120, 35), 0)])
async def test_a_preview_of_many_changes_shows_all_of_what_is_not_taken_or_scrolls(
    folder: Path, away: Path, size: tuple[int, int], pages: int
) -> None:
    async with reading(folder, size=size) as desk:
        keys = list(desk.library.papers)
        lists.add(desk.library, "thesis", keys)
        export_notes(desk.library, [*map(desk.library.item, keys)], away, "thesis", "obsidian")
        for number, note in enumerate(sorted(away.glob("*.md"))):
            words = "status: read" if number else "status: done"
            changed = re.sub("(?m)^status: .*$", words, note.read_text("utf-8"))
            note.write_text(changed, "utf-8")
        await go_to(desk, "thesis")
        await desk.press("P")
        assert ("PgDn scrolls" in frame(desk.app)[-1]) is (pages > 0)
        assert ("not exported until" in " ".join(frame(desk.app))) is (pages == 0)
        await desk.press(*["pagedown"] * pages)
        assert "not exported until" in " ".join(frame(desk.app))
        await desk.press("enter")
        statuses = [desk.library.state.of(key).status for key in keys]
        assert statuses.count(Status.READ) == len(keys) - 1


async def test_redoing_a_new_list_after_a_restart_makes_it_the_current_one_again(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await desk.press("a", *"later", "enter", "u", "q")
    async with reading(folder) as desk:
        assert desk.current_list is None
        await desk.press("ctrl+r")
        assert desk.current_list == "later"


async def test_undoing_a_new_list_makes_the_one_before_the_current_one_again(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("a", *"one", "enter", "L", *"two", "tab", *"three", "enter")
        assert desk.current_list == "three"
        await desk.press("u")
        assert desk.current_list == "one"
        assert "a → one" in frame(desk.app)[0]
        await desk.press("ctrl+r")
        assert desk.current_list == "three"
        await desk.press("u", "a")
        assert desk.listed("one") == list(TITLES[:2])
        await desk.press("u", "u")
        assert desk.current_list is None
        await desk.press("ctrl+r")
        assert desk.current_list == "one"


async def test_the_end_of_a_path_is_on_a_narrow_screen_while_one_types(folder: Path) -> None:
    async with reading(folder, size=(40, 12)) as desk:
        await desk.press("E", *"/some/where/far/away/and/further.md")
        assert "away/and/further.md" in frame(desk.app)[-1]
        assert frame(desk.app)[-2].strip() == "Export “All papers” to:   first"
