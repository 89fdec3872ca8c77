"""Daily Papers of Hugging Face, by its API: of a day, of a week, and what is trending.

``GET /api/daily_papers`` takes ``date``, ``week``, ``sort``, ``p`` (the page, from 0) and
``limit``. A weekend's list is empty. Without a key, 500 requests in five minutes are served.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from tui.sources.base import Client, Source, Span, read
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.formats.base import ParsedFile

SITE: Final = "https://huggingface.co"
PAGE: Final = 100
_MOST_PAGES: Final = 10

LISTS: Final[Mapping[str, str]] = {
    "daily": "Daily Papers, day by day",
    "trending": "Daily Papers that are trending",
    "weekly": "Daily Papers, week by week",
}


@dataclass(frozen=True, slots=True)
class DailyPapers:
    """One of the lists."""

    list: str
    """A key of ``LISTS``."""

    @property
    def spec(self) -> str:
        """``hf:daily``."""
        return f"hf:{self.list}"

    @property
    def label(self) -> str:
        """Which papers it has."""
        return LISTS[self.list]

    def fetch(self, span: Span, client: Client) -> "Iterator[ParsedFile]":
        """The list of each day or week, in pages."""
        for options in self._questions(span):
            for page in range(_MOST_PAGES):
                parsed = self._page({**options, "p": str(page)} if page else options, span, client)
                if parsed is not None:
                    yield parsed
                if parsed is None or len(parsed.records) < PAGE:
                    break

    def _page(self, options: Mapping[str, str], span: Span, client: Client) -> "ParsedFile | None":
        site = client.addresses.get("hf", SITE).rstrip("/")
        question = urlencode({**options, "limit": str(PAGE)})
        data = client.get(f"{site}/api/daily_papers?{question}", accept="application/json")
        return None if data is None else read(data, "hf_api", self.spec, span.until)

    def _questions(self, span: Span) -> Iterator[dict[str, str]]:
        """The parameters that tell the lists apart."""
        if self.list == "trending":
            yield {"sort": "trending"}
        elif self.list == "weekly":
            for week in dict.fromkeys(f"{day:%G-W%V}" for day in span.days()):
                yield {"week": week}
        elif span.since is None:
            yield {}  # the newest list there is, on a weekend, too
        else:
            for day in span.days():
                yield {"date": day.isoformat()}


def parse(name: str) -> Source | None:
    """The list of a name; ``None`` if there is none."""
    return DailyPapers(name) if name in LISTS else None
