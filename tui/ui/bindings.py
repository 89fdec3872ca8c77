"""The one table of keys: what the screens bind, and what footer, palette, help and README tell.

It is data and knows no toolkit; ``keys`` puts a user's own keys into it.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a key does."""

    id: str
    """Its name in a user's keymap."""
    keys: tuple[str, ...]
    """As typed: ``r``, ``ctrl+d``, ``space``; ``g u`` is two keys, one after the other."""
    action: str
    """The action of the screen, with its arguments; ``{place}`` is which of the keys it was."""
    label: str
    """One or two words, for the footer."""
    help: str
    """A clause, for the palette and the help."""
    group: str
    footer: int = 0
    """Its rank in the footer, from 1; 0 is not there."""
    pane: str = ""
    """What it does instead while the abstract has the keys; empty if that is the same."""


def _key(
    id: str,
    keys: str,
    action: str,
    label: str,
    help: str,
    group: str,
    footer: int = 0,
    pane: str = "",
) -> Key:
    return Key(id, tuple(keys.split(",")), action, label, help, group, footer, pane)


def _move(id: str, keys: str, action: str, label: str, help: str, pane: str = "") -> Key:
    return _key(id, keys, action, label, help, "Move", 0, pane)


def _decide(id: str, keys: str, action: str, label: str, help: str, footer: int = 0) -> Key:
    return _key(id, keys, action, label, help, "Decide", footer)


def _note(id: str, keys: str, action: str, label: str, help: str, footer: int = 0) -> Key:
    return _key(id, keys, action, label, help, "Annotate", footer)


def _find(id: str, keys: str, action: str, label: str, help: str, footer: int = 0) -> Key:
    return _key(id, keys, action, label, help, "Find", footer)


def _list(id: str, keys: str, action: str, label: str, help: str, footer: int = 0) -> Key:
    return _key(id, keys, action, label, help, "Reading lists", footer)


def _take(id: str, keys: str, action: str, label: str, help: str, footer: int = 0) -> Key:
    return _key(id, keys, action, label, help, "Take out", footer)


def _look(id: str, keys: str, action: str, label: str, help: str, footer: int = 0) -> Key:
    return _key(id, keys, action, label, help, "Look", footer)


