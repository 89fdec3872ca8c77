"""The opener of connections, against a server of this machine that does what none should."""

import gzip
import zlib
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sources.conftest import Clock
from tests.sources.site import Asked, Reply, Site, serving
from tui.sources.base import Limits, OfflineError, SourceError, StoppedError
from tui.sources.http import AGENT, Client, is_same_site

NOW = Clock.START
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def problem(client: Client, url: str, **options: object) -> str:
    with pytest.raises(SourceError) as raised:
        client.get(url, **options)  # type: ignore[arg-type]
    return raised.value.message


def test_it_says_who_it_is_and_sends_nothing_of_the_user(site: Site, client: Client) -> None:
    site.on("/a", b"text")
    assert client.get(f"{site.url}/a?b=1", accept="text/plain") == b"text"
    (request,) = site.asked
    assert request.question == {"b": "1"}
    assert request.headers == {
        "host": site.url.removeprefix("http://"),
        "user-agent": AGENT,
        "accept": "text/plain",
        "accept-encoding": "gzip",
        "connection": "close",
    }


def test_what_has_not_changed_is_not_sent_again(site: Site, client: Client) -> None:
    def answer(request: Asked) -> Reply:
        is_known = request.headers.get("if-none-match") == '"7"'
        tags = {"ETag": '"7"', "Last-Modified": "Thu, 26 Nov 2026 08:00:00 GMT"}
        return Reply(b"", 304) if is_known else Reply(b"text", headers=tags)

    site.on("/a", answer)
    assert client.get(f"{site.url}/a") == b"text"
    assert client.get(f"{site.url}/a") is None
    assert site.asked[1].headers["if-modified-since"] == "Thu, 26 Nov 2026 08:00:00 GMT"


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("asks", ["7", formatdate(NOW + 7, usegmt=True)])
def test_it_waits_as_long_as_a_server_asks(
    site: Site, client: Client, clock: Clock, status: int, asks: str
) -> None:
    replies = iter([Reply(b"", status, {"Retry-After": asks}), Reply(b"text")])
    site.on("/a", lambda _: next(replies))
    assert client.get(f"{site.url}/a") == b"text"
    assert clock.passed == pytest.approx(7.0)


@pytest.mark.parametrize(
    "asks", ["3600", formatdate(NOW + 3600, usegmt=True), "soon", "9" * 999, "9" * 5000]
)
def test_of_a_long_wait_it_tells_the_user(
    site: Site, client: Client, clock: Clock, asks: str
) -> None:
    site.on("/a", Reply(b"", 429, {"Retry-After": asks}))
    assert problem(client, f"{site.url}/a").startswith("127.0.0.1 asks to wait until ")
    assert clock.passed == 0


@pytest.mark.parametrize(("asks", "seconds"), [("7200", 7200), ("9" * 999, 86_400)])
def test_a_server_that_asks_to_wait_is_left_alone_by_all_processes(
    site: Site, client: Client, clock: Clock, asks: str, seconds: int
) -> None:
    site.on("/a", Reply(b"", 429, {"Retry-After": asks}))
    site.on("/b", b"text")
    sentence = problem(client, f"{site.url}/a")
    other = replace(client)
    clock.time += seconds - 1
    again = problem(other, f"{site.url}/b")
    assert again.startswith("127.0.0.1 asks to wait until ")
    assert again[-5:] == sentence[-5:]
    assert len(site.asked) == 1
    clock.time += 2
    assert other.get(f"{site.url}/b") == b"text"


@pytest.mark.parametrize("stamp", ["", "soon", "nan", "inf", "-1e99", str(NOW + 1e6), "\udcff"])
def test_a_kept_time_that_lies_holds_nothing_up(
    site: Site, client: Client, tmp_path: Path, stamp: str
) -> None:
    site.on("/a", b"text")
    name = f"{site.url.removeprefix('http://').replace(':', '%3A')}.wait"
    (tmp_path / "paces").mkdir()
    (tmp_path / "paces" / name).write_text(stamp, errors="surrogateescape")
    assert client.get(f"{site.url}/a") == b"text"


