"""The elements of a JSON file one after another, each with its line, as far as they are whole."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from tui.values import dataclass


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a file, or what stands in place of one."""

    line: int
    """On which it begins, from 1."""
    value: Any = None
    problem: str = ""
    """Why there is no value here, nor anything after it; a sentence without a full stop."""
    is_foreign: bool = False
    """Whether the problem is that something other than JSON follows."""


_BLANK: Final = re.compile(r"\s*")
_DECODER: Final = json.JSONDecoder()


def elements(text: str, names: str = "") -> Iterator[Element]:
    """The elements of an array, or the values that stand one after another.

    Never raises: what is cut off, damaged or nested too deeply ends it with a problem.

    Args:
        names: Members, with bars between them, of which the first that is an array of objects is
            read in place of the object that it is in, if there is one.
    """
    place = _skip_blank(text, 0)
    is_object = bool(names) and text.startswith("{", place)
    inner = re.search(rf'"(?:{names})"\s*:\s*(?=\[\s*\{{)', text) if is_object else None
    place = inner.end() if inner else place
    is_array = text.startswith("[", place)
    place = _skip_blank(text, place + is_array)
    line, counted = 1, 0
    while place < len(text):
        line, counted = line + text.count("\n", counted, place), place
        if is_array and text[place] == "]":
            rest = _skip_blank(text, place + 1)
            if rest < len(text) and not (inner and text.rstrip().endswith("}")):
                line += text.count("\n", place, rest)
                yield Element(line, problem="this is not JSON", is_foreign=True)
            return
        if not is_array and text[place] != "{":
            yield Element(line, problem="this is not JSON", is_foreign=True)
            return
        try:
            value, place = _DECODER.raw_decode(text, place)
        except RecursionError:
            yield Element(line, problem="this is nested too deeply")
            return
        except ValueError:  # also a number of thousands of digits
            yield Element(line, problem="the JSON is damaged or cut off here")
            return
        yield Element(line, value)
        place = _skip_blank(text, place)
        if is_array and text.startswith(",", place):
            place = _skip_blank(text, place + 1)
        elif is_array and not text.startswith("]", place):
            line += text.count("\n", counted, place)
            yield Element(line, problem="the JSON is damaged or cut off here")
            return
    if is_array:
        yield Element(line, problem="the JSON is damaged or cut off here")


def _skip_blank(text: str, place: int) -> int:
    match = _BLANK.match(text, place)
    return match.end() if match else place


def member(value: object, *names: str) -> Any:
    """The member of an object in an object; ``None`` where there is none, or no object."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def looks_like_json(part: str) -> bool:
    """Whether a line of a text begins as an object, or as an array of objects."""
    return _OPENING.search(part) is not None


_OPENING: Final = re.compile(r"(?m)^[ \t]*(?:\[\s*)?\{")


def likelihood(part: str, mark: re.Pattern[str]) -> float:
    """The likelihood of a format in JSON, by what only this format has in it, such as a member."""
    return 0.9 if looks_like_json(part) and mark.search(part) else 0.0
