"""The one query grammar: for the filter, the shell, saved views and bulk edits.

Parsing never raises: half-typed input matches what is there so far, and what could not be
understood is reported with its place and a suggestion. It knows no paper and no index.
"""

from tui.query.ast import (
    ALIASES,
    HAS_VALUES,
    IS_VALUES,
    SORT_VALUES,
    And,
    Diagnostic,
    ExactTerm,
    Field,
    FlagTerm,
    Node,
    Not,
    Or,
    Pattern,
    Query,
    RangeTerm,
    SimilarTerm,
    Sort,
    WordTerm,
)
from tui.query.lexer import Unfinished, unfinished
from tui.query.parser import parse

__all__ = [
    "ALIASES",
    "HAS_VALUES",
    "IS_VALUES",
    "SORT_VALUES",
    "And",
    "Diagnostic",
    "ExactTerm",
    "Field",
    "FlagTerm",
    "Node",
    "Not",
    "Or",
    "Pattern",
    "Query",
    "RangeTerm",
    "SimilarTerm",
    "Sort",
    "Unfinished",
    "WordTerm",
    "parse",
    "unfinished",
]
