"""Papers as RIS records, for EndNote, Zotero, Mendeley and other reference managers."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.formats.bibliography import Name, split_name, stated_venue, type_of
from tui.model.describe import ET_AL
from tui.model.state import Item
from tui.model.text import MAX_TEXT, sanitize, sanitize_lines

LABEL: Final = "RIS"
DETAILS: Final = "for EndNote, Mendeley, Zotero"
EXTENSIONS: Final = (".ris",)


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """A record for each item, with the line ends that the format asks for.

    Without a key of its own (``ID``): by that, citation-js takes a record for one of the older
    format, in which the abstract has another tag.
    """
    return map(_record, items)


def _record(item: Item) -> str:
    return "".join([f"{tag}  - {_value(tag, value)}\r\n" for tag, value in _lines(item)])


def _value(tag: str, value: str) -> str:
    """A value in one line; a note in its lines, as those without a tag belong to the one above.

    A line of a note that would be taken for another thing is joined to the one above.
    """
    if tag != "N1":
        return sanitize(value, MAX_TEXT)
    return _JOINED.sub(" ", sanitize_lines(value, MAX_TEXT)).replace("\n", "\r\n")


_JOINED: Final = re.compile(r"\n(?=[ \t]*[A-Z][A-Z0-9]\s{1,2}-|.*<!-- p)", re.IGNORECASE)
"""What is before a line of a note that begins as with a tag, or has a comment of our lists."""


def _lines(item: Item) -> Iterator[tuple[str, str]]:
    paper, state = item.paper, item.state
    kind = type_of(paper)[1]
    yield "TY", kind.ris  # unpublished work if not known, as preprints have no type
    if kind.genre:
        yield "M3", kind.genre
    yield "TI", paper.display_title
    for author in paper.authors:
        yield "AU", _author(split_name(author, paper.family_names))
    if paper.authors_incomplete:
        yield "AU", _author(Name(ET_AL))
    if paper.published:
        yield "PY", str(paper.published.year)
        year, month, day = [*paper.stated_date.split("-"), "", ""][:3]
        yield "DA", f"{year}/{month}/{day}"
    venue, publisher = stated_venue(paper, kind)
    places = {"T2": venue, "VL": paper.volume, "IS": paper.number, "PB": publisher}
    yield from ((tag, value) for tag, value in places.items() if value)
    yield from zip(("SP", "EP"), filter(None, (paper.pages or "").split("–", 1)), strict=False)
    if paper.doi:
        yield "DO", paper.doi
    if paper.arxiv:
        yield "AN", f"arXiv:{paper.arxiv}"
    if paper.page:
        yield "UR", paper.page
    for tag in state.tags:
        yield "KW", tag
    if paper.abstract:
        yield "AB", paper.display_abstract
    if state.note:
        yield "N1", state.note
    yield "ER", ""


def _author(name: Name) -> str:
    """A name, family name first.

    EndNote does not divide one with a comma at its end, or with its first comma doubled.
    """
    if name.given:
        return name.inverted
    return name.family.replace(",", ",,", 1) if "," in name.family else f"{name.family},"
