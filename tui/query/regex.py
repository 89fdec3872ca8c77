"""Regular expressions that come to an end: what a reader types, made bounded or refused.

Python's ``re`` cannot be interrupted, and some patterns take it years on one abstract. So only a
part of its language is understood, in which the number of ways to match can be counted.
"""

import re
from typing import Final

from tui.model.text import fold

REACH: Final = 100
"""Characters that one ``*`` or ``+`` reaches over; longer than any word, and most sentences."""
MAX_WAYS: Final = 20_000
"""Ways to match from one place: two repeats and an option. A tenth of a second on an abstract."""

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
    """Why a pattern is refused, as a clause."""


def bounded(source: str) -> str:
    r"""A regular expression for ``re`` that finds the same in a folded text, in bounded time.

    Understood are characters, ``.``, sets, ``\w \d \s \b``, ``^ $``, ``|``, groups, and the
    repeats ``? * + {m,n}`` of anything but a group; a group may have ``?``.

    Raises:
        RegexError: If it is none, or has more ways to match than anybody waits for.
    """
    made: list[str] = []
    place = 0
    ways = 1
    before = ""
    while place < len(source):
        match = _PIECE.match(source, place)
        if match is None:
            raise RegexError(f"“{source[place : place + 1]}” is not understood in a pattern")
        place = match.end()
        kind = match.lastgroup if match.lastgroup not in ("least", "most", "comma") else "repeat"
        piece = match.group()
        if kind == "repeat":
            if before in ("", "open", "repeat"):
                raise RegexError(f"there is nothing for “{piece}” to repeat")
            if before == "close" and piece[0] != "?":
                raise RegexError("a group cannot be repeated in a pattern")
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
        made.append(piece)
        before = "" if piece == "|" or kind is None else kind
        if ways > MAX_WAYS:
            raise RegexError("a pattern has at most two * or +")
    try:
        re.compile("".join(made))
    except re.error as error:
        raise RegexError(f"the pattern is not whole: {error.msg}") from error
    return "".join(made)


def _repeat(match: re.Match[str]) -> tuple[str, int]:
    """A repeat with both its ends, and the number of lengths it can have."""
    lazy = "?" if match.group()[1:].endswith("?") else ""
    least, most = {"*": (0, REACH), "+": (1, REACH), "?": (0, 1)}.get(match.group()[0], (0, 0))
    if match["least"] is not None:
        least = int(match["least"])
        most = least if match["comma"] is None else int(match["most"] or REACH)
    return f"{{{least},{most}}}{lazy}", max(most - least + 1, 1)
