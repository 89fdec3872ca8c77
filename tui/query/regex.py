"""Regular expressions with bounded running time.

Python's ``re`` cannot be interrupted, and some patterns take it years on one abstract. So only a
subset is supported, for which the number of ways to match can be bounded.
"""

import re
from typing import Final

from tui.model.text import fold

REACH: Final = 100
"""The most repeats of ``*`` or ``+``: longer than any word and most sentences."""
MAX_WAYS: Final = 20_000
"""The most ways to match at one position: two repeats and an option; 0.1 s on an abstract."""

_PIECE: Final = re.compile(
    r"""(?P<escape>\\[wWdDsSbB] | \\[^\w\s])
      | (?P<set>\[\^?\]?(?:\\[wWdDsS]|\\[^\w\s]|[^\]\\\[])*\])
      | (?P<open>\((?:\?:)?)
      | (?P<close>\))
      | (?P<repeat>(?:[*+?]|\{(?P<least>\d{1,2})(?P<comma>,(?P<most>\d{1,2})?)?\})\??)
      | (?P<plain>[^\\\[\](){}*+?])""",
    re.X,
)


class RegexError(ValueError):
    """Why a pattern is refused, a sentence without a full stop."""


def bounded(source: str) -> str:
    r"""An equivalent regular expression for ``re`` on folded text, with bounded running time.

    Supported are characters, ``.``, sets, ``\w \d \s \b``, ``^ $``, ``|``, groups, and the
    repeats ``? * + {m,n}`` of anything but a group; a group may have ``?``.

    Raises:
        RegexError: If it is invalid, not supported, or would take too long.
    """
    pieces: list[str] = []
    place = 0
    ways = 1
    before = ""
    while place < len(source):
        match = _PIECE.match(source, place)
        if match is None:
            raise RegexError(
                f"“{source[place : place + 1]}” is not supported in a regular expression"
            )
        place = match.end()
        kind = match.lastgroup if match.lastgroup not in ("least", "most", "comma") else "repeat"
        piece = match.group()
        if kind == "repeat":
            if before in ("", "open", "repeat"):
                raise RegexError(f"Nothing for “{piece}” to repeat")
            if before == "close" and piece[0] != "?":
                raise RegexError("Groups cannot be repeated in a regular expression")
            piece, choices = _repeat(match)
            ways *= choices
        elif piece == "|":
            ways *= 2
        elif kind == "open":
            piece = "(?:"
        elif kind == "plain":
            piece = piece.lower() if piece.isascii() else re.escape(fold(piece))
        elif kind == "set":
            piece = re.sub(r"(?<!\\)[A-Z]", lambda letter: letter.group().lower(), piece)
        pieces.append(piece)
        before = "" if piece == "|" or kind is None else kind
        if ways > MAX_WAYS:
            raise RegexError("A regular expression can have at most two * or +")
    try:
        re.compile("".join(pieces))
    except re.error as error:
        raise RegexError(f"Invalid regular expression: {error.msg}") from error
    return "".join(pieces)


def _repeat(match: re.Match[str]) -> tuple[str, int]:
    """A repeat with explicit bounds, and the number of lengths it can match."""
    lazy = "?" if match.group()[1:].endswith("?") else ""
    least, most = {"*": (0, REACH), "+": (1, REACH), "?": (0, 1)}.get(match.group()[0], (0, 0))
    if match["least"] is not None:
        least = int(match["least"])
        most = least if match["comma"] is None else int(match["most"] or REACH)
    return f"{{{least},{most}}}{lazy}", max(most - least + 1, 1)
