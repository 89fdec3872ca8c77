"""What is shown where a query finds little: parts of words, other states, most of the words."""

from datetime import date

import pytest
from hypothesis import given

from tests.search.report import AIM, REMEMBERED, corpus_index, missed
from tests.search.test_index import TODAY, WordTerm, entries_of, fact_words, no_order, questions
from tests.view_helpers import paper
from tui.model.paper import Paper
from tui.model.state import Item, PaperState, Status
from tui.query import parse
from tui.search import Index, ResultSet
from tui.search.memory import index_of

ROWS = (
    ("Transformers at Work", "How transformers work.", Status.UNREAD),
    ("Formerly Known Facts", "Facts that were known.", Status.UNREAD),
    ("A Former Life", "Nothing else.", Status.UNREAD),
    ("Performers on Stage", "A play of transformers.", Status.READ),
    ("Task-Centric Instruction Augmentation", "Instructions for each task.", Status.DISMISSED),
    ("Instruction Tuning", "Instructions again, centric to none.", Status.READING),
    ("日本語の論文要約", "要約は短い。", Status.READ),
)


@pytest.fixture(scope="module")
def index() -> Index:
    """Few papers in all states."""
    return index_of(
        (Item(paper(title, text), PaperState(status=status)) for title, text, status in ROWS),
        lambda: TODAY,
    )


def shown(index: Index, text: str) -> ResultSet:
    return index.find(parse(text, TODAY), no_order)


def titles(results: ResultSet) -> list[str]:
    return [item.paper.title for item in results]


def test_half_remembered_papers_are_among_the_first() -> None:
    assert len(REMEMBERED) == 314
    assert len(REMEMBERED) - len(list(missed(corpus_index()))) >= AIM * len(REMEMBERED)


def test_parts_of_words_stand_after_whole_words_and_beginnings(index: Index) -> None:
    matches = titles(shown(index, "former"))
    assert set(matches[:2]) == {"Formerly Known Facts", "A Former Life"}
    assert set(matches[2:]) == {"Transformers at Work", "Performers on Stage"}
    exact = index.select(parse("former"), no_order)
    assert set(titles(exact)) == set(matches[:2]), "what changes papers takes no part for a word"


def test_a_word_that_begins_none_is_searched_in_words(index: Index) -> None:
    assert titles(shown(index, "ransformer")) == ["Transformers at Work", "Performers on Stage"]
    assert index.corrections(parse("ransformer")) == {"ransformer": ("transformers",)}
    assert index.count(parse("-ransformer")) == len(ROWS), "what is taken away is never guessed"


def test_a_part_of_a_word_finds_what_a_slow_search_finds(corpus: tuple[Paper, ...]) -> None:
    items = entries_of(corpus)
    index = index_of(items, lambda: TODAY)
    for part in ("etrieval", "ormers", "nguage", "mbedding"):
        holding = {i.key for i in items if any(part in word for word in fact_words(i.paper, ""))}
        assert set(index.select(parse(part), no_order).keys()) == holding


def test_a_slip_of_a_frequent_word_is_not_taken_for_a_part_of_a_rare_one() -> None:
    index = corpus_index()
    assert index.count(parse("first-of-its-kind")) == 1
    assert index.corrections(parse("tsk")) == {"tsk": ("task",)}
    assert index.corrections(parse("ransformer"))["ransformer"][0] == "transformer"


@pytest.mark.parametrize("text", ["論文", "要約", "本語の", "title:の", "短い"])
def test_chinese_and_japanese_are_found_in_the_middle_of_a_run(index: Index, text: str) -> None:
    assert titles(index.select(parse(text), no_order)) == ["日本語の論文要約"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("tsk", "Task-Centric Instruction Augmentation"), ("fromer", "A Former Life")],
)
def test_short_and_swapped_words_are_repaired(index: Index, text: str, expected: str) -> None:
    assert expected in titles(shown(index, text))


@pytest.fixture(scope="module")
def arms() -> Index:
    """Few papers whose words have several forms."""
    return index_of(
        Item(paper(title, text), PaperState())
        for title, text in (
            ("Affordances for a Robot Arm", "Hands."),
            ("Segmentation of an Arm", "Augmenting hands."),
            ("ArmSpan: Reach", "Hands."),
            ("ICL for Hands", "They reach."),
            ("Robots", "Particle physics of hands."),
        )
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("robots affordance", "Affordances for a Robot Arm"),
        ("segmenting arms", "Segmentation of an Arm"),
        ("the paper on how one segments arms", "Segmentation of an Arm"),
        ("arm span", "ArmSpan: Reach"),
    ],
    ids=["singular", "another form", "a sentence", "two words as one"],
)
def test_what_was_meant_is_found_where_other_letters_were_typed(
    text: str, expected: str, arms: Index
) -> None:
    results = shown(arms, text)
    assert titles(results) == [expected]
    highlighted = arms.matching(parse(text), results)
    words = expected.casefold().split()
    assert any(word.startswith(prefix) for word in words for prefix in highlighted)
    assert "the" not in highlighted


