"""Pastes that a terminal hands over as if they were typed, told from keys by what is in them.

Terminals without bracketed paste (older multiplexers, serial consoles, ``tmux paste-buffer``
without ``-p``) write the whole text at once. A read of the input may also hold many keys: of a key
held down, of a script, or typed ahead on a slow line. So what was read is a paste if it has

- a line of three words and twenty characters, among them eight different letters, unless that is
  its only line and begins with the key of a query or a command, ``/``, ``:`` or ``|``;
- or several lines of forty characters in all, among them twelve different ones;
- or a line with an address, arXiv id or DOI alone;

and if its letters are rather those of English than those of triage. A shorter one is likely a paste
if its letters are clearly those of English: ``hello`` is, ``rdrjd`` is not, and ``dad`` cannot be
told. It is one, too, if it is a line alone that would open an answer and confirm it, as ``rag``
would; if a line is ended that opened nothing, as by ``duck``; or if it has the shape of a word and
its letters would do several things, as those of ``said`` and ``rag`` would, or of an acronym, as
``ML``. Two small letters are keys: a pasted ``id`` is what two keys on a slow line are.

Control characters other than tabs and line ends are keys, and colours are neither.
"""

import re
from typing import Final

from tui.patterns import regex

_COLOUR: Final = regex(r"\x1b\[[0-9;:]*m")
_CONTROL: Final = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_COMMAND: Final = regex(r"[/:|]\S")
_WORD: Final = regex(r"[^\W\d_]{2,}")
_ADDRESS: Final = regex(r"(https?://|www\.|doi:|arxiv:|10\.\d{4}|\d{4}\.\d{4})\S+\s*", re.I)
_WEIGHTS: Final = {
    letter: weight
    for weight, letters in {
        -12: "j",
        -4: "dk",
        -3: "x",
        -2: "rGNJK",
        -1: "uqz",
        1: "asgwyADLV",
        2: "v",
        3: "i",
        4: "tolmbfBCEFHIMOPQRSTUWXYZ",
        5: "cp",
        6: "en",
        7: "h",
    }.items()
    for letter in letters
}
"""How much more a letter tells of English than of triage: twice the logarithm of how much more
frequent it is in titles than among the keys of ``tests/actions/pastes.py``."""
_ACCENTED: Final = frozenset(map(chr, range(0xC0, 0x250)))
_CHORD: Final = regex(r"g[aghklrsu]")
_TYPED: Final = regex(r"[\w .$*]*?([/:|]\S|L[b-df-hjkmnp-tv-xz]|t[b-dfgj-np-qsvxz+-])")
"""Keys, the last of which opens a line for text that follows, and is not the begin of a word."""
_OPENERS: Final = frozenset("Late")
"""Keys that open a line for an answer."""
_ASKING: Final = _OPENERS | frozenset("AEFMOSTfow")
"""Keys that may open a line, a question or another screen."""
_MOVING: Final = frozenset("jkJKGnp")
_EXTENDING: Final = _MOVING | {"V"}
"""Keys that move, and the one that has moving select."""
_OPENING: Final = frozenset("aegt")
"""Keys that begin a sequence, or open a line, perhaps in the middle of a word."""
_BEGIN: Final = regex(
    r"([bcdfgkpt]r|[bcfgps]l|s[chkmnpqtw]|str|[cgpstwr]h|[dt]w|[kg]n|wr|[a-z])?[aeiouy]", re.I
)
"""How a word begins: some consonants, if any, and a vowel."""
_NO_WORD: Final = regex(
    r"(?<=.)j|^j[^eou]|aa|ii|uu|[dgk]x|dk|k[dg]|x[drs]|[dgk]r$|rrd|^u[adr]|(.)\1\1", re.I
)
"""Sequences that keys of triage have and words hardly ever."""
_LONGEST_WORD: Final = 12
"""Letters of a word alone: more are told by their weights."""
_LONGEST: Final = 9
"""Letters of a line with the key that opens it and the answer: more are told by their weights."""
_FEWEST: Final = 3
"""The fewest letters of a paste in small ones: two are what a fast hand types on a slow line."""
_CLEAR: Final = 3
"""The weight from which on letters are clearly those of English."""


