"""What asks the reader something, and the help. A dialog gives an answer and changes nothing."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.model.text import fold, sanitize
from tui.ui.bindings import Key
from tui.ui.keymap import shown, told
from tui.ui.widgets.line_input import Line


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    value: str
    label: str
    detail: str = ""
    """Dim, at the right."""
    also: str = ""
    """What it is found by, too."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader answered."""

    text: str
    switch: str = ""
    """The value of the switch, where there is one."""
    key: str = "enter"
    """The key that answered."""


MAX_TYPED = 4_000
"""Characters of what is typed already; the longest is a note."""

Answered = Callable[[Answer], Awaitable[None] | None]

Choices = Callable[[str, str], Sequence[Choice]]
"""What there is to choose from behind a text, given what of the next word is typed."""


class Picker(ModalScreen[None]):
    """A question at the foot of the screen: choose, or type.

    Typing narrows the choices; Enter takes the highlighted one, or what was typed where that is
    allowed; Tab completes; Escape leaves everything as it was.
    """

    # With priority, so that keys act in the order in which they were typed; see KeyScreen.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("enter,ctrl+j", "accept", show=False, priority=True),
        Binding("ctrl+x", "accept_elsewhere", show=False, priority=True),
        Binding("tab", "complete", show=False, priority=True),
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("up,ctrl+p", "move(-1)", show=False, priority=True),
    ]

    def __init__(
        self,
        prompt: str,
        choices: Sequence[Choice] | Choices = (),
        *,
        value: str = "",
        new: str = "",
        words: bool = False,
        switch: Sequence[str] = (),
        hint: str = "",
        remark: str = "",
        elsewhere: bool = False,
    ) -> None:
        """Asks one thing.

        Args:
            prompt: The question, in a word or two.
            choices: What there is to choose from; or a function that says so for the text before
                the word that is typed.
            value: What is typed already.
            new: How to offer what was typed as something new, ``make list``; empty if only the
                choices will do. Without choices whatever was typed will do.
            words: Whether several words are to be typed, each of them completed.
            switch: Values that Tab goes through, where nothing is completed.
            hint: Shown while nothing is typed.
            remark: Shown above, as what went wrong with the last answer.
            elsewhere: Whether Ctrl+x answers, too, to go on in another program.
        """
        super().__init__()
        self._prompt = prompt
        self._choices = choices
        self._value = sanitize(value, MAX_TYPED)
        self._new = new
        self._words = words
        self._switch = list(switch)
        self._hint = hint
        self._remark = remark
        self._elsewhere = elsewhere
        self._moved = False
        self._shown: list[Choice] = []
        self._narrowed: str | None = None
        self.then: Answered = lambda _: None
        """What is done with the answer."""

    def compose(self) -> ComposeResult:
        """The choices above the line that is typed in."""
        with Vertical(id="picker"):
            if self._remark:
                yield Static(Content(sanitize(self._remark)), id="remark")
            yield OptionList(id="choices", markup=False, compact=True)
            with Horizontal(id="ask"):
                yield Static(Content(sanitize(self._prompt)), id="prompt")
                yield Line(
                    self._value,
                    id="answer",
                    placeholder=self._hint,
                    compact=True,
                    select_on_focus=False,
                )
                yield Static(id="switch", markup=False)

    def on_mount(self) -> None:
        """Puts the cursor behind what is typed already."""
        answer = self.query_one(Line)
        answer.cursor_position = len(self._value)
        self.set_focus(answer)
        self._narrow()
        self._show_switch()

    @property
    def _typed(self) -> str:
        text = self.query_one(Line).value
        return text.rsplit(" ", 1)[-1] if self._words else text

    def _offered(self) -> Sequence[Choice]:
        if callable(self._choices):
            text = self.query_one(Line).value
            return self._choices(text[: len(text) - len(self._typed)], self._typed)
        return self._choices

    @on(Input.Changed, "#answer")
    def _narrow(self) -> None:
        """Shows the choices that fit what is typed; what was highlighted by hand stays so."""
        text = self.query_one(Line).value
        if text == self._narrowed:
            return
        self._narrowed = text
        options = self.query_one("#choices", OptionList)
        wanted = fold(self._typed).lstrip("+-#").split()
        found = [
            choice
            for choice in self._offered()
            if all(word in fold(f"{choice.label} {choice.also}") for word in wanted)
        ]
        typed = self._typed.strip()
        begun = [c for c in found if fold(c.label).startswith(fold(typed))]
        begun.sort(key=lambda c: fold(c.value) != fold(typed))
        if self._new and typed and not any(fold(c.value) == fold(typed) for c in found):
            # Behind what begins so, before what only holds it somewhere.
            begun.append(Choice(typed, f"{self._new} “{sanitize(typed)}”"))
        found = [*begun, *(c for c in found if c not in begun)]
        self._moved = False
        options.clear_options()
        width = max((Content(sanitize(c.label, 60)).cell_length for c in found), default=0)
        options.add_options(Option(_choice_line(c, width), id=None) for c in found)
        self._shown = found
        options.set_class(not found, "-empty")
        options.highlighted = 0 if found and not self._words else None

    def _show_switch(self) -> None:
        text = f"{self._switch[0]}  (Tab)" if self._switch else ""
        self.query_one("#switch", Static).update(Content(text))

    async def _settle(self) -> None:
        await self.query_one(Line).settle()
        self._narrow()

    async def action_move(self, by: int) -> None:
        """To another choice."""
        options = self.query_one("#choices", OptionList)
        (options.action_cursor_down if by > 0 else options.action_cursor_up)()
        self._moved = True

    async def action_complete(self) -> None:
        """Completes what is typed, or turns the switch."""
        await self._settle()
        options = self.query_one("#choices", OptionList)
        if self._switch:
            self._switch.append(self._switch.pop(0))
            self._show_switch()
        elif self._shown and (self._words or options.highlighted is not None):
            self._complete(self._shown[options.highlighted or 0])

    def _complete(self, choice: Choice) -> None:
        answer = self.query_one(Line)
        if self._words:
            before = answer.value[: len(answer.value) - len(self._typed)]
            behind = "" if choice.value.endswith("/") else " "  # a folder goes on
            answer.value = f"{before}{choice.value}{behind}"
        else:
            answer.value = choice.value
        answer.cursor_position = len(answer.value)

    async def action_accept(self) -> None:
        """Answers with the highlighted choice, or with what is typed."""
        await self._settle()
        chosen = self.query_one("#choices", OptionList).highlighted
        answer = self.query_one(Line)
        if self._words:
            if chosen is not None and self._moved:
                self._complete(self._shown[chosen])
            await self._give(answer.value.strip())
        elif not (self._choices or self._new):
            await self._give(answer.value)
        elif chosen is not None:
            await self._give(self._shown[chosen].value)

    @on(OptionList.OptionSelected, "#choices")
    def _take(self, event: OptionList.OptionSelected) -> None:
        choice = self._shown[event.option_index]
        if self._words:
            self._complete(choice)
            self.set_focus(self.query_one(Line))
        else:
            self.app.call_later(self._give, choice.value)

    async def action_accept_elsewhere(self) -> None:
        """Answers with what is typed, to be gone on with in another program."""
        if self._elsewhere:
            await self._settle()
            await self._give(self.query_one(Line).value, "ctrl+x")

    async def _give(self, text: str, key: str = "enter") -> None:
        answer = Answer(text, self._switch[0] if self._switch else "", key)
        await self.dismiss(None)
        # Awaited, so that what follows is on screen before the next key is looked at.
        if (following := self.then(answer)) is not None:
            await following

    async def action_leave(self) -> None:
        """Answers nothing."""
        await self.dismiss(None)


