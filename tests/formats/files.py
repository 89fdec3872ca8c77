"""Files in the formats with one place for each fact, and what is read in them."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.strategies import TODAY
from tui.formats.importers import ParsedFile, read
from tui.model.facts import FACTS
from tui.model.paper import SourceRecord

SAMPLES: Final = Path(__file__).parent / "samples"
"""Answers as they were recorded, with long texts cut, and small files in the other formats."""
FORMATS: Final = {
    "arxiv_api.atom.xml": "feed",
    "arxiv_listing_mail.txt": "arxiv_mail",
    "arxiv_rss.xml": "feed",
    "awesome.md": "reading_list",
    "better_bibtex.json": "zotero",
    "hf_daily_papers.json": "hf_api",
    "ids.txt": "ids",
    "mixed.bib": "bibtex",
    "openalex_work.json": "openalex",
    "papers.json": "json",
    "pubmed.nbib": "nbib",
    "semantic_scholar_paper.json": "semantic_scholar",
    "zotero.csl.json": "csl",
    "zotero.ris": "ris",
}
"""The format of each sample."""
every_sample = pytest.mark.parametrize("sample", FORMATS)


def parsed(content: bytes | str | object, **options: Any) -> ParsedFile:
    """What a file of bytes, a text or a JSON value says."""
    if not isinstance(content, bytes):
        text = content if isinstance(content, str) else json.dumps(content)
        content = text.encode()
    return read(content, "a.file", today=TODAY, **options)


def sample_of(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def warnings(file: ParsedFile) -> list[tuple[int, str]]:
    return [(warning.line, warning.text) for warning in file.warnings]


def facts(record: SourceRecord) -> dict[str, Any]:
    """What a record states, apart from its place, title and abstract."""
    others = {name: getattr(record, name) for name in FACTS if name not in ("title", "abstract")}
    others["page_day"] = record.page_day
    return {name: value for name, value in others.items() if value not in (None, (), False)}


FEED: Final = (
    '<?xml version="1.0" encoding="latin-1"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
    "<id>https://arxiv.org/api/x</id>\n"
)
ENTRY: Final = (
    "<entry><id>http://arxiv.org/abs/hep-th/9901001v2</id><title>Ä\n Long</title></entry>"
)
