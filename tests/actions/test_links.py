"""The addresses of a paper: those that are known, and a search only where none is."""

import pytest

from tui.actions.links import page_of, pages
from tui.errors import PapersError
from tui.model.paper import SourceRecord, merge
from tui.model.state import DEFAULT_STATE, Item

CODE, SITE = "https://github.com/ada/engine", "https://ada.example.org"


def item(**facts: object) -> Item:
    record = SourceRecord("A Paper", None, "0.txt", 1, **facts)  # type: ignore[arg-type]
    return Item(merge([record]), DEFAULT_STATE)


def test_all_addresses_of_a_paper_on_arxiv_are_real_ones() -> None:
    paper = item(arxiv="2607.23193", upvotes=3, urls=(SITE, CODE))
    assert pages(paper) == {
        "https://arxiv.org/abs/2607.23193": "abstract",
        "https://arxiv.org/pdf/2607.23193": "PDF",
        "https://arxiv.org/html/2607.23193": "HTML",
        CODE: "code",
        "https://huggingface.co/papers/2607.23193": "Daily Papers",
        SITE: "",
    }
    assert page_of(paper) == "https://arxiv.org/abs/2607.23193"
    assert page_of(paper, pdf=True) == "https://arxiv.org/pdf/2607.23193"


@pytest.mark.parametrize("arxiv", ["math/0309136", "1202.4527", "2311.00001"])
def test_what_an_old_paper_does_not_have_is_not_offered(arxiv: str) -> None:
    assert list(pages(item(arxiv=arxiv)).values()) == ["abstract", "PDF"]


def test_a_paper_of_a_publisher_has_its_page() -> None:
    paper = item(doi="10.1000/(sici)1", urls=("https://a.org/x.pdf",))
    page = "https://doi.org/10.1000/(sici)1"
    assert pages(paper) == {page: "publisher", "https://a.org/x.pdf": "PDF"}
    assert page_of(paper) == page


def test_a_paper_without_identifiers_is_searched_for() -> None:
    bare, one = item(), item(urls=(SITE,))
    search = "https://arxiv.org/search/?searchtype=title&query=A+Paper"
    assert pages(bare) == {search: "search arXiv by title"}
    assert page_of(bare) == search
    assert list(pages(one)) == [SITE, search]
    assert page_of(one) is None
    with pytest.raises(PapersError, match="No PDF"):
        page_of(one, pdf=True)
