"""The timer that is printed or written: what it runs is whole, whatever the names are."""

import shlex
from pathlib import Path

import pytest

from tui.actions import timer
from tui.actions.context import Context
from tui.config import Config
from tui.errors import PapersError


def here(folder: str | None = None) -> Context:
    return Context(Config(), folder=folder)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The installed program, in a folder with a difficult name."""
    path = tmp_path / "my 100% bin" / "papers-tui"
    path.parent.mkdir()
    path.touch(mode=0o755)
    monkeypatch.setattr("sys.argv", [str(path)])
    monkeypatch.setattr(timer, "SYSTEMD", tmp_path)
    return path


def test_systemd_is_given_the_whole_command(program: Path) -> None:
    text = timer.install(here("/data/my $papers"), "fetch", [timer.FETCH], write=False).text
    command = f'"{program}" --library "/data/my $papers" fetch --quiet'
    assert f"ExecStart={command.replace('%', '%%').replace('$', '$$')}\n" in text
    assert "OnCalendar=Mon..Fri 07:30\n" in text


def test_it_is_written_where_systemd_looks(program: Path, home: Path) -> None:
    outcome = timer.install(here(), "fetch", [timer.FETCH], write=True)
    folder = home / "config" / "systemd" / "user"
    assert sorted(path.name for path in folder.iterdir()) == [
        "papers-tui-fetch.service",
        "papers-tui-fetch.timer",
    ]
    assert outcome.message == f"Written: {folder / 'papers-tui-fetch'}.timer"
    assert "systemctl --user enable --now papers-tui-fetch.timer" in outcome.notes[0]


def test_elsewhere_it_is_a_line_of_cron(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timer, "SYSTEMD", tmp_path / "none")
    line = timer.install(here(), "fetch", [timer.FETCH], write=False).text
    assert line.startswith("30 7 * * 1-5 ")
    command = line.removeprefix("30 7 * * 1-5 ").replace(r"\%", "%")
    assert shlex.split(command) == [str(program), "fetch", "--quiet"]
    with pytest.raises(PapersError, match="no systemd"):
        timer.install(here(), "fetch", [timer.FETCH], write=True)


def test_a_program_that_is_not_installed_is_run_by_its_interpreter(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["-c"])
    assert (
        "-m tui fetch --quiet\n" in timer.install(here(), "fetch", [timer.FETCH], write=False).text
    )
