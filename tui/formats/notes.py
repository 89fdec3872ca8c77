"""A note for each paper, for Obsidian and other programs that read a folder of Markdown.

A note has properties in front, then managed lines between two comments; everything else in it is
the user's, and so is its name. It is found again by its property ``papers-tui``. The types of the
properties never change, as Obsidian has one type for each name in all notes (``formats.md`` 7).
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from tui.formats.bibliography import split_name
from tui.formats.exporters import markdown
from tui.model.describe import facts_and_decision
from tui.model.paper import Paper
from tui.model.state import Item, Status
from tui.model.text import sanitize

KEY: Final = "papers-tui"
"""The property that has the key of the paper."""
_FRONT: Final = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$\n?", re.S | re.M)
_PROPERTY: Final = re.compile(r"^([^\s:#\"'-][^:\n]*):", re.M)
_TAGS: Final = "Tags: "
_MOST_BYTES: Final = 100
"""Of a file name: some systems allow 255 bytes, synchronized ones less."""
_NOT_IN_NAMES: Final = re.compile(r'[\[\]#^|\\/:*?"<>]')
"""What Obsidian or a file system does not allow in the name of a note."""
_NOT_IN_TAGS: Final = str.maketrans({"+": "plus", ".": "-"})
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


def key_of(text: str) -> str | None:
    """The key of the paper that a note is about; ``None`` if it is no such note."""
    front = _FRONT.match(text)
    if front and (match := re.search(rf"^{KEY}:[ \t]*[\"']?([^\s\"']+)", front[1], re.M)):
        return match[1]
    return None


def note(item: Item, lists: Sequence[str], existing: str | None, *, force: bool = False) -> str:
    """The text of a note.

    Args:
        item: The paper.
        lists: The names of the notes of its lists, without their extensions.
        existing: The text so far; ``None`` for a new note.
        force: Whether to replace managed lines that were edited.

    Raises:
        ConfirmationError: If the managed lines were edited.
    """
    return _merged(dict(_properties(item)), _lines(item, lists), existing, force)


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
    return _merged(properties, lines, existing, force)


def _merged(
    properties: dict[str, str], lines: Iterable[str], existing: str | None, force: bool
) -> str:
    document = markdown.Document((), "\n".join(lines).rstrip("\n") + "\n")
    if existing is None or not existing.strip():
        front = "".join(f"{name}: {value}\n" for name, value in properties.items())
        return f"---\n{front}---\n\n{document.managed}\n"
    body = markdown.merge_into(existing, document, same_list=True, force=force)
    return _with_properties(body, properties, _tags_in(existing))


def tag_of(tag: str) -> str:
    """A tag as Obsidian allows it: ``c++`` is ``cplusplus``."""
    name = tag.translate(_NOT_IN_TAGS)
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
        yield _TAGS + " ".join(f"#{tag_of(tag)}" for tag in state.tags)
        yield ""
    links = " ".join(f"<{url}>" for url in dict.fromkeys([paper.link, *paper.urls]))
    yield links
    yield ""
    if lists:
        yield "In: " + ", ".join(map(_link, lists))
        yield ""
    if state.note:
        yield from markdown.note_lines(state.note)
        yield ""
    if paper.abstract:
        yield "> " + markdown.paragraph(paper.display_abstract)


def _tags_in(text: str) -> set[str]:
    """The tags that a note has from here: those of its managed lines."""
    line = re.search(rf"^{_TAGS}(.*)$", text, re.M)
    return {"paper", "reading-list", *re.findall(r"#(\S+)", line[1] if line else "")}


def _with_properties(text: str, properties: Mapping[str, str], ours: Collection[str]) -> str:
    """A note with its properties updated; those of the user, and their order, stay."""
    front = _FRONT.match(text)
    if front is None:
        lines = "".join(f"{name}: {value}\n" for name, value in properties.items())
        return f"---\n{lines}---\n\n{text}"
    parts = _split(front[1])
    if "tags" in parts:
        own = [tag for tag in _items(parts["tags"]) if tag not in ours]
        properties = {**properties, "tags": _yaml([*json.loads(properties["tags"]), *own])}
    merged = parts | {name: f"{name}: {value}\n" for name, value in properties.items()}
    return text[: front.start(1)] + "".join(merged.values()) + text[front.end(1) :]


def _split(front: str) -> dict[str, str]:
    """The lines of each property, with what is indented or listed below it."""
    starts = [match.start() for match in _PROPERTY.finditer(front)]
    parts = {"": front[: starts[0]] if starts else front}
    for start, end in zip(starts, [*starts[1:], len(front)], strict=True):
        parts[front[start:end].partition(":")[0].strip()] = front[start:end]
    return parts


def _items(lines: str) -> list[str]:
    """The items of a list in YAML: in brackets, or one below the other."""
    value = lines.partition(":")[2].strip()
    inner = value.removeprefix("[").removesuffix("]") if value.startswith("[") else value
    parts = re.split(r"\s*\n\s*-\s*|,", f"\n{inner}" if "\n" in lines.strip() else inner)
    return [part for part in (each.strip(" -\n\"'") for each in parts) if part]
