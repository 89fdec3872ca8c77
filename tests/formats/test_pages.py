"""Every way the page comes: cases of real layouts, and pages made by a model of the site's card."""

import json
import random
import re
from datetime import date
from email.message import EmailMessage
from typing import Any, Final

import pytest

from tests.formats import report, site_html, site_model
from tests.formats.other_texts import other_texts
from tests.formats.report import CASES, CASES_DAY
from tests.strategies import HEADER, TODAY
from tui.errors import InputError
from tui.formats.html import html_to_text
from tui.formats.importers import ParsedFile, read
from tui.formats.importers.hf_daily.lines import classify

EXPECTED: Final[dict[str, list[dict[str, Any]] | None]] = json.loads(
    (CASES / "pages.json").read_text("utf-8")
)
"""What must come out of each case; ``None`` if it is no page. Facts that it lacks are left out."""


def stated(parsed: ParsedFile) -> list[dict[str, Any]]:
    """The facts of the records that a case can have, in the form of ``EXPECTED``."""
    fields = (*site_model.Expected._fields, "page_day")
    records = [{name: getattr(record, name) for name in fields} for record in parsed]
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in record.items()
            if value is not None
        }
        for record in records
    ]


@pytest.mark.parametrize("name", [name for name, papers in EXPECTED.items() if papers])
def test_a_case_says_what_a_person_reads_in_it(name: str) -> None:
    parsed = read((CASES / name).read_bytes(), name, today=CASES_DAY)
    assert stated(parsed) == EXPECTED[name]
    assert not any(warning.skipped for warning in parsed.warnings)


@pytest.mark.parametrize("name", [name for name, papers in EXPECTED.items() if papers is None])
def test_a_case_that_is_no_page_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="no papers found") as caught:
        read((CASES / name).read_bytes(), name, today=CASES_DAY)
    assert "--force" in caught.value.hint


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ("org", "Org"),
        ("rst", "reStructuredText"),
        ("textile", "Textile"),
        ("asciidoc", "AsciiDoc"),
        ("mediawiki", "wiki markup"),
        ("man", "roff, as manual pages are"),
        ("jira", "Jira markup"),
        ("tex", "TeX"),
        ("docbook", "XML"),
        ("tei", "XML"),
        ("texi", "Texinfo"),
        ("markua", "Markua"),
    ],
)
def test_a_page_in_another_markup_is_refused_by_its_name(ending: str, kind: str) -> None:
    name = f"site-markup.{ending}"
    with pytest.raises(InputError) as caught:
        read((CASES / name).read_bytes(), name, today=CASES_DAY)
    assert caught.value.message == f"{name}: no papers found: this looks like {kind}"
    assert caught.value.hint.startswith("Save the page as HTML, or as text")


MARKUP: Final = re.compile(
    r"\[\[|\]\]|\.\. |\"\":|link:|\.[A-Z]|h[1-6][.(]|[={<*|]|\\\w+\[|.*(?:[=}|>]|\]\]|`__)$"
)
"""How a title begins, or ends, that is a line of markup."""


@pytest.mark.parametrize("name", [name for name, papers in EXPECTED.items() if papers])
def test_no_title_begins_or_ends_with_markup(name: str) -> None:
    titles = [record.title for record in read((CASES / name).read_bytes(), name, today=CASES_DAY)]
    assert [title for title in titles if MARKUP.match(title)] == []


def test_a_title_with_an_address_of_the_site_is_no_paper_in_a_markup_of_any_name() -> None:
    card = "~~ A Title of Something @ /papers/2403.01234 ~~\n\nWe say it.\n\n3 authors\n\n"
    with pytest.raises(InputError, match="in a markup that is not known"):
        read("\n".join([*HEADER, "", card]).encode(), "p.txt", today=TODAY)


def test_attributes_fences_and_escaped_quotes_of_markdown_are_taken_off() -> None:
    card = (
        "### [A Title {of} Words](/papers/2606.00001){.large} {#a-title .b}\n\n"
        r"""We say \"lanterns\" of l\'eau, and more\..."""
        "\n\n```{=html}\n<!-- -->\n```\n- 2 authors\n"
    )
    (record,) = read("\n".join([*HEADER, "", card]).encode(), "p.md", today=TODAY).records
    assert record.title == "A Title {of} Words"
    assert record.abstract == 'We say "lanterns" of l\'eau, and more...'
    assert (record.arxiv, record.author_count) == ("2606.00001", 2)


