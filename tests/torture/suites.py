"""The suites of the plan, how much of each is tried when, and what must make each fail."""

from typing import Final

from tests.torture import (
    clipboards,
    damage,
    disks,
    exports,
    faults,
    files,
    imports,
    instances,
    kills,
    lossy,
    machines,
    pages,
    patterns,
    places,
    renders,
    requests,
    schemas,
    screens,
    terminals,
    verbs,
    years,
)
from tests.torture.tally import Suite

LATE: Final = "acknowledge before it is written"
IN_PLACE: Final = "write in place"
SILENT: Final = "say nothing of a failed write"
UNSAFE: Final = ("nothing is made safe", "markup is read")
UNCHECKED: Final = ("no checksum", "no checksum of lines")

SUITES: Final = (
    Suite(1, "kills", kills.run, 30, 1_500, (LATE,), 3, 125),
    Suite(1, "kills of 10,000 papers", kills.run_large, 0, 100, (), 0, 25),
    Suite(2, "kills of rare work", kills.run_rare, 20, 400, (IN_PLACE,), 40, 100),
    Suite(
        3,
        "failing calls",
        faults.run,
        60,
        100_000,
        (SILENT,),
        200,
    ),
    Suite(4, "power cuts", lossy.run, 100, 10_000, ("no fsync",), 100, 1_250),
    Suite(5, "full disks", disks.run, 24, 24, (SILENT,), 24),
    Suite(6, "several instances", instances.run, 1, 50, (LATE,), 2, 5),
    Suite(
        7,
        "damaged files",
        damage.run,
        80,
        5_500,
        UNCHECKED,
        150,
        640,
    ),
    Suite(
        8, "hostile screens", screens.run, 1, 500, ("nothing is made safe", "markup is read"), 3, 25
    ),
    Suite(9, "random texts", renders.run, 60, 20_000, UNSAFE[:1], 60, 1_250),
    Suite(
        10,
        "exports",
        exports.run,
        400,
        20_100,
        ("braces with a backslash", "no escape", "names as they are"),
        400,
        2_600,
    ),
    Suite(11, "bad pages", pages.run, 60, 10_040, ("lines by splitlines",), 60, 1_260),
    Suite(12, "terminals", terminals.run, 3, 47, ("no signal is caught",), 1, 12),
    Suite(13, "clipboards", clipboards.run, 2, 10, ("every copy is said to be copied",), 3, 5),
    Suite(
        15,
        "imports",
        imports.run,
        200,
        10_000,
        ("imports are not undone", "a joined paper has two states"),
        200,
        1_250,
    ),
    Suite(16, "shells beside a session", requests.run, 1, 30, ("requests are done again",), 2, 5),
    Suite(
        17,
        "patterns",
        patterns.run,
        20,
        1_000,
        ("work is not counted", "words have no ends"),
        40,
        250,
    ),
    Suite(18, "places", places.run, 4, 1_000, ("likeness and patterns are no texts",), 12, 125),
    Suite(
        19,
        "machines",
        machines.run,
        100,
        20_000,
        ("what comes late counts last", "a list has one spelling"),
        600,
        2_500,
    ),
    Suite(
        20,
        "years",
        years.run,
        3_000,
        630_000,
        ("sums fit any journal", "the past ends"),
        3_000,
    ),
    Suite(
        21,
        "model",
        verbs.run,
        12,
        2_000,
        ("an undo overwrites what came since", "a list has one spelling"),
        12,
        250,
    ),
    Suite(22, "files", files.run, 140, 140_000, ("texts come as they are",), 140, 5_000),
    Suite(14, "migrations", schemas.run, 70, 1_000, ("a migration that drops",), 1),
)