TABLE: Final = (
    _move("move.down", "j,down", "move(1)", "down", "next paper", "a line down"),
    _move("move.up", "k,up", "move(-1)", "up", "paper before", "a line up"),
    _move("move.next", "J", "step(1)", "next", "next paper, from the abstract too"),
    _move("move.previous", "K", "step(-1)", "previous", "paper before, from the abstract too"),
    _move("move.first", "g g,home", "edge(-1)", "first", "first paper", "top"),
    _move("move.last", "G,end", "edge(1)", "last", "last paper", "end"),
    _move("move.half_down", "ctrl+d", "half(1)", "half page", "half a page down"),
    _move("move.half_up", "ctrl+u", "half(-1)", "half page up", "half a page up"),
    _move("move.page_down", "pagedown", "page(1)", "page", "a page down"),
    _move("move.page_up", "pageup", "page(-1)", "page up", "a page up"),
    _key(
        "move.more",
        "space",
        "more",
        "more",
        "page the abstract; at its end, next unread",
        "Move",
        8,
    ),
    _move("move.next_unread", "n", "unread(1)", "next unread", "next unread paper"),
    _move("move.previous_unread", "p", "unread(-1)", "previous unread", "unread paper before"),
    _move("pane.next", "tab", "app.focus_next", "other pane", "go to the next pane"),
    _move("pane.previous", "shift+tab", "app.focus_previous", "pane before", "pane before"),
    _decide("mark.read", "r", "mark('read')", "read", "mark read, go on", 1),
    _decide("mark.reading", "i", "mark('reading')", "reading", "mark as being read, go on", 9),
    _decide("mark.dismissed", "d", "mark('dismissed')", "dismiss", "not for me, go on", 2),
    _decide("mark.unread", "N", "toggle_read", "unread/read", "unread if read, else read; stay"),
    _decide("mark.star", "s", "star", "star", "star; on a starred paper, clear it; stay", 10),
    _decide(
        "mark.all", "A", "mark_visible", "all read", "mark every unread paper listed here read"
    ),
    _decide("mark.snooze", "w", "snooze", "snooze", "hide until another day"),
    _decide("mark.repeat", ".", "repeat", "repeat", "do to this paper what was done last"),
    _decide("undo", "u", "undo", "undo", "take the last change back, as often as you like", 7),
    _decide("redo", "ctrl+r", "redo", "redo", "do again what was taken back"),
    _decide("select.one", "x", "select", "select", "select or unselect; verbs then act on all"),
    _decide("select.range", "V", "select_range", "range", "select from here on, as you move"),
    _decide("select.all", "*", "select_all", "select all", "select every paper listed here"),
    _note("tag.edit", "t", "tag", "tags", "add or remove tags: nlp -old", 5),
    _note("tag.browse", "T,g t", "tags", "all tags", "all tags: open, rename, merge"),
    _note("note.edit", "e", "note", "note", "write a note", 11),
    _note("note.editor", "ctrl+x", "note_editor", "note in editor", "write a note in your editor"),
    _find("filter.edit", "/", "filter", "filter", "filter as you type", 6),
    _find("filter.like", "m", "like", "more like this", "papers like this one, the likest first"),
    _find("filter.sort", "S", "sort", "sort", "choose the order; the same again reverses it"),
    _find("filter.refresh", "$", "refresh", "refresh", "drop what no longer matches"),
    _find("view.unread", "g u", "go('is:unread')", "unread", "show the unread papers"),
    _find("view.all", "g a,0", "go('')", "all", "show all papers"),
    _find("view.starred", "g s", "go('is:starred')", "starred", "show the starred papers"),
    _find("view.reading", "g r", "go('is:reading')", "reading", "show what you are reading"),
    _find("view.pick", "f", "view", "views", "choose a saved view"),
    _find("view.save", "F", "save_view", "save view", "save this query as a view"),
    _find(
        "view.number",
        "1,2,3,4,5,6,7,8,9",
        "numbered_view({place})",
        "view 1 to 9",
        "show a saved view by its number",
    ),
    _list("list.add", "a", "add", "add", "add to the current list, go on", 3),
    _list(
        "list.choose", "L", "choose_list", "choose list", "choose or make the current list, and add"
    ),
    _list("list.show", "g l", "lists", "lists", "all reading lists, and where they went"),
    _list("list.open", "l", "open_list", "open list", "show the current list, in your order"),
    _list("list.earlier", "<", "shift(-1)", "earlier", "move the paper up in its list"),
    _list("list.later", ">", "shift(1)", "later", "move the paper down in its list"),
    _list("list.remove", "-", "remove", "remove", "take off the list that is shown"),
    _list("list.export", "E", "export", "export", "write the list, or what is listed, as Markdown"),
    _take("open.link", "o", "open_link", "open", "open a link, or look the title up"),
    _take("open.read", "O", "open_and_read", "open and read", "the same, and mark read, go on"),
    _take("copy.title", "y t", "copy('title')", "title", "copy the title"),
    _take("copy.link", "y u", "copy('link')", "link", "copy the link"),
    _take("copy.key", "y i", "copy('key')", "key", "copy the paper's key"),
    _take("copy.citation", "y c", "copy('citation')", "citation", "copy a citation"),
    _take("copy.bibtex", "y b", "copy('bibtex')", "BibTeX", "copy a BibTeX record"),
    _take("copy.markdown", "y m", "copy('markdown')", "Markdown", "copy as Markdown"),
    _take("pipe", "|", "pipe", "pipe", "hand the papers to a command of the shell"),
    _take("command", ":", "command", "command", "run a command of papers-tui on the papers"),
    _look("look.zoom", "z,enter", "zoom", "zoom", "only the abstract, or both again"),
    _look("look.layout", "_", "layout", "layout", "panes one above the other, or side by side"),
    _look("look.rows", "v", "density", "row height", "one line a paper, or two"),
    _look("look.smaller", "[", "split(-1)", "smaller list", "make the list smaller"),
    _look("look.larger", "]", "split(1)", "larger list", "make the list larger"),
    _look("look.reset", "=", "reset_layout", "reset", "panes and rows as the screen suggests"),
    _look("look.session", "g i", "session", "session", "the session, the days, the pace"),
    _look("look.timeline", "g h", "timeline", "timeline", "every change by day; undo from there"),
    _look(
        "library.write",
        "g w",
        "take_over",
        "write here",
        "change things here, once nobody else does",
    ),
    _look("look.back", "escape", "back", "back", "step back: selection, zoom, pane, query"),
    _look("look.help", "?", "help", "keys", "all keys, searchable", 4),
    _look("look.palette", "ctrl+p", "palette", "palette", "find a command by its words"),
    _look("look.theme", "g c", "theme", "colours", "choose the colours"),
    _look("quit", "q", "quit", "quit", "step back from zoom, else quit"),
)
"""The keys of the papers."""

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


