"""The one table of keys: what the screen binds, and what footer, palette, help and README tell.

It knows no toolkit, so that ``papers-tui keys`` and the checks of a user's keymap start at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a key does."""

    id: str
    """Its name in a user's keymap."""
    keys: tuple[str, ...]
    """As typed: ``r``, ``ctrl+d``, ``space``; ``g u`` is two keys, one after the other."""
    action: str
    """The action of the screen, with its arguments."""
    label: str
    """One or two words, for the footer."""
    help: str
    """A clause, for the palette and the help."""
    group: str
    footer: int = 0
    """Its rank in the footer, from 1; 0 is not there."""


def _key(
    id: str, keys: str, action: str, label: str, help: str, group: str, footer: int = 0
) -> Key:
    return Key(id, tuple(keys.split(",")), action, label, help, group, footer)


_MOVE, _DECIDE, _KEEP, _FIND, _LISTS, _TAKE, _LOOK = (
    "Move",
    "Decide",
    "Annotate",
    "Find",
    "Reading lists",
    "Take out",
    "Look",
)

TABLE: Final = (
    _key(
        "move.down", "j,down", "move(1)", "down", "next paper; in the abstract, a line down", _MOVE
    ),
    _key("move.up", "k,up", "move(-1)", "up", "paper before; in the abstract, a line up", _MOVE),
    _key("move.next", "J", "step(1)", "next", "next paper, from the abstract too", _MOVE),
    _key(
        "move.previous", "K", "step(-1)", "previous", "paper before, from the abstract too", _MOVE
    ),
    _key(
        "move.first", "g g,home", "edge(-1)", "first", "first paper, or top of the abstract", _MOVE
    ),
    _key("move.last", "G,end", "edge(1)", "last", "last paper, or end of the abstract", _MOVE),
    _key("move.half_down", "ctrl+d", "half(1)", "half page", "half a page down", _MOVE),
    _key("move.half_up", "ctrl+u", "half(-1)", "half page up", "half a page up", _MOVE),
    _key("move.page_down", "pagedown", "page(1)", "page", "a page down", _MOVE),
    _key("move.page_up", "pageup", "page(-1)", "page up", "a page up", _MOVE),
    _key(
        "move.more", "space", "more", "more", "page the abstract; at its end, next unread", _MOVE, 8
    ),
    _key("move.next_unread", "n", "unread(1)", "next unread", "next unread paper", _MOVE),
    _key(
        "move.previous_unread", "p", "unread(-1)", "previous unread", "unread paper before", _MOVE
    ),
    _key("pane.next", "tab", "app.focus_next", "other pane", "go to the next pane", _MOVE),
    _key("pane.previous", "shift+tab", "app.focus_previous", "pane before", "pane before", _MOVE),
    _key("mark.read", "r", "mark('read')", "read", "mark read, go on", _DECIDE, 1),
    _key(
        "mark.reading", "i", "mark('reading')", "reading", "mark as being read, go on", _DECIDE, 9
    ),
    _key("mark.dismissed", "d", "mark('dismissed')", "dismiss", "not for me, go on", _DECIDE, 2),
    _key(
        "mark.unread", "N", "toggle_read", "unread/read", "unread if read, else read; stay", _DECIDE
    ),
    _key("mark.star", "s", "star", "star", "star; on a starred paper, clear it; stay", _DECIDE, 10),
    _key(
        "mark.all",
        "A",
        "mark_visible",
        "all read",
        "mark every unread paper listed here read",
        _DECIDE,
    ),
    _key("mark.snooze", "w", "snooze", "snooze", "hide until another day", _DECIDE),
    _key("mark.repeat", ".", "repeat", "repeat", "do to this paper what was done last", _DECIDE),
    _key(
        "undo", "u", "undo", "undo", "take the last change back, as often as you like", _DECIDE, 6
    ),
    _key("redo", "ctrl+r", "redo", "redo", "do again what was taken back", _DECIDE),
    _key(
        "select.one", "x", "select", "select", "select or unselect; verbs then act on all", _DECIDE
    ),
    _key("select.all", "*", "select_all", "select all", "select every paper listed here", _DECIDE),
    _key("tag.edit", "t", "tag", "tags", "add or remove tags: nlp -old", _KEEP, 4),
    _key("note.edit", "e", "note", "note", "write a note", _KEEP, 11),
    _key("filter.edit", "/", "filter", "filter", "filter as you type", _FIND, 5),
    _key("filter.sort", "S", "sort", "sort", "choose the order; the same again reverses it", _FIND),
    _key("filter.refresh", "$", "refresh", "refresh", "drop what no longer matches", _FIND),
    _key("view.unread", "g u", "go('is:unread')", "unread", "show the unread papers", _FIND),
    _key("view.all", "g a,0", "go('')", "all", "show all papers", _FIND),
    _key("view.starred", "g s", "go('is:starred')", "starred", "show the starred papers", _FIND),
    _key("view.reading", "g i", "go('is:reading')", "reading", "show what you are reading", _FIND),
    _key("view.tags", "g t", "go_tag", "by tag", "choose a tag and show its papers", _FIND),
    _key("view.pick", "f", "view", "views", "choose a saved view", _FIND),
    _key("view.save", "F", "save_view", "save view", "save this query as a view", _FIND),
    _key("list.add", "a", "add", "add", "add to the current list, go on", _LISTS, 3),
    _key(
        "list.choose",
        "L",
        "choose_list",
        "choose list",
        "choose or make the current list, and add",
        _LISTS,
    ),
    _key("list.show", "g l", "lists", "lists", "all reading lists, and where they went", _LISTS),
    _key(
        "list.open", "l", "open_list", "open list", "show the current list, in your order", _LISTS
    ),
    _key("list.earlier", "<", "shift(-1)", "earlier", "move the paper up in its list", _LISTS),
    _key("list.later", ">", "shift(1)", "later", "move the paper down in its list", _LISTS),
    _key("list.remove", "-", "remove", "remove", "take off the list that is shown", _LISTS),
    _key(
        "list.export",
        "E",
        "export",
        "export",
        "write the list, or what is listed, as Markdown",
        _LISTS,
    ),
    _key("open.link", "o", "open_link", "open", "open a link, or look the title up", _TAKE),
    _key("copy.title", "y t", "copy('title')", "title", "copy the title", _TAKE),
    _key("copy.link", "y u", "copy('link')", "link", "copy the link", _TAKE),
    _key("copy.key", "y i", "copy('key')", "key", "copy the paper's key", _TAKE),
    _key("copy.citation", "y c", "copy('citation')", "citation", "copy a citation", _TAKE),
    _key("copy.bibtex", "y b", "copy('bibtex')", "BibTeX", "copy a BibTeX record", _TAKE),
    _key("copy.markdown", "y m", "copy('markdown')", "Markdown", "copy as Markdown", _TAKE),
    _key("look.zoom", "z,enter", "zoom", "zoom", "only the abstract, or both again", _LOOK),
    _key("look.back", "escape", "back", "back", "step back: selection, zoom, pane", _LOOK),
    _key("look.help", "?", "help", "keys", "all keys, searchable", _LOOK, 7),
    _key("look.palette", "ctrl+p", "palette", "palette", "find a command by its words", _LOOK),
    _key("look.theme", "g c", "theme", "colours", "choose the colours", _LOOK),
    _key("quit", "q", "quit", "quit", "step back from zoom, else quit", _LOOK),
)

