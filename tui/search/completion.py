"""Completion of the term at the cursor, with the number of papers each would give."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Final

from tui.model.fields import HAS, IS_VALUES, ORDERS, QUERY_FIELDS, Field, Kind
from tui.model.words import fold
from tui.query import FlagTerm, RangeTerm, Unfinished, parse, unfinished
from tui.search.evaluator import Evaluator
from tui.search.texts import DEFAULT_OPTIONS
from tui.values import dataclass

MAX_COMPLETIONS: Final = 50
_PAPERS_READ: Final = 5_000
"""The most papers whose names, such as authors, are counted, newest first."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A replacement for the text from ``start`` to ``end``."""

    text: str
    """Followed by a space if the term is complete."""
    label: str
    """What a list of completions shows: the name without quotation marks."""
    count: int | None
    """Papers it would give, with the rest of the query; ``None`` if not applicable."""
    start: int
    end: int


def complete(evaluator: Evaluator, text: str, cursor: int) -> list[Completion]:
    """Completions at a cursor, by number of papers, then by name.

    Field names, or after a colon the existing values of the field.
    """
    typed = unfinished(text, cursor)
    if typed is None:
        return []
    if typed.field is None:
        return _fields(typed) if typed.prefix else []
    others = parse(text[: typed.start] + " " + text[typed.end :])
    within = evaluator.matching(others.node, DEFAULT_OPTIONS)
    prefix = fold(typed.prefix).lstrip("-")
    sign = "-" if typed.prefix.startswith("-") and typed.field is Field.SORT else ""
    completions = [
        Completion(sign + _quoted(name) + " ", name, count, typed.start, typed.end)
        for name, count in _values(evaluator, typed.field, within)
        if fold(name).startswith(prefix)
    ]
    if [fold(each.label) for each in completions] == [prefix]:  # it is typed already
        return []
    completions.sort(key=lambda c: (c.label == "none", -(c.count or 0), c.label))
    return completions[:MAX_COMPLETIONS]


def _fields(typed: Unfinished) -> list[Completion]:
    prefix = typed.prefix.lower()
    return [
        Completion(f"{field}:", f"{field}:", None, typed.start, typed.end)
        for field in QUERY_FIELDS
        if field.startswith(prefix)
    ]


def _values(evaluator: Evaluator, field: Field, within: int) -> Iterable[tuple[str, int | None]]:
    """The values of a field, with the number of papers of a set that have each."""
    if field.kind is Kind.CLAIM:
        return (
            (name, (evaluator.flag(FlagTerm(field, name)) & within).bit_count())
            for name in (IS_VALUES if field is Field.IS else HAS)
        )
    if field.kind is Kind.NAME:
        return _names(evaluator, field, within)
    if field.kind is Kind.YEAR:
        return _years(evaluator, field, within)
    if field.kind is Kind.ORDER:
        return ((name, None) for name in ORDERS)
    if not field.row.completes:
        return ()
    texts = _names_in_words if field.kind is Kind.WORDS else short_texts
    return texts(evaluator, field, within)


def _names(evaluator: Evaluator, field: Field, within: int) -> Iterator[tuple[str, int]]:
    for name in evaluator.states.names(field):
        yield name, (evaluator.states.named(field, name) & within).bit_count()
    yield "none", (evaluator.flag(FlagTerm(field, "none")) & within).bit_count()


def _years(evaluator: Evaluator, field: Field, within: int) -> Iterator[tuple[str, int]]:
    if ends := evaluator.ends(field):
        first, last = (date.fromordinal(end).year for end in ends)
        for year in range(first, last + 1):
            bits = evaluator.of(RangeTerm(field, year, year), DEFAULT_OPTIONS) & within
            if bits:
                yield str(year), bits.bit_count()


def _names_in_words(evaluator: Evaluator, field: Field, within: int) -> list[tuple[str, int]]:
    """The authors, organizations or venues of papers, folded."""
    counts: Counter[str] = Counter()
    papers = (row for row in evaluator.columns.newest if within >> row & 1)
    for row in islice(papers, _PAPERS_READ):
        names = evaluator.texts.text(field, row).decode().split("\t")
        counts.update(name for name in names if name)
    return list(counts.items())


def short_texts(evaluator: Evaluator, field: Field, within: int) -> list[tuple[str, int]]:
    """The categories or the sources of papers, these by the names that the user gave them."""
    counts: Counter[str] = Counter()
    column = evaluator.columns.texts(field) or ()
    names = {fold(spec): name for spec, name in evaluator.source_names().items()}
    papers = (row for row in evaluator.columns.newest if within >> row & 1)
    for row in islice(papers, _PAPERS_READ):
        values = column[row].decode().split("\t")
        counts.update(names.get(value, value) for value in dict.fromkeys(values) if value)
    return list(counts.items())


def _quoted(name: str) -> str:
    return f'"{name}"' if any(c in name for c in ' ()"|') else name
