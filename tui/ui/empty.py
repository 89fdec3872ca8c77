"""The text shown when nothing is listed: why, and the next useful keys."""

from collections.abc import Callable

from textual.content import Content

from tui.model.text import plural, sanitize
from tui.search import diagnostic_note
from tui.workspace import Workspace


def empty_content(workspace: Workspace, key: Callable[[str], str]) -> Content:
    """Why nothing is listed, and what to do.

    Args:
        workspace: What is shown.
        key: Maps a binding's id to its key as it is usually written.
    """
    query, index = workspace.query, workspace.library.search
    if not len(workspace.library):
        command = key("command")
        return Content.assemble(
            ("No papers yet.", "bold"),
            "\n\nOpen a Daily Papers page in your browser, select all, copy, and paste it here.\n",
            f"For a page saved as a file: {command}import page.txt\n",
            f"To look around first: {command}imports redo sample brings 268 sample papers.",
        )
    if query.text.strip() == "is:inbox":
        kept = workspace.library.counts().kept
        keys = f"{key('view.kept')} shows {plural(kept, 'kept paper')}, " if kept else ""
        keys += f"{key('look.session')} the session, {key('view.all')} all papers."
        done = workspace.decided()
        return Content.assemble(
            ("The inbox is empty.", "bold"),
            f"\n\n{done}.\n" if done else "\n\n",
            f"{keys}\n",
            f"To continue, paste a Daily Papers page or use {key('command')}import page.txt.",
        )
    name = workspace.shown_list
    if name and not workspace.library.state.reading_list(name).keys:
        hint = f"{key('list.add')} on a paper adds it while this is the current list"
        return Content.assemble((f"{sanitize(name, 40)} is empty.", "bold"), f"\n\n{hint}")
    lines = [Content.styled(f"No papers match {sanitize(query.text, 200)}.", "bold")]
    for diagnostic in query.diagnostics:
        lines.append(Content(sanitize(diagnostic_note(diagnostic))))
    drops = index.suggest_drops(query)[:3]
    if drops:
        lines.append(Content(""))
    for drop in drops:
        lines.append(Content(f"Without “{sanitize(drop.term, 60)}”: {plural(drop.count, 'paper')}"))
    keys = f"{key('filter.hint')} shows the first of these, " if drops else ""
    keys += f"{key('filter.edit')} edits the query, {key('look.back')} goes back, "
    keys += f"{key('view.all')} shows all papers"
    lines += [Content(""), Content.styled(keys, "$muted")]
    return Content("\n").join(lines)
