"""Papers as plain text citations."""

from collections.abc import Iterator, Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.model.describe import names
from tui.model.paper import Paper
from tui.model.state import Item
from tui.model.text import sanitize

LABEL: Final = "citations"
DETAILS: Final = "in plain text, one on each line"
EXTENSIONS: Final = (".txt",)
RANK: Final = 3


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """A line for each item."""
    return (f"{cite(item.paper)}\n" for item in items)


def cite(paper: Paper) -> str:
    """``Lovelace et al. (2024). Title. https://...``, without what is unknown.

    A search for the title, which stands in for an unknown page elsewhere, is no reference.
    """
    title = sanitize(paper.display_title)
    year = f" ({paper.published.year})" if paper.published else ""
    if paper.authors:
        text = f"{_ended(names(paper, 1) + year)} {_ended(title)}"
    else:
        text = _ended(title + year)
    page = paper.page
    return f"{text} {page}" if page else text


def _ended(text: str) -> str:
    """The text with a full stop, unless it already ends a sentence."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
