"""A reading list as Markdown that GitHub, Obsidian and any CommonMark viewer show alike.

What is ours stands between two comment lines; all that a user writes around them stays. Shape and
rules follow what those programs accept: a flat YAML front matter, GFM task lists, no raw HTML but
comments.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tui.errors import PapersError
from tui.model.paper import Paper
from tui.model.state import Item, Status
from tui.model.text import find_urls, fold, plural, sanitize, words

BEGIN: Final = "<!-- papers-tui:begin -->"
_BLOCK: Final = re.compile(
    re.escape(BEGIN) + r"\r?\n(.*?)<!-- papers-tui:end ([0-9a-f]{12}) -->", re.S
)
_FRONT: Final = re.compile(r"\ufeff?---\r?\n(.*?)^---\r?$", re.S | re.M)
_REFRESHED: Final = ("updated", "papers", "read")
"""The front matter that follows the list; the rest is the user's once it is written."""


class AbstractPart(StrEnum):
    """How much of each abstract is written."""

    NONE = "none"
    FIRST = "first"
    """The first sentence."""
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Document:
    """A reading list, written."""

    front: tuple[tuple[str, str], ...]
    """Front matter as name and YAML value."""
    block: str
    """The managed lines, without their comment lines; ends in a line end."""

    @property
    def sum(self) -> str:
        """A short checksum of the managed lines."""
        return _sum(self.block)

    def __str__(self) -> str:
        front = "".join(f"{name}: {value}\n" for name, value in self.front)
        return f"---\n{front}---\n\n{_managed(self.block)}\n"


def write(
    title: str,
    items: Sequence[Item],
    *,
    description: str = "",
    abstract: AbstractPart = AbstractPart.FIRST,
) -> Document:
    """The document of a list, in the order of the items. The same items give the same text.

    Args:
        title: The list's name, or the query it stands for.
        items: The papers.
        description: Why the list exists; may be empty.
        abstract: How much of each abstract to write.
    """
    read = sum(item.state.status is Status.READ for item in items)
    updated = max((item.state.changed or "" for item in items), default="")[:10]
    tags = ["reading-list", *_title_tag(title)]
    front = [("title", json.dumps(sanitize(title), ensure_ascii=False)), ("type", "reading-list")]
    if updated:
        front.append(("updated", updated))
    front += [("papers", str(len(items))), ("read", str(read)), ("tags", f"[{', '.join(tags)}]")]
    lines = [f"# {escape(title)}", ""]
    if description:
        lines += [f"> {_paragraph(description)}", ""]
    lines += [f"**{read} of {len(items)} read**", ""]
    for item in items:
        lines += _item(item, abstract)
    return Document(tuple(front), "\n".join(lines).rstrip("\n") + "\n")


def item(item: Item) -> str:
    """One paper as a line of Markdown, for the clipboard."""
    return "\n".join(_item(item, AbstractPart.NONE)) + "\n"


def sections(title: str, summary: str, parts: Iterable[tuple[str, Sequence[Item]]]) -> str:
    """Papers under headings, as a text of its own: nothing in it is managed or read back.

    Args:
        title: The heading above all.
        summary: A sentence under it.
        parts: Headings with their papers; those without papers are left out.
    """
    lines = [f"# {escape(title)}", "", _paragraph(summary), ""]
    for heading, items in parts:
        if items:
            lines += [f"## {escape(heading)}", ""]
            for item in items:
                lines += _item(item, AbstractPart.NONE)
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def merge_into(
    existing: str | None, document: Document, *, same_list: bool = False, force: bool = False
) -> str:
    """The document, with what a user wrote around the managed lines of an earlier export.

    Args:
        existing: The file as it stands; ``None`` if there is none.
        document: The list as it is now.
        same_list: Whether the file is known to hold this list, under an older name perhaps.
        force: Whether to replace what is not ours, or was edited between the comment lines.

    Raises:
        PapersError: If the file is not an export of ours, or was edited between the comment lines.
    """
    if existing is None or not existing.strip():
        return str(document)
    found = list(_BLOCK.finditer(existing))
    if len(found) != 1:
        if force:
            return str(document)
        raise PapersError("it exists and is not a list exported from here", "--force replaces it")
    match = found[0]
    if not force and _sum(match[1].replace("\r\n", "\n")) != match[2]:
        raise PapersError(
            "the list in it was edited by hand, between the papers-tui comment lines",
            "--force writes it anew; what stands outside them is kept either way",
        )
    if not force and not same_list and _heading(match[1]) != _heading(document.block):
        raise PapersError("another list was exported there", "--force replaces it")
    merged = existing[: match.start()] + _managed(document.block) + existing[match.end() :]
    return _refresh_front(merged, document)


