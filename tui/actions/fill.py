"""Filling in what papers lack that came by page: identifiers, names of authors, links."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from tui import config
from tui.actions.context import Context, Outcome
from tui.actions.import_files import describe_report
from tui.actions.network import connected, today
from tui.model.text import plural, sanitize
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library
    from tui.model.paper import SourceRecord

SOURCE: Final = "what was missing"
MOST: Final = 100
"""The most papers that are looked up by their titles at once: half a minute."""
MOST_IDS: Final = 1_000
MOST_DOIS: Final = 20
AGAIN: Final = timedelta(days=30)
"""After how long a paper that was not found is looked up again."""
_SHOWN: Final = 10
"""Papers that were not found and are named."""
_TITLES: Final = 20
"""Titles that are looked up before progress is shown."""


def fill(context: Context, *, dry_run: bool) -> Outcome:
    """Looks up papers without names of authors by their identifiers, and others by their titles.

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
    records = [record for record in _ask(context, lacking, day) if library.papers.has(record)]
    report = library.add(records, SOURCE, dry_run=dry_run) if records else None
    if not dry_run:
        vain = (key for key in lacking.titles if not library.item(key).paper.arxiv)
        tried = (*past.tried, *vain, *lacking.dois)
        log.remember(SOURCE, Fetched(library.timestamp(), since=past.since, until=day, tried=tried))
    asked = plural(lacking.count, "paper")
    brought = describe_report(report) if report else "none was found"
    missing = [key for key in lacking.keys if report and key not in report.titles]
    brought += f", {len(missing):,} not found" if missing else ""
    would = "would be " if dry_run and report else ""
    notes = _not_found(library, missing) if context.workspace is None else []
    if lacking.left:
        notes.append(f"{plural(lacking.left, 'more paper')} to look up; fetch --fill goes on")
    return Outcome(
        f"Looked up {asked}: {would}{brought}",
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
    """arXiv identifiers of papers without names of authors, by key."""
    dois: Mapping[str, str]
    """The same of publishers."""
    titles: Mapping[str, str]
    """Titles of papers without either."""
    left: int
    """Further papers of these kinds."""

    @property
    def count(self) -> int:
        """The number of papers."""
        return len(self.keys)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the papers."""
        return (*self.ids, *self.dois, *self.titles)


def _lacking(library: "Library", tried: frozenset[str]) -> _Lacking:
    """What papers lack that are not dismissed.

    Args:
        library: The library. Cost: reads all papers.
        tried: Keys of the papers that are not asked for.
    """
    from tui.query import parse

    ids: dict[str, str] = {}
    dois: dict[str, str] = {}
    titles: dict[str, str] = {}
    left = 0
    for item in library.select(parse("-is:dismissed")):
        paper = item.paper
        if paper.arxiv:
            where, most, name = ids, MOST_IDS, "" if paper.authors else paper.arxiv
        elif paper.doi:
            where, most, name = dois, MOST_DOIS, "" if paper.authors else paper.doi
        else:
            where, most, name = titles, MOST, paper.display_title
        if not name or paper.key in tried:
            continue
        if len(where) < most:
            where[paper.key] = name
        else:
            left += 1
    return _Lacking(ids, dois, titles, left)


def _ask(context: Context, lacking: _Lacking, day: date) -> "list[SourceRecord]":
    """What is known of some papers, and of others with similar titles."""
    from tui.sources import Span
    from tui.sources.arxiv import of_ids, of_titles
    from tui.sources.lookup import look_up, name_of

    span, titles = Span(day), list(lacking.titles.values())
    records: list[SourceRecord] = []
    with connected(context) as client, context.released():
        context.progress(SOURCE, 0.0)
        records += of_ids(list(lacking.ids.values()), client, span)
        for doi in lacking.dois.values():
            records += filter(None, [look_up(name_of(doi), client, day)])
        for start in range(0, len(titles), _TITLES):
            context.progress(SOURCE, (1 + start) / (1 + len(titles)))
            records += of_titles(titles[start : start + _TITLES], client, span)
    context.progress("", 1.0)
    return records
