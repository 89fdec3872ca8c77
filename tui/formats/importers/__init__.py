"""Import formats: text in, source records and warnings out; pure, one module or package per format.

To add a format, add a module here that declares

- ``LABEL``: what is imported, and how to get it, for the user;
- ``DETAILS``, only if the documentation says more of it: that, in Markdown;
- ``sniff(part) -> float``: the likelihood of the format from the start or end of a text, 0 to 1;
- ``read(text, context) -> ParsedFile``: the records of a text. It opens no files, does not use the
  clock and never raises: what it cannot read it reports with a line number.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, Protocol, cast

from tui.errors import InputError, NoPapersError
from tui.formats.base import ImportContext, ImportWarning, ParsedFile
from tui.formats.decode import decode
from tui.formats.kinds import is_exported, kind_of

__all__ = ["ImportWarning", "ParsedFile", "names", "read"]

_FORMATS: Final = "papers-tui import --help lists the formats."
_PART: Final = 10_000
"""Characters at the start, and at the end, by which a format is recognized."""
_CERTAIN: Final = 0.8
"""The likelihood from which a second format in a file is no mistake."""
_LEAST: Final = 0.5
"""The share of its lines from which a file is taken for what it is read as."""


class Importer(Protocol):
    """A module of this package."""

    LABEL: str

    @staticmethod
    def sniff(part: str) -> float:
        """The likelihood of this format from the start or the end of a text, 0 to 1."""

    @staticmethod
    def read(text: str, context: ImportContext) -> ParsedFile:
        r"""The records of a text, with ``\n`` as line ends."""


def importers() -> list[Importer]:
    """All import formats, sorted by name."""
    return list(map(named, names()))


def names() -> list[str]:
    """The names of all import formats, sorted."""
    return [module.name for module in iter_modules(__path__)]


def named(name: str) -> Importer:
    """The import format of a name; one of ``names``."""
    return cast("Importer", import_module(f"{__name__}.{name}"))


def read(
    data: bytes,
    name: str,
    *,
    today: date,
    captured: date | None = None,
    force: bool = False,
    format: str = "",
    shown: str = "",
    progress: Callable[[float], None] = lambda _: None,
) -> ParsedFile:
    """Reads one file in the most likely format.

    Args:
        name: The name of the file for source records.
        today: The day of the import.
        captured: The day on which the page was captured, if the user says so.
        force: Whether to read a file of which little is recognized.
        format: The name of its format, one of ``names``; empty for the most likely one.
        shown: What error messages call it; by default its name.
        progress: Called now and then with the share of the file that is read, 0 to 1.

    Raises:
        NoPapersError: If it is in no known format, or without papers.
        InputError: If it is not text, empty, or in two formats.
    """
    shown = shown or name
    decoded = decode(data, shown)
    head = decoded.text[:_PART]
    scores = {} if format else {importer: importer.sniff(head) for importer in importers()}
    likely = named(format) if format else max(scores, key=scores.__getitem__)
    if not (format or force):
        _require_one(decoded.text, shown, likely, scores)
    context = ImportContext(name, today, captured, force, progress)
    parsed = likely.read(decoded.text, context)
    if not force and (parsed.recognized < _LEAST or is_exported(decoded.text)):
        raise _unlike(shown, decoded.text, parsed)
    if not parsed.records and not parsed.updates:
        first = parsed.warnings[0] if parsed.warnings else None
        where = f" (line {first.line}: {first.text})" if first else ""
        raise NoPapersError(f"{shown}: no papers found{where}", _FORMATS)
    return replace(parsed, warnings=tuple(sorted((*decoded.warnings, *parsed.warnings))))


def _require_one(text: str, name: str, likely: Importer, scores: Mapping[Importer, float]) -> None:
    """Refuses a text that is certainly in another format, too.

    Raises:
        InputError: If it is.
    """
    tail = text[-_PART:]
    for other, score in scores.items():
        if other is not likely and max(score, other.sniff(tail)) >= _CERTAIN:
            raise InputError(
                f"{name}: this is in two formats: {likely.LABEL}, and {other.LABEL}",
                "Split it into two files, or name the format with --from.",
            )


def _unlike(name: str, text: str, parsed: ParsedFile) -> NoPapersError:
    """The refusal of a text that is in no known format, or hardly."""
    kind = kind_of(text)
    looks = f"looks like {kind.name}" if kind else ""
    is_partly = parsed.records and not is_exported(text)
    share = f"{parsed.recognized:.0%} of it is recognized" if is_partly else ""
    words = "; ".join(filter(None, (looks or "does not look like a page of papers", share)))
    hint = kind.hint if kind and kind.hint else _FORMATS
    return NoPapersError(
        f"{name}: no papers found: this {words}",
        f"{hint} Use --force to import it all the same.",
        "; ".join(filter(None, (looks, share))),
    )
