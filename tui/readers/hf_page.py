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
of the whole run between two certain ends (``_part``), not by their places.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from itertools import pairwise
from typing import Final

from tui.paper import Sighting
from tui.readers.problem import Problem
from tui.text import clean, find_urls

MAX_TITLE: Final = 1_000
MAX_ABSTRACT: Final = 50_000

_MONTHS: Final = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
_INVITATION: Final = "Get trending papers in your email inbox"
_INVITATION_AT_END = re.compile(rf"{_INVITATION}( once a day)?!?$")
_DATE = re.compile(
    rf"({'|'.join(_MONTHS)}) ([0-9]{{1,2}})(?:, ([0-9]{{4}}))?"
    r"(?: ([0-9][0-9,]{0,11}|[0-9]{1,6}(?:\.[0-9])?k))?",
    re.I,
)
_DATE_BROKEN = re.compile(rf"({'|'.join(_MONTHS)}) ?(\d{{1,2}},?)?( ?\d{{1,3}})?")
_AUTHORS = re.compile(r"[•·*] ?([0-9][0-9,]{0,8}) authors?", re.I)


class Kind(Enum):
    """What a line is."""

    BLANK = auto()
    HEADER = auto()
    """Furniture of the site; the first of it after papers begins a new page."""
    AUTHORS = auto()
    DATE = auto()
    REST = auto()
    """The dot between authors and date, or what a cut left of one of them."""
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A classified line."""

    number: int
    kind: Kind
    text: str
    after_blank: bool = False
    """Whether a blank line stands before it."""


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
) -> tuple[list[Sighting], list[Problem]]:
    r"""Everything that the pages in one text say.

    Args:
        text: One page or several, with ``\n`` at line ends.
        name: The file's name, for the sightings.
        progress: Told now and then which share of the lines has been read, 0 to 1.

    Returns:
        The sightings in the order of the text, and what could not be read, by line.
    """
    sightings: list[Sighting] = []
    problems: list[Problem] = []
    every = list(classify(text))
    last = every[-1].number
    for lines in _pages(every):
        page = _read_page(lines, lambda number: progress(number / last))
        _drop_cut_end(page)
        year = max(page.years) + 1 if page.years else None
        day = _page_day(page.day, year)
        for draft in page.papers:
            sightings.append(_sighting(draft, name, day, year, page.problems))
        problems += page.problems
    return sightings, sorted(problems)


def classify(text: str) -> Iterator[Line]:
    """Each line with its kind; glued lines come apart, under the same number."""
    pieces = list(_unglue(text))
    in_header = True
    blank_before = False
    for place, (number, piece) in enumerate(pieces):
        kind = _kind(piece, in_header, pieces, place)
        if kind is Kind.HEADER:
            in_header = True
        elif kind is not Kind.BLANK:
            in_header = False
        yield Line(number, kind, piece, blank_before)
        blank_before = kind is Kind.BLANK


def _unglue(text: str) -> Iterator[tuple[int, str]]:
    """The cleaned lines by number, with what stands glued to the header parted from it.

    ``Subscribe`` is glued to the first title on some pages; and where a page that lacks its last
    line end is followed by another, the header's first line is glued to the last abstract.
    """
    after_invitation = False
    lines = text.split("\n")
    for number, raw in enumerate(lines, start=1):
        line = clean(raw)
        invitation = _INVITATION_AT_END.search(line)
        if invitation and invitation.start() > 0:
            yield number, line[: invitation.start()].rstrip()
            line = line[invitation.start() :]
        elif line.endswith("new") and line != "new" and _announces_page(lines, number):
            yield number, line[:-3].rstrip()
            line = "new"
        elif after_invitation and re.match(r"Subscribe(?!(rs?|d|s)?\b)", line):
            yield number, "Subscribe"
            line = line[len("Subscribe") :].lstrip()
        yield number, line
        if line:
            after_invitation = line.startswith(_INVITATION)


def _announces_page(lines: Sequence[str], number: int) -> bool:
    """Whether the next line that says anything is the header that ``new`` stands above."""
    following = (line.strip() for line in lines[number : number + 4])
    return next((line for line in following if line), "") == f"{_INVITATION}!"


def _kind(line: str, in_header: bool, pieces: Sequence[tuple[int, str]], place: int) -> Kind:
    if not line:
        return Kind.BLANK
    if _INVITATION_AT_END.fullmatch(line) or (in_header and _is_furniture(line)):
        return Kind.HEADER
    if line == "new" and _announces_page([piece for _, piece in pieces[place : place + 5]], 1):
        return Kind.HEADER
    if _AUTHORS.fullmatch(line):
        return Kind.AUTHORS
    if _DATE.fullmatch(line):
        return Kind.HEADER if in_header else Kind.DATE
    if line[0] in "•·" or (_DATE_BROKEN.fullmatch(line) and _follows_dot(pieces, place)):
        return Kind.REST
    return Kind.TEXT


def _is_furniture(line: str) -> bool:
    return line in ("new", "Subscribe", "Daily Papers") or (
        line.startswith("by") and line.endswith("and the research community")
    )


def _follows_dot(pieces: Sequence[tuple[int, str]], place: int) -> bool:
    return place > 0 and pieces[place - 1][1] == "·"


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
    layout = _Layout.of(texts)
    run: list[Line] = []
    last: _Draft | None = None

    def end_run() -> _Draft | None:
        drafts, problems = _drafts(run, layout)
        page.papers += drafts
        page.problems += problems
        run.clear()
        return drafts[-1] if drafts else None

    for line in lines:
        if line.number % 2_000 == 0:
            reached(line.number)
        if line.kind is Kind.TEXT:
            run.append(line)
        elif line.kind is Kind.HEADER:
            page.day = _DATE.fullmatch(line.text) or page.day
        elif line.kind is not Kind.BLANK:
            last = end_run() or last
            if last is None:
                page.problems.append(Problem(line.number, "authors or a date without a paper"))
                continue
            last.has_facts = True
            if match := _AUTHORS.fullmatch(line.text):
                last.author_count = int(match[1].replace(",", ""))
            elif line.kind is Kind.DATE:
                last.when = _DATE.fullmatch(line.text)
                if last.when and last.when[3]:
                    page.years.append(int(last.when[3]))
            elif line.text != "·":
                page.problems.append(
                    Problem(line.number, f"“{line.text[:40]}” is cut off, and left out", False)
                )
    end_run()
    return page


@dataclass(frozen=True, slots=True)
class _Layout:
    """How one page separates its lines."""

    blank_weight: float
    """How much a blank line, or its absence, says about a new part."""
    width: int | None
    """The column at which its abstracts were wrapped; ``None`` if each stands in one line."""

    @classmethod
    def of(cls, texts: Sequence[Line]) -> "_Layout":
        gaps = sum(line.after_blank for line in texts[1:])
        lengths = sorted(len(line.text) for line in texts) or [0]
        # A title may be longer than the column, so the longest lines in twenty do not count.
        widest = lengths[len(lengths) * 19 // 20]
        full = sum(length > widest * 0.8 for length in lengths)
        wrapped = widest <= 160 and full > len(texts) // 2
        weight = 6.0 if gaps >= 3 and gaps * 40 > len(texts) else 1.0 if gaps else 0.0
        return cls(weight, widest if wrapped else None)


class _Part(Enum):
    """What a line of text is within its paper."""

    TITLE = auto()
    MORE_TITLE = auto()
    ABSTRACT = auto()
    MORE_ABSTRACT = auto()


_MAY_FOLLOW: Final = {
    _Part.TITLE: (_Part.ABSTRACT, _Part.MORE_ABSTRACT),
    _Part.MORE_TITLE: (_Part.TITLE, _Part.MORE_TITLE),
    _Part.ABSTRACT: (_Part.TITLE, _Part.MORE_TITLE),
    _Part.MORE_ABSTRACT: (_Part.ABSTRACT, _Part.MORE_ABSTRACT),
}


def _part(run: Sequence[Line], layout: _Layout) -> list[_Part]:
    """The most likely reading of a run of text lines: the best sum of ``_fit`` over its lines.

    A run begins with a title, or with an abstract whose title was cut off. Cost: linear (Viterbi).
    """
    best: dict[_Part, float] = {_Part.TITLE: 0.0, _Part.ABSTRACT: -6.0}
    best = {part: base + _fit(run[0], None, part, layout) for part, base in best.items()}
    steps: list[dict[_Part, _Part]] = []
    for before, line in pairwise(run):
        reached: dict[_Part, float] = {}
        step: dict[_Part, _Part] = {}
        for part, allowed in _MAY_FOLLOW.items():
            came_from = max(
                (previous for previous in allowed if previous in best),
                key=best.__getitem__,
                default=None,
            )
            if came_from is not None:
                reached[part] = best[came_from] + _fit(line, before, part, layout)
                step[part] = came_from
        steps.append(step)
        best = reached
    part = max(best, key=best.__getitem__)
    parts = [part]
    for step in reversed(steps):
        part = step[part]
        parts.append(part)
    return parts[::-1]


_ENDS = re.compile(r"""[.!?…]["'”’)\]]*$|https?://\S*[\w/)]$|[.!?…]\s?\(\S+\)$""")
_COINED = re.compile(r"\S*[a-z0-9-][A-Z]\S*: ")
_SENTENCE_BREAK = re.compile(r"[a-z)\]][.!?] +[A-Z]")


