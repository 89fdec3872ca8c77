"""How Logseq writes a page when one of its blocks was edited: each again, with its own lines."""

import re
from collections.abc import Callable
from typing import Final

ID: Final = "id:: 5f713e91-8a3c-4b04-a33a-c39482428e2d"
AS_LOGSEQ_WRITES: Final[dict[str, Callable[[str], str]]] = {
    "two blanks for a tab": lambda text: re.sub(
        r"(?m)^\t+", lambda match: "  " * len(match[0]), text
    ),
    "ids and what is collapsed": lambda text: re.sub(
        r"(?m)^(\t*)- (?=\d|>|TODO|DOING|DONE)(.*)$",
        rf"\1- \2\n\1  {ID}\n\1  collapsed:: true",
        text,
    ),
    "a logbook and a date": lambda text: re.sub(
        r"(?m)^- ((?:TODO|DOING|DONE|CANCELED) .*)$",
        "- \\1\n  SCHEDULED: <2026-01-01 Thu>\n  :LOGBOOK:\n  CLOCK: [2026-01-01 Thu 12:00:00]\n"
        "  - in it\n  :END:",
        text,
    ),
    "blanks in lines of nothing": lambda text: re.sub(r"(?m)^$(?=\n\t)", "\t  ", text),
    "stars for hyphens, as other editors write them": lambda text: re.sub(
        r"(?m)^(\t*)- ", r"\1* ", text
    ),
    "the line ends of Windows": lambda text: text.replace("\n", "\r\n"),
}
