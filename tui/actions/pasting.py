"""Pastes that a terminal hands over as if they were typed, told from keys by what is in them.

Terminals without bracketed paste (older multiplexers, serial consoles, ``tmux paste-buffer``
without ``-p``) write the whole text at once. A read of the input may also hold many keys: of a key
held down, of a script, or typed ahead on a slow line. So what was read is a paste if it has

- a line of three words and twenty characters, among them eight different letters, unless that is
  its only line and begins with the keys of a query or a command, ``/`` and ``:``;
- or several lines of forty characters in all, among them twelve different ones;
- or a line with an address, arXiv id or DOI alone.

Control characters other than tabs and line ends are keys, and colours are neither.
"""

import re
from typing import Final

from tui.patterns import regex

_COLOUR: Final = regex(r"\x1b\[[0-9;:]*m")
_CONTROL: Final = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_COMMAND: Final = regex(r"[/:]\S")
_WORD: Final = regex(r"[^\W\d_]{2,}")
_ADDRESS: Final = regex(r"(https?://|www\.|doi:|arxiv:|10\.\d{4}|\d{4}\.\d{4})\S+\s*", re.I)


def is_paste(text: str) -> bool:
    """Whether what was read at once is a pasted text and not keys."""
    bare = _COLOUR.sub("", text)
    if _CONTROL.search(bare):
        return False
    lines = bare.split("\r" if "\r" in bare else "\n")
    is_command = _COMMAND.match(bare) is not None and not any(lines[1:])
    if not is_command and any(map(_is_prose, lines)):
        return True
    is_block = any(lines[1:]) and len(bare) >= 40 and len(set(bare)) >= 12
    return is_block or any(_ADDRESS.fullmatch(line.strip()) for line in lines)


def _is_prose(line: str) -> bool:
    words = _WORD.findall(line)
    return len(words) >= 3 and len(line) >= 20 and len(set("".join(words))) >= 8


def pasted_text(text: str) -> str:
    """The text of such a paste: with line ends as in files, and without colours."""
    return re.sub(r"\r\n?", "\n", _COLOUR.sub("", text))
