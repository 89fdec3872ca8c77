"""Years of a journal: what is told of it agrees with counting its changes one by one."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest import mock

from tests.benchmarks.years import MACHINE, changes, write_journal
from tests.torture.kills import paper
from tests.torture.seeded import seeded
from tests.torture.tally import Tally, clear
from tui.actions.stats import stats
from tui.errors import PapersError
from tui.library import Library
from tui.model.state import Change, Edit

PAPERS: Final = 60
BACK: Final = 150
"""Changes that are undone one after the other: more than are read at first."""
NOW: Final = datetime(2030, 1, 1, tzinfo=UTC)


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """One journal of so many changes, asked as it is, with late changes, and with some undone."""
    tally = Tally(tried=count)
    library, cache = folder / "library", folder / "cache"
    clear(library)
    with seeded(fault), mock.patch("os.fsync"):
        with Library.open(library, MACHINE, now=lambda: NOW) as opened:
            opened.seed(map(paper, range(PAPERS)))
            keys = list(opened.papers)
        history = list(changes(keys, count))
        write_journal(library, history)
        for what in ("first", "again"):
            with Library.open(library, MACHINE, cache=cache, now=lambda: NOW) as opened:
                _compare(opened, history, what, tally)
        late = _late(history, keys, chance)
        write_journal(library, late)
        history = sorted(history + late, key=lambda change: (change.rev, change.machine))
        with Library.open(library, MACHINE, cache=cache, now=lambda: NOW) as opened:
            _compare(opened, history, "with late ones", tally)
            own = [change for change in history if change.machine == MACHINE]
            back = min(BACK, count // 2)
            undone: list[str] = []
            with suppress(PapersError):  # nothing is left
                for _ in range(back):
                    undone += opened.undo().undoes
            if undone != [change.id for change in own[: -back - 1 : -1]]:
                tally.note("torn", f"{len(undone)} undone of {back}: {undone[-3:]}")
            history += islice(opened.state.history(), len(history), None)
            _compare_state(opened, history, "after undoing", tally)
    return tally


def _late(history: list[Change], keys: list[str], chance: Random) -> list[Change]:
    """Changes by another machine, each as old as some other one: papers that it starred."""
    some = [
        history[n] for n in sorted(chance.sample(range(len(history)), min(9, len(history) // 9)))
    ]
    return [
        Change(
            each.rev,
            "other",
            each.at,
            "star",
            (Edit("papers", keys[-n - 1], "starred", None, True),),
        )
        for n, each in enumerate(some)
    ]


def _state(history: Iterable[Change]) -> dict[str, dict[str, Any]]:
    """The fields of each paper: the last setting of each counts."""
    fields: dict[str, dict[str, Any]] = {}
    for change in history:
        for edit in change.edits:
            fields.setdefault(edit.id, {})[edit.field] = edit.now
    return fields


def _compare(library: Library, history: list[Change], what: str, tally: Tally) -> None:
    _compare_state(library, history, what, tally)
    newest = list(islice(library.state.newest_first(), 300))
    if newest != history[: -len(newest) - 1 : -1]:
        tally.note("lost", f"{what}: the newest changes are others")
    if library.state.change_count != len(history):
        tally.note("lost", f"{what}: {library.state.change_count} changes of {len(history)}")


def _compare_state(library: Library, history: list[Change], what: str, tally: Tally) -> None:
    fields = _state(history)
    for item in library.items():
        own = fields.get(item.key, {})
        tags = sorted(name[4:] for name, value in own.items() if name.startswith("tag/") and value)
        expected = own.get("status") or "unread", bool(own.get("starred")), own.get("note"), tags
        state = item.state
        if (state.status, state.starred, state.note, list(state.tags)) != expected:
            tally.note("torn", f"{what}: {item.key} is {state}, not {expected}")
    numbers = stats(library)
    counts = Counter(fields.get(key, {}).get("status") or "unread" for key in library.papers)
    if {name: count for name, count in numbers["status"].items() if count} != counts:
        tally.note("torn", f"{what}: {numbers['status']}, not {counts}")
    if (days := _decided(history)) != numbers["decided_by_day"]:
        wrong = {day for day, count in days.items() if numbers["decided_by_day"].get(day) != count}
        tally.note("torn", f"{what}: {len(wrong)} days differ: {sorted(wrong)[:5]}")


def _decided(history: Iterable[Change]) -> dict[str, int]:
    """The papers that were dismissed or starred on each day and were so in the evening."""
    days: dict[str, dict[tuple[str, str], tuple[Any, Any]]] = {}
    for change in history:
        for edit in () if change.undoes else change.edits:
            if edit.field in ("status", "starred"):
                day = days.setdefault(change.at[:10], {})
                was, _ = day.get((edit.id, edit.field), (edit.was, None))
                day[edit.id, edit.field] = (was, edit.now)
    return {
        day: len(decided)
        for day, facts in days.items()
        if (decided := {id for (id, _), (was, now) in facts.items() if now not in (None, was)})
    }
