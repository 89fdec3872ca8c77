"""The papers of a row on a screen beside the papers: the focus, and what keys do to them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.view_helpers import TITLES, TWELVE, Desk, frame, key_of, reading
from tui.actions import lists, triage
from tui.actions.keymap import resolve
from tui.actions.registry import DETAIL
from tui.library import Library
from tui.model.state import Status
from tui.ui.widgets.paper_list import PaperList

ANCHORS, BEAMS, CIRCUITS = TITLES[:3]
SIZE = (120, 35)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with a list of three papers that have a tag, and an empty list."""
    path = tmp_path / "library"
    with Library.open(path, "desk", wait=0, now=lambda: NOW) as library:
        library.seed(TWELVE)
        lists.add(library, "thesis", [key_of(title) for title in TITLES[:3]])
        lists.create(library, "club")
        triage.tag(library, [key_of(title) for title in TITLES[:2]], ["nlp"])
    return path


async def go_to(desk: Desk, keys: Sequence[str], row: str = "thesis") -> None:
    """Opens a screen with a row at the cursor."""
    await desk.press(*keys)
    desk.listing.show(row)
    await desk.settle()


def cursors(desk: Desk) -> list[tuple[str, bool]]:
    """The colour of the mark in rows and in papers, and whether what is behind it is bold."""
    marks = []
    for widget in (desk.listing.rows, desk.listing.query_one(PaperList)):
        for y in range(widget.size.height):
            strip = widget.render_line(y)
            if strip.text.startswith("▌"):
                first, *rest = strip
                assert first.style is not None
                assert first.style.color is not None
                is_bold = any(each.style and each.style.bold for each in rest)
                marks.append((first.style.color.name, is_bold))
                break
    return marks


def at_cursor(desk: Desk) -> str:
    """The title of the paper at the cursor among those of the row."""
    detail = desk.listing.detail
    return detail.papers[detail.place].paper.title


async def test_the_cursor_that_has_the_focus_alone_has_the_accent(folder: Path) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, ("T",), "nlp")
        (of_rows, _), (of_papers, is_bold) = cursors(desk)
        assert of_rows != of_papers
        assert not is_bold
        await desk.press("tab")
        (rows_now, _), (papers_now, is_bold) = cursors(desk)
        assert (rows_now, papers_now) == (of_papers, of_rows)
        assert is_bold


async def test_keys_of_papers_act_on_the_one_at_the_cursor_and_are_undone(folder: Path) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, ("g", "l"))
        before = desk.cursor, desk.query
        await desk.press("tab", "r")
        assert desk.says == f"Marked read: {ANCHORS}"
        assert at_cursor(desk) == BEAMS
        await desk.press("s", "j", "d")
        assert desk.paper_state(BEAMS).starred
        assert desk.statuses() == {ANCHORS: Status.READ, CIRCUITS: Status.DISMISSED}
        assert [each.name for each in desk.library.state.lists()] == ["club", "thesis"]
        assert (desk.cursor, desk.query) == before
        await desk.press("u")
        assert desk.statuses() == {ANCHORS: Status.READ}


@pytest.mark.parametrize(("keys", "row"), [(("g", "l"), "thesis"), (("T",), "nlp")])
async def test_an_undo_there_goes_to_its_paper(folder: Path, keys: Sequence[str], row: str) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, keys, row)
        await desk.together("tab", "d", "d", "u", "u", "r")
        assert desk.statuses() == {ANCHORS: Status.READ}
        await desk.press("G", "u")
        assert (at_cursor(desk), desk.listing.in_papers) == (ANCHORS, True)


async def test_an_undo_there_goes_to_a_paper_that_is_back_in_its_row(folder: Path) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, ("T",), "nlp")
        await desk.press("tab", "t")
        await desk.answer("-nlp")
        assert at_cursor(desk) == BEAMS
        await desk.press("u")
        assert at_cursor(desk) == ANCHORS


