"""One module asks the system what time it is, so that a test can set the time of all others."""

import ast
from pathlib import Path
from typing import Final

import pytest

PACKAGE: Final = Path(__file__).parents[2] / "tui"
ASKING: Final = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("time.time", "time.time_ns", "time.gmtime()", "time.localtime()"),
}
"""What asks the system; clocks that only measure how long something takes are no such thing."""


def questions(code: str) -> list[str]:
    """Where some code asks for the time, as a name, or a call without arguments."""
    names: list[str] = []
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Attribute() | ast.Call(args=[], keywords=[]):
                names.append(".".join(ast.unparse(node).split(".")[-2:]))
            case ast.ImportFrom(module="time"):
                names += [f"time.{alias.name}" for alias in node.names]
    return [name for name in names if name in ASKING]


@pytest.mark.parametrize(
    "code",
    [
        "import datetime\ndatetime.datetime.now(UTC)",
        "date.today()",
        "def f(now=time.time): ...",
        "from time import time_ns",
        "time.localtime()",
    ],
)
def test_asking_for_the_time_is_noticed(code: str) -> None:
    assert questions(code)


def test_only_the_clock_asks_the_system_for_the_time() -> None:
    asking = {
        path.relative_to(PACKAGE).as_posix(): found
        for path in PACKAGE.rglob("*.py")
        if (found := questions(path.read_text("utf-8")))
    }
    assert set(asking) == {"clock.py"}, asking
    assert not questions("time.monotonic() + time.localtime(2.0).tm_year")
