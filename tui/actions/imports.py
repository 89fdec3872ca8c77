"""The verbs of pages: parse, import."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tui.errors import InputError, PapersError
from tui.formats.importers import MAX_BYTES, Problem, Reading, read
from tui.library import Library
from tui.model.paper import Paper, SourceRecord, merge_all
from tui.model.text import sanitize
from tui.storage.facts import ImportReport
from tui.storage.files import read_input

Progress = Callable[[str, float], None]
"""Told a file's name and the share of it that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of one file."""

    file: str
    report: ImportReport | None = None
    problems: tuple[Problem, ...] = ()
    error: PapersError | None = None
    """Why nothing of it was taken."""


def read_pages(
    paths: Iterable[str], max_bytes: int = MAX_BYTES, progress: Progress = lambda *_: None
) -> Iterator[tuple[str, list[SourceRecord], tuple[Problem, ...]]]:
    """The source records and problems of each file.

    Raises:
        InputError: At the first file that is no page.
    """
    for path in paths:
        name = "standard input" if path == "-" else sanitize(Path(path).name)
        try:
            data = read_input(path, max_bytes)
            reading = read(data, name, lambda share, name=name: progress(name, share))  # type: ignore[misc]
        except InputError as error:
            message = error.message
            if path != "-" and sanitize(path) not in message:
                message = f"{message} ({sanitize(path)})"
            raise InputError(message, error.hint) from error
        progress(name, 1.0)
        yield path, list(reading.records), reading.problems


def parse(
    paths: Sequence[str], max_bytes: int = MAX_BYTES, progress: Progress = lambda *_: None
) -> tuple[list[Paper], list[tuple[str, Problem]]]:
    """The merged papers of some pages, and what could not be read of them."""
    records: list[SourceRecord] = []
    problems: list[tuple[str, Problem]] = []
    for path, seen, odd in read_pages(paths, max_bytes, progress):
        records += seen
        problems += [(path, problem) for problem in odd]
    return merge_all(records), problems


def import_pages(
    library: Library,
    paths: Iterable[str],
    *,
    max_bytes: int = MAX_BYTES,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
) -> Iterator[ImportResult]:
    """Adds pages to a library, each wholly or not at all; a bad one does not keep the next out."""
    for path in paths:
        try:
            ((_, records, problems),) = read_pages([path], max_bytes, progress)
            report = library.add(as_known(library, records), dry_run=dry_run)
        except InputError as error:
            yield ImportResult(path, error=error)
        else:
            yield ImportResult(path, report, problems)


def read_pasted(library: Library, text: str) -> Reading:
    """The source records of a page that was pasted.

    Raises:
        InputError: If it is no page.
    """
    try:
        page = read(text.encode("utf-8", "replace"), f"pasted {library.today()}")
    except InputError as error:
        raise InputError("what was pasted is no Daily Papers page", error.hint) from error
    return replace(page, records=as_known(library, page.records))


def as_known(library: Library, records: Sequence[SourceRecord]) -> tuple[SourceRecord, ...]:
    """The source records, under the name that their page has in the library where it is there.

    So that the same page, saved under two names or pasted, is seen once.
    """
    first = records[0].key if records else ""
    known = library.item(first).paper.records if first in library else ()
    for file in dict.fromkeys(sighting.file for sighting in known):
        named = tuple(replace(sighting, file=file) for sighting in records)
        if all(
            each.key in library and each in library.item(each.key).paper.records for each in named
        ):
            return named
    return tuple(records)


def tell_report(report: ImportReport, problems: Iterable[Problem]) -> str:
    """What an import brings, in words: ``12 new, 3 merged, 40 unchanged, 0 skipped``."""
    skipped = sum(problem.skipped for problem in problems)
    told = f"{len(report.new)} new, {len(report.merged)} merged, {report.unchanged} unchanged"
    return f"{told}, {skipped} skipped"
