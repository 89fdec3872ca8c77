"""One paper by its name: looked up, else added with its name alone."""

import json

import pytest

from tests.actions.conftest import at, ran
from tests.sources.site import ARXIV, NO_ENTRY, Asked, Reply, Site, serving
from tui.actions import triage
from tui.actions.context import Outcome
from tui.errors import UsageError
from tui.library import Library
from tui.model.paper import Paper, paper_key

pytestmark = pytest.mark.usefixtures("no_fsync")

TITLE = "Testing Deep Learning Models: A First Comparative Study of Multiple Testing Techniques"
CSL = {
    "title": "Outlier Detection",
    "author": [{"family": "Dey", "given": "Pritam"}],
    "DOI": "10.1093/bioinformatics/btac431",
    "type": "article-journal",
}
PAGE = b"""<!doctype html><html><head>
<meta name="citation_title" content="Attention &amp; Retrieval">
<meta name="citation_author" content="Lovelace, Ada">
<meta name="citation_author" content="C. Babbage">
<META NAME="citation_publication_date" CONTENT="2026/05/04">
<meta name="citation_pdf_url" content="https://example.org/1.pdf">
<meta property="og:title" content="Attention | Site"></head><body><p>x</p></body>"""


def add(library: Library, site: Site, *words: str) -> Outcome:
    return ran("add", at(library, site), paper=words)


def only(library: Library) -> Paper:
    (item,) = library.items()
    return item.paper


@pytest.mark.parametrize(
    "word",
    ["arXiv:2202.12139", "2202.12139v1", "https://arxiv.org/pdf/2202.12139v1.pdf"],
)
def test_a_paper_is_added_by_its_identifier(new_library: Library, site: Site, word: str) -> None:
    outcome = add(new_library, site, word)
    assert outcome.message == f"Added: {TITLE}"
    assert outcome.exit_code == 0
    paper = only(new_library)
    assert paper.authors[0] == "Mohit Kumar Ahuja"
    assert site.asked[0].question == {"id_list": "2202.12139", "max_results": "1"}
    assert add(new_library, site, word).message == f"Already here: {TITLE}"
    assert len(site.asked) == 1
    new_library.undo()
    assert new_library.items() == []


def test_a_paper_is_added_by_its_title(new_library: Library, site: Site) -> None:
    assert add(new_library, site, *TITLE.lower().split()).message == f"Added: {TITLE}"
    assert only(new_library).arxiv == "2202.12139"


def test_a_title_that_only_resembles_is_not_taken(new_library: Library, site: Site) -> None:
    outcome = add(new_library, site, "Testing", "Deep", "Learning")
    assert outcome.message == "Added: Testing Deep Learning"
    assert outcome.notes[0].startswith("Not found: added by name")
    assert only(new_library).arxiv is None
    again = add(new_library, site, "Testing", "Deep", "Learning")
    assert again.message == "Already here: Testing Deep Learning"
    assert len(new_library.state.history()) == 1
    assert again.notes == ("Not found; papers-tui fetch --fill looks it up",)


def test_a_paper_is_added_by_its_doi(new_library: Library, site: Site) -> None:
    doi = "10.1093/bioinformatics/btac431"
    path = f"/works/{doi.replace('/', '%2F')}/transform/application/vnd.citationstyles.csl+json"
    site.on(path, json.dumps(CSL).encode())
    assert add(new_library, site, f"https://doi.org/{doi}").message == "Added: Outlier Detection"
    assert (only(new_library).doi, only(new_library).authors) == (doi, ("Pritam Dey",))
    assert add(new_library, site, doi).message == "Already here: Outlier Detection"


def test_a_paper_is_added_by_its_page(new_library: Library, site: Site) -> None:
    site.on("/paper", PAGE)
    assert add(new_library, site, f"{site.url}/paper").message == "Added: Attention & Retrieval"
    paper = only(new_library)
    assert paper.authors == ("Ada Lovelace", "C. Babbage")
    assert str(paper.published) == "2026-05-04"
    assert paper.urls == (f"{site.url}/paper", "https://example.org/1.pdf")
    assert paper.address == f"{site.url}/paper"


@pytest.mark.parametrize(
    "body", [b"", b"%PDF-1.7", b"<p>no head<![>", b"<meta name=citation_title>"]
)
def test_a_page_that_states_nothing_is_kept_as_an_address(
    new_library: Library, site: Site, body: bytes
) -> None:
    site.on("/paper", body)
    assert add(new_library, site, f"{site.url}/paper").message == f"Added: {site.url}/paper"
    assert only(new_library).urls == (f"{site.url}/paper",)


