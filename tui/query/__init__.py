"""The one query grammar: for the filter, the shell, saved views and bulk edits.

Parsing never raises: half-typed input matches what is there so far, and what could not be
understood is reported with its place and a suggestion. It knows no paper and no index.
"""

from tui.query.nodes import (
    ALIASES,
    HAS_VALUES,
    IS_VALUES,
    SORT_VALUES,
    And,
    Between,
    Exactly,
    Field,
    Flag,
    Like,
    Misread,
    Node,
    Not,
    Or,
    Pattern,
    Query,
    Sort,
    Words,
)
from tui.query.parser import parse
from tui.query.tokens import Unfinished, unfinished

__all__ = [
    "ALIASES",
    "HAS_VALUES",
    "IS_VALUES",
    "SORT_VALUES",
    "And",
    "Between",
    "Exactly",
    "Field",
    "Flag",
    "Like",
    "Misread",
    "Node",
    "Not",
    "Or",
    "Pattern",
    "Query",
    "Sort",
    "Unfinished",
    "Words",
    "parse",
    "unfinished",
]
