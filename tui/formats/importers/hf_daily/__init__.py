"""A Hugging Face "Daily Papers" page: search, day, week, trending, and the daily mail.

A page is a header, then cards: a title, an abstract on most pages, and who, when and how many::

    new                                         65
    Get trending papers in your email inbox!    Improving Everything
    Subscribe                                   We present a method that ...
    byAK and the research community               • 5 authors
    Mar 17                                      · Jul 3, 2024 3

The 65 are upvotes, the 3 comments. Pages differ in what a card has and in how the text came about:
with or without blank lines, abstracts in one line or many, an organization in place of authors,
addresses in line, as references or gone. So markup is taken off first, every line is classified
(``lines``), runs of text are segmented into titles and abstracts by the most likely assignment over
the whole run (``segmenter``) from what each line looks like (``features``), and what stands between
them are facts (``cards``).
"""

import re
from typing import Final

from tui.formats.base import ImportContext, ImportWarning, ParsedFile
from tui.formats.cleaning import MAX_ABSTRACT, MAX_TITLE, first_arxiv
from tui.formats.importers.hf_daily.cards import Draft, Page, drop_cut_end, pages, read_page
from tui.formats.importers.hf_daily.dates import PageYear, page_day
from tui.formats.importers.hf_daily.features import is_end
from tui.formats.importers.hf_daily.line_kinds import CardFacts, LineKind
from tui.formats.importers.hf_daily.lines import Line, classify
from tui.formats.kinds import is_one_paper, markup_of
from tui.model.identifiers import find_urls
from tui.model.paper import SourceRecord
from tui.model.text import normalize

LABEL: Final = 'the text of a "Daily Papers" page (select all, copy, save as text)'

_SITE: Final = re.compile(
    r"Get trending papers in your email inbox|\band the (?:AI )?research community"
    r"|huggingface\.co/papers|▲\)|(?m:^[^\w\n]*\d+ authors?\s*(?:\]|·|$))"
)
_POSSIBLE: Final = re.compile(rf"{_SITE.pattern}|/papers/|papers%2F|·|[0-9] authors?\b", re.I)
"""What every page has some of; a text without is none, whatever else it holds."""


def sniff(part: str) -> float:
    """By what only this site says."""
    return 0.1 + 0.2 * min(len({match[0] for match in _SITE.finditer(part)}), 4)


def read(text: str, context: ImportContext) -> ParsedFile:
    """The records of the pages in a text, one or several."""
    is_other = is_one_paper(text) or markup_of(text) is not None or _is_of_letters(text)
    if not context.force and (is_other or _POSSIBLE.search(text) is None):
        return ParsedFile((), recognized=0.0)
    lines = classify(text)
    last = lines[-1].number
    reported = 0.0

    def reached(number: int) -> None:
        nonlocal reported
        if number / last >= reported + 0.01:
            reported = number / last
            context.progress(reported)

    records: list[SourceRecord] = []
    warnings: list[ImportWarning] = []
    counts = _Recognized()
    for page_lines in pages(lines):
        page = read_page(page_lines, reached)
        final = next(
            (line for line in reversed(page_lines) if line.kind is not LineKind.BLANK), None
        )
        drop_cut_end(page, is_last=final is None or final.kind is not LineKind.FURNITURE)
        if not context.force:
            _keep_credible(page)
        counts.add(page, page_lines)
        year = PageYear.of((d.facts.when for d in page.drafts), context.captured, context.today)
        is_dated = any(draft.facts.when or draft.papers for draft in page.drafts)
        day = page_day((line.text for line in page.header), year, is_dated=is_dated)
        records += [_record(draft, context.file, day, year, page.warnings) for draft in page.drafts]
        warnings += page.warnings
    return ParsedFile(
        tuple(records), tuple(sorted(warnings)), _source(lines), recognized=counts.share
    )


def _is_of_letters(text: str) -> bool:
    """Whether a text has very many lines of a few characters, each of which takes its time."""
    count = sum(map(bool, map(str.strip, text.split("\n"))))
    return count > _MANY_LINES and len(text) < count * _SHORT_LINE


_MANY_LINES: Final = 10_000
_SHORT_LINE: Final = 10
"""Characters of a line, on average; pages have 20, even without abstracts."""


class _Recognized:
    """How much of a text is a page."""

    def __init__(self) -> None:
        self._known = 0
        self._lines = 0
        self._has_sign = False

    def add(self, page: Page, lines: list[Line]) -> None:
        """Counts the lines of a page."""
        self._has_sign = self._has_sign or _has_sign(page, lines)
        for line in lines:
            if line.kind in _COUNTED:
                self._lines += 1
                self._known += line.kind in (LineKind.HEADER, LineKind.FACTS)
        self._known += sum(draft.lines for draft in page.drafts)

    @property
    def share(self) -> float:
        """From 0 to 1; 0 if nothing says that it is a page of the site."""
        return min(self._known / max(self._lines, 1), 1.0) if self._has_sign else 0.0


_COUNTED: Final = (
    LineKind.HEADER,
    LineKind.FOREIGN,
    LineKind.FACTS,
    LineKind.ITEM,
    LineKind.REST,
    LineKind.TEXT,
)


