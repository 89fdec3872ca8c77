"""The inbox in groups by arrival."""

from pathlib import Path

import pytest

from tests.view_helpers import TITLES, Desk, frame, reading
from tui.model.paper import SourceRecord

pytestmark = pytest.mark.usefixtures("zone")


async def arrive(desk: Desk, *titles: str) -> None:
    """Papers come, and the inbox is shown."""
    records = [SourceRecord(title, None, "hf:daily", 1) for title in titles]
    desk.library.add(records, "hf:daily")
    await desk.show("is:inbox")
    await desk.press("g", "g")


async def test_a_quiet_line_stands_above_what_came_together(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("is:inbox")
        assert frame(desk.app)[1].endswith("2025-12-24")
        await arrive(desk, "Paper of A", "Paper of B")
        rows = [row.strip() for row in frame(desk.app)[1:6]]
        assert rows[0] == "Today · hf:daily · 2"
        assert rows[1:3] == ["▌●   Paper of A", "●   Paper of B"]
        assert rows[3] == "Today · sample · 12"
        assert TITLES[0] in rows[4]
        await desk.press("j", "j")
        assert desk.title == TITLES[0]
        await desk.press("v")
        assert desk.title == TITLES[0]
        await desk.press("G", "g", "g")
        assert frame(desk.app)[1].strip() == "Today · hf:daily · 2"
        await desk.show("is:inbox sort:title")
        assert not any("Today" in row for row in frame(desk.app)[:6])


async def test_a_key_goes_from_one_group_to_the_next_and_back(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("is:inbox")
        await desk.press("}")
        assert desk.says == "No other arrivals below; S sorts by arrival"
        await arrive(desk, "Paper of A", "Paper of B")
        await desk.press("}")
        assert desk.title == TITLES[0]
        await desk.press("}")
        assert desk.says == "No other arrivals below"
        assert desk.title == TITLES[0]
        await desk.press("j", "{")
        assert desk.title == TITLES[0]
        await desk.press("{")
        assert desk.title == "Paper of A"
        await desk.press("{")
        assert desk.says == "No other arrivals above"
        await desk.press("V", "}", "k", "d")
        states = {item.paper.title: item.state.status for item in desk.workspace.listing.results}
        assert [title for title, status in states.items() if status == "dismissed"] == [
            "Paper of A",
            "Paper of B",
        ]


async def test_a_click_finds_its_row_between_the_headings(folder: Path) -> None:
    async with reading(folder) as desk:
        await arrive(desk, "Paper of A", "Paper of B")
        for line, title in ((2, "Paper of B"), (4, TITLES[0]), (0, TITLES[0]), (3, TITLES[0])):
            await desk.pilot.click(desk.papers, offset=(5, line))
            await desk.settle()
            assert desk.title == title


async def test_a_row_is_bright_until_the_session_after_the_one_that_showed_it(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await arrive(desk, "Paper of A")
        assert desk.workspace.listing.results.count("new") == 1
        desk.library.save_place(desk.screen.place())
    async with reading(folder) as desk:
        assert desk.workspace.listing.results.count("new") == 0
