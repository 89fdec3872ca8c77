"""JSON as it is printed."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any, Final

_UNSAFE: Final = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    "|[\U000e0000-\U000e0fff]"
)


def dumps(value: Any, *, ascii_only: bool = False) -> str:
    """JSON with all characters escaped that a terminal could interpret.

    Laid out as ``json.dumps`` does with ``indent=1``, which takes four times as long: with an
    indent, all of it is done in Python.
    """
    return _laid_out(value, "\n", encode_basestring_ascii if ascii_only else _quoted)


def dumped(values: Iterable[Any]) -> Iterator[str]:
    """An array as ``dumps`` writes it, and a line end, in pieces: one for each value."""
    start, margin = "[", "\n "
    for value in values:
        piece = _laid_out(value, margin, encode_basestring)
        yield f"{start}{margin}{_without_unsafe(piece)}"  # of which there are none but in texts
        start = ","
    yield "[]\n" if start == "[" else "\n]\n"


def _laid_out(value: Any, margin: str, quote: Callable[[str], str]) -> str:
    """A value whose lines, but for the first, begin with a margin; the names of members are texts.

    Args:
        value: What JSON can hold.
        margin: A line end, and the spaces behind it.
        quote: Encodes a text.
    """
    kind = value.__class__
    if kind in _SCALARS:
        return _scalar(value)
    if kind is str or isinstance(value, str):
        return quote(value)
    inner = f"{margin} "
    if isinstance(value, dict):
        parts = []
        for name, part in value.items():
            if part is None:  # as most facts of a paper are
                text = "null"
            elif part.__class__ is str:  # most of the others; neither needs a call
                text = quote(part)
            else:
                text = _laid_out(part, inner, quote)
            parts.append(_name(name, quote) + text)
        return f"{{{inner}{f',{inner}'.join(parts)}{margin}}}" if parts else "{}"
    parts = [_laid_out(part, inner, quote) for part in value]
    return f"[{inner}{f',{inner}'.join(parts)}{margin}]" if parts else "[]"


_SCALARS: Final = frozenset((bool, int, float, type(None)))


@lru_cache(maxsize=1024)
def _name(name: str, quote: Callable[[str], str]) -> str:
    """The name of a member and its colon, of which a file has the same ones for each paper."""
    return f"{quote(name)}: "


_scalar = lru_cache(maxsize=1024, typed=True)(json.dumps)
"""Encodes a number, a truth value or ``None``, of which a file has the same ones many times."""


def _quoted(text: str) -> str:
    return _without_unsafe(encode_basestring(text))


def _without_unsafe(text: str) -> str:
    """JSON with the characters escaped that a terminal could interpret."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSAFE.sub(lambda match: encode_basestring_ascii(match[0])[1:-1], text)
