r"""Values of bibliographies in TeX as texts, such as ``{LoRA}: Schr{\"o}dinger \& Co``.

Mathematics stays as it is, as titles and abstracts keep their LaTeX; see ``model.text``.
"""

import re
import unicodedata
from itertools import pairwise
from typing import Final

from tui.model.latex import latex_to_text

_MATHEMATICS: Final = re.compile(r"((?<!\\)\$[^$]{0,500}(?<!\\)\$)")
_ACCENTS: Final = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
}
_ACCENT: Final = re.compile(
    r"\\(?:([`'^~=.\"])\s*|([uHrvdck])(?:\s+|(?=[{\\])))"
    r"(?:\{\s*\\?([^\W\d_])\s*\}|\\([ij])(?![A-Za-z])\s*|([^\W\d_]))"
)
_LETTERS: Final = {
    **{"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ"},
    **{"OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "dh": "ð", "th": "þ", "textendash": "–"},
    **{"textemdash": "—", "textquoteright": "’", "textasciitilde": "~", "textbackslash": "\\"},
    **{"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^", "ldots": "…"},
    **{"dots": "…", "textquotedblleft": "“", "textquotedblright": "”"},
    **{name: name for name in ("LaTeX", "BibTeX", "TeX")},
}
_LETTER: Final = re.compile(
    rf"\\({'|'.join(sorted(_LETTERS, reverse=True))})(?![A-Za-z])(?:\{{\}}|\s+)?"
)
_FONT: Final = re.compile(
    r"\\(?:em|bf|it|tt|sc|rm|sl|sf|emph|text(?:bf|it|tt|sc|rm|sf|sl|up|normal)?|mbox|enquote|url"
    r"|href\s*\{[^{}]*\})(?![A-Za-z])\s*"
)
"""Macros of which only the argument is shown."""
_TOKEN: Final = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}]|[^\\{}]+|\\", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\([%&#_${}])")
_SIGNS: Final = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))
_LITERAL: Final = {char: chr(0xE010 + place) for place, char in enumerate("\\{}~^%&#_$")}
"""Characters that stand for themselves, until all of TeX is gone."""
_PRIVATE: Final = re.compile(f"[{''.join(_LITERAL.values())}]")
_RESTORE: Final = {private: char for char, private in _LITERAL.items()}
_PLAIN: Final = re.compile(r"[^\\{}$~`'-]*")


def tex_to_text(value: str) -> str:
    """A value without its TeX, except mathematics.

    Braces that keep the case of letters go; those of macros are left to ``latex_to_text``.
    """
    if _PLAIN.fullmatch(value):
        return value
    if "$" not in value:
        return _of_text(value)
    pieces = _MATHEMATICS.split(value)
    pieces[0::2] = map(_of_text, pieces[0::2])
    pieces[1::2] = map(_of_mathematics, pieces[1::2])
    return "".join(pieces)


def _of_mathematics(piece: str) -> str:
    """Mathematics as it is; a single character, such as ``$<$``, as that."""
    return piece[1] if len(piece) == 3 else piece


def _of_text(piece: str) -> str:
    if "\\" in piece and "\\\\" not in piece:
        for sign in "%&#":  # which mean nothing to ``latex_to_text`` without their backslash
            piece = piece.replace(f"\\{sign}", sign)
    if "\\" in piece:  # by now seldom
        piece = _ESCAPED.sub(lambda match: _LITERAL[match[1]], piece)
        piece = _ACCENT.sub(_accented, piece)
        piece = _FONT.sub("", _LETTER.sub(_letter, piece))
    for sign, char in _SIGNS:
        piece = piece.replace(sign, char)
    if "{" in piece or "}" in piece:
        piece = _without_braces(piece) if "\\" in piece else piece.replace("{", "").replace("}", "")
    if "\\" in piece and (text := piece.strip()):
        piece = piece.replace(text, latex_to_text(text))  # blanks part it from what is around it
    piece = piece.replace("~", " ")
    return piece if piece.isascii() else _PRIVATE.sub(lambda match: _RESTORE[match[0]], piece)


def _accented(match: re.Match[str]) -> str:
    accent, letter = match[1] or match[2], match[3] or match[4] or match[5]
    return unicodedata.normalize("NFC", letter + _ACCENTS[accent])


def _letter(match: re.Match[str]) -> str:
    letter = _LETTERS[match[1]]
    return _LITERAL.get(letter, letter)


def _without_braces(text: str) -> str:
    """A text without the braces that are neither of a macro's arguments nor around a macro."""
    tokens = [*_TOKEN.findall(text), ""]
    parts: list[str] = []
    kept: list[bool] = []
    before = ""
    for token, after in pairwise(tokens):
        if token == "{":
            is_kept = before[:1] == "\\" or before == "}" or after[:1] == "\\"
            kept.append(is_kept)
        else:
            is_kept = token != "}" or (bool(kept) and kept.pop())
        if is_kept:
            parts.append(token)
        before = token if is_kept else ""
    return "".join(parts)
