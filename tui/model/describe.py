"""The facts of a paper as phrases, for lists, the abstract pane, exports and the shell."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from tui.model.fields import Detail, Field
from tui.model.paper import Paper
from tui.model.state import Item, Status
from tui.model.text import plural, sanitize

_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_SHOWN: Final[Mapping[Detail, list[Field]]] = {
    detail: [field for field in Field if field.row.detail <= detail]
    for detail in Detail
    if detail is not Detail.NEVER
}
_NAMES: Final = 3
"""The most authors named."""
_NO_SYMBOLS: Final[Mapping[Field, str]] = {}


def facts(item: Item, detail: Detail, symbols: Mapping[Field, str] = _NO_SYMBOLS) -> list[str]:
    """The known facts of a paper, a phrase each, in the order of the fields; sanitized.

    Args:
        item: The paper.
        detail: How many facts.
        symbols: Symbols by field, shown instead of the noun: ``▲3``, not ``3 upvotes``.
    """
    phrases: dict[Field, str] = {}
    for field in _SHOWN[detail]:
        if phrase := _phrase(field, item, detail, symbols):
            phrases[field] = phrase
    if Field.AUTHOR in phrases:  # the names imply the number
        phrases.pop(Field.AUTHORS, None)
    return list(phrases.values())


UPVOTED: Final[Mapping[Field, str]] = {Field.UPVOTES: "▲ "}
"""The symbols of exports."""


def facts_and_decision(item: Item) -> list[str]:
    """All facts of a paper, its star, and its status unless it is unread, as exports say them."""
    phrases = facts(item, Detail.FULL, UPVOTED)
    if item.state.starred:
        phrases.append("★")
    if item.state.status is not Status.UNREAD:
        phrases.append(str(item.state.status))
    return phrases


def _phrase(field: Field, item: Item, detail: Detail, symbols: Mapping[Field, str]) -> str:
    if field is Field.DATE:
        return _published(item.paper, detail)
    if field is Field.UPDATED:
        return _updated(item.paper, detail)
    value = field.of(item)
    if value is None or (detail is Detail.BRIEF and not value):
        return ""
    if field is Field.AUTHOR:
        return names(value, _NAMES)
    if field in (Field.ARXIV, Field.DOI):
        return sanitize(f"{'arXiv' if field is Field.ARXIV else 'doi'}:{value}")
    if field is Field.SEEN:
        count = len(set(value))
        return f"from {plural(count, field.row.noun)}" if count > 1 else ""
    if not field.row.noun:
        return sanitize(", ".join(value) if isinstance(value, tuple) else str(value))
    symbol = symbols.get(field)
    return f"{symbol}{value}" if symbol else plural(value, field.row.noun)


def _updated(paper: Paper, detail: Detail) -> str:
    """The newest version on arXiv, if an older one was seen; not in exported lists."""
    if not paper.is_updated or detail is Detail.LISTED:
        return ""
    *before, last = paper.versions
    earlier = ", ".join(f"v{version}" for version in before)
    return f"v{last} on arXiv, you saw {earlier}" if detail is Detail.FULL else f"v{last}"


def _published(paper: Paper, detail: Detail) -> str:
    if paper.published:
        is_doubtful = paper.year_inferred and detail is Detail.FULL
        return day(paper) + (" (year inferred)" if is_doubtful else "")
    return f"listed {page_day(paper.page_day)}" if paper.page_day and detail is Detail.FULL else ""


def day(paper: Paper) -> str:
    """The date of publication as far as it is stated, ISO 8601; empty if unknown."""
    return paper.stated_date


def written_date(paper: Paper) -> str:
    """The date of publication for a line of text: ``5 Dec 2025``, ``Dec 2025``, ``2025``."""
    if paper.published is None:
        return ""
    left_out = 2 - paper.stated_date.count("-")
    return " ".join(written_day(paper.published).split()[left_out:])


def written_day(day: date) -> str:
    """A date for a line of text: ``5 Dec 2025``."""
    return f"{day.day} {_MONTHS.split()[day.month - 1]} {day.year}"


def page_day(text: str) -> str:
    """The day of a page, which may have no year: ``17 Mar``."""
    if text.startswith("--"):
        return f"{int(text[5:7])} {_MONTHS.split()[int(text[2:4]) - 1]}"
    return written_day(date.fromisoformat(text))


def authors(paper: Paper) -> str:
    """The first author, else how many there are; empty if that is unknown."""
    count = paper.author_count
    return names(paper.authors, 1) or (plural(count, "author") if count else "")


def names(authors: Sequence[str], most: int) -> str:
    """The first authors, with ``et al.`` if there are more; empty without authors."""
    et_al = " et al." if len(authors) > most else ""
    return sanitize(", ".join(authors[:most])) + et_al
