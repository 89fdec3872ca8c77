"""How figures are taken and told: in turns on one machine, and as ratios that any other has too."""

import json
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    what: str
    papers: int
    ratio: float | None
    """Ours to theirs; ``None`` where there is no peer."""
    bar: float | None
    """What the ratio must not exceed; ``None`` where a figure is only told."""
    measured: str
    """What was measured, in the units it was measured in."""
    spread: tuple[float, float] | None = None
    """The smallest and the largest ratio of one run; ``None`` where it is not one of pairs."""

    @property
    def is_met(self) -> bool:
        """Whether the bar holds, or there is none."""
        return self.bar is None or (self.ratio is not None and self.ratio <= self.bar)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def in_turns(
    ours: Callable[[], float], theirs: Callable[[], float], turns: int
) -> tuple[list[float], list[float]]:
    """What both take, in ms, measured one after the other so that a busy minute hits both.

    The first turn of each warms caches and is not counted.
    """
    ours()
    theirs()
    pairs = [(ours(), theirs()) for _ in range(turns)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def compared(
    what: str, papers: int, bar: float | None, ours: Sequence[float], theirs: Sequence[float]
) -> Figure:
    """The median of the ratios of pairs, with the smallest and the largest of them."""
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    measured = f"{spread(ours)} against {spread(theirs)} ms"
    return Figure(what, papers, median(ratios), bar, measured, (min(ratios), max(ratios)))


def p95(values: Sequence[float]) -> float:
    """What all but one in twenty stay below."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def spread(values: Sequence[float]) -> str:
    """Median and 95th percentile."""
    return f"{median(values):.3g}/{p95(values):.3g}"


def slope(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """The power of the size with which a cost grows, from the first size to the last."""
    from math import log

    return log(costs[-1] / costs[0]) / log(sizes[-1] / sizes[0])


def python(code: str, *arguments: object) -> str:
    """What a new interpreter prints."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def versions() -> dict[str, str]:
    """What the figures depend on."""
    known = {"python": platform.python_version(), "machine": platform.machine()}
    for name in ("textual", "tinydb", "rapidfuzz", "orjson"):
        try:
            known[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            known[name] = "not installed"
    for name in ("rg", "fzf"):
        if shutil.which(name):
            result = subprocess.run([name, "--version"], capture_output=True, text=True, check=True)
            known[name] = next(word for word in result.stdout.split() if word[:1].isdigit())
    return known


def table(figures: Iterable[Figure], left_out: Iterable[str]) -> str:
    """All figures in one table of Markdown, and what could not be measured."""
    lines = ["| what | papers | ratio | min to max | bar | measured |", "|---|---|---|---|---|---|"]
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.3g}"
        bar = "" if figure.bar is None else f"≤ {figure.bar:g}"
        if not figure.is_met:
            ratio = f"**{ratio}**"
        spread = "" if figure.spread is None else "{:.3g} to {:.3g}".format(*figure.spread)
        cells = (figure.what, f"{figure.papers:,}", ratio, spread, bar, figure.measured)
        lines.append(f"| {' | '.join(cells)} |")
    lines += [f"\nNot measured: {name}." for name in left_out]
    return "\n".join(lines)


def report(figures: Iterable[Figure], left_out: Iterable[str], seconds: float) -> str:
    """The page of the documentation: what was measured, when, and with what."""
    known = ", ".join(f"{name} {version}" for name, version in versions().items())
    return (
        "# Benchmarks\n\n"
        "Written by `make bench`. Both sides of a ratio are measured in turns, in one run and on\n"
        "one machine; it is the median of the pairs. Times are median/95th percentile.\n\n"
        f"{table(figures, left_out)}\n\n"
        f"{datetime.now(UTC):%Y-%m-%d}; {known}; {seconds:.0f} s.\n"
    )


def write_json(path: Path, figures: Iterable[Figure], left_out: Sequence[str]) -> None:
    """All figures for a program to compare."""
    record = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "figures": [asdict(figure) for figure in figures],
        "left_out": left_out,
    }
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")
