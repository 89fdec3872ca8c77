"""The screen of the tags: how many papers each has, another name for one, none of it."""

from collections.abc import Iterator

from textual.content import Content

from tui.actions import tags
from tui.library import Library
from tui.model.state import Change, tag_name
from tui.model.text import plural, sanitize
from tui.ui.bindings import TAGS_TABLE
from tui.ui.glyphs import Glyphs
from tui.ui.screens.base import ListScreen
from tui.ui.widgets.picker import Picker
from tui.ui.widgets.row_list import Row


class TagsScreen(ListScreen[str]):
    """All tags; gives back the one whose papers are to be shown."""

    rows = TAGS_TABLE

    def __init__(self, library: Library, marks: Glyphs) -> None:
        """Args are the library and the glyphs."""
        super().__init__(library, marks)
        self._by_count = False

    def heading(self) -> Content:
        """The name of the screen."""
        count = len(tags.counts(self.library))
        order = "the most papers first" if self._by_count else "by name"
        return Content.assemble(("Tags", "bold"), (f"  {count or 'none yet'}  {order}", "$muted"))

    def make_rows(self) -> Iterator[Row]:
        """The tags with their papers."""
        counts = tags.counts(self.library)
        if not counts:
            yield Row(Content("No tags yet. t on a paper adds some."))
        width = max((Content(sanitize(name)).cell_length for name in counts), default=0) + 2
        digits = max((len(f"{count:,}") for count, _ in counts.values()), default=0)
        order = sorted(counts, key=lambda name: -counts[name][0]) if self._by_count else counts
        for name in order:
            count, unread = counts[name]
            label = Content(f"#{sanitize(name)}")
            gap = " " * (width - label.cell_length + 1)
            left = f"  {unread:,} unread" if unread else ""
            yield Row(Content.assemble(label, gap, f"{count:>{digits},}", (left, "$muted")), name)

    def action_open(self) -> None:
        """Shows its papers."""
        if self.here:
            self.dismiss(self.here)

    def action_sort(self) -> None:
        """By name, or the most papers first."""
        self._by_count = not self._by_count
        self.show()

    async def action_rename(self) -> None:
        """Gives it another name; where that one is, they merge."""
        if not (name := self.here):
            return
        count, _ = tags.counts(self.library)[name]

        def rename(text: str) -> Change | None:
            return tags.rename(self.library, name, text)

        await self.ask_change(
            Picker(f"rename #{sanitize(name, 30)} on {plural(count, 'paper')} to", value=name),
            rename,
            keep=tag_name,
        )

    def action_delete(self) -> None:
        """Takes it off every paper; undo brings it back."""
        if name := self.here:
            with self.reporting():
                self.after(tags.delete(self.library, name))
