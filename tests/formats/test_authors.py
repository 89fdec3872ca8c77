"""Lists of authors that do not name them all, in every format."""

import json
from typing import Any, Final

import pytest
from bibtexparser.entrypoint import parse_string

from tests.formats.files import parsed
from tui.formats import exporters
from tui.formats.bibliography import Name, split_name
from tui.formats.exporters.citation import cite
from tui.model.describe import facts
from tui.model.fields import Detail
from tui.model.paper import Paper, SourceRecord, merge
from tui.model.state import Item, PaperState

BIB: Final = "@misc{a, title = {On Sets}, author = {Lovelace, Ada and Noether, Emmy and others}}"
MAIL: Final = (
    "\\\\\narXiv:2601.00001\nTitle: On Sets\nAuthors: Ada Lovelace, Emmy Noether%s\n"
    "\\\\\n  We count.\n\\\\ ( https://x )\n"
)
WORK: Final = {
    "id": "https://openalex.org/W1",
    "title": "On Sets",
    "authorships": [{"raw_author_name": name} for name in ("Ada Lovelace", "Emmy Noether")],
    "is_authors_truncated": True,
}


def incomplete() -> Paper:
    """A paper with two authors that are named, and more."""
    names = ("Ada Lovelace", "Emmy Noether")
    return merge(
        [SourceRecord("On Sets", None, "a.bib", 1, authors=names, authors_incomplete=True)]
    )


def csl(last: dict[str, str]) -> list[dict[str, Any]]:
    """An item of CSL-JSON with a last author after two."""
    first = [{"given": "Ada", "family": "Lovelace"}, {"given": "Emmy", "family": "Noether"}]
    return [{"id": "a", "type": "article-journal", "title": "On Sets", "author": [*first, last]}]


@pytest.mark.parametrize(
    "content",
    [
        BIB,
        BIB.replace("and others", "and {others}"),
        BIB.replace("others", "{et al.}"),
        BIB.replace("Emmy and others", "Emmy et al."),
        "TY  - JOUR\nTI  - On Sets\nAU  - Lovelace, Ada\nAU  - Noether, Emmy\nAU  - et al.,\n"
        "ER  - ",
        "PMID- 1\nTI  - On Sets.\nFAU - Lovelace, Ada\nAU  - Lovelace A\nFAU - Noether, Emmy\n"
        "AU  - Noether E\nAU  - et al.\n",
        csl({"literal": "others"}),
        csl({"family": "et al", "given": ""}),
        [
            {
                "itemType": "journalArticle",
                "title": "On Sets",
                "creators": [
                    {"creatorType": "author", "firstName": "Ada", "lastName": "Lovelace"},
                    {"creatorType": "author", "firstName": "Emmy", "lastName": "Noether"},
                    {"creatorType": "author", "name": "and others"},
                ],
            }
        ],
        WORK,
        MAIL % ", et al. (12 additional authors not shown)",
        MAIL % " (1 additional author not shown)",
        {"title": "On Sets", "authors": ["Ada Lovelace", "Emmy Noether", "Et Al."]},
        exporters.write("json", [Item(incomplete(), PaperState())]),
    ],
)
def test_a_source_that_does_not_name_all_authors_says_so(content: object) -> None:
    (record,) = parsed(content)
    assert (record.authors, record.authors_incomplete) == (("Ada Lovelace", "Emmy Noether"), True)


@pytest.mark.parametrize("names", ["Others, Ada", "Ali, Al and Etal, Bo", "{Tools for Others}", ""])
def test_other_names_are_names(names: str) -> None:
    (record,) = parsed(f"@misc{{a, title = {{On Sets}}, author = {{{names}}}}}")
    assert not record.authors_incomplete
    assert len(record.authors) == len(names and names.split(" and "))


def test_others_alone_are_nobody() -> None:
    (record,) = parsed("@misc{a, title = {On Sets}, author = {others}}")
    assert (record.authors, record.authors_incomplete) == ((), False)


@pytest.mark.parametrize("name", ["bibtex", "biblatex", "csl", "ris", "json"])
def test_they_leave_as_they_came(name: str) -> None:
    text = exporters.write(name, [Item(merge(parsed(BIB)), PaperState())])
    (record,) = parsed(text)
    assert (record.authors, record.authors_incomplete) == (("Ada Lovelace", "Emmy Noether"), True)


@pytest.mark.parametrize("name", ["bibtex", "biblatex"])
def test_another_parser_finds_the_others_where_bibtex_wants_them(name: str) -> None:
    text = exporters.write(name, [Item(incomplete(), PaperState())])
    (entry,) = parse_string(text).entries
    assert entry["author"] == "Ada Lovelace and Emmy Noether and others"


