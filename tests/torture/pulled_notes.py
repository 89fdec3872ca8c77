"""Random edits of the notes of papers outside the app and in it, pulled, each against a model."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Final

from tests.formats.logseq_shapes import AS_LOGSEQ_WRITES
from tests.torture.pull_model import BY_HAND, Facts, Side, decide, here, merged, random_facts
from tui.actions.pull import Pull, pull_notes
from tui.exchange.notes import NotesResult, export_notes
from tui.formats import notes
from tui.formats.notes import obsidian
from tui.library import Library
from tui.model.state import Status

KEY: Final = re.compile(r'(?m)^papers-tui::? "?([^"\s]+)')
"""The property by which a note is known."""


def tried(library: Library, folder: Path, chance: Random) -> str:
    """An export, and pulls of what is edited on both sides; what went wrong, or nothing."""
    folder.mkdir()
    program = chance.choice(notes.FORMATS)
    *_, shapes = _PROGRAMS[program]
    _exported(library, folder, program, force=True)
    base = here(library)
    if _pulled(library, folder).change is not None:
        return "notes that nobody edited change something"
    first, texts = base.copy(), _texts(folder)
    file, now, has_conflict = base.copy(), dict(texts), False
    for _ in range(chance.choice((1, 1, 2, 3))):
        if chance.random() < 0.1:  # as they were exported
            file, now = first.copy(), dict(texts)
        for path in chance.sample(sorted(now), chance.choice((0, 1, 1, 2))):
            now[path] = _edited(program, now[path], chance, file)
        decide(library, chance, file)
        ours = here(library)
        for path, text in now.items():
            path.write_bytes(chance.choice(shapes)(text).encode())
        expected, settled = merged(base, file, ours)
        has_conflict = settled.facts != file.facts
        result = _pulled(library, folder)
        if (actual := here(library)) != expected:
            return f"{expected.differing(actual, base, file, ours)} of {now!r}"
        if has_conflict != any("stays" in note for note in result.notes):
            return f"a conflict is not told: {result.notes} of {now!r}"
        if expected != ours and chance.random() < 0.3:
            library.undo()
            if (actual := here(library)) != ours:
                return f"undone to {ours.differing(actual, base, file)} of {now!r}"
        if _pulled(library, folder).changes:
            return f"what was pulled is pulled again, of {now!r}"
        base = settled
    outcome = _exported(library, folder, program)
    if bool(outcome.problems) != has_conflict:
        return f"an export leaves {outcome.problems}, of {now!r}"
    written = "".join(_texts(folder).values())
    lost = [
        each for each in re.findall(r"my own \d+", "".join(now.values())) if each not in written
    ]
    return f"{lost} is lost, of {now!r}" if lost else ""


def _exported(library: Library, folder: Path, program: str, *, force: bool = False) -> NotesResult:
    keys = library.state.reading_list("L").keys
    items = [library.item(key) for key in keys]
    return export_notes(library, items, folder, None, program, force=force)


def _texts(folder: Path) -> dict[Path, str]:
    return {path: path.read_bytes().decode() for path in sorted(folder.rglob("*.md"))}


def _pulled(library: Library, folder: Path) -> Pull:
    return pull_notes(library, str(folder), _texts(folder))


# An edit


def _edited(program: str, text: str, chance: Random, side: Side) -> str:
    """Edits a note as a user does, and the model of it."""
    match = KEY.search(text)
    assert match is not None
    was = side.facts[match[1]]
    now = side.facts[match[1]] = random_facts(was, chance, BY_HAND)
    number = chance.randrange(10**6)
    places, end, with_facts, _ = _PROGRAMS[program]
    kind = chance.randrange(12)
    if kind < len(places):
        place, line = places[kind]
        text = text.replace(place, line.format(number) + place, 1)
    elif kind == len(places):
        text = text.rstrip() + end.format(number)
    return with_facts(text, was, now, chance)


def _with_facts(text: str, was: Facts, now: Facts, chance: Random) -> str:
    """A note in which a user changed the facts."""
    if now.note != was.note:
        return _with_note(text, now.note)
    text = re.sub(r"(?m)^status:.*$", f"status: {now.status}", text)
    text = re.sub(r"(?m)^starred:.*$", f"starred: {str(now.starred).lower()}", text)
    if now.tags != was.tags:
        kept = {obsidian.tag_of(tag) for tag in was.tags & now.tags}
        names = ["paper", *sorted(kept | now.tags - was.tags)]
        style = chance.choice((f" [{', '.join(names)}]", "".join(f"\n  - {tag}" for tag in names)))
        text = re.sub(r"(?m)^tags:.*(?:\n  - .*)*$", f"tags:{style}", text)
    return text


def _with_note(text: str, note: str) -> str:
    """A note of a paper with another note of the user in it, or none."""
    head, quote, abstract = text.rpartition("\n> ")
    head, _, existing = head.partition("\n**Note:**")
    own = "".join(f"\n{line}\n" for line in re.findall(r"my own \d+", existing))
    return f"{head.rstrip()}\n{own}" + (f"\n**Note:** {note}\n" if note else "") + quote + abstract


# Shapes that programs give to a note

SHAPES: Final[tuple[Callable[[str], str], ...]] = (
    str,
    lambda text: text.replace("\n", "\r\n"),
    lambda text: "\ufeff" + text,
    lambda text: re.sub(r'(?m)^(status|published): "?([\w-]+)"?$', r"\1: '\2'", text),
    lambda text: re.sub(r"(?m)(?<=[^\n>-])\n(?=\n)", "  \n", text),
)


# The same, in Logseq

MARKERS: Final = {
    Status.UNREAD: ("TODO", "LATER"),
    Status.READING: ("DOING", "NOW"),
    Status.READ: ("DONE",),
    Status.DISMISSED: ("CANCELED", "CANCELLED"),
}


def _with_facts_in_logseq(text: str, was: Facts, now: Facts, chance: Random) -> str:
    """A page in which a user changed the facts."""
    if now.note != was.note:
        text = re.sub(r"\n\t- \*\*Note:(?:.|\n\t\t|\n\t  |\n(?=\n|\t  ))*", "", text)
        lines = now.note.replace("\n", "\n\t  ")
        note = f"\n\t- **Note:** {lines}" if now.note else ""
        return re.sub(r"\n\t- >", lambda quote: f"{note}{quote[0]}", text, count=1)
    marker = chance.choice(MARKERS[now.status]) if now.status != was.status else r"\1"
    markers = "|".join(name for names in MARKERS.values() for name in names)
    text = re.sub(rf"(?m)^- ({markers}) ", f"- {marker} ", text, count=1)
    text = re.sub(r"(?m)^starred::.*$", f"starred:: {str(now.starred).lower()}", text)
    if now.tags != was.tags:
        style = chance.choice(("{}", "[[{}]]", "#{}"))
        listed = ", ".join(style.format(tag) for tag in ["paper", *sorted(now.tags)])
        text = re.sub(r"(?m)^tags::.*$", f"tags:: {listed}", text)
    return text


_Places = Sequence[tuple[str, str]]
_WithFacts = Callable[[str, Facts, Facts, Random], str]
_Shapes = Sequence[Callable[[str], str]]
_PROGRAMS: Final[dict[str, tuple[_Places, str, _WithFacts, _Shapes]]] = {
    "obsidian": (
        (
            ("\n<!-- papers-tui:begin", "\nmy own {0}\n"),
            ("\n<http", "\nmy own {0}\n"),
            ("\npapers-tui:", "\nmine{0}: my own {0}"),
            ("\n\n20", " my own {0}"),
            ("\n\n<http", " my own {0}"),
            ("\n\n<http", "\nmy own {0}"),
            ("\n<!-- papers-tui:end", " my own {0}"),
        ),
        "\n\nmy own {0}\n",
        _with_facts,
        SHAPES,
    ),
    "logseq": (
        (
            ("\n- <!-- papers-tui:begin", "\n- my own {0}"),
            ("\n\t- <http", "\n\t- my own {0}"),
            ("\npapers-tui::", "\nmine{0}:: my own {0}"),
            ("\n\t- 20", " my own {0}"),
            ("\n\t- <http", " my own {0}"),
            ("\n\t- <http", "\n\t  my own {0}"),
            ("\n- <!-- papers-tui:end", " my own {0}"),
        ),
        "\n- my own {0}\n",
        _with_facts_in_logseq,
        (str, *AS_LOGSEQ_WRITES.values()),
    ),
}
"""What a user writes before some places of a note and at its end, how he changes its facts, and how
the program writes it."""
