"""Search: the rows that match a query, sorted, with explanations.

A set of papers is a Python integer with one bit per paper, and every term of a query (a word, a
status, a tag, a range) evaluates to such a set, so AND, OR and NOT are bitwise operations.
"""

from tui.search.explain import Reason, diagnostic_note, question, single_list
from tui.search.index import Index
from tui.search.results import ResultSet
from tui.search.texts import SearchCancelledError

__all__ = [
    "Index",
    "Reason",
    "ResultSet",
    "SearchCancelledError",
    "diagnostic_note",
    "question",
    "single_list",
]
