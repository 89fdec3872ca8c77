"""What asks sources on behalf of a library, and what all that do so share."""

from collections.abc import Callable
from datetime import UTC, date
from typing import TYPE_CHECKING

from tui.model.state import join_update
from tui.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from tui.library import Library
    from tui.model.imports import FiledRecord
    from tui.model.state import FieldUpdate
    from tui.sources.http import Client


@dataclass(frozen=True, slots=True)
class Connection:
    """A library, its way to the network, and who waits for it."""

    library: "Library"
    client: "Client"
    progress: Callable[[str, float], None]
    """Called with what is asked, and the share of it that is done."""
    released: "Callable[[], AbstractContextManager[None]]"
    """Within it, others may use the library."""


def today(library: "Library") -> date:
    """The day in UTC, as sources count."""
    return library.now().astimezone(UTC).date()


def joined(
    pages: "Mapping[str, str]", filed: "Sequence[FiledRecord]", _: object
) -> "Iterator[FieldUpdate]":
    """The updates that join papers titled by their address with those that the pages tell of.

    Args:
        pages: The papers by their addresses.
        filed: Records of what was looked up, with the keys of their papers.
    """
    for other, record in filed:
        if (key := pages.get(record.file, other)) != other:
            yield join_update(key, other)
