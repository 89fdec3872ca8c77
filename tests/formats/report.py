"""How well pages are read, as one table: ``python -m tests.formats.report [--seed N] [--pages N]``.

What is counted: the cases in ``tests/cases``, generated pages over all layouts and tools, the same
pages through the tools that are installed, the seeds, and texts that are no page.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from tests.formats import site_model
from tests.formats.other_texts import ROOT, other_texts
from tests.formats.site_html import LAYOUTS, nested_html
from tests.formats.site_model import Expected, Page
from tests.strategies import SEEDS, TODAY
from tui.errors import InputError
from tui.formats.importers import read
from tui.model.identity import merge_all
from tui.model.paper import SourceRecord

CASES: Final = ROOT / "tests" / "cases"
CASES_DAY: Final = date(2026, 11, 26)
"""The day on which the expected values of the cases hold."""


class Score(NamedTuple):
    """How many papers of some pages were read right."""

    papers: int = 0
    titles: int = 0
    abstracts: int = 0
    facts: int = 0
    invented: int = 0
    faults: tuple[str, ...] = ()
    """What went wrong, for a person."""

    def plus(self, other: "Score") -> "Score":
        """Both together."""
        return Score(
            self.papers + other.papers,
            self.titles + other.titles,
            self.abstracts + other.abstracts,
            self.facts + other.facts,
            self.invented + other.invented,
            self.faults + other.faults,
        )

    def __str__(self) -> str:
        shares = (self.titles, self.abstracts, self.facts)
        percents = " / ".join(f"{share / max(self.papers, 1):.2%}" for share in shares)
        return f"{percents} of {self.papers:,}; invented {self.invented}"


def score(expected: Iterable[Expected], records: Iterable[SourceRecord], name: str) -> Score:
    """What is right of a page: titles, abstracts, all other facts, and papers there are not."""
    by_title = {record.title: record for record in records}
    total = Counter[str]()
    faults = []
    for paper in expected:
        total["papers"] += 1
        record = by_title.pop(paper.title, None)
        if record is None:
            faults.append(f"{name}: missing “{paper.title}”")
            continue
        differing = [
            f"{field} {getattr(record, field)!r}, not {value!r}"
            for field, value in paper._asdict().items()
            if getattr(record, field) != value
        ]
        total["titles"] += 1
        total["abstracts"] += record.abstract == paper.abstract
        total["facts"] += not any(not fault.startswith("abstract") for fault in differing)
        faults += [f"{name}: “{paper.title}” has {fault}" for fault in differing]
    faults += [f"{name}: invented “{title}”" for title in by_title]
    return Score(**total, invented=len(by_title), faults=tuple(faults))


def score_page(page: Page, text: str, name: str, *, keeps_addresses: bool) -> Score:
    """What is right of the text of a generated page."""
    try:
        records = read(
            text.encode(), "page.txt", today=page.captured, captured=page.captured
        ).records
    except InputError as error:
        records = ()
        name = f"{name} ({error.message})"
    return score(page.expected(keeps_addresses=keeps_addresses), records, name)


def generated(count: int, seed: int) -> Score:
    """Generated pages, each through the emulation of one tool."""
    total = Score()
    for page, tool in site_model.pages(count, seed):
        text = site_model.render(page, site_model.TOOLS[tool])
        keeps = site_model.TOOLS[tool].keeps_addresses
        total = total.plus(score_page(page, text, f"{page.layout}, {tool}", keeps_addresses=keeps))
    return total


def through_tools(count: int, seed: int) -> Iterator[tuple[str, Score]]:
    """Generated pages as HTML, and through each tool that is installed."""
    tools: dict[str, tuple[Callable[[str], str], bool]] = {
        "a saved .html file": (str, True),
        **site_model.real_tools(),
    }
    pages = [page for page, _ in site_model.pages(count, seed)]
    for name, (convert, keeps) in tools.items():
        total = Score()
        for page in pages:
            sources = [page.html, *([nested_html(page)] if page.layout in LAYOUTS else ())]
            for source in sources:
                text, place = convert(source), f"{page.layout}, {name}"
                total = total.plus(score_page(page, text, place, keeps_addresses=keeps))
        yield name, total


def cases() -> Score:
    """The files of ``tests/cases``, a refusal counting as a paper."""
    expected: dict[str, list[dict[str, Any]] | None] = json.loads(
        (CASES / "pages.json").read_text("utf-8")
    )
    total = Score()
    for name, papers in expected.items():
        try:
            records = read((CASES / name).read_bytes(), name, today=CASES_DAY).records
        except InputError:
            records = ()
        total = total.plus(score(map(_expected, papers or []), records, name))
    return total


def _expected(paper: dict[str, Any]) -> Expected:
    day = paper.get("published")
    values = paper | {"published": date.fromisoformat(day) if day else None}
    return Expected._make(values.get(field) for field in Expected._fields)


def refused(count: int, seed: int) -> tuple[int, list[str]]:
    """How many texts that are no page are refused, and the names of the others."""
    taken = []
    for name, data in other_texts(count, seed):
        try:
            read(data, name, today=TODAY)
        except InputError:
            continue
        taken.append(name)
    return count - len(taken), taken


def main() -> None:
    """Prints the table, and what is wrong below it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20_260, help="of the generated pages")
    parser.add_argument("--pages", type=int, default=500)
    options = parser.parse_args()
    rows: list[tuple[str, str]] = []
    faults: list[str] = []
    for name, total in (
        ("cases", cases()),
        (f"{options.pages} generated pages", generated(options.pages, options.seed)),
        *((f"90 pages, {name}", total) for name, total in through_tools(50, options.seed)),
    ):
        rows.append((name, str(total)))
        faults += total.faults
    records = [
        record
        for path in sorted(SEEDS.glob("*.txt"))
        for record in read(path.read_bytes(), path.name, today=TODAY).records
    ]
    rows.append(("seeds", f"{len(records)} records, {len(merge_all(records))} papers"))
    count, taken = refused(200, options.seed)
    rows.append(("200 texts that are no page", f"{count} refused"))
    print("| what | titles / abstracts / other facts right |\n|---|---|")
    print("\n".join(f"| {name} | {result} |" for name, result in rows))
    print("\n".join(["", *faults[:40], *(f"taken: {name}" for name in taken)]))


if __name__ == "__main__":
    main()
