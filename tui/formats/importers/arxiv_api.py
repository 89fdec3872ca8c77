"""An answer of the arXiv API: an Atom feed with an entry for each paper.

arXiv's own elements are in a namespace of theirs. An error is a feed, too, of one entry called
"Error" (arXiv API User's Manual, 3.4). A document type declaration could define entities that grow
or that name files, and no feed needs one: a text with any is refused.
"""

import re
from typing import TYPE_CHECKING, Any, Final, cast

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.collector import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

LABEL: Final = "an answer of the arXiv API (Atom)"
_FEED: Final = re.compile(r"<(?:\w+:)?feed\b[^>]*\"http://www\.w3\.org/2005/Atom\"")
_DECLARED: Final = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OPENING: Final = re.compile(r"\s*<\?xml[^>]*>")
_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_ARXIV: Final = "{http://arxiv.org/schemas/atom}"
_ERRORS: Final = "arxiv.org/api/errors"
_MAX_DEPTH: Final = 20
"""Levels of elements; a feed has four."""
_PIECE: Final = re.compile(r"[^\n]{1,65536}\n?|\n")
"""A line, or a part of a long one."""
_USUAL: Final = 64
"""A quarter of the lines without a tag from which they are read several at once."""


class _DamagedError(Exception):
    """The feed cannot be read beyond a line."""

    def __init__(self, line: int, reason: str, *, is_foreign: bool = False) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.is_foreign = is_foreign
        """Whether the line is outside the feed."""


def sniff(part: str) -> float:
    """By the namespace of Atom, and arXiv's name."""
    return 0.9 if _FEED.search(part) and "arxiv.org" in part else 0.0


def read(text: str, context: ImportContext) -> ParsedFile:
    """The papers of all entries that are whole."""
    collector = Collector(context, text.count("\n") + 1)
    if match := _DECLARED.search(text):
        line = text.count("\n", 0, match.start()) + 1
        return collector.refused(line, "a feed with a DOCTYPE or ENTITY is not read")
    page_day = ""
    try:
        for line, element in _elements(text):
            if element.tag == f"{_ATOM}updated":
                page_day = element.text or ""
            elif _ERRORS in element.findtext(f"{_ATOM}id", ""):
                reason = element.findtext(f"{_ATOM}summary", "")
                return collector.refused(line, f"arXiv answered with an error: {reason}")
            else:
                _add(collector, line, element, page_day)
    except _DamagedError as error:
        if error.is_foreign:
            return collector.refused(error.line, error.reason)
        collector.warn(error.line, error.reason)
    return collector.parsed("arXiv API")


def _elements(text: str) -> "Iterator[tuple[int, Element]]":
    """The entries and the date of a feed, each with the line on which it begins.

    Raises:
        _DamagedError: Where it is no XML, or nested too deeply.
    """
    from xml.etree.ElementTree import ParseError, XMLPullParser  # here, as pages need no XML

    opening = _OPENING.match(text)
    start = opening.end() if opening else 0  # it names an encoding, which the text no longer has
    pieces = _PIECE.findall(text, start)
    number = 1 + text.count("\n", 0, start)
    parser: XMLPullParser[Any] = XMLPullParser(("start", "end"))
    path: list[Element] = []
    first = number
    place = silent = 0
    try:
        while place < len(pieces):
            # What is in no element yet is scanned again with each piece, so pieces grow.
            chunk = pieces[place : place + max(1, silent // 4 - _USUAL)]
            parser.feed("".join(chunk))
            place, silent = place + len(chunk), silent + len(chunk)
            for event, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
                silent = 0
                if event == "start":
                    path.append(element)
                    first = number if len(path) == 2 else first
                    if len(path) > _MAX_DEPTH:
                        raise _DamagedError(number, "this is nested too deeply")
                    continue
                path.pop()
                if len(path) == 1:
                    if element.tag in (f"{_ATOM}entry", f"{_ATOM}updated"):
                        yield first, element
                    path[0].remove(element)  # a feed of thousands is not kept
            number += sum(piece.endswith("\n") for piece in chunk)
        parser.close()
    except (ParseError, ValueError) as error:
        if not path:
            reason = "something other than the feed stands here"
            raise _DamagedError(number, reason, is_foreign=True) from error
        raise _DamagedError(number, "the XML is damaged or cut off here") from error


def _add(collector: Collector, line: int, entry: "Element", page_day: str) -> None:
    links = entry.findall(f"{_ATOM}link")
    names = [author.findtext(f"{_ATOM}name", "") for author in entry.findall(f"{_ATOM}author")]
    record = collector.record(
        line,
        entry.findtext(f"{_ATOM}title"),
        abstract=entry.findtext(f"{_ATOM}summary"),
        authors=names,
        published=entry.findtext(f"{_ATOM}published"),
        page_day=page_day,
        identifiers=[
            entry.findtext(f"{_ATOM}id", ""),
            entry.findtext(f"{_ARXIV}doi", ""),
            *(link.get("href", "") for link in links if link.get("title") == "doi"),
        ],
        links=[link.get("href", "") for link in links],
    )
    collector.add(line, record)
