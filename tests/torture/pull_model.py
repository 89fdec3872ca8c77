"""What a library and exported files say of papers, and what a pull must make of the two."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from tui.actions import triage
from tui.library import Library
from tui.model.state import Status

TAGS: Final = ("ml", "rl/offline", "v1.5", "c++")
NOTES: Final = (
    *("", "one", "two\nlines", "a **bold** word", "parts\n\nof it", "# no heading\n- [x] [a](b)"),
    *("1. first", "[x]: https://a.org", "> quoted <!-- x -->", "ends in \\", "\\[x\\] $a_1$"),
)
BY_HAND: Final = ("", "one", "two\nlines", "a **bold** word", "parts\n\nof it\nall")
"""Notes that are Markdown as they are."""


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
    blanks: dict[str, Status] = field(default_factory=dict, compare=False)
    """What a blank in a box stands for."""

    def copy(self) -> "Side":
        """One that changes apart from it."""
        return Side(dict(self.facts), list(self.order), dict(self.blanks))

    def said(self) -> list[tuple[str, Facts]]:
        """What is said of the papers of the list, in its order."""
        statuses = {key: facts.status for key, facts in self.facts.items()} | self.blanks
        return [(key, replace(self.facts[key], status=statuses[key])) for key in self.order]

    def differing(self, *others: "Side") -> list[object]:
        """What it and the first of the others do not agree on, as each side has it."""
        sides = (self, *others)
        keys = [key for key, facts in self.facts.items() if facts != others[0].facts[key]]
        return [[side.facts.get(key) for side in sides] for key in keys] or [s.order for s in sides]


def random_facts(facts: Facts, chance: Random, notes: Sequence[str]) -> Facts:
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


def here(library: Library) -> Side:
    """What the library says of all papers, and the order of its list."""
    facts = {}
    for item in library.items():
        state = item.state
        tags = frozenset(state.tags)
        facts[item.key] = Facts(state.status, state.starred, tags, state.note or "")
    return Side(facts, list(library.state.reading_list("L").keys))


def decide(library: Library, chance: Random, file: Side) -> None:
    """A few changes of papers in the app, some of them as in the file."""
    for _ in range(chance.choice((0, 0, 1, 2))):
        side = here(library)
        key = chance.choice(list(side.facts))
        facts = random_facts(side.facts[key], chance, NOTES)
        if key in file.facts and chance.random() < 0.3:
            facts = file.facts[key]
        _set(library, key, side.facts[key], facts)


def _set(library: Library, key: str, was: Facts, now: Facts) -> None:
    if now.status is not was.status:
        triage.mark(library, [key], now.status)
    if now.starred != was.starred:
        triage.star(library, [key], now.starred)
    if now.tags != was.tags:
        triage.tag(library, [key], sorted(now.tags - was.tags), sorted(was.tags - now.tags))
    if now.note != was.note:
        triage.note(library, [key], now.note)


def ticked(side: Side) -> Side:
    """What a list says that was just exported: read or not, of the status."""
    facts = {
        key: replace(each, status=Status.READ if each.status is Status.READ else Status.UNREAD)
        for key, each in side.facts.items()
    }
    blanks: dict[str, Status] = {
        key: each.status for key, each in side.facts.items() if each.status is not Status.READ
    }
    return Side(facts, list(side.order), blanks)


def merged(base: Side, file: Side, ours: Side) -> tuple[Side, Side]:
    """What the library says after the pull, and what it took the file to say.

    The second is the base of the next pull: what the file says, without what both changed.

    Args:
        base: What was exported, or pulled last.
        file: What the file says.
        ours: What the library says.
    """
    facts, settled = dict(ours.facts), dict(file.facts)
    blanks: dict[str, Status] = {}
    for key in file.order:
        theirs, mine = file.facts[key], ours.facts[key]
        was, status = Facts(), mine.status  # as it was put into the file again
        if key in base.order:
            was, status = base.facts[key], base.blanks.get(key, base.facts[key].status)
        facts[key], settled[key] = _merged_facts(was, theirs, mine, status)
        if status is Status.READ and key not in base.order:
            status = Status.UNREAD
        if settled[key].status is was.status:
            blanks[key] = status
    gone = {key for key in base.order if key not in file.order}
    listed = [key for key in ours.order if key not in gone]
    common = [key for key in base.order if key in listed]
    ours_order = [key for key in listed if key in common]
    said_order = [key for key in file.order if key in common]
    if ours_order == common and said_order != common:
        slots = iter(said_order)
        listed = [next(slots) if key in common else key for key in listed]
    new = [key for key in file.order if key not in (*listed, *base.order)]
    for key in reversed(new):  # ahead of what stands below it in the file
        below = file.order[file.order.index(key) + 1 :]
        listed.insert(next((listed.index(k) for k in below if k in listed), len(listed)), key)
    order = list(file.order)
    if said_order not in (common, ours_order) and ours_order != common:  # to be told again
        order.sort(key=lambda key: base.order.index(key) if key in base.order else len(base.order))
    return Side(facts, listed), Side(settled, order, blanks)


def _merged_facts(was: Facts, theirs: Facts, ours: Facts, known: Status) -> tuple[Facts, Facts]:
    """What the library says of one paper after the pull, and what it took the file to say.

    Args:
        was: What was exported.
        theirs: What the file says.
        ours: What the library says.
        known: What its status was at the export.
    """
    status, note, settled = ours.status, ours.note, theirs
    if theirs.status not in (was.status, ours.status):
        if known is ours.status:
            status = theirs.status
        else:
            settled = replace(settled, status=was.status)
    if theirs.note not in (was.note, ours.note):
        if ours.note == was.note:
            note = theirs.note
        else:
            settled = replace(settled, note=was.note)
    starred = theirs.starred if theirs.starred != was.starred else ours.starred
    tags = (ours.tags | (theirs.tags - was.tags)) - (was.tags - theirs.tags)
    return Facts(status, starred, frozenset(tags), note), settled
