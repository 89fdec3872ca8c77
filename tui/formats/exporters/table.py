"""Papers as a table in Markdown, as GitHub and Obsidian draw it: a row for each."""

from collections.abc import Iterator, Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.formats.markdown_text import escape
from tui.model.describe import authors, day
from tui.model.state import Item

LABEL: Final = "a table in Markdown"
DETAILS: Final = "with title, authors, date, status and tags"
EXTENSIONS: Final = (".md",)
_HEADS: Final = ("Title", "Authors", "Date", "Status", "Tags")


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """The heads of the columns, and a row for each item."""
    yield f"| {' | '.join(_HEADS)} |\n"
    yield f"| {' | '.join(['---'] * len(_HEADS))} |\n"
    for item in items:
        paper, state = item.paper, item.state
        title = f"[{escape(paper.display_title)}]({paper.link})"
        names, tags = escape(authors(paper)), escape(", ".join(state.tags))
        yield f"| {title} | {names} | {day(paper)} | {state.status} | {tags} |\n"
