"""The shell front end: what each command prints, what it exits with, and what it never does."""

import argparse
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.formats.test_record import DECIDED, FACTS
from tests.libraries import page, stored
from tests.strategies import (
    HEADER,
    LATEX,
    MARKUP,
    PAYLOADS,
    SEEDS,
    TERMINAL,
    UNICODE,
    hostile_text,
)
from tui import __version__
from tui.__main__ import main
from tui.actions import arguments, open
from tui.actions.registry import READ, Access, Where
from tui.cli.output import hyperlink
from tui.config import Config
from tui.errors import UsageError
from tui.library import Library
from tui.model.layout import cell_width
from tui.model.state import Status

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "data" / "corpus.json"
SEED_FILES = [str(path) for path in sorted(SEEDS.glob("*.txt"))]
SCRIPT = [sys.executable, "-m", "tui"]

COMMANDS = ["parse", "import", "list", "show", "mark", "star", "snooze", "tag", "note", "lists"]
COMMANDS += ["export", "undo", "redo", "log", "stats", "doctor", "keys", "completions"]
LIST_VERBS = ["make", "add", "remove", "move", "describe", "rename", "delete"]


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[list[str]]:
        """The lines of standard output, parted at tabs."""
        return [line.split("\t") for line in self.out.splitlines()]


class Shell:
    """Runs commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], library: Path) -> None:
        self.capsys = capsys
        self.library = library

    def __call__(self, *arguments: str) -> Ran:
        self.capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as ended:  # --help and --version
            code = int(ended.code or 0)
        out, err = self.capsys.readouterr()
        assert "Traceback" not in out + err
        return Ran(code, out, err)

    def ok(self, *arguments: str) -> Ran:
        """Runs a command that must succeed."""
        result = self(*arguments)
        assert result.code == 0, result.err
        return result

    def key(self, beginning: str) -> str:
        return str(self.ok("show", beginning, "--json").json["key"])

    def decided(self, beginning: str) -> dict[str, Any]:
        shown = self.ok("show", beginning, "--json").json
        return {name: shown[name] for name in DECIDED}


CASES = Path(__file__).parent.parent / "cases"

pytestmark = pytest.mark.usefixtures("no_fsync")


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a library in use."""
    real = open.open_library

    def at_once(folder: str | None, settings: Config, access: Access = READ) -> Library:
        return real(folder, settings, replace(access, wait=0.0))

    monkeypatch.setattr(open, "open_library", at_once)
    monkeypatch.setattr("tui.actions.requests.TAKEN_SECONDS", 0.0)