def _fit(line: Line, before: Line | None, part: _Part, layout: _Layout) -> float:
    """How well a line fits a part, in points.

    The points are ours, tried on whole, wrapped, glued and cut forms of the seeds; only their sum
    over a run decides.
    """
    text = line.text
    ends = bool(_ENDS.search(text))
    starts_low = text[:2].islower()
    capitalised = _capitalised(text)
    begins = part in (_Part.TITLE, _Part.ABSTRACT)
    points = 0.0
    if before is not None:
        points += layout.blank_weight if begins == line.after_blank else -layout.blank_weight
    previous_ended = before is None or bool(_ENDS.search(before.text))
    previous_full = (
        layout.width is not None
        and before is not None
        and len(before.text) + 1 + len(text.split(" ", 1)[0]) > layout.width
    )
    if part is _Part.TITLE:
        points += 4 if capitalised >= 0.6 else -1 if capitalised < 0.3 else 0
        points -= 10 if len(text) > 300 else 0
        points -= 5 if text.endswith(".") else 0
        points -= 4 if starts_low else 0
        points -= 1 if _SENTENCE_BREAK.search(text) else 0
        points += 2 if _COINED.match(text) else 0
        points += 1 if previous_ended else -2
        if layout.width is not None:
            points += -2 if previous_full else 2
        elif before is not None and previous_ended and not ends:
            # A short line that is no sentence, behind one that can only be a whole abstract.
            points += 3 if len(before.text) > 400 and len(text) <= 200 else 1
    elif part is _Part.MORE_TITLE:
        points -= 3 if len(text) <= 160 else 10
        points += 3 if starts_low and not ends else 1 if capitalised >= 0.6 and not ends else 0
        points -= 3 if text.endswith(".") else 0
        points += 0 if layout.width is None else 2 if previous_full else -4
    elif part is _Part.ABSTRACT:
        points += 2 if len(text) > 200 else 0
        points += 1 if ends and len(text) > 100 else 0
        points -= 3 if starts_low else 0
        points -= 2 if capitalised >= 0.7 else 0
    else:
        points += 0 if previous_ended else 3
        points += 3 if starts_low else 0
        points += 1 if ends and len(text) > 100 else 0
        points -= 2 if capitalised >= 0.7 else 0
        points += 0 if layout.width is None else 1 if previous_full else -2
    return points


