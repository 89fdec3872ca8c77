"""Semantic Scholar: a paper, or an answer with several. Its ``tldr`` is written by a model."""

import re
from typing import Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.collector import Collector, read_elements
from tui.formats.json_elements import likelihood, member

LABEL: Final = "a paper of Semantic Scholar (JSON)"
DETAILS: Final = "or an answer with several; its `tldr` is an AI summary"
_KEYS: Final = re.compile(r'"(?:paperId|externalIds)"\s*:')


def sniff(part: str) -> float:
    """By members that only this API has."""
    return likelihood(part, _KEYS)


def read(text: str, context: ImportContext) -> ParsedFile:
    """The papers that have a title."""
    return read_elements(text, context, _add, "Semantic Scholar", "data")


def _add(collector: Collector, line: int, paper: object) -> None:
    authors = member(paper, "authors")
    if isinstance(authors, list):
        authors = [member(author, "name") for author in authors]
    year = member(paper, "year")
    record = collector.record(
        line,
        member(paper, "title"),
        abstract=member(paper, "abstract"),
        authors=authors,
        published=member(paper, "publicationDate") or (str(year) if year else None),
        identifiers=[
            f"arXiv:{member(paper, 'externalIds', 'ArXiv')}",
            member(paper, "externalIds", "DOI"),
        ],
        links=[member(paper, "openAccessPdf", "url")],
        venue=member(paper, "journal", "name") or member(paper, "venue"),
        imprint={name: member(paper, "journal", name) for name in ("volume", "pages")},
        ai_summary=member(paper, "tldr", "text"),
    )
    collector.add(line, record)
