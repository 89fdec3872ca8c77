"""What can stand at the cursor of a query, with how many papers it would give."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from tui.model.text import fold
from tui.query import (
    HAS_VALUES,
    IS_VALUES,
    SORT_VALUES,
    Field,
    FlagTerm,
    RangeTerm,
    Unfinished,
    parse,
    unfinished,
)
from tui.search.columns import MISSING
from tui.search.evaluator import EvalOptions, Evaluator

MAX_COMPLETIONS: Final = 50
_AUTHORS_READ: Final = 5_000
"""Papers whose authors are counted; of more, the newest say enough."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Something to type in place of what stands from ``start`` to ``end``."""

    text: str
    """With a space behind it where the term is whole."""
    label: str
    """What to show for it."""
    count: int | None
    """Papers it would leave, with all else of the query; ``None`` where that means nothing."""
    start: int
    end: int


def complete(sets: Evaluator, text: str, cursor: int) -> list[Completion]:
    """What can be typed at a cursor, the most useful first: by papers, then by name.

    Fields come by themselves; behind a colon, the values there are. What would leave no paper comes
    last.

    Args:
        sets: All papers.
        text: The query as far as it was typed.
        cursor: A place in it.
    """
    typed = unfinished(text, cursor)
    if typed is None:
        return []
    if typed.field is None:
        return _fields(typed) if typed.begun else []
    others = parse(text[: typed.start] + " " + text[typed.end :])
    within = sets.of(others.node, EvalOptions())
    named = _values(sets, typed.field, within)
    begun = fold(typed.begun).lstrip("-")
    sign = "-" if typed.begun.startswith("-") and typed.field is Field.SORT else ""
    found = [
        Completion(sign + _quoted(name) + " ", name, count, typed.start, typed.end)
        for name, count in named
        if fold(name).startswith(begun)
    ]
    found.sort(key=lambda each: (each.label == "none", -(each.count or 0), each.label))
    return found[:MAX_COMPLETIONS]


def _fields(typed: Unfinished) -> list[Completion]:
    begun = typed.begun.lower()
    return [
        Completion(f"{field}:", f"{field}:", None, typed.start, typed.end)
        for field in Field
        if field is not Field.ANY and field.startswith(begun)
    ]


def _values(sets: Evaluator, field: Field, within: int) -> Iterable[tuple[str, int | None]]:
    def counted(names: Iterable[str]) -> Iterator[tuple[str, int | None]]:
        return ((name, (sets.flag(FlagTerm(field, name)) & within).bit_count()) for name in names)

    values: dict[Field, Callable[[], Iterable[tuple[str, int | None]]]] = {
        Field.IS: lambda: counted(IS_VALUES),
        Field.HAS: lambda: counted(HAS_VALUES),
        Field.TAG: lambda: _names(sets, field, within),
        Field.LIST: lambda: _names(sets, field, within),
        Field.YEAR: lambda: _years(sets, within),
        Field.AUTHOR: lambda: _authors(sets, within),
        Field.SORT: lambda: ((name, None) for name in SORT_VALUES),
    }
    return values[field]() if field in values else ()


def _names(sets: Evaluator, field: Field, within: int) -> Iterator[tuple[str, int]]:
    for name in sets.decided.names(field):
        yield name, (sets.decided.named(field, name) & within).bit_count()
    yield "none", (sets.flag(FlagTerm(field, "none")) & within).bit_count()


def _years(sets: Evaluator, within: int) -> Iterator[tuple[str, int]]:
    days, _ = sets.ranked("published")
    if days and days[-1] != MISSING:
        first = days[bisect_right(days, MISSING)]
        for year in range(date.fromordinal(first).year, date.fromordinal(days[-1]).year + 1):
            found = sets.of(RangeTerm(Field.YEAR, year, year), EvalOptions()) & within
            if found:
                yield str(year), found.bit_count()


def _authors(sets: Evaluator, within: int) -> list[tuple[str, int]]:
    found: Counter[str] = Counter()
    read = 0
    for row in sets.table.newest:
        if within >> row & 1 and read < _AUTHORS_READ:
            read += 1
            found.update(name for name in sets.text(Field.AUTHOR, row).decode().split("\t") if name)
    return list(found.items())


def _quoted(name: str) -> str:
    return f'"{name}"' if any(c in name for c in ' ()"|') else name
