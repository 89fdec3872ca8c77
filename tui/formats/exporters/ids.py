"""Identifiers of papers, one per line: arXiv ids, DOIs, or else the titles as comments."""

from collections.abc import Iterator, Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.model.paper import Paper
from tui.model.state import Item
from tui.model.text import sanitize

LABEL: Final = "identifiers"
DETAILS: Final = "that of arXiv or else the DOI, one on each line"
EXTENSIONS: Final = (".txt",)


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """A line for each item."""
    return (f"{_line(item.paper)}\n" for item in items)


def _line(paper: Paper) -> str:
    if paper.arxiv:
        return f"arXiv:{paper.arxiv}"
    if paper.doi:
        return f"doi:{paper.doi}"
    return f"# No identifier: {sanitize(paper.display_title)}"
