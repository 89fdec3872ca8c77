"""What ``make run`` says around the app."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def make_run(folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs it in a folder where everything is set up."""
    return subprocess.run(
        ["make", "--no-print-directory", "run"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_first_run_ends_with_how_to_start_again(tmp_path: Path) -> None:
    folder = tmp_path / "a clone"
    program = folder / ".venv" / "bin" / "papers-tui"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho app\n", "utf-8")
    program.chmod(0o755)
    for name in ("Makefile", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name in ("ready", "first"):  # as setting up leaves it
        (folder / ".venv" / name).touch()
    first, second = make_run(folder), make_run(folder)
    app, again, *others, path = first.stdout.splitlines()
    assert (app, second.stdout) == ("app", "app\n")
    assert again == "To start it again: make run, or from anywhere:"
    assert others == [f"  {program}", "To have it on your PATH:"]  # each path on a line of its own
    assert path == f"  ln -s '{program}' ~/.local/bin/"
    program.write_text("#!/bin/sh\nexit 3\n", "utf-8")
    assert make_run(folder).returncode != 0
