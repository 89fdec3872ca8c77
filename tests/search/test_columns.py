"""What a file of columns promises: what was saved comes back, and nothing else ever does."""

from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import any_text
from tui.search.bitset import bits_of, not_negative
from tui.search.cache_file import Column, StringColumn, load, save


@given(st.lists(any_text(12).map(lambda text: text.replace("\n", " ")), max_size=8))
def test_texts_come_back_one_by_one_and_all_at_once(texts: list[str]) -> None:
    packed = StringColumn.of(texts)
    expected = [text.encode(errors="replace") for text in texts]
    assert [packed[row] for row in range(len(packed))] == list(packed) == expected
    assert [packed.row_at(end - 1) for end in packed.ends] == list(range(len(texts)))
    both = packed.and_more(texts)
    assert list(both) == expected * 2


@given(st.lists(st.sampled_from([-1, 0, 1, 127, 255, 10**9])))
def test_a_number_is_there_unless_it_is_negative(numbers: list[int]) -> None:
    for column in (array("i", numbers), array("b", [min(number, 127) for number in numbers])):
        bits = bits_of(len(numbers), [row for row, number in enumerate(numbers) if number >= 0])
        assert not_negative(column) == not_negative(memoryview(column)) == bits


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "columns"


COLUMNS: Final[Mapping[str, Column]] = dict[str, Column](
    few=array("I", [3, 1, 4]), none=array("Q"), text=b"abc", low=array("i", [-1])
)


def test_columns_come_back_as_they_were(path: Path) -> None:
    save(path, COLUMNS)
    columns = load(path)
    assert columns is not None
    assert {name: list(column) for name, column in columns.items()} == {
        name: list(column) for name, column in COLUMNS.items()
    }
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_no_byte_of_a_file_can_change_unseen(path: Path) -> None:
    save(path, COLUMNS)
    whole = path.read_bytes()
    columns = load(path)
    assert columns is not None
    contents = {name: bytes(column) for name, column in columns.items()}
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        other = load(path)  # padding may differ, what is told may not
        assert other is None or {n: bytes(c) for n, c in other.items()} == contents, place
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        assert load(path) is None
    path.write_bytes(whole + b"\0")
    assert load(path) is None


def test_a_file_that_is_not_there_or_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    assert load(tmp_path / "missing") is None
    (tmp_path / "file").write_bytes(b"x")
    save(tmp_path / "file" / "columns", COLUMNS)
    assert load(tmp_path / "file" / "columns") is None
    assert load(tmp_path) is None
