"""The documentation: complete, up to date, and nothing in it points nowhere."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Final

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.view_helpers import reading
from tui.__main__ import main
from tui.actions.keymap import all_bindings, display_key
from tui.actions.modules import MODULES, WITHOUT_KEYS
from tui.actions.registry import Where, actions
from tui.config import load
from tui.formats import importers
from tui.model.fields import HAS, IS_VALUES, NAMES, ORDER_ALIASES, ORDERS
from tui.query import parse

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
FOR_DEVELOPERS: Final = ("architecture", "contributing")
GONE: Final = (
    *("floors", "rooms", "glimpse", "plotext", "reader", "writer", "tui/view", "readers/"),
    *("writers/", "commands/", "decisions.py", "shelf", "sitting", "likest", "anew"),
)
"""Words and places of versions before."""
LINES: Final = 150


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def spans(text: str) -> set[str]:
    """All that stands in code spans and code blocks."""
    names: set[str] = set()
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    for token in (t for outer in tokens for t in (outer, *(outer.children or ()))):
        if token.type in ("code_inline", "fence"):
            names.add(token.content)
    return names


def links(tokens: list[Token]) -> list[str]:
    """Where links and pictures lead."""
    targets = []
    for token in tokens:
        target = token.attrs.get("href") or token.attrs.get("src")
        targets += [str(target)] if target else []
        targets += links(token.children or [])
    return targets


def anchors(path: Path) -> set[str]:
    """The names of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.M)
    return {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


def test_the_readme_is_short() -> None:
    assert len(text_of("README.md").splitlines()) <= LINES


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    targets = links(MarkdownIt("gfm-like", {"linkify": False}).parse(path.read_text("utf-8")))
    for target in targets:
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        page = path.parent / file if file else path
        assert page.exists(), target
        assert not anchor or anchor in anchors(page), target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_file_that_is_named_is_there(path: Path) -> None:
    examples = {
        *("tui/formats/importers/refer.py", "tui/sources/dblp.py", "tui/ui/screens/views.py"),
        "tests/formats/samples/refs.enw",
    }
    for name in re.findall(r"`((?:tui|tests|docs|seeds|data)/[\w/.]*)`", path.read_text("utf-8")):
        assert (ROOT / name).exists() or name in examples, name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_page_speaks_of_what_is_gone(path: Path) -> None:
    text = re.sub(r"screen readers?|Nothing that imports is called.*", "", path.read_text("utf-8"))
    for word in GONE:
        assert not re.search(rf"\b{re.escape(word)}", text), word


def test_every_page_is_linked_from_the_readme() -> None:
    readme = text_of("README.md")
    for page in PAGES[1:]:
        assert f"(docs/{page.name})" in readme


def test_the_tables_are_up_to_date() -> None:
    command = [sys.executable, "docs/tables.py", "--check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr


def test_no_module_that_is_listed_as_without_keys_has_any() -> None:
    modules = {
        each.run.__module__.rpartition(".")[2] for each in actions().values() if each.bindings
    }
    stale = sorted(modules & WITHOUT_KEYS)
    assert not stale, f"The keys declared in {', '.join(stale)} do nothing until make docs has run"


def test_each_picture_stands_on_a_page() -> None:
    shown = {name for page in PAGES for name in re.findall(r"([\w-]+\.svg)\)", text_of(str(page)))}
    assert {picture.name for picture in ROOT.glob("docs/*.svg")} == shown


def test_the_picture_of_the_layers_names_every_layer() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    modules = [module for layer in layers for module in layer.split(" | ")]
    assert re.findall(r">(\w+)</text>", text_of("docs/layers.svg")) == modules
    page = text_of("docs/architecture.md")
    for module in modules:
        assert re.search(rf"^\| `{module}/?` \|", page, re.M), module


def test_every_command_and_option_is_in_the_reference() -> None:
    reference = text_of("docs/commands.md")
    for action in actions().values():
        if action.where is Where.INTERNAL:
            assert f"`{action.name} " not in reference, action.name
            continue
        row = re.search(rf"^\| `{re.escape(action.name)}[ `].*", reference, re.M)
        assert row, action.name
        for argument in action.arguments:
            assert not argument.flags or argument.flags[-1] in row.group(), argument


def test_every_command_of_the_shell_is_shown_in_use() -> None:
    """In prose or an example of a page for users, and not only in the reference."""
    pages = (page.read_text("utf-8") for page in PAGES if page.stem not in FOR_DEVELOPERS)
    text = re.sub(r"<!-- begin.*?<!-- end -->", "", "".join(pages), flags=re.S)
    words = " ".join(spans(text))
    for name, action in actions().items():
        if action.where.name == "EVERYWHERE":
            assert re.search(rf"\b{name}\b", words), name


def test_every_key_is_in_the_list_of_keys() -> None:
    rows, _ = all_bindings({})
    text = text_of("docs/keys.md")
    for row in rows:
        assert f"| `{row.id}` |" in text, row.id


def test_the_keys_of_the_readme_are_keys() -> None:
    rows, _ = all_bindings({})
    names = {display_key(key) for row in rows for key in row.keys}
    table = re.findall(
        r"^\| ((?:`[^`]+` ?)+) \|", text_of("README.md").split("Twelve keys")[1], re.M
    )
    keys = [key for cell in table for key in re.findall(r"`([^`]+)`", cell)]
    assert len(keys) >= 12
    assert set(keys) <= names


def test_every_field_and_value_of_a_query_is_documented() -> None:
    documented = " ".join(spans(text_of("docs/queries.md"))).replace(",", " ").split()
    for name in NAMES:
        assert f"{name}:" in documented, name
    assert set(IS_VALUES) | set(HAS) <= set(documented)
    for name in (*ORDERS, *ORDER_ALIASES):
        assert f"sort:{name}" in documented, name


def test_every_query_that_is_shown_is_understood() -> None:
    page = text_of("docs/queries.md")
    rows = re.findall(r"^\| (`.*?) \| [a-z]", page.split("## Fields")[0], re.M)
    rows += re.findall(r"^\|.*\| (`[^`]*`) \| [a-z ']+", page.split("## Fields")[1], re.M)
    queries = [query.replace("\\|", "|") for row in rows for query in re.findall("`([^`]+)`", row)]
    assert len(queries) > 40
    for query in queries:
        assert not parse(query).diagnostics, query


def test_the_configuration_that_is_shown_is_valid(tmp_path: Path) -> None:
    for page in ("guide", "keys"):
        blocks = re.findall(r"```toml\n(.*?)```", text_of(f"docs/{page}.md"), re.S)
        assert blocks
        for block in blocks:
            path = tmp_path / "config.toml"
            path.write_text(block, "utf-8")
            settings, problems = load(path)
            assert not problems
            assert not all_bindings(settings.keys)[1]


def layers_of(path: str) -> list[int]:
    """The layers of a module in its packages, the outermost first, each counted from the top."""
    contracts = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = {each["containers"][0]: each["layers"] for each in contracts if "containers" in each}
    parts = [part for part in Path(path).with_suffix("").parts if part != "__init__"]
    return [
        next(
            rank
            for rank, layer in enumerate(layers[".".join(parts[:depth])])
            if name in layer.split(" | ")
        )
        for depth, name in enumerate(parts[1:], 1)
    ]


def test_the_walk_goes_down_the_layers() -> None:
    page = text_of("docs/architecture.md")
    steps = re.findall(r"^\d\. `(tui/.*?\.py)`: `(\w+)`", page, re.M)
    assert 5 <= len(steps) <= 8
    called = f"tui/actions/{MODULES['mark']}.py"  # by the registry, as the page says
    assert called in dict(steps)
    walk = [layers_of(path) for path, _ in steps if path != called]
    assert walk == sorted(walk)


def calls(frames: Iterable[CodeType]) -> Iterator[tuple[str, str]]:
    """The functions of the program that were called, each with the path of its module."""
    for code in frames:
        path = Path(code.co_filename)
        if path.is_relative_to(ROOT):
            yield str(path.relative_to(ROOT)), code.co_name


@contextmanager
def recorded() -> Iterator[list[CodeType]]:
    """The functions that are called meanwhile, in their order."""
    frames: list[CodeType] = []

    def record(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            frames.append(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(record)
    try:
        yield frames
    finally:
        sys.setprofile(before)


async def test_a_command_and_a_key_take_the_walk(folder: Path) -> None:
    page = text_of("docs/architecture.md")
    steps = re.findall(r"^\d\. `(tui/.*?\.py)`: `(\w+)`", page, re.M)
    by_key = re.findall(r"`\w+\.(\w+)` in\s+`(tui/.*?\.py)`", page)
    key_steps = [(path, function) for function, path in by_key]
    key_steps += steps[[path for path, _ in steps].index("tui/actions/targets.py") :]
    assert len(key_steps) >= 8
    async with reading(folder) as desk:
        with recorded() as frames:
            await desk.press("r")
    called = calls(frames)
    assert [step for step in key_steps if step not in called] == []
    with recorded() as frames:
        main(["--library", str(folder), "mark", "unread", "anchors"])
    called = calls(frames)
    assert [step for step in steps if step not in called] == []


def mappings() -> dict[str, list[str]]:
    """By format, the cells of its column in the tables of which fact is read from where."""
    cells: dict[str, list[str]] = {}
    for table in re.findall(r"^\| \|.*\n(?:\|.*\n)+", text_of("docs/importing.md"), re.MULTILINE):
        head, _, *rows = (row.strip("|").split("|")[1:] for row in table.splitlines())
        for place, name in enumerate(head):
            cells[name.strip(" `")] = [row[place] for row in rows]
    return cells


FORMATS: Final = sorted(mappings())


def test_the_tables_of_mappings_are_of_importers() -> None:
    assert FORMATS
    assert set(FORMATS) <= set(importers.names())


@pytest.mark.parametrize("format", FORMATS)
def test_the_mappings_name_what_an_importer_reads(format: str) -> None:
    code = text_of(f"tui/formats/importers/{format}.py")
    named = spans("\n\n".join(mappings()[format]))
    parts = {part for name in named for part in re.findall(r"[\w-]+(?::\w+)?", name)}
    assert {part for part in parts if part not in code} == set()
    read = {
        argument.value
        for call in ast.walk(ast.parse(code))
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(READS)
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    assert read - spans(text_of("docs/importing.md")) - parts - NOT_FACTS == set()


READS: Final = ("member", "entry.first", "entry.all", "raw.get", "_text")
"""The functions that read a member, a tag or an element."""
NOT_FACTS: Final = {
    *("paper", "hidden", "data", "itemType", "creatorType", "tags", "tag", "notes"),
    *("raw", "literal", "date-parts", "archiveprefix", "container-title", "", "family", "given"),
}
"""What is read, and is no fact: where it is, and what it is part of."""
