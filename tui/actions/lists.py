"""The verbs of reading lists: make, describe, fill, order, hand on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tui.errors import LibraryError, PapersError, with_path
from tui.formats.exporters import markdown
from tui.formats.exporters.markdown import AbstractPart
from tui.library import Library
from tui.model.state import Change, Export, FieldUpdate, Item, ReadingList, Status, list_name
from tui.model.text import fold, is_inert, normalize, sanitize, words
from tui.storage.files import write_atomically


def require_list(library: Library, name: str) -> str:
    """The name of an existing list, as it is spelt.

    Raises:
        PapersError: If there is none.
    """
    found = library.find_list(normalize(name))
    if found is None:
        known = ", ".join(held.name for held in library.lists()[:5]) or "none yet"
        raise PapersError(f"there is no list “{normalize(name, 60)}”", f"lists: {known}")
    return found


def create(library: Library, name: str, description: str = "") -> Change | None:
    """Makes an empty list."""
    name = library.find_list(name) or list_name(name)
    settings: list[FieldUpdate] = [("lists", name, "exists", True)]
    if description:
        settings.append(("lists", name, "description", normalize(description, 500)))
    return library.change(f"make list {name}", settings)


def describe(library: Library, name: str, description: str) -> Change | None:
    """Says why a list exists."""
    name = require_list(library, name)
    text = normalize(description, 500) or None
    return library.change(f"describe {name}", [("lists", name, "description", text)])


def add(library: Library, name: str, keys: Iterable[str]) -> Change | None:
    """Puts papers at the end of a list, which is made if need be; those in it stay in place."""
    name = library.find_list(name) or list_name(name)
    places = library.positions(name)
    end = max(places.values(), default=0.0)
    settings: list[FieldUpdate] = [("lists", name, "exists", True)]
    for key in dict.fromkeys(keys):
        if key not in places:
            end += 1.0
            settings.append(("papers", key, f"list/{name}", end))
    return library.change(f"add to {name}", settings)


def remove(library: Library, name: str, keys: Iterable[str]) -> Change | None:
    """Takes papers off a list."""
    name = require_list(library, name)
    return library.change(
        f"remove from {name}", [("papers", key, f"list/{name}", None) for key in keys]
    )


def renamed_to(change: Change, name: str) -> str | None:
    """The list that took the place of a list, as by a rename or its undo; ``None`` if none did."""
    edits = [e for e in change.edits if e.table == "lists" and e.field == "exists"]
    made = [e.id for e in edits if e.now]
    is_gone = any(e.id == name and not e.now for e in edits)
    return made[0] if is_gone and len(made) == 1 else None


def delete(library: Library, name: str) -> Change | None:
    """Removes a list; its papers stay in the library, and its exports where they are."""
    name = require_list(library, name)
    settings: list[FieldUpdate] = [
        ("papers", key, f"list/{name}", None) for key in library.positions(name)
    ]
    fields = ["exists", "description"]
    fields += [f"export/{export.path}" for export in library.reading_list(name).exports]
    settings += [("lists", name, field, None) for field in fields]
    return library.change(f"delete list {name}", settings)


def rename(library: Library, name: str, new: str) -> Change | None:
    """Gives a list another name; order, description and exports go with it.

    Raises:
        PapersError: If there is a list of that name.
    """
    name, new = require_list(library, name), list_name(new)
    taken = library.find_list(new)
    if taken is not None and taken != name:
        raise PapersError(f"there is a list “{taken}” already")
    settings: list[FieldUpdate] = []
    for key, place in library.positions(name).items():
        settings += [("papers", key, f"list/{name}", None), ("papers", key, f"list/{new}", place)]
    held = library.reading_list(name)
    for table_name, exists in ((name, None), (new, True)):
        settings.append(("lists", table_name, "exists", exists))
        told = held.description if exists and held.description else None
        settings.append(("lists", table_name, "description", told))
        for export in held.exports:
            value = _export_value(export) if exists else None
            settings.append(("lists", table_name, f"export/{export.path}", value))
    return library.change(f"rename {name} to {new}", settings)


def move(library: Library, name: str, key: str, to: int) -> Change | None:
    """Moves a paper to a place in its list.

    Args:
        library: The library.
        name: The list.
        key: A paper in it.
        to: Its new place, from 1; what is beyond an end is that end.

    Raises:
        PapersError: If the paper is not in the list.
    """
    name = require_list(library, name)
    held = library.positions(name)
    # A place that is kept for a paper that is not here counts for nothing.
    places = {key: place for key, place in held.items() if key in library}
    if key not in places:
        raise PapersError(f"that paper is not in “{name}”", "papers-tui lists add puts it there")
    others = [other for other in places if other != key]
    place = min(max(to, 1), len(others) + 1) - 1
    if list(places).index(key) == place:
        return None
    before = places[others[place - 1]] if place > 0 else None
    after = places[others[place]] if place < len(others) else None
    if before is None:
        middle = (after or 0.0) - 1.0
    elif after is None:
        middle = before + 1.0
    else:
        middle = (before + after) / 2
    settings: list[FieldUpdate]
    if middle in (before, after):  # no number is left between the two: number the list anew
        order = [*others[:place], key, *others[place:]]
        settings = [("papers", k, f"list/{name}", float(n)) for n, k in enumerate(order, 1)]
    else:
        settings = [("papers", key, f"list/{name}", middle)]
    return library.change(f"move in {name}", settings)


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What an export wrote."""

    path: str
    count: int
    changed: bool
    """Whether the file's bytes are other than before."""
    text: str