def test_programs_of_citations_find_the_others_in_the_form_that_they_know() -> None:
    item = Item(incomplete(), PaperState())
    (entry,) = json.loads(exporters.write("csl", [item]))
    assert entry["author"][-1] == {"literal": "others"}
    assert "AU  - et al.,\r\n" in exporters.write("ris", [item])
    assert "Ada Lovelace; Emmy Noether; et al." in exporters.write("csv", [item])
    assert "<name>et al.</name>" in exporters.write("atom", [item])


def test_they_are_shown_as_et_al() -> None:
    item = Item(incomplete(), PaperState())
    assert facts(item, Detail.FULL) == ["Ada Lovelace, Emmy Noether et al."]
    assert facts(item, Detail.LISTED) == []
    assert cite(item.paper).startswith("Ada Lovelace et al. On Sets.")


# Names in their parts

DIVIDED: Final = (
    "@misc{a, title = {On Sets}, author = {Garc{\\'\\i}a L{\\'o}pez, Mar{\\'\\i}a and 山田, 太郎"
    " and {Sets of the World} and Ana {da Silva Reis} and Goethe, Johann von}}",
    "TY  - JOUR\nTI  - On Sets\nAU  - García López, María\nAU  - 山田, 太郎\n"
    "AU  - Sets of the World\nAU  - da Silva Reis, Ana\nAU  - Goethe, Johann von\nER  - ",
    [
        {
            "title": "On Sets",
            "author": [
                {"family": "García López", "given": "María"},
                {"family": "山田", "given": "太郎"},
                {"literal": "Sets of the World"},
                {"family": "Silva Reis", "non-dropping-particle": "da", "given": "Ana"},
                {"family": "Goethe", "given": "Johann von"},
            ],
        }
    ],
)
PRINTED: Final = (
    *("María García López", "山田 太郎", "Sets of the World", "Ana da Silva Reis"),
    "Johann von Goethe",
)


@pytest.mark.parametrize("content", DIVIDED)
def test_names_are_shown_as_papers_print_them(content: object) -> None:
    (record,) = parsed(content)
    assert record.authors == PRINTED


@pytest.mark.parametrize("content", [DIVIDED[0], DIVIDED[2]])
@pytest.mark.parametrize("name", ["bibtex", "biblatex", "csl", "ris", "json"])
def test_a_family_name_leaves_as_it_came(name: str, content: object) -> None:
    item = Item(merge(parsed(content)), PaperState())
    (record,) = parsed(exporters.write(name, [item]))
    assert record.authors == PRINTED
    assert {*record.family_names} == {"García López", "da Silva Reis", "Goethe"}


def test_programs_of_citations_find_family_names_of_several_words() -> None:
    item = Item(merge(parsed(DIVIDED[0])), PaperState())
    (entry,) = json.loads(exporters.write("csl", [item]))
    assert entry["author"] == [
        {"family": "García López", "given": "María"},
        {"family": "山田", "given": "太郎"},
        {"literal": "Sets of the World"},
        {"family": "da Silva Reis", "given": "Ana"},
        {"family": "Goethe", "given": "Johann von"},
    ]
    (bibtex,) = parse_string(exporters.write("bibtex", [item])).entries
    assert bibtex["author"].split(" and ") == [
        "García López, María",
        "山田, 太郎",
        "{Sets of the World}",
        "da Silva Reis, Ana",
        "Goethe, Johann von",
    ]


@pytest.mark.parametrize("name", ["bibtex", "biblatex", "csl", "ris", "json"])
def test_a_family_name_of_several_words_without_case_leaves_as_it_came(name: str) -> None:
    content = "@misc{a, title = {On Sets}, author = {{कुमार शर्मा}, राम and {शर्मा कुमार}}}"
    (record,) = parsed(content)
    text = exporters.write(name, [Item(merge([record]), PaperState())])
    if name.startswith("bib"):
        assert "author = {{कुमार शर्मा}, राम and {शर्मा कुमार}}" in text
    (again,) = parsed(text)
    assert (again.authors, again.family_names) == (record.authors, record.family_names)
    assert again.authors == ("राम कुमार शर्मा", "शर्मा कुमार")


def test_family_names_that_the_names_show_are_not_kept() -> None:
    (record,) = parsed(BIB.replace("Noether, Emmy", "van der Waals, Johannes"))
    assert record.authors == ("Ada Lovelace", "Johannes van der Waals")
    assert record.family_names == ()


def test_a_family_name_that_one_source_states_counts_for_the_names_of_another() -> None:
    (divided,) = parsed("@misc{a, title = {On Sets}, author = {García López, María}}")
    (printed,) = parsed({"title": "On Sets", "authors": ["María García López", "Ada Lovelace"]})
    item = Item(merge([divided, printed]), PaperState())
    assert "author = {García López, María and Ada Lovelace}" in exporters.write("bibtex", [item])


