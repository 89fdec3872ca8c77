"""A note for each paper, for Obsidian and other programs that read a folder of Markdown.

A note has properties in front, then managed lines between two comments; everything else in it is
the user's, and so is its name. It is found again by its property ``papers-tui``. The types of the
properties never change, as Obsidian has one type for each name in all notes (``formats.md`` 7).
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from tui.errors import UsageError
from tui.formats import checklist
from tui.formats.bibliography import split_name
from tui.formats.exporters import markdown
from tui.formats.note_text import (
    FRONT,
    KEY,
    LIST,
    LISTS,
    TAGS,
    items_of,
    managed,
    properties_of,
    split,
    value_of,
)
from tui.model.describe import facts_and_decision
from tui.model.names import tag_name
from tui.model.paper import Paper
from tui.model.state import ExportedState, Item, PaperState, Status
from tui.model.text import sanitize
from tui.values import dataclass

FORMATS: Final = ("obsidian",)
"""The programs that notes are for."""
_MOST_BYTES: Final = 100
"""Of a file name: some systems allow 255 bytes, synchronized ones less."""
_NOT_IN_NAMES: Final = re.compile(r'[\[\]#^|\\/:*?"<>]')
"""What Obsidian or a file system does not allow in the name of a note."""
_NOT_INTAGS: Final = str.maketrans({"+": "plus", ".": "-"})
"""Obsidian's tags have letters, digits, ``_``, ``-`` and ``/`` only."""


def file_name(paper: Paper, taken: Collection[str] = ()) -> str:
    """The name of a new note: the title, with part of the key if it is taken (in any case)."""
    name = _NOT_IN_NAMES.sub("", sanitize(paper.display_title)).strip(" .") or paper.key
    while len(name.encode()) > _MOST_BYTES:
        name = name[:-1].rstrip(" .")
    if f"{name}.md".casefold() in {each.casefold() for each in taken}:
        name = f"{name} {paper.key.rsplit('-', 1)[-1]}"
    return f"{name}.md"


def list_file_name(name: str, others: Collection[str] = ()) -> str:
    """The name of the note of a list, which is none of those of papers (in any case)."""
    stem = _NOT_IN_NAMES.sub("", sanitize(name)).strip(" .") or "list"
    taken = {other.casefold() for other in others}
    return f"{stem} (list).md" if f"{stem}.md".casefold() in taken else f"{stem}.md"


def note(
    item: Item,
    lists: Sequence[str],
    existing: str | None,
    *,
    pulled: str = "",
    force: bool = False,
) -> str:
    """The text of a note.

    Args:
        item: The paper.
        lists: The names of the notes of its lists, without their extensions.
        existing: The text so far; ``None`` for a new note.
        pulled: The checksum of managed lines whose changes are in the library.
        force: Whether to replace managed lines that were edited.

    Raises:
        ConfirmationError: If the managed lines were edited.
    """
    lines = _lines(item, lists)
    return _merged(dict(_properties(item)), lines, existing, pulled=pulled, force=force)


def index(
    name: str,
    description: str,
    notes: Sequence[tuple[Item, str]],
    existing: str | None,
    *,
    force: bool = False,
) -> str:
    """The text of the note of a list: links to the notes of its papers, in its order.

    Args:
        name: The list.
        description: What it is about; may be empty.
        notes: The papers, and the names of their notes without extensions.
        existing: The text so far; ``None`` for a new note.
        force: Whether to replace managed lines that were edited.

    Raises:
        ConfirmationError: If the managed lines were edited.
    """
    lines = [f"# {markdown.escape(name)}", ""]
    if description:
        lines += [f"> {markdown.paragraph(description)}", ""]
    for item, stem in notes:
        box = "x" if item.state.status is Status.READ else " "
        lines.append(f"- [{box}] [[{stem}]]")
    properties = {"title": _yaml(sanitize(name)), "tags": _yaml(["reading-list"])}
    properties[LIST] = _yaml(sanitize(name))
    return _merged(properties, lines, existing, force=force)


def _merged(
    properties: dict[str, str],
    lines: Iterable[str],
    existing: str | None,
    *,
    pulled: str = "",
    force: bool,
) -> str:
    document = markdown.Document((), ("\n".join(lines).rstrip("\n") + "\n").encode())
    if existing is None or not existing.strip():
        front = "".join(f"{name}: {value}\n" for name, value in properties.items())
        return f"---\n{front}---\n\n{document.managed}\n"
    body = markdown.merge_into(
        existing, document, same_list=True, pulled=pulled, force=force, others_in=_others
    )
    return _with_properties(body, properties, _tags_in(existing))


def _others(block: str) -> Sequence[str]:
    """What a user wrote between the comment lines."""
    return managed(block, has_abstract=True).others


def exported_state(state: PaperState) -> ExportedState:
    """What a note says of the state of a paper."""
    boxes = {status: box for box, status in checklist.STATUS.items()}
    return replace(checklist.exported_state(state), box=boxes[state.status])


@dataclass(frozen=True, slots=True)
class Said:
    """What a note says now."""

    state: ExportedState
    note: str
    others: tuple[str, ...] = ()
    """What a user wrote between the comment lines."""
    problems: tuple[str, ...] = ()
    """What cannot be taken, and what to do; a sentence each."""


