"""Sources of papers. This package alone opens connections: for ``fetch``, ``add`` and ``digest``.

A source is named by its kind and a text: ``hf:daily``. Each kind is a module with a ``parse``.
"""

from collections.abc import Callable, Mapping
from typing import Final

from tui.errors import UsageError
from tui.model.identifiers import arxiv_id
from tui.model.layout import enumerated
from tui.model.text import sanitize
from tui.sources import arxiv, command, feed, hf
from tui.sources.base import Source, SourceError, Span, StoppedError

__all__ = ["EXAMPLES", "Source", "SourceError", "Span", "StoppedError", "parse"]

_LONGEST: Final = 1_000
_KINDS: Final[Mapping[str, Callable[[str], Source | None]]] = {
    "hf": hf.parse,
    "arxiv": arxiv.parse,
    "feed": feed.parse,
    "command": command.parse,
}
EXAMPLES: Final[Mapping[str, str]] = {
    "hf:daily": "Daily Papers, day by day",
    "hf:trending": "Daily Papers that are trending",
    "hf:weekly": "Daily Papers, week by week",
    "arxiv:cs.CL+cs.LG": "categories of arXiv",
    "arxiv:all:lora AND cat:cs.CL": "a search of arXiv",
    "arxiv:author:Ada Lovelace": "an author on arXiv",
    "feed:https://example.org/feed.xml": "any feed, Atom or RSS",
    "command:my-papers --json": "a program that prints JSON",
}
"""Sources, and what they bring."""
_EACH: Final = [next(n for n in EXAMPLES if n.startswith(f"{kind}:")) for kind in _KINDS]


def parse(text: str) -> Source:
    """The source that a text names.

    Raises:
        UsageError: If it names none.
    """
    if (source := _source(text)) is None:
        raise UsageError(f"Not a source: {sanitize(text, 60)}", _hint(text.strip()))
    return source


def _source(text: str) -> Source | None:
    kind, _, rest = text.strip().partition(":")
    source = _KINDS[kind](rest) if kind in _KINDS else None
    is_valid = source and source.spec.isprintable() and len(source.spec) <= _LONGEST
    return source if is_valid else None


def _hint(text: str) -> str:
    """Advice what to type instead: what was meant, the same kind of source, or each kind."""
    kind, _, rest = text.partition(":")
    kind = kind.lower()
    if kind == "arxiv" and (identifier := arxiv_id(rest)):
        return f"papers-tui add {identifier[0]} adds this paper."
    of_kind = [name for name in EXAMPLES if name.startswith(f"{kind}:")]
    instead = [f"feed:{text}"] if text.startswith("https://") else []
    compact = rest if ":" in rest else "".join(rest.split())
    instead += [f"{kind}:{rest}", f"{kind}:{compact}", f"{kind}:{compact.lower()}"]
    instead += [f"feed:https://{rest}"] if kind == "feed" and "/" in rest else []
    instead += [f"arxiv:all:{rest}"] if kind == "arxiv" and rest else []
    meant = next((source.spec for source in map(_source, instead) if source), "")
    return f"Try {sanitize(meant, 80) if meant else enumerated(of_kind or _EACH)}."
