"""Two themes, and additional colours for every theme."""

from textual.color import Color
from textual.theme import Theme

DARK = Theme(
    name="papers-dark",
    primary="#7aa2c8",
    accent="#7fb4ca",
    foreground="#d5d8dc",
    background="#16181c",
    surface="#1b1e23",
    panel="#20242a",
    warning="#d8a657",
    error="#e67e80",
    success="#a7c080",
    dark=True,
)
LIGHT = Theme(
    name="papers-light",
    primary="#2f5d86",
    accent="#2a6f97",
    foreground="#23262b",
    background="#fbfaf7",
    surface="#f4f2ed",
    panel="#eceae4",
    warning="#8f5902",
    error="#a4262c",
    success="#3c6e3c",
    dark=False,
)


def with_blends(variables: dict[str, str]) -> dict[str, str]:
    """A theme's variables, and blends of its own colours.

    ``muted`` for secondary text, ``faint`` for read and dismissed papers, ``line`` between the
    panes, ``cursor`` for the row of the cursor, ``cursor-away`` for it without the focus.
    """
    background = Color.parse(variables["background"])
    foreground = Color.parse(variables["foreground"])
    accent = Color.parse(variables["accent"])
    return {
        **variables,
        "muted": background.blend(foreground, 0.62).hex,
        "faint": background.blend(foreground, 0.48).hex,
        "line": background.blend(foreground, 0.22).hex,
        "cursor": background.blend(accent, 0.2).hex,
        "cursor-away": background.blend(foreground, 0.09).hex,
    }
