"""How a title is parted onto two lines."""

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.ui.widgets.rows import Lines, broken, cut, pieces

titles = st.text(st.sampled_from("ab- é漢字e\u0301"), min_size=1, max_size=40).map(str.strip)


def parted_slowly(plain: str, width: int) -> tuple[str, str]:
    """The same, by trying every place."""
    if cell_len(plain) <= width:
        return plain, ""
    fitting = [n for n in range(1, len(plain) + 1) if cell_len(plain[:n].rstrip()) <= width]
    ends = [n for n in fitting if plain[n - 1] in " -"]
    end = ends[-1] if ends else fitting[-1] if fitting else 1
    return plain[:end].rstrip(), plain[end:]


@given(titles.filter(lambda title: "  " not in title), st.integers(2, 30))
@example("Retrieval-Augmented", 9)
@example("漢字漢字", 3)
@example("a b", 1)
def test_a_title_breaks_at_the_last_place_that_fits(title: str, width: int) -> None:
    first, second = (title[start:end] for start, end in broken(title, width))
    assert (first, second) == parted_slowly(title, width)


@given(titles, st.integers(1, 30))
def test_a_text_that_is_cut_fits_and_says_so(text: str, width: int) -> None:
    short = cut(text, width, "…")
    assert cell_len(short) <= max(width, 1)
    assert short == text or (short[-1] == "…" and text.startswith(short[:-1]))
    assert (short == text) == (cell_len(text) <= width)


@given(titles, st.lists(st.integers(-9, 60), max_size=8).map(sorted))
def test_pieces_make_up_the_text_and_lie_in_the_spans_they_are_said_to(
    text: str, places: list[int]
) -> None:
    spans = list(zip(places[::2], places[1::2], strict=False))
    parts = list(pieces(text, [(*span, "match") for span in spans]))
    assert "".join(piece for piece, _ in parts) == text
    shown = [style == "match" for piece, style in parts for _ in piece]
    assert shown == [any(low <= n < high for low, high in spans) for n in range(len(text))]


@given(st.integers(1, 2), st.sets(st.integers(0, 40)), st.integers(1, 41))
def test_each_line_is_a_heading_or_of_a_row(height: int, headed: set[int], count: int) -> None:
    lines = Lines(height, sorted(headed))
    expected: list[int | tuple[int, int]] = []
    headings = iter(range(len(headed)))
    for row in range(count):
        if row in headed:
            assert lines.above(row) == len(expected)
            expected.append(next(headings))
        assert lines.top(row) == len(expected)
        expected += [(row, line) for line in range(height)]
    for line, value in enumerate(expected):
        heading = lines.heading_at(line)
        assert (lines.row_at(line) if heading is None else heading) == value
