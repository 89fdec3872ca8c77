"""The digest: what is new in a view, once, as a mail that any program reads back."""

import email
import email.policy
import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.actions.conftest import ran
from tests.libraries import Clock
from tests.strategies import PAYLOADS
from tui.actions.context import Context
from tui.actions.digest import MOST, digest_of
from tui.actions.find import save_view
from tui.config import Config
from tui.errors import ConfirmationError, PapersError, UsageError
from tui.formats.digest import message
from tui.library import Library
from tui.model.paper import SourceRecord
from tui.model.text import normalize, sanitize

pytestmark = pytest.mark.usefixtures("no_fsync")
TO = "ada@example.org"


def fill(library: Library, source: str, *titles: str) -> None:
    library.add([SourceRecord(t, f"On {t}.", source, n) for n, t in enumerate(titles, 1)], source)


def here(library: Library, **smtp: str) -> Context:
    return Context(Config(smtp=smtp), library)


def written(library: Library, **options: Any) -> str:
    """The mail that goes to standard output; empty if none does."""
    texts: list[str] = []
    context = replace(here(library), write=texts.append)
    ran("digest", context, output="-", **options)
    return "".join(texts)


def parsed(data: str | bytes) -> EmailMessage:
    data = data.encode() if isinstance(data, str) else data
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def titles_in(mail: EmailMessage) -> set[str]:
    body = mail.get_body(("plain",))
    assert body is not None
    return {line for line in body.get_content().splitlines() if line.startswith("On ")}


@contextmanager
def server(answers: dict[str, str] | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """A mail server of sockets alone (RFC 5321): its port, and the mails that it takes."""
    mails: list[bytes] = []
    replies = answers or {}

    def serve(listening: socket.socket) -> None:
        with listening.accept()[0] as connection, connection.makefile("rwb") as file:
            file.write(b"220 here\r\n")
            file.flush()
            for line in file:
                word = line.split()[0].decode().upper()
                if word == "DATA":
                    file.write(b"354 go on\r\n")
                    file.flush()
                    lines = iter(file.readline, b".\r\n")
                    mails.append(b"".join(line.removeprefix(b".") for line in lines))
                answer = replies.get(word, "221 bye" if word == "QUIT" else "250 ok")
                file.write(f"{answer}\r\n".encode())
                file.flush()
                if word == "QUIT":
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)
        thread = Thread(target=serve, args=(listening,))
        thread.start()
        yield listening.getsockname()[1], mails
        thread.join(20)


def test_what_is_new_is_sent_once_and_then_nothing_is(new_library: Library, clock: Clock) -> None:
    fill(new_library, "hf:daily", "On Sets", "On Bags")
    with server() as (port, mails):
        context = here(new_library, host="127.0.0.1", port=str(port))
        assert ran("digest", context, to=TO).message == f"Sent: 2 papers to {TO}"
    (mail,) = map(parsed, mails)
    assert (mail["To"], mail["Subject"]) == (TO, "2 new papers in the inbox")
    assert mail["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        assert all(title in body.get_content() for title in ("On Sets", "On Bags", "hf:daily"))
    assert ran("digest", context, to=TO).message == "Nothing new in the inbox"
    clock.wait(5)
    fill(new_library, "hf:daily", "On Sets", "On Trees")
    again = parsed(written(new_library, to=TO))
    assert again["Subject"] == "1 new paper in the inbox"
    assert again["Message-ID"] != mail["Message-ID"]


def test_the_key_by_which_a_user_cites_a_paper_is_not_sent(new_library: Library) -> None:
    record = SourceRecord("On Sets", "On sets.", "a", 1, citation_key="mine2024", venue="Annals")
    new_library.add([record], "a")
    mail = written(new_library)
    assert "Annals" in mail
    assert "mine2024" not in mail


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EPIPE])
def test_what_could_not_be_written_to_standard_output_stays_new(
    new_library: Library, number: int
) -> None:
    def fail(_: str) -> None:
        raise OSError(number, os.strerror(number))

    fill(new_library, "x", "On Sets")
    with pytest.raises(OSError, match=os.strerror(number)):
        ran("digest", replace(here(new_library), write=fail), to=TO, output="-")
    assert "On Sets" in written(new_library)


