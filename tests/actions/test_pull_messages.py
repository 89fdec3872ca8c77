"""What a pull says of papers with long titles: it fits into a line, and the fact is whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actions.test_pull import edit, in_list, record
from tui.actions import lists, triage
from tui.actions.context import Context, Outcome
from tui.actions.pull import run_pull
from tui.config import Config
from tui.exchange.export_files import export
from tui.exchange.notes import export_notes
from tui.library import Library
from tui.model.layout import cell_width
from tui.model.paper import merge
from tui.model.state import Status

pytestmark = pytest.mark.usefixtures("no_fsync")
TITLES = [
    f"{name} {'of a Title that Nobody Will Ever Read to Its End, as It Is 第一 ' * 2}".strip()
    for name in ("Apples", "Bread", "Cheese", "Dates", "Eggs", "Figs")
]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", "desk") as opened:
        opened.seed(merge([record(title)]) for title in TITLES)
        lists.add(opened, "thesis", keys(opened)[:5])
        yield opened


def keys(library: Library) -> list[str]:
    """The papers by their titles."""
    return sorted(each.key for each in library.items())


def said(library: Library, *paths: Path) -> list[str]:
    """The lines that a pull prints, but for commands, which are whole."""
    outcome = run_pull(Context(Config(), library), list(map(str, paths)))
    assert isinstance(outcome, Outcome)
    lines = [*outcome.text.splitlines(), *outcome.notes]
    return [line for line in lines if "papers-tui " not in line]


def test_messages_of_a_list_fit_into_a_line(library: Library, tmp_path: Path) -> None:
    path, here = tmp_path / "thesis.md", keys(library)
    export(library, "thesis", in_list(library), path)
    for letter, box in zip("ABC", "x-/", strict=True):
        edit(path, f"- [ ] [{letter}", f"- [{box}] [{letter}")
    text = path.read_text("utf-8")
    *blocks, eggs = text.split("\n- [")
    eggs, end = eggs.split("<!-- papers-tui:end")
    figs = f"\n\n- [x] [{TITLES[5]}](https://example.org/f)\n- [ ] [G{TITLES[0]}](https://g.org)\n"
    moved = [blocks[0], blocks[2], blocks[1], blocks[3], f"{eggs.rstrip()}{figs}"]
    path.write_text("\n- [".join(moved) + "<!-- papers-tui:end" + end, "utf-8")
    edit(path, "[Eggs of", "my own words [Eggs of")
    lists.move(library, "thesis", here[4], 1)
    lists.remove(library, "thesis", [here[2]])
    triage.mark(library, [here[0]], Status.DISMISSED)
    lines = said(library, path)
    assert [line for line in lines if cell_width(line) > 80] == []
    for fact in (
        "both sides changed the status; “dismissed” stays: App",
        "both sides changed the order; the library's stays: ",
        "not in the list; --add adds it: Figs",
        "no longer in the list: Cheese",
        "not in the library: GApples",
        "moves below with the next export: my own words",
        "removed: Dates",
        "dismissed: Bread",
    ):
        assert any(fact in line for line in lines), fact


@pytest.mark.parametrize("format", ["obsidian", "logseq"])
def test_messages_of_notes_fit_into_a_line(library: Library, tmp_path: Path, format: str) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    export_notes(library, in_list(library), vault, "thesis", format)
    apples, bread, cheese, dates, eggs = sorted(
        path for path in vault.iterdir() if path.name != "thesis.md"
    )
    for path, status in ((apples, "read"), (bread, "reading")):
        text = path.read_text("utf-8").replace('"unread"', status)
        path.write_text(text.replace("TODO", "DONE" if status == "read" else "DOING"), "utf-8")
    edit(cheese, "published" if "published" in cheese.read_text("utf-8") else "url", "url")
    edit(cheese, "https://", "https://another.org/")
    edit(dates, "papers-tui:end", "\n\n- my own\n\n<!-- papers-tui:end")
    (vault / "Eggs of which there is a copy by another program.md").write_bytes(eggs.read_bytes())
    triage.mark(library, [keys(library)[0]], Status.DISMISSED)
    lines = said(library, vault)
    assert [line for line in lines if cell_width(line) > 80] == []
    for fact in (
        " Will.md: both sides changed the status; “dismissed” stays",
        ": reading: Bread",
        "not read; Eggs of",
        "property url not pulled; the next export writes it again",
    ):
        assert any(fact in line for line in lines), fact
