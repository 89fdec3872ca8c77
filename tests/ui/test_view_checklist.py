"""The checklist of lists: one paper into several, in one change."""

from pathlib import Path

from tests.view_helpers import TITLES, frame, reading

ANCHORS, BEAMS = TITLES[:2]


async def test_one_paper_into_three_new_lists_takes_fifteen_keys(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        keys = ["L", *"one", "tab", *"two", "tab", *"three", "enter"]
        await desk.press(*keys)
        assert len(keys) == 15
        assert desk.paper_state(ANCHORS).lists == ("one", "three", "two")
        assert desk.says == f"Added to one, two, three (a adds to three now): {ANCHORS}"
        assert desk.current_list == "three"
        assert desk.title == BEAMS
        await desk.press("u")
        assert desk.paper_state(ANCHORS).lists == ()


async def test_a_checklist_shows_where_a_paper_is_and_takes_it_off(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("L", *"one", "tab", *"two", "enter", "k", "L")
        assert [each.split("  ")[0] for each in desk.offered] == ["[x] one", "[x] two"]
        await desk.press("space", "down", "space")
        assert [each.split("  ")[0] for each in desk.offered] == ["[ ] one", "[ ] two"]
        await desk.press("up", "up", *"three", "tab", "enter")
        assert desk.paper_state(ANCHORS).lists == ("three",)
        assert desk.says == (f"Changed lists +three, -one, -two (a adds to three now): {ANCHORS}")
        await desk.press("k", "L", *"three")
        assert desk.offered[0].startswith("[x] three")
        await desk.press("tab", "enter")
        assert desk.paper_state(ANCHORS).lists == ()


async def test_a_checklist_says_where_the_next_papers_are_added_if_that_changes(
    tmp_path: Path,
) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("L", *"one", "enter")
        assert desk.says == f"Added to one (a adds to one now): {ANCHORS}"
        await desk.press("a")
        assert desk.says == f"Added to one: {BEAMS}"
        await desk.press("L", *"one", "enter")
        assert desk.says == f"Added to one: {TITLES[2]}"
        await desk.press("L", *"two", "enter", "L", *"one", "enter")
        assert desk.says == f"Added to one (a adds to one now): {TITLES[4]}"


async def test_the_row_that_enter_takes_is_marked_as_the_cursor_is(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("L", *"one", "tab", *"two", "enter", "L")

        def rows() -> list[str]:
            return [row.rstrip()[:8] for row in frame(desk.app) if "[ ]" in row]

        assert rows() == ["▌[ ] one", " [ ] two"]
        await desk.press("down")
        assert rows() == [" [ ] one", "▌[ ] two"]
        await desk.press("enter")
        assert desk.paper_state(BEAMS).lists == ("two",)


async def test_a_cancelled_checklist_changes_nothing(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("L", *"one", "tab", *"two", "tab")
        assert "Enter saves, Esc discards" in frame(desk.app)[-1]
        await desk.press("escape")
        assert desk.says == "Not saved: 2 checks; Enter saves"
        assert desk.paper_state(ANCHORS).lists == ()
        await desk.press("L", "enter")  # nothing to check
        assert desk.is_asked


async def test_a_checklist_is_of_all_that_are_selected(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("L", *"one", "enter", "k", "x", "x", "L")
        assert desk.offered[0].startswith("[ ] one")  # only one of the two is in it
        await desk.press("enter")
        assert desk.listed("one") == [ANCHORS, BEAMS]