def test_a_sentence_that_one_paper_has_by_other_forms_shows_the_best_others_after_it(
    arms: Index,
) -> None:
    results = shown(arms, "robots affordances arm hands")
    assert titles(results)[:2] == ["Affordances for a Robot Arm", "Robots"]
    assert results.note == "1 with all words, then those with 2 of 4 words"
    assert results.label == ""
    assert titles(shown(arms, "robots affordance")) == ["Affordances for a Robot Arm"]


def test_a_sentence_that_a_decided_paper_has_as_well_names_it() -> None:
    rows = (
        ("Robots Grasp a Cup", "With an arm and affordances.", Status.UNREAD),
        ("Affordances for Robot Arms", "They grasp.", Status.READ),
        ("Arms", "Robots.", Status.DISMISSED),
    )
    items = (Item(paper(title, text), PaperState(status=status)) for title, text, status in rows)
    index = index_of(items, lambda: TODAY)
    results = shown(index, "is:inbox the paper on how robots grasp by affordances of arms")
    assert titles(results) == ["Robots Grasp a Cup"]
    assert results.note == "1 here, 1 more among read"
    wider = shown(index, results.wider)
    assert set(titles(wider)[:2]) == {"Robots Grasp a Cup", "Affordances for Robot Arms"}


def test_what_changes_papers_takes_no_other_form_of_a_word(arms: Index) -> None:
    assert titles(arms.select(parse("robots"), no_order)) == ["Robots"]


def test_a_part_of_a_word_hides_no_paper_that_lacks_another_word(arms: Index) -> None:
    results = shown(arms, "icl hands physics")
    assert titles(results)[:2] == ["Robots", "ICL for Hands"]
    assert results.label == "2 of 3 words"


def test_papers_in_other_states_are_said(index: Index) -> None:
    results = shown(index, "is:unread transformers")
    assert titles(results) == ["Transformers at Work"]
    assert results.note == "1 here, 1 more among read"
    assert results.wider == "transformers"
    assert results.label == ""


def test_papers_in_other_states_are_shown_where_none_is_here(index: Index) -> None:
    results = shown(index, "is:unread instruct sort:title")
    assert titles(results) == ["Instruction Tuning", "Task-Centric Instruction Augmentation"]
    assert results.note == "Nothing here; showing 2 among reading and dismissed"
    assert results.label == "among reading and dismissed"
    assert results.wider == "instruct sort:title"
    assert not index.select(parse("is:unread instruct"), no_order)


def test_a_query_by_a_field_shows_papers_in_other_states_too() -> None:
    old = paper("Old", published=date(2025, 3, 1))
    index = index_of([Item(old, PaperState(status=Status.READ), "2026-01-01")], lambda: TODAY)
    results = shown(index, "is:inbox year:2025")
    assert titles(results) == ["Old"]
    assert results.note == "Nothing here; showing 1 among read"
    assert index.hint(parse("is:inbox year:2025", TODAY), results) == "year:2025"
    assert shown(index, "is:unread year:2025").note == "Nothing here; showing 1 among read"


@pytest.mark.parametrize("text", ["tag:nlp", "list:thesis", "tag:nlp year:2025", "tag:nlp tables"])
@pytest.mark.parametrize("scope", ["is:inbox", "is:unread"])
def test_a_tag_or_list_is_searched_in_other_states_before_it_is_left_out(
    scope: str, text: str
) -> None:
    def of(title: str, state: PaperState) -> Item:
        return Item(paper(title, published=date(2025, 3, 1)), state, "2026-01-01")

    named = PaperState(status=Status.READ, tags=("nlp",), lists=("thesis",))
    asked = of("Tables", named)
    others = [of("Tables of others", PaperState(status=Status.READ)), of("Rows", PaperState())]
    results = shown(index_of([asked, *others], lambda: TODAY), f"{scope} {text}")
    assert titles(results) == ["Tables"]
    assert results.note == "Nothing here; showing 1 among read"
    assert results.wider == text


def test_of_a_query_by_a_field_more_elsewhere_is_said() -> None:
    papers = [paper("Old", published=date(2025, 3, 1)), paper("New", published=date(2025, 4, 1))]
    states = (PaperState(status=Status.DISMISSED), PaperState())
    items = [Item(*pair, "2026-01-01") for pair in zip(papers, states, strict=True)]
    results = shown(index_of(items, lambda: TODAY), "is:inbox year:2025")
    assert (titles(results), results.note) == (["New"], "1 here, 1 more among dismissed")
    assert shown(index_of(items, lambda: TODAY), "is:inbox -tag:nlp").note == ""


