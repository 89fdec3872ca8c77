"""Drawing in ASCII, for terminals and fonts without Unicode lines, arrows and quotes."""

from typing import Final
from unicodedata import normalize

from rich.cells import cell_len
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
    """Draws every line in ASCII."""

    def __init__(self, *, letters: bool = False) -> None:
        """Leaves letters as they are, or not.

        Args:
            letters: Whether letters, too, are drawn in ASCII, for a terminal without Unicode: as
                the letter without its accent, or as ``?``.
        """
        super().__init__()
        self._letters = letters

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, of the same widths."""
        draw = _without_letters if self._letters else _with_letters
        return [Segment(draw(text), style, control) for text, style, control in segments]


def _with_letters(text: str) -> str:
    return text.translate(_TO_ASCII)


def _without_letters(text: str) -> str:
    """A text of the same width in ASCII alone."""
    text = text.translate(_TO_ASCII)
    if text.isascii():
        return text
    plain = "".join(map(_plain, text))
    width = cell_len(text)  # of a cluster less than of its characters
    return plain[:width].ljust(width)


def _plain(char: str) -> str:
    """A character as it is, without its accent, or as ``?`` in each of its columns."""
    if char.isascii():
        return char
    width = cell_len(char)
    base = normalize("NFKD", char).encode("ascii", "ignore").decode()
    return base if len(base) == width else "?" * width
