"""Counts before keys, and the panel of what can follow a first key."""

from pathlib import Path

import pytest

from tests.view_helpers import TITLES, Desk, frame, reading
from tui.actions.bindings import bindings
from tui.actions.registry import actions
from tui.model.state import Status
from tui.ui import key_screen
from tui.ui.screens.base import ListScreen


async def test_a_count_moves_as_often(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("5")
        assert desk.says == "5"
        await desk.press("j")
        assert (desk.says, desk.title) == ("", TITLES[5])
        await desk.press("2", "K", "1", "0", "G")
        assert desk.title == TITLES[9]
        await desk.press("3", "g", "g")
        assert desk.title == TITLES[2]
        await desk.press("9", "9", "J")
        assert desk.title == TITLES[-1]
        await desk.press("4", "escape", "k")
        assert desk.title == TITLES[-2]


async def test_a_count_before_a_verb_is_of_papers_and_one_change(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("j", "3", "d")
        assert desk.statuses() == dict.fromkeys(TITLES[1:4], Status.DISMISSED)
        assert desk.title == TITLES[4]
        await desk.press("u")
        assert desk.statuses() == {}
        await desk.press("r", "d", "s", "3", "u")
        assert desk.says.startswith("Undid 3 changes: starred ")
        await desk.press("5", "ctrl+r")
        assert desk.says.startswith("Redid 3 changes; there are no more: marked read ")
        await desk.press("9", "u")
        assert desk.says.startswith("Undid 3 changes; there are no more: ")
        assert desk.statuses() == {}
        await desk.press("G", "5", "r")  # as many as there are
        assert desk.statuses() == {TITLES[-1]: Status.READ}


async def test_a_count_leaves_a_selection_as_it_is(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("x", "j", "x", "7", "r")
        assert desk.statuses() == {TITLES[0]: Status.READ, TITLES[2]: Status.READ}


async def test_the_next_unread_paper_but_two(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("j", "r", "r", "g", "g", "3", "n")
        assert desk.title == TITLES[5]


async def test_a_count_moves_on_other_screens_and_in_the_abstract(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        for name in ("a", "b", "c", "d"):
            await desk.press("t", name, "enter")
        await desk.press("g", "t", "2", "j")
        first = desk.listing.rows.highlighted
        await desk.press("2", "k")
        assert first is not None
        assert desk.listing.rows.highlighted == first - 2
        await desk.press("q", "tab", "4", "j")
        assert desk.pane.scroll_offset.y == 4


async def waits(desk: Desk, key: str) -> list[str]:
    """What is drawn when a first key has waited for the next."""
    await desk.press(key)
    await desk.until(lambda: any(panel.display for panel in desk.app.screen.query("KeyPanel")))
    await desk.settle()
    return frame(desk.app)


@pytest.mark.parametrize("size", [(80, 24), (120, 35), (40, 24)])
async def test_every_key_that_can_follow_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(key_screen, "HINT_SECONDS", 0.001)
    async with reading(tmp_path, size=size) as desk:
        for prefix in ("g", "y"):
            text = "\n".join(await waits(desk, prefix))
            for binding in desk.screen.bindings:
                for name in binding.keys:
                    first, _, second = name.partition(" ")
                    if first == prefix and second and not second.isdigit():
                        assert f"{first}{second} {binding.label}" in text
            await desk.press("escape")
            assert desk.says == ""
        assert "g1…g9 view 1 to 9" in "\n".join(await waits(desk, "g"))
        await desk.press("g")
        assert not any("g? help" in row for row in frame(desk.app))


async def test_a_low_screen_says_how_many_more_keys_can_follow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_screen, "HINT_SECONDS", 0.001)
    async with reading(tmp_path, size=(40, 12)) as desk:
        rows = await waits(desk, "g")
        assert rows[2].startswith(" gg first")
        assert rows[-1].rstrip().endswith(" more in the help")
        missing = int(rows[-1].split()[-5])
        keys = {k for each in desk.screen.bindings for k in each.keys if k.startswith("g ")}
        assert sum(f"{key.replace(' ', '')} " in "\n".join(rows) for key in keys) > 15
        assert missing < 10


async def test_what_there_is_no_use_for_is_not_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_screen, "HINT_SECONDS", 0.001)
    async with reading(tmp_path) as desk:
        assert any("gx drop samples" in row for row in await waits(desk, "g"))
        await desk.press("x", "u", "u")
        await desk.press("g", "x")
        assert not any("gx drop samples" in row for row in await waits(desk, "g"))
        await desk.press("escape", "ctrl+p")
        named = [row.split("  ")[0] for row in desk.offered]
        assert named.index("remove the sample papers") > named.index("previous pane")


async def test_a_sequence_typed_at_once_shows_no_panel(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("j", "g", "g")
        assert not desk.app.screen.query("KeyPanel")
        assert desk.title == TITLES[0]


async def test_other_screens_show_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_screen, "HINT_SECONDS", 0.001)
    async with reading(tmp_path) as desk:
        await desk.press("g", "l")
        text = "\n".join(await waits(desk, "g"))
        assert "gw write access" in text
        assert "gx" not in text
        await desk.press("?")
        assert not desk.at_home


async def test_the_user_s_own_digits_are_views(tmp_path: Path) -> None:
    numbers = ",".join("123456789")
    async with reading(tmp_path, keys={"view.number": numbers}) as desk:
        await desk.press("5")
        assert desk.says == "No view “5”. F saves this query."


@pytest.mark.parametrize(
    ("word", "help"),
    [
        ("later", "snooze"),
        ("archive", "dismiss"),
        ("undismiss", "mark unread"),
        ("undelete", "remove from the library"),
        ("hide", "dismiss"),
        ("favourite", "star"),
        ("pdf", "choose what to open: page, PDF"),
        ("search", "filter"),
        ("import", "add pages and other files"),
        ("nonsense", "Nothing found"),
    ],
)
async def test_the_palette_knows_other_words(tmp_path: Path, word: str, help: str) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("ctrl+p", *word)
        assert help in desk.offered[0]


async def test_what_a_word_means_first_comes_before_what_is_used_more(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("L", *"one", "enter", "a", "a", "g", "W", "g", "u", "ctrl+p", *"later")
        assert "snooze" in desk.offered[0]
        assert "snoozed" not in desk.offered[0]


async def test_the_palette_begins_with_what_is_used_most_and_ends_with_moving(
    tmp_path: Path,
) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("s", "s", "x", "x", "x", "escape", *"jkjkjk", "ctrl+p")
        assert "select or deselect" in desk.offered[0]
        assert "toggle star" in desk.offered[1]
        named = [row.split("  ")[0] for row in desk.offered]
        assert named.index("previous pane") > named.index("show all keys, with search")
        await desk.press("escape", "q")
    async with reading(tmp_path) as desk:
        await desk.press("ctrl+p")
        assert "select or deselect" in desk.offered[0]
        await desk.press("escape", *["t", "escape"] * 9, "ctrl+p")
        assert "select or deselect" in desk.offered[0]  # a question that is cancelled is no use
        detail = next(row for row in desk.offered if "similar papers" in row)
        await desk.resize(160, 30)
        assert next(row for row in desk.offered if "similar papers" in row).endswith("m")
        assert next(row for row in desk.offered if "similar papers" in row) != detail


async def test_the_keys_that_lead_to_a_screen_or_a_view_do_so_from_every_screen(
    tmp_path: Path,
) -> None:
    screens = [(key[-1], row.line) for row in bindings() for key in row.keys if key[:2] == "g "]
    leading = {key: line for key, line in screens if line.startswith(("browse", "show-query"))}
    assert len(leading) == 17
    async with reading(tmp_path, size=(120, 35)) as desk:
        for key, line in leading.items():
            if line.startswith("browse"):
                await desk.press("g", "i", "g", key)
                screen = desk.app.screen
                assert isinstance(screen, ListScreen)
                assert screen.bindings_of == line.removeprefix("browse ")
                await desk.press("g", key)
                assert desk.app.screen is screen
                await desk.press("escape")
                assert desk.at_home
            else:
                await desk.press("g", "t", "g", key)
                assert desk.at_home
                assert desk.query == line.removeprefix("show-query").strip()
        await desk.together("g", "l", "g", "t", "g", "u", "r")
        await desk.settle()
        assert desk.query == "is:inbox"
        assert desk.statuses() == {TITLES[0]: Status.READ}


async def test_a_long_description_of_a_command_goes_on_below_itself(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press(":")
        rows = [row.split("\n") for row in desk.offered]
        named = next(row for row in rows if row[0].startswith("remove "))
        assert len(named) == 2
        column = named[0].index(actions()["remove"].help[:6], len("remove"))
        assert named[1].startswith(" " * column + named[1].strip())
        lines = [line.strip() for line in frame(desk.app)]
        assert all(line.strip() in lines for row in rows[:5] for line in row)
