"""The text dump of a Hugging Face "Daily Papers" page.

A page is a header, then papers: a title, an abstract and, on some pages, who and when::

    new                                         Improving Everything
                                                We present a method that ...
    Get trending papers in your email inbox!      • 5 authors
    Subscribe                                   ·
    byAK and the research community             Jul 3, 2024 3
    Mar 17

Dumps differ: with or without blank lines between the parts, abstracts in one line or many,
``Subscribe`` joined to the first title, several consecutive pages. So every line is classified
first, and runs of text lines are then segmented into titles and abstracts by the most likely
assignment over the whole run (``segmenter``).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from tui.formats.base import ImportContext, ImportWarning, ParsedFile
from tui.formats.importers.hf_daily.lines import (
    AUTHORS,
    DATE,
    MONTHS,
    Line,
    LineKind,
    classify,
)
from tui.formats.importers.hf_daily.segmenter import ENDS, Layout, LineRole, assign_roles
from tui.model.paper import SourceRecord
from tui.model.text import find_urls, normalize

MAX_TITLE: Final = 1_000
MAX_ABSTRACT: Final = 50_000


@dataclass(slots=True)
class _Draft:
    """A paper being read: its first line, its text, and its facts."""

    title: str
    abstract: str
    line: int
    author_count: int | None = None
    when: re.Match[str] | None = None
    has_facts: bool = False


@dataclass(slots=True)
class _PageDraft:
    """A page being read. Its dates are resolved once all its years are known."""

    day: re.Match[str] | None = None
    papers: list[_Draft] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    warnings: list[ImportWarning] = field(default_factory=list)


LABEL: Final = 'the text of a "Daily Papers" page (select all, copy, save as text)'


def sniff(head: str) -> float:
    """By the kinds of lines; any text may be a page without its header."""
    kinds = {line.kind for line in classify(head)}
    signs = kinds & {LineKind.HEADER, LineKind.AUTHORS, LineKind.DATE}
    return 0.1 + 0.3 * len(signs)


def read(text: str, context: ImportContext) -> ParsedFile:
    """The records of the pages in a text, one or several."""
    records: list[SourceRecord] = []
    warnings: list[ImportWarning] = []
    lines = list(classify(text))
    last = lines[-1].number
    reported = 0.0

    def reached(number: int) -> None:
        nonlocal reported
        if number / last >= reported + 0.01:
            reported = number / last
            context.progress(reported)

    for page_lines in _pages(lines):
        page = _read_page(page_lines, reached)
        _drop_cut_end(page)
        year = max(page.years) + 1 if page.years else None
        day = _page_day(page.day, year)
        for draft in page.papers:
            records.append(_record(draft, context.file, day, year, page.warnings))
        warnings += page.warnings
    return ParsedFile(tuple(records), tuple(sorted(warnings)))


def _pages(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Splits the lines where a header begins after text."""
    page: list[Line] = []
    has_text = False
    for line in lines:
        if line.kind is LineKind.HEADER and has_text:
            yield page
            page, has_text = [], False
        has_text = has_text or line.kind is LineKind.TEXT
        page.append(line)
    yield page


def _read_page(lines: Sequence[Line], reached: Callable[[int], None]) -> _PageDraft:
    """The papers of one page with their facts."""
    page = _PageDraft()
    texts = [line for line in lines if line.kind is LineKind.TEXT]
    layout = Layout.of(texts)
    run: list[Line] = []
    last: _Draft | None = None

    def end_run() -> _Draft | None:
        drafts, warnings = _drafts(run, layout, reached)
        page.papers += drafts
        page.warnings += warnings
        run.clear()
        return drafts[-1] if drafts else None

    for line in lines:
        if line.kind is LineKind.TEXT:
            run.append(line)
        elif line.kind is LineKind.HEADER:
            page.day = DATE.fullmatch(line.text) or page.day
        elif line.kind is not LineKind.BLANK:
            last = end_run() or last
            if last is None:
                page.warnings.append(
                    ImportWarning(line.number, "authors or a date without a paper")
                )
                continue
            last.has_facts = True
            if match := AUTHORS.fullmatch(line.text):
                last.author_count = int(match[1].replace(",", ""))
            elif line.kind is LineKind.DATE:
                last.when = DATE.fullmatch(line.text)
                if last.when and last.when[3]:
                    page.years.append(int(last.when[3]))
            elif line.text != "·":
                page.warnings.append(
                    ImportWarning(line.number, f"“{line.text[:40]}” is truncated, skipped", False)
                )
    end_run()
    return page