def test_the_last_one_can_be_had_again_also_when_others_are_new(
    new_library: Library, clock: Clock, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="No earlier digest of papers in the inbox"):
        ran("digest", here(new_library), again=True)
    fill(new_library, "x", *(f"On Set {number}" for number in range(MOST + 2)))
    first = parsed(written(new_library, to=TO))
    clock.wait(5)
    fill(new_library, "y", "On Trees")
    new_library.change("read", [("papers", new_library.items()[0].key, "status", "read")])
    path = tmp_path / "again.eml"
    ran("digest", here(new_library), to=TO, output=str(path), again=True)
    for data in (written(new_library, to=TO, again=True), path.read_text("utf-8")):
        again = parsed(data)
        assert (again["Message-ID"], again["Subject"]) == (first["Message-ID"], first["Subject"])
        assert len(titles_in(again)) == MOST
        assert titles_in(again) == titles_in(first)
    assert "On Trees" in ran("digest", here(new_library), dry_run=True).text


def test_it_is_no_step_to_undo(new_library: Library) -> None:
    fill(new_library, "x", "On Sets")
    outcome = ran("digest", here(new_library), output="-")
    assert outcome.notes == ("Without a recipient: sendmail -t needs --to ADDRESS",)
    assert new_library.undo().undoes
    assert not new_library.papers


def test_what_was_not_sent_is_new_again_with_the_same_name(new_library: Library) -> None:
    fill(new_library, "x", "On Sets")
    first = ran("digest", here(new_library), dry_run=True).text
    shown = ran("digest", here(new_library))  # without a way out
    assert (shown.text, len(shown.notes)) == (first, 1)
    with server({"MAIL": "550 no"}) as (port, _), pytest.raises(PapersError, match="Not sent"):
        ran("digest", here(new_library, host="127.0.0.1", port=str(port)), to=TO)
    digest = digest_of(new_library, "is:inbox")
    assert digest is not None
    assert digest == digest_of(new_library, "is:inbox")


