"""Import formats: text in, source records and warnings out; pure, one module or package per format.

To add a format, add a module here that declares

- ``LABEL``: what is imported, and how to get it, for the user;
- ``sniff(head) -> float``: the likelihood of the format from the start of a text, 0 to 1;
- ``read(text, context) -> ParsedFile``: the records of a text. It opens no files, does not use the
  clock and never raises: what it cannot read it reports with a line number.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, Protocol, cast

from tui.errors import InputError
from tui.formats.base import ImportContext, ImportWarning, ParsedFile
from tui.formats.decode import decode

__all__ = ["MAX_BYTES", "ImportWarning", "ParsedFile", "importers", "read"]

MAX_BYTES: Final = 20_000_000
"""The largest file read by default: two hundred pages of a hundred papers."""
_HEAD: Final = 10_000
"""Characters by which a format is recognized."""


class Importer(Protocol):
    """A module of this package."""

    LABEL: str

    @staticmethod
    def sniff(head: str) -> float:
        """The likelihood of this format from the start of a text, 0 to 1."""

    @staticmethod
    def read(text: str, context: ImportContext) -> ParsedFile:
        r"""The records of a text, with ``\n`` as line ends."""


def importers() -> list[Importer]:
    """All import formats, sorted by name."""
    names = [module.name for module in iter_modules(__path__)]
    return [cast("Importer", import_module(f"{__name__}.{name}")) for name in names]


def read(data: bytes, name: str, progress: Callable[[float], None] = lambda _: None) -> ParsedFile:
    """Reads one file in the most likely format.

    Args:
        data: The file's bytes.
        name: The name of the file for source records and error messages.
        progress: Called now and then with the share of the file that is read, 0 to 1.

    Raises:
        InputError: If it is not text, empty, or without papers.
    """
    text = decode(data, name)
    formats = importers()
    likely = max(formats, key=lambda importer: importer.sniff(text[:_HEAD]))
    parsed = likely.read(text, ImportContext(name, progress))
    if not parsed.records:
        first = parsed.warnings[0] if parsed.warnings else None
        where = f" (line {first.line}: {first.text})" if first else ""
        labels = "; ".join(importer.LABEL for importer in formats)
        raise InputError(f"{name}: no papers found{where}", f"Supported: {labels}.")
    return parsed
