"""The question where to write a list, and whether to replace what is there."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tui.commands import lists
from tui.errors import PapersError
from tui.library import Library
from tui.text import one_of, safe
from tui.triage import Entry
from tui.view.base import TableScreen
from tui.view.dialogs import Answer, Choice, Picker
from tui.writers.markdown import AbstractPart


async def ask_export(
    screen: TableScreen[Any],
    library: Library,
    title: str,
    entries: Sequence[Entry],
    then: Callable[[], None] | None = None,
    *,
    of_list: bool = True,
) -> None:
    """Asks where to write papers as Markdown, writes them, and says so on a screen."""
    held = library.find_list(title) if of_list else None
    exports = library.reading_list(held).exports if held else ()
    known = exports[0] if exports else None
    path = known.path if known else str(Path.cwd() / lists.file_name(title))
    first = known.abstract if known else "first"
    switch = sorted(("first", "full", "none"), key=lambda part: part != first)

    async def write(answer: Answer, force: bool = False) -> None:
        part = AbstractPart(answer.switch.removeprefix("abstract: "))
        try:
            done = lists.export(
                library,
                title,
                entries,
                Path(answer.text),
                abstract=part,
                force=force,
                of_list=of_list,
            )
        except PapersError as error:
            if "--force" in error.hint and not force:
                choices = [Choice("no", "leave it"), Choice("yes", "replace it")]
                await screen.ask(
                    Picker(f"{safe(error.message, 120)}:", choices),
                    lambda sure: write(answer, True) if sure.text == "yes" else None,
                )
                return
            screen.say(str(error), error=True)
            return
        same = "" if done.changed else ", unchanged"
        screen.say(f"{one_of(done.count, 'paper')} in {done.path}{same}")
        if then is not None:
            then()

    await screen.ask(
        Picker(
            f"export {safe(title, 24)} to",
            value=path,
            switch=[f"abstract: {part}" for part in switch],
        ),
        write,
    )
