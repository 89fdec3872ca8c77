"""Files that nobody here wrote, against independent readers: ``python -m tests.formats.foreign``.

Its arguments are folders with public test data, such as those in the source distributions of
pybtex, bibtexparser, rispy and citation-js. Every file of BibTeX, RIS or CSL-JSON in them is read
by its content, and by a reader of another project: pybtex, rispy, and ``json``; the first two are
to be installed beside this one (``pip install pybtex rispy``). What is told of a file:

- the records that were read, and the number of warnings;
- the records of the other reader, and of these, the titles that are missing here;
- each difference, with the reason where this can tell: an entry without a title, or a file that one
  of the two refuses.
"""

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stderr
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.strategies import TODAY
from tui.errors import InputError
from tui.formats.cleaning import without_markup
from tui.formats.importers import read
from tui.formats.tex import tex_to_text
from tui.model.paper import paper_key
from tui.model.text import normalize


class Other(NamedTuple):
    """What another reader says of a file."""

    titles: tuple[str, ...] = ()
    """Of the records that have one."""
    untitled: int = 0
    """Records without one, of which there is no paper."""
    problem: str = ""
    """Why it could not read the file."""


class Comparison(NamedTuple):
    """What two readers say of one file."""

    file: Path
    papers: int
    warnings: int
    refusal: str
    """Why it was not read here; empty if it was."""
    other: Other
    missing: tuple[str, ...]
    """Titles that only the other reader has."""


def _pybtex(data: bytes) -> Other:
    database = import_module("pybtex.database")
    problems = io.StringIO()
    with redirect_stderr(problems):
        entries = database.parse_string(data.decode("utf-8", "replace"), "bibtex").entries.values()
    fields = [{name.lower(): value for name, value in e.fields.items()} for e in entries]
    parts = ([each.get("title"), each.get("subtitle")] for each in fields)
    return _of(tex_to_text(": ".join(filter(None, each))) for each in parts)


def _rispy(data: bytes) -> Other:
    entries = import_module("rispy").loads(data.decode("utf-8-sig", "replace"))
    titles = (_first(each, "title", "primary_title", "alternate_title1") for each in entries)
    return _of(titles)


def _first(entry: Mapping[str, Any], *names: str) -> str:
    return next((str(entry[name]) for name in names if entry.get(name)), "")


def _json(data: bytes) -> Other:
    value = json.loads(data)
    items = value if isinstance(value, list) else [value]
    return _of(str(item.get("title") or "") for item in items if isinstance(item, dict))


def _of(titles: Iterable[str]) -> Other:
    every = [normalize(without_markup(title)) for title in titles]
    named = tuple(filter(None, every))
    return Other(named, len(every) - len(named))


READERS: Final[Mapping[str, tuple[str, Callable[[bytes], Other]]]] = {
    ".bib": ("bibtex", _pybtex),
    ".bibtex": ("bibtex", _pybtex),
    ".ris": ("ris", _rispy),
    ".csl.json": ("csl", _json),
}


def compared(file: Path, format: str, reader: Callable[[bytes], Other]) -> Comparison:
    """Reads a file in both ways; whatever the other one raises is its problem."""
    data = file.read_bytes()
    papers: tuple[Any, ...] = ()
    warnings, refusal = 0, ""
    try:
        parsed = read(data, file.name, today=TODAY, format=format, force=True)
        papers, warnings = parsed.records, len(parsed.warnings)
    except InputError as error:
        refusal = error.message
    try:
        other = reader(data)
    except Exception as error:  # noqa: BLE001 - of another project, which may raise anything
        other = Other(problem=f"{type(error).__name__}: {error}"[:120].replace("\n", " "))
    keys = {paper_key(paper.title) for paper in papers}
    missing = (title for title in other.titles if paper_key(title) not in keys)
    return Comparison(file, len(papers), warnings, refusal, other, tuple(missing))


def comparisons(folders: Iterable[Path]) -> Iterator[Comparison]:
    """All files of these formats in some folders, by their names."""
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            ending = next((e for e in READERS if file.name.lower().endswith(e)), None)
            if ending is not None and file.is_file():
                yield compared(file, *READERS[ending])


def lines_of(each: Comparison) -> Iterator[str]:
    """A line for a file, and one for each difference."""
    total = len(each.other.titles) + each.other.untitled
    yield f"{each.papers:6,} {each.warnings:4,} {total:6,}  {each.file}"
    if each.refusal:
        yield f"{'':18}  refused here: {each.refusal}"
    if each.other.problem:
        yield f"{'':18}  refused there: {each.other.problem}"
    if each.other.untitled:
        yield f"{'':18}  {each.other.untitled} without a title, and so no papers"
    for title in each.missing:
        yield f"{'':18}  missing here: {title[:80]}"


def main() -> int:
    """Prints the table; 1 if a title is missing."""
    parser = argparse.ArgumentParser(description="Files against independent readers.")
    parser.add_argument("folders", nargs="+", type=Path)
    folders = parser.parse_args().folders
    if absent := [name for name in ("pybtex", "rispy") if find_spec(name) is None]:
        print(
            f"Not installed: {', '.join(absent)}; pip install {' '.join(absent)}", file=sys.stderr
        )
        return 2
    print("  read warn  other  file")
    every = list(comparisons(folders))
    for each in every:
        print("\n".join(lines_of(each)))
    missing = sum(len(each.missing) for each in every)
    papers = sum(each.papers for each in every)
    print(f"{len(every)} files, {papers:,} records; {missing} titles missing")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
