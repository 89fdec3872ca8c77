"""The help: all keys and examples of queries, filtered as you type."""

from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from textwrap import wrap
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
from tui.model.words import fold
from tui.query.examples import examples
from tui.ui.themes import PAGES
from tui.ui.widgets.line_input import LineInput


class Help(Screen[None]):
    """All keys by group, as the user has bound them."""

    CSS_PATH = PAGES
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
        self.line.leaves_pages = True
        self.set_focus(self.line)
        self._narrow()

    def on_paste(self, event: events.Paste) -> None:
        """Leaves a page that is pasted to the screen below."""
        event.stop()
        self.dismiss(None)
        self.app.post_message(events.Paste(event.text))

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
            case "ctrl+u" | "space":
                await self.line.settle()
                if self.line.value:
                    return False
                self._scroll(page if event.key == "space" else -page)
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
                + each.synonyms
            )
        ]
        queries = [query for query in self._queries if is_match(f"queries {' '.join(query)}")]
        parts = [
            (group, [(_keys(each), self._description(each)) for each in members])
            for group, members in groupby(bindings, key=lambda binding: binding.group)
        ]
        if not words:
            parts = [(_FIRST, self._first()), *parts]
        count = max(self.app.size.width // _COLUMN, 1)
        width = (self.app.size.width - 2) // count - 1
        parts_of_queries = [("Queries, in the filter and elsewhere", queries)]
        blocks = [*_blocks(parts, width, _MOST_KEYS), *_blocks(parts_of_queries, width, width)]
        if not blocks:
            none = "No matching key. Ctrl+p lists all that can be done here."
            blocks = [[Content(""), Content(none)]]
        last = "Change keys in config.toml under [keys]; :keys lists the names."
        lines = [
            *_in_columns(blocks, count, width),
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


def _blocks(
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]], width: int, left_width: int
) -> list[Block]:
    """Groups of rows under their headings, keys left and descriptions right; no empty groups."""
    words = (word for _, rows in groups for left, _ in rows for word in wrap(left, left_width))
    lefts = max(map(len, words), default=0)
    most = max(width - lefts - 3, _LEAST)
    return [
        [
            Content(""),
            Content.styled(heading, "bold"),
            *(
                Content.assemble((f"  {keys:<{lefts}} ", "$accent"), line)
                for left, right in rows
                for keys, line in zip_longest(wrap(left, lefts), wrap(right, most), fillvalue="")
            ),
        ]
        for heading, rows in groups
        if rows
    ]


def _in_columns(blocks: Sequence[Block], count: int, width: int) -> Iterator[Content]:
    """Blocks in columns, one after another, as short as that can be.

    Args:
        blocks: Of which none is split.
        count: The most columns.
        width: Of each.
    """
    heights = range(max(map(len, blocks)), sum(map(len, blocks)) + 1)
    packings = (_packed(blocks, height) for height in heights)
    columns = next(each for each in packings if len(each) <= count)
    below_top = (column[1:] for column in columns)  # without the blank line
    for cells in zip_longest(*below_top, fillvalue=Content("")):
        line = Content("")
        for number, cell in enumerate(cells):
            gap = " " * (number * (width + 1) - line.cell_length)
            line = Content.assemble(line, gap, cell)
        yield line


def _packed(blocks: Sequence[Block], height: int) -> list[list[Content]]:
    """Blocks in columns of a height at most, which none of them exceeds."""
    columns: list[list[Content]] = [[]]
    for block in blocks:
        if len(columns[-1]) + len(block) > height:
            columns.append([])
        columns[-1] += block
    return columns


_FIRST: Final = "The keys that matter most"
_MOST_FIRST: Final = 10
_COLUMN: Final = 49
"""Columns of the screen for each column of keys."""
_MOST_KEYS: Final = 10
"""Columns for the names of keys; more of them take several lines."""
_LEAST: Final = 20
"""The fewest columns of a description."""


def _keys(binding: Binding) -> str:
    """The keys of a binding; of more than four, the first and the last."""
    names = [display_key(name) for name in binding.keys]
    return f"{names[0]}–{names[-1]}" if len(names) > 4 else " ".join(names)
