"""LaTeX as Unicode, such as authors write it in titles and abstracts."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tui.model.text import normalize
from tui.model.words import words
from tui.patterns import regex

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

_ESCAPED = regex(r"\\([%&#_$])")
_HARD_LATEX = regex(r"\\[^%&#_$]|\\$|(?<!\\)\$")
_MACRO = regex(r"\\[A-Za-z]+\*?")
_MARK = regex(r"[^\w\s.,()-]|_")
_MOST_MARKS = 1_000
"""Marks in a text that is parsed, which takes some 20 µs for each; those of abstracts have 100."""
_LONGEST = 20_000
"""Characters of a text that is parsed, which takes some 5 µs for each; abstracts have 2,000."""

# Common shorthands that no package defines.
_SHORTHANDS = {
    "eg": "e.g.",
    "ie": "i.e.",
    "etal": "et al.",
    "etc": "etc.",
    "wrt": "w.r.t.",
    "aka": "a.k.a.",
    "vs": "vs.",
}


def latex_to_text(text: str) -> str:
    r"""LaTeX as Unicode: ``Pir\'a`` is Pirá, ``41\%`` is 41%, ``by ~3%`` keeps its tilde.

    A macro that only its authors could expand (``\name``) stays visible. If any word would be lost,
    or if it is far longer or has far more marks than an abstract, the text is returned unchanged.

    Args:
        text: A normalized title or abstract.
    """
    # To look for each mark is much faster than a regular expression, and than to look for two.
    if "\\" in text or "~" in text or "$" in text or ("`" in text and "``" in text):
        return _converted(text)
    return text


@lru_cache(maxsize=4096)  # of the few texts that have any, so that a whole library's stay
def _converted(text: str) -> str:
    """A text with marks of LaTeX as Unicode."""
    if _PRIVATE.search(text):
        return text
    # " ~3" means about, URLs stay as they are, other tildes are non-breaking spaces.
    source = text
    if "~" in text or "://" in text:
        source = re.sub(r"(?<!\S)~|~(?=[/\s]|$)|https?://[^\s\\]+", _protect, text)
    if not (("\\" in text or "$" in text) and _HARD_LATEX.search(text)):
        # Most abstracts need no parser, which takes milliseconds per text.
        source = _quotes_and_ties(_ESCAPED.sub(r"\1", source))
        return normalize(_restored(source))
    if len(text) > _LONGEST or len(_MARK.findall(text)) > _MOST_MARKS:
        return text
    # In an abstract a bare % is a per cent sign, not a comment, and braces without a macro, as in
    # {ViT-B}, are literal.
    source = _protect_money(source)
    source = re.sub(r"(?<!\\)[%&#]", _protect, source)
    if "{" in source:
        group = r"(?<![\\^_}\]])(?<!\\[\w'\"`^~=.])\{[^{}\\$]*\}"
        source = re.sub(group, _protect_group, source)
    if "$" not in source:
        source = re.sub(r"(?<!\\)[_^]", _protect, source)
    source = _BEFORE_OPERATOR.sub("~", _AFTER_OPERATOR.sub(r"\g<0>~", source))
    try:
        if "$" in source or r"\begin" in source:
            shown = _convert(source)
        else:  # only words with macros, as parsing takes milliseconds
            shown = _WITH_MACRO.sub(lambda match: _convert(match.group()), source)
            shown = _quotes_and_ties(shown)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return text  # raised by pylatexenc at an incomplete macro
    shown = normalize(_restored(shown).replace("\xa0", " "))
    is_whole = shown and shown.count("%s") <= text.count("%s") and _keeps_words(text, shown)
    return shown if is_whole else text


# TeX sets the name of a function apart from what is beside it.
_OPERATOR = (
    r"\\(?:(?:arc)?(?:sin|cos|tan)h?|arg|deg|det|dim|exp|gcd|inf|ker|lg|lim(?:inf|sup)?|ln|log"
    r"|max|min|sup|Pr)(?![A-Za-z])"
)
_BEFORE_OPERATOR = regex(rf"(?<=[^\W_]|[)\]}}])(?={_OPERATOR})")
_AFTER_OPERATOR = regex(rf"{_OPERATOR}(?=\{{|\\(?!left|[bB]ig|(?:no)?limits)[A-Za-z])")
_WITH_MACRO = regex(
    r"(?<![^\s\\])[^\s\\]*(?:\\(?:[A-Za-z]+\*?|[^A-Za-z])"
    r"(?:\s*(?:\[[^\[\]]*\]|\{(?:[^{}]|\{[^{}]*\})*\}))*[^\s\\]*)+"
)


def _quotes_and_ties(text: str) -> str:
    return text.replace("~", " ").replace("``", "\u201c").replace("''", "\u201d")


@lru_cache(maxsize=1024)  # a name in small capitals stands in an abstract again and again
def _convert(source: str) -> str:
    shown: str = _converter().latex_to_text(source)
    return shown


# Characters that the converter must not touch are replaced by private-use ones.
_LITERAL = {char: chr(0xE000 + place) for place, char in enumerate("%&#$~{}_^")}
_RESTORE = {private: char for char, private in _LITERAL.items()}
_PRIVATE = regex("[\ue000-\ue00f]")


def _restored(text: str) -> str:
    return text if text.isascii() else _PRIVATE.sub(lambda match: _RESTORE[match[0]], text)


def _protect(match: re.Match[str]) -> str:
    return "".join(_LITERAL.get(char, char) for char in match.group())


def _protect_group(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 40) : match.start()]
    opened_by_macro = re.search(r"\\[A-Za-z]+\*?$", before)
    return match.group() if opened_by_macro else _protect(match)


_DOLLAR = regex(r"(?<!\\)\$")


def _protect_money(text: str) -> str:
    """Protects dollar signs that do not delimit mathematics: ``$5 and $10``."""
    parts: list[str] = []
    place = 0
    while opening := _DOLLAR.search(text, place):
        closing = _DOLLAR.search(text, opening.end())
        if closing and _is_mathematics(
            text[opening.end() : closing.start()], text[closing.end() :]
        ):
            parts.append(text[place : closing.end()])
            place = closing.end()
        else:
            parts += [text[place : opening.start()], _LITERAL["$"]]
            place = opening.end()
    return "".join([*parts, text[place:]])


def _is_mathematics(body: str, rest: str) -> bool:
    if not body or body != body.strip():
        return False
    if re.search(r"[\\^_{}=<>]", body):
        return True
    if " " in body:
        return False
    return not body[0].isdigit() or (body.isdigit() and not rest[:1].isdigit())


def _keeps_words(text: str, shown: str) -> bool:
    """Whether all letters and digits of the text, except macro names, are still there in order."""
    wanted, there = _MACRO.sub(" ", text).split(" "), shown.split(" ")
    for _ in range(2):  # what both begin or end with need not be compared letter by letter
        while wanted and there and wanted[-1] == there[-1]:
            wanted.pop()
            there.pop()
        wanted.reverse()
        there.reverse()
    remaining = iter("".join(words(" ".join(there))))
    return all(letter in remaining for letter in "".join(words(" ".join(wanted))))


@lru_cache(maxsize=1)
def _converter() -> "LatexNodes2Text":
    """The converter, created on demand, as importing it takes 20 ms."""
    import logging

    from pylatexenc.latex2text import (
        LatexNodes2Text,
        MacroTextSpec,
        get_default_latex_context_db,
    )

    # Its warnings about incomplete macros would be printed over the screen.
    logging.getLogger("pylatexenc").addHandler(logging.NullHandler())
    logging.getLogger("pylatexenc").propagate = False

    def spell_out(node: Any) -> str:
        name: str = node.macroname
        return _SHORTHANDS.get(name, "\\" + name) + str(node.macro_post_space)

    macros = get_default_latex_context_db()
    # These would use the clock, or a state that an abstract does not have.
    own = [
        MacroTextSpec(name, simplify_repl=spell_out)
        for name in ("today", "maketitle", "title", "author", "date")
    ]
    macros.add_context_category("papers-tui", macros=own, prepend=True)
    macros.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=spell_out))
    return LatexNodes2Text(latex_context=macros, math_mode="text", keep_comments=True)
