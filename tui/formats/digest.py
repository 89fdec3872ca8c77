"""New papers as a mail, in plain text and as HTML that any program shows: no styles or pictures.

It is built by the standard library alone, as ASCII whatever the papers say.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from textwrap import shorten, wrap
from typing import Final

from tui.model.describe import UPVOTED, facts
from tui.model.fields import Detail
from tui.model.paper import Paper
from tui.model.state import Item
from tui.model.text import sanitize
from tui.values import dataclass

_CHARACTERS: Final = 400
"""What plain text has of an abstract; in HTML it is longer."""
_COLUMNS: Final = 72
DOMAIN: Final = "papers-tui.invalid"
"""What stands after the @ of a name that is no address (RFC 2606)."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What a mail says."""

    name: str
    """The view or the query, as it was typed."""
    subject: str
    """What is in it, in a few words: ``3 new papers in the inbox``."""
    summary: str
    """The same as a sentence, perhaps with another."""
    groups: Sequence[tuple[str, Sequence[Item]]]
    """Headings with their papers."""
    count: int
    """How many papers are new, also those that are not in it."""
    imports: Sequence[str]
    """The imports that its papers came with, oldest first, which tell it from the next one."""


def plain(digest: Digest) -> str:
    """The mail as plain text, with the beginning of each abstract."""
    lines = [digest.summary, ""]
    for heading, items in digest.groups:
        lines += [sanitize(heading), "-" * min(len(heading), 60), ""]
        for item in items:
            lines += [sanitize(item.paper.display_title), *_facts(item), item.paper.link]
            lines += [*_beginning(item.paper), ""]
    return "\n".join(lines)


def html(digest: Digest) -> str:
    """The mail as HTML."""
    lines = [f"<p>{escape(digest.summary)}</p>"]
    for heading, items in digest.groups:
        lines += [f"<h2>{escape(sanitize(heading))}</h2>", "<ol>"]
        lines += [line for item in items for line in _entry(item)]
        lines.append("</ol>")
    return "<!doctype html>\n<html><body>\n" + "\n".join(lines) + "\n</body></html>\n"


def message(digest: Digest, *, sender: str, to: str, at: datetime) -> EmailMessage:
    """The mail. Sent twice it is one, as it has the same ``Message-ID``.

    Raises:
        ValueError: If an address has a line break.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    if to:
        mail["To"] = to
    mail["Subject"] = digest.subject
    mail["Date"] = format_datetime(at)
    names = "\0".join((digest.name, *digest.imports))
    id = hashlib.sha256(names.encode(errors="replace")).hexdigest()[:24]
    mail["Message-ID"] = f"<{id}@{DOMAIN}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Id"] = f"<digest.{DOMAIN}>"
    mail.set_content(plain(digest), cte="quoted-printable")
    mail.add_alternative(html(digest), subtype="html", cte="quoted-printable")
    mail.set_boundary(f"={id}=")  # no quoted-printable line begins so
    return mail


def _facts(item: Item) -> Iterable[str]:
    """The facts of a paper, but for the key by which the user cites it."""
    paper = replace(item.paper, citation_key=None)
    phrases = facts(replace(item, paper=paper), Detail.FULL, UPVOTED)
    return [" · ".join(phrases)] if phrases else []


def _beginning(paper: Paper) -> list[str]:
    """The beginning of an abstract in lines, indented."""
    abstract = shorten(sanitize(paper.display_abstract, 2_000), _CHARACTERS, placeholder=" …")
    return [f"  {line}" for line in wrap(abstract, _COLUMNS - 2)]


def _entry(item: Item) -> Iterator[str]:
    paper = item.paper
    yield f'<li><a href="{escape(paper.link)}">{escape(sanitize(paper.display_title))}</a>'
    for line in _facts(item):
        yield f"<br>{escape(line)}"
    if paper.abstract:
        yield f"<p>{escape(sanitize(paper.display_abstract, 2_000))}</p>"
    yield "</li>"
