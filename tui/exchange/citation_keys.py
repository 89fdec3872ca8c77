"""Citation keys of papers, by the template in the configuration."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.errors import UsageError

if TYPE_CHECKING:
    from tui.config import Config
    from tui.library import Library
    from tui.model.paper import Paper


def citation_keys(library: "Library", template: str) -> Callable[["Paper"], str]:
    """The citation key of each paper by a template; all are made only if one is asked for.

    Raises:
        UsageError: If the template is wrong.
    """
    from tui.formats.citation_keys import TEMPLATE, check_template, citation_key
    from tui.formats.citation_keys import citation_keys as keys_of

    template = template and check_template(template)
    has_hash = "{hash}" in (template or TEMPLATE)
    keys: dict[str, str] = {}

    def unique(paper: "Paper") -> str:
        if has_hash and (template or not paper.citation_key):
            return citation_key(paper, template)
        if not keys:
            keys.update(keys_of(library.papers.values(), template))
        return keys[paper.key]

    return unique


def template_problems(settings: "Config") -> list[str]:
    """Problems of the template of citation keys in the configuration."""
    from tui.config import config_path
    from tui.formats.citation_keys import check_template

    try:
        if settings.citation_key:
            check_template(settings.citation_key)
    except UsageError as error:
        return [f"{config_path().name}, citation_key: {error.message}"]
    return []
