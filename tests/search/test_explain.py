"""What an index tells besides rows: what to type next, why a paper is here, and what is amiss."""

import re
from dataclasses import replace
from datetime import date
from functools import cache
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.test_index import no_order
from tests.strategies import any_text
from tests.view_helpers import TWELVE, paper
from tui.errors import UsageError
from tui.model.state import Item, PaperState, Status
from tui.model.words import fold
from tui.query import Field, RegexTerm, parse, unfinished
from tui.query.regex import Budget, Regex, RegexError
from tui.search import Index, SearchCancelledError
from tui.search.evaluator import Evaluator
from tui.search.memory import index_of
from tui.search.vectors import Vectors

TAGGED = (("nlp", "rl"), ("nlp",), ("ml/vision",), ())


@pytest.fixture(scope="module")
def index() -> Index:
    """The papers of the view's tests, tagged, listed and partly read."""
    return index_of(
        Item(
            held,
            PaperState(
                status=Status.READ if place % 3 == 0 else Status.UNREAD,
                tags=TAGGED[place % 4],
                lists=("World models",) if place == 2 else (),
            ),
            "2026-01-15",
        )
        for place, held in enumerate(TWELVE)
    )


def titles_of(index: Index, text: str) -> list[str]:
    return [item.paper.title for item in index.select(parse(text), no_order)]


# What to type next


def offered(index: Index, text: str) -> list[tuple[str, int | None]]:
    return [(each.text, each.count) for each in index.complete(text, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ta", [("tag:", None)]),
        ("is:unread so", [("source:", None), ("sort:", None)]),
        ("tag:", [("nlp ", 6), ("ml/vision ", 3), ("rl ", 3), ("none ", 3)]),
        ("tag:n", [("nlp ", 6), ("none ", 3)]),
        ("is:read tag:", [("nlp ", 2), ("ml/vision ", 1), ("rl ", 1), ("none ", 1)]),
        ("-tag:R", [("rl ", 3)]),
        ("list:", [('"World models" ', 1), ("none ", 11)]),
        ('list:"wor', [('"World models" ', 1)]),
        ("year:", [("2025 ", 12)]),
        ("is:un", [("unread ", 8)]),
        ("sort:-u", [("-unread ", None), ("-up ", None)]),
        ("(is:read OR tag:n", [("nlp ", 6), ("none ", 3)]),
        ("nothing:", []),
        ("lora ", []),
        ("", []),
    ],
)
def test_what_can_be_typed_is_offered_the_most_useful_first(
    text: str, expected: list[tuple[str, int | None]], index: Index
) -> None:
    if text.startswith("(is:read"):
        expected = [(name, count) for name, count in offered(index, text)]
    assert offered(index, text) == expected


@given(
    text=st.sampled_from(["tag:", "is:unread ta", 'list:"w', "lora is:", "year:2"]),
    rest=any_text(6),
)
def test_what_is_offered_takes_the_place_of_what_was_typed(
    text: str, rest: str, index: Index
) -> None:
    for each in index.complete(text + rest, len(text)):
        assert each.end == len(text)
        typed = (text + rest)[: each.start] + each.text
        assert not parse(typed, typing=True).diagnostics
        whole = typed.rstrip()
        assert whole.endswith('"') or unfinished(whole, len(whole)) is not None


def test_names_of_organizations_and_venues_are_offered() -> None:
    nanyang = replace(TWELVE[0], organization="Nanyang University", venue="ACL")
    papers = [nanyang, replace(TWELVE[1], organization="NUS"), TWELVE[2]]
    index = index_of(Item(each, PaperState(), "2026-01-15") for each in papers)
    assert offered(index, "org:nan") == [('"nanyang university" ', 1)]
    assert offered(index, "org:") == [('"nanyang university" ', 1), ("nus ", 1)]
    assert offered(index, "venue:") == [("acl ", 1)]


def test_what_is_offered_gives_what_it_says(index: Index) -> None:
    for text in ("tag:", "is:", "has:", "is:read tag:", "year:", "list:"):
        for each in index.complete(text, len(text)):
            assert each.count == len(titles_of(index, text[: each.start] + each.text)), each


# Why


