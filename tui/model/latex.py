"""LaTeX as Unicode, such as authors write it in titles and abstracts."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tui.model.text import normalize
from tui.model.words import words
from tui.patterns import regex

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.macrospec import LatexContextDb

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

# What the converter does not know of LaTeX, amsmath and its companions.
_FUNCTIONS = (
    *("arccos", "arcsin", "arctan", "arg", "argmax", "argmin", "cos", "cosh", "cot", "coth", "csc"),
    *("deg", "det", "dim", "exp", "gcd", "hom", "inf", "ker", "lg", "lim", "liminf", "limsup"),
    *("ln", "log", "max", "min", "Pr", "sec", "sin", "sinh", "sup", "tan", "tanh"),
)
"""Functions, which TeX sets apart from what is beside them."""
_UNSEEN = (
    *("limits", "nolimits", "operatorname*", "operatorname", "operatornamewithlimits", "mathop"),
    *("displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "boldsymbol", "bm", "pmb"),
    *("mathstrut", "nonumber", "notag", "noindent", "left", "right", "middle"),
    *(f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", *"lrm")),
)
"""Macros that change the look of what follows, which alone is shown."""
_FONTS = ("bf", "cal", "em", "it", "rm", "sc", "sf", "sl", "tt")
"""The same, for the rest of what is in braces."""
_WRITTEN = {
    **{name: name for name in _FUNCTIONS},
    **{"liminf": "lim inf", "limsup": "lim sup", "bmod": " mod ", "mod": " mod "},
    "xspace": r"\relax{}",
    **{"coloneqq": "≔", "eqqcolon": "≕", "colon": ":", "mathbbm": r"\mathbb", "mathds": r"\mathbb"},
    **{"tfrac": r"\frac", "dfrac": r"\frac", "cfrac": r"\frac"},
}
"""What is written for other macros."""
_WITH_ARGUMENTS = {"frac": "{}/{}", "binom": "({} choose {})", "pmod": "(mod {})"}
"""What is written for macros with arguments."""
_SUM = regex(r".[-+−±=/, ]")
"""What stands in parentheses if it is divided, or divides."""


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
        source = re.sub(r"(?<!\S)~|~(?=[/\s]|$)|https?://[^\s\\{}]+", _protect, text)
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
        source = _IN_FONT.sub(lambda match: rf"\relax{{}}{{{match[1].lstrip()}}}", source)
        group = r"(?<![\\^_}\]])(?<!\\[\w'\"`^~=.])\{[^{}\\$]*\}"
        source = re.sub(group, _protect_group, source)
    if "$" not in source:
        source = re.sub(r"(?<!\\)[_^]", _protect, source)
    source = _STANDARD.sub(_written, _BEFORE_OPERATOR.sub("~", source))
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


_OPERATOR = rf"\\(?:{'|'.join(_FUNCTIONS)}|operatorname|mathop)(?![A-Za-z])"
_BEFORE_OPERATOR = regex(rf"(?<=[^\W_]|[)\]}}}}])(?={_OPERATOR})")
_IN_FONT = regex(rf"\{{\s*\\(?:{'|'.join(_FONTS)})(?![A-Za-z])([^{{}}]*)\}}")
_STANDARD = regex(
    rf"\\(?:({'|'.join(map(re.escape, (*_UNSEEN, *_FONTS)))})(?![A-Za-z])\s*"
    rf"|({'|'.join(_WRITTEN)})(?![A-Za-z])(?=(\{{|\\(?!left|[bB]ig|(?:no)?limits)[A-Za-z])?))"
)
_WITH_MACRO = regex(
    r"(?<![^\s\\])[^\s\\]*(?:\\(?:[A-Za-z]+\*?|[^A-Za-z])"
    r"(?:\s*(?:\[[^\[\]]*\]|\{(?:[^{}]|\{[^{}]*\})*\}))*[^\s\\]*)+"
)


def _written(match: re.Match[str]) -> str:
    """What is written for a macro; after a function, a space where its argument has no bracket."""
    if match[1]:
        return r"\relax{}"  # by which the converter knows that braces after it are of LaTeX
    text = _WRITTEN[match[2]]
    return f"{text}~" if match[3] and match[2] in _FUNCTIONS else text


def _quotes_and_ties(text: str) -> str:
    return text.replace("~", " ").replace("``", "\u201c").replace("''", "\u201d")


@lru_cache(maxsize=1024)  # a name in small capitals stands in an abstract again and again
def _convert(source: str) -> str:
    converter, known = _converter()
    shown: str = converter.latex_to_text(source, latex_context=known)
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
def _converter() -> "tuple[LatexNodes2Text, LatexContextDb]":
    """The converter and the macros that it can read; on demand, as importing it takes 20 ms."""
    import logging

    from pylatexenc import latexwalker
    from pylatexenc.latex2text import (
        LatexNodes2Text,
        MacroTextSpec,
        get_default_latex_context_db,
    )
    from pylatexenc.macrospec import std_macro

    # Its warnings about incomplete macros would be printed over the screen.
    logging.getLogger("pylatexenc").addHandler(logging.NullHandler())
    logging.getLogger("pylatexenc").propagate = False

    def spell_out(node: Any) -> str:
        name: str = node.macroname
        return _SHORTHANDS.get(name, "\\" + name) + str(node.macro_post_space)

    def with_arguments(node: Any, l2tobj: Any) -> str:
        texts = [l2tobj.nodelist_to_text([each]) for each in node.nodeargd.argnlist]
        if node.macroname == "frac":
            texts = [f"({text})" if _SUM.search(text) else text for text in texts]
        return _WITH_ARGUMENTS[node.macroname].format(*texts)

    macros, known = get_default_latex_context_db(), latexwalker.get_default_latex_context_db()
    # These would use the clock, or a state that an abstract does not have.
    own = [
        MacroTextSpec(name, simplify_repl=spell_out)
        for name in ("today", "maketitle", "title", "author", "date")
    ]
    own += [MacroTextSpec(name, simplify_repl=with_arguments) for name in _WITH_ARGUMENTS]
    own.append(MacroTextSpec("relax", simplify_repl=""))
    macros.add_context_category("papers-tui", macros=own, prepend=True)
    macros.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=spell_out))
    counts = {name: text.count("{") for name, text in _WITH_ARGUMENTS.items()}
    read = [std_macro(name, False, count) for name, count in counts.items()]
    known.add_context_category("papers-tui", macros=read, prepend=True)
    return LatexNodes2Text(latex_context=macros, math_mode="text", keep_comments=True), known
