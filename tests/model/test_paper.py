"""What merge, keys and records promise of papers."""

import json
import re
import unicodedata
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.strategies import (
    SEEDS,
    SPELLINGS,
    TODAY,
    clean_text,
    plain_words,
    records,
    sightings_of_one_paper,
)
from tui.errors import PapersError
from tui.formats.importers import read
from tui.model.describe import facts
from tui.model.facts import FACTS
from tui.model.fields import Detail
from tui.model.identity import merge_all
from tui.model.paper import (
    SLUG_WIDTH,
    Record,
    SourceRecord,
    from_record,
    merge,
    paper_key,
    to_record,
)
from tui.model.state import Item, PaperState
from tui.model.text import normalize
from tui.model.words import words
from tui.search.columns import Columns, row_of


def seen(**facts: Any) -> SourceRecord:
    """A sighting of one paper with the given facts."""
    return SourceRecord(
        **{"title": "On Sets", "abstract": "A.", "file": "0.txt", "line": 1, **facts}
    )


@cache
def corpus() -> tuple[SourceRecord, ...]:
    """Every sighting of the five pages."""
    return tuple(
        s
        for path in sorted(SEEDS.glob("*.txt"))
        for s in read(path.read_bytes(), path.name, today=TODAY)
    )


# merge: order


@given(sightings_of_one_paper(), st.data())
def test_merge_gives_the_same_paper_in_any_order_and_with_any_repetition(
    group: list[SourceRecord], data: st.DataObject
) -> None:
    repeated = group + data.draw(st.lists(st.sampled_from(group), max_size=4))
    assert merge(data.draw(st.permutations(repeated))) == merge(group)


@given(sightings_of_one_paper(), sightings_of_one_paper())
def test_merging_what_two_papers_were_made_of_is_merging_all_at_once(
    some: list[SourceRecord], others: list[SourceRecord]
) -> None:
    old, new = merge(some), merge(others)
    assert merge([*old.records, *new.records]) == merge(some + others)
    assert merge([*old.records, *others]) == merge(some + others)
    assert merge(old.records) == old


def test_merge_gives_the_same_paper_in_any_order_where_one_page_counts_0_and_one_nothing() -> None:
    for number in range(50):
        group = [
            seen(title=f"Paper {number}", upvotes=votes, author_count=count)
            for votes in (None, 0)
            for count in (None, 0)
        ]
        assert merge(group) == merge(group[::-1])


@given(st.lists(records(), max_size=12), st.data())
def test_merge_all_groups_by_key_and_loses_no_sighting(
    group: list[SourceRecord], data: st.DataObject
) -> None:
    papers = merge_all(group)
    assert [paper.key for paper in papers] == list(dict.fromkeys(s.key for s in group))
    assert {s for paper in papers for s in paper.records} == set(group)
    for paper in papers:
        assert {s.key for s in paper.records} == {paper.key}
    shuffled = merge_all(data.draw(st.permutations(group)))
    assert {paper.key: paper for paper in shuffled} == {paper.key: paper for paper in papers}


def test_merge_all_of_nothing_is_nothing() -> None:
    assert merge_all([]) == []


# merge: rules


@given(sightings_of_one_paper())
def test_every_fact_of_a_paper_comes_from_one_of_its_sightings(group: list[SourceRecord]) -> None:
    paper = merge(group)
    assert paper.records == tuple(sorted(paper.records, key=lambda s: (s.file, s.line)))
    assert set(paper.records) == set(group)
    assert paper.key == paper_key(paper.title)
    assert paper.title in {s.title for s in group}
    assert paper.abstract in {s.abstract for s in group}
    assert (paper.published, paper.year_inferred) in {
        (s.published, s.year_inferred and s.published is not None) for s in group
    }
    assert paper.upvotes in {s.upvotes for s in group}
    named = (paper.authors, paper.authors_incomplete)
    assert named in {(s.authors, s.authors_incomplete) for s in group}
    assert set(paper.urls) == {url for s in group for url in s.urls}
    assert len(paper.urls) == len(set(paper.urls))
    if any(s.author_count for s in group):
        assert paper.author_count in {s.author_count for s in group}
    else:
        is_known = paper.authors and not paper.authors_incomplete
        assert paper.author_count == (len(paper.authors) if is_known else None)


def of_version(version: int | None, **facts: Any) -> SourceRecord:
    """A record of a paper on arXiv."""
    return seen(**{"arxiv": "2405.01234", "arxiv_version": version, **facts})


