"""Two themes, each for many colours and for sixteen, and additional colours for every theme.

Colours mean the same everywhere: ``star``, ``reading``, ``list``, ``new``; ``error`` alone is red.
Those for many colours are in the palette of 256 (a cube of six levels, and greys), so that a
terminal with 256 draws what one with all colours does. Sixteen are those of VGA, as Rich maps them.
Contrast is at least 4.5 for text and 3 for marks on each background (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from textual.color import Color
from textual.theme import Theme

PAGES: Final = Path(__file__).with_name("pages.tcss")
"""The styles of what opens over the main screen."""
OURS: Final = "papers-"
"""The prefix of the names of our themes."""
DARK: Final = Theme(
    name="papers-dark",
    primary="#87afff",
    accent="#87d7d7",
    foreground="#d2d2d2",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    warning="#d7af5f",
    error="#ff8787",
    success="#87af5f",
    dark=True,
    variables={
        "muted": "#a0a0a0",
        "line": "#626262",
        "cursor": "#303030",
        "cursor-away": "#262626",
        "star": "#d7af5f",
        "reading": "#87afff",
        "list": "#87af5f",
        "new": "#ffffff",
    },
)
LIGHT: Final = Theme(
    name="papers-light",
    primary="#005faf",
    accent="#005f5f",
    foreground="#262626",
    background="#ffffff",
    surface="#f0f0f0",
    panel="#e6e6e6",
    warning="#875f00",
    error="#af0000",
    success="#005f00",
    dark=False,
    variables={
        "muted": "#585858",
        "line": "#8a8a8a",
        "cursor": "#d2d2d2",
        "cursor-away": "#e6e6e6",
        "star": "#875f00",
        "reading": "#005faf",
        "list": "#005f00",
        "new": "#000000",
    },
)
CONTRAST: Final = replace(
    DARK,
    name="papers-contrast",
    primary="#87d7ff",
    accent="#ffff5f",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    warning="#ffd75f",
    error="#ffafaf",
    success="#afff87",
    variables={
        "muted": "#c7c7c7",
        "line": "#b3b3b3",
        "cursor": "#00005f",
        "cursor-away": "#262626",
        "star": "#ffd75f",
        "reading": "#87d7ff",
        "list": "#afff87",
        "new": "#ffffff",
    },
)
_DARK_16: Final = replace(
    DARK,
    primary="#55ffff",
    accent="#00aaaa",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    warning="#ffff55",
    error="#ff5555",
    success="#55ff55",
    variables={
        "muted": "#aaaaaa",
        "line": "#aaaaaa",
        "cursor": "#0000aa",
        "cursor-away": "#000000",
        "hover-style": "underline",
        "star": "#ffff55",
        "reading": "#55ffff",
        "list": "#55ff55",
        "new": "#ffffff",
    },
)
_LIGHT_16: Final = replace(
    LIGHT,
    primary="#0000aa",
    accent="#0000aa",
    foreground="#000000",
    surface="#ffffff",
    panel="#ffffff",
    warning="#aa0000",
    error="#aa0000",
    success="#000000",
    variables={
        "muted": "#000000",  # no grey of the sixteen is legible on white in each palette
        "line": "#555555",
        "cursor": "#aaaaaa",
        "cursor-away": "#ffffff",
        "hover-style": "underline",
        "star": "#aa00aa",
        "reading": "#0000aa",
        "list": "#0000aa",  # nor is a green, or a yellow
        "open-style": "bold",
        "new": "#0000aa",
    },
)


def themes(color_system: str | None, *, has_colors: bool) -> tuple[Theme, ...]:
    """The dark theme, the light one, and one of high contrast, for colours as Rich names them."""
    if color_system not in ("standard", "windows"):
        return DARK, LIGHT, CONTRAST
    ours = (_DARK_16, _LIGHT_16, replace(_DARK_16, name=CONTRAST.name))
    return ours if has_colors else tuple(map(_without_colors, ours))


def _without_colors(theme: Theme) -> Theme:
    """A theme for greys, of which sixteen colours have four."""
    return replace(theme, error=theme.foreground)


def with_blends(variables: dict[str, str]) -> dict[str, str]:
    """A theme's variables, and for those that are not ours, blends of its own colours.

    ``muted`` for secondary text, and for read and dismissed papers; ``line`` between the panes;
    ``cursor`` for the row of the cursor, ``cursor-away`` for it without the focus, and for the row
    under the mouse, with ``hover-style``, as sixteen colours have no second background;
    ``open-style`` for the titles of papers to be read, where ``muted`` is no other colour.
    """
    background = Color.parse(variables["background"])
    foreground = Color.parse(variables["foreground"])
    accent = Color.parse(variables["accent"])
    shades = {
        "muted": background.blend(foreground, 0.62).hex,
        "line": background.blend(foreground, 0.35).hex,
        "cursor": background.blend(accent, 0.2).hex,
        "cursor-away": background.blend(foreground, 0.09).hex,
        "star": variables["warning"],
        "reading": variables["primary"],
        "list": variables["success"],
        "new": foreground.hex,
        "open-style": "none",
        "hover-style": "none",
        **variables,
    }
    return {
        **shades,
        "scrollbar": shades["line"],
        "scrollbar-hover": shades["muted"],
        "scrollbar-active": shades["accent"],
        "scrollbar-background": shades["background"],
        "scrollbar-background-hover": shades["background"],
        "scrollbar-background-active": shades["background"],
    }
