"""The lexer: terms, operators and parentheses; and the term at the cursor."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tui.model.fields import NAMES, Field

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


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The unfinished term at the cursor."""

    field: Field | None
    """``None`` without a field."""
    prefix: str
    """The value so far, or a prefix of a field's name or a word."""
    start: int
    """Where ``prefix`` starts, including a quote."""
    end: int


def unfinished(text: str, cursor: int) -> Unfinished | None:
    """The unfinished term at a cursor; ``None`` if nothing can be completed."""
    match = _UNFINISHED.search(text[:cursor])
    if match is None:
        return None
    name = (match[1] or "").lower()
    field = NAMES.get(name)
    if name and field is None:
        return None
    return Unfinished(field, match[2].removeprefix('"'), match.start(2), match.end())


MAX_DEPTH = 40
"""The deepest nesting of parentheses; deeper ones are ignored."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query."""

    kind: str
    """``(``, ``)``, ``|``, ``or``, ``not`` or ``term``."""
    start: int
    end: int
    negated: bool = False
    field: str = ""
    exact: bool = False
    quoted: bool = False
    open: bool = False
    """Whether its quote is not closed."""
    regex: bool = False
    value: str = ""


def balanced(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens without unbalanced or too deeply nested parentheses."""
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
    """The tokens of any text, in order."""
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