@pytest.fixture
def sh(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    shipped_copy: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Shell:
    """A shell whose library is the shipped one, nothing decided."""
    monkeypatch.setenv("PAPERS_TUI_LIBRARY", str(shipped_copy))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return Shell(capsys, shipped_copy)


@pytest.fixture
def bare(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    """A shell on a new machine: there is no library yet."""
    return Shell(capsys, tmp_path / "none")


def is_one_sentence_and_a_hint(result: Ran) -> bool:
    """Whether a failure was told in two lines of standard error and nothing else."""
    first, *rest = result.err.splitlines()
    return (
        not result.out
        and first.startswith("papers-tui: ")
        and len(rest) == 1
        and rest[0][:2] == "  "
    )


# Pages


def test_parse_of_the_seeds_is_the_corpus_byte_for_byte(sh: Shell) -> None:
    result = sh.ok("parse", *SEED_FILES)
    assert result.out.encode() == CORPUS.read_bytes()
    assert len(result.json) == 268
    assert {tuple(record) for record in result.json} == {tuple(FACTS)}


def test_parse_leaves_no_library_behind(bare: Shell, home: Path) -> None:
    bare.ok("parse", SEED_FILES[0])
    assert list(home.iterdir()) == []


def test_parse_shows_what_it_could_not_read_beside_what_it_could(sh: Shell, tmp_path: Path) -> None:
    path = page(tmp_path / "cut.txt", "Paper of A", "Paper of B")
    Path(path).write_text(Path(path).read_text().rstrip().removesuffix("length."))
    result = sh.ok("parse", path)
    assert [record["title"] for record in result.json] == ["Paper of A"]
    assert re.fullmatch(
        rf"{re.escape(path)}, line \d+: skipped, “Paper of B” ends in .*\n", result.err
    )


def test_import_shows_what_became_of_each_file(sh: Shell, tmp_path: Path) -> None:
    library = str(tmp_path / "new")
    result = sh.ok("--library", library, "import", *SEED_FILES)
    counts = r"(.*): (\d+) new(?:, \d+ merged)?(?:, \d+ unchanged)?"
    counted = re.findall(rf"^{counts}$", result.out, re.M)
    assert [file for file, _ in counted] == SEED_FILES
    assert sum(int(new) for _, new in counted) == 268
    again = sh.ok("--library", library, "import", SEED_FILES[0])
    assert again.out == f"{SEED_FILES[0]}: 55 unchanged\n"
    assert again.err == ""


def test_import_as_json(sh: Shell, tmp_path: Path) -> None:
    one = page(tmp_path / "1.txt", "Paper of A", "Paper of B")
    two = tmp_path / "2.txt"
    text = Path(page(two, "Paper of B", "Paper of C", "Paper of D")).read_text()
    two.write_text(text.rstrip().removesuffix("length."))
    result = sh.ok("import", "--json", one, str(two), one)
    line = text[: text.index("Paper of D")].count("\n") + 1
    none = {"merged": 0, "unchanged": 0, "removed": 0, "skipped": 0, "skipped_lines": []}
    cut = {"merged": 1, "skipped": 1, "skipped_lines": [line]}
    results = result.json
    ids = [each.pop("import") for each in results]
    assert results == [
        {"file": one, "new": 2, **none},
        {"file": str(two), "new": 1, **none, **cut},
        {"file": one, "new": 0, **none, "unchanged": 2},
    ]
    listed = sh.ok("imports", "--json").json
    assert [ids[1], ids[0], None] == [listed[0]["id"], listed[1]["id"], ids[2]]
    assert f"2.txt, line {line}: skipped, " in result.err


def test_an_import_says_how_many_papers_look_like_another(sh: Shell, tmp_path: Path) -> None:
    text = (CASES / "renamed-1.txt").read_text("utf-8")
    sh.ok("import", str(CASES / "renamed-1.txt"))
    path = tmp_path / "other.txt"
    path.write_text(text.replace("Lanterns: Efficient", "Lamps: A Survey of"), "utf-8")
    assert "1 looks like another (papers-tui list is:lookalike)" in sh.ok("import", str(path)).err


def test_an_empty_library_says_what_to_do(sh: Shell) -> None:
    sh.ok("imports", "undo", "sample")
    assert sh.ok("list").err.startswith("No papers yet. To add papers, save the text of a page")


def test_undoing_an_import_names_the_papers_that_another_import_keeps(
    sh: Shell, tmp_path: Path
) -> None:
    sh.ok("import", page(tmp_path / "1.txt", "Paper of A", "Paper of B"))
    sh.ok("import", page(tmp_path / "2.txt", "Paper of B", "Paper of C"))
    undone = sh.ok("imports", "undo", "1.txt").err
    assert undone == "Removed the import of 1.txt\n1 paper stays, as another import has it\n"
    assert sh("show", "paper-of-a").code == 1
    assert sh.ok("show", "paper-of-b").code == 0
    assert sh.ok("imports", "undo", "2.txt").err == "Removed the import of 2.txt\n"


def test_the_papers_of_an_import_are_listed_new_ones_first(sh: Shell, tmp_path: Path) -> None:
    sh.ok("import", page(tmp_path / "1.txt", "Paper of A", "Paper of B"))
    sh.ok("import", page(tmp_path / "2.txt", "Paper of A", "Paper of C"))
    result = sh.ok("imports", "show", "2.txt")
    assert result.err == "1 new, 1 known\n"
    assert [(line.split()[0], line[-10:]) for line in result.out.splitlines()] == [
        ("new", "Paper of C"),
        ("known", "Paper of A"),
    ]
    assert [row["new"] for row in sh.ok("imports", "show", "2.txt", "--json").json] == [True, False]
    sh.ok("imports", "undo", "2.txt")
    assert sh("imports", "show", "2.txt").err.startswith("papers-tui: Already undone")


def test_an_import_is_listed_undone_and_redone(sh: Shell, tmp_path: Path) -> None:
    sh.ok("import", page(tmp_path / "1.txt", "Paper of A", "Paper of B"))
    sh.ok("mark", "read", "paper-of-a")
    (last, sample) = sh.ok("imports", "--json").json
    assert (last["source"], last["papers"], last["undecided"]) == ("1.txt", 2, 1)
    assert (sample["source"], sample["papers"], sample["undone"]) == ("sample", 268, False)
    listed = sh.ok("imports").out
    assert "1.txt" in listed
    assert "2 new, 1 left" in listed
    assert len(sh.ok("list", f"import:{last['id']}").out.splitlines()) == 2
    assert sh.ok("imports", "undo", "1.txt").err == "Removed the import of 1.txt\n"
    assert sh("show", "paper-of-a").code == 1
    assert sh.ok("imports", "--json").json[0]["undone"] is True
    assert sh("imports", "undo", "1.txt").err.startswith("papers-tui: Already undone: 1.txt")
    assert sh.ok("imports", "redo", last["id"][:16]).err == (
        "Redid: imported 1.txt, 1 of 2 decided\n"
    )
    assert sh.ok("show", "paper-of-a", "--json").json["status"] == "read"
    assert sh.ok("imports", "undo", "sam").err == "Removed the sample papers\n"
    sh.ok("undo")
    assert sh("imports", "undo", "20").err.startswith("papers-tui: 2 imports begin with “20”")
    verbs = [each["verb"] for each in sh.ok("log", "--json").json]
    assert verbs[2:] == ["redo import 1.txt", "undo import 1.txt", "read", "import 1.txt"]
    sh.ok("undo")
    assert sh.ok("log", "--json").json[0]["verb"] == "undo import 1.txt"
    assert sh("show", "paper-of-a").code == 1


def test_the_day_of_a_page_and_its_format_can_be_given(sh: Shell, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(
        "\n".join([*HEADER, "Paper of A", "", "We show it at length.", "", "Mar 17", ""]), "utf-8"
    )
    for captured, year in (("2024-05-01", "2024"), ("31.12.2020", "2020"), ("2024-02-01", "2023")):
        (paper,) = sh.ok("parse", "--captured", captured, str(path)).json
        assert paper["published"] == f"{year}-03-17", captured
    (paper,) = sh.ok("parse", "--from", "hf_daily", str(path)).json
    assert paper["title"] == "Paper of A"
    for wrong in ("2024", "May 2024", "someday", ""):
        result = sh("import", "--captured", wrong, str(path))
        assert (result.code, "Not a day" in result.err) == (2, True), wrong
    for ahead in ("9999-01-01", "31.12.2999"):
        result = sh("import", "--captured", ahead, str(path))
        assert (result.code, f"Not a day in the past: {ahead}" in result.err) == (2, True)
    assert "Unknown format: docx" in sh("import", "--from", "docx", str(path)).err


def test_what_hardly_looks_like_a_page_is_read_if_that_is_wanted(sh: Shell, tmp_path: Path) -> None:
    path = tmp_path / "list.md"
    path.write_text(sh.ok("export", "--query", "lora", "-o", "-").out, "utf-8")
    refused = sh("import", str(path))
    assert refused.code == 1
    assert "Use --force" in refused.err
    assert " new" in sh.ok("import", "--force", str(path), "--dry-run").out


def test_the_samples_leave_and_come_back(sh: Shell) -> None:
    sh.ok("imports", "undo", "sample")
    assert sh.ok("stats", "--json").json["papers"] == 0
    sh.ok("imports", "redo", "sample")
    assert sh.ok("stats", "--json").json["papers"] == 268


def test_a_library_begins_without_samples_if_that_is_wanted(
    sh: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PAPERS_TUI_LIBRARY", raising=False)
    assert sh.ok("--no-sample", "stats", "--json").json["papers"] == 0
    assert sh.ok("stats", "--json").json["papers"] == 0, "it is not filled later"
    assert sh.ok("imports").err.startswith("No imports yet.")
    assert sh.ok("imports", "redo", "sample").err == "Imported: 268 sample papers\n"
    assert sh.ok("stats", "--json", "--no-sample").json["papers"] == 268
    sh.ok("undo")
    assert sh.ok("stats", "--json").json["papers"] == 0


def test_the_configuration_can_say_that_a_library_begins_without_samples(
    sh: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PAPERS_TUI_LIBRARY", raising=False)
    path = home / "config" / "papers-tui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("sample = false\n", "utf-8")
    assert "creates it, empty" in sh("doctor").out
    assert sh.ok("stats", "--json").json["papers"] == 0


def test_a_removed_paper_counts_nowhere_and_stays_removed(sh: Shell, tmp_path: Path) -> None:
    path = page(tmp_path / "1.txt", "Paper of A", "Paper of B")
    sh.ok("import", path)
    sh.ok("lists", "add", "thesis", "paper-of-a", "paper-of-b")
    sh.ok("tag", "+mine", "paper-of-a")
    sh.ok("star", "paper-of-a")
    assert sh.ok("remove", "paper-of-a").err == "Removed a starred paper: Paper of A\n"
    numbers = sh.ok("stats", "--json").json
    assert (numbers["papers"], numbers["starred"]) == (269, 0)
    assert (numbers["tags"], numbers["lists"]) == ({}, {"thesis": 1})
    assert sum(numbers["decided_by_day"].values()) == 1
    assert "269, 268 in the inbox" in sh("doctor").out
    assert sh.ok("lists", "--json").json[0]["papers"] == [sh.key("paper-of-b")]
    assert "Paper of A" not in sh.ok("export", "thesis").out
    assert sh.ok("tags").err.startswith("No tags yet.")
    assert sh.ok("list", 'title:"paper of a"').out == ""
    assert "paper-of-a" in sh.ok("list", "is:removed is:starred").out
    (state, _) = sh.ok("imports", "--json").json
    assert state["papers"] == 1
    again = sh.ok("import", page(tmp_path / "2.txt", "Paper of A", "Paper of C"))
    assert again.out.endswith("2.txt: 1 new, 1 removed earlier\n")
    assert sh.ok("list", 'title:"paper of a"').out == ""
    assert sh.ok("remove", "--back", "--query", "is:removed").err == "Brought back: Paper of A\n"
    assert "paper-of-a" in sh.ok("list", "list:thesis is:starred").out


def test_a_dry_run_of_import_says_what_it_would_bring_and_brings_nothing(
    sh: Shell, tmp_path: Path
) -> None:
    path = page(tmp_path / "1.txt", "Paper of A")
    before = stored(sh.library)
    result = sh.ok("import", "--dry-run", path)
    assert result.out == f"{path}: would be 1 new\n"
    assert stored(sh.library) == before


def test_a_page_can_come_from_standard_input(
    sh: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Path(page(tmp_path / "1.txt", "Paper of A")).read_bytes()
    for command in ("parse", "import"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
        sh.ok(command, "-")
    assert sh.ok("show", "paper-of-a", "--json").json["sightings"][0]["file"] == "standard input"


def test_an_empty_standard_input_is_named(sh: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(), "utf-8"))
    result = sh("parse", "-")
    assert result.code == 1
    assert result.err.startswith("papers-tui: standard input: the file is empty")


FIRST = [
    ["list"],
    ["stats"],
    ["show", "mixlora"],
    ["log"],
    ["lists"],
    ["note", "mixlora"],
    ["note", "mixlora", "mine"],
    ["export", "--query", "lora"],
    ["mark", "read", "mixlora"],
    ["star", "mixlora"],
    ["snooze", "7d", "mixlora"],
    ["tag", "+rl", "mixlora"],
    ["lists", "make", "thesis"],
    ["lists", "add", "thesis", "mixlora"],
    ["undo"],
]


@pytest.mark.parametrize("first", FIRST, ids=" ".join)
def test_the_default_library_is_made_by_whichever_command_comes_first(
    bare: Shell, first: list[str], home: Path
) -> None:
    result = bare(*first)
    assert result.code == (1 if first == ["undo"] else 0)
    assert bare.ok("stats", "--json").json["papers"] == 268
    assert (home / "data" / "papers-tui" / "papers.json").is_file()


@pytest.mark.parametrize(
    "first", [["import", SEED_FILES[1]], ["add", "Paper of A"], ["sources", "add", "arxiv:cs.CL"]]
)
def test_the_default_library_has_no_samples_where_the_first_papers_are_the_users_own(
    bare: Shell, first: list[str]
) -> None:
    bare.ok(*first)
    sources = [each["source"] for each in bare.ok("imports", "--json").json]
    assert "sample" not in sources
    assert bare.ok("list", "--json").json == [] or sources
    assert bare.ok("imports", "redo", "sample").err == "Imported: 268 sample papers\n"


def test_a_page_of_the_samples_that_is_imported_stays_without_them(sh: Shell) -> None:
    page = SEED_FILES[1]
    imported = sh.ok("import", page)
    assert re.fullmatch(r".*: \d+ known from the samples\n", imported.out)
    count = sh.ok("import", page, "--json").json[0]["unchanged"]
    assert sh.ok("import", page).out.endswith(f": {count} unchanged\n"), "it is known now"
    assert sh.ok("imports", "undo", "sample").err.endswith("as other imports have them\n")
    assert sh.ok("stats", "--json").json["papers"] == count
    sh.ok("imports", "undo", Path(page).name)
    assert sh.ok("stats", "--json").json["papers"] == 0


@pytest.mark.parametrize("command", [["doctor"], ["keys"], ["completions", "bash"]])
def test_what_needs_no_library_makes_none(bare: Shell, command: list[str], home: Path) -> None:
    bare.ok(*command)
    assert not (home / "data").exists()


# The library that is meant


def test_a_named_library_that_is_not_there_is_made_by_import_only(
    bare: Shell, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    for command in (["list"], ["mark", "read", "x"], ["lists", "make", "x"], ["undo"], ["stats"]):
        result = bare("--library", str(folder), *command)
        assert result.code == 1
        assert is_one_sentence_and_a_hint(result)
        assert str(folder) in result.err
        assert not folder.exists()
    path = page(tmp_path / "1.txt", "Paper of A")
    bare.ok("--library", str(folder), "import", path)
    assert len(bare.ok("list", "--library", str(folder)).rows) == 1


def test_option_then_environment_then_configuration_names_the_library(
    sh: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = page(tmp_path / "1.txt", "Paper of A")
    sh.ok("--library", str(tmp_path / "mine"), "import", path)
    assert len(sh.ok("list").rows) == 268
    assert len(sh.ok("--library", str(tmp_path / "mine"), "list").rows) == 1
    assert len(sh.ok("list", f"--library={tmp_path / 'mine'}").rows) == 1
    config = tmp_path / "config.toml"
    config.write_text(f'library = "{tmp_path / "mine"}"\n')
    monkeypatch.setenv("PAPERS_TUI_CONFIG", str(config))
    assert len(sh.ok("list").rows) == 268
    monkeypatch.delenv("PAPERS_TUI_LIBRARY")
    assert len(sh.ok("list").rows) == 1


def test_the_home_of_nobody_is_no_library(sh: Shell) -> None:
    result = sh("--library", "~no-such-user/library", "list")
    assert result.code == 1
    assert result.err.startswith("papers-tui: No such home folder: ~no-such-user/library")


@pytest.mark.parametrize("folder", ["a" * 300, "a/" * 2_500])
def test_a_name_that_no_folder_can_have_is_reported(sh: Shell, folder: str) -> None:
    result = sh("--library", folder, "list")
    assert result.code == 1
    assert "name too long" in result.err
    assert "standard output" not in result.err


# Listing


def test_list_prints_key_status_day_and_title_parted_by_tabs(sh: Shell) -> None:
    sh.ok("mark", "read", "mixlora")
    rows = sh.ok("list").rows
    assert len(rows) == 268
    assert {len(row) for row in rows} == {4}
    (read,) = [row for row in rows if row[1] != "unread"]
    assert read[:3] == [sh.key("mixlora"), "read", ""]
    assert read[3].startswith("MixLoRA: Enhancing Large Language Models")
    published = [record["published"] for record in sh.ok("list", "--json").json]
    dated = [day for day in published if day]
    assert published[: len(dated)] == dated == sorted(dated, reverse=True)


def test_list_takes_a_query_an_order_and_a_limit(sh: Shell) -> None:
    rows = sh.ok("list", "is:unread", "--sort", "comments", "--limit", "3").rows
    assert len(rows) == 3
    votes = [sh.ok("show", row[0], "--json").json["comments"] for row in rows]
    assert votes == sorted(votes, reverse=True)
    assert None not in votes
    assert sh.ok("list", "is:unread", "-n", "3", "--sort", "comments").rows == rows
    assert sh.ok("list", "is:unread sort:comments limit:3").rows == rows
    assert sh.ok("list", "is:read").rows == []
    assert sh.ok("list", "--limit", "0").rows == []


def test_a_hyphen_before_a_word_leaves_out_what_has_it(sh: Shell) -> None:
    all_keys = {row[0] for row in sh.ok("list").rows}
    with_it = {row[0] for row in sh.ok("list", "survey").rows}
    assert with_it
    without = {row[0] for row in sh.ok("list", "-survey").rows}
    assert without == all_keys - with_it
    assert {row[0] for row in sh.ok("list", "-survey", "-title:lora", "-n", "999").rows} < without
    assert {row[0] for row in sh.ok("list", "--", "-survey").rows} == without


def test_a_hyphen_before_a_word_works_after_an_option_too(sh: Shell) -> None:
    assert len(sh.ok("--library", str(sh.library), "list", "-survey").rows) < 268


def test_a_limit_may_be_glued_to_its_letter(sh: Shell) -> None:
    assert len(sh.ok("list", "-n5").rows) == 5


def test_an_order_can_be_reversed_as_the_help_says(sh: Shell) -> None:
    result = sh.ok("list", "--sort", "-up", "--limit", "3")
    assert result.err == ""
    assert result.rows == sh.ok("list", "--sort=-up", "--limit", "3").rows


@pytest.mark.parametrize("dashed", [["mark", "read"], ["star"], ["lists", "add", "x"]])
def test_a_query_of_any_command_may_begin_with_a_hyphen(sh: Shell, dashed: list[str]) -> None:
    sh.ok(*dashed, "--query", "-survey")


def test_list_as_json_has_facts_and_decisions(sh: Shell) -> None:
    sh.ok("tag", "+rl", "mixlora")
    sh.ok("note", "mixlora", "mine")
    sh.ok("lists", "add", "thesis", "mixlora")
    data = sh.ok("list", "--json").json
    assert len(data) == 268
    assert {tuple(record) for record in data} == {("schema", *FACTS, *DECIDED)}
    (changed,) = [record for record in data if record["tags"]]
    assert {name: changed[name] for name in DECIDED} == {
        "status": "unread",
        "starred": False,
        "snoozed_until": None,
        "tags": ["rl"],
        "lists": ["thesis"],
        "note": "mine",
        "removed": False,
        "rule": None,
    }
    corpus = {record["key"]: record for record in json.loads(CORPUS.read_text("utf-8"))}
    assert all({n: r[n] for n in FACTS} == corpus[r["key"]] for r in data)
    assert sh.ok("list", "is:read", "--json").out == "[]\n"


def test_a_misspelt_word_and_a_misspelt_field_are_reported_on_standard_error(sh: Shell) -> None:
    result = sh.ok("list", "qantization")
    assert result.rows == sh.ok("list", "quantization").rows != []
    assert result.err == "Corrected: quantization\n"


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        (["list", "taag:rl", "--json"], "Try tag:rl."),
        (["list", "is:unred"], "Try is:unread."),
        (["list", "date:foo"], "Not a date: foo\n  Try yesterday, 2026-01-31 or 3d."),
        (["list", "--sort", "updat"], "Try sort:date."),
        (["list", "up:/x/"], "Leave it out."),
        (["export", "--query", "limit:x"], "Try limit:20."),
        (["why", "mixlora", "is:unred"], "Try is:unread."),
    ],
)
def test_a_query_that_is_not_understood_is_refused(
    sh: Shell, command: list[str], hint: str
) -> None:
    result = sh(*command)
    assert (result.code, result.out) == (2, "")
    assert hint in result.err


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes the captured streams say that they are a plain terminal, once the test has them."""

    def pretend() -> None:
        monkeypatch.setenv("TERM", "dumb")
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            monkeypatch.setattr(stream, "isatty", lambda: True)

    return pretend


def test_on_a_terminal_rows_fit_it_and_keys_are_short_and_name_their_papers(
    sh: Shell, terminal: Callable[[], None]
) -> None:
    whole = sh.ok("list").rows
    terminal()
    lines = sh.ok("list").out.splitlines()
    assert len(lines) == 268
    assert max(map(len, lines)) <= 80
    shorts = [line.split()[0] for line in lines]
    assert sum(map(len, shorts)) < sum(len(row[0]) for row in whole)
    with open.open_library(None, Config()) as library:
        assert [library.resolve(short) for short in shorts] == [row[0] for row in whole]


def test_rows_are_links_in_a_terminal_that_can_open_them(
    sh: Shell, terminal: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    link = sh.ok("show", "tcia").out.splitlines()[-1]
    terminal()
    plain = sh.ok("list", "title:tcia").out
    monkeypatch.setenv("TERM", "xterm-256color")
    (line,) = sh.ok("list", "title:tcia").out.splitlines()
    assert line == f"\x1b]8;;{link}\x1b\\{plain.rstrip()}\x1b]8;;\x1b\\"
    assert hyperlink("text", "https://a.org/\x1b[2J") == "text"
    assert hyperlink("text", "file:///etc/passwd") == "text"


def test_on_a_terminal_an_empty_list_says_what_to_drop(
    sh: Shell, terminal: Callable[[], None]
) -> None:
    terminal()
    result = sh.ok("list", "lora is:read")
    assert result.out == ""
    assert result.err.startswith("Nothing matches\nWithout “")


def test_show_prints_all_of_a_paper(sh: Shell) -> None:
    sh.ok("star", "mixlora")
    sh.ok("tag", "+rl", "mixlora")
    sh.ok("note", "mixlora", "one\ntwo")
    sh.ok("lists", "add", "thesis", "mixlora")
    out = sh.ok("show", "mixlora").out
    for part in (
        "MixLoRA: Enhancing",
        "unread · starred · #rl · in thesis\n",
        f"key {sh.key('mixlora')}\n",
        "one\ntwo",
        "41%",
        "https://arxiv.org/search/?searchtype=title&query=MixLoRA",
    ):
        assert part in out
    assert "None" not in out
    assert max(len(line) for line in out.splitlines() if "://" not in line) <= 80


def test_show_as_json_is_one_record(sh: Shell) -> None:
    data = sh.ok("show", "mixlora", "--json").json
    assert list(data) == ["schema", *FACTS, *DECIDED]
    assert data in sh.ok("list", "mixlora", "--json").json


# Keys of papers


def test_a_key_is_named_by_any_unique_beginning(sh: Shell) -> None:
    whole = sh.key("mixlora")
    assert re.fullmatch("mixlora-enhancing-large-language-models-[0-9a-f]{8}", whole)
    for beginning in ("mixl", "MixLoRA", whole, whole.upper(), whole[:-1], " mixlora "):
        assert sh.key(beginning) == whole


def test_a_whole_key_wins_over_one_that_it_begins(sh: Shell, tmp_path: Path) -> None:
    with Library.open(tmp_path / "two", "desk", wait=0) as library:
        paper = next(iter(open.corpus()))
        library.seed([replace(paper, key="on-sets"), replace(paper, key="on-sets-2")])
        assert library.resolve("on-sets") == "on-sets"


@pytest.mark.parametrize(
    "command",
    [
        ["show"],
        ["mark", "read"],
        ["star"],
        ["snooze", "3d"],
        ["tag", "+rl"],
        ["note"],
        ["lists", "add", "x"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("a", "keys begin with “a”: "),
        ("zzz", "No paper has a key that begins with “zzz”"),
        ("", "No paper has a key that begins with “”"),
    ],
)
def test_a_key_of_no_paper_or_of_several_is_refused(
    sh: Shell, command: list[str], key: str, message: str
) -> None:
    before = stored(sh.library)
    result = sh(*command, key)
    assert result.code == 1
    assert is_one_sentence_and_a_hint(result)
    assert message in result.err
    assert stored(sh.library) == before


def test_one_bad_key_among_good_ones_changes_nothing(sh: Shell) -> None:
    assert sh("mark", "read", "mixlora", "zzz").code == 1
    assert sh.decided("mixlora")["status"] == "unread"


# Deciding


@pytest.mark.parametrize("status", [str(status) for status in Status if status != "unread"])
def test_mark_sets_a_status(sh: Shell, status: str) -> None:
    result = sh.ok("mark", status, "mixlora")
    assert result.out == ""
    assert "MixLoRA: Enhancing" in result.err
    assert sh.decided("mixlora")["status"] == status
    assert "No change" in sh.ok("mark", status, "mixlora").err
    sh.ok("mark", "unread", "mixlora")
    assert sh.decided("mixlora")["status"] == "unread"


def test_star_sets_and_clears(sh: Shell) -> None:
    sh.ok("star", "mixlora", "tcia")
    assert sh.decided("tcia")["starred"]
    sh.ok("star", "--off", "tcia")
    assert [sh.decided(key)["starred"] for key in ("mixlora", "tcia")] == [True, False]


def test_snooze_hides_until_a_day_or_wakes(sh: Shell) -> None:
    sh.ok("snooze", "3d", "mixlora")
    assert sh.decided("mixlora")["snoozed_until"] == str(date.today() + timedelta(days=3))
    sh.ok("snooze", "2099-01-31", "mixlora")
    assert sh.decided("mixlora")["snoozed_until"] == "2099-01-31"
    assert len(sh.ok("list", "is:unread").rows) == 267
    sh.ok("snooze", "off", "mixlora")
    assert sh.decided("mixlora")["snoozed_until"] is None


def test_tag_adds_and_removes(sh: Shell) -> None:
    sh.ok("tag", "+a", "+b", "mixlora")
    assert sh.decided("mixlora")["tags"] == ["a", "b"]
    result = sh.ok("tag", "+World Models", "-b", "mixlora", "tcia")
    assert sh.decided("mixlora")["tags"] == ["a", "models", "world"]
    assert sh.decided("tcia")["tags"] == ["models", "world"]
    assert "2 papers" in result.err
    sh.ok("tag", "mixlora", "-a", "-models", "-world")
    assert sh.decided("mixlora")["tags"] == []


@pytest.mark.parametrize("minus", [["-n"], ["-o"], ["--", "-h"]], ids=" ".join)
def test_a_tag_of_one_letter_can_be_removed(sh: Shell, minus: list[str]) -> None:
    letter = minus[-1][1:]
    sh.ok("tag", f"+{letter}", "mixlora")
    assert sh.decided("mixlora")["tags"] == [letter]
    sh.ok("tag", *minus, "mixlora")
    assert sh.decided("mixlora")["tags"] == []


def test_note_sets_shows_and_removes(sh: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sh.ok("note", "mixlora").out == "\n"
    sh.ok("note", "mixlora", "compare with\nTable 2")
    assert sh.ok("note", "mixlora").out == "compare with\nTable 2\n"
    data = io.BytesIO(b"from a pipe\r\nin two lines\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data, "utf-8"))
    sh.ok("note", "mixlora", "-")
    assert sh.ok("note", "mixlora").out == "from a pipe\nin two lines\n"
    sh.ok("note", "mixlora", "")
    assert sh.decided("mixlora")["note"] is None


def test_a_note_that_is_not_utf_8_is_reported_or_mended(
    sh: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"caf\xe9"), "utf-8"))
    assert sh("note", "mixlora", "-").code in (0, 1)


QUERIED = [["mark", "read"], ["star"], ["snooze", "3d"], ["tag", "+rl"], ["lists", "add", "thesis"]]


@pytest.mark.parametrize("command", QUERIED, ids=" ".join)
def test_a_verb_can_act_on_all_that_matches(sh: Shell, command: list[str]) -> None:
    matching = {row[0] for row in sh.ok("list", "lora").rows}
    result = sh.ok(*command, "--query", "lora")
    assert f"{len(matching)} papers" in result.err
    data = sh.ok("list", "--json").json
    undecided = ["unread", False, None, [], [], None, False, None]
    assert {r["key"] for r in data if [r[n] for n in DECIDED] != undecided} == matching
    sh.ok("undo")
    data = sh.ok("list", "--json").json
    assert all([r[n] for n in DECIDED] == undecided for r in data)


@pytest.mark.parametrize("command", QUERIED, ids=" ".join)
def test_a_dry_run_says_what_would_change_and_changes_nothing(
    sh: Shell, command: list[str]
) -> None:
    before = stored(sh.library)
    count = len(sh.ok("list", "lora").rows)
    result = sh.ok(*command, "--query", "lora", "--dry-run")
    assert f"{count} papers would change" in result.err
    assert stored(sh.library) == before


@pytest.mark.parametrize("command", QUERIED, ids=" ".join)
def test_a_dry_run_counts_only_the_papers_that_would_change(sh: Shell, command: list[str]) -> None:
    key = sh.key("mixlora")
    rows = sh.ok("list", "lora").rows
    sh.ok(*command, key)
    result = sh.ok(*command, "--query", "lora", "--dry-run")
    assert f"{len(rows) - 1} papers would change" in result.err
    assert {row[0] for row in result.rows} == {row[0] for row in rows} - {key}
    result = sh.ok(*command, key, "--dry-run")
    assert (result.out, result.err) == ("", "0 papers would change\n")


def test_a_dry_run_of_removing_counts_the_papers_on_the_list(sh: Shell) -> None:
    sh.ok("lists", "add", "thesis", "mixlora")
    result = sh.ok("lists", "remove", "thesis", "--query", "lora", "--dry-run")
    assert "1 paper would change" in result.err


@pytest.mark.parametrize("command", [["mark", "read"], ["snooze", "3d"], ["lists", "add", "x"]])
def test_keys_may_stand_after_an_option(sh: Shell, command: list[str]) -> None:
    assert "1 paper would change" in sh.ok(*command, "--dry-run", "mixlora").err


@pytest.mark.parametrize("command", QUERIED[:-1], ids=" ".join)
def test_a_query_that_matches_nothing_changes_nothing(sh: Shell, command: list[str]) -> None:
    result = sh.ok(*command, "--query", "zqzqzq")
    assert result.err == "No matching papers\n"
    assert sh.ok("log").out == ""


def test_adding_nothing_to_a_list_says_so(sh: Shell) -> None:
    result = sh.ok("lists", "add", "x", "--query", "zqzqzq")
    assert "No matching papers" in result.err


@pytest.mark.parametrize("command", QUERIED, ids=" ".join)
def test_a_bulk_verb_refuses_what_it_misreads_and_both_ways_of_naming(
    sh: Shell, command: list[str]
) -> None:
    result = sh(*command, "--query", "taag:rl")
    assert (result.code, result.out) == (2, "")
    assert "Try tag:rl" in result.err
    assert sh(*command, "mixlora", "--query", "lora").code == 2
    assert sh(*command).code == 2
    assert sh.ok("log").out == ""


@pytest.mark.parametrize("command", QUERIED, ids=" ".join)
def test_a_bulk_verb_refuses_a_word_that_is_nowhere(sh: Shell, command: list[str]) -> None:
    assert sh.ok("list", "tranformer").rows  # a question finds its neighbours
    before = stored(sh.library)
    for more in ([], ["--dry-run"]):
        result = sh(*command, "--query", "lora or tranformer", *more)
        assert (result.code, result.out) == (2, "")
        assert "No match for “tranformer”" in result.err
        assert "Try transformer" in result.err
    assert stored(sh.library) == before


# Lists and exports


def test_lists_are_made_filled_ordered_described_renamed_and_deleted(sh: Shell) -> None:
    sh.ok("lists", "make", "thesis")
    sh.ok("lists", "add", "thesis", "mixlora", "tcia", "simq")
    sh.ok("lists", "move", "thesis", "simq", "1")
    sh.ok("lists", "remove", "THESIS", "tcia")
    sh.ok("lists", "describe", "thesis", "why it is")
    sh.ok("lists", "rename", "thesis", "PhD: world models")
    sh.ok("mark", "read", "mixlora")
    assert sh.ok("lists").out == "PhD: world models  1 of 2 read  why it is\n"
    assert sh.ok("lists", "--json").json == [
        {
            "name": "PhD: world models",
            "description": "why it is",
            "papers": [sh.key("simq"), sh.key("mixlora")],
            "read": 1,
            "exports": [],
        }
    ]
    rows = sh.ok("list", 'list:"phd: world models"').rows
    assert [row[0] for row in rows] == [sh.key("simq"), sh.key("mixlora")]
    sh.ok("lists", "delete", "phd: world models")
    assert sh.ok("lists", "--json").json == []
    assert len(sh.ok("list").rows) == 268
    sh.ok("undo")
    assert sh.ok("lists").out == "PhD: world models  1 of 2 read  why it is\n"


def test_without_lists_it_is_said_how_one_is_made(sh: Shell) -> None:
    result = sh.ok("lists")
    assert result.out == ""
    assert "lists add NAME KEY" in result.err


@pytest.mark.parametrize(
    "command",
    [
        ["lists", "remove", "nope", "mixlora"],
        ["lists", "move", "nope", "mixlora", "1"],
        ["lists", "describe", "nope", "x"],
        ["lists", "rename", "nope", "x"],
        ["lists", "delete", "nope"],
        ["export", "nope"],
        ["export", "nope", "-o", "x.md"],
    ],
    ids=" ".join,
)
def test_a_list_that_is_not_there_is_refused_with_those_that_are(
    sh: Shell, command: list[str]
) -> None:
    sh.ok("lists", "make", "thesis")
    result = sh(*command)
    assert result.code == 1
    assert is_one_sentence_and_a_hint(result)
    assert "No list “nope”" in result.err
    assert "Lists: thesis" in result.err


def test_an_export_goes_to_standard_output_a_file_or_a_folder(sh: Shell, tmp_path: Path) -> None:
    sh.ok("lists", "add", "thesis", "mixlora", "tcia")
    text = sh.ok("export", "thesis").out
    assert text.startswith('---\ntitle: "thesis"\n')
    assert sh.ok("export", "thesis", "-o", "-").out == text
    result = sh.ok("export", "thesis", "-o", "x.md")
    assert (result.out, result.err) == ("", f"Exported 2 papers to {tmp_path / 'x.md'}\n")
    assert (tmp_path / "x.md").read_text("utf-8") == text
    assert sh.ok("export", "thesis", "-o", "x.md").err.endswith("x.md, unchanged\n")
    (tmp_path / "out").mkdir()
    assert "out/thesis.md" in sh.ok("export", "Thesis", "--output", "out").err
    assert (tmp_path / "out" / "thesis.md").read_text("utf-8") == text
    exports = sh.ok("lists", "--json").json[0]["exports"]
    assert [Path(export["path"]).name for export in exports] in (
        ["x.md", "thesis.md"],
        ["thesis.md", "x.md"],
    )
    assert [list(export) for export in exports] == [
        ["path", "format", "at", "held", "abstract", "sum", "since"]
    ] * 2
    assert "md and 1 more" in sh.ok("lists").out
    sh.ok("lists", "add", "thesis", "simq")
    assert "since then 1 added" in sh.ok("lists").out
    sh.ok("export", "thesis", "-o", "x.bib")
    sh.ok("export", "thesis", "-o", "x.md")
    path = tmp_path / "x.bib"
    path.write_text(path.read_text("utf-8").replace("title", "booktitle"), "utf-8")
    assert "x.bib and 2 more, edited, exporting asks first" in sh.ok("lists").out


def test_an_export_can_hold_what_matches_and_as_much_of_each_as_is_wanted(sh: Shell) -> None:
    text = sh.ok("export", "--query", "title:lora sort:title limit:2", "--abstract", "none").out
    assert text.count("- [ ]") == 2
    assert "  > " not in text
    full = sh.ok("export", "--query", "mixlora limit:1", "--abstract", "full").out
    first = sh.ok("export", "--query", "mixlora limit:1").out
    assert "17%" in full
    assert "17%" not in first
    assert sh.ok("log").out == ""


def test_a_file_that_is_not_ours_is_replaced_by_force_only(sh: Shell, tmp_path: Path) -> None:
    sh.ok("lists", "add", "thesis", "mixlora")
    path = tmp_path / "x.md"
    path.write_text("my notes\n")
    result = sh("export", "thesis", "-o", "x.md")
    assert result.code == 1
    assert is_one_sentence_and_a_hint(result)
    assert str(path) in result.err
    assert "--force" in result.err
    assert path.read_text() == "my notes\n"
    sh.ok("export", "thesis", "-o", "x.md", "--force")
    path.write_text(path.read_text("utf-8").replace("- [ ]", "- [x]"), "utf-8")
    result = sh("export", "thesis", "-o", "x.md")
    assert f"Edited since it was exported: {path}\n  papers-tui pull takes" in result.err
    assert sh("export", "thesis", "-o", "no/x.md").code == 1
    assert not (tmp_path / "no").exists()


def test_an_export_is_in_the_format_of_its_ending_or_refused(sh: Shell, tmp_path: Path) -> None:
    result = sh("export", "--query", "lora", "-o", "x.docx")
    assert result.code == 2
    assert "Formats by extension: .md .bib " in result.err
    assert not (tmp_path / "x.docx").exists()
    for name, start in (("x", "---"), ("x.MARKDOWN", "---"), ("x.bib", "@misc"), ("x.Json", "[")):
        sh.ok("export", "--query", "lora", "-o", name)
        assert (tmp_path / name).read_text("utf-8").startswith(start)
    assert sh.ok("export", "--query", "lora", "--to", "csl").out.startswith("[")
    assert "Did you mean bibtex?" in sh("export", "--query", "lora", "--to", "bibtx").err


def test_a_date_is_that_of_publication_and_the_day_of_a_page_is_said_to_be_that(sh: Shell) -> None:
    days = {row[2] for row in sh.ok("list").rows}
    assert "2025-08-27" in days
    assert all(not day or date.fromisoformat(day) for day in days)
    key = next(row[0] for row in sh.ok("list").rows if not row[2])
    assert re.search(r"listed \d+ \w{3}", sh.ok("show", key).out)


def test_an_export_needs_a_list_or_a_query(sh: Shell) -> None:
    for wrong in (["--to", "csv"], ["thesis", "--query", "lora"]):
        result = sh("export", *wrong)
        assert result.code == 2
        assert is_one_sentence_and_a_hint(result)


def test_export_alone_names_what_was_exported_and_each_can_be_forgotten(
    sh: Shell, tmp_path: Path
) -> None:
    assert sh.ok("export").err.startswith("Nothing was exported yet.")
    sh.ok("lists", "add", "thesis", "mixlora", "tcia")
    sh.ok("export", "thesis", "-o", "x.md")
    sh.ok("export", "--query", "is:read", "-o", "q.md")
    sh.ok("export", "--query", "lora limit:2", "-o", "q.bib")
    today = sh.ok("export").out[-11:-1]
    assert [line.split(None, 1) for line in sh.ok("export").out.split("\n")[:-1]] == [
        ["x.md", f"thesis        exported {today}"],
        ["q.md", f"is:read       exported {today}"],
        ["q.bib", f"lora limit:2  exported {today}"],
    ]
    sh.ok("mark", "read", "mixlora")
    path = tmp_path / "q.md"
    path.write_text(path.read_text("utf-8").replace("# is:read", "# mine"), "utf-8")
    (tmp_path / "q.bib").unlink()
    written, query, bibliography = sh.ok("export").out.splitlines()
    assert written.endswith(", since then papers changed")
    assert query.endswith(f"exported {today}, edited in the file, since then 1 added")
    assert ", no longer there" in bibliography
    assert sh("lists", "forget", "is:read", "q.bib").code == 2
    assert sh.ok("lists", "forget", "is:read", "q.md").err == "Forgot an export of is:read\n"
    assert "is:read" not in sh.ok("export").out
    assert sh.ok("undo").err == "Undid: forgot an export of is:read\n"
    assert "is:read" in sh.ok("export").out
    sh.ok("export", "thesis", "-o", "q.md", "--force")  # it is of the list from then on
    assert "is:read" not in sh.ok("export").out


# Undo, log, statistics


def test_changes_are_taken_back_and_done_again(sh: Shell) -> None:
    sh.ok("mark", "read", "mixlora")
    sh.ok("tag", "+rl", "mixlora")
    assert sh.ok("undo").err.startswith("Undid: tagged +rl (MixLoRA")
    assert sh.ok("undo").err.startswith("Undid: marked read (MixLoRA")
    assert sh.decided("mixlora")["status"] == "unread"
    result = sh.ok("redo", "2")
    assert [line.split(":")[0] for line in result.err.splitlines()] == ["Redid", "Redid"]
    assert sh.decided("mixlora")["tags"] == ["rl"]
    sh.ok("undo", "2")
    result = sh("undo")
    assert (result.code, result.err) == (1, "papers-tui: Nothing to undo\n")
    sh.ok("star", "tcia")
    assert sh("redo").err == "papers-tui: Nothing to redo\n"


@pytest.mark.parametrize("steps", ["0", "-1"])
def test_a_number_of_steps_below_one_is_refused(sh: Shell, steps: str) -> None:
    assert sh("undo", steps).code == 2


def test_log_shows_changes_newest_first(sh: Shell) -> None:
    assert sh.ok("log").out == ""
    assert sh.ok("log", "--json").json == []
    sh.ok("mark", "read", "mixlora")
    sh.ok("star", "tcia", "simq")
    sh.ok("undo")
    lines = sh.ok("log").out.splitlines()
    assert [line.split("  ")[1].split("@")[0] for line in lines] == ["3", "2", "1"]
    assert [re.sub(r"^\S+ \S+  \S+  ", "", line) for line in lines] == [
        "Undid: starred 2 papers",
        "Starred: 2 papers",
        "Marked read: MixLoRA: Enhancing Large Language Models Fine-Tuning with LoRA based Mixture "
        "of Experts",
    ]
    assert sh.ok("log", "-n", "1").out.splitlines() == lines[:1]
    assert sh.ok("log", "--limit", "0").out == ""
    data = sh.ok("log", "--json").json
    assert [list(change) for change in data] == [
        ["id", "at", "verb", "papers", "undoes", "undoes_all", "edits"]
    ] * 3
    assert [change["verb"] for change in data] == ["undo star", "star", "read"]
    assert data[0]["undoes"] == data[1]["id"]
    assert data[2]["papers"] == [sh.key("mixlora")]
    assert data[2]["edits"] == [
        {
            "table": "papers",
            "id": sh.key("mixlora"),
            "field": "status",
            "was": None,
            "now": "read",
        }
    ]


@pytest.mark.parametrize(
    ("count", "message"),
    [(1, "Only 1 change can be undone"), (2, "Only 2 changes can be undone")],
)
@pytest.mark.parametrize("steps", ["3", "999"])
def test_more_changes_than_there_are_are_not_undone(
    sh: Shell, count: int, message: str, steps: str
) -> None:
    for key in ("mixlora", "simq")[:count]:
        sh.ok("star", key)
    refused = sh("undo", steps)
    assert (refused.code, refused.out) == (2, "")
    assert message in refused.err
    assert sh.ok("stats", "--json").json["starred"] == count
    sh.ok("undo", str(count))
    assert sh.ok("stats", "--json").json["starred"] == 0
    assert sh("redo", steps).code == 2
    sh.ok("redo", str(count))
    assert sh.ok("stats", "--json").json["starred"] == count


def test_a_view_that_means_nothing_is_not_saved(sh: Shell) -> None:
    result = sh("views", "save", "v", "taag:rl")
    assert result.code == 2
    assert "Unknown field “taag”\n  Try tag:rl." in result.err
    assert sh.ok("views", "--json").json == {}


def test_a_view_is_saved_from_words_as_it_is_listed(sh: Shell) -> None:
    for words in (["-survey", "lora"], ["--query", "-survey lora"], ["--", "-survey", "lora"]):
        sh.ok("views", "save", "v", *words)
        assert sh.ok("views", "--json").json == {"v": "-survey lora"}


def test_stats_count_papers_and_decisions(sh: Shell) -> None:
    sh.ok("mark", "read", "mixlora", "tcia")
    sh.ok("star", "simq")
    sh.ok("tag", "+rl", "simq", "tcia")
    sh.ok("lists", "add", "thesis", "simq")
    data = sh.ok("stats", "--json").json
    (day,) = data["decided_by_day"]
    assert data == {
        "papers": 268,
        "status": {"unread": 266, "reading": 0, "read": 2, "dismissed": 0},
        "inbox": 265,
        "kept": 1,
        "snoozed": 0,
        "starred": 1,
        "tags": {"rl": 2},
        "lists": {"thesis": 1},
        "decided_by_day": {day: 3},
        "hindsight": None,
    }
    lines = [line.split() for line in sh.ok("stats").out.splitlines()]
    assert ["papers", "268"] in lines
    assert ["#rl", "2"] in lines
    assert ["list", "thesis", "1"] in lines
    assert ["decided", day, "3"] in lines


@pytest.mark.parametrize(
    "words", [[], ["pull"], ["cite", "mixlora", "--style"], ["report", "-o"], ["import"]]
)
def test_a_file_with_a_name_that_no_system_takes_is_refused_in_a_sentence(
    sh: Shell, words: list[str]
) -> None:
    result = sh(*words, f"{'x' * 300}.md")
    assert result.code != 0
    assert result.err.startswith("papers-tui: ")
    assert "standard output" not in result.err


# Doctor, keys, completions, help


def test_doctor_finds_nothing_wrong_with_a_good_library(sh: Shell) -> None:
    before = stored(sh.library)
    result = sh.ok("doctor")
    assert "✗" not in result.out
    assert str(sh.library) in result.out
    data = sh.ok("doctor", "--json").json
    assert {tuple(finding) for finding in data} == {("name", "text", "hint", "wrong")}
    assert not any(finding["wrong"] for finding in data)
    assert {"name": "papers", "text": "268, 268 in the inbox", "hint": "", "wrong": False} in data
    assert stored(sh.library) == before


def test_doctor_finds_a_damaged_line_of_the_journal(sh: Shell) -> None:
    sh.ok("star", "mixlora")
    (journal,) = (sh.library / "journal").rglob("*.jsonl")
    journal.write_bytes(b'{"sum":"00000000","rev":1}\n' + journal.read_bytes())
    result = sh("doctor")
    assert result.code == 1
    assert f"{journal}, line 1: damaged" in result.out


def test_doctor_says_that_a_named_library_is_not_there(sh: Shell, tmp_path: Path) -> None:
    result = sh("--library", str(tmp_path / "no"), "doctor")
    assert result.code == 1
    assert "no library here" in result.out
    assert not (tmp_path / "no").exists()


def test_keys_are_a_table_json_or_markdown(sh: Shell) -> None:
    data = sh.ok("keys", "--json").json
    assert {tuple(key) for key in data} == {("id", "keys", "help", "group")}
    lines = sh.ok("keys").out.splitlines()
    assert len(lines) == len(data)
    assert [line for line in lines if re.fullmatch("r +mark.read +mark read and move on", line)]
    markdown = sh.ok("keys", "--markdown").out.splitlines()
    assert len(markdown) == len(data) + 2
    assert {line.count("|") - line.count("\\|") for line in markdown} == {4}
    assert "| `r` | mark read and move on | `mark.read` |" in markdown


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_name_every_command_and_are_understood_by_the_shell(
    sh: Shell, shell: str
) -> None:
    script = sh.ok("completions", shell).out
    assert "papers-tui" in script
    for command in COMMANDS:
        assert command in script
    if (program := shutil.which(shell)) is not None:
        checked = subprocess.run([program, "-n"], input=script, text=True, capture_output=True)
        assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_a_shell_completes_the_names_of_lists_and_tags(sh: Shell, tmp_path: Path) -> None:
    for name in ("thesis", "my thesis"):
        sh.ok("lists", "make", name)
    sh.ok("tag", "+nlp", "mixlora")
    program = tmp_path / "papers-tui"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(SCRIPT)} --library {sh.library} "$@"\n')
    program.chmod(0o700)
    script = (
        sh.ok("completions", "bash").out
        + """
        while IFS= read -r line; do
          COMP_WORDS=($line); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _shtab_papers_tui
          IFS=,; echo "${COMPREPLY[*]}"; unset IFS
        done"""
    )
    completions = (
        "papers-tui lists delete my\npapers-tui tag +n\npapers-tui export thesis --to bib\n"
    )
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    result = subprocess.run(
        ["bash", "-c", script],
        input=completions,
        env=env,
        text=True,
        capture_output=True,
        check=True,
    )
    assert result.stdout.splitlines() == [r"my\ thesis", "+nlp", "bibtex,biblatex"]


def test_what_takes_any_value_is_not_completed(sh: Shell) -> None:
    result = sh("completions", "values", "list", "query")
    assert (result.code, result.out) == (2, "")
    assert is_one_sentence_and_a_hint(result)


@pytest.mark.parametrize(
    "command",
    [[], *([name] for name in COMMANDS), *(["lists", verb] for verb in LIST_VERBS)],
    ids=" ".join,
)
def test_every_command_explains_itself(bare: Shell, command: list[str], home: Path) -> None:
    result = bare.ok(*command, "--help")
    assert result.out.startswith(f"usage: {' '.join(['papers-tui', *command])}")
    assert result.err == ""
    assert bare.ok(*command, "-h") == result
    assert list(home.iterdir()) == []


def test_version_is_printed(bare: Shell) -> None:
    assert bare.ok("--version").out == f"papers-tui {__version__}\n"


# What was mistyped


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [
        (["marc", "read", "x"], "mark"),
        (["lst"], "list"),
        (["mark", "red", "x"], "read"),
        (["lists", "ad", "x"], "add"),
        (["export", "x", "--abstract", "ful"], "full"),
        (["completions", "fishy"], "fish"),
    ],
)
def test_what_was_probably_meant_is_said(sh: Shell, arguments: list[str], suggestion: str) -> None:
    result = sh(*arguments)
    assert result.code == 2
    assert is_one_sentence_and_a_hint(result)
    assert f"Did you mean {suggestion}?" in result.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["xyzzy"],
        ["list", "--nope"],
        ["list", "--lim", "3"],
        ["list", "--limit", "x"],
        ["list", "--limit"],
        ["show"],
        ["mark"],
        ["mark", "read"],
        ["mark", "read", "--query", "taag:x"],
        ["star"],
        ["tag", "mixlora"],
        ["tag", "+rl"],
        ["tag", "+#", "mixlora"],
        ["snooze", "never", "mixlora"],
        ["lists", "make"],
        ["lists", "make", ""],
        ["lists", "make", " "],
        ["lists", "move", "x", "mixlora", "up"],
        ["export", "-o", "x.md"],
        ["undo", "x"],
        ["completions", "powershell"],
        ["parse"],
        ["import"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_meant_exits_with_2_and_a_hint(sh: Shell, arguments: list[str]) -> None:
    before = stored(sh.library)
    result = sh(*arguments)
    assert result.code == 2
    assert is_one_sentence_and_a_hint(result)
    assert stored(sh.library) == before


LONG = ["NOT " * 900 + "x", '"' * 999, "a OR " * 900, "a " * 999, "(" * 900, "-(" * 400]


@pytest.mark.parametrize("query", LONG, ids=lambda query: query[:3])
def test_a_query_of_any_length_and_depth_is_answered(sh: Shell, query: str) -> None:
    result = sh("list", query)
    assert (result.code == 2 and is_one_sentence_and_a_hint(result)) or 0 < len(result.rows) <= 268


@pytest.mark.parametrize("query", ['"low rank', "a " * 499])
def test_a_limit_holds_whatever_the_query(sh: Shell, query: str) -> None:
    assert len(sh.ok("list", query).rows) > 1
    assert len(sh.ok("list", query, "-n", "1").rows) == 1


@given(hostile_text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("\x1b]52;c;eA==\x07")
@example("/\x1b")
def test_whatever_is_typed_as_a_query_never_fails(sh: Shell, query: str) -> None:
    result = sh("list", "--json", "-n", "1", "--", query)
    assert is_one_sentence_and_a_hint(result) if result.code == 2 else isinstance(result.json, list)


# Exit codes


def test_a_library_in_use_exits_with_75_and_readers_do_not_mind(sh: Shell) -> None:
    with Library.open(sh.library, "other", wait=0):
        for command in (["mark", "read", "mixlora"], ["undo"], ["import", SEED_FILES[0]]):
            result = sh(*command)
            assert result.code == 75
            assert is_one_sentence_and_a_hint(result)
            assert f"(process {os.getpid()}) uses this library" in result.err
        for command in (["list"], ["show", "mixlora"], ["export", "--query", "x"], ["doctor"]):
            sh.ok(*command)
    sh.ok("mark", "read", "mixlora")


def test_an_export_to_a_file_needs_no_library_to_itself(sh: Shell, tmp_path: Path) -> None:
    sh.ok("lists", "add", "thesis", "mixlora")
    with Library.open(sh.library, "other", wait=0):
        sh.ok("export", "--query", "lora", "-o", str(tmp_path / "x.md"))
        sh.ok("export", "thesis", "-o", str(tmp_path / "y.md"))
    assert sh.ok("lists", "--json").json[0]["exports"] == []


def test_an_interrupted_command_exits_with_130(sh: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(open, "open_library", interrupt)
    result = sh("list")
    assert (result.code, result.out, result.err) == (130, "", "")


def test_the_app_is_not_opened_without_a_terminal(sh: Shell) -> None:
    before = stored(sh.library)
    result = sh()
    assert result.code == 1
    assert is_one_sentence_and_a_hint(result)
    assert "needs a terminal" in result.err
    assert stored(sh.library) == before


@pytest.mark.parametrize("name", ["dumb", ""])
def test_the_app_is_not_opened_where_nothing_can_be_drawn(
    sh: Shell, terminal: Callable[[], None], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("TERM", name)
    terminal()
    result = sh()
    assert result.code == 1
    assert is_one_sentence_and_a_hint(result)
    assert "cannot draw" in result.err


# Bad pages


def a_folder(path: Path) -> None:
    path.mkdir()


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_huge_file(path: Path) -> None:
    path.touch()
    os.truncate(path, 30_000_000)


def of(data: bytes) -> Callable[[Path], object]:
    """A file of these bytes."""
    return lambda path: path.write_bytes(data)


CAFE = "\n".join([*HEADER, "Café au Lait", "", "We study café au lait.", ""])
SHIFT_JIS = "\n".join([*HEADER, "長い川のランタン", "", "数える方法を提案する。"]).encode(
    "shift-jis"
)

BAD_PAGES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "missing": (lambda path: None, "No such file", "Check the name"),
    "folder": (a_folder, "Not a file but a folder", "Name the files in it"),
    "pipe": (a_pipe, "Not a regular file", "use -"),
    "huge": (a_huge_file, "Larger than 20 MB", "--max-size"),
    "empty": (of(b""), "the file is empty", "Save it again"),
    "blanks": (of(b" \n\t\r\n \n"), "the file is empty", "Save it again"),
    "no papers": (of(b"hello\n"), "no papers found", "lists the formats"),
    "header only": (of("\n".join(HEADER).encode()), "no papers found", "lists the formats"),
    "binary": (of(bytes(range(256)) * 40), "binary data", "Name a text file"),
    "program": (of(b"\x7fELF\x02\x01\x01" + b"\x00" * 99), "a program", "Name a text file"),
    "PDF": (of(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), "a PDF document", "copy the text"),
    "HTML": (of(b"<!DOCTYPE html>\n<html><head>"), "no papers found", "lists the formats"),
    "Shift-JIS": (of(SHIFT_JIS), "is not UTF-8", "iconv"),
}


@pytest.mark.parametrize("command", ["import", "parse"])
@pytest.mark.parametrize("kind", BAD_PAGES)
@pytest.mark.usefixtures("patience")
def test_a_bad_page_is_one_sentence_and_a_hint_and_touches_nothing(
    sh: Shell, tmp_path: Path, command: str, kind: str
) -> None:
    make, message, hint = BAD_PAGES[kind]
    path = tmp_path / "page.txt"
    make(path)
    before = stored(sh.library)
    result = sh(command, str(path))
    assert result.code == 1
    assert is_one_sentence_and_a_hint(result)
    first, second = result.err.splitlines()
    assert first.count(str(path)) == first.count(path.name) == 1
    assert message in first
    assert hint in second
    assert stored(sh.library) == before


def test_the_line_of_a_wrong_letter_is_named(sh: Shell, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(SHIFT_JIS)
    text = sh("import", str(path)).err
    assert text.startswith(f"papers-tui: {path}, line 11: ")


def test_a_page_in_windows_1252_is_imported_and_said_to_be(sh: Shell, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(CAFE.encode("cp1252"))
    result = sh("import", str(path))
    assert (result.code, "1 new" in result.out) == (0, True)
    assert f"{path}, line 11: is not UTF-8; read as Windows-1252" in result.err


def test_a_page_that_may_not_be_read_is_reported(sh: Shell, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    page(path, "Paper of A")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("root may read it")
    result = sh("import", str(path))
    assert result.code == 1
    assert is_one_sentence_and_a_hint(result)
    assert f"Cannot read {path}: Permission denied" in result.err


def test_a_page_that_may_not_be_read_is_reported_even_to_root(
    sh: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = page(tmp_path / "page.txt", "Paper of A")
    real = os.open

    def refuse(name: str, *arguments: int, **options: Any) -> int:
        if str(name) == path:
            raise PermissionError(13, "Permission denied")
        return real(name, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)
    result = sh("import", path)
    assert result.code == 1
    assert is_one_sentence_and_a_hint(result)
    assert f"Cannot read {path}: Permission denied" in result.err


def test_utf_16_with_its_mark_is_simply_read(sh: Shell, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    text = Path(page(path, "Paper of Ångström")).read_text("utf-8")
    path.write_bytes(text.encode("utf-16"))
    assert "1 new" in sh.ok("import", str(path)).out
    assert sh.ok("show", "paper-of-ang", "--json").json["title"] == "Paper of Ångström"


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_a_page_that_was_cut_brings_what_is_whole_and_shows_the_rest(
    sh: Shell, tmp_path: Path, share: float
) -> None:
    whole = Path(SEED_FILES[1]).read_bytes()
    text = whole[: int(len(whole) * share)].decode("utf-8", "ignore")
    while not re.search(r"[a-z] [a-z]+$", text):  # in the middle of an abstract
        text = text[:-1]
    path = tmp_path / "cut.txt"
    path.write_text(text, "utf-8")
    result = sh.ok("--library", str(tmp_path / "new"), "import", "--json", str(path))
    (report,) = result.json
    complete = sh.ok("parse", SEED_FILES[1]).json
    papers = sh.ok("--library", str(tmp_path / "new"), "list", "--json").json
    assert 0 < report["new"] == len(papers) < len(complete)
    assert {record["title"] for record in papers} < {record["title"] for record in complete}
    abstracts = {record["title"]: record["abstract"] for record in complete}
    assert all(abstracts[record["title"]] == record["abstract"] for record in papers)
    (line,) = report["skipped_lines"]
    assert f"{path}, line {line}: skipped, " in result.err


def test_a_bad_page_between_good_ones_keeps_only_itself_out(sh: Shell, tmp_path: Path) -> None:
    one = page(tmp_path / "1.txt", "Paper of A")
    two = page(tmp_path / "2.txt", "Paper of B")
    result = sh("import", one, str(tmp_path / "no.txt"), two)
    assert result.code == 1
    assert result.out.count("1 new") == 2
    assert "No such file: " in result.err
    assert len(sh.ok("list").rows) == 270
    result = sh("import", "--json", one, str(tmp_path / "no.txt"))
    assert [report["file"] for report in result.json] == [one]


def test_any_largest_size_can_be_allowed_to_standard_input(
    sh: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path(page(tmp_path / "1.txt", "Paper of A")).open(encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdin", file)
        sh.ok("import", "--max-size", "99999999999999999999", "-")


# Bad libraries


@pytest.fixture
def used(sh: Shell) -> Shell:
    """A shell whose library has decisions, lists and a journal."""
    sh.ok("mark", "read", "mixlora")
    sh.ok("tag", "+rl", "tcia")
    sh.ok("note", "tcia", "mine")
    sh.ok("lists", "add", "thesis", "mixlora", "tcia")
    return sh


def emptied(data: bytes) -> bytes:
    return b""


def halved(data: bytes) -> bytes:
    return data[: len(data) // 2]


def doubled(data: bytes) -> bytes:
    return data + data


def newer(data: bytes) -> bytes:
    return re.sub(rb'"schema": [0-9]+', b'"schema": 99', data, count=1)


def foreign(data: bytes) -> bytes:
    return b'{"_default": {"1": {"a": 1}}}'


def spliced(data: bytes) -> bytes:
    """Still valid JSON, and one letter another."""
    place = data.rindex(b'"title"') if b'"title"' in data else data.rindex(b'"thesis"') - 8
    letter = re.compile(rb"[a-z]{4}").search(data, place + 12)
    assert letter is not None
    return data[: letter.start()] + b"z" + data[letter.start() + 1 :]


DAMAGES: dict[Callable[[bytes], bytes], str] = {
    emptied: "the file is empty",
    halved: "the file is damaged",
    doubled: "the file is damaged",
    spliced: "checksum",
    newer: "a newer papers-tui",
    foreign: "not a papers-tui library",
}


def without_source(library: Path, name: str) -> None:
    """Removes what a snapshot could be rebuilt from."""
    if name == "papers.json":
        shutil.rmtree(library / "imports")
    else:
        shutil.rmtree(library / "journal")


@pytest.mark.parametrize(
    "damage", [each for each in DAMAGES if each is not newer], ids=lambda damage: damage.__name__
)
@pytest.mark.parametrize("name", ["papers.json", "triage.json"])
def test_a_damaged_snapshot_is_rebuilt_from_imports_and_journal(
    used: Shell, name: str, damage: Callable[[bytes], bytes]
) -> None:
    listed, exported = used.ok("list", "--json").json, used.ok("export", "thesis").out
    path = used.library / name
    path.write_bytes(damage(path.read_bytes()))
    assert used.ok("list", "--json").json == listed
    assert used.ok("export", "thesis").out == exported
    used.ok("mark", "read", "simq")
    assert used.ok("doctor").code == 0
    assert used.decided("simq")["status"] == "read"


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("name", ["papers.json", "triage.json"])
def test_a_damaged_library_is_one_sentence_and_stays_as_it_is(
    used: Shell, name: str, damage: Callable[[bytes], bytes]
) -> None:
    path = used.library / name
    path.write_bytes(damage(path.read_bytes()))
    if damage is not newer:
        without_source(used.library, name)
    before = stored(used.library)
    for command in (
        ["list"],
        ["stats"],
        ["mark", "read", "simq"],
        ["import", SEED_FILES[0]],
        ["export", "thesis"],
        ["undo"],
    ):
        result = used(*command)
        assert result.code == 1
        assert is_one_sentence_and_a_hint(result)
        assert str(path) in result.err
        assert DAMAGES[damage] in result.err
    result = used("doctor")
    assert result.code == 1
    assert str(path) in result.out
    assert DAMAGES[damage] in result.out
    assert stored(used.library) == before


def test_a_library_that_cannot_be_written_is_read_and_changes_are_refused(
    used: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tui.storage.lock._try_lock", refuse)
    before = stored(used.library)
    for command in (["mark", "read", "simq"], ["import", SEED_FILES[0]], ["undo"]):
        result = used(*command)
        assert result.code == 1
        assert is_one_sentence_and_a_hint(result)
        assert "The library cannot be written: Permission denied" in result.err
    assert len(used.ok("list").rows) == 268
    assert used.ok("export", "thesis").out
    assert stored(used.library) == before


def test_a_library_where_no_folder_can_be_made_is_refused(sh: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "library"
    result = sh("--library", str(folder), "import", SEED_FILES[0])
    assert result.code == 1
    assert is_one_sentence_and_a_hint(result)
    assert str(folder) in result.err


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="there is no /proc")
def test_not_even_root_makes_a_library_in_proc(sh: Shell) -> None:
    result = sh("--library", "/proc/papers-tui", "import", SEED_FILES[0])
    assert result.code == 1
    assert is_one_sentence_and_a_hint(result)


def test_a_full_disk_leaves_the_library_as_it_was(
    used: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(used.library)

    def refuse(*_: object, **__: object) -> tuple[int, str]:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.urandom", refuse)
        result = used("import", page(tmp_path / "1.txt", "Paper of A"))
    assert result.code == 1
    assert is_one_sentence_and_a_hint(result)
    assert "No space left on device" in result.err
    assert stored(used.library) == before


def test_a_snapshot_that_cannot_be_written_is_no_failure(
    used: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = (used.library / "triage.json").read_bytes()

    def refuse(*_: object, **__: object) -> tuple[int, str]:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.urandom", refuse)
        result = used.ok("tag", "+kept", "simq")
    assert result.err.startswith("Tagged +kept: ")
    assert len(result.err.splitlines()) == 1
    assert (used.library / "triage.json").read_bytes() == snapshot
    assert used.decided("simq")["tags"] == ["kept"]


# Hostile text


BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u200b\u2060\ufeff]")


def raw(text: str) -> list[str]:
    """The characters that would act on a terminal."""
    acting = [c for c in {*text} - {*"\n\t"} if unicodedata.category(c) in ("Cc", "Cs")]
    return acting + BIDI.findall(text)


MIXED = {
    "brief": "[/] [@click=app.quit]x[/] \x1b]52;c;eA==\x07",
    "markup": " ".join(MARKUP),
    "terminal": " ".join(TERMINAL).replace("\x00", "\x01"),  # NUL would end an argument
    "unicode": " ".join(UNICODE).replace("\ud800", "").replace("\udfff", ""),
    "latex": " ".join(LATEX),
    "not utf-8": os.fsdecode(b"caf\xe9 \xff"),
}
"""Payloads as a shell can hand them on."""


def with_a_word(word: str, key: str) -> list[list[str]]:
    """Commands with a word wherever one is taken."""
    listed = re.sub(r'["*|]', "", word)[:40]  # no list can be called by these, nor by so many
    return [
        [word],
        ["import", word],
        ["parse", word],
        ["list", "--", word],
        ["list", f"--{word}"],
        ["list", "--sort", word],
        ["list", "--limit", word],
        ["list", f"taag:{word}", f"date:{word}", f"is:{word}", f"sort:{word}"],
        ["show", word],
        ["mark", word, key],
        ["mark", "read", word],
        ["mark", "read", "--query", f"taag:{word}"],
        ["mark", "read", "--query", word, "--dry-run"],
        ["snooze", word, key],
        ["tag", f"+{word}", key],
        ["tag", f"+ok -{word}", key],
        ["note", key, word],
        ["lists", word],
        ["lists", "make", f"made {word}"],
        ["lists", "describe", f"made {word}", word],
        ["lists", "add", f"made {word}", key],
        ["lists", "add", f"made {word}", word],
        ["lists", "move", f"made {word}", key, word],
        ["lists", "make", f"made {listed}"],
        ["lists", "describe", f"made {listed}", word],
        ["lists", "add", f"made {listed}", key],
        ["lists", "add", f"made {listed}", word],
        ["lists", "move", f"made {listed}", key, word],
        ["lists", "rename", f"made {listed}", f"new {word}"],
        ["lists", "rename", f"made {listed}", f"new {listed}"],
        ["lists", "delete", word],
        ["export", word],
        ["export", "--query", word, "--abstract", word],
        ["export", f"new {word}", "-o", f"no/{word}"],
        ["export", f"new {listed}", "-o", f"no/{word}"],
        ["undo", word],
        ["completions", word],
        ["--library", f"no/{word}", "list"],
        ["--library", f"no/{word}", "doctor"],
    ]


ASKING = (
    ["list"],
    ["list", "--json"],
    ["lists"],
    ["lists", "--json"],
    ["log"],
    ["log", "--json"],
    ["stats"],
    ["stats", "--json"],
    ["doctor"],
    ["doctor", "--json"],
    ["export", "--query", "*", "--abstract", "full"],
)


@pytest.mark.parametrize("kind", MIXED)
def test_no_command_prints_what_would_act_on_a_terminal_whatever_it_is_given(
    sh: Shell, kind: str
) -> None:
    word = MIXED[kind]
    for command in (
        *with_a_word(word, "mixlora"),
        *ASKING,
        ["show", "mixlora"],
        ["note", "mixlora"],
    ):
        result = sh(*command)
        assert not raw(result.out + result.err), command
        assert result.code in (0, 1, 2), command
    assert sh.ok("lists", "--json").json[0]["papers"] == [sh.key("mixlora")]
    assert sh.decided("mixlora")["note"]


@pytest.fixture
def hostile(sh: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell whose library came from a page that nobody can trust."""
    titles = [f"Paper {n} {payload}" for n, payload in enumerate((*PAYLOADS, MIXED["brief"]))]
    path = tmp_path / "page.txt"
    lines = [x for title in titles for x in (title, "", f"We show {title} at length.", "")]
    path.write_bytes("\n".join([*HEADER, *lines]).encode("utf-8", "surrogatepass"))
    path.write_bytes(path.read_bytes().replace(b"\xed\xa0\x80", b"").replace(b"\xed\xbf\xbf", b""))
    sh.library = tmp_path / "hostile"
    monkeypatch.setenv("PAPERS_TUI_LIBRARY", str(sh.library))
    result = sh("--library", str(sh.library), "import", str(path))
    assert not raw(result.out + result.err)
    assert re.search(r": \d+ new", result.out)
    assert not raw(sh.ok("parse", str(path)).out)
    return sh


def test_no_command_prints_what_a_page_had_hidden_in_it(hostile: Shell) -> None:
    keys = [row[0] for row in hostile.ok("list").rows]
    assert len(keys) > 40
    verbs = (["show"], ["mark", "read"], ["star"], ["snooze", "3d"], ["tag", "+a"], ["note"])
    each = [[*verb, key] for key in keys for verb in verbs[:2]]
    all_at_once = [[*verb, *keys] for verb in verbs[1:5]]
    lists = [["lists", "add", "x", *keys], ["export", "x"], ["export", "x", "-o", "x.md"], ["undo"]]
    for command in (*each, *all_at_once, *lists, *ASKING):
        result = hostile.ok(*command)
        assert not raw(result.out + result.err), command
    assert not raw(Path("x.md").read_text("utf-8"))


def test_on_a_terminal_no_command_prints_it_either(
    hostile: Shell, terminal: Callable[[], None]
) -> None:
    terminal()
    for command in ASKING:
        result = hostile.ok(*command)
        assert not raw(result.out + result.err), command


UNCLEAN = "Paper \x1b]0;x\x07 \x9b31m \x7f \u202e \u2066"


@pytest.fixture
def unclean(sh: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell whose library was filled by a program that cleans nothing."""
    folder = tmp_path / "unclean"
    paper = replace(open.corpus()[0], key="paper", title=UNCLEAN, abstract=UNCLEAN)
    with Library.open(folder, "desk", wait=0) as library:
        library.seed([paper])
        library.change(
            UNCLEAN,
            [
                ("papers", "paper", "note", UNCLEAN),
                ("papers", "paper", f"tag/{UNCLEAN}", True),
                ("papers", "paper", f"list/{UNCLEAN}", 1.0),
                ("lists", UNCLEAN, "exists", True),
                ("lists", UNCLEAN, "description", UNCLEAN),
            ],
        )
    monkeypatch.setenv("PAPERS_TUI_LIBRARY", str(folder))
    return sh


ABOUT = (["show", "paper"], ["show", "paper", "--json"], ["note", "paper"], ["star", "paper"])


@pytest.mark.parametrize(
    "command", [c for c in (*ASKING, *ABOUT) if "--json" not in c], ids=" ".join
)
def test_what_is_in_a_library_uncleaned_is_made_safe_when_it_is_reported(
    unclean: Shell, command: list[str]
) -> None:
    result = unclean.ok(*command)
    assert not raw(result.out + result.err)


@pytest.mark.parametrize(
    "command", [c for c in (*ASKING, *ABOUT) if "--json" in c and "doctor" not in c], ids=" ".join
)
def test_what_is_in_a_library_uncleaned_is_made_safe_in_json_too(
    unclean: Shell, command: list[str]
) -> None:
    result = unclean.ok(*command)
    assert not raw(result.out)


# In a process of its own


def run(*arguments: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """Runs the program as the shell does."""
    return subprocess.run(
        [*SCRIPT, *arguments], capture_output=True, text=True, encoding="utf-8", timeout=60, **how
    )


def test_the_module_and_the_script_are_the_same_program(sh: Shell) -> None:
    result = run("list", "--limit", "2")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == sh.ok("list", "--limit", "2").out
    script = Path(sys.executable).with_name("papers-tui")
    if script.exists():
        again = subprocess.run([script, "list", "--limit", "2"], capture_output=True, text=True)
        assert again.stdout == result.stdout
        failed = subprocess.run([script, "show", "zzz"], capture_output=True, text=True)
        assert failed.returncode == 1


def test_the_app_refuses_a_pipe(sh: Shell) -> None:
    result = run(stdin=subprocess.DEVNULL)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("papers-tui: The app needs a terminal")
    assert len(result.stderr.splitlines()) == 2


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_a_pipe_that_has_seen_enough_is_no_failure(sh: Shell) -> None:
    python = " ".join(SCRIPT)
    for command in ("list", "list --json", f"parse {' '.join(SEED_FILES)}"):
        line = f"{python} {command} | head -1; echo ${{PIPESTATUS[0]}}"
        result = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60)
        first, code = result.stdout.splitlines()
        assert (code, result.stderr) == ("0", "")
        assert first


@pytest.mark.parametrize("command", [["list"], ["parse", *SEED_FILES], ["--help"], ["keys"]])
def test_a_pipe_that_nobody_reads_is_no_failure(sh: Shell, command: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        result = subprocess.run(
            [*SCRIPT, *command], stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60
        )
    finally:
        os.close(writing)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_standard_output_is_reported_in_a_sentence(sh: Shell) -> None:
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [*SCRIPT, "list"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
        )
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "No space left on device" in result.stderr


def _without_date(mail: str) -> list[str]:
    return [line for line in mail.splitlines() if not line.startswith("Date: ")]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_digest_that_did_not_reach_standard_output_is_not_recorded(
    sh: Shell, tmp_path: Path
) -> None:
    sh.ok("import", page(tmp_path / "new.txt", "On Sets"))
    with Path("/dev/full").open("w") as full:
        command = [*SCRIPT, "digest", "-o", "-"]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert result.returncode == 1
    assert "No space left on device" in result.stderr
    mail = sh.ok("digest", "-o", "-").out
    assert "On Sets" in mail
    assert sh.ok("digest").err == "Nothing new in the inbox\n"
    again = sh.ok("digest", "--again", "-o", "-").out
    assert _without_date(again)[1:] == _without_date(mail)[1:]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(
    "command",
    ["list", "list --json", "export --query lora", "keys --markdown", "mark read mixlora"],
)
def test_a_closed_standard_output_is_no_traceback(sh: Shell, command: str) -> None:
    line = f"{' '.join(SCRIPT)} {command} >&-"
    result = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60)
    assert "Traceback" not in result.stderr


ASCII = [
    {"LC_ALL": "C"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "latin-1"},
]


@pytest.mark.parametrize("locale", ASCII, ids=str)
def test_a_locale_without_unicode_crashes_nothing(sh: Shell, locale: dict[str, str]) -> None:
    sh.ok("note", "mixlora", "日本 ▲ é")
    for command in (["list"], ["note", "mixlora"], ["export", "--query", "lora"]):
        result = subprocess.run(
            [*SCRIPT, *command], capture_output=True, env={**os.environ, **locale}, timeout=60
        )
        assert (result.returncode, result.stderr) == (0, b"")
        assert result.stdout
    result = subprocess.run(
        [*SCRIPT, "show", "日本"], capture_output=True, env={**os.environ, **locale}, timeout=60
    )
    assert result.returncode == 1
    assert b"Traceback" not in result.stderr


@pytest.mark.parametrize("locale", ASCII[:1], ids=str)
def test_the_plain_locale_changes_no_data(sh: Shell, locale: dict[str, str]) -> None:
    result = subprocess.run(
        [*SCRIPT, "parse", *SEED_FILES], capture_output=True, env={**os.environ, **locale}
    )
    assert result.stdout == CORPUS.read_bytes()


@pytest.mark.parametrize("locale", ASCII[1:3], ids=str)
def test_no_locale_changes_data_in_json(sh: Shell, locale: dict[str, str]) -> None:
    result = subprocess.run(
        [*SCRIPT, "parse", *SEED_FILES], capture_output=True, env={**os.environ, **locale}
    )
    assert json.loads(result.stdout) == json.loads(CORPUS.read_bytes())


SHELL_HEADS = sorted({name.split()[0] for name in arguments.available(Where.SHELL)})


def test_a_command_is_parsed_alike_with_and_without_the_others() -> None:
    everything = _below(arguments.parser())
    assert sorted(everything) == SHELL_HEADS
    for name in SHELL_HEADS:
        alone = _below(arguments.parser(words=[name]))
        assert {*map(id, alone.values())} == {id(alone[name])}  # of it and its aliases
        assert alone[name].format_help() == everything[name].format_help()


def _below(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return {name: below for group in groups for name, below in group.choices.items()}


@pytest.mark.parametrize("line", [["--help"], ["--library", "x", "--help"], ["--help", "list"]])
def test_the_help_shows_every_command(sh: Shell, line: list[str]) -> None:
    text = sh.ok(*line).out
    assert all(f"\n    {name} " in text for name in SHELL_HEADS)


def test_a_command_that_is_none_is_reported_with_the_one_that_was_meant(sh: Shell) -> None:
    for line in (["lst"], ["--library", "x", "lst"]):
        with pytest.raises(UsageError, match="lst"):
            arguments.parse(line, Where.SHELL)


@pytest.mark.parametrize("name", ["list", "lists add", "mark"])
def test_a_command_of_no_known_module_is_looked_for_in_all(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.actions.registry.MODULES", {})
    action = arguments.find(name.split(), Where.SHELL)
    assert action is not None
    assert action.name == name


def test_every_command_and_option_of_the_first_release_is_there() -> None:
    known = {
        f"{name} {option}".strip(): None
        for name, parser in _all(arguments.parser())
        for action in parser._actions
        for option in (action.option_strings or [action.dest])
    }
    assert not set(FIRST_RELEASE) - set(known)


def _all(
    parser: argparse.ArgumentParser, prefix: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield prefix, parser
    for name, below in _below(parser).items():
        yield from _all(below, f"{prefix} {name}".strip())


def test_options_may_stand_before_what_they_are_for(sh: Shell, tmp_path: Path) -> None:
    sh.ok("lists", "add", "thesis", "mixlora")
    sh.ok("export", "-o", "x.md", "thesis")
    assert (tmp_path / "x.md").exists()
    assert sh.ok("list", "--limit", "2", "lora").rows == sh.ok("list", "lora", "-n2").rows
    sh.ok("snooze", "--query", "lora", "3d")


def test_columns_are_aligned_and_cut_by_what_they_take_on_a_terminal(
    sh: Shell, terminal: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    sh.ok("views", "save", "大規模", "x" * 90)
    sh.ok("views", "save", "small", "言語" * 40)
    terminal()
    first, second = sh.ok("views").out.splitlines()
    assert first.index("x") == second.index("言") - 3  # three wide letters before it
    assert cell_width(first) == 40
    assert cell_width(second) in (39, 40)


FIRST_RELEASE = [
    f"{name} {option}".removeprefix("- ")
    for line in """
-: --version
parse: files --max-size
import: files --max-size --dry-run --json
list: query --sort -n --limit --json
show: key --json
why: key query --json
triage: query --plain
mark: status keys --query --dry-run
star: --off keys --query --dry-run
snooze: until keys --query --dry-run
tag: words --query --dry-run
note: key text
lists: --json
lists make: name
lists add: name keys --query --dry-run
lists remove: name keys --query --dry-run
lists move: name key place
lists describe: name text
lists rename: name new
lists delete: name
export: name --query -o --output --abstract --force
tags: --json
tags rename: name new
tags delete: name
views: --json
views save: name query
views delete: name
undo: steps --since --dry-run
redo: steps
log: -n --limit --json
session: --markdown --json
stats: --json
restore: name --json
doctor: --json
keys: --markdown --json
completions: shell
""".strip().splitlines()
    for name, _, options in [line.partition(": ")]
    for option in ["--library", "--help", *options.split()]
]
"""Every command with its options and arguments."""
