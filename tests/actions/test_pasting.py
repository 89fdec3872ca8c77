"""What was read at once: a pasted text, or keys."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.actions import pastes
from tui.actions.bindings import bindings
from tui.actions.keymap import all_bindings
from tui.actions.pasting import is_likely_paste, is_paste, pasted_text
from tui.actions.sequences import is_paste_on_page

PAGES = Path(__file__).parents[2] / "seeds"
KEYS = sorted(
    {key for row in all_bindings({})[0] for name in row.keys for key in name if len(key) == 1}
)


@pytest.mark.parametrize(
    "text",
    [
        "Attention Is All You Need",
        "GPT-4 Technical Report\r",
        "Обучение без учителя для поиска\r",
        "  • 3 authors\r·\rJul 3, 2024\r\rrdu\r\rWe count the words of it.",
        "https://arxiv.org/abs/2401.12345\n",
        "2401.12345",
        "10.1145/3292500.3330701",
        "2401.00001\r2401.00002\r",
        "2401.00001\r\ndoi:10.1145/3292500.3330701\r\n",
        "@misc{key,\r  title={X},\r  year={2024},\r}\r",
        "\x1b[1mAll of the page\x1b[0m in its own colours",
        "/r/ and d/ all of these words\rand another line",
        "title,upvotes\rrdsau,12\rkqwer,13\rzxcvb,14\ruiopy,15\r",
    ],
)
def test_a_text_is_a_paste(text: str) -> None:
    assert is_paste(text)


@pytest.mark.parametrize(
    "keys",
    [
        "j",
        "gg",
        "dd",
        "jjjdd",
        "j" * 4_000,
        "jjd jjr ddd  jj rrs  jjd jjr",  # typed ahead on a slow line
        "rd" * 60 + " " * 60,
        "Lnew\rr/stochastok\rtnlp\rq",
        "Lmy thesis\rtembeddings old\r",
        "/attention is all you need\r",
        ":list add my-thesis --to the end\r",
        "\x1b[A\x1b[B\x1bOP",
        "\x15/tmp/some where/papers of mine.md\t\r",
        "\x1b[<35;10;5M" * 40,
        "日",
        "",
    ],
)
def test_keys_are_keys(keys: str) -> None:
    assert not is_paste(keys)


@pytest.mark.parametrize(
    "text",
    [
        "hello duck\r",
        "radish",
        "Teacher",
        "BERT\r",
        "Søren Auer",
        "rag\r",
        "Lars\r",
        "art\rrag\rsad\r",
        "duck\r",
        "sir\r",
        "risk\rdrum\r",
        "radius",
        "said",
        "RNN",
        "GAN",
        "join",
        "jet",
        "rag",
        "add",
        "bad",
        "read",
        "duck",
        "Task",
        "gap",
        "kind",
        "ML",
        "AI",
        "DL",
        "QA",
        "just",
        "judge",
        "work\r",
        "our\r\n",
        "GAN\r",
    ],
)
def test_a_short_text_of_words_is_likely_a_paste(text: str) -> None:
    assert not is_paste(text)
    assert is_likely_paste(text)


@pytest.mark.parametrize(
    "keys",
    [
        "rdrjd",
        "j" * 40,
        "ggjjdd",
        "tnlp\r",
        "dLthesis\r",
        "rj/bert\r",
        "en",
        "rrda\r",
        "rrd",
        "drs",
        "ddu",
        "jjra",
        "rgl",
        "ggt",
        "jjd\r",
        "rd\r",
        "ddd\r",
        "dglr\r",
        "rrdow\r",
        ":q\r",
        "x d",
        "duck/rag\r",
        "радк",
        "id",
        "ad\r",
        "VG",
        "GJ",
        "JJ",
    ],
)
def test_keys_in_a_burst_are_likely_none(keys: str) -> None:
    assert not is_likely_paste(keys)


@pytest.mark.parametrize("keys", ["rag", "radius", "duck", "duck\r", "tag\r", "du", "d\r", "did"])
def test_on_another_screen_a_short_word_is_a_paste(keys: str) -> None:
    assert pastes.is_held_on_pages(keys)


@pytest.mark.parametrize("keys", ["jj", "jjkd", "uuu", "jdjd", "12j", "gg", "Ggl", "jj\r", "gI"])
def test_on_another_screen_moves_with_one_key_beside_them_are_keys(keys: str) -> None:
    assert not pastes.is_held_on_pages(keys)


def test_on_another_screen_the_keys_of_the_user_count() -> None:
    row = next(each for each in bindings("lists") if each.id == "screen.down")
    mine = [replace(row, keys=("n",))]
    assert not is_paste_on_page([("n", ""), ("x", "")], mine)
    assert is_paste_on_page([("y", ""), ("x", "")], mine)


def test_on_other_screens_no_word_acts() -> None:
    assert set(pastes.acting_on_pages()) == {"A", "a"}


def test_few_words_act_and_few_keys_do_not() -> None:
    assert {each for each in pastes.acting("first words") if len(each) > 3} == {"KGQuiz"}
    assert not pastes.acting("titles")
    assert not pastes.acting("first two words")
    assert len(pastes.lost(20, 0)) <= pastes.BURSTS * 0.012
    assert len(pastes.lost(5, 0)) <= pastes.BURSTS * 0.035


@given(st.lists(st.sampled_from(KEYS), max_size=30).map("".join))
def test_a_few_keys_of_any_kind_in_one_line_are_no_paste_unless_they_are_words(keys: str) -> None:
    assert not is_paste(keys) or len(keys.split()) > 1 or len(set(keys)) >= 8


@given(st.sampled_from(KEYS), st.sampled_from(KEYS), st.integers(1, 3_000))
def test_keys_held_down_are_keys(first: str, second: str, count: int) -> None:
    assert not is_paste(first * count + second * count)


@pytest.mark.parametrize("size", [256, 1_024, 4_095])
@pytest.mark.parametrize("page", sorted(PAGES.glob("*.txt")), ids=lambda path: path.name)
def test_each_piece_of_a_page_is_a_paste(page: Path, size: int) -> None:
    text = page.read_text("utf-8").strip()
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    assert all(is_paste(piece) for piece in pieces[:-1])


def test_the_text_has_the_line_ends_of_a_file_and_no_colours() -> None:
    assert pasted_text("\x1b[1mone\x1b[0m\rtwo\r\nthree\n") == "one\ntwo\nthree\n"
