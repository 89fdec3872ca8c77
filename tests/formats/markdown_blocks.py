"""Notes as users write them in Markdown: blocks of every kind, in one another."""

from typing import Final

from hypothesis import strategies as st

_WORDS: Final = (
    "a word",
    "*it* and **bold** and `x < y`",
    "$E < mc^2$ and $a_{ij} * b_{ij}$",
    "x<y, 5<6, <3",
    "\\sum_i, \\\\ and \\*",
    "全角　空白 and no\xa0break",
    "[[Other note|alias]] #tag ==hl== [^1]",
    "<https://a.org/b_c> [l](https://a.org)",
    "key:: value",
    "ends\\",
)
_BLOCKS: Final = (
    "```python\ndef f(x):\n\n    return  x < 1\n```",
    "~~~make\nall:\n\techo  hi\t# x\n```\n~~~",
    "| a | b |\n| --- | ---: |\n| $x$ | `y` |",
    "$$\n\\begin{aligned}\na &= b \\\\\nc &< d\n\\end{aligned}\n$$",
    "<div>\n  <b>x</b>\n</div>",
    "Verdict\n---",
    "Of two\nlines\n===",
    "### A heading",
    "***",
    "![[img.png]]",
)
_IN_NO_OTHER: Final = ("---", "    indented\n      > code\n\n    # of it")


@st.composite
def _paragraph(draw: st.DrawFn) -> str:
    return "\n".join(draw(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3)))


def _indented(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join([f"{first}{lines[0]}", *(line and f"{rest}{line}" for line in lines[1:])])


@st.composite
def _nested(draw: st.DrawFn, inner: st.SearchStrategy[str], *, has_tabs: bool) -> str:
    kind = draw(st.sampled_from(("bullets", "numbers", "quote")))
    if kind == "quote" and not has_tabs:
        return "\n".join(f"> {line}".rstrip() for line in draw(inner).split("\n"))
    items = draw(st.lists(inner, min_size=1, max_size=3))
    if has_tabs:  # which are no part of its first line
        items = [f"a word\n{text}" for text in items]
    marks = [f"{number}." if kind == "numbers" else "-" for number, _ in enumerate(items, 1)]
    gap = draw(st.sampled_from(("\n", "\n\n")))
    return gap.join(
        _indented(text, f"{mark} ", "\t" if has_tabs else " " * (len(mark) + 1))
        for mark, text in zip(marks, items, strict=True)
    )


@st.composite
def markdown_notes(draw: st.DrawFn) -> str:
    """Notes of a few blocks, as a library keeps them: indented with spaces, or with tabs."""
    has_tabs = draw(st.booleans())
    blocks = st.recursive(
        _paragraph() | st.sampled_from(_BLOCKS),
        lambda inner: _nested(_joined(inner), has_tabs=has_tabs),
        max_leaves=6,
    )
    others = draw(st.lists(blocks | st.sampled_from(_IN_NO_OTHER), max_size=2))
    return "\n\n".join([draw(blocks), *others])


def _joined(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(blocks, min_size=1, max_size=3).map("\n\n".join)


def outlines() -> st.SearchStrategy[list[tuple[int, str]]]:
    """Blocks as users write them in Logseq: how deep each is, and its text, with no bullet in it.

    The first begins with a paragraph.
    """
    text = _paragraph() | st.sampled_from([each for each in _BLOCKS if each[0] != "#"])
    texts = st.lists(text | st.just("1. one\n\n   of it\n   * in\n2. two"), min_size=1, max_size=2)
    others = st.lists(st.tuples(st.integers(0, 3), texts.map("\n\n".join)), max_size=6)
    return st.tuples(_paragraph(), others).map(lambda parts: [(0, parts[0]), *parts[1]])
