"""The laws of cleaned and safe text."""

import unicodedata
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.strategies import LETTERS, PAYLOADS, any_text, hostile_text
from tui.model.text import MAX_LINE, MAX_MARKS, normalize, normalize_lines, sanitize, sanitize_lines

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HIDING = {
    *"\xad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\ufff9\ufffa\ufffb",
    *map(chr, range(0x1BCA0, 0x1BCA4)),  # the controls of shorthand
    *map(chr, range(0x1D173, 0x1D17B)),  # and of music
}
HARMFUL_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}


def harm_in(text: str) -> list[str]:
    """The characters of a text that a terminal should never get, as their code points."""
    return [
        f"U+{ord(char):04X}"
        for char in text
        if char in BIDI
        or char in HIDING
        or unicodedata.category(char) in HARMFUL_CATEGORIES
        or 0xE0000 <= ord(char) <= 0xE0FFF
        or 0xFDD0 <= ord(char) <= 0xFDEF
        or char in "\ufffe\uffff"
        or (char.isspace() and char != " ")
    ]


def harm_in_line(line: str) -> list[str]:
    """The same, of a line that may have any spaces, and tabs."""
    plain = (" " if char == "\t" or unicodedata.category(char) == "Zs" else char for char in line)
    return harm_in("".join(plain))


