"""The lines of a paper in an exported list: its title, and its facts."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from tui.formats.checklist.base import KEY, LABEL, Entry
from tui.formats.checklist.notes import joined
from tui.formats.own_words import STATUSES, around_link, fact_parts
from tui.model.text import normalize

if TYPE_CHECKING:
    from markdown_it.token import Token

BOX: Final = re.compile(r"(?:\[(?:([ xX/-])|([^\[\]\s]))\]|([☐☑☒]))(?:\s|$)")
_DRAWN: Final = {"☐": " ", "☑": "x", "☒": "x"}
"""Boxes as pandoc draws them in Markdown that has no task lists."""
NOTE: Final = re.compile(rf"{LABEL}[ \n]*", re.IGNORECASE)
PLAIN_NOTE: Final = re.compile(rf"(?:{LABEL}|Note:)[ \n]*", re.IGNORECASE)
"""A label without emphasis may be a user's, but in the item of a paper."""
_TITLE: Final = re.compile(
    r"\[((?:[^\\\[\]`*_<>&!]|\\[!-/:-@\[-`{-~])*)\]"
    r"\((https?://(?:[a-zA-Z0-9:/.?=+&~,@_-]|%[0-9A-F]{2})*)\)\s<!-- pt:(\S+) -->"
)
"""A title without Markdown in it, its link and its key, as nearly all lines have them."""
_ESCAPED: Final = re.compile(r"\\(.)")
_HASHTAG: Final = re.compile(r"(?<!\S)#([^\s#`]+)")
_LEADING: Final = re.compile(
    r"\s{0,9}((?:https?://|www\.|arxiv:|doi:)\S*[^\s:;,.])[:;,.]*(?:\s+|$)", re.IGNORECASE
)
"""An address or identifier, and the words after it."""
_LEADING_ID: Final = re.compile(
    r"((?:https?://(?:arxiv\.org/|openreview\.net/(?:forum|pdf)\?id=)|arxiv:|doi:)\S*[^\s:;,.])"
    r"[:;,.]*(?:\s+|$)",
    re.IGNORECASE,
)
"""An identifier or address that only a paper has, and the punctuation after it."""
_FACT: Final = re.compile(
    r"\d{4}(?:-\d\d){0,2}|▲ ?\d+|[\d,]+ [a-z]+|★|v\d+|reading|dismissed|(?:(?:`[^`]+`|#\S+) ?)+"
)
"""A phrase of the line of facts."""


def plain_entry(token: "Token") -> Entry | None:
    """The paper of a line that has nothing but a box, a title, its link and its key."""
    text = token.content
    box = BOX.match(text)
    match = _TITLE.fullmatch(text, box.end() if box else 0)
    if match is None:
        return None
    title = _ESCAPED.sub(r"\1", match[1]) if "\\" in match[1] else match[1]
    return _with_box(box, Entry(line_of(token), normalize(title), match[2], key=match[3]))


def entry_of(
    token: "Token", words: Sequence["Token"], key: str, *, is_loose: bool = False
) -> Entry | None:
    """The paper that begins an item.

    Args:
        token: Its first paragraph.
        words: What is in that.
        key: That of a comment below it; may be empty.
        is_loose: Whether it needs neither a key nor a box.

    Returns:
        The paper; ``None`` if it has no key, and no box with a link or a bare address.
    """
    first = words[0].content if words else ""
    box = BOX.match(first)
    comments = (KEY.search(child.content) for child in words if child.type == "html_inline")
    key = next((match[1] for match in comments if match), key)
    links = [child for child in words if child.type == "link_open"]
    _, title, *_ = around_link(words)
    start = box.end() if box else 0
    pattern = _LEADING if box else _LEADING_ID
    bare = None if links or not (box or is_loose) else pattern.match(token.content, start)
    is_title = is_loose and (not links or token.content.startswith("["))
    if not (key or (box and links) or bare or is_title):
        return None
    entry = Entry(
        line=line_of(token),
        title=normalize(bare[1] if bare else title if links else BOX.sub("", title, count=1)),
        link=str(links[0].attrs.get("href", "")) if links else bare[1] if bare else "",
        note=joined(token.content[bare.end() :].split("\n")) if bare else "",
        is_bare=bare is not None,
        key=key,
    )
    return _with_box(box, entry)


def _with_box(box: re.Match[str] | None, entry: Entry) -> Entry:
    if box:
        entry.box = _DRAWN.get(box[3], (box[1] or "").lower())
        entry.unknown_box = box[2] or ""
    return entry


def is_line(text: str) -> bool:
    """Whether a paragraph is a note, facts or addresses."""
    return bool(NOTE.match(text)) or is_facts(text) or is_addresses(text)


def is_addresses(text: str) -> bool:
    """Whether a paragraph has the addresses of a paper."""
    return text[:5].lower() == "<http"


def is_facts(text: str) -> bool:
    """Whether a line begins as that of the facts does: what was added to it may be anything."""
    return _FACT.fullmatch(text.split(" · ")[0].strip()) is not None


def tags_of(words: Sequence["Token"]) -> Iterator[str]:
    """The tags in a line of facts."""
    for child in words:
        if child.type == "code_inline":
            yield child.content
        elif child.type == "text":
            yield from _HASHTAG.findall(child.content)


def statuses_of(text: str) -> frozenset[str]:
    """The words for a status in a line of facts."""
    words = " ".join(text.casefold().split()).removeprefix("- ")
    return STATUSES.intersection(fact_parts(words))


def line_of(token: "Token") -> int:
    """The first line of a part of a text, from 1; 0 if it is not known."""
    return token.map[0] + 1 if token.map else 0
