"""Random verbs, each compared with an independent model: what is shown, and what a query finds."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest import mock

from tests.conftest import NOW
from tests.torture.kills import paper
from tests.torture.model import Fact, Model
from tests.torture.seeded import seeded
from tests.torture.tally import Tally, clear
from tui.actions import find, lists, tags, triage
from tui.errors import PapersError
from tui.library import Library
from tui.model.state import Change, Status
from tui.query import parse

PAPERS: Final = 6
STEPS: Final = 30
"""Verbs of one run."""
NAMES: Final = ("Thesis", "thesis", "phd", "later")
TAGS: Final = ("ml", "ai", "rl")
DAY: Final = (NOW + timedelta(days=9)).date()

Facts = dict[Fact, Any]
Doing = tuple[Callable[[], Change | None], Facts]
"""How the app does something, and what the model says it then sets; nothing if it refuses."""


def _some(model: Model, chance: Random) -> list[str]:
    return chance.sample(model.keys, chance.randint(1, 3))


def _mark(library: Library, model: Model, chance: Random) -> Doing:
    keys, status = _some(model, chance), chance.choice(list(Status))
    value = None if status is Status.UNREAD else str(status)
    facts: Facts = {("status", key): value for key in keys}
    facts |= {("snoozed", key): None for key in keys}
    return lambda: triage.mark(library, keys, status), facts


def _star(library: Library, model: Model, chance: Random) -> Doing:
    keys, on = _some(model, chance), chance.random() < 0.7
    return lambda: triage.star(library, keys, on), {("starred", k): on or None for k in keys}


def _snooze(library: Library, model: Model, chance: Random) -> Doing:
    keys, day = _some(model, chance), chance.choice((DAY, None))
    return lambda: triage.snooze(library, keys, day), {("snoozed", key): day for key in keys}


def _note(library: Library, model: Model, chance: Random) -> Doing:
    keys, text = _some(model, chance), chance.choice(("", "one", "two\nlines"))
    return lambda: triage.note(library, keys, text), {("note", key): text or None for key in keys}


def _view(library: Library, model: Model, chance: Random) -> Doing:
    name, query = chance.choice(("mine", "yours")), chance.choice(("is:read", "tag:ml", None))
    return lambda: find.save_view(library, name, query), {("view", name): query}


def _tag(library: Library, model: Model, chance: Random) -> Doing:
    keys, name = _some(model, chance), chance.choice(TAGS)
    own = {
        key: [id for id, _ in model.ids("tag", key) if model.tag_name(id) == name] for key in keys
    }
    if chance.random() < 0.3:
        facts: Facts = {("tag", key, id): None for key, ids in own.items() for id in ids}
        return lambda: triage.tag(library, keys, [], [name]), facts
    id, facts = name, {}
    if model.tag_name(name) != name:  # it was renamed: a tag of that name, or a new one
        titled = sorted(id for id, title in model.ids("tag title") if title == name)
        number = next(n for n in range(2, 99) if not model.of("tag title", f"{name}~{n}"))
        id = titled[0] if titled else f"{name}~{number}"
    lacking = [key for key in keys if not own[key]]
    facts = {("tag", key, id): True for key in lacking}
    if lacking and model.tag_name(id) != name:
        facts["tag title", id] = name
    return lambda: triage.tag(library, keys, [name]), facts


def _rename_tag(library: Library, model: Model, chance: Random) -> Doing:
    name, new = chance.sample(TAGS, 2)
    facts: Facts = {}
    if any(name in model.tags(key) for key in model.keys):
        used = {id for key in model.keys for id, _ in model.ids("tag", key)}
        titled = {id for id, _ in model.ids("tag title")}
        for id in used | titled | {name}:
            if model.tag_name(id) == name:
                facts["tag title", id] = None if new == id else new
    return lambda: tags.rename(library, name, new), facts


def _created(model: Model, name: str) -> tuple[str, Facts]:
    """The id of a list that is made if it is missing, and the facts of that."""
    if (ids := model.lists().get(name)) is not None:
        return ids[0], {("exists", ids[0]): True}
    taken = {id for ids in model.lists().values() for id in ids}
    id = next(i for i in (name, *(f"{name} ({n})" for n in range(2, 99))) if i not in taken)
    return id, {("exists", id): True, ("title", id): name if name != id else None}


def _add(library: Library, model: Model, chance: Random) -> Doing:
    typed, keys = chance.choice(NAMES), _some(model, chance)
    name = model.find(typed) or typed
    places = model.places(name)
    id, facts = _created(model, name)
    end = max(places.values(), default=0.0)
    for number, key in enumerate((key for key in keys if key not in places), 1):
        facts["place", id, key] = end + number
    return lambda: lists.add(library, typed, keys), facts


def _create(library: Library, model: Model, chance: Random) -> Doing:
    wanted = chance.choice(NAMES)
    facts = _created(model, model.find(wanted) or wanted)[1]
    return lambda: lists.create(library, wanted), facts


def _remove(library: Library, model: Model, chance: Random) -> Doing:
    wanted, keys = chance.choice(NAMES), _some(model, chance)
    ids = model.lists().get(model.find(wanted) or "", [])
    facts: Facts = {("place", id, key): None for id in ids for key in keys}
    return lambda: lists.remove(library, wanted, keys), facts


def _rename(library: Library, model: Model, chance: Random) -> Doing:
    wanted, new = chance.choice(NAMES), chance.choice(NAMES)
    name, other = model.find(wanted), model.find(new)
    facts: Facts = {}
    if name and other in (None, name):
        for id in model.lists()[name]:
            facts |= {("exists", id): True, ("title", id): new if new != id else None}
    return lambda: lists.rename(library, wanted, new), facts


def _delete(library: Library, model: Model, chance: Random) -> Doing:
    wanted = chance.choice(NAMES)
    ids = model.lists().get(model.find(wanted) or "", [])
    facts: Facts = {("exists", id): None for id in ids}
    facts |= {("place", id, key): None for id in ids for key, _ in list(model.ids("place", id))}
    return lambda: lists.delete(library, wanted), facts


def _move(library: Library, model: Model, chance: Random) -> Doing:
    wanted, key, to = chance.choice(NAMES), chance.choice(model.keys), chance.randint(1, PAPERS)
    name = model.find(wanted) or ""
    places = model.places(name)
    facts: Facts = {}
    if key in places:
        others = [each for each in places if each != key]
        index = min(to, len(others) + 1) - 1
        if list(places).index(key) != index:
            before, after = others[index - 1 : index], others[index : index + 1]
            ends = [places[each] for each in ((before or after)[0], (after or before)[0])]
            place = sum(ends) / 2 + (0 if before and after else 1 if before else -1)
            moved = {key: place}
            if place in ends:  # after an undo, two papers may have the same place
                order = [*others[:index], key, *others[index:]]
                moved = {each: float(number) for number, each in enumerate(order, 1)}
            first, *rest = model.lists()[name]
            for each, place in moved.items():
                facts |= {("place", id, each): None for id in rest}
                facts["place", first, each] = place
    return lambda: lists.move(library, wanted, key, to), facts


VERBS: Final[Sequence[Callable[[Library, Model, Random], Doing]]] = (
    *(_mark, _mark, _star, _snooze, _note, _view, _tag, _tag, _rename_tag),
    *(_add, _add, _create, _remove, _rename, _rename, _delete, _move),
)


def _undo(library: Library, model: Model) -> bool:
    """Undoes the last step, of which anything can be undone; whether both agree on it."""
    steps, change = model.undoable(), _change(library.undo)
    return (list(change.undoes) if change else []) == model.undo(*steps)


def _undo_only(library: Library, model: Model, chance: Random) -> bool:
    """Undoes one change of any age."""
    changes = list(library.state.undo_history.done())
    if [change.id for change in changes] != [id for id, _ in model.done[::-1]]:
        return False
    if not changes:
        return True
    place = chance.randrange(len(changes))
    change = _change(lambda: library.undo(changes[place]))
    return (list(change.undoes) if change else []) == model.undo(model.done[-place - 1])


def _undo_all(library: Library, model: Model, chance: Random) -> bool:
    """Undoes several at once: the last ones, or any."""
    changes, steps = list(library.state.undo_history.done()), model.done[::-1]
    places = [n for n in range(min(len(steps), chance.randint(1, 6))) if chance.random() < 0.9]
    change = library.undo_all([changes[place] for place in places])
    undone = model.undo(*(steps[place] for place in places))
    return (list(change.undoes) if change else []) == undone


def _undo_an_undo(library: Library, model: Model, chance: Random) -> bool:
    """Redoes what an undo of any age took back, though something else was done since."""
    undos = [change for change in library.state.history() if change.undoes]
    if not undos:
        return True
    undo = chance.choice(undos)
    change = _change(lambda: library.undo(undo))
    steps = filter(None, map(model.former_of, undo.undoes[::-1]))
    return (list(change.redoes) if change else []) == model.redo(*steps)


def _redo(library: Library, model: Model) -> bool:
    steps, change = model.redoable(), _change(library.redo)
    return (list(change.redoes) if change else []) == model.redo(*steps)


STEPS_OF: Final[Mapping[str, Callable[[Library, Model, Random], bool]]] = {
    "undo": lambda library, model, chance: _undo(library, model),
    "undo only": _undo_only,
    "undo all": _undo_all,
    "undo an undo": _undo_an_undo,
    "redo": lambda library, model, chance: _redo(library, model),
}


def _change(act: Callable[[], Change | None]) -> Change | None:
    try:
        return act()
    except PapersError:
        return None


def _verb(library: Library, model: Model, chance: Random) -> bool:
    act, facts = chance.choice(VERBS)(library, model, chance)
    change = _change(act)
    if change is None:
        return not model.differing(facts)
    model.set(change.id, facts)
    return bool(model.done[-1][1])


def _shown(library: Library) -> Any:
    state = library.state
    papers = {
        item.key: (
            str(item.state.status),
            item.state.starred,
            item.state.snoozed_until,
            list(item.state.tags),
            list(item.state.lists),
            item.state.note,
        )
        for item in library.items()
    }
    return papers, {each.name: list(each.keys) for each in state.lists()}, state.views()


def _found(library: Library, model: Model) -> bool:
    """Whether queries find what the model has."""
    papers, named, _ = model.shown()
    expected: dict[str, set[str]] = {
        **{f"is:{s}": {k for k, p in papers.items() if p[0] == s} for s in ("read", "dismissed")},
        "is:starred": {key for key, paper in papers.items() if paper[1]},
        "is:snoozed": {key for key, paper in papers.items() if paper[2]},
        "has:note": {key for key, paper in papers.items() if paper[5]},
        **{f"tag:{tag}": {k for k, p in papers.items() if tag in p[3]} for tag in TAGS},
        **{f'list:"{name}"': set(keys) for name, keys in named.items()},
    }
    return all(
        {item.key for item in library.select(parse(query))} == keys
        for query, keys in expected.items()
    )


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """So many libraries, each with its own model."""
    tally = Tally()
    with seeded(fault), mock.patch("os.fsync"):
        for _ in range(count):
            clear(folder / "library")
            tally.tried += 1
            if wrong := _live(folder / "library", chance):
                tally.note("torn", wrong)
    return tally


def _live(folder: Path, chance: Random) -> str:
    """One run; what is wrong, empty if nothing is."""
    moment = NOW

    def now() -> datetime:
        nonlocal moment
        moment += timedelta(seconds=20)
        return moment

    library = Library.open(folder, "desk", wait=0, now=now)
    library.seed(map(paper, range(PAPERS)))
    model, done = Model(library.papers), []
    for _ in range(STEPS):
        what = chance.choices([*STEPS_OF, "verb", "reopen"], (2, 2, 2, 1, 2, 9, 1))[0]
        is_right = True
        if what == "reopen":  # or killed, without a snapshot
            library.close(save=chance.random() < 0.5)
            library = Library.open(folder, "desk", wait=0, now=now)
        else:
            is_right = STEPS_OF.get(what, _verb)(library, model, chance)
        last = next(library.state.newest_first(), None)
        done.append(f"{what}: {last.verb if last else ''}")
        wrong = "" if is_right else "another change"
        wrong = wrong or ("" if _shown(library) == model.shown() else "something else is shown")
        wrong = wrong or "; ".join(library.state.list_problems())
        wrong = wrong or ("" if _found(library, model) else "a query finds something else")
        if wrong:
            library.close()
            return f"{wrong} after {done[-12:]}: {_shown(library)}, not {model.shown()}"
    library.close()
    return ""
