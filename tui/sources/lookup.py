"""One paper by what names it: an arXiv identifier, a DOI, the address of a page, or its title."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final
from urllib.parse import quote

from tui.errors import UsageError
from tui.formats.base import ImportContext
from tui.formats.bibliography import parse_name
from tui.formats.cleaning import MAX_TITLE
from tui.formats.collector import Collector
from tui.formats.html import LenientParser
from tui.formats.named_lines import address_in, papers_in
from tui.model.identifiers import arxiv_id, doi, is_listing
from tui.model.identity import title_letters
from tui.model.paper import SourceRecord
from tui.model.text import normalize, sanitize
from tui.sources import arxiv
from tui.sources.base import Client, Span, read
from tui.values import dataclass

CROSSREF: Final = "https://api.crossref.org"
_ADDRESS: Final = re.compile(r"https?://[^\s/]\S*")
_CSL: Final = "application/vnd.citationstyles.csl+json"


@dataclass(frozen=True, slots=True)
class Name:
    """The text that a user typed to name a paper."""

    text: str
    """In normal form: ``arXiv:2405.01234``, ``doi:10.1000/1``, an address, or a title."""
    arxiv: str | None = None
    doi: str | None = None
    url: str | None = None
    title: str = ""
    """The title that the user typed beside it; empty without one, or if ``text`` is the title."""

    def record(self) -> SourceRecord:
        """A record of the name alone, without asking anyone."""
        urls = (self.url,) if self.url else ()
        return SourceRecord(
            self.title or self.text,
            None,
            self.text,
            1,
            arxiv=self.arxiv,
            doi=self.doi,
            urls=urls,
            address=self.url,
        )


def names_of(words: Sequence[str]) -> list[Name]:
    """The names in some words: one each, if all have identifiers or addresses, else all together.

    A word may be a line, such as ``On Sets arXiv:2405.01234`` in quotes.

    Raises:
        UsageError: If they name none.
    """
    each = [_names_in(word) for word in words]
    if not all(each):
        line = " ".join(words)
        each = [_names_in(line) or [name_of(line)]]
    return [name for names in each for name in names]


def _names_in(line: str) -> list[Name]:
    """The papers that a line names, with the title beside an identifier or an address.

    Raises:
        UsageError: If it is the address of a page that lists papers.
    """
    line = normalize(line, MAX_TITLE)
    if name := _identified(line):
        return [name]
    papers = papers_in(line)
    if not papers and (paper := address_in(line)):
        papers = [paper]
    return [
        replace(name, title=paper.title)
        for paper in papers
        if (name := _identified(paper.name)) is not None
    ]


def name_of(text: str) -> Name:
    """What a text names.

    Raises:
        UsageError: If it is empty, or an address that is not one of the web.
    """
    text = normalize(text, MAX_TITLE)
    if name := _identified(text):
        return name
    if "://" in text.partition(" ")[0]:
        hint = "It begins with https:// and has no spaces."
        raise UsageError(f"Not a web address: {sanitize(text, 80)}", hint)
    if len(text) < 2:
        hint = "Type an arXiv identifier, a DOI, an address, or a title."
        raise UsageError("No paper is named", hint)
    return Name(text)


def _identified(text: str) -> Name | None:
    """An identifier or an address; ``None`` if it is none.

    Raises:
        UsageError: If it is the address of a page that lists papers.
    """
    text = normalize(text, MAX_TITLE)
    if identifier := arxiv_id(text):
        return Name(f"arXiv:{identifier[0]}", arxiv=identifier[0])
    if name := doi(text):
        return Name(f"doi:{name}", doi=name)
    if _ADDRESS.fullmatch(text) is None:
        return None
    if is_listing(text):
        hint = "Copy its text and paste it into the app, or save it and import the file."
        raise UsageError(f"A page of several papers: {sanitize(text, 80)}", hint)
    return Name(text, url=text)


def look_up(name: Name, client: Client, today: date) -> SourceRecord | None:
    """The record that the network has of a paper; ``None`` if it does not know it.

    The record is of the file that has the name of the paper.

    Raises:
        SourceError: If nobody answers.
    """
    records: list[SourceRecord]
    if name.arxiv:
        records = arxiv.of_ids([name.arxiv], client, Span(today))
        records = [each for each in records if each.arxiv == name.arxiv]
    elif name.doi:
        records = _of_doi(name.doi, client, today)
    elif name.url:
        records = _of_page(name.url, client, today)
    else:
        records = arxiv.of_titles([name.text], client, Span(today))
        letters = title_letters(name.text)
        records = [each for each in records if title_letters(each.title) == letters]
    if not records:
        return None
    return replace(records[0], file=name.text, line=1)


def _of_doi(name: str, client: Client, today: date) -> list[SourceRecord]:
    """The record that the publisher deposited; none if it deposits elsewhere."""
    site = client.addresses.get("crossref", CROSSREF).rstrip("/")
    url = f"{site}/works/{quote(name, safe='')}/transform/{_CSL}"
    data = client.get(url, accept=_CSL, errors=(404,))
    if data is None or not data.lstrip().startswith((b"{", b"[")):
        return []
    records = read(data, "csl", f"doi:{name}", today).records
    return [replace(each, page_day=today.isoformat(), doi=each.doi or name) for each in records]


def _of_page(url: str, client: Client, today: date) -> list[SourceRecord]:
    """The record that a page states for search engines, as publishers and OpenReview do."""
    data = client.get(url, accept="text/html")
    if data is None or data.startswith(b"%PDF"):
        return []
    head = _Head()
    head.feed(data[:_HEAD].decode("utf-8", "replace"))
    collector = Collector(ImportContext(url, today), 1)
    record = collector.record(
        1,
        next(head.of("citation_title", "dc.title", "og:title"), None),
        abstract=next(head.of("citation_abstract", "dc.description"), None),
        authors=[parse_name(name) for name in head.of("citation_author", "dc.creator")],
        published=next(
            head.of("citation_online_date", "citation_publication_date", "citation_date"), None
        ),
        page_day=today.isoformat(),
        identifiers=[
            *(f"arxiv:{id}" for id in head.of("citation_arxiv_id")),
            *head.of("citation_doi", "dc.identifier"),
        ],
        links=[url, *head.of("citation_pdf_url")],
        address=url,
    )
    return [record] if record else []


class _Head(LenientParser):
    """The ``meta`` elements of a page (Google Scholar, Inclusion Guidelines for Webmasters)."""

    def __init__(self) -> None:
        super().__init__()
        self._elements: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta" and len(self._elements) < _MOST:
            values = {name: value or "" for name, value in attrs}
            name = values.get("name") or values.get("property") or ""
            self._elements.append((name.lower(), values.get("content", "")))

    def of(self, *names: str) -> Iterator[str]:
        """The contents of the first of some names that there is."""
        for name in names:
            contents = [content for key, content in self._elements if key == name and content]
            if contents:
                yield from contents
                return


_HEAD: Final = 300_000
"""Bytes of a page in which its head is."""
_MOST: Final = 6_000
"""The most elements; a paper of the largest collaborations has five thousand authors."""
