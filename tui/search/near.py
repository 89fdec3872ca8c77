"""What is near a query: parts of words, papers in other states, and the best partial matches.

Shown beside or in place of what a query finds; nothing that changes papers uses it.
"""

from collections.abc import Iterator
from dataclasses import field, replace
from itertools import islice, pairwise
from math import ceil, log
from typing import Final, TypeGuard

from tui.model.fields import STATES, Field, Kind
from tui.model.layout import enumerated
from tui.query import And, FlagTerm, Node, Not, Or, Query, WordTerm
from tui.search.bitset import counted, rows_of
from tui.search.evaluator import Evaluator
from tui.search.explain import without_terms
from tui.search.matching import FUNCTION_WORDS
from tui.search.texts import EvalOptions
from tui.values import dataclass

FEW: Final = 5
"""With fewer results, words that contain a word of the query are searched for, too."""
_MANY: Final = 3
"""With this many terms, papers that have all by other forms of words may not be what was meant."""
_LEAST: Final = 2
"""The words that a partial match has, of three or more; the others may be wrong, or say little."""
_MAX_PARTIAL: Final = 20
"""The most partial matches."""
_MAX_SCORED: Final = 1_000
"""The most partial matches that are weighed."""
ELSEWHERE: Final = "elsewhere"
NOTHING: Final = "Nothing here"
_INBOX: Final = FlagTerm(Field.IS, "inbox")
_NEVER_IN_INBOX: Final = {
    *(FlagTerm(Field.IS, status) for status in ("reading", "read", "dismissed")),
    *(FlagTerm(Field.IS, state) for state in ("kept", "starred", "snoozed", "decided", "removed")),
}
_STATUSES: Final = ("unread", "kept", "reading", "read", "dismissed", "snoozed")


@dataclass(frozen=True, slots=True)
class Near:
    """What is near a query."""

    further: int = 0
    """The set of papers to list after those that match."""
    node: Node = field(default_factory=And)
    """The query that these match, more or less, by which they are sorted."""
    ranked: tuple[int, ...] = ()
    """Rows to list where none match, best first."""
    note: str = ""
    """What is shown, or what is elsewhere, a sentence without a full stop; empty if nothing."""
    brief: str = ""
    """A shorter form of that, for a short row."""
    label: str = ""
    """What is listed in place of papers that match, in two or three words; empty if nothing is."""
    query: str = ""
    """The query that shows what is elsewhere; empty if there is none."""
    is_elsewhere: bool = False
    """Whether all that is listed is in other states than those asked for."""


def near(evaluator: Evaluator, query: Query, bits: int, options: EvalOptions) -> Near:
    """What is near a query: other words, or other states; ``bits`` are the papers that match it."""
    if query.limit is not None:
        return Near()
    has_words = any(_words(query))
    telling = _telling(query)
    forms = options._replace(forms=True)
    generous = forms._replace(parts=True)
    further = 0
    if has_words and bits.bit_count() < FEW:
        further = _generously(evaluator, telling, generous) & ~bits
    here = bits | further
    elsewhere: Near | None = None
    for scopes in _scopes(query, is_empty=not here):
        rest = And(tuple(term for term in query.terms if term not in scopes))
        others = evaluator.matching(rest, options) & ~here
        if has_words and not (bits or others):  # as what is here was found
            rest = And(tuple(term for term in telling if term not in scopes))
            others = _generously(evaluator, rest.nodes, generous) & ~here
        if others:
            count = here.bit_count()
            elsewhere = _elsewhere(evaluator, query, scopes, rest, others, further, count)
            break
    if elsewhere and (bits or not here):
        return elsewhere
    if not has_words:
        return Near()
    has_all = further and _generously(evaluator, telling, forms)
    is_sure = has_all.bit_count() >= FEW or len(telling) < _MANY
    if bits or (has_all and is_sure):
        return elsewhere or Near(further, query.node)
    partial = _partial(evaluator, query, generous, has_all)
    partial = replace(partial, further=further, node=query.node)
    if elsewhere:  # which has all words, too
        note, brief, wider = elsewhere.note, elsewhere.brief, elsewhere.query
        return replace(partial, note=note, brief=brief, query=wider)
    return partial