def _managed(block: str) -> str:
    return f"{BEGIN}\n{block}<!-- papers-tui:end {_sum(block)} -->"


def _sum(block: str) -> str:
    return hashlib.sha256(block.encode()).hexdigest()[:12]


def _heading(block: str) -> str:
    return block.split("\n", 1)[0].strip()


def _refresh_front(text: str, document: Document) -> str:
    """Brings the counts of an existing front matter up to date, where they still stand."""
    match = _FRONT.match(text)
    if match is None:
        return text
    front = match[1]
    for name, value in document.front:
        if name in _REFRESHED:
            # A day or a number, as it was written; what a user put there instead is theirs.
            front = re.sub(rf"(?m)^{name}: [0-9-]+(?=\r?$)", f"{name}: {value}", front, count=1)
    return text[: match.start(1)] + front + text[match.end(1) :]


def _item(item: Item, abstract: AbstractPart) -> list[str]:
    """The lines of one paper. Missing facts are left out, never written as none."""
    paper, made = item.paper, item.state
    box = "x" if made.status is Status.READ else " "
    lines = [f"- [{box}] [{escape(paper.display_title)}]({paper.link}) <!-- pt:{paper.key} -->"]
    facts = _facts(paper)
    if made.starred:
        facts.append("★")
    if made.status in (Status.READING, Status.DISMISSED):
        facts.append(str(made.status))
    tags = " ".join(f"`{sanitize(tag)}`" for tag in made.tags)
    if facts or tags:
        lines.append("  - " + " · ".join([*facts, *([tags] if tags else [])]))
    links = [f"<{url}>" for url in paper.urls if _URL_SAFE.fullmatch(url) and url == sanitize(url)]
    if links:
        lines.append("  - " + " ".join(links))
    if made.note:
        note = "\\\n    ".join(_paragraph(line) for line in made.note.split("\n") if line.strip())
        lines.append(f"  - **Note:** {note}")
    if text := _abstract(paper, abstract):
        lines += ["", f"  > {_paragraph(text)}", ""]
    return lines


def _facts(paper: Paper) -> list[str]:
    facts: list[str] = []
    if paper.published:
        facts.append(paper.published.isoformat())
    if paper.upvotes is not None:
        facts.append(f"▲ {paper.upvotes}")
    if paper.author_count is not None:
        facts.append(plural(paper.author_count, "author"))
    return facts


_SENTENCE_END: Final = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bet al)[.!?][\"”’)]*(?= +[A-Z“\"(])"
)


def _abstract(paper: Paper, part: AbstractPart) -> str:
    text = paper.display_abstract
    if part is AbstractPart.NONE or not text:
        return ""
    if part is AbstractPart.FIRST and (end := _SENTENCE_END.search(text)):
        return text[: end.end()]
    return text


_URL_SAFE: Final = re.compile(r"[^\s<>\\]+")
_MARKS: Final = re.compile(r"[\\`*_\[\]<>|#~&!$@{}^=]")


def escape(text: str) -> str:
    """A text that Markdown shows as it is and that changes nothing around it."""
    return _escape(sanitize(text))


def _escape(text: str) -> str:
    """Like ``escape``, for a text already safe and of any length; keeps the spaces at its ends."""
    line = _MARKS.sub(r"\\\g<0>", text)
    # GFM makes links of bare addresses.
    return re.sub(r"(?i)(?:(https?|ftp|mailto|xmpp)(?=:)|(www)(?=\.))", r"\1\2\\", line)


def _paragraph(text: str) -> str:
    """A text as the only paragraph of a block: its links are links, all else is plain."""
    text = sanitize(text, 60_000)
    parts: list[str] = []
    rest = text
    for url in find_urls(text):
        if not _URL_SAFE.fullmatch(url) or url not in rest:
            continue
        before, _, rest = rest.partition(url)
        parts += [_escape(before), f"<{url}>"]
    parts.append(_escape(rest))
    line = "".join(parts)
    # What would open a list, a heading or a rule at the beginning of a line.
    return re.sub(r"^(\s*)([-+:]|\d{1,9}(?=[.)]))", _escape_opening, line)


def _escape_opening(match: re.Match[str]) -> str:
    return f"{match[1]}\\{match[2]}" if not match[2].isdigit() else f"{match[1]}{match[2]}\\"


def _title_tag(title: str) -> Iterable[str]:
    """The title as a tag that Obsidian takes: letters, digits, hyphens, not digits alone."""
    slug = "-".join(words(fold(title)))[:40].strip("-")
    if not slug or slug.replace("-", "").isdigit():
        return []
    plain = re.fullmatch("[a-z]+(-[a-z0-9]+)*", slug) and slug not in _YAML_VALUES
    return [slug if plain else json.dumps(slug, ensure_ascii=False)]


_YAML_VALUES: Final = ("null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf")
