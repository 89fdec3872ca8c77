"""Why a paper is where it is among the likely ones: only what is true."""

from hypothesis import given
from hypothesis import strategies as st

from tests.search.test_likely import NIGHT, SEA, TODAY, vectors_of
from tui.search.decisions import Decisions
from tui.search.grounds import Grounds, Level, Reasons, nearest
from tui.search.likely import learn
from tui.search.vectors import Vectors

OTHERS = [(f"mountain {n} peak", f"glaciers valley{n % 7} ridge{n % 5}") for n in range(60)]
"""So many that words of the night and of the sea are rare."""


def library() -> Vectors:
    """Six papers on the night sky, six on the sea, then others."""
    return vectors_of([(NIGHT, "")] * 6 + [(SEA, "")] * 6 + OTHERS)


def why(
    row: int, kept: list[int], dismissed: list[int], named: dict[str, list[int]] | None = None
) -> Grounds:
    vectors = library()
    decisions = Decisions(dict.fromkeys(kept, 1.0), dict.fromkeys(dismissed, 1.0), named or {})
    undecided = [row for row in range(len(vectors)) if row not in {*kept, *dismissed}]
    return Reasons(vectors, learn(vectors, decisions, undecided, TODAY)).of(row)


def test_a_reason_names_words_that_papers_kept_have_and_counts_these() -> None:
    reason = why(5, [0, 1, 2, 3, 4, 12], [])
    assert set(reason.words) < set(NIGHT.split())
    assert (reason.having, reason.kept) == ((5, 5, 5), 6)
    first, second, third = reason.words
    counts = f"“{first}” is in 5, “{second}” in 5 and “{third}” in 5"
    assert str(reason) == f"{counts} of 6 papers you kept or read"


def test_each_word_has_its_own_count_and_is_written_as_in_the_paper() -> None:
    papers = [("orbit", "in-context probing")] * 3 + [("orbit", "probing")] * 2
    vectors = vectors_of([*papers, ("orbit", "In-Context probing via radios"), *OTHERS])
    likely = learn(vectors, Decisions(dict.fromkeys(range(5), 1.0), {}, {}), [5, 6], TODAY)
    reason = Reasons(vectors, likely).of(5)
    assert dict(zip(reason.words, reason.having, strict=True)) == {
        "orbit": 5,
        "probing": 5,
        "in-context": 3,
    }


def test_plain_english_is_no_reason_however_rare() -> None:
    papers = [("significantly via", "orbit between gains")] * 6
    vectors = vectors_of([*papers, *OTHERS])
    likely = learn(vectors, Decisions(dict.fromkeys(range(5), 1.0), {}, {}), [5, 6], TODAY)
    assert Reasons(vectors, likely).of(5).words == ("orbit",)
    assert vectors.shared(0, 5) == ("orbit",)


def test_the_end_of_an_address_is_no_reason() -> None:
    vectors = vectors_of([("orbit", "see site.github.io")] * 6 + OTHERS)
    likely = learn(vectors, Decisions(dict.fromkeys(range(5), 1.0), {}, {}), [5, 6], TODAY)
    assert not any(word.startswith(".") for word in Reasons(vectors, likely).of(5).words)
    assert not any(word.startswith(".") for word in vectors.shared(0, 5))


LESS = "shares less with papers you kept or read than with others"


def test_a_paper_of_other_words_shares_less_than_with_others() -> None:
    assert str(why(6, [0, 1, 2, 3, 4], [])) == LESS


def test_a_word_of_two_papers_kept_is_no_reason() -> None:
    assert str(why(8, [0, 1, 2, 3, 4, 6, 7], [])) == "little known yet"


def test_a_word_of_papers_dismissed_is_said_if_three_have_it() -> None:
    assert str(why(11, [0, 1, 2, 3, 4], [6, 7, 8])).endswith("” is in 3 dismissed papers")
    assert str(why(11, [0, 1, 2, 3, 4], [6, 7])) == LESS


