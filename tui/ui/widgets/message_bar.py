"""The bottom row: a message at the left, keys at the right."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual import events
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from tui.actions.command_line import as_typed
from tui.actions.keymap import display_key
from tui.actions.registry import Binding, app_front_end
from tui.model.text import sanitize

if TYPE_CHECKING:
    from textual.timer import Timer

MESSAGE_SECONDS: Final = 6.0
_GAP: Final = 2
_LEAST: Final = 12
"""Columns of the beginning of a message: with fewer, its end is left out."""
_UNDO: Final = ("undo", "screen.undo")


class MessageBar(Widget):
    """Keys with their labels, and for some time a message beside them."""

    def __init__(self) -> None:
        super().__init__(id="bottom", markup=False)
        self.auto_links = False  # what can be clicked keeps its colours
        self.message = ""
        """The message, if any."""
        self._end = 0
        """Characters of its end, which is not cut."""
        self._more = 0
        """Characters of what follows its end, which is cut first."""
        self._is_error = self._can_be_cut = False
        self._keys: Sequence[tuple[Binding, str]] = ()
        self._hints: Sequence[tuple[Binding, Content]] = ()
        """How each key is drawn."""
        self._lead = ""
        self._hovered = ""
        self._timer: Timer | None = None

    def show_keys(self, keys: Sequence[tuple[Binding, str]], lead: str = "") -> None:
        """Shows keys in this order after a few words; the least important are dropped to fit."""
        if (keys, lead) != (self._keys, self._lead):
            self._keys, self._lead = keys, lead
            self._draw_hints()

    def show_message(
        self,
        text: str,
        *,
        end: str = "",
        more: str = "",
        error: bool = False,
        seconds: float | None = MESSAGE_SECONDS,
        can_be_cut: bool = False,
    ) -> None:
        """Shows a message beside the keys that it leaves room for.

        Args:
            text: The message; an empty one leaves the row to the keys.
            end: Its end, before which it is cut if the row is short, as it names a key, and with
                what separates it.
            more: What follows its end, and is cut first, with what separates it.
            seconds: For how long; ``None`` until it is cleared, without keys, as typing and work
                that goes on have none.
            can_be_cut: Whether it leaves the keys half of the row, as what ends in a title can.
        """
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        text, end, more = as_typed(sanitize(text), app_front_end()), sanitize(end), sanitize(more)
        self.message, self._end, self._more = text + end + more, len(end), len(more)
        self._is_error, self._can_be_cut = error, can_be_cut
        if self.message and seconds is not None:
            self._timer = self.set_timer(seconds, self.clear_message)
        self.refresh()

    def clear_message(self, *, brief: bool = False) -> None:
        """Leaves the row to the keys; with ``brief``, only if its message has a timeout."""
        if self.message and (self._timer is not None or not brief):
            self.show_message("")

    def _on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(event.style.meta.get("@click", ""))

    def _on_leave(self, event: events.Leave) -> None:
        self._hover("")

    def _hover(self, action: str) -> None:
        """Marks the key that does this, which is under the mouse; none if it is empty."""
        if action != self._hovered:
            self._hovered = action
            self._draw_hints()

    def render(self) -> Content:
        """The row, drawn once for all that a key changes in it."""
        width = self.content_region.width
        message = Content.styled(self.message, "bold $error" if self._is_error else "$foreground")
        if (self._end or self._more) and message.cell_length > width:
            message = self._cut_to(width, message)
        if self.message and self._timer is None:
            return message
        least = message.cell_length
        if self._can_be_cut:
            least = min(least, max(width // 2, width - self._keys_in(width).cell_length - _GAP))
        keys = self._keys_in(width - least - _GAP if message else width)
        if self._can_be_cut:  # only as much as the keys that fit take
            message = message.truncate(width - keys.cell_length - _GAP, ellipsis=True)
        gap = " " * max(width - message.cell_length - keys.cell_length, 0) if message else ""
        return Content.assemble(message, gap, keys)

    def _cut_to(self, width: int, message: Content) -> Content:
        """The message without what follows its end, or cut before that, where there is room."""
        begin, end, more = message.divide(
            [len(message) - self._end - self._more, len(message) - self._more]
        )
        if (room := width - begin.cell_length - end.cell_length) >= 0:
            more = more.truncate(room, ellipsis=True) if room >= _LEAST else Content()
            return Content.assemble(begin, end, more)
        if self._end and (room := width - end.cell_length) >= _LEAST:
            return Content.assemble(begin.truncate(room, ellipsis=True), end)
        return message.truncate(width, ellipsis=True)

    def _rank(self, binding: Binding) -> int:
        """Its place among the keys by importance; beside what was just done, undoing it is first.

        Those messages are the ones that can be cut.
        """
        is_first = self.message and self._can_be_cut and binding.id in _UNDO
        return 0 if is_first else binding.footer

    def _keys_in(self, width: int) -> Content:
        """The most important keys that fit into a width, in order; a click on one presses it.

        One that a part of the message begins with is not repeated.
        """
        hints = [
            (self._rank(binding), hint)
            for binding, hint in self._hints
            if f"; {display_key(binding.keys[0])} " not in f"; {self.message}"
        ]
        if self._lead and len(self._lead) <= width:
            hints.insert(0, (0, Content.styled(sanitize(self._lead), "$foreground")))
        while hints and sum(hint.cell_length + _GAP for _, hint in hints) > width + _GAP:
            hints.remove(max(hints, key=lambda pair: pair[0]))
        return Content(" " * _GAP).join(hint for _, hint in hints)

    def _draw_hints(self) -> None:
        self._hints = [(binding, self._hint(binding, label)) for binding, label in self._keys]
        self.refresh()

    def _hint(self, binding: Binding, label: str) -> Content:
        name = binding.keys[0]
        press = f"screen.press({name!r})"
        hint = Content.assemble((display_key(name), "bold $accent"), " ", sanitize(label))
        if press == self._hovered:
            hint = hint.stylize("on $cursor")
        return hint.stylize(Style.from_meta({"@click": press}))