def test_an_address_that_is_added_again_becomes_the_paper_of_its_page(
    new_library: Library, site: Site
) -> None:
    outcome = add(new_library, site, f"{site.url}/paper")
    note = "added by name; papers-tui fetch --fill looks it up"
    assert outcome.notes[0].endswith(note)
    triage.star(new_library, [only(new_library).key])
    site.on("/paper", PAGE)
    assert add(new_library, site, f"{site.url}/paper").message == "Filled in: Attention & Retrieval"
    assert only(new_library).authors == ("Ada Lovelace", "C. Babbage")
    assert new_library.state.of(only(new_library).key).starred
    assert (
        add(new_library, site, f"{site.url}/paper").message == "Already here: Attention & Retrieval"
    )
    new_library.undo()
    assert only(new_library).title == f"{site.url}/paper"


def test_offline_a_paper_is_added_and_filled_in_later(new_library: Library, site: Site) -> None:
    with serving() as gone:
        pass
    outcome = add(new_library, gone, "arXiv:2202.12139")
    assert outcome.message == "Added: arXiv:2202.12139"
    add(new_library, gone, "A", "Title", "That", "Nobody", "Knows")
    assert outcome.notes[0].startswith("No connection to 127.0.0.1: added by name")
    filled = ran("fetch", at(new_library, site), fill=True)
    assert filled.message == "Looked up 2 papers: 1 merged, 1 not found"
    assert filled.notes == ("Not found: A Title That Nobody Knows",)
    assert filled.data == {
        "asked": 2,
        "merged": 1,
        "not_found": [paper_key("A Title That Nobody Knows")],
    }
    assert TITLE in {item.paper.title for item in new_library.items()}
    assert add(new_library, site, "2202.12139").message == f"Already here: {TITLE}"


@pytest.mark.parametrize("reply", [Reply(NO_ENTRY), Reply(b"", 500)], ids=["unknown", "broken"])
def test_what_nobody_knows_is_added_all_the_same(
    new_library: Library, site: Site, reply: Reply
) -> None:
    site.on("/api/query", reply)
    assert add(new_library, site, "2202.99999").message == "Added: arXiv:2202.99999"
    assert only(new_library).arxiv == "2202.99999"


def test_several_identifiers_are_papers_each(new_library: Library, site: Site) -> None:
    outcome = add(new_library, site, "2202.12139", "arXiv:2202.99999", "10.1145/77")
    assert outcome.text == (f"Added: {TITLE}\nAdded: arXiv:2202.99999\nAdded: doi:10.1145/77\n")
    assert len(new_library.items()) == 3


@pytest.mark.parametrize(
    "line",
    [
        "On Sets https://arxiv.org/abs/2202.12139",
        "[On Sets](https://arxiv.org/abs/2202.12139)",
        "- [ ] [On Sets](https://arxiv.org/abs/2202.12139v2)",
        "2202.12139 On Sets",
    ],
)
def test_a_title_beside_an_identifier_is_that_of_the_paper_until_it_is_looked_up(
    new_library: Library, site: Site, line: str
) -> None:
    with serving() as gone:
        pass
    assert add(new_library, gone, *line.split()).message == "Added: On Sets"
    assert (only(new_library).title, only(new_library).arxiv) == ("On Sets", "2202.12139")
    assert add(new_library, gone, line).message == "Already here: On Sets"
    assert add(new_library, site, line).message == f"Filled in: {TITLE}"


def test_a_title_is_given_to_a_paper_that_is_known_by_its_identifier_alone(
    new_library: Library,
) -> None:
    with serving() as gone:
        pass
    assert add(new_library, gone, "2202.12139").message == "Added: arXiv:2202.12139"
    assert add(new_library, gone, "On Sets 2202.12139").message == "Filled in: On Sets"
    assert add(new_library, gone, "Other Words 2202.12139").message == "Already here: On Sets"
    assert add(new_library, gone, "2202.12139").message == "Already here: On Sets"


def test_a_title_that_is_spelt_in_another_way_is_that_of_its_paper(
    new_library: Library, site: Site
) -> None:
    add(new_library, site, "2202.12139")
    title = TITLE.replace("Deep ", "deep-").replace("Multiple Testing", "multiple testîng")
    assert add(new_library, site, title).message == f"Already here: {TITLE}"
    assert len(site.asked) == 1
    triage.remove(new_library, [only(new_library).key])
    assert add(new_library, site, title).message.startswith("Still removed")


def test_a_title_is_looked_up_in_whatever_spelling(new_library: Library, site: Site) -> None:
    site.on("/api/query", ARXIV)
    title = TITLE.replace("Deep Learning", "Deep-learning").replace("Multiple", "Multi-ple")
    assert add(new_library, site, title).message == f"Added: {TITLE}"


def test_papers_with_one_title_and_other_identifiers_are_not_the_same(new_library: Library) -> None:
    with serving() as gone:
        pass
    add(new_library, gone, "On Sets 2202.12139")
    assert add(new_library, gone, "On Sets 2202.12140").message == "Added: On Sets"
    assert len(new_library) == 2