def test_a_paper_that_shares_more_with_others_has_no_reason_in_favour() -> None:
    papers = [(f"{NIGHT} harbour", "")] * 5 + [(f"{SEA} harbour", "")] * 30
    vectors = vectors_of([*papers, *OTHERS, *OTHERS])
    decisions = Decisions(dict.fromkeys(range(5), 1.0), dict.fromkeys((6, 7), 1.0), {})
    reason = Reasons(vectors, learn(vectors, decisions, [5, 40], TODAY)).of(5)
    assert reason.words == ()
    assert str(reason) == LESS


def test_nothing_speaks_against_a_paper_that_is_high() -> None:
    assert not why(5, [0, 1, 2, 3, 4], [6, 7, 8, 9]).against


def test_a_list_is_named_where_it_is_the_reason() -> None:
    reason = why(11, [0, 1, 2, 3, 4, 6, 7, 8, 9, 10], [], {"list sea": [6, 7, 8, 9, 10]})
    assert str(reason).endswith(" in 5 of 5 papers of list sea")


def test_a_small_list_is_named_if_its_papers_are_a_group() -> None:
    named = {"list night": [0, 1, 2, 3, 4], "list sea": [6, 7, 8], "tag two": [6, 7]}
    reason = why(11, [0, 1, 2, 3, 4, 6, 7, 8], [], named)
    assert str(reason).endswith(" in 3 of 3 papers of list sea")


def test_a_paper_that_is_further_up_to_learn_from_says_so() -> None:
    vectors = library()
    kept = dict.fromkeys(range(5), 1.0)
    undecided = list(range(5, len(vectors)))
    likely = learn(vectors, Decisions(kept, {}, {}), undecided, TODAY)
    reasons = Reasons(vectors, likely)
    assert {reasons.of(row).brief for row in likely.explored} == {"little known"}
    others = set(undecided).difference(likely.explored)
    assert "little known" not in {reasons.of(row).brief for row in others}


@given(
    st.sets(st.integers(0, 71), min_size=5, max_size=20),
    st.sets(st.integers(0, 71), max_size=20),
    st.integers(0, 71),
)
def test_whatever_a_reason_says_is_true(kept: set[int], dismissed: set[int], row: int) -> None:
    vectors = library()
    dismissed -= kept
    reason = why(row, sorted(kept), sorted(dismissed))
    for word, having in zip(reason.words, reason.having, strict=True):
        assert word in vectors.of(row)
        assert having == sum(word in vectors.of(other) for other in kept) >= 3
    if reason.against:
        assert reason.against in vectors.of(row)
        assert reason.dismissed == sum(reason.against in vectors.of(d) for d in dismissed) >= 3


def test_a_paper_near_one_of_several_groups_is_not_said_to_share_less() -> None:
    mixed = [(" ".join([*NIGHT.split()[:n], *OTHERS[n][1].split()]), "") for n in range(4)]
    papers = [*mixed, *[(NIGHT, "")] * 4, *[(SEA, "")] * 12, *OTHERS[:20]]
    kept = dict.fromkeys(range(4, 20), 1.0)
    vectors = vectors_of(papers)
    undecided = [row for row in range(len(papers)) if row not in kept]
    likely = learn(vectors, Decisions(kept, {}, {}), undecided, TODAY)
    reasons = Reasons(vectors, likely)
    low = {row for row in undecided if reasons.of(row).is_low}
    assert low == {
        row for row in undecided if all(each.near[row] < 0 for each in likely.interests)
    }.difference(likely.explored)
    assert any(likely.interests[0].near[row] < 0 for row in range(4) if row not in low)


def test_a_paper_like_those_kept_is_likely_and_a_row_says_so_in_a_few_words() -> None:
    reason = why(5, [0, 1, 2, 3, 4, 12, 20, 28, 36], [])
    assert reason.level is Level.LIKELY
    assert reason.brief.startswith("likely: ")
    assert why(6, [0, 1, 2, 3, 4], []).brief == ""
    assert why(11, [0, 1, 2, 3, 4], [6, 7, 8]).brief.startswith("dismissed: ")


def test_the_nearest_other_papers_come_first_with_the_words_in_common() -> None:
    first, *_ = nearest(library(), 5, [20, 5, 0, 6], 3)
    assert first.row == 0
    assert set(first.words) < set(NIGHT.split())
