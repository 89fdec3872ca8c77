"""How a title is parted onto two lines."""

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from tui.view.paper_list import _break

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
    first, second = _break(Text(title), width)
    assert (first.plain, second.plain) == parted_slowly(title, width)
