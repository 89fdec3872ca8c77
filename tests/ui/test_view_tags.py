"""The screen of all tags."""

from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.view_helpers import TITLES, TWELVE, Desk, frame, key_of, reading
from tui.actions import triage
from tui.actions.bindings import bindings
from tui.library import Library
from tui.ui.screens.tags import TagsScreen
from tui.ui.widgets.abstract_pane import AbstractPane
from tui.ui.widgets.help import Help
from tui.ui.widgets.paper_list import PaperList

ANCHORS, BEAMS, CIRCUITS, DISTILLING = TITLES[:4]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with three tags, and one below another."""
    path = tmp_path / "library"
    with Library.open(path, "desk", wait=0, now=lambda: NOW) as library:
        library.seed(TWELVE)
        triage.tag(library, [key_of(ANCHORS), key_of(BEAMS)], ["ml"])
        triage.tag(library, [key_of(BEAMS)], ["ml/vision"])
        triage.tag(library, [key_of(title) for title in TITLES[:4]], ["nlp"])
    return path


async def go_to(desk: Desk, name: str) -> None:
    """Opens the screen with a tag at the cursor."""
    await desk.press("T")
    assert isinstance(desk.app.screen, TagsScreen)
    desk.app.screen.show(name)
    await desk.settle()
    assert desk.listing.current_id == name


@pytest.mark.parametrize("way", ["T", "g t"])
async def test_each_tag_shows_its_papers_and_what_is_unread_of_them(folder: Path, way: str) -> None:
    async with reading(folder) as desk:
        await desk.press("r", *way.split(" "))
        assert frame(desk.app)[0].strip() == "Tags  3 tags, by name"
        assert desk.drawn_rows == [
            "#ml         2  1 unread",
            "#ml/vision  1  1 unread",
            "#nlp        4  3 unread",
        ]


async def test_the_papers_of_the_tag_at_the_cursor_stand_beside_the_tags(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        await desk.press("T")
        papers = desk.listing.query_one(PaperList)
        assert papers.shown.results.keys() == [key_of(ANCHORS), key_of(BEAMS)]
        await desk.press("j")
        assert desk.listing.query_one(AbstractPane).reading.key == key_of(BEAMS)
        await desk.press("j", "d", "enter")
        assert desk.listing.current_id == "ml/vision"
        await desk.press("u", "j")
        assert len(papers.shown.results) == 4


async def test_without_tags_it_says_how_to_add_one(tmp_path: Path) -> None:
    async with reading(tmp_path / "bare") as desk:
        await desk.press("T")
        assert "No tags yet. t on a paper adds some." in desk.drawn_rows
        await desk.press("enter", "c", "d", "S", "j", "k", "G", "l")
        assert isinstance(desk.app.screen, TagsScreen)
        assert desk.library.state.history() == []
        await desk.press("escape")
        assert desk.at_home


@pytest.mark.parametrize("key", ["enter", "l"])
async def test_a_tag_is_opened_and_its_papers_are_shown(folder: Path, key: str) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "ml")
        await desk.press(key)
        assert desk.at_home
        assert desk.query == "tag:ml"
        assert desk.titles == [ANCHORS, BEAMS]
        await desk.press("escape")
        assert desk.query == ""


async def test_going_back_leaves_the_papers_as_they_were(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "T", "j", "q")
        assert desk.at_home
        assert (desk.title, desk.query) == (BEAMS, "")


async def test_the_tags_with_the_most_papers_come_first_when_asked(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("T", "S")
        assert frame(desk.app)[0].strip() == "Tags  3 tags, most papers first"
        assert [row.split()[0] for row in desk.drawn_rows] == ["#nlp", "#ml", "#ml/vision"]
        assert desk.listing.current_id == "ml"
        await desk.press("S")
        assert [row.split()[0] for row in desk.drawn_rows] == ["#ml", "#ml/vision", "#nlp"]


async def test_a_tag_is_renamed_with_those_below_it(folder: Path) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "ml")
        await desk.press("c")
        assert desk.typed == "ml"
        assert "Rename #ml on 2 papers to" in frame(desk.app)[-1]
        await desk.answer("Computer Vision")
        assert [row.split()[0] for row in desk.drawn_rows] == (
            ["#computer-vision", "#computer-vision/vision", "#nlp"]
        )
        assert desk.listing.current_id == "computer-vision"
        assert desk.paper_state(BEAMS).tags == ("computer-vision", "computer-vision/vision", "nlp")
        assert "Renamed tag ml to computer-vision: 2 papers" in desk.says
        await desk.press("u")
        assert desk.paper_state(BEAMS).tags == ("ml", "ml/vision", "nlp")
        assert [row.split()[0] for row in desk.drawn_rows] == ["#ml", "#ml/vision", "#nlp"]
        await desk.press("ctrl+r", "escape")
        assert "#computer-vision" in desk.body


async def test_a_tag_renamed_to_another_merges_with_it(folder: Path) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "nlp")
        await desk.press("c")
        await desk.answer("ml")
        assert [row.split()[:2] for row in desk.drawn_rows] == [["#ml", "4"], ["#ml/vision", "1"]]
        assert desk.listing.current_id == "ml"
        assert desk.paper_state(CIRCUITS).tags == ("ml",)
        await desk.press("u")
        assert desk.paper_state(BEAMS).tags == ("ml", "ml/vision", "nlp")


@pytest.mark.parametrize("answer", ["###", ""])
async def test_a_name_that_is_none_is_said_and_changes_nothing(folder: Path, answer: str) -> None:
    async with reading(folder) as desk:
        count = len(desk.library.state.history())
        await go_to(desk, "ml")
        await desk.press("c")
        await desk.answer(answer)
        assert "Not a valid tag" in desk.refusal
        await desk.press("escape", "c", "enter")
        assert desk.says == "No change"
        assert len(desk.library.state.history()) == count


async def test_a_tag_is_removed_from_every_paper_and_comes_back(folder: Path) -> None:
    async with reading(folder) as desk:
        await go_to(desk, "ml")
        await desk.press("d", "escape")
        assert desk.paper_state(BEAMS).tags == ("ml", "ml/vision", "nlp")
        await desk.press("d", "enter")
        assert [row.split()[0] for row in desk.drawn_rows] == ["#nlp"]
        assert desk.paper_state(ANCHORS).tags == ("nlp",)
        assert "Deleted tag ml: 2 papers" in desk.says
        assert desk.listing.current_id == "nlp"
        await desk.press("d", "enter")
        assert "No tags yet" in desk.drawn_rows[0]
        await desk.press("u", "u", "escape")
        assert desk.paper_state(BEAMS).tags == ("ml", "ml/vision", "nlp")
        assert "#ml" in desk.body


async def test_what_was_renamed_here_is_seen_among_the_papers(folder: Path) -> None:
    async with reading(folder, size=(200, 50)) as desk:
        await go_to(desk, "nlp")
        await desk.press("c")
        await desk.answer("language")
        await desk.press("escape")
        assert "#language" in desk.body
        side = "\n".join(row[:26] for row in frame(desk.app))
        assert "#language" in side
        assert "#nlp" not in side


async def test_the_users_own_keys_hold_here_too(folder: Path) -> None:
    async with reading(folder, keys={"tags.delete": "X", "tag.browse": "B"}) as desk:
        await desk.press("T")
        assert desk.at_home
        await desk.press("B")
        assert "X delete" in frame(desk.app)[-1]
        await desk.press("d")
        assert len(desk.drawn_rows) == 3
        await desk.press("X", "enter")
        assert [row.split()[0] for row in desk.drawn_rows] == ["#nlp"]


async def test_a_change_that_is_refused_here_is_said(folder: Path) -> None:
    with Library.open(folder, "other", wait=0):
        async with reading(folder) as desk:
            await desk.press("T")
            for typed in (["d"], ["u"], ["c", "x", "enter"]):
                await desk.press(*typed)
                assert desk.says.endswith(" uses this library. Close it and press gw."), typed
            assert len(desk.drawn_rows) == 3


async def test_keys_of_the_screen_that_arrive_together_act_in_order(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.together("T", "j", "d", "enter", "c", "end", "x", "enter", "l", "r")
        await desk.settle()
        assert desk.query == "tag:nlpx"
        assert list(desk.statuses()) == [ANCHORS]


async def test_many_tags_are_walked_to_the_end_and_back(tmp_path: Path) -> None:
    with Library.open(tmp_path / "many", "desk", wait=0) as library:
        library.seed(TWELVE)
        triage.tag(library, [key_of(ANCHORS)], [f"{number:03}" for number in range(100)])
    async with reading(tmp_path / "many") as desk:
        await desk.press("T", "G")
        assert desk.listing.current_id == "099"
        assert desk.drawn_rows[-1].startswith("#099")
        await desk.press("g", "g")
        assert desk.listing.current_id == "000"
        await desk.press("pagedown")
        assert desk.listing.current_id == "009"
        await desk.press("ctrl+u")
        assert desk.listing.current_id == "005"
        await desk.resize(40, 10)
        assert any("#005" in row for row in frame(desk.app))


@pytest.mark.parametrize("size", [(20, 5), (40, 10), (120, 35), (250, 60)])
async def test_the_screen_is_drawn_at_every_size(folder: Path, size: tuple[int, int]) -> None:
    async with reading(folder, size=size) as desk:
        await desk.press("T", "j", "c")
        assert len(frame(desk.app)) == size[1]
        await desk.press("escape", "?", "escape", "escape")
        assert desk.at_home


async def test_palette_and_help_tell_of_this_screen(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("T", "ctrl+p")
        offered = "\n".join(desk.offered)
        for key in bindings("tags"):
            assert key.help in offered or key.id == "screen.palette"
        await desk.press(*"remove", "enter", "enter")
        assert desk.paper_state(ANCHORS).tags == ("nlp",)
        await desk.press("?")
        assert isinstance(desk.app.screen, Help)
        await desk.press("escape", "escape")
        assert desk.at_home


async def test_a_click_goes_to_a_tag_and_a_second_one_opens_it(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("T")
        await desk.pilot.click(offset=(3, 2))
        await desk.settle()
        assert desk.listing.current_id == "ml/vision"
        await desk.pilot.double_click(offset=(3, 2))
        await desk.settle()
        assert desk.titles == [BEAMS]