def _elsewhere(
    evaluator: Evaluator,
    query: Query,
    scopes: tuple[Node, ...],
    rest: And,
    others: int,
    further: int,
    here: int,
) -> Near:
    """The papers in other states, lists or tags: their number, or they themselves if none is here.

    Args:
        scopes: The terms that say where to look.
        rest: The other terms.
        others: The papers that match these.
        further: The set of papers to list after those that match.
        here: How many are listed.
    """
    is_stated = not any(map(_is_sought, rest.nodes))  # then there is no need to say it again
    where = ELSEWHERE if is_stated else _where(evaluator, scopes, others)
    wider = without_terms(evaluator, query, scopes)
    count = f"{others.bit_count():,}"
    if here:
        note, brief = (f"{here:,} here, {count} more {place}" for place in (where, ELSEWHERE))
        return Near(further, query.node, note=note, brief=brief, query=wider)
    note = f"{NOTHING}; showing {count} {where}"
    return Near(others, rest, note=note, brief=NOTHING, label=where, query=wider, is_elsewhere=True)


def _scopes(query: Query, *, is_empty: bool) -> Iterator[tuple[Node, ...]]:
    """The terms to leave out to look elsewhere, those for states alone first.

    Something to look for is left: words, or the value of a field. Where nothing is listed, it may
    also be a state that the inbox does not have.
    """
    terms = query.terms
    typed = terms[1:] if terms[:1] == (_INBOX,) else ()
    if is_empty and typed and _NEVER_IN_INBOX.issuperset(typed):
        yield (_INBOX,)
    states = tuple(term for term in terms if _is_scope(term, of_names=False))
    scopes = tuple(term for term in terms if _is_scope(term))
    for left_out in dict.fromkeys((states, scopes)):
        if left_out and any(_is_sought(term) for term in terms if term not in left_out):
            yield left_out


def _generously(evaluator: Evaluator, terms: tuple[Node, ...], options: EvalOptions) -> int:
    """The papers that match, be it with two of the words written as one."""
    bits = evaluator.matching(And(terms), options)
    for place, (first, second) in enumerate(pairwise(terms)):
        if _is_simple(first) and _is_simple(second):
            joined = evaluator.texts.with_prefix(Field.ANY, "".join(first.words + second.words))
            if joined:
                others = And(terms[:place] + terms[place + 2 :])
                bits |= joined & evaluator.matching(others, options)
    return bits


def _is_sought(term: Node) -> bool:
    """Whether a term says what to look for, such as a word, a year or a tag, and not what not."""
    if isinstance(term, Or):
        return any(map(_is_sought, term.nodes))
    if isinstance(term, FlagTerm):
        return term.field is not Field.IS and term.value != "none"
    return not isinstance(term, Not) and term != And()


def by_title(evaluator: Evaluator, query: Query, options: EvalOptions) -> list[int]:
    """Sets of papers: with all words of a query in the title, all but one, and so on.

    There, other forms of a word count as well, unless it is the only one.
    """
    options = options._replace(titles=True)
    forms = options._replace(forms=True)
    sets = [evaluator.of(term, forms) for term in _telling(query) if isinstance(term, WordTerm)]
    counts = counted(sets, evaluator.everything) if len(sets) > 1 else []
    return [evaluator.of(query.node, options), *counts[:0:-1]]


def _telling(query: Query) -> tuple[Node, ...]:
    """The terms of a query without words that any sentence has, if there are others."""
    telling = tuple(term for term in query.terms if not _is_filler(term))
    return telling if any(isinstance(term, WordTerm) for term in telling) else query.terms


def _is_filler(term: Node) -> bool:
    return _is_simple(term) and FUNCTION_WORDS.issuperset(term.words)


def _is_simple(term: Node) -> TypeGuard[WordTerm]:
    """Whether a term is words without quotes, in any field."""
    return isinstance(term, WordTerm) and not term.phrase and term.field is Field.ANY


def _words(query: Query) -> Iterator[WordTerm]:
    return (term for term in query.terms if isinstance(term, WordTerm))