NEW, OLD, YEARLESS = "2025-11-06", "2024-06-18", "--12-31"
MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)
SOME: dict[str, Any] = {"authors": ("A",), "authors_incomplete": True}
"""Authors of a source that does not name them all."""


@pytest.mark.parametrize(
    ("fact", "group", "merged"),
    [
        pytest.param(
            "title",
            [seen(title="On Sets", page_day=OLD), seen(title="ON SETS", page_day=NEW)],
            "ON SETS",
            id="the title of the newest page",
        ),
        pytest.param(
            "title",
            [seen(title="On Sets", page_day=OLD), seen(title="ON SETS", page_day=YEARLESS)],
            "On Sets",
            id="a page without a year is older than any with one",
        ),
        pytest.param(
            "title",
            [seen(title="On Sets", page_day=YEARLESS), seen(title="ON SETS", page_day=None)],
            "On Sets",
            id="a page without a day is the oldest",
        ),
        pytest.param(
            "title",
            [seen(title="Read this", abstract=None, page_day=NEW), seen(title="On Sets")],
            "On Sets",
            id="a source that knows more than a title",
        ),
        pytest.param(
            "title",
            [
                seen(title="arXiv:2405.01234", abstract=None, file="1"),
                seen(title="On Sets", abstract=None, file="2"),
            ],
            "On Sets",
            id="any title rather than an identifier",
        ),
        pytest.param(
            "title",
            [seen(title="On sets", file="1.txt"), seen(title="On Sets", file="0.txt", line=9)],
            "On Sets",
            id="of equally new pages the first file",
        ),
        pytest.param(
            "title",
            [seen(title="On sets", line=10), seen(title="On Sets", line=9)],
            "On Sets",
            id="in one file the first line",
        ),
        pytest.param(
            "abstract",
            [seen(abstract="It is long.", page_day=OLD), seen(abstract="It is", page_day=NEW)],
            "It is long.",
            id="the longest abstract though an older page has it",
        ),
        pytest.param(
            "abstract",
            [seen(abstract="Old.", page_day=OLD), seen(abstract="New.", page_day=NEW)],
            "New.",
            id="the newest of equally long abstracts",
        ),
        pytest.param(
            "title",
            [of_version(1, title="On Sets", page_day=NEW), of_version(2, title="On Bags")],
            "On Bags",
            id="the title of the highest version though an older page has it",
        ),
        pytest.param(
            "title",
            [of_version(None, title="On Sets", page_day=NEW), of_version(2, title="On Bags")],
            "On Bags",
            id="a version above that of a page that names none",
        ),
        pytest.param(
            "title",
            [of_version(None, title="On Sets", page_day=NEW), of_version(1, title="On Bags")],
            "On Sets",
            id="a page that names no version as good as the first",
        ),
        pytest.param(
            "title",
            [
                of_version(1, title="On Sets", page_day=NEW),
                of_version(9, title="On Bags", arxiv="2405.09999"),
            ],
            "On Sets",
            id="the version of another paper is none",
        ),
        pytest.param(
            "abstract",
            [of_version(1, abstract="It is long.", page_day=NEW), of_version(10, abstract="Now.")],
            "Now.",
            id="the abstract of the highest version though it is shorter",
        ),
        pytest.param(
            "abstract",
            [of_version(2, abstract="It is"), of_version(2, abstract="It is long.", line=2)],
            "It is long.",
            id="the longest abstract of one version",
        ),
        pytest.param(
            "abstract",
            [of_version(1, abstract="It is."), of_version(2, abstract=None)],
            "It is.",
            id="the abstract of a lower version if a higher has none",
        ),
        pytest.param(
            "abstract", [of_version(2, abstract=None)], None, id="no abstract of any version"
        ),
        pytest.param(
            "abstract", [seen(abstract=None), seen(abstract=None, line=2)], None, id="no abstract"
        ),
        pytest.param(
            "published", [seen(published=JUNE), seen(published=MAY)], MAY, id="the earliest date"
        ),
        pytest.param(
            "published",
            [seen(published=MAY, year_inferred=True), seen(published=JUNE)],
            JUNE,
            id="a written year before an inferred one",
        ),
        pytest.param(
            "stated_date",
            [seen(published=date(2024, 1, 1), date_precision="year"), seen(published=JUNE)],
            JUNE.isoformat(),
            id="a written day before a year alone",
        ),
        pytest.param(
            "stated_date",
            [
                seen(published=date(2024, 1, 1), date_precision="year"),
                seen(published=date(2024, 5, 1), date_precision="month"),
            ],
            "2024-05",
            id="a month before a year alone",
        ),
        *(
            pytest.param(
                "stated_date",
                [
                    seen(published=JUNE, year_inferred=True),
                    seen(published=date(year, 1, 1), date_precision="year"),
                ],
                stated,
                id=f"an inferred day where {year} is stated",
            )
            for year, stated in ((JUNE.year, JUNE.isoformat()), (1999, "1999"))
        ),
        pytest.param(
            "year_inferred",
            [seen(published=MAY, year_inferred=True), seen(published=JUNE)],
            False,
            id="a written year is not inferred",
        ),
        pytest.param(
            "published",
            [seen(published=d, year_inferred=True) for d in (JUNE, MAY)] + [seen()],
            MAY,
            id="the earliest inferred date where none is written",
        ),
        pytest.param(
            "year_inferred",
            [seen(published=JUNE, year_inferred=True), seen()],
            True,
            id="an inferred year stays inferred",
        ),
        pytest.param("published", [seen(), seen(line=2)], None, id="no date"),
        pytest.param("year_inferred", [seen(), seen(line=2)], False, id="no date to infer"),
        pytest.param(
            "author_count",
            [seen(author_count=3, page_day=OLD), seen(author_count=2, page_day=NEW)],
            2,
            id="the newest count of authors",
        ),
        pytest.param(
            "author_count",
            [seen(author_count=3, page_day=OLD), seen(page_day=NEW)],
            3,
            id="a count of authors though a newer page has none",
        ),
        pytest.param(
            "author_count", [seen(authors=("A", "B")), seen()], 2, id="names counted for want of it"
        ),
        pytest.param("author_count", [seen(), seen(line=2)], None, id="no authors"),
        pytest.param("author_count", [seen(**SOME)], None, id="no number where not all are named"),
        pytest.param(
            "author_count",
            [seen(**SOME), seen(author_count=9)],
            9,
            id="the stated number where not all are named",
        ),
        *(
            pytest.param("authors_incomplete", records, is_incomplete, id=what)
            for what, records, is_incomplete in (
                ("a source that names the others", [seen(**SOME), seen(authors=("A", "B"))], False),
                ("a source that names fewer", [seen(**SOME), seen(authors=())], True),
                (
                    "a newer source that names as many",
                    [seen(**SOME), seen(authors=("C",), page_day=NEW)],
                    False,
                ),
                (
                    "the same source, as it was read before",
                    [seen(authors=("A",)), seen(**SOME)],
                    True,
                ),
                (
                    "one that names more, not all",
                    [seen(authors=("A",)), seen(authors=("A", "B"), authors_incomplete=True)],
                    True,
                ),
            )
        ),
        pytest.param(
            "authors",
            [seen(authors=("A", "B"), page_day=OLD), seen(authors=("C",), page_day=NEW)],
            ("A", "B"),
            id="the longest list of names",
        ),
        pytest.param(
            "authors",
            [seen(authors=("A",), page_day=OLD), seen(authors=("C",), page_day=NEW)],
            ("C",),
            id="the newest of equally long lists",
        ),
        pytest.param(
            "authors",
            [seen(authors=(r"Kurt G{\"o}del", "A"))],
            ("Kurt Gödel", "A"),
            id="letters for accents of TeX, which old imports have",
        ),
        pytest.param(
            "upvotes",
            [seen(upvotes=90, page_day=OLD), seen(upvotes=7, page_day=NEW)],
            7,
            id="the newest votes",
        ),
        pytest.param(
            "upvotes", [seen(upvotes=0, page_day=NEW), seen(upvotes=7)], 0, id="0 votes are stated"
        ),
        pytest.param(
            "upvotes", [seen(upvotes=9), seen(page_day=NEW)], 9, id="votes an older page has"
        ),
        pytest.param(
            "upvotes",
            [seen(upvotes=3, page_day=NEW), seen(upvotes=11, page_day=NEW), seen(upvotes=90)],
            11,
            id="votes counted twice on a day",
        ),
        pytest.param(
            "urls",
            [
                seen(file="1.txt", urls=("https://c.org", "https://a.org"), page_day=NEW),
                seen(file="0.txt", urls=("https://b.org", "https://a.org")),
            ],
            ("https://b.org", "https://a.org", "https://c.org"),
            id="all links once, in the order of the sightings",
        ),
        pytest.param(
            "page_day",
            [seen(page_day=YEARLESS), seen(page_day=NEW), seen(page_day=OLD), seen()],
            NEW,
            id="the day of the newest page",
        ),
        pytest.param("page_day", [seen(), seen(line=2)], None, id="no page day"),
    ],
)
def test_merge_takes(fact: str, group: list[SourceRecord], merged: object) -> None:
    assert getattr(merge(group), fact) == merged
    assert getattr(merge(group[::-1]), fact) == merged