async def test_undos_beside_a_change_go_on_with_what_is_older(folder: Path) -> None:
    async with reading(folder, size=SIZE) as desk:
        await desk.press("j", "s", "g", "h", "j", "tab", "d", "u")
        assert desk.statuses() == {}
        assert desk.listing.in_papers
        await desk.press("u")
        assert desk.statuses() == {}
        assert not any(desk.paper_state(title).starred for title in TITLES)
        assert desk.listing.in_papers


async def test_the_papers_of_a_list_are_taken_off_it_and_moved_there(folder: Path) -> None:
    async with reading(folder, size=SIZE) as desk:
        await desk.show("sort:title")  # which is not the order of the list
        await desk.press("j", "d")
        before = desk.cursor, desk.titles
        await go_to(desk, ("g", "l"))
        await desk.press("tab", ">")
        assert desk.listed("thesis") == [BEAMS, ANCHORS, CIRCUITS]
        assert at_cursor(desk) == ANCHORS
        await desk.press("-")
        assert desk.says == f"Removed from thesis: {ANCHORS}"
        assert desk.listed("thesis") == [BEAMS, CIRCUITS]
        assert at_cursor(desk) == CIRCUITS
        await desk.press(">")
        assert desk.says == "Already last"
        assert (desk.cursor, desk.titles) == before
        await desk.press("u", "u", "<")  # at first it says what it undoes
        assert desk.listed("thesis") == [ANCHORS, BEAMS, CIRCUITS]
        assert at_cursor(desk) == ANCHORS


async def test_the_last_paper_is_taken_off_a_list(folder: Path) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, ("g", "l"))
        await desk.press("tab", "3", "-")
        assert desk.listed("thesis") == []
        assert not desk.listing.in_papers
        await desk.press("u")
        assert desk.listed("thesis") == [ANCHORS, BEAMS, CIRCUITS]


@pytest.mark.parametrize("key", ["-", ">"])
async def test_a_row_that_is_no_list_says_so(folder: Path, key: str) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, ("T",), "nlp")
        await desk.press("tab", key)
        assert desk.says == "No list is open. gl shows all."


async def test_similar_papers_are_shown_and_escape_leads_back_to_the_row(folder: Path) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, ("g", "l"))
        await desk.press("tab", "j", "m")
        assert desk.at_home
        assert desk.query == f"like:{key_of(BEAMS)}"
        await desk.press("escape")
        assert desk.listing.current_id == "thesis"
        await desk.press("escape")
        assert desk.query == ""


async def test_what_was_done_is_repeated_there(folder: Path) -> None:
    async with reading(folder, size=SIZE) as desk:
        await desk.press("G", "d")
        await go_to(desk, ("g", "l"))
        await desk.press("tab", ".", ".")
        assert desk.statuses() == dict.fromkeys([TITLES[-1], ANCHORS, BEAMS], Status.DISMISSED)
        assert at_cursor(desk) == CIRCUITS


@pytest.mark.parametrize("key", ["x", "*", "A", "E"])
async def test_keys_that_need_the_main_screen_say_how_to_get_there(folder: Path, key: str) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, ("g", "l"))
        await desk.press("tab", key)
        assert desk.says == f"{key} is for the main screen; Enter shows this paper there"


async def test_a_question_about_such_a_paper_is_asked_over_the_screen(folder: Path) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, ("g", "l"))
        await desk.press("tab", "j", "t")
        await desk.answer("+vision")
        assert desk.listing.current_id == "thesis"
        assert desk.paper_state(BEAMS).tags == ("nlp", "vision")
        assert at_cursor(desk) == BEAMS
        await desk.press("2", "i")
        assert desk.statuses() == {BEAMS: Status.READING, CIRCUITS: Status.READING}


async def test_a_paper_that_leaves_its_row_leaves_the_cursor_on_the_next_one(folder: Path) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, ("T",), "nlp")
        await desk.press("tab", "t")
        await desk.answer("-nlp")
        assert [item.paper.title for item in desk.listing.detail.papers] == [BEAMS]
        assert at_cursor(desk) == BEAMS
        await desk.press("t")
        await desk.answer("-nlp")
        assert desk.listing.rows.current_id == ""
        await desk.press("u")
        assert desk.listing.current_id == "nlp"


