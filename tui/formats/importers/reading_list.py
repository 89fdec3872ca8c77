"""Reading lists in Markdown: links and titles of papers, in lists, tables and headings.

A line is a paper if it links to one: to arXiv, a publisher's DOI, or a place of proceedings. Its
title is what the link says or, where that is ``paper`` or ``pdf``, what is bold, in quotes, or
ahead of the links. Links on lines below that are further in and have no title of their own, as
awesome-lists have them, belong to it. A ticked box is a paper that was read.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.cleaning import decision
from tui.formats.collector import Collector
from tui.formats.kinds import is_exported
from tui.formats.named_lines import identifier_name, is_title, plain, title_beside, title_of
from tui.model.identifiers import arxiv_id, doi
from tui.model.state import Status

LABEL: Final = "a reading list in Markdown"
DETAILS: Final = "such as awesome-lists: links and titles of papers, in lists, tables and headings"
_LINK: Final = re.compile(
    r"!?\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\]){0,200})\]\(\s*<?(?P<url>https?://[^\s<>]{1,2000}?)>?"
    r"(?:\s+[\"'][^\n]{0,200}?[\"'])?\s*\)|<(?P<bare>https?://[^\s<>]+)>|(?P<plain>https?://[^\s<>|\]]+)"
)
_ITEM: Final = re.compile(
    r"(?P<indent>[ \t>]*)(?P<mark>(?:[-*+]|\d{1,4}[.)]|#{1,6})\s+|\|\s*)?"
    r"(?:\[(?P<box>[ xX/-])\]\s+)?"
)
_PLACES: Final = re.compile(
    r"https?://(?:[\w-]+\.)*(?:arxiv\.org/|doi\.org/10\.|openreview\.net/|aclanthology\.org/"
    r"|aclweb\.org/|proceedings\.|papers\.n(?:eur)?ips\.cc/|openaccess\.thecvf\.com/"
    r"|huggingface\.co/papers/|alphaxiv\.org/|biorxiv\.org/|medrxiv\.org/|dl\.acm\.org/doi/"
    r"|ieeexplore\.ieee\.org/|link\.springer\.com/|nature\.com/articles/|jmlr\.org/"
    r"|semanticscholar\.org/paper/)",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(r"(?:\*\*|__)?\[")
"""How a line begins that is all about one link."""
_STATUSES: Final = {"x": Status.READ, "/": Status.READING, "-": Status.DISMISSED}
_ENOUGH: Final = 3
"""Papers from which a text is a list of them."""


class _Entry(NamedTuple):
    """A paper of a list."""

    line: int
    indent: int
    title: str
    links: list[str]
    box: str


def sniff(part: str) -> float:
    """By lines with links to papers; a little, as pages that are converted have them, too."""
    if is_exported(part):
        return 0.0
    count = sum(each.title != "" for each in _entries(part))
    return 0.45 if count >= _ENOUGH else 0.05 * bool(count)


def read(text: str, context: ImportContext) -> ParsedFile:
    """The papers of all lines that link to one."""
    collector = Collector(context, text.count("\n") + 1)
    for entry in _entries(text):
        record = collector.record(
            entry.line, entry.title, identifiers=entry.links, links=entry.links
        )
        state = decision(status=_STATUSES.get(entry.box.lower()))
        collector.add(entry.line, record, state)
    return collector.parsed("reading list")


def _entries(text: str) -> Iterator[_Entry]:
    """The papers of a list, with the links below them."""
    last: _Entry | None = None
    is_code = False
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        if line.lstrip().startswith(("```", "~~~")):
            is_code = not is_code
        links = [] if is_code or "://" not in line else [*_LINK.finditer(line)]
        item = _ITEM.match(line)
        indent = len(item["indent"].expandtabs(4)) if item else 0
        urls = [url.rstrip(".,;)") for m in links if (url := m["url"] or m["bare"] or m["plain"])]
        title = _title(line, item.end() if item else 0, links) if links else ""
        is_below = last is not None and indent > last.indent
        if links and not title and is_below and last is not None:
            last.links.extend(urls)
            continue
        if last is not None and (title or not is_below):
            yield from [last] if any(map(_is_paper, last.links)) else ()
            last = None
        is_item = item and (item["mark"] or item["box"] or _OPENING.match(line, item.end()))
        if item and is_item:
            title = title or _name(line, links, urls) or plain(line[item.end() :])
            last = _Entry(number, indent, title, urls, item["box"] or "")
    if last is not None and any(map(_is_paper, last.links)):
        yield last


def _is_paper(url: str) -> bool:
    return bool(_PLACES.match(url)) or arxiv_id(url) is not None or doi(url) is not None


def _name(line: str, links: list[re.Match[str]], urls: list[str]) -> str:
    """What stands after the links of a line, else the first identifier; empty without both."""
    title = title_beside(line, links) if links else ""
    return title or next(filter(None, map(identifier_name, urls)), "")


def _title(line: str, start: int, links: list[re.Match[str]]) -> str:
    """The title of a line with links, from a place on; empty if it has none."""
    if title := title_of(line, links):
        return title
    title = plain(line[start : links[0].start()])
    return title if is_title(title) else ""