@pytest.mark.parametrize("field", ["title", "abstract"])
def test_a_paper_keeps_its_latex_and_shows_unicode(field: str) -> None:
    paper = merge([seen(**{field: r"Pir\'a at 41\%"})])
    assert getattr(paper, field) == r"Pir\'a at 41\%"
    assert getattr(paper, f"display_{field}") == "Pirá at 41%"


def test_a_missing_abstract_is_shown_as_nothing() -> None:
    assert merge([seen(abstract=None)]).display_abstract == ""


def test_papers_sort_by_age_those_without_a_date_first_and_by_their_page() -> None:
    oldest_first = [
        seen(),
        seen(page_day="--03-17"),
        seen(page_day=OLD),
        seen(page_day=NEW),
        seen(published=date(2019, 1, 2), page_day=NEW),
        seen(published=date(2025, 1, 1), page_day=OLD),
    ]
    columns = Columns.of(row_of(merge([record]), None) for record in oldest_first)
    assert list(columns.newest) == list(range(len(oldest_first)))[::-1]


@given(clean_text(1))
def test_the_link_of_a_paper_is_an_address_whatever_its_title(title: str) -> None:
    paper = merge([seen(title=title)])
    address = urlsplit(paper.link)
    assert (address.scheme, address.netloc) == ("https", "arxiv.org")
    assert parse_qs(address.query)["query"] == [paper.display_title]
    assert re.fullmatch(r"[!-~]+", paper.link)


