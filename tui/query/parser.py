"""From what is typed to what is meant; never raises."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tui.query.nodes import (
    ALIASES,
    DATE_FIELDS,
    HAS_VALUES,
    IS_VALUES,
    SORT_VALUES,
    TEXT_FIELDS,
    And,
    Between,
    Exactly,
    Field,
    Flag,
    Misread,
    Node,
    Not,
    Or,
    Query,
    Sort,
    Words,
)
from tui.text import clean, fold, words

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<open>\() | (?P<close>\)) | (?P<bar>\|)
      | (?P<minus>[-\u2212])? (?:(?P<field>[A-Za-z]+):)? (?P<exact>=)?
        (?: "(?P<quoted>[^"]*)"? | (?P<word>[^\s()"|]+) )?
    )""",
    re.X,
)


def parse(text: str, today: date | None = None, *, typing: bool = False) -> Query:
    """Understands a query as far as it goes.

    Args:
        text: Whatever was typed.
        today: The day from which ages such as ``7d`` count back; ``None`` for the current day.
        typing: Whether the end may be half a tag or half a list's name.
    """
    cleaned = clean(text, 1_000)
    ends_in_space = text[-1:].isspace()
    parser = _Parser(cleaned, today or date.today(), typing, ends_in_space)
    node = parser.any_of()
    return Query(parser.text, node, tuple(parser.sort), parser.limit, tuple(parser.misread))


MAX_DEPTH = 40
"""Parentheses within each other; deeper ones mean nothing. People nest two or three."""


@dataclass(frozen=True, slots=True)
class _Token:
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
    value: str = ""


def _balanced(tokens: Iterable[_Token]) -> Iterator[_Token]:
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


def _tokens(text: str) -> Iterator[_Token]:
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
                yield _Token(kind, start, place)
                break
        else:
            if start == place:
                continue
            if match.group().strip() == match["minus"] and text[place : place + 1] == "(":
                yield _Token("not", start, place)
                continue
            word = match["word"] or ""
            if not match["field"] and not match["minus"] and word in ("OR", "AND", "NOT"):
                if word != "AND":
                    yield _Token("|" if word == "OR" else "not", start, place)
                continue
            yield _Token(
                "term",
                start,
                place,
                negated=bool(match["minus"]),
                field=match["field"] or "",
                exact=bool(match["exact"]),
                quoted=match["quoted"] is not None,
                open=match["quoted"] is not None and not match.group().endswith('"'),
                value=match["quoted"] if match["quoted"] is not None else word,
            )


