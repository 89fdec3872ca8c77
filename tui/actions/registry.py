"""The registry of actions: name, arguments, keys, and the function that runs.

An action is declared beside its function. The shell's parser, the command line after ``:``, the
bindings of the app and of plain sessions, footer, palette, help, completions and the key reference
are all derived from it. A key runs a command line (``r`` is ``mark read``), so users can bind any.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from enum import Flag, StrEnum, auto
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Final

from tui.actions.modules import MODULES, VERBS, WITHOUT_KEYS
from tui.patterns import regex
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.actions.context import Context, Outcome
    from tui.actions.questions import Question
    from tui.library import Library


class Where(Flag):
    """The front ends of an action."""

    SHELL = auto()
    PLAIN = auto()
    TERMINAL = auto()
    BROWSER = auto()
    APP = TERMINAL | BROWSER
    SESSION = PLAIN | APP
    """Front ends with a workspace: a cursor, a selection, a query."""
    LOCAL = SHELL | PLAIN | TERMINAL
    """Front ends that may touch files outside of the library, and start programs.

    Who has the address of a session in a browser, has the session: it must not have the machine.
    """
    EVERYWHERE = LOCAL | BROWSER
    INTERNAL = auto()
    """A session that a command asks to record something: no user types that or reads of it."""
    REQUEST = SHELL | INTERNAL
    """The front end of a session that acts for a shell."""


class Need(StrEnum):
    """A condition of a binding: without it, footers leave the key out, palettes list it last."""

    PAPER = auto()
    """At the cursor of the list, or of the papers of a row."""
    LISTED = auto()
    """Papers on the main screen, as it is about them all."""
    LIST = auto()
    """Papers of a reading list there, in its order."""
    PAIR = auto()
    """Another paper that the one there may be the same as, or a selection."""
    SAMPLES = auto()
    """Sample papers, and no others."""
    ROW = auto()
    """At the cursor of another screen."""
    CHANGE = auto()
    """To be undone."""
    DECISION = auto()
    """A decision of a session."""
    EDITED = auto()
    """An exported file."""
    WISH = auto()
    """A word or an author that is muted or wanted."""

    @property
    def is_of_paper(self) -> bool:
        """Whether it is about a paper, which may be one of a row's."""
        return self in (Need.PAPER, Need.LIST, Need.PAIR)


def app_front_end() -> Where:
    """Where the app of this process is drawn: in a browser if textual-serve has started it."""
    driver = os.environ.get("TEXTUAL_DRIVER", "")
    return Where.BROWSER if driver.endswith(":WebDriver") else Where.TERMINAL


@dataclass(frozen=True, slots=True)
class Access:
    """How an action opens the library."""

    write: bool = False
    create: bool = False
    """Whether a folder given by name may be new."""
    or_read_only: bool = False
    """Whether to fall back to reading where writing is not possible."""
    brings_papers: bool = False
    """Whether it brings the user's own papers, so that a new library begins without the samples."""
    wait: float = 5.0
    """Seconds to wait for the lock."""