@pytest.mark.parametrize("back", ["tab", "left", "escape"])
async def test_the_focus_goes_back_to_the_rows(folder: Path, back: str) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, ("g", "l"))
        await desk.press("right", back, "d", "enter")
        assert [each.name for each in desk.library.state.lists()] == ["club"]
        assert desk.statuses() == {}


async def test_clicks_move_the_focus(folder: Path) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, ("g", "l"))
        papers = desk.listing.query_one(PaperList)
        await desk.pilot.click(papers, offset=(10, 2 if papers.tall else 1))
        await desk.press("r")
        assert desk.statuses() == {BEAMS: Status.READ}
        await desk.pilot.click(desk.listing.rows, offset=(6, 0))
        assert not desk.listing.in_papers
        assert desk.listing.current_id == "club"


async def test_enter_shows_the_paper_among_those_of_its_row(folder: Path) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, ("g", "l"))
        await desk.press("tab", "j", "j", "enter")
        assert desk.at_home
        assert desk.title == CIRCUITS
        await desk.press("r")
        assert desk.statuses() == {CIRCUITS: Status.READ}


@pytest.mark.parametrize("keys", [("g", "h"), ("g", "I"), ("g", "S"), ("g", "b"), ("T",)])
async def test_the_footer_tells_the_keys_of_what_has_the_focus(
    folder: Path, keys: Sequence[str]
) -> None:
    async with reading(folder, size=SIZE) as desk:
        await desk.press(*keys)
        if desk.listing.detail.papers:
            assert "Tab papers" in frame(desk.app)[-1]
            await desk.press("tab")
            shown = {f"Tab {desk.listing.bindings_of}", "r read", "d dismiss"}
            assert shown <= set(frame(desk.app)[-1].strip().split("  "))
            await desk.press("s")
            await desk.press("u")
            assert not any(desk.paper_state(title).starred for title in TITLES)


async def test_beside_a_message_the_footer_has_the_key_that_leads_to_the_papers(
    folder: Path,
) -> None:
    async with reading(folder, size=(80, 24)) as desk:
        await go_to(desk, ("g", "l"))
        await desk.press("c")
        await desk.answer("the thesis that nobody has read yet")
        assert "Enter open  Tab papers" in frame(desk.app)[-1]
        await desk.press("tab", "r")
        assert "Enter open  Tab lists" in frame(desk.app)[-1]


@pytest.mark.parametrize("key", ["t", "r", "space", "f4", "f5"])
async def test_a_key_that_does_nothing_says_so(folder: Path, key: str) -> None:
    async with reading(folder, size=SIZE) as desk:
        await desk.press("g", "l", "tab" if key == "f4" else "k")
        await desk.press(key)
        if key != "space":  # a page down
            shown = key.upper() if key in ("f4", "f5") else key
            assert desk.says == f"{shown} is not a key here; press ? for help"


async def test_without_papers_the_focus_stays(folder: Path) -> None:
    async with reading(folder, size=SIZE) as desk:
        await go_to(desk, ("g", "l"), "club")
        await desk.press("tab")
        assert desk.says == "No papers here"
        assert not desk.listing.in_papers


def test_the_users_keys_for_papers_hold_there_too() -> None:
    rows, problems = resolve({"mark.read": "e", "note.edit": "r", "X": "tag +skim"}, DETAIL)
    assert not problems
    bound = {name: row.id for row in rows for name in row.keys}
    assert (bound["e"], bound["r"], bound["X"]) == ("mark.read", "note.edit", "X")
    assert "A" not in bound


def test_no_two_bindings_there_have_one_key() -> None:
    rows, _ = resolve({}, DETAIL)
    names = [name for row in rows for name in row.keys]
    assert len(names) == len(set(names))
