"""What other programs misread of what is exported: ``python -m tests.formats.exchange [-v]``.

The records are ten of the corpus and ten made up of what breaks readers; then the corpus. pandoc is
used where it is installed; citation-js, the parser of Better BibTeX, and mldoc, which is Logseq's,
where ``NODE_PATH`` names a folder that has them: ``npm install @citation-js/core
@citation-js/plugin-bibtex @citation-js/plugin-ris @citation-js/plugin-csl
@retorquere/bibtex-parser mldoc``.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from tests.strategies import SEEDS, TODAY
from tui.formats import exporters, importers, notes
from tui.formats.bibliography import split_name
from tui.model.identity import merge_all
from tui.model.latex import latex_to_text
from tui.model.paper import SourceRecord, merge
from tui.model.state import Item, PaperState
from tui.model.text import normalize, sanitize

READERS: Final = Path(__file__).parent / "readers"
Record = dict[str, Any]


def nasty() -> list[Item]:
    """The twenty records, normalized as an import normalizes them."""
    path = Path(__file__).parent / "samples" / "nasty_records.json"
    items = []
    for each in json.loads(path.read_text("utf-8")):
        published = each["published"] and date.fromisoformat(each["published"])
        record = SourceRecord(
            title=normalize(each["title"]),
            abstract=normalize(each["abstract"] or "", 60_000) or None,
            file=path.name,
            line=1,
            published=published or None,
            authors=tuple(latex_to_text(normalize(name)) for name in each["authors"]),
            arxiv=each["arxiv"],
            doi=each["doi"],
        )
        state = PaperState(tags=tuple(each["tags"]), note=each["note"])
        items.append(Item(merge([record]), state))
    return items


def corpus() -> list[Item]:
    """The papers of the five pages."""
    records = (
        record
        for path in sorted(SEEDS.glob("*.txt"))
        for record in importers.read(path.read_bytes(), path.name, today=TODAY)
    )
    return [Item(paper, PaperState()) for paper in merge_all(records)]


# Readers: text in, CSL-JSON out


def by_pandoc(format: str) -> Callable[[str], list[Record]]:
    """A reader of a format of pandoc."""
    return lambda text: _run(["pandoc", "-f", format, "-t", "csljson"], text)


def by_node(script: str, *arguments: str) -> Callable[[str], list[Record]]:
    """A reader that is one of our scripts for node."""
    return lambda text: _run(["node", str(READERS / script), *arguments], text)


def _run(command: Sequence[str], text: str) -> list[Record]:
    process = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    records: list[Record] = json.loads(process.stdout)
    return records


ROWS: Final = (
    ("pandoc", "bibtex", by_pandoc("bibtex")),
    ("pandoc", "biblatex", by_pandoc("biblatex")),
    ("pandoc", "csl", by_pandoc("csljson")),
    ("citation-js", "bibtex", by_node("citation_js.cjs", "@bibtex/text")),
    ("citation-js", "csl", by_node("citation_js.cjs", "@csl/object")),
    ("citation-js", "ris", by_node("citation_js.cjs", "@ris/file")),
    ("Better BibTeX", "bibtex", by_node("better_bibtex.cjs")),
    ("mldoc", "logseq", by_node("mldoc.cjs")),
)


def written(format: str, items: Sequence[Item]) -> str:
    """Papers in a format; of notes, parted by form feeds."""
    if format in notes.FORMATS:
        return "\f".join(notes.named(format).note(item, ["a list"], None) for item in items)
    return exporters.write(format, items)


# Comparing


def facts(item: Item) -> dict[str, str]:
    """What a reader is to say, field by field."""
    paper, state = item.paper, item.state
    names = [split_name(name, paper.family_names) for name in paper.authors]
    return {
        "title": sanitize(paper.display_title),
        "author": "; ".join(f"{name.family} | {name.given} | {name.suffix}" for name in names),
        "issued": paper.published.strftime("%Y-%m") if paper.published else "",
        "DOI": paper.doi or "",
        "abstract": sanitize(paper.display_abstract, 60_000),
        "keyword": ", ".join(sorted(state.tags)),
        "note": sanitize(state.note or ""),
    }


def stated_facts(record: Record) -> dict[str, str]:
    """What a reader says, field by field."""
    issued = (record.get("issued") or {}).get("date-parts") or [[]]
    return {
        "title": record.get("title") or "",
        "author": "; ".join(map(_name, record.get("author") or ())),
        "issued": "-".join(f"{int(part):02}" for part in issued[0][:2]),
        "DOI": record.get("DOI") or "",
        "abstract": record.get("abstract") or "",
        "keyword": ", ".join(sorted(re.split(", *", record.get("keyword") or ""))),
        "note": record.get("note") or record.get("annote") or "",
    }


def _name(name: Mapping[str, str]) -> str:
    """A name in its parts: the family name with its particles, the given name, the suffix."""
    family = ("literal", "dropping-particle", "non-dropping-particle", "family")
    parts = [" ".join(filter(None, map(name.get, family))), name.get("given"), name.get("suffix")]
    return " | ".join(part or "" for part in parts)


def _plain(text: str) -> str:
    """A text without what a reader sets by its own style: quotes, blanks, capitals of titles."""
    return " ".join(re.sub('[“”„‘’"`]', "'", text).replace(",", ", ").split()).casefold()


def misread(items: Sequence[Item], records: Iterable[Record]) -> list[tuple[str, str, str]]:
    """The fields that a reader misreads: name, what is meant, what it says.

    A field that it leaves out of every record is one that it does not read.
    """
    statements = list(map(stated_facts, records))
    if len(statements) != len(items):
        return [("records", str(len(items)), str(len(statements)))]
    is_read = {name for record in statements for name, value in record.items() if value}
    return [
        (name, value, record[name])
        for item, record in zip(items, statements, strict=True)
        for name, value in facts(item).items()
        if name in is_read and _plain(value) != _plain(record[name])
    ]


def main() -> None:
    """Prints the table, and with ``-v`` each field that is misread."""
    sets = {"20 nasty records": nasty(), "the corpus": corpus()}
    print(f"{'reader':16}{'format':12}" + "".join(f"{name:>20}" for name in sets))
    for reader, format, read in ROWS:
        if shutil.which(reader if reader == "pandoc" else "node") is None:
            print(f"{reader:16}{format:12}  not installed")
            continue
        cells, lines = [], []
        for items in sets.values():
            try:
                wrong = misread(items, read(written(format, items)))
            except subprocess.CalledProcessError:
                cells.append("not installed")
                continue
            cells.append(str(len(wrong)))
            lines += wrong
        print(f"{reader:16}{format:12}" + "".join(f"{cell:>20}" for cell in cells))
        for name, expected, actual in lines if "-v" in sys.argv else ():
            print(f"    {name}: {expected[:200]!r}\n      read: {actual[:200]!r}")


if __name__ == "__main__":
    main()
