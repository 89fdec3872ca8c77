"""The addresses of a paper: those that are known, and a search only where none is."""

import pytest

from tui.actions.context import Context, Outcome
from tui.actions.links import page_of, pages
from tui.actions.registry import actions
from tui.config import Config
from tui.errors import PapersError, UsageError
from tui.library import Library
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
    assert page_of(paper, html=True) == "https://arxiv.org/html/2607.23193"
    assert page_of(paper, code=True) == CODE


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
    for what, options in {
        "PDF": {"pdf": True},
        "HTML": {"html": True},
        "code": {"code": True},
    }.items():
        with pytest.raises(PapersError, match=f"No {what} of this paper is known"):
            page_of(one, **options)


def test_the_shell_opens_a_paper_or_prints_its_address(
    library: Library, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = (each for each in library.items() if page_of(each))
    paper = next(papers)
    page = page_of(paper)
    here, open_link = Context(Config(), library), actions()["open"].run
    outcome = open_link(here, key=paper.key)
    assert isinstance(outcome, Outcome)
    assert (outcome.message, outcome.text, opened) == (f"Opened: {page}", "", [page])
    monkeypatch.delenv("DISPLAY")
    outcome = open_link(here, key=paper.key)
    assert isinstance(outcome, Outcome)
    assert (outcome.message, outcome.text, opened) == ("", f"{page}\n", [page])
    with pytest.raises(UsageError, match="No paper given"):
        open_link(here)
