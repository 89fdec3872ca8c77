"""What scripts and configurations may name is never taken away: only lines are added here."""

from dataclasses import fields
from pathlib import Path
from typing import Final

from tui.actions.keymap import all_bindings
from tui.actions.registry import actions
from tui.config import Config
from tui.model.facts import FACTS

RELEASED: Final = Path(__file__).parents[1] / "fixtures" / "released.txt"


def names() -> set[str]:
    """Each command, each option after its command, each key, setting, and fact in JSON."""
    bindings, _ = all_bindings({})
    return {
        *actions(),
        *(
            f"{action.name} {flag}"
            for action in actions().values()
            for argument in action.arguments
            for flag in argument.flags
        ),
        *(f"key {binding.id}" for binding in bindings),
        *(f"setting {field.name}" for field in fields(Config)),
        *(f"fact {name}" for name in FACTS),
    }


def test_every_command_option_key_and_setting_that_was_released_is_there() -> None:
    released = set(RELEASED.read_text("utf-8").splitlines())
    assert len(released) > 300
    assert not released - names()
