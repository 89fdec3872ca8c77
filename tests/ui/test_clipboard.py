"""The clipboard of the desktop."""

import codecs
import os
import subprocess
from pathlib import Path

import pytest

from tests.ui.terminals import Opener
from tests.view_helpers import paper
from tui.library import Library
from tui.ui import clipboard

CASE = Path(__file__).parents[1] / "cases" / "clipboard-wsl.sh"


@pytest.mark.skipif(os.name != "posix", reason="programs are run only there")
def test_the_clipboard_of_windows_gets_utf_16(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "clip.exe"
    program.write_text(f'#!/bin/sh\n/bin/cat > "{tmp_path}/clip.bytes"\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    text = "Reading Łódź in 日本語 🎉"
    assert clipboard.copy(text)
    assert (tmp_path / "clip.bytes").read_bytes().decode("utf-16") == text


def test_the_stand_in_of_the_case_gets_a_title_that_is_not_ascii(
    terminal: Opener, folder: Path, tmp_path: Path
) -> None:
    subprocess.run(["sh", CASE], cwd=tmp_path, check=True)
    title = "Reading Łódź in 日本語"
    with Library.open(folder, "user") as library:
        library.seed([paper(title)])
    screen = terminal(PATH=os.pathsep.join([str(tmp_path / "fake"), "/bin"]))
    screen.wait_for("Łódź")
    screen.type("yt")
    screen.wait_for("Copied: title")
    data = (tmp_path / "clip.bytes").read_bytes()
    assert data == codecs.BOM_UTF16_LE + title.encode("utf-16-le")
