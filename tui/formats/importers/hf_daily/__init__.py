"""The text dump of a Hugging Face "Daily Papers" page.

A page is a header, then papers: a title, an abstract and, on some pages, who and when::

    new                                         Improving Everything
                                                We present a method that ...
    Get trending papers in your email inbox!      • 5 authors
    Subscribe                                   ·
    byAK and the research community             Jul 3, 2024 3
    Mar 17

Dumps differ: blank lines between the parts or none, abstracts in one line or many, ``Subscribe``
glued to the first title, several pages one behind the other. So every line is classified first,
by what it is, and lines of text are then parted into titles and abstracts by the cheapest reading
of the whole run between two certain ends (``parts``), not by their places.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from tui.formats.importers.hf_daily.lines import AUTHORS, DATE, MONTHS, Kind, Line, classify
from tui.formats.importers.hf_daily.segmenter import ENDS, Layout, Part, part_run
from tui.formats.importers.warning import Problem
from tui.model.paper import SourceRecord
from tui.model.text import find_urls, normalize

MAX_TITLE: Final = 1_000
MAX_ABSTRACT: Final = 50_000


@dataclass(slots=True)
class _Draft:
    """A paper as it is being read: where it began, its text, and the two lines behind it."""

    title: str
    abstract: str
    line: int
    author_count: int | None = None
    when: re.Match[str] | None = None
    has_facts: bool = False


@dataclass(slots=True)
class _PageDraft:
    """A page as it is being read. Its dates wait for the latest year written on it."""

    day: re.Match[str] | None = None
    papers: list[_Draft] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(
    text: str, name: str, progress: Callable[[float], None] = lambda _: None
) -> tuple[list[SourceRecord], list[Problem]]:
    r"""Everything that the pages in one text say.

    Args:
        text: One page or several, with ``\n`` at line ends.
        name: The file's name, for the source records.
        progress: Told now and then which share of the lines has been read, 0 to 1.

    Returns:
        The source records in the order of the text, and what could not be read, by line.
    """
    records: list[SourceRecord] = []
    problems: list[Problem] = []
    every = list(classify(text))
    last = every[-1].number
    told = 0.0

    def reached(number: int) -> None:
        nonlocal told
        if number / last >= told + 0.01:
            told = number / last
            progress(told)

    for lines in _pages(every):
        page = _read_page(lines, reached)
        _drop_cut_end(page)
        year = max(page.years) + 1 if page.years else None
        day = _page_day(page.day, year)
        for draft in page.papers:
            records.append(_sighting(draft, name, day, year, page.problems))
        problems += page.problems
    return records, sorted(problems)


def _pages(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Parts the lines where a header begins after text."""
    page: list[Line] = []
    has_text = False
    for line in lines:
        if line.kind is Kind.HEADER and has_text:
            yield page
            page, has_text = [], False
        has_text = has_text or line.kind is Kind.TEXT
        page.append(line)
    yield page


def _read_page(lines: Sequence[Line], reached: Callable[[int], None]) -> _PageDraft:
    """Drafts of the papers of one page, with all that its lines say about them."""
    page = _PageDraft()
    texts = [line for line in lines if line.kind is Kind.TEXT]
    layout = Layout.of(texts)
    run: list[Line] = []
    last: _Draft | None = None

    def end_run() -> _Draft | None:
        drafts, problems = _drafts(run, layout, reached)
        page.papers += drafts
        page.problems += problems
        run.clear()
        return drafts[-1] if drafts else None

    for line in lines:
        if line.kind is Kind.TEXT:
            run.append(line)
        elif line.kind is Kind.HEADER:
            page.day = DATE.fullmatch(line.text) or page.day
        elif line.kind is not Kind.BLANK:
            last = end_run() or last
            if last is None:
                page.problems.append(Problem(line.number, "authors or a date without a paper"))
                continue
            last.has_facts = True
            if match := AUTHORS.fullmatch(line.text):
                last.author_count = int(match[1].replace(",", ""))
            elif line.kind is Kind.DATE:
                last.when = DATE.fullmatch(line.text)
                if last.when and last.when[3]:
                    page.years.append(int(last.when[3]))
            elif line.text != "·":
                page.problems.append(
                    Problem(line.number, f"“{line.text[:40]}” is cut off, and left out", False)
                )
    end_run()
    return page


def _drafts(
    run: Sequence[Line], layout: Layout, reached: Callable[[int], None]
) -> tuple[list[_Draft], list[Problem]]:
    """The papers in a run of text lines, and the parts of it that are no whole paper."""
    drafts: list[_Draft] = []
    problems: list[Problem] = []
    if not run:
        return drafts, problems
    title_line: int | None = None
    for line, part in zip(run, part_run(run, layout, reached), strict=True):
        if part is Part.TITLE:
            drafts.append(_Draft(line.text, "", line.number))
            title_line = line.number
        elif title_line is None:
            if part is Part.ABSTRACT:
                problems.append(Problem(line.number, "an abstract without a title"))
        elif part is Part.MORE_TITLE:
            drafts[-1].title += " " + line.text
        else:
            drafts[-1].abstract = f"{drafts[-1].abstract} {line.text}".lstrip()
    for draft in drafts:
        if not draft.abstract:
            problems.append(Problem(draft.line, f"“{draft.title[:60]}” has no abstract"))
    return [draft for draft in drafts if draft.abstract], problems


def _drop_cut_end(page: _PageDraft) -> None:
    """Leaves out the last paper of a page that stops in the middle of its abstract."""
    if not page.papers:
        return
    last = page.papers[-1]
    if last.has_facts:
        return
    told = f"“{last.title[:60]}”"
    if not ENDS.search(last.abstract):
        page.papers.pop()
        page.problems.append(Problem(last.line, f"{told} stops in the middle of its abstract"))
    elif any(draft.has_facts for draft in page.papers[:-1]):
        page.problems.append(
            Problem(last.line, f"{told} comes without its authors and date", False)
        )
    elif re.search(r"https?://\S*[\w/]$", last.abstract):
        page.problems.append(Problem(last.line, f"{told} ends in an address, maybe cut off", False))


def _page_day(match: re.Match[str] | None, year: int | None) -> str | None:
    """The page's day, with the year its dates imply; ``--03-17`` where they imply none."""
    if match is None:
        return None
    written = int(match[3]) if match[3] else year
    month, day = _month(match), int(match[2])
    if written is None:
        return f"--{month:02}-{day:02}"
    found = _date(written, month, day)
    return found.isoformat() if found else None


def _sighting(
    draft: _Draft, name: str, page_day: str | None, year: int | None, problems: list[Problem]
) -> SourceRecord:
    published: date | None = None
    inferred = False
    upvotes: int | None = None
    if draft.when:
        inferred = draft.when[3] is None
        written = int(draft.when[3]) if draft.when[3] else year
        if written is not None:
            published = _date(written, _month(draft.when), int(draft.when[2]))
        if published is None:
            why = "has no year, nor has the page" if written is None else "is no day of that year"
            problems.append(Problem(draft.line, f"the date “{draft.when[0]}” {why}", False))
        upvotes = _number(draft.when[4])
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
        upvotes=upvotes,
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
