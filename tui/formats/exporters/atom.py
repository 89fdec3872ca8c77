"""Papers as an Atom feed, RFC 4287, for feed readers."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from tui.formats.base import ExportOptions
from tui.formats.escapes import Escapes
from tui.model.describe import all_names
from tui.model.state import Item
from tui.model.text import sanitize

LABEL: Final = "an Atom feed"
DETAILS: Final = "for programs that show news"
EXTENSIONS: Final = (".atom", ".xml")

_NEVER: Final = "1970-01-01T00:00:00Z"


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """The feed of a list or a query, in the order of the items."""
    title = sanitize(options.title or "Papers")
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield f"  <id>{_urn(title)}</id>\n  <title>{_text(title)}</title>\n"
    if options.description:
        yield f"  <subtitle>{_text(options.description)}</subtitle>\n"
    yield f"  <updated>{max(map(_updated, items), default=_NEVER)}</updated>\n"
    yield "  <author>\n    <name>papers-tui</name>\n  </author>\n"
    yield from map(_entry, items)
    yield "</feed>\n"


def _entry(item: Item) -> str:
    paper = item.paper
    lines = [
        "  <entry>",
        f"<id>{_urn(paper.key)}</id>",
        f"<title>{_text(paper.display_title)}</title>",
        f"<updated>{_updated(item)}</updated>",
    ]
    if paper.published and not paper.date_precision:
        lines.append(f"<published>{paper.published}T00:00:00Z</published>")
    for author in all_names(paper):
        lines.append(f"<author>\n      <name>{_text(author)}</name>\n    </author>")
    lines.append(f'<link href="{_attribute(paper.link)}" />')
    for url in paper.urls:
        lines.append(f'<link rel="related" href="{_attribute(url)}" />')
    for tag in item.state.tags:
        lines.append(f'<category term="{_attribute(tag)}" />')
    if paper.abstract:
        lines.append(f"<summary>{_text(paper.display_abstract)}</summary>")
    return "\n    ".join(lines) + "\n  </entry>\n"


def _urn(name: str) -> str:
    return uuid5(NAMESPACE_URL, f"papers-tui:{name}").urn


def _updated(item: Item) -> str:
    """When it came into the library, so that what is decided later is not news."""
    day = item.added or (item.paper.published.isoformat() if item.paper.published else "")
    return f"{day[:10]}T00:00:00Z" if day else _NEVER


_MARKUP: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_text: Final = Escapes(_MARKUP).escape
_attribute: Final = Escapes(_MARKUP | {'"': "&quot;"}).escape
