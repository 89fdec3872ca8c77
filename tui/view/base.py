"""What every screen of the app is: bound to the one table of keys, and able to say what failed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.errors import PapersError
from tui.view.bars import BottomBar
from tui.view.dialogs import Answer, Picker, answered
from tui.view.keys import Key, shown

if TYPE_CHECKING:
    from textual.timer import Timer

HINT_SECONDS = 0.3
"""How long the first key of two waits before the second ones are shown."""

T = TypeVar("T")


class TableScreen(Screen[T]):
    """A screen whose bindings are rows of a table; see ``with_keys``."""

    table: ClassVar[tuple[Key, ...]] = ()
    """Its bindings, with the user's keys in them."""
    _prefix = ""
    _hint_timer: "Timer | None" = None

    @classmethod
    def with_keys(cls, table: Sequence[Key]) -> type[Self]:
        """This screen, bound to the keys of a table."""
        bindings: list[BindingType] = []
        for first in dict.fromkeys(n.split(" ")[0] for k in table for n in k.keys if " " in n):
            bindings.append(Binding(first, f"prefix('{first}')", show=False))
        for key in table:
            single = [_key_name(name) for name in key.keys if " " not in name]
            if single:
                bindings.append(Binding(",".join(single), key.action, key.help, show=False))
        return type(cls.__name__, (cls,), {"BINDINGS": bindings, "table": tuple(table)})

    @property
    def bottom(self) -> BottomBar:
        """The row below."""
        return self.query_one(BottomBar)

    def say(self, text: str, *, error: bool = False) -> None:
        """Says something in the row below."""
        self.bottom.say(text, error=error)

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """The one place of the app where failures are caught: they are said, and nothing else."""
        try:
            yield
        except PapersError as error:
            self.say(str(error), error=True)

    def ask(self, picker: Picker, then: Callable[[Answer], None]) -> None:
        """Asks something and goes on with the answer, if there is one."""
        self.app.push_screen(picker, answered(then))

    # Two keys in a row

    def action_prefix(self, first: str) -> None:
        """Waits for the second key, and tells after a moment which there are."""
        self._prefix = first
        self._hint_timer = self.set_timer(HINT_SECONDS, self._show_hints)

    def _show_hints(self) -> None:
        hints = [
            f"{shown(name.split(' ')[1])} {key.label}"
            for key in self.table
            for name in key.keys
            if name.startswith(f"{self._prefix} ")
        ]
        self.bottom.say(f"{self._prefix}  " + "  ".join(hints), stay=True)

    async def on_key(self, event: events.Key) -> None:
        """The second key of two."""
        if not self._prefix:
            return
        event.stop()
        event.prevent_default()
        wanted = f"{self._prefix} {event.character if event.is_printable else event.key}"
        self._prefix = ""
        if self._hint_timer is not None:
            self._hint_timer.stop()
        self.bottom.unsay()
        for key in self.table:
            if wanted in key.keys:
                await self.run_action(key.action)
                return
        if event.key != "escape":
            self.say(f"{wanted.replace(' ', '')} is no command; ? shows the keys")


def _key_name(key: str) -> str:
    """A key as a binding takes it: the comma parts keys there, so it goes by its name."""
    return "comma" if key == "," else key
