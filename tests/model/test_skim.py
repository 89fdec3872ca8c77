"""What to read first in an abstract."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.skim_figure import FRESH, MENDED, misses
from tui.model.skim import sentences, skim

ABSTRACT = (
    "Recent models et al. are large. However, e.g. GPT-2 is slow since 2019. "
    "We propose Quick, a method (1) that is 3.5x faster on 12 datasets. "
    "Experiments show 40% less work in Game of Rules 7. Code: https://github.com/a/quick."
)


def test_the_sentence_that_says_what_a_paper_brings_is_found() -> None:
    brings = skim("Quick: A Method", ABSTRACT).brings
    assert brings is not None
    assert ABSTRACT[slice(*brings)].startswith("We propose Quick")


def test_numbers_are_found_with_their_unit_but_no_years_names_or_enumerations() -> None:
    numbers = [ABSTRACT[start:end] for start, end in skim("Quick", ABSTRACT).numbers]
    assert numbers == ["3.5x", "12 datasets", "40%"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("136 million video clips of it", ["136 million video clips"]),
        ("trained on 1,010,916 anonymized questions.", ["1,010,916 anonymized questions"]),
        ("improves by 5 over baselines, 40% less errors", ["5", "40%"]),
        (
            "of 7.6k diverse retrieval tasks, 43k tools",
            ["7.6k diverse retrieval tasks", "43k tools"],
        ),
        ("with 770M improves scores by 6.3%, 10x faster", ["770M", "6.3%", "10x"]),
        (
            "gains of 2-10 percentage points on 4 out of 7 tasks",
            ["2-10 percentage points", "4", "7 tasks"],
        ),
    ],
)
def test_a_number_goes_with_what_it_counts(text: str, numbers: list[str]) -> None:
    assert [text[start:end] for start, end in skim("", text).numbers] == numbers


def test_addresses_of_code_are_found() -> None:
    (code,) = skim("Quick", ABSTRACT).code
    assert ABSTRACT[slice(*code)].startswith("https://github.com/a/quick")


@pytest.mark.parametrize(
    "text", ["", "Stars shine.", "Recently, results were bad. However, so it is."]
)
def test_where_no_sentence_says_it_clearly_none_is_marked(text: str) -> None:
    assert skim("", text).brings is None


def test_neither_a_question_nor_a_hope_is_what_a_paper_brings() -> None:
    brings = "We build a telescope."
    text = (
        f"How can we build one? {brings} We study the sky to try our method. We hope we provide it."
    )
    span = skim("", text).brings
    assert span is not None
    assert text[slice(*span)] == brings


@pytest.mark.parametrize(
    "brings",
    [
        "We provide Sextant, a catalogue of stars.",
        "We present a large catalogue of stars (LCS).",
        "To overcome this, we draw on old catalogues.",
        "In this work we count stars.",
        "This open access book provides a catalogue.",
        "Here, we count stars.",
    ],
)
def test_a_name_or_a_goal_says_it_more_clearly_than_a_topic(brings: str) -> None:
    text = f"Can we show how many there are? {brings} In addition, we also see a lamp."
    span = skim("", text).brings
    assert span is not None
    assert text[slice(*span)] == brings


def test_a_name_is_clearer_than_what_is_investigated() -> None:
    text = "In this work, we investigate whether stars help. We provide Sextant, a catalogue."
    span = skim("Sextant: A Catalogue", text).brings
    assert span is not None
    assert text[slice(*span)].startswith("We provide")


@given(st.text(alphabet="ab .!?A1%()\n", max_size=80))
def test_sentences_and_marks_lie_in_the_text_in_order(text: str) -> None:
    spans = list(sentences(text))
    assert all(start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    marks = skim(text[:5], text)
    assert marks.brings is None or marks.brings in spans
    assert all(0 <= start < end <= len(text) for start, end in marks.numbers)


@pytest.mark.parametrize(("labels", "papers", "most"), [(MENDED, 140, 2), (FRESH, 40, 3)])
def test_it_is_right_as_often_as_it_was_measured(labels: Path, papers: int, most: int) -> None:
    count, wrong = misses(labels)
    assert count == papers
    assert len(wrong) <= most
