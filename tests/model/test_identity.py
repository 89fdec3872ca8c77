"""When records are one paper: by title, by identifier, and by what the user says."""

from collections.abc import Sequence
from itertools import permutations
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.pairs import Pair, one, record, two
from tests.model.report import is_one
from tests.strategies import clean_text, plain_words
from tui.model.identity import Identities, merge_all, title_letters
from tui.model.paper import SourceRecord

ONE: Final = list(one())
TWO: Final = list(two())


def test_there_are_enough_pairs_of_both_kinds() -> None:
    assert min(len(ONE), len(TWO)) >= 60


@pytest.mark.parametrize("pair", ONE, ids=lambda pair: f"{pair[0]}: {pair[1].title[:30]}")
def test_spellings_and_versions_are_one_paper(pair: Pair) -> None:
    assert is_one(pair)


@pytest.mark.parametrize("pair", TWO, ids=lambda pair: f"{pair[0]}: {pair[1].title[:30]}")
def test_other_titles_and_identifiers_are_another_paper(pair: Pair) -> None:
    assert not is_one(pair)


@given(title=plain_words())
def test_case_blanks_and_a_stop_make_no_difference(title: str) -> None:
    letters = title_letters(title)
    assert letters
    assert title_letters(f"{title.upper()}.") == letters
    assert title_letters(title.replace(" ", "-")) == letters


@given(title=clean_text(min_size=1))
def test_a_title_of_any_characters_has_letters_and_none_is_lost(title: str) -> None:
    letters = title_letters(title)
    assert letters
    assert title_letters(f"{title} and more") != letters


def keys(records: Sequence[SourceRecord]) -> list[str]:
    return [paper.key for paper in merge_all(records)]


def test_a_record_with_both_identifiers_joins_the_papers_of_each() -> None:
    preprint = record("On Sets", id="2405.01234")
    article = record("Sets, an Essay", id="10.1145/abc")
    both = SourceRecord("On Sets", None, "b.txt", 1, arxiv="2405.01234", doi="10.1145/abc")
    for records in permutations((preprint, article, both)):
        (paper,) = merge_all(records)
        assert paper.key == records[0].key


def test_a_title_alone_belongs_to_the_first_paper_that_has_it() -> None:
    first, second = record("On Sets", id="2405.01234"), record("On Sets", id="2405.01235")
    papers = merge_all([first, second, record("On Sets")])
    assert [len(paper.records) for paper in papers] == [2, 1]


def test_papers_with_one_slug_have_two_keys() -> None:
    first, second = keys([record("Bugs in C++"), record("Bugs in C#")])
    assert first != second
    assert {key.rpartition("-")[0] for key in (first, second)} == {"bugs-in-c"}


def test_a_later_version_keeps_the_key_and_the_highest_version() -> None:
    (paper,) = merge_all([record("On Sets", id="2405.01234v1"), record("Sets", id="2405.01234v3")])
    assert (paper.key, paper.arxiv_version) == (record("On Sets").key, 3)
    assert paper.is_updated


@given(st.permutations(["On Sets", "On Bags", "On Trees", "On Graphs"]))
def test_joined_papers_are_one_under_the_oldest_key_whatever_came_first(
    titles: list[str],
) -> None:
    by_title = {title: record(title).key for title in titles}
    chain = [
        (by_title["On Sets"], by_title["On Bags"]),
        (by_title["On Bags"], by_title["On Trees"]),
    ]
    identities = Identities(chain)
    for title in titles:
        identities.place(record(title))
    joined = [by_title[title] for title in titles if title != "On Graphs"]
    assert {identities.resolve(key) for key in joined} == {joined[0]}
    assert identities.resolve(by_title["On Graphs"]) == by_title["On Graphs"]


def test_a_join_holds_for_a_paper_that_comes_under_an_older_alias() -> None:
    first, second = record("On Sets", id="2405.01234"), record("On Bags")
    identities = Identities([("gone", second.key)])
    identities.place(second)
    placement = identities.place(first, "gone")
    assert (placement.key, placement.absorbed) == (second.key, ("gone",))


def test_papers_that_contradict_one_another_are_not_both_absorbed() -> None:
    first = record("On Sets", id="2405.01234")
    second = SourceRecord("On Bags", None, "a.txt", 1, arxiv="2405.01235", doi="10.1145/abc")
    both = SourceRecord("On Trees", None, "b.txt", 1, arxiv="2405.01234", doi="10.1145/abc")
    papers = merge_all([record("On Trees"), first, second, both])
    assert [len(paper.records) for paper in papers] == [3, 1]


def test_the_oldest_paper_keeps_its_key_also_after_others_were_absorbed() -> None:
    first, second = record("On Sets"), record("On Bags")
    both = SourceRecord("On Sets", None, "a.txt", 1, arxiv="2405.01234")
    again = SourceRecord("On Bags", None, "a.txt", 2, arxiv="2405.01234")
    older, newer = record("On Trees"), record("On Graphs", id="2405.01235")
    last = SourceRecord("On Trees", None, "b.txt", 1, arxiv="2405.01235")
    papers = merge_all([first, second, older, both, again, newer, last])
    assert [paper.key for paper in papers] == [first.key, older.key]
