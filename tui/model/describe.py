"""The facts of a paper as phrases, for lists, the abstract pane, exports and the shell."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, Final, NamedTuple

from tui.model.facts import Facts
from tui.model.fields import Detail, Field
from tui.model.layout import MONTHS, plural
from tui.model.paper import Paper, SourceRecord
from tui.model.state import Item, Status
from tui.model.text import sanitize

MOST_NAMES: Final = 3
"""The most authors named."""
ET_AL: Final = "et al."
"""Stands for further authors."""
_NO_SYMBOLS: Final[Mapping[Field, str]] = {}
# To look up a member of an enumeration takes as long as three calls in Python 3.11.
_FULL: Final = Detail.FULL
_UNREAD: Final = Status.UNREAD


def facts(item: Item, detail: Detail, symbols: Mapping[Field, str] = _NO_SYMBOLS) -> list[str]:
    """The known facts of a paper, a phrase each, in the order of the fields; sanitized.

    Args:
        symbols: Symbols by field, shown instead of the noun: ``▲3``, not ``3 upvotes``.
    """
    phrases: list[str] = []
    shown, values = _SHOWN[detail]
    paper = item.paper
    if detail is _FULL and not paper.published and paper.page_day:
        phrases.append(f"listed {page_day(paper.page_day)}")  # in place of its date, the first
    for (field, write, is_zero_shown), value in zip(shown, values(paper), strict=True):
        if not value and (value is None or not is_zero_shown):
            continue
        if write is not None:
            phrase = write(value, paper, detail)
        elif field in symbols:
            phrase = f"{symbols[field]}{value}"
        else:
            phrase = plural(value, field.row.noun)
        if phrase and phrase != paper.title:  # which is an identifier if no more is known
            phrases.append(phrase)
    return phrases


UPVOTED: Final[Mapping[Field, str]] = {Field.UPVOTES: "▲ "}
"""The symbols of exports."""


def facts_and_decision(item: Item) -> list[str]:
    """All facts of a paper, its star, and its status unless it is unread, as exports say them."""
    phrases = facts(item, _FULL, UPVOTED)
    if item.state.starred:
        phrases.append("★")
    if item.state.status is not _UNREAD:
        phrases.append(str(item.state.status))
    return phrases


def reference(paper: Paper) -> list[str]:
    """The reference to a paper: its authors, date and venue, as far as they are known; sanitized.

    Nothing of it is of the library, so that it can be sent to others.
    """
    count = paper.author_count
    by = names(paper, MOST_NAMES) or (plural(count, Field.AUTHORS.row.noun) if count else "")
    venue = _in_venue(paper.venue, paper, _FULL) if paper.venue else ""
    return [phrase for phrase in (by, day(paper), venue) if phrase]


_Writer = Callable[[Any, Paper, Detail], str]
"""Called with the value of a field that is not missing; returns its phrase, which may be empty."""


def _text(value: Any, paper: Paper, detail: Detail) -> str:
    return sanitize(", ".join(value) if isinstance(value, tuple) else str(value))


def _in_venue(value: str, paper: Paper, detail: Detail) -> str:
    """Where a paper is published, as far as it is known: ``Nature 596(7873), 583–589``."""
    number = f"({paper.number})" if paper.number else ""
    volume = f" {paper.volume}{number}" if paper.volume else ""
    return sanitize(f"{value}{volume}{f', {paper.pages}' if paper.pages else ''}")


def _published(value: date, paper: Paper, detail: Detail) -> str:
    is_doubtful = paper.year_inferred and detail is _FULL
    return f"{paper.stated_date} (year inferred)" if is_doubtful else paper.stated_date


def _updated(is_updated: bool, paper: Paper, detail: Detail) -> str:
    """The newest version on arXiv, if an older one was seen."""
    *before, last = paper.versions
    earlier = ", ".join(f"v{version}" for version in before)
    return f"v{last} on arXiv, you saw {earlier}" if detail is _FULL else f"v{last}"


def _author_count(count: int, paper: Paper, detail: Detail) -> str:
    """How many there are, unless they are named."""
    return "" if paper.authors and detail is _FULL else plural(count, "author")


def _sources(records: Sequence[SourceRecord], paper: Paper, detail: Detail) -> str:
    count = len({record.file for record in records}) if len(records) > 1 else 1
    return f"from {plural(count, Field.SEEN.row.noun)}" if count > 1 else ""


_WRITERS: Final[Mapping[Field, _Writer]] = {
    Field.DATE: _published,
    Field.AUTHOR: lambda _, paper, __: names(paper, MOST_NAMES),
    Field.AUTHORS: _author_count,
    Field.ARXIV: lambda value, _, __: sanitize(f"arXiv:{value}"),
    Field.DOI: lambda value, _, __: sanitize(f"doi:{value}"),
    Field.VENUE: _in_venue,
    Field.UPDATED: _updated,
    Field.SEEN: _sources,
}
"""How facts are written that are more than a text or a number."""


class _Shown(NamedTuple):
    """The fields that are shown at a detail, in order."""

    writers: tuple[tuple[Field, _Writer | None, bool], ...]
    """``None`` for a number with its noun; and whether the number 0 is shown."""
    values: Callable[[Paper], tuple[Any, ...]]
    """Reads the values of all of them, as one call takes less time than one for each."""


def _shown(detail: Detail) -> _Shown:
    fields = [field for field in Field if field.row.detail <= detail]
    if detail is Detail.LISTED:
        fields.remove(Field.UPDATED)  # of which exported lists say nothing
    writers = [
        (
            field,
            _WRITERS.get(field, None if field.row.noun else _text),
            bool(field.row.noun) and detail is not Detail.BRIEF,
        )
        for field in fields
    ]
    return _Shown(
        tuple(writers),
        attrgetter(*map(_path, fields)),
    )


def _path(field: Field) -> str:
    """Where a paper has what is written of a field."""
    return "records" if field is Field.SEEN else field.row.path.removeprefix("paper.")


_SHOWN: Final[Mapping[Detail, _Shown]] = {
    detail: _shown(detail) for detail in Detail if detail is not Detail.NEVER
}


def day(paper: Paper) -> str:
    """The date of publication as far as it is stated, ISO 8601; empty if unknown."""
    return paper.stated_date


def written_day(day: date) -> str:
    """A date for a line of text: ``5 Dec 2025``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def page_day(text: str) -> str:
    """The day of a page, which may have no year: ``17 Mar``."""
    if text.startswith("--"):
        return f"{int(text[5:7])} {MONTHS[int(text[2:4]) - 1]}"
    return written_day(date.fromisoformat(text))


def authors(paper: Paper) -> str:
    """The first author, else how many there are; empty if that is unknown."""
    count = paper.author_count
    return names(paper, 1) or (plural(count, "author") if count else "")


def names(paper: Facts, most: int) -> str:
    """The first authors, with ``et al.`` if there are more; empty without authors."""
    if not paper.authors:
        return ""
    has_more = len(paper.authors) > most or paper.authors_incomplete
    return sanitize(", ".join(paper.authors[:most])) + (f" {ET_AL}" if has_more else "")


def all_names(paper: Paper) -> Iterator[str]:
    """All authors that are known, and ``et al.`` if there are more."""
    yield from paper.authors
    if paper.authors_incomplete:
        yield ET_AL
