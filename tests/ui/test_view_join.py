"""Papers that look alike, in the app: the mark, the sentence, and the three keys."""

from pathlib import Path
from typing import Final

import pytest

from tests.view_helpers import TITLES, TWELVE, Desk, frame, paper, reading
from tui.exchange.import_files import import_pages
from tui.ui.screens.diff import DiffScreen

ANCHORS: Final = TITLES[0]
COPY: Final = "Retrieval, Anchored"
CASES: Final = Path(__file__).parents[1] / "cases"
ALIKE: Final = (*TWELVE, paper(COPY, f"{TWELVE[0].abstract} And one more thing."))
SIZES: Final = [(80, 24), (120, 35)]


def text_of(desk: Desk) -> str:
    """All rows, their blanks as one."""
    return " ".join(" ".join(frame(desk.app)).split())


def marked(desk: Desk) -> int:
    """The number of rows with a mark, and of the sentence in the abstract."""
    return text_of(desk).count("≈")


@pytest.mark.parametrize("size", SIZES)
async def test_both_rows_are_marked_and_the_abstract_says_what_to_press(
    folder: Path, size: tuple[int, int]
) -> None:
    async with reading(folder, ALIKE, size=size) as desk:
        await desk.show("retriev sort:title")
        assert desk.title == ANCHORS
        assert marked(desk) == 3
        pane = [row.rpartition("│")[2] for row in frame(desk.app)]
        hint = f"≈ Looks like “{COPY}” (100 % of its text): M join, B keep apart, c compare"
        assert hint in " ".join(" ".join(pane).split())


async def test_the_palette_ends_with_what_cannot_be_done_to_the_paper_here(folder: Path) -> None:
    of_pair = ["join with the paper", "keep apart from the paper", "compare with the paper"]
    of_list = ["move the paper up", "move the paper down", "remove from the list shown"]

    async def idle(desk: Desk) -> list[str]:
        """Which of these come after what moves."""
        await desk.press("ctrl+p")
        rows = desk.offered
        await desk.press("escape")
        moving = next(place for place, row in enumerate(rows) if row.startswith("previous pane"))
        return [
            each for each in of_pair + of_list if any(r.startswith(each) for r in rows[moving:])
        ]

    async with reading(folder, ALIKE) as desk:
        await desk.show("sort:title")
        assert desk.title == ANCHORS
        assert await idle(desk) == of_list
        await desk.press("j")
        assert await idle(desk) == of_pair + of_list
        await desk.press("x")
        assert await idle(desk) == of_list
        await desk.press("escape", "L", *"later", "enter", "l")
        assert await idle(desk) == of_pair


async def test_joining_puts_the_cursor_on_the_paper_that_stays(folder: Path) -> None:
    async with reading(folder, ALIKE) as desk:
        await desk.press("r")  # the older one, which is newer by date
        await desk.show("anchor sort:-title")
        assert desk.title == COPY
        await desk.press("M")
        assert desk.says == f"Joined 2 papers: {ANCHORS}"
        assert desk.titles == [ANCHORS]
        assert desk.library.state.of(desk.workspace.listing.results[0].key).status == "read"
        assert not marked(desk)
        await desk.press("u")
        assert sorted(desk.titles) == [ANCHORS, COPY]
        assert marked(desk) == 3


async def test_papers_kept_apart_lose_their_marks(folder: Path) -> None:
    async with reading(folder, ALIKE) as desk:
        await desk.press("B")
        assert desk.says == f"Kept 2 papers apart: {ANCHORS}"
        assert not marked(desk)
        await desk.press("M")
        assert desk.says.startswith("Nothing looks like this paper")
        await desk.press("u", "u")
        assert marked(desk) == 2


async def test_a_comparison_marks_words_by_signs_and_weight(folder: Path) -> None:
    async with reading(folder, ALIKE) as desk:
        await desk.press("c")
        assert isinstance(desk.app.screen, DiffScreen)
        assert "[-Anchors for Dense Retrieval-] {+Retrieval, Anchored+}" in text_of(desk)
        await desk.press("G")
        assert "{+And one more thing.+}" in text_of(desk)
        await desk.press("escape")
        assert desk.at_home


async def test_two_selected_papers_are_compared_and_joined_whatever_they_look_like(
    folder: Path,
) -> None:
    async with reading(folder) as desk:
        await desk.press("j", "x", "x", "c")
        assert isinstance(desk.app.screen, DiffScreen)
        await desk.press("escape", "M")
        assert desk.says == f"Joined 2 papers: {TITLES[1]}"
        assert TITLES[2] not in desk.titles


async def test_what_an_import_brings_is_marked_at_once(folder: Path) -> None:
    async with reading(folder) as desk:
        pages = [str(CASES / f"{name}.txt") for name in ("renamed-1", "renamed-3")]
        assert all(result.report for result in import_pages(desk.library, pages))
        await desk.show("lanterns")
        assert len(desk.titles) == 2
        assert marked(desk) == 3


async def test_lookalikes_that_are_asked_for_before_they_are_loaded_are_shown_then(
    folder: Path,
) -> None:
    async with reading(folder, ALIKE) as desk:
        await desk.show("is:lookalike")
        await desk.press("q")
    async with reading(folder) as desk:
        assert sorted(desk.titles) == [ANCHORS, COPY]
