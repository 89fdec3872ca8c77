"""A reading list as Markdown for GitHub, Obsidian and any CommonMark viewer.

The list is between two comment lines; everything that a user writes around them is kept. The format
is what those programs accept: flat YAML front matter, GFM task lists, no raw HTML but comments.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from tui.errors import ConfirmationError, EditedError, InputError, WholeFileError
from tui.formats import checklist, exported_states
from tui.formats.base import ExportOptions, Overview
from tui.formats.checklist import BEGIN, END, FRONT
from tui.formats.markdown_text import escape, link, note_lines, paragraph
from tui.formats.own_words import byline
from tui.model.describe import UPVOTED, facts, reference
from tui.model.fields import Detail, Field
from tui.model.layout import plural
from tui.model.paper import Paper
from tui.model.state import Item, Status
from tui.model.text import sanitize
from tui.model.words import fold, words
from tui.values import dataclass

LABEL: Final = "Markdown"
DETAILS: Final = "for reading, ticking off, GitHub, Obsidian"
EXTENSIONS: Final = (".md", ".markdown")
RANK: Final = 1
IS_PULLED: Final = True

_BEGIN: Final = re.compile(re.escape(BEGIN) + r"\r?\n")
_REFRESHED: Final = ("updated", "papers", "read")
"""The front matter that is updated; the rest is the user's once it is written, but for the title
and tags of a list that was renamed, if they are as they were written."""


class AbstractPart(StrEnum):
    """How much of each abstract to write."""

    NONE = "none"
    FIRST = "first"
    """The first sentence."""
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Document:
    """An exported reading list."""

    front: tuple[tuple[str, str], ...]
    """The front matter as names and YAML values."""
    pieces: Sequence[bytes]
    """The managed lines in UTF-8, without the comment lines: one for the heading, and one for each
    paper, so that a long text is joined only once. The last ends in a line end."""

    @property
    def sum(self) -> str:
        """A short checksum of the managed lines."""
        digest = hashlib.sha256()
        for piece in self.pieces:
            digest.update(piece)
        return digest.hexdigest()[:12]

    @property
    def managed(self) -> str:
        """The managed lines between their comments."""
        return b"".join(self._managed()).decode()

    def __bytes__(self) -> bytes:
        front = "".join(f"{name}: {value}\n" for name, value in self.front)
        return b"".join([f"---\n{front}---\n\n".encode(), *self._managed(), b"\n"])

    def __str__(self) -> str:
        return bytes(self).decode()

    def _managed(self) -> Iterator[bytes]:
        yield f"{BEGIN}\n".encode()
        yield from self.pieces
        yield f"<!-- papers-tui:end {self.sum} -->".encode()


def write(items: Sequence[Item], options: ExportOptions) -> Iterator[str]:
    """The document of a list; without a title, only its items."""
    if not options.title:
        return map(write_item, items)
    return iter([str(document(items, options))])


def document(items: Sequence[Item], options: ExportOptions) -> Document:
    """The document of a list, in the order of the items. The same items give the same text."""
    title, description = options.title, options.description
    abstract = AbstractPart(options.abstract)
    read = sum(item.state.status is _READ for item in items)
    updated = max((item.state.changed or "" for item in items), default="")[:10]
    named = _named_after(title)
    front = [("title", named["title"]), ("type", "reading-list")]
    if updated:
        front.append(("updated", updated))
    front += [("papers", str(len(items))), ("read", str(read)), ("tags", named["tags"])]
    described = f"> {paragraph(description)}\n\n" if description else ""
    heading = f"# {escape(title)}\n\n{described}**{read} of {len(items)} read**\n\n"
    # Each is encoded at once, as to keep all of them as texts, too, takes twice the memory.
    pieces = [heading.encode()]
    has_all = options.has_all_boxes
    pieces += [write_item(item, abstract, has_all_boxes=has_all).encode() for item in items]
    pieces[-1] = pieces[-1].rstrip(b"\n") + b"\n"
    return Document(tuple(front), pieces)


def _named_after(title: str) -> dict[str, str]:
    """The front matter that has the title of a list."""
    tags = ["reading-list", *_title_tag(title)]
    shown = json.dumps(sanitize(title), ensure_ascii=False)
    return {"title": shown, "tags": f"[{', '.join(tags)}]"}


def overview(of: Overview) -> str:
    """Papers under headings, without managed lines."""
    pieces = [f"# {escape(of.title)}\n\n{paragraph(of.summary)}\n\n"]
    if of.chart:
        pieces.append("\n".join(["```text", *of.chart, "```\n\n"]))
    for heading, items in of.parts:
        if items:
            pieces += [
                f"## {escape(heading)}\n\n",
                *map(_report_item, items),
                "\n",
            ]
    return "".join(pieces).rstrip("\n") + "\n"


def merge_into(
    existing: str | None,
    document: Document,
    *,
    same_list: bool = False,
    pulled: str = "",
    earlier_titles: Iterable[str] = (),
    force: bool = False,
    others_in: Callable[[str], Sequence[str]] | None = None,
) -> str:
    """The document, with what the user wrote around the managed lines of an earlier export.

    Args:
        existing: The text of the file; ``None`` if it is missing.
        same_list: Whether the file is known to have this list, perhaps under an older name.
        pulled: The checksum of managed lines whose changes are in the document.
        earlier_titles: Those that the list had before; only asked for where they may count.
        force: Whether to replace a file that is not an export, or edited managed lines.
        others_in: From edited managed lines, what a user wrote there; that of a list by default.

    Raises:
        EditedError: If its managed lines were edited.
        WholeFileError: If the file is not an export.
        ConfirmationError: If it is of another list.
    """
    if existing is None or not existing.strip():
        return str(document)
    existing = checklist.with_plain_comments(existing)
    if same_list:
        existing = _with_comments(existing)
    blocks = list(_blocks(existing))
    if len(blocks) != 1:
        if force:
            return str(document)
        is_cut = same_list and not blocks
        reason = "was cut short" if is_cut else "was not exported from this library"
        raise WholeFileError(f"File exists, and {reason}")
    begin, end = blocks[0]
    block = existing[begin.end() : end.start()].replace("\r\n", "\n")
    sum = _sum(block)
    if not force and sum not in (end[1], pulled):
        raise EditedError(
            "Edited since it was exported",
            "papers-tui pull takes the changes into the library; --force overwrites the list, and"
            " keeps what is around its comment lines.",
            lines=["To take in what was changed there, keep it and type :pull"],
        )
    if not force and not same_list and _heading(block) != _heading(document.pieces[0].decode()):
        raise ConfirmationError("The file holds another list", "Use --force to replace it.")
    others = ""
    if sum != end[1]:
        kept = _others(existing) if others_in is None else others_in(block)
        others = "".join(f"\n\n{text}" for text in kept)
    after = others + existing[end.end() :]
    merged = existing[: begin.start()] + document.managed + after
    return _refresh_front(merged, document, earlier_titles)


def _others(text: str) -> Sequence[str]:
    """What a user wrote between the comment lines, to be kept after them."""
    try:
        return [other for _, other in checklist.read(text).others]
    except InputError:  # a conflict in it, that the user chose to overwrite
        return ()


def _with_comments(text: str) -> str:
    """A list with its comment lines, if the first one was deleted, or all were."""
    if BEGIN in text:
        return text
    front = FRONT.match(text)
    head = text[: front.end()] + "\n\n" if front else ""
    rest = text[front.end() if front else 0 :].lstrip("\r\n")
    end = "" if END.search(rest) else f"\n<!-- papers-tui:end {'0' * 12} -->\n"
    return f"{head}{BEGIN}\n{rest}{end}"


def list_sum(text: str) -> str:
    """The checksum of the managed lines of a list, also if its comment lines were deleted."""
    return managed_sum(_with_comments(text))


def managed_sum(text: str) -> str:
    """The checksum of the managed lines of a file; empty if it has none."""
    block = managed_block(text)
    return "" if block is None else _sum(block)


def managed_block(text: str) -> str | None:
    """The managed lines of a file with the line ends of Unix; ``None`` if their end is missing."""
    text = checklist.with_plain_comments(text)
    for begin, end in _blocks(text):
        return text[begin.end() : end.start()].replace("\r\n", "\n")
    return None


def unread_block(text: str, sum: str, read_sum: str) -> str | None:
    """The managed lines of a file, unless they are as they were exported and read.

    Args:
        sum: Their checksum.
        read_sum: That of those that were exported or read last.
    """
    return None if sum == read_sum == exported_sum(text) else managed_block(text)


def cut_line(text: str) -> int | None:
    """The line, from 1, at which a file ends without its managed lines, or inside them.

    ``None`` if it has them whole.
    """
    return None if managed_block(text) is not None else text.rstrip().count("\n") + 1


def with_end(text: str, managed: str) -> str:
    """A file whose managed lines, if they have begun, have an end.

    What is left of a line of ours is none of a user.

    Args:
        text: The file.
        managed: The managed lines with their comments, as they are to be.
    """
    if cut_line(text) is None:
        return text
    above, _, last = text.rstrip().rpartition("\n")
    if BEGIN not in text:
        is_begun = any(line.startswith(last.strip()) for line in (BEGIN, f"- {BEGIN}"))
        return f"{above}\n" if is_begun else text
    rest = last.strip().removeprefix("- ")
    ours = (line.strip().removeprefix("- ") for line in managed.split("\n"))
    is_end = rest.startswith("<!-- papers-tui:end")
    is_ours = is_end or any(line.startswith(rest) for line in ours)
    lines = above if is_ours and rest != BEGIN else text.rstrip()
    return f"{lines}\n<!-- papers-tui:end {'0' * 12} -->\n"


def with_block(text: str, change: Callable[[str], str]) -> str:
    """A text with its managed lines changed; as it is if their end is missing."""
    for begin, end in _blocks(text):
        block = text[begin.end() : end.start()]
        return text[: begin.end()] + change(block) + text[end.start() :]
    return text


def exported_sum(text: str) -> str:
    """The checksum with which the managed lines of a file were exported; empty without an end."""
    blocks = _blocks(checklist.with_plain_comments(text))
    return next((end[1] for _, end in blocks), "")


def _blocks(text: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """The comments at the begin and the end of managed lines, as often as a text has both.

    Cost: linear in the text, also if it has many begins.
    """
    place = 0
    while (begin := _BEGIN.search(text, place)) and (end := END.search(text, begin.end())):
        yield begin, end
        place = end.end()


def _sum(block: str) -> str:
    return hashlib.sha256(block.encode()).hexdigest()[:12]


def _heading(block: str) -> str:
    return block.split("\n", 1)[0].strip()


def _refresh_front(text: str, document: Document, earlier_titles: Iterable[str]) -> str:
    """Updates the counts in an existing front matter, where present, and what has the title."""
    match = FRONT.match(text)
    if match is None:
        return text
    front, values = match[1], dict(document.front)
    for name in _REFRESHED:
        if name in values:
            # Only a date or a number, as exported; other values are the user's.
            front = _with_value(front, name, "[0-9-]+", values[name])
    if any(name in values and f"{name}: {values[name]}" not in front for name in ("title", "tags")):
        for title in earlier_titles:
            for name, value in _named_after(title).items():
                front = _with_value(front, name, re.escape(value), values[name])
    return text[: match.start(1)] + front + text[match.end(1) :]


def _with_value(front: str, name: str, present: str, value: str) -> str:
    """A front matter with another value of a property, if the present one matches."""
    return re.sub(rf"(?m)^{name}: {present}(?=\r?$)", lambda _: f"{name}: {value}", front, count=1)


_LISTED: Final = Detail.LISTED
_READ: Final = Status.READ
"""Looked up once, as that takes longer than to compare with it."""
_NAMED: Final = (Status.READING, Status.DISMISSED)
"""What a box does not say, unless a user wrote it."""


def write_item(
    item: Item,
    abstract: AbstractPart = AbstractPart.NONE,
    *,
    has_all_boxes: bool = False,
) -> str:
    """One paper as a list item that can be pulled, without missing facts.

    Args:
        has_all_boxes: See ``exported_states.box_of``.
    """
    paper, state = item.paper, item.state
    box = exported_states.box_of(state.status, has_all=has_all_boxes)
    phrases = facts(item, _LISTED, UPVOTED)
    if paper.authors:
        phrases = _with_names(phrases, paper)
    if state.starred:
        phrases.append("★")
    if state.status in _NAMED:
        phrases.append(str(state.status))
    lines = [f"- [{box}] {_title(paper)} <!-- pt:{paper.key} -->", *_below(item, phrases)]
    if paper.abstract and (text := SHORTENED[abstract](paper.display_abstract)):
        lines += ["", f"  > {paragraph(text)}", ""]
    lines.append("")
    return "\n".join(lines)


def _with_names(phrases: list[str], paper: Paper) -> list[str]:
    """The facts with the names of authors in place of their number.

    It stays where there is no fact before it, by which a pull knows the line.
    """
    by, count = byline(paper), plural(paper.author_count or 0, Field.AUTHORS.row.noun)
    others = [phrase for phrase in phrases if phrase != count]
    return [*others, escape(by)] if others and by else phrases


def _report_item(item: Item) -> str:
    """One paper as a list item for others, who have no library."""
    phrases = [escape(phrase) for phrase in reference(item.paper)]
    return "\n".join([f"- {_title(item.paper)}", *_below(item, phrases), ""])


def _title(paper: Paper) -> str:
    return f"[{escape(paper.display_title)}]({paper.link})"


def _below(item: Item, phrases: list[str]) -> list[str]:
    """The lines of an item below its title: phrases and tags, links, and the note."""
    paper, state = item.paper, item.state
    lines: list[str] = []
    if state.tags:
        phrases.append(" ".join(f"`{sanitize(tag)}`" for tag in state.tags))
    if phrases:
        lines.append("  - " + " · ".join(phrases))
    if paper.urls and (links := _links(paper.urls)):
        lines.append(f"  - {links}")
    if state.note and (note := note_lines(state.note, has_gaps=True)):
        lines.append(f"  - **Note:** {note[0]}".rstrip())
        lines += [line and f"    {line}" for line in note[1:]]
    return lines


def _links(urls: Sequence[str]) -> str:
    links = [link(url) for url in urls if url == sanitize(url)]
    return " ".join(filter(None, links))


_SENTENCE_END: Final = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bet al)[.!?][\"”’)]*(?= +[A-Z“\"(])"
)


def _first_sentence(text: str) -> str:
    end = _SENTENCE_END.search(text)
    return text[: end.end()] if end else text


SHORTENED: Final[Mapping[str, Callable[[str], str]]] = {
    AbstractPart.NONE: lambda text: "",
    AbstractPart.FIRST: _first_sentence,
    AbstractPart.FULL: lambda text: text,
}
"""What each part of an abstract has of it."""


def _title_tag(title: str) -> Iterable[str]:
    """The title as an Obsidian tag: letters, digits, hyphens, not only digits."""
    slug = "-".join(words(fold(title)))[:40].strip("-")
    if not slug or slug.replace("-", "").isdigit():
        return []
    plain = re.fullmatch("[a-z]+(-[a-z0-9]+)*", slug) and slug not in _YAML_VALUES
    return [slug if plain else json.dumps(slug, ensure_ascii=False)]


_YAML_VALUES: Final = ("null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf")
