"""The mouse: what can be clicked, and the verbs of a right click."""

import re
from pathlib import Path
from typing import Any

import pytest
from rich.color import Color
from textual.app import App
from textual.widgets import Static

from tests.view_helpers import TITLES, Size, frame, reading
from tui.model.state import Status


async def test_a_right_click_offers_the_verbs_for_the_row(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.pilot.click(desk.papers, offset=(5, 3), button=3)
        await desk.settle()
        assert desk.is_asked
        assert not any("next paper" in offered for offered in desk.offered)
        await desk.press(*"dismiss", "enter")
        assert desk.statuses() == {TITLES[3]: Status.DISMISSED}


async def test_the_query_and_the_order_can_be_clicked(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        top = frame(desk.app)[0]
        await desk.pilot.click(offset=(top.index("newest first") + 1, 0))
        await desk.settle()
        assert str(desk.question.query_one("#prompt", Static).render()).startswith("Sort")
        await desk.press("escape")
        await desk.pilot.click(offset=(top.index("All papers") + 1, 0))
        await desk.settle()
        assert desk.filtering


async def test_a_click_on_the_current_list_chooses_another_one(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("L", *"club", "enter", "L", *"thesis", "enter")
        await desk.pilot.click(offset=(frame(desk.app)[0].index("thesis") + 1, 0))
        await desk.settle()
        assert desk.listing.current_id == "thesis"
        await desk.press("k", "enter")
        assert desk.current_list == "club"
        assert [desk.listed(name) for name in ("club", "thesis")] == [[TITLES[0]], [TITLES[1]]]


async def test_a_click_on_a_heading_sorts_and_another_one_reverses(folder: Path) -> None:
    async with reading(folder, size=(200, 30)) as desk:
        for heading, order in (
            ("Date", "oldest first"),
            ("Title", "title A to Z"),
            ("Votes", "most"),
        ):
            heads = frame(desk.app)[1]
            await desk.pilot.click(offset=(heads.index(heading), 1))
            await desk.settle()
            assert order in frame(desk.app)[0]
        await desk.press("escape", "escape", "escape")
        assert desk.says.startswith("Nothing to go back to")
        heads = frame(desk.app)[1]
        for beside, order in (
            (heads.index("Title") + 40, "title A to Z"),  # in the cell of the heading
            (heads.index("Date") - 2, "newest"),
            (heads.index("Votes"), "most"),
        ):
            await desk.pilot.click(offset=(beside, 1))
            await desk.settle()
            assert order in frame(desk.app)[0]
            assert not desk.says
        assert re.search(r"Title +Votes ↓ +Date", frame(desk.app)[1])
        await desk.show("sort:-title")
        assert "Title ↓" in frame(desk.app)[1]


@pytest.mark.parametrize("size", [(80, 24), (120, 30), (200, 50)])
async def test_the_divider_can_be_dragged(folder: Path, size: Size) -> None:
    async with reading(folder, size=size) as desk:
        before, pane = desk.papers.size, desk.pane.region
        is_stacked = pane.x == 0
        await desk.pilot.mouse_down(offset=(pane.x, pane.y))
        to = (pane.x, pane.y + 3) if is_stacked else (pane.x - 10, pane.y + 3)
        await desk.pilot.hover(offset=to)
        await desk.pilot.mouse_up(offset=to)
        await desk.settle()
        moved = desk.pane.region
        assert abs(moved.y - to[1]) <= 1 if is_stacked else abs(moved.x - to[0]) <= 1
        await desk.pilot.hover(offset=(pane.x, pane.y))
        await desk.settle()
        assert desk.pane.region == moved
        await desk.press("=")
        assert desk.papers.size == before


async def test_a_divider_keeps_its_share_of_the_width(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        pane = desk.pane.region
        await desk.pilot.mouse_down(offset=(pane.x, pane.y))
        await desk.pilot.hover(offset=(75, 10))
        await desk.pilot.mouse_up(offset=(75, 10))
        await desk.settle()
        share = desk.pane.region.width / 120
        await desk.resize(200, 50)
        beside = desk.screen.panes.sidebar.region.width
        assert abs(desk.pane.region.width - share * (200 - beside)) <= 1
        await desk.resize(80, 24)  # where the list above is as high as ever
        assert desk.papers.size.height < 24 / 2
        await desk.resize(120, 35)
        assert desk.pane.region.width == round(share * 120)


def background(app: App[Any], column: int, row: int) -> Color | None:
    """What is behind a cell of the screen."""
    return app.screen.get_style_at(column, row).bgcolor


async def test_the_row_under_the_mouse_stands_out_until_the_cursor_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    async with reading(tmp_path) as desk:
        top, plain = desk.papers.region.y, background(desk.app, 20, desk.papers.region.y + 2)
        for row in (2, 3):
            await desk.pilot.hover(desk.papers, offset=(20, row))
            await desk.settle()
            assert background(desk.app, 20, top + row) != plain
        assert background(desk.app, 20, top + 2) == plain
        await desk.press("j")
        assert background(desk.app, 20, top + 3) == plain
        await desk.pilot.hover(desk.papers, offset=(20, 4))
        await desk.pilot.hover(offset=(1, 0))
        await desk.settle()
        assert background(desk.app, 20, top + 4) == plain


async def test_the_key_under_the_mouse_stands_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    async with reading(tmp_path) as desk:
        await desk.press("d")
        bottom = desk.app.size.height - 1
        places = [frame(desk.app)[-1].index(hint) + 1 for hint in ("u undo", "r read")]
        plain = background(desk.app, places[0], bottom)
        for place, other in (places, reversed(places)):
            await desk.pilot.hover(offset=(place, bottom))
            await desk.settle()
            assert background(desk.app, place, bottom) != plain
            assert background(desk.app, other, bottom) == plain
        await desk.pilot.hover(offset=(1, 0))
        await desk.settle()
        assert background(desk.app, places[1], bottom) == plain
