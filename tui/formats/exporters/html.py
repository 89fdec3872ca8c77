"""Papers as a page for the browser, or to send: one file, without scripts or other files."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from tui.formats.base import ExportOptions, Overview
from tui.formats.escapes import Escapes, linked
from tui.formats.markdown_text import note_lines
from tui.model.describe import facts_and_decision, reference
from tui.model.state import Item, Status
from tui.model.text import MAX_TEXT, sanitize

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

LABEL: Final = "HTML"
DETAILS: Final = "for a browser, or a mail to your group: one file without scripts"
EXTENSIONS: Final = (".html", ".htm")

_READ: Final = Status.READ
"""Looked up once, as that takes longer than to compare with it."""
_STYLE: Final = """\
:root { color-scheme: light dark }
body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif }
li { margin: 0 0 1.25rem }
.title { font-weight: bold }
.read .title { font-weight: normal }
.facts, summary { color: GrayText }
.facts, .note, .note p, details { margin: .2rem 0 }
"""


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """The page of a list; papers without a title get one."""
    read = sum(item.state.status is _READ for item in items)
    yield _head(options.title or "Papers")
    if options.description:
        yield f"<p>{_linked(options.description)}</p>\n"
    yield f'<p class="facts">{read} of {len(items)} read</p>\n'
    yield from _list(items, facts_and_decision)
    yield _END


def overview(of: Overview) -> str:
    """A page of papers under headings."""
    pieces = [_head(of.title), f"<p>{_linked(of.summary)}</p>\n"]
    if of.chart:
        pieces.append("\n".join(["<pre>", *map(_text, of.chart), "</pre>\n"]))
    for heading, items in of.parts:
        if items:
            pieces += [f"<h2>{_text(heading)}</h2>\n", *_list(items, _reference)]
    return "".join([*pieces, _END])


def _head(title: str) -> str:
    return f"""\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_text(title)}</title>
<style>
{_STYLE}</style>
<h1>{_text(title)}</h1>
"""


_END: Final = "</html>\n"


def _reference(item: Item) -> list[str]:
    return reference(item.paper)


def _list(items: Sequence[Item], facts: Callable[[Item], list[str]]) -> Iterator[str]:
    yield "<ol>\n"
    yield from (_item(item, facts(item)) for item in items)
    yield "</ol>\n"


def _item(item: Item, facts: Iterable[str]) -> str:
    paper, state = item.paper, item.state
    of_class = ' class="read"' if state.status is _READ else ""
    lines = [
        f'<li id="{_text(paper.key)}"{of_class}>',
        f'<a class="title" href="{_text(paper.link)}">{_text(paper.display_title)}</a>',
    ]
    phrases = [*facts, *map(sanitize, state.tags)]
    if phrases:
        lines.append(f'<div class="facts">{_ESCAPES.replace(" · ".join(phrases))}</div>')
    for url in paper.urls:
        lines.append(f'<div class="facts"><a href="{_text(url)}">{_text(url)}</a></div>')
    if state.note:
        lines.append(f'<div class="note">{_note(state.note)}</div>')
    if paper.abstract:
        abstract = _linked(paper.display_abstract)
        lines.append(f"<details><summary>Abstract</summary>{abstract}</details>")
    return "\n".join([*lines, "</li>\n"])


_ESCAPES: Final = Escapes({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
_text: Final = _ESCAPES.escape


_MARKDOWN: Final = re.compile(r"[\\`*_\[\]<>&~#@|]|:/|\n\n|^ *(?:[-+]|\d{1,3}[.)]) ", re.MULTILINE)
"""What a note without Markdown does not have."""


def _note(note: str) -> str:
    """A note, whose Markdown is as in an export to Markdown: without HTML, and without pictures."""
    if not _MARKDOWN.search(note):  # as most
        return "<br>".join(map(_text, note.split("\n")))
    return str(_renderer().render("\n".join(note_lines(note)))).strip()


@cache
def _renderer() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # takes 50 ms

    renderer = MarkdownIt("commonmark", {"html": False, "linkify": True, "xhtmlOut": False})
    assert renderer.linkify is not None
    renderer.linkify.set({"fuzzy_link": False})
    return renderer.enable(["linkify", "strikethrough", "table"]).disable("image")


def _linked(text: str) -> str:
    """A text in which addresses are links."""
    if "/" not in text:
        return _text(text)
    return linked(sanitize(text, MAX_TEXT), _ESCAPES.replace, _link)


def _link(url: str) -> str:
    address = _ESCAPES.replace(url)
    return f'<a href="{address}">{address}</a>'
