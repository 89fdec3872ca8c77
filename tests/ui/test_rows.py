"""What stands in a row of the list, and in the rows above and below it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from tests.view_helpers import TITLES, Desk, frame, paper, reading, strips
from tui.model.state import DEFAULT_STATE, Item
from tui.ui.glyphs import UNICODE
from tui.ui.widgets import rows
from tui.ui.widgets.columns import DEFAULT, MIN_TITLE, Listed, facts_in
from tui.ui.widgets.columns import of as columns_of

LONG = "A Title That Is Longer Than Any Row " * 6


@given(
    st.dates(date(1991, 1, 1)) | st.none(),
    st.integers(0, 9_999),
    st.booleans(),
    st.integers(12, 99),
)
def test_each_fact_has_a_column_of_its_own(
    published: date | None, upvotes: int, is_lookalike: bool, room: int
) -> None:
    item = Item(paper("Any", published=published, upvotes=upvotes), DEFAULT_STATE)
    own = columns_of(DEFAULT)
    line = facts_in(own, Listed(item, is_lookalike, UNICODE), room)
    assert not line or len(line) <= room - MIN_TITLE
    columns = line.rjust(room)
    assert columns[-10:].strip() in (published.isoformat() if published else "", "")
    assert columns[-12].strip() in ("≈" if is_lookalike else "", "")
    assert columns[-18:-13].strip() in (f"▲{upvotes}" if upvotes else "", "")
    if room > 31:
        facts = [published, upvotes or None, is_lookalike or None]
        assert len(line.split()) == sum(fact is not None for fact in facts)


@given(st.lists(st.text(st.sampled_from("ab 漢"), max_size=9), max_size=6), st.integers(0, 40))
def test_facts_in_a_line_are_dropped_from_the_end(facts: list[str], room: int) -> None:
    line = rows.joined(facts, room, "·")
    assert any(line == " · ".join(facts[:count]) for count in range(len(facts) + 1))
    assert len(line) <= room


async def test_status_star_and_list_have_a_column_each(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("s", "k", "d", "k", "L", *"thesis", "enter", "escape", "g", "g")
        assert frame(desk.app)[1][:6] == "▌×★› " + TITLES[0][0]
        await desk.press("j")
        assert frame(desk.app)[1][:6] == " ×★› " + TITLES[0][0]
        assert frame(desk.app)[2][:6] == "▌●   " + TITLES[1][0]


async def test_the_day_of_a_page_is_no_date_of_publication(folder: Path) -> None:
    papers = [paper(LONG, published=date(2025, 12, 5)), paper(f"B {LONG}")]
    async with reading(folder, papers) as desk:
        dated, undated = frame(desk.app)[1:3]
        assert dated.endswith("… 2025-12-05")
        assert undated.endswith("…")


async def test_of_a_paper_known_by_its_identifier_alone_that_is_said_once(folder: Path) -> None:
    async with reading(folder, size=(120, 35)) as desk:
        desk.app.post_message(events.Paste("2401.00001\n2401.00002\n"))
        await desk.settle()
        await desk.press("enter")
        drawn = "\n".join(frame(desk.app))
        assert drawn.count("arXiv:2401.00001") == 2  # in its row, and as the title beside it
        assert "only its identifier is known" in drawn


async def test_two_lines_keep_facts_with_facts(folder: Path) -> None:
    short = paper("Short", published=date(2025, 12, 5), authors=["Ada Lovelace", "Alan Turing"])
    long = paper(LONG, published=date(2025, 12, 4), upvotes=3)
    async with reading(folder, [short, long], size=(120, 35)) as desk:
        width = desk.papers.size.width
        lines = [row[:width].rstrip() for row in frame(desk.app)[1:5]]
        assert lines[:2] == ["▌●   Short", "▌    2025-12-05 · Ada Lovelace et al."]
        assert lines[3].endswith("…  2025-12-04")
        assert "▲" not in lines[3]


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_keys_stay_beside_a_confirmation(folder: Path, width: int) -> None:
    async with reading(folder, [paper(LONG)], size=(width, 24)) as desk:
        await desk.press("d")
        row = frame(desk.app)[-1]
        assert row.startswith(" Dismissed: A Title That ")
        assert "…  " in row
        assert " r read" in row
        assert "? help" in row or width < 120
        await click_on(desk, "r read")
        assert "Marked read" in frame(desk.app)[-1]


async def click_on(desk: Desk, text: str) -> None:
    """Clicks where a text stands in the row below."""
    row = frame(desk.app)[-1]
    await desk.pilot.click(offset=(row.index(text) + 1, desk.app.size.height - 1))
    await desk.settle()


async def test_the_row_above_names_what_is_shown_and_the_list(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("a", *"thesis", "enter", "g", "u")
        assert frame(desk.app)[0].startswith(" Inbox  newest first  ")
        assert frame(desk.app)[0].endswith("1 of 11 · 11 left  a → thesis ")
        await desk.show("is:unread attention")
        assert frame(desk.app)[0].startswith(" Unread  attention  ")


async def test_the_sidebar_says_where_one_is_and_its_keys(folder: Path) -> None:
    async with reading(folder, size=(200, 50)) as desk:

        def bold() -> list[str]:
            sidebar = [row[0] for row in strips(desk.app)[1:-1]]
            segments = (segment for strip in sidebar for segment in strip)
            return [text.strip() for text, style, _ in segments if style and style.bold]

        assert bold() == ["All papers"]
        assert frame(desk.app)[1][:26] == " Inbox              12 gu "
        await desk.press("g", "s")
        assert bold() == ["Starred"]
        await desk.press("S", *"title", "enter")
        assert bold() == ["Starred"]


@pytest.mark.parametrize(
    ("width", "row", "abstract"), [(160, 77, 56), (200, 117, 56), (300, 128, 145)]
)
async def test_titles_get_the_room_that_the_abstract_does_not_need(
    folder: Path, width: int, row: int, abstract: int
) -> None:
    async with reading(folder, size=(width, 40)) as desk:
        assert (desk.papers.region.width, desk.pane.region.width) == (row, abstract)
        await desk.press(">")
        assert desk.papers.region.width + desk.pane.region.width == row + abstract


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A \U0001f469\u200d\U0001f52c reads", "A \U0001f469 reads"),
        ("I \u2764\ufe0f RL", "I \u2764 RL"),
        ("From \U0001f1e9\U0001f1ea with RL", "From DE with RL"),
        ("\U0001f44d\U0001f3fd or 1\ufe0f\u20e3", "\U0001f44d or 1"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", None),
        ("\u0915\u094d\u200d\u0937", None),
        ("Plain", None),
    ],
)
async def test_no_emoji_shifts_the_columns_after_it(
    folder: Path, title: str, expected: str | None
) -> None:
    assert rows.steady(title) == (expected or title)
    if expected is not None:
        async with reading(folder, [paper(title, published=date(2025, 12, 5))]) as desk:
            assert expected in frame(desk.app)[1]
            assert title in desk.body


async def test_markdown_in_an_abstract_is_drawn(folder: Path) -> None:
    abstract = "A note on **SENTINEL** (**S**entence-level <i>Early</i> 2 ** 3 ** 4)."
    async with reading(folder, [paper("Any", abstract)]) as desk:
        assert "A note on SENTINEL (Sentence-level Early 2 ** 3 ** 4)." in desk.body
        segments = [s for row in strips(desk.app)[3:] for strip in row for s in strip]
        bold = [text for text, style, _ in segments if style and style.bold]
        assert bold[1:3] == ["SENTINEL", "S"]


async def test_the_columns_of_a_wide_list_are_chosen_and_remembered(folder: Path) -> None:
    owls = paper("Owls", authors=["A. Owl", "B. Owl"], published=date(2025, 12, 5), upvotes=3)
    async with reading(folder, [owls], size=(200, 30)) as desk:
        assert frame(desk.app)[1].split("│")[1].split() == ["Title", "Votes", "Date", "↓"]
        await desk.press("g", "v")
        assert frame(desk.app)[-1].strip() == "Columns: Tab checks, Enter saves"
        await desk.press("space", "enter")
        heads, row = (line.split("│")[1] for line in frame(desk.app)[1:3])
        assert heads.split() == ["Title", "Authors", "Votes", "Date", "↓"]
        assert row[heads.index("Authors") :].startswith("A. Owl et al.  ")
        await desk.press("v")
        assert "Authors" not in frame(desk.app)[1]
        await desk.press("v", "q")
    async with reading(folder, size=(200, 30)) as desk:
        assert "Authors" in frame(desk.app)[1]
        await desk.resize(120, 30)
        assert "Authors" not in frame(desk.app)[1]
        await desk.press("g", "v")
        assert "Tab checks, Enter saves; shown in a window of 160 columns" in frame(desk.app)[-1]


async def test_a_column_that_no_paper_fills_has_no_heading(folder: Path) -> None:
    async with reading(folder, [paper("Owls at Night")], size=(200, 30)) as desk:
        assert frame(desk.app)[0].split("   ")[0].strip() == "All papers  page order"
        assert frame(desk.app)[1].split("│")[1].split() == ["Title"]


async def test_keys_in_the_row_below_have_the_accent_and_labels_are_dim(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press("escape")
        variables = desk.app.get_css_variables()
        colors = {
            part.text.strip(): part.style.color.name
            for strip in strips(desk.app)[-1]
            for part in strip
            if part.style and part.style.color and part.text.strip()
        }
        assert colors["r"] == variables["accent"].lower()
        assert colors["read"] == variables["muted"].lower()


async def test_markup_is_drawn_or_left_out_and_the_raw_text_is_a_key_away(folder: Path) -> None:
    papers = [paper("On **SENTINEL** &amp; $\\alpha$", "An *important* `word` of <b>ours</b>.")]
    async with reading(folder, papers) as desk:
        assert "On SENTINEL & α" in frame(desk.app)[1]
        assert "On SENTINEL & α" in desk.body
        assert "An important word of ours." in desk.body
        await desk.press("\\")
        assert "On **SENTINEL** &amp; $\\alpha$" in desk.body
        assert "as in the source" in desk.body
        assert "An *important* `word` of <b>ours</b>." in desk.body
        await desk.press("\\")
        assert "An important word of ours." in desk.body


async def test_watched_words_are_marked_in_titles_that_are_open(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.press(":", *"rules add 'attention OR sparse' watch", "enter")

        def marked(row: int) -> list[str]:
            segments = desk.papers.render_line(row)
            return [s.text for s in segments if s.style and s.style.underline]

        assert [marked(row) for row in range(6)] == [[], ["Attention"], [], [], [], ["Sparse"]]
        await desk.press("g", "g", "j", "d")
        assert marked(1) == []
        await desk.press("u")
        await desk.press(":", *"rules remove 'attention OR sparse'", "enter")
        assert marked(1) == []
