"""Papers as an Atom feed, RFC 4287, for feed readers."""

from collections.abc import Sequence
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tui.formats.base import ExportOptions
from tui.model.state import Item
from tui.model.text import sanitize

LABEL: Final = "an Atom feed"
EXTENSIONS: Final = (".atom", ".xml")

_NEVER: Final = "1970-01-01T00:00:00Z"


def write(items: Sequence[Item], options: ExportOptions) -> str:
    """The feed of a list or a query, in the order of the items."""
    title = sanitize(options.title or "Papers")
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    _add(feed, "id", uuid5(NAMESPACE_URL, f"papers-tui:{title}").urn)
    _add(feed, "title", title)
    if options.description:
        _add(feed, "subtitle", options.description)
    _add(feed, "updated", max(map(_updated, items), default=_NEVER))
    _add(SubElement(feed, "author"), "name", "papers-tui")
    for item in items:
        _add_entry(feed, item)
    indent(feed)
    text: str = tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _add_entry(feed: Element, item: Item) -> None:
    paper = item.paper
    entry = SubElement(feed, "entry")
    _add(entry, "id", uuid5(NAMESPACE_URL, f"papers-tui:{paper.key}").urn)
    _add(entry, "title", paper.display_title)
    _add(entry, "updated", _updated(item))
    if paper.published and not paper.date_precision:
        _add(entry, "published", f"{paper.published.isoformat()}T00:00:00Z")
    for author in paper.authors:
        _add(SubElement(entry, "author"), "name", author)
    SubElement(entry, "link", href=paper.link)
    for url in paper.urls:
        SubElement(entry, "link", rel="related", href=sanitize(url))
    for tag in item.state.tags:
        SubElement(entry, "category", term=sanitize(tag))
    if paper.abstract:
        _add(entry, "summary", paper.display_abstract)


def _updated(item: Item) -> str:
    """When it came into the library, so that what is decided later is not news."""
    day = item.added or (item.paper.published.isoformat() if item.paper.published else "")
    return f"{day[:10]}T00:00:00Z" if day else _NEVER


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = sanitize(text, 60_000)
