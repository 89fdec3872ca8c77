"""Export formats: items in, text out; pure, one module per format.

Used for copying, piping and writing files. To add a format, add a module here that declares

- ``LABEL``: its name for the user, in the plural if it is about papers;
- ``EXTENSIONS``: its file extensions, the usual one first;
- ``write(items, options) -> str``: the text, ending in a line end. It opens no files and does not
  use the clock: the same items give the same text;
- ``ENCODING``, only if it is not UTF-8: that of its files.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, Protocol, cast

from tui.formats.base import ExportOptions
from tui.model.state import Item
from tui.values import dataclass

__all__ = ["ExportOptions", "Exporter", "encode", "exporter", "for_file", "names", "write"]


class Document(Protocol):
    """The text of a file, before what a user added to the file."""

    @property
    def sum(self) -> str:
        """A short checksum of what is exported."""

    def __str__(self) -> str:
        """The text."""


@dataclass(frozen=True, slots=True)
class PlainDocument:
    """A document that is exported whole."""

    text: str

    @property
    def sum(self) -> str:
        """A short checksum of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def __str__(self) -> str:
        return self.text


_PLAIN: Final = ExportOptions()
_USUAL: Final = ("markdown", "bibtex", "citation", "json")
_MEANT: Final = {".bib": "bibtex", ".json": "json", ".txt": "citation"}
"""The format that an extension of several formats means by itself."""


class Exporter(Protocol):
    """A module of this package."""

    LABEL: str
    EXTENSIONS: tuple[str, ...]

    @staticmethod
    def write(items: Sequence[Item], options: ExportOptions) -> str:
        """The papers in this format."""


@cache
def names() -> tuple[str, ...]:
    """The names of the formats: the usual ones first, then alphabetically."""
    modules = sorted(module.name for module in iter_modules(__path__))
    return (*_USUAL, *(name for name in modules if name not in _USUAL))


@cache
def _by_extension() -> Mapping[str, str]:
    extensions = {
        extension: format for format in names() for extension in exporter(format).EXTENSIONS
    }
    return extensions | _MEANT


def exporter(name: str) -> Exporter:
    """The format of a name.

    Raises:
        ModuleNotFoundError: If there is none.
    """
    return cast("Exporter", import_module(f"{__name__}.{name}"))


def for_file(name: str) -> str | None:
    """The format that the extension of a file name means; ``None`` if none has it."""
    folded = name.lower()
    formats = _by_extension()
    fitting = [extension for extension in formats if folded.endswith(extension)]
    return formats[max(fitting, key=len)] if fitting else None


def document(name: str, items: Sequence[Item], options: ExportOptions) -> Document:
    """The document of papers in a format.

    Raises:
        ModuleNotFoundError: If there is no format of the name.
    """
    if name == "markdown":  # the only format with room for what a user adds
        from tui.formats.exporters import markdown

        part = markdown.AbstractPart(options.abstract)
        return markdown.document(
            options.title, items, description=options.description, abstract=part
        )
    return PlainDocument(write(name, items, options))


def encode(name: str, text: str) -> bytes:
    """The bytes of a file in a format."""
    return text.encode(getattr(exporter(name), "ENCODING", "utf-8"))


def write(name: str, items: Sequence[Item], options: ExportOptions = _PLAIN) -> str:
    """Papers as text in a format, ending in a line end.

    Raises:
        ModuleNotFoundError: If there is no format of the name.
    """
    return exporter(name).write(items, options)
