"""The laws of cleaned, readable and folded text."""

import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.strategies import LATEX, LETTERS, PAYLOADS, any_text, clean_text, hostile_text
from tui.model.emphasis import emphasis
from tui.model.identifiers import find_urls
from tui.model.latex import latex_to_text
from tui.model.layout import plural, table
from tui.model.text import MAX_LINE, MAX_MARKS, normalize, normalize_lines, sanitize, sanitize_lines
from tui.model.words import fold, words

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


# readable

MACRO = re.compile(r"\\[A-Za-z]+\*?")

# Macros with well-formed arguments, accents, and everything a brace or a dollar may stand beside.
TEX_PIECES = [
    *LATEX,
    *"\\{}$~%&#_^`'\"-[]()* ",
    "\\alpha",
    "\\textbf{",
    "\\emph{word}",
    "\\mathbb{R}",
    "\\times",
    "\\begin{itemize}",
    "\\end{itemize}",
    "\\item",
    "\\cite{doe2024}",
    "\\frac{1}{2}",
    "\\url{https://a.org/b_c}",
    "\\\\",
    "\\%",
    "\\unknown",
    "``",
    "''",
    "word",
    "Pirá",
    "2.5",
    "中文",
]


def tex() -> st.SearchStrategy[str]:
    pieces = st.lists(st.sampled_from(TEX_PIECES) | st.text(LETTERS, max_size=4), max_size=12)
    return pieces.map("".join).map(normalize)


@given(tex() | clean_text())
@example("{" * 3_000 + "~")
@example("\\begin{itemize}" * 300)
@example("$" * 2_001)
def test_readable_loses_no_letter_and_its_result_is_clean(text: str) -> None:
    shown = latex_to_text(text)
    assert harm_in(shown) == []
    assert normalize(shown) == shown
    assert is_subsequence(letters(fold(MACRO.sub(" ", text))), letters(fold(shown)))


@given(st.lists(st.sampled_from([*LETTERS[:40], *" ~$%&#_^{}'\"-.,()[]", "``"])).map("".join))
def test_readable_neither_loses_nor_invents_a_letter_where_there_is_no_macro(text: str) -> None:
    text = normalize(text)
    assert letters(fold(latex_to_text(text))) == letters(fold(text))


@given(st.text([*LETTERS, *" %&#_^{}'\"-.,()[]", "中", "…"]))
def test_readable_returns_text_without_latex_as_it_is(text: str) -> None:
    assert latex_to_text(text) == text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (r"Pir\'a", "Pirá"),
        (r"Ragnar\"ok", "Ragnarök"),
        (r"Erd\H{o}s", "Erdős"),
        (r"41\%", "41%"),
        ("by ~3% and multi", "by ~3% and multi"),
        ("~18%", "~18%"),
        ("cd ~/x", "cd ~/x"),
        ("models~(PLMs)", "models (PLMs)"),
        ("code at~https://x.org/a_b", "code at https://x.org/a_b"),
        ("code~at https://x.org/~a/b~c and~on", "code at https://x.org/~a/b~c and on"),
        ("``skills''", "“skills”"),
        ('``x" y', '“x" y'),
        (r"(\eg a", "(e.g. a"),
        (r"\ie, \etal", "i.e., et al."),
        (r"named \name to", r"named \name to"),
        (r"\benchmark is", r"\benchmark is"),
        ("cost $5 and $10", "cost $5 and $10"),
        ("$10 or $20", "$10 or $20"),
        (r"$\mathcal{O}(n^2)$", "𝒪(n^2)"),
        (r"$\alpha$-divergence", "α-divergence"),
        (r"10$\times$ faster", "10× faster"),
        (r"$\sim$30%", "∼30%"),
        (r"$\ge$5", "≥5"),
        (r"a $\pm$0.5 b", "a ±0.5 b"),
        (r"\textbf{bold} text", "bold text"),
        ("50% faster. Next 20% lost?", "50% faster. Next 20% lost?"),
        (r"50% faster at 41\%, 3% ~lost", "50% faster at 41%, 3% ~lost"),
        (r"C# & $\alpha$, R&D at 5%", "C# & α, R&D at 5%"),
        ("AT&T and Q&A", "AT&T and Q&A"),
        ("C# and F#", "C# and F#"),
        ("{ViT-B}", "{ViT-B}"),
        ("{a,b}", "{a,b}"),
        ("a_b^c ~x", "a_b^c ~x"),
        ("unclosed $x here", "unclosed $x here"),
        (r"path C:\Users\me", r"path C:\Users\me"),
        (r"\cite{doe2024}", r"\cite{doe2024}"),
        ("", ""),
    ],
)
def test_readable_shows_latex_as_a_person_reads_it(raw: str, shown: str) -> None:
    assert latex_to_text(raw) == shown


