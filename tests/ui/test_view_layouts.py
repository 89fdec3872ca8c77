"""Other keyboard layouts triage by the same keys."""

from pathlib import Path

import pytest

from tests.ui.test_pasting import parsed
from tests.view_helpers import TITLES, TWELVE, reading
from tui.model.state import Status
from tui.ui import textual_fixes


async def test_a_cyrillic_layout_triages_by_the_same_keys(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("о", "к", "в", "ы")  # j r d s
        assert desk.statuses() == {TITLES[1]: Status.READ, TITLES[2]: Status.DISMISSED}
        assert desk.paper_state(TITLES[3]).starred
        await desk.press("П")  # G
        assert desk.title == TITLES[-1]
        await desk.press("п", "п")  # gg
        assert desk.title == TITLES[0]
        await desk.press("п", "д")  # gl
        assert not desk.at_home
        await desk.press("й")  # q
        assert desk.at_home
        await desk.press("г")  # u
        assert desk.says.startswith("Undid")


@pytest.mark.parametrize("keys", ["ξρδ", "חרג"], ids=["Greek", "Hebrew"])
async def test_so_do_others(tmp_path: Path, keys: str) -> None:
    async with reading(tmp_path) as desk:
        await desk.press(*keys)  # j r d
        assert desk.statuses() == {TITLES[1]: Status.READ, TITLES[2]: Status.DISMISSED}


async def test_what_the_user_has_bound_wins(tmp_path: Path) -> None:
    async with reading(tmp_path, keys={"к": "mark dismissed", "п п": "edge last"}) as desk:
        await desk.press("к")
        assert desk.statuses() == {TITLES[0]: Status.DISMISSED}
        await desk.press("п", "п")
        assert desk.title == TITLES[-1]


async def test_a_letter_of_no_key_is_said_to_be_none(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("日")
        assert desk.says == "日 is not a key here; press ? for help"
        assert desk.statuses() == {}


async def test_in_a_line_a_letter_is_itself(tmp_path: Path) -> None:
    async with reading(tmp_path) as desk:
        await desk.press("е", "к", "о", "й")
        assert desk.typed == "кой"
        await desk.press("escape", "/", "к", "й")
        assert desk.filter_line.text == "кй"


@pytest.mark.parametrize(
    ("sequence", "key", "character", "latin"),
    [
        ("\x1b[1086::106;;1086u", "о", "о", "j"),
        ("\x1b[1092:1060:97;2;1060u", "Ф", "Ф", "A"),
        ("\x1b[1074::100;5u", "ctrl+в", None, "ctrl+d"),
        ("\x1b[1608::44;;1608u", "و", "و", ","),  # Arabic, which is in no table
    ],
)
def test_a_terminal_that_knows_the_place_of_a_key_is_believed(
    sequence: str, key: str, character: str | None, latin: str
) -> None:
    (event,) = parsed(sequence)
    assert isinstance(event, textual_fixes.Key)
    assert (event.key, event.character, event.latin) == (key, character, latin)
    assert isinstance(event.copy(), textual_fixes.Key)


@pytest.mark.parametrize("sequence", ["\x1b[97:65;2;65u", "\x1b[97;;97u", "a"])
def test_a_key_of_a_latin_layout_has_no_other_place(sequence: str) -> None:
    (event,) = parsed(sequence)
    assert not isinstance(event, textual_fixes.Key)


async def test_the_place_that_a_terminal_tells_acts(tmp_path: Path) -> None:
    async with reading(tmp_path, TWELVE) as desk:
        for event in parsed("\x1b[1683::114;;1683u"):
            desk.app.post_message(event)  # r in a layout that is in no table
        await desk.settle()
        assert desk.statuses() == {TITLES[0]: Status.READ}
