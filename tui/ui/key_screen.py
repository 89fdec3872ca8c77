"""What every screen of the app is: bound to the one table of keys, and able to say what failed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input

from tui.errors import PapersError
from tui.ui.bindings import Key
from tui.ui.keymap import all_keys, resolve, shown, told
from tui.ui.widgets.bars import BottomBar
from tui.ui.widgets.picker import Answer, Answered, Choice, Help, Picker

if TYPE_CHECKING:
    from textual.timer import Timer

HINT_SECONDS = 0.3
"""How long the first key of two waits before the second ones are shown."""

_ALWAYS = ("enter", "escape", "tab", "up", "down")
"""Keys that a line being typed in needs, whatever a user binds them to."""

_QUERIES = (
    ("world model", "both words, in title, abstract, authors, tags or note"),
    ('"world model"', "the phrase"),
    ("-survey", "what lacks it; NOT does the same"),
    ("lora OR adapter", "either; | does the same, (groups) bind"),
    ("title:diff*", "in one field: also abs: author: note:; * is anything"),
    ("/top-?k/", "a pattern, in a field, too: abs:/[0-9]+x/"),
    ("like:tcia", "papers like the one whose key begins so"),
    ("author:=Ng", "the whole field, exactly"),
    ("is:unread", "reading read dismissed starred snoozed decided"),
    ("is:new", "of the last import; also duplicate, selected"),
    ("has:note", "tag list date upvotes authors abstract url"),
    ("#rl tag:none", "a tag with those below it; none at all"),
    ("list:thesis", "a reading list, in your order; list:none in none"),
    ("year:2023..2024", "ranges: date:2024-05.. date:>=2024-05-16 up:>=3 authors:>5"),
    ("date:30d", "ages: added:today read:last-week changed:this-month 2w"),
    ("sort:-up,title", "order: also date added authors unread list relevance"),
    ("limit:20", "at most so many"),
)
"""What the help says of the query language, by examples."""

T = TypeVar("T")


class KeyScreen(Screen[T]):
    """A screen whose bindings are rows of a table; see ``with_keys``."""

    AUTO_FOCUS: ClassVar[str | None] = ""  # else a hidden line may get the keys
    rows: ClassVar[tuple[Key, ...]] = ()
    """Its rows of the table as they are shipped."""
    table: ClassVar[tuple[Key, ...]] = ()
    """Its rows with the user's keys in them."""
    custom: ClassVar[Mapping[str, str]] = {}
    """The user's keys by binding id."""
    _prefix = ""
    _hint_timer: "Timer | None" = None

    @classmethod
    def with_keys(cls, custom: Mapping[str, str]) -> type[Self]:
        """This screen, bound to its rows of the table with a user's keys in them."""
        table, _ = resolve(custom, cls.rows)
        names = [*_ALWAYS, *(part for k in table for name in k.keys for part in name.split(" "))]
        bindings: list[BindingType] = [
            # With priority, a key acts before the next one is looked at: keys that arrive together,
            # as they do over a slow line, act in order and on the screen they were meant for.
            Binding("comma" if key == "," else key, f"press({key!r})", show=False, priority=True)
            for key in dict.fromkeys(names)
        ]
        made = {"BINDINGS": bindings, "table": table, "custom": dict(custom)}
        return type(cls.__name__, (cls,), made)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leaves the keys to a line that is being typed in."""
        return not (action == "press" and isinstance(self.focused, Input))

    async def action_press(self, key: str) -> None:
        """Does what a key is bound to, alone or as the second of two."""
        first = self._prefix
        wanted = f"{first} {key}" if first else key
        self._end_prefix()
        self.bottom.clear_message(brief=True)
        for bound in self.table:
            if wanted in bound.keys:
                place = bound.keys.index(wanted) + 1
                if self.may(bound):
                    await self.run_action(bound.action.replace("{place}", str(place)))
                return
        if first:
            self._say_unknown(first, key)
        elif any(name.startswith(f"{key} ") for bound in self.table for name in bound.keys):
            self._prefix = key
            self._hint_timer = self.set_timer(HINT_SECONDS, self._show_hints)

    def may(self, bound: Key) -> bool:
        """Whether a binding acts now; a screen that refuses says why."""
        return True

    def on_key(self, event: events.Key) -> None:
        """A key that is bound to nothing ends the wait for a second one."""
        first = self._prefix
        if self._end_prefix():
            event.stop()
            self._say_unknown(first, event.character if event.is_printable else event.key)

    def _say_unknown(self, first: str, second: str | None) -> None:
        if second != "escape":
            self.say(f"{shown(first)}{shown(second or '')} is no command; ? shows the keys")

    def _end_prefix(self) -> bool:
        """Whether a first key was waiting; it no longer is."""
        if not self._prefix:
            return False
        self._prefix = ""
        if self._hint_timer is not None:
            self._hint_timer.stop()
        self.bottom.clear_message()
        return True

    def _show_hints(self) -> None:
        hints = [
            f"{shown(name.split(' ')[1])} {key.label}"
            for key in self.table
            for name in key.keys
            if name.startswith(f"{self._prefix} ")
        ]
        self.bottom.say(f"{self._prefix}  " + "  ".join(hints), stay=True)

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

    async def ask(self, picker: Picker, then: Answered) -> None:
        """Asks something, and goes on with the answer if there is one.

        Returns when the question is on screen, so that what is typed ahead goes into it.
        """
        picker.then = then
        await self.app.push_screen(picker)

    async def action_palette(self) -> None:
        """Finds a command by what it does."""
        choices = [
            Choice(key.action, f"{key.label}: {told(key)}", " ".join(map(shown, key.keys)), key.id)
            for key in self.table
            if key.action != "palette" and "{" not in key.action
        ]

        async def run(answer: Answer) -> None:
            await self.run_action(answer.text)

        await self.ask(Picker("command", choices, hint="type what you want to do"), run)

    async def action_help(self) -> None:
        """All keys, those of this screen first."""
        ours = {key.id for key in self.table}
        others = [key for key in all_keys(self.custom)[0] if key.id not in ours]
        await self.app.push_screen(Help([*self.table, *others], _QUERIES, in_pane=self.is_in_pane))

    @property
    def is_in_pane(self) -> bool:
        """Whether a paper's abstract has the keys."""
        return False