READ: Final = Access()
WRITE: Final = Access(write=True)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an action; positional unless it has flags."""

    name: str
    """The parameter of the function."""
    help: str = ""
    flags: tuple[str, ...] = ()
    """``("-n", "--limit")``."""
    metavar: str = ""
    is_file: bool = False
    """Whether it names a file, which is completed, and read where it ``reads_input``."""
    is_folder: bool = False
    is_query: bool = False
    """Whether it is a query that ``--query`` passes, too."""
    nargs: str = ""
    """As in argparse: ``?``, ``*`` or ``+``; empty for exactly one."""
    kind: Callable[[str], Any] = str
    default: Any = None
    choices: tuple[str, ...] = ()
    is_switch: bool = False
    takes_terms: bool = False
    """Whether its words may begin with a hyphen, as those of queries and tags do."""
    complete: "Callable[[Library, str], Iterable[tuple[str, str]]] | None" = None
    """From the library and the word so far, the values it can take, each with its meaning."""
    question: "Callable[[Context], Question | None] | None" = None
    """The question of a session if it is missing; ``None``, or returning ``None``, for none."""
    option: str = ""
    """The argument that the options of its question set."""
    answer: Callable[[str], Any] = str
    """Converts an answer to its value."""
    reads_input: bool = False
    """Whether ``-`` is standard input, which sessions do not have."""
    expand: "Callable[[Library, Sequence[str]], Iterable[str]] | None" = None
    """The files that it reads, if it takes more than their names."""
    where: Where = Where.EVERYWHERE
    """The front ends that have it; elsewhere it has its default."""
    excludes: tuple[str, ...] = ()
    """The arguments that cannot be passed with it."""
    goes_with: str = ""
    """The argument without which it cannot be passed."""

    @property
    def label(self) -> str:
        """How a user passes it: ``--limit``, ``PAPER``."""
        return self.flags[0] if self.flags else self.metavar or self.name


def switch(
    name: str,
    help: str,
    *,
    where: Where = Where.EVERYWHERE,
    excludes: tuple[str, ...] = (),
    goes_with: str = "",
) -> Argument:
    """An argument that is true if its name is given: ``dry_run`` by ``--dry-run``."""
    flags = (f"--{name.replace('_', '-')}",)
    return Argument(
        name, help, flags, is_switch=True, where=where, excludes=excludes, goes_with=goes_with
    )


JSON: Final = switch("json", "print JSON")
"""Front ends remove it from the options and set ``Context.as_json``."""


@dataclass(frozen=True, slots=True)
class Binding:
    """Keys that run a command line."""

    id: str
    """Its name in a user's keymap: ``mark.read``."""
    keys: tuple[str, ...]
    """``r``, ``ctrl+d``, ``space``; ``g u`` is a sequence of two."""
    line: str
    """The command line, empty with an ``action``; see ``command``."""
    label: str
    """One or two words, for the footer."""
    help: str
    """A short phrase, for the palette and the help."""
    group: str
    footer: int = 0
    """Its rank in the footer, from 1; 0 for not in the footer."""
    pane: str = ""
    """The help while the abstract has the focus; empty if the same."""
    screen: str = "papers"
    """Its screen; ``others`` for every screen but the main one, ``detail`` for the papers there."""
    action: str = ""
    """An action of that screen, run by Textual, instead of a command line."""
    where: Where = Where.APP
    """The front ends that have it, with an ``action``; else its command line tells."""
    needs: Need | None = None
    synonyms: str = ""
    """Other words for what it does, by which palette and help find it."""
    moves: bool = False
    """Whether it only moves the cursor or the focus."""

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is one of the papers on another screen, which it leaves."""
        return self.screen == "papers" and bool(self.action)

    @property
    def description(self) -> str:
        """The help in both panes."""
        return f"{self.help}; in the abstract, {self.pane}" if self.pane else self.help

    def command(self, place: int = 1, count: int | None = None) -> str:
        """The command line, or the action, for a key of it.

        Args:
            place: The number of the key among those of the binding, from 1: ``{place}``.
            count: What was typed before the key: ``{count}``, 1 if nothing, and ``{row}``, nothing
                if nothing.
        """
        values = {"{place}": place, "{count}": count or 1, "{row}": count or ""}
        text = self.line or self.action
        for name, value in values.items():
            text = text.replace(name, str(value))
        return text.rstrip()


Run = Callable[..., "Outcome | None"]
"""Called with the context, and the arguments by name."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the user can do."""

    name: str
    """Its command: ``mark``, ``lists rename``."""
    run: Run
    help: str
    group: str
    arguments: tuple[Argument, ...] = ()
    bindings: tuple[Binding, ...] = ()
    synonyms: str = ""
    """Other words for it, by which palette and help find it and its bindings."""
    phrases: Mapping[str, str] = field(default_factory=dict)
    """Its changes in words, by patterns of their verbs in the journal: ``{"finish": "Finished"}``.
    The longest pattern that matches counts; what follows `` | `` is for a value that is removed."""
    aliases: tuple[str, ...] = ()
    """Other names for it; they are not listed among the commands. One that is also the command of
    an action without arguments stands for this one where words follow: ``more word:moe``."""
    where: Where = Where.EVERYWHERE
    access: "Access | Callable[[Mapping[str, Any]], Access | None] | None" = READ
    """``None`` if it needs no library."""
    acts_on_papers: bool = False
    """Whether ``.`` repeats it and it ends the selection."""
    needs: Need | None = None
    """The need in a session, unless papers are named."""
    moves: bool = False
    """Whether it only moves the cursor or the focus, even while the library is busy."""
    advances: bool = False
    """Whether the cursor moves to the next paper."""
    makes_change: bool = True
    """Whether, if it writes, it is meant to make a change of its own."""
    screen_action: str = ""
    """The action of the app's screen that replaces ``run``."""
    is_slow: "bool | Callable[[Context, Mapping[str, Any]], bool]" = False
    """Whether it runs in a thread, so that the screen does not wait; with these arguments."""
    always_json: bool = False
    """Whether it prints JSON without ``--json``."""
    reports_settings: bool = False
    """Whether it reports problems of the configuration itself."""
    on_request: bool = False
    """Whether a session does it for a shell: it changes the library, and touches nothing else."""

    @property
    def title(self) -> str:
        """What it does, as a heading."""
        return f"{self.help[:1].upper()}{self.help[1:]}"

    def missing(self, options: Mapping[str, Any], where: Where) -> Argument | None:
        """The argument that a session must ask for, if any."""
        return next(
            (
                each
                for each in self.arguments
                if each.question and each.where & where
                if options.get(each.name) in (None, [], ())
            ),
            None,
        )

    def lacks_paper(self, options: Mapping[str, Any], targets: Sequence[str]) -> bool:
        """Whether it needs a paper, and neither these arguments nor the session has one."""
        is_named = any(options.get(name) for name in ("keys", "query", "key"))
        needs = self.needs
        is_about_papers = needs is not None and (needs.is_of_paper or needs is Need.LISTED)
        return is_about_papers and not (targets or is_named)

    def access_for(self, options: Mapping[str, Any]) -> Access | None:
        """How it opens the library with these arguments."""
        return self.access(options) if callable(self.access) else self.access


