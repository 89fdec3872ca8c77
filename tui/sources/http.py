"""The one opener of connections: what it asks for is public, and what it gets is not trusted.

Only https, except to an address of this machine that the configuration names. A redirect leads to
the same site or nowhere. An answer has a deadline as a whole, and a size limit before and after it
is unpacked.
"""

import dataclasses
import socket
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from io import BufferedReader, RawIOBase
from pathlib import Path
from ssl import SSLCertVerificationError
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from tui import __version__, clock
from tui.model.text import sanitize
from tui.sources.base import Limits, OfflineError, SourceError, StoppedError, Validators
from tui.sources.pace import MOST_SECONDS, Pace, keep_wait, wait_until
from tui.values import dataclass

AGENT: Final = f"papers-tui/{__version__} (a reading tracker in the terminal)"
POLL_SECONDS: Final = 0.2
"""Between two looks whether to go on."""
CONNECT_SECONDS: Final = 15.0
MOST_WAITED: Final = 60.0
"""Seconds that a server may ask to wait; any longer is an error."""
_READ: Final = 65_536
_WAIT_CODES: Final = (429, 503)


@dataclasses.dataclass(slots=True)
class Client:
    """Opens connections, one at a time."""

    addresses: Mapping[str, str] = field(default_factory=dict)
    """The addresses of services by name, where the configuration has others."""
    paces: Path | None = None
    """The folder in which processes share when to ask again; ``None`` to ask at once."""
    is_stopped: Callable[[], bool] = lambda: False
    """Whether to end it; called several times a second."""
    limits: Limits = field(default_factory=Limits)
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = clock.seconds
    """Seconds since 1970."""
    validators: dict[str, Validators] = field(default_factory=dict)
    """By address: of the last answers, sent with a request for the same."""

    def get(
        self,
        url: str,
        *,
        accept: str = "*/*",
        pace: str = "",
        errors: Collection[int] = (),
    ) -> bytes | None:
        """The answer to a request; ``None`` if it has not changed since the last time.

        Args:
            url: An address; see ``require_safe``.
            accept: The media type that is asked for.
            pace: The name of a service to which requests are to be three seconds apart.
            errors: Status codes of which the answer is wanted, too.

        Raises:
            SourceError: If there is none, or it is too slow, too large or cut off. Also, without
                asking, while the host wants to be left alone, as it told any process of the user.
        """
        self.require_safe(url)
        waits = self.paces and self.paces / f"{quote(_origin(url)[1], safe='')}.wait"
        if waits and (until := wait_until(waits, self.now())):
            raise self._must_wait(url, until)
        for is_last in (False, True):
            with self._turn(pace):
                answer = self._open(url, accept, errors)
            if not isinstance(answer, _Wait):
                return answer
            if is_last or answer.seconds > MOST_WAITED:
                until = self.now() + answer.seconds
                if waits:
                    keep_wait(waits, until)
                raise self._must_wait(url, until)
            self.pause(answer.seconds)
        raise AssertionError("the last answer is returned or raised")

    def require_safe(self, url: str) -> None:
        """Refuses an address that is not https, or has a password.

        Raises:
            SourceError: If it is.
        """
        try:
            parts = urlsplit(url)
            is_safe = bool(parts.hostname) and parts.username is None and parts.port != 0
        except ValueError:
            is_safe = False
        shown = sanitize(url, 80)
        if not is_safe or any(char <= " " or char > "~" for char in url):
            raise SourceError(f"Not the address of a source: {shown}", "Check it.")
        if parts.scheme == "http" and _origin(url) in map(_origin, self.addresses.values()):
            return
        if parts.scheme != "https":
            raise SourceError(f"Not an https address: {shown}", "Only https is fetched.")

    def pause(self, seconds: float) -> None:
        """Waits.

        Raises:
            StoppedError: If the user ends it.
        """
        while seconds > 0:
            self.require_running()
            self.sleep(min(seconds, POLL_SECONDS))
            seconds -= POLL_SECONDS

    def require_running(self) -> None:
        """Raises a ``StoppedError`` if the user has ended it."""
        if self.is_stopped():
            raise StoppedError("Stopped")

    @contextmanager
    def _turn(self, name: str) -> Iterator[None]:
        if not name or self.paces is None:
            yield
            return
        with Pace(self.paces / name, self.now, self.pause).turn():
            yield

    def _open(self, url: str, accept: str, errors: Collection[int]) -> "bytes | _Wait | None":
        host, validators = _host(url), self.validators.get(url, Validators())
        headers = {"User-Agent": AGENT, "Accept": accept, "Accept-Encoding": "gzip"}
        headers |= {"If-None-Match": validators.etag} if validators.etag else {}
        headers |= {"If-Modified-Since": validators.modified} if validators.modified else {}
        deadline = time.monotonic() + self.limits.seconds
        request = Request(url, headers=headers)
        try:
            with self._opener(deadline).open(request, timeout=CONNECT_SECONDS) as response:
                body = self._body(response, host)
                names = ("ETag", "Last-Modified")
                self.validators[url] = Validators(*(response.headers.get(n, "") for n in names))
                return body
        except HTTPError as error:
            with error:
                return self._of_error(error, host, errors)
        except TimeoutError as error:
            raise self._too_slow(host) from error
        except URLError as error:
            raise self._unreached(host, error.reason) from error
        except (HTTPException, OSError, EOFError, zlib.error, ValueError) as error:
            raise SourceError(f"The answer of {host} was cut off or damaged", _AGAIN) from error

    def _opener(self, deadline: float) -> OpenerDirector:
        opener = OpenerDirector()  # without handlers of files and ftp
        for handler in (
            ProxyHandler(),
            _Connections(deadline, self.require_running),
            _Redirects(self.require_safe),
            HTTPErrorProcessor(),
            HTTPDefaultErrorHandler(),
        ):
            opener.add_handler(handler)
        return opener

    def _of_error(
        self, error: HTTPError, host: str, errors: Collection[int]
    ) -> "bytes | _Wait | None":
        """The error that the status of an answer means."""
        if error.code == 304:
            return None
        if error.code in errors:
            try:
                return self._body(error, host)
            except (HTTPException, OSError, zlib.error, ValueError):
                return b""
        if error.code in _WAIT_CODES and (asks := error.headers.get("Retry-After")):
            return _Wait(self._wait_of(asks))
        if 300 <= error.code < 400:
            raise SourceError(f"{host} redirects to an address that is not followed", _CHECK)
        missing = "Check the source." if error.code in (400, 404, 410) else _AGAIN
        raise SourceError(f"{host} answers {error.code} {sanitize(error.reason, 40)}", missing)

    def _wait_of(self, text: str) -> float:
        """The seconds of a ``Retry-After``, a number or a date: one at least, at most a day."""
        try:
            seconds: float = int(text)
        except ValueError:
            try:
                seconds = parsedate_to_datetime(text).timestamp() - self.now()
            except (ValueError, TypeError, OverflowError):
                seconds = 10 * MOST_WAITED
        return min(max(seconds, 1.0), MOST_SECONDS)

    def _body(self, response: Any, host: str) -> bytes:
        """The unpacked body of an answer.

        Raises:
            SourceError: If it is too large, or packed in another way.
            EOFError: If it is cut off.
        """
        limits, encoding = self.limits, response.headers.get("Content-Encoding", "").lower()
        if encoding not in ("", "identity", "gzip", "x-gzip"):
            raise SourceError(f"{host} compresses its answer with {sanitize(encoding, 20)}", _CHECK)
        unpacker = zlib.decompressobj(31) if encoding.endswith("gzip") else None
        parts: list[bytes] = []
        packed = unpacked = 0
        while chunk := response.read(_READ):
            packed += len(chunk)
            if packed > limits.packed:
                raise _too_large(host, limits.packed)
            if unpacker:
                chunk = unpacker.decompress(chunk, limits.unpacked - unpacked + 1)
            unpacked += len(chunk)
            if unpacked > limits.unpacked:
                raise _too_large(host, limits.unpacked)
            parts.append(chunk)
        if getattr(response, "length", None) or (unpacker and packed and not unpacker.eof):
            raise EOFError
        return b"".join(parts)

    def _must_wait(self, url: str, until: float) -> SourceError:
        moment, today = time.localtime(until), time.localtime(self.now())
        pattern = "%H:%M" if moment[:3] == today[:3] else "%Y-%m-%d %H:%M"
        text = f"{_host(url)} asks to wait until {time.strftime(pattern, moment)}"
        return SourceError(text, "Fetch it again then.")

    def _too_slow(self, host: str) -> SourceError:
        return SourceError(f"{host} takes longer than {self.limits.seconds:.0f} seconds", _AGAIN)

    def _unreached(self, host: str, reason: object) -> SourceError:
        """Why there is no connection."""
        if isinstance(reason, SSLCertVerificationError):
            why = sanitize(reason.verify_message, 80)
            text = f"The certificate of {host} cannot be verified: {why}"
            return SourceError(text, _CERTIFICATES)
        if isinstance(reason, TimeoutError):
            return OfflineError(f"{host} does not answer", _OFFLINE)
        return OfflineError(f"No connection to {host}", _OFFLINE)


