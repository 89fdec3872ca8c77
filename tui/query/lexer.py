"""From what is typed to terms, operators and parentheses; and the term at the cursor."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tui.query.ast import ALIASES, Field

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<open>\() | (?P<close>\)) | (?P<bar>\|)
      | (?P<minus>[-\u2212])? (?:(?P<field>[A-Za-z]+):)? (?P<exact>=)?
        (?: "(?P<quoted>[^"]*)"?
          | /(?P<regex>(?:[^/\\]|\\.)+)/(?=[\s()|]|$)
          | (?P<word>[^\s()"|]+)
        )?
    )""",
    re.X,
)
_UNFINISHED = re.compile(r'(?:^|(?<=[\s(|]))[-\u2212]?(?:([A-Za-z]+):=?)?("[^"]*|[^\s()"|]*)$')


def field_of(name: str) -> Field | None:
    """The field of a name, in lower case; ``None`` if there is none."""
    known = ALIASES.get(name) or (Field(name) if name in list(Field) else None)
    return None if known is Field.ANY else known


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The term at the cursor, as far as it was typed."""

    field: Field | None
    """``None`` while it has none."""
    begun: str
    """The beginning of its value, or of a field's name or a word."""
    start: int
    """Where ``begun`` stands, its quote included."""
    end: int


def unfinished(text: str, cursor: int) -> Unfinished | None:
    """What is being typed at a cursor; ``None`` where no term can be completed."""
    match = _UNFINISHED.search(text[:cursor])
    if match is None:
        return None
    name = (match[1] or "").lower()
    known = field_of(name)
    if name and known is None:
        return None
    return Unfinished(known, match[2].removeprefix('"'), match.start(2), match.end())


MAX_DEPTH = 40
"""Parentheses within each other; deeper ones mean nothing. People nest two or three."""


@dataclass(frozen=True, slots=True)
class Token:
    """One of them."""

    kind: str
    """``(``, ``)``, ``|``, ``or``, ``not`` or ``term``."""
    start: int
    end: int
    negated: bool = False
    field: str = ""
    exact: bool = False
    quoted: bool = False
    open: bool = False
    """Whether its quote was not closed."""
    regex: bool = False
    value: str = ""


def balanced(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens without the parentheses that nobody opened, or that are too deep."""
    depth = 0
    dropped = 0
    for token in tokens:
        if token.kind == "(":
            if depth == MAX_DEPTH:
                dropped += 1
                continue
            depth += 1
        elif token.kind == ")":
            if dropped:
                dropped -= 1
                continue
            if depth == 0:
                continue
            depth -= 1
        yield token


def tokens(text: str) -> Iterator[Token]:
    """Whatever a text can be taken for, in order."""
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.end() == place:
            place += 1
            continue
        start = match.end() - len(match.group().lstrip())
        place = match.end()
        for name, kind in (("open", "("), ("close", ")"), ("bar", "|")):
            if match[name]:
                yield Token(kind, start, place)
                break
        else:
            if start == place:
                continue
            if match.group().strip() == match["minus"] and text[place : place + 1] == "(":
                yield Token("not", start, place)
                continue
            word = match["word"] or ""
            if not match["field"] and not match["minus"] and word in ("OR", "AND", "NOT"):
                if word != "AND":
                    yield Token("|" if word == "OR" else "not", start, place)
                continue
            yield Token(
                "term",
                start,
                place,
                negated=bool(match["minus"]),
                field=match["field"] or "",
                exact=bool(match["exact"]),
                quoted=match["quoted"] is not None,
                open=match["quoted"] is not None and not match.group().endswith('"'),
                regex=match["regex"] is not None,
                value=next(
                    (match[name] for name in ("quoted", "regex") if match[name] is not None), word
                ),
            )
