"""What all tests of the app share: none of them waits for the disk, or for a user to read."""

import pytest


@pytest.fixture(autouse=True)
def no_delay(no_fsync: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The abstract is shown as soon as the list is drawn, and no power is cut."""
    monkeypatch.setattr("tui.ui.main_screen.READ_SECONDS", 0.0)