@pytest.mark.parametrize(
    "text",
    [
        r"see \href{https://a.org}{here}",
        r"a title that ends in \title",
        r"a note\footnote",
        r"\textcolor{red}",
        r"\fcolorbox",
        r"\sqrt[",
        r"\input",
    ],
)
def test_readable_never_raises_whatever_macro_stands_without_its_arguments(text: str) -> None:
    assert is_subsequence(letters(MACRO.sub(" ", text)), letters(latex_to_text(text)))


@pytest.mark.parametrize(("count", "is_parsed"), [(400, True), (4_000, False)])
def test_readable_leaves_a_text_as_it_is_that_has_far_more_marks_than_an_abstract(
    count: int, is_parsed: bool
) -> None:
    text = " ".join([r"\'a"] * count)
    assert latex_to_text(text) == (text.replace(r"\'a", "á") if is_parsed else text)


@pytest.mark.parametrize(("count", "is_parsed"), [(9_000, True), (90_000, False)])
def test_readable_leaves_a_text_as_it_is_that_is_far_longer_than_an_abstract(
    count: int, is_parsed: bool
) -> None:
    text = r"\'a" + ", b" * (count // 3)
    assert latex_to_text(text) == (text.replace(r"\'a", "á") if is_parsed else text)


@pytest.mark.parametrize("text", [r"we call \frac", r"a state \ket", r"a matrix \ensuremath"])
def test_readable_shows_no_template_for_a_macro_without_its_arguments(text: str) -> None:
    assert "%" not in latex_to_text(text)


def test_readable_writes_nothing_to_the_terminal() -> None:
    script = r"from tui.model.latex import latex_to_text; latex_to_text(r'we call \frac')"
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout + result.stderr == ""


@pytest.mark.parametrize("macro", [r"\today", r"\maketitle"])
def test_readable_does_not_look_at_the_clock(macro: str) -> None:
    assert str(date.today().year) not in latex_to_text(f"on {macro} we")


def test_readable_keeps_private_use_characters() -> None:
    text = "".join(map(chr, range(0xE000, 0xE00A))) + " ~x"
    assert latex_to_text(text) == text


# fold and words


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


# find_urls


def addresses() -> st.SearchStrategy[str]:
    tail = st.text("abzAZ09/._-~:?#[]()@!$&'*+,;=%\\’”…}>", max_size=12)
    scheme = st.sampled_from(["http://", "https://", "HTTPS://", "ftp://", "javascript:", ""])
    return st.builds(
        "{}{}{}{}".format,
        st.sampled_from(["", "(", "at ", "~", "<"]),
        scheme,
        st.sampled_from(["a.org", "github.com/x/y_z", "", "-"]),
        tail,
    ).filter(lambda address: "://[" not in address)  # see the test of hosts below


@given(st.lists(addresses() | hostile_text(2), max_size=5).map(" ".join))
def test_links_are_http_have_a_host_and_end_in_no_punctuation(text: str) -> None:
    urls = find_urls(normalize(text))
    assert len(set(urls)) == len(urls)
    for url in urls:
        assert re.fullmatch(r"https?://[^\s<>\"]+", url, re.IGNORECASE)
        assert re.search(r"//[^/?#]*\w", url)
        assert url[-1] not in ".,;:!?'*\\’…“”\"`<>"
        for opened, closed in ("()", "[]", "{}"):
            assert not (url.endswith(closed) and url.count(closed) > url.count(opened))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at https://a.org/x.", ["https://a.org/x"]),
        ("(see https://a.org/x_(y)).", ["https://a.org/x_(y)"]),
        ("research.(https://huggingface.co/QCRI)", ["https://huggingface.co/QCRI"]),
        ("model~https://github.com/a/b-c!", ["https://github.com/a/b-c"]),
        (r"https://a.org/x\_y\%20", ["https://a.org/x_y%20"]),
        ("“https://a.org/”, `https://b.org`", ["https://a.org/", "https://b.org"]),
        ("<https://a.org> and https://a.org", ["https://a.org"]),
        ("https://b.org then http://a.org", ["https://b.org", "http://a.org"]),
        ("HTTPS://A.org/X", ["HTTPS://A.org/X"]),
        ("https://[::1]/x and https://u:p@h.org:8/?q=a&b=c#d",
         ["https://[::1]/x", "https://u:p@h.org:8/?q=a&b=c#d"]),
        ("https://. http:// https://) http://]/", []),
        ("javascript:alert(1) file:///etc/passwd ftp://a.org www.a.org", []),
        ("", []),
    ],
)  # fmt: skip
def test_links_come_in_order_and_once_without_what_stands_around_them(
    text: str, expected: list[str]
) -> None:
    assert list(find_urls(text)) == expected


