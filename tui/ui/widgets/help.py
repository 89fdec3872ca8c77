"""The help: all keys and examples of queries, filtered as you type."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.screen import Screen
from textual.widgets import Input, Static

from tui.actions.keymap import display_key
from tui.actions.registry import Binding
from tui.model.text import fold
from tui.query import examples
from tui.ui.widgets.line_input import LineInput


class Help(Screen[None]):
    """All keys by group, as the user has bound them."""

    line = query_one(LineInput)
    text = query_one("#help-text", VerticalScroll)

    def __init__(
        self,
        bindings: Sequence[Binding],
        *,
        in_pane: bool = False,
    ) -> None:
        """Begins with everything.

        Args:
            bindings: All bindings, those of the present screen first.
            in_pane: Whether the abstract has the focus, which changes what some keys do.
        """
        super().__init__()
        self._keys = bindings
        self._queries = examples()
        self._in_pane = in_pane

    def compose(self) -> ComposeResult:
        """An input above the table."""
        with Horizontal(id="help-head"):
            yield Static(Content("Keys in the abstract" if self._in_pane else "Keys"), id="prompt")
            yield LineInput(
                id="help-filter", placeholder="type to search, Esc to go back", compact=True
            )
        with VerticalScroll(id="help-text"):
            yield Static(id="help-table", markup=False)

    def on_mount(self) -> None:
        """Shows everything."""
        self.set_focus(self.line)
        self._narrow()

    async def press(self, event: events.Key) -> bool:
        """Handles a key; whether it was for the help itself."""
        page = max(1, self.text.size.height - 2)
        match event.key:
            case "escape" | "question_mark":
                await self.dismiss(None)
            case "down" | "up":
                self._scroll(1 if event.key == "down" else -1)
            case "ctrl+d" | "pagedown":
                self._scroll(page)
            case "pageup":
                self._scroll(-page)
            case "ctrl+u" if not self.line.value:
                self._scroll(-page)
            case "space" if not self.line.value:
                self._scroll(page)
            case _:
                return False
        return True

    def _scroll(self, rows: int) -> None:
        self.text.scroll_relative(y=rows, animate=False)

    @on(Input.Changed, "#help-filter")
    def _narrow(self) -> None:
        words = fold(self.line.value).split()

        def is_match(text: str) -> bool:
            return all(word in fold(text) for word in words)

        bindings = [
            each
            for each in self._keys
            if is_match(f"{each.description} {each.label} {each.group} {each.id} {_keys(each)}")
        ]
        queries = [query for query in self._queries if is_match(f"queries {' '.join(query)}")]
        self.query_one("#help-table", Static).update(self._table(bindings, queries))

    def _table(self, bindings: Sequence[Binding], queries: Sequence[tuple[str, str]]) -> Content:
        parts = [
            (group, [(_keys(each), self._description(each)) for each in members])
            for group, members in groupby(bindings, key=lambda binding: binding.group)
        ]
        lines = [*_part(parts), *_part([("Queries, in the filter and elsewhere", queries)])]
        if not lines:
            lines = [Content(""), Content("No matching key. Ctrl+p searches commands by name.")]
        last = "Change keys in config.toml under [keys]; papers-tui keys lists the names."
        return Content("\n").join([*lines, Content(""), Content.styled(last, "$muted")])

    def _description(self, binding: Binding) -> str:
        return binding.pane if self._in_pane and binding.pane else binding.description


def _part(groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> Iterator[Content]:
    """Groups of rows under their headings, in two columns; empty groups are left out."""
    width = max((len(left) for _, rows in groups for left, _ in rows), default=0)
    for heading, rows in groups:
        if rows:
            yield Content("")
            yield Content.styled(heading, "bold")
        for left, right in rows:
            yield Content.assemble((f"  {left:<{width}} ", "$accent"), right)


def _keys(binding: Binding) -> str:
    """The keys of a binding; of more than four, the first and the last."""
    names = [display_key(name) for name in binding.keys]
    return f"{names[0]} … {names[-1]}" if len(names) > 4 else " ".join(names)
