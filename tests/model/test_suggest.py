"""Which names are near to one that is misspelt."""

import pytest

from tui.model.suggest import all_near, nearest


@pytest.mark.parametrize(
    ("word", "near"),
    [("raed", "read"), ("rad", "read"), ("nl", "nlp"), ("nlq", "nlp"), ("dismised", "dismissed")],
)
def test_a_name_with_few_edits_is_near(word: str, near: str) -> None:
    assert nearest(word, ["dismissed", "nlp", "read"]) == near


@pytest.mark.parametrize("word", ["9", "10", "x", "ab", ""])
def test_a_name_of_one_letter_is_near_to_no_other(word: str) -> None:
    assert all_near(word, ["1", "2", "a"]) == []


def test_a_word_of_one_letter_is_near_to_no_longer_one() -> None:
    assert all_near("1", ["10", "1"]) == ["1"]
