"""The targets of an action: papers by key, by query, or selected in a session; and lists."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tui.actions.context import Context, Outcome
from tui.actions.registry import WRITE, Access, Action, Argument, action, switch
from tui.errors import PapersError, UsageError
from tui.model.layout import plural
from tui.model.text import normalize, sanitize

if TYPE_CHECKING:
    from tui.library import Library
    from tui.model.state import Change
    from tui.query import Query

KEYS: Final = Argument(
    "keys", "a unique prefix of a paper's key", nargs="*", metavar="KEY", default=()
)

PAPER: Final = Argument(
    "key",
    "a unique prefix of the paper's key; in a session, by default the one at the cursor",
    nargs="?",
    metavar="KEY",
)


def complete_list(library: "Library", prefix: str) -> list[tuple[str, str]]:
    """The names of lists, each with its number of papers."""
    return [(each.name, plural(len(each.keys), "paper")) for each in library.state.lists()]


def complete_view(library: "Library", prefix: str) -> list[tuple[str, str]]:
    """The queries of saved views, each with its name."""
    return [(query, name) for name, query in library.state.views().items()]


QUERY: Final = Argument(
    "query",
    "act on all papers matching Q",
    ("--query",),
    metavar="Q",
    takes_terms=True,
    complete=complete_view,
)
LIST: Final = Argument("name", "the list's name", metavar="LIST", complete=complete_list)
DRY_RUN: Final = switch("dry_run", "only say what would change")
_NAMED: Final = 5
"""The most lists that an error names."""
TARGETS: Final = (KEYS, QUERY, DRY_RUN)

Verb = Callable[..., "Change | None"]
"""Called with a library, keys of papers, and further arguments by name."""

F = TypeVar("F", bound=Verb)


def verb(name: str, *arguments: Argument, **options: Any) -> Callable[[F], F]:
    """Declares the decorated function, which takes a library and keys, as an action on papers.

    Args:
        arguments: Its arguments besides the papers.
        options: See ``registry.action``.
    """

    def declare(function: F) -> F:
        @action(
            name,
            *arguments,
            *TARGETS,
            access=_access,
            acts_on_papers=True,
            on_request=True,
            **options,
        )
        @wraps(function)
        def run(
            context: Context,
            *,
            keys: Sequence[str] = (),
            query: str | None = None,
            dry_run: bool = False,
            **values: Any,
        ) -> Outcome:
            chosen = targets(context, keys, query)
            return apply(context, chosen, partial(function, **values), dry_run=dry_run)

        return function

    return declare


def library_action(name: str, *arguments: Argument, **options: Any) -> Callable[[F], F]:
    """Declares the decorated function, which takes a library and arguments, as a change to it.

    Args:
        arguments: Its arguments besides the library.
        options: See ``registry.action``.
    """

    def declare(function: F) -> F:
        @action(name, *arguments, access=WRITE, on_request=True, **options)
        @wraps(function)
        def run(context: Context, **values: Any) -> Outcome:
            return changed(context.library, function(context.library, **values))

        return function

    return declare


def _access(options: Any) -> Access:
    return Access() if options.get("dry_run") else WRITE


def changed(library: "Library", change: "Change | None") -> Outcome:
    """The outcome of a change; ``None`` if nothing changed."""
    from tui.actions.history import confirmation

    return confirmation(library, change)


def perform(action: Action, options: Mapping[str, Any], context: Context) -> Outcome:
    """Runs an action in a library that is open, if it needs one.

    Raises:
        PapersError: If it fails; nothing is changed.
    """
    return action.run(context, **options) or Outcome()


def apply(context: Context, keys: Sequence[str], function: Verb, *, dry_run: bool) -> Outcome:
    """Changes papers, or lists what would change: key and title, separated by a tab."""
    library = context.library
    if not keys:
        return Outcome("No matching papers")
    if not dry_run:
        return changed(library, function(library, keys=keys))
    with library.dry_run():
        change = function(library, keys=keys)
    keys = change.keys if change else ()
    titles = (sanitize(library.item(key).paper.display_title) for key in keys)
    text = "".join(f"{sanitize(key)}\t{title}\n" for key, title in zip(keys, titles, strict=True))
    return Outcome(f"{plural(len(keys), 'paper')} would change", text=text)


def targets(context: Context, keys: Sequence[str], query: str | None) -> list[str]:
    """The keys of the given papers, else of those matching a query, else of the selection.

    Raises:
        UsageError: If no papers are given, or part of the query is not understood.
        PapersError: If a prefix matches no paper, or more than one.
    """
    library = context.library
    if query is not None and keys:
        raise UsageError("Pass keys or --query, not both", "Leave one out.")
    if query is not None:
        return _matching(library, query)
    if keys:
        return [library.resolve(key) for key in keys]
    if context.keys or context.workspace is not None:
        return list(context.keys)
    raise UsageError("No papers given", "Pass keys, or --query Q.")


def split_key(context: Context, words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The paper that the first word names, in a session else the one at the cursor; other words.

    Raises:
        UsageError: If no paper is given.
        PapersError: If a prefix matches no paper, or more than one, in the shell.
    """
    if words:
        try:
            return context.library.resolve(words[0]), words[1:]
        except PapersError:
            if not context.keys:
                raise
    if not context.keys:
        raise UsageError("No paper given", "Pass a unique prefix of its key.")
    return context.keys[0], words