def _choice_line(choice: Choice, width: int) -> Content:
    label = Content(sanitize(choice.label, 60))
    gap = " " * (width - label.cell_length + 2)
    return Content.assemble(label, gap, (sanitize(choice.detail), "$muted"))


class Help(Screen[None]):
    """Every key by what it is for, with the user's own keys, narrowed by typing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark", "leave", show=False, priority=True),
        Binding("down", "scroll(1)", show=False, priority=True),
        Binding("up", "scroll(-1)", show=False, priority=True),
        Binding("ctrl+d,pagedown", "scroll(12)", show=False, priority=True),
        Binding("ctrl+u,pageup", "scroll(-12)", show=False, priority=True),
    ]

    def __init__(
        self, keys: Sequence[Key], queries: Sequence[tuple[str, str]], *, in_pane: bool = False
    ) -> None:
        """Begins with everything.

        Args:
            keys: All bindings, those of the screen before the others.
            queries: Examples of queries, and what each finds.
            in_pane: Whether the abstract has the keys, in which some do something else.
        """
        super().__init__()
        self._keys = keys
        self._queries = queries
        self._in_pane = in_pane

    def compose(self) -> ComposeResult:
        """A line to type in over the table."""
        with Horizontal(id="help-head"):
            yield Static(Content("Keys in the abstract" if self._in_pane else "Keys"), id="prompt")
            yield Line(id="help-filter", placeholder="type to search, Esc to go back", compact=True)
        with VerticalScroll(id="help-text"):
            yield Static(id="help-table", markup=False)

    def on_mount(self) -> None:
        """Shows everything."""
        self.set_focus(self.query_one(Line))
        self._narrow()

    @on(Input.Changed, "#help-filter")
    def _narrow(self) -> None:
        wanted = fold(self.query_one(Line).value).split()

        def wants(key: Key) -> bool:
            known = fold(f"{told(key)} {key.label} {key.group} {key.id} {_names(key)}")
            return all(word in known for word in wanted)

        queries = [
            q for q in self._queries if all(w in fold(f"queries {' '.join(q)}") for w in wanted)
        ]
        self.query_one("#help-table", Static).update(
            self._table(list(filter(wants, self._keys)), queries)
        )

    def _table(self, keys: Sequence[Key], queries: Sequence[tuple[str, str]]) -> Content:
        lines: list[Content] = []
        width = max((len(_names(key)) for key in keys), default=0)
        for group, members in groupby(keys, key=lambda key: key.group):
            lines += [Content(""), Content.styled(group, "bold")]
            for key in members:
                does = key.pane if self._in_pane and key.pane else told(key)
                lines.append(Content.assemble((f"  {_names(key):<{width}} ", "$accent"), does))
        if queries:
            lines += [
                Content(""),
                Content.styled("Queries, in the filter and wherever else", "bold"),
            ]
            wide = max(len(query) for query, _ in queries)
            for query, finds in queries:
                lines.append(Content.assemble((f"  {query:<{wide}} ", "$accent"), finds))
        if not lines:
            lines = [Content(""), Content("No key does that. Ctrl+p finds commands by name, too.")]
        last = "Keys are yours: [keys] in config.toml, by the names that papers-tui keys lists."
        lines += [Content(""), Content.styled(last, "$muted")]
        return Content("\n").join(lines)

    def action_scroll(self, by: int) -> None:
        """Scrolls the table while the line keeps the keys."""
        text = self.query_one("#help-text", VerticalScroll)
        rows = by if abs(by) == 1 else by // abs(by) * max(1, text.size.height - 2)
        text.scroll_relative(y=rows, animate=False)

    def action_leave(self) -> None:
        """Back to the papers."""
        self.dismiss(None)


def _names(key: Key) -> str:
    """A binding's keys as people write them; of many in a row the first and the last."""
    names = [shown(name) for name in key.keys]
    return f"{names[0]} … {names[-1]}" if len(names) > 4 else " ".join(names)