def _drafts(
    run: Sequence[Line], layout: Layout, reached: Callable[[int], None]
) -> tuple[list[_Draft], list[ImportWarning]]:
    """The papers in a run of text lines, and warnings about incomplete ones."""
    drafts: list[_Draft] = []
    warnings: list[ImportWarning] = []
    if not run:
        return drafts, warnings
    title_line: int | None = None
    for line, role in zip(run, assign_roles(run, layout, reached), strict=True):
        if role is LineRole.TITLE:
            drafts.append(_Draft(line.text, "", line.number))
            title_line = line.number
        elif title_line is None:
            if role is LineRole.ABSTRACT:
                warnings.append(ImportWarning(line.number, "an abstract without a title"))
        elif role is LineRole.MORE_TITLE:
            drafts[-1].title += " " + line.text
        else:
            drafts[-1].abstract = f"{drafts[-1].abstract} {line.text}".lstrip()
    for draft in drafts:
        if not draft.abstract:
            warnings.append(ImportWarning(draft.line, f"“{draft.title[:60]}” has no abstract"))
    return [draft for draft in drafts if draft.abstract], warnings


def _drop_cut_end(page: _PageDraft) -> None:
    """Drops the last paper of a page that ends in the middle of its abstract."""
    if not page.papers:
        return
    last = page.papers[-1]
    if last.has_facts:
        return
    name = f"“{last.title[:60]}”"
    if not ENDS.search(last.abstract):
        page.papers.pop()
        page.warnings.append(ImportWarning(last.line, f"{name} ends in the middle of its abstract"))
    elif any(draft.has_facts for draft in page.papers[:-1]):
        page.warnings.append(ImportWarning(last.line, f"{name} has no authors and no date", False))
    elif re.search(r"https?://\S*[\w/]$", last.abstract):
        page.warnings.append(
            ImportWarning(last.line, f"{name} ends in a URL, maybe truncated", False)
        )


def _page_day(match: re.Match[str] | None, year: int | None) -> str | None:
    """The page's day, with the inferred year; ``--03-17`` without one."""
    if match is None:
        return None
    written = int(match[3]) if match[3] else year
    month, day = _month(match), int(match[2])
    if written is None:
        return f"--{month:02}-{day:02}"
    day_of_page = _date(written, month, day)
    return day_of_page.isoformat() if day_of_page else None


def _record(
    draft: _Draft, name: str, page_day: str | None, year: int | None, warnings: list[ImportWarning]
) -> SourceRecord:
    published: date | None = None
    inferred = False
    comments: int | None = None
    if draft.when:
        inferred = draft.when[3] is None
        written = int(draft.when[3]) if draft.when[3] else year
        if written is not None:
            published = _date(written, _month(draft.when), int(draft.when[2]))
        if published is None:
            why = (
                "has no year, nor has the page" if written is None else "is not valid in that year"
            )
            warnings.append(ImportWarning(draft.line, f"the date “{draft.when[0]}” {why}", False))
        comments = _number(draft.when[4])
    abstract = normalize(draft.abstract, MAX_ABSTRACT)
    return SourceRecord(
        title=normalize(draft.title, MAX_TITLE),
        abstract=abstract,
        file=name,
        line=draft.line,
        page_day=page_day,
        published=published,
        year_inferred=inferred and published is not None,
        author_count=draft.author_count,
        comments=comments,
        urls=find_urls(abstract),
    )


def _month(match: re.Match[str]) -> int:
    return MONTHS.index(match[1].capitalize()) + 1


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    """``3``, ``1,204`` or ``1.2k`` as a whole number."""
    if not text:
        return None
    if text[-1] in "kK":
        return round(float(text[:-1]) * 1000)
    return int(text.replace(",", ""))
