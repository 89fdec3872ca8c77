"""The commands that import files and texts, and parse files without a library."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Final

from tui.actions.arguments import advice_to_add
from tui.actions.context import Context, Outcome
from tui.actions.find import imports_query
from tui.actions.registry import JSON, WRITE, Access, Argument, Where, action, switch
from tui.errors import ConfirmationError, UsageError
from tui.exchange.import_files import (
    MAX_MEGABYTES,
    ImportResult,
    Reading,
    describe_report,
    import_pages,
    parse,
    read_pasted,
    rule_notes,
)
from tui.files import is_there
from tui.model.identifiers import arxiv_id, is_address
from tui.model.imports import ADDED, PASTED, SAMPLE
from tui.model.latex import latex_to_text
from tui.model.layout import forms, plural
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.files import Inputs
    from tui.formats.importers import ImportWarning
    from tui.library import Library
    from tui.model.imports import ImportReport

_MOST_COMPARED: Final = 5000
"""Papers up to which the shell looks for those that look alike: about a second."""
_SKIPPED_SHOWN: Final = 3
"""The most skipped records that the question before an import names, ahead of the titles."""

YES: Final = switch("yes", "in a session, import without asking")
FILES: Final = Argument(
    "files",
    "a page, or a file in another format; - is standard input",
    nargs="+",
    metavar="FILE",
    is_file=True,
    reads_input=True,
)
MAX_SIZE: Final = Argument(
    "max_size",
    "largest file to read (default 20)",
    ("--max-size",),
    "MB",
    kind=int,
    default=MAX_MEGABYTES,
)
_IMPORTERS: Final = Path(__file__).parents[1] / "formats" / "importers"
FORMATS: Final = ", ".join(module.name for module in iter_modules([str(_IMPORTERS)]))
"""The names of all import formats, without loading their package."""
READING: Final = (
    MAX_SIZE,
    Argument(
        "captured",
        "the day on which the pages were captured, for dates without a year",
        ("--captured",),
        "DATE",
    ),
    switch("force", "read what hardly looks like a page"),
    Argument(
        "format",
        f"the format of the files, by default the most likely one: {FORMATS}",
        ("--from",),
        "FORMAT",
        complete=lambda library, prefix: _complete_format(),
    ),
)


def _complete_format() -> list[tuple[str, str]]:
    from tui.formats.importers import named, names

    return [(name, named(name).LABEL) for name in names()]


@action(
    "parse",
    FILES,
    *READING,
    help="print the papers of some files as JSON",
    group="Import",
    where=Where.SHELL,
    access=None,
    always_json=True,
)
def run_parse(
    context: Context,
    files: Sequence[str],
    max_size: int = MAX_MEGABYTES,
    captured: str | None = None,
    force: bool = False,
    format: str | None = None,
) -> Outcome:
    """The merged papers of some pages, as JSON."""
    _require_files(files)
    from tui.model.paper import to_record

    reading = Reading.of(max_size, captured, force, format, context.today())
    papers, warnings = parse(files, reading, context.progress)
    notes = tuple(_warning_note(file, warning) for file, warning in warnings)
    return Outcome(data=[to_record(paper) for paper in papers], notes=notes)


def _access(options: Mapping[str, Any]) -> Access:
    return Access(write=not options.get("dry_run"), create=True, brings_papers=True)


@action(
    "import",
    FILES,
    *READING,
    switch("dry_run", "only show what would change"),
    switch("with_state", "take over tags, notes and what was read, where the files have them"),
    YES,
    JSON,
    help="add pages and other files to the library",
    synonyms="paste page file load bibtex zotero",
    phrases={
        f"import {SAMPLE}": "Imported the sample papers",
        rf"import {PASTED} ([\d-]+ [\d:]+)": r"Imported the text pasted \1",
        rf"import {ADDED} (.*)": r"Added \1",
        r"import (.*)": r"Imported \1",
        f"undo import {SAMPLE}": "Removed the sample papers",
        rf"undo import {PASTED} ([\d-]+ [\d:]+)": r"Removed the text pasted \1",
        rf"undo import {ADDED} (.*)": r"Removed \1",
        r"undo import (.*)": r"Removed the import of \1",
    },
    group="Import",
    where=Where.LOCAL,
    access=_access,
    is_slow=True,
    on_request=True,
)
def run_import(
    context: Context,
    files: Sequence[str],
    max_size: int = MAX_MEGABYTES,
    captured: str | None = None,
    force: bool = False,
    format: str | None = None,
    dry_run: bool = False,
    with_state: bool = False,
    yes: bool = False,
) -> Outcome:
    """Imports pages, each completely or not at all.

    Raises:
        InputError: If the only page cannot be imported.
        UsageError: If one of them is an address; then nothing is imported.
        ConfirmationError: In a session, before anything is imported, unless the user agreed.
    """
    _require_files(files, context.inputs)
    today = context.today()
    reading = Reading.of(max_size, captured, force, format, today, context.inputs)

    def add(dry_run: bool) -> list[ImportResult]:
        results = import_pages(
            context.library,
            files,
            reading=reading,
            with_state=with_state,
            dry_run=dry_run,
            progress=context.progress,
        )
        return list(results)

    if context.workspace is not None and not dry_run:
        return _import_in_session(context.library, add, has_agreed=yes)
    return _import_each(context.library, add, dry_run=dry_run)


@action(
    "import-text",
    Argument("text", "the text of a page", metavar="TEXT"),
    YES,
    help="add a page from its text, as a paste does",
    group="Import",
    where=Where.APP,
    access=WRITE,
    is_slow=True,
)
def run_import_text(context: Context, text: str, yes: bool = False) -> Outcome:
    """Imports the text of a page.

    Raises:
        InputError: If it has no papers.
        UsageError: If it is an address.
        ConfirmationError: Before anything is imported, unless the user agreed.
    """
    page = read_pasted(context.library, text, context.session.key_for("paper.add"))

    def add(dry_run: bool) -> list[ImportResult]:
        report = context.library.add(page.records, dry_run=dry_run)
        return [ImportResult("the pasted text", report, page.warnings)]

    return _import_in_session(context.library, add, has_agreed=yes)


def _require_files(files: Iterable[str], inputs: "Inputs | None" = None) -> None:
    """Raises a ``UsageError`` if any of the files is the address of a page."""
    for name in filter(is_address, files):
        if not (
            is_there(Path(name), Path.is_file)
            if inputs is None
            else isinstance(inputs.get(name), bytes)
        ):
            noun = "A paper on arXiv" if arxiv_id(name) else "An address"
            shown = sanitize(name, 80)
            raise UsageError(f"{noun} is not a file: {shown}", advice_to_add(name))


def _import_each(
    library: "Library", add: Callable[[bool], list[ImportResult]], *, dry_run: bool
) -> Outcome:
    """Imports, and says what came of each file, as a shell prints it.

    Args:
        add: Imports, or with true, says what it would bring.

    Raises:
        PapersError: If the only file cannot be imported.
    """
    is_first = not dry_run and library.imports.are_samples_alone
    results = add(dry_run)
    lines, notes, records = [], [], []
    for result in results:
        notes += [_warning_note(result.shown_file, warning) for warning in result.warnings]
        if result.error is not None:
            if len(results) == 1:
                raise result.error
            notes.append(str(result.error))
            continue
        records.append(result.record())
        lines.append(f"{result.shown_file}: {'would be ' if dry_run else ''}{result}\n")
        if result.report is not None:
            notes += rule_notes([result.report])
    ids = [record["import"] for record in records if record["import"]]
    if not dry_run and len(library) <= _MOST_COMPARED:
        notes += _lookalike_note(_lookalikes(library, ids), "papers-tui list is:lookalike")
    if is_first and not library.imports.are_samples_alone:
        notes.append(
            "The sample papers are still here; papers-tui imports undo sample removes them"
        )
    has_failed = len(records) < len(results)
    return Outcome(text="".join(lines), data=records, notes=tuple(notes), exit_code=int(has_failed))


def _warning_note(file: str, warning: "ImportWarning") -> str:
    skipped = "skipped, " if warning.skipped else ""
    return f"{file}, line {warning.line}: {skipped}{warning.text}"


def _import_in_session(
    library: "Library", add: Callable[[bool], list[ImportResult]], *, has_agreed: bool
) -> Outcome:
    """Imports in a session: asks first, then shows the new papers.

    Args:
        add: Imports, or with true, says what it would bring.
        has_agreed: Whether the user was asked, and agreed.

    Raises:
        PapersError: If nothing can be imported.
        ConfirmationError: If the user is to be asked.
    """
    results = add(not has_agreed)
    errors = [result.error for result in results if result.error is not None]
    total = _sum([result.report for result in results if result.report is not None])
    if errors and len(errors) == len(results):
        raise errors[0]
    notes = tuple(map(str, errors))
    warnings = [warning for result in results for warning in result.warnings]
    known = "known from the samples" if _are_samples(library, total) else "known"
    counts = describe_report(total, warnings, {known: len(total.merged) + total.unchanged})
    if not (total.is_import or total.decided):
        skipped = [each for each in _skipped_notes(results) if each]
        message, *shorter = forms((f"Already imported: {counts}", ", ".join(skipped)), ". ")
        exit_code = int(bool(notes))
        return Outcome(message, shorter=tuple(shorter), notes=notes, exit_code=exit_code)
    if not has_agreed:
        raise ConfirmationError(
            "; ".join([counts, *notes]),
            argument="yes",
            question=f"Import {'this paper' if len(total.titles) == 1 else 'these papers'}?",
            yes="Import",
            no="Cancel",
            lines=[*_skipped_notes(results), *map(latex_to_text, total.titles.values())],
            is_expected=True,
        )
    return _outcome_in_session(library, results, total, notes)


def _skipped_notes(results: Iterable[ImportResult]) -> list[str]:
    """The skipped records, for a question: the first few, how many more, and an empty line."""
    notes = [
        _skipped_note(result.shown_file, each)
        for result in results
        for each in result.warnings
        if each.skipped
    ]
    rest = len(notes) - _SKIPPED_SHOWN
    more = [f"and {rest:,} more skipped"] if rest > 0 else []
    return [*notes[:_SKIPPED_SHOWN], *more, ""] if notes else []


def _skipped_note(file: str, warning: "ImportWarning") -> str:
    """A skipped record: line and reason first, as a narrow screen cuts the end."""
    why = f", as it {warning.reason}: “{warning.title}”" if warning.title else f": {warning.reason}"
    return f"Line {warning.line} skipped{why} ({file})"


def _outcome_in_session(
    library: "Library",
    results: Sequence[ImportResult],
    total: "ImportReport",
    notes: tuple[str, ...],
) -> Outcome:
    """The outcome of an import in a session, with the query that shows its new papers."""
    files = [Path(result.file).name for result in results if result.report is not None]
    papers = plural(len(total.new), "new paper")
    if not total.new:
        papers = plural(len(total.merged), "known paper") + " with new facts"
    if not (total.new or total.merged):
        papers = plural(total.from_samples, "paper") + " known from the samples"
    ids = [result.report.id for result in results if result.report and result.report.new]
    query = imports_query(ids)
    if len(ids) == 1 and len(total.titles) > len(total.new):
        query += "".join(f" -import:{id}" for id in _earlier(library, ids[0]))
    did = rule_notes([total])
    looks = _lookalike_note(_lookalikes(library, ids), "≈")
    imported = f"Imported: {papers}"
    parts = [f"{imported} from {sanitize(', '.join(files), 200)}", *did, *looks]
    message, *shorter = forms(parts, "; ")
    return Outcome(
        message,
        shorter=(*shorter, imported),
        notes=notes,
        query=query or None,
        is_from_top=bool(query),
        exit_code=int(bool(notes)),
    )


def _are_samples(library: "Library", report: "ImportReport") -> bool:
    """Whether all known papers of an import are sample papers, and no other import has them."""
    samples = {each.head.id for each in library.imports.all() if each.head.is_sample}
    known = [key for key in report.titles if key not in report.new and key in library]
    return bool(known) and all(set(library.item(k).paper.imports) <= samples for k in known)


def _earlier(library: "Library", id: str) -> list[str]:
    """The imports that were the first to bring papers which another one has too, in order."""
    from tui.query import parse

    items = library.select(parse(f"import:{id}"))
    return sorted({item.paper.imports[0] for item in items} - {id})


def _lookalikes(library: "Library", ids: Collection[str]) -> int:
    """The number of papers that some imports were the first to bring and that look like another."""
    from tui.query import parse

    query = imports_query(ids)
    items = library.select(parse(f"{query} is:lookalike")) if query else []
    return sum(item.paper.imports[0] in ids for item in items)


def _lookalike_note(count: int, where: str) -> list[str]:
    """How many new papers look like another, and where to see them; nothing if none does."""
    verb = "looks" if count == 1 else "look"
    return [f"{count:,} {verb} like another ({where})"] if count else []


def _sum(reports: "Sequence[ImportReport]") -> "ImportReport":
    """Several reports as one."""
    from tui.model.imports import ImportReport

    titles = {key: title for report in reports for key, title in report.titles.items()}
    new = dict.fromkeys(key for report in reports for key in report.new)
    merged = dict.fromkeys(key for report in reports for key in report.merged if key not in new)
    return ImportReport(
        tuple(new),
        tuple(merged),
        len(titles) - len(new) - len(merged),
        removed=sum(report.removed for report in reports),
        decided=sum(report.decided for report in reports),
        from_samples=sum(report.from_samples for report in reports),
        rules=tuple(each for report in reports for each in report.rules),
        titles={key: titles[key] for key in (*new, *(key for key in titles if key not in new))},
    )