def read(
    text: str,
    base: ExportedState,
    shown: ExportedState,
    *,
    read_sum: str = "",
    has_abstract: bool = True,
) -> Said:
    """What a note says of its paper; of what is missing in it, what was exported.

    Status, tags and star are those of its properties, as the managed lines only repeat them.

    Args:
        text: The note.
        base: What it said when it was last exported or read.
        shown: What was exported.
        read_sum: The checksum of the managed lines that were exported or read last.
        has_abstract: Whether the paper has an abstract.

    Raises:
        InputError: If it has the marks of a conflict, or a property twice; with the line.
    """
    text = text.replace("\r\n", "\n")
    checklist.refuse_conflict(text)
    properties = properties_of(text)
    status = (value_of(properties, "status") or "").casefold()
    boxes = {str(status): box for box, status in checklist.STATUS.items()}
    starred = {"true": True, "false": False}.get(value_of(properties, "starred") or "")
    tags, problems = base.tags, list[str]()
    if "tags" in properties:
        tags, problems = _tags(items_of(properties["tags"]), (*shown.tags, *base.tags))
    state = replace(
        base,
        box=boxes.get(status, base.box),
        starred=base.starred if starred is None else starred,
        tags=tags,
    )
    if status and status not in boxes:
        word = sanitize(status, 20)
        problems.append(f"unknown status {word}, use unread, reading, read or dismissed")
    block = markdown.managed_block(text)
    if block is None or markdown.managed_sum(text) == read_sum:
        return Said(state, "", (), tuple(problems))
    lines = managed(block, has_abstract=has_abstract)
    if lines.tags not in (None, {tag_of(tag) for tag in shown.tags}):
        problems.append("tags are those of the property tags, change them there")
    if lines.is_starred not in (None, shown.starred):
        problems.append("the star is that of the property starred, change it there")
    state = replace(state, note=checklist.note_sum(lines.note))
    return Said(state, lines.note, lines.others, tuple(problems))


def _tags(listed: Iterable[str], base: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """Tags as the library has them, sorted; and those that are none, a sentence each.

    Args:
        listed: Those of the property.
        base: Those that were exported or read last, as in the library.
    """
    names = {tag_of(tag): tag for tag in base}
    own = {"paper"} - names.keys()
    tags: set[str] = set()
    problems: list[str] = []
    for tag in listed:
        if tag not in own:
            try:
                tags.add(names.get(tag) or tag_name(tag))
            except UsageError as error:
                problems.append(error.message)
    return tuple(sorted(tags)), problems


def _written(tag: str) -> str:
    """A tag of a user as it is written here once it was pulled; itself if it is none."""
    try:
        return tag_of(tag_name(tag))
    except UsageError:
        return tag


def tag_of(tag: str) -> str:
    """A tag as Obsidian allows it: ``c++`` is ``cplusplus``."""
    name = tag.translate(_NOT_INTAGS)
    return f"{name}_" if name.replace("/", "").isdigit() else name


def _properties(item: Item) -> Iterator[tuple[str, str]]:
    """The names and YAML values of the properties; JSON, as natural YAML would misread some."""
    paper, state = item.paper, item.state
    yield "title", _yaml(sanitize(paper.display_title))
    if paper.authors and paper.published:
        yield "aliases", _yaml([f"{split_name(paper.authors[0]).family} {paper.published.year}"])
    if paper.authors:
        yield "authors", _yaml([_link(name) for name in paper.authors])
    if paper.arxiv:
        yield "arxiv", _yaml(paper.arxiv)
    if paper.doi:
        yield "doi", _yaml(paper.doi)
    yield "url", _yaml(paper.link)
    if paper.published:
        yield "published", paper.stated_date
    yield "status", _yaml(str(state.status))
    yield "starred", _yaml(state.starred)
    yield "tags", _yaml(["paper", *map(tag_of, state.tags)])
    yield KEY, _yaml(paper.key)


def _yaml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _link(name: str) -> str:
    """A link to another note: ``[[Ada Lovelace]]``."""
    return f"[[{_NOT_IN_NAMES.sub('', sanitize(name)).strip()}]]"


def _lines(item: Item, lists: Sequence[str]) -> Iterator[str]:
    paper, state = item.paper, item.state
    yield f"# {markdown.escape(paper.display_title)}"
    yield ""
    phrases = facts_and_decision(item)
    if phrases:
        yield markdown.escape(" · ".join(phrases))
        yield ""
    if state.tags:
        yield TAGS + " ".join(f"#{tag_of(tag)}" for tag in state.tags)
        yield ""
    links = " ".join(f"<{url}>" for url in dict.fromkeys([paper.link, *paper.urls]))
    yield links
    yield ""
    if lists:
        yield LISTS + ", ".join(map(_link, lists))
        yield ""
    if lines := markdown.note_lines(state.note or ""):
        yield f"**Note:** {lines[0]}"
        yield from lines[1:]
        yield ""
    if paper.abstract:
        yield "> " + markdown.paragraph(paper.display_abstract)


def _tags_in(text: str) -> set[str]:
    """The tags that a note has from here: those of its managed lines."""
    line = re.search(rf"^{TAGS}(.*)$", text, re.M)
    return {"paper", "reading-list", *re.findall(r"#(\S+)", line[1] if line else "")}


def _with_properties(text: str, properties: Mapping[str, str], ours: Collection[str]) -> str:
    """A note with its properties updated; those of the user, and their order, stay."""
    front = FRONT.match(text)
    if front is None:
        lines = "".join(f"{name}: {value}\n" for name, value in properties.items())
        return f"---\n{lines}---\n\n{text}"
    parts = split(front[1])
    if "tags" in parts:
        tags = json.loads(properties["tags"])
        known = {*ours, *tags}
        own = [tag for tag in items_of(parts["tags"]) if not known & {tag, _written(tag)}]
        properties = {**properties, "tags": _yaml([*tags, *own])}
    merged = parts | {name: f"{name}: {value}\n" for name, value in properties.items()}
    return text[: front.start(1)] + "".join(merged.values()) + text[front.end(1) :]
