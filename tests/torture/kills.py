"""A real process that acknowledges over a pipe, and is killed at any instant."""

import json
import multiprocessing
import os
import select
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.torture.seeded import seeded
from tests.torture.tally import Tally, clear
from tui.errors import PapersError
from tui.exchange.export_files import export
from tui.formats.exporters import ExportOptions, markdown
from tui.library import Library
from tui.model.paper import Paper, SourceRecord, merge
from tui.model.state import Change
from tui.storage import restore
from tui.storage.json_file import AtomicJSONStorage
from tui.storage.migrations import MIGRATIONS

CLEAN: Final = multiprocessing.get_context("forkserver")
"""Processes begin as copies of one that has loaded everything and does nothing."""
CLEAN.set_forkserver_preload(["tests.torture.kills"])

SMALL, LARGE = 60, 10_000
MIX: Final = ("note", "note", "status", "tag", "undo", "add", "checkpoint")
RARE: Final = ("note", "export", "reopen", "reopen", "restore", "old")


@lru_cache(2 * LARGE)
def paper(number: int) -> Paper:
    """A paper whose abstract follows from its title, so that a splice of two is seen."""
    return merge([sighting(number)])


def cache_of(folder: Path) -> Path:
    """Where the caches of a library are, as those of the app are; a kill may damage them too."""
    return folder.with_name("cache")


def sighting(number: int) -> SourceRecord:
    """Where it was seen."""
    title = f"Paper number {number}"
    return SourceRecord(title, f"{title} says so. " * (1 + number % 40), "0.txt", number + 1)


def _act(folder: str, seed: int, pipe: Any, mix: tuple[str, ...], fault: str) -> None:
    """Does one thing after another, and tells of each once it is done, until it is killed."""
    chance = Random(seed)
    with seeded(fault):
        actor = _Actor(Path(folder), seed)
        for number in range(1_000_000):
            report = actor.do(chance.choice(mix), chance, f"{seed}-{number}")
            os.write(pipe.fileno(), (json.dumps(report) + "\n").encode())


