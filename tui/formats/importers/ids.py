"""A list of identifiers or addresses of papers, one on each line.

Such a paper is called by its identifier until something that knows its title is imported.
"""

import re
from typing import Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.collector import Collector
from tui.model.identifiers import arxiv_id, doi

LABEL: Final = "a list of arXiv identifiers, DOIs or addresses"
_LINE: Final = re.compile(
    r"\s*(?:https?://\S+|(?:(?:doi|arxiv):\s*)?(?:10\.\d{4,9}/\S+|\d{4}\.\d{4,5}(?:v\d+)?"
    r"|[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?))\s*(?:#.*)?",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"(?:^|\s)#.*")
_NAMED_FOR_EACH: Final = 3
"""The fewest lines that name a paper, for each that does not."""


def sniff(part: str) -> float:
    """By there being nothing else, or hardly anything."""
    lines = [
        line
        for line in part[: part.rfind("\n") + 1 or None].split("\n")
        if line.strip() and not line.lstrip().startswith("#")
    ]
    others = sum(not _LINE.fullmatch(line) for line in lines)
    if not lines or _NAMED_FOR_EACH * others > len(lines) - others:
        return 0.0
    return 0.6 if others else 0.85


def read(text: str, context: ImportContext) -> ParsedFile:
    """A record for each line that names a paper."""
    lines = text.split("\n")
    collector = Collector(context, len(lines))
    for number, line in enumerate(lines, 1):
        if not (name := _COMMENT.sub("", line).strip()):
            continue
        if arxiv := arxiv_id(name):
            title = f"arXiv:{arxiv[0]}"
        elif publisher := doi(name):
            title = f"doi:{publisher}"
        else:
            collector.warn(number, "no arXiv identifier or DOI in this line")
            continue
        spelling = name if "/" in name or ":" in name else f"arXiv:{name}"
        collector.add(number, collector.record(number, title, identifiers=[spelling]))
    return collector.parsed("identifiers")
