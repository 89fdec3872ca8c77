"""Classification of the lines of a Daily Papers page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from tui.model.text import normalize

MONTHS: Final = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
_INVITATION: Final = "Get trending papers in your email inbox"
_INVITATION_AT_END = re.compile(rf"{_INVITATION}( once a day)?!?$")
DATE = re.compile(
    rf"({'|'.join(MONTHS)}) ([0-9]{{1,2}})(?:, ([0-9]{{4}}))?"
    r"(?: ([0-9][0-9,]{0,11}|[0-9]{1,6}(?:\.[0-9])?k))?",
    re.I,
)
_DATE_BROKEN = re.compile(rf"({'|'.join(MONTHS)}) ?(\d{{1,2}},?)?( ?\d{{1,3}})?")
AUTHORS = re.compile(r"[•·*] ?([0-9][0-9,]{0,8}) authors?", re.I)


class LineKind(Enum):
    """What a line is."""

    BLANK = auto()
    HEADER = auto()
    """Text of the site itself; the first after papers begins a new page."""
    AUTHORS = auto()
    DATE = auto()
    REST = auto()
    """The dot between authors and date, or a truncated line of facts."""
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A classified line."""

    number: int
    kind: LineKind
    text: str
    after_blank: bool = False
    """Whether a blank line stands before it."""


def classify(text: str) -> Iterator[Line]:
    """Each line with its kind; joined lines are split, with the same number."""
    pieces = list(_unglue(text))
    in_header = True
    blank_before = False
    for place, (number, piece) in enumerate(pieces):
        kind = _kind(piece, in_header, pieces, place)
        if kind is LineKind.HEADER:
            in_header = True
        elif kind is not LineKind.BLANK:
            in_header = False
        yield Line(number, kind, piece, blank_before)
        blank_before = kind is LineKind.BLANK


def _unglue(text: str) -> Iterator[tuple[int, str]]:
    """The normalized lines with their numbers, split from a header that is joined to them.

    ``Subscribe`` is joined to the first title on some pages; and if a page without a last line end
    is followed by another, the header is joined to the last abstract.
    """
    after_invitation = False
    lines = text.split("\n")
    for number, raw in enumerate(lines, start=1):
        line = normalize(raw)
        invitation = _INVITATION_AT_END.search(line)
        if invitation and invitation.start() > 0:
            yield number, line[: invitation.start()].rstrip()
            line = line[invitation.start() :]
        elif line.endswith("new") and line != "new" and _announces_page(lines, number):
            yield number, line[:-3].rstrip()
            line = "new"
        elif after_invitation and re.match(r"Subscribe(?!(rs?|d|s)?\b)", line):
            yield number, "Subscribe"
            line = line[len("Subscribe") :].lstrip()
        yield number, line
        if line:
            after_invitation = line.startswith(_INVITATION)


def _announces_page(lines: Sequence[str], number: int) -> bool:
    """Whether the next non-blank line is the header that follows ``new``."""
    following = (line.strip() for line in lines[number : number + 4])
    return next((line for line in following if line), "") == f"{_INVITATION}!"


def _kind(line: str, in_header: bool, pieces: Sequence[tuple[int, str]], place: int) -> LineKind:
    if not line:
        return LineKind.BLANK
    if _INVITATION_AT_END.fullmatch(line) or (in_header and _is_furniture(line)):
        return LineKind.HEADER
    if line == "new" and _announces_page([piece for _, piece in pieces[place : place + 5]], 1):
        return LineKind.HEADER
    if AUTHORS.fullmatch(line):
        return LineKind.AUTHORS
    if DATE.fullmatch(line):
        return LineKind.HEADER if in_header else LineKind.DATE
    if line[0] in "•·" or (_DATE_BROKEN.fullmatch(line) and _follows_dot(pieces, place)):
        return LineKind.REST
    return LineKind.TEXT


def _is_furniture(line: str) -> bool:
    return line in ("new", "Subscribe", "Daily Papers") or (
        line.startswith("by") and line.endswith("and the research community")
    )


def _follows_dot(pieces: Sequence[tuple[int, str]], place: int) -> bool:
    return place > 0 and pieces[place - 1][1] == "·"
