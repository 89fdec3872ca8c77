"""From what is typed to what is meant; never raises."""

import re
from datetime import date

from tui.model.text import fold, normalize, words
from tui.query.ast import (
    ALIASES,
    DATE_FIELDS,
    HAS_VALUES,
    IS_VALUES,
    SORT_VALUES,
    TEXT_FIELDS,
    And,
    Diagnostic,
    ExactTerm,
    Field,
    FlagTerm,
    Node,
    Not,
    Or,
    Pattern,
    Query,
    RangeTerm,
    SimilarTerm,
    Sort,
    WordTerm,
)
from tui.query.dates import date_ends, number_ends, range_kind, without_half_end
from tui.query.lexer import Token, balanced, field_of, tokens
from tui.query.regex import RegexError, bounded
from tui.query.suggest import nearest

_NO_COLON = re.compile(r"([A-Za-z]+)(>=|<=|>|<|=)(.*)")


def parse(text: str, today: date | None = None, *, typing: bool = False) -> Query:
    """Understands a query as far as it goes.

    Args:
        text: Whatever was typed.
        today: The day from which ages such as ``7d`` count back; ``None`` for the current day.
        typing: Whether the end may be half a tag or half a list's name.
    """
    cleaned = normalize(text, 1_000)
    ends_in_space = text[-1:].isspace()
    parser = _Parser(cleaned, today or date.today(), typing, ends_in_space)
    node = parser.any_of()
    return Query(parser.text, node, tuple(parser.sort), parser.limit, tuple(parser.diagnostics))


