"""NBIB, as PubMed exports it (MEDLINE format): a tag in four columns, a hyphen, and a value.

A value that goes over several lines is indented by six blanks; a blank line ends a record.
"""

import re
from typing import Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.bibliography import Name, parse_name
from tui.formats.collector import Collector, read_entries
from tui.formats.tagged import Entry, Grammar

LABEL: Final = "a file of PubMed (NBIB)"
DETAILS: Final = "as it is saved for citation managers"
_GRAMMAR: Final = Grammar(re.compile(r"(?=.{4}-)([A-Z]{2,4}) {0,2}-(?: (.*))?$"), first="PMID")
_START: Final = re.compile(r"^PMID- ?\d", re.MULTILINE)
_KIND: Final = re.compile(r" \[(?:doi|pii|bookaccession)\]$")
_STOP: Final = re.compile(r"(?<!\.)\.$")
"""With which MEDLINE ends a title, whatever the journal does."""


def sniff(part: str) -> float:
    """By the line with which every record begins."""
    return 0.95 if _START.search(part) else 0.0


def read(text: str, context: ImportContext) -> ParsedFile:
    """The records that have a title."""
    return read_entries(text, context, _GRAMMAR, _add, "PubMed")


def _add(collector: Collector, entry: Entry) -> None:
    names, short = entry.all("FAU"), entry.all("AU")
    names += short[len(names) :]  # which may end in "et al."
    record = collector.record(
        entry.line,
        _STOP.sub("", entry.first("TI", "BTI")),
        abstract=entry.first("AB"),
        authors=[*map(parse_name, names), *map(Name, entry.all("CN"))],
        published=entry.first("DEP", "DP"),
        identifiers=[_KIND.sub("", name) for name in entry.all("LID", "AID")],
        venue=entry.first("JT", "TA") or None,
        imprint={
            "volume": entry.first("VI"),
            "number": entry.first("IP"),
            "pages": entry.first("PG"),
            "publisher": entry.first("PB"),
        },
    )
    collector.add(entry.line, record)
