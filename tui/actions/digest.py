"""A mail of what is new in a view since the last one."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tui.actions.context import Context, Outcome
from tui.actions.export import FORCE
from tui.actions.record import not_recorded
from tui.actions.registry import Access, Argument, Where, action, switch
from tui.actions.targets import complete_view, no_view, parse_strictly
from tui.errors import UsageError
from tui.model.layout import plural
from tui.model.state import Change, Item
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.formats.digest import Digest
    from tui.library import Library

MOST: Final = 100
"""Papers of a mail; the rest is counted."""
FIRST: Final = timedelta(days=7)
"""How far back the first one goes."""
LATE: Final = timedelta(days=30)
"""How late an import may come from another machine, and still be new."""
_INBOX: Final = "is:inbox"
_NO_SERVER: Final = "No mail server is configured"
_SET_HOST: Final = "set host under [smtp] in config.toml"


def digest_of(library: "Library", view: str) -> "Digest | None":
    """The new papers of a view since the last digest of it, the likeliest to be kept first.

    Args:
        view: The name of a view, or a query.

    Returns:
        ``None`` if nothing is.

    Raises:
        UsageError: If part of the query is not understood.
    """
    parsed = parse_strictly(library, library.state.views().get(view, view))
    if not parsed.sort:
        parsed = replace(parsed, sort=parse_strictly(library, "sort:likely").sort)
    unsent = _unsent(library, view)
    new = [item for item in library.select(parsed) if unsent.issuperset(item.paper.imports or "-")]
    if not new:
        return None
    imports = sorted({item.paper.imports[0] for item in new})
    return _grouped(library, view, new[:MOST], len(new), imports)


def last_digest(library: "Library", view: str) -> "Digest":
    """The last digest again: its papers as they are now, and the name of its mail.

    Raises:
        UsageError: If there was none, or none of its papers is left.
    """
    try:
        last = json.loads(library.state.value("digests", view, "last") or "{}")
        keys = [library.state.aliases.get(key, key) for key in last["papers"]]
        items = [library.item(key) for key in dict.fromkeys(keys) if key in library]
        count, imports = int(last["count"]), [str(id) for id in last["imports"]]
    except (ValueError, TypeError, KeyError):
        items = []
    if not items:
        raise UsageError(
            f"No earlier digest of papers {_where(library, view)}",
            "Leave out --again for a new one.",
        )
    return _grouped(library, view, items, count, imports)


def _grouped(
    library: "Library", view: str, items: Sequence[Item], count: int, imports: Sequence[str]
) -> "Digest":
    """A digest of some papers by day and source, the latest day first.

    Args:
        count: How many are new, of which these are the first.
        imports: Those that the new ones came with, oldest first.
    """
    from tui.formats.digest import Digest

    groups: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        head = library.imports.head(item.paper.imports[0]) if item.paper.imports else None
        groups.setdefault((item.added or "", head.source if head else ""), []).append(item)
    subject = f"{plural(count, 'new paper')} {_where(library, view)}"
    summary = f"{subject}."
    if count > MOST:
        summary += f" These are the first {MOST}."
    headings = [
        (", ".join(filter(None, (source, day))), groups[day, source])
        for day, source in sorted(groups, reverse=True)
    ]
    return Digest(view, subject, summary, headings, count, imports)


def _where(library: "Library", view: str) -> str:
    """Where papers are new, in words: ``in the inbox``, ``matching cat:cs.CL``."""
    if view == _INBOX:
        return "in the inbox"
    return f"{'in' if view in library.state.views() else 'matching'} {sanitize(view, 60)}"


def _unsent(library: "Library", view: str) -> set[str]:
    """The imports since the last digest, also of a machine that was synced later."""
    imports = library.state.imports()
    sent = library.state.value("digests", view, "sent")
    earlier = library.state.value("digests", view, "known")
    first_day = (library.today() - FIRST).isoformat()
    late = set() if earlier is None else {*_recent(library)} - {*earlier.split()}
    heads = [library.imports.head(id) for id in imports if not sent or id > sent or id in late]
    return {h.id for h in heads if h and not h.is_sample and (sent or h.day >= first_day)}


def _recent(library: "Library") -> Iterator[str]:
    """The imports of the last days, newest first."""
    first_day = (library.today() - LATE).isoformat()
    for id in reversed(library.state.all_imports()):
        head = library.imports.head(id)
        if head and "" < head.day < first_day:  # of a lost file, no day is known
            return
        yield id


def mark_sent(
    library: "Library", view: str, until: str, last: str | None = None
) -> tuple[Change, ...]:
    """Records that what came up to an import was sent, or to a newer one that was sent before.

    Args:
        last: What was in it, for ``last_digest``.

    Returns:
        See ``record``.
    """
    from tui.exchange.written_files import record

    until = max(until, library.state.value("digests", view, "sent") or "")
    imports = " ".join(id for id in _recent(library) if id <= until)
    fields = {"sent": until, "known": imports, "last": last}
    return record(library, [("digests", view, *field) for field in fields.items()], "digest")


def _contents(digest: "Digest") -> str:
    """The contents of a digest, as recorded."""
    keys = [item.paper.key for _, items in digest.groups for item in items]
    return json.dumps({"papers": keys, "count": digest.count, "imports": [*digest.imports]})


VIEW: Final = Argument(
    "view",
    "a view or a query; by default the inbox",
    nargs="?",
    metavar="VIEW",
    default=_INBOX,
    takes_terms=True,
    complete=complete_view,
)


def _access(options: Mapping[str, Any]) -> Access | None:
    if options.get("install_timer"):
        return None
    # While another instance is writing, that one records it.
    return Access() if options.get("dry_run") else Access(write=True, or_read_only=True, wait=0.2)


@action(
    "digest",
    VIEW,
    Argument("to", "send it to this address", ("--to",), "ADDRESS"),
    Argument(
        "output",
        "instead, write the mail into a file; - is standard output, for sendmail -t",
        ("-o", "--output"),
        "FILE",
        is_file=True,
    ),
    switch("dry_run", "only show it, as plain text"),
    switch(
        "again",
        "the last digest again, as when a program could not send it",
        excludes=("install_timer",),
    ),
    switch("install_timer", "instead, print what makes the system fetch and send it every weekday"),
    switch("write", "with --install-timer, write it", goes_with="install_timer"),
    FORCE,
    help="mail what is new in a view since its last digest",
    group="History",
    where=Where.SHELL,
    access=_access,
)
def run_digest(
    context: Context,
    view: str = _INBOX,
    to: str | None = None,
    output: str | None = None,
    dry_run: bool = False,
    again: bool = False,
    install_timer: bool = False,
    write: bool = False,
    force: bool = False,
) -> Outcome:
    """Sends a digest, or writes it; if nothing is new, does nothing.

    Raises:
        UsageError: If part of the query is not understood, it is a name that no view has, no server
            is configured, a timer has no address, or there is no last one.
        ConfirmationError: If the file is not as it was last written.
        PapersError: If it was not sent or written; then it is not recorded either.
    """
    if to is not None:
        _require_address(to)
    if install_timer:
        return _install_timer(context, view, to, output, write=write)
    library = context.library
    digest = last_digest(library, view) if again else digest_of(library, view)
    if digest is None:
        notes: tuple[str, ...] = ()
        if view not in library.state.views() and re.fullmatch(r"[\w -]+", view):
            if not library.select(parse_strictly(library, view)):
                hint = "No paper matches it as a query; papers-tui views lists views."
                raise no_view(library, view, hint)
            notes = (f"No view has the name {view}, so it is a query",)
        return Outcome(f"Nothing new {_where(library, view)}", notes=notes)
    if dry_run or (to is None and output is None):
        from tui.formats.digest import plain

        notes = () if dry_run else ("Only shown: --to ADDRESS sends it, -o FILE.eml writes it",)
        return Outcome(text=plain(digest), notes=notes)
    outcome = _deliver(context, digest, to or "", output, force=force)
    if again:
        return outcome
    sent = mark_sent(library, view, digest.imports[-1], _contents(digest))
    notes = (*outcome.notes, *not_recorded(library))
    return replace(outcome, notes=notes, unrecorded=(*outcome.unrecorded, *sent))


def _install_timer(
    context: Context, view: str, to: str | None, output: str | None, *, write: bool
) -> Outcome:
    """Prints or writes a timer that fetches, and sends the digest of a view.

    Raises:
        UsageError: If it is to go nowhere.
    """
    from tui.actions import timer

    if to is None and output is None:
        raise UsageError(
            "A timer needs an address to send the digest to", "Add --to ada@example.org."
        )
    words = ["digest", view, *(["--to", to] if to else []), *(["-o", output] if output else [])]
    outcome = timer.install(context, "digest", [timer.FETCH, words], write=write)
    if output is None and not context.settings.smtp.get("host"):
        outcome = replace(outcome, notes=(*outcome.notes, f"{_NO_SERVER}: {_SET_HOST}"))
    return outcome


def _require_address(text: str) -> None:
    """Refuses what no mail can be sent to: a user of this machine, or addresses, can be.

    Raises:
        UsageError: If it is neither.
    """
    from email.message import EmailMessage

    mail = EmailMessage()
    try:
        mail["To"] = text
        names = [address.username for address in mail["To"].addresses]
    except (ValueError, IndexError) as error:  # the second of an address without its domain
        raise _not_an_address(text) from error
    if not names or not all(name and name.split() == [name] for name in names):
        raise _not_an_address(text)


def _not_an_address(text: str) -> UsageError:
    return UsageError(f"Not an address: {sanitize(text, 80)}", "Try ada@example.org.")


def _deliver(
    context: Context, digest: "Digest", to: str, output: str | None, *, force: bool
) -> Outcome:
    """Sends, writes or prints a digest."""
    from tui.formats.digest import DOMAIN, message

    settings = context.settings.smtp
    sender = settings.get("from") or to or f"papers-tui@{DOMAIN}"
    try:
        mail = message(digest, sender=sender, to=to, at=context.library.now())
    except ValueError as error:
        raise _not_an_address(to) from error
    count = plural(sum(len(items) for _, items in digest.groups), "paper")
    if output == "-":
        notes = () if to else ("Without a recipient: sendmail -t needs --to ADDRESS",)
        context.write(mail.as_bytes().decode("ascii"))
        return Outcome(notes=notes)
    if output is not None:
        from tui.exchange.written_files import write_file

        path = Path(output).expanduser().absolute()
        unrecorded = write_file(context.library, path, mail.as_bytes(), force=force)
        written = f"Written: {count} to {sanitize(str(path), 200)}"
        return Outcome(written, unrecorded=unrecorded)
    if not settings.get("host"):
        raise UsageError(_NO_SERVER, f"{_SET_HOST.capitalize()}, or pipe it: -o - | sendmail -t.")
    from tui.sources.smtp import send

    refusals = send(mail, settings)
    return Outcome(f"Sent: {count} to {sanitize(to, 80)}", notes=tuple(refusals))
