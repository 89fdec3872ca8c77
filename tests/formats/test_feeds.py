"""Feeds: of arXiv's API, of arXiv, and of anyone."""

from datetime import date
from pathlib import Path
from typing import Final

import pytest

from tests.formats.files import ENTRY, FEED, facts, parsed, sample_of, warnings
from tui.errors import InputError
from tui.exchange.import_files import import_pages
from tui.library import Library

# arXiv API


def test_an_answer_of_the_arxiv_api_says_all_that_it_has() -> None:
    first, second = parsed(sample_of("arxiv_api.atom.xml"))
    assert facts(first) == {
        "published": date(2022, 2, 24),
        "page_day": "2026-04-12",
        "authors": ("Mohit Kumar Ahuja", "Arnaud Gotlieb", "Helge Spieker"),
        "arxiv": "2202.12139",
        "arxiv_version": 1,
        "doi": "10.1109/icstw55395.2022.00035",
        "categories": ("cs.SE", "cs.LG"),
    }
    assert (first.abstract or "").startswith("Deep Learning (DL) has revolutionized")
    assert second.title == "Study Paper on Test Case generation for GUI Based Testing"
    assert (second.doi, second.urls) == (None, ())


def test_an_error_of_arxiv_is_said_in_its_words() -> None:
    with pytest.raises(InputError, match=r"arXiv answered with an error: incorrect id format"):
        parsed(sample_of("arxiv_api_error_400.atom.xml"))


def test_what_a_feed_says_of_its_encoding_was_decided_before() -> None:
    (record,) = parsed(f"{FEED}{ENTRY}</feed>")
    assert (record.title, record.arxiv, record.arxiv_version) == ("Ä Long", "hep-th/9901001", 2)
    assert (record.line, record.published, record.page_day) == (3, None, None)


@pytest.mark.parametrize("place", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "declaration",
    ["<!DOCTYPE feed>", "<!doctype x [", '<! ENTITY a "b">', '<!ENTITY a SYSTEM "f">'],
)
def test_a_feed_with_a_declaration_is_refused_in_a_sentence(place: int, declaration: str) -> None:
    lines = f"{FEED}{ENTRY}\n</feed>".split("\n")
    lines.insert(place, declaration)
    with pytest.raises(InputError, match=f"line {place + 1}: XML with a DOCTYPE or ENTITY"):
        parsed("\n".join(lines), format="feed")


def test_a_feed_that_is_cut_off_gives_the_entries_before() -> None:
    data = sample_of("arxiv_api.atom.xml")
    file = parsed(data[: data.index(b"With the advent")])
    assert len(file.records) == 1
    ((line, text),) = warnings(file)
    assert (line, text) == (41, "the XML is damaged or cut off here")


def test_a_feed_that_is_nested_without_end_gives_the_entries_before() -> None:
    (record,) = file = parsed(FEED + ENTRY + "\n" + "<a>" * 100_000)
    assert record.arxiv == "hep-th/9901001"
    assert warnings(file) == [(5, "the XML is damaged or cut off here")]


def test_a_comment_without_end_is_read_once() -> None:
    file = parsed(f"{FEED}{ENTRY}\n<!--" + "-\n" * 300_000)
    assert len(file.records) == 1
    assert [text for _, text in warnings(file)] == ["the XML is damaged or cut off here"]


def test_an_entry_without_a_title_is_reported() -> None:
    file = parsed(f"{FEED}{ENTRY}\n<entry><id>http://arxiv.org/abs/2405.00001</id></entry></feed>")
    assert len(file.records) == 1
    assert warnings(file) == [(5, "this record has no title")]


# Feeds of arXiv


def test_a_feed_of_arxiv_says_all_that_it_has() -> None:
    new, crossed = parsed(sample_of("arxiv_rss.xml"))
    assert facts(new) == {
        "published": date(2026, 9, 24),  # the day in arXiv's own zone
        "page_day": "2026-09-24",
        "authors": ("Naser Mansour", "Sidahmed Benabderrahmane", "Ameer Rahwan"),
        "arxiv": "2609.26820",
        "arxiv_version": 1,
        "categories": ("cs.LG", "cs.AI"),
    }
    assert (new.abstract or "").startswith("Physiological time series such as")
    assert facts(crossed) == {
        "page_day": "2026-09-24",
        "authors": ("Pritam Dey", "Zhengwu Zhang", "David B. Dunson"),
        "arxiv": "2205.06398",
        "arxiv_version": 2,
        "doi": "10.1093/bioinformatics/btac431",
        "categories": ("stat.ME", "stat.AP", "stat.ML"),
    }


