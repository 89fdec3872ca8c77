"""OpenAlex: a work, or an answer with several.

An abstract comes as its words, each with the places at which it stands.
"""

import re
from collections.abc import Iterator
from typing import Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.cleaning import without_markup
from tui.formats.collector import Collector, read_elements
from tui.formats.json_elements import likelihood, member

LABEL: Final = "a work of OpenAlex (JSON)"
DETAILS: Final = "or an answer with several"
_ID: Final = re.compile(r'"id"\s*:\s*"https://openalex\.org/W\d')
_HEADING: Final = re.compile(r"^(?i:abstract)[:.]? (?=[A-Z])")
"""The word that stands above an abstract, which is not of its first sentence."""
_VENUES: Final = ("journal", "conference", "book series")
"""Kinds of places that are none of preprints."""
_MAX_WORDS: Final = 20_000
"""Words of an abstract that are read."""


def sniff(part: str) -> float:
    """By the identifier of a work."""
    return likelihood(part, _ID)


def read(text: str, context: ImportContext) -> ParsedFile:
    """The works that have a title."""
    return read_elements(text, context, _add, "OpenAlex", "results")


def _add(collector: Collector, line: int, work: object) -> None:
    authorships = member(work, "authorships")
    if isinstance(authorships, list):
        authorships = [
            member(each, "author", "display_name") or member(each, "raw_author_name")
            for each in authorships
        ]
    locations = member(work, "locations")
    primary = member(work, "primary_location")
    pages = [primary, *(locations if isinstance(locations, list) else ())]
    source = member(primary, "source")
    ends = [member(work, "biblio", name) for name in ("first_page", "last_page")]
    record = collector.record(
        line,
        without_markup(member(work, "title") or member(work, "display_name")),
        abstract=_HEADING.sub("", " ".join(_words(member(work, "abstract_inverted_index"))))
        or None,
        authors=authorships,
        authors_incomplete=member(work, "is_authors_truncated"),
        published=member(work, "publication_date"),
        identifiers=[
            member(work, "doi"),
            member(work, "ids", "doi"),
            *(member(page, "landing_page_url") for page in pages),
        ],
        links=[member(primary, "pdf_url")],
        venue=member(source, "display_name") if member(source, "type") in _VENUES else None,
        imprint={
            "volume": member(work, "biblio", "volume"),
            "number": member(work, "biblio", "issue"),
            "pages": "--".join(dict.fromkeys(page for page in ends if isinstance(page, str))),
        },
    )
    collector.add(line, record)


def _words(index: object) -> Iterator[str]:
    """The words of an abstract in their order."""
    placed = (
        (place, word)
        for word, places in (index.items() if isinstance(index, dict) else ())
        for place in (places if isinstance(places, list) else ())
        if isinstance(place, int)
    )
    yield from (word for _, word in sorted(placed)[:_MAX_WORDS])