def test_a_page_that_speaks_of_markup_is_a_page() -> None:
    words = "We write [[a][b]], .. code-block:: and link:x[y]; {{braces}} and <<signs>>, too."
    card = f"Signs of Markups in Titles\n\n{words}\n\n  • 2 authors\n\n· Jan 5, 2025\n"
    (record,) = read("\n".join([*HEADER, "", card]).encode(), "p.txt", today=TODAY).records
    assert record.abstract == words


def test_every_case_has_an_expectation() -> None:
    kinds = ("abstract-", "any-", "dates-", "encoding-", "hf-", "site-", "upvotes-")
    assert {path.name for path in CASES.iterdir() if path.name.startswith(kinds)} == EXPECTED.keys()


@pytest.mark.parametrize("layout", site_model.LAYOUTS)
@pytest.mark.parametrize("tool", site_model.TOOLS)
def test_a_generated_page_is_read_right(layout: str, tool: str) -> None:
    chance = random.Random(f"{layout} {tool}")
    page = site_model.draw_page(chance, layout)
    text = site_model.render(page, site_model.TOOLS[tool])
    keeps = site_model.TOOLS[tool].keeps_addresses
    assert report.score_page(page, text, tool, keeps_addresses=keeps).faults == ()


@pytest.mark.parametrize("layout", site_model.LAYOUTS)
def test_a_saved_page_is_read_right(layout: str) -> None:
    page = site_model.draw_page(random.Random(layout), layout)
    total = report.score_page(page, page.html, "html", keeps_addresses=True)
    assert total.faults == ()


@pytest.mark.parametrize("layout", site_html.LAYOUTS)
def test_a_saved_page_with_links_around_blocks_is_read_right(layout: str) -> None:
    page = site_model.draw_page(random.Random(layout), layout)
    total = report.score_page(page, site_html.nested_html(page), "html", keeps_addresses=True)
    assert total.faults == ()


def test_dollars_that_a_tool_escaped_are_mathematics_again() -> None:
    text = (CASES / "hf-trending-markdownify.md").read_text("utf-8").replace("$", "\\$")
    records = read(text.encode(), "page.md", today=CASES_DAY).records
    assert any("clouds and $H_2O$" in (record.abstract or "") for record in records)


@pytest.mark.parametrize("layout", site_model.LAYOUTS)
def test_an_archive_of_a_page_says_what_the_page_says(layout: str) -> None:
    page = site_model.draw_page(random.Random(layout), layout)
    archive = EmailMessage()
    archive["Snapshot-Content-Location"] = "https://huggingface.co/papers"
    archive.set_content("plain")
    archive.add_alternative(page.html, subtype="html")
    options: dict[str, Any] = {"today": page.captured, "captured": page.captured}
    saved = read(page.html.encode(), "page", **options)
    assert read(archive.as_bytes(), "page", **options).records == saved.records


def test_names_of_authors_are_taken_where_a_page_has_them() -> None:
    people = "".join(f'<li title="{name}"></li>' for name in ("Ada Example", "李明"))
    card = (
        '<h3><a href="/papers/2405.01234v3">A &lt;b&gt; Title</a></h3><p>We say it.</p>'
        f"<ul>{people}<li>2 authors</li></ul>"
    )
    data = f"<!doctype html><p>Get trending papers in your email inbox!</p>{card}".encode()
    (record,) = read(data, "page.html", today=TODAY).records
    assert (record.title, record.authors) == ("A <b> Title", ("Ada Example", "李明"))
    assert (record.arxiv, record.author_count) == ("2405.01234", 2)


ABS: Final = "https://arxiv.org/abs/2606.00001v2"


def test_a_version_is_read_beside_a_link_to_the_page_on_the_site() -> None:
    text = (CASES / "hf-trending-markdown.md").read_text("utf-8")
    assert ABS.removesuffix("v2") in text
    records = read(text.replace(ABS[:-2], ABS).encode(), "t.md", today=TODAY).records
    assert [(r.arxiv, r.arxiv_version) for r in records] == [
        ("2606.00001", 2),
        ("2403.00002", None),
        ("2603.00003", None),
    ]


