"""Reading an exported Markdown list again, whoever has edited it.

Formatters rewrite a list (``*`` for ``-``, other indents, wrapped lines, comments on lines of their
own), and people reorder, renumber and annotate it. So it is read as Markdown, by what each item
says, and not by the lines that were written.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from tui.errors import InputError
from tui.formats.markdown_text import LineKind, escape, line_kinds, unescaped
from tui.formats.own_words import COMMENT, added, around_link, beside_facts, source_of
from tui.model.text import normalize

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(slots=True)
class Entry:
    """A paper in the list."""

    line: int
    """From 1."""
    title: str
    link: str
    is_bare: bool = False
    """Whether it has an address or an identifier in place of a title."""
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
    quotes: list[tuple[int, str]] = field(default_factory=list)
    """The paragraphs of its abstract: lines from 1, and their Markdown."""
    addresses: list[tuple[int, str]] = field(default_factory=list)
    """The lines of its addresses."""
    facts: list[tuple[int, str]] = field(default_factory=list)
    """The lines of its facts."""


@dataclass(slots=True)
class Checklist:
    """An exported list as it is in a file."""

    sum: str = ""
    """The checksum at its end; empty if the end is missing."""
    name: str = ""
    """Its heading."""
    line: int = 0
    """That of the heading, from 1."""
    quotes: list[tuple[int, str]] = field(default_factory=list)
    """The paragraphs of its description."""
    entries: list[Entry] = field(default_factory=list)
    """In the order of the file; if the end is missing, without the last one, which may be cut."""
    others: list[tuple[int, str]] = field(default_factory=list)
    """What is not ours, by the look of it: lines from 1, and their Markdown."""


BEGIN: Final = "<!-- papers-tui:begin -->"
END: Final = re.compile(r"<!-- papers-tui:end ([0-9a-f]{12}) -->")
FRONT: Final = re.compile(r"\ufeff?---\r?\n(.*?)^---\r?$", re.S | re.M)
"""The front matter of a file."""
_KEY: Final = re.compile(r"<!-- pt:(\S+) -->")
_CONFLICT: Final = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
_BOX: Final = re.compile(r"(?:\[(?:([ xX/-])|([^\[\]\s]))\]|([☐☑☒]))(?:\s|$)")
_DRAWN: Final = {"☐": " ", "☑": "x", "☒": "x"}
"""Boxes as pandoc draws them in Markdown that has no task lists."""
_BULLET: Final = re.compile(r" *(?:[-*+]|\d{1,9}[.)]) {1,4}(?=\S)")
_BLOCK_START: Final = re.compile(r"```|~~~|#{1,6} |<|\||> |[-*+] |\d+[.)] ")
_NOTE: Final = re.compile(r"(?:\*\*|__)Note:(?:\*\*|__)[ \n]*", re.IGNORECASE)
_COUNT: Final = re.compile(r"(?:\*\*|__)?\d+ of \d+ read(?:\*\*|__)?")
_HARD_BREAK: Final = re.compile(r"(?:\\|(?<! ) {2,})\n")
_HASHTAG: Final = re.compile(r"(?<!\S)#([^\s#`]+)")
ADDRESS: Final = re.compile(r"\s{0,9}((?:https?://|www\.|arxiv:|doi:)\S+)\s*", re.IGNORECASE)
"""A line that names a paper as ``papers-tui add`` takes it."""
_LEADING: Final = re.compile(
    r"\s{0,9}((?:https?://|www\.|arxiv:|doi:)\S*[^\s:;,.])[:;,.]*(?:\s+|$)", re.IGNORECASE
)
"""An address or identifier, and the words after it."""
_LEADING_ID: Final = re.compile(
    r"((?:https?://arxiv\.org/|arxiv:|doi:)\S*[^\s:;,.])[:;,.]*(?:\s+|$)", re.IGNORECASE
)
"""An identifier or address that only a paper has, and the punctuation after it."""
_FACT: Final = re.compile(
    r"\d{4}(?:-\d\d){0,2}|▲ ?\d+|[\d,]+ [a-z]+|★|v\d+|reading|dismissed|(?:(?:`[^`]+`|#\S+) ?)+"
)
"""A phrase of the line of facts."""


def read(
    text: str, *, is_known: bool = False, find: Callable[[Entry], str | None] = lambda _: None
) -> Checklist:
    """The list in a text.

    Args:
        text: That of a file.
        is_known: Whether it is a list though its comments were deleted.
        find: Returns the paper that an item without a box or a link may be, if the title is known.

    Raises:
        InputError: If there is none, if it has the marks of a conflict, or a paper twice of which
            it says different things; with the line.
    """
    from markdown_it import MarkdownIt  # takes 50 ms

    text = with_plain_comments(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    has_begin = BEGIN in text
    if not (has_begin or is_known):
        hint = f"Lists in Markdown and notes are pulled; it has no line {BEGIN}"
        raise InputError("Not an exported list", hint)
    refuse_conflict(text)
    if front := None if has_begin else FRONT.match(text):
        text = "\n" * front[0].count("\n") + text[front.end() :]
    reader = _Reader(text.split("\n"), find, is_inside=not has_begin)
    definitions: dict[str, Any] = {}
    reader.read(MarkdownIt("commonmark").parse(text, definitions))
    reader.take_definitions(text, definitions.get("references", {}))
    if has_begin and not reader.checklist.sum:
        del reader.checklist.entries[-1:]  # what is cut short may say anything
    _check_twice(reader.checklist.entries)
    return reader.checklist


_MARKED: Final = re.compile(
    r"^```+ *\{=html\}(\r?\n<!-- (?:(?:pt|papers-tui):[^\n`]* )?-->\r?\n)```+(?=\r?$)"
    r"|`(<!-- (?:pt|papers-tui):[^\n`]* -->)`\{=html\}",
    re.MULTILINE,
)


def with_plain_comments(text: str) -> str:
    """A text whose comments of ours are not marked as HTML, as pandoc marks them in its Markdown.

    The lines keep their numbers.
    """
    return _MARKED.sub(r"\1\2", text) if "{=html}" in text else text


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
        if any(was != now for was, now in zip(_said(earlier), _said(entry), strict=True) if now):
            lines = f"lines {earlier.line} and {entry.line}"
            raise InputError(
                f"A paper appears twice and differs, {lines}", "Delete one of the two."
            )


def _said(entry: Entry) -> tuple[str, frozenset[str] | None, bool | None, str]:
    """What a line says of its paper; of what it does not have, nothing."""
    return entry.box, entry.tags, entry.is_starred, entry.note


class _Reader:
    """Walks through the tokens of a document."""

    def __init__(
        self, lines: Sequence[str], find: Callable[[Entry], str | None], *, is_inside: bool
    ) -> None:
        self.checklist = Checklist()
        self._find = find
        self._lines = lines
        self._is_inside = is_inside
        self._items: list[Entry | None] = []
        """The list items that are open, with the paper that each is."""
        self._markers: list[str] = []
        """What begins the next line of each: its bullet or number, and then blanks."""
        self._noting: int | None = None
        """The depth of the list item that has the note of the last paper."""
        self._quotes = 0
        """Block quotes that are open: abstracts, and the description."""

    def read(self, tokens: Sequence["Token"]) -> None:
        kinds: list[str] = []
        end = 0
        for place, token in enumerate(tokens):
            if place < end:
                continue
            if token.type == "list_item_open" and (end := self._own_item(tokens, place)):
                continue
            if token.type in ("html_block", "inline") and self._passes(token):
                continue
            if token.nesting == 1:
                kinds.append(token.tag)
            elif token.nesting == -1:
                kinds.pop()
            if not self._is_inside:
                continue
            if token.type == "list_item_open":
                self._items.append(None)
                self._markers.append(f"{token.info}{token.markup} " if token.info else "- ")
            elif token.type == "list_item_close":
                if self._noting == len(self._items):
                    self._noting = None
                if self._items:
                    self._items.pop()
                    self._markers.pop()
            elif token.type == "blockquote_open":
                self._quotes += 1
            elif token.type == "blockquote_close" and self._quotes:
                self._quotes -= 1
            elif token.type == "inline":
                self._inline(token, kinds[-1] if kinds else "", _key_below(tokens, place))
            elif token.type in ("fence", "code_block"):
                mark = token.markup
                code = f"{mark}{token.info}\n{token.content}{mark}".strip("\n")
                if self._is_in_note and (owner := self._owner()):
                    owner.note += f"\n\n{code}"
                else:
                    self._other(token, code)
            self._is_inside &= not self.checklist.sum

    def _own_item(self, tokens: Sequence["Token"], place: int) -> int:
        """Takes a list item with all that is in it, if nothing of it is ours.

        Returns:
            The place behind it; 0 if it is to be read.
        """
        if self._quotes or self._is_in_note or not self._is_inside:
            return 0
        item, first = tokens[place], tokens[place + 2 : place + 3]
        end = next(
            n
            for n in range(place, len(tokens))
            if tokens[n].type == "list_item_close" and tokens[n].level == item.level
        )
        if not first or first[0].type != "inline" or any(map(_is_ours, tokens[place:end])):
            return 0
        if self._entry(first[0], ""):
            return 0
        lines = [self._lines[n] for n in range(*item.map or (0, 0))]
        if (bullet := _BULLET.match(lines[0])) is None:  # in a quote
            return 0
        width = len(bullet[0])
        rest = (line[min(width, len(line) - len(line.lstrip(" "))) :] for line in lines[1:])
        self._other(first[0], "\n".join([lines[0][width:], *rest]), is_item=True)
        return end + 1

    def _passes(self, token: "Token") -> bool:
        """Whether a token holds a comment of ours, or is outside of the list."""
        text = token.content
        if BEGIN in text:
            self._is_inside = True
            return True
        if not self._is_inside:
            return True
        if end := END.search(text):
            self.checklist.sum = end[1]
            token.content = text[: end.start()]
            token.children = _up_to_end(token.children or ())
            self._is_inside = bool(token.children)
        if token.type == "html_block":
            if own := COMMENT.sub("", token.content).strip():
                self._other(token, own)
            return True
        return not self._is_inside

    def _inline(self, token: "Token", parent: str, key: str) -> None:
        text = token.content
        is_heading = re.fullmatch(r"h\d", parent) is not None
        if is_heading and not (self.checklist.name or self.checklist.entries):
            self.checklist.line = _line(token)
            self.checklist.name = normalize(source_of(token.children or ()))
        elif self._quotes and self._is_in_note:
            self.checklist.entries[-1].note += f"\n\n> {_note(text)}"
        elif self._quotes:
            owner = self._owner() or self.checklist
            owner.quotes.append((_line(token), source_of(token.children or ())))
        elif is_heading:
            self._other(token, f"{'#' * int(parent[1])} {text}")
        elif self._items:
            self._in_item(token, text, key)
        elif count := _COUNT.match(text) if not self.checklist.entries else None:
            self._other(token, text[count.end() :].strip())
        else:
            self._other(token, text)

    @property
    def _is_in_note(self) -> bool:
        return self._noting is not None and self._noting <= len(self._items)

    def _owner(self) -> Entry | None:
        """The paper that is being read; ``None`` before the first one."""
        # In a numbered list, lines of two blanks are items beside the one that they belong to.
        inner = (entry for entry in reversed(self._items) if entry)
        return next(inner, self.checklist.entries[-1] if self.checklist.entries else None)

    def _entry(self, token: "Token", key: str) -> Entry | None:
        """The paper that begins an item; outside of the item of another, it needs no box."""
        entry = _entry(token, key)
        if entry or any(self._items) or _is_line(token.content):
            return entry
        entry = _entry(token, key, is_loose=True)
        # A title with a colon is what we put ahead of words that moved.
        if entry is None or entry.title.endswith(":") or not (entry.is_bare or self._find(entry)):
            return None
        return entry

    def _in_item(self, token: "Token", text: str, key: str) -> None:
        entry = self._entry(token, key) if self._items[-1] is None else None
        if entry and (entry.key or not self._is_in_note):
            self._items[-1] = entry
            self.checklist.entries.append(entry)
            self._noting = None
            before, _, after, breaks = around_link(token.children or ())
            before = _BOX.sub("", before, count=1)
            self._beside(token, entry, f"{before} {after}".strip(), 0 if before else breaks)
            return
        owner = self._owner()
        if owner is None:
            self._other(token, text)
        elif self._noting == len(self._items):
            owner.note += f"\n\n{_note(text)}"
        elif self._is_in_note:  # a line break ahead of a bullet is still there
            depth = len(self._items) - (self._noting or 0) - 1
            line = f"{'  ' * depth}{self._markers[-1]}{_note(text)}"
            above = owner.note.removesuffix("\\")
            owner.note = f"{above}\n{line}".strip("\n")
            self._markers[-1] = "  "
        elif note := _NOTE.match(text):
            owner.note = f"{owner.note}\n\n{_note(text[note.end() :])}".strip("\n")
            self._noting = len(self._items)
        elif is_facts(text):
            owner.tags = (owner.tags or frozenset()).union(_tags(token))
            owner.is_starred = bool(owner.is_starred) or "★" in text
            owner.facts.append((_line(token), text))
            words = beside_facts(text)
            self._beside(token, owner, words, text.count("\n", 0, text.find(words[:2])))
        elif text[:5].lower() == "<http":
            owner.addresses.append((_line(token), text))
        else:
            self._other(token, text)

    def take_definitions(self, text: str, definitions: Mapping[str, Mapping[str, Any]]) -> None:
        """Takes the link definitions between the comment lines, unless a formatter made them."""
        links = {entry.link for entry in self.checklist.entries}
        lines = text.split("\n")
        begin = next((n for n, line in enumerate(lines) if BEGIN in line), -1)
        last = next((n for n, line in enumerate(lines) if END.search(line)), len(lines))
        for definition in definitions.values():
            start, end = definition["map"]
            if begin < start < last and definition["href"] not in links:
                source = "\n".join(line.lstrip("> ") for line in lines[start:end])
                if all(source not in text for _, text in self.checklist.others):
                    self.checklist.others.append((start + 1, source))

    def _beside(self, token: "Token", entry: Entry, words: str, breaks: int = 0) -> None:
        """Words in a line of ours, that many lines below its first."""
        if added(words, ()):
            text = beside(entry.title or entry.key, words)
            self.checklist.others.append((_line(token) + breaks, text))

    def _other(self, token: "Token", text: str, *, is_item: bool = False) -> None:
        """What is not ours; in an item, with the title of its paper."""
        if not text.strip():
            return
        text = text.strip("\n")
        if is_item or self._items:
            paper = next((entry for entry in reversed(self._items) if entry), None)
            text = _item(text, paper.title or paper.key if paper else "")
        self.checklist.others.append((_line(token), text))


def _is_ours(token: "Token") -> bool:
    """Whether a part of an item is of papers-tui, or may be."""
    text = token.content
    if COMMENT.search(text) or token.type != "inline":
        return COMMENT.search(text) is not None
    return _is_line(text) or _entry(token, "") is not None


def _is_line(text: str) -> bool:
    """Whether a paragraph is a note, facts or addresses."""
    return bool(_NOTE.match(text)) or is_facts(text) or text[:5].lower() == "<http"


def _item(text: str, title: str) -> str:
    """Words as a list item, whose other lines belong to it as well.

    Args:
        text: Its Markdown, which may be any blocks.
        title: That of the paper that it was below; may be empty.
    """
    box = _BOX.match(text) if title else None
    start, text = (box[0], text[box.end() :]) if box else ("", text)
    if title:
        gap = "\n" if _BLOCK_START.match(text) else " "
        text = f"{escape(title)}:{gap}{text}"
    first, *rest = text.split("\n")
    return "\n".join([f"- {start}{first}", *(line and f"  {line}" for line in rest)])


def beside(title: str, words: str) -> str:
    """Words that stood in a line of a paper, as a line of their own."""
    return f"- {escape(title)}: {words}"


def _line(token: "Token") -> int:
    return token.map[0] + 1 if token.map else 0


def _up_to_end(tokens: Iterable["Token"]) -> list["Token"]:
    """The tokens of a line before the comment at the end of the list."""
    return list(takewhile(lambda token: not END.search(token.content), tokens))


def _key_below(tokens: Sequence["Token"], place: int) -> str:
    """The key in a comment right below a paragraph, as pandoc wraps it; empty without one."""
    below = tokens[place + 2 : place + 3]
    match = _KEY.search(below[0].content) if below and below[0].type == "html_block" else None
    return match[1] if match else ""


def _entry(token: "Token", key: str, *, is_loose: bool = False) -> Entry | None:
    """The paper that begins an item.

    Args:
        token: Its first paragraph.
        key: That of a comment below it; may be empty.
        is_loose: Whether it needs neither a key nor a box.

    Returns:
        The paper; ``None`` if it has no key, and no box with a link or a bare address.
    """
    children = token.children or []
    first = children[0].content if children else ""
    box = _BOX.match(first)
    comments = (_KEY.search(child.content) for child in children if child.type == "html_inline")
    key = next((match[1] for match in comments if match), key)
    links = [child for child in children if child.type == "link_open"]
    _, title, *_ = around_link(children)
    start = box.end() if box else 0
    pattern = _LEADING if box else _LEADING_ID
    bare = None if links or not (box or is_loose) else pattern.match(token.content, start)
    is_title = is_loose and (not links or token.content.startswith("["))
    if not (key or (box and links) or bare or is_title):
        return None
    return Entry(
        line=_line(token),
        title=normalize(bare[1] if bare else title if links else _BOX.sub("", title, count=1)),
        link=str(links[0].attrs.get("href", "")) if links else bare[1] if bare else "",
        note=_note(token.content[bare.end() :]) if bare else "",
        is_bare=bare is not None,
        key=key,
        box=_DRAWN.get(box[3], (box[1] or "").lower()) if box else "",
        unknown_box=(box[2] or "") if box else "",
    )


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
    if not _HARD_BREAK.search(source) and LineKind.BLOCK in line_kinds(source.split("\n")):
        return "\n".join(map(unescaped, source.split("\n")))
    lines = (" ".join(line.split()) for line in _HARD_BREAK.split(source))
    return "\n".join(unescaped(line) for line in lines if line)
