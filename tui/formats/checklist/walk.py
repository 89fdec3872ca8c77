"""Walking through the blocks of an exported list, and telling ours from those of a user."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from tui.formats.checklist.base import BEGIN, END, KEY, Checklist, Entry
from tui.formats.checklist.items import (
    BOX,
    NOTE,
    PLAIN_NOTE,
    entry_of,
    is_addresses,
    is_facts,
    is_line,
    line_of,
    plain_entry,
    statuses_of,
    tags_of,
)
from tui.formats.checklist.notes import joined, source_lines, with_blocks
from tui.formats.markdown_text import block_tokens, escape, inline_tokens
from tui.formats.own_words import (
    COMMENT,
    added,
    around_link,
    beside_facts,
    source_of,
    without_byline,
)
from tui.model.text import normalize

if TYPE_CHECKING:
    from markdown_it.token import Token

_ATTRIBUTES: Final = re.compile(r"(?<!\s)\s+\{#[^{}]*\}$")
"""The attributes of a heading, as pandoc writes them."""
_COUNT: Final = re.compile(r"(?:\*\*|__)?\d+ of \d+ read(?:\*\*|__)?")
_BULLET: Final = re.compile(r" *(?:[-*+]|\d{1,9}[.)]) {1,4}(?=\S)")
_BLOCK_START: Final = re.compile(r"```|~~~|#{1,6} |<|\||> |[-*+] |\d+[.)] ")


class Walk:
    """Walks through the blocks of a text."""

    def __init__(self, text: str, find: Callable[[Entry], str | None], *, is_inside: bool) -> None:
        self.checklist = Checklist()
        self._find = find
        self._text = text
        self._lines = text.split("\n")
        self._is_inside = is_inside
        self._definitions: dict[str, Any] = {}
        self._tokens = block_tokens(text, self._definitions)
        self._ends = _ends(self._tokens)
        self._items: list[Entry | None] = []
        """The list items that are open, with the paper that each is."""
        self._opened: list[int] = []
        """Where each of them begins."""
        self._noting = 0
        """The depth of the list item that has the note of the last paper; 0 for none."""
        self._quotes = 0
        """Block quotes that are open: abstracts, and the description."""

    def read(self) -> None:
        """Takes the list."""
        self._walk(0, len(self._tokens))
        self._take_definitions()

    def _walk(self, place: int, end: int) -> None:
        """Takes what is from one token up to another."""
        tag = ""
        while place < end:
            token = self._tokens[place]
            kind = token.type
            if kind in ("html_block", "inline"):
                if not self._passes(token) and kind == "inline":
                    self._inline(place, token, tag)
                self._is_inside &= not self.checklist.sum
            elif not self._is_inside:
                pass
            elif kind == "list_item_open":
                if behind := self._own_item(place):
                    place = behind
                    continue
                self._items.append(None)
                self._opened.append(place)
            elif kind == "list_item_close" and self._items:
                if self._noting == len(self._items):
                    self._noting = 0
                self._items.pop()
                self._opened.pop()
            elif kind == "blockquote_open":
                self._quotes += 1
            elif kind == "blockquote_close":
                self._quotes = max(self._quotes - 1, 0)
            elif kind in ("fence", "code_block") and not self._noting:
                mark = token.markup
                self._other(token, f"{mark}{token.info}\n{token.content}{mark}".strip("\n"))
            if token.nesting == 1:
                tag = token.tag
            place += 1

    def _words(self, token: "Token") -> Sequence["Token"]:
        """What is in a paragraph."""
        if not token.children:
            token.children = inline_tokens(token.content, self._definitions)
        return token.children

    # Items

    def _own_item(self, place: int) -> int:
        """Takes an item of a user, but for the papers in it.

        Returns:
            The place behind it; 0 if it begins with what is ours.
        """
        if self._quotes or self._noting:
            return 0
        first, end = self._tokens[place + 1 : place + 3][-1], self._ends[place]
        if first.type != "inline" or is_line(first.content) or self._entry(place + 2):
            return 0
        if self._label(first.content):
            return 0
        start, last = self._tokens[place].map or (0, 0)
        bullet = _BULLET.match(self._lines[start])
        parts = self._papers_in(place + 3, end)
        if bullet is None or parts is None:  # in a quote, or with the end of the list
            return 0
        ours = {n for part in parts for n in range(*self._tokens[part].map or (0, 0))}
        width = len(bullet[0])
        own = [self._lines[start][width:]]
        for number in range(start + 1, last):
            line = self._lines[number]
            if number not in ours:
                own.append(line[min(width, len(line) - len(line.lstrip(" "))) :])
        self._other(first, "\n".join(own).rstrip(), is_item=True)
        for part in parts:
            self._walk(part, self._ends[part] + 1)
        return end + 1

    def _papers_in(self, place: int, end: int) -> list[int] | None:
        """The places of papers in an item of a user, with what is below them.

        Returns:
            Those of items and of quotes; ``None`` if another comment of ours is in it.
        """
        parts: list[int] = []
        while place < end:
            token = self._tokens[place]
            if token.type == "list_item_open":
                first = self._tokens[place + 2]
                is_paper = first.type == "inline" and self._entry(place + 2) is not None
                if is_paper or (parts and is_line(first.content)):
                    parts.append(place)
                    place = self._ends[place]
            elif token.type == "blockquote_open" and parts:
                parts.append(place)
                place = self._ends[place]
            elif COMMENT.search(token.content):
                return None
            place += 1
        return parts

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
            self._is_inside = bool(token.content)
        if token.type == "html_block":
            if not self._noting and (own := COMMENT.sub("", token.content).strip()):
                self._other(token, own)
            return True
        return not self._is_inside

    # Paragraphs

    def _inline(self, place: int, token: "Token", tag: str) -> None:
        text = token.content
        is_note = bool(self._items and self._label(text))  # which a line below may underline
        is_heading = re.fullmatch(r"h\d", tag) is not None and not is_note
        if self._noting:
            if (entry := self._entry(place)) and entry.key:
                self._begin(place, token, entry)
        elif is_heading and not (self.checklist.name or self.checklist.entries):
            self.checklist.line = line_of(token)
            token.content = _ATTRIBUTES.sub("", text)
            self.checklist.name = normalize(source_of(self._words(token)))
        elif self._quotes:
            owner = self._owner() or self.checklist
            owner.quotes.append((line_of(token), text))
        elif is_heading:
            self._other(token, f"{'#' * int(tag[1])} {text}")
        elif self._items:
            self._in_item(place, token)
        elif count := _COUNT.match(text) if not self.checklist.entries else None:
            self._other(token, text[count.end() :].strip())
        else:
            self._other(token, text)

    def _label(self, text: str) -> re.Match[str] | None:
        """The label of a note with which a paragraph begins; ``None`` if it begins with none."""
        return (PLAIN_NOTE if any(self._items) else NOTE).match(text)

    def _owner(self) -> Entry | None:
        """The paper that is being read; ``None`` before the first one."""
        # In a numbered list, lines of two blanks are items beside the one that they belong to.
        inner = (entry for entry in reversed(self._items) if entry)
        return next(inner, self.checklist.entries[-1] if self.checklist.entries else None)

    def _entry(self, place: int) -> Entry | None:
        """The paper that begins an item; outside of the item of another, it needs no box."""
        token = self._tokens[place]
        if entry := plain_entry(token):
            return entry
        if is_line(token.content) and not KEY.search(token.content):
            return None
        words, key = self._words(token), self._key_below(place)
        entry = entry_of(token, words, key)
        if entry or any(self._items):
            return entry
        entry = entry_of(token, words, key, is_loose=True)
        # A title with a colon is what we put ahead of words that moved.
        if entry is None or entry.title.endswith(":") or not (entry.is_bare or self._find(entry)):
            return None
        return entry

    def _key_below(self, place: int) -> str:
        """The key in a comment right below a paragraph; empty without one.

        Pandoc wraps it so. It is below the item, too, where the dash of that became a number, as
        two blanks no longer put a line into it.
        """
        while (place := place + 1) < len(self._tokens):
            token = self._tokens[place]
            if token.nesting >= 0:  # else the end of the paragraph, the item or the list
                match = KEY.search(token.content) if token.type == "html_block" else None
                return match[1] if match else ""
        return ""

    def _begin(self, place: int, token: "Token", entry: Entry) -> None:
        """A paper begins in the item that is open."""
        self._items[-1] = entry
        self._noting = 0
        span = self._tokens[self._opened[-1]].map or (0, 0)
        entry.source = self._lines[span[0] : span[1]]
        self.checklist.entries.append(entry)
        if not token.children:  # nothing but the title and its link
            return
        before, _, after, breaks = around_link(token.children)
        before = BOX.sub("", before, count=1)
        self._beside(token, entry, f"{before} {after}".strip(), 0 if before else breaks)

    def _in_item(self, place: int, token: "Token") -> None:
        text = token.content
        if self._items[-1] is None and (entry := self._entry(place)):
            self._begin(place, token, entry)
            return
        owner = self._owner()
        if owner is None:
            self._other(token, text)
        elif note := self._label(text):
            own = self._note(place, note.end())
            owner.note = f"{owner.note}\n\n{own}".strip("\n")
            self._noting = len(self._items)
        elif is_facts(text):
            tags = tags_of(self._words(token)) if "`" in text or "#" in text else ()
            owner.tags = (owner.tags or frozenset()).union(tags)
            owner.is_starred = bool(owner.is_starred) or "★" in text
            owner.statuses |= statuses_of(text)
            owner.facts.append((line_of(token), text))
            words = beside_facts(without_byline(text))
            self._beside(token, owner, words, text.count("\n", 0, text.find(words[:2])))
        elif is_addresses(text):
            owner.addresses.append((line_of(token), text))
        else:
            self._other(token, text)

    def _note(self, place: int, start: int) -> str:
        """The note that begins in a paragraph, and goes on up to the end of its item.

        Args:
            place: That of the paragraph.
            start: Where in that the note begins.
        """
        token, item = self._tokens[place], self._opened[-1]
        begin, blocks = (token.map or (0, 0))[0], list["Token"]()
        last = (self._tokens[item].map or (0, 0))[1]
        for number in range(place + 1, self._ends[item]):
            part = self._tokens[number]
            if part.type in ("code_block", "html_block"):
                blocks.append(part)
            elif part.type == "inline" and (entry := self._entry(number)) and entry.key:
                last = entry.line - 1
                break
        first = token.content.split("\n", 1)[0]
        lines = source_lines(self._lines, (begin, last), first)
        label = min(start, len(first))
        return joined(with_blocks(lines, begin, blocks, first[label:]))

    # What is not ours

    def _take_definitions(self) -> None:
        """Takes the link definitions between the comment lines, unless a formatter made them."""
        definitions: Mapping[str, Any] = self._definitions.get("references", {})
        if not definitions:
            return
        links = {entry.link for entry in self.checklist.entries}
        lines = self._lines
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
        if words and added(words, ()):
            text = beside(entry.title or entry.key, words)
            self.checklist.others.append((line_of(token) + breaks, text))

    def _other(self, token: "Token", text: str, *, is_item: bool = False) -> None:
        """What is not ours; in an item, with the title of its paper."""
        if not text.strip():
            return
        text = text.strip("\n")
        if is_item or self._items:
            paper = next((entry for entry in reversed(self._items) if entry), None)
            text = _item(text, paper.title or paper.key if paper else "")
        self.checklist.others.append((line_of(token), text))


def _ends(tokens: Sequence["Token"]) -> dict[int, int]:
    """Where each item and quote ends, by the place where it begins."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.type in ("list_item_open", "blockquote_open"):
            opened.append(place)
        elif token.type in ("list_item_close", "blockquote_close"):
            ends[opened.pop()] = place
    return ends


def _item(text: str, title: str) -> str:
    """Words as a list item, whose other lines belong to it as well.

    Args:
        text: Its Markdown, which may be any blocks.
        title: That of the paper that it was below; may be empty.
    """
    box = BOX.match(text) if title else None
    start, text = (box[0], text[box.end() :]) if box else ("", text)
    if title:
        gap = "\n" if _BLOCK_START.match(text) else " "
        text = f"{escape(title)}:{gap}{text}"
    first, *rest = text.split("\n")
    return "\n".join([f"- {start}{first}", *(line and f"  {line}" for line in rest)])


def beside(title: str, words: str) -> str:
    """Words that stood in a line of a paper, as a line of their own."""
    return f"- {escape(title)}: {words}"
