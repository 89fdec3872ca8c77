"""A user's template: what a new note has around its managed lines."""

import re
from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from tui.errors import UsageError
from tui.formats.checklist import BEGIN
from tui.formats.exporters import markdown
from tui.formats.notes.base import author_links, plain_name
from tui.formats.notes.front_matter import is_unclosed
from tui.model.paper import Paper
from tui.model.state import Item
from tui.model.text import sanitize
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.formats.notes import NoteFormat

MANAGED: Final = "managed"
"""The field of the managed lines."""
_VALUES: Final[dict[str, Callable[[Paper], str]]] = {
    "title": lambda paper: paper.display_title,
    "year": lambda paper: str(paper.published.year) if paper.published else "",
    "date": lambda paper: paper.stated_date,
    "link": lambda paper: paper.link,
    "arxiv": lambda paper: paper.arxiv or "",
    "doi": lambda paper: paper.doi or "",
    "key": lambda paper: paper.key,
}
"""Values that are the same in all formats, but for their escapes."""
FIELDS: Final = (*_VALUES, "citekey", "lists", "authors")
_FIELD: Final = re.compile(r"(?<![\\{])\{([A-Za-z]\w*)\}(?!\})")
r"""A field. ``\{x}`` and ``{{x}}``, which Obsidian and Logseq have for their own, are none."""
_MANAGED_LINE: Final = re.compile(rf"^(?:- )?\{{{MANAGED}\}}[ \t]*$", re.M)
_FENCE: Final = re.compile(r"^[ \t>-]*(?:```|~~~)", re.M)
_HARMLESS: Final = re.compile(r"(?:[^\W_]|(?<=[^\W_])_(?=[^\W_])|[./;,-]|:(?!:)|[()](?![()]))+")
"""An identifier that Markdown reads as it is."""
_OF_LINKS: Final = "%/:;,?&=#@!$'*+~[]"
"""What stays in an address that is one already."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template of new notes in one format; made by ``template``."""

    program: "NoteFormat"
    properties: str
    """The lines at its top, as they are; may be empty."""
    body: str
    """What is below them, as the program writes it."""

    def note(self, item: Item, lists: Sequence[str], citation_key: Callable[[Paper], str]) -> str:
        """The text of a new note.

        Args:
            item: The paper.
            lists: The names of the notes of its lists.
            citation_key: The citation key of a paper.
        """
        paper, program = item.paper, self.program
        block = markdown.managed_block(program.note(item, lists, None)) or ""
        whole = {
            "lists": ", ".join(program.links(lists)),
            "authors": ", ".join(author_links(paper)),
            MANAGED: markdown.Document((), [block.encode()]).managed,
        }
        values = {name: sanitize(value_of(paper)) for name, value_of in _VALUES.items()}
        values["citekey"] = citation_key(paper)

        def filled(match: re.Match[str]) -> str:
            name = match[1]
            if name in whole:
                return whole[name]
            return _at(values[name], _place_of(self.body[: match.start()]), name, program)

        return program.note(item, lists, self.properties + _FIELD.sub(filled, self.body))


class _Place(Enum):
    """What a field of a template is a part of."""

    TEXT = auto()
    ADDRESS = auto()
    CODE = auto()
    LINK = auto()
    """The name of a note between double brackets."""


def _place_of(before: str) -> _Place:
    """Where a field stands.

    Args:
        before: What is ahead of it in the template.
    """
    line = before.rpartition("\n")[2]
    if len(_FENCE.findall(before)) % 2 or line.count("`") % 2:
        return _Place.CODE
    if line.rfind("[[") > line.rfind("]]"):
        return _Place.LINK
    words = line.replace("{link}", "://").split()
    word = words[-1] if words and not line[-1].isspace() else ""
    target = word.rpartition("](")[2] if "](" in word else ""
    if target.count("(") >= target.count(")") and "](" in word:
        return _Place.ADDRESS
    return _Place.ADDRESS if "://" in re.split(r"[)>]", word)[-1] else _Place.TEXT


def _at(value: str, place: _Place, name: str, program: "NoteFormat") -> str:
    """A value as it is read where it stands: escaped in text, and in an address as those are."""
    if place is _Place.ADDRESS:
        return quote(value, safe=_OF_LINKS if name == "link" else "/:;,")
    if place is _Place.LINK:
        return plain_name(value)
    is_markdown = name == "title" or (name == "doi" and not _HARMLESS.fullmatch(value))
    if place is _Place.TEXT and is_markdown:
        return program.paragraph(value)
    return value.replace("`", "'") if place is _Place.CODE else value


def template(text: str, program: "NoteFormat") -> Template:
    """A template, if every field in it is one.

    Raises:
        UsageError: If its properties have no end, if a field is unknown or among them, if the
            managed lines have no line or several, or if it has tags, which a pull would take for
            those of each paper.
    """
    if is_unclosed(text):
        hint = "Add a line --- below the last property."
        raise UsageError("No line --- ends the properties", hint)
    names, properties, body = program.parts(text.replace("\r\n", "\n"))
    fields = _FIELD.findall(properties + body)
    for name in fields:
        if name not in (*FIELDS, MANAGED):
            hint = f"Fields: {', '.join(f'{{{each}}}' for each in sorted((*FIELDS, MANAGED)))}."
            raise UsageError(f"Unknown field: {{{sanitize(name, 40)}}}", hint)
    if match := _FIELD.search(properties):
        hint = "Move it below them: papers-tui writes the properties of a paper itself."
        raise UsageError(f"A field among the properties: {match[0]}", hint)
    if "tags" in names:
        hint = "Leave them out, and tag the papers: a pull takes tags of notes for theirs."
        raise UsageError("Tags among the properties", hint)
    if fields.count(MANAGED) != 1 or BEGIN in text or not _MANAGED_LINE.search(body):
        hint = f"Put {{{MANAGED}}} once, in a line of its own: what papers-tui writes stands there."
        raise UsageError(f"Not one line {{{MANAGED}}}", hint)
    return Template(program, properties, body)
