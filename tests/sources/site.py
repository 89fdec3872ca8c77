"""A site on this machine that answers as it is told, and remembers what it was asked."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

SAMPLES: Final = Path(__file__).parents[1] / "formats" / "samples"
HF: Final = (SAMPLES / "hf_daily_papers.json").read_bytes()
ARXIV: Final = (SAMPLES / "arxiv_api.atom.xml").read_bytes()
RSS: Final = (SAMPLES / "arxiv_rss.xml").read_bytes()
WEEKEND: Final = RSS[: RSS.index(b"<item>")] + b"</channel></rss>"
ERROR: Final = (SAMPLES / "arxiv_api_error_400.atom.xml").read_bytes()
NO_ENTRY: Final = b"""<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<id>https://arxiv.org/api/x</id><opensearch:totalResults>0</opensearch:totalResults></feed>"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that arrived."""

    path: str
    question: Mapping[str, str]
    """Its parameters; of several of one name the first."""
    headers: Mapping[str, str]
    """By lower-case name."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    send: Callable[[socket.socket], None] | None = None
    """Writes the whole answer instead, as a real server never would."""


Answer = Callable[[Asked], Reply]


class Site:
    """A server on a free port of this machine."""

    def __init__(self) -> None:
        """Answers 404 to everything yet."""
        self.asked: list[Asked] = []
        self.answers: dict[str, Answer] = {}
        self.is_over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def on(self, path: str, reply: Reply | bytes | Answer) -> None:
        """Says what is answered on a path."""
        if isinstance(reply, bytes):
            reply = Reply(reply)
        self.answers[path] = (lambda _: reply) if isinstance(reply, Reply) else reply

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.path for request in self.asked]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                question = {name: values[0] for name, values in parse_qs(parts.query).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Asked(parts.path, question, headers)
                site.asked.append(request)
                answer = site.answers.get(parts.path)
                reply = answer(request) if answer else Reply(b"", 404)
                with suppress(OSError):
                    if reply.send is not None:
                        reply.send(self.connection)
                        return
                    self.send_response(reply.status)
                    for name, value in {
                        "Content-Length": str(len(reply.body)),
                        **reply.headers,
                    }.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(reply.body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def drip(self, head: bytes, byte: bytes) -> Reply:
        """Sends one byte after another, for ever."""

        def send(connection: socket.socket) -> None:
            connection.sendall(head)
            while not self.is_over.wait(0.005):
                connection.sendall(byte)

        return Reply(send=send)

    def flood(self, head: bytes, part: bytes) -> Reply:
        """Sends without end, as fast as it is read."""

        def send(connection: socket.socket) -> None:
            connection.sendall(head)
            while not self.is_over.is_set():
                connection.sendall(part)

        return Reply(send=send)

    def hang(self) -> Reply:
        """Accepts, and says nothing."""

        def send(_: socket.socket) -> None:
            self.is_over.wait()

        return Reply(send=send)


@contextmanager
def serving() -> Iterator[Site]:
    """A site that is there for a while."""
    site = Site()
    thread = threading.Thread(target=site._server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.is_over.set()
        site._server.shutdown()
        site._server.server_close()
        thread.join()
