"""Facts about papers: source records, and the papers they add up to. Pure values.

It knows nothing of what a reader decided about a paper, nor where either is kept.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final
from urllib.parse import quote_plus

from tui.errors import PapersError
from tui.model.text import latex_to_text, normalize, words

Record = dict[str, Any]
"""A value as JSON would hold it."""

SLUG_WIDTH: Final = 40
"""Characters of a key that can be read; the rest of the key is a hash."""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One appearance of a paper on a page, as that page told it. Missing is ``None``."""

    title: str
    """Cleaned, LaTeX kept."""
    abstract: str | None
    """Cleaned, one paragraph, LaTeX kept."""
    file: str
    """Name of the page's file, without its folder."""
    line: int
    """Line of the title in that file, from 1."""
    page_day: str | None = None
    """The day at the head of the page: ``2025-11-06``, or ``--03-17`` (the gMonthDay of XML
    Schema) where the page writes no year anywhere."""
    published: date | None = None
    year_inferred: bool = False
    """Whether the page left the year out, so that it follows from the rest of the page."""
    author_count: int | None = None
    authors: tuple[str, ...] = ()
    upvotes: int | None = None
    urls: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key of the paper that was seen."""
        return paper_key(self.title)


@dataclass(frozen=True, slots=True)
class Paper:
    """The merged facts of all source records of one paper. Made by ``merge`` only."""

    key: str
    title: str
    abstract: str | None
    published: date | None
    year_inferred: bool
    author_count: int | None
    authors: tuple[str, ...]
    upvotes: int | None
    urls: tuple[str, ...]
    records: tuple[SourceRecord, ...]
    """In order of file and line."""

    @property
    def display_title(self) -> str:
        """The title as a person reads it."""
        return latex_to_text(self.title)

    @property
    def display_abstract(self) -> str:
        """The abstract as a person reads it; empty when there is none."""
        return latex_to_text(self.abstract or "")

    @property
    def page_day(self) -> str | None:
        """The day of the newest page it was seen on, as in ``SourceRecord.page_day``."""
        # A day without a year, ``--03-17``, sorts before every year: "-" comes before the digits.
        return max((s.page_day for s in self.records if s.page_day), default=None)

    @property
    def link(self) -> str:
        """Where to find the paper: the pages give no address, so it is looked up by title."""
        return "https://arxiv.org/search/?searchtype=title&query=" + quote_plus(self.display_title)

    @property
    def age_rank(self) -> str:
        """Sorts papers by age as text, oldest first; a paper without a date is older than any.

        Among those without, the newest page decides, and a page day without a year is older than
        one with.
        """
        if self.published:
            return f"1 {self.published.isoformat()}"
        return f"0 {self.page_day or ''}"


def paper_key(title: str) -> str:
    """The name of a paper: the beginning of its title, and a hash of all of it.

    Two titles that differ only in case, accents, hyphens within words, apostrophes, punctuation or
    the way LaTeX writes them name the same paper: Fine-Tuning and Finetuning are one word here.
    The readable beginning is for people who type it.

    Args:
        title: A cleaned title.
    """
    shown = latex_to_text(title)
    parts = words(_WITHIN_WORDS.sub("", shown)) or words(shown)
    slug = "-".join(re.findall("[a-z0-9]+", " ".join(parts)))[:SLUG_WIDTH]
    if "-" in slug[-8:] and len(slug) == SLUG_WIDTH:
        slug = slug[: slug.rindex("-")]
    identity = " ".join(parts) or shown
    digest = hashlib.blake2b(identity.encode(errors="replace"), digest_size=4).hexdigest()
    return f"{slug.strip('-') or 'paper'}-{digest}"


_JOINS = "'\u2019\u2010\u2011-"
_WITHIN_WORDS = re.compile(rf"(?<=[^\s{_JOINS}])[{_JOINS}](?=[^\s{_JOINS}])")


def merge(records: Iterable[SourceRecord]) -> Paper:
    """The one paper behind several source records, whatever order they come in.

    Rules, a field at a time. "Newest" is by the day of the page; pages without a year are older
    than any with one, and equals go by file name and line.

    - title: of the newest source record.
    - abstract: the longest, as a cut page has a shorter one; the newest of equals.
    - published: the earliest date with a written year, else the earliest inferred one.
    - author_count, upvotes: of the newest source record that states them (votes only count up).
    - authors: the longest list of names.
    - urls: all, in the order of the source records.

    Args:
        records: At least one; all of the same key. Equal ones count once.
    """
    seen = sorted(set(records), key=_place)
    newest_first = sorted(seen, key=lambda s: s.page_day or "", reverse=True)
    dated = [s for s in seen if s.published]
    written = [s for s in dated if not s.year_inferred]
    first = min(written or dated, key=lambda s: s.published or date.max, default=None)
    authors = max((s.authors for s in newest_first), key=len)
    counts = (s.author_count for s in newest_first if s.author_count is not None)
    votes = (s.upvotes for s in newest_first if s.upvotes is not None)
    urls = dict.fromkeys(url for s in seen for url in s.urls)
    abstract = max((s.abstract or "" for s in newest_first), key=len) or None
    title = newest_first[0].title
    return Paper(
        key=paper_key(title),
        title=title,
        abstract=abstract,
        published=first.published if first else None,
        year_inferred=first.year_inferred if first else False,
        author_count=next(counts, len(authors) or None),
        authors=authors,
        upvotes=next(votes, None),
        urls=tuple(urls),
        records=tuple(seen),
    )


def merge_all(records: Iterable[SourceRecord]) -> list[Paper]:
    """Every paper that was seen, in the order of its first source record."""
    by_key: dict[str, list[SourceRecord]] = defaultdict(list)
    for sighting in records:
        by_key[sighting.key].append(sighting)
    return [merge(group) for group in by_key.values()]


def _place(sighting: SourceRecord) -> tuple[Any, ...]:
    """A total order: by place, and by every fact where two pages share file name and line."""
    return (
        sighting.file,
        sighting.line,
        *(
            (value is not None, value or type(value)())
            for value in (_plain(getattr(sighting, name)) for name in ("page_day", *_FACTS))
        ),
    )


_FACTS: Final = (
    "title",
    "abstract",
    "published",
    "year_inferred",
    "author_count",
    "authors",
    "upvotes",
    "urls",
)


def to_record(paper: Paper) -> Record:
    """The paper as JSON holds it; a source record only what it says differently."""
    told = {name: _plain(getattr(paper, name)) for name in _FACTS}
    records: list[Record] = []
    for sighting in paper.records:
        record: Record = {
            "file": sighting.file,
            "line": sighting.line,
            "page_day": sighting.page_day,
        }
        for name in _FACTS:
            value = _plain(getattr(sighting, name))
            if value != told[name]:
                record[name] = value
        records.append(record)
    return {"key": paper.key, **told, "sightings": records}


def from_record(record: Mapping[str, Any]) -> Paper:
    """The paper of a record that ``to_record`` made.

    Raises:
        PapersError: If a field is missing or not of its type, naming it.
    """
    try:
        told = {name: record[name] for name in _FACTS}
        if not record["sightings"]:
            raise PapersError(f"the paper {record['key']!r} has no sightings")
        records = tuple(_source_record({**told, **seen}) for seen in record["sightings"])
        facts = _source_record({**told, "file": "", "line": 0})
        return Paper(
            key=_typed(record["key"], str, "key"),
            records=records,
            **{name: getattr(facts, name) for name in _FACTS},
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        name = normalize(str(record.get("key", "?")) if isinstance(record, Mapping) else "?", 80)
        reason = normalize(str(error), 200)
        raise PapersError(f"the paper {name!r} has a field that does not fit: {reason}") from error


_KNOWN = {field.name for field in fields(SourceRecord)}


def _source_record(record: Mapping[str, Any]) -> SourceRecord:
    values = {name: value for name, value in record.items() if name in _KNOWN}
    for name in ("title", "file"):
        _typed(values[name], str, name)
    for name in ("abstract", "page_day", "published"):
        if values.get(name) is not None:
            _typed(values[name], str, name)
    for name in ("line", "author_count", "upvotes"):
        if name == "line" or values[name] is not None:
            _typed(values[name], int, name)
    _typed(values["year_inferred"], bool, "year_inferred")
    for name in ("authors", "urls"):
        values[name] = tuple(_typed(item, str, name) for item in _typed(values[name], list, name))
    published = values["published"]
    if published is not None:
        if len(published) != 10:
            raise ValueError("published is no date")
        values["published"] = date.fromisoformat(published)
    return SourceRecord(**values)


def _typed(value: Any, kind: type, name: str) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{name} is not of type {kind.__name__}")
    return value


def _plain(value: Any) -> Any:
    """A fact as JSON would give it back."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
