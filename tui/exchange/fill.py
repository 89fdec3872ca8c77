"""Filling in what papers lack: identifiers, names of authors, links."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from tui import config
from tui.exchange.connection import Connection, joined, today
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library
    from tui.model.imports import ImportReport
    from tui.model.paper import SourceRecord
    from tui.sources.past import Fetched

SOURCE: Final = "what was missing"
MOST: Final = 100
"""The most papers that are looked up by their titles at once: half a minute."""
MOST_IDS: Final = 1_000
MOST_PAGES: Final = 20
"""The most DOIs, and the most addresses, as each is a request."""
AGAIN: Final = timedelta(days=30)
"""After how long a paper that was not found is looked up again."""
_TITLES: Final = 20
"""Titles that are looked up before progress is shown."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """The papers to ask for, in the order of the list."""

    ids: Mapping[str, str]
    """arXiv identifiers of papers without names of all authors, by key."""
    dois: Mapping[str, str]
    """The same of publishers."""
    pages: Mapping[str, str]
    """Addresses of papers that have no other title."""
    titles: Mapping[str, str]
    """Titles of papers without any of these."""
    left: int
    """Further papers of these kinds."""
    past: "Fetched"
    """Which papers were looked up before, and since when."""

    @property
    def count(self) -> int:
        """The number of papers."""
        return len(self.keys)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the papers."""
        return (*self.ids, *self.dois, *self.pages, *self.titles)


def lacking(library: "Library") -> Lacking:
    """The gaps of papers that are not dismissed, but for what was not found lately.

    Cost: reads all papers.
    """
    from tui.sources.past import Fetched, FetchLog

    day = today(library)
    past = FetchLog(config.fetched_path(library.folder)).read().get(SOURCE, Fetched())
    if past.since is None or day - past.since > AGAIN:
        past = Fetched(since=day)
    from tui.query import parse

    tried = frozenset(past.tried)
    ids: dict[str, str] = {}
    dois: dict[str, str] = {}
    pages: dict[str, str] = {}
    titles: dict[str, str] = {}
    left = 0
    for item in library.select(parse("-is:dismissed")):
        paper = item.paper
        are_named = paper.authors and not paper.authors_incomplete
        if paper.arxiv:
            where, most, name = ids, MOST_IDS, "" if are_named else paper.arxiv
        elif paper.doi:
            where, most, name = dois, MOST_PAGES, "" if are_named else paper.doi
        elif paper.title in paper.urls:
            where, most, name = pages, MOST_PAGES, paper.title
        else:
            where, most, name = titles, MOST, paper.display_title
        if not name or paper.key in tried:
            continue
        if len(where) < most:
            where[paper.key] = name
        else:
            left += 1
    return Lacking(ids, dois, pages, titles, left, past)


@dataclass(frozen=True, slots=True)
class Filled:
    """The result of looking up papers."""

    report: "ImportReport | None"
    """The report of the import; ``None`` if nothing was found."""
    missing: Sequence[str]
    """The keys of the papers that nobody knows."""


def fill(connection: Connection, papers: Lacking, *, dry_run: bool) -> Filled:
    """Looks up papers without names of all authors by their ids, and others by their titles.

    Raises:
        SourceError: If it does not answer; nothing is changed.
    """
    from tui.sources.past import Fetched, FetchLog

    library, day = connection.library, today(connection.library)
    pages, silent = {url: key for key, url in papers.pages.items()}, set[str]()
    records = [
        record
        for record in _ask(connection, papers, day, silent)
        if library.papers.has(record) or record.file in pages
    ]
    decide = partial(joined, pages)
    report = library.add(records, SOURCE, decide, dry_run=dry_run) if records else None
    if report:  # whatever its page is called, the paper was here
        report = replace(report, new=(), merged=(*report.merged, *report.new))
    if not dry_run:
        unidentified = (key for key in papers.titles if not library.item(key).paper.arxiv)
        paged = (key for key in (*papers.dois, *papers.pages) if key not in silent)
        tried = (*papers.past.tried, *unidentified, *paged)
        fetched = Fetched(library.timestamp(), since=papers.past.since, until=day, tried=tried)
        FetchLog(config.fetched_path(library.folder)).remember(SOURCE, fetched)
    if report is None:
        return Filled(None, papers.keys)
    answered = {*report.titles, *(pages.get(each.file) for each in records)}
    return Filled(report, [key for key in papers.keys if key not in answered])


def _ask(
    connection: Connection, papers: Lacking, day: date, silent: set[str]
) -> "list[SourceRecord]":
    """The records of some papers, and of others with similar titles.

    Args:
        silent: Gets the papers whose pages do not answer, which fails for no others.
    """
    from tui.sources import SourceError, Span, StoppedError
    from tui.sources.arxiv import of_ids, of_titles
    from tui.sources.lookup import look_up, name_of

    span, titles = Span(day), list(papers.titles.values())
    records: list[SourceRecord] = []
    client = connection.client
    with connection.released():
        connection.progress(SOURCE, 0.0)
        records += of_ids(list(papers.ids.values()), client, span)
        for doi in papers.dois.values():
            records += filter(None, [look_up(name_of(doi), client, day)])
        for key, url in papers.pages.items():
            try:
                records += filter(None, [look_up(name_of(url), client, day)])
            except StoppedError:
                raise
            except SourceError:
                silent.add(key)
        for start in range(0, len(titles), _TITLES):
            connection.progress(SOURCE, (1 + start) / (1 + len(titles)))
            records += of_titles(titles[start : start + _TITLES], client, span)
    connection.progress("", 1.0)
    return records
