"""Files of every format that were cut, joined and garbled: clean records, or one sentence."""

import time
from pathlib import Path
from random import Random
from typing import Final

from tests.formats.files import FORMATS, sample_of
from tests.strategies import PAYLOADS, TODAY
from tests.torture.pages import HARMFUL
from tests.torture.seeded import seeded
from tests.torture.tally import Tally
from tui.errors import InputError
from tui.formats.importers import read
from tui.model.paper import merge

HARM: Final = (
    *(payload.encode(errors="replace") for payload in PAYLOADS),
    *(b"null", b"[]", b"{}", b"-1", b"1e999", b"9" * 5_000, b'"', b"\n", b"[" * 2_000, b"\xff"),
    *(b"<entry>", b"</entry>", b"<!DOCTYPE x>", b"&x;", b"<!--", b"TY  - \n", b"ER  - \n"),
    *(b"@misc{x,", b"@string{may = {", b"}}}}", b"\\'{", b"$$", b" and ", b"](", b"[![", b"\\\\"),
)
RUNS: Final = tuple(char.encode() for char in " \t\n\\,(-_'&<$[{*")
"""Runs of these are slow to read for a pattern that starts again at each place."""
MANY: Final = 100_000
"""Bytes of a file that is one piece of another over and over."""
MOST: Final = 2.0
"""Seconds for each million bytes."""


def _mutated(data: bytes, chance: Random) -> bytes:
    if chance.random() < 0.02:
        start = chance.randrange(len(data))
        piece = chance.choice((data[start : start + chance.randint(1, 40)], chance.choice(RUNS)))
        return data[:start] + piece * (MANY // len(piece)) + data[start:] * chance.randint(0, 1)
    for _ in range(chance.randint(1, 4)):
        place, length = chance.randrange(len(data) + 1), chance.choice((0, 0, 1, 9, 300))
        other = chance.randrange(len(data) + 1)
        piece = chance.choice((chance.choice(HARM), data[other : other + 300], b""))
        data = data[:place] + piece + data[place + length :]
    return data


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """Mutations of the samples of all formats in turn, half of them with the format named."""
    tally = Tally()
    names = list(FORMATS)
    with seeded(fault):
        for number in range(count):
            name = names[number % len(names)]
            format = chance.choice((FORMATS[name], ""))
            _try(_mutated(sample_of(name), chance), format, tally)
    return tally


def _try(data: bytes, format: str, tally: Tally) -> None:
    tally.tried += 1
    start = time.process_time()
    try:
        file = read(data, "a.file", today=TODAY, format=format)
    except InputError as error:
        if "\n" in error.message:
            tally.note("silent", error.message)
        return
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        tally.note("silent", f"{error!r} in {format} at {data[:200]!r}")
        return
    finally:
        seconds = time.process_time() - start
        if seconds > max(MOST * len(data) / 1_000_000, 0.5):
            tally.note("silent", f"{seconds:.1f} s for {len(data):,} bytes: {data[:200]!r}")
    for record in (*file.records, *file.updates):
        texts = (record.title, record.abstract or "", *record.authors, *record.urls)
        if not record.title or any(map(HARMFUL.search, texts)):
            tally.note("torn", f"{texts!r}")
        merge([record])