@pytest.mark.parametrize(
    ("links", "version"),
    [(["v2"], 2), (["v2", "v10"], 10), (["", "v3"], 3), ([""], None), ([], None)],
)
def test_a_card_with_links_to_both_sites_has_the_highest_version(
    links: list[str], version: int | None
) -> None:
    own = "".join(f'<a href="{ABS[:-2]}{each}">arXiv Page</a>' for each in links)
    other = '<a href="https://arxiv.org/abs/2501.00001v7">arXiv Page</a>'
    card = (
        '<h3><a href="/papers/2606.00001">A Title</a></h3><p>We say it.</p>'
        f"<ul><li>2 authors</li></ul><div>{own}{other}</div>"
    )
    data = f"<!doctype html><p>Get trending papers in your email inbox!</p>{card}".encode()
    (record,) = read(data, "page.html", today=TODAY).records
    assert (record.arxiv, record.arxiv_version) == ("2606.00001", version)


@pytest.mark.parametrize(
    "link",
    [f"arXiv Page ({ABS})", f"arXiv Page <{ABS}>", f"arXiv Page: {ABS}", ABS, f"<{ABS}>",
     "arxiv.org/pdf/2606.00001v2", "arXiv:2606.00001v2",
     f"GitHub 7 (https://github.com/a/b) arXiv Page ({ABS})"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["hf-trending-chromium.txt", "hf-trending-browser-copy.txt"])
def test_an_address_on_arxiv_in_place_of_the_words_is_a_link(name: str, link: str) -> None:
    text = (CASES / name).read_text("utf-8")
    plain = read(text.encode(), name, today=TODAY).records
    linked = read(text.replace("arXiv Page", link).encode(), name, today=TODAY).records
    assert {(r.arxiv, r.arxiv_version) for r in linked} == {("2606.00001", 2)}
    assert [(r.title, r.abstract, r.upvotes) for r in linked] == [
        (r.title, r.abstract, r.upvotes) for r in plain
    ]


def test_an_address_in_brackets_after_a_title_is_a_link() -> None:
    card = (
        "A Title of Words (https://huggingface.co/papers/2606.00001)\n\nWe say it.\n\n2 authors\n"
    )
    (record,) = read("\n".join([*HEADER, "", card]).encode(), "p.txt", today=TODAY).records
    assert (record.title, record.arxiv) == ("A Title of Words", "2606.00001")


def test_an_address_in_the_words_of_an_abstract_stays_there() -> None:
    words = f"We build on what others did ({ABS})\nand go beyond it."
    card = f"A Title of Words\n\n{words}\n\n2 authors\n"
    (record,) = read("\n".join([*HEADER, "", card]).encode(), "p.txt", today=TODAY).records
    assert (record.abstract, record.arxiv) == (words.replace("\n", " "), None)


def test_texts_that_are_no_page_are_refused() -> None:
    count, taken = report.refused(72, 3)
    assert (count, taken) == (72, [])


def test_the_page_of_one_paper_is_refused_by_its_name() -> None:
    text = (
        "Daily Papers\nGated Boats on Long Rivers\nPublished on Nov 24\n· Submitted by\nAda\n"
        "Upvote\n132\nAbstract\nWe gate boats on long rivers and count what comes through.\n"
        "Models citing this paper 0\nNo model linking this paper\n"
    )
    with pytest.raises(InputError, match="looks like the page of one paper") as caught:
        read(text.encode(), "page.txt", today=TODAY)
    assert "papers-tui add" in caught.value.hint


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_table_is_refused_by_its_name_and_one_with_a_line_of_prose_is_none(
    separator: str, end: str
) -> None:
    rows = "\n".join([separator.join("abc"), *[separator * 60] * 60])
    with pytest.raises(InputError, match=r"looks like a table \(CSV\)"):
        read((rows + end).encode(), "table.txt", today=TODAY)
    with pytest.raises(InputError, match="does not look like a page of papers"):
        read(f"{rows}\nno cell here{end}".encode(), "table.txt", today=TODAY)


def test_a_list_of_ones_own_is_refused_with_what_to_do() -> None:
    (text,) = [data for name, data in other_texts(40) if name.endswith("-exported.txt")][:1]
    with pytest.raises(InputError) as caught:
        read(text, "later.md", today=TODAY)
    assert "exported by papers-tui" in caught.value.message
    assert "papers-tui pull" in caught.value.hint


def test_a_text_that_is_hardly_a_page_is_read_if_forced() -> None:
    text = b"A Title of Something\n\nIt says that a thing is what it is, and no more.\n"
    with pytest.raises(InputError):
        read(text, "notes.md", today=TODAY)
    forced = read(text, "notes.md", today=TODAY, force=True)
    assert "A Title of Something" in {record.title for record in forced}


# Years

PAPER: Final = ("We study this and find that it holds in every case that we tried.", "")


def page(*dates: str) -> bytes:
    """A page of papers with such dates, each the title of its own."""
    lines = [
        line
        for number, day in enumerate(dates)
        for line in (f"Paper {number} of a Page", "", *PAPER, "  • 2 authors", "·", day, "")
    ]
    return "\n".join([*HEADER, *lines]).encode()


OLDER: Final = [f"Jan 5, {year}" for year in (2017, 2018, 2019, 2020, 2021)]


@pytest.mark.parametrize(
    ("dates", "captured", "expected"),
    [
        pytest.param(["Jun 9", *OLDER], None, date(2022, 6, 9), id="five written years"),
        pytest.param(["Jun 9", *OLDER[1:]], None, date(2025, 6, 9), id="four written years"),
        pytest.param(["Jun 9", *OLDER], date(2024, 7, 1), date(2024, 6, 9), id="captured"),
        pytest.param(["Jan 5"], None, date(2026, 1, 5), id="the day of the import"),
        pytest.param(["Jan 6"], None, date(2025, 1, 6), id="the day after it"),
        pytest.param(["Feb 29"], None, date(2024, 2, 29), id="a leap day"),
        pytest.param(["Feb 29"], date(2025, 3, 1), None, id="a leap day of no leap year"),
        pytest.param(["Feb 30"], None, None, id="no day of any year"),
    ],
)
def test_a_day_without_a_year_is_of_the_year_of_its_page(
    dates: list[str], captured: date | None, expected: date | None
) -> None:
    parsed = read(page(*dates), "p.txt", today=TODAY, captured=captured)
    record = parsed.records[0]
    assert (record.published, record.year_inferred) == (expected, expected is not None)
    assert [w.skipped for w in parsed.warnings] == ([] if expected else [False])


@pytest.mark.parametrize(
    ("number", "day", "expected"),
    [
        ("2306.00683", "Jun 2", date(2023, 6, 2)),
        ("2306.00683", "May 30", date(2023, 5, 30)),
        ("2301.00001", "Dec 30", date(2022, 12, 30)),
        ("2312.19999", "Jan 1", date(2024, 1, 1)),
        ("2306.00683", "Nov 2", date(2025, 11, 2)),
        ("2399.00683", "Jun 2", date(2025, 6, 2)),
    ],
)
def test_an_arxiv_id_settles_a_date_that_fits_it(number: str, day: str, expected: date) -> None:
    text = page(day).decode().replace("of a Page", f"\nhttps://huggingface.co/papers/{number}")
    (record,) = read(text.encode(), "p.txt", today=TODAY).records
    assert record.published == expected


def test_a_year_is_inferred_from_its_own_page_only() -> None:
    two = page("Jun 9", *OLDER) + page("Jun 9")
    parsed = read(two, "p.txt", today=TODAY)
    assert [r.published for r in parsed if r.year_inferred] == [date(2022, 6, 9), date(2025, 6, 9)]


# Damage


@pytest.mark.parametrize(
    "text",
    ["[" * 80_000, "](" * 40_000, "![](" * 20_000, "[a](b" * 16_000, "[1]\n" * 20_000,
     "· " * 40_000, "Submitted by\n" * 8_000, "- [x](/papers/2405.01234)\n" * 8_000,
     "[a]: /papers/b\n" * 12_000, "<a href='/papers/x'>" * 8_000, "1\n" * 20_000,
     "a\n1\n" * 20_000],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_no_markup_takes_longer_than_its_length(text: str) -> None:
    """A text like these takes an hour if reading it is not linear, and is refused at once."""
    head = "\n".join(HEADER)
    with pytest.raises(InputError):
        read(f"{head}\n{text}".encode(), "p.txt", today=TODAY)


def test_a_gap_has_no_more_lines_than_matter_and_those_below_keep_their_numbers() -> None:
    lines = classify("A\n" + "\n" * 50_000 + "B")
    assert len(lines) < 100
    assert (lines[0].text, lines[-1].text, lines[-1].number) == ("A", "B", 50_002)


@pytest.mark.parametrize("odd", ["<![>", "<![x", "<!a[", "<!>", "<?>", "</>", "<!-"])
def test_a_declaration_that_is_none_hides_nothing_of_a_page(odd: str) -> None:
    text = html_to_text(f"<p>Before</p>{odd}></p><p>Behind</p>")
    assert text.split()[0] == "Before"
    assert text.split()[-1] == "Behind"