def file_name(name: str) -> str:
    """A list's name as a safe name for a file: ``Thesis: world models`` is thesis-world-models.md.

    Letters, digits and hyphens only, so that nothing is written outside the folder asked for, and
    no name of a device on any system.
    """
    slug = "-".join(words(fold(name)))[:60].strip("-") or "list"
    while len(slug.encode()) > 80:
        slug = slug[:-1]
    devices = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}
    return f"{slug}-list.md" if slug in devices else f"{slug}.md"


def document(
    library: Library,
    title: str,
    items: Sequence[Item],
    abstract: AbstractPart,
    *,
    of_list: bool = True,
) -> markdown.Document:
    """The Markdown of a list, or of papers under any title."""
    known = library.find_list(title) if of_list else None
    description = library.reading_list(known).description if known else ""
    return markdown.write(title, items, description=description, abstract=abstract)


def export(
    library: Library,
    title: str,
    items: Sequence[Item],
    path: Path,
    *,
    abstract: AbstractPart = AbstractPart.FIRST,
    force: bool = False,
    of_list: bool = True,
) -> ExportResult:
    """Writes papers as Markdown to a file, and remembers it if they are a list.

    Args:
        library: The library.
        title: The list's name, or what stands in its place.
        items: The papers, in order.
        path: A file or a folder.
        abstract: How much of each abstract to write.
        force: Whether to replace a file that is not ours, or was edited where it is.
        of_list: Whether the title names a list.

    Raises:
        PapersError: If the file is not ours, or was edited where it is ours, or cannot be written.
    """
    target = _target(path, title)
    name = library.find_list(title) if of_list else None
    existing = _existing(target)
    written = document(library, title, items, abstract, of_list=of_list)
    exports = library.reading_list(name).exports if name is not None else ()
    is_known = any(export.path == str(target) for export in exports)
    try:
        text = markdown.merge_into(existing, written, same_list=is_known, force=force)
    except PapersError as error:
        raise PapersError(with_path(target, error.message), error.hint) from error
    changed = text != existing
    if changed:
        write_atomically(target, text.encode(), private=False)
    if name is not None and not library.read_only_reason:
        made = Export(
            path=str(target),
            format="markdown",
            at=library.timestamp(),
            held=tuple(item.key for item in items),
            abstract=str(abstract),
            sum=written.sum,
        )
        known = next((e for e in library.reading_list(name).exports if e.path == made.path), None)
        if changed or known is None or replace(known, at=made.at) != made:
            field = f"export/{made.path}"
            library.change("export", [("lists", name, field, _export_value(made))])
    return ExportResult(str(target), len(items), changed, text)


def known_exports(held: ReadingList) -> list[Export]:
    """The exports of a list whose place is known; ours are absolute, whatever a journal tells."""
    return [export for export in held.exports if Path(export.path).is_absolute()]


def _target(path: Path, title: str) -> Path:
    """The file to write: in the folder that was named, under the title's name; never a device."""
    if not is_inert(str(path)):
        raise PapersError(
            f"no file should be called so: {sanitize(str(path))}", "choose another name"
        )
    try:
        target = path.expanduser().absolute()
        str(target).encode()
        if target.is_dir():
            target /= file_name(title)
        if target.exists() and not target.is_file():
            raise PapersError(with_path(target, "this is not a regular file"), "choose another")
        if not target.parent.is_dir():
            raise PapersError(
                f"no such folder: {target.parent}", "make it first, or choose another"
            )
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "there is no such place"
        raise PapersError(f"{reason}: {sanitize(str(path))}", "choose another file") from error
    return target


def since(library: Library, held: ReadingList, export: Export) -> str:
    """What has changed in a list since an export: ``2 added, 1 removed``; empty if nothing."""
    before, now = set(export.held), set(held.keys)
    parts = []
    if added := len(now - before):
        parts.append(f"{added} added")
    if removed := len(before - now):
        parts.append(f"{removed} removed")
    if not parts and export.held != held.keys:
        parts.append("reordered")
    if not parts:
        items = [library.item(key) for key in held.keys]
        part = AbstractPart(export.abstract)
        if document(library, held.name, items, part).sum != export.sum:
            parts.append("papers changed")
    return ", ".join(parts)


def record(library: Library, held: ReadingList) -> dict[str, Any]:
    """A list as JSON has it."""
    return {
        "name": held.name,
        "description": held.description,
        "papers": list(held.keys),
        "read": sum(library.paper_state(key).status is Status.READ for key in held.keys),
        "exports": [
            {"path": e.path, **_export_value(e), "since": since(library, held, e)}
            for e in held.exports
        ],
    }


def _export_value(export: Export) -> dict[str, Any]:
    return {
        "format": export.format,
        "at": export.at,
        "held": list(export.held),
        "abstract": export.abstract,
        "sum": export.sum,
    }


def _existing(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise LibraryError(
            with_path(path, f"cannot be read: {reason}"), "choose another file"
        ) from error
