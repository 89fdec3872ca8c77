"""The laws of folded text and its words."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import LETTERS, hostile_text
from tui.model.words import fold, words


@given(hostile_text())
def test_fold_is_idempotent_and_ignores_case(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.casefold()) == fold(text)


@given(st.text(LETTERS))
def test_fold_ignores_capitals_and_how_an_accent_is_written(text: str) -> None:
    assert fold(text.upper()) == fold(text) == fold(text.lower())
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Pirá", "pira"),
        ("RAGNARÖK", "ragnarok"),
        ("Łódź Ærø Þór", "lodz aero thor"),
        ("Straße", "strasse"),
        ("ﬁne ①", "fine 1"),
        ("Ёлка", "елка"),
        ("İstanbul ısı", "istanbul isi"),
        ("हिन्दी", "हिन्दी"),
        ("한국어", "한국어"),
        ("𝒪(n²)", "o(n2)"),
    ],
)
def test_fold_drops_accents_where_they_are_no_vowels(text: str, folded: str) -> None:
    assert fold(text) == folded


def is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def without_stray_marks(text: str) -> str:
    """The text without the marks that stand on no letter and no digit."""
    kept = " "
    for char in text:
        if not is_mark(char) or kept[-1].isalnum() or is_mark(kept[-1]):
            kept += char
    return kept[1:]


@given(hostile_text())
def test_words_are_folded_runs_of_letters_and_digits_and_miss_none(text: str) -> None:
    folded = fold(text)
    assert words(folded) == words(text)
    assert "".join(re.findall(r"[^\W_]", "".join(words(text)))) == "".join(
        re.findall(r"[^\W_]", folded)
    )
    tidy = without_stray_marks(re.sub("[\ufe00-\ufe0f]", "", folded))
    matches = words(tidy)
    assert all(word[0].isalnum() for word in matches)
    assert "".join(matches) == "".join(c for c in tidy if c.isalnum() or is_mark(c))
    assert words(" ".join(matches)) == matches


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("❤\ufe0f Sets", ["sets"]),
        ("❤\ufe0fSets", ["sets"]),
        ("5\ufe0f", ["5"]),
        ("…\u0902", []),
    ],
)
def test_words_hold_no_mark_that_is_no_vowel(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GPT-4's few_shot (3×)", ["gpt", "4", "s", "few", "shot", "3"]),
        ("Pirá: état de l’art", ["pira", "etat", "de", "l", "art"]),
        ("日本語 NLP", ["日本語", "nlp"]),
        ("हिन्दी", ["हिन्दी"]),
        ("… -- !", []),
        ("", []),
    ],
)
def test_words_part_at_everything_else(text: str, expected: list[str]) -> None:
    assert words(text) == expected
