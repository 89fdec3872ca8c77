"""Filling in what papers lack that came by page: identifiers, names of authors, links."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from tui import config
from tui.actions.imports import describe_report
from tui.actions.network import connected, today
from tui.actions.registry import Context, Outcome
from tui.model.text import plural

if TYPE_CHECKING:
    from tui.library import Library
    from tui.model.paper import SourceRecord

SOURCE: Final = "arXiv, filled in"
MOST: Final = 100
"""The most papers that are looked up by their titles at once: half a minute."""
MOST_IDS: Final = 1_000
AGAIN: Final = timedelta(days=30)
"""After how long a paper that was not found is looked up again."""
_TITLES: Final = 20
"""Titles that are looked up before progress is shown."""


def fill(context: Context, *, dry_run: bool) -> Outcome:
    """Asks arXiv for papers without names of authors by their identifiers, else by their titles.

    Raises:
        SourceError: If it does not answer; nothing is changed.
    """
    from tui.sources.past import Fetched, FetchLog

    library, day = context.library, today(context.library)
    log = FetchLog(config.fetched_path(library.folder))
    past = log.read().get(SOURCE, Fetched())
    if past.since is None or day - past.since > AGAIN:
        past = Fetched(since=day)
    ids, titles, left = _lacking(library, frozenset(past.tried))
    if not (ids or titles):
        return Outcome("Nothing to fill in")
    records = _ask(context, ids, list(titles.values()), day)
    known = [record for record in records if library.papers.has(record)]
    report = library.add(known, SOURCE, dry_run=dry_run) if known else None
    if not dry_run:
        found = {key for key in titles if library.item(key).paper.arxiv}
        tried = (*past.tried, *(key for key in titles if key not in found))
        log.remember(SOURCE, Fetched(library.timestamp(), since=past.since, until=day, tried=tried))
    asked = plural(len(ids) + len(titles), "paper")
    brought = describe_report(report) if report else "none is there"
    rest = f"{plural(left, 'more paper')} to look up; fetch --fill goes on" if left else ""
    would = "would be " if dry_run and report else ""
    return Outcome(
        f"Looked up {asked} on arXiv: {would}{brought}",
        notes=(rest,) if rest else (),
        data={"asked": len(ids) + len(titles), "merged": len(report.merged) if report else 0},
        query=context.session.query.text if context.workspace else None,
    )


def _lacking(library: "Library", tried: frozenset[str]) -> tuple[list[str], dict[str, str], int]:
    """What to ask for, of papers that are not dismissed, in the order of the list.

    Args:
        library: The library. Cost: reads all papers, unless enough are found before.
        tried: Keys of the papers that are not asked for.

    Returns:
        Identifiers; titles by key; and the number of further papers without an identifier.
    """
    from tui.query import parse

    ids: list[str] = []
    titles: dict[str, str] = {}
    left = 0
    for item in library.select(parse("-is:dismissed")):
        paper = item.paper
        if paper.arxiv and not paper.authors and len(ids) < MOST_IDS:
            ids.append(paper.arxiv)
        elif not (paper.arxiv or paper.doi or paper.key in tried):
            if len(titles) < MOST:
                titles[paper.key] = paper.display_title
            else:
                left += 1
    return ids, titles, left


def _ask(context: Context, ids: list[str], titles: list[str], day: date) -> "list[SourceRecord]":
    """What arXiv says of some papers, and of others with similar titles."""
    from tui.sources import Span
    from tui.sources.arxiv import of_ids, of_titles

    span = Span(day)
    records: list[SourceRecord] = []
    with connected(context) as client, context.released():
        context.progress(SOURCE, 0.0)
        records += of_ids(ids, client, span) if ids else []
        for start in range(0, len(titles), _TITLES):
            context.progress(SOURCE, (1 + start) / (1 + len(titles)))
            records += of_titles(titles[start : start + _TITLES], client, span)
    context.progress("", 1.0)
    return records
