"""From what is typed to what is meant; never raises."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tui.query.choices import nearest
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
    Like,
    Misread,
    Node,
    Not,
    Or,
    Pattern,
    Query,
    Sort,
    Words,
)
from tui.query.pattern import PatternError, bounded
from tui.text import clean, fold, words

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
_NO_COLON = re.compile(r"([A-Za-z]+)(>=|<=|>|<|=)(.*)")


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
    known = _field(name)
    if name and known is None:
        return None
    return Unfinished(known, match[2].removeprefix('"'), match.start(2), match.end())


def _field(name: str) -> Field | None:
    known = ALIASES.get(name) or (Field(name) if name in list(Field) else None)
    return None if known is Field.ANY else known


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
    regex: bool = False
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
                regex=match["regex"] is not None,
                value=next(
                    (match[name] for name in ("quoted", "regex") if match[name] is not None), word
                ),
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
        is_closed = token.quoted or token.regex or self.ends_in_space
        return at_end and (token.open or not is_closed)

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

    def one(self, *, negated: bool = False) -> Node | None:
        if self.take("not"):
            node = self.one(negated=True) if self.peek() in ("term", "(", "not") else None
            return _not(node) if node is not None else None
        if self.take("("):
            node = self.any_of()
            self.take(")")
            return node if node != And() else None
        token = self.tokens[self.place]
        self.place += 1
        if (negated or token.negated) and self.is_half(token):
            return None  # "-r" would take away nearly everything, until it is "-robot"
        node = self.term(token)
        return _not(node) if token.negated and node is not None else node

    def term(self, token: _Token) -> Node | None:
        """The node of a term; ``None`` if it says nothing, or nothing yet."""
        name = token.field.lower()
        if not name:
            return self.bare(token)
        known = _field(name)
        if known is None:
            return self.unknown(name, token)
        if not token.value:
            return None  # "tag:" is still being typed
        if token.regex or (token.value.startswith("/") and known in TEXT_FIELDS):
            return self.pattern(known, token)
        if known in TEXT_FIELDS or known in (Field.SOURCE, Field.ID):
            return self.text_term(known, token)
        if known is Field.LIKE:
            return Like(token.value.lower(), half=self.is_half(token))
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

    def bare(self, token: _Token) -> Node | None:
        """The node of a term without a field."""
        value = token.value
        if token.quoted:
            return self.words(Field.ANY, token)
        if token.regex or value.startswith("/"):
            return self.pattern(Field.ANY, token)
        if value.startswith("#"):
            return self.flag(Field.TAG, value[1:], token)
        if self.is_half(token) and any(n.startswith(value.lower()) for n in (*Field, *ALIASES)):
            return None  # "is:unread sor" is on its way to "sort:", and must not blank the list
        match = _NO_COLON.fullmatch(value)
        if match and (known := _field(match[1].lower())):
            if not self.is_half(token):
                sign = "" if match[2] == "=" and known not in TEXT_FIELDS else match[2]
                told = f"{match[1]} is a field, and a colon goes behind it"
                self.complain(token, told, f"{match[1]}:{sign}{match[3]}", value)
            return None
        return self.words(Field.ANY, token)

    def unknown(self, name: str, token: _Token) -> Node | None:
        """The words of a term whose field there is not."""
        near = nearest(name, [str(f) for f in Field if f is not Field.ANY])
        if near:
            self.complain(token, f"no field is called {name}", near, token.field)
        elif token.value and not token.value.startswith("//"):
            told = f"no field is called {name}, so these are words"
            self.complain(token, told, f'"{token.field} {token.value}"', f"{name}:{token.value}")
        return self.words(Field.ANY, token, f"{token.field} {token.value}")

    def pattern(self, known: Field, token: _Token) -> Node | None:
        """A regular expression; unfinished, it means nothing yet."""
        if known not in TEXT_FIELDS:
            self.complain(token, f"{known}: takes no /pattern/", "", token.value)
            return None
        if not token.regex:
            if token.value == "/" or self.is_half(token):
                return None
            written = self.text[token.start : token.end]
            self.complain(token, "a pattern ends with a slash", f"{written}/", written)
            return self.words(known, token)
        try:
            return Pattern(known, token.value, bounded(token.value))
        except PatternError as error:
            self.complain(token, str(error), "", token.value)
            return None

    def words(self, known: Field, token: _Token, text: str | None = None) -> Node | None:
        half = token.quoted and self.is_half(token) and not self.ends_in_space
        if text is not None:  # words that only a mistake brought together
            return _all(tuple(Words((word,), known) for word in words(text)))
        parts = tuple(words(token.value))
        return Words(parts, known, phrase=token.quoted, half=half) if parts else None

    def text_term(self, known: Field, token: _Token) -> Node | None:
        folded = fold(token.value)
        if known in (Field.SOURCE, Field.ID):
            return Exactly(known, folded if token.exact else folded.rstrip("*") + "*")
        if token.exact:
            return Exactly(known, folded + "*" if self.is_half(token) else folded)
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
        near = next(iter(begun), nearest(asked, values) or values[0])
        self.complain(token, f"{known}: takes {', '.join(values)}", near, token.value)
        return None

    def flag(self, known: Field, value: str, token: _Token) -> Node | None:
        name = fold(value)
        if known is Field.TAG:
            name = re.sub(r"\s+", "-", name.strip())  # as tags are spelt
        if not name:
            return None
        span = (token.start, token.end)
        if not self.is_half(token) or token.exact:
            return Flag(known, name, span)
        begun = Flag(known, name + "*", span)
        return Or((begun, Flag(known, "none", span))) if "none".startswith(name) else begun

    def sort_term(self, token: _Token) -> None:
        for part in token.value.split(","):
            reverse = part.startswith(("-", "\N{MINUS SIGN}"))
            by = part.lstrip("-\N{MINUS SIGN}").lower()
            by = {"upvotes": "up", "newest": "date", "order": "list"}.get(by, by)
            if by in SORT_VALUES:
                self.sort.append(Sort(by, reverse))
            elif by and not any(value.startswith(by) for value in SORT_VALUES):
                near = nearest(by, SORT_VALUES) or "date"
                self.complain(token, f"sort: takes {', '.join(SORT_VALUES)}", near, by)

    def range(self, known: Field, token: _Token) -> Node | None:
        ends = self.date_ends if known in DATE_FIELDS else _number_ends
        value = token.value.strip()
        if self.is_half(token):
            value = _without_half_end(known, value)
            if not value:
                return None
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
        if text.lower() in _NAMED_DAYS:
            return _named_days(text.lower(), self.today)
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
        if not instead:
            healed = ""
        self.misread.append(Misread(token.start, token.end, text, healed))


def _without_half_end(known: Field, value: str) -> str:
    """A range that is being typed without an end that is no whole year or day yet."""
    last = re.split(r"\.\.|[<>]=?", value)[-1]
    if known is Field.YEAR:
        is_half = len(last) < 4
    elif known not in DATE_FIELDS:  # up:5 may become up:50, and up:>=5 only wants fewer then
        is_half = not value.startswith(">")
    else:
        is_half = known in DATE_FIELDS and re.search(r"(^|-)[0-9]$|^[0-9]{1,3}$", last) is not None
    return value[: len(value) - len(last)] if is_half else value


_NAMED_DAYS = ("today", "yesterday", "this-week", "last-week", "this-month", "last-month")


def _named_days(name: str, today: date) -> tuple[int, int]:
    """First and last day of what people call a week, from Monday, or a month."""
    now = today.toordinal()
    if name in ("today", "yesterday"):
        return (now, now) if name == "today" else (now - 1, now - 1)
    if name.endswith("week"):
        monday = now - today.weekday()
        return (monday, monday + 6) if name == "this-week" else (monday - 7, monday - 1)
    first = today.replace(day=1)
    if name == "last-month":
        last = first.toordinal() - 1
        return date.fromordinal(last).replace(day=1).toordinal(), last
    after = (first + timedelta(days=31)).replace(day=1)
    return first.toordinal(), after.toordinal() - 1


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
