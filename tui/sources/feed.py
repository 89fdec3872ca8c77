"""Any feed, Atom or RSS."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.errors import UsageError
from tui.model.text import sanitize
from tui.sources.base import Client, Source, Span, dated, read
from tui.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.formats.base import ParsedFile

_HERE: Final = re.compile(r"http://(?:localhost|127\.0\.0\.1|\[::1\])[:/]")
_ACCEPT: Final = "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed by its address."""

    url: str

    @property
    def spec(self) -> str:
        """``feed:https://example.org/feed.xml``."""
        return f"feed:{self.url}"

    @property
    def label(self) -> str:
        """The kind of source."""
        return "feed"

    def fetch(self, span: Span, client: Client) -> "Iterator[ParsedFile]":
        """The papers in it now; a feed has no other days."""
        data = client.get(self.url, accept=_ACCEPT)
        if data is not None:
            parsed = read(data, "feed", self.spec, span.until)
            yield replace(parsed, records=tuple(map(dated, parsed.records)))


def parse(text: str) -> Source | None:
    """The feed of an address; ``None`` if it is none.

    Raises:
        UsageError: If it is one that is never fetched; of this machine, the configuration decides.
    """
    url = text.strip()
    if not url.startswith(("https://", "http://")) or not url.isascii() or " " in url:
        return None
    if not url.startswith("https://") and not _HERE.match(url):
        safe = sanitize(url.replace("http", "https", 1), 80)
        raise UsageError(f"Not an https address: {sanitize(url, 80)}", f"Try feed:{safe}.")
    return Feed(url)
