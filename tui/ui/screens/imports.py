"""The imports screen: when, from where, and what each brought; to be undone from here."""

from collections.abc import Iterator, Set
from functools import partial
from typing import Final

from textual.content import Content
from textual.widgets.option_list import Option

from tui.actions import past_imports
from tui.model.layout import plural
from tui.search.items import ImportState
from tui.ui.screens.base import ListScreen, heading
from tui.ui.widgets.page import RowDetail

_TIME: Final = len("2026-01-15 12:00")


class ImportsScreen(ListScreen):
    """All imports, newest first; the result is the query for the papers of one."""

    bindings_of = "imports"
    has_detail = True

    _cut: Set[str] = frozenset()
    """The imports whose rows are too short for what they brought."""

    def show(self, keep: str | None = None) -> None:
        """Counts the papers of each again."""
        self._imports = {state.head.id: state for state in self.library.imports.all()}
        super().show(keep)

    def title_line(self) -> Content:
        """The number of imports."""
        live = sum(state.is_live for state in self._imports.values())
        undone = f", {len(self._imports) - live:,} undone" if live < len(self._imports) else ""
        count = f"{plural(len(self._imports), 'import')}, newest first{undone}"
        return Content.assemble(("Imports", "bold"), (f"  {count}", "$muted"))

    def build_rows(self) -> Iterator[Option]:
        """The imports; undone ones are dim."""
        if not self._imports:
            back, command = self.key_for("screen.back"), self.workspace.key_for("command")
            yield heading("No imports yet.", "")
            yield heading(f"Paste a page here, or go back ({back}) to {command}import FILE.", "")
        sources = {id: Content(past_imports.source_of(s)) for id, s in self._imports.items()}
        rests = {
            id: _TIME + len(past_imports.describe(state)) + 4 for id, state in self._imports.items()
        }
        width = self.name_width(sources.values(), rests.values())
        self._cut = {id for id, rest in rests.items() if width + rest > self.row_width}
        for id, state in self._imports.items():
            source = sources[id].truncate(width, ellipsis=True)
            content = Content.assemble(
                (past_imports.imported_at(state), "$muted"),
                "  ",
                source,
                " " * (width - source.cell_length + 2),
                (past_imports.describe(state), "$muted"),
            )
            yield Option(content if state.is_live else Content.styled(content.plain, "$muted"), id)

    def row_detail(self, id: str) -> RowDetail:
        """From where it is, of how many records, what it brought if the row is cut, its papers."""
        state = self._imports[id]
        records = plural(state.head.count, "record") if state.head.count else ""
        if records and 0 < state.papers != state.head.count:
            records += f" of {plural(state.papers, 'paper')}"
        source = past_imports.source_of(state)
        lines = [Content.assemble((source, "bold"), (f"  {records}", "$muted"))]
        if id in self._cut:
            lines.append(Content(past_imports.describe(state)))
        if not state.is_live:
            lines.append(Content(self._redo_hint))
        return RowDetail(lines, self.papers(f"import:{id}"), self.library.today())

    @property
    def _redo_hint(self) -> str:
        return f"This import is undone; {self.key_for('imports.toggle')} brings it back"

    @property
    def _current(self) -> ImportState | None:
        """The import at the cursor."""
        return self._imports.get(self.current_id)

    def action_open(self) -> None:
        """Shows its papers."""
        if state := self._current:
            if state.is_live:
                self.show_papers(f"import:{state.head.id}")
            else:
                self.say(self._redo_hint)

    def action_undo_or_redo(self) -> None:
        """Undoes it, or brings it back; right after that it was undone, by undoing just that."""
        if state := self._current:
            id, is_live = state.head.id, not state.is_live
            last = next(self.library.state.undoable(), ())
            edited = [
                edit.id for change in last for edit in change.edits if edit.table == "imports"
            ]
            is_undo = is_live and len(last) == 1 and edited == [id]
            self.changes.make(
                partial(self.library.undo, last[0])
                if is_undo
                else partial(self.library.set_imports, [id], is_live=is_live),
                lambda: id,
                is_slow=True,
            )