def test_each_term_is_reported_with_whether_it_holds_and_where(index: Index) -> None:
    reasons = index.why(parse("retreival is:read -tag:rl zebra"), TWELVE[0].key)
    assert [(r.term, r.holds, r.fields, r.instead) for r in reasons] == [
        ("retreival", True, (Field.TITLE, Field.ABSTRACT), ("retrieval",)),
        ("read", True, (), ()),
        ("not tag rl", False, (), ()),
        ("zebra", False, (), ()),
    ]
    (reason,) = index.why(parse("retrieval"), TWELVE[0].key)
    assert reason.fields == (Field.TITLE, Field.ABSTRACT)
    assert index.why(parse(""), TWELVE[0].key) == []
    with pytest.raises(KeyError):
        index.why(parse("x"), "nobody")


def test_the_words_found_instead_are_there_to_be_highlighted(index: Index) -> None:
    query = parse("retreival of -lora")
    assert index.matching(query, index.find(query, lambda name: ())) == ("retreival", "retrieval")


# What is amiss


def test_a_tag_or_list_that_nobody_made_is_reported_in_its_place(index: Index) -> None:
    assert index.notes(parse('tag:nlq list:"world model" list:none -tag:zzz tag:ml')) == [
        "No tag “nlq”. Did you mean tag:nlp?",
        'No list “world model”. Did you mean list:"world models"?',
    ]
    assert index.notes(parse("tag:nlp list:wor", typing=True)) == []


def test_a_category_or_source_that_no_paper_has_is_reported_with_the_nearest() -> None:
    named = replace(paper("On Sets"), categories=("cs.CL", "math.CO"))
    index = index_of([Item(named, PaperState())], source_names=lambda: {"hf:daily": "Morning"})
    (source,) = named.files

    def unknown(text: str) -> list[tuple[str, str]]:
        return [(each.text, each.suggestion) for each in index.diagnostics(parse(text))]

    assert unknown("cat:cs.CK -cat:zz") == [("No category “cs.CK”", "cat:cs.cl")]
    assert unknown("from:mornign") == [("No source “mornign”", "source:morning")]
    assert unknown("from:xyzzy") == [("No source “xyzzy”", "")]
    assert unknown(f"cat:math from:morn from:{source}") == []  # that of Morning brought nothing yet
    query = parse("sets cat:cs.CK")
    assert index.hint(query, index.find(query, lambda name: ())) == "sets cat:cs.cl"


def test_a_phrase_or_year_that_no_text_has_is_suggested_as_it_was_meant(index: Index) -> None:
    def suggested(text: str) -> list[str]:
        return [each.suggestion for each in index.diagnostics(parse(text))]

    assert suggested("2025 -2025 retrieval") == ["year:2025"]
    assert suggested("2024") == []  # of which there is no paper
    assert suggested('title:"Circuits in Transfromers"') == ['title:"Circuits in transformers"']
    assert suggested('abs:"of images retrieval"') == ["abs:of abs:images abs:retrieval"]
    assert suggested('"circuits of zebras" "no paper"') == []
    assert index.diagnostics(parse('"circuits in tra', typing=True)) == []


def test_papers_that_state_no_value_are_counted(index: Index) -> None:
    silent = [e for e in TWELVE if e.upvotes is None]
    assert index.notes(parse("up:>=3 lora")) == []
    assert index.notes(parse("up:>=3")) == [f"Left out: {len(silent)} papers without upvotes"]
    assert index.notes(parse("year:2025 retrieval")) == []
    undated = index_of([Item(paper("No Day"), PaperState()), Item(TWELVE[0], PaperState())])
    assert undated.notes(parse("date:2025-12")) == ["Left out: 1 paper without a date"]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("year>=2024", "year:>=2024"),
        ("up=3", "up:3"),
        ("title=lora", "title:=lora"),
        ("foo:bar", '"foo bar"'),
        ("taag:x", "tag:x"),
        ("abs:/lora", "abs:/lora/"),
    ],
)
def test_a_likely_mistake_comes_with_what_to_type(text: str, suggestion: str) -> None:
    query = parse(f"moe {text} is:unread")
    (wrong,) = query.diagnostics
    assert query.text[wrong.start : wrong.end] == text
    assert wrong.suggestion == suggestion
    assert parse(f"moe {text}", typing=True).node == parse("moe").node or ":" in text


def test_half_the_name_of_a_field_is_held_back() -> None:
    for end in range(1, 5):
        typed = parse("is:unread " + "sort"[:end], typing=True)
        assert typed.node == parse("is:unread").node
    assert parse("is:unread sort ", typing=True).node == parse("is:unread sort").node
    assert parse("is:unread sor", typing=False).node == parse("is:unread sor ").node


# Patterns


