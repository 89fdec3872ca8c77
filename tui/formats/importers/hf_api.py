"""An answer of the Daily Papers API: ``/api/daily_papers``, ``/api/papers/ID``, and searches.

Each entry has the paper in ``paper``, and beside it when and by whom it was submitted to the list.
The outer ``publishedAt`` is the inner one in another time zone, written as if it were UTC, and so
often the day before: it is not used.
"""

import re
from typing import Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.collector import Collector, read_elements
from tui.formats.json_elements import likelihood, member

LABEL: Final = "an answer of the Daily Papers API (JSON)"
DETAILS: Final = (
    "such as `https://huggingface.co/api/daily_papers?date=2026-07-31`, or that of one paper"
)
_KEYS: Final = re.compile(r'"(?:paper"\s*:\s*\{|hidden"|publishedAt"|submittedOnDailyAt")')
_REPOSITORY: Final = re.compile(r"[\w.-]+/[\w.-]+")


def sniff(part: str) -> float:
    """By members that only this API has."""
    return likelihood(part, _KEYS)


def read(text: str, context: ImportContext) -> ParsedFile:
    """The papers of all entries that have a title."""
    return read_elements(text, context, _add, "Daily Papers API")


def _add(collector: Collector, line: int, entry: object) -> None:
    paper = member(entry, "paper") or entry
    repository = member(paper, "githubRepo")
    if isinstance(repository, str) and _REPOSITORY.fullmatch(repository):
        repository = f"https://github.com/{repository}"
    authors = member(paper, "authors")
    if isinstance(authors, list):
        authors = [member(each, "name") for each in authors if not member(each, "hidden")]
    record = collector.record(
        line,
        member(paper, "title"),
        abstract=member(paper, "summary"),
        authors=authors,
        published=member(paper, "publishedAt"),
        page_day=member(paper, "submittedOnDailyAt"),
        identifiers=[f"arxiv:{member(paper, 'id')}"],
        links=[repository, member(paper, "projectPage")],
        upvotes=member(paper, "upvotes"),
        comments=member(entry, "numComments"),
        organization=member(paper, "organization", "fullname"),
        code_stars=member(paper, "githubStars"),
        ai_summary=member(paper, "ai_summary"),
    )
    collector.add(line, record)
