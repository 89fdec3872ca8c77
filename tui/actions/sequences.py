"""The keys that a user presses: bindings of one key or two, a count before them, any layout.

The app and the plain session share it, so that the same keys do the same in both.
"""

from collections.abc import Iterable
from typing import Final

from tui.actions.layouts import latin_key
from tui.actions.registry import Binding
from tui.values import dataclass

_DIGITS: Final = frozenset("0123456789")
MAX_DIGITS: Final = 6
"""Digits of a count; further ones are ignored."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key or a sequence that is complete."""

    name: str
    """As in a keymap; ``g u`` for a sequence."""
    binding: Binding | None = None
    """``None`` if it is bound to nothing."""
    place: int = 1
    """The number of the key among those of the binding, from 1."""
    count: int | None = None
    """The number typed before it, if any."""
    is_cancelled: bool = False
    """Whether Escape ended a sequence or a count."""


class KeySequence:
    """The keys pressed so far that are not a whole binding."""

    def __init__(self, bindings: Iterable[Binding]) -> None:
        self._bound = {
            name: (binding, place)
            for binding in bindings
            for place, name in enumerate(binding.keys, 1)
        }
        self.prefix = ""
        """The first key of a sequence; empty if there is none."""
        self.count = ""
        """The digits before it."""

    def end(self) -> None:
        """Forgets what was pressed so far."""
        self.prefix = self.count = ""

    def press(self, name: str, latin: str = "") -> Pressed | None:
        """Adds a key; what that completes, or ``None`` if more is to come.

        A digit counts unless it is bound itself. A letter that is bound to nothing is taken for the
        one on the same key of a Latin keyboard.

        Args:
            latin: That of a Latin layout, if the terminal says so.
        """
        first, count = self.prefix, self.count
        self.end()
        names = [f"{first} {each}".strip() for each in (name, latin or latin_key(name)) if each]
        name = next(filter(self._is_used, names), names[0])
        if not first and name in _DIGITS and (count or not (name == "0" or name in self._bound)):
            self.count = (count + name)[:MAX_DIGITS]
            return None
        is_escape = name == "escape" or (name == f"{first} escape" and name not in self._bound)
        if is_escape and (first or count):
            return Pressed(name, is_cancelled=True)
        if bound := self._bound.get(name):
            return Pressed(name, *bound, int(count) if count else None)
        if self._is_used(name):
            self.prefix, self.count = name, count
            return None
        return Pressed(name)

    @property
    def continuations(self) -> dict[str, Binding]:
        """The bindings that begin with the prefix, by their sequence."""
        return {
            name: binding
            for name, (binding, _) in self._bound.items()
            if self.prefix and name.startswith(f"{self.prefix} ")
        }

    def _is_used(self, name: str) -> bool:
        """Whether a key or sequence is bound, or begins one that is."""
        return name in self._bound or any(each.startswith(f"{name} ") for each in self._bound)


def is_paste_on_page(keys: Iterable[tuple[str, str]], bindings: Iterable[Binding]) -> bool:
    """Whether keys that came at once on another screen than the main one are a pasted text.

    Few type ahead there, so it is one unless its keys only move, and run one binding beside.

    Args:
        keys: Their names, and those of a Latin layout; see ``KeySequence.press``.
    """
    sequence = KeySequence(bindings)
    pressed = [each for key in keys if (each := sequence.press(*key))]
    acts = {
        each.binding.id if each.binding else each.name
        for each in pressed
        if not (each.binding and each.binding.moves)
    }
    return len(acts) > 1
