"""arXiv, by its feeds and its API: categories, searches, authors; and single papers.

A feed has what was announced on the last weekday, and is empty on a weekend. A search is answered
by the day of the first version, newest first, in slices. A paper is announced up to four days after
that day, so each fetch looks back further than the last one. The API is known to leave entries out
and to answer with empty slices; such a slice is asked for once more.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from tui.model.paper import SourceRecord
from tui.model.text import normalize
from tui.sources.arxiv_categories import ARCHIVES, category, check, spelt
from tui.sources.base import Client, Source, SourceError, Span, dated, read
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.formats.base import ParsedFile

API: Final = "https://export.arxiv.org"
FEEDS: Final = "https://rss.arxiv.org"
FORMAT: Final = "feed"
FIRST: Final = 50
"""The papers of a search that was never fetched."""
SLICE: Final = 200
MOST: Final = 2_000
"""The most papers of one fetch."""
LAG: Final = timedelta(days=7)
"""How long before the last fetch a paper may have been submitted that was announced since."""
BATCH: Final = 100
"""Identifiers in one request."""
TITLES: Final = 10
"""Titles in one request, whose addresses have a limit."""

_QUOTED: Final = re.compile(r'"[^"]*"')
_UNFINISHED: Final = re.compile(
    r'"|\w:\s*(?:$|\))|\(\s*\)|(?:^|\()\s*(?:AND|OR)\b|\b(?:AND|OR|ANDNOT)\s*(?:$|\))'
)
_FIELDS: Final = frozenset(
    {"ti", "au", "abs", "co", "jr", "cat", "rn", "id", "all", "submittedDate", "lastUpdatedDate"}
)
"""The fields that a search can name (https://info.arxiv.org/help/api/user-manual.html)."""
_FIELD: Final = re.compile(r"\b(\w+):")
_TOTAL: Final = re.compile(rb"<opensearch:totalResults[^>]*>\s*(\d{1,9})\s*<")
_NO_WORD: Final = re.compile(r"[^\w'+.-]+")


@dataclass(frozen=True, slots=True)
class Search:
    """A search of the API."""

    spec: str
    """``arxiv:cs.CL+cs.LG``."""
    label: str
    query: str
    """As the API takes it: ``cat:cs.CL OR cat:cs.LG``."""

    def fetch(self, span: Span, client: Client) -> "Iterator[ParsedFile]":
        """The papers of these days; the newest ones if it was never fetched."""
        query, most = self.query, FIRST
        if span.since is not None:
            first = span.since - LAG
            days = f"[{first:%Y%m%d}0000 TO {span.until:%Y%m%d}2359]"
            query, most = f"({self.query}) AND submittedDate:{days}", MOST
        total = most
        for start in range(0, most, SLICE):
            if start >= total:
                break
            options = {"start": str(start), "max_results": str(min(SLICE, most - start))}
            answer = self._slice(query, options, span, client)
            if answer is None:
                return
            parsed, total = answer
            if not parsed.records and start < total:
                raise SourceError("arXiv left out a part of its answer", "Try again later.")
            yield parsed
        if span.since is not None and total > most:
            from tui.formats.base import ImportWarning, ParsedFile

            text = f"{total - most:,} more papers left out; fetch fewer days, or search for less"
            yield ParsedFile((), (ImportWarning(1, text),))

    def _slice(
        self, query: str, options: dict[str, str], span: Span, client: Client
    ) -> "tuple[ParsedFile, int] | None":
        """A slice and the number of all papers; ``None`` if nothing has changed."""
        options = {**options, "sortBy": "submittedDate", "sortOrder": "descending"}
        for _ in range(2):
            data = ask(client, {"search_query": query, **options})
            if data is None:
                return None
            parsed = read(data, FORMAT, self.spec, span.until)
            match = _TOTAL.search(data)
            total = int(match[1]) if match else len(parsed.records)
            if parsed.records or int(options["start"]) >= total:
                break
        records = tuple(map(dated, parsed.records))
        return replace(parsed, records=records), total


@dataclass(frozen=True, slots=True)
class Categories:
    """New papers of some categories: from the feed, and from the API for days that were missed."""

    names: tuple[str, ...]

    @property
    def spec(self) -> str:
        """``arxiv:cs.CL+cs.LG``."""
        return f"arxiv:{'+'.join(self.names)}"

    @property
    def label(self) -> str:
        """Which categories."""
        return f"arXiv, {', '.join(self.names)}"

    @property
    def search(self) -> Search:
        """The same of the API."""
        names = (f"{name}.*" if ARCHIVES.get(name) else name for name in self.names)
        return Search(self.spec, self.label, " OR ".join(f"cat:{name}" for name in names))

    def fetch(self, span: Span, client: Client) -> "Iterator[ParsedFile]":
        """The papers that were announced since the first of these days."""
        if span.since is not None and _has_missed(span.since, span.until):
            yield from self.search.fetch(span, client)
        site = client.addresses.get("arxiv", FEEDS).rstrip("/")
        data = client.get(f"{site}/rss/{'+'.join(self.names)}", pace="arxiv")
        parsed = None if data is None else read(data, FORMAT, self.spec, span.until)
        if parsed is not None:
            yield parsed
        if span.since is None and parsed is not None and not parsed.records:
            yield from self.search.fetch(span, client)  # it begins on a weekend


def _has_missed(since: date, until: date) -> bool:
    """Whether there are weekdays between two days."""
    between = (since + timedelta(days=n) for n in range(1, (until - since).days))
    return any(day.weekday() < 5 for day in between)


def ask(client: Client, options: dict[str, str]) -> bytes | None:
    """An answer of the API, also one that tells an error; ``None`` if it has not changed."""
    site = client.addresses.get("arxiv", API).rstrip("/")
    url = f"{site}/api/query?{urlencode(options)}"
    return client.get(url, accept="application/atom+xml", pace="arxiv", errors=(400,))


def parse(text: str) -> Source | None:
    """The source of categories, a search or an author; ``None`` if it is none.

    ``cs.CL+cs.LG``, ``all:lora AND cat:cs.CL``, ``author:Ada Lovelace``.

    Raises:
        UsageError: If it names a category that arXiv does not have.
    """
    text = normalize(text)
    if _QUOTED.fullmatch(text):
        text = text[1:-1].strip()
    kind, _, name = text.partition(":")
    if kind == "author":
        words = " ".join(_NO_WORD.sub(" ", name).split())
        query = f'au:"{words}"'
        return Search(f"arxiv:author:{words}", f"arXiv, by {words}", query) if words else None
    parts = text.replace(",", "+").split("+")
    categories = list(filter(None, map(category, parts)))
    if len(categories) == len(parts):
        return Categories(tuple(dict.fromkeys(categories)))
    check(parts)
    if ":" in text and not text.startswith("//") and _is_complete(text):
        text = spelt(text)
        return Search(f"arxiv:{text}", f"arXiv, {text}", text)
    return None


def _is_complete(query: str) -> bool:
    """Whether a search has arXiv's fields, brackets and quotes closed, and lacks no term."""
    bare = _QUOTED.sub("x", query)
    if not _FIELDS.issuperset(_FIELD.findall(bare)):
        return False
    depths = list(accumulate((char == "(") - (char == ")") for char in bare))
    return min(depths) >= 0 == depths[-1] and not _UNFINISHED.search(bare)


# Single papers


def of_ids(ids: Sequence[str], client: Client, span: Span) -> list[SourceRecord]:
    """The records of arXiv by their identifiers; fewer if it does not know some.

    Raises:
        SourceError: If it does not answer.
    """
    records: list[SourceRecord] = []
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        options = {"id_list": ",".join(batch), "max_results": str(len(batch))}
        records += _records(client, options, span)
    return records


def of_titles(titles: Sequence[str], client: Client, span: Span) -> list[SourceRecord]:
    """Papers on arXiv that have the words of some titles in theirs; not only those.

    Raises:
        SourceError: If it does not answer.
    """
    records: list[SourceRecord] = []
    for start in range(0, len(titles), TITLES):
        phrases = (_phrase(title) for title in titles[start : start + TITLES])
        query = " OR ".join(f'ti:"{phrase}"' for phrase in phrases if phrase)
        if query:
            options = {"search_query": query, "max_results": str(5 * TITLES)}
            records += _records(client, options, span)
    return records


def _phrase(title: str) -> str:
    """The words of a title, as a phrase of a query."""
    return " ".join(_NO_WORD.sub(" ", title).split())[:300]


def _records(client: Client, options: dict[str, str], span: Span) -> list[SourceRecord]:
    data = ask(client, options)
    if data is None:
        raise SourceError("arXiv does not answer", "Try again later.")
    day = span.until.isoformat()
    records = read(data, FORMAT, "arxiv", span.until).records
    return [replace(record, page_day=day) for record in records]
