"""What an index knows of each paper besides its words: a column a fact, a row a paper.

Rows are in the order in which papers came; ``newest`` is the order in which they are listed.
"""

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Final, NamedTuple

from tui.model.paper import Paper
from tui.search.cache_file import Column, Numbers, StringColumn
from tui.search.postings import folded

MISSING: Final = -1
"""No number is stated."""
HAS_ABSTRACT, HAS_URL, HAS_DATE, HAS_UPVOTES, HAS_AUTHORS = 1, 2, 4, 8, 16

_NUMBERS: Final = {
    "published": "i",
    "age": "i",
    "upvotes": "i",
    "authors": "i",
    "added": "i",
    "seen": "I",
    "has": "B",
}
_TEXTS: Final = ("keys", "titles", "files")


class Row(NamedTuple):
    """The facts of one paper."""

    key: str
    title: str
    """Folded."""
    files: str
    """The names of the pages it was seen in, folded, parted by tabs."""
    published: int
    """Days are proleptic ordinals, or ``MISSING``."""
    age: int
    """Rises with the day; see ``Paper.age_rank``, of which it is the number."""
    upvotes: int
    authors: int
    added: int
    seen: int
    """Number of source records."""
    has: int
    """Flags, ``HAS_ABSTRACT`` and so on."""


def row_of(paper: Paper, added: str | None) -> Row:
    """The facts of a paper that the library has since a day."""
    has = (
        (HAS_ABSTRACT if paper.abstract else 0)
        | (HAS_URL if paper.urls else 0)
        | (HAS_DATE if paper.published else 0)
        | (HAS_UPVOTES if paper.upvotes is not None else 0)
        | (HAS_AUTHORS if paper.author_count is not None else 0)
    )
    return Row(
        key=paper.key,
        title=folded(paper.title),
        files="\t".join(folded(sighting.file) for sighting in paper.records),
        published=paper.published.toordinal() if paper.published else MISSING,
        age=_age(paper),
        upvotes=_number(paper.upvotes),
        authors=_number(paper.author_count),
        added=_day(added),
        seen=len(paper.records),
        has=has,
    )


class Table:
    """The columns. They do not change, but for those that ``with_more`` makes."""

    def __init__(
        self,
        numbers: Mapping[str, Numbers],
        texts: Mapping[str, StringColumn],
        orders: tuple[Numbers, ...],
    ) -> None:
        """Takes what ``of`` or ``from_columns`` made."""
        self.published = numbers["published"]
        self.age = numbers["age"]
        self.upvotes = numbers["upvotes"]
        self.authors = numbers["authors"]
        self.added = numbers["added"]
        self.seen = numbers["seen"]
        self.has = numbers["has"]
        self.keys = texts["keys"]
        self.titles = texts["titles"]
        self.files = texts["files"]
        self.newest, self._sums, self._rows = orders
        self._numbers = numbers
        self._texts = texts

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Table":
        """Makes the columns of some rows. Cost: linear, and sorting them."""
        empty = cls(
            {name: array(kind) for name, kind in _NUMBERS.items()},
            {name: StringColumn(b"", array("I")) for name in _TEXTS},
            (array("I"), array("I"), array("I")),
        )
        return empty.with_more(rows)

    def with_more(self, rows: Iterable[Row]) -> "Table":
        """These columns with more rows at their ends."""
        added = list(rows)
        numbers = {name: array(kind, self._numbers[name]) for name, kind in _NUMBERS.items()}
        for name, column in numbers.items():
            column.extend(getattr(row, name) for row in added)
        texts = {
            name: self._texts[name].and_more(
                getattr(row, name[:-1] if name != "files" else name) for row in added
            )
            for name in _TEXTS
        }
        titles = list(texts["titles"])
        newest = sorted(range(len(titles)), key=titles.__getitem__)
        newest.sort(key=numbers["age"].__getitem__, reverse=True)
        pairs = sorted((zlib.crc32(key), row) for row, key in enumerate(texts["keys"]))
        sums, places = (
            (array("I", column) for column in zip(*pairs, strict=True))
            if pairs
            else (
                array("I"),
                array("I"),
            )
        )
        return Table(numbers, texts, (array("I", newest), sums, places))

    def __len__(self) -> int:
        return len(self.has)

    def key(self, row: int) -> str:
        """The key of the paper of a row."""
        return self.keys[row].decode()

    def rows(self, key: str) -> Iterator[int]:
        """The rows of a key, the newest last: a paper that changed has more than one."""
        wanted = key.encode(errors="replace")
        total = zlib.crc32(wanted)
        place = bisect_left(self._sums, total)
        while place < len(self._sums) and self._sums[place] == total:
            row = self._rows[place]
            if self.keys[row] == wanted:
                yield row
            place += 1

    def added_on(self, row: int) -> str | None:
        """The day on which the library first had a paper, ISO 8601."""
        day = self.added[row]
        return None if day == MISSING else date.fromordinal(day).isoformat()

    def columns(self) -> dict[str, Column]:
        """All of it, to be kept in a file."""
        columns: dict[str, Column] = {name: memoryview(c) for name, c in self._numbers.items()}
        for name, text in self._texts.items():
            columns |= {f"{name}.text": text.blob, f"{name}.ends": memoryview(text.ends)}
        orders = zip(("newest", "sums", "rows"), (self.newest, self._sums, self._rows), strict=True)
        return columns | {name: memoryview(order) for name, order in orders}

    @classmethod
    def from_columns(cls, kept: Mapping[str, memoryview]) -> "Table":
        """What ``columns`` gave."""
        return cls(
            {name: kept[name] for name in _NUMBERS},
            {name: StringColumn(kept[f"{name}.text"], kept[f"{name}.ends"]) for name in _TEXTS},
            (kept["newest"], kept["sums"], kept["rows"]),
        )


def _number(value: int | None) -> int:
    """A count as a column holds it; nobody counts beyond a billion, and a column cannot."""
    return MISSING if value is None else min(max(value, 0), 10**9)


def _day(text: str | None) -> int:
    try:
        return date.fromisoformat(text[:10]).toordinal() if text else MISSING
    except ValueError:
        return MISSING


def _age(paper: Paper) -> int:
    """The order of ``Paper.age_rank``: no day, then days without a year, of pages, of papers."""
    if paper.published:
        return 10_000_000 + paper.published.toordinal()
    day = paper.page_day or ""
    if day.startswith("--"):
        digits = "".join(chain(day[2:4], day[5:7]))
        return int(digits) if digits.isascii() and digits.isdigit() else 1
    return 0 if not day else max(_day(day), 1) + 10_000