def joined_words(words: Sequence[str]) -> str:
    """The query that the words of a command are; empty without words.

    Raises:
        UsageError: If a word is blank, as an unset variable of the shell is.
    """
    if not all(map(str.strip, words)):
        raise _empty_query()
    return " ".join(words)


def _empty_query() -> UsageError:
    return UsageError("The query is empty", "Write * for all papers.")


def parse_fully(text: str, today: date) -> "Query":
    """The query of a command, of which unlike in the filter each part must mean something.

    Raises:
        UsageError: If it is empty or too long, or a part of it means nothing.
    """
    from tui.query import MAX_LENGTH, parse

    if not text.strip():
        raise _empty_query()
    if len(text) > MAX_LENGTH:
        raise UsageError(f"The query is longer than {MAX_LENGTH:,} characters", "Shorten it.")
    query = parse(text, today)
    for diagnostic in query.diagnostics:
        hint = f"Try {diagnostic.suggestion}" if diagnostic.suggestion else diagnostic.detail
        raise UsageError(diagnostic.text, f"{hint or 'Leave it out'}.")
    return query


def parse_strictly(library: "Library", text: str) -> "Query":
    """Like ``parse_fully``; also refuses symbols that no paper has, as they are often typos.

    Raises:
        UsageError: If it is empty or too long, or a part of it means nothing.
    """
    query = parse_fully(text, library.today())
    if not text.isascii():
        library.search.load_words()
        for symbol in library.search.unknown_symbols(query):
            raise UsageError(f"No paper has {symbol}", "Leave it out.")
    return query


def _matching(library: "Library", text: str) -> list[str]:
    query = parse_strictly(library, text)
    results = library.select(query)
    for word, near in library.search.corrections(query).items():
        raise UsageError(f"No match for “{word}”", f"Try {near[0]}.")
    return results.keys()


def no_view(
    library: "Library", name: str, hint: str = "papers-tui views lists them."
) -> UsageError:
    """An error that no saved view has a name, with the nearest one if there is any.

    Args:
        library: The library.
        name: The name.
        hint: What to do if no name is near.
    """
    from tui.model.suggest import did_you_mean, nearest

    names = {each.casefold(): each for each in library.state.views()}
    near = nearest(name.casefold(), names)
    meant = sanitize(names[near], 40) if near else None
    return UsageError(f"No view “{sanitize(name, 40)}”", did_you_mean(meant, hint))


def require_list(library: "Library", name: str, hint: str = "") -> str:
    """The name of an existing list, in its own spelling.

    Args:
        name: The name, in any case.
        hint: What else to do if there is no such list.

    Raises:
        PapersError: If there is no such list.
    """
    existing = library.state.find_list(normalize(name))
    if existing is None:
        names = library.state.list_names()
        end = ", …" if len(names) > _NAMED else "."
        listed = (", ".join(names[:_NAMED]) or "none yet") + end
        raise PapersError(f"No list “{normalize(name, 60)}”", f"Lists: {listed} {hint}".rstrip())
    return existing
