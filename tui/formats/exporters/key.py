"""Keys of papers, one per line."""

from collections.abc import Iterator, Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.model.state import Item

LABEL: Final = "keys"
DETAILS: Final = "one on each line"
EXTENSIONS: Final = (".txt",)


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """A line for each item."""
    return (f"{item.key}\n" for item in items)