def _other(id: str, keys: str, action: str, label: str, help: str, footer: int = 0) -> Key:
    return _key(id, keys, action, label, help, "Other screens", footer)


_MOVES: Final = (
    _other("screen.down", "j,down", "move(1)", "down", "next row"),
    _other("screen.up", "k,up", "move(-1)", "up", "row before"),
    _other("screen.first", "g g,home", "edge(-1)", "first", "first row"),
    _other("screen.last", "G,end", "edge(1)", "last", "last row"),
    _other("screen.half_down", "ctrl+d", "half(1)", "half page", "half a page down"),
    _other("screen.half_up", "ctrl+u", "half(-1)", "half page up", "half a page up"),
    _other("screen.page_down", "pagedown,space", "page(1)", "page", "a page down"),
    _other("screen.page_up", "pageup", "page(-1)", "page up", "a page up"),
    _other("screen.redo", "ctrl+r", "redo", "redo", "do again what was taken back"),
    _other("screen.palette", "ctrl+p", "palette", "palette", "find a command by its words"),
    _other("screen.help", "?", "help", "keys", "all keys, searchable", 3),
    _other("screen.back", "escape,q", "back", "back", "back to the papers", 2),
)
_UNDO: Final = _other("screen.undo", "u", "undo", "undo", "take the last change back", 8)

LISTS_TABLE: Final = (
    _key("lists.open", "enter,l", "open", "open", "show its papers", "Lists", 1),
    _key("lists.new", "a", "new", "new", "make a list", "Lists", 4),
    _key("lists.again", "E", "export", "export", "export it, or export it again", "Lists", 5),
    _key("lists.rename", "c", "rename", "rename", "give it another name", "Lists", 6),
    _key("lists.describe", "e", "describe", "describe", "say why it exists", "Lists", 9),
    _key("lists.delete", "d", "delete", "delete", "delete it; its papers stay", "Lists", 7),
    _UNDO,
    *_MOVES,
)
TAGS_TABLE: Final = (
    _key("tags.open", "enter,l", "open", "open", "show its papers", "Tags", 1),
    _key("tags.rename", "c", "rename", "rename", "another name; one there is merges", "Tags", 4),
    _key("tags.delete", "d", "delete", "delete", "take it off every paper", "Tags", 5),
    _key("tags.sort", "S", "sort", "sort", "by name, or the most papers first", "Tags", 6),
    _UNDO,
    *_MOVES,
)
TIMELINE_TABLE: Final = (
    _key("timeline.open", "enter,l", "open", "papers", "show its papers", "Timeline", 5),
    _key("timeline.undo", "u", "undo", "undo this", "take back this change alone", "Timeline", 1),
    _key(
        "timeline.since",
        "U",
        "undo_since",
        "undo since",
        "take back this change and all since",
        "Timeline",
        4,
    ),
    *_MOVES,
)
SESSION_TABLE: Final = (
    _key("session.write", "E", "export", "write", "write it as Markdown", "Session", 1),
    _key("session.copy", "y", "copy", "copy", "copy it as Markdown", "Session", 4),
    *_MOVES,
)

OUTPUT_TABLE: Final = _MOVES

SCREENS: Final = (TABLE, LISTS_TABLE, TAGS_TABLE, TIMELINE_TABLE, SESSION_TABLE, OUTPUT_TABLE)
"""The keys of each screen."""
