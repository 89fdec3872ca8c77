"""Pages that were cut, joined, garbled and are no pages: taken, or refused in a sentence."""

import gzip
import re
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from tests.strategies import HEADER, SEEDS, TODAY
from tests.torture.seeded import seeded
from tests.torture.tally import Tally
from tui.errors import InputError
from tui.formats.importers import read
from tui.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable

HARMFUL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
BREAKS: Final = ("\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e")
"""What ``splitlines`` takes for the end of a line, and a page does not."""

PAGE: Final = "\n".join(
    [*HEADER, "A Title of a Paper", "", "What it says is said in this sentence.", ""]
).encode()

FIXTURES: Final[dict[str, bytes]] = {
    **dict.fromkeys(("empty",), b""),
    "blanks": b" \n\t\n",
    "NULs": bytes(500),
    "binary": bytes(range(256)) * 9,
    "gzip": gzip.compress(PAGE),
    "a PDF": b"%PDF-1.7\n" + PAGE,
    "a PNG": b"\x89PNG\r\n\x1a\n" + bytes(90),
    "a program": b"\x7fELF" + bytes(90),
    "HTML": b"<!DOCTYPE html><html><body>" + PAGE,
    "JSON": b'{"papers": []}',
    "Latin-1": PAGE + "é".encode("latin-1"),
    "UTF-16": PAGE.decode().encode("utf-16"),
    "UTF-16 without a mark": PAGE.decode().encode("utf-16-le"),
    "UTF-32": PAGE.decode().encode("utf-32"),
    "a byte order mark": b"\xef\xbb\xbf" + PAGE,
    "CRLF": PAGE.replace(b"\n", b"\r\n"),
    "CR": PAGE.replace(b"\n", b"\r"),
    "a NUL inside": PAGE.replace(b"says", b"sa\x00ys"),
    "cut in a letter": PAGE + "é".encode()[:1],
    "surrogates": PAGE + b"\xed\xa0\x80",
    "overlong": PAGE + b"\xc0\xaf",
    "a title and no more": "\n".join([*HEADER, "A Title"]).encode(),
    "the header alone": "\n".join(HEADER).encode(),
    "the header twice": "\n".join([*HEADER, *HEADER]).encode(),
    "prose": b"hello\nworld\n",
    "one long line": b"word " * 200_000,
    "many lines": b"a\n" * 50_000,
    "many blank lines": b"\n" * 200_000 + PAGE,
    "escapes": PAGE.replace(b"Title", b"\x1b]0;x\x07\x1b[2JTitle"),
    "bidi": PAGE.replace(b"Title", "\u202eTitle\u2066".encode()),
    "dates that are none": PAGE + b"Feb 30, 2023\nJan 1, 0000\nDec 31, 9999\n",
    "numbers that are large": PAGE + "  • 99999999999999999999 authors\n·\nMay 1 9e99\n".encode(),
    **{
        f"a break, {ord(char):x}": PAGE.replace(b" says ", f"{char}May 1, 2024{char}".encode())
        for char in BREAKS
    },
}


def _mutated(lines: list[str], chance: Random) -> bytes:
    lines = list(lines)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(lines)) if lines else 0
        match chance.randrange(9):
            case 0:
                del lines[place:]
            case 1:
                del lines[place : place + chance.randint(1, 5)]
            case 2:
                lines[place : place + 2] = ["".join(lines[place : place + 2])]
            case 3:
                lines.insert(
                    place, chance.choice((*HEADER, "", "·", "  • 5 authors", "May 1, 2024"))
                )
            case 4 if lines:
                cut = chance.randrange(len(lines[place]) + 1)
                lines[place : place + 1] = [lines[place][:cut], lines[place][cut:]]
            case 5:
                other = chance.randrange(len(lines) + 1)
                lines[place:place] = lines[other : other + 20]
            case 6 if lines:
                lines[place] = lines[place][: chance.randrange(len(lines[place]) + 1)]
            case 7 if lines:
                lines[place] += chance.choice(("\x1b[2J", "\u202e", "\x00", "\ufeff", *BREAKS))
            case _:
                chance.shuffle(lines[place : place + 9])
    data = bytearray("\n".join(lines).encode("utf-8", "surrogatepass"))
    if chance.random() < 0.3 and data:
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.1:
        del data[chance.randrange(len(data) + 1) :]
    return bytes(data)


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """The fixtures, and mutations of the shipped pages, imported into one library."""
    tally = Tally()
    pages = [path.read_text("utf-8").split("\n") for path in sorted(SEEDS.glob("*.txt"))]
    turns: list[Callable[[], bytes]] = [lambda data=data: data for data in FIXTURES.values()]  # type: ignore[misc]
    turns += [lambda: _mutated(_part(chance.choice(pages), chance), chance)] * (count - len(turns))
    with seeded(fault), Library.open(folder / "library", "desk", wait=0) as library:
        library.add(
            read(
                SEEDS.joinpath("003_b6d385ff90a6989c.txt").read_bytes(), "3.txt", today=TODAY
            ).records
        )
        for item in library.items():
            library.change("note", [("papers", item.key, "note", f"of {item.key}")])
        states = {item.key: item.state for item in library.items()}
        for turn in turns[:count]:
            tally.tried += 1
            _try(turn(), library, tally)
        for key, decision in states.items():
            if library.state.of(key) != decision:
                tally.note("lost", key)
        _breaks(tally)
    return tally


def _part(lines: list[str], chance: Random) -> list[str]:
    """Some lines in a row, as reading a whole page takes its time."""
    start = chance.randrange(len(lines))
    return lines[:12] + lines[start : start + chance.randint(5, 60)]


def _try(data: bytes, library: Library, tally: Tally) -> None:
    try:
        reading = read(data, "page.txt", today=TODAY, force=True)
        library.add(reading.records, dry_run=True)
    except InputError as error:
        if "\n" in error.message:
            tally.note("silent", error.message)
        return
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        tally.note("silent", f"{error!r} at {data[:200]!r}")
        return
    for record in reading.records:
        if HARMFUL.search(record.title + (record.abstract or "")) or not record.title:
            tally.note("torn", f"{record.title!r}")


def _breaks(tally: Tally) -> None:
    """A break that is none cuts no abstract."""
    (whole,) = read(PAGE, "page.txt", today=TODAY).records
    for char in BREAKS:
        tally.tried += 1
        records = read(FIXTURES[f"a break, {ord(char):x}"], "page.txt", today=TODAY).records
        if len(records) != 1 or len(records[0].abstract or "") < len(whole.abstract or ""):
            tally.note("torn", f"{char!r} cut the abstract")
