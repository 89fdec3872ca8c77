"""A list of identifiers or addresses of papers, one on each line, be it beside other words.

A paper has the title that stands beside it. Without one it is called by its identifier until
something that knows its title is imported.
"""

import re
from typing import Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.collector import Collector
from tui.formats.named_lines import papers_in

LABEL: Final = "a list of arXiv identifiers, DOIs or addresses"
DETAILS: Final = (
    "one on each line, `#` before a comment, also with titles beside them: `Title "
    "https://arxiv.org/abs/…`, `[Title](https://…)`, `2405.01234 Title`; without a title, a "
    "paper is called by its identifier until its title is known"
)
_LINE: Final = re.compile(
    r"\s*(?:https?://\S+|(?:(?:doi|arxiv):\s*)?(?:10\.\d{4,9}/\S+|\d{4}\.\d{4,5}(?:v\d+)?"
    r"|[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?))\s*(?:#.*)?",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"(?:^|\s)#.*")
_NAMED_FOR_EACH: Final = 3
"""The fewest lines that name a paper, for each that does not."""


def sniff(part: str) -> float:
    """By there being nothing else, or hardly anything; a little by a title in each other line."""
    lines = [
        line
        for line in part[: part.rfind("\n") + 1 or None].split("\n")
        if line.strip() and not line.lstrip().startswith("#")
    ]
    others = [line for line in lines if not _LINE.fullmatch(line)]
    if lines and _NAMED_FOR_EACH * len(others) <= len(lines) - len(others):
        return 0.6 if others else 0.85
    are_titled = bool(others) and all(any(p.title for p in papers_in(line)) for line in others)
    return 0.4 if are_titled else 0.0


def read(text: str, context: ImportContext) -> ParsedFile:
    """A record for each paper that a line names."""
    lines = text.split("\n")
    collector = Collector(context, len(lines))
    for number, line in enumerate(lines, 1):
        if not (words := _COMMENT.sub("", line).strip()):
            continue
        papers = papers_in(words)
        for each in papers:
            title = each.title or each.name
            collector.add(number, collector.record(number, title, identifiers=each.identifiers))
        if not papers:
            collector.warn(number, "no arXiv identifier or DOI in this line")
    return collector.parsed("identifiers")
