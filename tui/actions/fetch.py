"""The command that fetches the sources of a library, and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tui.actions import sources
from tui.actions.context import Context, Outcome
from tui.actions.network import connected, place, require_write
from tui.actions.registry import JSON, Access, Argument, Where, action, switch
from tui.errors import PapersError
from tui.model.layout import forms, plural
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.exchange.fetch_sources import Days, FetchResult
    from tui.library import Library

DAY: Final = "DAY"


def _access(options: Mapping[str, Any]) -> Access | None:
    if options.get("install_timer"):
        return None
    return Access(write=not options.get("dry_run"), brings_papers=True)


@action(
    "fetch",
    Argument(
        "names",
        "its name, or a unique prefix of it; by default all sources",
        nargs="*",
        metavar="SOURCE",
        complete=sources.complete,
    ),
    Argument("since", "from this day on, also days that were fetched", ("--since",), DAY),
    Argument("until", "up to this day", ("--until",), DAY),
    switch("dry_run", "only show what it would bring"),
    switch(
        "fill",
        "instead, look up missing facts, such as identifiers and authors",
        excludes=("names", "since", "until"),
    ),
    switch(
        "install_timer",
        "instead, print what makes the system fetch every weekday",
        where=Where.LOCAL,
    ),
    switch(
        "write",
        "with --install-timer, write it",
        where=Where.LOCAL,
        goes_with="install_timer",
    ),
    switch("quiet", "print only what failed, as for cron"),
    JSON,
    help="fetch new papers from the sources",
    group="Import",
    access=_access,
    is_slow=True,
    on_request=True,
    keys="fetch.all  R  fetch  fetch  fetch from all sources; again to stop",
    synonyms="update refresh download get new sync",
)
def run_fetch(
    context: Context,
    names: Sequence[str] = (),
    since: str | None = None,
    until: str | None = None,
    dry_run: bool = False,
    fill: bool = False,
    install_timer: bool = False,
    write: bool = False,
    quiet: bool = False,
) -> Outcome:
    """Fetches sources, each answer completely or not at all; one that fails stops no other.

    Raises:
        PapersError: If there are none, or the only one fails.
    """
    if install_timer:
        from tui.actions import timer

        return timer.install(context, "fetch", [timer.FETCH], write=write)
    library = context.library
    require_write(context, dry_run=dry_run)
    if context.workspace is not None and library.fetching.locked():
        library.is_fetch_stopped.set()
        return Outcome("Stopping")
    if fill:
        outcome = _fill(context, dry_run=dry_run)
        return Outcome(data=outcome.data, query=outcome.query) if quiet else outcome
    every = library.state.sources()
    chosen = {spec: every[spec] for spec in (sources.find(library, name) for name in names)}
    if not every:
        how = "papers-tui sources add hf:daily adds one."
        if context.workspace is not None:
            how = f"{context.workspace.key_for('look.sources')} adds one."
        raise PapersError("No sources yet", how)
    from tui.exchange.fetch_sources import Days, fetch_all  # here, as a start fetches nothing

    days = Days.of(library, since, until)
    before = place(context)
    allowed = sources.require_allowed
    with connected(context) as connection:
        results = fetch_all(connection, chosen or every, days, allowed, dry_run=dry_run)
    is_session = context.workspace is not None
    if (is_session or len(results) == 1) and (error := _only_error(results)):
        raise error
    if not is_session:
        return _outcome_in_shell(results, days, dry_run=dry_run, quiet=quiet)
    return _outcome_in_session(context, results, days, before, dry_run=dry_run)


def _fill(context: Context, *, dry_run: bool) -> Outcome:
    """Looks up what papers lack.

    Raises:
        SourceError: If it does not answer; nothing is changed.
    """
    from tui.exchange.fill import fill, lacking
    from tui.exchange.import_files import describe_report

    papers = lacking(context.library)
    if not papers.count:
        return Outcome("Nothing to fill in")
    with connected(context) as connection:
        filled = fill(connection, papers, dry_run=dry_run)
    report, missing = filled.report, filled.missing
    result = describe_report(report) if report else "none was found"
    result += f", {len(missing):,} not found" if report and missing else ""
    would = "would be " if dry_run and report else ""
    notes = _not_found(context.library, missing) if report and context.workspace is None else []
    if papers.left:
        left = plural(papers.left, "more paper")
        notes.append(f"{left} to look up; papers-tui fetch --fill continues")
    return Outcome(
        f"Looked up {plural(papers.count, 'paper')}: {would}{result}",
        notes=tuple(notes),
        data={
            "asked": papers.count,
            "merged": len(report.merged) if report else 0,
            "not_found": list(missing),
        },
        query=context.listing.query.text if context.workspace else None,
    )


# What is said


def _only_error(results: "Sequence[FetchResult]") -> PapersError | None:
    """Why all sources failed, with their names; ``None`` if one did not, or they differ in that."""
    from tui.sources import StoppedError

    error, *others = {str(each.error): each.error for each in results}.values()
    if others or error is None or isinstance(error, StoppedError):
        return None if others else error
    names = sanitize(", ".join(each.name for each in results), 120)
    return PapersError(f"{names}: {error.message}", error.hint)


def _not_found(library: "Library", keys: Sequence[str]) -> list[str]:
    """A line for each of the first papers that nobody knows, and how many more there are."""
    titles = (library.item(key).paper.display_title for key in keys[:_SHOWN])
    rest = len(keys) - _SHOWN
    lines = [f"Not found: {sanitize(title, 120)}" for title in titles]
    return [*lines, *([f"and {rest:,} more"] if rest > 0 else [])]


_SHOWN: Final = 10
"""Papers that were not found and are named."""


def _outcome_in_shell(
    results: "Sequence[FetchResult]", days: "Days", *, dry_run: bool, quiet: bool
) -> Outcome:
    """The counts of each source and what failed, for the shell; or only the latter."""
    from tui.exchange.import_files import rule_notes

    would = "would be " if dry_run else ""
    lines = [
        f"{sanitize(each.name)}: {would if each.has_news else ''}{each}{days}\n"
        for each in results
        if each.error is None
    ]
    failures: dict[str, list[str]] = {}
    for each in results:
        if each.error:
            failures.setdefault(str(each.error), []).append(sanitize(each.name))
    notes = [
        f"{sanitize(each.name)}: {warning.text}" for each in results for warning in each.warnings
    ]
    notes += rule_notes(each.report for each in results if each.report)
    return Outcome(
        text="" if quiet else "".join(lines),
        data=[each.record() for each in results],
        notes=() if quiet else tuple(notes),
        failures=tuple(f"{', '.join(names)}: {why}" for why, names in failures.items()),
        exit_code=int(bool(failures)),
    )


def _outcome_in_session(
    context: Context,
    results: "Sequence[FetchResult]",
    days: "Days",
    before: tuple[str, str | None],
    *,
    dry_run: bool,
) -> Outcome:
    """The outcome for a session: the new papers, unless the user went on meanwhile."""
    from tui.exchange.import_files import rule_notes
    from tui.sources import StoppedError

    reports = [each.report for each in results if each.report]
    new = len({key for report in reports for key in report.new})
    merged = len({key for report in reports for key in report.merged})
    names = [each.name for each in results if each.report and each.report.new]
    is_stopped = any(isinstance(each.error, StoppedError) for each in results)
    failed = [each for each in results if each.error and not isinstance(each.error, StoppedError)]
    verb = "Would fetch" if dry_run else "Fetched"
    if new:
        origin = sanitize(names[0], 120) if len(names) == 1 else plural(len(names), "source")
        message = f"{verb}: {plural(new, 'new paper')} from {origin}"
    elif merged:
        message = f"{verb}: {plural(merged, 'known paper')} with new facts"
    elif is_stopped:
        message = "Stopped"
    else:
        message = f"Nothing new{days}" if reports else "Nothing was fetched"
    parts = [message, *(["stopped"] if is_stopped and (new or merged) else [])]
    if failed:
        screen = context.session.key_for("look.sources")
        parts.append(f"{plural(len(failed), 'source')} failed ({screen} says why)")
    message, *shorter = forms([*parts, *rule_notes(reports)], "; ")
    if failed:  # which is said however little room there is
        shorter = [*(each for each in shorter if parts[-1] in each), parts[-1]]
    outcome = Outcome(message, shorter=tuple(shorter), exit_code=int(bool(failed)))
    if dry_run or not (new or merged):
        return outcome
    is_free = new and place(context) == before
    ids = [report.id for report in reports if report.new]
    arrived = f"import:{ids[0]}" if len(ids) == 1 else "is:new"
    query = arrived if is_free else context.listing.query.text
    return replace(outcome, query=query, is_from_top=bool(is_free))
