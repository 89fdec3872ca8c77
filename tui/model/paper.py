"""Source records, and the papers merged from them. Pure values."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from tui.errors import PapersError
from tui.model.emphasis import emphasis
from tui.model.facts import FACTS, Facts, Sources, typed
from tui.model.latex import latex_to_text
from tui.model.text import normalize
from tui.model.words import words
from tui.patterns import regex
from tui.values import dataclass

Record = dict[str, Any]
"""A JSON object."""

SLUG_WIDTH: Final = 40
"""Characters of the readable part of a key; the rest is a hash."""


@dataclass(frozen=True, slots=True)
class SourceRecord(Facts):
    """The statements of one source about a paper, and where they stand."""

    file: str
    """The name of the file, without its folder."""
    line: int
    """The line of the title in that file, from 1."""
    page_day: str | None = None
    """The date at the top of the page: ``2025-11-06``, or ``--03-17`` (as gMonthDay in XML Schema)
    if the page has no year anywhere."""

    @property
    def key(self) -> str:
        """The key of the paper."""
        return paper_key(self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper(Facts):
    """The merged facts of all source records of one paper; see ``merge``."""

    key: str
    records: tuple[SourceRecord, ...]
    """In order of file and line."""
    imports: tuple[str, ...] = field(default=(), compare=False)
    """Ids of the imports that brought its records, oldest first; see ``storage.imports``."""

    @property
    def display_title(self) -> str:
        """The title with its LaTeX as Unicode."""
        return latex_to_text(self.title)

    @property
    def plain_title(self) -> str:
        """The title for a screen: with its LaTeX as Unicode, without Markdown and HTML."""
        return emphasis(self.display_title)[0]

    @property
    def display_abstract(self) -> str:
        """The abstract with its LaTeX as Unicode; empty if missing."""
        return latex_to_text(self.abstract or "")

    @property
    def has_authors(self) -> bool:
        """Whether its authors are named, all or some, or at least counted."""
        return bool(self.authors) or self.author_count is not None

    @property
    def page_day(self) -> str | None:
        """The day of its newest page, as in ``SourceRecord.page_day``."""
        # A day without a year, ``--03-17``, sorts before every year: "-" comes before the digits.
        return max((s.page_day for s in self.records if s.page_day), default=None)

    @property
    def page(self) -> str | None:
        """The address of its page: on arXiv, else at its publisher, else as stated, or ``None``."""
        if self.arxiv:
            return f"https://arxiv.org/abs/{self.arxiv}"
        return f"https://doi.org/{_quoted(self.doi, '/:;()')}" if self.doi else self.address

    @property
    def link(self) -> str:
        """Its page; a search for the title if none is known."""
        if page := self.page:
            return page
        title = self.display_title.replace("%", "%25")
        for mark in set(title.encode().translate(None, _SAFE).decode()):
            title = title.replace(mark, _quoted(mark))
        return f"{SEARCH}{title.replace(' ', '+')}"

    @property
    def pdf_link(self) -> str | None:
        """The address of its PDF; ``None`` if it is not known."""
        if self.arxiv:
            return f"https://arxiv.org/pdf/{self.arxiv}"
        return next((url for url in self.urls if url.lower().endswith(".pdf")), None)

    @property
    def code_link(self) -> str | None:
        """The address of its code; ``None`` if it is not known."""
        return next((url for url in self.urls if re.match(CODE, url)), None)

    @property
    def versions(self) -> tuple[int, ...]:
        """The versions on arXiv that were seen, ascending."""
        return tuple(sorted({r.arxiv_version for r in self.records if r.arxiv_version}))

    @property
    def is_updated(self) -> bool:
        """Whether more than one version of it on arXiv was seen."""
        return len(self.records) > 1 and len(self.versions) > 1

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files, one per source record."""
        return tuple([record.file for record in self.records])


def paper_key(title: str) -> str:
    """The key of a paper: a readable prefix of its title, and a hash of all of it.

    Titles that differ only in case, accents, hyphens within words, apostrophes, punctuation or
    LaTeX spelling have the same key: Fine-Tuning and Finetuning are the same word.

    Args:
        title: A normalized title.
    """
    shown = latex_to_text(title)
    parts = words(_WITHIN_WORDS.sub("", shown)) or words(shown)
    slug = "-".join(re.findall("[a-z0-9]+", " ".join(parts)))[:SLUG_WIDTH]
    if "-" in slug[-8:] and len(slug) == SLUG_WIDTH:
        slug = slug[: slug.rindex("-")]
    identity = " ".join(parts) or shown
    digest = hashlib.blake2b(identity.encode(errors="replace"), digest_size=4).hexdigest()
    return f"{slug.strip('-') or 'paper'}-{digest}"


