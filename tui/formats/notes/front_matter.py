"""The properties in YAML at the top of a note, read as lines, so that those of a user stay."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from itertools import pairwise
from typing import Final

from tui.errors import InputError

FRONT: Final = re.compile(r"\A\ufeff?---[ \t]*\r?\n((?:(?!<!--).*\n)*?)---[ \t]*\r?$\n?", re.M)
"""The properties, between two lines of three hyphens, above all comments."""
_OPENING: Final = re.compile(r"\ufeff?---[ \t]*\r?(?:\n|\Z)")
_PROPERTY: Final = re.compile(r"^([^\s:#\"'-][^:\n]*):", re.M)


def is_unclosed(text: str) -> bool:
    """Whether the properties of a note have no end, as when it was cut short in them."""
    return _OPENING.match(text) is not None and FRONT.match(text) is None


def with_end(text: str) -> str:
    """A note whose properties have an end: the first empty line, or comment, is below them."""
    if not is_unclosed(text):
        return text
    lines = text.split("\n")
    below = (n for n, line in enumerate(lines) if not line.strip() or line.startswith("<!--"))
    end = next(below, len(lines))
    if _STUMP.fullmatch(lines[-1]) and end == len(lines) > 1:
        end -= 1
        del lines[-1]
    return "\n".join([*lines[:end], "---", *lines[end:]])


def is_broken(lines: str) -> bool:
    """Whether a quote or a bracket in the value of a property is not closed, as YAML asks."""
    rest = _QUOTED.sub(r"\1", lines.partition(":")[2])
    return rest.count("[") != rest.count("]") or _UNCLOSED.search(rest) is not None


_STUMP: Final = re.compile(r"[\w-]+")
"""What is left of the name of a property, or of the line below them."""
_QUOTED: Final = re.compile(r"""((?:^|[\[,-])\s{0,9})(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""")
_UNCLOSED: Final = re.compile(r"""(?:^|[\[,-])\s{0,9}["']""")


def line_of(text: str, name: str) -> int:
    """The line of a property of a note, from 1; 0 if it has none."""
    place = re.search(rf"^{name}[ \t]*:", text, re.M)
    return text.count("\n", 0, place.start()) + 1 if place else 0


def properties_of(text: str) -> dict[str, str]:
    """The lines of each property of a note, by name; empty if it has none.

    Raises:
        InputError: If it has a property twice; with the line.
    """
    front = FRONT.match(text)
    if front is None:
        return {}
    names = [(match[1].strip(), match.start()) for match in _PROPERTY.finditer(front[1])]
    for number, (name, start) in enumerate(names):
        if any(name == earlier for earlier, _ in names[:number]):
            line = front[1].count("\n", 0, start) + 2
            raise InputError(f"A property twice: {name}, line {line}", "Delete one of the two.")
    return properties_in(front[1])


def properties_in(front: str) -> dict[str, str]:
    """The lines of each property, with what is indented or listed below it.

    What is above the first one, such as a comment, has no name.
    """
    starts = [match.start() for match in _PROPERTY.finditer(front)]
    bounds = [*starts, len(front)]
    parts = {"": front[: bounds[0]]}
    for start, end in pairwise(bounds):
        parts[front[start:end].partition(":")[0].strip()] = front[start:end]
    return parts


def is_text(front: str) -> bool:
    """Whether what is between two lines of three hyphens has no property, but is not empty."""
    lines = (line.strip() for line in front.split("\n"))
    return not _PROPERTY.search(front) and any(line and line[0] != "#" for line in lines)


def value_of(properties: Mapping[str, str], name: str) -> str | None:
    """The value of a property that is one text; ``None`` if it is missing or empty."""
    value = properties.get(name, "").partition(":")[2].partition(" #")[0]
    return value.strip(" \t\r\n\"'") or None


def plain_values(front: str) -> dict[str, str]:
    """The value of each property as it would be typed: items of a list with commas."""
    values: dict[str, str] = {}
    for name, lines in properties_in(front).items():
        value = lines.partition(":")[2]
        is_list = value.lstrip().startswith(("[", "- "))
        if name:
            values[name] = ", ".join(items_of(lines)) if is_list else text_of(lines)
    return values


def text_of(lines: str) -> str:
    """The value of a property that may be any text."""
    value = " ".join(lines.partition(":")[2].split())
    with suppress(ValueError):
        return str(json.loads(value))
    return value.strip("'").replace("''", "'")


def items_of(lines: str) -> list[str]:
    """The items of a list in YAML: in brackets, or one below the other."""
    value = lines.partition(":")[2].strip()
    if value.startswith("["):
        try:
            items = json.loads(value)
            return [item for item in items if isinstance(item, str)]
        except ValueError:
            value = value.removeprefix("[").removesuffix("]")
    parts = re.split(
        r"(?<!\s)[^\S\n]*\n\s*-\s*|,", f"\n{value}" if "\n" in lines.strip() else value
    )
    return [part for part in (each.strip(" -\r\n\"'#") for each in parts) if part]
