"""The worked examples of docs/contributing.md, applied to a copy of the package, work everywhere.

The code is read from the document, so that what it says cannot become untrue.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]
EXAMPLE: Final = re.compile(
    r"(?:`(?P<path>(?:tui|docs|tests)/[\w/]+\.\w+)`)?[\w, ]*(?:after `(?P<after>[^`]+)`)?:"
    r"\n\n```(?:python|markdown|text)\n(?P<code>.*?)```",
    re.S,
)
"""A path, a place in the file, and the code or text that goes there."""


def section(heading: str) -> str:
    """What the document says under a heading."""
    text = (ROOT / "docs" / "contributing.md").read_text("utf-8")
    (body,) = re.findall(rf"^### {heading}\n(.*?)(?=^##|\Z)", text, re.S | re.M)
    return str(body)


def edits(heading: str) -> Iterator[tuple[str, str | None, str]]:
    """Path, the beginning of the line to stand after, and code, as the document gives them."""
    path = ""
    for match in EXAMPLE.finditer(section(heading)):
        path = match["path"] or path
        yield path, match["after"], match["code"]


def apply(heading: str, folder: Path) -> None:
    """Does what the document says, and nothing else."""
    matches = list(edits(heading))
    assert len(matches) == len(re.findall(r"^```\w", section(heading), re.M))
    for path, after, code in matches:
        if (folder / path).parent.exists():
            insert(folder / path, after, code)


def insert(file: Path, after: str | None, code: str) -> None:
    """Puts code after the one line that begins so, or at the end of a file that may be new."""
    lines = file.read_text("utf-8").splitlines(keepends=True) if file.exists() else []
    if after is None:
        place = len(lines)
        code = f"\n\n{code}" if lines else code
    else:
        (place,) = (n for n, line in enumerate(lines, 1) if line.lstrip().startswith(after))
    file.write_text("".join([*lines[:place], code, *lines[place:]]), "utf-8")


PYTEST: Final = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
PRELUDE: Final = """
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from tui.actions import command_line
from tui.actions.arguments import help_text
from tui.actions.bindings import bindings
from tui.actions.registry import Where, actions
from tui.config import Config
from tui.formats.importers import read
from tui.library import Library
from tui.model.paper import SourceRecord, from_record, merge, to_record
from tui.query import parse, sort_label
from tui.query.examples import examples
from tui.workspace import Workspace

def record(title, **facts):
    return SourceRecord(title, "Words.", "0.txt", 1, **facts)

def titles(library, text):
    query = parse(text)
    assert not query.diagnostics, query.diagnostics
    return [item.paper.title for item in library.select(query)]
