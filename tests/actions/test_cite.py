"""Citations, by pandoc where there is one; a style is a file and nothing is fetched."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.libraries import Clock, lettered
from tui.actions import cite
from tui.actions.context import Context, Outcome
from tui.config import Config
from tui.errors import InputError, PapersError, UsageError
from tui.library import Library

pytestmark = pytest.mark.usefixtures("no_fsync")
needs_pandoc = pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")

STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
  <info><title>x</title><id>x</id><updated>2026-01-01T00:00:00Z</updated></info>
  <citation><layout><text variable="title"/></layout></citation>
  <bibliography><layout suffix=" (in my style)"><text variable="title"/></layout></bibliography>
</style>
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with lettered(tmp_path / "library", Clock()) as opened:
        yield opened


def cited(library: Library, *keys: str, **options: str) -> str:
    """What is printed."""
    outcome = cite.run_cite(Context(Config(), opened=library), keys, **options)
    assert isinstance(outcome, Outcome)
    return outcome.text


def test_without_a_style_citations_are_ours(library: Library) -> None:
    lines = cited(library, "a-", "b-").splitlines()
    assert [line.split(".")[0] for line in lines] == [
        library.item(library.resolve(key)).paper.title for key in ("a-", "b-")
    ]


@needs_pandoc
def test_a_style_is_used(library: Library, tmp_path: Path) -> None:
    style = tmp_path / "x.csl"
    style.write_text(STYLE, "utf-8")
    assert cited(library, "a-", style=str(style)).strip().endswith("(in my style)")
    for form in ("html", "markdown"):
        assert library.item(library.resolve("a-")).paper.title in cited(library, "a-", form=form)


@needs_pandoc
def test_the_name_of_a_style_in_this_folder_is_enough(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ieee.csl", "nature.v2.csl"):
        Path(name).write_text(STYLE, "utf-8")
    Path("ieee").mkdir()
    for name in ("ieee", "nature.v2", "ieee.csl"):
        assert cited(library, "a-", style=name).strip().endswith("(in my style)")


@needs_pandoc
def test_what_is_no_style_is_refused_in_a_sentence(library: Library, tmp_path: Path) -> None:
    style = tmp_path / "x.csl"
    style.write_text("not a style", "utf-8")
    with pytest.raises(PapersError, match="pandoc failed"):
        cited(library, "a-", style=str(style))


@pytest.mark.parametrize("style", ["apa", "https://example.org/apa.csl", ""])
def test_no_style_is_looked_for_elsewhere(library: Library, style: str) -> None:
    with pytest.raises(InputError, match="No such style"):
        cited(library, "a-", style=style)


def test_without_pandoc_it_is_said(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "PATH", "")
    with pytest.raises(PapersError, match="pandoc is not installed"):
        cited(library, "a-", form="html")


def test_without_papers_it_is_said(library: Library) -> None:
    with pytest.raises(UsageError, match="No papers given"):
        cited(library)
