"""The user's keymap over the shipped bindings, checked; and how keys are written.

``[keys]`` in the configuration gives a binding other keys (``"mark.read" = "e"``), or a key any
command line (``X = "tag +skim"``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from tui.actions import command_line
from tui.actions.bindings import bindings
from tui.actions.context import Context, Outcome
from tui.actions.registry import (
    DETAIL,
    JSON,
    SCREENS,
    Binding,
    Where,
    action,
    app_front_end,
    switch,
)
from tui.errors import UsageError
from tui.model.suggest import unknown

if TYPE_CHECKING:
    from tui.config import Config

WITH_KEYS: Final = ("papers", *SCREENS, "output", DETAIL)
"""The screens with bindings, and the papers of a row on one."""

Problem = tuple[str, str]
"""A setting's name, and what is wrong with it."""


@cache
def _shipped() -> dict[str, Binding]:
    """The bindings of all screens, by id."""
    return {row.id: row for screen in WITH_KEYS for row in bindings(screen)}


@cache
def _shared() -> frozenset[str]:
    """The bindings of more than one screen, but for those that lead away from it."""
    screens = (bindings(screen) for screen in WITH_KEYS if screen != DETAIL)
    rows = (row for rows in screens for row in rows if not row.is_elsewhere)
    counts = Counter(row.id for row in rows)
    return frozenset(id for id, count in counts.items() if count > 1)


def resolve(
    custom: Mapping[str, str], screen: str = "papers"
) -> tuple[tuple[Binding, ...], list[Problem]]:
    """The bindings of a screen with a user's keys in them.

    Args:
        custom: Keys by binding id, separated by commas (empty unbinds); and command lines by key,
            for papers only.
        screen: One of ``WITH_KEYS``.

    Returns:
        The bindings, and the problems; a wrong setting is not applied.
    """
    rows = bindings(screen)
    if not custom:  # the shipped bindings do not clash
        return rows, []
    problems = _unknown_names(custom)
    if screen in ("papers", DETAIL):
        own = _command_rows(custom, problems)
        of_paper = (row for row in own if row.needs and row.needs.is_of_paper)
        rows += tuple(own if screen == "papers" else of_paper)
    firsts = {
        name.split(" ")[0]: row.id
        for row in reversed(rows)
        for name in row.keys
        if " " in name and row.id not in custom
    }
    resolved: list[Binding] = []
    for row in rows:
        keys = _names(custom[row.id]) if row.id in custom and row.id in _shipped() else row.keys
        wrong = next((name for name in keys if not is_key(name)), None)
        prefix = next((name for name in keys if name in firsts), None)
        if row.id in custom and prefix is not None:
            text = f"{prefix} begins the keys of {firsts[prefix]}, so it cannot act alone"
            problems.append((row.id, text))
        elif wrong is not None:
            text = f"{wrong or 'nothing'} is not a key that every terminal can send"
            problems.append((row.id, text))
        else:
            resolved.append(replace(row, keys=keys))
            continue
        if row.id in _shipped():
            resolved.append(row)
    return _without_clashes(resolved, custom, problems), problems


def _unknown_names(custom: Mapping[str, str]) -> list[Problem]:
    return [
        (name, unknown("binding", name, _shipped()))
        for name in custom
        if name not in _shipped() and not is_key(name)
    ]


def _command_rows(custom: Mapping[str, str], problems: list[Problem]) -> tuple[Binding, ...]:
    """The bindings of the user's own command lines."""
    rows = []
    for name, line in custom.items():
        if name in _shipped() or not is_key(name):
            continue
        try:
            action, _ = command_line.parse(line, Where.SESSION, ["%"])
        except UsageError as error:
            problems.append((name, str(error)))
        else:
            label = line if len(line) <= 18 else action.name
            needs = action.needs
            rows.append(
                Binding(name, (name,), line, label, line, action.group or "View", needs=needs)
            )
    return tuple(rows)


def _names(text: str) -> tuple[str, ...]:
    """The keys of a setting, once each; a lone comma is the comma key, empty text unbinds."""
    if text.strip() == ",":
        return (",",)
    return tuple(dict.fromkeys(part.strip() for part in text.split(","))) if text.strip() else ()


def _without_clashes(
    rows: Iterable[Binding], custom: Mapping[str, str], problems: list[Problem]
) -> tuple[Binding, ...]:
    """The bindings without clashes; the user's settings win."""
    rows = list(rows)
    # Bindings shared by several screens win over all, so that they stay the same everywhere.
    by_rank = sorted(
        rows, key=lambda row: (row.is_elsewhere, row.id not in _shared(), row.id not in custom)
    )
    owners: dict[str, str] = {}
    keys: dict[str, list[str]] = {row.id: [] for row in rows}
    for row in by_rank:
        for name in row.keys:
            other = owners.get(name) or next(
                (id for used, id in owners.items() if _hides(used, name)), None
            )
            if other is None:
                owners[name] = row.id
                keys[row.id].append(name)
            elif row.id in custom and not row.is_elsewhere:  # else a shipped key gives way
                setter, also = (other, row.id) if other in custom else (row.id, other)
                problems.append((setter, f"{name} is bound to both {setter} and {also}"))
    return tuple(replace(row, keys=tuple(keys[row.id])) for row in rows)


