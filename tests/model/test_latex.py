"""The laws of LaTeX as a person reads it."""

import re
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.model.test_text import harm_in, is_subsequence, letters
from tests.strategies import LATEX, LETTERS, clean_text
from tui.model.latex import latex_to_text
from tui.model.text import normalize
from tui.model.words import fold

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
        (r"$O(n\log n)$ or $\log\log n$", "O(n log n) or log log n"),
        (r"$\alpha\log{\beta}$, $x_\max$, $\exp(x)$", "α log β, x_max, exp(x)"),
        (r"$\max\{a, b\}$, $n\logits$", r"max{a, b}, n\logits"),
        (r"$\arg\min_x f$, $\argmax_x$, $\Pr(x)$", "arg min_x f, argmax_x, Pr(x)"),
        (r"$\operatorname*{arg\,max}_y$ of \operatorname{KL}", "arg max_y of KL"),
        (r"$n\operatorname{rank}(A)$, $\mathop{\rm tr} A$", "n rank(A), tr A"),
        (r"$\sum\limits_{i}x_i$, $\max\nolimits_x$", "∑_ix_i, max_x"),
        (r"$\log\left(x\right)$, $\bigl\{y\bigr\}$", "log(x), {y}"),
        (r"$\tfrac{1}{2}$, $\frac{a+b}{c}$, $\frac\alpha\beta$", "1/2, (a+b)/c, α/β"),
        (r"$\binom{n}{k} \bmod p$, $x \pmod{n}$", "(n choose k) mod p, x (mod n)"),
        (r"$\boldsymbol\theta\coloneqq\bm{x}$", "θ≔x"),
        (
            r"{\bf LoRA is} {\em all} and GPT\xspace{} is, GPT\xspace.",
            "LoRA is all and GPT is, GPT.",
        ),
        (r"\url{https://a.org/b} here", "<https://a.org/b> here"),
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