Command = tuple[Action, Mapping[str, Any]]
"""An action, and its options by name."""

_ACTIONS: Final[dict[str, Action]] = {}


def action(
    name: str,
    *arguments: Argument,
    help: str,
    group: str,
    keys: "str | tuple[Binding, ...]" = "",
    needs: Need | None = None,
    **options: Any,
) -> Callable[[Run], Run]:
    """Declares the decorated function as an action; returns the function unchanged.

    Args:
        name: Its command, one or two words.
        arguments: Its arguments besides the context.
        help: A short phrase that says what it does.
        group: Its heading.
        keys: Its bindings; see ``table``.
        needs: What it needs; a paper if it acts on papers.
        options: Further fields of ``Action``.
    """

    def declare(run: Run) -> Run:
        assert name not in _ACTIONS, f"Two commands are called {name}"
        assert group in GROUPS, f"{name}: {group} is none of the headings in GROUPS"
        rows = table(keys, group) if isinstance(keys, str) else keys
        if words := options.get("synonyms"):
            rows = tuple(replace(row, synonyms=words) for row in rows)
        need = needs or (Need.PAPER if options.get("acts_on_papers") else None)
        if need is not None:
            rows = tuple(replace(row, needs=need) for row in rows)
        if options.get("moves"):
            rows = tuple(replace(row, moves=True) for row in rows)
        _ACTIONS[name] = Action(name, run, help, group, arguments, rows, needs=need, **options)
        return run

    return declare


@cache
def actions() -> Mapping[str, Action]:
    """All actions by name, by group and then in the order of declaration."""
    return _declared_in(_modules())


def actions_with_keys() -> Mapping[str, Action]:
    """The actions of all modules that declare keys; loads no others."""
    return _declared_in(name for name in _modules() if name not in WITHOUT_KEYS)


def _modules() -> list[str]:
    """The names of the modules that may declare actions."""
    import tui.actions as package

    return [module.name for module in iter_modules(package.__path__)]


def actions_of(command: str) -> Mapping[str, Action]:
    """The actions whose name or alias begins with a word, by name.

    Loads only the modules that declare them, unless they are missing in the generated table.
    """
    every = _declared_in(MODULES[command].split()) if command in MODULES else actions()
    return {
        name: each
        for name, each in every.items()
        if command in {text.split()[0] for text in (name, *each.aliases)}
    }


@cache
def phrases_of(word: str) -> Mapping[str, str]:
    """The phrases of changes by patterns of their verbs, those that begin with a word.

    The longest pattern is the first. Loads only the modules that declare them, as ``actions_of``.
    """
    every = _declared_in(VERBS[word].split()) if word in VERBS else actions()
    declared = [pair for each in every.values() for pair in each.phrases.items()]
    own = (pair for pair in declared if pair[0].split(" ")[0] == word)
    return dict(sorted(own, key=lambda pair: -len(pair[0])))


def _declared_in(modules: Iterable[str]) -> Mapping[str, Action]:
    """The actions so far, once these modules are loaded."""
    for name in modules:
        import_module(f"tui.actions.{name}")
    return dict(sorted(_ACTIONS.items(), key=lambda pair: GROUPS.index(pair[1].group)))


SCREENS: Final[Mapping[str, str]] = {
    "lists": "lists",
    "tags": "tags",
    "timeline": "log",
    "imports": "imports",
    "sources": "sources",
    "interests": "interests",
    "session": "session",
}
"""The screens that ``browse`` opens, and the commands that print the same.

The screen ``tags`` is ``TagsScreen`` of ``tui/ui/screens/tags.py``.
"""
DETAIL: Final = "detail"
"""The name under which the papers of a row have bindings, while they have the focus."""
GROUPS: Final = (
    "Move",
    "Triage",
    "Annotate",
    "Find",
    "Reading lists",
    "Open and copy",
    "View",
    "History",
    "Import",
    "Library",
    *map(str.capitalize, SCREENS),
    "Papers of a row",
    "Other screens",
)
"""The headings in order."""


def table(text: str, group: str, screen: str = "papers") -> tuple[Binding, ...]:
    """Bindings from a table, a line each, columns separated by two or more spaces.

    The columns are id, keys (separated by commas), command line, label, help, and optionally the
    rank in the footer (0 for none) and what the binding needs; ``help | pane`` also says what the
    key does in the abstract. On screens other than the main one the third column is an action of
    the screen. A line that begins with ``also`` has the synonyms of the binding above it.
    """
    rows: list[Binding] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("also "):
            rows[-1] = replace(rows[-1], synonyms=line.removeprefix("also "))
            continue
        id, keys, what, label, help, *rest = _COLUMN_GAP.split(line)
        help, _, pane = help.partition(" | ")
        line, action = (what, "") if screen == "papers" else ("", what)
        rank = int(rest[0]) if rest else 0
        needs = Need(rest[1]) if rest[1:] else None
        names = tuple(keys.split(","))
        fields = (id, names, line, label, help, group, rank, pane, screen, action)
        rows.append(Binding(*fields, needs=needs))
    return tuple(rows)


_COLUMN_GAP: Final = regex(r"\s{2,}")
