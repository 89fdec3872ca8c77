"""Filling in what papers lack: identifiers, names of authors, links."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from tui import config
from tui.actions.context import Context, Outcome
from tui.actions.network import connected, joined, today
from tui.exchange.import_files import describe_report
from tui.model.layout import plural
from tui.model.text import sanitize
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library
    from tui.model.paper import SourceRecord

SOURCE: Final = "what was missing"
MOST: Final = 100
"""The most papers that are looked up by their titles at once: half a minute."""
MOST_IDS: Final = 1_000
MOST_PAGES: Final = 20
"""The most DOIs, and the most addresses, as each is a request."""
AGAIN: Final = timedelta(days=30)
"""After how long a paper that was not found is looked up again."""
_SHOWN: Final = 10
"""Papers that were not found and are named."""
_TITLES: Final = 20
"""Titles that are looked up before progress is shown."""


def fill(context: Context, *, dry_run: bool) -> Outcome:
    """Looks up papers without names of all authors by their ids, and others by their titles.

    Raises:
        SourceError: If it does not answer; nothing is changed.
    """
    from tui.sources.past import Fetched, FetchLog

    library, day = context.library, today(context.library)
    log = FetchLog(config.fetched_path(library.folder))
    past = log.read().get(SOURCE, Fetched())
    if past.since is None or day - past.since > AGAIN:
        past = Fetched(since=day)
    lacking = _lacking(library, frozenset(past.tried))
    if not lacking.count:
        return Outcome("Nothing to fill in")
    pages, silent = {url: key for key, url in lacking.pages.items()}, set[str]()
    records = [
        record
        for record in _ask(context, lacking, day, silent)
        if library.papers.has(record) or record.file in pages
    ]
    decide = partial(joined, pages)
    report = library.add(records, SOURCE, decide, dry_run=dry_run) if records else None
    if report:  # whatever its page is called, the paper was here
        report = replace(report, new=(), merged=(*report.merged, *report.new))
    if not dry_run:
        unidentified = (key for key in lacking.titles if not library.item(key).paper.arxiv)
        paged = (key for key in (*lacking.dois, *lacking.pages) if key not in silent)
        looked_up = (*past.tried, *unidentified, *paged)
        log.remember(
            SOURCE, Fetched(library.timestamp(), since=past.since, until=day, tried=looked_up)
        )
    papers = plural(lacking.count, "paper")
    result = describe_report(report) if report else "none was found"
    answered = {*(report.titles if report else ()), *(pages.get(each.file) for each in records)}
    missing = [key for key in lacking.keys if report and key not in answered]
    result += f", {len(missing):,} not found" if missing else ""
    would = "would be " if dry_run and report else ""
    notes = _not_found(library, missing) if context.workspace is None else []
    if lacking.left:
        left = plural(lacking.left, "more paper")
        notes.append(f"{left} to look up; papers-tui fetch --fill goes on")
    return Outcome(
        f"Looked up {papers}: {would}{result}",
        notes=tuple(notes),
        data={
            "asked": lacking.count,
            "merged": len(report.merged) if report else 0,
            "not_found": missing if report else list(lacking.keys),
        },
        query=context.session.query.text if context.workspace else None,
    )


def _not_found(library: "Library", keys: Sequence[str]) -> list[str]:
    """A line for each of the first papers that nobody knows, and how many more there are."""
    titles = (library.item(key).paper.display_title for key in keys[:_SHOWN])
    rest = len(keys) - _SHOWN
    lines = [f"Not found: {sanitize(title, 120)}" for title in titles]
    return [*lines, *([f"and {rest:,} more"] if rest > 0 else [])]


@dataclass(frozen=True, slots=True)
class _Lacking:
    """What to ask for, in the order of the list."""

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

    @property
    def count(self) -> int:
        """The number of papers."""
        return len(self.keys)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the papers."""
        return (*self.ids, *self.dois, *self.pages, *self.titles)


def _lacking(library: "Library", tried: frozenset[str]) -> _Lacking:
    """What papers lack that are not dismissed.

    Args:
        library: The library. Cost: reads all papers.
        tried: Keys of the papers that are not asked for.
    """
    from tui.query import parse

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
    return _Lacking(ids, dois, pages, titles, left)


def _ask(context: Context, lacking: _Lacking, day: date, silent: set[str]) -> "list[SourceRecord]":
    """What is known of some papers, and of others with similar titles.

    Args:
        silent: Gets the papers whose pages do not answer, which fails for no others.
    """
    from tui.sources import SourceError, Span, StoppedError
    from tui.sources.arxiv import of_ids, of_titles
    from tui.sources.lookup import look_up, name_of

    span, titles = Span(day), list(lacking.titles.values())
    records: list[SourceRecord] = []
    with connected(context) as client, context.released():
        context.progress(SOURCE, 0.0)
        records += of_ids(list(lacking.ids.values()), client, span)
        for doi in lacking.dois.values():
            records += filter(None, [look_up(name_of(doi), client, day)])
        for key, url in lacking.pages.items():
            try:
                records += filter(None, [look_up(name_of(url), client, day)])
            except StoppedError:
                raise
            except SourceError:
                silent.add(key)
        for start in range(0, len(titles), _TITLES):
            context.progress(SOURCE, (1 + start) / (1 + len(titles)))
            records += of_titles(titles[start : start + _TITLES], client, span)
    context.progress("", 1.0)
    return records
