"""The dialog for questions: choose or type an answer."""

import math
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.actions.command_line import as_typed
from tui.actions.questions import Answer, Choice, Question
from tui.actions.registry import app_front_end
from tui.model.text import sanitize, sanitize_lines
from tui.ui.glyphs import Glyphs
from tui.ui.themes import PAGES
from tui.ui.widgets.choices import Checks, choice_rows, matching
from tui.ui.widgets.line_input import LineInput
from tui.ui.widgets.marked_rows import MarkedRows

MAX_TYPED: Final = 4_000
"""Characters of the initial text; the longest is a note."""
_AROUND: Final = 5
"""Columns of padding in the line of the prompt."""
_LOW: Final = 16
"""Rows of a screen on which there is no room for explanations and choices."""
_OTHER_ROWS: Final = 3
"""Rows that lines leave to the choices, and to what is wrong."""
_TYPED: Final = 10
"""Columns of what is typed to choose one."""
_MARGIN: Final = 3
"""Columns of the screen beside choices: padding, and the scroll bar."""


class Lines(VerticalScroll, can_focus=False):
    """The lines above the choices, which scroll if there is no room for all of them."""


class Picker(ModalScreen[None]):
    """A question at the bottom of the screen.

    Typing filters the choices; Enter accepts the highlighted one, or what was typed where allowed;
    Tab completes, a path as shells do; Shift+Tab switches the option, as does Tab if there is
    nothing to complete; Escape cancels.
    """

    CSS_PATH = PAGES
    AUTO_FOCUS: ClassVar[str | None] = ""  # else the choices get it before the line does
    line = query_one(LineInput)
    choices = query_one(MarkedRows)

    def __init__(
        self,
        question: Question,
        then: Callable[[Answer], Awaitable[None] | None],
        glyphs: Glyphs,
        *,
        cancelled: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Asks one question.

        Args:
            then: Called with the answer, and awaited before the next key is handled, so that what
                is typed ahead goes to what it opens; a screen result would come too late.
            cancelled: Called if it is not answered, with the number of checks that are discarded.
        """
        super().__init__()
        self._glyphs = glyphs
        has_only_choices = bool(question.choices) and not (question.words or question.new)
        self._leaves_pages = has_only_choices
        """Whether a page that is pasted is read by the screen below, once this is answered."""
        self._question = question
        self._then = then
        self._cancelled = cancelled
        lines = question.value if question.marks else " ".join(question.value.split("\n"))
        self._value = sanitize_lines(lines, MAX_TYPED)
        self._options = list(question.options)
        """The present option first."""
        self._checks = Checks(question) if question.is_checklist else None
        self._matches: Sequence[Choice] = ()
        self._narrowed_by: str | None = None
        """The text that the choices are for."""
        self._taken = ""
        """A path that Tab took from them, while they stay for the next Tab."""
        self._room = 0
        """Columns for what else is in the line of the prompt; half of one is the answer's."""
        self._fitted = (0, 0)
        """The size of the screen that the choices were made for."""
        self._is_moved = False
        """Whether the user moved the highlight."""
        self._pasted: list[events.Paste] = []
        self._shown_at = math.inf if question.is_sudden else 0.0
        """When it was on screen, by the clock of events."""

    def compose(self) -> ComposeResult:
        """The choices above the input."""
        question = self._question
        with Vertical(id="picker"):
            with Vertical(id="above"):
                yield Static(id="error")
                if question.lines:
                    lines = "\n".join(map(sanitize, question.lines))
                    with Lines():
                        yield Static(Content(lines), id="lines")
                yield MarkedRows(self._glyphs, "choices")
            mark = ":" * (question.prompt[-1:] not in (":", "?"))
            prompt = sanitize(f"{question.prompt}{mark}")
            line = LineInput(
                self._value,
                id="answer",
                placeholder=question.hint,
                compact=True,
                select_on_focus=False,
            )
            line.marks = question.marks
            line.value = line.marked(line.value)
            parts = (Static(Content(prompt), id="prompt"), line, Static(id="option", markup=False))
            half = self.app.size.width // 2
            self._room = half - cell_len(prompt) - _AROUND
            with Vertical(id="asked"):
                if any(len(self._labelled(option)) > self._room for option in self._options):
                    self._room += half
                    yield Horizontal(parts[0], parts[2], classes="question")
                    yield Horizontal(line, classes="question")
                else:
                    yield Horizontal(*parts, classes="question")

    def on_mount(self) -> None:
        """Puts the cursor at the end of the initial text, or selects it."""
        self._show_error(self._question.error)
        self.line.leaves_pages = self._leaves_pages
        for lines in self.query(Lines):
            self.watch(lines, "show_vertical_scrollbar", self._show_scrolling)
        self.line.cursor_position = len(self._value)
        self.set_focus(self.line)
        if self._question.is_replaced and not self._question.error:
            self.line.select_all()
        self._narrow()
        self._show_option()
        if self._question.is_sudden:
            self.call_after_refresh(self._be_shown)

    @property
    def is_shown(self) -> bool:
        """Whether keys are for it: those typed before it was on screen are not."""
        return self._shown_at < math.inf

    def _be_shown(self) -> None:
        self._shown_at = Message().time

    async def press(self, event: events.Key) -> bool:
        """Handles a key; whether it was for the question itself, or cannot have been."""
        if event.time <= self._shown_at:
            return True
        match event.key:
            case "escape":
                self._cancelled(len(self._checks.changes) if self._checks else 0)
                await self.dismiss(None)
            case "enter" | "ctrl+j":
                await self._accept()
            case "tab" if self._question.other and self.line.value == self._value:
                await self._give("", event.key)
            case "tab" if self._checks:
                await self._check()
            case "space" if self._checks:
                await self._settle()
                if self.line.value:
                    return False
                await self._check()
            case "tab":
                await self._complete()
            case "shift+tab" if self._options:
                self._switch()
            case "down" | "ctrl+n":
                self._move(1)
            case "up" | "ctrl+p":
                self._move(-1)
            case "pagedown" if self._question.lines:
                self.query_one(Lines).scroll_page_down(animate=False)
            case "pageup" if self._question.lines:
                self.query_one(Lines).scroll_page_up(animate=False)
            case "ctrl+x" if self._question.allow_editor:
                await self._settle()
                await self._give(self.line.text, event.key)
            case _:
                return False
        return True

    @property
    def _before(self) -> str:
        """The text before the word being completed."""
        text = self._narrowed_by or ""
        return text[: text.rfind(" ") + 1] if self._question.words else ""

    @property
    def _typed(self) -> str:
        return (self._narrowed_by or "")[len(self._before) :]

    def _show_error(self, text: str) -> None:
        error = self.query_one("#error", Static)
        error.update(Content(as_typed(sanitize(text), app_front_end())))
        error.display = bool(text)

    def on_paste(self, event: events.Paste) -> None:
        """Keeps a page that is pasted for the screen below."""
        self._pasted.append(event)
        self.query_one("#option", Static).update(Content("The paste is handled next"))

    def on_unmount(self) -> None:
        """Hands on what was pasted."""
        for event in self._pasted:
            self.app.post_message(events.Paste(event.text))

    @on(Input.Changed, "#answer")
    def _narrow(self) -> None:
        """Shows the choices that match what is typed."""
        if self.line.value in (self._narrowed_by, self._taken or None):
            return  # keep the user's highlight
        self._taken = ""
        if self._narrowed_by is not None:
            self._show_error("")  # it was about the text before
        self._narrowed_by = self.line.value
        self._is_moved = False
        self._show_matches()

    def _show_matches(self) -> None:
        self._fitted = self.app.size
        self._matches = matches = self._matching()
        marks = [self._checks.mark(each) if self._checks else "" for each in matches]
        room = self.app.size.width - _MARGIN
        self.choices.set_options(map(Option, choice_rows(matches, marks, room)))
        question = self._question
        if question.choices and not (matches or question.words or question.new):
            self.choices.add_option(
                Option(Content.styled("Nothing found", "$muted"), disabled=True)
            )
        self.choices.set_class(not self.choices.option_count, "-empty")
        if question.lines:  # on a low screen, choices for what is typed take their place
            is_needed = self.app.size.height < _LOW and self.line.value != self._value
            self.query_one("#lines").display = not (is_needed and self.choices.option_count)
        self.choices.highlighted = 0 if matches and not self._question.words else None

    def on_resize(self) -> None:
        """Fits what is above the answer to the screen, so that this is never off it."""
        room = max(self.app.size.height * 3 // 4 - 3, 1)
        self.query_one("#above").styles.max_height = room
        for lines in self.query(Lines):
            lines.styles.max_height = max(room - _OTHER_ROWS, 1)
        if self._narrowed_by is not None and self._fitted != self.app.size:
            highlighted = self.choices.highlighted
            self._show_matches()
            self.choices.highlighted = highlighted

    def _show_scrolling(self, is_scrolled: bool) -> None:
        """Names the key that scrolls the lines, if there are more than are shown."""
        if is_scrolled and not self._options:
            room = self._room + self.app.size.width // 2 - _TYPED
            self._show_aside("PgDn scrolls", room=room)

    def _matching(self) -> Sequence[Choice]:
        choices = self._question.choices
        if callable(choices):
            choices = choices(self._before, self._typed)
        elif self._checks:
            choices = self._checks.choices
        return matching(choices, self._typed, self._question)

    def _show_option(self) -> None:
        if self._options:
            option = self._options[0]
            self._show_aside(self._labelled(option), self._question.option_label(option), option)

    def _show_aside(self, *texts: str, room: int | None = None) -> None:
        """Shows the first of some texts for which there is room, beside the prompt."""
        room = self._room if room is None else room
        text = next((text for text in texts if cell_len(text) <= room), "")
        self.query_one("#option", Static).update(Content(text))

    def _labelled(self, option: str) -> str:
        """An option, what it is of, and the key that switches it."""
        name = f"{self._question.option_name}: " if self._question.option_name else ""
        return f"{name}{self._question.option_label(option)}  (Shift+Tab)"

    async def _settle(self) -> None:
        await self.line.settle()
        self._narrow()

    def _move(self, by: int) -> None:
        (self.choices.action_cursor_down if by > 0 else self.choices.action_cursor_up)()
        self._is_moved = True

    async def _complete(self) -> None:
        """Completes the text, or switches to the next option."""
        await self._settle()
        if self._options and not self._question.choices:
            self._switch()
        elif self._question.common:
            self._complete_path(self._question.common(self.line.value))
        elif self._matches and (self._question.words or self.choices.highlighted is not None):
            self._insert(self._matches[self.choices.highlighted or 0])

    def _complete_path(self, common: str) -> None:
        """Completes what all choices have in common; if nothing is left of it, each in turn."""
        row = self.choices.highlighted
        if row is None and common != self.line.value:
            self._put(common)
        elif self._matches and not self._is_moved:
            row = 0 if row is None else (row + 1) % len(self._matches)
            self.choices.highlighted = row
            self._taken = f"{self._before}{self._matches[row].value}"
            self._put(self._taken)
        elif row is not None:
            self._insert(self._matches[row])

    async def _check(self) -> None:
        """Checks or unchecks the highlighted choice, and goes on."""
        await self._settle()
        row = self.choices.highlighted
        if self._checks and row is not None:
            choice = self._matches[row]
            self._checks.toggle(choice)
            self._narrowed_by = self.line.value = ""
            self._show_matches()
            hints = ("Enter saves, Esc discards", "Enter saves") if self._checks.changes else ()
            self._show_aside(*hints)
            self.choices.highlighted = self._matches.index(self._checks.choice(choice.value))

    def _switch(self) -> None:
        self._options.append(self._options.pop(0))
        self._show_option()

    def _insert(self, choice: Choice) -> None:
        is_last = self._question.common or not self._question.words  # a folder can continue
        self._put(f"{self._before}{choice.value}{'' if is_last else ' '}")

    def _put(self, text: str) -> None:
        self.line.value = text
        self.line.cursor_position = len(text)

    async def _accept(self) -> None:
        """Answers with the highlighted choice, or with the text."""
        await self._settle()
        question, row = self._question, self.choices.highlighted
        if self._checks:
            choice = None if row is None else self._matches[row]
            if answer := self._checks.answer(choice, is_typed=bool(self.line.value)):
                await self._give(answer)
            else:
                self._show_error("Nothing is checked. Type a name, or press Esc.")
        elif question.words:
            if row is not None and self._is_moved:
                self._insert(self._matches[row])
            await self._give(self.line.value.strip())
        elif not (question.choices or question.new):
            await self._give(self.line.text)
        elif row is not None:
            await self._give(self._matches[row].value)
        else:
            self._show_error(f"No choice has “{sanitize(self.line.value, 30)}”. Esc cancels.")

    @on(OptionList.OptionSelected, "#choices")
    def _select(self, event: OptionList.OptionSelected) -> None:
        """Accepts the clicked choice."""
        choice = self._matches[event.option_index]
        if self._checks:
            self.set_focus(self.line)
            self.app.call_later(self._check)
        elif self._question.words:
            self._insert(choice)
            self.set_focus(self.line)
        else:
            self.app.call_later(self._give, choice.value)

    async def _give(self, text: str, key: str = "enter") -> None:
        answer = Answer(text, self._options[0] if self._options else "", key)
        await self.dismiss(None)
        if (task := self._then(answer)) is not None:
            await task
