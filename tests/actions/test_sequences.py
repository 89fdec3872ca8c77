"""Keys, sequences of two, counts, and other layouts: what is pressed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.actions.bindings import bindings
from tui.actions.keymap import resolve
from tui.actions.registry import Binding
from tui.actions.sequences import MAX_DIGITS, KeySequence, Pressed

PAPERS = bindings("papers")
ALONE = sorted({name for row in PAPERS for name in row.keys if " " not in name and name != "0"})


def pressed(keys: str, rows: tuple[Binding, ...] = PAPERS) -> list[tuple[str, int | None]]:
    """The bindings that keys run, with the count before each; unbound ones by their name."""
    sequence = KeySequence(rows)
    results = [sequence.press(key) for key in keys.split()]
    return [
        (each.binding.id if each.binding else each.name, each.count) for each in results if each
    ]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("j", [("move.down", None)]),
        ("5 j", [("move.down", 5)]),
        ("1 0 j j", [("move.down", 10), ("move.down", None)]),
        ("2 0 G", [("move.last", 20)]),
        ("7 g g", [("move.first", 7)]),
        ("0", [("view.all", None)]),
        ("g 3", [("view.number", None)]),
        ("g Z 3 d", [("g Z", None), ("mark.dismissed", 3)]),
        ("п п 5 о", [("move.first", None), ("move.down", 5)]),
        ("5 日", [("日", None)]),
    ],
)
def test_keys_run_bindings(keys: str, expected: list[tuple[str, int | None]]) -> None:
    assert pressed(keys) == expected


@pytest.mark.parametrize("keys", ["5", "g", "3 g"])
def test_escape_ends_what_is_pending_and_does_nothing_else(keys: str) -> None:
    sequence = KeySequence(PAPERS)
    for key in keys.split():
        assert sequence.press(key) is None
    assert sequence.prefix or sequence.count
    ended = sequence.press("escape")
    assert ended is not None
    assert (ended.is_cancelled, ended.binding) == (True, None)
    assert (sequence.prefix, sequence.count) == ("", "")


def test_a_digit_that_the_user_has_bound_is_no_count() -> None:
    numbers = ",".join("123456789")
    rows, problems = resolve({"view.number": numbers})  # as it was shipped once
    assert problems == []
    assert pressed("5 j", rows) == [("view.number", None), ("move.down", None)]
    rows, _ = resolve({"5": "mark read"})
    assert pressed("5 1 5 j", rows) == [("5", None), ("move.down", 15)]


def test_the_place_of_the_key_is_told() -> None:
    sequence = KeySequence(PAPERS)
    sequence.press("g")
    result = sequence.press("4")
    assert result is not None
    assert result.binding is not None
    assert result.binding.command(result.place) == "view 4"


@given(st.integers(1, 10**MAX_DIGITS - 1), st.sampled_from(ALONE))
def test_every_count_reaches_every_key(count: int, key: str) -> None:
    sequence = KeySequence(PAPERS)
    assert [sequence.press(digit) for digit in str(count)] == [None] * len(str(count))
    result = sequence.press(key)
    assert isinstance(result, Pressed)
    if key == "escape":
        assert result.is_cancelled
    else:
        assert (result.name, result.count) == (key, count)
    assert (sequence.prefix, sequence.count) == ("", "")


def test_what_can_follow_a_key_is_listed_whole() -> None:
    sequence = KeySequence(PAPERS)
    assert sequence.continuations == {}
    sequence.press("g")
    every = {name for row in PAPERS for name in row.keys if name.startswith("g ")}
    assert sequence.continuations.keys() == every
    assert {"g g", "g ?", "g x", "g I", "g 9"} <= every
