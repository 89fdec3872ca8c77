"""The bottom row: a message at the left, keys at the right."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
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
_UNDO: Final = ("undo", "screen.undo")


class MessageBar(Widget):
    """Keys with their labels, and for some time a message beside them."""

    def __init__(self) -> None:
        super().__init__(id="bottom", markup=False)
        self.auto_links = False  # what can be clicked keeps its colours
        self.message = ""
        """The message as a whole, if any."""
        self._forms: Sequence[str] = ("",)
        """The message and its shorter forms, the longest first."""
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
        *shorter: str,
        error: bool = False,
        seconds: float | None = MESSAGE_SECONDS,
        can_be_cut: bool = False,
    ) -> None:
        """Shows a message beside the keys that it leaves room for.

        Args:
            text: The message; an empty one leaves the row to the keys.
            shorter: What is said where the row is too short for it, the longest first.
            seconds: For how long; ``None`` until it is cleared, without keys, as typing and work
                that goes on have none.
            can_be_cut: Whether it leaves the keys half of the row, as what ends in a title can, or
                what has shorter forms.
        """
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._forms = [as_typed(sanitize(each), app_front_end()) for each in (text, *shorter)]
        self.message = self._forms[0]
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
        room = width
        if self._can_be_cut:
            room = max(width // 2, width - self._keys_in(width).cell_length - _GAP)
        form = next((each for each in self._forms if cell_len(each) <= room), self._forms[-1])
        message = Content.styled(form, "bold $error" if self._is_error else "$foreground")
        message = message.truncate(width, ellipsis=True)
        if form and self._timer is None:
            return message
        taken = min(message.cell_length, room)
        keys = self._keys_in(width - taken - _GAP if form else width, form)
        if self._can_be_cut:  # only as much as the keys that fit take
            message = message.truncate(width - keys.cell_length - _GAP, ellipsis=True)
        gap = " " * max(width - message.cell_length - keys.cell_length, 0) if form else ""
        return Content.assemble(message, gap, keys)

    def _rank(self, binding: Binding) -> int:
        """Its place among the keys by importance; beside what was just done, undoing it is first.

        Those messages are the ones that can be cut.
        """
        is_first = self.message and self._can_be_cut and binding.id in _UNDO
        return 0 if is_first else binding.footer

    def _keys_in(self, width: int, message: str = "") -> Content:
        """The most important keys that fit into a width, in order; a click on one presses it.

        One that a part of the message begins with is not repeated.
        """
        hints = [
            (self._rank(binding), hint)
            for binding, hint in self._hints
            if f"; {display_key(binding.keys[0])} " not in f"; {message}"
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