@pytest.mark.parametrize(
    "source",
    *[["(?=a)", r"(a)\1", "a{1,99}{1,99}", "(x", "x)", "[a", "[z-a]", "*", "a**", "a{3,2}"]],
)
def test_a_pattern_that_is_none_is_refused(source: str) -> None:
    with pytest.raises(RegexError):
        Regex(source)
    query = parse(f"lora /{source}/")
    assert query.diagnostics
    assert query.node == parse("lora").node


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("[a", "A regular expression has a “[” without a “]”"),
        ("a[b[c]", "“[” is not supported in a regular expression"),
        ("x)", "A regular expression has a “)” without a “(”"),
    ],
)
def test_the_reason_why_a_pattern_is_refused_is_named(source: str, reason: str) -> None:
    with pytest.raises(RegexError, match=re.escape(reason)):
        Regex(source)


@pytest.mark.parametrize("source", ["(" * 900, "(a{99}){99}", "(" * 30 + "a" + ")" * 30])
def test_a_pattern_without_measure_is_refused(source: str) -> None:
    with pytest.raises(RegexError):
        Regex(source)


@given(
    st.text("ab.*+?|[]^$\\(){}1,é B_b", max_size=12),
    st.lists(st.text("ab é_1", min_size=1, max_size=12), max_size=3),
)
def test_a_pattern_matches_what_it_matches_in_python(source: str, texts: list[str]) -> None:
    try:
        with patch("tui.query.regex._SIMPLE", 10**12):
            python = Regex(source)
        with patch("tui.query.regex._SIMPLE", 0):
            ours = Regex(source)
    except RegexError:
        return
    for text in texts:
        assert ours.search(fold(text)) is python.search(fold(text))


@pytest.mark.parametrize(
    "source", [".+.+9", "(a+)+b", "(a|a)*b", "a*a*a*b", "([a-z ]+#?)+!", "[a-z ]{15}#"]
)
def test_a_pattern_reads_each_letter_once(source: str) -> None:
    budget = Budget(2_200_000)
    regex = Regex(source, budget)
    assert not any(regex.search("a model " * 250) for _ in range(1_000))


def test_a_query_of_too_much_work_is_given_up_and_says_what_to_add(index: Index) -> None:
    with patch("tui.search.evaluator.Budget", lambda: Budget(5_000)):
        with pytest.raises(UsageError, match=r"takes too long on 12 papers") as refusal:
            titles_of(index, r"abs:/\b[a-m]+.{40}q/")
        assert titles_of(index, r"kernels abs:/pi.at.s .*/") == ["Kernels for Pirates"]
    assert "Add a word" in refusal.value.hint
    assert titles_of(index, r"abs:/\b[a-m]+.{40}q/") == []


def test_a_pattern_knows_no_case_and_no_accent(index: Index) -> None:
    assert titles_of(index, "title:/ANCHORS.*rétrieval/") == [TWELVE[0].title]
    node = parse("title:/Anch/").node
    assert isinstance(node, RegexTerm)
    assert str(node) == "/Anch/ in the title"


# Likeness and what only a screen knows


def test_why_tells_how_close_a_similar_paper_is_and_what_both_have() -> None:
    titles = ("Zebras in Space", "More Zebras in Space", "Zebras at Home", "Rocks", "Rivers")
    others = (f"Mountain {place}" for place in range(20))
    papers = [paper(title, "") for title in (*titles, *others)]
    index = index_of(Item(each, PaperState(), "2026-01-15") for each in papers)
    like = parse(f"like:{papers[0].key}")
    (first,), (second,), (other,) = (index.why(like, each.key) for each in papers[1:4])
    assert (first.place, first.shared) == (1, ("space", "zebras"))
    assert (second.place, second.shared) == (2, ("zebras",))
    assert (other.holds, other.place, other.shared) == (False, None, ())


def test_papers_like_one_come_the_likest_first_and_without_itself() -> None:
    texts = (
        ("Zebras in Space", "Zebras float through orbital meadows; zebras graze on starlight."),
        ("Zebras at Home", "Zebras graze in meadows."),
        ("More Zebras in Space", "Orbital zebras float, and graze on starlight again."),
        *((f"Paper {n}", f"Nothing of note number{n} is told in this one.") for n in range(30)),
    )
    papers = [paper(title, abstract) for title, abstract in texts]
    index = index_of(Item(each, PaperState()) for each in papers)
    with patch.object(Vectors, "scores", autospec=True, side_effect=Vectors.scores) as scores:
        assert titles_of(index, "like:zebras-in") == ["More Zebras in Space", "Zebras at Home"]
    scores.assert_called_once()
    assert titles_of(index, "like:zebras-in -home") == ["More Zebras in Space"]
    assert titles_of(index, "like:zzz") == titles_of(index, "like:paper") == []
    assert len(index.select(parse("like:zzz", typing=True), no_order)) == len(papers)


