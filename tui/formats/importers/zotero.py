"""Items of Zotero as JSON: what Better BibTeX exports, and what Zotero's own API answers.

Where an item has no field for something, users and programs write it into ``extra``, a line of name
and value for each: ``arXiv: 2405.01234``, ``Read_Status: Read``.
"""

import re
from collections.abc import Iterator
from typing import Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.bibliography import Name, entry_type_of
from tui.formats.cleaning import decision, without_markup
from tui.formats.collector import Collector, read_elements
from tui.formats.html import html_to_text
from tui.formats.json_elements import likelihood, member
from tui.model.state import Status

LABEL: Final = "JSON of Zotero (Better BibTeX)"
DETAILS: Final = "as its export and its API give it"
_KEYS: Final = re.compile(r'"itemType"\s*:\s*"')
_EXTRA: Final = re.compile(r"^[^\S\n]*([\w -]{1,40}): *(\S.*)$", re.MULTILINE)
_STATUSES: Final = {"read": Status.READ, "in progress": Status.READING, "reading": Status.READING}
_VENUES: Final = (
    "publicationTitle",
    "proceedingsTitle",
    "bookTitle",
    "university",
    "institution",
    "series",
)
_NO_PAPERS: Final = ("attachment", "note", "annotation")


def sniff(part: str) -> float:
    """By the member that every item has."""
    return likelihood(part, _KEYS)


def read(text: str, context: ImportContext) -> ParsedFile:
    """The items that have a title."""
    return read_elements(text, context, _add, "Zotero", "items")


def _add(collector: Collector, line: int, element: object) -> None:
    item = member(element, "data") or element
    if member(item, "itemType") in _NO_PAPERS:
        return
    extra = member(item, "extra")
    extras = {name.lower(): value for name, value in _EXTRA.findall(str(extra or ""))}
    record = collector.record(
        line,
        without_markup(member(item, "title")),
        abstract=without_markup(member(item, "abstractNote")),
        authors=[*_names(member(item, "creators"))],
        published=member(item, "date"),
        identifiers=[
            member(item, "DOI") or extras.get("doi"),
            f"arXiv:{extras['arxiv'].removeprefix('arXiv:')}" if "arxiv" in extras else None,
            member(item, "archiveID"),
            member(item, "number"),
            member(item, "url"),
        ],
        links=[member(item, "url")],
        address=member(item, "url"),
        venue=next((venue for name in _VENUES if (venue := member(item, name))), None),
        entry_type=entry_type_of("zotero", member(item, "itemType"), member(item, "thesisType")),
        citation_key=member(item, "citationKey") or member(item, "citekey"),
        imprint={
            "volume": member(item, "volume"),
            "number": member(item, "issue") or member(item, "reportNumber"),
            "pages": member(item, "pages"),
            "publisher": member(item, "publisher"),
        },
    )
    state = decision(
        tags=[member(tag, "tag") for tag in _list(member(item, "tags"))],
        notes=[_note(note) for note in _list(member(item, "notes"))],
        status=_STATUSES.get(extras.get("read_status", "").lower()),
    )
    collector.add(line, record, state)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _names(creators: object) -> Iterator[Name]:
    """The authors; editors and others only if there is no author."""
    people = _list(creators)
    authors = [each for each in people if member(each, "creatorType") == "author"]
    for each in authors or people:
        parts = (member(each, part) for part in ("lastName", "firstName", "name"))
        family, given, whole = (part if isinstance(part, str) else "" for part in parts)
        if family or given or whole:
            yield Name(family, given) if family and given else Name(family or given or whole)


def _note(note: object) -> str:
    """A note, which is HTML, as text."""
    text = note if isinstance(note, str) else member(note, "note")
    return html_to_text(text, "").strip() if isinstance(text, str) else ""
