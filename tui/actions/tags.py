"""The verbs of all tags: what there is, another name, none of it."""

from tui.errors import PapersError, UsageError
from tui.library import Library
from tui.model.state import MAX_NAME, Change, FieldUpdate, tag_name
from tui.model.text import normalize
from tui.query import Field


def counts(library: Library) -> dict[str, tuple[int, int]]:
    """Papers and unread papers by tag, in the order of the names."""
    unread = library.index.unread_counts(Field.TAG)
    return {name: (count, unread[name]) for name, count in library.index.counts(Field.TAG).items()}


def rename(library: Library, name: str, new: str) -> Change | None:
    """Gives a tag another name on every paper that has it; where the new one is, they merge.

    Tags below it go with it: ``ml`` to ``ai`` makes ``ml/vision`` into ``ai/vision``.

    Raises:
        PapersError: If no paper has the tag.
        UsageError: If the new name is none, or too long for a tag below it.
    """
    name, new = _need(library, name), tag_name(new)
    settings: list[FieldUpdate] = []
    for key, tag in _holders(library, name):
        below = f"{new}{tag.removeprefix(name)}"
        if len(below) > MAX_NAME:
            raise UsageError(f"“{below}” would be too long", f"a tag has {MAX_NAME} characters")
        settings.append(("papers", key, f"tag/{tag}", None))
        settings.append(("papers", key, f"tag/{below}", True))
    return library.change(f"rename tag {name} to {new}", settings)


def delete(library: Library, name: str) -> Change | None:
    """Takes a tag, and those below it, off every paper.

    Raises:
        PapersError: If no paper has the tag.
    """
    name = _need(library, name)
    settings: list[FieldUpdate] = [
        ("papers", key, f"tag/{tag}", None) for key, tag in _holders(library, name)
    ]
    return library.change(f"delete tag {name}", settings)


def _need(library: Library, text: str) -> str:
    name = tag_name(text)
    if not _holders(library, name):
        raise PapersError(
            f"no paper has the tag “{normalize(name, 60)}”", "papers-tui tags lists them"
        )
    return name


def _holders(library: Library, name: str) -> list[tuple[str, str]]:
    """Each paper with a tag, and the tag: that name, or one below it."""
    return [
        (key, tag)
        for key in library.decided()
        for tag in library.paper_state(key).tags
        if tag == name or tag.startswith(f"{name}/")
    ]
