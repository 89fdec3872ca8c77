"""The question where to write a list, and whether to replace what is there."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tui.actions import lists
from tui.actions.lists import ExportResult
from tui.errors import PapersError
from tui.formats.exporters.markdown import AbstractPart
from tui.library import Library
from tui.model.state import Item, ReadingList
from tui.model.text import plural, sanitize
from tui.ui.key_screen import KeyScreen
from tui.ui.widgets.picker import Answer, Choice, Picker


async def ask_export(
    screen: KeyScreen[Any],
    library: Library,
    title: str,
    items: Sequence[Item],
    then: Callable[[], None] = lambda: None,
    *,
    of_list: bool = True,
) -> None:
    """Asks where to write papers as Markdown, writes them, and says so on a screen."""
    held = library.find_list(title) if of_list else None
    exports = lists.known_exports(library.reading_list(held)) if held else ()
    known = exports[0] if exports else None
    path = known.path if known else str(Path.cwd() / lists.file_name(title))
    first = known.abstract if known else "first"
    switch = sorted(("first", "full", "none"), key=lambda part: part != first)

    async def ask(value: str, remark: str = "") -> None:
        picker = Picker(
            f"export {sanitize(title, 24)} to",
            value=value,
            switch=[f"abstract: {part}" for part in switch],
            remark=remark,
        )
        await screen.ask(picker, answered)

    async def answered(answer: Answer) -> None:
        part = AbstractPart(answer.switch.removeprefix("abstract: "))

        def write(force: bool) -> ExportResult:
            return lists.export(
                library,
                title,
                items,
                Path(answer.text),
                abstract=part,
                force=force,
                of_list=of_list,
            )

        async def written(done: ExportResult) -> None:
            screen.say(_told(done))
            then()

        async def failed(error: PapersError) -> None:
            await ask(answer.text, str(error))

        await _write(screen, write, written, failed)

    await ask(path)


async def write_again(
    screen: KeyScreen[Any],
    library: Library,
    held: ReadingList,
    items: Sequence[Item],
    then: Callable[[], None] = lambda: None,
) -> None:
    """Writes a list anew to every place it went to, and asks where a file is not as it was left."""
    left = lists.known_exports(held)
    told: list[str] = []

    async def next_one(done: ExportResult | None = None) -> None:
        if done is not None:
            told.append(_told(done))
        if not left:
            screen.say("; ".join(told))
            then()
            return
        export = left.pop(0)

        def write(force: bool) -> ExportResult:
            return lists.export(
                library,
                held.name,
                items,
                Path(export.path),
                abstract=AbstractPart(export.abstract),
                force=force,
            )

        async def failed(error: PapersError) -> None:
            told.append(str(error))
            await next_one()

        await _write(screen, write, next_one, failed)

    await next_one()


async def _write(
    screen: KeyScreen[Any],
    write: Callable[[bool], ExportResult],
    written: Callable[[ExportResult], Any],
    failed: Callable[[PapersError], Any],
) -> None:
    """Writes; where force is needed, asks whether to use it."""
    try:
        done = write(False)
    except PapersError as error:
        if "--force" not in error.hint:
            await failed(error)
            return
        refused = error
    else:
        await written(done)
        return

    async def sure(answer: Answer) -> None:
        if answer.text == "no":
            await failed(PapersError("left as it is"))
            return
        try:
            done = write(True)
        except PapersError as error:
            await failed(error)
        else:
            await written(done)

    choices = [Choice("no", "leave it"), Choice("yes", "replace it")]
    await screen.ask(Picker("write it anew?", choices, remark=refused.message), sure)


def _told(done: ExportResult) -> str:
    same = "" if done.changed else ", unchanged"
    return f"{plural(done.count, 'paper')} in {done.path}{same}"
