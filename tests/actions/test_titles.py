"""What a query is called."""

import pytest

from tui.library import Library
from tui.listing.titles import divided, explained, list_query, papers_query, readable, title_of
from tui.model.text import sanitize
from tui.query import parse


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", ("All papers", "")),
        ("lora", ("All papers", "lora")),
        ("is:unread", ("Unread", "")),
        (" is:unread  lora peft ", ("Unread", "lora peft")),
        ("is:unreadable", ("All papers", "is:unreadable")),
        ("is:dismissed", ("Dismissed", "")),
        ('list:"my thesis"', ("my thesis", "")),
        ('list:"my thesis" is:unread', ("my thesis", "is:unread")),
        ("tag:rl up:>3", ("robots", "")),
        ("tag:rl up:>3 lora", ("robots", "lora")),
        ("tag:rl up:>30", ("All papers", "tag:rl up:>30")),
        ("id:a OR id:b-2", ("2 papers", "")),
        ("id:a", ("All papers", "id:a")),
        ("like:nothing", ("All papers", "like:nothing")),
        ("is:inbox sort:title", ("Inbox", "")),
        ("sort:-date is:inbox lora SORT:title peft", ("Inbox", "lora peft")),
        ("id:a OR id:b-2 sort:title", ("2 papers", "")),
        ("is:dismissed (id:a OR id:b-2) sort:title", ("To reconsider", "")),
        ("tag:rl up:>3 sort:title", ("robots", "")),
        ("is:inbox sort:up", ("most wanted", "")),
        ("is:inbox sort:up lora", ("most wanted", "lora")),
        ("tag:moe sort:title lora", ("experts", "lora")),
        ("(id:a OR id:b-2) lora sort:title", ("2 papers", "lora")),
        ("id:a OR id:b-2 lora", ("All papers", "id:a OR id:b-2 lora")),
        ("is:dismissed (id:a OR id:b-2) lora", ("To reconsider", "lora")),
    ],
)
def test_a_query_has_the_name_of_what_it_shows(
    library: Library, query: str, title: tuple[str, str]
) -> None:
    library.change(
        "make",
        [
            ("lists", "my thesis", "exists", True),
            ("views", "robots", "query", "tag:rl up:>3"),
            ("views", "everything", "query", ""),
            ("views", "most wanted", "query", "is:inbox sort:up"),
            ("views", "experts", "query", "tag:moe sort:-date"),
        ],
    )
    assert list_query("my thesis") == 'list:"my thesis"'
    assert title_of(library, query) == title
    name, *parts = divided(library, query)
    whole = parse(" ".join(parts))
    assert (name, whole.node, whole.sort) == (title[0], parse(query).node, parse(query).sort)


def test_similar_papers_have_the_title_of_the_paper(library: Library) -> None:
    item = library.select(parse("mixlora"))[0]
    for order in ("", " sort:title"):
        title, typed = title_of(library, f"like:{item.key}{order}")
        assert title == f"Like: {item.paper.title}"
        assert not typed


def test_an_import_has_its_name_in_any_order(library: Library) -> None:
    id = library.imports.all()[0].head.id
    assert title_of(library, f"import:{id} sort:title")[0].startswith("Import: ")


def test_one_paper_that_is_named_by_its_key_is_called_so(library: Library) -> None:
    item = library.select(parse("mixlora"))[0]
    assert title_of(library, f"id:{item.key}") == ("1 paper", "")


def test_what_the_app_asked_for_keeps_its_name_beside_words(library: Library) -> None:
    item = library.select(parse("mixlora"))[0]
    id = library.imports.all()[0].head.id
    for query, name in (
        (f"like:{item.key}", f"Like: {item.paper.title}"),
        (f"id:{item.key}", "1 paper"),
        (papers_query(["a", "b"]), "2 papers"),
        (f"import:{id}", title_of(library, f"import:{id}")[0]),
    ):
        short = sanitize(name, 24)
        assert title_of(library, f"{query} lora sort:title") == (short, "lora")
        assert divided(library, f"{query} lora sort:title") == (name, query, "lora sort:title")
        assert readable(library, f"{query} lora") == f"{short} / lora"
        assert readable(library, query) == short
        assert (
            explained(library, parse(f"{query} lora sort:title")) == f"{short}, lora, title A to Z"
        )
        assert explained(library, parse(query)) == short
        either = f"{query} lora OR peft"  # which finds others, too
        assert title_of(library, either) == ("All papers", either)
    assert readable(library, "lora is:unread") == "lora is:unread"