def test_what_is_selected_is_found_once_it_is_known(index: Index) -> None:
    assert titles_of(index, "is:selected") == []
    selected = frozenset({TWELVE[3].key, TWELVE[1].key, "nobody"})
    results = index.select(parse("is:selected"), no_order, selected=selected)
    assert [item.paper.title for item in results] == [TWELVE[1].title, TWELVE[3].title]
    others = index.select(parse("-is:selected"), no_order, selected=selected)
    assert len(others) == len(TWELVE) - 2


# Order, and threads


def test_an_exact_word_comes_above_a_corrected_one() -> None:
    papers = [
        paper("Nothing", "On retrieval.", published=date(2025, 1, 3)),
        paper("Nothing Else", "On lora.", published=date(2025, 1, 1)),
        paper("On Retrieval", "x", published=date(2025, 1, 2)),
    ]
    index = index_of(Item(each, PaperState()) for each in papers)
    assert titles_of(index, "lora OR retreival") == ["On Retrieval", "Nothing Else", "Nothing"]
    assert titles_of(index, "lora OR retreival sort:-relevance") == [
        "Nothing",
        "Nothing Else",
        "On Retrieval",
    ]


def test_a_question_that_was_withdrawn_is_not_answered(index: Index) -> None:
    with pytest.raises(SearchCancelledError):
        index.select(parse("/a.*b/"), no_order, cancelled=lambda: True)
    assert len(index.select(parse("/a.*b/"), no_order, cancelled=lambda: False)) > 0


def test_until_the_words_are_loaded_titles_are_searched() -> None:
    whole = index_of(Item(each, PaperState()) for each in TWELVE)
    early = Index(Evaluator(whole._evaluator.columns), whole._item, whole._read_words)
    assert not early.words_loaded
    assert titles_of(early, "retrieval") == [TWELVE[0].title]
    assert titles_of(early, "retr of") == titles_of(early, "xyz") == []
    assert titles_of(early, '"dense retrieval"') == [TWELVE[0].title]
    assert titles_of(early, "title:/^beams/") == [TWELVE[1].title]
    early.load_words()
    assert early.words_loaded
    assert titles_of(early, "retrieval") == titles_of(whole, "retrieval")


@cache
def wide() -> Index:
    """More papers than are put in order at a time."""
    return index_of(
        Item(paper(f"paper {n} of {'abc'[n % 3]} {'de'[n % 7 > 3]}"), PaperState())
        for n in range(2_300)
    )


@cache
def wide_rebuilt() -> Index:
    """An index over the same papers, rebuilt."""
    return index_of(wide().select(parse(""), no_order))


@pytest.mark.parametrize("query", ["", "a", "d -b", "sort:title e", "limit:3", "zzz", "2299"])
@pytest.mark.parametrize("before", ["", "sort:title", "b", "d", "limit:2000", "zzz", "7"])
@pytest.mark.parametrize("is_rebuilt", [False, True])
def test_the_nearest_of_a_selection_is_what_looking_at_all_finds(
    before: str, query: str, is_rebuilt: bool
) -> None:
    old, new = wide().select(parse(before), no_order), (wide_rebuilt() if is_rebuilt else wide())
    results = new.select(parse(query), no_order)
    places = {key: place for place, key in enumerate(results.keys())}
    keys = old.keys()
    for place in {0, len(keys) // 2, max(len(keys) - 1, 0)}:
        near = [places[key] for key in [*keys[place:], *reversed(keys[:place])] if key in places]
        assert results.nearest(old, place) == (near[0] if near else None)


def test_a_selection_is_what_a_list_of_it_is(index: Index) -> None:
    selection = index.select(parse("sort:title"), no_order)
    items = list(selection)
    assert selection == items
    assert selection != items[1:]
    assert selection[-1] == items[-1]
    assert selection[2:5] == items[2:5]
    assert selection[::-1] == items[::-1]
    assert selection.count("unread") == sum(e.state.status is Status.UNREAD for e in items)
    assert list(map(selection.place, selection.keys())) == list(range(len(items)))
    assert selection.place("nobody") is None
    with pytest.raises(IndexError):
        selection[len(items)]
    index.update_all({items[0].key: items[0].state})
