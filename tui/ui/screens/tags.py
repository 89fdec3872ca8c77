"""The tags screen: the number of papers of each; rename and delete."""

from collections.abc import Iterator
from functools import partial

from textual.content import Content
from textual.widgets.option_list import Option

from tui.actions import tags
from tui.actions.questions import Question
from tui.model.layout import plural
from tui.model.names import tag_name
from tui.model.text import sanitize
from tui.ui.screens.base import ListScreen, heading
from tui.ui.widgets.page import RowDetail


class TagsScreen(ListScreen):
    """All tags; the result is the query of the one to show."""

    bindings_of = "tags"
    has_detail = True
    _by_count = False

    def title_line(self) -> Content:
        """The number of tags, and their order."""
        count = len(tags.counts(self.library))
        order = "most papers first" if self._by_count else "by name"
        text = f"{plural(count, 'tag')}, {order}" if count else "none yet"
        return Content.assemble(("Tags", "bold"), (f"  {text}", "$muted"))

    def build_rows(self) -> Iterator[Option]:
        """The tags with their numbers of papers."""
        counts = tags.counts(self.library)
        if not counts:
            yield heading(
                f"No tags yet. {self.workspace.key_for('tag.edit')} on a paper adds some.", ""
            )
        width = max((Content(sanitize(name)).cell_length for name in counts), default=0) + 2
        digits = max((len(f"{count:,}") for count, _ in counts.values()), default=0)
        names = sorted(counts, key=lambda name: -counts[name][0]) if self._by_count else counts
        for name in names:
            count, unread = counts[name]
            label = Content(f"#{sanitize(name)}")
            gap = " " * (width - label.cell_length + 1)
            detail = f"  {unread:,} unread" if unread else ""
            content = Content.assemble(label, gap, f"{count:>{digits},}", (detail, "$muted"))
            yield Option(content, name)

    def row_detail(self, id: str) -> RowDetail:
        """The papers of a tag."""
        return RowDetail((), self.papers(f"tag:{id}"), self.library.today())

    def action_open(self) -> None:
        """Shows its papers."""
        self.show_papers(f"tag:{self.current_id}")

    def action_sort(self) -> None:
        """Sorts by name, or by number of papers."""
        self._by_count = not self._by_count
        self.show()

    async def action_rename(self) -> None:
        """Renames it; merges it with an existing tag of that name."""
        name = self.current_id
        papers = plural(tags.counts(self.library)[name][0], "paper")
        await self.changes.ask(
            Question(f"Rename #{sanitize(name, 30)} on {papers} to", value=name, is_replaced=True),
            lambda text: tags.rename(self.library, name, text),
            keep=tag_name,
        )

    async def action_delete(self) -> None:
        """Removes it from every paper, after a question; undo brings it back."""
        name = self.current_id
        count, _ = tags.counts(self.library)[name]
        delete = partial(tags.delete, self.library, name)
        await self.changes.delete(f"tag #{sanitize(name, 30)}", count, delete)