def test_a_family_name_may_look_like_an_acronym() -> None:
    assert split_name("Qingyao Ai") == Name("Ai", "Qingyao")
    assert split_name("Mistral AI").is_organization


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Charles de la Vall{\\'e}e Poussin", Name("de la Vallée Poussin", "Charles")),
        ("Ludwig van Beethoven", Name("van Beethoven", "Ludwig")),
        ("Jean de la Fontaine Jr.", Name("de la Fontaine", "Jean", "Jr.")),
        ("World Health Organization", Name("World Health Organization", is_organization=True)),
    ],
)
def test_a_name_of_bibtex_is_divided_as_bibtex_does(content: str, name: Name) -> None:
    (record,) = parsed(f"@misc{{a, title = {{On Sets}}, author = {{{content}}}}}")
    (author,) = record.authors
    assert split_name(author, record.family_names) == name


WHOLE: Final = (
    *("Barnes and Noble, Inc.", "World Health Organization", "University of California, Davis"),
    *("The Sets Workshop", "Plato", "Sammy Davis Jr."),
)


@pytest.mark.parametrize("name", ["bibtex", "biblatex", "csl", "ris", "json"])
def test_organizations_leave_as_they_came(name: str) -> None:
    wholes = " and ".join(f"{{{author}}}" for author in WHOLE[:-1])
    authors = f"{wholes} and Sammy {{Davis, Jr.}}"
    (record,) = parsed(f"@misc{{a, title = {{On Sets}}, author = {{{authors}}}}}")
    assert record.authors == WHOLE
    (again,) = parsed(exporters.write(name, [Item(merge([record]), PaperState())]))
    assert again.authors == WHOLE
    organizations = [split_name(author, again.family_names).family for author in again.authors]
    assert organizations == [*WHOLE[:-1], "Davis"]


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Sammy Davis, Jr.", Name("Davis", "Sammy", "Jr.")),
        ("Noble, Inc.", Name("Noble, Inc.", is_organization=True)),
        ("Centers for Disease Control", Name("Centers for Disease Control", is_organization=True)),
        ("The Sets Workshop", Name("The Sets Workshop", is_organization=True)),
        ("Barnes,, Inc.", Name("Barnes, Inc.", is_organization=True)),
        ("Sets Workshop,", Name("Sets Workshop", is_organization=True)),
        ("Rathbun, Mary Jane,", Name("Rathbun", "Mary Jane")),
        ("Ada Lovelace", Name("Lovelace", "Ada")),
        ("Martin L. King Jr.", Name("King", "Martin L.", "Jr.")),
        ("Ludwig van Beethoven", Name("van Beethoven", "Ludwig")),
    ],
)
def test_a_name_of_ris_is_divided_at_its_comma_or_like_that_of_a_person(
    author: str, name: Name
) -> None:
    (record,) = parsed(f"TY  - JOUR\nTI  - On Sets\nAU  - {author}\nER  - ")
    (printed,) = record.authors
    assert split_name(printed, record.family_names) == name


@pytest.mark.parametrize(("particle", "family"), [("d'", "d'Alembert"), ("al-", "al-Alembert")])
def test_a_particle_of_csl_is_written_together(particle: str, family: str) -> None:
    author = {"family": "Alembert", "given": "Jean", "non-dropping-particle": particle}
    (record,) = parsed([{"title": "On Sets", "author": [author]}])
    assert record.authors == (f"Jean {family}",)


TEX: Final = (
    {"title": "On Sets", "authors": ["G\\'abor~Szab\\'o"], "venue": "Universit\\'e de X"},
    [
        {
            "title": "On Sets",
            "author": [{"family": "Szab\\'o", "given": "G{\\'a}bor"}],
            "container-title": "Universit\\'e de X",
        }
    ],
    "TY  - JOUR\nTI  - On Sets\nAU  - Szab\\'o, G\\'abor\nT2  - Universit\\'e de X\nER  - ",
    "@article{a, title = {On Sets}, author = {Szab\\'o, G{\\'a}bor},"
    " journal = {Universit{\\'e} de X}}",
)


@pytest.mark.parametrize("content", TEX)
def test_accents_of_tex_in_names_are_letters_in_whatever_format(content: object) -> None:
    (record,) = parsed(content)
    assert (record.authors, record.venue) == (("Gábor Szabó",), "Université de X")


def test_a_family_name_of_several_words_with_tex_is_known_by_its_letters() -> None:
    name = {"family": "Garc\\'ia L\\'opez", "given": "Mar\\'ia"}
    (record,) = parsed([{"title": "On Sets", "author": [name]}])
    assert split_name(record.authors[0], record.family_names) == Name("García López", "María")
