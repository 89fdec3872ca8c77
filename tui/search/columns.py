"""The facts of all papers: a column per field and a row per paper.

The columns are derived from ``tui.model.fields``. Rows are in the order in which papers were added;
``newest`` is the order in which they are listed.
"""

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, Final, TypeVar

from tui.model.fields import RANGES, Field, Kind, ordinal
from tui.model.paper import Paper
from tui.model.state import DEFAULT_STATE, Item
from tui.search.cache_file import Column, Numbers, StringColumn
from tui.search.word_index import SEARCHED, folded

MISSING: Final = -1
"""A missing value in a column of numbers."""

AGE, SEEN, ARRIVAL = "age", "seen", "arrival"
"""Columns besides those of fields: the default order, the number of source records, and when the
paper came; see ``arrival_of``."""


def _count(value: int | None) -> int:
    """A number as in a column, clamped to a billion, as columns have 32 bits."""
    return MISSING if value is None else min(max(value, 0), 10**9)


def _day(value: date | str | None) -> int:
    day = ordinal(value)
    return MISSING if day is None else day


def _presence(value: object) -> int:
    return 1 if value else MISSING


def number_of(field: Field) -> Callable[[Any], int]:
    """A function from a value of a field to its number, or ``MISSING``."""
    if field.kind is Kind.NUMBER:
        return _count
    return _day if field.kind in RANGES else _presence


def _paths(is_column: Callable[[Field], bool]) -> dict[str, Field]:
    return {f.row.path: f for f in reversed(Field) if is_column(f) and not f.is_state}


_NUMBERS: Final = _paths(lambda f: bool(f.kind in RANGES or f.row.has))
"""Columns of numbers by path: values of ranges, and presence of others."""
_TEXTS: Final = _paths(lambda f: f.kind is Kind.EXACT or f is Field.TITLE)
"""Columns of texts by path, folded except for keys."""
_TYPES: Final = {
    **{path: "i" if field.kind in RANGES else "b" for path, field in _NUMBERS.items()},
    AGE: "i",
    SEEN: "I",
    ARRIVAL: "I",
}

SIGNS, PLACE = "signs", "place"
"""Columns of texts besides those of fields: the signs of each paper, separated by tabs, and where
it stands on its page."""

LAYOUT: Final = ",".join(
    [*(f"{name}:{code}" for name, code in _TYPES.items()), *_TEXTS, SIGNS, PLACE, *SEARCHED]
)
"""The columns and words, with their types: a cache with another layout is invalid."""

_TEXT_NAMES: Final = (*_TEXTS, SIGNS, PLACE)

NEWEST, SUMS, ROWS = "newest", "sums", "rows"
"""Columns of rows: in the default order; and by the checksums of their keys, which are sorted."""

Row = tuple[int | str, ...]
"""The values of one paper: numbers in the order of their columns, then texts."""

DELETED: Final[Row] = (0,) * len(_TYPES) + ("",) * len(_TEXT_NAMES)
"""The row of a paper that is not in the file any more."""

T = TypeVar("T")


def row_of(paper: Paper, added: str | None) -> Row:
    """The row of a paper added on a day."""
    from tui.model.identity import signs_of_all  # here, as rows come from the cache at a start

    item = Item(paper, DEFAULT_STATE, added)
    numbers = (number_of(field)(field.of(item)) for field in _NUMBERS.values())
    texts = (_text(field, field.of(item)) for field in _TEXTS.values())
    signs = "\t".join(signs_of_all(paper.records))
    arrival = arrival_of(*paper.imports[:1]) or 86_400 * max(_day(added) - _EPOCH, 0)
    return (*numbers, _age(paper), len(set(paper.files)), arrival, *texts, signs, _place(paper))


def _text(field: Field, value: str | tuple[str, ...] | None) -> str:
    """One text, or several separated by tabs."""
    if field is Field.ID:
        return str(value)
    return "\t".join(map(folded, value)) if isinstance(value, tuple) else folded(value or "")


