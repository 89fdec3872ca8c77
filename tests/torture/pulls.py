"""Random edits of an exported list outside the app and in it, pulled, each against a model."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from tests.torture.seeded import seeded
from tests.torture.tally import Tally, clear
from tui.actions import lists, triage
from tui.actions.export_files import export
from tui.actions.pull import Pull, pull
from tui.errors import ConfirmationError, PapersError
from tui.library import Library
from tui.model.paper import Paper, SourceRecord, merge
from tui.model.state import Status

DAY: Final = date(2024, 5, 16)
PAPERS: Final = 5
ROUNDS: Final = 200
"""Rounds in one library."""
TAGS: Final = ("ml", "rl/offline", "v1.5", "c++")
NOTES: Final = (
    *("", "one", "two\nlines", "a **bold** word", "parts\n\nof it", "# no heading\n- [x] [a](b)"),
    *("1. first", "[x]: https://a.org", "> quoted <!-- x -->", "ends in \\", "\\[x\\] $a_1$"),
)
BY_HAND: Final = ("", "one", "two\nlines", "a **bold** word", "parts\n\nof it\nall")
"""Notes that are Markdown as they are."""
FOREIGN: Final = ("-", "* [ ]", "  -", "  - [ ]")
"""What a line of nobody begins with."""
BOXES: Final = {"x": Status.READ, " ": Status.UNREAD, "/": Status.READING, "-": Status.DISMISSED}


@dataclass(slots=True)
class Facts:
    """What is said of one paper."""

    status: Status = Status.UNREAD
    starred: bool = False
    tags: frozenset[str] = frozenset()
    note: str = ""


@dataclass(slots=True)
class Side:
    """A list, in the app or in its file."""

    facts: dict[str, Facts] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)


def _random(facts: Facts, chance: Random, notes: Sequence[str]) -> Facts:
    """Other facts, of which one is changed."""
    kind = chance.randrange(4)
    if kind == 0:
        return Facts(chance.choice(list(Status)), facts.starred, facts.tags, facts.note)
    if kind == 1:
        return Facts(facts.status, not facts.starred, facts.tags, facts.note)
    if kind == 2:
        tags = facts.tags ^ {chance.choice(TAGS)}
        return Facts(facts.status, facts.starred, tags, facts.note)
    return Facts(facts.status, facts.starred, facts.tags, chance.choice(notes))


def _paper(number: int) -> Paper:
    title, abstract = f"Paper *{number}* [of] many", "It is so. And *it stays* so_far."
    record = SourceRecord(title, abstract, file="0.txt", line=number + 1, published=DAY, upvotes=7)
    return merge([record])


# The app


def _here(library: Library, listed: list[str]) -> Side:
    """What the library says."""
    facts = {}
    for item in library.items():
        state = item.state
        tags = frozenset(state.tags)
        facts[item.key] = Facts(state.status, state.starred, tags, state.note or "")
    return Side(facts, listed)


def _listed(library: Library) -> list[str]:
    return list(library.state.reading_list("L").keys)


def _set(library: Library, key: str, was: Facts, now: Facts) -> None:
    if now.status is not was.status:
        triage.mark(library, [key], now.status)
    if now.starred != was.starred:
        triage.star(library, [key], now.starred)
    if now.tags != was.tags:
        triage.tag(library, [key], sorted(now.tags - was.tags), sorted(was.tags - now.tags))
    if now.note != was.note:
        triage.note(library, [key], now.note)


def _use(library: Library, chance: Random, file: Side) -> None:
    """A few changes in the app, some of them as in the file."""
    for _ in range(chance.choice((0, 0, 1, 2))):
        side = _here(library, _listed(library))
        key = chance.choice(list(side.facts))
        facts = _random(side.facts[key], chance, NOTES)
        if key in file.facts and chance.random() < 0.3:
            facts = file.facts[key]
        _set(library, key, side.facts[key], facts)
    listed = _listed(library)
    kind = chance.randrange(8)
    if kind == 0:
        lists.move(library, "L", chance.choice(listed), chance.randint(1, len(listed)))
    elif kind == 1 and len(listed) > 2:
        lists.remove(library, "L", [chance.choice(listed)])
    elif kind == 2:
        lists.add(library, "L", [chance.choice([item.key for item in library.items()])])


# The file


_ITEM: Final = re.compile(r"(?m)^(?=- \[.\] )")


def _edit(text: str, chance: Random, side: Side) -> str:
    """Edits a file as a user does, and the model of it."""
    head, *items = _ITEM.split(text)
    items[-1], end = items[-1].split("<!-- papers-tui:end", 1)
    rows = dict(zip(side.order, items, strict=True))
    for key in chance.sample(side.order, chance.choice((0, 1, 1, 2))):
        rows[key] = _edit_row(rows[key], chance, side, key)
    kind = chance.randrange(6)
    if kind == 0:
        chance.shuffle(side.order)
    elif kind == 1 and len(side.order) > 1:
        del side.order[chance.randrange(len(side.order))]
    if chance.random() < 0.2:
        key = chance.choice(side.order)
        mark = chance.choice(FOREIGN)
        rows[key] = rows[key].rstrip("\n") + f"\n{mark} my own {chance.randrange(10**6)}\n"
    body = "".join(rows[key].rstrip("\n") + "\n" for key in side.order)
    return f"{head}{body}<!-- papers-tui:end{end}"


def _edit_row(row: str, chance: Random, side: Side, key: str) -> str:
    was = side.facts[key]
    now = side.facts[key] = _random(was, chance, BY_HAND)
    if now.status is not was.status:
        box = next(box for box, status in BOXES.items() if status is now.status)
        return f"- [{box}]{row[5:]}"
    lines = row.split("\n")
    if now.starred != was.starred:
        lines[1] = lines[1].replace(" · ★", "") if was.starred else f"{lines[1]} · ★"
    for tag in now.tags - was.tags:
        lines[1] += chance.choice((f" `{tag}`", f" #{tag}"))
    for tag in was.tags - now.tags:
        lines[1] = re.sub(rf" (?:`{re.escape(tag)}`|#{re.escape(tag)}(?!\S))", "", lines[1])
    row = "\n".join(lines)
    if now.note != was.note:
        before, quote, abstract = row.partition("\n\n  > ")
        before, _, noted = before.partition("\n  - **Note:** ")
        others = re.findall(r"(?m)^ {0,2}[-*] .*my own \d+$", noted)
        if now.note:
            source = re.sub(r"(?<=\S)\n(?=\S)", "\\\\\n    ", now.note).replace("\n\n", "\n\n    ")
            before += f"\n  - **Note:** {source}"
        before = "\n".join([before, *others])
        row = f"{before}{quote}{abstract}"
    return row


# Shapes that programs give to a file


def _pandoc(text: str) -> str:
    return re.sub(r"(?m)^(- \[.\] .*) (<!-- pt:\S+ -->)$", r"\1\n  \2", text)


def _without_keys(text: str) -> str:
    return re.sub(r" <!-- pt:\S+ -->", "", text)


SHAPES: Final[tuple[Callable[[str], str], ...]] = (
    str,
    lambda text: text.replace("\n", "\r\n"),
    lambda text: "\ufeff" + text,
    lambda text: re.sub("(?m)^- ", "* ", text),
    lambda text: re.sub("(?m)^- ", "1. ", text),
    lambda text: re.sub("(?m)^", "> ", text),
    _without_keys,
    lambda text: re.sub(r"(?m)^(  )- ", r"\1* ", text),
    lambda text: re.sub(r"(?m)^(?=- \[)", "\n", text),
    _pandoc,
)


def _shaped(text: str, chance: Random, *, has_keys: bool) -> bytes:
    """A file in one or two shapes, of which line ends and the mark at the start come last.

    Args:
        text: The file.
        chance: For the shapes.
        has_keys: Whether to keep its comments, without which a paper is only put in by ``--add``.
    """
    places = chance.sample(range(len(SHAPES)), chance.choice((1, 1, 2)))
    for place in sorted(places, reverse=True):
        if not has_keys or SHAPES[place] is not _without_keys:
            text = SHAPES[place](text)
    return text.encode()


# The model


def _exported(side: Side) -> Side:
    """What a file says that was just exported: read or not, of the status."""
    facts = {
        key: replace(each, status=Status.READ if each.status is Status.READ else Status.UNREAD)
        for key, each in side.facts.items()
    }
    return Side(facts, list(side.order))


def _merged(base: Side, file: Side, here: Side) -> tuple[Side, Side]:
    """What the library says after the pull, and what it took the file to say.

    The second is the base of the next pull: what the file says, without what both changed.
    """
    facts, settled = dict(here.facts), dict(file.facts)
    for key in file.order:
        was = base.facts[key] if key in base.order else Facts()  # it was put into the file again
        said, ours = file.facts[key], here.facts[key]
        status, note = ours.status, ours.note
        if said.status not in (was.status, ours.status):
            if was.status in (ours.status, _exported(here).facts[key].status):
                status = said.status
            else:
                settled[key] = replace(settled[key], status=was.status)
        if said.note not in (was.note, ours.note):
            if ours.note == was.note:
                note = said.note
            else:
                settled[key] = replace(settled[key], note=was.note)
        starred = said.starred if said.starred != was.starred else ours.starred
        tags = (ours.tags | (said.tags - was.tags)) - (was.tags - said.tags)
        facts[key] = Facts(status, starred, frozenset(tags), note)
    gone = {key for key in base.order if key not in file.order}
    listed = [key for key in here.order if key not in gone]
    common = [key for key in base.order if key in listed]
    ours_order = [key for key in listed if key in common]
    said_order = [key for key in file.order if key in common]
    if ours_order == common and said_order != common:
        slots = iter(said_order)
        listed = [next(slots) if key in common else key for key in listed]
    listed += [key for key in file.order if key not in (*listed, *base.order)]
    return Side(facts, listed), Side(settled, list(file.order))


def _round(library: Library, path: Path, chance: Random) -> str:
    """An export, and pulls of what is edited on both sides; what went wrong, or nothing."""
    items = [library.item(key) for key in _listed(library)]
    export(library, "L", items, path, force=True)
    base = _exported(_here(library, _listed(library)))
    if _pulled(library, path).change is not None:
        return "a file that nobody edited changes something"
    first, exported = _copied(base), path.read_text("utf-8")
    file, text, has_conflict = _copied(base), exported, False
    for _ in range(chance.choice((1, 1, 2, 3))):
        if chance.random() < 0.1:  # as it was exported
            file, text = _copied(first), exported
        text = _edit(text, chance, file)
        _use(library, chance, file)
        here = _here(library, _listed(library))
        has_keys = not set(file.order) <= set(base.order)
        path.write_bytes(_shaped(text, chance, has_keys=has_keys))
        expected, settled = _merged(base, file, here)
        has_conflict = settled.facts != file.facts
        result = _pulled(library, path)
        if (got := _here(library, _listed(library))) != expected:
            return f"{_differing(expected, got, base, file, here)} of {text!r}"
        if has_conflict != any("stays" in n and "order" not in n for n in result.notes):
            return f"a conflict is not told: {result.notes} of {text!r}"
        if _pulled(library, path).changes:
            return f"what was pulled is pulled again, of {text!r}"
        base = _copied(settled)
    try:
        items = [library.item(key) for key in _listed(library)]
        export(library, "L", items, path)
    except ConfirmationError:
        return "" if has_conflict else f"an export asks, of {text!r}: {result.notes}"
    if has_conflict:
        return "a conflict is overwritten"
    written = path.read_text("utf-8")
    lost = [each for each in re.findall(r"my own \d+", text) if each not in written]
    return f"{lost} is lost, of {text!r}" if lost else ""


def _differing(*sides: Side) -> list[object]:
    """What the first two sides do not agree on, as each side has it."""
    keys = [key for key, facts in sides[0].facts.items() if facts != sides[1].facts[key]]
    return [[side.facts.get(key) for side in sides] for key in keys] or [s.order for s in sides]


def _copied(side: Side) -> Side:
    return Side(dict(side.facts), list(side.order))


def _pulled(library: Library, path: Path) -> Pull:
    return pull(library, str(path), path.read_bytes())


def _cut(library: Library, path: Path, chance: Random) -> str:
    """A file that is cut short takes nothing off, and sets nothing that it does not say."""
    items = [library.item(key) for key in _listed(library)]
    export(library, "L", items, path, force=True)
    before = _here(library, _listed(library))
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(data.index(b"papers-tui:begin") + 24, len(data))])
    try:
        _pulled(library, path)
    except PapersError:  # cut within a letter, or before the list
        return ""
    finally:
        path.unlink()
    after = _here(library, _listed(library))
    return "" if after == before else f"a file cut short changes {before} to {after}"


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """Rounds of export, edits on both sides, and pull."""
    tally = Tally()
    while tally.tried < count:
        clear(folder)
        with (
            seeded(fault),
            Library.open(folder / "library", "desk", wait=0) as library,
        ):
            library.seed(_paper(number) for number in range(PAPERS + 1))
            keys = [item.key for item in library.items()]
            lists.add(library, "L", keys[:PAPERS])
            for _ in range(min(ROUNDS, count - tally.tried)):
                tally.tried += 1
                lists.add(library, "L", keys[:PAPERS])
                way = _cut if chance.random() < 0.1 else _round
                if problem := way(library, folder / "L.md", chance):
                    tally.note("lost", problem)
                (folder / "L.md").unlink(missing_ok=True)
    return tally
