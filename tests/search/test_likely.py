"""What a user is likely to keep: vectors of words, what decisions weigh, the order."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.state import PaperState, Status
from tui.search import SearchCancelledError
from tui.search.decisions import NO_PREFERENCES, Decisions, Preferences
from tui.search.likely import Likely, learn, second_chances
from tui.search.vectors import Vectors, total
from tui.search.word_index import SEARCHED, Segment, WordIndex

TODAY = date(2026, 1, 15)
NIGHT = "stars galaxies telescopes night"
SEA = "whales currents reefs harbours"
MOST = 10**6


def segment(base: int, texts: list[tuple[str, str]]) -> Segment:
    others = [""] * len(SEARCHED[2:])
    return Segment.of(base, [[title, abstract, *others] for title, abstract in texts])


def vectors_of(texts: list[tuple[str, str]], *, emphasis: bool = False) -> Vectors:
    return Vectors(WordIndex([segment(0, texts)]), emphasis=emphasis)


def cut_vectors(texts: list[tuple[str, str]], cut: int, *, emphasis: bool) -> Vectors:
    """Vectors over two segments, of which one was written and read again."""
    columns = segment(min(cut, len(texts)), texts[cut:]).columns()
    again = Segment.from_columns({name: memoryview(own) for name, own in columns.items()})
    segments = [segment(0, texts[:cut]), again]
    return Vectors(WordIndex([each for each in segments if len(each)]), emphasis=emphasis)


def fields(count: int = 12) -> Vectors:
    """Papers on the night sky at even rows, on the sea at odd ones, each with words of its own."""
    kinds = [NIGHT, SEA]
    return vectors_of(
        [(kinds[row % 2].split()[row % 4], f"{kinds[row % 2]} own{row}") for row in range(count)]
    )


def order(vectors: Vectors, kept: dict[int, float], dismissed: dict[int, float]) -> Likely:
    undecided = [row for row in range(len(vectors)) if row not in {**kept, **dismissed}]
    return learn(vectors, Decisions(kept, dismissed, {}), undecided, TODAY)


def test_a_comparison_ends_as_soon_as_it_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.search.vectors._CHECK", 5)
    vectors = fields()
    answers = iter((False, True))
    with pytest.raises(SearchCancelledError):
        vectors.scores(vectors.of(0), MOST, lambda: next(answers))
    assert next(answers, None) is None  # the second check, after the first words, ended it
    assert vectors.scores(vectors.of(0), MOST, lambda: False) == vectors.scores(vectors.of(0))


words = st.lists(st.sampled_from(("ape", "bee", "cat", "dog", "elk", "fox"))).map(" ".join)
texts = st.lists(st.tuples(words, words), min_size=1, max_size=8)


@given(texts, st.integers(0, 8), st.booleans())
def test_scores_of_all_are_those_of_each_however_the_index_is_cut(
    papers: list[tuple[str, str]], cut: int, emphasis: bool
) -> None:
    vectors = cut_vectors(papers, cut, emphasis=emphasis)
    whole = vectors_of(papers, emphasis=emphasis)
    for row in range(len(papers)):
        direction = vectors.of(row)
        assert direction == pytest.approx(whole.of(row))
        scores = vectors.scores(direction, MOST)
        assert scores == pytest.approx([vectors.score(direction, r) for r in range(len(papers))])
        for word in direction:
            mean = sum(vectors.score({word: 1}, other) for other in range(len(papers)))
            less = vectors.less_common({word: 1})[word]
            assert less == pytest.approx(1 - mean / len(papers))


@given(texts, st.lists(st.dictionaries(st.integers(0, 7), st.sampled_from((0.5, 1.0, 2.0)))))
def test_sums_are_the_same_whatever_was_asked_before(
    papers: list[tuple[str, str]], states: list[dict[int, float]]
) -> None:
    vectors, count = vectors_of(papers), len(papers)
    for each in states:
        rows = {row: number for row, number in each.items() if row < count}
        fresh = vectors_of(papers)
        direction = total((number, fresh.of(row)) for row, number in rows.items())
        own = vectors.sum_of(rows)
        assert list(own.scores) == pytest.approx(fresh.scores(direction))
        assert own.counts == Counter(word for row in rows for word in fresh.of(row))
        assert own.vector == pytest.approx(direction)


@given(texts, st.integers(0, 8), st.booleans())
def test_what_all_papers_share_is_the_mean_of_their_vectors(
    papers: list[tuple[str, str]], cut: int, emphasis: bool
) -> None:
    vectors = cut_vectors(papers, cut, emphasis=emphasis)
    words = {word for row in range(len(papers)) for word in vectors.of(row)}
    mean = {word: -less for word, less in vectors.less_common(dict.fromkeys(words, 0.0)).items()}
    assert list(vectors.common) == pytest.approx(vectors.scores(mean))


def test_papers_on_one_topic_are_one_interest() -> None:
    likely = order(fields(100), dict.fromkeys(range(0, 40, 2), 1.0), {})
    assert len(likely.interests) == 1


def test_letters_numbers_and_words_of_one_paper_or_of_all_do_not_count() -> None:
    both = "all a e.g. 42 rl owl"
    texts = [(both, ""), (f"{both} cow", ""), ("all", ""), ("all", "")]
    assert set(vectors_of(texts).of(1)) == {"rl", "owl"}


def test_parts_of_a_compound_count_less_unless_they_are_there_alone() -> None:
    texts = [("", "few-shot owl"), ("shot", "few-shot owl"), ("", "")]
    compound, alone = map(vectors_of([*texts, ("", "")]).of, (0, 1))
    assert compound["fewshot"] == compound["owl"] > compound["few"] == compound["shot"]
    assert alone["shot"] > alone["owl"] > alone["few"]


def test_what_is_said_often_counts_more_to_learn_from_and_most_in_the_title() -> None:
    texts = [("owl", "elk elk elk fox"), ("owl", "elk fox"), ("", ""), ("", ""), ("", "")]
    vector = vectors_of(texts).of(0)
    assert vector["elk"] > vector["owl"] > vector["fox"]


@pytest.mark.parametrize(
    ("more", "less"),
    [
        pytest.param(("", "owl owl elk"), ("", "owl elk elk"), id="repeated"),
        pytest.param(("owl", "elk fox"), ("elk", "owl fox"), id="in the title alone"),
    ],
)
def test_with_emphasis_a_word_counts_more_that_is_repeated_or_in_the_title_alone(
    more: tuple[str, str], less: tuple[str, str]
) -> None:
    vectors = vectors_of([more, less, ("", "owl"), *[("", "")] * 4])
    plain, emphatic = (each.scores({"owl": 1.0}) for each in (vectors, vectors.emphatic))
    assert plain[0] == plain[1] > 0
    assert emphatic[0] > emphatic[1] > 0


@pytest.mark.parametrize(
    ("kept", "muted", "first"),
    [
        pytest.param(5, (), 51, id="few are kept"),
        pytest.param(40, (), 51, id="many are kept"),
        pytest.param(40, ("moon", "reef"), 50, id="the words are muted"),
    ],
)
def test_what_papers_repeat_counts_more(kept: int, muted: tuple[str, ...], first: int) -> None:
    rest = [("", "reef"), *[("", "")] * 100]
    vectors = vectors_of(
        [("", "moon")] * 50 + [("", "moon reef reef"), ("", "moon moon reef"), *rest]
    )
    decisions = Decisions(dict.fromkeys(range(kept), 1.0), {}, {})
    preferences = Preferences(dict.fromkeys(muted, False))
    likely = learn(vectors, decisions, range(50, len(vectors)), TODAY, preferences)
    assert next(row for row in likely.ranked if row in (50, 51)) == first


def test_papers_like_those_kept_come_first() -> None:
    likely = order(fields(), {0: 1, 2: 1, 4: 1, 6: 1, 8: 1}, {1: 1})
    assert likely.ranked[0] == 10
    assert sorted(likely.ranked) == [3, 5, 7, 9, 10, 11]


def test_with_too_few_papers_kept_the_order_stays() -> None:
    likely = order(fields(), {0: 1, 2: 1, 4: 1, 6: 1}, {1: 1})
    assert not likely.interests
    assert likely.order == [3, 5, 7, 8, 9, 10, 11]


def test_papers_without_words_are_neither_learned_from_nor_lost() -> None:
    vectors = vectors_of([("", "")] * 6 + [(NIGHT, "")] * 6 + [(SEA, "")] * 2)
    assert not order(vectors, dict.fromkeys(range(5), 1.0), {}).interests
    likely = order(vectors, dict.fromkeys(range(4, 11), 1.0), {})
    assert likely.ranked[0] == 11
    assert sorted(likely.ranked) == [0, 1, 2, 3, 11, 12, 13]


def test_a_paper_whose_words_are_muted_is_as_one_without_words() -> None:
    vectors = vectors_of([(NIGHT, "")] * 7 + [(SEA, "")] * 7 + [("", "")])
    kept, undecided = dict.fromkeys(range(5), 1.0), range(5, 15)
    muted = Preferences(dict.fromkeys(NIGHT.split(), False))
    likely = learn(vectors, Decisions(kept, {}, {}), undecided, TODAY, muted)
    scores = likely.interests[0].scores
    assert scores[5] == scores[6] == scores[14] == 0
    assert scores[7] < 0


def test_a_small_interest_gets_places_beside_a_large_one() -> None:
    kept = dict.fromkeys([*range(0, 40, 2), 1, 3, 5], 1.0)
    likely = order(fields(100), kept, {})
    topics = [{row % 2 for row in interest.kept} for interest in likely.interests]
    assert topics == [{0, 1}, {1}, {0}]
    assert {row % 2 for row in likely.ranked[:10]} == {0, 1}


def test_papers_dismissed_that_are_as_all_papers_are_say_nothing() -> None:
    kept = dict.fromkeys(range(0, 20, 2), 1.0)
    texts = [("", f"{NIGHT if row % 2 else SEA} own{row // 2}") for row in range(60)]
    vectors = vectors_of(texts)
    near = [
        learn(vectors, Decisions(kept, dismissed, {}), range(60), TODAY).interests[0].near
        for dismissed in ({}, dict.fromkeys(range(60), 1.0))
    ]
    assert near[0] == pytest.approx(near[1])


def test_a_list_is_an_interest_of_its_own() -> None:
    kept = dict.fromkeys([*range(0, 20, 2), *range(1, 11, 2)], 1.0)
    vectors = fields(60)
    undecided = [row for row in range(60) if row not in kept]
    decisions = Decisions(kept, {}, {"list sea": list(range(1, 11, 2))})
    likely = learn(vectors, decisions, undecided, TODAY)
    assert "list sea" in [interest.name for interest in likely.interests]
    assert {row % 2 for row in likely.ranked[:4]} == {0, 1}


rows = st.sets(st.integers(0, 99), max_size=30)


@given(st.sets(st.integers(0, 99), min_size=5, max_size=60), rows, rows, rows, st.integers(0, 400))
def test_no_paper_stands_lower_than_its_own_place_and_the_explored_ones_before_it(
    kept: set[int], dismissed: set[int], wanted: set[int], muted: set[int], days: int
) -> None:
    undecided = [row for row in range(100) if row not in kept | dismissed]
    decisions = Decisions(dict.fromkeys(kept, 1.0), dict.fromkeys(dismissed - kept, 1.0), {})
    preferences = Preferences(first=frozenset(wanted - muted), last=frozenset(muted))
    today = TODAY + timedelta(days=days)
    likely = learn(fields(100), decisions, undecided, today, preferences)
    assert sorted(likely.order) == sorted(likely.ranked) == undecided
    own = {row: place for place, row in enumerate(likely.ranked)}
    explored = 0
    for place, row in enumerate(likely.order):
        if row in likely.explored:
            assert place < own[row]
            explored += 1
        else:
            assert place <= own[row] + explored
    count = len(preferences.first.intersection(undecided))
    assert set(likely.order[:count]) == preferences.first.intersection(undecided)
    others = [row for row in likely.order[count:] if row not in muted]
    assert others[9::10][: len(likely.explored)] == likely.explored
    assert len(likely.explored) == len(others) // 20


def test_explored_papers_have_least_in_common_with_those_decided() -> None:
    alike = [f"{SEA if row % 2 else NIGHT} own{row} new{row} other{row}" for row in range(100)]
    decided = [f"{SEA if row % 2 else NIGHT} once{row // 2}" for row in range(20)]
    once = " ".join(f"once{number}" for number in range(10))
    unlike = [f"{once} own{row}" for row in range(100, 160)]
    vectors = vectors_of([("", text) for text in (*decided, *alike, *unlike)])
    kept, dismissed = dict.fromkeys(range(0, 20, 2), 1.0), dict.fromkeys(range(1, 20, 2), 1.0)
    likely = order(vectors, kept, dismissed)
    assert likely.explored
    assert min(likely.explored) >= len(decided) + len(alike)


def test_the_order_is_the_same_all_day() -> None:
    kept = {0: 1.0, 2: 1.0, 4: 1.0, 6: 1.0, 8: 1.0}
    one, other = order(fields(80), kept, {}), order(fields(80), kept, {})
    assert one.order == other.order


def test_a_dismissed_paper_of_a_muted_author_gets_no_second_chance() -> None:
    vectors = vectors_of([(NIGHT, "")] * 8 + [(SEA, "")] * 20)
    decisions = Decisions(dict.fromkeys(range(6), 1.0), {6: 1.0, 7: 1.0}, {})
    preferences = Preferences(last=frozenset({6}))
    for last, chances in ((NO_PREFERENCES, [6, 7]), (preferences, [7])):
        likely = learn(vectors, decisions, range(8, 28), TODAY, last)
        assert sorted(second_chances(vectors, likely, 5)) == chances


def changed(day: date, second: int = 0) -> str:
    return f"{day}T10:00:{second:02}+00:00"


def test_what_a_decision_weighs() -> None:
    states = [
        PaperState(starred=True, changed=changed(TODAY)),
        PaperState(lists=("moe",), changed=changed(TODAY, 1)),
        PaperState(Status.READING, changed=changed(TODAY, 2)),
        PaperState(Status.READ, tags=("nlp",), changed=changed(TODAY, 3)),
        PaperState(Status.READ, changed=changed(TODAY, 4)),
        PaperState(Status.DISMISSED, changed=changed(TODAY, 5)),
        PaperState(starred=True, snoozed_until=TODAY + timedelta(days=1)),
        PaperState(starred=True, is_removed=True),
    ]
    decisions = Decisions.of(dict(enumerate(states)), TODAY)
    assert decisions.kept == {0: 2, 1: 2, 2: 1.5, 3: 1, 4: 0.5}
    assert decisions.dismissed == {5: 1}
    assert decisions.named == {"list moe": [1], "tag nlp": [3]}


def test_what_was_marked_for_many_at_once_weighs_nothing_unless_it_is_starred_or_listed() -> None:
    bulk = dict.fromkeys(range(6), PaperState(Status.DISMISSED, changed=changed(TODAY)))
    read = dict.fromkeys(range(6, 12), PaperState(Status.READ, changed=changed(TODAY)))
    listed = dict.fromkeys(range(12, 18), PaperState(lists=("moe",), changed=changed(TODAY)))
    decisions = Decisions.of({**bulk, **read, **listed}, TODAY)
    assert not decisions.dismissed
    assert set(decisions.kept) == set(range(12, 18))


def test_a_decision_counts_half_after_half_a_year_and_never_less_than_a_quarter() -> None:
    ages = [0, 180, 360, 3_600, -30]
    states = {
        row: PaperState(starred=True, changed=changed(TODAY - timedelta(days=age)))
        for row, age in enumerate(ages)
    }
    assert list(Decisions.of(states, TODAY).kept.values()) == [2, 1, 0.5, 0.5, 2]
