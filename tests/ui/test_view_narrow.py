"""Narrow screens: what is typed has half of the line, and what has no room goes as a whole."""

from pathlib import Path

import pytest

from tests.view_helpers import Size, frame, reading

NARROW = [(40, 12), (60, 16), (80, 24)]


@pytest.mark.parametrize("size", NARROW)
async def test_what_is_typed_has_at_least_half_of_its_line(folder: Path, size: Size) -> None:
    async with reading(folder, size=size) as desk:
        await desk.press("L", *"three", "enter", "/")
        assert desk.filter_line.size.width >= size[0] // 2 - 1
        await desk.find("is:unread dense anchors")
        assert desk.filter_line.size.width >= size[0] // 2 - 1
        assert frame(desk.app)[0].split("dense anchors")[1].split()[:3] == ["1", "of", "1"]
        await desk.press("escape", "E")
        assert frame(desk.app)[-2].startswith(" Export “All papers” to:")
        assert frame(desk.app)[-1].strip() == "all-papers.md"
        await desk.press("~", "/")
        assert frame(desk.app)[-1].strip() == "~/"
        await desk.press("escape", "L", *"four", "tab", *"five")
        assert frame(desk.app)[-1].startswith(" Lists: five")
        assert ("Enter saves" in frame(desk.app)[-1]) == (size[0] > 40)


@pytest.mark.parametrize("size", NARROW)
async def test_a_long_query_has_all_the_room_that_the_position_leaves(
    folder: Path, size: Size
) -> None:
    async with reading(folder, size=size) as desk:
        await desk.press("L", *"three", "enter", "/")
        text = "dense anchors in retrieval of all images and words"[: size[0] - 15]
        await desk.press(*("space" if char == " " else char for char in text))
        assert frame(desk.app)[0].startswith(f" / {text} ")
        await desk.press("escape", "/", "a")
        assert ("three" in frame(desk.app)[0]) == (size[0] > 60)


@pytest.mark.parametrize("size", NARROW)
async def test_the_name_of_a_view_is_not_cut_for_the_position(folder: Path, size: Size) -> None:
    async with reading(folder, size=size) as desk:
        await desk.press("L", *"journal-club", "enter", "g", "s")
        assert frame(desk.app)[0].startswith(" Starred ")
        await desk.press("g", "u", "/")
        assert "Backspace for all " in frame(desk.app)[0]
        await desk.press(*"retrieval", "enter")
        assert frame(desk.app)[0].startswith(" Inbox  retrieval ")


async def test_completions_of_a_path_take_the_place_of_its_explanation_on_a_low_screen(
    folder: Path, away: Path
) -> None:
    for name in ("papers", "pages"):
        (away / name).mkdir()
    async with reading(folder, size=(40, 12)) as desk:
        await desk.press("E", *"pa")
        *above, prompt, path = frame(desk.app)
        assert [row.strip() for row in above[-2:]] == ["pages/", "papers/"]
        assert (prompt.split()[0], path.strip()) == ("Export", "pa")


async def test_the_headings_of_pages_are_shortened_by_whole_parts(folder: Path) -> None:
    async with reading(folder, size=(40, 12)) as desk:
        await desk.press("r", "u", "d", "u", "d", "g", "h")
        assert frame(desk.app)[0].strip() == "Timeline  5 changes, ↶ undone"
        await desk.press("escape", "g", "i")
        assert frame(desk.app)[0].strip() == "Session  11 left in the inbox"
        await desk.resize(80, 24)
        assert frame(desk.app)[0].strip() == "Session  11 left in the inbox; gu shows it"
