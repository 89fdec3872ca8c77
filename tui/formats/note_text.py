"""Reading the note of a paper again, whoever has edited it: its properties and managed lines."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from tui.errors import InputError
from tui.formats import checklist
from tui.values import dataclass

KEY: Final = "papers-tui"
"""The property that has the key of the paper."""
LIST: Final = "papers-tui-list"
"""The property that has the name of the list that a note is about."""
FRONT: Final = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$\n?", re.S | re.M)
"""The properties, between two lines of three hyphens."""
TAGS: Final = "Tags: "
"""How the managed line of tags begins."""
LISTS: Final = "In: "
"""How the managed line of lists begins."""
_PROPERTY: Final = re.compile(r"^([^\s:#\"'-][^:\n]*):", re.M)
_NOTE: Final = re.compile(r"\s*(?:\*\*|__)Note:(?:\*\*|__)[ \n]*", re.IGNORECASE)
_LISTS: Final = re.compile(rf"{LISTS}\[\[.*\]\]")
_HARD_BREAK: Final = re.compile(r"(?:\\| {2,})\n")


@dataclass(frozen=True, slots=True)
class Managed:
    """What the managed lines of a note say."""

    tags: frozenset[str] | None = None
    """``None`` if they have no line of tags."""
    is_starred: bool | None = None
    """``None`` if they have no line of facts."""
    note: str = ""
    others: tuple[str, ...] = ()
    """The paragraphs that a user wrote between them."""


def key_of(text: str) -> str | None:
    """The key of the paper that a note is about; ``None`` if it is no such note."""
    front = FRONT.match(text)
    if front and (match := re.search(rf"^{KEY}:[ \t]*[\"']?([^\s\"']+)", front[1], re.M)):
        return match[1]
    return None


def is_index(text: str) -> bool:
    """Whether a text is the note of a list."""
    front = FRONT.match(text)
    return front is not None and LIST in split(front[1])


def properties_of(text: str) -> dict[str, str]:
    """The lines of each property of a note, by name; empty if it has none.

    Raises:
        InputError: If it has the marks of a conflict, or a property twice; with the line.
    """
    front = FRONT.match(text)
    if front is None:
        return {}
    names = [(match[1].strip(), match.start()) for match in _PROPERTY.finditer(front[1])]
    for number, (name, start) in enumerate(names):
        if any(name == earlier for earlier, _ in names[:number]):
            line = front[1].count("\n", 0, start) + 2
            raise InputError(f"A property twice: {name}, line {line}", "Delete one of the two.")
    return split(front[1])


def split(front: str) -> dict[str, str]:
    """The lines of each property, with what is indented or listed below it."""
    starts = [match.start() for match in _PROPERTY.finditer(front)]
    parts = {"": front[: starts[0]] if starts else front}
    for start, end in zip(starts, [*starts[1:], len(front)], strict=True):
        parts[front[start:end].partition(":")[0].strip()] = front[start:end]
    return parts


def value_of(properties: Mapping[str, str], name: str) -> str | None:
    """The value of a property that is one word; ``None`` if it is missing or empty."""
    value = properties.get(name, "").partition(":")[2].partition(" #")[0]
    return value.strip(" \t\r\n\"'") or None


def items_of(lines: str) -> list[str]:
    """The items of a list in YAML: in brackets, or one below the other."""
    value = lines.partition(":")[2].strip()
    if value.startswith("["):
        try:
            items = json.loads(value)
            return [item for item in items if isinstance(item, str)]
        except ValueError:
            value = value.removeprefix("[").removesuffix("]")
    parts = re.split(r"\s*\n\s*-\s*|,", f"\n{value}" if "\n" in lines.strip() else value)
    return [part for part in (each.strip(" -\r\n\"'#") for each in parts) if part]


def managed(block: str, *, has_abstract: bool) -> Managed:
    """What managed lines say.

    Args:
        block: The lines; they end as on Unix.
        has_abstract: Whether the last quote in them is the abstract.
    """
    parts = [part.strip("\n") for part in re.split(r"\n[ \t]*(?:\n[ \t]*)+", block.strip("\n"))]
    quotes = [number for number, part in enumerate(parts) if part.startswith(">")]
    end = quotes[-1] if quotes and has_abstract else len(parts)
    start = next((n for n, part in enumerate(parts[:end]) if _NOTE.match(part)), end)
    tags, is_starred, others = _facts(parts[:start])
    inside = parts[start:end]
    links = next((number for number, part in enumerate(inside) if _is_links(part)), None)
    if links is not None:  # the note was put above them
        has_lists = _LISTS.fullmatch("".join(inside[links + 1 : links + 2])) is not None
        del inside[links : links + 1 + has_lists]
    note = "\n\n".join(map(_paragraph, inside))
    others += parts[end + 1 :]
    return Managed(tags, is_starred, note.strip("\n"), tuple(others))


def _facts(parts: Iterable[str]) -> tuple[frozenset[str] | None, bool | None, list[str]]:
    """Tags, star and what is not ours in the lines above the note."""
    tags: frozenset[str] | None = None
    is_starred: bool | None = None
    others: list[str] = []
    for number, part in enumerate(parts):
        if part.startswith(TAGS.strip()):
            tags = (tags or frozenset()).union(re.findall(r"(?<!\S)\\?#(\S+)", part))
        elif number == 1 and (checklist.is_facts(part) or re.match(r"\d{4}\b|\d+ |▲", part)):
            is_starred = bool(is_starred) or "★" in part
        elif not (
            (number == 0 and part.startswith("# ")) or part.startswith(LISTS) or _is_links(part)
        ):
            others.append(part)
    return tags, is_starred, others


def _is_links(part: str) -> bool:
    """Whether a paragraph has addresses as they are exported, which no note has."""
    return all(word.startswith("<http") for word in part.split())


def _paragraph(text: str) -> str:
    """A paragraph of the note; Obsidian shows each line as one."""
    lines = _HARD_BREAK.sub("\n", _NOTE.sub("", text, count=1)).split("\n")
    return "\n".join(checklist.unescaped(" ".join(line.split())) for line in lines)
