"""What the formats that state one fact in one place share: records, and warnings about a file."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from tui.formats.base import Decision, ImportContext, ImportWarning, ParsedFile
from tui.formats.bibliography import IMPRINT, Name, family_names, page_range
from tui.formats.cleaning import (
    CLEANERS,
    MAX_ABSTRACT,
    MAX_DAY,
    MAX_LINKS,
    MAX_NAME,
    MAX_NAMES,
    MAX_TITLE,
    first_arxiv,
    first_doi,
    links_in,
    longest_in,
    texts_in,
    venue_of,
    without_et_al,
)
from tui.formats.dates import day_of, stated_date
from tui.formats.json_elements import elements
from tui.formats.tagged import Entry, Grammar, entries
from tui.model.facts import FACTS
from tui.model.latex import latex_to_text
from tui.model.paper import SourceRecord
from tui.model.text import normalize

NO_DECISION: Final = Decision()
_MAX_COUNT: Final = 10**9
_NO_TITLE: Final = "this record has no title"
_STEPS: Final = 100
"""How often progress is reported in one file."""


class Collector:
    """Collects the records of one file, and warnings about what is broken in it.

    What has the wrong type is left out with a warning; a record without a title is skipped.
    """

    def __init__(self, context: ImportContext, line_count: int) -> None:
        """Starts without records; ``line_count`` is that of the text, for progress."""
        self._context = context
        self._line_count = line_count
        self._reported = 0
        self._records: list[SourceRecord] = []
        self._updates: list[SourceRecord] = []
        self._decisions: dict[int, Decision] = {}
        self._keys: dict[int, str] = {}
        self._warnings: list[ImportWarning] = []

    def warn(self, line: int, text: str, *, skipped: bool = True) -> None:
        """Adds a warning; see ``ImportWarning``."""
        self._warnings.append(ImportWarning(line, normalize(text, MAX_NAME), skipped))

    def add(
        self,
        line: int,
        record: SourceRecord | None,
        decision: Decision = NO_DECISION,
        *,
        is_update: bool = False,
        key: str = "",
    ) -> None:
        """Adds the record that begins on a line; ``None`` adds nothing.

        Args:
            line: The line, from 1.
            decision: What the file says that its user decided about it.
            is_update: See ``ParsedFile.updates``.
            key: The key that the file gives to its paper; empty if none.
        """
        if record is not None:
            if decision != NO_DECISION:
                self._decisions[len(self._records)] = decision
            if key:
                self._keys[len(self._records)] = key
            (self._updates if is_update else self._records).append(record)
        step = line * _STEPS // max(self._line_count, 1)
        if step > self._reported:
            self._reported = step
            self._context.progress(min(step / _STEPS, 1.0))

    def record(
        self,
        line: int,
        title: object,
        *,
        abstract: object = None,
        authors: object = None,
        authors_incomplete: object = None,
        published: object = None,
        page_day: object = None,
        identifiers: Iterable[object] = (),
        links: Iterable[object] = (),
        address: object = None,
        imprint: Mapping[str, object] = MappingProxyType({}),
        **facts: object,
    ) -> SourceRecord | None:
        """A record from values of any type; ``None``, with a warning, if it has no title.

        Args:
            line: The line on which it begins, from 1.
            title: Its title; what is no text is left out with a warning.
            abstract: Its abstract, likewise.
            authors: A list of names, each in its parts or as it is printed; ``et al.`` or
                ``others`` says that there are more.
            authors_incomplete: ``True`` says so, too.
            published: A text that begins with a date, or with a month or a year; see ``day_of``.
            page_day: A text that begins with the day on which the source stated this.
            identifiers: Texts, of which the first arXiv id and the first DOI are taken; a bare
                number is no arXiv id without ``arXiv:`` ahead of it.
            links: Texts with addresses of code and projects.
            address: The one of ``links`` that has the address of the paper itself.
            imprint: Texts or numbers by the names of ``IMPRINT``.
            facts: Further facts by name, each cleaned alone; see ``_fact``.
        """
        name = self._text(line, "title", title, MAX_TITLE)
        if not name:
            self.warn(line, _NO_TITLE)
            return None
        summary = self._text(line, "abstract", abstract, MAX_ABSTRACT)
        day = self._day(line, "page day", page_day) or self._context.captured
        texts = [normalize(id, MAX_TITLE) for id in identifiers if isinstance(id, str) and id]
        addresses = [value for value in links if isinstance(value, str) and value]
        urls = links_in(summary, addresses)
        arxiv, version = first_arxiv(texts)
        if imprint:
            facts |= {name: imprint.get(name) for name in IMPRINT}
        first_day, precision = stated_date(self._text(line, "date", published)[:MAX_DAY])
        names, has_more = self._names(line, authors)
        if isinstance(authors, (list, tuple)) and (families := family_names(authors)):
            facts["family_names"] = [*map(latex_to_text, families)]
        return SourceRecord(
            name,
            summary or None,
            file=self._context.file,
            line=line,
            page_day=day.isoformat() if day else None,
            published=first_day,
            date_precision=precision,
            authors=names,
            authors_incomplete=bool(names) and (has_more or authors_incomplete is True),
            arxiv=arxiv,
            arxiv_version=version,
            doi=first_doi(texts),
            urls=urls,
            address=longest_in(address, urls) if isinstance(address, str) else None,
            **{name: self._fact(line, name, value) for name, value in facts.items()},
        )

    def count(self, line: int, name: str, value: object) -> int | None:
        """A number from a value of any type; ``None``, with a warning, if it is none."""
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_COUNT:
            return value
        self.warn(line, f"not a number: {name}", skipped=False)
        return None

    def parsed(self, source: str) -> ParsedFile:
        """All of it, from a source; see ``ParsedFile``."""
        return ParsedFile(
            tuple(self._records),
            tuple(sorted(self._warnings)),
            source,
            updates=tuple(self._updates),
            decisions=self._decisions,
            keys=self._keys,
        )

    def refused(self, line: int, text: str) -> ParsedFile:
        """None of it, for a reason; see ``ImportWarning``."""
        return ParsedFile((), (ImportWarning(line, normalize(text, MAX_NAME)),))

    def _text(self, line: int, name: str, value: object, limit: int = MAX_TITLE) -> str:
        if isinstance(value, str):
            return normalize(value, limit)
        if value is not None:
            self.warn(line, f"the {name} is not a text", skipped=False)
        return ""

    def _fact(self, line: int, name: str, value: object) -> Any:
        """The value of a fact, from one of any type: by its cleaner, or else by its type."""
        fact = FACTS[name]
        if value is None:
            return fact.default
        if clean := CLEANERS.get(name):
            return clean(value)
        label = name.replace("_", " ")
        if fact.type is bool:
            return value is True
        if fact.type is int:
            return self.count(line, label, value)
        if fact.type is tuple:
            return texts_in(value, MAX_NAMES if name == "family_names" else MAX_LINKS)
        if fact.type is date:
            return self._day(line, label, value)
        if name in IMPRINT:
            return self._imprint(line, name, value)
        limit = MAX_ABSTRACT if name == "ai_summary" else MAX_TITLE
        return latex_to_text(self._text(line, label, value, limit)) or None

    def _imprint(self, line: int, name: str, value: object) -> str | None:
        """A fact of ``IMPRINT``; what only repeats an arXiv id is none."""
        text = self._text(line, name, str(value) if type(value) is int else value, MAX_NAME)
        text = page_range(text) if name == "pages" else text
        return None if text.startswith("abs/") else venue_of(text)

    def _day(self, line: int, name: str, value: object) -> date | None:
        if isinstance(value, str):
            return day_of(value.strip()[:MAX_DAY])
        self._text(line, name, value)
        return None

    def _names(self, line: int, values: object) -> tuple[tuple[str, ...], bool]:
        """The names of authors, and whether there are more."""
        if not isinstance(values, (list, tuple)):
            if values is not None:
                self.warn(line, "the authors are not a list", skipped=False)
            return (), False
        texts = [value.printed if isinstance(value, Name) else value for value in values]
        names = [latex_to_text(normalize(t, MAX_NAME)) for t in texts if isinstance(t, str)]
        if len(names) < len(values):
            self.warn(line, "an author is without a name", skipped=False)
        kept = [*map(without_et_al, names)]
        has_more = kept != names or len(kept) > MAX_NAMES
        return tuple(filter(None, kept))[:MAX_NAMES], has_more


def read_elements(
    text: str,
    context: ImportContext,
    add: Callable[[Collector, int, object], None],
    source: str,
    names: str = "",
) -> ParsedFile:
    """Reads a file of JSON, one object after another or in a list.

    Args:
        text: The file; another format after its JSON refuses it.
        add: Adds the records of one object, given its line.
        names: See ``elements``.
    """
    collector = Collector(context, text.count("\n") + 1)
    for element in elements(text, names):
        if element.is_foreign:
            return collector.refused(element.line, element.problem)
        if element.problem:
            collector.warn(element.line, element.problem)
        elif not element.value:  # which would take as long as a paper
            collector.warn(element.line, _NO_TITLE)
        else:
            add(collector, element.line, element.value)
    return collector.parsed(source)


def read_entries(
    text: str,
    context: ImportContext,
    grammar: Grammar,
    add: Callable[[Collector, Entry], None],
    source: str,
) -> ParsedFile:
    """Reads a file of tagged lines; see ``read_elements``.

    Args:
        text: The file; a line outside the grammar refuses it.
    """
    collector = Collector(context, text.count("\n") + 1)
    for entry in entries(text, grammar):
        if entry.is_foreign:
            return collector.refused(entry.line, f"this is not {source}")
        add(collector, entry)
    return collector.parsed(source)
