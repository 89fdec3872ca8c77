"""Screens without Unicode: for terminals and fonts that lack its lines, arrows and quotes."""

from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SAME: Final = (
    ("…‥", "~"),
    ("│┃┆┊╎▌▐▎▏▕", "|"),
    ("─━╌┄┈–—−‐‑·•", "-"),
    ("“”„", '"'),
    ("‘’‚", "'"),
    ("←‹↵", "<"),
    ("→›", ">"),
    ("↑▲", "^"),
    ("↓▼", "v"),
    ("×", "x"),
    ("▁▂▃▄▅▆▇▔", "_"),
)
"""Characters that we, the toolkit and papers draw, and one of ASCII for them; all one column."""
_PLAINLY: Final = str.maketrans({char: plain for chars, plain in _SAME for char in chars})


class AsciiFilter(LineFilter):
    """Draws every line with what any terminal has; letters stay as they are."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, each as wide as it was."""
        return [
            Segment(text.translate(_PLAINLY), style, control) for text, style, control in segments
        ]
