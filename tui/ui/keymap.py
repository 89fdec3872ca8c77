"""A user's own keys, put into the one table of keys and checked; and how keys are written.

It knows no toolkit, so that ``papers-tui keys`` and ``doctor`` start at once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from tui.ui.bindings import SCREENS, TABLE, Key

EVERY: Final = tuple({key.id: key for table in SCREENS for key in table}.values())
"""Each binding there is, once."""

_SHARED: Final = frozenset(
    id for id, count in Counter(key.id for table in SCREENS for key in table).items() if count > 1
)
"""The bindings of more than one screen."""

_NAMED: Final = frozenset(
    ["space", "tab", "enter", "escape", "up", "down", "left", "right", "home", "end"]
    + ["pageup", "pagedown", "insert", "delete", "backspace"]
    + [f"f{n}" for n in range(2, 10)]
)
# Aliases of Tab, Enter, Backspace and Escape in every terminal without Kitty keys, and the keys
# that multiplexers, flow control and editors' terminals keep for themselves.
_LOST: Final = frozenset(f"ctrl+{letter}" for letter in "abhijmqsz")


def resolve(
    custom: Mapping[str, str], table: tuple[Key, ...] = TABLE
) -> tuple[tuple[Key, ...], list[tuple[str, str]]]:
    """The table with a user's keys in it.

    Args:
        custom: Keys by binding id, several parted by commas; empty text unbinds.
        table: The bindings of one screen.

    Returns:
        The bindings, and what is wrong as (id, sentence); a wrong setting is not applied.
    """
    ids = {key.id for key in EVERY}  # those of other screens are no mistakes here
    problems: list[tuple[str, str]] = []
    resolved: list[Key] = []
    for id in custom:
        if id not in ids:
            near = get_close_matches(id, ids, 1)
            hint = f", did you mean {near[0]}?" if near else ""
            problems.append((id, f"no binding is called {id}{hint}"))
    firsts = {
        name.split(" ")[0]: key.id
        for key in reversed(table)
        for name in key.keys
        if " " in name and key.id not in custom
    }
    for key in table:
        if key.id not in custom:
            resolved.append(key)
            continue
        wanted = _names(custom[key.id])
        wrong = next((name for name in wanted if not is_key(name)), None)
        begun = next((name for name in wanted if name in firsts), None)
        if begun is not None:
            told = f"{begun} begins the keys of {firsts[begun]}, so it cannot act alone"
            problems.append((key.id, told))
            resolved.append(key)
        elif wrong is not None:
            problems.append(
                (key.id, f"{wrong or 'nothing'} is no key that every terminal can send")
            )
            resolved.append(key)
        else:
            resolved.append(replace(key, keys=wanted))
    return _without_clashes(resolved, custom, problems), problems


def _names(text: str) -> tuple[str, ...]:
    """The keys of a setting, once each; a comma alone is the comma key, nothing at all unbinds."""
    if text.strip() == ",":
        return (",",)
    return tuple(dict.fromkeys(part.strip() for part in text.split(","))) if text.strip() else ()


def _without_clashes(
    resolved: Iterable[Key], custom: Mapping[str, str], problems: list[tuple[str, str]]
) -> tuple[Key, ...]:
    """The bindings with every key meaning one thing; what a user set goes first."""
    rows = list(resolved)
    # What several screens share goes before all, so that it is the same on each of them.
    by_rank = sorted(rows, key=lambda key: (key.id not in _SHARED, key.id not in custom))
    taken: dict[str, str] = {}
    kept: dict[str, list[str]] = {key.id: [] for key in rows}
    for key in by_rank:
        for name in key.keys:
            other = taken.get(name) or next(
                (id for used, id in taken.items() if _hides(used, name)), None
            )
            if other is None:
                taken[name] = key.id
                kept[key.id].append(name)
                continue
            setter, also = (other, key.id) if other in custom else (key.id, other)
            problems.append((setter, f"{name} is bound to both {setter} and {also}"))
    return tuple(replace(key, keys=tuple(kept[key.id])) for key in rows)


def _hides(one: str, other: str) -> bool:
    """Whether one key alone keeps two in a row from being typed, whichever is which."""
    return one.startswith(f"{other} ") or other.startswith(f"{one} ")


def is_key(name: str) -> bool:
    """Whether this names a key, or two in a row, that every terminal can send."""
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


_SHOWN: Final = {
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "escape": "Esc",
    "shift+tab": "Shift+Tab",
}


def shown(key: str) -> str:
    """A key as people write it: ``Ctrl+d``, ``↓``, ``gu``."""
    if " " in key:
        return "".join(map(shown, key.split(" ")))
    if key in _SHOWN:
        return _SHOWN[key]
    if key.startswith("ctrl+"):
        return f"Ctrl+{key[5:]}"
    return key.capitalize() if len(key) > 1 else key


def all_keys(custom: Mapping[str, str]) -> tuple[tuple[Key, ...], list[tuple[str, str]]]:
    """Every binding with a user's keys in it, and what is wrong with those, by id."""
    bound: dict[str, Key] = {}
    problems: dict[tuple[str, str], None] = {}
    for table in SCREENS:
        resolved, wrong = resolve(custom, table)
        for key in resolved:
            bound.setdefault(key.id, key)
        problems |= dict.fromkeys(wrong)
    return tuple(bound.values()), list(problems)


def told(key: Key) -> str:
    """What a key does, in both panes."""
    return f"{key.help}; in the abstract, {key.pane}" if key.pane else key.help


def markdown_table(keys: Iterable[Key]) -> str:
    """The table of the README."""
    lines = ["| Key | What it does | Name in `config.toml` |", "|---|---|---|"]
    for key in keys:
        names = " ".join(f"`{shown(name)}`".replace("|", "\\|") for name in key.keys)
        lines.append(f"| {names} | {told(key)} | `{key.id}` |")
    return "\n".join(lines) + "\n"
