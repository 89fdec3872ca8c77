"""Keys of papers, one per line."""

from collections.abc import Sequence
from typing import Final

from tui.formats.base import ExportOptions
from tui.model.state import Item

LABEL: Final = "keys"
EXTENSIONS: Final = (".txt",)


def write(items: Sequence[Item], options: ExportOptions) -> str:
    """A line for each item."""
    return "".join(f"{item.key}\n" for item in items)
