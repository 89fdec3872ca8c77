"""CSL-JSON, as Zotero, pandoc and other programs of citations write it: an array of items."""

import re
from typing import Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.bibliography import Name, entry_type_of, venue_and_publisher
from tui.formats.cleaning import decision, without_markup
from tui.formats.collector import Collector, read_elements
from tui.formats.json_elements import looks_like_json, member

LABEL: Final = "CSL-JSON"
DETAILS: Final = "as Zotero and pandoc write it"
_KEYS: Final = re.compile(
    r'"(?:issued"\s*:|(?:container|collection)-title"|author"\s*:\s*\[|(?:DOI|URL)"|citation-(?:key|label)"'
    r'|type"\s*:\s*"(?:article-journal|paper-conference|thesis|report)")'
)
_OTHERS: Final = re.compile(r'"(?:itemType|paperId|externalIds|authorships)"\s*:')
"""Members of Zotero, Semantic Scholar and OpenAlex."""
_PREPRINT: Final = re.compile(r"arXiv preprint\s+", re.IGNORECASE)


def sniff(part: str) -> float:
    """By members that other formats do not have."""
    is_other = _OTHERS.search(part) is not None
    return 0.85 if looks_like_json(part) and _KEYS.search(part) and not is_other else 0.0


def read(text: str, context: ImportContext) -> ParsedFile:
    """The items that have a title."""
    return read_elements(text, context, _add, "CSL-JSON")


def _add(collector: Collector, line: int, item: object) -> None:
    authors = member(item, "author")
    journal = member(item, "container-title") or member(item, "collection-title")
    kind = entry_type_of("csl", member(item, "type"), member(item, "genre"))
    venue, publisher = venue_and_publisher(kind, journal, member(item, "publisher"))
    record = collector.record(
        line,
        without_markup(member(item, "title")),
        abstract=without_markup(member(item, "abstract")),
        authors=[_name(author) for author in authors] if isinstance(authors, list) else authors,
        published=_day(member(item, "issued")),
        identifiers=[
            member(item, "DOI"),
            member(item, "number"),
            member(item, "URL"),
            _PREPRINT.sub("", journal) if isinstance(journal, str) else None,
        ],
        links=[member(item, "URL")],
        address=member(item, "URL"),
        venue=venue,
        entry_type=kind,
        citation_key=member(item, "citation-key") or member(item, "id"),
        imprint={
            "volume": member(item, "volume"),
            "number": member(item, "issue") or member(item, "number"),
            "pages": member(item, "page"),
            "publisher": publisher,
        },
    )
    keywords = member(item, "keyword")
    tags = _SEPARATOR.split(keywords) if isinstance(keywords, str) else ()
    collector.add(line, record, decision(tags=tags, notes=[member(item, "note")]))


_SEPARATOR: Final = re.compile("[,;]")
_FAMILY: Final = ("dropping-particle", "non-dropping-particle", "family")


_ELIDED: Final = re.compile(r"(\b\w{1,3}['’-]) ")
"""A particle that is written together with what follows: ``d' Alembert``, ``al- Sadat``."""


def _name(author: object) -> Name | None:
    """The name of an author; ``None`` if there is none."""

    def text(*names: str) -> str:
        parts = (member(author, name) for name in names)
        joined = " ".join(part for part in parts if isinstance(part, str) and part)
        return _ELIDED.sub(r"\1", joined)

    family, given = text(*_FAMILY), text("given")
    if family:
        return Name(family, given, text("suffix"))
    whole = text("literal") or given
    return Name(whole) if whole else None


def _day(issued: object) -> object:
    """The text of a date; a range begins with its first day."""
    parts = member(issued, "date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return "-".join(str(part).zfill(2) for part in parts[0] if isinstance(part, (int, str)))
    return issued if isinstance(issued, str) else member(issued, "raw") or member(issued, "literal")
