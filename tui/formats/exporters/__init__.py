"""Export formats: items in, text out; pure, one module per format.

Used for copying, piping and writing files. To add a format, add a module here that declares

- ``LABEL``: its name for the user, in the plural if it is about papers;
- ``DETAILS``, only if the documentation says more of it: that, in Markdown;
- ``EXTENSIONS``: its file extensions, the usual one first;
- ``write(items, options) -> Iterator[str]``: the text in pieces, about one for each item, so that
  no text is copied as a whole; it ends in a line end. It opens no files and does not use the clock:
  the same items give the same text;
- ``MARK``, only if its files begin with one: the bytes of that;
- ``RANK``, only if it is a usual one: its place among these, which are offered first, and meant by
  an extension that others have, too;
- ``document(items, options) -> Document``, only if its files have room for what a user adds;
- ``IS_PULLED``, only if what is edited in its files can be taken into the library: true.
"""

import hashlib
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from math import inf
from pkgutil import iter_modules
from typing import Final, Protocol, cast

from tui.formats.base import ExportOptions, utf8
from tui.model.state import Item
from tui.values import dataclass

__all__ = ["ExportOptions", "for_file", "is_pulled", "named", "names", "write"]


class Document(Protocol):
    """The contents of a file, before what a user added to the file."""

    @property
    def sum(self) -> str:
        """A short checksum of what is exported."""

    def __bytes__(self) -> bytes:
        """The bytes of the file."""

    def __str__(self) -> str:
        """The text."""


@dataclass(frozen=True, slots=True)
class PlainDocument:
    """A document that is exported whole."""

    data: bytes
    """The text in UTF-8, without a mark."""
    mark: bytes = b""

    @property
    def sum(self) -> str:
        """A short checksum of the text."""
        return hashlib.sha256(self.data).hexdigest()[:12]

    def __bytes__(self) -> bytes:
        return self.mark + self.data

    def __str__(self) -> str:
        return self.data.decode()

    @staticmethod
    def of_file(data: bytes) -> "PlainDocument":
        """The document of a file, which may begin with a mark."""
        return PlainDocument(data.removeprefix(BOM_UTF8))


_PLAIN: Final = ExportOptions()
DEFAULT: Final = "markdown"
"""The format of a file whose name means none."""


class Exporter(Protocol):
    """A module of this package."""

    LABEL: str
    EXTENSIONS: tuple[str, ...]

    @staticmethod
    def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
        """The papers in this format, in pieces."""


@cache
def names() -> tuple[str, ...]:
    """The names of the formats: the usual ones first, then alphabetically."""
    return tuple(sorted(_modules(), key=lambda name: (getattr(named(name), "RANK", inf), name)))


@cache
def _modules() -> frozenset[str]:
    return frozenset(module.name for module in iter_modules(__path__))


@cache
def _by_extension() -> Mapping[str, str]:
    """The first format that has each extension."""
    formats = reversed(names())
    return {extension: name for name in formats for extension in named(name).EXTENSIONS}


def named(name: str) -> Exporter:
    """The format of a name.

    Raises:
        ModuleNotFoundError: If there is none.
    """
    return cast("Exporter", import_module(f"{__name__}.{name}"))


def is_known(name: str) -> bool:
    """Whether there is a format of a name. Cost: loads none."""
    return name in _modules()


def is_pulled(name: str) -> bool:
    """Whether what is edited in a file of a format can be taken into the library; any name."""
    return is_known(name) and getattr(named(name), "IS_PULLED", False)


def for_file(name: str) -> str | None:
    """The format that the extension of a file name means; ``None`` if none has it."""
    folded = name.lower()
    formats = _by_extension()
    fitting = [extension for extension in formats if folded.endswith(extension)]
    return formats[max(fitting, key=len)] if fitting else None


def extensions() -> tuple[str, ...]:
    """The usual extension of each format that is meant by one."""
    usual = [(name, named(name).EXTENSIONS[:1]) for name in names()]
    return tuple(each for name, listed in usual for each in listed if for_file(each) == name)


def document(name: str, items: Sequence[Item], options: ExportOptions) -> Document:
    """The document of papers in a format.

    Raises:
        ModuleNotFoundError: If there is no format of the name.
    """
    format = named(name)
    if make := getattr(format, "document", None):
        return cast("Document", make(items, options))
    return PlainDocument(utf8(format.write(items, options)), getattr(format, "MARK", b""))


def write(name: str, items: Sequence[Item], options: ExportOptions = _PLAIN) -> str:
    """Papers as text in a format, ending in a line end.

    Raises:
        ModuleNotFoundError: If there is no format of the name.
    """
    return "".join(named(name).write(items, options))
