"""The table of fields: every row has what it says, and orders are said in plain words."""

import pytest

from tui.model.facts import FACTS, Facts
from tui.model.fields import QUERY_FIELDS, Field
from tui.model.state import DEFAULT_STATE, Item
from tui.query import parse, sort_label


def test_every_path_leads_to_a_value() -> None:
    from tui.model.paper import SourceRecord, merge

    item = Item(merge([SourceRecord("A", None, "0.txt", 1)]), DEFAULT_STATE)
    for field in Field:
        if field.row.path:
            field.of(item)
        if field.is_state:
            assert field.of_state(item.state) == field.of(item)


def test_every_fact_has_a_rule_and_a_type() -> None:
    assert list(FACTS) == [name for name in Facts.__dataclass_fields__ if name != "_"]
    assert {fact.type for fact in FACTS.values()} <= {str, int, bool, tuple, type(None)} | {
        FACTS["published"].type
    }


@pytest.mark.parametrize("field", QUERY_FIELDS)
def test_a_field_of_the_query_language_has_examples_of_itself_and_says_what_they_find(
    field: Field,
) -> None:
    assert field.row.examples
    assert field.row.finds
    for example in field.row.examples:
        assert example.startswith(f"{field}:")
        assert not parse(example).diagnostics
        assert parse(f"{field}:").diagnostics[0].suggestion == field.row.examples[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("sort:date", "newest first"),
        ("sort:-date", "oldest first"),
        ("sort:upvotes", "most upvotes first"),
        ("sort:-up", "fewest upvotes first"),
        ("sort:title", "title A to Z"),
        ("sort:-title", "title Z to A"),
        ("sort:added", "recently added first"),
        ("sort:-added", "oldest added first"),
        ("sort:changed", "recently changed first"),
        ("sort:-changed", "oldest change first"),
        ("sort:authors", "most authors first"),
        ("sort:-authors", "fewest authors first"),
        ("sort:unread", "unread first"),
        ("sort:-unread", "unread last"),
        ("sort:order", "list order"),
        ("sort:-list", "list order reversed"),
        ("sort:relevance", "best match first"),
        ("sort:-relevance", "best match last"),
    ],
)
def test_an_order_is_said_in_plain_words(text: str, label: str) -> None:
    assert sort_label(parse(text).sort[0]) == label
