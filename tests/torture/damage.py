"""Libraries that something damaged: each is named and left as it is, or is as it was.

A snapshot is rebuilt, as imports and journal are whole.
"""

import json
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from tests.conftest import NOW
from tests.torture.kills import paper, sighting
from tests.torture.seeded import seeded
from tests.torture.tally import Tally, clear
from tui.errors import PapersError
from tui.library import Library
from tui.storage import restore

FILES: Final = ("papers.json", "triage.json", "journal/desk/2026-01.jsonl")


def _spliced(raw: bytes, other: bytes) -> bytes:
    """Half of one version and half of another, cut where both have the same bytes before."""
    at = raw.index(b'"key"', len(raw) // 2)
    return raw[:at] + other[other.index(b'"key"', len(other) // 2) :]


FIXTURES: Final[dict[str, Callable[[bytes, bytes], bytes]]] = {
    "empty": lambda raw, other: b"",
    "one space": lambda raw, other: b" ",
    "a line end": lambda raw, other: b"\n",
    "null": lambda raw, other: b"null",
    "a list": lambda raw, other: b"[]",
    "a text": lambda raw, other: b'"x"',
    "a number": lambda raw, other: b"1",
    "an empty object": lambda raw, other: b"{}",
    "no table": lambda raw, other: b'{"meta": {"1": {}}}',
    "a stock TinyDB": lambda raw, other: b'{"_default": {"1": {"a": 1}}}',
    "a doubled table": lambda raw, other: raw[:-1] + b', "_default": {}, "_default": {}}',
    "NULs": lambda raw, other: bytes(len(raw)),
    "NULs at the end": lambda raw, other: raw[:-40] + bytes(40),
    "NULs in the middle": lambda raw, other: raw[:200] + bytes(80) + raw[280:],
    "half": lambda raw, other: raw[: len(raw) // 2],
    "all but one byte": lambda raw, other: raw[:-1],
    "twice": lambda raw, other: raw + raw,
    "something after": lambda raw, other: raw + b"}",
    "the other's end": lambda raw, other: raw + other[len(raw) :] + b" x",
    "spliced": _spliced,
    "spliced the other way": lambda raw, other: _spliced(other, raw),
    "UTF-16": lambda raw, other: raw.decode().encode("utf-16"),
    "Latin-1": lambda raw, other: raw.replace("“".encode(), b"\x93") + b"\xff",
    "NaN": lambda raw, other: raw.replace(b": 1", b": NaN", 1),
    "newer": lambda raw, other: re.sub(rb'"schema": \d+', b'"schema": 77', raw, count=1),
    "much newer": lambda raw, other: re.sub(rb'"schema": \d+', b'"schema": "x"', raw, count=1),
    "another app": lambda raw, other: raw.replace(b'"papers-tui"', b'"notes-tui"', 1),
    "no checksum": lambda raw, other: re.sub(rb', "sha256": "\w+"', b"", raw, count=1),
    "a wrong checksum": lambda raw, other: raw.replace(b'"sha256": "', b'"sha256": "0', 1),
    "rewritten": lambda raw, other: json.dumps(json.loads(raw), indent=1).encode(),
    "too deep": lambda raw, other: b"[" * 50_000,
    "binary": lambda raw, other: bytes(range(256)) * 20,
    "a PDF": lambda raw, other: b"%PDF-1.7\n" + raw[9:],
    "a conflict": lambda raw, other: (
        b"<<<<<<< HEAD\n" + raw + b"\n=======\n" + other + b"\n>>>>>>>"
    ),
}


def _made(folder: Path) -> None:
    for hours in (0, 2):
        with Library.open(folder, "desk", now=lambda: NOW + timedelta(hours=hours)) as library:  # noqa: B023
            library.add(sighting(number) for number in range(hours, hours + 4))
            for item in library.items():
                note = f"“{hours}”"
                library.change(note, [("papers", item.key, "note", note)])


def _told(folder: Path) -> tuple[object, bool]:
    with Library.open(folder, "desk", write=False) as library:
        items = [(e.paper, e.state) for e in library.items()]
        return items, bool(library.state.damaged_lines)


def _mutated(raw: bytes, other: bytes, chance: Random) -> bytes:
    """Some bytes are other, gone, new, moved or from another version."""
    data = bytearray(raw)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        place = chance.randrange(len(data)) if data else 0
        length = chance.choice((1, 1, 2, 8, 64, 4_096))
        match chance.randrange(6):
            case 0:
                data[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                data[place : place + 1] = bytes(
                    [(data[place : place + 1] or b"0")[0] ^ (1 << chance.randrange(8))]
                )
            case 2:
                del data[place : place + length]
            case 3:
                data[place:place] = chance.randbytes(min(length, 64))
            case 4:
                data[place : place + length] = other[place : place + length]
            case _:
                data[place:] = b""
    return bytes(data)


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """The fixtures for each file, and as many mutations as are left of the count."""
    tally = Tally()
    intact, other = folder / "made", folder / "other"
    _made(intact)
    shutil.copytree(intact, other)
    with Library.open(other, "desk", now=lambda: NOW) as library:
        library.add([sighting(77)])
        library.change("x", [("papers", paper(0).key, "note", "other")])
    turns: list[tuple[str, Callable[[bytes, bytes], bytes]]] = [
        (file, damage) for file in FILES[:2] for damage in FIXTURES.values()
    ]
    chance.shuffle(turns)
    turns += [
        (chance.choice(FILES), lambda raw, other: _mutated(raw, other, chance))
        for _ in range(count - len(turns))
    ]
    before = _told(intact)[0]
    for file, damage in turns[:count]:
        work = folder / "library"
        clear(work)
        shutil.copytree(intact, work)
        raw = (work / file).read_bytes()
        # Another version's lines would be whole lines of a journal, and no damage.
        second = raw if file.endswith("l") else (other / file).read_bytes()
        damaged = damage(raw, second)
        if damaged in (raw, second):
            continue  # a whole version
        (work / file).write_bytes(damaged)
        tally.tried += 1
        with seeded(fault):
            _try(work, file, damaged, before, tally)
    return tally


def _try(folder: Path, file: str, damaged: bytes, before: object, tally: Tally) -> None:
    try:
        after, is_told = _told(folder)
    except PapersError as error:
        if "\n" in error.message or folder.name not in error.message or not error.hint:
            tally.note("silent", error.message)
        _restore(folder, file, before, tally)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        AssertionError,
    ) as error:
        tally.note("silent", f"{file}: {error!r}")
    else:
        if after != before:
            tally.note("silent" if not is_told else "lost", f"{file}: read as if it were whole")
        elif file in FILES[:2]:
            return  # rebuilt from imports and journal
    is_restored = bool(list(folder.glob("*.damaged-*")))
    if not is_restored and (folder / file).read_bytes() != damaged:
        tally.note("torn", f"{file} was altered")


def _restore(folder: Path, file: str, before: object, tally: Tally) -> None:
    damaged = (folder / file).read_bytes()
    name = "papers-" if file == "papers.json" else "journal"
    sources = [s.name for s in restore.sources(folder, "desk") if s.name.startswith(name)]
    try:
        restored = restore.restore(folder, "desk", sources[0], now=lambda: NOW)
        if _told(folder)[0] != before:
            tally.note("lost", f"{file}: restored from {sources[0]}, and not as it was")
        if restored.kept is None or restored.kept.read_bytes() != damaged:
            tally.note("lost", f"{file}: the damaged one was not kept")
    except PapersError as error:
        tally.note("lost", f"{file}: {error.message}")