def _has_sign(page: Page, lines: list[Line]) -> bool:
    """Whether something on a page says that it is one: its header, a link, or a whole card."""
    return (
        any(line.is_sign for line in lines)
        or any(draft.papers for draft in page.drafts)
        or sum(_is_whole(draft) for draft in page.drafts) * 2 > len(page.drafts)
    )


def _is_whole(draft: Draft) -> bool:
    """Whether a paper has authors or an organization, and something else that only cards have."""
    facts = draft.facts
    others = (facts.when, facts.upvotes, facts.comments)
    has_others = any(fact is not None for fact in others)
    return has_others and bool(facts.author_count or facts.organization)


def _keep_credible(page: Page) -> None:
    """Drops what only its place says to be a paper, if it does not look like one either."""
    has_header = any(line.is_sign for line in page.header)
    credible: list[Draft] = []
    for draft in page.drafts:
        looks_right = (
            has_header
            and len(draft.abstract) >= _SHORTEST
            and is_end(draft.abstract)
            and len(draft.title) <= _LONGEST
            and draft.title[-1] not in ";{},"
        )
        if _has_address(draft):
            why = "is in a markup that is not known"
            page.warnings.append(ImportWarning(draft.line, why, title=draft.title[:60]))
        elif draft.is_anchored or looks_right:
            credible.append(draft)
        else:
            why = "has no abstract" if not draft.abstract else "does not look like a paper"
            page.warnings.append(ImportWarning(draft.line, why, title=draft.title[:60]))
    page.drafts = credible


def _has_address(draft: Draft) -> bool:
    """Whether an address of the site is left in a title, as its markup is not known."""
    return any(_SITE_ADDRESS.search(text) for text in (draft.title, draft.facts.organization or ""))


_SITE_ADDRESS: Final = re.compile(r"\bpapers/(?:date/)?\d{4}[.-]\d|\blogin\?next=")
_SHORTEST: Final = 20
"""Characters of the shortest abstract of a paper that nothing else speaks for."""
_LONGEST: Final = 300
"""Characters of the longest title of such a paper."""


def _record(
    draft: Draft, name: str, day: str | None, year: PageYear, warnings: list[ImportWarning]
) -> SourceRecord:
    facts = draft.facts
    arxiv, version = _arxiv(draft)
    published = year.day(facts.when, arxiv) if facts.when else None
    if facts.when and published is None:
        warnings.append(
            ImportWarning(draft.line, f"the date “{facts.when[0]}” is not valid in its year", False)
        )
    abstract = normalize(draft.abstract, MAX_ABSTRACT)
    links = (normalize(address) for address in draft.addresses if _is_link(address))
    return SourceRecord(
        title=normalize(draft.title, MAX_TITLE),
        abstract=abstract or None,
        file=name,
        line=draft.line,
        page_day=day,
        published=published,
        year_inferred=published is not None and facts.when is not None and facts.when[3] is None,
        author_count=facts.author_count,
        authors=_authors(facts),
        organization=normalize(facts.organization or "", MAX_TITLE) or None,
        upvotes=facts.upvotes,
        comments=facts.comments,
        arxiv=arxiv,
        arxiv_version=version,
        urls=tuple(dict.fromkeys([*find_urls(abstract), *find_urls(" ".join(links))])),
    )


def _authors(facts: CardFacts) -> tuple[str, ...]:
    """The names of the authors, if a page has them all: a card shows the first few."""
    is_whole = facts.author_count in (None, len(facts.authors))
    return tuple(map(normalize, facts.authors)) if is_whole else ()


def _arxiv(draft: Draft) -> tuple[str | None, int | None]:
    """The arXiv identifier of a paper, from its page on the site or from arXiv's.

    Only the latter has a version, the highest of which counts.
    """
    named = [f"arxiv:{number}" for number in draft.papers]
    linked = [address for address in draft.addresses if "arxiv" in address.lower()]
    return first_arxiv([*named, *linked])


_OWN: Final = re.compile(
    r"https?://(?:[\w-]+\.)*(?:huggingface\.co|hf\.co|arxiv\.org)(?:/|$)", re.I
)
_REPOSITORY: Final = re.compile(
    r"https?://huggingface\.co/(?!papers|login|join|avatars|front|docs|blog)(?:spaces/|datasets/)?"
    r"[\w.-]+/[\w.-]+/?$",
    re.I,
)


def _is_link(address: str) -> bool:
    """Whether an address of a card leads to code or a project, and not through the site."""
    return address.startswith("http") and (
        _OWN.match(address) is None or _REPOSITORY.match(address) is not None
    )


def _source(lines: list[Line]) -> str:
    """Which of the site's pages it is."""
    if any(line.kind is LineKind.ITEM for line in lines):
        return "Daily Papers, mail"
    header = [line.text for line in lines if line.kind is LineKind.HEADER]
    if any(text.startswith("Trending Papers") for text in header):
        is_trending = not any(text.startswith("Daily Papers") for text in header)
        return "Daily Papers, trending page" if is_trending else "Daily Papers"
    return "Daily Papers"