def test_a_busy_server_that_names_no_time_is_asked_again_with_the_next_fetch(
    site: Site, client: Client
) -> None:
    site.on("/a", Reply(b"", 503))
    for _ in range(2):
        assert problem(client, f"{site.url}/a").startswith("127.0.0.1 answers 503 ")
    assert len(site.asked) == 2


def test_it_asks_a_busy_server_twice_and_no_more(site: Site, client: Client) -> None:
    site.on("/a", Reply(b"", 429, {"Retry-After": "0"}))
    assert "asks to wait" in problem(client, f"{site.url}/a")
    assert len(site.asked) == 2


def test_it_follows_to_the_same_site_alone(site: Site, client: Client) -> None:
    site.on("/a", Reply(b"", 301, {"Location": f"{site.url}/b"}))
    site.on("/b", b"text")
    assert client.get(f"{site.url}/a") == b"text"
    for code, target, sentence in (
        (301, "https://example.org/", "127.0.0.1 redirects to another site, example.org"),
        (302, "http://127.0.0.1:1/", "127.0.0.1 redirects to http://127.0.0.1, which is not"),
        (307, "file:///etc/passwd", "127.0.0.1 redirects to an address that is not followed"),
        (308, "ftp://127.0.0.1/", "127.0.0.1 redirects to ftp://127.0.0.1, which is not"),
        (302, f"{site.url}/a", "127.0.0.1 redirects to an address that is not followed"),
        (
            302,
            site.url.replace("//", "//ada:secret@") + "/b",
            "127.0.0.1 redirects to http://127.0.0.1, which is not",
        ),
    ):
        site.on("/a", Reply(b"", code, {"Location": target}))
        assert problem(client, f"{site.url}/a").startswith(sentence)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("arxiv.org", "rss.arxiv.org", True),
        ("export.arxiv.org", "arxiv.org", True),
        ("www.example.org", "EXAMPLE.org", True),
        ("arxiv.org", "notarxiv.org", False),
        ("rss.arxiv.org", "export.arxiv.org", False),
        ("org", "example.org", False),
    ],
)
def test_a_host_and_those_below_it_are_one_site(one: str, other: str, is_same: bool) -> None:
    assert is_same_site(one, other) is is_same
    assert is_same_site(other, one) is is_same


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "http://127.0.0.1:1/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://ada:secret@example.org/",
        "https:///path",
        "https://example.org:99999999/",
        "https://example.org/\r\nHost: other",
        "https://exämple.org/",
        "",
    ],
)
def test_an_address_is_https_and_has_no_password(client: Client, url: str) -> None:
    assert problem(client, url).startswith(("Not an https address", "Not the address of a source"))


@pytest.mark.parametrize("where", ["body", "head"])
def test_the_whole_answer_has_a_deadline(site: Site, client: Client, where: str) -> None:
    head = HEAD + b"Content-Length: 9999\r\n\r\n" if where == "body" else HEAD + b"X-Long: "
    site.on("/drip", site.drip(head, b"x"))
    client.limits = replace(client.limits, seconds=0.1)
    assert problem(client, f"{site.url}/drip") == "127.0.0.1 takes longer than 0 seconds"


def test_a_server_that_says_nothing_has_the_same_deadline(site: Site, client: Client) -> None:
    site.on("/hang", site.hang())
    client.limits = replace(client.limits, seconds=0.1)
    assert "takes longer" in problem(client, f"{site.url}/hang")


def test_the_user_can_end_it(site: Site, client: Client) -> None:
    site.on("/hang", site.hang())
    client.is_stopped = lambda: bool(site.asked)
    with pytest.raises(StoppedError):
        client.get(f"{site.url}/hang")