def _is_scope(term: Node, *, of_names: bool = True) -> bool:
    """Whether a term says in which state to look, or also in which list or tag, not what for."""
    if isinstance(term, FlagTerm):
        is_state = term.field is Field.IS and term.value in STATES
        return is_state or (of_names and term.field.kind is Kind.NAME)
    if isinstance(term, Not):
        return _is_scope(term.node, of_names=of_names)
    return isinstance(term, Or) and all(_is_scope(n, of_names=of_names) for n in term.nodes)


def _where(evaluator: Evaluator, scopes: tuple[Node, ...], bits: int) -> str:
    """Where some papers are: ``among read and dismissed``."""
    if not all(_is_scope(term, of_names=False) for term in scopes):
        return ELSEWHERE
    papers = {name: evaluator.flag(FlagTerm(Field.IS, name)) & bits for name in _STATUSES}
    papers["unread"] &= ~papers["kept"]  # which says more
    names = [name for name in _STATUSES if papers[name]]
    return f"among {enumerated(names, 'and')}" if names else ELSEWHERE


def _partial(
    evaluator: Evaluator,
    query: Query,
    options: EvalOptions,
    has_all: int,
) -> Near:
    """The papers with most of the words, rare ones first; those in other states if they have more.

    Args:
        has_all: The papers that have all words, be it by other forms of them.
    """
    words = tuple(term for term in _telling(query) if isinstance(term, WordTerm))
    if len(words) < 2:
        return Near()
    others = tuple(term for term in query.terms if not isinstance(term, WordTerm))
    here = evaluator.matching(And(others), options) & ~has_all
    ranked, most, _ = _best(evaluator, words, here, options)
    label, wider = f"{most} of {len(words)} words", ""
    if has_all:
        all_words = f"{has_all.bit_count():,} with all words"
        note = f"{all_words}, then those with {label}"
        return Near(ranked=ranked, note=note) if ranked else Near()
    note, is_elsewhere = f"No paper has all words; showing those with {label}", False
    brief = ""
    if scopes := tuple(term for term in query.terms if _is_scope(term)):
        rest = And(tuple(term for term in others if term not in scopes))
        elsewhere = evaluator.matching(rest, options) & ~here
        better, more, bits = _best(evaluator, words, elsewhere, options)
        if better and more >= most:
            wider = without_terms(evaluator, query, scopes)
            count, where = f"{bits.bit_count():,}", _where(evaluator, scopes, bits)
            brief = f"Showing papers with {label}"
            note = f"{brief}; {count} more {where}"
            if is_elsewhere := more > most:
                ranked = tuple(row for row in better if bits >> row & 1)
                label = f"{more} of {len(words)} words"
                note, brief = f"{NOTHING}; showing {count} elsewhere with {label}", NOTHING
    if not ranked:
        return Near()
    return Near(
        ranked=ranked,
        note=note,
        brief=brief,
        label=label,
        query=wider,
        is_elsewhere=is_elsewhere,
    )


def _best(
    evaluator: Evaluator, words: tuple[WordTerm, ...], within: int, options: EvalOptions
) -> tuple[tuple[int, ...], int, int]:
    """The rows with most of the words, by the weight of these.

    Returns:
        The rows, how many words the first has, and the set of papers with as many.
    """
    sets = [evaluator.of(word, options) for word in words]
    at_least = counted(sets, within)
    least = min(ceil(len(words) / 2), _LEAST)
    most = max((number for number, bits in enumerate(at_least) if bits), default=0)
    if most < least:
        return (), 0, 0
    pool = at_least[max(most - 1, least)]
    if pool.bit_count() > _MAX_SCORED:
        pool = at_least[most]
    scores = dict.fromkeys(islice(rows_of(pool), _MAX_SCORED), 0.0)
    for word, bits in zip(words, sets, strict=True):
        weight = log(1 + evaluator.width / bits.bit_count()) if bits else 0.0
        titled = evaluator.of(word, options._replace(titles=True))
        for row in scores:
            scores[row] += weight * ((bits >> row & 1) + (titled >> row & 1))
    rows = sorted(scores, key=lambda row: -scores[row])[:_MAX_PARTIAL]
    count = sum(bits >> rows[0] & 1 for bits in sets)
    return tuple(rows), count, at_least[count]