"""


class Copy:
    """A copy of the package in a folder of its own, run in processes of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "tui", folder / "tui")  # compiled as it is, which takes a while

    def run(self, *words: str, stdin: str = "") -> str:
        """What a command of the shell prints, on a library in the folder; it must succeed."""
        command = [sys.executable, "-m", "tui", "--library", str(self.folder / "library"), *words]
        return self.output(command, stdin)

    def evaluate(self, code: str) -> Any:
        """The value of ``result`` once code has run."""
        script = f"{PRELUDE}\n{code}\nprint(json.dumps(result))"
        return json.loads(self.output([sys.executable, "-c", script]))

    def add_documentation(self) -> None:
        """The documentation, and what its tests need."""
        shutil.copytree(ROOT / "docs", self.folder / "docs")
        for path in ("README.md", "pyproject.toml", "tests/project/test_docs.py"):
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, self.folder / path)
        self.add_tests()

    def add_tests(self, *packages: str) -> None:
        """What all tests share, and those of some packages."""
        for package in packages:
            shutil.copytree(ROOT / "tests" / package, self.folder / "tests" / package)
        for module in (ROOT / "tests").glob("*.py"):
            shutil.copy(module, self.folder / "tests")

    def output(self, command: list[str], stdin: str = "") -> str:
        """What a command prints; it must succeed."""
        env = os.environ | {
            "PAPERS_TUI_CONFIG": str(self.folder / "config.toml"),
            "PYTHONPATH": str(self.folder),
        }
        process = subprocess.run(
            command,
            cwd=self.folder,
            env=env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert process.returncode == 0, process.stderr or process.stdout
        return process.stdout + process.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_an_action_is_known_everywhere(copy: Copy) -> None:
    apply("An action", copy.folder)
    copy.evaluate(
        """
with Library.open(Path("library"), "desk") as library:
    library.add([record("Alpha"), record("Beta"), record("Gamma")])
result = None
"""
    )
    # keys
    assert re.search(r"^X +mark\.finish +mark read, unstar and move on$", copy.run("keys"), re.M)
    keys = json.loads(copy.run("keys", "--json"))
    assert [row["keys"] for row in keys if row["id"] == "mark.finish"] == [["X"]]
    # the shell
    assert "mark papers read and remove their star" in copy.run("--help")
    assert "--query Q" in copy.run("finish", "--help")
    copy.run("star", "alpha")
    assert "Finished: Alpha" in copy.run("finish", "alpha")
    shown = json.loads(copy.run("show", "alpha", "--json"))
    assert (shown["status"], shown["starred"]) == ("read", False)
    assert "Undid: finished" in copy.run("undo")
    assert json.loads(copy.run("show", "alpha", "--json"))["starred"]
    assert "finish" in copy.run("completions", "bash")
    # a plain session, in which the user has bound another key
    (copy.folder / "config.toml").write_text('[keys]\n"mark.finish" = "Z"\n', "utf-8")
    copy.run("triage", "--plain", "beta", stdin="Z\nq\n")
    assert json.loads(copy.run("show", "beta", "--json"))["status"] == "read"
    # after the colon, in the help, repeated
    session = copy.evaluate(
        """
with Library.open(Path("library"), "desk") as library:
    action, options = command_line.parse("finish", Where.APP)
    workspace = Workspace(library, Config(), "gamma")
    outcome = workspace.perform(action, options)
    result = {
        "completed": [
            c.value for c in command_line.complete("", "fin", library) if "fin" in c.value
        ],
        "options": [c.value for c in command_line.complete("finish ", "", library)],
        "help": help_text(["finish"], Where.APP),
        "binding": [row.description for row in bindings() if row.line == "finish"],
        "message": outcome.message,
        "read": titles(library, "is:read"),
    }
"""
    )
    assert session["completed"] == ["finish"]
    assert "--query" in session["options"]
    assert "Mark papers read and remove their star." in session["help"]
    assert session["binding"] == ["mark read, unstar and move on"]
    assert session["message"] == "Finished: Gamma"
    assert sorted(session["read"]) == ["Beta", "Gamma"]


def test_a_change_to_the_library_may_have_keys(copy: Copy) -> None:
    insert(
        copy.folder / "tui" / "actions" / "lists.py",
        None,
        """
@library_action(
    "lists empty",
    LIST,
    help="take all papers off a list",
    group="Reading lists",
    keys="list.empty  X  lists empty thesis  empty  take all papers off thesis",
)
def empty(library: "Library", name: str) -> Change | None:
    return remove(library, name, library.state.reading_list(name).keys)
""",
    )
    assert re.search(r"^X +list\.empty +take all papers off thesis$", copy.run("keys"), re.M)


SHUFFLE: Final = """
from tui.actions.context import Outcome
from tui.actions.registry import Argument, action

ORDER = Argument("order", metavar="N", nargs="?", choices=("odd", "even"))

@action("lists shuffle", ORDER, help="shuffle", group="Reading lists", access=None, keys="{keys}")
def shuffle(context, order):
    return Outcome("Shuffled")
"""


def test_a_command_of_a_new_module_is_found_before_the_tables_name_it(copy: Copy) -> None:
    insert(copy.folder / "tui" / "actions" / "shuffle.py", None, SHUFFLE.replace("{keys}", ""))
    assert "Shuffled" in copy.run("lists", "shuffle")
    with pytest.raises(AssertionError, match="Unknown order: 9"):
        copy.run("lists", "shuffle", "9")


def test_a_second_binding_of_a_key_is_refused(copy: Copy) -> None:
    keys = SHUFFLE.replace("{keys}", "list.shuffle  r  lists shuffle  shuffle  shuffle it")
    insert(copy.folder / "tui" / "actions" / "shuffle.py", None, keys)
    with pytest.raises(AssertionError, match=r"r is the key of both mark\.read and list\.shuffle"):
        copy.run("keys")


def test_a_field_is_known_everywhere(copy: Copy) -> None:
    apply("A field", copy.folder)
    result = copy.evaluate(
        """
old = to_record(merge([record("Silent")]))
del old["citations"]
paper = merge([
    record("Chatty", citations=7, page_day="2026-01-02"),
    record("Chatty", citations=2, page_day="2026-01-01"),
])
with Library.open(Path("library"), "desk") as library:
    library.add([*paper.records, record("Quiet", citations=1), record("Silent")])
with Library.open(Path("library"), "desk", write=False) as library:
    result = {
        "merged": paper.citations,
        "json": to_record(paper)["citations"],
        "same": from_record(json.loads(json.dumps(to_record(paper)))) == paper,
        "older": from_record(old).citations,
        "query": titles(library, "citations:>=3"),
        "has": titles(library, "-has:citations"),
        "sorted": titles(library, "sort:citations"),
        "reversed": titles(library, "sort:-citations"),
        "label": sort_label(parse("sort:-citations").sort[0]),
        "completions": [
            [c.text for c in library.search.complete(text, len(text))]
            for text in ("cit", "has:cit", "sort:cit")
        ],
        "missing": library.search.notes(parse("citations:>=3")),
        "explained": parse("citations:>=3").explain(),
        "help": any("citations:>=3" in text for _, text in examples()),
    }
"""
    )
    assert (result["merged"], result["json"], result["same"], result["older"]) == (7, 7, True, None)
    assert result["query"] == ["Chatty"]
    assert result["has"] == ["Silent"]
    assert result["sorted"] == ["Chatty", "Quiet", "Silent"]
    assert result["reversed"] == ["Quiet", "Chatty", "Silent"]
    assert result["label"] == "fewest citations first"
    assert result["completions"] == [["citekey:", "citations:"], ["citations "], ["citations "]]
    assert result["missing"] == ["Left out: 1 paper without citations"]
    assert result["explained"] == "citations from 3"
    assert result["help"]
    assert "7 citations" in copy.run("show", "chatty")
    assert json.loads(copy.run("show", "chatty", "--json"))["citations"] == 7
    assert "  - 7 citations\n" in copy.run("export", "--query", "citations:7")
    lines = copy.run("list", "--sort", "-citations").splitlines()
    assert [line.split("\t")[3] for line in lines] == result["reversed"]
    copy.run("export", "--all", "-o", "library.json")
    copy.run("--library", "other", "import", "library.json")
    (chatty,) = json.loads(copy.run("--library", "other", "list", "citations:7", "--json"))
    assert chatty["title"] == "Chatty"


def test_a_question_about_what_is_known_already_is_one_row(copy: Copy) -> None:
    insert(
        copy.folder / "tui" / "model" / "fields.py",
        "IS = Row",
        '    WAKES = Row("wakes", Kind.DAY, "state.snoozed_until", has="day",'
        ' order=("latest first", "soonest first"))\n'
        '    NAMES = number("named", "name_count", "letter")\n',
    )
    insert(
        copy.folder / "tui" / "model" / "paper.py",
        "class Paper(",
        '    """A paper."""\n\n    @property\n    def name_count(self) -> int:\n'
        "        return len(self.title)\n\n",
    )
    assert copy.evaluate(
        """
from datetime import date
from tui.actions.triage import snooze
with Library.open(Path("library"), "desk") as library:
    library.add([record("One"), record("Three"), record("Seven")])
    keys = {library.item(key).paper.title: key for key in library.papers}
    snooze(library, [keys["One"]], date(2099, 2, 1))
    snooze(library, [keys["Three"]], date(2099, 1, 1))
    result = [
        titles(library, "wakes:2099-01"),
        titles(library, "has:day sort:wakes"),
        titles(library, "has:day sort:-wakes"),
        titles(library, "named:>3 sort:title"),
        titles(library, "named:3"),
    ]
"""
    ) == [["Three"], ["One", "Three"], ["Three", "One"], ["Seven", "Three"], ["One"]]


REFER: Final = """\
%0 Journal Article
%T Anchors of Attention
%A Lovelace, Ada
%A Hopper, Grace
%X What anchors attention.

%0 Journal Article
%A Nobody
"""


def test_an_importer_is_known_everywhere(copy: Copy) -> None:
    apply("An importer", copy.folder)
    (copy.folder / "refs.enw").write_text(REFER, "utf-8")
    (parsed,) = json.loads(copy.run("parse", "refs.enw").partition("\nrefs.enw, line")[0])
    assert parsed["title"] == "Anchors of Attention"
    assert parsed["authors"] == ["Ada Lovelace", "Grace Hopper"]
    assert parsed["author_count"] == 2
    output = copy.run("import", "refs.enw")
    assert "1 new, 1 skipped" in output
    assert "line 7: skipped, this record has no title" in output
    assert "Anchors of Attention" in copy.run("list", "author:hopper")
    page = next((ROOT / "seeds").glob("*.txt"))
    assert "refer" in copy.run("import", "--help")
    (count,) = copy.evaluate(
        f"""
data = Path({str(page)!r}).read_bytes()
result = [len(read(data, "a.txt", today=date(2026, 1, 5)).records)]
"""
    )
    assert count > 10  # pages are still read as pages


BIB: Final = """\
@inproceedings{DBLP:conf/x/LovelaceH26,
  author = {Ada Lovelace and Grace Hopper},
  title  = {Graphs of Anchors},
  year   = {2026},
}
"""


def test_the_importer_passes_the_tests_of_all_importers(copy: Copy) -> None:
    copy.add_tests("formats")
    for name in ("seeds", "data"):
        (copy.folder / name).symlink_to(ROOT / name)
    apply("An importer", copy.folder)
    tests = ["tests/formats/test_importers.py", "-k", "refs or has_a_sample"]
    output = copy.output([*PYTEST, *tests, "-rA"])
    assert "test_a_file_of_two_formats_is_refused[True-refs.enw]" in output
    assert "test_a_file_of_two_formats_is_refused[False-refs.enw]" in output


def test_a_source_is_known_everywhere(copy: Copy) -> None:
    apply("A source", copy.folder)
    assert "dblp:graph of anchors" in copy.run("sources", "add", "dblp: graph  of anchors")
    assert "search of DBLP" in copy.run("sources")
    fetched = copy.evaluate(
        f"""
from tui.actions.context import Context
from tui.sources import EXAMPLES, http
asked = []

def get(client, url, **options):
    asked.append(url)
    return {BIB.encode()!r}

http.Client.get = get
with Library.open(Path("library"), "desk") as library:
    outcome = actions()["fetch"].run(Context(Config(), library), names=[])
    result = {{
        "message": outcome.message,
        "titles": titles(library, "author:hopper"),
        "asked": asked,
        "offered": EXAMPLES.get("dblp:graph transformers"),
    }}
"""
    )
    assert fetched["titles"] == ["Graphs of Anchors"], fetched
    assert fetched["asked"] == [
        "https://dblp.org/search/publ/api?q=graph+of+anchors&format=bib&h=100"
    ]
    assert fetched["offered"] == "a search of DBLP"
    assert "Graphs of Anchors" in copy.run("list", "source:dblp")


def test_a_screen_is_known_everywhere(copy: Copy) -> None:
    apply("A screen", copy.folder)
    copy.evaluate(
        """
with Library.open(Path("library"), "desk") as library:
    library.add([record("Alpha"), record("Beta")])
result = None
"""
    )
    copy.run("views", "save", "first", "title:alpha")
    copy.run("views", "save", "second", "title:beta")
    assert re.search(r"^gV +look\.views +all saved views", copy.run("keys"), re.M)
    keys = {row["id"]: row for row in json.loads(copy.run("keys", "--json"))}
    assert keys["look.views"]["keys"] == ["g V"]
    assert keys["views.delete"]["group"] == "Views"
    # a plain session prints what the screen shows
    assert "second  title:beta" in copy.run("triage", "--plain", "alpha", stdin="gV\nq\n")
    shown = copy.evaluate(
        """
import asyncio
from concurrent.futures import Future
from tui.ui.app import PapersApp

async def session():
    opening = Future()
    opening.set_result(library)
    app = PapersApp(Config(), opening)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("g", "V")
        rows = [option.id for option in app.screen.rows.options]
        labels = [binding.label for binding in app.screen.bindings if binding.group == "Views"]
        await pilot.press("j", "enter")
        query = app.main.workspace.listing.query.text
        await pilot.press("escape", "d")
        return rows, labels, query, [*library.state.views()]

with Library.open(Path("library"), "desk") as library:
    library.search.load_words()
    completed = [c.value for c in command_line.complete("browse ", "", library)]
    result = [completed, *asyncio.run(session())]
"""
    )
    completed, rows, labels, query, left = shown
    assert "views" in completed
    assert rows == ["first", "second"]
    assert labels == ["papers", "delete", "undo"]
    assert query == "title:beta"
    assert left == ["first"]


HEADINGS: Final = ("An action", "A field", "An importer", "A source", "A screen")


def test_the_linter_has_nothing_to_say_of_the_examples(copy: Copy) -> None:
    for heading in HEADINGS:
        apply(heading, copy.folder)
    shutil.copy(ROOT / "pyproject.toml", copy.folder)
    ruff = [sys.executable, "-m", "ruff"]
    for command in (["check", "--no-cache", "--ignore", "I001"], ["format", "--check"]):
        assert copy.output([*ruff, *command, "tui"])


def test_the_documentation_of_the_examples_is_complete_once_make_docs_has_run(copy: Copy) -> None:
    copy.add_documentation()
    for heading in HEADINGS:
        apply(heading, copy.folder)
    for script in ("tables", "layers"):
        copy.output([sys.executable, f"docs/{script}.py"])
    page = (copy.folder / "docs" / "importing.md").read_text("utf-8")
    assert "| `refer` | a file of EndNote (refer) |" in page
    about = "tables or every_command or every_key or every_field or every_query or mapping or keys"
    assert " passed" in copy.output([*PYTEST, "tests/project/test_docs.py", "-k", about])
