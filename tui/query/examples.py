"""Examples of queries for the help, derived from the fields."""

import re
from collections.abc import Iterable

from tui.model.fields import HAS, IS_VALUES, ORDERS, QUERY_FIELDS, STATES, Kind


def examples() -> list[tuple[str, str]]:
    """Queries, and what each finds."""
    _, *fields = (f"{field}:" for field in QUERY_FIELDS if field.kind is Kind.WORDS)
    others = (name for name in IS_VALUES if name not in ("new", *STATES))
    orders = (name for name in ORDERS if name not in ("up", "title"))
    return [
        ("world model", "both words, in title, abstract, authors, tags or note"),
        ('"world model"', "the phrase"),
        ("-survey", "does not contain; NOT does the same"),
        ("lora OR adapter", "either; | does the same, parentheses group"),
        ("title:diff*", f"in one field: also {' '.join(fields)}; * is anything"),
        ("/top-?k/", "a regular expression, in a field, too: abs:/[0-9]+x/"),
        ("like:tcia", "similar papers, by a prefix of the key"),
        ("author:=Ng", "the whole field, exactly"),
        ("is:unread", " ".join(name for name in STATES if name != "unread")),
        ("is:new", f"that came since you were here last; also {', '.join(others)}"),
        ("has:note", " ".join(name for name in HAS if name != "note")),
        ("#rl tag:none", "a tag and its nested tags; no tags"),
        ("list:thesis", "a reading list, in its order; list:none in no list"),
        (
            _ranges([Kind.YEAR], ages=False),
            f"ranges: {_ranges((Kind.DAY, Kind.NUMBER), ages=False)}",
        ),
        ("date:30d", f"ages: {_ranges((Kind.DAY, Kind.NUMBER), ages=True)} 2w"),
        ("sort:-up,title", f"order: also {' '.join(orders)}"),
        ("limit:20", "maximum number of results"),
    ]


def _ranges(kinds: Iterable[Kind], *, ages: bool) -> str:
    """The examples of fields of some kinds: ages, or all other ranges."""
    texts = (text for field in QUERY_FIELDS for text in field.row.examples if field.kind in kinds)
    return " ".join(text for text in texts if ages is not bool(re.search(r"[<>=]|\.\.", text)))
