"""Counts with their nouns, and columns."""

import pytest

from tui.model.layout import forms, plural, table


@pytest.mark.parametrize(
    ("counted", "phrase"),
    [
        (plural(0, "paper"), "0 papers"),
        (plural(1, "paper"), "1 paper"),
        (plural(12, "paper"), "12 papers"),
        (plural(1_204, "paper"), "1,204 papers"),
        (plural(1, "library", "libraries"), "1 library"),
        (plural(2, "library", "libraries"), "2 libraries"),
    ],
)
def test_a_count_agrees_with_its_noun(counted: str, phrase: str) -> None:
    assert counted == phrase


def test_empty_columns_of_a_table_are_left_out_and_the_last_gets_half() -> None:
    rows = [(f"key{n}", "", "unread", "A Title of Many Words " * 3) for n in range(20)]
    lines = table(rows, 60)
    assert lines[0].startswith("key0   unread  A Title")
    assert {len(line) for line in lines} == {60}
    long = table([*rows, ("a-key-that-is-far-longer-than-all-others", "", "read", "B" * 60)], 60)
    assert long[:20] == lines
    assert long[20].startswith("a-key-that-is-far-longer-than-all-others  read    B")


def test_a_message_in_parts_has_shorter_forms_without_the_last_ones() -> None:
    assert forms(("Added 2 papers", "", "1 filled in", "1 left"), ", ") == [
        "Added 2 papers, 1 filled in, 1 left",
        "Added 2 papers, 1 filled in",
        "Added 2 papers",
    ]