class _Parser:
    """Precedence climbing over the tokens: NOT binds tighter than AND, AND tighter than OR."""

    def __init__(self, text: str, today: date, typing: bool, ends_in_space: bool) -> None:
        self.text = text
        self.today = today
        self.typing = typing
        self.ends_in_space = ends_in_space
        self.tokens = list(balanced(tokens(text)))
        self.place = 0
        self.sort: list[Sort] = []
        self.limit: int | None = None
        self.diagnostics: list[Diagnostic] = []

    def is_half(self, token: Token) -> bool:
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

    def term(self, token: Token) -> Node | None:
        """The node of a term; ``None`` if it says nothing, or nothing yet."""
        name = token.field.lower()
        if not name:
            return self.bare(token)
        known = field_of(name)
        if known is None:
            return self.unknown(name, token)
        if not token.value:
            return None  # "tag:" is still being typed
        if token.regex or (token.value.startswith("/") and known in TEXT_FIELDS):
            return self.pattern(known, token)
        if known in TEXT_FIELDS or known in (Field.SOURCE, Field.ID):
            return self.text_term(known, token)
        if known is Field.LIKE:
            return SimilarTerm(token.value.lower(), half=self.is_half(token))
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

    def bare(self, token: Token) -> Node | None:
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
        if match and (known := field_of(match[1].lower())):
            if not self.is_half(token):
                sign = "" if match[2] == "=" and known not in TEXT_FIELDS else match[2]
                told = f"{match[1]} is a field, and a colon goes behind it"
                self.complain(token, told, f"{match[1]}:{sign}{match[3]}", value)
            return None
        return self.words(Field.ANY, token)

    def unknown(self, name: str, token: Token) -> Node | None:
        """The words of a term whose field there is not."""
        near = nearest(name, [str(f) for f in Field if f is not Field.ANY])
        if near:
            self.complain(token, f"no field is called {name}", near, token.field)
        elif token.value and not token.value.startswith("//"):
            told = f"no field is called {name}, so these are words"
            self.complain(token, told, f'"{token.field} {token.value}"', f"{name}:{token.value}")
        return self.words(Field.ANY, token, f"{token.field} {token.value}")

    def pattern(self, known: Field, token: Token) -> Node | None:
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
        except RegexError as error:
            self.complain(token, str(error), "", token.value)
            return None

    def words(self, known: Field, token: Token, text: str | None = None) -> Node | None:
        half = token.quoted and self.is_half(token) and not self.ends_in_space
        if text is not None:  # words that only a mistake brought together
            return _all(tuple(WordTerm((word,), known) for word in words(text)))
        parts = tuple(words(token.value))
        return WordTerm(parts, known, phrase=token.quoted, half=half) if parts else None

    def text_term(self, known: Field, token: Token) -> Node | None:
        folded = fold(token.value)
        if known in (Field.SOURCE, Field.ID):
            return ExactTerm(known, folded if token.exact else folded.rstrip("*") + "*")
        if token.exact:
            return ExactTerm(known, folded + "*" if self.is_half(token) else folded)
        if "*" in folded.rstrip("*"):
            return ExactTerm(known, f"*{folded}*")
        return self.words(known, token)

    def claim(self, known: Field, token: Token) -> Node | None:
        values = IS_VALUES if known is Field.IS else HAS_VALUES
        asked = token.value.lower()
        begun = [value for value in values if value.startswith(asked)]
        if begun and self.is_half(token):
            # is:read may become is:reading: until it is left, both are in sight.
            return (
                FlagTerm(known, begun[0])
                if len(begun) == 1
                else Or(tuple(FlagTerm(known, v) for v in begun))
            )
        if asked in values or len(begun) == 1:
            return FlagTerm(known, asked if asked in values else begun[0])
        near = next(iter(begun), nearest(asked, values) or values[0])
        self.complain(token, f"{known}: takes {', '.join(values)}", near, token.value)
        return None

    def flag(self, known: Field, value: str, token: Token) -> Node | None:
        name = fold(value)
        if known is Field.TAG:
            name = re.sub(r"\s+", "-", name.strip())  # as tags are spelt
        if not name:
            return None
        span = (token.start, token.end)
        if not self.is_half(token) or token.exact:
            return FlagTerm(known, name, span)
        begun = FlagTerm(known, name + "*", span)
        return Or((begun, FlagTerm(known, "none", span))) if "none".startswith(name) else begun

    def sort_term(self, token: Token) -> None:
        for part in token.value.split(","):
            reverse = part.startswith(("-", "\N{MINUS SIGN}"))
            by = part.lstrip("-\N{MINUS SIGN}").lower()
            by = {"upvotes": "up", "newest": "date", "order": "list"}.get(by, by)
            if by in SORT_VALUES:
                self.sort.append(Sort(by, reverse))
            elif by and not any(value.startswith(by) for value in SORT_VALUES):
                near = nearest(by, SORT_VALUES) or "date"
                self.complain(token, f"sort: takes {', '.join(SORT_VALUES)}", near, by)

    def range(self, known: Field, token: Token) -> Node | None:
        ends = self.date_ends if known in DATE_FIELDS else number_ends
        value = token.value.strip()
        if self.is_half(token):
            value = without_half_end(known, value)
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
                told = f"“{token.value[:20]}” is no {range_kind(known)}"
                self.complain(token, told, example, token.value)
            return None
        return RangeTerm(known, low, high)

    def date_ends(self, text: str) -> tuple[int, int]:
        return date_ends(text, self.today)

    def complain(self, token: Token, text: str, instead: str, wrong: str) -> None:
        """Notes what is wrong with a term, and the term with the wrong part replaced."""
        written = self.text[token.start : token.end]
        at = written.lower().rfind(wrong.lower())
        healed = written[:at] + instead + written[at + len(wrong) :] if at >= 0 else instead
        if not instead:
            healed = ""
        self.diagnostics.append(Diagnostic(token.start, token.end, text, healed))


def _not(node: Node) -> Node:
    return node.node if isinstance(node, Not) else Not(node)


def _all(nodes: tuple[Node, ...]) -> Node:
    """The conjunction, flat."""
    flat: list[Node] = []
    for node in nodes:
        flat += node.nodes if isinstance(node, And) else (node,)
    return flat[0] if len(flat) == 1 else And(tuple(flat))
