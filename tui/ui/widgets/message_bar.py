"""The bottom row: the footer, or a message."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual import events
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from tui.actions.keymap import display_key
from tui.actions.registry import Binding
from tui.model.text import sanitize

if TYPE_CHECKING:
    from textual.timer import Timer

MESSAGE_SECONDS: Final = 6.0


class MessageBar(Static):
    """Keys with their labels, temporarily replaced by a message."""

    def __init__(self) -> None:
        """Begins with no keys."""
        super().__init__(id="bottom", markup=False)
        self.message = ""
        """The message shown instead of the keys, if any."""
        self._keys: Sequence[tuple[Binding, str]] = ()
        self._timer: Timer | None = None

    def show_keys(self, keys: Sequence[tuple[Binding, str]]) -> None:
        """Shows keys in this order; the least important are dropped to fit.

        Args:
            keys: Bindings with their labels.
        """
        if keys != self._keys:
            self._keys = keys
            if not self.message:
                self._draw()

    def show_message(
        self, text: str, *, error: bool = False, seconds: float | None = MESSAGE_SECONDS
    ) -> None:
        """Shows a message instead of the keys.

        Args:
            text: The message; an empty one shows the keys.
            error: Whether it is an error.
            seconds: For how long; ``None`` until it is cleared, also by keys that only move.
        """
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.message = sanitize(text)
        self.set_class(error, "-error")
        if self.message:
            self.update(Content(self.message), layout=False)
            if seconds is not None:
                self._timer = self.set_timer(seconds, self.clear_message)
        else:
            self._draw()

    def clear_message(self, *, brief: bool = False) -> None:
        """Shows the keys again.

        Args:
            brief: Whether to clear only a message with a timeout.
        """
        if self.message and (self._timer is not None or not brief):
            self.show_message("")

    def _on_resize(self, event: events.Resize) -> None:
        if not self.message:
            self._draw()

    def _draw(self) -> None:
        keys = list(self._keys)
        widths = {
            binding.id: len(display_key(binding.keys[0])) + 3 + Content(label).cell_length
            for binding, label in keys
        }
        while keys and sum(widths[b.id] for b, _ in keys) > self.content_region.width + 2:
            keys.remove(max(keys, key=lambda pair: pair[0].footer))
        parts: list[Content] = []
        for binding, label in keys:
            name = binding.keys[0]
            click = Style.from_meta({"@click": f"screen.press({name!r})"})
            hint = Content.assemble((display_key(name), "bold $accent"), " ", sanitize(label))
            parts.append(hint.stylize(click))
        self.update(Content("  ").join(parts), layout=False)
