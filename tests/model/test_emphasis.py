"""The markup that sources leave in texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.emphasis import emphasis


@pytest.mark.parametrize(
    ("text", "shown", "spans"),
    [
        ("**SENTINEL** (**S**entence)", "SENTINEL (Sentence)", [(0, 8, "bold"), (10, 11, "bold")]),
        ("an *important* <i>point</i>", "an important point", [(3, 12, "italic")]),
        ("run `make test`, R&amp;D &lt;3", "run make test, R&D <3", []),
        ("see [the code](https://a.org/x).", "see the code (https://a.org/x).", []),
        ("<p>One.</p><p>Two.<br/>Three</p>", "One. Two. Three ", []),
        ('<a href="https://a.org">Here</a>, H<sub>2</sub>O', "Here, H2O", []),
        ("A* Search and D*, 2 * 3 * 4, a*b*c", "A* Search and D*, 2 * 3 * 4, a*b*c", []),
        ("`a' and `b', x<y and z>w, [1] (see 2)", "`a' and `b', x<y and z>w, [1] (see 2)", []),
        ("snake_case and __init__ &unknown;", "snake_case and __init__ &unknown;", []),
    ],
)
def test_markup_that_sources_leave_is_not_shown(
    text: str, shown: str, spans: list[tuple[int, int, str]]
) -> None:
    assert emphasis(text) == (shown, spans)


@given(st.text("*`<>&;[]()ab/ ph:t", max_size=60))
def test_each_span_of_emphasis_lies_in_the_text(text: str) -> None:
    shown, spans = emphasis(text)
    assert all(0 <= start <= end <= len(shown) for start, end, _ in spans)
    assert [span[:2] for span in spans] == sorted(span[:2] for span in spans)
