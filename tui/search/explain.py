"""Messages about a query: corrections, unknown names, missing values, terms to drop, and why.

``diagnostics``, ``remarks`` and ``drop_notes`` are what all front ends show.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain

from tui.errors import UsageError
from tui.model.fields import Field, Kind
from tui.model.layout import plural
from tui.model.suggest import did_you_mean, nearest
from tui.model.words import fold
from tui.patterns import regex
from tui.query import (
    And,
    Diagnostic,
    ExactTerm,
    FlagTerm,
    Node,
    Or,
    Query,
    RangeTerm,
    SimilarTerm,
    WordTerm,
    leaves,
    parse,
)
from tui.query.lexer import balanced, tokens
from tui.query.regex import Budget
from tui.search.evaluator import Evaluator
from tui.search.matching import FUNCTION_WORDS, glob, stem
from tui.search.texts import DEFAULT_OPTIONS
from tui.values import dataclass

_HINT_WORK = 200_000
"""What the patterns of a query may spend for a hint, as a screen waits for it: some ms."""
_YEAR = regex(r"(?:19|20)\d\d")
_WORD = regex(r"[^\W_]+")
_SHOWN = 3
"""The most corrections and suggestions in a message."""


@dataclass(frozen=True, slots=True)
class DropSuggestion:
    """A term to drop from a query without results, and the number of papers that gives."""

    term: str
    """As it was typed."""
    count: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Whether a paper satisfies one term of a query, and where."""

    term: str
    holds: bool
    fields: tuple[Field, ...] = ()
    """For words, the fields that contain them."""
    instead: tuple[str, ...] = ()
    """The corrections of a word that matches nothing."""
    shared: tuple[str, ...] | None = None
    """The words that it shares with a paper that it is to be like, the most telling first; ``None``
    for other terms."""
    place: int | None = None
    """Its place among the papers like that one, from 1; ``None`` if it is not among them."""


def question(diagnostic: Diagnostic) -> str:
    """A diagnostic without details: what is wrong, and what may be meant."""
    asked = did_you_mean(diagnostic.suggestion)
    return f"{diagnostic.text}. {asked}" if asked else diagnostic.text


def diagnostic_note(diagnostic: Diagnostic) -> str:
    """A diagnostic as a message: what is wrong, what may be meant, then details."""
    asked = question(diagnostic)
    stop = "" if asked.endswith("?") else "."
    return f"{asked}{stop} {diagnostic.detail}." if diagnostic.detail else asked


def diagnostics(evaluator: Evaluator, query: Query) -> list[Diagnostic]:
    """What of a query means nothing, what no paper has, and what to type instead."""
    return [*query.diagnostics, *unknown_names(evaluator, query), *_unknown_texts(evaluator, query)]


def remarks(evaluator: Evaluator, query: Query) -> list[str]:
    """Messages: symbols that no paper has, corrections, and papers without a value."""
    return [
        *(f"No paper has {symbol}" for symbol in unknown_symbols(evaluator, query)),
        *_corrected(corrections(evaluator, query)),
        *(
            f"Left out: {plural(count, 'paper')} without {field.row.missing or field.row.has}"
            for field, count in without_value(evaluator, query).items()
        ),
    ]


