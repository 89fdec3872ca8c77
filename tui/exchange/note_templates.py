"""The template of new notes that the configuration names."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui.errors import UsageError, with_path
from tui.exchange.citation_keys import citation_keys
from tui.files import read_text
from tui.model.state import Item
from tui.model.text import normalize

if TYPE_CHECKING:
    from tui.config import Config
    from tui.formats.notes import NoteFormat
    from tui.formats.notes.template import Template
    from tui.library import Library


def new_note(
    library: "Library", settings: "Config", program: "NoteFormat"
) -> Callable[[Item, Sequence[str]], str]:
    """The text of a new note of a paper, from it and the names of the notes of its lists.

    Raises:
        UsageError: If the template of notes, or that of citation keys, is wrong.
    """
    if (template := _template(settings, program)) is None:
        return lambda item, lists: program.note(item, lists, None)
    return partial(template.note, citation_key=citation_keys(library, settings.citation_key))


def template_problem(settings: "Config") -> UsageError | None:
    """The error of the template, and what to do; ``None`` if all is right."""
    from tui.formats.notes import FORMATS, named

    try:
        for format in FORMATS:
            _template(settings, named(format))
    except UsageError as error:
        return error
    return None


def _template(settings: "Config", program: "NoteFormat") -> "Template | None":
    """The template, read again each time; ``None`` if none is set.

    Raises:
        UsageError: If it cannot be read, or is wrong; with its path.
    """
    path = settings.note_template
    if path is None:
        return None
    from tui.formats.notes.template import template

    try:
        return template(read_text(path), program)
    except UsageError as error:
        raise UsageError(with_path(path, error.message), error.hint) from error
    except (OSError, ValueError) as error:  # not UTF-8, or no name of a file
        reason = getattr(error, "strerror", None) or normalize(str(error), 80)
        hint = "Set note_template in config.toml to a file of text, or take it out."
        raise UsageError(with_path(path, f"no template: {reason}"), hint) from error