def _hides(one: str, other: str) -> bool:
    """Whether one of two is the first key of the other, a sequence."""
    return one.startswith(f"{other} ") or other.startswith(f"{one} ")


def in_front_end(rows: Iterable[Binding]) -> tuple[Binding, ...]:
    """The bindings that the app of this process has.

    Cost: in a browser, a line is parsed for each.
    """
    where = app_front_end()
    return tuple(row for row in rows if where is Where.TERMINAL or is_for(row, where))


def all_bindings(custom: Mapping[str, str]) -> tuple[tuple[Binding, ...], list[Problem]]:
    """The bindings of all screens with the user's keys in them, and the problems."""
    bound: dict[str, Binding] = {}
    problems: dict[Problem, None] = {}
    for screen in WITH_KEYS:
        resolved, wrong = resolve(custom, screen)
        for row in resolved:
            bound.setdefault(row.id, row)
        own = {row.id for row in resolved if row.screen == DETAIL}
        new = wrong if screen != DETAIL else [each for each in wrong if each[0] in own]
        problems |= dict.fromkeys(new)
    return tuple(bound.values()), list(problems)


def problem_lines(settings: "Config") -> list[str]:
    """The problems of the user's keys, each with its line of the configuration."""
    from tui import config

    if not settings.keys:
        return []
    path = config.config_path()
    _, problems = all_bindings(settings.keys)
    return [f"{path.name}, line {config.key_line(path, name)}: {text}" for name, text in problems]


_NAMED: Final = frozenset(
    ["space", "tab", "enter", "escape", "up", "down", "left", "right", "home", "end"]
    + ["pageup", "pagedown", "insert", "delete", "backspace"]
    + [f"f{n}" for n in range(2, 10)]
)
# Aliases of Tab, Enter, Backspace and Escape in terminals without the Kitty protocol, and keys
# that multiplexers, flow control and editors' terminals reserve.
_LOST: Final = frozenset(f"ctrl+{letter}" for letter in "abhijmqs")


def is_key(name: str) -> bool:
    """Whether this names a key, or a sequence of two, that every terminal can send."""
    parts = name.split(" ")
    return 1 <= len(parts) <= 2 and all(map(_is_single_key, parts))


def _is_single_key(name: str) -> bool:
    if name in _LOST:
        return False
    if len(name) == 1:
        return name.isprintable() and not name.isspace()
    if name.startswith("ctrl+"):
        return len(name) == 6 and name[5].isascii() and name[5].islower()
    return name in _NAMED or name in ("shift+tab",)


_DISPLAYED: Final = {
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "escape": "Esc",
    "shift+tab": "Shift+Tab",
}


def display_key(key: str) -> str:
    """A key as it is usually written: ``Ctrl+d``, ``Down``, ``gu``."""
    if " " in key:
        return "".join(map(display_key, key.split(" ")))
    if key in _DISPLAYED:
        return _DISPLAYED[key]
    if key.startswith("ctrl+"):
        return f"Ctrl+{key[5:]}"
    return key.capitalize() if len(key) > 1 else key


def key_for(rows: Iterable[Binding], id: str) -> str:
    """The key of a binding as it is usually written; that of the palette if it has none."""
    return display_key(next((row.keys[0] for row in rows if row.id == id and row.keys), "ctrl+p"))


def markdown_table(rows: Iterable[Binding]) -> str:
    """The bindings as a Markdown table."""
    lines = ["| Key | What it does | Name in `config.toml` |", "|---|---|---|"]
    for row in rows:
        names = " ".join(f"`{display_key(name)}`".replace("|", "\\|") for name in row.keys)
        lines.append(f"| {names} | {row.description} | `{row.id}` |")
    return "\n".join(lines) + "\n"


@action(
    "keys",
    switch("markdown", "print a Markdown table"),
    JSON,
    help="list every key of the app",
    group="Library",
    access=None,
)
def run_keys(context: Context, markdown: bool = False) -> Outcome:
    """Every key; exit code 1 if the user's keymap has problems."""
    rows, problems = all_bindings(context.settings.keys)
    return Outcome(
        text=markdown_table(rows) if markdown else "",
        rows=[
            (" ".join(map(display_key, row.keys)), row.id, row.help) for row in rows if not markdown
        ],
        data=[
            {"id": row.id, "keys": list(row.keys), "help": row.help, "group": row.group}
            for row in rows
        ],
        notes=tuple(problem_lines(context.settings)),
        exit_code=1 if problems else 0,
    )


@action(
    "help",
    help="list the keys available here",
    group="View",
    where=Where.SESSION,
    access=None,
    screen_action="help",
    keys="look.help  ?,g ?  help  help  show all keys, with search  6",
    synonyms="shortcuts manual",
)
def show_keys(context: Context) -> Outcome:
    """The keys of a plain session."""
    rows, _ = resolve(context.settings.keys)
    lines = [
        f"{' '.join(map(display_key, row.keys))}: {row.help}\n"
        for row in rows
        if row.keys and is_for(row, Where.PLAIN)
    ]
    return Outcome(text="".join(lines))


def is_for(row: Binding, where: Where) -> bool:
    """Whether a binding runs in a session of this kind."""
    if row.action:
        return bool(row.where & where)
    try:
        command_line.parse(row.command(), where, ["%"])
    except UsageError:
        return False
    return True
