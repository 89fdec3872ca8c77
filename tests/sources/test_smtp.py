"""Mail that is handed to a server, which is one of this machine."""

import socketserver
from collections.abc import Iterator
from email.message import EmailMessage
from threading import Thread

import pytest

from tui.errors import PapersError
from tui.sources.smtp import send


class _Conversation(socketserver.StreamRequestHandler):
    """A server that takes every mail but those to ``bad``."""

    server: "_Server"

    def handle(self) -> None:
        """Answers each line."""
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            match line.split(":")[0].upper():
                case "RCPT TO" if "bad@" in line:
                    self._say("550 no such user")
                case "DATA":
                    self._say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    self.server.mails.append(b"".join(lines).decode())
                    self._say("250 taken")
                case "QUIT":
                    return
                case _:
                    self._say("250 fine")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.TCPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails: list[str] = []


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server() as opened:
        Thread(target=opened.serve_forever, args=(0.01,), daemon=True).start()
        yield opened
        opened.shutdown()


def _mail(to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ada@example.org", to, "Two papers"
    return mail


def test_a_mail_arrives(server: _Server) -> None:
    host, port = "127.0.0.1", str(server.server_address[1])
    send(_mail("ada@example.org"), {"host": host, "port": port})
    assert "Subject: Two papers" in server.mails[0]


def test_an_address_that_the_server_refuses_is_named_with_its_answer(server: _Server) -> None:
    host, port = "127.0.0.1", str(server.server_address[1])
    with pytest.raises(PapersError) as refused:
        send(_mail("bad@example.org"), {"host": host, "port": port})
    assert str(refused.value.message) == "Not sent to bad@example.org: 550 no such user"
    assert refused.value.hint == "Check the address."
    assert server.mails == []
    refusals = send(_mail("ada@example.org, bad@example.org"), {"host": host, "port": port})
    assert refusals == ["Not sent to bad@example.org: 550 no such user"]
    assert len(server.mails) == 1
