"""A feed, Atom or RSS: of arXiv, of its API, of a journal, or of any other place.

arXiv's own elements are in a namespace of theirs. Its feeds announce new papers, papers of other
categories (cross-lists) and replaced versions. Its API answers in Atom, and an error is a feed,
too, of one entry called "Error" (arXiv API User's Manual, 3.4). Publishers add the elements of
Dublin Core and PRISM.
"""

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tui.formats.base import ImportContext, ParsedFile
from tui.formats.bibliography import Name, parse_name
from tui.formats.cleaning import without_markup
from tui.formats.collector import Collector
from tui.formats.xml_elements import XmlError, xml_elements
from tui.model.text import normalize

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LABEL: Final = "a feed (Atom or RSS), also of arXiv and its API"
DETAILS: Final = (
    "such as `https://rss.arxiv.org/rss/cs.CL`, that of a journal, or "
    "`https://export.arxiv.org/api/query?id_list=2405.01234`"
)
_FEED: Final = re.compile(
    r"<(?:\w+:)?feed\b[^<>]*[\"']http://www\.w3\.org/2005/Atom[\"']"
    r"|<rss\s[^<>]*\bversion\s*="
    r"|<rdf:RDF\b[^<>]*[\"']http://purl\.org/rss/1\.0/[\"']"
)
_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_RSS_1: Final = "{http://purl.org/rss/1.0/}"
_PREFIXES: Final = {
    _ATOM: "",
    _RSS_1: "",
    "": "",
    "{http://purl.org/dc/elements/1.1/}": "dc:",
    "{http://purl.org/rss/1.0/modules/content/}": "content:",
    "{http://prismstandard.org/namespaces/basic/2.0/}": "prism:",
    "{http://prismstandard.org/namespaces/1.2/basic/}": "prism:",
    "{http://arxiv.org/schemas/atom}": "arxiv:",
}
_ENTRIES: Final = frozenset((f"{_ATOM}entry", f"{_RSS_1}item", "item"))
_UPDATED: Final = re.compile(r"<(?:\w+:)?(?:updated|lastBuildDate|pubDate|date)>([^<]*)<")
"""Elements ahead of the entries that say when the feed was made."""
_FIRST: Final = re.compile(r"<(?:\w+:)?(?:entry|item)[\s>]")
_ERRORS: Final = "arxiv.org/api/errors"
_ANNOUNCED: Final = re.compile(r"\s*arXiv:\S+ +Announce Type: *([\w-]+)\s*(?:Abstract: *)?")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.[ -]?)+")

_Children = dict[str, list["Element"]]
"""The elements of an entry by name, with the prefix of its namespace."""


def sniff(part: str) -> float:
    """By the element that holds the whole feed."""
    return 0.9 if _FEED.search(part) else 0.0


def read(text: str, context: ImportContext) -> ParsedFile:
    """The papers of all entries that are whole."""
    collector = Collector(context, text.count("\n") + 1)
    first = _FIRST.search(text)
    updated = _UPDATED.search(text, 0, first.start()) if first else None
    try:
        for line, element in xml_elements(text, _ENTRIES):
            children = _children(element)
            if _ERRORS in _text(children, "id"):
                reason = _text(children, "summary")
                return collector.refused(line, f"arXiv answered with an error: {reason}")
            _add(collector, line, children, updated[1] if updated else "")
    except XmlError as error:
        if error.is_foreign:
            return collector.refused(error.line, error.reason)
        collector.warn(error.line, error.reason)
    return collector.parsed("feed")


def _children(entry: "Element") -> _Children:
    children: _Children = defaultdict(list)
    for child in entry:
        children[_name(child.tag)].append(child)
    return children


@lru_cache(maxsize=1024)
def _name(tag: str) -> str:
    """The name of an element with its prefix here; empty for one of another namespace."""
    space, brace, name = tag.rpartition("}")
    prefix = _PREFIXES.get(space + brace)
    return "" if prefix is None else prefix + name


def _text(children: _Children, *names: str) -> str:
    """The text of the first element of some names that has one, with that of elements in it."""
    for name in names:
        for element in children.get(name, ()):
            if text := _words(element):
                return text
    return ""


def _words(element: "Element") -> str | None:
    return "".join(element.itertext()) if len(element) else element.text


def _add(collector: Collector, line: int, children: _Children, day: str) -> None:
    links = children.get("link", ())
    addresses = [link.get("href") or link.text or "" for link in links]
    others = [address for address in addresses if "arxiv.org/" not in address]
    own = _text(children, "id", "guid")
    abstract = _text(children, "summary", "description", "content:encoded", "content")
    announced = _ANNOUNCED.match(abstract)
    kind = _text(children, "arxiv:announce_type") or (announced[1] if announced else "")
    published = _text(children, "published", "prism:publicationDate", "dc:date", "pubDate")
    record = collector.record(
        line,
        without_markup(_text(children, "title")),
        abstract=abstract[announced.end() :] if announced else _shown(abstract),
        authors=_names(children, is_listed=bool(kind)),
        published=published if kind in ("", "new") else None,  # else the day of the announcement
        page_day=published if kind else day,
        identifiers=[
            own,
            *(others if "arxiv.org" in own.lower() else addresses),
            *(
                _text(children, name)
                for name in ("arxiv:doi", "arxiv:DOI", "prism:doi", "dc:identifier")
            ),
        ],
        links=others,
        address=next(iter(others), None),
        categories=[
            each.get("term") or each.text
            for name in ("arxiv:primary_category", "category")
            for each in children.get(name, ())
        ],
    )
    collector.add(line, record, is_update=kind.startswith("replace"))


def _names(children: _Children, *, is_listed: bool) -> list[Name | str]:
    """The authors of an entry; ``is_listed`` if they are in one element, with commas."""
    names = [
        _words(child)
        for author in children.get("author", ())
        for child in author
        if _name(child.tag) == "name"
    ]
    creators = ["".join(each.itertext()) for each in children.get("dc:creator", ())]
    if any(names) or len(creators) != 1:
        return [*filter(None, names)] or [*map(parse_name, creators)]
    listed = normalize(creators[0])
    families, initials = (parts := listed.rstrip(",").split(", "))[::2], parts[1::2]
    if len(families) == len(initials) and all(map(_INITIALS.fullmatch, initials)):
        return [*map(Name, families, initials)]
    if is_listed or (listed.count(",") > 1 and ";" not in listed):
        return [*listed.split(", ")]
    return [*map(parse_name, listed.split("; "))]


def _shown(text: str) -> str:
    """The text of a description, which may be HTML."""
    if "<" not in text and "&" not in text:
        return text
    from tui.formats.html import html_to_text  # here, as arXiv and its API have none

    lines = html_to_text(text, "").split("\n")
    return " ".join(line for line in lines if not line.startswith("<http"))
