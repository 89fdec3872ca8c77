"""Entries as JSON: the fields of a parsed page, and what was decided after them."""

import json
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import hostile_text, sightings_of_one_paper
from tui.formats.exporters.json import record
from tui.formats.json_text import dumps
from tui.model.paper import Paper, SourceRecord, from_record, merge, to_record
from tui.model.state import Item, PaperState, Status

FACTS = [
    "key",
    "title",
    "abstract",
    "published",
    "year_inferred",
    "date_precision",
    "author_count",
    "authors",
    "family_names",
    "authors_incomplete",
    "upvotes",
    "urls",
    "address",
    "comments",
    "organization",
    "arxiv",
    "arxiv_version",
    "doi",
    "categories",
    "code_stars",
    "ai_summary",
    "venue",
    "entry_type",
    "citation_key",
    "volume",
    "number",
    "pages",
    "publisher",
    "sightings",
]
DECIDED = ["status", "starred", "snoozed_until", "tags", "lists", "note", "removed", "rule"]


def decisions() -> st.SearchStrategy[PaperState]:
    """Any decision."""
    names = st.lists(st.sampled_from(["rl", "nlp", "日本語"]), unique=True).map(sorted).map(tuple)
    return st.builds(
        PaperState,
        status=st.sampled_from(Status),
        starred=st.booleans(),
        snoozed_until=st.none() | st.dates(),
        tags=names,
        lists=names,
        note=st.none() | hostile_text().filter(bool).filter(is_text),
        is_removed=st.booleans(),
        rule=st.none() | st.just("title:survey"),
    )


def is_text(text: str) -> bool:
    """Whether JSON can give it back: two surrogates that make a character read back as that."""
    return text == text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@given(sightings_of_one_paper(), decisions())
def test_a_record_holds_the_facts_of_parse_and_then_every_decision(
    sources: list[SourceRecord], state: PaperState
) -> None:
    paper = merge(sources)
    entry = record(Item(paper, state))
    assert list(entry) == ["schema", *FACTS, *DECIDED]
    assert {name: entry[name] for name in FACTS} == to_record(paper)
    assert from_record(entry) == paper
    assert (entry["status"], entry["starred"]) == (str(state.status), state.starred)
    assert (tuple(entry["tags"]), tuple(entry["lists"])) == (state.tags, state.lists)
    assert (entry["note"], entry["removed"], entry["rule"]) == (
        state.note,
        state.is_removed,
        state.rule,
    )
    day = entry["snoozed_until"]
    assert (date.fromisoformat(day) if day else None) == state.snoozed_until


@given(st.lists(st.tuples(sightings_of_one_paper(3), decisions()), max_size=3))
def test_what_is_written_is_a_json_array_that_reads_back(
    states: list[tuple[list[SourceRecord], PaperState]],
) -> None:
    records = [record(Item(merge(sources), decision)) for sources, decision in states]
    text = dumps(records)
    assert json.loads(text) == records
    assert json.loads(dumps(records, ascii_only=True)) == records
    assert dumps(records, ascii_only=True).isascii()
    assert not [c for c in text if c != "\n" and unicodedata.category(c) == "Cc"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text('a%s"\\\n{}é'),
        lambda values: st.lists(values) | st.dictionaries(st.text('a%s"'), values),
        max_leaves=12,
    )
)
def test_values_are_laid_out_as_the_standard_library_does_with_an_indent(value: object) -> None:
    assert dumps(value) == json.dumps(value, indent=1, ensure_ascii=False)


def test_letters_are_written_as_they_are_and_each_field_on_its_line() -> None:
    paper = merge([SourceRecord("Erdős 日本", None, "0.txt", 1)])
    text = dumps([to_record(paper)])
    assert '\n  "title": "Erdős 日本",\n' in text
    assert '\n  "abstract": null,\n' in text


def test_nothing_decided_is_unread_and_otherwise_nothing() -> None:
    entry = record(Item(merge([SourceRecord("On Sets", None, "0.txt", 1)]), PaperState()))
    assert [entry[name] for name in DECIDED] == [
        *("unread", False, None, [], [], None, False, None)
    ]


def test_the_corpus_reads_back(corpus: tuple[Paper, ...]) -> None:
    entries = json.loads(dumps([record(Item(paper, PaperState())) for paper in corpus]))
    assert tuple(from_record(each) for each in entries) == corpus


@pytest.mark.parametrize(
    "char", "\x1b\x07\x7f\x9b\x9d\u061c\u200b\u200f\u202e\u2066\ufeff\U000e0041"
)
def test_what_would_act_on_a_terminal_is_escaped_and_reads_back(char: str) -> None:
    text = dumps({f"a{char}": f"b{char}c"})
    assert char not in text
    assert json.loads(text) == {f"a{char}": f"b{char}c"}
