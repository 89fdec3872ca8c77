"""Hostile titles, names and notes, exported and read back by readers that are not ours."""

import io
import json
import os
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from random import Random
from typing import Final

from tests.formats.test_citation import from_tex, read_bibtex
from tests.formats.test_markdown import BLOCKS, LINKS, item_of, items, shape, title_link, words_of
from tests.strategies import PAYLOADS
from tests.torture.kills import paper
from tests.torture.seeded import seeded
from tests.torture.tally import Tally
from tui.__main__ import main
from tui.errors import PapersError
from tui.exchange.export_files import export
from tui.formats.exporters import ExportOptions, bibtex, markdown
from tui.formats.exporters.json import record
from tui.formats.json_text import dumps
from tui.library import Library
from tui.model.state import Item
from tui.model.text import normalize, sanitize

# The first sign of one is the folder of the suite.
# An @ stands for the folder of the suite.
NAMES: Final = (
    *(
        "../../x",
        "@/x",
        "a/b",
        "..",
        ".",
        "~",
        "~root",
        "-rf",
        "--force",
        "con",
        "NUL",
        "aux.md",
    ),
    *(
        "a\x00b",
        "a\nb",
        "a\x1b[2Jb",
        "\u202egnp",
        "x" * 300,
        "日本語" * 80,
        "",
        " ",
        "....",
        "CON ",
    ),
    *("a.md", ".hidden", "a\\b", "C:\\x", "file:///etc/passwd", "$(id)", "`id`", "a;b", "*"),
)
PIECES: Final = (*PAYLOADS, *BLOCKS, *LINKS)


def _text(chance: Random) -> str:
    """One line of anything, as the library keeps it."""
    parts = []
    for _ in range(chance.randint(1, 4)):
        if chance.random() < 0.6:
            parts.append(chance.choice(PIECES))
        else:
            points = (chance.randrange(0x20, 0x250), chance.randrange(0x11_0000))
            parts.append("".join(chr(chance.choice(points)) for _ in range(chance.randint(1, 12))))
    return normalize("".join(parts)) or "x"


def _as_markdown(odd: Item, plain: Item) -> None:
    text = str(markdown.document([odd], ExportOptions("L")))
    assert shape(text) == shape(str(markdown.document([plain], ExportOptions("L")))), (
        "another structure"
    )
    (item,) = items(text)
    link = title_link(item)
    assert words_of(link) == sanitize(odd.paper.display_title), "another title"
    assert str(link.attrs["href"]).startswith("https://arxiv.org/"), "another link"


def _as_bibtex(odd: Item, plain: Item) -> None:
    ((kind, _, fields),) = read_bibtex("".join(bibtex.write([odd], ExportOptions())))
    assert kind == "misc", "another kind"
    assert from_tex(fields["title"][1:-1]) == sanitize(odd.paper.display_title), "another title"


def _as_json(odd: Item, plain: Item) -> None:
    text = dumps(record(odd))
    assert json.loads(text)["title"] == odd.paper.title, "another title"
    assert not [c for c in text if (c < " " and c != "\n") or "\x7f" <= c <= "\x9f"], "a control"


FORMATS: Final[tuple[Callable[[Item, Item], None], ...]] = (_as_markdown, _as_bibtex, _as_json)


def _name(name: str, folder: Path, tally: Tally) -> None:
    """A list of that name is exported into a folder, and nothing is written outside of it."""
    base = folder / "names"
    inside = base / "inside"
    inside.mkdir(parents=True, exist_ok=True)
    name = name.replace("@", str(folder))
    before = set(folder.rglob("*"))
    try:
        with Library.open(folder / "library", "desk", wait=0) as library:
            if not len(library):
                library.seed([paper(1)])
            export(library, name, library.items(), inside, of_list=False, force=True)
    except (PapersError, ValueError, OSError) as error:
        if not isinstance(error, PapersError):
            tally.note("silent", f"{name!r}: {error!r}")
        return
    new = {path for path in folder.rglob("*") if path.is_file()} - before
    for path in new:
        own = {folder / "library", folder / "home" / "papers-tui"}  # with the state of the app
        at_home = path.parent == inside or not own.isdisjoint(path.parents)
        plain = path.name.isprintable() and len(os.fsencode(path.name)) < 100
        if not at_home or (path.parent == inside and (path.name[0] in ".-" or not plain)):
            tally.note("torn", f"{name!r} was written to {path}")


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """Each payload in each format, the names, and random texts."""
    tally = Tally()
    plain = item_of("Plain")
    turns = [(normalize(text) or "x", way) for text in PIECES for way in FORMATS]
    chance.shuffle(turns)
    turns = turns[: max(count - len(NAMES), 0)]
    turns += [
        (_text(chance), chance.choice(FORMATS)) for _ in range(count - len(NAMES) - len(turns))
    ]
    with seeded(fault):
        for text, way in turns:
            tally.tried += 1
            try:
                way(item_of(text), plain)
            except (AssertionError, ValueError, KeyError, IndexError) as error:
                tally.note("torn", f"{way.__name__} of {text!r}: {error!r}")
        for name in NAMES[:count]:
            tally.tried += 1
            _name(name, folder, tally)
        shown = io.StringIO()
        with redirect_stdout(shown):
            main(["--library", str(folder / "library"), "export", "--query", "*", "-o", "-"])
        if any(c < " " and c != "\n" for c in shown.getvalue()):
            tally.note("torn", "a control on standard output")
    return tally