class _Late(dict[str, T]):
    """Values by name, each made when it is first used."""

    def __init__(self, make: Callable[[str], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> T:
        value = self[name] = self._make(name)
        return value


class Columns:
    """All columns; immutable."""

    def __init__(self, numbers: Mapping[str, Numbers], texts: Mapping[str, StringColumn]) -> None:
        self._numbers = numbers
        self._texts = texts

    @cached_property
    def newest(self) -> Numbers:
        """All rows in the default order."""
        return self._numbers[NEWEST]

    @cached_property
    def seen(self) -> Numbers:
        """The number of source records of each paper."""
        return self._numbers[SEEN]

    @cached_property
    def arrival(self) -> Numbers:
        """When each paper came; see ``arrival_of``."""
        return self._numbers[ARRIVAL]

    @cached_property
    def keys(self) -> StringColumn:
        """The key of each paper."""
        return self._texts[Field.ID.row.path]

    @cached_property
    def titles(self) -> StringColumn:
        """The title of each paper, folded."""
        return self._texts[Field.TITLE.row.path]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Columns":
        """Builds the columns of some rows. Cost: linear, plus sorting."""
        empty = cls(
            {name: array(code) for name, code in _TYPES.items()},
            {name: StringColumn(b"", array("I")) for name in _TEXT_NAMES},
        )
        return empty.with_more(rows)

    def with_more(self, rows: Iterable[Row]) -> "Columns":
        """The columns with more rows at their ends."""
        added = list(zip(*rows, strict=True)) or [()] * (len(_TYPES) + len(_TEXT_NAMES))
        numbers = {name: array(code, self._numbers[name]) for name, code in _TYPES.items()}
        for column, values in zip(numbers.values(), added[: len(_TYPES)], strict=True):
            column.extend(values)
        texts = {
            name: self._texts[name].and_more(values)
            for name, values in zip(_TEXT_NAMES, added[len(_TYPES) :], strict=True)
        }
        places_on_page = list(texts[PLACE])
        ages = list(zip(numbers[AGE], numbers[ARRIVAL], strict=True))
        newest = sorted(range(len(ages)), key=places_on_page.__getitem__)
        newest.sort(key=ages.__getitem__, reverse=True)
        pairs = sorted((zlib.crc32(key), row) for row, key in enumerate(texts[Field.ID.row.path]))
        sums, places = array("I"), array("I")
        for total, row in pairs:
            sums.append(total)
            places.append(row)
        orders = {NEWEST: array("I", newest), SUMS: sums, ROWS: places}
        return Columns(numbers | orders, texts)

    def __len__(self) -> int:
        return len(self.newest)

    def numbers(self, field: Field) -> "Numbers | None":
        """The column of numbers of a range field; ``None`` if it has none."""
        path = field.row.path
        return self._numbers[path] if field.kind in RANGES and path in _NUMBERS else None

    def presence(self, field: Field) -> Numbers:
        """The column that is ``MISSING`` for papers without a field."""
        return self._numbers[field.row.path]

    def texts(self, field: Field) -> StringColumn | None:
        """The column of texts of a field; ``None`` if it has none."""
        return self._texts[field.row.path] if field.row.path in _TEXTS else None

    def key(self, row: int) -> str:
        """The key of the paper of a row."""
        return self.keys[row].decode()

    def rows(self, key: str) -> Iterator[int]:
        """The rows of a key, newest last: a changed paper has more than one."""
        encoded = key.encode(errors="replace")
        total = zlib.crc32(encoded)
        sums, rows = self._numbers[SUMS], self._numbers[ROWS]
        place = bisect_left(sums, total)
        while place < len(sums) and sums[place] == total:
            row = rows[place]
            if self.keys[row] == encoded:
                yield row
            place += 1

    def added_on(self, row: int) -> str | None:
        """The day on which a paper was added, ISO 8601."""
        day = self._numbers[Field.ADDED.row.path][row]
        return None if day == MISSING else date.fromordinal(day).isoformat()

    def signs(self, row: int) -> list[str]:
        """The signs of the paper of a row; see ``identity.signs``."""
        return self._texts[SIGNS][row].decode().split("\t")

    def columns(self) -> dict[str, Column]:
        """Everything, for a cache file."""
        names = (*_TYPES, NEWEST, SUMS, ROWS)
        columns: dict[str, Column] = {name: memoryview(self._numbers[name]) for name in names}
        for name in _TEXT_NAMES:
            text = self._texts[name]
            columns |= {f"{name}.text": text.blob, f"{name}.ends": memoryview(text.ends)}
        return columns

    @classmethod
    def from_columns(cls, get: Callable[..., Sequence[memoryview]]) -> "Columns":
        """Restores what ``columns`` returned; ``get`` is called for each at its first use."""
        return cls(
            _Late(lambda name: get(name)[0]),
            _Late(lambda name: StringColumn(*get(f"{name}.text", f"{name}.ends"))),
        )


@lru_cache(maxsize=1024)  # an import brings many papers
def arrival_of(id: str = "") -> int:
    """The second of an import, since 1970 in UTC, by its id; 0 if it is none.

    Imports of one machine have seconds of their own.
    """
    digits = id[:8] + id[9:15]
    if len(digits) < 14 or not (digits.isascii() and digits.isdigit()):
        return 0
    year, month, day, hour, minute, second = (int(digits[a:b]) for a, b in _PLACES)
    try:
        days = date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return 0
    return min(max(86_400 * days + 3_600 * hour + 60 * minute + second, 0), 2**32 - 1)


_EPOCH: Final = date(1970, 1, 1).toordinal()
_PLACES: Final = ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14))


def _place(paper: Paper) -> str:
    """Where it stands on its newest page: a text that sorts by file and line."""
    record = max(paper.records, key=lambda record: record.page_day or "")
    return f"{record.file}\t{record.line:09}"


def _age(paper: Paper) -> int:
    """The default sort key: no day, then days without a year, page days, publication dates."""
    if paper.published:
        return 10_000_000 + paper.published.toordinal()
    day = paper.page_day or ""
    if day.startswith("--"):
        digits = "".join(chain(day[2:4], day[5:7]))
        return int(digits) if digits.isascii() and digits.isdigit() else 1
    return 0 if not day else max(_day(day), 1) + 10_000
