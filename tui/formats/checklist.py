"""Reading an exported Markdown list again, whoever has edited it.

Formatters rewrite a list (``*`` for ``-``, other indents, wrapped lines, comments on lines of their
own), and people reorder, renumber and annotate it. So it is read as Markdown, by what each item
says, and not by the lines that were written.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Final

from tui.errors import InputError
from tui.formats.markdown_text import unescaped
from tui.model.state import ExportedState, PaperState, Status
from tui.model.text import MAX_TEXT, normalize, sanitize

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(slots=True)
class Entry:
    """A paper in the list."""

    line: int
    """From 1."""
    title: str
    link: str
    key: str = ""
    """Empty if its comment was removed."""
    box: str = ""
    """What is in its brackets: a blank, ``x``, ``/`` or ``-``; empty without brackets."""
    unknown_box: str = ""
    """What is in its brackets, if it is none of these."""
    tags: frozenset[str] | None = None
    """``None`` if it has no line of facts."""
    is_starred: bool | None = None
    """``None`` if it has no line of facts."""
    note: str = ""
    """Its Markdown; empty if it has none."""


@dataclass(slots=True)
class Checklist:
    """An exported list as it is in a file."""

    sum: str = ""
    """The checksum at its end; empty if the end is missing."""
    name: str = ""
    """Its heading."""
    entries: list[Entry] = field(default_factory=list)
    """In the order of the file; if the end is missing, without the last one, which may be cut."""
    others: list[tuple[int, str]] = field(default_factory=list)
    """What is not ours: lines from 1, and their Markdown."""


BEGIN: Final = "<!-- papers-tui:begin -->"
STATUS: Final = {"x": Status.READ, " ": Status.UNREAD, "/": Status.READING, "-": Status.DISMISSED}
"""The status that a box sets; the last two as in Obsidian."""
_BOXES: Final = {status: box for box, status in STATUS.items()}
_USUAL_BOXES: Final = {Status.READ: "x"}
_END: Final = re.compile(r"<!-- papers-tui:end ([0-9a-f]{12}) -->")
_KEY: Final = re.compile(r"<!-- pt:(\S+) -->")
_CONFLICT: Final = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
_BOX: Final = re.compile(r"\[(?:([ xX/-])|([^\[\]\s]))\](?:\s|$)")
_NOTE: Final = re.compile(r"(?:\*\*|__)Note:(?:\*\*|__)[ \n]*", re.IGNORECASE)
_HARD_BREAK: Final = re.compile(r"(?:\\|(?<! ) {2,})\n")
_HASHTAG: Final = re.compile(r"(?<!\S)#([^\s#`]+)")
ADDRESS: Final = re.compile(r"\s*((?:https?://|www\.|arxiv:|doi:)\S+)\s*", re.IGNORECASE)
"""A line that names a paper as ``papers-tui add`` takes it."""
_FACT: Final = re.compile(
    r"\d{4}(?:-\d\d){0,2}|▲ ?\d+|\d+ [a-z]+|★|v\d+|reading|dismissed|(?:(?:`[^`]+`|#\S+) ?)+"
)
"""A phrase of the line of facts."""


def read(text: str) -> Checklist:
    """The list in a text.

    Raises:
        InputError: If there is none, if it has the marks of a conflict, or a paper twice with
            different boxes; with the line.
    """
    from markdown_it import MarkdownIt  # takes 50 ms

    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if BEGIN not in text:
        hint = f"Lists in Markdown and notes are pulled; it has no line {BEGIN}"
        raise InputError("Not an exported list", hint)
    refuse_conflict(text)
    reader = _Reader()
    reader.read(MarkdownIt("commonmark").parse(text))
    if not reader.checklist.sum:
        del reader.checklist.entries[-1:]  # what is cut short may say anything
    _check_twice(reader.checklist.entries)
    return reader.checklist


def refuse_conflict(text: str) -> None:
    """Raises an error, with its line, if a file has the marks of a conflict.

    Raises:
        InputError: If it has.
    """
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        raise InputError(f"Marks of a conflict, line {line}", "Resolve it, and pull again.")


def _check_twice(entries: Iterable[Entry]) -> None:
    first: dict[str, Entry] = {}
    for entry in entries:
        earlier = first.setdefault(entry.key or entry.title, entry)
        if earlier.box != entry.box:
            lines = f"lines {earlier.line} and {entry.line}"
            raise InputError(
                f"A paper is there twice, with different boxes, {lines}", "Delete one of the two."
            )


class _Reader:
    """Walks through the tokens of a document."""

    def __init__(self) -> None:
        self.checklist = Checklist()
        self._is_inside = False
        self._items: list[Entry | None] = []
        """The list items that are open, with the paper that each is."""
        self._noting: int | None = None
        """The depth of the list item that has the note of the last paper."""
        self._quotes = 0
        """Block quotes that are open: abstracts, and the description."""

    def read(self, tokens: Iterable["Token"]) -> None:
        kinds: list[str] = []
        for token in tokens:
            if token.type in ("html_block", "inline") and self._passes(token):
                continue
            if token.nesting == 1:
                kinds.append(token.type)
            elif token.nesting == -1:
                kinds.pop()
            if not self._is_inside:
                continue
            if token.type == "list_item_open":
                self._items.append(None)
            elif token.type == "list_item_close":
                if self._noting == len(self._items):
                    self._noting = None
                if self._items:
                    self._items.pop()
            elif token.type == "blockquote_open":
                self._quotes += 1
            elif token.type == "blockquote_close" and self._quotes:
                self._quotes -= 1
            elif token.type == "inline" and not self._quotes:
                self._inline(token, kinds[-1] if kinds else "")
            elif token.type in ("fence", "code_block"):
                self._other(token, token.content)

    def _passes(self, token: "Token") -> bool:
        """Whether a token holds a comment of ours, or is outside of the list."""
        text = token.content
        if BEGIN in text:
            self._is_inside = True
            return True
        if not self._is_inside:
            return True
        if end := _END.search(text):
            self.checklist.sum = end[1]
            self._is_inside = False
            return True
        if token.type == "html_block":
            if (key := _KEY.search(text)) and self.checklist.entries:
                self.checklist.entries[-1].key = key[1]
            return True
        return False

    def _inline(self, token: "Token", parent: str) -> None:
        text = token.content
        if parent == "heading_open":
            texts = (child.content for child in token.children or () if child.type == "text")
            self.checklist.name = self.checklist.name or normalize("".join(texts))
            return
        if self._items:
            self._in_item(token, text)
        elif self.checklist.entries or not re.match(r"\*\*|__|\d", text):
            self._other(token, text)  # not the count below the heading

    def _in_item(self, token: "Token", text: str) -> None:
        owner = next((entry for entry in reversed(self._items) if entry), None)
        is_in_note = self._noting is not None and self._noting <= len(self._items)
        if self._items[-1] is None and not is_in_note and (entry := _entry(token)):
            self._items[-1] = entry
            self.checklist.entries.append(entry)
            self._noting = None
            return
        # In a numbered list, lines of two blanks are items beside the one that they belong to.
        owner = owner or (self.checklist.entries or [None])[-1]  # type: ignore[list-item]
        if owner is None:
            self._other(token, text)
        elif is_in_note:
            owner.note += ("\n\n" if self._noting == len(self._items) else "\n- ") + _note(text)
        elif note := _NOTE.match(text):
            owner.note = _note(text[note.end() :])
            self._noting = len(self._items)
        elif is_facts(text):
            owner.tags = (owner.tags or frozenset()).union(_tags(token))
            owner.is_starred = bool(owner.is_starred) or "★" in text
        elif not all(link.startswith("<") for link in text.split()):
            self._other(token, text)

    def _other(self, token: "Token", text: str) -> None:
        line = token.map[0] + 1 if token.map else 0
        bullet = "- " if self._items else ""
        self.checklist.others.append((line, bullet + text.strip("\n")))


def _entry(token: "Token") -> Entry | None:
    """The paper that begins an item.

    Returns:
        The paper; ``None`` if it has no key, and no box with a link or a bare address.
    """
    children = token.children or []
    first = children[0].content if children else ""
    box = _BOX.match(first)
    comments = (_KEY.search(child.content) for child in children if child.type == "html_inline")
    key = next((match[1] for match in comments if match), "")
    links = [child for child in children if child.type == "link_open"]
    bare = ADDRESS.fullmatch(token.content, box.end()) if box and not links else None
    if not key and not (box and links) and not bare:
        return None
    return Entry(
        line=token.map[0] + 1 if token.map else 0,
        title=normalize(bare[1] if bare else " ".join(_texts_of_link(token))),
        link=str(links[0].attrs.get("href", "")) if links else bare[1] if bare else "",
        key=key,
        box=(box[1] or "").lower() if box else "",
        unknown_box=(box[2] or "") if box else "",
    )


def _texts_of_link(token: "Token") -> Iterator[str]:
    """The texts of the first link of a line."""
    is_inside = False
    for child in token.children or ():
        if child.type == "link_close":
            return
        is_inside = is_inside or child.type == "link_open"
        if is_inside and child.type in ("text", "code_inline"):
            yield child.content


def is_facts(text: str) -> bool:
    """Whether a line begins as that of the facts does: what was added to it may be anything."""
    return _FACT.fullmatch(text.split(" · ")[0].strip()) is not None


def _tags(token: "Token") -> Iterator[str]:
    for child in token.children or ():
        if child.type == "code_inline":
            yield child.content
        elif child.type == "text":
            yield from _HASHTAG.findall(child.content)


def _note(source: str) -> str:
    """A note as the user writes it in the app: one line for each, without our escapes."""
    lines = (" ".join(line.split()) for line in _HARD_BREAK.split(source))
    return "\n".join(unescaped(line) for line in lines if line)


def note_sum(note: str | None) -> str:
    """A checksum of a note, empty if there is none.

    It is the same however a formatter writes the emphasis, the escapes, the line breaks, the
    quotation marks, the dashes, the entities, and the links to addresses that stand in it.
    """
    text = unescape(sanitize(" ".join((note or "").split()), MAX_TEXT))
    text = re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", text)
    text = _LINKED.sub(lambda link: link[1] or link[2], text)
    text = text.replace("_", "*").translate(_TYPED)
    return hashlib.sha256(text.encode()).hexdigest()[:8] if text else ""


_LINKED: Final = re.compile(
    r"<((?:https?://|mailto:)[^\s<>]+|[\w.+-]+@[\w.-]+)>"
    r"|\[([^\s\[\]]+)\]\((?:https?://|mailto:)?\2\)",
    re.IGNORECASE,
)
"""An address that is a link, in angle brackets or with the address as its text."""
_TYPED: Final = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "--", "—": "---", "…": "..."}
)
"""What is typed for the marks that pandoc sets."""


def box_of(status: Status, *, has_all: bool) -> str:
    """What an export has in the box of a paper: a cross, if it is read, else a blank.

    Args:
        status: Its status.
        has_all: Whether there is a box for each status, which GitHub shows as text.
    """
    return _BOXES[status] if has_all else _USUAL_BOXES.get(status, " ")


def exported_state(state: PaperState, *, has_all_boxes: bool = False) -> ExportedState:
    """What an export says of the state of a paper."""
    box = box_of(state.status, has_all=has_all_boxes)
    return ExportedState(box, state.starred, tuple(sorted(state.tags)), note_sum(state.note))