LISTS_TABLE: Final = (
    _key("lists.open", "enter,l", "open", "open", "show its papers", "Lists screen", 1),
    _key("lists.new", "a", "new", "new list", "make a list", "Lists screen", 2),
    _key(
        "lists.again",
        "E",
        "export",
        "export",
        "export it again, or for the first time",
        "Lists screen",
        3,
    ),
    _key("lists.rename", "c", "rename", "rename", "give it another name", "Lists screen", 4),
    _key("lists.describe", "e", "describe", "describe", "say why it exists", "Lists screen", 5),
    _key("lists.delete", "d", "delete", "delete", "delete it; its papers stay", "Lists screen", 6),
    _key("lists.undo", "u", "undo", "undo", "take the last change back", "Lists screen", 7),
    _key("lists.down", "j,down", "move(1)", "down", "next list", "Lists screen"),
    _key("lists.up", "k,up", "move(-1)", "up", "list before", "Lists screen"),
    _key("lists.help", "?", "help", "keys", "all keys, searchable", "Lists screen", 9),
    _key(
        "lists.palette",
        "ctrl+p",
        "palette",
        "palette",
        "find any command by what it does",
        "Lists screen",
    ),
    _key("lists.back", "escape,q", "back", "back", "back to the papers", "Lists screen", 8),
)

FOOTER: Final = (
    "mark.read",
    "mark.reading",
    "mark.dismissed",
    "mark.star",
    "list.add",
    "tag.edit",
    "note.edit",
    "filter.edit",
    "move.more",
    "undo",
    "look.help",
)
"""The footer of the papers, in this order; what does not fit goes by its rank."""

_NAMED: Final = frozenset(
    ["space", "tab", "enter", "escape", "up", "down", "left", "right", "home", "end"]
    + ["pageup", "pagedown", "insert", "delete", "backspace"]
    + [f"f{n}" for n in range(2, 10)]
)
# Aliases of Tab, Enter, Backspace and Escape in every terminal without Kitty keys, and the keys
# that multiplexers, flow control and editors' terminals keep for themselves.
_LOST: Final = frozenset(f"ctrl+{letter}" for letter in "abhijmqsz")


def resolve(
    custom: Mapping[str, str], table: tuple[Key, ...] = TABLE, known: Iterable[Key] | None = None
) -> tuple[tuple[Key, ...], list[tuple[str, str]]]:
    """The table with a user's keys in it.

    Args:
        custom: Keys by binding id, several parted by commas; empty text unbinds.
        table: The bindings of one screen.
        known: All bindings there are, so that ids of other screens are not taken for mistakes.

    Returns:
        The bindings, and what is wrong as (id, sentence); a wrong setting is not applied.
    """
    ids = {key.id for key in known or (*TABLE, *LISTS_TABLE)}
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
    by_rank = sorted(rows, key=lambda key: key.id not in custom)
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
    """Every screen's bindings with a user's keys in them, and what is wrong with those."""
    main, problems = resolve(custom)
    lists, more = resolve(custom, LISTS_TABLE)
    unknown = [problem for problem in more if problem not in problems]
    return (*main, *lists), problems + unknown


def markdown_table(keys: Iterable[Key]) -> str:
    """The table of the README."""
    lines = ["| Key | What it does | Name in `config.toml` |", "|---|---|---|"]
    for key in keys:
        names = " ".join(f"`{shown(name)}`".replace("|", "\\|") for name in key.keys)
        lines.append(f"| {names} | {key.help} | `{key.id}` |")
    return "\n".join(lines) + "\n"
