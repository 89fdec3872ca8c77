"""Letters of other layouts, and the Latin keys that they are on."""

import pytest

from tui.actions.keymap import all_bindings
from tui.actions.layouts import latin_key, shifted


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("ффпп", "aagg"),
        ("оокфгй", "jjrauq"),  # the case
        ("ОФЖБЮ", "JA:<>"),
        ("хъжэбюё", "[];',.`"),
        ("ії", "s]"),  # Ukrainian
        ("ξκσδςΣ", "jksdwS"),
        ("ירש", "hra"),
    ],
)
def test_a_letter_is_the_key_at_its_place(typed: str, same: str) -> None:
    assert "".join(map(latin_key, typed)) == same


@pytest.mark.parametrize("name", ["j", "é", "5", "", "space", "down", "日", "΄", "alt+о"])
def test_what_is_in_no_layout_is_no_other_key(name: str) -> None:
    assert latin_key(name) == ""


def test_ctrl_is_kept() -> None:
    assert latin_key("ctrl+в") == "ctrl+d"


def test_every_letter_that_is_bound_can_be_typed_in_each_alphabet() -> None:
    bound = {name for row in all_bindings({})[0] for key in row.keys for name in key.split(" ")}
    letters = {name for name in bound if len(name) == 1 and name.isalpha()}
    russian = "йцукенгшщзфывапролдячсмить"
    assert letters <= {latin_key(letter) for letter in russian + russian.upper()}


def test_shift_is_that_of_a_latin_keyboard() -> None:
    assert [shifted(each) for each in ("a", ";", "é")] == ["A", ":", "é"]
