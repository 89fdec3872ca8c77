"""Text or bytes in, source records and problems out; pure, one file a format.

A reader never opens a file, never asks the clock and never raises on odd text: what it cannot
take it reports with a line number.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tui.errors import InputError
from tui.formats.importers import hf_daily
from tui.formats.importers.decode import decode
from tui.formats.importers.warning import Problem
from tui.model.paper import SourceRecord

__all__ = ["MAX_BYTES", "Problem", "Reading", "read"]

MAX_BYTES = 20_000_000
"""The largest file read without being asked to: two hundred pages of a hundred papers."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file said."""

    records: tuple[SourceRecord, ...]
    problems: tuple[Problem, ...]
    """What was left out or looks wrong, in the order of the lines."""

    def __iter__(self) -> Iterator[SourceRecord]:
        return iter(self.records)


def read(data: bytes, name: str, progress: Callable[[float], None] = lambda _: None) -> Reading:
    """Reads one file, whatever supported format it is in.

    Args:
        data: The file's bytes.
        name: What the source records call the file, and the error messages too.
        progress: Told now and then which share of the file has been read, 0 to 1.

    Raises:
        InputError: If this is no page: not text, empty, another format, or without a paper.
    """
    records, problems = hf_daily.read(decode(data, name), name, progress)
    if not records:
        first = f" (line {problems[0].line}: {problems[0].text})" if problems else ""
        raise InputError(
            f"{name}: no papers found{first}",
            "a page is the text of a Daily Papers page: select all, copy, save as text",
        )
    return Reading(tuple(records), tuple(problems))
