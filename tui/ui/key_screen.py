"""A screen with bindings from the registry, messages, and questions."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar

from textual import events, work
from textual.screen import Screen
from textual.widgets import Input

from tui.actions.context import Download
from tui.actions.keymap import all_bindings, display_key, in_front_end, key_for, resolve
from tui.actions.questions import Answer, Choice, Question
from tui.actions.registry import GROUPS, Binding, Need
from tui.actions.sequences import KeySequence, is_paste_on_page
from tui.errors import ConfirmationError, PapersError
from tui.model.layout import plural
from tui.model.text import sanitize
from tui.ui import textual_fixes
from tui.ui.glyphs import Glyphs
from tui.ui.widgets.key_panel import KeyPanel
from tui.ui.widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from textual.timer import Timer

HINT_SECONDS: Final = 0.3
"""How long after the first key of a sequence the next keys are shown."""
_EXPORTS: Final = ("list.export", "session.write")
"""The bindings that export what is shown to a file."""
_REFUSED: Final = 20
"""Columns of a text that did nothing."""
COUNT_SECONDS: Final = 60.0
"""How long a count is shown if no key follows."""

MAX_LINES: Final = 1_000
"""The most lines that a confirmation has of what is concerned."""

T = TypeVar("T")


def key_name(event: events.Key) -> str:
    """The name of a key in a keymap."""
    if event.character and event.is_printable and event.character != " ":
        return event.character
    return event.key


def _names(event: events.Key) -> tuple[str, str]:
    """The name of a key in a keymap, and of that of a Latin layout, if the terminal says so."""
    return key_name(event), event.latin if isinstance(event, textual_fixes.Key) else ""


class KeyScreen(Screen[T]):
    """A screen with bindings, a message bar, and questions."""

    AUTO_FOCUS: ClassVar[str | None] = ""  # else a hidden input may get the keys
    bindings_of: ClassVar[str] = "papers"
    """The name of its bindings in the registry."""

    def __init__(self, keys: Mapping[str, str], glyphs: Glyphs) -> None:
        super().__init__()
        self.keys = keys
        self.glyphs = glyphs
        self.bindings = in_front_end(resolve(keys, self.bindings_of)[0])
        self.uses: Counter[str] = Counter()
        """How often each binding was run, by id."""
        self._asking = ""
        """The binding whose question is open, by id; else empty."""
        self._acting = ""
        """The binding that is run now, by id; else empty."""
        self._blank: frozenset[str] = frozenset()
        """The ids of the bindings that cannot act, whatever they need."""
        self._hidden: Collection[str] = ()
        """The ids of the bindings that the footer leaves out; see ``_idle``."""
        self._sequence = KeySequence(self.bindings)
        self._hint_timer: Timer | None = None
        self._key_panel: KeyPanel | None = None

    # Keys

    def take_bindings(self, of: str) -> None:
        """Has the keys of a screen, or of a part of one, by its name in the registry."""
        self.bindings = in_front_end(resolve(self.keys, of)[0])
        self._sequence = KeySequence(self.bindings)

    @property
    def takes_keys(self) -> bool:
        """Whether keys are for the screen, not for an input."""
        return not isinstance(self.focused, Input)

    async def press(self, event: events.Key) -> bool:
        """Runs the binding of a key, alone or as the second of a sequence.

        The app awaits this before the next key, so that keys that arrive together act in order, on
        the screen they were meant for.

        Returns:
            Whether the key was for this screen.
        """
        if not self.takes_keys:
            return False
        return await self.press_key(*_names(event))

    def is_paste(self, burst: textual_fixes.Burst) -> bool:
        """Whether keys that came at once are rather a pasted text."""
        return is_paste_on_page(map(_names, burst.keys), self.bindings)

    async def press_key(self, name: str, latin: str = "") -> bool:
        """Runs the binding of a key, given by name; see ``press`` and ``KeySequence.press``."""
        self._show_pending(False)
        self.bottom.clear_message(brief=True)
        pressed = self._sequence.press(name, latin)
        if pressed is None:
            self._show_pending(True)
        elif pressed.binding is not None:
            with self.reporting():
                await self.run_binding(pressed.binding, pressed.place, pressed.count)
        elif not pressed.is_cancelled:
            if name.startswith("ctrl+"):
                return False  # Textual has some
            self.say(self.unknown(pressed.name))
        return True

    def unknown(self, name: str) -> str:
        """A message that keys, by name, are none of this screen."""
        help = next((each.id for each in self.bindings if each.id.endswith(".help")), "")
        return f"{display_key(name)} is not a key here; press {self.key_for(help)} for help"

    async def run_binding(self, binding: Binding, place: int = 1, count: int | None = None) -> None:
        """Runs a binding.

        Args:
            place: The number of the key pressed among its keys, from 1.
            count: The number typed before it, if any.
        """
        self.uses[binding.id] += 1
        self._asking, self._acting = "", binding.id
        if binding.action:
            await self.run_action(binding.command(place, count))
        else:
            await self.run_line(binding.command(place, count), count)
        self._acting = ""

    async def run_line(self, line: str, count: int | None = None) -> None:
        """Runs a command line, on ``count`` papers from the cursor on; on the main screen only."""
        raise NotImplementedError

    async def action_press(self, name: str) -> None:
        """Presses a key, as a click on it in the footer does."""
        await self.press_key(name)

    async def action_run_command(self, line: str) -> None:
        """Runs a command line, as a click on what it does is meant."""
        self.bottom.clear_message(brief=True)
        await self.run_line(line)

    async def action_run_binding(self, id: str, count: int | None = None) -> None:
        """Runs a binding, as a click on what it changes does; see ``run_binding``."""
        self.bottom.clear_message(brief=True)
        await self.run_binding(next(each for each in self.bindings if each.id == id), count=count)

    def restore_uses(self, uses: object) -> None:
        """Counts on from what ``uses`` was before; invalid values are ignored."""
        ids = {binding.id for binding in self.bindings}
        for id, count in uses.items() if isinstance(uses, dict) else ():
            if id in ids and isinstance(count, int) and count > 0:
                self.uses[id] += count

    def key_for(self, id: str) -> str:
        """The key of a binding as it is usually written; that of the palette if it has none."""
        return key_for(self.bindings, id)

    def refuse(self, text: str) -> None:
        """Says that a text which came at once did nothing, as it is likely a paste."""
        self.end_sequence()
        shown = sanitize(" ".join(text.split()), _REFUSED)
        self.say(f"“{shown}” arrived all at once, like a paste, so it was ignored", error=True)

    def end_sequence(self) -> None:
        """Forgets the keys of a sequence that is not complete."""
        self._sequence.end()
        self._show_pending(False)

    def _show_pending(self, is_pending: bool) -> None:
        """Shows the count typed so far, and soon what can follow a first key; or hides it."""
        if self._hint_timer is not None:
            self._hint_timer.stop()
            self._hint_timer = None
        if self._key_panel is not None:
            self._key_panel.display = False
        if is_pending and self._sequence.prefix:
            self._hint_timer = self.set_timer(HINT_SECONDS, self._show_continuations)
        elif is_pending:
            self.bottom.show_message(self._sequence.count, seconds=COUNT_SECONDS)

    async def _show_continuations(self) -> None:
        if self._key_panel is None:
            self._key_panel = KeyPanel()
            await self.mount(self._key_panel)
        if self._sequence.prefix:
            keys = self._sequence.continuations.items()
            shown = {name: binding for name, binding in keys if binding.id not in self._hidden}
            self._key_panel.show_keys(shown)

    # Outside the app

    @work(thread=True)
    def copy(self, text: str, what: str) -> None:
        """Copies a text to the clipboard, and reports the result."""
        from tui.ui import external  # here, as a start uses no other program

        export = next((each.id for each in self.bindings if each.id in _EXPORTS), "")
        messages, error = external.copy(self.app, text, what, self.key_for(export))
        self.app.call_from_thread(self.say, *messages, error=error)

    @work(thread=True)
    def browse(self, url: str) -> None:
        """Opens a URL in the browser, and reports the result."""
        from tui.ui import external  # here, as a start uses no other program

        messages, error = external.browse(self.app, url)
        self.app.call_from_thread(self.say, *messages, error=error)

    def deliver(self, file: Download) -> None:
        """Has the browser save a file, and says so."""
        self.app.deliver_binary(BytesIO(file.data), save_filename=file.name)
        self.say(f"Exported: {sanitize(file.name)}")

    # Messages and questions

    @property
    def has_widgets(self) -> bool:
        """Whether it is open; what it waited for may come when it is closed."""
        return self.is_attached and bool(self.query(MessageBar))

    @property
    def bottom(self) -> MessageBar:
        """The message bar."""
        return self.query_one(MessageBar)

    def show_keys(self, labels: Mapping[str, str] = MappingProxyType({}), lead: str = "") -> None:
        """Shows the footer, most important keys first, without those that cannot act.

        Args:
            labels: Labels by binding id, in place of those of the bindings; with an empty one it
                cannot act.
            lead: A few words before the keys, of which then those with a label come first.
        """
        self._blank = frozenset(id for id, label in labels.items() if not label)
        self._hidden = self._idle()
        ranks = {id: rank for rank, id in enumerate(labels, 1)} if lead else {}
        shown = [
            replace(each, footer=ranks.get(each.id, each.footer + len(ranks)))
            for each in self.bindings
            if each.keys and (each.footer or each.id in ranks)
        ]
        shown.sort(key=lambda binding: binding.footer)
        keys = [(each, labels.get(each.id, each.label)) for each in shown]
        keys = [(each, label) for each, label in keys if each.id not in self._hidden]
        self.bottom.show_keys(keys, lead)

    def _idle(self) -> Collection[str]:
        """The ids of the bindings that cannot act now, as something is missing that they need."""
        needs = {each.needs for each in self.bindings if each.needs}
        missing = {need for need in needs if not self.has(need)}
        return self._blank.union(each.id for each in self.bindings if each.needs in missing)

    def has(self, need: Need) -> bool:
        """Whether there is what a binding needs, so that it is offered."""
        return True

    def say(self, text: str, *shorter: str, error: bool = False, can_be_cut: bool = False) -> None:
        """Shows a message, unless the screen was closed meanwhile; see ``MessageBar``."""
        if self.has_widgets:
            self.bottom.show_message(text, *shorter, error=error, can_be_cut=can_be_cut)

    def say_error(self, error: PapersError) -> None:
        """Shows an error, without what to do about it where the row is too short."""
        self.say(str(error), error.message, error=True)

    async def come_to_front(self) -> None:
        """Closes the screens that were opened over this one, as what it does now is shown here."""
        while isinstance(above := self.app.screen, KeyScreen) and above is not self:
            await above.dismiss(None)

    def reload(self) -> None:
        """Shows what another instance or a shell changed."""

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Catches errors and shows them; the only place of the app that does."""
        try:
            yield
        except PapersError as error:
            self.say_error(error)

    async def ask(
        self, question: Question, then: Callable[[Answer], Awaitable[None] | None]
    ) -> None:
        """Asks a question, and passes the answer on, unless cancelled.

        Returns when the question is on screen, so that it gets what is typed ahead.
        """
        from tui.ui.widgets.picker import Picker  # here, as a start asks nothing

        self._asking = self._acting or self._asking
        await self.app.push_screen(Picker(question, then, self.glyphs, cancelled=self._cancelled))

    def _cancelled(self, discarded: int) -> None:
        """Counts a binding as not run, as its question was cancelled; says what is discarded."""
        if discarded:
            self.say(f"Not saved: {plural(discarded, 'check')}; Enter saves")
        if self._asking:
            self.uses[self._asking] -= 1
            self._asking = ""

    async def confirm(
        self,
        error: ConfirmationError,
        go_on: Callable[[], Awaitable[None]],
        leave: Callable[[], Awaitable[None]] | None = None,
        *,
        is_sudden: bool = False,
    ) -> None:
        """Asks whether to go on with what needs a confirmation.

        Args:
            go_on: Called if the user confirms.
            leave: Called if not, if given; but not if most users confirm, as it is no error then.
            is_sudden: See ``Question``.
        """

        async def answered(answer: Answer) -> None:
            if answer.text == "yes":
                await go_on()
            elif leave is not None and not error.is_expected:
                await leave()

        self.bottom.clear_message()
        choices = (Choice("no", error.no, keywords="no"), Choice("yes", error.yes, keywords="yes"))
        lines = error.first_lines(MAX_LINES)
        if error.is_expected:
            heading = f"{error.message}:" if error.lines else error.message
            question = Question(error.question, choices[::-1], lines=(heading, *lines))
        else:
            question = Question(error.question, choices, lines=lines, error=error.message)
        await self.ask(replace(question, is_sudden=is_sudden), answered)

    async def action_palette(self, groups: Collection[str] = GROUPS) -> None:
        """Opens the command palette of some groups: what is used most first.

        What moves comes last, but for what cannot act now.
        """
        choices = [
            Choice(
                binding.id,
                binding.description,
                " ".join(map(display_key, binding.keys)),
                f"{binding.synonyms} {binding.id} {binding.label}".strip(),
            )
            for binding in sorted(self.bindings, key=lambda each: -self.uses[each.id])
            if binding.group in groups
            if binding.line != "palette" and "{place}" not in binding.line
        ]
        typed = {each.value: each for each in self.typed_commands() if groups is GROUPS}

        async def run(answer: Answer) -> None:
            if answer.text in typed:
                await self.type_command(answer.text)
            else:
                await self.run_binding(next(b for b in self.bindings if b.id == answer.text))

        idle, moves = self._idle(), {each.id for each in self.bindings if each.moves}
        choices = sorted(
            [*choices, *typed.values()], key=lambda each: (each.value in idle, each.value in moves)
        )
        await self.ask(Question("Command", choices, hint="type to search"), run)

    def typed_commands(self) -> Iterable[Choice]:
        """Commands that have no key, which the palette lists after those that have one."""
        return ()

    async def type_command(self, line: str) -> None:
        """Has the user complete such a command."""

    async def action_help(self) -> None:
        """Shows all keys, those of this screen first."""
        from tui.ui.widgets.help import Help

        own = {binding.id for binding in self.bindings}
        every = in_front_end(all_bindings(self.keys)[0])
        others = [binding for binding in every if binding.id not in own]
        await self.app.push_screen(Help([*self.bindings, *others], in_pane=self.is_pane_focused))

    @property
    def is_pane_focused(self) -> bool:
        """Whether the abstract has the focus."""
        return False
