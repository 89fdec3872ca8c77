"""What the query grammar promises: it never raises, and it says what it understood."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.strategies import any_text, hostile_text
from tui.model.fields import HAS, IS_VALUES, NAMES, QUERY_FIELDS
from tui.model.text import normalize
from tui.query import (
    ORDERS,
    And,
    ExactTerm,
    Field,
    FlagTerm,
    Node,
    Not,
    Or,
    Query,
    RangeTerm,
    Sort,
    WordTerm,
    parse,
)

TODAY: Final = date(2026, 1, 15)

FRAGMENTS: Final = (
    *(f"{name}:" for name in (*NAMES, "any", "url")),
    *("(", ")", "|", " OR ", " AND ", " NOT ", "-", "\u2212", "=", '"', ":", "#", "*", "..", " "),
    *(">=", "<=", ">", "<", ",", ".", "/", "unread", "note", "date", "none", "7d", "9999y", "0w"),
    *("2024", "2024-13", "2024-02-30", "2023-6", "0000", "20", "-1", "10**9", "99999999999", "٣"),
    *("lora", "Erdős", "fine-tuning", "taag:", "is:rea", "ß", "İ", "\x1b[31m", "\ud800", "…"),
)
"""What queries are made of, whole or half."""


def half_queries() -> st.SearchStrategy[str]:
    """Pieces of the grammar in any order, with other text between them."""
    piece = st.sampled_from(FRAGMENTS) | any_text(4)
    return st.lists(piece, max_size=12).map("".join)


def word(*texts: str, field: Field = Field.ANY) -> WordTerm:
    return WordTerm(texts, field)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def node(text: str, *, typing: bool = False) -> Node:
    return parse(text, TODAY, typing=typing).node


# It never raises


@given(half_queries() | hostile_text(), st.booleans())
@example("", False)
@example('"', True)
@example("-", True)
@example(")(", False)
@example("(" * 60 + "a" + ")" * 60, False)
def test_whatever_is_typed_is_understood_as_something(text: str, typing: bool) -> None:
    query = parse(text, TODAY, typing=typing)
    assert query.explain()
    assert query.text == normalize(text, 1_000)
    assert query == parse(text, TODAY, typing=typing)
    assert query.limit is None or query.limit >= 0
    assert all(query.highlights())
    assert all(sort.by in ORDERS for sort in query.sort)
    for term in query.terms:
        assert str(term)
    for wrong in query.diagnostics:
        assert 0 <= wrong.start < wrong.end <= len(query.text)
        assert query.text[wrong.start : wrong.end].strip()
        assert wrong.text


@pytest.mark.parametrize("text", ["(" * 1_000, "-(" * 500, "(a|" * 333, "(" * 400 + "a"])
def test_a_thousand_parentheses_are_understood(text: str) -> None:
    assert parse(text, TODAY).explain()


@pytest.mark.parametrize("text", ["date:>9999-12-31", "date:<0001-01-01", "-added:<0001"])
def test_a_range_that_ends_beyond_the_calendar_is_explained(text: str) -> None:
    assert parse(text, TODAY).explain()


@pytest.mark.parametrize("text", ["date:9999", "date:0000", "date:2024-13", "date:9999y", "up:²"])
def test_a_day_that_no_calendar_has_is_no_error(text: str) -> None:
    assert parse(text, TODAY).explain()


def test_a_very_long_query_is_cut_and_says_so() -> None:
    query = parse("lora " * 10_000, TODAY)
    assert len(query.text) == 1_000
    assert query.text.endswith("…")


HALF_TYPED: Final = (
    "attention is:unread",
    '"world model" -tag:robotics',
    "(tag:rl OR tag:planning) up:>=50",
    'author:="Jane Doe" NOT abs:lora',
    "-(title:diff* | abs:moe) is:starred",
    "date:2026-01..2026-03 sort:-up,date",
    "date:>=2026-01-15 limit:20",
    "added:today has:note",
    "-has:date list:none",
    'list:"World models" sort:list',
    "published:7d #rl -#nlp",
    "au:doe ti:retrieval OR in:thesis",
    "\u2212tag:rl id:2601.01234",
    "authors:>3 source:000*",
    "year:2023..2024 is:duplicate",
)


@pytest.mark.parametrize("text", HALF_TYPED)
@pytest.mark.parametrize("typing", [False, True])
def test_every_beginning_of_a_query_is_understood(text: str, typing: bool) -> None:
    for end in range(len(text) + 1):
        assert parse(text[:end], TODAY, typing=typing).explain()
    assert not parse(text, TODAY, typing=typing).diagnostics


# What is meant


RL, PLANNING = FlagTerm(Field.TAG, "rl"), FlagTerm(Field.TAG, "planning")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("attention is:unread", And((word("attention"), FlagTerm(Field.IS, "unread")))),
        (
            '"world model" -tag:robotics',
            And(
                (
                    WordTerm(("world", "model"), phrase=True),
                    Not(FlagTerm(Field.TAG, "robotics")),
                )
            ),
        ),
        (
            "(tag:rl OR tag:planning) up:>=50",
            And((Or((RL, PLANNING)), RangeTerm(Field.UPVOTES, 50, None))),
        ),
        ("tag:rl | tag:planning", Or((RL, PLANNING))),
        ("title:diff*", word("diff", field=Field.TITLE)),
        ("title:d*sion", ExactTerm(Field.TITLE, "*d*sion*")),
        ('author:="Jane Doe"', ExactTerm(Field.AUTHOR, "jane doe")),
        ("has:note", FlagTerm(Field.HAS, "note")),
        ("-has:date", Not(FlagTerm(Field.HAS, "date"))),
        ("list:thesis", FlagTerm(Field.LIST, "thesis")),
        ("list:none", FlagTerm(Field.LIST, "none")),
        ('list:"World Models"', FlagTerm(Field.LIST, "world models")),
        ('tag:"World Models"', FlagTerm(Field.TAG, "world-models")),
        ("date:2026-01..2026-03", RangeTerm(Field.DATE, day("2026-01-01"), day("2026-03-31"))),
        ("date:>=2026-01-15", RangeTerm(Field.DATE, day("2026-01-15"), None)),
        ("date:7d", RangeTerm(Field.DATE, day("2026-01-08"), day("2026-01-15"))),
        ("added:today", RangeTerm(Field.ADDED, day("2026-01-15"), day("2026-01-15"))),
        ("authors:>3", RangeTerm(Field.AUTHORS, 4, None)),
        ("id:2601.01234", ExactTerm(Field.ID, "2601.01234*")),
        ("is:dup", FlagTerm(Field.IS, "duplicate")),
        ("#rl", RL),
        ("-#rl", Not(RL)),
        ("fine-tuning", word("fine", "tuning")),
        ("Erdős ÅNGSTRÖM", And((word("erdos"), word("angstrom")))),
        ("GPT-4: a survey", And((word("gpt", "4"), word("a"), word("survey")))),
        ("mamba:", word("mamba")),
    ],
)
def test_a_query_means_what_it_says(text: str, expected: Node) -> None:
    assert parse(text, TODAY) == Query(text, expected)


@pytest.mark.parametrize("value", IS_VALUES)
def test_every_claim_is_understood_in_either_case(value: str) -> None:
    assert node(f"is:{value}") == node(f"IS:{value.upper()}") == FlagTerm(Field.IS, value)


@pytest.mark.parametrize("value", HAS)
def test_every_fact_to_have_is_understood(value: str) -> None:
    assert node(f"has:{value}") == FlagTerm(Field.HAS, value)


CLAIMED: Final = ((Field.IS, IS_VALUES), (Field.HAS, HAS))


@pytest.mark.parametrize(("field", "values"), CLAIMED)
def test_a_claim_is_understood_from_any_beginning_that_only_it_has(
    field: Field, values: tuple[str, ...]
) -> None:
    for prefix in {value[:end] for value in values for end in range(1, len(value) + 1)}:
        query = parse(f"{field}:{prefix}")
        matches = [value for value in values if value.startswith(prefix)]
        if prefix in values or len(matches) == 1:
            assert query.node == FlagTerm(field, prefix if prefix in values else matches[0])
            assert not query.diagnostics
        else:
            assert query.node == And()
            assert len(query.diagnostics) == 1


@pytest.mark.parametrize(("field", "values"), CLAIMED)
def test_a_half_typed_claim_is_all_that_begin_so(field: Field, values: tuple[str, ...]) -> None:
    for prefix in {value[:end] for value in values for end in range(1, len(value) + 1)}:
        query = parse(f"lora {field}:{prefix}", typing=True)
        claims = tuple(FlagTerm(field, value) for value in values if value.startswith(prefix))
        node = claims[0] if len(claims) == 1 else Or(claims)
        assert query.node == And((word("lora"), node))
        assert not query.diagnostics


@pytest.mark.parametrize(("alias", "field"), NAMES.items())
@pytest.mark.parametrize("value", ["2024", '"2024"', "=2024"])
def test_an_alias_is_its_field(alias: str, field: Field, value: str) -> None:
    assert node(f"{alias}:{value}") == node(f"{field}:{value}") == node(f"{alias.upper()}:{value}")


@pytest.mark.parametrize("value", ORDERS)
def test_every_order_is_understood(value: str) -> None:
    assert parse(f"sort:{value}") == Query(f"sort:{value}", sort=(Sort(value),))
    assert parse(f"sort:-{value}").sort == (Sort(value, reverse=True),)


def test_orders_add_up_and_the_last_limit_counts() -> None:
    query = parse("sort:-up,date lora sort:title limit:20 limit:5")
    assert query.sort == (Sort("up", reverse=True), Sort("date"), Sort("title"))
    assert query.limit == 5
    assert query.node == word("lora")
    assert (
        query.explain()
        == "lora, fewest upvotes first, then newest first, then title A to Z, at most 5"
    )


# Precedence


A, B, C = word("a"), word("b"), word("c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", And()),
        ("a b c", And((A, B, C))),
        ("a AND b", And((A, B))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a OR b c", Or((A, And((B, C))))),
        ("a|b c", Or((A, And((B, C))))),
        ("a OR b OR c", Or((A, B, C))),
        ("NOT a b", And((Not(A), B))),
        ("NOT a OR b", Or((Not(A), B))),
        ("-a OR b", Or((Not(A), B))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("a (b c)", And((A, B, C))),
        ("NOT (a OR b)", Not(Or((A, B)))),
        ("-(a b) c", And((Not(And((A, B))), C))),
        ("NOT NOT a", A),
        ("NOT -a", A),
        ("-(-a)", A),
        ("((((a))))", A),
        ("(a) (b)", And((A, B))),
        ("a or b", And((A, word("or"), B))),
        ("not a", And((word("not"), A))),
    ],
)
def test_not_binds_tighter_than_and_and_and_tighter_than_or(text: str, expected: Node) -> None:
    assert node(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(a OR b", Or((A, B))),
        ("(a (b OR c", And((A, Or((B, C))))),
        ("a)", A),
        ("a) b", And((A, B))),
        (")a", A),
        ("))) a (((", A),
        ("()", And()),
        ("a ()", A),
        ("a OR ()", A),
        ("-()", And()),
        ("-(", And()),
        ("a OR", A),
        ("OR a", A),
        ("OR OR a OR OR b", Or((A, B))),
        ("a NOT", A),
        ("a -", A),
        ("AND", And()),
        ("|", And()),
        ('"', And()),
        ('""', And()),
        ('"a b', WordTerm(("a", "b"), phrase=True)),
        ('a "b', And((A, WordTerm(("b",), phrase=True)))),
        ('title:"a b', WordTerm(("a", "b"), Field.TITLE, phrase=True)),
        ('author:="Jane Doe', ExactTerm(Field.AUTHOR, "jane doe")),
        ("*", And()),
        ("#", And()),
        ("!?", And()),
    ],
)
def test_what_is_left_open_is_taken_as_far_as_it_goes(text: str, expected: Node) -> None:
    assert node(text) == expected
    assert not parse(f"{text} ", TODAY, typing=True).diagnostics


def test_a_parenthesis_that_nobody_opened_means_nothing() -> None:
    assert node("a) OR b") == node("a OR b")


@pytest.mark.parametrize("field", QUERY_FIELDS)
@pytest.mark.parametrize("rest", ["", '"', '""', "=", '="'])
def test_a_field_whose_value_is_still_to_come_says_nothing_yet(field: Field, rest: str) -> None:
    assert parse(f"{field}:{rest}", TODAY, typing=True) == Query(f"{field}:{rest}")
    assert node(f"lora -{field}:{rest}") == word("lora")


TERMS: Final = ("a", '"a b"', "tag:rl", "#rl", "is:read", "up:>5", 'author:="Jane Doe"', "(a OR b)")


@pytest.mark.parametrize("term", TERMS)
def test_a_hyphen_a_minus_sign_and_not_are_one(term: str) -> None:
    assert node(f"-{term}") == node(f"\u2212{term}") == node(f"NOT {term}") == Not(node(term))
    assert node(f"c \u2212{term}") == And((C, Not(node(term))))


def test_a_minus_sign_reverses_an_order_as_a_hyphen_does() -> None:
    assert parse("sort:\u2212up").sort == parse("sort:-up").sort


@given(st.lists(st.sampled_from(TERMS), min_size=1, max_size=4))
def test_parentheses_around_all_change_nothing(terms: list[str]) -> None:
    text = " OR ".join(terms)
    assert node(f"({text})") == node(text) == node(f"(({text}")


# While typing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tag:ro", FlagTerm(Field.TAG, "ro*")),
        ("#ro", FlagTerm(Field.TAG, "ro*")),
        ("-tag:ro", And()),
        ("list:the", FlagTerm(Field.LIST, "the*")),
        ('list:"World mod', FlagTerm(Field.LIST, "world mod*")),
        ("tag:ro ", FlagTerm(Field.TAG, "ro")),
        ('tag:"ro"', FlagTerm(Field.TAG, "ro")),
        ("tag:=ro", FlagTerm(Field.TAG, "ro")),
        ("tag:ro lora", And((FlagTerm(Field.TAG, "ro"), word("lora")))),
        ("(tag:ro)", FlagTerm(Field.TAG, "ro")),
    ],
)
def test_a_tag_or_list_at_the_end_may_be_half_typed(text: str, expected: Node) -> None:
    assert node(text, typing=True) == expected


@pytest.mark.parametrize("text", HALF_TYPED)
def test_typing_on_changes_nothing_of_what_was_ended(text: str) -> None:
    assert parse(text + " ", TODAY, typing=True) == parse(text, TODAY)


# Ranges


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("up:50", 50, 50),
        ("up:0", 0, 0),
        ("up:>50", 51, None),
        ("up:>=50", 50, None),
        ("up:<50", None, 49),
        ("up:<=50", None, 50),
        ("up:=50", 50, 50),
        ("up:10..50", 10, 50),
        ("up:10..", 10, None),
        ("up:..50", None, 50),
        ('up:"10..50"', 10, 50),
        ("up:007", 7, 7),
    ],
)
def test_a_range_of_numbers_has_both_its_ends(text: str, low: int, high: int) -> None:
    assert node(text) == RangeTerm(Field.UPVOTES, low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-2", "2023-02-01", "2023-02-28"),
        ("2023-12", "2023-12-01", "2023-12-31"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2024-2-9", "2024-02-09", "2024-02-09"),
        (">2024", "2025-01-01", None),
        (">=2024", "2024-01-01", None),
        ("<2024", None, "2023-12-31"),
        ("<=2024", None, "2024-12-31"),
        (">2024-02", "2024-03-01", None),
        ("<2024-03-01", None, "2024-02-29"),
        ("2023..2024", "2023-01-01", "2024-12-31"),
        ("2023-11..", "2023-11-01", None),
        ("..2023-11", None, "2023-11-30"),
        ("today", "2026-01-15", "2026-01-15"),
        ("Yesterday", "2026-01-14", "2026-01-14"),
        ("0d", "2026-01-15", "2026-01-15"),
        ("7d", "2026-01-08", "2026-01-15"),
        ("2w", "2026-01-01", "2026-01-15"),
        ("1m", "2025-12-16", "2026-01-15"),
        ("1y", "2025-01-15", "2026-01-15"),
        (">=7d", "2026-01-08", None),
        ("<7d", None, "2026-01-07"),
        ("2m..1m", "2025-11-16", "2026-01-15"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
    ],
)
def test_a_day_stands_for_all_the_days_it_names(text: str, low: str | None, high: str) -> None:
    term = RangeTerm(Field.DATE, low and day(low), high and day(high))  # type: ignore[arg-type]
    assert node(f"date:{text}") == node(f"published:{text}") == term
    assert node(f"added:{text}") == replace(term, field=Field.ADDED)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("31.12.2024", "2024-12-31", "2024-12-31"),
        ("2024/05/16", "2024-05-16", "2024-05-16"),
        ("2024.5.16", "2024-05-16", "2024-05-16"),
        ("20240516", "2024-05-16", "2024-05-16"),
        ("31/12/2024", "2024-12-31", "2024-12-31"),
        ("12/31/2024", "2024-12-31", "2024-12-31"),
        ("05/2024", "2024-05-01", "2024-05-31"),
        ('"May 2024"', "2024-05-01", "2024-05-31"),
        ("2024-may", "2024-05-01", "2024-05-31"),
        ('"16 May 2024"', "2024-05-16", "2024-05-16"),
        ('"May 16th, 2024"', "2024-05-16", "2024-05-16"),
        ("16-sept-2024", "2024-09-16", "2024-09-16"),
        ("May", "2025-05-01", "2025-05-31"),
        ("january", "2026-01-01", "2026-01-31"),
        ("16-jan", "2025-01-16", "2025-01-16"),
        ("last-year", "2025-01-01", "2025-12-31"),
        ('"this year"', "2026-01-01", "2026-12-31"),
        ("last_month", "2025-12-01", "2025-12-31"),
        ("monday", "2026-01-12", "2026-01-12"),
        ("thursday", "2026-01-15", "2026-01-15"),
        ("Fri", "2026-01-09", "2026-01-09"),
        ('"2 weeks"', "2026-01-01", "2026-01-15"),
        ("2023-2024", "2023-01-01", "2024-12-31"),
        ("2023\u20132024", "2023-01-01", "2024-12-31"),
        ('"may to july"', "2025-05-01", "2025-07-31"),
        ("31.12.2024..", "2024-12-31", None),
        (">31.12.2024", "2025-01-01", None),
    ],
)
def test_dates_are_understood_as_people_write_them(text: str, low: str, high: str | None) -> None:
    query = parse(f"date:{text}", TODAY)
    assert not query.diagnostics
    assert query.node == RangeTerm(Field.DATE, day(low), high and day(high))  # type: ignore[arg-type]
    for end in range(len(query.text)):
        assert not parse(query.text[:end], TODAY, typing=True).diagnostics


@given(st.dates(date(1000, 1, 1)))
def test_a_day_is_the_same_in_each_way_to_write_it(when: date) -> None:
    ways = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%Y%m%d", '"%d %B %Y"', '"%b %d, %Y"', "%d-%b-%Y")
    for way in ways:
        assert node(f"date:{when.strftime(way)}") == node(f"date:{when}")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2024-2025", 2024, 2025),
        ("2024\u20132025", 2024, 2025),
        ("last-year", 2025, 2025),
        ('"this year"', 2026, 2026),
        (">=last-year", 2025, None),
    ],
)
def test_years_are_understood_as_people_write_them(text: str, low: int, high: int | None) -> None:
    assert parse(f"year:{text}", TODAY) == Query(f"year:{text}", RangeTerm(Field.YEAR, low, high))


@given(st.dates(date(1970, 1, 1), date(2100, 12, 31)), st.integers(0, 9_999))
def test_an_age_counts_back_from_the_day_it_is_asked_on(today: date, age: int) -> None:
    node = parse(f"date:{age}d", today).node
    assert node == RangeTerm(
        Field.DATE, (today - timedelta(days=age)).toordinal(), today.toordinal()
    )


@given(st.dates(), st.dates())
def test_a_range_of_days_is_explained_by_its_days(low: date, high: date) -> None:
    query = parse(f"date:{low}..{high}")
    assert query.node == RangeTerm(Field.DATE, low.toordinal(), high.toordinal())
    assert query.explain() == (f"date {low}" if low == high else f"date {low} to {high}")


@pytest.mark.parametrize("text", ["up:>", "up:>=", "up:<", "up:<=", "up:..", "date:>=", "date:.."])
def test_a_comparison_with_nothing_yet_says_nothing(text: str) -> None:
    assert parse(text, typing=True) == Query(text)


# Symbols


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("C++", ("c++",)),
        ("C#", ("c#",)),
        (".NET", (".net",)),
        ("C++17", ("c++", "17")),
        ("x+y", ("x", "y")),
        ("ASP.NET", ("asp", "net")),
        ("TLDR9+", ("tldr9",)),
        ("→", ("→",)),
        ("❤️", ("❤",)),
        ("A→B", ("a", "→", "b")),
        ("...foo", ("foo",)),
    ],
)
def test_signs_that_belong_to_a_word_and_symbols_are_searched(
    text: str, words: tuple[str, ...]
) -> None:
    assert parse(text, TODAY) == Query(text, WordTerm(words))
    assert parse(f"title:{text}", TODAY) == Query(f"title:{text}", WordTerm(words, Field.TITLE))


# What means nothing


MEANINGLESS: Final = (
    *(f"{sign}{field}:{rest}" for field in QUERY_FIELDS for sign in "-" for rest in ("", '""')),
    *(f"{field}:" for field in QUERY_FIELDS),
    *("#", "-#", "(", ")", "()", "-()", "AND", "OR", "NOT", "|", '"', '""', "/", "-", "=", ":"),
    *("++", "...", "!?", "—", "&", "**", "year:..", "up:>=", "sort:-", "title:*", "is:unreaded"),
    *("date:garbage", "like:=", 'id:" "'),
)


@pytest.mark.parametrize("text", MEANINGLESS)
def test_each_part_that_means_nothing_is_named(text: str) -> None:
    for query in (text, f"lora {text}", f"({text}) lora"):
        if query.startswith("(") and ({"(", ")", '"'} & set(text)):
            continue
        wrong = parse(query, TODAY).diagnostics
        assert wrong, query
        assert all(query[each.start : each.end].strip("-() ") in query for each in wrong)
        assert all(each.text for each in wrong)


@pytest.mark.parametrize("text", ["lora (OR) moe", "lora OR", "AND lora", "lora NOT", "(NOT) lora"])
def test_an_operator_without_both_sides_is_named(text: str) -> None:
    wrong = parse(text, TODAY).diagnostics
    assert any(each.suggestion.strip('"') in ("OR", "AND", "NOT") for each in wrong)


@given(half_queries())
def test_a_query_of_all_papers_says_so_or_has_a_part_that_means_nothing(text: str) -> None:
    query = parse(text, TODAY)
    if query.node == And() and not (query.sort or query.limit is not None or query.diagnostics):
        assert "*" in query.text or not query.text


def test_a_star_is_all_papers_and_its_negation_none() -> None:
    assert parse("*", TODAY) == Query("*", And())
    assert parse("-*", TODAY) == Query("-*", Not(And()))
    assert parse("NOT (*)", TODAY).node == Not(And())


def test_the_address_of_a_paper_is_named_also_while_it_is_typed() -> None:
    text = "https://arxiv.org/abs/2603.10001v2"
    for typing in (False, True):
        (wrong,) = parse(text, TODAY, typing=typing).diagnostics
        assert "papers-tui import" in wrong.detail
        assert wrong.suggestion == "arxiv:2603.10001"


# What was not understood


@pytest.mark.parametrize(
    ("text", "wrong", "instead"),
    [
        ("taag:rl", "taag:rl", "tag:rl"),
        ("lora taag:rl moe", "taag:rl", "tag:rl"),
        ("titel:lora", "titel:lora", "title:lora"),
        ("staus:read", "staus:read", "status:read"),
        ("staus:3", "staus:3", "stars:3"),
        ("jounral:acl", "jounral:acl", "journal:acl"),
        ("-tagg:tagg", "-tagg:tagg", "-tag:tagg"),
        ("is:unrad", "is:unrad", "is:unread"),
        ("is:stared", "is:stared", "is:starred"),
        ("has:nots", "has:nots", "has:note"),
        ("has:dates", "has:dates", "has:date"),
        ("sort:titel", "sort:titel", "sort:title"),
        ("limit:many", "limit:many", "limit:20"),
        ("limit:-1", "limit:-1", "limit:20"),
        ("up:many", "up:many", "up:10..50"),
        ("up:-1", "up:-1", "up:1"),
        ("up:~50", "up:~50", "up:50"),
        ("year:soon", "year:soon", "year:2023..2024"),
        ("year:2024-05", "year:2024-05", "year:2024"),
        ("date:soon", "date:soon", ""),
        ("date:yesteday", "date:yesteday", "date:yesterday"),
        ("date:Febuary", "date:Febuary", "date:february"),
        ("date:last-yaer", "date:last-yaer", "date:last-year"),
        ('date:"2 weks"', 'date:"2 weks"', 'date:"2w"'),
        ("date:2024-02-30", "date:2024-02-30", "date:2024-02-29"),
        ("date:31.2.2023", "date:31.2.2023", "date:2023-02-28"),
        ("date:05/06/2024", "date:05/06/2024", "date:2024-06-05"),
        ("date:2024..2024-13", "date:2024..2024-13", "date:2024..2024-12"),
        ("(lora OR date:2024-13)", "date:2024-13", "date:2024-12"),
    ],
)
def test_what_is_misread_is_shown_in_its_place_with_what_to_type(
    text: str, wrong: str, instead: str
) -> None:
    query = parse(text, TODAY)
    assert [(text[m.start : m.end], m.suggestion) for m in query.diagnostics] == [(wrong, instead)]


@pytest.mark.parametrize("text", ["up:many", "is:unrad", "date:soon", "limit:x", "sort:nothing"])
def test_a_term_that_is_misread_is_passed_over(text: str) -> None:
    query = parse(f"lora {text} moe", TODAY)
    assert query.diagnostics
    assert query.node == And((word("lora"), word("moe")))


def test_an_unknown_field_is_taken_as_words() -> None:
    assert node("taag:rl") == And((word("taag"), word("rl")))
    assert node("zzzzzz:rl") == And((word("zzzzzz"), word("rl")))
    assert [m.suggestion for m in parse("zzzzzz:rl").diagnostics] == ['"zzzzzz rl"']


@pytest.mark.parametrize(
    ("text", "healed"),
    [
        ("lora taag:rl", "lora tag:rl"),
        ("is:unrad", "is:unread"),
        ("-taag:rl", "-tag:rl"),
        ("lora -is:unrad", "lora -is:unread"),
        ('taag:"world m"', 'tag:"world m"'),
        ("autor:=Doe", "author:=Doe"),
        ("sort:titel,up", "sort:title,up"),
        ("is:rea", "is:reading"),
        pytest.param("has:a", "has:abstract"),
        pytest.param("up:p", "up:10..50"),
    ],
)
def test_typing_the_suggestion_instead_heals_the_query(text: str, healed: str) -> None:
    (wrong,) = parse(text).diagnostics
    assert text[: wrong.start] + wrong.suggestion + text[wrong.end :] == healed
    assert not parse(healed).diagnostics


# In words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "all papers"),
        ("lora", "lora"),
        ("lora moe", "lora, moe"),
        ("title:lora", "lora in the title"),
        ("abs:fine-tuning", "“fine tuning” in the abstract"),
        ("author:doe", "by doe"),
        ('author:"Jane Doe"', "by “jane doe”"),
        ("note:later", "later in the note"),
        ("-lora", "not lora"),
        ("lora OR moe", "(lora or moe)"),
        ("is:unread", "unread"),
        ("tag:rl", "tag rl"),
        ("tag:none", "no tag"),
        ("-list:thesis", "not list thesis"),
        ("up:>=50", "upvotes from 50"),
        ("up:<=50", "upvotes up to 50"),
        ("upvotes:10..50", "upvotes 10 to 50"),
        ("up:50", "upvotes 50"),
        ("authors:3", "authors 3"),
        ("date:2024-02", "date 2024-02-01 to 2024-02-29"),
        ("lora sort:-up limit:3", "lora, fewest upvotes first, at most 3"),
        ("is:inbox sort:likely", "inbox, most likely to keep first"),
        ("sort:date sort:-title", "all papers, newest first, then title Z to A"),
    ],
)
def test_a_query_is_reported_in_words(text: str, words: str) -> None:
    assert parse(text, TODAY).explain() == words


def test_a_half_typed_tag_is_reported_without_its_star() -> None:
    assert parse("tag:ro", typing=True).explain() == "tag ro"


@pytest.mark.parametrize(
    ("text", "prefixes"),
    [
        ("", ()),
        ("LoRA moe lora", ("lora", "moe")),
        ("fine-tuning", ("fine", "tuning")),
        ("lora -moe", ("lora",)),
        ("NOT (lora moe)", ()),
        ("title:lora OR (abs:moe is:read)", ("lora", "moe")),
        ("tag:rl up:>5", ()),
    ],
)
def test_words_that_were_asked_for_are_highlighted(text: str, prefixes: tuple[str, ...]) -> None:
    assert parse(text).highlights() == prefixes


def test_the_terms_of_a_query_are_what_must_all_hold() -> None:
    assert parse("").terms == ()
    assert parse("a").terms == (A,)
    assert parse("a (b c)").terms == (A, B, C)
    assert parse("a OR b").terms == (Or((A, B)),)
    assert parse("-(a b) c").terms == (Not(And((A, B))), C)
