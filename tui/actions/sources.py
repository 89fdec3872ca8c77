"""The sources of a library: listed, added, renamed, removed; and commands allowed to run here.

Sources are state, shared by all machines. What a command source runs is therefore decided on each
machine: whoever shares the library could else have anything run.
"""

import hashlib
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

from tui import config
from tui.actions.context import Context, Outcome
from tui.actions.questions import Choice, Question
from tui.actions.registry import JSON, READ, Access, Argument, Where, action, app_front_end
from tui.actions.targets import changed, library_action
from tui.errors import PapersError, UsageError
from tui.files import read_text
from tui.model.state import Change
from tui.model.text import normalize, sanitize
from tui.model.words import fold

if TYPE_CHECKING:
    from tui.library import Library
    from tui.sources import Source
    from tui.sources.past import Fetched

MAX_NAME: Final = 60
_QUOTE: Final = '"'
HINT: Final = "hf:daily, arxiv:cs.CL, feed:https://…"
"""Examples of sources."""
COMMAND: Final = "command:"
NONE: Final = "No sources yet. papers-tui sources add hf:daily adds the Daily Papers."


def spec_of(text: str) -> str:
    """The normal form of what names a source.

    Raises:
        UsageError: If it names none.
    """
    from tui.sources import parse

    return parse(text).spec


def query(spec: str) -> str:
    """The query for the papers of a source; quotes of a search cannot be quoted, so a part is."""
    return f'source:"{max(spec.split(_QUOTE), key=len)}"'


def past(library: "Library") -> "dict[str, Fetched]":
    """The last fetches of this machine, by source. Cost: reads a small file."""
    from tui.sources.past import FetchLog

    return FetchLog(config.fetched_path(library.folder)).read()


def label(spec: str) -> str:
    """The label of a source; for one of a newer version, that it is unknown."""
    from tui.sources import parse

    try:
        return parse(spec).label
    except UsageError:
        return "unknown to this version"


def describe(spec: str, fetched: "Fetched | None") -> str:
    """When it was last fetched here, and what came of it."""
    if not is_allowed(spec) or fetched is None or not fetched.at:
        return result(spec, fetched)
    when = f"{datetime.fromisoformat(fetched.at).astimezone():%Y-%m-%d %H:%M}"
    return f"{when}  {result(spec, fetched)}"


def result(spec: str, fetched: "Fetched | None") -> str:
    """The result of its last fetch here."""
    if not is_allowed(spec):
        return "not allowed to run on this machine"
    if fetched is None or not fetched.at:
        return "never fetched"
    if fetched.error:
        return f"failed: {sanitize(fetched.error, 300)}"
    counts = {"new": fetched.new, "merged": fetched.merged}
    counted = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    return counted or "nothing new"


@action("sources", JSON, help="list, add or remove sources of papers", group="Import")
def run_sources(context: Context) -> Outcome:
    """The sources, with their last fetch on this machine."""
    sources, fetched = context.library.state.sources(), past(context.library)
    rows = [
        (sanitize(name), label(spec), describe(spec, fetched.get(spec)))
        for spec, name in sources.items()
    ]
    data = [_record(spec, name, fetched.get(spec)) for spec, name in sources.items()]
    return Outcome("" if sources else NONE, rows=rows, data=data)


def _record(spec: str, name: str, fetched: "Fetched | None") -> dict[str, object]:
    return {
        "source": spec,
        "name": name,
        "fetched": fetched.at or None if fetched else None,
        "new": fetched.new if fetched else None,
        "merged": fetched.merged if fetched else None,
        "error": fetched.error or None if fetched else None,
    }


def _complete_spec(library: "Library", prefix: str) -> list[tuple[str, str]]:
    from tui.sources import EXAMPLES

    return list(EXAMPLES.items())


def _choices(before: str, typed: str) -> list[Choice]:
    """The beginnings of sources; a search may have further words, which are the user's."""
    from tui.sources import EXAMPLES

    return [] if before else [Choice(spec, detail=what) for spec, what in EXAMPLES.items()]


def complete(library: "Library", prefix: str) -> list[tuple[str, str]]:
    """The names of the sources, each with what it is."""
    return [(name, label(spec)) for spec, name in library.state.sources().items()]


SPEC: Final = Argument(
    "spec",
    "such as hf:daily, arxiv:cs.CL or feed:URL; completed with examples of each kind",
    metavar="SOURCE",
    complete=_complete_spec,
    question=lambda context: Question("Add source", _choices, hint=HINT, words=True),
)
NAME: Final = Argument(
    "name", "its name, or a unique prefix of it", metavar="SOURCE", complete=complete
)


@action(
    "sources add",
    SPEC,
    help="add a source of papers",
    phrases={r"add source (.*)": r"Added source \1"},
    group="Import",
    access=Access(write=True, create=True, brings_papers=True),
    on_request=True,
)
def run_add(context: Context, spec: str) -> Outcome:
    """Adds a source; a command, if it is typed here, may then run here.

    Raises:
        UsageError: If it is none.
    """
    library = context.library
    source, change = add(library, spec)
    # Who shares the library could have written a request, which has no command line of its own.
    is_typed = bool(context.words) or context.workspace is not None
    if is_typed and not is_allowed(source.spec):
        allow(source.spec)
        return changed(library, change) if change else Outcome(f"Allowed here: {source.spec}")
    note = () if is_allowed(source.spec) else (_how_to_allow(source.spec),)
    message = changed(library, change).message if change else f"Already a source: {source.spec}"
    return Outcome(message, change, notes=note)