def _capitalised(text: str) -> float:
    """The share of longer words that begin with a capital or digit: high in titles."""
    longer = [word for word in re.split(r"[\s/-]+", text[:400]) if len(word) > 3]
    if not longer:
        return 0.5
    return sum(not word.lstrip("(\"'“‘[").islower() for word in longer) / len(longer)


def _drafts(run: Sequence[Line], layout: _Layout) -> tuple[list[_Draft], list[Problem]]:
    """The papers in a run of text lines, and the parts of it that are no whole paper."""
    drafts: list[_Draft] = []
    problems: list[Problem] = []
    if not run:
        return drafts, problems
    title_line: int | None = None
    for line, part in zip(run, _part(run, layout), strict=True):
        if part is _Part.TITLE:
            drafts.append(_Draft(line.text, "", line.number))
            title_line = line.number
        elif title_line is None:
            if part is _Part.ABSTRACT:
                problems.append(Problem(line.number, "an abstract without a title"))
        elif part is _Part.MORE_TITLE:
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
    if not _ENDS.search(last.abstract):
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
) -> Sighting:
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
    abstract = clean(draft.abstract, MAX_ABSTRACT)
    return Sighting(
        title=clean(draft.title, MAX_TITLE),
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
    return _MONTHS.index(match[1].capitalize()) + 1


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
