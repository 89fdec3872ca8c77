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


def helper(folder: Path, name: str) -> None:
    """A program that keeps what it gets."""
    program = folder / name
    program.write_text(f'#!/bin/sh\necho "$@" > "{folder}/told"\n/bin/cat > "{folder}/taken"\n')
    program.chmod(0o700)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment of no desktop, with the programs of a folder alone."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX", "SSH_TTY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.skipif(os.name != "posix", reason="programs are run only there")
def test_tmux_is_asked_to_pass_a_text_on(tmp_path: Path, bare: pytest.MonkeyPatch) -> None:
    helper(tmp_path, "tmux")
    assert not clipboard.copy("outside of it")
    bare.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    assert clipboard.copy("Łódź") == clipboard.TMUX
    assert (tmp_path / "told").read_text() == "load-buffer -w -\n"
    assert (tmp_path / "taken").read_text("utf-8") == "Łódź"


@pytest.mark.skipif(os.name != "posix", reason="programs are run only there")
@pytest.mark.parametrize("name", ["pbcopy", "clip.exe", "wl-copy"])
def test_the_desktop_at_the_other_end_of_ssh_is_not_the_users(
    tmp_path: Path, bare: pytest.MonkeyPatch, name: str
) -> None:
    helper(tmp_path, name)
    bare.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert clipboard.copy("here") == clipboard.DESKTOP
    bare.setenv("SSH_TTY", "/dev/pts/3")
    assert not clipboard.copy("there")
    assert not clipboard.advice()


def test_a_desktop_without_a_helper_is_told_which_one(
    tmp_path: Path, bare: pytest.MonkeyPatch
) -> None:
    assert not clipboard.advice()
    bare.setenv("DISPLAY", ":0")
    assert "xclip" in clipboard.advice()
    bare.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "wl-clipboard" in clipboard.advice()
    helper(tmp_path, "wl-copy")
    assert not clipboard.advice()
