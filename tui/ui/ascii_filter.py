"""Drawing in ASCII, for terminals and fonts without Unicode lines, arrows and quotes."""

from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_REPLACED: Final = (
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
"""Characters that the app, Textual and papers use, and their ASCII substitutes; one column each."""
_TO_ASCII: Final = str.maketrans({char: plain for chars, plain in _REPLACED for char in chars})


class AsciiFilter(LineFilter):
    """Draws every line in ASCII; letters stay as they are."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, of the same widths."""
        return [
            Segment(text.translate(_TO_ASCII), style, control) for text, style, control in segments
        ]
