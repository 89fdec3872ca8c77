"""What two texts have in common, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from tui.model.word_diff import Part, Word, marked, share_kept, word_diff, wrapped

texts = st.lists(st.sampled_from(["on", "sets", "bags", "and", "trees"]), max_size=12).map(" ".join)


@given(one=texts, other=texts)
def test_each_text_can_be_read_from_the_diff(one: str, other: str) -> None:
    diff = word_diff(one, other)
    assert " ".join(word.text for word in diff if word.part is not Part.ADDED) == one
    assert " ".join(word.text for word in diff if word.part is not Part.REMOVED) == other


def test_runs_are_marked_at_both_ends() -> None:
    diff = marked(word_diff("on finite sets", "on small finite bags"))
    assert " ".join(word.text for word in diff) == "on {+small+} finite [-sets-] {+bags+}"


def test_the_share_is_that_of_the_first_text() -> None:
    assert share_kept("on sets", "we write on sets here") == 1
    assert share_kept("we write on sets here", "on sets") == 0.4
    assert share_kept("", "on sets") == 0


@given(text=texts, width=st.integers(1, 30))
def test_lines_are_as_wide_as_they_may_be_and_lose_nothing(text: str, width: int) -> None:
    words = [Word(word, Part.SAME) for word in text.split()]
    lines = list(wrapped(words, width))
    assert [word for line in lines for word in line] == words
    assert all(len(" ".join(w.text for w in line)) <= width for line in lines if len(line) > 1)


def test_a_megabyte_of_the_same_word_is_compared_at_once(patience: None) -> None:
    assert share_kept("a " * 30_000, "b " * 30_000 + "a") < 0.1
