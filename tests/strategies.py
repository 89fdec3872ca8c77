"""Hypothesis strategies that several tests share: text nobody can trust, and facts about papers.

They know the shape of values and pages, and nothing of how a page is read.
"""

from datetime import date
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from tui.model.paper import SourceRecord
from tui.model.text import normalize

TODAY: Final = date(2026, 1, 5)
"""The day on which tests import pages."""
SEEDS: Final = Path(__file__).parent.parent / "seeds"
FIXTURES: Final = Path(__file__).parent / "fixtures"

MARKUP: Final = (
    "x [/] y",
    "[/foo]",
    "[/^a-z]",
    "[@click=app.quit]x[/]",
    "[link=https://e.org]s[/link]",
    "[bold]x[/bold]",
    "A [survey] of x[i]",
    "[$error]x[/]",
    "![a](https://e.org/track.png)",
    "<script>alert(1)</script>",
)
"""What a terminal toolkit or a Markdown reader would take for more than text."""

TERMINAL: Final = (
    "\x1b]0;title\x07",
    "\x1b]52;c;cm0gLXJm\x1b\\",
    "\x1b]8;;https://e.org\x1b\\link\x1b]8;;\x1b\\",
    "\x1b[2J\x1b[H",
    "\x9b31m",
    "\x9d0;title\x9c",
    "a\x00b\x0ec\x7f",
    "over\x08\x08\x08\x08write\rline",
    "page\x0cfeed\x0btab",
)
"""Sequences that act on a terminal instead of being shown."""

UNICODE: Final = (
    "\u202egnp.exe",
    "\u2066isolated\u2069\u200f\u061c",
    "zero\u200bwidth\u2060joined\ufeff",
    "e" + "\u0301" * 40,
    "نمی\u200cخواهم",
    "👩\u200d👩\u200d👧\ufe0f",
    "क्\u200dष",
    "lone \ud800 surrogate \udfff",
    "tag\U000e0041\U000e007f",
    "a\u2028b\u2029c\x85d\x1ce\xa0f",
    "日本語 한국어 \u1112\u1161\u11ab",
    "Ångström Erdős Ærø ﬁne ½ ①",
    "\ufdd0\uffff\ufffe",
)
"""Characters that reorder, hide, join, stack or break a line."""

LATEX: Final = (
    r"Pir\'a",
    r"Ragnar\"ok",
    r"41\%",
    "by ~3%",
    "models~(PLMs)",
    "``skills''",
    r"(\eg, ours)",
    r"named \name to",
    r"$\mathcal{O}(n^2)$",
    r"\textbf{bold}",
    r"Erd\H{o}s",
    "$5 and $10",
    "{ViT-B}",
    "a_b^c",
    "unclosed {brace",
    "unclosed $maths",
    "back\\",
)
"""LaTeX as abstracts hold it, well formed or not."""

PAYLOADS: Final = MARKUP + TERMINAL + UNICODE + LATEX


def any_text(max_size: int = 40) -> st.SearchStrategy[str]:
    """Any characters that a Python string can hold, lone surrogates included."""
    return st.text(st.characters(exclude_categories=()), max_size=max_size)


def hostile_text(max_pieces: int = 6) -> st.SearchStrategy[str]:
    """Any text at all, rich in what does harm: controls, bidi, stacked marks, markup, LaTeX."""
    troublemakers = st.text(
        st.sampled_from(
            "\x00\t\n\r\x1b\x85\x9b\xa0\xad\u0301\u0327\u0591\u0902\u200b\u200c\u200d\u200e"
            "\u202e\u2066\u2069\u2028\ufeff\ufe0f\ufffd\ud83d\udca9\U000e0041 \\{}$~%`'\"_^[]()"
        ),
        max_size=8,
    )
    piece = st.one_of(st.sampled_from(PAYLOADS), any_text(12), troublemakers, st.just(" "))
    return st.lists(piece, max_size=max_pieces).map("".join)


def clean_text(min_size: int = 0) -> st.SearchStrategy[str]:
    """Hostile text after its import."""
    return hostile_text().map(normalize).filter(lambda text: len(text) >= min_size)


LETTERS: Final = [
    chr(point)
    for point in (*range(0x30, 0x7B), *range(0xC0, 0x250), *range(0x370, 0x530))
    if chr(point).isalnum() and chr(point) != "\u037a"  # an iota of its own only in capitals
]
"""Latin, Greek and Cyrillic letters, accented ones too, and digits."""