class _Actor:
    """What a user does."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=seed % 900)
        self.library = self._open()
        self.keys = [paper(number).key for number in range(SMALL)]

    def _open(self) -> Library:
        self.now += timedelta(hours=7)
        cache = cache_of(self.folder)
        return Library.open(self.folder, "desk", wait=30, cache=cache, now=lambda: self.now)

    def do(self, what: str, chance: Random, text: str) -> dict[str, Any]:
        """Does it, and gives what is to be told of it."""
        library, key = self.library, chance.choice(self.keys)
        field: tuple[str, Any] | None = None
        if what == "note":
            field = ("note", text)
        elif what == "status":
            field = ("status", chance.choice(["read", "reading", "dismissed"]))
        elif what == "tag":
            field = (f"tag/t{chance.randrange(9)}", True)
        if field:
            settings = [("papers", key, *field), ("papers", key, "list/L", chance.random())]
            change = library.change(text, [("lists", "L", "exists", True), *settings])
            return {"change": change.id, "verb": text} if change else {}
        if what == "undo":
            try:
                change = library.undo()
            except PapersError:
                return {}
            return {"change": change.id, "verb": change.verb}
        if what == "add":
            number = SMALL * 1_000 + chance.randrange(10**6)
            report = library.add([sighting(number)])
            if not report.id:
                return {}
            change = next(library.state.undo_history.done())
            return {
                "change": change.id,
                "verb": change.verb,
                "paper": paper(number).key,
                "import": report.id,
            }
        if what == "export":
            items = [library.item(each) for each in self.keys[: chance.randrange(1, 60)]]
            export(library, "L", items, self.folder / "out.md", force=True)
        elif what == "checkpoint":
            library.state.checkpoint()
        else:
            library.close()
            if what == "restore":
                sources = [s for s in restore.sources(self.folder, "desk") if s.name and s.is_whole]
                if sources:
                    name = chance.choice(sources).name
                    restore.restore(self.folder, "desk", name, now=lambda: self.now)
            elif what == "old":
                outdate(self.folder)
            self.library = self._open()
        return {}


def undone_imports(history: Iterable[Change]) -> set[str]:
    """The imports that some change undid."""
    edits = (edit for change in history for edit in change.edits)
    return {edit.id for edit in edits if edit.table == "imports" and edit.now is None}


def outdate(folder: Path) -> None:
    """Makes the decisions a file of the first schema, as an older version would have left it."""
    path = folder / "triage.json"
    tables = AtomicJSONStorage(path, MIGRATIONS["triage.json"]).read()
    if tables is not None:
        AtomicJSONStorage(path).write({"session": {"1": {"query": "x"}}, **tables})


def _until(pipe: int, seconds: float) -> Iterator[bytes]:
    """What arrives from the first acknowledgement until so many seconds after it."""
    end: float | None = None
    while end is None or time.monotonic() < end:
        rest = 60.0 if end is None else max(end - time.monotonic(), 0)
        if not select.select([pipe], [], [], rest)[0]:
            if end is None:
                return  # it has not said a word in a minute
            continue
        data = os.read(pipe, 65_536)
        if not data:
            return  # it ended by itself, which is a failure that the check finds
        end = end or time.monotonic() + seconds
        yield data


def _killed(
    folder: Path, seed: int, seconds: float, mix: tuple[str, ...], fault: str
) -> tuple[list[dict[str, Any]], int | None]:
    """What was acknowledged by a process that was killed, and its exit code."""
    reading, writing = CLEAN.Pipe(duplex=False)
    process = CLEAN.Process(target=_act, args=(str(folder), seed, writing, mix, fault))
    process.start()
    writing.close()
    data = b"".join(_until(reading.fileno(), seconds))
    process.kill()
    process.join()
    while more := os.read(reading.fileno(), 65_536):
        data += more
    reading.close()
    lines = data.split(b"\n")[:-1]  # the last one may have been cut
    return [report for line in lines if (report := json.loads(line))], process.exitcode


def _run(
    count: int, chance: Random, folder: Path, fault: str, mix: tuple[str, ...], size: int
) -> Tally:
    tally = Tally()
    acknowledged: list[dict[str, Any]] = []
    library = folder / "library"
    runs = 0
    for _ in range(count):
        if not library.exists() or runs >= 40:  # a fresh one now and then: journals grow
            clear(library)
            with Library.open(library, "desk") as opened:
                opened.seed(map(paper, range(size)))
            acknowledged, runs = [], 0
        reports, code = _killed(
            library, chance.randrange(10**9), chance.random() * 0.06, mix, fault
        )
        tally.tried += 1
        runs += 1
        acknowledged += reports
        if code != -9:
            tally.note("silent", f"the process ended by itself with {code}")
        if not _check(library, acknowledged, runs, size, tally):
            clear(library)
    return tally


def _check(
    folder: Path, acknowledged: list[dict[str, Any]], runs: int, size: int, tally: Tally
) -> bool:
    """Whether everything that was acknowledged is there, and nothing is torn."""
    try:
        with Library.open(folder, "desk", write=False, cache=cache_of(folder)) as library:
            verbs = {change.id: change.verb for change in library.state.history()}
            papers = dict(library.papers.items())
            damaged = library.state.damaged_lines
            undone = undone_imports(library.state.history())
    except PapersError as error:
        tally.note("torn", error.message)
        return False
    before = (tally.lost, tally.torn)
    changes = {report["change"]: report["verb"] for report in acknowledged if "change" in report}
    for id, verb in changes.items():
        if verbs.get(id) != verb:
            tally.note("lost", f"{id} {verb}: {verbs.get(id)}")
    changed = [id for id, verb in verbs.items() if verb != "export"]  # which nobody is told of
    if len(changed) > len(changes) + runs:  # of each run, the one that was being told
        tally.note("torn", f"{len(changed)} changes of {len(changes)} acknowledged")
    for report in acknowledged:
        if "paper" in report and report["paper"] not in papers and report["import"] not in undone:
            tally.note("lost", report["paper"])
    if len(papers) < size:
        tally.note("lost", f"{size - len(papers)} papers")
    for each in papers.values():
        if each != paper(int(each.title.rsplit(" ", 1)[1])):
            tally.note("torn", each.title)
    if damaged:
        tally.note("torn", f"{damaged}")
    exported = folder / "out.md"
    if exported.exists():
        try:
            same = markdown.document([], ExportOptions("L"))
            markdown.merge_into(exported.read_text("utf-8"), same, same_list=True)
        except (PapersError, UnicodeDecodeError) as error:
            tally.note("torn", f"export: {error}")
    return (tally.lost, tally.torn) == before


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """Kills while things are decided, imported and taken back."""
    return _run(count, chance, folder, fault, MIX, SMALL)


def run_large(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """Kills the same in a library of 10,000 papers."""
    return _run(count, chance, folder, fault, MIX, LARGE)


def run_rare(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """Kills during export, backup, restore and migration."""
    return _run(count, chance, folder, fault, RARE, SMALL)