def letters(text: str) -> str:
    """The letters and digits of a text, taken apart: an accent may move, its letter may not."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if char.isalnum())


def longest_run_of_marks(text: str) -> int:
    marks = "".join("m" if unicodedata.category(c) in ("Mn", "Me") else " " for c in text)
    return max(map(len, marks.split()), default=0)


def is_subsequence(part: str, text: str) -> bool:
    rest = iter(text)
    return all(char in rest for char in part)


def characters_of(*categories: str) -> Iterable[str]:
    return (c for c in map(chr, range(0x110000)) if unicodedata.category(c) in categories)


# clean


@given(hostile_text())
def test_clean_leaves_one_line_without_anything_harmful(text: str) -> None:
    cleaned = normalize(text)
    assert harm_in(cleaned) == []
    assert len(cleaned.splitlines()) <= 1
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    cleaned.encode()


@given(hostile_text())
@example("\u212b\u200d\u212b")  # NFC replaces the letters by ones that are not joined
@example("中\u0300\u0301\u0302\u0303\u0610\u200d中")  # the cap drops the mark before the joiner
def test_clean_changes_nothing_that_it_has_cleaned(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(hostile_text())
def test_clean_loses_no_letter_and_no_digit(text: str) -> None:
    assert letters(normalize(text)) == letters(text)


@given(st.text(LETTERS + list(" -.,:()[]/\\~$%&#_^'\"“”–—…•·∀∑中文한국어")))
def test_clean_composes_harmless_text_and_tidies_its_spaces_and_does_no_more(text: str) -> None:
    assert normalize(text) == " ".join(unicodedata.normalize("NFC", text).split())


def test_clean_leaves_no_character_of_a_harmful_category_anywhere_in_unicode() -> None:
    for char in characters_of("Cc", "Cs", "Zl", "Zp", "Zs"):
        assert harm_in(normalize(f"x{char}y")) == [], f"U+{ord(char):04X}"


def test_clean_keeps_every_letter_and_digit_of_unicode() -> None:
    for start in range(0, 0x110000, 0x1000):
        text = "".join(c for c in map(chr, range(start, start + 0x1000)) if c.isalnum())
        assert letters(normalize(text)) == letters(text)


@pytest.mark.parametrize("char", sorted(BIDI | HIDING))
def test_clean_removes_what_reorders_or_hides(char: str) -> None:
    assert normalize(f"ab{char}cd") == "abcd"


@pytest.mark.parametrize(
    "line_break",
    [*"\n\r\t\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029\xa0\u3000", "\r\n", "\n\n \t\n"],
)
def test_clean_makes_one_space_of_any_break_or_space(line_break: str) -> None:
    assert normalize(f"one{line_break}two") == "one two"


@pytest.mark.parametrize(
    ("hostile", "cleaned"),
    [
        ("\x1b]0;title\x07", "�]0;title�"),
        ("\x1b[2J", "�[2J"),
        ("\x9b31m", "�31m"),
        ("a\x00b\x7f", "a�b�"),
        ("lone \ud800", "lone �"),
        ("\u202egnp.exe", "gnp.exe"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
        ("e\u0301", "é"),
        ("tag\U000e0041", "tag"),
        ("", ""),
        (" \n\t ", ""),
    ],
)
def test_clean_shows_a_wrong_character_as_wrong_and_leaves_markup_alone(
    hostile: str, cleaned: str
) -> None:
    assert normalize(hostile) == cleaned


@pytest.mark.parametrize("joined", ["نمی\u200cخواهم", "👩\u200d👩\u200d👧", "क्\u200dष"])
def test_clean_keeps_joiners_where_a_script_or_an_emoji_needs_them(joined: str) -> None:
    assert normalize(joined) == joined


@pytest.mark.parametrize("stray", ["pay\u200dpal", "\u200cab", "ab\u200d", "a \u200d\u200d b"])
def test_clean_removes_joiners_elsewhere(stray: str) -> None:
    assert "\u200c" not in normalize(stray)
    assert "\u200d" not in normalize(stray)


@pytest.mark.parametrize("base", ["e", "z", "中", "ا"])
def test_clean_caps_the_marks_on_one_base(base: str) -> None:
    assert longest_run_of_marks(normalize(base + "\u0316" * 2_000)) == MAX_MARKS
    assert normalize(f"{base}\u0316!") == unicodedata.normalize("NFC", f"{base}\u0316!")


def test_clean_caps_the_marks_though_joiners_stand_between_them() -> None:
    stack = normalize("中" + "\u0591\u0592\u0593\u0594\u200d" * 500)
    assert longest_run_of_marks(stack.replace("\u200d", "")) <= MAX_MARKS


@given(hostile_text(), st.integers(1, 30))
def test_clean_cuts_to_the_limit_and_says_so(text: str, limit: int) -> None:
    whole, cut = normalize(text), normalize(text, limit)
    assert len(cut) <= limit
    if len(whole) <= limit:
        assert cut == whole
    else:
        assert cut.endswith("…")
        assert whole.startswith(cut[:-1])


# safe


@pytest.mark.parametrize("length", [1, 200])
def test_what_is_left_as_it_is_at_a_glance_is_what_normalizing_leaves(length: int) -> None:
    for char in map(chr, range(0x2400)):
        text = f"a{char}a" * length
        assert sanitize(text, 1_000) == normalize(text, 1_000)


@given(hostile_text())
def test_safe_gives_one_harmless_line_and_leaves_a_safe_one_as_it_is(text: str) -> None:
    shown = sanitize(text)
    assert harm_in(shown) == []
    assert len(shown.splitlines()) <= 1
    assert sanitize(shown) == shown
    assert letters(shown) == letters(text)


@given(any_text(60), st.integers(1, 60))
def test_safe_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(sanitize(text, limit)) <= limit


@pytest.mark.parametrize("megabyte", ["a" * 1_000_000, "a\u0301" * 500_000, "\x1b[2J" * 250_000])
def test_safe_bounds_a_megabyte(megabyte: str) -> None:
    shown = sanitize(megabyte)
    assert len(shown) == MAX_LINE
    assert shown.endswith("…")
    assert harm_in(shown) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_safe_disarms_each_known_payload(payload: str) -> None:
    assert harm_in(sanitize(payload)) == []


@given(st.lists(hostile_text(3), min_size=1, max_size=5))
def test_safe_lines_keeps_the_line_feeds_and_makes_each_line_safe(lines: list[str]) -> None:
    text = "\n".join(lines)
    shown = sanitize_lines(text)
    words = [line.split() for line in shown.split("\n")]
    assert words == [sanitize(line).split() for line in text.split("\n")]
    assert [harm_in_line(line) for line in shown.split("\n")] == [[]] * (text.count("\n") + 1)
    assert all(len(line) <= 9 for line in sanitize_lines(text, 9).split("\n"))


@given(hostile_text())
def test_lines_keep_their_spaces_and_become_as_safe_as_a_paragraph(text: str) -> None:
    lines = normalize_lines(text)
    assert normalize_lines(lines) == lines
    assert lines.split() == normalize(text).split()
    assert [harm_in_line(line) for line in lines.split("\n") if harm_in_line(line)] == []
    for typed, kept in zip(text.splitlines(), lines.split("\n"), strict=False):
        if typed.isascii() and typed.replace("\t", "").isprintable():
            assert kept == typed.rstrip()


def test_lines_keep_tabs_and_the_spaces_of_other_scripts() -> None:
    note = "all:\n\techo  hi\t# x\n全角　空白\nno\xa0break\u202f!"
    assert normalize_lines(note + " \t\xa0\n") == note
    assert sanitize_lines(note) == note