def add(library: "Library", spec: str) -> "tuple[Source, Change | None]":
    """Adds a source; ``None`` if it is there.

    Raises:
        UsageError: If it is none.
    """
    from tui.sources import parse

    source = parse(spec)
    _refuse_in_browser(source.spec)
    change = library.change(f"add source {source.spec}", [("sources", source.spec, "exists", True)])
    return source, change


@library_action(
    "sources remove",
    NAME,
    help="remove a source; its papers stay",
    group="Import",
    phrases={r"remove source (.*)": r"Removed source \1"},
)
def remove(library: "Library", name: str) -> Change | None:
    """Removes a source.

    Raises:
        PapersError: If there is none of that name.
    """
    spec = find(library, name)
    updates = [("sources", spec, field, None) for field in ("exists", "title")]
    return library.change(f"remove source {library.state.sources()[spec]}", updates)


@library_action(
    "sources rename",
    NAME,
    Argument("new", metavar="NAME"),
    help="rename a source",
    phrases={r"rename source (.*)": r"Renamed source \1"},
    group="Import",
)
def rename(library: "Library", name: str, new: str) -> Change | None:
    """Renames a source.

    Raises:
        PapersError: If there is none of that name.
        UsageError: If the new name is empty, or that of another source.
    """
    spec = find(library, name)
    new = normalize(new, MAX_NAME)
    sources = library.state.sources()
    if not new or new.startswith("-"):
        raise UsageError("Not a valid source name", "It must not be empty or begin with a hyphen.")
    if any(new in (other, title) for other, title in sources.items() if other != spec):
        raise UsageError(f"A source “{new}” already exists", "Choose another.")
    title = None if new == spec else new
    return library.change(
        f"rename source {sources[spec]} to {new}", [("sources", spec, "title", title)]
    )


def find(library: "Library", name: str) -> str:
    """The source of a name, else the one that begins with it; case does not count.

    Raises:
        PapersError: If there is none, or more than one.
    """
    sources = library.state.sources()
    shown = sanitize(name, 60)
    wanted = fold(name)
    names = {spec: (fold(spec), fold(title)) for spec, title in sources.items()}
    matches = (
        [spec for spec, title in sources.items() if name in (spec, title)]
        or [spec for spec, both in names.items() if wanted in both]
        or [spec for spec, both in names.items() if any(each.startswith(wanted) for each in both)]
        if wanted
        else []
    )
    if not matches:
        hint = "papers-tui sources lists them." if sources else NONE
        raise PapersError(f"No source “{shown}”", hint)
    if len(matches) > 1:
        raise PapersError(f"{len(matches)} sources begin with “{shown}”", "Type more of it.")
    return matches[0]


# Commands


@action(
    "sources allow",
    NAME,
    help="allow the program of a source to run on this machine",
    group="Import",
    where=Where.LOCAL,
    access=READ,
)
def run_allow(context: Context, name: str) -> Outcome:
    """Lets a command that was added on another machine run on this one, too.

    Raises:
        PapersError: If there is none of that name.
    """
    spec = find(context.library, name)
    if is_allowed(spec):
        return Outcome(f"Already allowed here: {sanitize(spec)}")
    allow(spec)
    return Outcome(f"Allowed here: {sanitize(spec)}")


def _how_to_allow(spec: str) -> str:
    import shlex

    words = shlex.quote(sanitize(spec))
    return f"It was not typed on this machine: papers-tui sources allow {words}"


def allow_typed(spec: str) -> None:
    """Lets a source that the user typed run on this machine, if it is a command."""
    if not is_allowed(spec):
        allow(spec)


def require_allowed(spec: str) -> None:
    """Raises a ``PapersError`` if a source is a command that may not run here."""
    _refuse_in_browser(spec)
    if not is_allowed(spec):
        raise PapersError("Not allowed to run on this machine", f"{_how_to_allow(spec)}.")


def _refuse_in_browser(spec: str) -> None:
    if spec.startswith(COMMAND) and app_front_end() is Where.BROWSER:
        raise PapersError("A browser starts no programs", "Use a terminal for this source.")


def is_allowed(spec: str) -> bool:
    """Whether a source may be fetched on this machine: a command only if it was allowed here."""
    return not spec.startswith(COMMAND) or _digest(spec) in _allowed()


def allow(spec: str) -> None:
    """Lets a command run on this machine.

    Raises:
        LibraryError: If that cannot be written down.
    """
    from tui.files import make_folder, write_atomically

    path = config.allowed_path()
    lines = sorted({*_allowed(), _digest(spec)})
    with suppress(OSError):
        make_folder(path.parent)
    write_atomically(path, "".join(f"{line}\n" for line in lines).encode())


def _allowed() -> set[str]:
    try:
        return set(read_text(config.allowed_path()).split())
    except (OSError, UnicodeDecodeError):
        return set()


def _digest(spec: str) -> str:
    return hashlib.sha256(spec.encode(errors="replace")).hexdigest()