_AGAIN: Final = "Try again later."
_CHECK: Final = "Check the address of the source."
_OFFLINE: Final = "Check the network, and fetch again."
_CERTIFICATES: Final = "Check the clock, and that the system has certificates."


@dataclass(frozen=True, slots=True)
class _Wait:
    """A server asks to wait."""

    seconds: float


def _too_large(host: str, limit: int) -> SourceError:
    size = f"{limit / 1e6:.0f} MB" if limit >= 1e6 else f"{limit:,} bytes"
    return SourceError(f"{host} answers with more than {size}", _CHECK)


def _host(url: str) -> str:
    return sanitize(urlsplit(url).hostname or "", 80)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def is_same_site(host: str, other: str) -> bool:
    """Whether two hosts are the same, or one is below the other: ``arxiv.org``, ``rss.arxiv.org``.

    Hosts below one that has no name of its own, such as ``org``, are not.
    """
    one, two = (name.lower().removeprefix("www.").split(".") for name in (host, other))
    shorter, longer = sorted((one, two), key=len)
    return one == two or (len(shorter) > 1 and longer[-len(shorter) :] == shorter)


class _Redirects(HTTPRedirectHandler):
    """Follows a server to the same site alone."""

    max_redirections = 5
    max_repeats = 2

    def __init__(self, require_safe: Callable[[str], None]) -> None:
        self._require_safe = require_safe

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        host, other = _host(req.full_url), _host(newurl)
        if not is_same_site(host, other):
            raise SourceError(f"{host} redirects to another site, {other}", _CHECK)
        try:
            self._require_safe(newurl)
        except SourceError as error:
            # Not the whole address, as there may be a password in it.
            where = f"{host} redirects to {urlsplit(newurl).scheme}://{other}, which is not fetched"
            raise SourceError(where, error.hint) from error
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Timed(RawIOBase):
    """The bytes that arrive at a socket until a deadline, which the socket's own timeout is not."""

    def __init__(self, raw: Any, sock: socket.socket, deadline: float, check: Callable[[], None]):
        """Reads nothing.

        Args:
            raw: The socket's own stream, which keeps it open.
            deadline: On the monotonic clock.
            check: Raises an error if the user has ended it.
        """
        self._raw, self._sock, self._deadline, self._check = raw, sock, deadline, check

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while (left := self._deadline - time.monotonic()) > 0:
            self._check()
            self._sock.settimeout(min(left, POLL_SECONDS))
            try:
                return self._sock.recv_into(buffer)
            except TimeoutError:
                continue
        raise TimeoutError

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    """An answer that is read until a deadline, its head too."""

    def __init__(
        self, deadline: float, check: Callable[[], None], sock: socket.socket, *args: Any, **kw: Any
    ) -> None:
        super().__init__(sock, *args, **kw)
        self.fp = BufferedReader(_Timed(self.fp.detach(), sock, deadline, check))


class _Connections(HTTPSHandler, HTTPHandler):
    """Opens connections whose answers have a deadline, with the certificates of the system."""

    def __init__(self, deadline: float, check: Callable[[], None]) -> None:
        super().__init__()
        self._response = partial(_Response, deadline, check)

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(self._connect, HTTPConnection), req)

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(self._connect, HTTPSConnection), req)

    def _connect(self, kind: type[HTTPConnection], host: str, **options: Any) -> HTTPConnection:
        connection = kind(host, **options)
        connection.response_class = self._response  # type: ignore[assignment]
        return connection
