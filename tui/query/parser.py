"""The parser; never raises."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from tui import clock
from tui.model.fields import (
    HAS,
    IS_VALUES,
    NAMES,
    ORDER_ALIASES,
    ORDERS,
    RANGES,
    Field,
    Kind,
)
from tui.model.identifiers import arxiv_id
from tui.model.suggest import all_near, nearest
from tui.model.text import normalize
from tui.model.words import fold, search_words
from tui.patterns import regex
from tui.query.ast import (
    And,
    Diagnostic,
    ExactTerm,
    FlagTerm,
    Node,
    Not,
    Or,
    Query,
    RangeTerm,
    RegexTerm,
    SimilarTerm,
    Sort,
    WordTerm,
)
from tui.query.dates import (
    EXAMPLES,
    NotADateError,
    date_ends,
    may_continue,
    number_ends,
    split_range,
    without_half_end,
    year_ends,
)
from tui.query.lexer import Token, balanced, stray, tokens
from tui.query.regex import Regex, RegexError

MAX_LENGTH: Final = 1_000
"""Characters of a query; the rest is ignored."""
_NO_COLON: Final = regex(r"([A-Za-z]+)(>=|<=|>|<|=)(.*)")
_KINDS: Final = {Kind.DAY: "date", Kind.YEAR: "year", Kind.NUMBER: "whole number"}


def parse(text: str, today: date | None = None, *, typing: bool = False) -> Query:
    """Parses a query as far as it goes; each part that means nothing gets a diagnostic.

    Args:
        today: The date that ages such as ``7d`` refer to; ``None`` for the current date.
        typing: Whether the text is still being typed: its last term is then a prefix, and parts
            that mean nothing yet get no diagnostic.
    """
    cleaned = normalize(text, MAX_LENGTH)
    ends_in_space = text[-1:].isspace()
    parser = _Parser(cleaned, today or clock.today(), typing, ends_in_space)
    node = parser.any_of() or And()
    diagnostics = sorted(parser.diagnostics, key=lambda each: each.start)
    return Query(parser.text, node, tuple(parser.sort), parser.limit, tuple(diagnostics))


class _Parser:
    """Precedence climbing over the tokens: NOT binds tighter than AND, AND tighter than OR."""

    def __init__(self, text: str, today: date, typing: bool, ends_in_space: bool) -> None:
        self.text = text
        self.today = today
        self.typing = typing
        self.ends_in_space = ends_in_space
        all_tokens = list(tokens(text))
        self.tokens = list(balanced(all_tokens))
        self.place = 0
        self.sort: list[Sort] = []
        self.limit: int | None = None
        self.diagnostics: list[Diagnostic] = []
        for token, problem in stray(all_tokens) if not typing else ():
            written = text[token.start : token.end]
            quoted = f'"{written}"' if written.isalpha() else ""  # the word may be meant
            self.complain(token, f"“{written}” {problem}", quoted, written)

    def is_half(self, token: Token) -> bool:
        """Whether a term is at the end of the text and still being typed."""
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

    def any_of(self) -> Node | None:
        """Alternatives; ``None`` if there are none."""
        sides = [self.all_of()]
        while self.take("|"):
            sides.append(self.all_of())
        nodes = [node for node in sides if node is not None]  # "lora OR" has only one side
        return Or(tuple(nodes)) if len(nodes) > 1 else next(iter(nodes), None)

    def all_of(self) -> Node | None:
        nodes: list[Node] = []
        while self.peek() in ("term", "(", "not", "and"):
            if not self.take("and") and (node := self.one()) is not None:
                nodes.append(node)
        return _all(nodes) if nodes else None

    def one(self, *, negated: bool = False) -> Node | None:
        if self.take("not"):
            node = self.one(negated=True) if self.peek() in ("term", "(", "not") else None
            return _not(node) if node is not None else None
        if self.take("("):
            node = self.any_of()
            self.take(")")
            return node
        token = self.tokens[self.place]
        self.place += 1
        if (negated or token.negated) and self.is_half(token):
            return None  # "-r" would exclude nearly everything before it is "-robot"
        node = self.term(token)
        return _not(node) if token.negated and node is not None else node

    def term(self, token: Token) -> Node | None:
        """The node of a term; ``None`` if it has none, or none yet."""
        name = token.field.lower()
        if not name:
            return self.bare(token)
        field = NAMES.get(name)
        if field is None:
            return self.unknown(name, token)
        kind = field.kind
        if not token.value.strip():
            return self.nothing(token, f"{name}:{_example(field)}")
        if token.regex or (token.value.startswith("/") and kind is Kind.WORDS):
            return self.pattern(field, token)
        if kind in RANGES:
            return self.range(field, token)
        match kind:
            case Kind.WORDS | Kind.EXACT:
                return self.text_term(field, token)
            case Kind.PAPER:
                return SimilarTerm(token.value.lower(), half=self.is_half(token))
            case Kind.CLAIM:
                return self.claim(field, token)
            case Kind.NAME:
                return self.flag(field, token.value, token)
            case Kind.ORDER:
                self.sort_term(token)
            case _:
                self.limit_term(token)
        return None

    def nothing(self, token: Token, instead: str = "") -> Node | None:
        """Reports a term that means nothing, unless it is still being typed; it has no node."""
        if not self.typing:
            written = self.text[token.start : token.end]
            problem = "has no value" if token.field and not token.value.strip() else "means nothing"
            sign = written[0] if token.negated else ""
            self.complain(token, f"“{written}” {problem}", f"{sign}{instead}" if instead else "")
        return None

    def limit_term(self, token: Token) -> None:
        if token.value.isascii() and token.value.isdigit():
            self.limit = int(token.value[:9])
        else:
            self.complain(token, "limit: takes a whole number", "20", token.value)

    def bare(self, token: Token) -> Node | None:
        """The node of a term without a field."""
        value = token.value
        if token.quoted:
            return self.words(Field.ANY, token)
        if value == "*" and not token.regex:
            return And()
        if token.regex or value.startswith("/"):
            return self.pattern(Field.ANY, token)
        if value.startswith("#"):
            return self.flag(Field.TAG, value[1:], token)
        if self.is_half(token) and any(n.startswith(value.lower()) for n in NAMES):
            return None  # "is:unread sor" is on its way to "sort:", and must not blank the list
        match = _NO_COLON.fullmatch(value)
        if match and (field := NAMES.get(match[1].lower())):
            if not self.is_half(token):
                sign = "" if match[2] == "=" and field.kind is not Kind.WORDS else match[2]
                message = f"“{match[1]}” is a field and needs a colon"
                self.complain(token, message, f"{match[1]}:{sign}{match[3]}", value)
            return None
        return self.words(Field.ANY, token)

    def unknown(self, name: str, token: Token) -> Node | None:
        """The words of a term with an unknown field."""
        written = self.text[token.start : token.end]
        fixes = [written.replace(token.field, each, 1) for each in all_near(name, NAMES)]
        half = self.is_half(token)
        valid = (fix for fix in fixes if not parse(fix, self.today, typing=half).diagnostics)
        if fixes:
            self.complain(token, f"Unknown field “{name}”", next(valid, fixes[0]))
        elif identifier := arxiv_id(f"{name}:{token.value}"):
            paper, _ = identifier
            detail = "To add papers, save the text of a page and run papers-tui import FILE"
            problem = f"An address is not a query: arXiv {paper}"
            self.complain(token, problem, f"arxiv:{paper}", detail=detail)
        elif token.value and not token.value.startswith("//"):
            self.complain(
                token,
                f"Unknown field “{name}”",
                f'"{token.field} {token.value}"',
                f"{name}:{token.value}",
            )
        return self.words(Field.ANY, token, f"{token.field} {token.value}")

    def pattern(self, field: Field, token: Token) -> Node | None:
        """A regular expression; ``None`` while it is unfinished."""
        if field.kind is not Kind.WORDS:
            self.complain(token, f"{field}: takes no regular expression", "", token.value)
            return None
        if not token.regex:
            if self.is_half(token):
                return None
            if token.value == "/":
                return self.nothing(token)
            written = self.text[token.start : token.end]
            self.complain(token, "A regular expression ends with a slash", f"{written}/", written)
            return self.words(field, token)
        try:
            Regex(token.value)
            return RegexTerm(field, token.value)
        except RegexError as error:
            self.complain(token, str(error), "", token.value)
            return None

    def words(self, field: Field, token: Token, text: str | None = None) -> Node | None:
        half = token.quoted and self.is_half(token) and not self.ends_in_space
        if text is not None:  # the words of an unknown field
            return _all([WordTerm((word,), field) for word in search_words(text)])
        if parts := tuple(search_words(token.value)):
            return WordTerm(parts, field, phrase=token.quoted, half=half)
        has = field.row.has if token.value.strip("*") == "" else ""
        return self.nothing(token, f"has:{has}" if has else "")

    def text_term(self, field: Field, token: Token) -> Node | None:
        folded = fold(token.value)
        if field.kind is Kind.EXACT:
            pattern = folded if token.exact else folded.rstrip("*") + "*"
            return ExactTerm(field, pattern, (token.start, token.end))
        if token.exact:
            return ExactTerm(field, folded + "*" if self.is_half(token) else folded)
        if "*" in folded.rstrip("*"):
            return ExactTerm(field, f"*{folded}*")
        return self.words(field, token)

    def claim(self, field: Field, token: Token) -> Node | None:
        values = IS_VALUES if field is Field.IS else tuple(HAS)
        typed = token.value.lower()
        matches = [value for value in values if value.startswith(typed)]
        if matches and self.is_half(token):
            # is:read may become is:reading: until then, it means both.
            return (
                FlagTerm(field, matches[0])
                if len(matches) == 1
                else Or(tuple(FlagTerm(field, v) for v in matches))
            )
        if typed in values or len(matches) == 1:
            return FlagTerm(field, typed if typed in values else matches[0])
        near = next(iter(matches), nearest(typed, values) or values[0])
        self.unknown_value(token, str(field), near, token.value, values)
        return None

    def flag(self, field: Field, value: str, token: Token) -> Node | None:
        name = fold(value)
        if field is Field.TAG:
            name = re.sub(r"\s+", "-", name.strip())  # as in tag names
        if not name:
            return self.nothing(token, f"#{_example(field)}")
        span = (token.start, token.end)
        if not self.is_half(token) or token.exact:
            return FlagTerm(field, name, span)
        prefix = FlagTerm(field, name + "*", span)
        return Or((prefix, FlagTerm(field, "none", span))) if "none".startswith(name) else prefix

    def sort_term(self, token: Token) -> None:
        if not token.value.strip("-\N{MINUS SIGN},"):
            self.nothing(token, f"{token.field}:{_example(Field.SORT)}")
        for part in token.value.split(","):
            reverse = part.startswith(("-", "\N{MINUS SIGN}"))
            by = part.lstrip("-\N{MINUS SIGN}").lower()
            by = ORDER_ALIASES.get(by, by)
            if by in ORDERS:
                self.sort.append(Sort(by, reverse))
            elif by and not any(value.startswith(by) for value in ORDERS):
                near = nearest(by, ORDERS) or "date"
                self.unknown_value(token, "sort", near, by, ORDERS)

    def range(self, field: Field, token: Token) -> Node | None:
        value = token.value.strip()
        is_half = self.is_half(token) and may_continue(field, value)
        if is_half:
            value = without_half_end(field, value)
        comparison = re.match(r">=|<=|>|<|", value)
        sign = comparison[0] if comparison else ""
        rest = value[len(sign) :]
        left, right = (rest, rest) if sign else split_range(field, value) or (value, value)
        if not left and not right:
            return self.nothing(token, f"{token.field}:{_example(field)}")
        low: int | None = None
        high: int | None = None
        text = left
        try:
            if left:
                low, high = self.ends(field, left)
            text = right
            if right != left:
                high = self.ends(field, right)[1] if right else None
        except NotADateError as error:
            if not is_half:
                kind = _KINDS[field.kind]
                reason = error.reason or f"Not a {kind}: {normalize(text, 20)}"
                detail = "" if error.instead else f"Try {EXAMPLES}"
                self.complain(token, reason, error.instead, text, detail)
            return None
        if sign in (">", "<") and low is not None and high is not None:
            low, high = high + 1, low - 1
        return RangeTerm(field, None if "<" in sign else low, None if ">" in sign else high)

    def ends(self, field: Field, text: str) -> tuple[int, int]:
        """The first and the last value that a text means in a field of ranges."""
        if field.kind is Kind.NUMBER:
            return number_ends(text)
        return (date_ends if field.kind is Kind.DAY else year_ends)(text, self.today)

    def unknown_value(
        self, token: Token, field: str, near: str, wrong: str, values: Iterable[str]
    ) -> None:
        """Adds a diagnostic for a value that a field does not have."""
        detail = f"{field}: takes {', '.join(values)}"
        self.complain(token, f"Unknown value “{normalize(wrong, 40)}”", near, wrong, detail)

    def complain(
        self, token: Token, text: str, instead: str, wrong: str = "", detail: str = ""
    ) -> None:
        """Adds a diagnostic for a term; suggests it with the wrong part, or all of it, replaced."""
        written = self.text[token.start : token.end]
        at = written.lower().rfind(wrong.lower()) if wrong else -1
        fixed = written[:at] + instead + written[at + len(wrong) :] if at >= 0 else instead
        suggestion = fixed if instead else ""
        self.diagnostics.append(Diagnostic(token.start, token.end, text, suggestion, detail))


def _not(node: Node) -> Node:
    return node.node if isinstance(node, Not) else Not(node)


def _all(nodes: Iterable[Node]) -> Node:
    """The conjunction, flat."""
    flat: list[Node] = []
    for node in nodes:
        flat += node.nodes if isinstance(node, And) else (node,)
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def _example(field: Field) -> str:
    """A value that a field can take."""
    return field.row.examples[0].partition(":")[2]
