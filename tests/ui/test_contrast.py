"""What is drawn is legible in each theme, with all colours, 256, 16 and none (WCAG 2.2)."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from rich._palettes import EIGHT_BIT_PALETTE, STANDARD_PALETTE
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.color_triplet import ColorTriplet
from rich.palette import Palette
from rich.segment import Segment
from textual.color import Color
from textual.theme import Theme

from tests.ui.test_frames import SESSION
from tests.view_helpers import Desk, Size, reading, strips, undrawn
from tui.config import Config
from tui.model.paper import Paper
from tui.ui.themes import CONTRAST, DARK, LIGHT, themes

TEXT, MARK = 4.5, 3.0
"""The least contrast of text, and of marks and lines."""
MORE: Final = {CONTRAST.name: (7.0, 4.5)}
"""The same of themes that have more than they must (WCAG 2.2, level AAA)."""
TERMS: Final = {"xterm-256color": "256", "xterm": "standard"}
"""Terminals, and the depth of colour that each is taken to have."""
XTERM: Final = Palette(
    [
        *((0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0)),
        *((0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229)),
        *((127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0)),
        *((92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255)),
    ]
)
"""The sixteen colours of xterm; those of Rich are of the Linux console."""
Depth = tuple[ColorSystem, Palette]
"""How many colours a terminal has, and which ones."""
DEPTHS: Final[Mapping[str, Sequence[Depth]]] = {
    "256": (  # the app draws the same in both
        (ColorSystem.EIGHT_BIT, EIGHT_BIT_PALETTE),
        (ColorSystem.TRUECOLOR, EIGHT_BIT_PALETTE),
    ),
    "standard": (
        (ColorSystem.STANDARD, STANDARD_PALETTE),
        (ColorSystem.STANDARD, XTERM),
    ),
}
SCREENS: Final[Sequence[tuple[Size, Sequence[str]]]] = (
    ((80, 24), ("/", *"lora", "enter")),
    ((120, 35), ("w",)),
    ((160, 30), (":", *"nonsense", "enter")),
    ((80, 24), ("g", "l")),
    ((80, 24), ("g", "i")),
    ((80, 24), ("g", "h")),
    ((80, 24), ("?",)),
    ((80, 24), ("tab",)),
)
"""What a user looks at after a session."""


def rgb(color: RichColor | None, depth: Depth) -> ColorTriplet:
    """The colour that a terminal draws."""
    assert color is not None
    system, palette = depth
    shown = color.downgrade(system)
    if system is ColorSystem.TRUECOLOR:
        assert shown.triplet is not None
        return shown.triplet
    assert shown.number is not None
    return palette[shown.number]


def luminance(color: ColorTriplet) -> float:
    """The relative luminance, from 0 to 1."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in color.normalized
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    """The contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def is_mark(char: str) -> bool:
    """Whether a character is a sign or a line, not a letter, digit or punctuation."""
    return unicodedata.category(char) in ("So", "Sm") or char in "›×·"


def illegible(
    segments: Iterable[Segment], depth: Depth, least: tuple[float, float]
) -> Iterator[tuple[str, float, str, str]]:
    """The texts among those on screen that are below the line, with their contrast and colours."""
    for text, style, _ in segments:
        if style is not None and text.strip():
            assert not style.dim
            front, back = rgb(style.color, depth), rgb(style.bgcolor, depth)
            ratio = contrast(front, back) if not style.reverse else contrast(back, front)
            signs = set(text) - {" "}
            is_line = signs == {"_"} or (len(text) > 2 and signs <= set("-|"))  # in ASCII
            if ratio < least[is_line or all(map(is_mark, signs))]:
                yield text, ratio, front.hex, back.hex


@pytest.mark.parametrize(
    ("term", "without"),
    [*product(TERMS, ("", "NO_COLOR")), ("xterm", "Unicode")],  # one depth shows each glyph
)
async def test_every_cell_is_legible(
    term: str,
    without: str,
    tmp_path: Path,
    corpus: tuple[Paper, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("COLORTERM", raising=False)
    if without == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    settings = Config(ascii=without == "Unicode")
    below: set[tuple[str, str, bool, str, float, str, str]] = set()
    themes = [DARK.name, LIGHT.name]
    if TERMS[term] == "256" and not without:  # elsewhere it is the dark one
        themes.append(CONTRAST.name)

    async def look(desk: Desk, screen: str) -> None:
        for theme in themes:
            with undrawn():
                desk.app.theme = theme
                await desk.settle()
            segments = {segment for row in strips(desk.app) for strip in row for segment in strip}
            for depth in DEPTHS[TERMS[term]]:
                found = illegible(segments, depth, MORE.get(theme, (TEXT, MARK)))
                below.update((screen, theme, depth[1] is XTERM, *each) for each in found)
        themes.reverse()  # a theme takes longer to set than to look at

    async with reading(tmp_path, corpus[:40], size=(120, 35), settings=settings) as desk:
        assert desk.app.console.color_system == TERMS[term]
        with undrawn():
            await desk.press(*SESSION)
        await look(desk, "session")
        for size, keys in SCREENS:
            with undrawn():
                await desk.resize(*size)
                await desk.press(*keys)
            await look(desk, " ".join(keys))
            with undrawn():
                await desk.press("escape")
    assert below == set()


@pytest.mark.parametrize("term", TERMS)
async def test_lists_are_green_unless_no_green_is_legible(
    term: str, tmp_path: Path, corpus: tuple[Paper, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("COLORTERM", raising=False)
    async with reading(tmp_path, corpus[:10], size=(120, 35), settings=Config()) as desk:
        await desk.press("L", *"thesis", "enter", "k")
        for theme in (DARK.name, LIGHT.name):
            desk.app.theme = theme
            await desk.settle()
            segments = {segment for row in strips(desk.app) for strip in row for segment in strip}
            for text in ("›", "a → thesis", "in thesis (1 of 1)"):
                (style,) = {each.style for each in segments if each.text == text}
                assert style is not None
                if (term, theme) == ("xterm", LIGHT.name):
                    assert rgb(style.color, DEPTHS["standard"][0]).hex == "#0000aa"
                    continue
                for depth in DEPTHS[TERMS[term]]:
                    colors = (rgb(style.color, depth), rgb(style.bgcolor, depth))
                    assert any(green > max(red, blue) for red, green, blue in colors), text


async def test_in_light_sixteen_colours_weight_tells_unread_papers_from_read_ones(
    tmp_path: Path, corpus: tuple[Paper, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("COLORTERM", raising=False)
    for theme in (DARK.name, LIGHT.name):
        settings = Config(theme=theme)
        async with reading(tmp_path / theme, corpus[:4], settings=settings) as desk:
            await desk.press("r", "r", "j")
            segments = {segment for row in strips(desk.app) for strip in row for segment in strip}
            is_bold = [
                bool(each.style and each.style.bold)
                for title in desk.titles[:3]
                for each in segments
                if each.text[:20] == title[:20]
            ]
            assert is_bold == [False, False, theme == LIGHT.name]


@pytest.mark.parametrize("depth", ["256", "standard"])
def test_no_star_has_the_colour_of_errors(depth: str) -> None:
    for theme in themes(depth, has_colors=True):
        assert theme.variables["star"] != theme.error, theme.name


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST], ids=lambda theme: theme.name)
def test_colours_are_in_the_palette_of_256(theme: Theme) -> None:
    colours = [theme.primary, theme.accent, theme.foreground, theme.background, theme.surface]
    colours += [theme.panel, theme.warning, theme.error, theme.success, *theme.variables.values()]
    for name in colours:
        assert name is not None
        red, green, blue = Color.parse(name).rgb
        of_256 = rgb(RichColor.from_rgb(red, green, blue), DEPTHS["256"][0])
        difference = [abs(a - b) for a, b in zip((red, green, blue), of_256, strict=True)]
        assert max(difference) <= 2, name
