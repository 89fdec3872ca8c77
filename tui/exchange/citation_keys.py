"""Citation keys of papers, and papers in a format to copy or to pipe."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.errors import UsageError
from tui.model.state import Item

if TYPE_CHECKING:
    from tui.config import Config
    from tui.library import Library
    from tui.model.paper import Paper


def text_of(library: "Library", settings: "Config", format: str, items: Sequence[Item]) -> str:
    """Papers in a format, without a title: to copy or to pipe.

    Raises:
        UsageError: If the template of citation keys in the configuration is wrong.
    """
    from tui.formats import exporters

    cite = citation_keys(library, settings.citation_key)
    return exporters.write(format, items, exporters.ExportOptions(citation_key=cite))


def citation_keys(library: "Library", template: str) -> Callable[["Paper"], str]:
    """The citation key of each paper by a template; all are made only if one is asked for.

    Raises:
        UsageError: If the template is wrong.
    """
    from tui.formats import bibliography

    template = template and bibliography.check_template(template)
    has_hash = "{hash}" in (template or bibliography.TEMPLATE)
    keys: dict[str, str] = {}

    def unique(paper: "Paper") -> str:
        if has_hash and (template or not paper.citation_key):
            return bibliography.citation_key(paper, template)
        if not keys:
            keys.update(bibliography.citation_keys(library.papers.values(), template))
        return keys[paper.key]

    return unique


def template_problems(settings: "Config") -> list[str]:
    """What is wrong with the template of citation keys in the configuration."""
    from tui.config import config_path
    from tui.formats.bibliography import check_template

    try:
        if settings.citation_key:
            check_template(settings.citation_key)
    except UsageError as error:
        return [f"{config_path().name}, citation_key: {error.message}"]
    return []
