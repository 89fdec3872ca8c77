"""A list of identifiers or addresses of papers, one on each line.

Such a paper is called by its identifier until something that knows its title is imported.
"""

import re
from typing import Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.collector import Collector
from tui.model.identifiers import arxiv_id, doi

LABEL: Final = "a list of arXiv identifiers, DOIs or addresses"
_LINE: Final = (
    r"[^\S\n]*(?:https?://\S+|(?:(?:doi|arxiv):[^\S\n]*)?(?:10\.\d{4,9}/\S+|\d{4}\.\d{4,5}(?:v\d+)?"
    r"|[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?))[^\S\n]*(?:#[^\n]*)?"
    r"|[^\S\n]*#[^\n]*"
)
_COMMENT: Final = re.compile(r"(?:^|\s)#.*")
_LIST: Final = re.compile(rf"(?i)\A(?=\s*\S)(?:(?:{_LINE})?(?:\n|\Z))+\Z")


def sniff(part: str) -> float:
    """By there being nothing else."""
    return 0.85 if _LIST.match(part[: part.rfind("\n") + 1 or None]) else 0.0


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
