"""JSON as it is printed."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any, Final

from tui.formats.escapes import Escapes
from tui.model.text import MAX_LINE

_UNSAFE: Final = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    "|[\U000e0000-\U000e0fff]"
)


def dumps(value: Any, *, ascii_only: bool = False) -> str:
    """JSON with all characters escaped that a terminal could interpret.

    Laid out as ``json.dumps`` does with ``indent=1``, which takes four times as long: with an
    indent, all of it is done in Python.
    """
    return laid_out(value, "\n", encode_basestring_ascii if ascii_only else _quoted)


def dumped(values: Iterable[Any]) -> Iterator[str]:
    """An array as ``dumps`` writes it, and a line end, in pieces: one for each value."""
    return array(laid_out(value, "\n ") for value in values)


def array(values: Iterable[str]) -> Iterator[str]:
    """As ``dumped``, of values in JSON, which are laid out with a margin of one space."""
    start = "["
    for value in values:
        yield f"{start}\n {_without_unsafe(value)}"  # only texts have any
        start = ","
    yield "[]\n" if start == "[" else "\n]\n"


def encoded(text: str) -> str:
    """A text in quotes; in a long one, it is faster to look first for what is to be escaped."""
    if len(text) < _LONG or not text.isascii():
        return encode_basestring(text)
    others = text.encode().translate(None, _PLAIN)
    if not others:
        return f'"{text}"'
    if others.strip(b'"\\'):
        return encode_basestring(text)
    return f'"{_ESCAPES.replace(text)}"'


_LONG: Final = 50
_PLAIN: Final = bytes(set(range(0x20, 0x7F)) - set(b'"\\'))
_ESCAPES: Final = Escapes({"\\": r"\\", '"': r"\""})


def encoded_line(text: str, limit: int = MAX_LINE) -> str:
    """A text as one harmless line, see ``sanitize``, in quotes; empty if nothing is left of it."""
    line = _ESCAPES.escape(text, limit)
    return f'"{line}"' if line else ""


def laid_out(value: Any, margin: str, quote: Callable[[str], str] = encoded) -> str:
    """A value whose lines, but for the first, begin with a margin; the names of members are texts.

    Args:
        value: What JSON can hold.
        margin: A line end, and the spaces after it.
        quote: Encodes a text.
    """
    is_object = isinstance(value, dict)
    if not is_object and not isinstance(value, (list, tuple)):
        return quote(value) if isinstance(value, str) else _scalar(value)
    if not value:
        return "{}" if is_object else "[]"
    inner = f"{margin} "
    parts: list[str] = []
    for part in value.values() if is_object else value:
        kind = part.__class__
        if part is None:  # as most facts, so it comes first
            parts.append("null")
        elif kind is str:
            parts.append(quote(part))
        elif part is False:
            parts.append("false")
        elif kind is int:
            parts.append(str(part))
        elif part == []:
            parts.append("[]")
        else:
            parts.append(laid_out(part, inner, quote))
    if not is_object:
        return f"[{inner}{f',{inner}'.join(parts)}{margin}]"
    pieces = list(_around(tuple(value), margin, quote))
    pieces[1::2] = parts
    return "".join(pieces)


@lru_cache(maxsize=256)
def _around(names: tuple[str, ...], margin: str, quote: Callable[[str], str]) -> tuple[str, ...]:
    """What is around the values of an object, with an empty piece for each of these.

    A file has many objects with the same names.
    """
    pieces: list[str] = []
    for name in names:
        pieces += [f"{',' if pieces else '{'}{margin} {quote(name)}: ", ""]
    return (*pieces, f"{margin}}}")


_scalar = lru_cache(maxsize=1024, typed=True)(json.dumps)
"""Encodes a number, a truth value or ``None``, of which a file has the same ones many times."""


def _quoted(text: str) -> str:
    return _without_unsafe(encoded(text))


def _without_unsafe(text: str) -> str:
    """JSON with the characters escaped that a terminal could interpret."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSAFE.sub(lambda match: encode_basestring_ascii(match[0])[1:-1], text)