def test_lines_of_titles_and_identifiers_are_papers_each(new_library: Library) -> None:
    with serving() as gone:
        pass
    lines = ("On Sets 2202.12139", "[On Maps](https://arxiv.org/abs/2202.12140)")
    assert add(new_library, gone, *lines).text == "Added: On Sets\nAdded: On Maps\n"


def test_a_title_beside_any_other_address_is_read_as_both(new_library: Library, site: Site) -> None:
    assert add(new_library, site, "On", "Sets", f"{site.url}/gone").message == "Added: On Sets"
    assert only(new_library).urls == (f"{site.url}/gone",)
    assert only(new_library).page == f"{site.url}/gone"


def test_an_answer_with_another_paper_is_none(new_library: Library, site: Site) -> None:
    assert add(new_library, site, "2405.01234").message == "Added: arXiv:2405.01234"
    assert only(new_library).authors == ()


@pytest.mark.parametrize(
    "word", ["foo", "ftp://x.y/z", "file:///etc/passwd", "https://x.y/a b", "https:///x"]
)
def test_a_word_that_nobody_knows_is_no_paper(new_library: Library, site: Site, word: str) -> None:
    site.on("/api/query", NO_ENTRY)
    with pytest.raises(UsageError):
        add(new_library, site, word)
    assert new_library.items() == []


def test_nothing_is_no_paper(new_library: Library, site: Site) -> None:
    with pytest.raises(UsageError):
        add(new_library, site, " ")


# Filling in


def test_a_paper_of_a_publisher_is_filled_in_by_its_doi(new_library: Library, site: Site) -> None:
    with serving() as gone:
        pass
    doi = "10.1093/bioinformatics/btac431"
    assert add(new_library, gone, doi).message == f"Added: doi:{doi}"
    path = f"/works/{doi.replace('/', '%2F')}/transform/application/vnd.citationstyles.csl+json"
    site.on(path, json.dumps(CSL).encode())
    assert ran("fetch", at(new_library, site), fill=True).message == "Looked up 1 paper: 1 merged"
    assert only(new_library).title == "Outlier Detection"
    assert ran("fetch", at(new_library, site), fill=True).message == "Nothing to fill in"


def test_a_paper_with_an_address_for_a_title_is_filled_in_by_its_page(
    new_library: Library, site: Site
) -> None:
    for path in ("/paper", "/silent"):
        add(new_library, site, f"{site.url}{path}")
    key = paper_key(f"{site.url}/paper")
    triage.star(new_library, [key])
    site.on("/paper", PAGE)
    site.on("/api/query", NO_ENTRY)
    tried = ran("fetch", at(new_library, site), fill=True, dry_run=True)
    assert tried.message == "Looked up 2 papers: would be 1 merged, 1 not found"
    outcome = ran("fetch", at(new_library, site), fill=True)
    assert outcome.message == "Looked up 2 papers: 1 merged, 1 not found"
    assert new_library.item(key).paper.title == "Attention & Retrieval"
    assert new_library.item(key).state.starred
    assert len(new_library) == 2
    site.on("/silent", PAGE.replace(b"Attention", b"Oblivion"))  # as it did not answer
    assert ran("fetch", at(new_library, site), fill=True).message.startswith("Looked up 1 paper")
    assert len(new_library) == 2
    new_library.undo()
    new_library.undo()
    assert new_library.item(key).paper.title == f"{site.url}/paper"


def test_papers_that_came_by_page_get_identifiers_and_names(library: Library, site: Site) -> None:
    item = library.items()[5]
    title = item.paper.title

    def answer(request: Asked) -> Reply:
        is_asked = title.split(":")[0] in request.question["search_query"]
        return Reply(ARXIV.replace(TITLE.encode(), title.encode()) if is_asked else NO_ENTRY)

    site.on("/api/query", answer)
    ran("fetch", at(library, site), fill=True)
    outcome = ran("fetch", at(library, site), fill=True)
    assert outcome.notes[-2:] == (
        "and 89 more",
        "68 more papers to look up; papers-tui fetch --fill continues",
    )
    assert len(site.asked) == 20
    ran("fetch", at(library, site), fill=True)
    assert ran("fetch", at(library, site), fill=True).message == "Nothing to fill in"
    paper = library.item(item.key).paper
    assert paper.arxiv == "2202.12139"
    assert paper.authors[0] == "Mohit Kumar Ahuja"
    assert len(library) == 268
    library.undo()
    assert library.item(item.key).paper.arxiv is None


def test_a_fill_can_be_tried(library: Library, site: Site) -> None:
    outcome = ran("fetch", at(library, site), fill=True, dry_run=True)
    assert outcome.message == "Looked up 100 papers: none was found"
    assert library.state.history() == []