# keys


@given(clean_text() | plain_words())
@example(r"The Macro \title")
@example(r"Notes on \footnote")
def test_a_key_is_short_and_plain_and_always_the_same(title: str) -> None:
    key = paper_key(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{8}", key)
    assert len(key) <= SLUG_WIDTH + 9
    assert paper_key(title) == key


@given(plain_words(), st.data())
def test_a_key_heeds_neither_case_nor_accents_nor_punctuation(
    title: str, data: st.DataObject
) -> None:
    separators = st.sampled_from([" ", "  ", " - ", ": ", " – ", "\n", ", “", "... ", "_"])
    respelt = "".join(data.draw(separators) if char == " " else char for char in title)
    decomposed = unicodedata.normalize("NFD", title)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    for same in (respelt, decomposed, bare, title.upper(), title.lower(), f"“{title}”. "):
        assert paper_key(normalize(same)) == paper_key(title)


@given(plain_words(), st.data())
def test_a_key_heeds_no_hyphen_or_apostrophe_within_a_word(title: str, data: st.DataObject) -> None:
    joints = st.sampled_from(["", "", "-", "\u2010", "\u2011", "'", "’"])
    respelt = re.sub(r"(?<=\w)(?=\w)", lambda _: data.draw(joints), title)
    assert paper_key(normalize(respelt)) == paper_key(title)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fine-Tuning LLMs", "Finetuning LLMs"),
        ("What’s Next", "Whats Next"),
        ("State-of-the-Art", "Stateoftheart"),
        ("Z̈-Evaluator", "Z-Evaluator"),
        ("हिन्दी-भाषा", "हिन्दीभाषा"),
    ],
)
def test_one_word_has_one_key_with_a_hyphen_or_an_apostrophe_or_without(
    one: str, other: str
) -> None:
    assert paper_key(one) == paper_key(other)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_key_heeds_no_spelling_of_a_title(spelling: str) -> None:
    assert paper_key(normalize(spelling)) == paper_key("Pirá: a Survey")


@pytest.mark.parametrize(
    ("title", "in_latex"),
    [
        ("Ragnarök: 41% of LLMs", r"Ragnar\"ok: 41\% of LLMs"),
        ("Erdős Graphs (PLMs)", r"Erd\H{o}s Graphs~(PLMs)"),
        ("“Skills” in α-Divergence", r"``Skills'' in $\alpha$-Divergence"),
        ("Bold Claims", r"\textbf{Bold} Claims"),
    ],
)
def test_a_key_heeds_no_latex(title: str, in_latex: str) -> None:
    assert paper_key(in_latex) == paper_key(title)


