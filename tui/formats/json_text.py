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
        piece = _laid_out(value, margin, _encoded)
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
    is_object = isinstance(value, dict)
    if not is_object and not isinstance(value, (list, tuple)):
        return quote(value) if isinstance(value, str) else _scalar(value)
    if not value:
        return "{}" if is_object else "[]"
    inner = f"{margin} "
    parts = [
        # Most facts are missing, texts, numbers or empty lists, which need no further call.
        "null"
        if part is None
        else quote(part)
        if part.__class__ is str
        else str(part)
        if part.__class__ is int
        else _scalar(part)
        if part.__class__ in _SCALARS
        else "[]"
        if part == []
        else _laid_out(part, inner, quote)
        for part in (value.values() if is_object else value)
    ]
    if is_object:
        return _members(tuple(value), margin, quote) % tuple(parts)
    return f"[{inner}{f',{inner}'.join(parts)}{margin}]"


_SCALARS: Final = frozenset((bool, float))


@lru_cache(maxsize=256)
def _members(names: tuple[str, ...], margin: str, quote: Callable[[str], str]) -> str:
    """An object with ``%s`` for each value, as a file has many with the same names."""
    inner = f"{margin} "
    lines = f",{inner}".join(f"{quote(name).replace('%', '%%')}: %s" for name in names)
    return f"{{{inner}{lines}{margin}}}"


_scalar = lru_cache(maxsize=1024, typed=True)(json.dumps)
"""Encodes a number, a truth value or ``None``, of which a file has the same ones many times."""


def _encoded(text: str) -> str:
    """A text in quotes; in a long one, it is faster to look first for what is to be escaped."""
    if len(text) < _LONG or not text.isascii():
        return encode_basestring(text)
    others = text.encode().translate(None, _PLAIN)
    if not others:
        return f'"{text}"'
    if others.strip(b'"\\'):
        return encode_basestring(text)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_LONG: Final = 50
_PLAIN: Final = bytes(set(range(0x20, 0x7F)) - set(b'"\\'))


def _quoted(text: str) -> str:
    return _without_unsafe(_encoded(text))


def _without_unsafe(text: str) -> str:
    """JSON with the characters escaped that a terminal could interpret."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSAFE.sub(lambda match: encode_basestring_ascii(match[0])[1:-1], text)
