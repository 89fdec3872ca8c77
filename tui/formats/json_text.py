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
        yield f"{start}{margin}{_laid_out(value, margin, _quoted)}"
        start = ","
    yield "[]\n" if start == "[" else "\n]\n"


def _laid_out(value: Any, margin: str, quote: Callable[[str], str]) -> str:
    """A value whose lines, but for the first, begin with a margin; the names of members are texts.

    Args:
        value: What JSON can hold.
        margin: A line end, and the spaces behind it.
        quote: Encodes a text.
    """
    if isinstance(value, str):
        return quote(value)
    if not isinstance(value, _CONTAINERS):
        return _scalar(value)
    inner = f"{margin} "
    if isinstance(value, dict):
        # Of a paper most are missing, which need no call.
        parts = [
            _name(name, quote) + ("null" if part is None else _laid_out(part, inner, quote))
            for name, part in value.items()
        ]
        return f"{{{inner}{f',{inner}'.join(parts)}{margin}}}" if parts else "{}"
    parts = [_laid_out(part, inner, quote) for part in value]
    return f"[{inner}{f',{inner}'.join(parts)}{margin}]" if parts else "[]"


_CONTAINERS: Final = (dict, list, tuple)


@lru_cache(maxsize=1024)
def _name(name: str, quote: Callable[[str], str]) -> str:
    """The name of a member and its colon, of which a file has the same ones for each paper."""
    return f"{quote(name)}: "


_scalar = lru_cache(maxsize=1024, typed=True)(json.dumps)
"""Encodes a number, a truth value or ``None``, of which a file has the same ones many times."""


def _quoted(text: str) -> str:
    quoted = encode_basestring(text)
    if quoted.isascii() and "\x7f" not in quoted:
        return quoted
    return _UNSAFE.sub(lambda match: encode_basestring_ascii(match[0])[1:-1], quoted)
