"""Queries for what feeds and catalogues state: categories, code, PDF, stars, where it is from."""

import pytest

from tui.model.paper import SourceRecord, merge
from tui.model.state import DEFAULT_STATE, Item
from tui.query import parse
from tui.search.memory import index_of

PAPERS = [
    Item(merge([record]), DEFAULT_STATE)
    for record in (
        SourceRecord(
            "On Sets",
            None,
            "hf:daily",
            1,
            arxiv="2405.01234",
            categories=("cs.CL", "stat.ML"),
            urls=("https://github.com/ada/sets",),
            code_stars=120,
            ai_summary="It is about sets.",
        ),
        SourceRecord("On Bags", None, "arxiv:cs.LG", 1, categories=("cs.LG",), code_stars=3),
        SourceRecord(
            "On Trees", None, "a.bib", 1, urls=("https://example.org/a.PDF", "https://github.com")
        ),
        SourceRecord("On Cats", None, "b.bib", 1),
    )
]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("cat:cs.CL", ["On Sets"]),
        ("cat:cs", ["On Bags", "On Sets"]),
        ("category:stat", ["On Sets"]),
        ("cat:*.lg", ["On Bags"]),
        ("-has:category", ["On Cats", "On Trees"]),
        ("has:code", ["On Sets"]),
        ("has:pdf", ["On Sets", "On Trees"]),
        ("has:summary", ["On Sets"]),
        ("stars:>=100", ["On Sets"]),
        ("has:stars sort:stars", ["On Sets", "On Bags"]),
        ("from:hf", ["On Sets"]),
        ("from:a", ["On Bags", "On Trees"]),
    ],
)
def test_papers_are_found_by_what_was_stated(query: str, titles: list[str]) -> None:
    items = index_of(PAPERS).select(parse(query), lambda _: ())
    listed = [item.paper.title for item in items]
    assert (listed if "sort:" in query else sorted(listed)) == titles
