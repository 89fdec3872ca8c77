"""The help: all keys and examples of queries, filtered as you type."""

from collections.abc import Iterator, Sequence
from itertools import chain, groupby, zip_longest
from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.screen import Screen
from textual.widgets import Input, Static

from tui.actions.keymap import display_key
from tui.actions.registry import Binding
from tui.actions.synonyms import SYNONYMS
from tui.model.text import fold
from tui.query.examples import examples
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
            if is_match(
                f"{each.description} {each.label} {each.group} {each.id} {_keys(each)} "
                + SYNONYMS.get(each.id, "")
            )
        ]
        queries = [query for query in self._queries if is_match(f"queries {' '.join(query)}")]
        parts = [
            (group, [(_keys(each), self._description(each)) for each in members])
            for group, members in groupby(bindings, key=lambda binding: binding.group)
        ]
        if not words:
            parts = [(_FIRST, self._first()), *parts]
        blocks = [*_blocks(parts), *_blocks([("Queries, in the filter and elsewhere", queries)])]
        if not blocks:
            none = "No matching key. Ctrl+p lists all that can be done here."
            blocks = [[Content(""), Content(none)]]
        last = "Change keys in config.toml under [keys]; papers-tui keys lists the names."
        lines = [
            *_in_columns(blocks, self.app.size.width),
            Content(""),
            Content.styled(last, "$muted"),
        ]
        self.query_one("#help-table", Static).update(Content("\n").join(lines))

    def on_resize(self) -> None:
        """Fits the columns to the width."""
        self._narrow()

    def _first(self) -> list[tuple[str, str]]:
        """The keys that matter most here, by their rank in the footer."""
        ranked = sorted((each for each in self._keys if each.footer), key=lambda each: each.footer)
        here = [each for each in ranked if each.screen == ranked[0].screen][:_MOST_FIRST]
        return [(_keys(each), self._description(each)) for each in here]

    def _description(self, binding: Binding) -> str:
        return binding.pane if self._in_pane and binding.pane else binding.description


Block = list[Content]
"""A blank line, a heading, and its rows."""


def _blocks(groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> list[Block]:
    """Groups of rows under their headings, keys left and descriptions right; no empty groups."""
    width = max((len(left) for _, rows in groups for left, _ in rows), default=0)
    return [
        [
            Content(""),
            Content.styled(heading, "bold"),
            *(Content.assemble((f"  {left:<{width}} ", "$accent"), right) for left, right in rows),
        ]
        for heading, rows in groups
        if rows
    ]


def _in_columns(blocks: Sequence[Block], width: int) -> Iterator[Content]:
    """Blocks in as many columns as fit, about equally long, one after another.

    Args:
        blocks: Of which none is split.
        width: The columns of the screen.
    """
    count = min(max(width // _COLUMN, 1), len(blocks))
    if count == 1:
        yield from chain.from_iterable(blocks)
        return
    total = sum(map(len, blocks))
    columns: list[list[Content]] = [[]]
    for block in blocks:
        is_full = len(columns[-1]) + len(block) / 2 > total / count
        if columns[-1] and is_full and len(columns) < count:
            columns.append([])
        columns[-1] += block
    room = (width - 2) // count
    for cells in zip_longest(*columns, fillvalue=Content("")):
        line = Content("")
        for number, cell in enumerate(cells):
            text = cell.truncate(room - 2, ellipsis=True)
            gap = " " * (number * room - line.cell_length)
            line = Content.assemble(line, gap, text)
        yield line


_FIRST: Final = "The keys that matter most"
_MOST_FIRST: Final = 10
_COLUMN: Final = 60
"""Columns of the screen for each column of keys."""


def _keys(binding: Binding) -> str:
    """The keys of a binding; of more than four, the first and the last."""
    names = [display_key(name) for name in binding.keys]
    return f"{names[0]} … {names[-1]}" if len(names) > 4 else " ".join(names)
