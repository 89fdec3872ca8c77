"""Export formats: items in, text out; pure, one module per format.

Used for copying, piping and writing files. To add a format, add a module here that declares

- ``LABEL``: its name for the user, in the plural if it is about papers;
- ``EXTENSIONS``: its file extensions, the usual one first;
- ``write(items, options) -> str``: the text, ending in a line end. It opens no files and does not
  use the clock: the same items give the same text.
"""

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, Protocol, cast

from tui.formats.base import ExportOptions
from tui.model.state import Item

__all__ = ["ExportOptions", "Exporter", "exporter", "names", "write"]

_PLAIN: Final = ExportOptions()


class Exporter(Protocol):
    """A module of this package."""

    LABEL: str
    EXTENSIONS: tuple[str, ...]

    @staticmethod
    def write(items: Sequence[Item], options: ExportOptions) -> str:
        """The papers in this format."""


def names() -> list[str]:
    """The names of the formats: Markdown first, then alphabetically."""
    modules = (module.name for module in iter_modules(__path__))
    return sorted(modules, key=lambda name: (name != "markdown", name))


def exporter(name: str) -> Exporter:
    """The format of a name.

    Raises:
        ModuleNotFoundError: If there is none.
    """
    return cast("Exporter", import_module(f"{__name__}.{name}"))


def write(name: str, items: Sequence[Item], options: ExportOptions = _PLAIN) -> str:
    """Papers as text in a format, ending in a line end.

    Raises:
        ModuleNotFoundError: If there is no format of the name.
    """
    return exporter(name).write(items, options)