@pytest.mark.parametrize("host", ["localhost", "192.0.2.1.example"])
def test_a_mail_leaves_this_machine_encrypted_or_not_at_all(
    new_library: Library, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    fill(new_library, "x", "On Sets")
    create = socket.create_connection
    monkeypatch.setattr("socket.create_connection", lambda at, *_: create(("127.0.0.1", at[1])))
    with server() as (port, mails):
        context = here(new_library, host=host, port=str(port))
        if host == "localhost":
            ran("digest", context, to=TO)
        else:
            with pytest.raises(PapersError, match="STARTTLS"):
                ran("digest", context, to=TO)
    assert len(mails) == (host == "localhost")


def test_any_title_reads_back_and_the_wire_has_short_lines_of_ascii(new_library: Library) -> None:
    titles = [t for p in PAYLOADS if (t := normalize(f"On {p}"))]
    fill(new_library, "x\x1b[2J", *titles)
    data = written(new_library, to=TO)
    assert data.isascii()
    assert max(map(len, data.splitlines())) <= 78
    body = parsed(data).get_body(("plain",))
    assert body is not None
    text = body.get_content()
    for item in new_library.items():
        assert sanitize(item.paper.display_title) in text
    assert "\x1b" not in text


def test_the_same_digest_is_the_same_bytes(new_library: Library) -> None:
    fill(new_library, "x", "On Sets")
    digest = digest_of(new_library, "is:inbox")
    assert digest is not None
    mails = [message(digest, sender=TO, to=TO, at=new_library.now()).as_bytes() for _ in range(2)]
    assert mails[0] == mails[1]


def test_a_view_has_its_own_digest_and_a_list_of_views_of_its_name(new_library: Library) -> None:
    fill(new_library, "x", "On Sets", "On Bags")
    context = here(new_library)
    new_library.change("view Sets", [("views", "Sets", "query", "title:sets")])
    subjects = {
        "title:sets": "1 new paper matching title:sets",
        "Sets": "1 new paper in Sets",
        "is:inbox": "2 new papers in the inbox",
    }
    for view, subject in subjects.items():
        assert parsed(written(new_library, view=view))["Subject"] == subject
    with pytest.raises(UsageError):
        ran("digest", context, view="nosuchfield:x")


def test_a_file_is_not_replaced_and_no_address_is_injected(
    new_library: Library, tmp_path: Path
) -> None:
    fill(new_library, "x", "On Sets")
    path = tmp_path / "mail.eml"
    with pytest.raises(UsageError, match="Not an address"):
        ran("digest", here(new_library), to=f"{TO}\nBcc: eve@example.org", output=str(path))
    for wrong in ("not an address", "ada@", "@example.org", ""):
        with pytest.raises(UsageError, match="Not an address"):
            ran("digest", here(new_library), to=wrong, output=str(path))
        with pytest.raises(UsageError, match="Not an address"):
            ran("digest", here(new_library), to=wrong, install_timer=True)
    with pytest.raises(UsageError, match="No mail server"):
        ran("digest", here(new_library), to=TO)
    ran("digest", here(new_library), to=TO, output=str(path))
    assert parsed(path.read_bytes())["To"] == TO
    fill(new_library, "y", "On Bags")
    ran("digest", here(new_library), to=TO, output=str(path))  # as it is as it was written
    assert "On Bags" in path.read_text("utf-8")
    path.write_text("mine", "utf-8")
    fill(new_library, "z", "On Rings")
    with pytest.raises(ConfirmationError, match="File exists, and was edited since"):
        ran("digest", here(new_library), to=TO, output=str(path))
    ran("digest", here(new_library), to=TO, output=str(path), force=True)
    assert "On Rings" in path.read_text("utf-8")


def test_the_timer_fetches_and_then_sends(
    new_library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.actions.timer.SYSTEMD", tmp_path)
    text = ran("digest", here(new_library), view="is:inbox", to=TO, install_timer=True).text
    starts = [line for line in text.splitlines() if line.startswith("ExecStart=")]
    assert starts[0].startswith("ExecStart=-")
    assert starts[0].endswith(" fetch --quiet")
    assert starts[1].endswith(f" digest is:inbox --to {TO}")


def test_a_timer_without_an_address_is_refused_and_without_a_server_says_so(
    new_library: Library,
) -> None:
    with pytest.raises(UsageError, match="needs an address"):
        ran("digest", here(new_library), install_timer=True)
    notes = ran("digest", here(new_library), to=TO, install_timer=True).notes
    assert notes == ("No mail server is configured: set host under [smtp] in config.toml",)
    assert not ran("digest", here(new_library, host="x"), to=TO, install_timer=True).notes


def test_plain_text_has_the_beginning_of_each_abstract_and_html_more(new_library: Library) -> None:
    abstract = "We show that sets are bags. " * 40
    new_library.add([SourceRecord("On Sets", abstract, "x", 1)], "x")
    lines = ran("digest", here(new_library)).text.splitlines()
    shown = [line for line in lines if line.startswith("  ")]
    assert len(shown) == 6
    assert shown[0].startswith("  We show that sets")
    assert shown[-1].endswith(" …")
    assert max(map(len, shown)) <= 72
    body = parsed(written(new_library)).get_body(("html",))
    assert body is not None
    assert abstract.strip() in body.get_content()


def test_a_name_that_no_view_has_is_an_error_unless_papers_match_it(new_library: Library) -> None:
    context = here(new_library)
    fill(new_library, "x", "On Sets")
    save_view(new_library, "Bags", "bags")
    for name, hint in (("nosuchview", "No paper matches it as a query"), ("bgas", "mean Bags")):
        with pytest.raises(UsageError, match=f"No view “{name}”.*{hint}"):
            ran("digest", context, view=name)
    assert ran("digest", context, view="Bags").message == "Nothing new in Bags"
    assert ran("digest", context, view="cat:cs.CL").notes == ()
    ran("digest", context, view="sets", output="-")
    outcome = ran("digest", context, view="sets")
    assert outcome.message == "Nothing new matching sets"
    assert outcome.notes == ("No view has the name sets, so it is a query",)


def test_what_is_synced_later_from_another_machine_is_new(
    new_library: Library, folder: Path, clock: Clock, tmp_path: Path
) -> None:
    with Library.open(tmp_path / "other", "laptop", now=clock) as other:
        fill(other, "there", "On Trees", "On Bags")
    clock.wait(5)
    fill(new_library, "here", "On Sets", "On Bags")
    first = parsed(written(new_library))
    assert first["Subject"] == "2 new papers in the inbox"
    for path in (tmp_path / "other").rglob("*.jsonl"):
        target = folder / path.relative_to(tmp_path / "other")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    new_library.refresh()
    text = written(new_library)
    assert "On Trees" in text
    assert "On Sets" not in text
    assert "On Bags" not in text  # it was sent
    assert parsed(text)["Message-ID"] != first["Message-ID"]
    assert ran("digest", here(new_library), output="-").message == "Nothing new in the inbox"
