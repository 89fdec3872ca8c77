"""The parts that all sources share: the days that are wanted, and answers read as papers.

Nothing here opens a connection, so that sources can be listed without what does.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from tui.errors import InputError, PapersError
from tui.model.paper import SourceRecord
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.formats.base import ParsedFile

MOST_DAYS: Final = 31
"""The most days that are caught up without being asked for."""


class SourceError(PapersError):
    """A source that cannot be fetched; nothing of it was imported."""


class OfflineError(SourceError):
    """There is no connection."""


class StoppedError(SourceError):
    """The user ended it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest answer."""

    seconds: float = 60.0
    """The time limit of the whole answer, from the connection on."""
    packed: int = 20_000_000
    """Bytes as they are sent."""
    unpacked: int = 60_000_000


@dataclass(frozen=True, slots=True)
class Validators:
    """The marks of a server by which it can tell whether its answer has changed."""

    etag: str = ""
    modified: str = ""
    """Its ``Last-Modified``."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are wanted, in UTC, as sources count."""

    until: date
    """The last day."""
    since: date | None = None
    """The first day; ``None`` for what is newest, as of a source that was never fetched."""

    def days(self) -> Iterator[date]:
        """The days in order; at least the last one."""
        first = min(self.since or self.until, self.until)
        return (first + timedelta(days=n) for n in range((self.until - first).days + 1))


class Client(Protocol):
    """A client that opens connections; see ``http``."""

    addresses: Mapping[str, str]
    """The addresses of services by name, where the configuration has others."""
    limits: Limits

    def get(
        self, url: str, *, accept: str = "*/*", pace: str = "", errors: Collection[int] = ()
    ) -> bytes | None:
        """The answer to a request; ``None`` if it has not changed since the last time."""
        ...

    def require_running(self) -> None:
        """Raises a ``StoppedError`` if the user has ended it."""
        ...


class Source(Protocol):
    """Where papers come from."""

    @property
    def spec(self) -> str:
        """Its name, in the normal form: ``arxiv:cs.CL+cs.LG``."""
        ...

    @property
    def label(self) -> str:
        """A description for the user."""
        ...

    def fetch(self, span: Span, client: Client) -> "Iterator[ParsedFile]":
        """Its answers one after another; none if nothing has changed since the last time.

        Raises:
            SourceError: If one cannot be had.
        """
        ...


def read(data: bytes, format: str, spec: str, today: date) -> "ParsedFile":
    """An answer as records of its source.

    They are all of the first line of a file that has the name of the source: where in an answer a
    paper stands changes from day to day, and a record that says nothing new is to be the same.

    Raises:
        SourceError: If it is not in the format, or nothing of it can be read.
    """
    from tui.formats.base import ImportContext  # here, as to list sources needs no format
    from tui.formats.decode import decode
    from tui.formats.importers import named

    try:
        text = decode(data, "the answer").text
    except InputError as error:
        raise SourceError(error.message, _CHECK) from error
    if _is_page(data):
        raise SourceError("The answer is a web page", _SIGN_IN)
    parsed = named(format).read(text, ImportContext(spec, today))
    if parsed.warnings and not (parsed.records or parsed.updates):
        raise SourceError(parsed.warnings[0].text, _CHECK)
    records, updates = (
        tuple(replace(record, line=1) for record in each)
        for each in (parsed.records, parsed.updates)
    )
    return replace(parsed, records=records, updates=updates)


_CHECK: Final = "Check the source."
_SIGN_IN: Final = "Perhaps the network wants you to sign in; open any page in a browser."


def _is_page(data: bytes) -> bool:
    head = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html"))


def dated(record: SourceRecord) -> SourceRecord:
    """A record whose page day is that on which the paper appeared.

    Where a source says on which day it answered, each answer would state every paper again.
    """
    return replace(record, page_day=None if record.date_precision else record.stated_date or None)