def test_papers_in_other_states_come_best_match_first() -> None:
    items = [
        Item(paper("Newest", "Of tables."), PaperState(status=Status.READ), "2026-01-02"),
        Item(paper("Tables", "Old."), PaperState(status=Status.READ), "2026-01-01"),
    ]
    index = index_of(items, lambda: TODAY)
    assert titles(shown(index, "is:unread tables")) == ["Tables", "Newest"]


def test_most_of_the_words_are_shown_where_none_has_all(index: Index) -> None:
    results = shown(index, "augmentation tsk centric zebra")
    assert titles(results)[0] == "Task-Centric Instruction Augmentation"
    assert results.label == "3 of 4 words"
    assert results.note == "No paper has all words; showing those with 3 of 4 words"
    assert not index.select(parse("augmentation tsk centric zebra"), no_order)


def test_two_words_are_enough_however_many_others_are_wrong_or_say_nothing(index: Index) -> None:
    wrong = "half remembered zebra quokka lanterns sourdough marathon"
    results = shown(index, f"{wrong} instruction augmentation")
    assert titles(results)[0] == "Task-Centric Instruction Augmentation"
    assert results.label.endswith("of 9 words")
    assert not shown(index, wrong)


def test_most_of_the_words_are_shown_in_other_states_too(index: Index) -> None:
    results = shown(index, "is:unread augmentation centric zebra")
    assert titles(results)[0] == "Task-Centric Instruction Augmentation"
    assert results.wider == "augmentation centric zebra"


def test_papers_of_other_states_are_shown_where_they_have_more_of_the_words() -> None:
    items = [
        Item(paper("Rank of experts"), PaperState(), "2026-01-02"),
        Item(paper("Rank of sparse experts"), PaperState(status=Status.DISMISSED), "2026-01-01"),
        Item(paper("Sparse experts"), PaperState(status=Status.DISMISSED), "2026-01-01"),
    ]
    index = index_of(items, lambda: TODAY)
    results = shown(index, "is:unread rank sparse experts zebra")
    assert titles(results) == ["Rank of sparse experts"], "as many as it says"
    assert results.is_elsewhere
    assert results.note == "Nothing here; showing 1 elsewhere with 3 of 4 words"
    assert results.wider == "rank sparse experts zebra"


def test_papers_of_other_states_with_as_many_of_the_words_are_named() -> None:
    items = [
        Item(paper("Rank of experts"), PaperState(), "2026-01-02"),
        Item(paper("Sparse experts"), PaperState(status=Status.DISMISSED), "2026-01-01"),
        Item(paper("Experts"), PaperState(status=Status.READ), "2026-01-01"),
    ]
    index = index_of(items, lambda: TODAY)
    results = shown(index, "is:unread rank sparse experts zebra")
    assert titles(results) == ["Rank of experts"]
    assert results.note == "Showing papers with 2 of 4 words; 1 more among dismissed"
    assert results.wider == "rank sparse experts zebra"


@pytest.mark.parametrize("text", ["is:unread", "zebra", "is:starred", "former limit:1", "tag:x"])
def test_nothing_near_is_no_note(index: Index, text: str) -> None:
    results = shown(index, text)
    assert results.note == results.label == ""
    assert titles(results) == titles(index.select(parse(text), no_order))


@pytest.fixture(scope="module")
def items(corpus: tuple[Paper, ...]) -> list[Item]:
    return list(entries_of(corpus[:60]))


@pytest.fixture(scope="module")
def some(items: list[Item]) -> Index:
    return index_of(items, lambda: TODAY)


@given(term=questions())
def test_what_matches_comes_first_and_what_is_near_after(term: WordTerm, some: Index) -> None:
    query = parse(term.text, TODAY)
    exact = some.select(query, no_order).keys()
    matches = some.find(query, no_order).keys()
    assert matches[: len(exact)] == exact
    assert len(set(matches)) == len(matches)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("is:unread transformers", "transformers"),
        ("taag:rl former", "tag:rl former"),
        ("up:>3 former", "former"),
        ("is:inbox is:inbx", "is:inbox"),
        ("is:inbox is:foo former", "is:inbox former"),
        ("is:unread is:starrd", "is:unread is:starred"),
        ("former", ""),
    ],
)
def test_a_hint_is_the_query_that_helps(index: Index, text: str, hint: str) -> None:
    query = parse(text, TODAY)
    assert index.hint(query, index.find(query, no_order)) == hint


def test_a_state_typed_in_the_inbox_is_shown_from_elsewhere(index: Index) -> None:
    results = shown(index, "is:inbox is:dismissed")
    assert titles(results) == ["Task-Centric Instruction Augmentation"]
    assert (results.note, results.wider) == ("Nothing here; showing 1 elsewhere", "is:dismissed")
    assert titles(shown(index, "is:inbox -is:unread")) == []
    assert titles(shown(index, "is:inbox is:selected")) == []
