"""The mouse: what can be clicked, and the verbs of a right click."""

from pathlib import Path

from textual.widgets import Static

from tests.view_helpers import TITLES, frame, reading
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
