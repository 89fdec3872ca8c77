"""Where a terminal has no Unicode, none is drawn, and everything keeps its place."""

import re
from concurrent.futures import Future
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from tests.view_helpers import frame, reading
from tui.config import Config
from tui.model.text import sanitize
from tui.ui.app import PapersApp
from tui.ui.ascii_filter import AsciiFilter


@given(st.text(max_size=20))
def test_letters_without_unicode_are_as_wide_as_with_it(text: str) -> None:
    line = sanitize(text)
    draw = AsciiFilter(letters=True)
    (segment,) = draw.apply([Segment(line)], Color(0, 0, 0))
    assert segment.text.isascii()
    assert cell_len(segment.text) == cell_len(line)


def test_a_letter_without_unicode_loses_its_accent() -> None:
    draw = AsciiFilter(letters=True)
    (segment,) = draw.apply([Segment("Gödel ★ ﬁ 日本 …")], Color(0, 0, 0))
    assert segment.text == "Godel ? ? ???? ~"


async def test_the_help_names_no_key_by_a_sign_that_is_another_key(folder: Path) -> None:
    async with reading(folder, settings=Config(ascii=True), size=(120, 50)) as desk:
        await desk.press("?")
        assert re.search(r"j Down +next paper", "\n".join(frame(desk.app)))
        await desk.press(*"saved")
        assert re.search(r"g1-g9 +show a saved view", "\n".join(frame(desk.app)))


@pytest.mark.parametrize(
    ("setting", "locale", "is_ascii"),
    [
        (None, "C", True),
        (None, "POSIX", True),
        (None, "de_DE.ISO-8859-1", True),
        (None, "C.UTF-8", False),
        (None, "de_DE.utf8@euro", False),
        (None, "", False),
        (True, "C.UTF-8", True),
        (False, "C", False),
    ],
)
def test_the_configuration_then_the_locale_says_whether_to_draw_ascii(
    setting: bool | None, locale: str, is_ascii: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    app = PapersApp(Config(ascii=setting), Future())
    assert any(isinstance(each, AsciiFilter) for each in app.get_line_filters()) == (is_ascii)
