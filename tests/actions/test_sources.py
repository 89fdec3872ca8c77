"""Sources are state: added, renamed, removed, undone, and shared by machines."""

from pathlib import Path

import pytest

from tests.libraries import lettered
from tui.actions import history, sources
from tui.actions.context import Context, Outcome
from tui.actions.registry import actions
from tui.actions.targets import perform
from tui.config import Config, load
from tui.errors import PapersError, UsageError
from tui.library import Library

pytestmark = pytest.mark.usefixtures("no_fsync")


def ran(name: str, here: Context, *values: str) -> Outcome:
    """What a command says."""
    action = actions()["sources" if name == "sources" else f"sources {name}"]
    names = (argument.name for argument in action.arguments)
    options = dict(zip(names, values, strict=False))
    return perform(action, options, here)


def names(library: Library) -> list[str]:
    return list(library.state.sources().values())


def test_a_source_is_added_renamed_removed_and_each_undone(folder: Path) -> None:
    with lettered(folder) as library:
        here = Context(Config(), library)
        assert ran("sources", here).message == sources.NONE
        assert ran("add", here, "hf:daily").message == "Added source hf:daily"
        assert ran("add", here, " hf:daily ").message == "Already a source: hf:daily"
        ran("add", here, "arxiv:cs.LG,cs.CL")
        renamed = ran("rename", here, "hf", "Morning")
        assert renamed.message == "Renamed source hf:daily to Morning"
        assert names(library) == ["arxiv:cs.LG+cs.CL", "Morning"]
        assert ran("remove", here, "Morn").message == "Removed source Morning"
        assert names(library) == ["arxiv:cs.LG+cs.CL"]
        undone = history.describe(library, library.undo())
        assert undone == "Undid: removed source Morning"
        library.undo()
        assert names(library) == ["arxiv:cs.LG+cs.CL", "hf:daily"]
    with lettered(folder) as again:
        assert names(again) == ["arxiv:cs.LG+cs.CL", "hf:daily"]
        again.undo()
        again.undo()
        assert names(again) == []
    (folder / "triage.json").unlink()
    with lettered(folder) as rebuilt:
        assert names(rebuilt) == []
        rebuilt.redo()
        assert names(rebuilt) == ["hf:daily"]


def test_machines_share_sources(folder: Path) -> None:
    with lettered(folder) as desk:
        sources.add(desk, "hf:daily")
    with lettered(folder, machine="lap") as lap:
        sources.add(lap, "hf:trending")
        assert names(lap) == ["hf:daily", "hf:trending"]


def test_case_does_not_count_in_a_name_that_is_typed(folder: Path) -> None:
    with lettered(folder) as library:
        for spec in ("hf:daily", "arxiv:cs.CL"):
            sources.add(library, spec)
        assert sources.find(library, "HF:Daily") == "hf:daily"
        assert sources.find(library, "ARXIV") == "arxiv:cs.CL"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nothing", "No source “nothing”"),
        ("", "No source “”"),
        ("hf:", "2 sources begin with “hf:”"),
        ("\x1b[31m", "No source “"),
    ],
)
def test_a_name_that_fits_none_or_several_is_refused(
    folder: Path, name: str, sentence: str
) -> None:
    with lettered(folder) as library:
        sources.add(library, "hf:daily")
        sources.add(library, "hf:trending")
        with pytest.raises(PapersError) as raised:
            sources.find(library, name)
        assert raised.value.message.startswith(sentence)
        assert "\x1b" not in raised.value.message


@pytest.mark.parametrize("new", ["", " ", "-x", "hf:trending", "T"])
def test_a_source_has_a_name_of_its_own(folder: Path, new: str) -> None:
    with lettered(folder) as library:
        sources.add(library, "hf:daily")
        sources.add(library, "hf:trending")
        sources.rename(library, "hf:trending", "T")
        with pytest.raises(UsageError):
            sources.rename(library, "hf:daily", new)


def test_a_command_that_is_typed_in_a_shell_is_allowed_beside_the_app_too(folder: Path) -> None:
    with lettered(folder) as library:
        shell = Context(Config(), library, words=("sources", "add", "x"), inputs={})
        assert ran("add", shell, "command:mine").message == "Added source command:mine"
        assert sources.is_allowed("command:mine")
        assert not sources.is_allowed("command:other")
        sources.add(library, "command:other")
        assert ran("add", shell, "command:other").message == "Allowed here: command:other"
        assert ran("add", shell, "command:other").message == "Already a source: command:other"


def test_a_source_of_a_newer_version_is_listed_as_unknown(folder: Path) -> None:
    with lettered(folder) as library:
        library.change("add source rss3:x", [("sources", "rss3:\x1b[31mx", "exists", True)])
        (row,) = ran("sources", Context(Config(), library)).rows
        assert row == (
            "rss3:\N{REPLACEMENT CHARACTER}[31mx",
            "unknown to this version",
            "never fetched",
        )


def test_addresses_of_services_are_https_or_on_this_machine(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        '[sources.hf]\nurl = "http://127.0.0.1:80/x/"\n[sources.arxiv]\nurl = "https://a.org"\n'
    )
    assert load(path) == (
        Config(sources={"hf": "http://127.0.0.1:80/x", "arxiv": "https://a.org"}),
        [],
    )
    for line, text in (
        ('hf]\nurl = "http://example.org"', "line 1: hf takes url, an https address"),
        ('hf]\nurl = "http://127.0.0.1.example.org"', "hf takes url"),
        ('hf]\nurl = "https://ada:pw@a.org"', "hf takes url"),
        ("hf]\nurl = 5", "hf takes url"),
        ('arxiw]\nurl = "https://a.org"', "unknown service arxiw; did you mean arxiv?"),
    ):
        path.write_text(f"[sources.{line}\n")
        settings, (problem,) = load(path)
        assert settings.sources == {}
        assert text in problem