def is_paste(text: str) -> bool:
    """Whether what was read at once is a pasted text and not keys."""
    bare = _COLOUR.sub("", text)
    if _CONTROL.search(bare):
        return False
    lines = _lines(bare)
    if any(_ADDRESS.fullmatch(line.strip()) for line in lines):
        return True
    is_command = _COMMAND.match(bare) is not None and not any(lines[1:])
    is_prose = not is_command and any(map(_is_prose, lines))
    is_block = any(lines[1:]) and len(bare) >= 40 and len(set(bare)) >= 12
    return (is_prose or is_block) and _weight(bare) >= 0


def is_likely_paste(text: str) -> bool:
    """Whether what was read at once is more likely a pasted text than keys, though it is short."""
    if _is_acting_word(text.rstrip("\r\n")):
        return True
    if sum(map(str.isalpha, _CHORD.sub("", text))) < _FEWEST or _CONTROL.search(text):
        return False
    every = _lines(text)
    lines, ended = list(filter(None, every)), every[:-1]
    typed = [_TYPED.match(line) for line in lines]
    if text[-1] in "\r\n" and not any(typed) and all(map(_is_answer, lines)):
        return True
    if all(map(str.isalpha, lines)) and any(map(_is_word, ended)):
        return True
    keys = (
        line[: match.end() - 2] if match else line for line, match in zip(lines, typed, strict=True)
    )
    return sum(map(_weight, keys)) >= _CLEAR


def is_burst(text: str) -> bool:
    """Whether what was read at once are several different characters, and no control sequence."""
    return len(set(text)) > 1 and not _CONTROL.search(text)


def _is_answer(line: str) -> bool:
    """Whether a line is a short word in which a key opens a line for the letters after it."""
    return line.isalpha() and len(line) <= _LONGEST and not _OPENERS.isdisjoint(line[:-1][:3])


def _is_word(line: str) -> bool:
    """Whether a line that is ended is a word, as its end would answer nothing.

    Its letters are commands of several kinds, of which none opens anything.
    """
    letters = _letters(line)
    return len(letters) >= _FEWEST and len(set(letters) - _MOVING) > 1


def _is_acting_word(text: str) -> bool:
    """Whether letters have the shape of a word, and would do several different things.

    An acronym is one, too, of two letters already, as capital letters are rare among keys, except
    those that move.
    Else these are three commands, or two if one of them opens something for the letters after it,
    or if no letter of four or more repeats.
    """
    if not (text.isalpha() and text.isascii() and 1 < len(text) <= _LONGEST_WORD):
        return False
    if text.isupper() and len(set(text)) > 1 and not _EXTENDING.issuperset(text):
        return True
    is_cased = text.islower() or text.istitle() or text.isupper()
    if len(text) < _FEWEST or not (is_cased and _BEGIN.match(text)) or _NO_WORD.search(text):
        return False
    count = len(set(text) - _MOVING)
    opens = not _OPENING.isdisjoint(text[:-1]) and not _CHORD.fullmatch(text[-2:])
    is_plain = len(set(text)) == len(text) > _FEWEST
    return count > 2 or (count == 2 and (opens or is_plain))


def _letters(line: str) -> str:
    """The letters of a word without chords; none if they are rather keys, or some are typed."""
    is_short = line.isalpha() and line.isascii() and len(line) <= _LONGEST_WORD
    is_word = is_short and "j" not in line and line[0] != "a" and _ASKING.isdisjoint(line)
    return _CHORD.sub("", line) if is_word else ""


def _lines(text: str) -> list[str]:
    return text.split("\r" if "\r" in text else "\n")


def _is_prose(line: str) -> bool:
    words = _WORD.findall(line)
    return len(words) >= 3 and len(line) >= 20 and len(set("".join(words))) >= 8


def _weight(text: str) -> int:
    """How much letters tell of English."""
    letters = _CHORD.sub("", text)
    return sum(_WEIGHTS.get(each, 4 if each in _ACCENTED else 0) for each in letters)


def pasted_text(text: str) -> str:
    """The text of such a paste: with line ends as in files, and without colours."""
    return re.sub(r"\r\n?", "\n", _COLOUR.sub("", text))