@given(plain_words(), plain_words())
def test_titles_of_other_letters_have_other_keys(one: str, other: str) -> None:
    same_letters = "".join(words(one)) == "".join(words(other))
    assert same_letters or paper_key(one) != paper_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GPT-3", "GPT-4"),
        ("A Survey of A", "A Survey of B"),
        ("x" * 200 + " one", "x" * 200 + " two"),
        ("日本語の論文", "日本語の論点"),
        ("हिन्दी", "हन्दी"),
        ("Meta World", "MetaWorld"),
        ("Fine-Tuning", "Fine Tuning"),
        ("Fine-Tuning", "Fine - Tuning"),
        ("!!!", "???"),
        (r"\name: a Survey", r"\method: a Survey"),
    ],
)
def test_a_key_shows_titles_apart(one: str, other: str) -> None:
    assert paper_key(one) != paper_key(other)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("On Sets", "on-sets"),
        ("Pirá & Co.: 41% More", "pira-co-41-more"),
        ("日本語の論文", "paper"),
        ("!?", "paper"),
        ("", "paper"),
        ("a" * 60, "a" * SLUG_WIDTH),
        ("Fine-Tuning: What’s Next", "finetuning-whats-next"),
        ("MixLoRA: Large Language Models in Fine-Tuning", "mixlora-large-language-models-in"),
        (
            "Transformers Can Do Everything Uncomplainingly",
            "transformers-can-do-everything-uncomplai",
        ),
    ],
)
def test_a_key_begins_with_the_title_as_one_would_type_it(title: str, slug: str) -> None:
    assert paper_key(title).rsplit("-", 1)[0] == slug


def test_the_corpus_has_one_key_for_each_title_and_no_two_titles_share_one() -> None:
    def bare(title: str) -> str:
        return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", title).casefold())

    keys: dict[str, set[str]] = {}
    for sighting in corpus():
        keys.setdefault(bare(sighting.title), set()).add(sighting.key)
    assert len(keys) == 268
    assert {len(of_title) for of_title in keys.values()} == {1}
    assert len({key for of_title in keys.values() for key in of_title}) == 268


# records


@given(sightings_of_one_paper())
def test_a_record_gives_back_its_paper_through_json(group: list[SourceRecord]) -> None:
    paper = merge(group)
    assert from_record(json.loads(json.dumps(to_record(paper), allow_nan=False))) == paper


def test_a_record_gives_back_every_paper_of_the_corpus() -> None:
    papers = merge_all(corpus())
    assert [from_record(json.loads(json.dumps(to_record(paper)))) for paper in papers] == papers


def test_a_source_in_a_record_repeats_only_what_it_says_differently() -> None:
    paper = merge([seen(upvotes=1, page_day=OLD), seen(upvotes=2, page_day=NEW, line=7)])
    assert to_record(paper)["sightings"] == [
        {"file": "0.txt", "line": 1, "page_day": OLD, "upvotes": 1},
        {"file": "0.txt", "line": 7, "page_day": NEW},
    ]


def full_record() -> Record:
    """A record without a missing value."""
    facts: dict[str, Any] = {
        "page_day": NEW,
        "published": MAY,
        "author_count": 3,
        "authors": ("Jane Doe",),
        "family_names": ("Doe Ray",),
        "authors_incomplete": True,
        "upvotes": 5,
        "urls": ("https://a.org",),
        "address": "https://a.org",
        "comments": 2,
        "organization": "Example University",
        "arxiv": "2405.01234",
        "arxiv_version": 3,
        "doi": "10.1234/abc",
        "categories": ("cs.CL",),
        "code_stars": 7,
        "ai_summary": "It is about sets.",
        "date_precision": "month",
        "venue": "Proceedings of Sets",
        "entry_type": "inproceedings",
        "citation_key": "doe2024",
        "volume": "12",
        "number": "3",
        "pages": "34–56",
        "publisher": "Sons",
    }
    return to_record(merge([seen(**facts)]))


FIRST_RECORD: Final[Record] = {
    "key": "on-sets-90f4a4a7",
    "title": "On Sets",
    "abstract": "A.",
    "published": "2024-05-01",
    "year_inferred": False,
    "author_count": 3,
    "authors": ["Jane Doe"],
    "upvotes": 5,
    "urls": ["https://a.org"],
    "sightings": [{"file": "0.txt", "line": 1, "page_day": "2025-11-06"}],
}
"""As the first version wrote it; whatever has been added since is missing."""


