"""Tags across the library: list, rename, delete."""

from typing import TYPE_CHECKING, Final

from tui.actions.context import Context, Outcome
from tui.actions.registry import JSON, Argument, action
from tui.actions.targets import library_action
from tui.errors import PapersError, UsageError
from tui.model.layout import plural
from tui.model.names import MAX_NAME, tag_name
from tui.model.state import Change, FieldUpdate
from tui.model.text import normalize

if TYPE_CHECKING:
    from tui.library import Library


@action(
    "tags",
    JSON,
    help="show or edit tags across the library",
    group="Annotate",
)
def run_tags(context: Context) -> Outcome:
    """The tags with the number of their papers."""
    tags = counts(context.library)
    message = "" if tags else "No tags yet. papers-tui tag +nlp KEY adds one."
    return Outcome(
        message,
        rows=[(name, f"{count:,}", f"{unread:,} unread") for name, (count, unread) in tags.items()],
        data={name: {"papers": count, "unread": unread} for name, (count, unread) in tags.items()},
    )


def counts(library: "Library") -> dict[str, tuple[int, int]]:
    """The numbers of papers and of unread papers by tag, sorted by name."""
    from tui.query import Field

    unread = library.search.unread_counts(Field.TAG)
    counts = library.search.counts(Field.TAG)
    return {name: (count, unread[name]) for name, count in counts.items()}


def _complete(library: "Library", prefix: str) -> list[tuple[str, str]]:
    return [(name, plural(count, "paper")) for name, (count, _) in counts(library).items()]


NAME: Final = Argument("name", metavar="TAG", complete=_complete)


@library_action(
    "tags rename",
    NAME,
    Argument("new", "the new name; that of another tag merges them", metavar="NEW"),
    help="rename a tag, or merge it into another",
    phrases={r"rename tag (.*)": r"Renamed tag \1"},
    group="Annotate",
)
def rename(library: "Library", name: str, new: str) -> Change | None:
    """Renames a tag on every paper; merges it with an existing tag of the new name.

    Nested tags follow: ``ml`` to ``ai`` turns ``ml/vision`` into ``ai/vision``.

    Raises:
        PapersError: If no paper has the tag.
        UsageError: If the new name is invalid, or too long for a nested tag.
    """
    name, new = _require_tag(library, name), tag_name(new)
    for _, tag in _tagged(library, name):
        renamed = f"{new}{tag.removeprefix(name)}"
        if len(renamed) > MAX_NAME:
            raise UsageError(f"Too long: {renamed}", f"A tag has at most {MAX_NAME} characters.")
    updates = library.state.tag_rename_updates(name, new)
    return library.change(f"rename tag {name} to {new}", updates)


@library_action(
    "tags delete",
    NAME,
    help="remove a tag from every paper",
    group="Annotate",
    phrases={r"delete tag (.*)": r"Deleted tag \1"},
)
def delete(library: "Library", name: str) -> Change | None:
    """Removes a tag and its nested tags from every paper.

    Raises:
        PapersError: If no paper has the tag.
    """
    name = _require_tag(library, name)
    updates: list[FieldUpdate] = [
        update
        for key, tag in _tagged(library, name)
        for update in library.state.tag_updates(key, tag, is_set=False)
    ]
    return library.change(f"delete tag {name}", updates)


def _require_tag(library: "Library", text: str) -> str:
    name = tag_name(text)
    if not _tagged(library, name):
        raise PapersError(
            f"No paper has the tag “{normalize(name, 60)}”", "papers-tui tags lists them."
        )
    return name


def _tagged(library: "Library", name: str) -> list[tuple[str, str]]:
    """The papers with a tag or a nested one: key and tag."""
    keys = library.state.keys()
    return [
        (key, tag)
        for key in keys
        for tag in library.state.of(key).tags
        if tag == name or tag.startswith(f"{name}/")
    ]
