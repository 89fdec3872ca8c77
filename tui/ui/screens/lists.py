"""The lists screen: progress, exports, and what changed since."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from textual import work
from textual.content import Content
from textual.widgets.option_list import Option

from tui.actions import lists
from tui.actions.exported import edited_label
from tui.actions.pull import Pull, confirmation, preference, pull_of_edited, take
from tui.actions.questions import Answer, Question
from tui.actions.registry import Need, Where, app_front_end
from tui.actions.write import ask_export, ask_format, download, nothing_in
from tui.errors import ConfirmationError, PapersError
from tui.exchange.export_files import (
    ExportResult,
    ExportStyle,
    changes_since,
    export,
    export_query_again,
    query_changes,
    query_items,
)
from tui.exchange.export_paths import short_path, typed_path
from tui.exchange.export_records import can_be_pulled, exported_queries, known_exports
from tui.exchange.notes import NotesResult, export_again
from tui.exchange.pull_paths import edited_files
from tui.files import is_there
from tui.library import Library
from tui.listing.titles import list_query
from tui.model.layout import cell_width, plural
from tui.model.state import Export, ReadingList
from tui.model.text import sanitize
from tui.ui.glyphs import Glyphs
from tui.ui.screens.base import ListScreen, heading
from tui.ui.screens.output import OutputScreen
from tui.ui.widgets.page import RowDetail
from tui.workspace import Workspace

Written = ExportResult | NotesResult | PapersError
"""What became of a file that was to be written."""
Write = Callable[..., ExportResult | NotesResult]
"""Writes a file; with ``force=True`` also over what is not our export."""


_OF_QUERY = "\n"
"""How the id of an exported query begins, as no name of a list does."""


class ListsScreen(ListScreen):
    """All reading lists and exported queries; the result is the query of the one to show."""

    bindings_of = "lists"
    has_detail = True

    _edited: Mapping[tuple[str, str], Sequence[Path]] = MappingProxyType({})
    """The files that were edited since they were exported, by list and place of the export."""
    _gone: frozenset[str] = frozenset()
    """The files that are no longer there."""
    _cut: Set[str] = frozenset()
    """The rows whose names are cut."""

    def __init__(self, keys: Mapping[str, str], glyphs: Glyphs, workspace: Workspace) -> None:
        super().__init__(keys, glyphs, workspace)
        self._since: dict[tuple[str, str], str] = {}
        """What changed since each export, by list and place; queries are compared in a thread."""

    def on_mount(self) -> None:
        """Begins on the current list."""
        super().on_mount()
        self.show(self.workspace.listing.current_list)
        self.watch(self.app, "app_focus", self._come_back, init=False)

    def _come_back(self, has_focus: bool) -> None:
        """Looks at the files when the terminal gets the focus, as they may be edited beside it."""
        if has_focus:
            self._look_at_files()

    def show(self, keep: str | None = None) -> None:
        """Compares lists and exports again."""
        self._lists = self.library.state.lists()
        self._queries = [
            ReadingList(f"{_OF_QUERY}{title}", exports=tuple(exports))
            for title, exports in exported_queries(self.library).items()
        ]
        self._since |= {
            (each.name, export.path): changes_since(self.library, each, export)
            for each in self._lists
            for export in each.exports
        }
        super().show(keep)
        self._look_at_files()

    @work(exclusive=True, group="files")
    async def _look_at_files(self) -> None:
        """Reads the exported files in a thread, and shows the rows again if they differ."""
        with self.reporting():
            rows = [*self._lists, *self._queries]
            files = await asyncio.to_thread(_files_of, self.library, rows)
            since = await asyncio.to_thread(_since_of, self.library, self._queries)
            if (*files, self._since | since) != (self._edited, self._gone, self._since):
                self._edited, self._gone = files
                self._since |= since
                super().show()

    def has(self, need: Need) -> bool:
        """Whether there is an edited file that can be pulled, among others."""
        if need is not Need.EDITED:
            return super().has(need)
        return any(
            can_be_pulled(export) and (each.name, export.path) in self._edited
            for each in (*self._lists, *self._queries)
            for export in each.exports
        )

    def title_line(self) -> Content:
        """The numbers of lists, of their papers, and of exports that differ from their list."""
        if not (self._lists or self._queries):
            return Content.assemble(("Reading lists", "bold"), ("  none yet", "$muted"))
        papers = {key for each in self._lists for key in each.keys}
        exports = [(x.name, y.path) for x in (*self._lists, *self._queries) for y in x.exports]
        stale = sum(bool(self._since.get(e)) for e in exports if e[1] not in self._gone)
        parts = [plural(len(self._lists), "list"), plural(len(papers), "paper")]
        parts += [f"{plural(stale, 'export')} out of date"] if stale else []
        edited = {path for paths in self._edited.values() for path in paths}
        parts += [f"{plural(len(edited), 'file')} edited"] if edited else []
        counts = f" {self.glyphs.dot} ".join(parts)
        return Content.assemble(("Reading lists", "bold"), (f"  {counts}", "$muted"))

    def build_rows(self) -> Iterator[Option]:
        """The lists by name, then the exported queries."""
        if not self._lists:
            new = self.key_for("lists.new")
            yield heading(f"No reading lists yet. {new} creates one.", "")
        rows = [*self._lists, *self._queries]
        names = [Content(sanitize(each.name)) for each in rows]
        rests = [self._rest(each) for each in rows]
        width = self.name_width(names, (4 + rest.cell_length for rest in rests))
        self._cut = {
            each.name for each, name in zip(rows, names, strict=True) if name.cell_length > width
        }
        for number, (each, name, rest) in enumerate(zip(rows, names, rests, strict=True)):
            if number == len(self._lists):
                yield heading("Exported queries")
            arrow = self.glyphs.arrow if each.name == self.workspace.listing.current_list else " "
            shown = name.truncate(width, ellipsis=True, pad=True).stylize("bold")
            content = Content.assemble((arrow, "$accent"), " ", shown, "  ", rest)
            yield Option(content, each.name)

    def _rest(self, reading_list: ReadingList) -> Content:
        """How much of a list was read, and the newest export; one that was edited goes first."""
        edited = (
            each for each in reading_list.exports if (reading_list.name, each.path) in self._edited
        )
        first = next(edited, next(iter(reading_list.exports), None))
        state = self._export_state(reading_list, first) if first else "never exported"
        if reading_list.name.startswith(_OF_QUERY):
            return Content.styled(state, "$muted")
        digits = max(len(str(len(each.keys))) for each in self._lists)
        read = lists.read_count(self.library, reading_list)
        return Content.assemble(
            f"{read:>{digits}} of {len(reading_list.keys):>{digits}} read",
            (f"  {state}", "$muted"),
        )

    def _export_state(self, reading_list: ReadingList, export: Export) -> str:
        """Where an export is, and what has changed since, if anything."""
        path = sanitize(short_path(Path(export.path)))
        since = self._since.get((reading_list.name, export.path), "")
        if export.path in self._gone:
            return f"{path}, no longer there"
        files = self._edited.get((reading_list.name, export.path), ())
        edited = edited_label(export, files)
        return ", ".join(filter(None, (path, edited, since and f"{since} since")))

    def _export_lines(self, reading_list: ReadingList) -> Iterator[Content]:
        """The exports, newest first, with their days."""
        for each in reading_list.exports:
            state = self._export_state(reading_list, each)
            line = f"{self.glyphs.arrow} {each.at[:10]}  {state}"
            yield Content.styled(line, "$muted")

    def row_detail(self, id: str) -> RowDetail:
        """Its name if that is cut, its description and exports, and its papers in their order."""
        reading_list = self._row(id)
        lines = [Content.styled(sanitize(id), "bold")] if id in self._cut else []
        if reading_list.description:
            lines.append(Content(sanitize(reading_list.description)))
        lines += self._export_lines(reading_list)
        papers = self.papers(*self._papers_of(reading_list))
        if not papers:
            lines.append(Content.styled("No papers yet", "$muted"))
        of_list = None if id.startswith(_OF_QUERY) else id
        return RowDetail(lines, papers, self.library.today(), reading_list=of_list)

    def _row(self, id: str) -> ReadingList:
        """The list or the exported query of a row."""
        queries = (each for each in self._queries if each.name == id)
        return next(queries, None) or self.library.state.reading_list(id)

    def _papers_of(self, row: ReadingList) -> tuple[str, Sequence[str]]:
        """The query for the papers of a row, and the keys of those that were selected for it."""
        if not row.name.startswith(_OF_QUERY):
            return list_query(row.name), ()
        query = row.exports[0].query
        return (query, ()) if query else ("is:selected", row.exports[0].held)

    @property
    def _current(self) -> ReadingList | None:
        """What is at the cursor."""
        return self._row(self.current_id) if self.current_id else None

    def _current_list(self) -> ReadingList | None:
        """The list at the cursor; says so if it is a query."""
        if self.current_id.startswith(_OF_QUERY):
            self.say("This is an exported query, not a list")
            return None
        return self._current

    def action_open(self) -> None:
        """Shows its papers, and makes a list the current one."""
        if not self.current_id.startswith(_OF_QUERY):
            self.workspace.listing.current_list = self.current_id
        query, selected = self._papers_of(self._row(self.current_id))
        self.show_papers(selected or query)

    async def action_new(self) -> None:
        """Creates an empty list."""
        await self.changes.ask(
            Question("New list", hint="name"),
            lambda text: lists.create(self.library, text),
            keep=self.library.state.find_list,
        )

    async def action_rename(self) -> None:
        """Renames it."""
        if reading_list := self._current_list():
            name = reading_list.name
            await self.changes.ask(
                Question(f"Rename “{sanitize(name, 30)}” to", value=name, is_replaced=True),
                lambda text: lists.rename(self.library, name, text),
                keep=self.library.state.find_list,
            )

    async def action_describe(self) -> None:
        """Edits its description."""
        if reading_list := self._current_list():
            name = reading_list.name
            await self.changes.ask(
                Question(f"Description of “{sanitize(name, 30)}”", value=reading_list.description),
                lambda text: lists.describe(self.library, name, text),
            )

    async def action_delete(self) -> None:
        """Deletes a list, and asks first if it has papers, or forgets that a query was exported.

        Undo brings either back.
        """
        row = self._row(self.current_id)
        if row.name.startswith(_OF_QUERY):
            title = row.name.removeprefix(_OF_QUERY)
            self.changes.make(partial(lists.forget_query, self.library, title, row.exports))
        else:
            what = f"list “{sanitize(row.name, 30)}”"
            delete = partial(lists.delete, self.library, row.name)
            await self.changes.delete(what, len(row.keys), delete)

    # Exports

    async def action_export(self) -> None:
        """Exports it again to all its files that are there, or asks for one."""
        reading_list = self._current
        if reading_list is None:
            return
        name = reading_list.name
        if app_front_end() is Where.BROWSER:
            await self._ask_format(reading_list)
            return
        exports = known_exports(reading_list)
        if present := [each for each in exports if is_there(Path(each.path))]:
            again = self._again(name)
            await self._export([partial(again, each) for each in present])
        elif name.startswith(_OF_QUERY):
            self.say(f"No longer there; {self.key_for('lists.open')} shows its papers to export")
        elif reading_list.keys:
            await self._ask_path(name, ask_export(name, exports))
        else:
            self.say(nothing_in(name).message)

    def _again(self, name: str) -> Write:
        """Exports a list or a query as it was exported before."""
        if name.startswith(_OF_QUERY):
            return partial(export_query_again, self.library, name.removeprefix(_OF_QUERY))
        return partial(export_again, self.library, name, settings=self.workspace.settings)

    async def _ask_format(self, row: ReadingList) -> None:
        """Has the browser save it, in a format that the user chooses."""
        of_list = not row.name.startswith(_OF_QUERY)
        name = row.name.removeprefix(_OF_QUERY)
        in_list, in_query = self.library.list_items, partial(query_items, self.library)
        items = in_list(name) if of_list else in_query(row.exports[0])
        citation_key = self.workspace.settings.citation_key

        def save(answer: Answer) -> None:
            style = ExportStyle(answer.text, answer.option, citation_key)
            with self.reporting():
                self.deliver(download(self.library, name, items, style, of_list=of_list))

        with self.reporting():
            await self.ask(ask_format((name, items, of_list)), save)

    async def action_pull(self) -> None:
        """Takes the changes made in an exported file, after showing them."""
        reading_list = self._current
        if reading_list is None:
            return
        exports = known_exports(reading_list)
        self.bottom.show_message("Reading what was edited outside", seconds=None)  # at once

        async def work() -> None:
            with self.reporting():
                preview = partial(_preview, self.library, exports)
                await self._show_pull(await self.background.thread(self.workspace, preview))

        await self.background.run(self.workspace, "pull", work)

    async def _show_pull(self, edited: tuple[Pull, Callable[..., Pull]] | None) -> None:
        """Asks whether to take what an edited file says, if there is one."""
        self.say("")
        if edited is None:
            names = [Path(path).name for name, path in self._edited if name == self.current_id]
            of = "query" if self.current_id.startswith(_OF_QUERY) else "list"
            none = f"No exported file of this {of} was edited"
            self.say(f"{names[0]} cannot be pulled; exporting it asks first" if names else none)
            return
        preview, again = edited

        async def agreed() -> None:
            self.changes.make(lambda: take(self.library, preview, again).change, is_slow=True)

        async def preferred() -> None:
            self.changes.make(lambda: again(prefers_file=True).change, is_slow=True)

        if preview.changes:
            await self.confirm(confirmation([preview]), agreed)
        elif preview.conflicts:
            await self.confirm(preference(preview), preferred)
        elif preview.change:  # a formatter's changes
            await agreed()
        else:
            self._show_left(preview)

    def _show_left(self, preview: Pull) -> None:
        """Says why nothing is taken: on a page, if it is more than a line."""
        text = "\n".join(preview.notes)
        if "\n" not in text and cell_width(text) < self.app.size.width:
            self.say(text, error=True)
            return
        heading = f"Nothing to take from {Path(preview.file).name}"
        page = OutputScreen(self.keys, self.glyphs, self.workspace, heading, text)
        self.app.push_screen(page)

    async def _ask_path(self, name: str, question: Question) -> None:
        """Exports to a file that the user names; asks again if that fails."""

        async def answered(answer: Answer) -> None:
            citation_key = self.workspace.settings.citation_key
            style = ExportStyle("", answer.option, citation_key)

            async def failed(message: str) -> None:
                again = replace(question, value=answer.text, error=message)
                await self._ask_path(name, again)

            await self._export([partial(self._write, name, answer.text, style)], failed)

        await self.ask(question, answered)

    def _write(
        self, name: str, path: str, style: ExportStyle, *, force: bool = False
    ) -> ExportResult:
        """Writes a list to a file; see ``export``."""
        items = self.library.list_items(name)
        return export(self.library, name, items, typed_path(path), style=style, force=force)

    async def _export(
        self,
        writes: Sequence[Write],
        failed: Callable[[str], Awaitable[None]] | None = None,
        before: Sequence[Written] = (),
        *,
        force: bool = False,
    ) -> None:
        """Writes files in a thread, asks before replacing what is not our export, and tells.

        Args:
            writes: Writes a file each.
            failed: Called with what is wrong, in place of saying it.
            before: What was written before.
            force: Whether the first file is to be replaced.
        """

        async def work() -> None:
            write = partial(_write_each, writes, force=force)
            written = await self.background.thread(self.workspace, write)
            *others, last = results = [*before, *written]
            if isinstance(last, ConfirmationError):
                left = [*others, PapersError("Left unchanged")]
                await self.confirm(
                    last,
                    lambda: self._export(writes[len(written) - 1 :], failed, others, force=True),
                    lambda: self._export(writes[len(written) :], failed, left),
                )
            elif failed is not None and isinstance(last, PapersError):
                await failed(str(last))
            else:
                self._show_exports(results)

        await self.background.run(self.workspace, "export", work)

    def _show_exports(self, results: Sequence[Written]) -> None:
        """Shows the rows again, and says what was written and what failed."""
        self.show()
        failures = [str(each) for each in results if isinstance(each, PapersError)]
        messages = [str(each) for each in results if not isinstance(each, PapersError)]
        if len(messages) > 1:
            messages = [f"Exported to {len(messages)} files"]
        texts = [*failures, *messages]
        sentences = (f"{each.removesuffix('.')}." for each in texts[:-1])
        self.say(" ".join([*sentences, *texts[-1:]]), error=bool(failures))


def _write_each(writes: Sequence[Write], *, force: bool) -> list[Written]:
    """Writes files one by one, up to one that needs a confirmation."""
    results: list[Written] = []
    for number, write in enumerate(writes):
        try:
            results.append(write(force=force and number == 0))
        except ConfirmationError as error:
            return [*results, error]
        except PapersError as error:
            results.append(error)
    return results


def _files_of(
    library: Library, every: Sequence[ReadingList]
) -> tuple[dict[tuple[str, str], list[Path]], frozenset[str]]:
    """The files that were edited, by list and place of the export, and the places that are gone."""
    edited = {
        (each.name, export.path): files
        for each in every
        for export in known_exports(each)
        if (files := edited_files(library, export))
    }
    gone = (
        export.path for each in every for export in each.exports if not is_there(Path(export.path))
    )
    return edited, frozenset(gone)


def _since_of(library: Library, queries: Sequence[ReadingList]) -> dict[tuple[str, str], str]:
    """What changed since each export of some queries, by the row and the place of the export."""
    return {
        (each.name, export.path): query_changes(library, each.name.removeprefix(_OF_QUERY), export)
        for each in queries
        for export in each.exports
    }


def _preview(
    library: Library, exports: Sequence[Export]
) -> tuple[Pull, Callable[..., Pull]] | None:
    """What the first of these exports that was edited changes, and how to pull it."""
    pull = next(filter(None, (pull_of_edited(library, each) for each in exports)), None)
    if pull is None:
        return None
    with library.dry_run():
        return pull(), pull
