"""An input that handles keys in the order in which they were typed."""

import asyncio
from collections.abc import Sequence
from typing import Final

from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from tui.actions.pasting import pasted_text
from tui.model.text import sanitize, sanitize_lines

PAGE_LINES: Final = 5
"""The least number of line ends in a paste that is taken for a page."""
_EDITS: Final = {
    key.strip(): binding.action
    for binding in Input.BINDINGS
    if isinstance(binding, Binding)
    for key in binding.key.split(",")
    if binding.action != "submit"
}


class LineInput(Input):
    """An input whose editing keys act before what is typed after them.

    Textual 8.2.8 handles characters at once but bindings only after they have bubbled up, so that
    among keys arriving together a backspace would delete a later letter. Reported as
    https://github.com/Textualize/textual/issues/6605; remove ``on_key`` once
    https://github.com/Textualize/textual/pull/6631 is released.
    """

    virtual_size = Reactive(Size(0, 0))  # a change needs no layout
    leaves_pages = False
    """Whether a page that is pasted is left to the screen, as it is no text for this line."""
    marks: Sequence[tuple[str, str]] = ()
    """Marks that stand for line breaks and tabs; see ``Question.marks``."""
    is_marked = False
    """Whether they do so in its value."""

    async def on_key(self, event: events.Key) -> None:
        """Edits at once; all other keys are left to ``Input``."""
        if action := _EDITS.get(event.key):
            event.stop()
            event.prevent_default()
            await self.run_action(action)

    def on_paste(self, event: events.Paste) -> None:
        """Inserts a text in one line, unless it is a page that the screen takes."""
        event.prevent_default()
        if self.leaves_pages and event.text.strip().count("\n") >= PAGE_LINES:
            return
        event.stop()
        text = pasted_text(event.text).strip("\n")
        is_kept = self.marks and "\n" in text
        line = self.marked(sanitize_lines(text)) if is_kept else sanitize(" ".join(text.split()))
        if line:
            self.insert_text_at_cursor(line)

    def marked(self, text: str) -> str:
        """A text in one line, with marks from now on."""
        for char, mark in self.marks:
            self.is_marked = self.is_marked or char in text
            text = text.replace(char, mark)
        return text

    @property
    def text(self) -> str:
        """The value with what its marks stand for."""
        text = self.value
        for char, mark in self.marks if self.is_marked else ():
            text = text.replace(mark, char)
        return text

    async def settle(self) -> None:
        """Returns when everything typed so far has been handled."""
        settled = asyncio.Event()
        self.call_later(settled.set)
        await settled.wait()
