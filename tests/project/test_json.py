"""The page about JSON says what is written."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.actions.conftest import ran
from tests.libraries import lettered
from tui.actions import lists, rules, triage
from tui.actions.context import Context
from tui.actions.find import save_view
from tui.config import Config
from tui.exchange.library_json import library_json
from tui.formats.base import SCHEMA
from tui.library import Library
from tui.model.facts import FACTS
from tui.model.rules import Rule
from tui.model.state import Status

PAGE = Path("docs/json.md").read_text("utf-8")
KINDS = {
    "number": int,
    "text": str,
    "date": str,
    "boolean": bool,
    "texts": list,
    "objects": list,
    "object": dict,
}


def rows(heading: str) -> Iterator[list[str]]:
    """The rows of the table under a heading."""
    part = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    for line in part.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            yield cells


@pytest.fixture
def library(folder: Path, no_fsync: None) -> Iterator[Library]:
    """A library that has some of everything."""
    with lettered(folder) as library:
        keys = list(library.papers)
        triage.mark(library, keys[:1], Status.READ)
        triage.tag(library, keys[:2], ["nlp"])
        triage.snooze(library, keys[2:3], date(2030, 1, 1))
        triage.note(library, keys[:1], "A note.")
        lists.add(library, "thesis", keys[:3])
        save_view(library, "new", "is:new")
        rules.add(library, Rule("title:survey", ("star",)))
        library.change("add", [("sources", "hf:daily", "exists", True)])
        library.change("apart", [("joins", " ".join(sorted(keys[:2])), "same", False)])
        yield library


def check(objects: Iterable[dict[str, Any]], heading: str) -> None:
    declared = {name.strip("`"): kinds.split(" or ") for name, kinds, _ in rows(heading)}
    for each in objects:
        assert list(each) == list(declared)
        for name, value in each.items():
            kinds = declared[name]
            assert ("null" in kinds) if value is None else isinstance(value, KINDS[kinds[0]])


def test_every_member_is_described() -> None:
    described = {name: text for name, _, text in (*rows("A paper"), *rows("A library"))}
    assert [name for name, text in described.items() if not text] == []
    assert len(described) > len(FACTS)


def test_papers_and_sightings_have_the_members_of_the_page(library: Library) -> None:
    papers = ran("list", Context(Config(), library, as_json=True)).data
    check(papers, "A paper")
    for paper in papers:
        for sighting in paper["sightings"]:
            assert {*sighting} <= {"file", "line", "page_day", *FACTS}
    assert f"**schema {SCHEMA}**" in PAGE


def test_a_library_has_the_members_of_the_page(library: Library) -> None:
    whole = json.loads(library_json(library))
    check([whole], "A library")
    check(whole["papers"], "A paper")
    described = {
        name.strip("`"): re.findall("`([a-z_]+)`", text) for name, _, text in rows("A library")
    }
    for name in ("lists", "sources", "rules", "joins"):
        (each,) = whole[name]
        assert {*each} <= {*described[name]}


def test_other_commands_have_the_members_of_the_page(library: Library) -> None:
    here = Context(Config(), library, as_json=True, folder=str(library.folder))
    options: dict[str, dict[str, Any]] = {
        "imports show": {"name": "sample"},
        "why": {"key": "a", "query": ["is:read"]},
    }
    for command, kind, members in rows("What else prints JSON"):
        name = command.strip("`")
        if name == "import":
            continue  # it needs a file
        data = ran(name, here, **options.get(name, {})).data
        assert isinstance(data, dict if kind == "object" else list)
        if name == "views":
            assert data == {"new": "is:new"}
            continue
        if name == "tags" and isinstance(data, dict):
            data = list(data.values())
        for each in data if isinstance(data, list) else [data]:
            assert list(each) == re.findall(r"[a-z_]+", members.rpartition(", ")[2]), name


def test_every_command_that_prints_json_is_on_the_page() -> None:
    from tui.actions.registry import JSON, actions

    named = {row[0].strip("`") for row in rows("What else prints JSON")}
    with_json = {name for name, each in actions().items() if JSON in each.arguments}
    assert with_json - named == {"list", "show", "add", "fetch", "rules test"}
