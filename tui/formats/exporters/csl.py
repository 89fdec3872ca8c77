"""Papers as CSL-JSON, for pandoc, Quarto, Zotero and other programs of citations."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from tui.formats.base import ExportOptions
from tui.formats.bibliography import NO_TYPE, split_name, stated_venue, type_of
from tui.formats.json_text import array, encoded, encoded_line, laid_out
from tui.model.paper import Paper
from tui.model.state import Item
from tui.model.text import MAX_TEXT, sanitize_lines

LABEL: Final = "CSL-JSON"
DETAILS: Final = "for pandoc, Quarto, Zotero"
EXTENSIONS: Final = (".csl.json", ".csl")


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """An array of all items."""
    return array(_entry(item, options) for item in items)


def _entry(item: Item, options: ExportOptions) -> str:
    members = [f'  "{name}": {value}' for name, value in _members(item, options) if value]
    return "{\n" + ",\n".join(members) + "\n }"


def _members(item: Item, options: ExportOptions) -> Iterator[tuple[str, str]]:
    """The members of an item in JSON; empty, or left out, if unknown.

    A preprint is an ``article`` in CSL, and arXiv its publisher. What was published elsewhere has
    arXiv in its address alone, as styles print a number and a publisher of any type.
    """
    paper, state = item.paper, item.state
    name, kind = type_of(paper)
    preprint = paper.arxiv if name == NO_TYPE else None
    yield "id", encoded(options.citation_key(paper))
    yield "type", encoded(kind.csl)
    yield "genre", encoded(kind.genre) if kind.genre else ""
    yield "title", encoded_line(paper.display_title)
    if authors := _authors(paper):
        yield "author", laid_out(authors, _MARGIN)
    if paper.published:
        yield "issued", _issued(paper.stated_date)
    if paper.doi:
        yield "DOI", encoded(paper.doi)
    venue, publisher = stated_venue(paper, kind)
    if venue:
        yield "collection-title" if kind.is_series else "container-title", encoded_line(venue)
    if paper.volume:
        yield "volume", encoded_line(paper.volume)
    if paper.number and not kind.is_by_school:
        yield "issue", encoded_line(paper.number)
    if paper.pages:
        yield "page", encoded_line(paper.pages).replace("–", "-")
    if paper.page:
        yield "URL", encoded(paper.page)
    if paper.number and kind.is_by_school:
        yield "number", encoded(paper.number)
    elif preprint:
        yield "number", encoded(f"arXiv:{preprint}")
    yield "publisher", encoded_line(publisher or "") or (encoded("arXiv") if preprint else "")
    if state.tags:
        yield "keyword", encoded(", ".join(state.tags))
    yield "abstract", encoded_line(paper.display_abstract, MAX_TEXT)
    if state.note and (note := sanitize_lines(state.note, MAX_TEXT)):
        yield "note", encoded(note)


_MARGIN: Final = "\n  "
"""Before each line of a member."""


@lru_cache(maxsize=4096)  # as many papers are of the same day
def _issued(day: str) -> str:
    return laid_out({"date-parts": [[int(part) for part in day.split("-")]]}, _MARGIN)


def _authors(paper: Paper) -> list[dict[str, str]]:
    """The authors; what pandoc takes for more of them after the last."""
    authors = [_author(name, paper.family_names) for name in paper.authors]
    return [*authors, {"literal": "others"}] if paper.authors_incomplete else authors


def _author(text: str, families: Sequence[str]) -> dict[str, str]:
    name = split_name(text, families)
    if not name.given:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}
