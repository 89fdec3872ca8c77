"""The sources screen: the last fetch of each; add, rename, remove and fetch."""

from collections.abc import Iterator, Sequence
from functools import partial

from textual.content import Content
from textual.widgets.option_list import Option

from tui.actions import sources
from tui.actions.context import Outcome
from tui.actions.questions import Question
from tui.actions.registry import actions
from tui.errors import PapersError
from tui.model.layout import forms, plural
from tui.model.state import Change
from tui.model.text import sanitize
from tui.ui.key_screen import KeyScreen
from tui.ui.screens.base import ListScreen, heading
from tui.ui.widgets.page import Arrangement, RowDetail


class SourcesScreen(ListScreen):
    """All sources by name; the result is the query for the papers of one."""

    bindings_of = "sources"
    has_detail = True

    def show(self, keep: str | None = None) -> None:
        """Reads again what was fetched last."""
        self._sources = self.library.state.sources()
        self._past = sources.past(self.library)
        super().show(keep)

    def title_line(self) -> Content:
        """The number of sources, and of those that failed."""
        failed = sum(bool(past.error) for spec, past in self._past.items() if spec in self._sources)
        count = plural(len(self._sources), "source") if self._sources else "none yet"
        rest = f", {failed:,} failed" if failed else ""
        return Content.assemble(("Sources", "bold"), (f"  {count}{rest}", "$muted"))

    def build_rows(self) -> Iterator[Option]:
        """The sources, each with what came of its last fetch here."""
        if not self._sources:
            add, fetch = self.key_for("sources.add"), self.key_for("sources.fetch_all")
            yield heading(f"No sources yet. {add} adds one: {sources.HINT}", "")
            yield heading(f"{fetch} then brings its new papers.", "")
        names = {spec: Content(sanitize(name)) for spec, name in self._sources.items()}
        width = self.name_width(names.values(), (2 + len(self._result(spec)) for spec in names))
        for spec, full in names.items():
            name = full.truncate(width, ellipsis=True)
            gap = " " * (width - name.cell_length + 2)
            past = self._past.get(spec)
            style = "$error" if past and past.error else "$muted"
            yield Option(Content.assemble(name, gap, (self._result(spec), style)), spec)

    def _result(self, spec: str) -> str:
        """What came of its last fetch, as far as there is room; see ``row_detail``."""
        past = self._past.get(spec)
        if self.arrangement is not Arrangement.SIDE:
            return sources.describe(spec, past)
        return "failed" if past and past.error else sources.result(spec, past)

    def row_detail(self, id: str) -> RowDetail:
        """What it is, what came of its last fetch, and its papers."""
        past = self._past.get(id)
        lines = [
            Content.styled(f"{sanitize(id)} {self.glyphs.dot} {sources.label(id)}", "$muted"),
        ]
        if self.arrangement is Arrangement.SIDE or (past and past.error):
            lines.append(Content(sources.describe(id, past)))
        if self._sources[id] != id:
            lines.insert(0, Content.styled(sanitize(self._sources[id], 60), "bold"))
        if past is None:
            lines.append(Content(f"{self.key_for('sources.fetch')} fetches it"))
        if not sources.is_allowed(id):
            lines.append(Content(f"{self.key_for('sources.allow')} lets it run here"))
        return RowDetail(lines, self.papers(sources.query(id)), self.library.today())

    def action_open(self) -> None:
        """Shows its papers."""
        self.show_papers(sources.query(self.current_id))

    async def action_add(self) -> None:
        """Adds a source."""
        question = sources.SPEC.question
        assert question is not None

        def add(text: str) -> Change | None:
            source, change = sources.add(self.library, text)
            sources.allow_typed(source.spec)
            return change

        asked = question(self.workspace.context())
        assert asked is not None
        await self.changes.ask(asked, add, keep=sources.spec_of)

    async def action_rename(self) -> None:
        """Gives it another name."""
        spec = self.current_id
        name = self._sources[spec]
        await self.changes.ask(
            Question(f"Rename “{sanitize(name, 30)}” to", value=name, is_replaced=True),
            lambda text: sources.rename(self.library, spec, text),
            keep=lambda _: spec,
        )

    def action_delete(self) -> None:
        """Removes it; undo brings it back."""
        self.changes.make(partial(sources.remove, self.library, self.current_id))

    def action_allow(self) -> None:
        """Lets its program run on this machine."""
        spec = self.current_id
        with self.reporting():
            verb = "Already allowed" if sources.is_allowed(spec) else "Allowed"
            sources.allow_typed(spec)
            self.show()
            self.say(f"{verb} here: {sanitize(spec, 60)}")

    # Fetching

    def action_fetch(self) -> None:
        """Fetches it."""
        self._fetch([self.current_id])

    def action_fetch_all(self) -> None:
        """Fetches all; while something is fetched, stops that."""
        self._fetch([])

    def _fetch(self, names: Sequence[str]) -> None:
        """Fetches some sources beside the screen; all without names."""
        workspace, background = self.workspace, self.background
        released = partial(background.released, workspace)

        def fetch() -> Outcome:
            context = workspace.context(background.report, released)
            outcome = actions()["fetch"].run(context, names=names)
            self.library.search.load_words()
            assert isinstance(outcome, Outcome)
            return outcome

        async def work() -> None:
            try:
                outcome = await background.thread(workspace, fetch)
            except PapersError as error:
                self._show_message(str(error), error.message, error=True)
                return
            workspace.listing.rerun()
            messages = [*forms([outcome.message, *outcome.notes], "; "), *outcome.shorter]
            self._show_message(*messages, error=bool(outcome.exit_code))

        with self.reporting():
            workspace.require_write()
            background.start(workspace, work)

    def _show_message(self, text: str, *shorter: str, error: bool) -> None:
        """Shows a message and the rows, or only the message where the user went meanwhile."""
        if self.is_attached:
            self.show()
        here = (each for each in reversed(self.app.screen_stack) if isinstance(each, KeyScreen))
        next(here).say(text, *shorter, error=error)