@lru_cache(maxsize=256)  # what is encoded of titles is mostly one mark or another
def _quoted(text: str, safe: str = "") -> str:
    """A text percent-encoded for an address."""
    from urllib.parse import quote  # here, as importing it takes 5 ms

    return quote(text, safe=safe)


SEARCH: Final = "https://arxiv.org/search/?searchtype=title&query="
"""The address of a search for a title, without it."""
_SAFE: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~ -%"
"""The characters that are not percent-encoded in a query; encoding all of a title is slow."""
CODE: Final = (
    r"(?i)https?://(?:www\.)?(?:github|gitlab|bitbucket|codeberg)\.(?:com|org)/[\w.~-]+/[\w.-]+"
)
"""The address of a repository of code."""
_JOINS = "'\u2019\u2010\u2011-"
_WITHIN_WORDS = regex(rf"(?<=[^\s{_JOINS}])[{_JOINS}](?=[^\s{_JOINS}])")


def merge(records: Iterable[SourceRecord], key: str = "", imports: tuple[str, ...] = ()) -> Paper:
    """Merges source records of one paper; their order does not matter.

    Each fact is merged by its rule in ``Facts``. "Newest" is by page day; pages without a year are
    older than any with one, and equals are ordered by file name and line.

    Args:
        records: At least one; all of the same paper. Equal ones count once.
        key: Its key; by default that of its title.
        imports: See ``Paper.imports``.
    """
    ordered = sorted(set(records), key=_place)
    newest = sorted(ordered, key=lambda record: record.page_day or "", reverse=True)
    sources = Sources(ordered, newest)
    facts = {name: fact.merge(sources, name) for name, fact in FACTS.items()}
    key = key or paper_key(facts["title"])
    return Paper(key=key, records=tuple(ordered), imports=imports, **facts)


def _place(record: SourceRecord) -> tuple[Any, ...]:
    """A total order: by file and line, then by all facts."""
    values = (to_json(getattr(record, name)) for name in ("page_day", *FACTS))
    return (
        record.file,
        record.line,
        *((value is not None, value or type(value)()) for value in values),
    )


def to_record(paper: Paper) -> Record:
    """The paper as a JSON object; source records only with the facts that differ."""
    facts = _facts(paper)
    record: Record = {"key": paper.key}
    record.update(zip(FACTS, facts, strict=True))
    for name in _CONVERTED:
        record[name] = to_json(record[name])
    sightings: list[Record] = []
    for source in paper.records:
        place: Record = {"file": source.file, "line": source.line, "page_day": source.page_day}
        if (stated := _facts(source)) != facts:
            pairs = zip(FACTS, stated, facts, strict=True)
            place |= {name: to_json(value) for name, value, fact in pairs if value != fact}
        sightings.append(place)
    record["sightings"] = sightings
    return record


_facts: Final = attrgetter(*FACTS)
"""The values of all facts, in their order."""
_CONVERTED: Final = tuple(name for name, fact in FACTS.items() if fact.type in (date, tuple))
"""The facts that JSON has no type for."""


def from_record(record: Mapping[str, Any]) -> Paper:
    """The paper of an object from ``to_record``.

    Raises:
        PapersError: If a field is missing or has the wrong type, naming it.
    """
    try:
        facts = _from_json(record)
        if not record["sightings"]:
            raise PapersError(f"The paper “{normalize(str(record['key']), 80)}” has no sightings")
        return Paper(
            key=typed(record["key"], str, "key"),
            records=tuple(_source(each, facts | _stated(each)) for each in record["sightings"]),
            imports=tuple(typed(id, str, "imports") for id in record.get("imports", ())),
            **facts,
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        name = normalize(str(record.get("key", "?")) if isinstance(record, Mapping) else "?", 80)
        reason = normalize(str(error), 200)
        raise PapersError(f"The paper “{name}” has an invalid field: {reason}") from error


def source_record(record: Mapping[str, Any]) -> SourceRecord:
    """The source record of a JSON object.

    Raises:
        KeyError, TypeError, ValueError: If a field is missing or has the wrong type.
    """
    return _source(record, _from_json(record))


def _source(record: Mapping[str, Any], facts: Record) -> SourceRecord:
    day = record.get("page_day")
    return SourceRecord(
        file=typed(record["file"], str, "file"),
        line=typed(record["line"], int, "line"),
        page_day=None if day is None else typed(day, str, "page_day"),
        **facts,
    )


def _from_json(record: Mapping[str, Any]) -> Record:
    """All facts of a JSON object; those that it may lack have their defaults."""
    return {name: fact.from_json(name, record) for name, fact in FACTS.items()}


def _stated(record: Mapping[str, Any]) -> Record:
    """The facts that a JSON object has, such as those that one source states otherwise."""
    return {name: FACTS[name].from_json(name, record) for name in FACTS.keys() & record.keys()}


def to_json(value: Any) -> Any:
    """A fact as a JSON value."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
