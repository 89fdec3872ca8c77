"""A whole library as JSON, from which ``import --with-state`` makes the same library."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui.library import Library


def library_json(library: "Library") -> str:
    """All papers, also removed ones, with what was decided about them, and all that is beside them.

    Exports, past imports and the history are left out, as they are of one machine or of the past.
    """
    from tui.formats.exporters.json import write_library

    state = library.state
    rest: dict[str, Any] = {
        "lists": [
            {
                "name": each.name,
                "description": each.description,
                "papers": [key for key in state.positions(each.name) if key in library],
            }
            for each in state.lists()
        ],
        "views": state.views(),
        "sources": [{"source": spec, "name": name} for spec, name in state.sources().items()],
        "rules": [{"query": rule.query, "actions": list(rule.actions)} for rule in state.rules()],
        "preferences": state.preferences(),
        "joins": [
            {"papers": list(pair), "same": is_same}
            for is_same in (True, False)
            for pair in state.pairs(same=is_same)
        ],
    }
    return write_library(library.items(), rest)