def test_a_record_of_the_first_version_lacks_what_was_added_since() -> None:
    paper = from_record(FIRST_RECORD)
    assert {name: to_record(paper)[name] for name in FIRST_RECORD} == FIRST_RECORD
    assert not [name for name in FACTS.keys() - FIRST_RECORD if getattr(paper, name)]


@pytest.mark.parametrize("field", FIRST_RECORD)
def test_a_record_without_one_of_the_first_fields_is_refused(field: str) -> None:
    record = full_record()
    del record[field]
    with pytest.raises(PapersError, match=field):
        from_record(record)


@pytest.mark.parametrize("field", [name for name, fact in FACTS.items() if fact.is_optional])
def test_a_record_may_hold_null_for_what_is_missing(field: str) -> None:
    assert getattr(from_record({**full_record(), field: None}), field) is None


WRONG: dict[str, list[object]] = {
    "key": [None, 5, ["x"]],
    "title": [None, 5, ["x"], {}],
    "abstract": [5, ["x"], True],
    "published": [20240501, "2024-13-01", "yesterday", "", ["2024-05-01"], True],
    "author_count": ["3", 3.0, True, [3]],
    "upvotes": ["3", 1.5, False, {}],
    "comments": ["3", 1.5, True],
    "arxiv": [7, []],
    "arxiv_version": ["3", 1.5],
    "year_inferred": ["no", 1, None],
    "authors": [None, 5, [5], [None], True, "Jane Doe", {"Jane": 1}],
    "urls": [None, 5, [5], [["https://a.org"]], "https://a.org"],
    "sightings": [None, 5, True, "x", [], {}, [5], [None], ["x"], [[]], {"file": "0.txt"}],
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in WRONG.items() for value in values]
)
def test_a_record_with_a_field_of_a_wrong_type_is_refused(field: str, value: object) -> None:
    with pytest.raises(PapersError, match="paper"):
        from_record({**full_record(), field: value})


@pytest.mark.parametrize(
    "wrong",
    [
        {"line": None},
        {"line": "1"},
        {"line": 1.0},
        {"line": True},
        {"file": 5},
        {"page_day": 5},
        {"title": None},
        {"published": "31 May"},
        {"urls": [5]},
    ],
)
def test_a_record_with_a_sighting_of_a_wrong_type_is_refused(wrong: Record) -> None:
    record = full_record()
    record["sightings"] = [{**record["sightings"][0], **wrong}]
    with pytest.raises(PapersError, match="paper"):
        from_record(record)


@pytest.mark.parametrize("missing", ["file", "line"])
def test_a_record_with_a_sighting_that_has_no_place_is_refused(missing: str) -> None:
    record = full_record()
    del record["sightings"][0][missing]
    with pytest.raises(PapersError, match=missing):
        from_record(record)


@pytest.mark.parametrize("record", [None, 5, "x", [], {}, {"key": "x"}])
def test_what_is_no_record_at_all_is_refused(record: Any) -> None:
    with pytest.raises(PapersError):
        from_record(record)


json_values: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from(["title", "published", "upvotes", "authors"]), json_values),
    st.dictionaries(st.sampled_from(["line", "page_day", "title", "urls", "x"]), json_values),
)
def test_any_record_gives_a_paper_that_is_kept_or_a_papers_error(
    wrong: Record, wrong_sighting: Record
) -> None:
    record = {**full_record(), **wrong}
    record["sightings"] = [{**record["sightings"][0], **wrong_sighting}]
    try:
        paper = from_record(record)
    except PapersError:
        return
    assert from_record(to_record(paper)) == paper


def test_values_cannot_be_changed_by_accident() -> None:
    paper = merge([seen()])
    assert replace(paper, title="Other").title == "Other"
    with pytest.raises(AttributeError):
        paper.title = "Other"  # type: ignore[misc]
    assert hash(paper) == hash(merge([seen()]))


@pytest.mark.parametrize(
    ("stated", "phrase"),
    [
        ({}, "Nature"),
        ({"volume": "596", "number": "7873", "pages": "583–589"}, "Nature 596(7873), 583–589"),
        ({"number": "7873", "pages": "e7"}, "Nature, e7"),
    ],
)
def test_where_a_paper_is_in_its_venue_is_said_with_it(stated: dict[str, str], phrase: str) -> None:
    item = Item(merge([seen(venue="Nature", **stated)]), PaperState())
    assert phrase in facts(item, Detail.FULL)
