"""The abstract of the paper at the cursor, or why nothing is listed and the next useful keys."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from textual import work
from textual.content import Content
from textual.reactive import reactive

from tui.actions.keymap import key_for
from tui.actions.registry import Binding
from tui.listing.shown import Shown
from tui.listing.states import STATES
from tui.model.layout import plural
from tui.model.text import sanitize
from tui.patterns import regex
from tui.query import SimilarTerm, split_order
from tui.search import ResultSet, diagnostic_note, single_list
from tui.ui.glyphs import Glyphs
from tui.ui.widgets.abstract_pane import AbstractPane, PaneContent
from tui.ui.widgets.around import AroundPane
from tui.workspace import Workspace

READ_SECONDS: Final = 0.02
"""How long the abstract waits for the list to be drawn, and for the next key: two frames."""
MAX_HINTS: Final = 3
"""The most papers that the abstract says a paper looks like."""
_KEY_OF: Final = regex(r"\{([a-z.]+)\}")
"""The id of a binding in a sentence, in place of its key."""


class ReadingPane(AbstractPane):
    """Shows the paper at the cursor, a frame behind the list, which costs less to draw."""

    shown: reactive[Shown] = reactive(Shown(ResultSet.empty()), repaint=False)
    """What the list shows."""

    def __init__(self, glyphs: Glyphs, bindings: Sequence[Binding]) -> None:
        """Begins empty; ``bindings`` tell the keys that are useful next."""
        self.around = AroundPane(glyphs, key_for(bindings, "filter.like"))
        super().__init__(glyphs, self.around)
        self.is_typing = False
        """Whether a query is being typed, so that most keys are text."""
        self._keys = bindings

    def watch_shown(self, old: Shown, new: Shown) -> None:
        """Shows another paper, or the same one after a change."""
        if old.key != new.key or old.revision != new.revision or old.results is not new.results:
            self.around.leave()
            self.read_soon()

    @work(exclusive=True)
    async def read_soon(self) -> None:
        """Shows the paper once the list is drawn, and no key follows."""
        await asyncio.sleep(READ_SECONDS)
        if (workspace := self.around.workspace) is not None:
            self.reading = content_of(workspace, self.shown, self._keys, is_typing=self.is_typing)


def content_of(
    workspace: Workspace, shown: Shown, bindings: Sequence[Binding], *, is_typing: bool
) -> PaneContent:
    """The paper at the cursor, with all that is known of it."""
    item, library = shown.item, workspace.library
    if item is None:

        def key(id: str) -> str:
            return key_for(bindings, id)

        return PaneContent(instead=empty_content(workspace, key, is_typing=is_typing))
    places = {}
    for name in item.state.lists:
        keys = library.state.reading_list(name).keys
        if item.key in keys:
            places[name] = (keys.index(item.key) + 1, len(keys))
    lookalikes = _lookalikes(workspace, item.key, bindings)
    explanation = shown.results.explanation(shown.cursor)
    grounds = explanation.sentence if explanation else ""
    return PaneContent(item, shown.matching, places, lookalikes, grounds)


def _lookalikes(workspace: Workspace, key: str, bindings: Sequence[Binding]) -> list[str]:
    """Sentences on the papers that may be the same as one, and the keys to press."""
    sentences = list(map(str, workspace.library.lookalikes(key)[:MAX_HINTS]))
    if sentences:
        ids = ("same.join", "same.apart", "same.diff")
        labels = {each.id: each.label for each in bindings if each.keys}
        keys = (f"{key_for(bindings, id)} {labels[id]}" for id in ids if id in labels)
        sentences[0] += f": {', '.join(keys)}"
    return sentences


def empty_content(workspace: Workspace, key: Callable[[str], str], *, is_typing: bool) -> Content:
    """Why nothing is listed, and what to do; ``key`` gives the key of a binding by its id."""
    query = workspace.listing.query
    if not len(workspace.library):
        command = key("command")
        return Content.assemble(
            ("No papers yet.", "bold"),
            "\n\nCopy a page of huggingface.co/papers (select all), and paste it here.\n",
            "Lines with arXiv ids or links, with or without titles, can be pasted, too.\n",
            f"{key('paper.add')} adds one paper by its arXiv id, DOI, address or title.\n",
            f"{command}import page.txt imports a page saved as a file.\n",
            f"{command}sources add hf:daily adds a source, from which new papers come.\n",
            f"{command}imports redo sample brings 268 sample papers, to look around first.",
        )
    state = split_order(query.text)[0]
    if state == "is:inbox":
        return _empty_inbox(workspace, key)
    others = f"{key('view.inbox')} shows the inbox, {key('view.all')} all papers."
    name = single_list(workspace.library.state.list_names(), query)
    if name and not workspace.library.state.reading_list(name).keys:
        hint = f"{key('list.add')} on a paper adds it while this is the current list; {others}"
        return _sentence(f"{sanitize(name, 40)} is empty.", hint)
    for view in STATES:
        if view.how and view.query == state:
            how = _KEY_OF.sub(lambda match: key(match[1]), view.how)
            return _sentence(f"{view.title}: no papers yet.", f"{how}; {others}")
    if isinstance(query.node, SimilarTerm):
        hint = f"{key('look.back')} goes back to the paper"
        return _sentence("No similar papers.", hint)
    return _no_matches(workspace, key, is_typing=is_typing)


def _empty_inbox(workspace: Workspace, key: Callable[[str], str]) -> Content:
    """A message of what was decided, where the kept papers are, and how more come in."""
    kept = workspace.library.counts().kept
    session, others = "the session", f"{key('view.all')} all papers."
    if kept:
        session = f"{plural(kept, 'kept paper')}, {key('look.session')} {session}"
    first = key("view.kept" if kept else "look.session")
    keys = f"{first} shows {session}, {others}"
    summary = workspace.decided()
    return Content.assemble(
        ("The inbox is empty.", "bold"),
        f"\n\n{summary}.\n" if summary else "\n\n",
        f"{keys}\n",
        _how_to_go_on(workspace, key),
    )


def _no_matches(workspace: Workspace, key: Callable[[str], str], *, is_typing: bool) -> Content:
    """What a query has wrong, which of its terms to leave out, and the next useful keys."""
    query, search = workspace.listing.query, workspace.library.search
    shown, where, text = workspace.listing.shown, "", split_order(query.text)[0]
    if shown.is_inbox and shown.terms:
        where, text = " in the inbox", shown.terms
    lines = [Content.styled(f"No papers{where} match {sanitize(text, 200)}.", "bold")]
    for diagnostic in search.diagnostics(query):
        lines.append(Content(sanitize(diagnostic_note(diagnostic))))
    drops = search.suggest_drops(query)[:3]
    if drops:
        lines.append(Content(""))
    for drop in drops:
        lines.append(Content(f"Without “{sanitize(drop.term, 60)}”: {plural(drop.count, 'paper')}"))
    keys = [f"{key('look.back')} drops the search"]
    if not is_typing:
        keys = [f"{key('filter.edit')} edits the query", f"{key('look.back')} goes back"]
        keys += [f"{key('view.all')} shows all papers", f"{key('paper.add')} adds a paper"]
    if meant := search.meant(query):
        keys.insert(0, f"{key('filter.hint')} searches for {sanitize(meant, 60)}")
    elif drops:
        keys.insert(0, f"{key('filter.hint')} shows the first of these")
    lines += [Content(""), Content.styled(", ".join(keys), "$muted")]
    return Content("\n").join(lines)


def _sentence(text: str, hint: str) -> Content:
    return Content.assemble((text, "bold"), f"\n\n{hint}")


def _how_to_go_on(workspace: Workspace, key: Callable[[str], str]) -> str:
    """How further papers come in; no line is so long that a command in it is broken."""
    if workspace.library.state.sources():
        return f"To continue, {key('fetch.all')} fetches new papers from your sources."
    return (
        "To continue, paste a Daily Papers page or lines with arXiv ids here;\n"
        f"{key('command')}import page.txt imports a file, {key('paper.add')} adds one paper."
    )