def _corrected(instead: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """One message, of only what is searched for, so that a row has room for more beside it.

    A part of a word, such as ``ransform``, is no misspelling of it.
    """
    if words := [near[0] for word, near in instead.items() if word not in near[0]]:
        yield f"Corrected: {', '.join(words)}"


def drop_notes(evaluator: Evaluator, query: Query) -> list[str]:
    """Messages: the papers that dropping a term would give, most first."""
    return [
        f"Without “{drop.term}”: {plural(drop.count, 'paper')}"
        for drop in suggest_drops(evaluator, query)[:_SHOWN]
    ]


def corrections(evaluator: Evaluator, query: Query) -> dict[str, tuple[str, ...]]:
    """The corrections of words that match nothing, by word."""
    words = [word for word in query_words(query.node) if not word.phrase]
    nearby = {
        "-".join(word.words): tuple(evaluator.texts.nearest_words(word))
        for word in words
        if not evaluator.texts.is_known(word)
    }
    return {word: instead for word, instead in nearby.items() if instead}


def highlighted(evaluator: Evaluator, query: Query, *, forms: bool) -> tuple[str, ...]:
    """The folded prefixes of words to highlight: typed words, corrections, and other ``forms``."""
    typed = query.highlights()
    telling = [word for word in typed if word not in FUNCTION_WORDS] or typed
    stems = map(stem, telling) if forms else ()
    corrected = chain.from_iterable(corrections(evaluator, query).values())
    return tuple(dict.fromkeys([*telling, *stems, *corrected]))


def unknown_symbols(evaluator: Evaluator, query: Query) -> list[str]:
    """The terms that are only symbols, negated ones too, which no paper has."""
    return [
        str(term)
        for term in leaves(query.node)
        if isinstance(term, WordTerm)
        and not any(map(str.isalnum, "".join(term.words)))
        and not evaluator.texts.is_known(term)
    ]


def suggest_drops(evaluator: Evaluator, query: Query) -> list[DropSuggestion]:
    """The terms to drop and the papers each would give, most first."""
    today, pieces = evaluator.today(), [text for _, text in _pieces(query.text)]
    typed = {parse(text, today, typing=True).node: text for text in pieces}  # as the last may be
    typed |= {parse(text, today).node: text for text in pieces}
    drops = (
        DropSuggestion(typed.get(term, str(term)), _others(evaluator, query, term).bit_count())
        for term in (query.terms if len(query.terms) > 1 else ())
    )
    return sorted((drop for drop in drops if drop.count), key=lambda drop: -drop.count)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The terms of a query as typed, and where; parentheses with what is in them are one."""
    depth, start = 0, -1
    for token in balanced(tokens(text)):
        start = token.start if start < 0 else start
        depth += {"(": 1, ")": -1}.get(token.kind, 0)
        if not depth and token.kind != "not":
            yield start, text[start : token.end]
            start = -1


def shorter(evaluator: Evaluator, query: Query) -> str:
    """A query without the one term that hides most papers; empty if there is none."""
    drops = suggest_drops(evaluator, query)
    return " ".join(p for _, p in _pieces(query.text) if p != drops[0].term) if drops else ""


def without_terms(evaluator: Evaluator, query: Query, terms: Collection[Node]) -> str:
    """A query as it was typed, without some of its terms."""
    today = evaluator.today()
    return " ".join(p for _, p in _pieces(query.text) if parse(p, today).node not in terms)


def without_value(evaluator: Evaluator, query: Query) -> dict[Field, int]:
    """By field of a range, how many papers match the rest of the query but have no value.

    A range such as ``year:2024`` excludes them, which the user should know.
    """
    counts: dict[Field, int] = {}
    for term in query.terms:
        if isinstance(term, RangeTerm) and (term.field.row.missing or term.field.row.has):
            others = _others(evaluator, query, term)
            if missing := others & ~evaluator.having_value(term.field):
                counts[term.field] = missing.bit_count()
    return counts


def _others(evaluator: Evaluator, query: Query, term: Node) -> int:
    """The papers that match all terms of a query but one; none if patterns take long to tell."""
    others = And(tuple(t for t in query.terms if t is not term))
    try:
        return evaluator.matching(others, DEFAULT_OPTIONS._replace(budget=Budget(_HINT_WORK)))
    except UsageError:
        return 0


def _unknown_texts(evaluator: Evaluator, query: Query) -> Iterator[Diagnostic]:
    """Phrases and years that no text has, where it has the words, or papers are of that year."""
    today = evaluator.today()
    for start, typed in _pieces(query.text) if evaluator.texts.words is not None else ():
        term = parse(typed, today, typing=True).node
        if not isinstance(term, WordTerm) or evaluator.of(term, DEFAULT_OPTIONS):
            continue
        what, instead = typed, f"year:{typed}" if _YEAR.fullmatch(typed) else ""
        if term.phrase:
            what, instead = "this phrase", _corrected_phrase(evaluator, term, typed)
        if instead and evaluator.matching(parse(instead, today).node, DEFAULT_OPTIONS):
            yield Diagnostic(start, start + len(typed), f"No text contains {what}", instead)


def _corrected_phrase(evaluator: Evaluator, phrase: WordTerm, typed: str) -> str:
    """A phrase as typed, with its words corrected; without its quotes if none is."""
    label, _, quoted = typed.partition('"')
    words = (replace(phrase, words=(word,), phrase=False) for word in phrase.words)
    nearby = corrections(evaluator, Query(node=And(tuple(words))))
    if not nearby:
        return " ".join(label + word for word in quoted.rstrip('"').split())

    def corrected(match: re.Match[str]) -> str:
        return nearby.get(fold(match[0]), match)[0]

    return f'{label}"{_WORD.sub(corrected, quoted)}'


def unknown_names(evaluator: Evaluator, query: Query) -> list[Diagnostic]:
    """Tags, lists, categories and sources of a query that do not exist, and the nearest that do."""
    diagnostics: list[Diagnostic] = []
    for term in _names(query.node):
        if (others := _others_than(evaluator, term)) is None:
            continue
        name = (term.value if isinstance(term, FlagTerm) else term.pattern).removesuffix("*")
        near = nearest(name, map(fold, others))
        start, end = term.span
        typed = query.text[start:end].partition(":")[2].strip('"=*')
        shown = typed if fold(typed) == fold(name) else name
        text = f"No {term.field.row.has or term.field} “{shown}”"
        diagnostics.append(
            Diagnostic(*term.span, text, name_term(term.field, near) if near else "")
        )
    return diagnostics


def _others_than(evaluator: Evaluator, term: FlagTerm | ExactTerm) -> Iterable[str] | None:
    """The names that a term may mean if it matches none of them; ``None`` if it matches one."""
    if isinstance(term, FlagTerm):
        is_known = term.value == "none" or evaluator.matching_names(term)
        return None if is_known else evaluator.states.names(term.field)
    if evaluator.of(term, DEFAULT_OPTIONS):
        return None
    from tui.search.completion import short_texts  # here, as a start has none

    names = [name for name, _ in short_texts(evaluator, term.field, evaluator.everything)]
    if term.field is Field.SOURCE:
        names += evaluator.source_names().values()  # of some, nothing may have come yet
    return None if any(map(glob(term.pattern), map(fold, names))) else names


def why(evaluator: Evaluator, query: Query, row: int) -> list[Reason]:
    """Whether a paper satisfies each term of a query, and where."""

    def has(node: Node) -> bool:
        return bool(evaluator.matching(node, DEFAULT_OPTIONS) >> row & 1)

    reasons: list[Reason] = []
    for term in query.terms if query.node != And() else ():
        fields = [
            field
            for word in query_words(term)
            for field in _TEXTS
            if has(WordTerm(word.words, _within(word, field), word.phrase, word.half))
        ]
        instead = corrections(evaluator, Query(node=term)).values()
        reason = Reason(
            str(term),
            has(term),
            tuple(dict.fromkeys(fields)),
            tuple(word for words in instead for word in words),
        )
        if isinstance(term, SimilarTerm):
            reason = _with_likeness(evaluator, term, row, reason)
        reasons.append(reason)
    return reasons


def _with_likeness(evaluator: Evaluator, like: SimilarTerm, row: int, reason: Reason) -> Reason:
    """A reason with the words that a paper shares with another one, and how close it is to it."""
    other, vectors = evaluator.row(like.key), evaluator.vectors
    if other is None or vectors is None:
        return reason
    scores = evaluator.similar(like, DEFAULT_OPTIONS)
    ranked = sorted(scores, key=lambda each: -scores[each])
    place = ranked.index(row) + 1 if row in scores else None
    return replace(reason, shared=vectors.shared(other, row), place=place)


_TEXTS = tuple(field for field in Field if field.kind is Kind.WORDS and field is not Field.ANY)


def _within(word: WordTerm, field: Field) -> Field:
    return field if word.field is Field.ANY else word.field


def query_words(node: Node) -> Iterator[WordTerm]:
    """The words of a query, without negated ones."""
    if isinstance(node, WordTerm):
        yield node
    elif isinstance(node, And | Or):
        for part in node.nodes:
            yield from query_words(part)


def _names(node: Node) -> Iterator[FlagTerm | ExactTerm]:
    """The names of a query, such as tags and sources, without negated ones and alternatives."""
    if isinstance(node, FlagTerm | ExactTerm) and (
        node.field.kind is Kind.NAME or node.field in (Field.CATEGORY, Field.SOURCE)
    ):
        yield node
    elif isinstance(node, And):
        for part in node.nodes:
            yield from _names(part)


def single_list(names: Iterable[str], query: Query) -> str | None:
    """The list of a query for exactly one list, which is then shown in its order; else ``None``."""
    lists = [terms[0] for term in query.terms if (terms := _lists(term))]
    if len(lists) != 1:
        return None
    folded = lists[0].value.rstrip("*")
    return next((name for name in names if fold(name) == folded), None)


def _lists(node: Node) -> list[FlagTerm]:
    """The lists of a term; a prefix of a name may also be one of ``none``."""
    parts = node.nodes if isinstance(node, Or) else (node,)
    lists = [p for p in parts if isinstance(p, FlagTerm) and p.field is Field.LIST]
    if len(lists) != len(parts):
        return []
    return [part for part in lists if part.value != "none"] if len(lists) > 1 else lists


def name_term(field: Field, name: str) -> str:
    """The query term of a tag or list: ``tag:nlp``, ``list:"world models"``."""
    return f'{field}:"{name}"' if " " in name else f"{field}:{name}"
