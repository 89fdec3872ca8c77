"""Groups of papers that are alike."""

from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from tui.search.groups import Alike, distinct_groups


def alike_by(topics: str, noise: float = 0.0) -> Alike:
    """How alike papers are of which each letter names the topic."""
    rows = range(len(topics))
    return {
        row: {
            other: 2.0 * (row == other) + (topics[row] == topics[other]) + noise for other in rows
        }
        for row in rows
    }


def groups_of(topics: str, noise: float = 0.0) -> set[str]:
    groups = distinct_groups(alike_by(topics, noise), range(len(topics)), 3, ())
    return {"".join(sorted(topics[row] for row in group)) for group in groups}


def test_papers_of_several_topics_are_a_group_each() -> None:
    assert groups_of("aabbcc") == {"aa", "bb", "cc"}


def test_a_topic_that_was_split_is_one_group_again_beside_another() -> None:
    assert groups_of("aaaaaaaabb") == {"aaaaaaaa", "bb"}


def test_one_paper_apart_is_no_group() -> None:
    assert groups_of("aaaaaab") == {"aaaaaab"}


def test_topics_that_share_much_of_what_their_papers_share_are_one_group() -> None:
    assert groups_of("aabbcc", noise=0.5) == {"aa", "bb", "cc"}
    assert groups_of("aabbcc", noise=0.7) == {"aabbcc"}


def test_the_more_papers_there_are_the_more_their_topics_may_share() -> None:
    assert groups_of("aabb", noise=0.7) == {"aabb"}
    assert groups_of("a" * 12 + "b" * 8, noise=1.1) == {"a" * 12, "b" * 8}


def test_a_large_topic_does_not_hide_a_small_one() -> None:
    assert groups_of("a" * 25 + "b" * 4, noise=0.3) == {"a" * 25, "b" * 4}


likenesses = st.lists(st.floats(-1, 1), min_size=36, max_size=36)


@given(likenesses, st.data())
def test_merging_leaves_a_list_as_it_is_so_that_no_reason_that_names_it_is_lost(
    numbers: list[float], data: st.DataObject
) -> None:
    rows = range(6)
    pairs = dict(zip(((row, other) for row in rows for other in rows), numbers, strict=True))
    alike = {
        row: {other: pairs[min(row, other), max(row, other)] for other in rows} for row in rows
    }
    subsets = chain.from_iterable(combinations(rows, size) for size in range(1, 7))
    as_found = distinct_groups(alike, rows, 3, {frozenset(each) for each in subsets})
    reading_list = data.draw(st.sampled_from(as_found))
    merged = distinct_groups(alike, rows, 3, {frozenset(reading_list)})
    assert reading_list in merged
    assert sorted(chain.from_iterable(merged)) == list(rows)
    for group in as_found:
        assert any(set(group) <= set(each) for each in merged)
