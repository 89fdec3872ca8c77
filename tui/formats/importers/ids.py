"""A list of identifiers or addresses of papers, one on each line, be it beside other words.

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
_NAME: Final = re.compile(
    r"(?:https?://|www\.|(?:arxiv|doi):\s{0,3}|\b10\.\d{4,9}/)[^\s<>()\[\]{}|\"]+"
    r"|(?<![\d.])\d{4}\.\d{4,5}(?:v\d+)?(?!\.?\d)",
    re.IGNORECASE,
)
"""What may name a paper in a line of other words."""
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
    """A record for each paper that a line names."""
    lines = text.split("\n")
    collector = Collector(context, len(lines))
    for number, line in enumerate(lines, 1):
        if not (words := _COMMENT.sub("", line).strip()):
            continue
        names = [name.rstrip(".,;:'*_") for name in (words, *_NAME.findall(words))]
        papers = {title: name for name in names if (title := _title(name))}
        for title, name in papers.items():
            spelling = name if "/" in name or ":" in name else f"arXiv:{name}"
            collector.add(number, collector.record(number, title, identifiers=[spelling]))
        if not papers:
            collector.warn(number, "no arXiv identifier or DOI in this line")
    return collector.parsed("identifiers")


def _title(name: str) -> str:
    """What the paper of an identifier or address is called; empty if it names none."""
    if arxiv := arxiv_id(name):
        return f"arXiv:{arxiv[0]}"
    publisher = doi(name)
    return f"doi:{publisher}" if publisher else ""