def test_a_replaced_version_is_an_update_and_no_paper() -> None:
    file = parsed(sample_of("arxiv_rss.xml"))
    ((title, arxiv, version),) = [(u.title, u.arxiv, u.arxiv_version) for u in file.updates]
    assert (title, arxiv, version) == ("Random Polytope Descriptors", "2009.13987", 3)


def test_an_update_is_imported_where_its_paper_is_here(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(sample_of("arxiv_rss.xml"))
    (result,) = import_pages(library, [str(path)])
    assert str(result) == "2 new"
    note = "1 update of papers that are not here left out"
    assert [(each.text, each.skipped) for each in result.warnings] == [(note, False)]
    first = ENTRY.replace("hep-th/9901001v2", "2009.13987v1")
    (tmp_path / "first.xml").write_text(f"{FEED}{first}</feed>", "utf-8")
    list(import_pages(library, [str(tmp_path / "first.xml")]))
    (result,) = import_pages(library, [str(path)])
    assert (str(result), result.warnings) == ("1 merged, 2 unchanged", ())
    (item,) = [item for item in library.items() if item.paper.arxiv == "2009.13987"]
    assert item.paper.versions == (1, 3)


def test_a_feed_without_papers_is_said_to_have_none() -> None:
    with pytest.raises(InputError, match="no papers found"):
        parsed('<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>')


# Feeds of others

RDF: Final = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"\n'
    ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"\n'
    ' xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">\n'
)


def test_a_feed_of_a_journal_says_all_that_it_has() -> None:
    feed = (
        f"{RDF}<channel><title>A Journal</title><dc:date>2026-05-02</dc:date></channel>\n"
        "<item><title>A &lt;i>Title&lt;/i></title><link>https://example.org/a</link>"
        "<description>&lt;p>We &amp;amp; they.&lt;/p>&lt;p>End.&lt;/p></description>"
        "<dc:creator>Ada Lovelace</dc:creator><dc:creator>Babbage, Charles</dc:creator>"
        "<prism:publicationDate>2026-05-01</prism:publicationDate>"
        "<dc:identifier>doi:10.1234/ABC</dc:identifier></item></rdf:RDF>"
    )
    (record,) = parsed(feed)
    assert (record.title, record.abstract) == ("A Title", "We & they. End.")
    assert facts(record) == {
        "published": date(2026, 5, 1),
        "page_day": "2026-05-02",
        "authors": ("Ada Lovelace", "Charles Babbage"),
        "doi": "10.1234/abc",
        "urls": ("https://example.org/a",),
        "address": "https://example.org/a",
    }


@pytest.mark.parametrize(
    ("creator", "names"),
    [
        ("Ada Lovelace", ("Ada Lovelace",)),
        ("Lovelace, Ada", ("Ada Lovelace",)),
        ("Lovelace, A., Babbage, C. H.", ("A. Lovelace", "C. H. Babbage")),
        ("Ada Lovelace, Charles Babbage, Grace Hopper", 3),
        ("Lovelace, Ada; Babbage, Charles", ("Ada Lovelace", "Charles Babbage")),
        ("", ()),
    ],
)
def test_names_of_one_element_are_told_apart(creator: str, names: tuple[str, ...] | int) -> None:
    item = f"<item><title>A</title><dc:creator>{creator}</dc:creator></item>"
    (record,) = parsed(f"{RDF}{item}</rdf:RDF>")
    assert (len(record.authors) if isinstance(names, int) else record.authors) == names


def test_elements_of_another_namespace_are_no_title() -> None:
    item = (
        '<item><m:title xmlns:m="http://search.yahoo.com/mrss/">No</m:title><title>A</title></item>'
    )
    (record,) = parsed(f'<rss version="2.0"><channel>{item}</channel></rss>')
    assert record.title == "A"


def test_an_entry_may_hold_a_page() -> None:
    page = '<div xmlns="http://www.w3.org/1999/xhtml"><p>We <b>say</b> it.</p></div>'
    entry = f"<entry><title>A</title><content type='xhtml'>{page}</content></entry>"
    (record,) = parsed(f"{FEED}{entry}</feed>")
    assert record.abstract == "We say it."