@pytest.mark.parametrize("text", ["http://[", "http://[/x", "https://[]/"])
def test_a_link_needs_a_host(text: str) -> None:
    assert find_urls(text) == ()


@pytest.mark.parametrize("stop", ["。", "，", "）", "、", "»"])
def test_a_link_ends_before_the_punctuation_of_other_scripts(stop: str) -> None:
    assert find_urls(f"https://a.org/x{stop}") == ("https://a.org/x",)


# one_of


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


@pytest.mark.parametrize(
    ("text", "shown", "spans"),
    [
        ("**SENTINEL** (**S**entence)", "SENTINEL (Sentence)", [(0, 8, "bold"), (10, 11, "bold")]),
        ("an *important* <i>point</i>", "an important point", [(3, 12, "italic")]),
        ("run `make test`, R&amp;D &lt;3", "run make test, R&D <3", []),
        ("see [the code](https://a.org/x).", "see the code (https://a.org/x).", []),
        ("<p>One.</p><p>Two.<br/>Three</p>", "One. Two. Three ", []),
        ('<a href="https://a.org">Here</a>, H<sub>2</sub>O', "Here, H2O", []),
        ("A* Search and D*, 2 * 3 * 4, a*b*c", "A* Search and D*, 2 * 3 * 4, a*b*c", []),
        ("`a' and `b', x<y and z>w, [1] (see 2)", "`a' and `b', x<y and z>w, [1] (see 2)", []),
        ("snake_case and __init__ &unknown;", "snake_case and __init__ &unknown;", []),
    ],
)
def test_markup_that_sources_leave_is_not_shown(
    text: str, shown: str, spans: list[tuple[int, int, str]]
) -> None:
    assert emphasis(text) == (shown, spans)


@given(st.text("*`<>&;[]()ab/ ph:t", max_size=60))
def test_each_span_of_emphasis_lies_in_the_text(text: str) -> None:
    shown, spans = emphasis(text)
    assert all(0 <= start <= end <= len(shown) for start, end, _ in spans)
    assert [span[:2] for span in spans] == sorted(span[:2] for span in spans)


def test_empty_columns_of_a_table_are_left_out_and_the_last_gets_half() -> None:
    rows = [(f"key{n}", "", "unread", "A Title of Many Words " * 3) for n in range(20)]
    lines = table(rows, 60)
    assert lines[0].startswith("key0   unread  A Title")
    assert {len(line) for line in lines} == {60}
    long = table([*rows, ("a-key-that-is-far-longer-than-all-others", "", "read", "B" * 60)], 60)
    assert long[:20] == lines
    assert long[20].startswith("a-key-that-is-far-longer-than-all-others  read    B")
