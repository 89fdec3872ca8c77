"""The lexer: terms, operators and parentheses; and the term at the cursor."""

import re
from collections.abc import Iterable, Iterator, Sequence

from tui.model.fields import NAMES, Field
from tui.patterns import regex
from tui.values import dataclass

_TOKEN = regex(
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
_UNFINISHED = regex(r'(?:^|(?<=[\s(|]))[-\u2212]?(?:([A-Za-z]+):=?)?("[^"]*|[^\s()"|]*)$')


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


_OPERATORS = {"OR": "|", "AND": "and", "NOT": "not"}
_STARTS, _ENDS = ("term", "(", "not"), ("term", ")")
"""The kinds of tokens that a part of a query starts and ends with."""
MAX_DEPTH = 40
"""The deepest nesting of parentheses; deeper ones are ignored."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query."""

    kind: str
    """``(``, ``)``, ``|``, ``and``, ``not`` or ``term``."""
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
            if not match["field"] and not match["minus"] and word in _OPERATORS:
                yield Token(_OPERATORS[word], start, place)
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


def split_order(text: str) -> tuple[str, str]:
    """The text of a query without the terms that sort it, which find nothing; and these terms."""
    parts: list[str] = []
    orders: list[str] = []
    place = 0
    for token in tokens(text):
        if NAMES.get(token.field.lower()) is Field.SORT:
            parts.append(text[place : token.start].strip())
            orders.append(text[token.start : token.end])
            place = token.end
    return " ".join(filter(None, (*parts, text[place:].strip()))), " ".join(orders)


def stray(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """The operators and parentheses that combine nothing, each with what is wrong with it."""
    depth = 0
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        starts = after is not None and after.kind in _STARTS
        ends = before is not None and before.kind in _ENDS
        if token.kind in ("|", "and") and not (starts and ends):
            yield (
                token,
                "has nothing on one side" if starts or ends else "has nothing on either side",
            )
        elif token.kind == "not" and not starts:
            yield token, "has nothing after it"
        elif token.kind == "(":
            depth += 1
            if not starts:
                yield token, "has nothing in it"
        elif token.kind == ")":
            depth -= 1
            if depth < 0:
                depth = 0
                yield token, "closes nothing"