def test_an_answer_has_a_size_before_it_is_unpacked_and_after(site: Site, client: Client) -> None:
    client.limits = Limits(packed=100_000, unpacked=1_000_000)
    site.on("/endless", site.flood(HEAD + b"\r\n", b"x" * 10_000))
    assert (
        problem(client, f"{site.url}/endless") == "127.0.0.1 answers with more than 100,000 bytes"
    )
    bomb = gzip.compress(bytes(3_000_000))
    site.on("/bomb", Reply(bomb, headers={"Content-Encoding": "gzip"}))
    assert problem(client, f"{site.url}/bomb") == "127.0.0.1 answers with more than 1 MB"


def test_an_answer_may_be_packed(site: Site, client: Client) -> None:
    site.on("/a", Reply(gzip.compress(b"text"), headers={"Content-Encoding": "gzip"}))
    assert client.get(f"{site.url}/a") == b"text"
    site.on("/a", Reply(zlib.compress(b"text"), headers={"Content-Encoding": "br"}))
    assert problem(client, f"{site.url}/a") == "127.0.0.1 compresses its answer with br"


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"Content-Length: 100\r\n\r\ntext",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n64\r\ntext",
        HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"text" * 99)[:-9],
        HEAD + b"Content-Encoding: gzip\r\n\r\nplain text",
        b"\x00\x01\x02\r\n\r\n",
    ],
    ids=["short", "chunk", "gzip", "no gzip", "no http"],
)
def test_of_what_is_cut_off_or_damaged_nothing_counts(
    site: Site, client: Client, answer: bytes
) -> None:
    site.on("/cut", Reply(send=lambda connection: connection.sendall(answer)))
    assert problem(client, f"{site.url}/cut") == "The answer of 127.0.0.1 was cut off or damaged"


def test_a_status_of_an_error_is_said(site: Site, client: Client) -> None:
    assert problem(client, f"{site.url}/missing") == "127.0.0.1 answers 404 Not Found"
    site.on("/a", Reply(b"why", 400))
    assert client.get(f"{site.url}/a", errors=(400,)) == b"why"


def test_without_a_connection_it_says_so(client: Client) -> None:
    with serving() as gone:
        client.addresses = {"hf": gone.url}
    with pytest.raises(OfflineError) as raised:
        client.get(f"{gone.url}/a")
    assert raised.value.message == "No connection to 127.0.0.1"


def test_requests_to_one_service_are_three_seconds_apart_in_all_processes(
    site: Site, client: Client, clock: Clock, tmp_path: Path
) -> None:
    site.on("/a", b"text")
    other = Client(client.addresses, tmp_path / "paces", sleep=clock.sleep, now=clock)
    for each in (client, other, client):
        assert each.get(f"{site.url}/a", pace="arxiv") == b"text"
    assert clock.passed == pytest.approx(6.0)
    client.get(f"{site.url}/a", pace="other")
    client.get(f"{site.url}/a")
    assert clock.passed == pytest.approx(6.0)


@pytest.mark.parametrize("stamp", ["", "soon", "nan", "inf", "-1e99", str(NOW + 1e6)])
def test_a_stamp_that_lies_holds_nothing_up(
    site: Site, client: Client, clock: Clock, tmp_path: Path, stamp: str
) -> None:
    site.on("/a", b"text")
    (tmp_path / "paces").mkdir()
    (tmp_path / "paces" / "arxiv").write_text(stamp)
    assert client.get(f"{site.url}/a", pace="arxiv") == b"text"
    assert clock.passed <= 3.0


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_sent_is_an_answer_or_one_sentence(
    site: Site, client: Client, data: st.DataObject
) -> None:
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: 32\r\nETag: x\r\n\r\n"
    payload = bytearray(head + gzip.compress(b"some text", mtime=0))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(payload) - 1))
        payload[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    site.on("/a", Reply(send=lambda connection: connection.sendall(bytes(payload))))
    client.validators.clear()
    body, sentence = None, ""
    try:
        body = client.get(f"{site.url}/a")
    except SourceError as error:
        sentence = error.message
    assert sentence.isprintable()
    assert body is None or isinstance(body, bytes)
