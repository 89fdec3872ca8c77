"""The query language of the filter, the shell, saved views and bulk edits.

Parsing never raises: half-typed input matches as far as it goes, and what is not understood is
reported with its position and a suggestion.
"""

from tui.model.fields import ORDERS, Field
from tui.query.ast import (
    And,
    Diagnostic,
    ExactTerm,
    FlagTerm,
    Node,
    Not,
    Or,
    Query,
    RangeTerm,
    RegexTerm,
    SimilarTerm,
    Sort,
    WordTerm,
    asks_for,
    has_pattern,
    leaves,
    sort_label,
)
from tui.query.lexer import Unfinished, split_order, unfinished
from tui.query.parser import MAX_LENGTH, parse

__all__ = [
    "MAX_LENGTH",
    "ORDERS",
    "And",
    "Diagnostic",
    "ExactTerm",
    "Field",
    "FlagTerm",
    "Node",
    "Not",
    "Or",
    "Query",
    "RangeTerm",
    "RegexTerm",
    "SimilarTerm",
    "Sort",
    "Unfinished",
    "WordTerm",
    "asks_for",
    "has_pattern",
    "leaves",
    "parse",
    "sort_label",
    "split_order",
    "unfinished",
]
