"""What can be asked of an entry, and how entries are put in order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Final

from tui.query import Field, Sort
from tui.text import fold, words
from tui.triage import Decision, Entry, Status


def claims(decision: Decision) -> Iterator[tuple[Field, str]]:
    """What may be asked of a decision by name."""
    yield Field.IS, str(decision.status)
    if decision.starred:
        yield Field.IS, "starred"
    if decision.note:
        yield Field.HAS, "note"
    if decision.tags:
        yield Field.HAS, "tag"
    if decision.lists:
        yield Field.HAS, "list"
    for tag in decision.tags:
        yield Field.TAG, tag
    for name in decision.lists:
        yield Field.LIST, name


HAS_FACT: Final[dict[str, Callable[[Entry], object]]] = {
    "date": lambda entry: entry.paper.published,
    "upvotes": lambda entry: entry.paper.upvotes is not None,
    "authors": lambda entry: entry.paper.author_count is not None,
    "abstract": lambda entry: entry.paper.abstract,
    "url": lambda entry: entry.paper.urls,
}

NUMBERS: Final[dict[Field, Callable[[Entry], int | None]]] = {
    Field.YEAR: lambda entry: entry.paper.published.year if entry.paper.published else None,
    Field.UPVOTES: lambda entry: entry.paper.upvotes,
    Field.AUTHORS: lambda entry: entry.paper.author_count,
    Field.DATE: lambda entry: entry.paper.published.toordinal() if entry.paper.published else None,
    Field.ADDED: lambda entry: (
        date.fromisoformat(entry.added[:10]).toordinal() if entry.added else None
    ),
}


def noted_words(decision: Decision) -> set[tuple[Field, str]]:
    """The words a reader gave a paper: of its note, and of its tags."""
    found = {(Field.NOTE, word) for word in words(decision.note or "")}
    return found | {(Field.TAG, word) for tag in decision.tags for word in words(tag)}


def texts(entry: Entry, field: Field) -> Iterator[str]:
    """The folded texts of a field, each whole."""
    paper = entry.paper
    if field in (Field.TITLE, Field.ANY):
        yield fold(paper.shown_title)
    if field in (Field.ABSTRACT, Field.ANY):
        yield fold(paper.shown_abstract)
    if field in (Field.AUTHOR, Field.ANY):
        yield from map(fold, paper.authors)
    if field in (Field.NOTE, Field.ANY):
        yield fold(entry.decision.note or "")
    if field is Field.SOURCE:
        yield from (fold(sighting.file) for sighting in paper.sightings)
    if field is Field.ID:
        yield paper.key


def sort_entries(entries: Iterable[Entry], sort: Sort, order: Sequence[str]) -> list[Entry]:
    """Stable; the natural direction of each key is the one people mean: newest, most, A first.

    What has no value comes last in both directions.
    """
    if sort.by == "list":
        place = {key: index for index, key in enumerate(order)}
        ranked: list[tuple[Any, Entry]] = [(place.get(entry.key), entry) for entry in entries]
        falling = False
    else:
        rank, falling = _RANKS[sort.by]
        ranked = [(rank(entry), entry) for entry in entries]
    known = [pair for pair in ranked if pair[0] is not None]
    known.sort(key=itemgetter(0), reverse=falling != sort.reverse)
    return [entry for _, entry in known] + [entry for value, entry in ranked if value is None]


def title_rank(entry: Entry) -> str:
    """Sorts by title, case and accents aside."""
    return fold(entry.paper.shown_title)


_RANKS: Final[dict[str, tuple[Callable[[Entry], int | str | None], bool]]] = {
    "date": (lambda entry: str(entry.paper.published or "") or None, True),
    "up": (lambda entry: entry.paper.upvotes, True),
    "authors": (lambda entry: entry.paper.author_count, True),
    "added": (lambda entry: entry.added, True),
    "changed": (lambda entry: entry.decision.changed, True),
    "title": (title_rank, False),
    "unread": (lambda entry: list(Status).index(entry.decision.status), False),
}


def glob(pattern: str) -> Callable[[str], bool]:
    """Whether a whole text fits a pattern in which ``*`` stands for anything. Cost: linear."""
    first, *rest = pattern.split("*")

    def fits(text: str) -> bool:
        if not rest:
            return text == first
        *middle, last = rest
        if not text.startswith(first) or len(text) < len(first) + len(last):
            return False
        place = len(first)
        for part in middle:  # the earliest place of each leaves most for the next
            place = text.find(part, place)
            if place < 0:
                return False
            place += len(part)
        return text.endswith(last) and place <= len(text) - len(last)

    return fits
