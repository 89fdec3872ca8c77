"""What the program itself prints with ``--json``, and what other programs write like it.

A paper comes with the records it was merged from, in ``sightings``: they are imported as they were,
with the files and lines of their own, so a library that has them already gains nothing. An object
without is one record. Any program is a source that writes objects with a ``title`` and any of the
other facts: what is missing is unknown, and members with other names are ignored.
"""

import re
from dataclasses import replace
from typing import Any, Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.collector import MAX_NAME, Collector, read_elements
from tui.formats.json_elements import looks_like_json, member
from tui.model.paper import SourceRecord
from tui.model.text import normalize

LABEL: Final = "JSON of papers-tui list, show, export or parse"
_RECORDS: Final = re.compile(r'"sightings"\s*:\s*\[')
_TITLE: Final = re.compile(r'\s*(?:\[\s*)?\{(?:.|\n)*"title"\s*:')
_PAGE_DAY: Final = re.compile(r"(?:\d{4}|-)-\d\d-\d\d")


def sniff(part: str) -> float:
    """By the member that only this program writes; else, with less certainty, by a title."""
    if looks_like_json(part) and _RECORDS.search(part):
        return 0.9
    return 0.5 if _TITLE.match(part) else 0.0


def read(text: str, context: ImportContext) -> ParsedFile:
    """The source records of all papers."""
    return read_elements(text, context, _add, "papers-tui")


def _add(collector: Collector, line: int, paper: object) -> None:
    stated = member(paper, "sightings")
    for each in stated if isinstance(stated, list) and stated else [None]:
        collector.add(line, _record(collector, line, paper, each))


def _record(collector: Collector, line: int, paper: object, stated: object) -> SourceRecord | None:
    """The record of a paper: what it states, and else what the paper states."""
    facts = {**_object(paper), **_object(stated)}
    arxiv, version = facts.get("arxiv"), facts.get("arxiv_version")
    record = collector.record(
        line,
        facts.get("title"),
        abstract=facts.get("abstract"),
        authors=facts.get("authors"),
        published=facts.get("published"),
        page_day=facts.get("page_day"),
        identifiers=[f"arxiv:{arxiv}v{version}" if version else f"arxiv:{arxiv}", facts.get("doi")],
        links=_list(facts.get("urls")),
        upvotes=facts.get("upvotes"),
        comments=facts.get("comments"),
        organization=facts.get("organization"),
        categories=_list(facts.get("categories")),
        code_stars=facts.get("code_stars"),
        ai_summary=facts.get("ai_summary"),
    )
    if record is None:
        return None
    count = collector.count(line, "authors", facts.get("author_count"))
    is_inferred = record.published is not None and facts.get("year_inferred") is True
    record = replace(record, author_count=count, year_inferred=is_inferred)
    if not _object(stated):
        return record
    file, place, day = facts.get("file"), facts.get("line"), facts.get("page_day")
    if not isinstance(file, str) or not normalize(file):
        collector.warn(line, "this record has no file")
        return None
    return replace(
        record,
        file=normalize(file, MAX_NAME),
        line=collector.count(line, "line", place) or 1,
        page_day=day if isinstance(day, str) and _PAGE_DAY.fullmatch(day) else None,
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
