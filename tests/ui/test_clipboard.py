"""The clipboard of the desktop."""

import os
from pathlib import Path

import pytest

from tui.ui import clipboard


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
