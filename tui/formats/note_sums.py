"""Checksums of notes, which are the same whatever a formatter does to a note.

Blocks are compared as CommonMark reads them, so that marks of bullets, numbers, indents, fences and
the widths of columns make no difference, but depth does, and so do blanks in code.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any, Final

from tui.formats.markdown_lines import LineKind, line_kinds
from tui.formats.markdown_text import block_tokens, note_lines
from tui.model.text import MAX_TEXT, sanitize

if TYPE_CHECKING:
    from markdown_it.token import Token


@lru_cache(maxsize=4096)
def note_sum(note: str | None) -> str:
    """A checksum of a note, empty if there is none.

    It is the same however a formatter writes the emphasis, the escapes, the line breaks, the
    quotation marks, the dashes, the entities, the blocks, and the links to addresses that stand in
    the note.
    """
    lines = (note or "").split("\n")
    if all(kind is LineKind.TEXT for kind in line_kinds(lines)):
        parts = [_marked(line) for line in _unbroken(lines) if not _is_rule(line)]
    else:
        parts = list(_blocks(note_lines(note or "", "", has_gaps=True)))
    text = sanitize(unescape(" ".join(" ".join(parts).split())), MAX_TEXT)
    text = _plain(_CODE_MARK.sub("`", text))
    return hashlib.sha256(text.encode()).hexdigest()[:8] if text else ""


@lru_cache(maxsize=4096)
def markdown_sum(note: str) -> str:
    """A checksum of what a note is as Markdown, empty if there is none.

    Besides what ``note_sum`` leaves out, only the marks of code, the lines of nothing between
    blocks and the spaces between words make no difference; paragraphs and their lines do.
    """
    definitions: dict[str, Any] = {}
    tokens = block_tokens(note, definitions, has_tables=True)
    parts = [unescape(part) for part in _structure(tokens)]
    for name, link in sorted(definitions.get("references", {}).items()):
        parts.append(f"[{name}]: {link['href']} {link['title']}")
    text = _plain(_CODE_MARK.sub("`", " ".join(" ".join(parts).split())))
    return hashlib.sha256(text.encode()).hexdigest()[:12] if text else ""


def is_old(sum: str) -> bool:
    """Whether a checksum is of the words of a note alone, as in older versions."""
    return len(sum) == 8


def _structure(tokens: Sequence["Token"]) -> Iterator[str]:
    """The blocks of a note with what opens and ends each, and the lines of paragraphs."""
    depth, heading = 0, ""
    for token in tokens:
        depth += token.nesting
        match token.type:
            case "blockquote_open" | "tr_open" | "td_open" | "th_open":
                yield f"{token.tag}{depth}"
            case "ordered_list_open":
                yield f"ol{depth} {token.attrs.get('start', 1)}."
            case "list_item_open":
                yield f"{'-' if token.markup in '-*+' else '1.'}{depth}"
            case "heading_open":
                heading = token.tag
            case "fence" | "code_block":
                yield from _code(token)
            case "html_block" | "hr":
                yield f"{token.tag}{depth} {token.content}"
            case "inline" if heading:
                yield f"{heading} {_ATTRIBUTES.sub('', ' '.join(token.content.split()))}"
                heading = ""
            case "inline":
                lines = _unbroken(token.content.split("\n"))
                yield f"p{depth} " + _LINE_END.join(lines)
            case _:
                pass


_LINE_END: Final = " \u2424 "
_CODE_MARK: Final = re.compile(" ?`+ ?")
_TAG_END: Final = re.compile("[<>]")


def _plain(text: str) -> str:
    """A text without escapes, and with emphasis, addresses and marks as they are compared."""
    text = re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", text)
    text = _LINKED.sub(lambda link: link[1] or link[2], text)
    return text.replace("_", "*").translate(_TYPED)


_LINKED: Final = re.compile(
    r"<((?:https?://|mailto:)[^\s<>]+|[\w.+-]+@[\w.-]+)>"
    r"|\[([^\s\[\]]+)\]\((?:https?://|mailto:)?\2\)",
    re.IGNORECASE,
)
"""An address that is a link, in angle brackets or with the address as its text."""
_TYPED: Final = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "--", "—": "---", "…": "..."}
    | {"☐": "[ ]", "☒": "[x]"}
)
"""What is typed for the marks and boxes that pandoc sets."""
_MARK: Final = re.compile(r"\s*(?:(\\?[-*+])|\d{1,3}\\?[.)])(?=\s)")
"""What would begin an item of a list, were it not escaped."""
_ATTRIBUTES: Final = re.compile(r"(?<!\s)\s+\{#[^{}]*\}$")
"""The attributes of a heading, as pandoc writes them."""
_BLANK: Final = "\u2423"
"""Stands for a blank in a line of code."""


def _unbroken(lines: Sequence[str]) -> Iterator[str]:
    """Lines without their hard breaks, of which a paragraph has none at its end."""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        yield line.removesuffix("\\") if following.strip() else line


def _is_rule(line: str) -> bool:
    """Whether a line is only what stands below the head of a table."""
    return "-" in line and not line.strip("-|:+ \t")


def _marked(line: str) -> str:
    """A line with the mark of an item as that of any item."""
    if (mark := _MARK.match(line)) is None:
        return line
    return f"{'-' if mark[1] else '1.'}{line[mark.end() :]}"


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    """The blocks of a note as words; each item of a list with its depth."""
    kinds: list[str] = []
    quotes = heading = 0
    for token in block_tokens("\n".join(lines)):
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                kinds.append("-" if token.type[0] == "b" else "1.")
            case "bullet_list_close" | "ordered_list_close":
                kinds.pop()
            case "list_item_open":
                yield kinds[-1] * kinds.count(kinds[-1])
            case "blockquote_open":
                quotes += 1
            case "blockquote_close":
                quotes -= 1
            case "heading_open":
                heading = int(token.tag[1])
            case "fence" | "code_block":
                yield from _code(token)
            case "html_block":
                yield _TAG_END.sub(r" \g<0> ", token.content)
            case "inline":
                yield f"{'>' * quotes} {'#' * heading} {_words(token.content, heading)}"
                heading = 0
            case _:
                pass


def _code(token: "Token") -> Iterator[str]:
    yield f"```{re.sub('[{}. ]', '', token.info)}"
    for line in token.content.split("\n"):
        yield line.rstrip().replace(" ", _BLANK)
    yield "```"


def _words(text: str, heading: int) -> str:
    """A paragraph or heading; a table without its rules, as pandoc draws it in its own Markdown."""
    if heading:
        return _ATTRIBUTES.sub("", text)
    lines = [*_unbroken(text.split("\n"))]
    if LineKind.BLOCK not in line_kinds(lines):
        return " ".join(lines)
    return " ".join(line.replace("|", " ") for line in lines if not _is_rule(line))
