"""RIS, as reference managers and publishers export it: two characters, and a value, on each line.

Publishers differ in the tags for one fact: ``TI`` or ``T1``, ``AU`` or ``A1``, ``AB`` or ``N2``,
``DA``, ``Y1`` or ``PY``. A record may lack its end, and a value may go over several lines.
"""

import re
from typing import Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.bibliography import Name, entry_type_of, parse_name, venue_and_publisher
from tui.formats.cleaning import decision, without_markup
from tui.formats.collector import Collector, read_entries
from tui.formats.tagged import Entry, Grammar

LABEL: Final = "a RIS file"
DETAILS: Final = "as reference managers and publishers export it"
_GRAMMAR: Final = Grammar(
    re.compile(r"([A-Z][A-Z0-9])  -(?: (.*))?$", re.IGNORECASE), first="TY", last="ER"
)
_START: Final = re.compile(r"^TY  - ", re.MULTILINE | re.IGNORECASE)
_TYPES: Final = {"CONF": "CPAPER", "JFULL": "JOUR", "MGZN": "JOUR"}
_PREPRINT: Final = re.compile(r"arXiv preprint\s+", re.IGNORECASE)


def sniff(part: str) -> float:
    """By the line with which every record begins."""
    return 0.95 if _START.search(part) else 0.0


def read(text: str, context: ImportContext) -> ParsedFile:
    """The records that have a title."""
    return read_entries(text, context, _GRAMMAR, _add, "RIS")


def _add(collector: Collector, entry: Entry) -> None:
    links = entry.all("UR", "L1", "L2", "LK")
    journals = entry.all("T2", "JO", "JF", "JA")
    kind = entry_type_of("ris", _TYPES.get(name := entry.first("TY"), name), entry.first("M3"))
    venue, publisher = venue_and_publisher(kind, next(iter(journals), None), entry.first("PB"))
    record = collector.record(
        entry.line,
        without_markup(entry.first("TI", "T1", "CT", "BT")),
        abstract=without_markup(entry.first("AB", "N2")),
        authors=[_author(name) for name in entry.all("AU", "A1")],
        published=entry.first("DA", "Y1", "PY"),
        identifiers=[
            *entry.all("DO", "AN", "M1"),
            *links,
            *(_PREPRINT.sub("", name) for name in journals),
        ],
        links=links,
        address=entry.first("UR"),
        venue=venue,
        entry_type=kind,
        imprint={
            "volume": entry.first("VL"),
            "number": entry.first("IS"),
            "pages": "--".join(dict.fromkeys(entry.all("SP", "EP"))),
            "publisher": publisher,
        },
    )
    collector.add(entry.line, record, decision(tags=entry.all("KW"), notes=entry.texts("N1")))


_PERSON: Final = re.compile(r"\S+ \S+|.*(?:\b\w\.| [a-z]{2,3} (?![a-z])).*|.* [JS]r\.?")
"""A name that is rather of a person: two words, or more with an initial, a particle or a suffix."""


def _author(text: str) -> Name | str:
    """A name, in which a doubled comma or one at its end says that it is not to be divided.

    Without a comma, only what looks like that of a person is, as Zotero divides none of them.
    """
    if ",," in text:
        return Name(text.replace(",,", ",", 1))
    whole = text.removesuffix(",").rstrip()
    if "," in whole:
        return parse_name(whole)
    return whole if whole == text and _PERSON.fullmatch(text) else Name(whole)
