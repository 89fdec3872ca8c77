"""Random edits of an exported list outside the app and in it, pulled, each against a model."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from tests.torture import pulled_notes
from tests.torture.pull_model import BY_HAND, Side, decide, here, merged, random_facts, ticked
from tests.torture.seeded import seeded
from tests.torture.tally import Tally, clear
from tui.actions import lists
from tui.actions.pull import Pull, pull
from tui.errors import ConfirmationError, PapersError
from tui.exchange.export_files import changes_since, export
from tui.library import Library
from tui.model.paper import Paper, SourceRecord, merge
from tui.model.state import Status

DAY: Final = date(2024, 5, 16)
PAPERS: Final = 5
ROUNDS: Final = 200
"""Rounds in one library."""
FOREIGN: Final = ("-", "* [ ]", "  -", "  - [ ]")
"""What a line of nobody begins with."""
TYPED: Final[tuple[Callable[[str, str], str], ...]] = (
    lambda row, words: row.replace("](", f" {words}](", 1),
    lambda row, words: row.replace(" <!-- pt:", f" {words} <!-- pt:", 1),
    lambda row, words: re.sub(r"\A(.*)", rf"\1 {words}", row),
    lambda row, words: re.sub(r"\A(.*\n.*)", rf"\1 {words}", row),
    lambda row, words: re.sub(r"\A(.*\n.*)", rf"\1\n    {words}", row),
    lambda row, words: f"{row} {words}",
    lambda row, words: row.replace("\n  > ", f"\n  > {words} ", 1),
)
"""Words of a user in a line of ours, or right below one: title, facts and abstract."""
BOXES: Final = {"x": Status.READ, " ": Status.UNREAD, "/": Status.READING, "-": Status.DISMISSED}


def _paper(number: int) -> Paper:
    title, abstract = f"Paper *{number}* [of] many", "It is so. And *it stays* so_far."
    record = SourceRecord(title, abstract, file="0.txt", line=number + 1, published=DAY, upvotes=7)
    return merge([record])


# The app


def _use(library: Library, chance: Random, file: Side) -> None:
    """A few changes in the app, some of them as in the file."""
    decide(library, chance, file)
    listed = list(library.state.reading_list("L").keys)
    kind = chance.randrange(8)
    if kind == 0:
        lists.move(library, "L", chance.choice(listed), chance.randint(1, len(listed)))
    elif kind == 1 and len(listed) > 2:
        lists.remove(library, "L", [chance.choice(listed)])
    elif kind == 2:
        lists.add(library, "L", [chance.choice([item.key for item in library.items()])])


# The file


_ITEM: Final = re.compile(r"(?m)^(?=- \[.\] )")


def _edit(text: str, chance: Random, side: Side) -> str:
    """Edits a file as a user does, and the model of it."""
    head, *items = _ITEM.split(text)
    items[-1], end = items[-1].split("<!-- papers-tui:end", 1)
    rows = dict(zip(side.order, items, strict=True))
    for key in chance.sample(side.order, chance.choice((0, 1, 1, 2))):
        rows[key] = _edit_row(rows[key], chance, side, key)
    kind = chance.randrange(6)
    if kind == 0:
        chance.shuffle(side.order)
    elif kind == 1 and len(side.order) > 1:
        del side.order[chance.randrange(len(side.order))]
    if chance.random() < 0.2:
        key = chance.choice(side.order)
        mark = chance.choice(FOREIGN)
        rows[key] = rows[key].rstrip("\n") + f"\n{mark} my own {chance.randrange(10**6)}\n"
    if chance.random() < 0.2:
        key, words = chance.choice(side.order), f"my own {chance.randrange(10**6)}"
        rows[key] = chance.choice(TYPED)(rows[key].rstrip("\n"), words)
    if chance.random() < 0.05:
        line = chance.choice(("# L", " read**"))
        head = head.replace(f"{line}\n", f"{line} my own {chance.randrange(10**6)}\n")
    body = "".join(rows[key].rstrip("\n") + "\n" for key in side.order)
    return f"{head}{body}<!-- papers-tui:end{end}"


def _edit_row(row: str, chance: Random, side: Side, key: str) -> str:
    was = side.facts[key]
    now = side.facts[key] = random_facts(was, chance, BY_HAND)
    if now.status is not was.status:
        box = next(box for box, status in BOXES.items() if status is now.status)
        return f"- [{box}]{row[5:]}"
    lines = row.split("\n")
    if now.starred != was.starred:
        lines[1] = lines[1].replace(" · ★", "") if was.starred else f"{lines[1]} · ★"
    for tag in now.tags - was.tags:
        lines[1] += chance.choice((f" `{tag}`", f" #{tag}"))
    for tag in was.tags - now.tags:
        lines[1] = re.sub(rf" (?:`{re.escape(tag)}`|#{re.escape(tag)}(?!\S))", "", lines[1])
    row = "\n".join(lines)
    if now.note != was.note:
        before, quote, abstract = row.partition("\n\n  > ")
        before, _, noted = before.partition("\n  - **Note:**")
        others = re.findall(r"(?m)^ {0,2}[-*] .*my own \d+$", noted)
        if now.note:
            source = re.sub(r"(?<=\S)\n(?=\S)", "\\\\\n    ", now.note).replace("\n\n", "\n\n    ")
            before += f"\n  - **Note:** {source}"
        before = "\n".join([before, *others])
        row = f"{before}{quote}{abstract}"
    return row


# Shapes that programs give to a file


def _pandoc(text: str) -> str:
    return re.sub(r"(?m)^(- \[.\] .*) (<!-- pt:\S+ -->)$", r"\1\n  \2", text)


def _without_keys(text: str) -> str:
    return re.sub(r" <!-- pt:\S+ -->", "", text)


def _with_damaged_keys(text: str) -> str:
    return text.replace("<!-- pt:", "<!-- pt:x")


def _without_comments(text: str) -> str:
    return re.sub(r"(?m) ?<!-- (?:pt|papers-tui):.* -->", "", text)


SHAPES: Final[tuple[Callable[[str], str], ...]] = (
    str,
    lambda text: text.replace("\n", "\r\n"),
    lambda text: "\ufeff" + text,
    lambda text: re.sub("(?m)^- ", "* ", text),
    lambda text: re.sub("(?m)^- ", "1. ", text),
    lambda text: re.sub("(?m)^", "> ", text),
    _without_keys,
    _with_damaged_keys,
    lambda text: re.sub(r"(?m)^(  )- ", r"\1* ", text),
    lambda text: re.sub(r"(?m)^(?=- \[)", "\n", text),
    _pandoc,
)


def _shaped(text: str, chance: Random, *, has_keys: bool, is_whole: bool) -> bytes:
    """A file in one or two shapes, of which line ends and the mark at the start come last.

    Args:
        text: The file.
        chance: For the shapes.
        has_keys: Whether to keep its comments, without which a paper is only put in by ``--add``.
        is_whole: Whether it has all papers, as none is removed by a file without its end.
    """
    if is_whole and not has_keys and chance.random() < 0.1:
        return _without_comments(text).encode()
    places = chance.sample(range(len(SHAPES)), chance.choice((1, 1, 2)))
    for place in sorted(places, reverse=True):
        if not has_keys or SHAPES[place] not in (_without_keys, _with_damaged_keys):
            text = SHAPES[place](text)
    return text.encode()


def _round(library: Library, path: Path, chance: Random) -> str:
    """An export, and pulls of what is edited on both sides; what went wrong, or nothing."""
    if _has_all_boxes(library) and chance.random() < 0.5:
        lists.forget(library, "L", str(path))  # so that nobody has written such a box in it
    _export(library, path, force=True)
    base = here(library) if _has_all_boxes(library) else ticked(here(library))
    if _pulled(library, path).change is not None:
        return "a file that nobody edited changes something"
    first, exported = base.copy(), path.read_text("utf-8")
    file, text, has_conflict = base.copy(), exported, False
    for _ in range(chance.choice((1, 1, 2, 3))):
        if chance.random() < 0.1:  # as it was exported
            file, text = first.copy(), exported
        text = _edit(text, chance, file)
        _use(library, chance, file)
        ours = here(library)
        has_keys = not set(file.order) <= set(base.order)
        is_whole = set(base.order) <= set(file.order)
        path.write_bytes(_shaped(text, chance, has_keys=has_keys, is_whole=is_whole))
        expected, settled = merged(base, file, ours)
        has_conflict = settled != file
        result = _pulled(library, path)
        if (actual := here(library)) != expected:
            return f"{expected.differing(actual, base, file, ours)} of {text!r}"
        if has_conflict != any("stays" in note for note in result.notes):
            return f"a conflict is not told: {result.notes} of {text!r}"
        if expected != ours and chance.random() < 0.3:
            library.undo()
            if (actual := here(library)) != ours:
                return f"undone to {ours.differing(actual, base, file)} of {text!r}"
        if _is_out_of_date(library) != (settled.said() != here(library).said()):
            return f"{settled.said()} is taken for {here(library).said()}, of {text!r}"
        if _pulled(library, path).changes:
            return f"what was pulled is pulled again, of {text!r}"
        base = settled.copy()
    try:
        _export(library, path)
    except ConfirmationError:
        return "" if has_conflict else f"an export asks, of {text!r}: {result.notes}"
    if has_conflict:
        return "a conflict is overwritten"
    written = path.read_text("utf-8")
    lost = [each for each in re.findall(r"my own \d+", text) if each not in written]
    return f"{lost} is lost, of {text!r}" if lost else ""


def _has_all_boxes(library: Library) -> bool:
    return any(each.has_all_boxes for each in library.state.reading_list("L").exports)


def _is_out_of_date(library: Library) -> bool:
    """Whether the app says that the list changed since its export."""
    reading_list = library.state.reading_list("L")
    return any(changes_since(library, reading_list, each) for each in reading_list.exports)


def _export(library: Library, path: Path, *, force: bool = False) -> None:
    items = [library.item(key) for key in library.state.reading_list("L").keys]
    export(library, "L", items, path, force=force)


def _pulled(library: Library, path: Path) -> Pull:
    return pull(library, str(path), path.read_bytes())


def _cut(library: Library, path: Path, chance: Random) -> str:
    """A file that is cut short takes nothing off, and sets nothing that it does not say."""
    _export(library, path, force=True)
    before = here(library)
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(data.index(b"papers-tui:begin") + 24, len(data))])
    try:
        _pulled(library, path)
    except PapersError:  # cut within a letter, or before the list
        return ""
    finally:
        path.unlink()
    after = here(library)
    return "" if after == before else f"a file cut short changes {before} to {after}"


def run(count: int, chance: Random, folder: Path, fault: str = "") -> Tally:
    """Rounds of export, edits on both sides, and pull: of a list, and of notes."""
    tally = Tally()
    while tally.tried < count:
        clear(folder)
        with (
            seeded(fault),
            Library.open(folder / "library", "desk", wait=0) as library,
        ):
            library.seed(_paper(number) for number in range(PAPERS + 1))
            keys = [item.key for item in library.items()]
            lists.add(library, "L", keys[:PAPERS])
            for _ in range(min(ROUNDS, count - tally.tried)):
                tally.tried += 1
                lists.add(library, "L", keys[:PAPERS])
                way = chance.choices((_round, _cut, pulled_notes.tried), (5, 1, 4))[0]
                place = folder / "L.md"
                if problem := way(library, place, chance):
                    tally.note("lost", problem)
                if place.is_dir():
                    shutil.rmtree(place)
                place.unlink(missing_ok=True)
    return tally
