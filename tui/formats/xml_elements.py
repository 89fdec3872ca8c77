"""The elements of an XML text one after another, each with its line, as far as they are whole.

A document type declaration could define entities that grow or that name files, and no feed needs
one: a text with any is refused.
"""

import re
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DECLARED: Final = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OPENING: Final = re.compile(r"\s*<\?xml[^>]*>")
_JUNK_AFTER_ROOT: Final = 9
"""The number of the error in expat."""
_USUAL: Final = 64
"""A quarter of the pieces without an element from which they are read several at once."""


class XmlError(Exception):
    """The text cannot be read beyond a line."""

    def __init__(self, line: int, reason: str, *, is_foreign: bool = False) -> None:
        super().__init__(reason)
        self.line = line
        """From 1."""
        self.reason = reason
        """A sentence without a full stop."""
        self.is_foreign = is_foreign
        """Whether nothing of the text is to be read."""


def xml_elements(text: str, tags: Set[str]) -> "Iterator[tuple[int, Element]]":
    """The elements of some tags, each with the line on which it begins.

    An element is empty again once the next one is asked for, so that a text of thousands is not
    kept.

    Args:
        tags: Names in the notation of ``ElementTree``: ``{namespace}name``.

    Raises:
        XmlError: Where it is no XML, or declares something.
    """
    from xml.etree.ElementTree import ParseError, XMLPullParser  # here, as pages need no XML

    if match := _DECLARED.search(text):
        line = text.count("\n", 0, match.start()) + 1
        raise XmlError(line, "XML with a DOCTYPE or ENTITY is not read", is_foreign=True)
    names = "|".join({re.escape(tag.rpartition("}")[2]) for tag in tags})
    begins = re.compile(rf"<(?:[\w-]+:)?(?:{names})[\s>/]")
    ends = re.compile(rf"</(?:[\w-]+:)?(?:{names})\s*>")
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0  # it names an encoding, which the text no longer has
    number = above = text.count("\n", 0, start)
    places = [start, *(match.end() for match in ends.finditer(text, start)), len(text)]
    parser: XMLPullParser[Any] = XMLPullParser(("end",))
    place = silent = 0
    is_begun = False
    try:
        while place < len(places) - 1:
            # What is in no element yet is scanned again with each piece, so pieces grow.
            upto = min(place + max(1, silent // 4 - _USUAL), len(places) - 1)
            chunk = text[places[place] : places[upto]]
            place, silent = upto, silent + 1
            first = begins.search(chunk)
            line = number + 1 + chunk.count("\n", 0, first.start() if first else 0)
            number += chunk.count("\n")
            parser.feed(chunk)
            for _, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
                silent, is_begun = 0, True
                if element.tag in tags:
                    yield line, element
                    element.clear()
        parser.close()
    except (ParseError, ValueError) as error:
        line, code = number, 0
        if isinstance(error, ParseError):
            line, code = above + error.position[0], error.code
        if not is_begun or code == _JUNK_AFTER_ROOT:
            reason = "this is not XML"
            raise XmlError(line, reason, is_foreign=True) from error
        raise XmlError(line, "the XML is damaged or cut off here") from error