def plain_words(min_size: int = 1, max_size: int = 6) -> st.SearchStrategy[str]:
    """Words that a title is made of, with single spaces between them."""
    word = st.text(LETTERS, min_size=1, max_size=8)
    return st.lists(word, min_size=min_size, max_size=max_size).map(" ".join)


def page_days() -> st.SearchStrategy[str | None]:
    """The day at the head of a page: with a year, without one, or missing."""
    days = st.dates(date(2020, 1, 1), date(2027, 12, 31))
    return st.one_of(st.none(), days.map(date.isoformat), days.map(lambda day: f"{day:--%m-%d}"))


def records(
    titles: tuple[str, ...] = ("On Sets", "MixLoRA: Mixtures", "日本語の論文"),
) -> st.SearchStrategy[SourceRecord]:
    """A sighting with any of its facts missing, never 0 or empty in place of missing.

    Few files, lines and values, so that several of them often agree or collide.

    Args:
        titles: What it may be called; by default the titles of three papers.
    """
    published = st.one_of(
        st.just((None, False)),
        st.tuples(st.dates(date(2019, 1, 1), date(2026, 12, 31)), st.booleans()),
        st.tuples(st.sampled_from([date(2024, 2, 29), date(2023, 6, 9)]), st.booleans()),
    )
    names = st.sampled_from(["Jane Doe", "Erdős Pál", "李明", "O’Neill"])
    links = st.sampled_from(["https://a.org", "https://b.org/x_(y)", "http://c.org/?q=1"])
    return st.builds(
        lambda dated, named, **facts: SourceRecord(
            published=dated[0],
            year_inferred=dated[1],
            authors=named[0],
            authors_incomplete=named[1] and bool(named[0]),
            **facts,
        ),
        dated=published,
        named=st.tuples(st.lists(names, unique=True, max_size=3).map(tuple), st.booleans()),
        title=st.sampled_from(titles),
        abstract=st.one_of(
            st.none(), st.sampled_from(["Short.", "As long.", "Much longer."]), clean_text(1)
        ),
        file=st.sampled_from(["000.txt", "001.txt", "ünï.txt"]),
        line=st.integers(1, 4),
        page_day=page_days(),
        author_count=st.none() | st.integers(1, 3_000),
        upvotes=st.none() | st.integers(1, 5_000),
        urls=st.lists(links, unique=True, max_size=3).map(tuple),
        family_names=st.sampled_from([(), ("Erdős Pál", "李")]),
        address=st.none() | links,
    )


SPELLINGS: Final = (
    "Pirá: a Survey",
    r"Pir\'a: a Survey",
    "PIRA - A SURVEY",
    "pirá a survey.",
    "Pira\u0301: a “Survey”",
)
"""Ways to write one title."""


def sightings_of_one_paper(max_size: int = 6) -> st.SearchStrategy[list[SourceRecord]]:
    """Sightings that belong together, their titles spelt in different ways."""
    return st.lists(records(tuple(map(normalize, SPELLINGS))), min_size=1, max_size=max_size)


HEADER: Final = (
    "new",
    "",
    "Get trending papers in your email inbox!",
    "",
    "Subscribe",
    "",
    "byAK and the research community",
    "",
    "Mar 17",
    "",
)
"""The lines above the papers of a page."""


def almost_pages() -> st.SearchStrategy[str]:
    """Texts made of the lines that pages are made of, in any order, some of them hostile."""
    line = st.one_of(
        st.sampled_from(
            [
                *HEADER,
                "Daily Papers",
                "Get trending papers in your email inbox once a day!",
                "SubscribeGlued Title of a Paper",
                "A Title in Capitals: and What It Says",
                "In this paper we show that it holds, and give a proof that anybody can follow.",
                "an abstract that begins low and never stops because it was",
                "  • 5 authors",
                "• 1 author",
                "·",
                "•",
                "Dec 19, 2023",
                "Jun 9",
                "Jul 3, 2024 3",
                "Aug 27 1.2k",
                "Feb 29",
                "Feb 30, 2023",
                "Jan 1, 0000",
                "Dec 31, 9999",
                "Mar 2, 20",
            ]
        ),
        hostile_text(3),
    )
    return st.lists(line, max_size=14).map("\n".join)
