"""A user's template: what a new note has around its managed lines."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from tui.errors import UsageError
from tui.formats.checklist import BEGIN
from tui.formats.exporters import markdown
from tui.formats.notes.base import author_links
from tui.model.paper import Paper
from tui.model.state import Item
from tui.model.text import sanitize
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.formats.notes import NoteFormat

MANAGED: Final = "managed"
"""The field of the managed lines."""
_VALUES: Final[dict[str, Callable[[Paper], str]]] = {
    "year": lambda paper: str(paper.published.year) if paper.published else "",
    "date": lambda paper: paper.stated_date,
    "link": lambda paper: paper.link,
    "arxiv": lambda paper: paper.arxiv or "",
    "key": lambda paper: paper.key,
    "authors": lambda paper: ", ".join(author_links(paper)),
}
"""Values that are the same in all formats."""
FIELDS: Final = ("title", "doi", "citekey", "lists", *_VALUES)
_FIELD: Final = re.compile(r"(?<![\\{])\{([A-Za-z]\w*)\}(?!\})")
r"""A field. ``\{x}`` and ``{{x}}``, which Obsidian and Logseq have for their own, are none."""
_MANAGED_LINE: Final = re.compile(rf"^(?:- )?\{{{MANAGED}\}}[ \t]*$", re.M)


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
        values = {
            "title": program.paragraph(paper.display_title),
            "doi": program.paragraph(paper.doi or ""),
            "citekey": citation_key(paper),
            "lists": ", ".join(program.links(lists)),
            MANAGED: markdown.Document((), [block.encode()]).managed,
            **{name: value_of(paper) for name, value_of in _VALUES.items()},
        }
        body = _FIELD.sub(lambda match: values[match[1]], self.body)
        return program.note(item, lists, self.properties + body)


def template(text: str, program: "NoteFormat") -> Template:
    """A template, if every field in it is one.

    Raises:
        UsageError: If a field is unknown or among the properties, if the managed lines have no line
            or several, or if it has tags, which a pull would take for those of each paper.
    """
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