class _Parser:
    """Precedence climbing over the tokens: NOT binds tighter than AND, AND tighter than OR."""

    def __init__(self, text: str, today: date, typing: bool, ends_in_space: bool) -> None:
        self.text = text
        self.today = today
        self.typing = typing
        self.ends_in_space = ends_in_space
        self.tokens = list(_balanced(_tokens(text)))
        self.place = 0
        self.sort: list[Sort] = []
        self.limit: int | None = None
        self.misread: list[Misread] = []

    def is_half(self, token: _Token) -> bool:
        """Whether a term is at the end of what is being typed, and may go on."""
        at_end = self.typing and token.end == len(self.text)
        return at_end and (token.open or not (token.quoted or self.ends_in_space))

    def peek(self) -> str:
        return self.tokens[self.place].kind if self.place < len(self.tokens) else ""

    def take(self, kind: str) -> bool:
        if self.peek() == kind:
            self.place += 1
            return True
        return False

    def any_of(self) -> Node:
        nodes = [self.all_of()]
        while self.take("|"):
            nodes.append(self.all_of())
        asked = [node for node in nodes if node != And()]  # "lora OR" has only one side yet
        if not asked:
            return And()
        return asked[0] if len(asked) == 1 else Or(tuple(asked))

    def all_of(self) -> Node:
        nodes: list[Node] = []
        while self.peek() in ("term", "(", "not"):
            node = self.one()
            if node is not None:
                nodes.append(node)
        return _all(tuple(nodes))

    def one(self) -> Node | None:
        if self.take("not"):
            node = self.one() if self.peek() in ("term", "(", "not") else None
            return _not(node) if node is not None else None
        if self.take("("):
            node = self.any_of()
            self.take(")")
            return node if node != And() else None
        token = self.tokens[self.place]
        self.place += 1
        node = self.term(token)
        return _not(node) if token.negated and node is not None else node

    def term(self, token: _Token) -> Node | None:
        """The node of a term; ``None`` if it says nothing, or nothing yet."""
        name = token.field.lower()
        if not name:
            if token.value.startswith("#") and not token.quoted:
                return self.flag(Field.TAG, token.value[1:], token)
            return self.words(Field.ANY, token)
        known = ALIASES.get(name) or (Field(name) if name in list(Field) else None)
        if known is None or known is Field.ANY:
            if near := _nearest(name, [str(f) for f in Field if f is not Field.ANY]):
                self.complain(token, f"no field is called {name}", near, token.field)
            whole = f"{token.field} {token.value}"
            return self.words(Field.ANY, token, whole)
        if not token.value:
            return None  # "tag:" is still being typed
        if known in TEXT_FIELDS or known in (Field.SOURCE, Field.ID):
            return self.text_term(known, token)
        if known in (Field.IS, Field.HAS):
            return self.claim(known, token)
        if known in (Field.TAG, Field.LIST):
            return self.flag(known, token.value, token)
        if known is Field.SORT:
            self.sort_term(token)
            return None
        if known is Field.LIMIT:
            if token.value.isascii() and token.value.isdigit():
                self.limit = int(token.value[:9])
            else:
                self.complain(token, "limit: takes a whole number", "20", token.value)
            return None
        return self.range(known, token)

    def words(self, known: Field, token: _Token, text: str | None = None) -> Node | None:
        parts = tuple(words(token.value if text is None else text))
        half = token.quoted and self.is_half(token) and not self.ends_in_space
        return Words(parts, known, phrase=token.quoted, half=half) if parts else None

    def text_term(self, known: Field, token: _Token) -> Node | None:
        folded = fold(token.value)
        if known in (Field.SOURCE, Field.ID):
            return Exactly(known, folded if token.exact else folded.rstrip("*") + "*")
        if token.exact:
            return Exactly(known, folded)
        if "*" in folded.rstrip("*"):
            return Exactly(known, f"*{folded}*")
        return self.words(known, token)

    def claim(self, known: Field, token: _Token) -> Node | None:
        values = IS_VALUES if known is Field.IS else HAS_VALUES
        asked = token.value.lower()
        begun = [value for value in values if value.startswith(asked)]
        if begun and self.is_half(token):
            # is:read may become is:reading: until it is left, both are in sight.
            return (
                Flag(known, begun[0])
                if len(begun) == 1
                else Or(tuple(Flag(known, v) for v in begun))
            )
        if asked in values or len(begun) == 1:
            return Flag(known, asked if asked in values else begun[0])
        near = next(iter(begun), _nearest(asked, values) or values[0])
        self.complain(token, f"{known}: takes {', '.join(values)}", near, token.value)
        return None

    def flag(self, known: Field, value: str, token: _Token) -> Node | None:
        name = fold(value)
        if known is Field.TAG:
            name = re.sub(r"\s+", "-", name.strip())  # as tags are spelt
        if not name:
            return None
        half = self.is_half(token) and not token.exact
        return Flag(known, name + "*" if half else name)

    def sort_term(self, token: _Token) -> None:
        for part in token.value.split(","):
            reverse = part.startswith(("-", "\N{MINUS SIGN}"))
            by = part.lstrip("-\N{MINUS SIGN}").lower()
            by = {"upvotes": "up", "newest": "date", "order": "list"}.get(by, by)
            if by in SORT_VALUES:
                self.sort.append(Sort(by, reverse))
            elif by and not any(value.startswith(by) for value in SORT_VALUES):
                near = _nearest(by, SORT_VALUES) or "date"
                self.complain(token, f"sort: takes {', '.join(SORT_VALUES)}", near, by)

    def range(self, known: Field, token: _Token) -> Node | None:
        ends = self.date_ends if known in DATE_FIELDS else _number_ends
        value = token.value.strip()
        if self.is_half(token):
            value = _without_half_end(known, value)
        low: int | None = None
        high: int | None = None
        example = "2023-01..2024-06" if known in DATE_FIELDS else "10..50"
        try:
            if match := re.fullmatch(r"(>=|<=|>|<)(.*)", value):
                if not match[2]:
                    return None
                first, last = ends(match[2])
                if match[1] == ">=":
                    low = first
                elif match[1] == ">":
                    low = last + 1
                elif match[1] == "<=":
                    high = last
                else:
                    high = first - 1
            elif ".." in value:
                left, _, right = value.partition("..")
                low = ends(left)[0] if left else None
                high = ends(right)[1] if right else None
                if low is None and high is None:
                    return None
            else:
                low, high = ends(value)
        except ValueError:
            if not self.is_half(token):
                told = f"“{token.value[:20]}” is no {_range_kind(known)}"
                self.complain(token, told, example, token.value)
            return None
        return Between(known, low, high)

    def date_ends(self, text: str) -> tuple[int, int]:
        """First and last day that a date means: ``2024`` a year, ``7d`` the last seven days."""
        today = self.today.toordinal()
        named = {"today": (today, today), "yesterday": (today - 1, today - 1)}
        if text.lower() in named:
            return named[text.lower()]
        if match := re.fullmatch(r"(\d{1,4})([dwmy])", text.lower()):
            days = int(match[1]) * {"d": 1, "w": 7, "m": 30, "y": 365}[match[2]]
            return max(1, today - days), today
        match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text)
        if match is None:
            raise ValueError(text)
        year = int(match[1])
        if match[3]:
            day = date(year, int(match[2]), int(match[3])).toordinal()
            return day, day
        month = int(match[2] or 1)
        first = date(year, month, 1)
        months = 1 if match[2] else 12
        after = date(year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1, 1)
        return first.toordinal(), (after - timedelta(days=1)).toordinal()

    def complain(self, token: _Token, text: str, instead: str, wrong: str) -> None:
        """Notes what is wrong with a term, and the term with the wrong part replaced."""
        written = self.text[token.start : token.end]
        at = written.lower().rfind(wrong.lower())
        healed = written[:at] + instead + written[at + len(wrong) :] if at >= 0 else instead
        self.misread.append(Misread(token.start, token.end, text, healed))


def _without_half_end(known: Field, value: str) -> str:
    """A range that is being typed without an end that is no whole year or day yet."""
    last = re.split(r"\.\.|[<>]=?", value)[-1]
    if known is Field.YEAR:
        is_half = len(last) < 4
    else:
        is_half = known in DATE_FIELDS and re.search(r"(^|-)[0-9]$|^[0-9]{1,3}$", last) is not None
    return value[: len(value) - len(last)] if is_half else value


def _range_kind(known: Field) -> str:
    return "date" if known in DATE_FIELDS else "whole number"


def _number_ends(text: str) -> tuple[int, int]:
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError(text)
    return int(text), int(text)


def _not(node: Node) -> Node:
    return node.node if isinstance(node, Not) else Not(node)


def _all(nodes: tuple[Node, ...]) -> Node:
    """The conjunction, flat."""
    flat: list[Node] = []
    for node in nodes:
        flat += node.nodes if isinstance(node, And) else (node,)
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def _nearest(word: str, choices: list[str] | tuple[str, ...]) -> str | None:
    """The choice that was probably meant, or ``None``."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = process.extractOne(
        word, choices, scorer=OSA.distance, score_cutoff=max(1, len(word) // 3)
    )
    return found[0] if found else None
