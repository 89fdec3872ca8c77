"""An exported list, read back by programs that know nothing of the one that wrote it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from tests.strategies import PAYLOADS, any_text, hostile_text, records
from tui.errors import PapersError
from tui.formats.checklist import BEGIN
from tui.formats.exporters import ExportOptions, markdown
from tui.formats.exporters.markdown import AbstractPart, Document, merge_into
from tui.model.identifiers import find_urls
from tui.model.paper import Paper, SourceRecord, merge
from tui.model.state import Item, PaperState, Status, note_from
from tui.model.text import normalize, sanitize


def document(
    title: str, items: Sequence[Item], description: str = "", abstract: str = "first"
) -> Document:
    """The document of a list."""
    return markdown.document(items, ExportOptions(title, description, abstract))


def reader(*, www: bool) -> MarkdownIt:
    """A reader of GitHub's Markdown; with ``www``, one that makes links of bare hosts too."""
    parser = MarkdownIt("gfm-like", {"linkify": True, "html": True})
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": www})
    return parser.use(front_matter_plugin).use(tasklists_plugin)


GFM = reader(www=False)

INVISIBLE = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u200b\u2060\ufeff]")

LINKS = (
    "https://e.org",
    "HTTP://E.ORG/x_(y)",
    "*https://e.org*",
    "_https://e.org",
    "见https://e.org",
    "(https://e.org)",
    "ftp://e.org",
    "xmpp:a@e.org",
    "www.e.org",
    "a@e.org",
    "mailto:a@e.org",
    "<https://e.org>",
    "<a@e.org>",
    "[a](https://e.org)",
    "[a]: https://e.org",
    "[^1]: https://e.org",
    "<a href=https://e.org>",
)
"""What a reader of Markdown could make a link of."""

BLOCKS = (
    "# heading",
    "===",
    "---",
    "***",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "2) item",
    "- [x] done",
    "> quote",
    "    code",
    "```sh",
    "~~~",
    "a | b",
    ":-",
    ": definition",
    "<!-- comment",
    "-->",
    "<div>",
    "&lt;b&gt; &#35; &amp;",
    "$x$ ==mark== ^sup^ {x} `code` ~~struck~~ \\",
    "![[embed]]",
    "%%comment%%",
    "papers-tui:end",
    BEGIN,
    "<!-- papers-tui:end 0123456789ab -->",
)
"""What a reader of Markdown could make a block of, or we our own comment lines."""


def hostile() -> st.SearchStrategy[str]:
    """One line of text nobody can trust, as the library keeps it: never empty."""
    piece = st.one_of(st.sampled_from(LINKS + BLOCKS), hostile_text(3))
    return st.lists(piece, min_size=1, max_size=4).map("".join).map(normalize).filter(bool)


def hostile_note() -> st.SearchStrategy[str]:
    """A note of several lines, as the library keeps it."""
    return st.lists(hostile(), min_size=1, max_size=3).map("\n".join)


def paper(title: str = "On Sets", **facts: Any) -> Paper:
    """A paper seen once; an abstract is all that is known of it."""
    record = {"title": title, "abstract": "It is so. And more.", "file": "0.txt", "line": 1}
    return merge([SourceRecord(**{**record, **facts})])


def item_of(title: str = "On Sets", decision: PaperState | None = None, **facts: Any) -> Item:
    """A paper and what was decided about it."""
    return Item(paper(title, **facts), decision or PaperState())


def body(text: str) -> list[Token]:
    """The blocks of a document, the front matter apart."""
    return [token for token in GFM.parse(text) if token.type != "front_matter"]


def blocks(text: str) -> list[tuple[str, str, int]]:
    """The blocks of a document with their levels."""
    return [(token.type, token.tag, token.level) for token in body(text)]


def shape(text: str) -> list[str]:
    """What a reader makes of a document, without its words; links in angle brackets are words."""
    blocks: list[str] = []
    for token in body(text):
        blocks += [f"{token.type} {token.tag} {token.level}"] if token.type != "inline" else []
        angle = False
        for child in token.children or ():
            is_angle = child.markup == "autolink"
            name = "text" if is_angle or angle else f"{child.type} {child.tag}".strip()
            angle = child.nesting == 1 if is_angle else angle
            if name != "text" or blocks[-1] != "text":
                blocks.append(name)
    return blocks


def angle_links(text: str) -> list[str]:
    """Where the links in angle brackets lead."""
    return [
        str(child.attrs["href"])
        for token in body(text)
        for child in token.children or ()
        if child.type == "link_open" and child.markup == "autolink"
    ]


def front(text: str) -> dict[str, Any]:
    """The front matter."""
    (token,) = [token for token in GFM.parse(text) if token.type == "front_matter"]
    read = yaml.safe_load(token.content)
    assert isinstance(read, dict)
    return read


def items(text: str) -> list[SyntaxTreeNode]:
    """The items of the list itself, not of the lists inside them."""
    root = SyntaxTreeNode(body(text))
    return [item for part in root.children if part.type == "bullet_list" for item in part.children]


def parts(node: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    """A part and all parts of it."""
    return list(node.walk())


def inline(node: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    """Everything in the first paragraph of an item."""
    return parts(next(part for part in parts(node) if part.type == "inline"))


def words_of(node: SyntaxTreeNode) -> str:
    """The text that a reader shows of a part, a line break as one."""
    breaks = {"hardbreak": "\n", "softbreak": " "}
    return "".join(
        part.content if part.type in ("text", "code_inline") else breaks.get(part.type, "")
        for part in parts(node)
    )


def title_link(item: SyntaxTreeNode) -> SyntaxTreeNode:
    """The one link in the first line of an item."""
    (link,) = [part for part in inline(item) if part.type == "link"]
    return link


# Structure


@given(hostile())
@example("[/] [@click=app.quit]x[/]")
@example("](https://e.org) [x")
@example("![a](https://e.org/track.png)")
@example("back\\")
def test_a_hostile_title_gives_one_item_with_one_link_that_says_the_title(title: str) -> None:
    plain, odd = item_of("Plain"), item_of(title)
    text = str(document("Thesis", [odd]))
    assert shape(text) == shape(str(document("Thesis", [plain])))
    (item,) = items(text)
    link = title_link(item)
    assert words_of(link) == sanitize(odd.paper.display_title)
    assert str(link.attrs["href"]).startswith("https://arxiv.org/search/?")
    assert odd.key in text


@given(hostile_note())
@example("- [x] [a](b) <!-- pt:next -->\n- item")
@example("```\n<!-- papers-tui:end 0123456789ab -->\n```")
@example("    code\n\n> quote\n# heading\n| a |\n|---|")
def test_a_hostile_note_stays_in_its_item(note: str) -> None:
    lines = note.split("\n")
    plain = "\n".join("plain" for _ in lines)
    text = str(document("Thesis", [item_of(decision=PaperState(note=note)), item_of("Next")]))
    other = str(document("Thesis", [item_of(decision=PaperState(note=plain)), item_of("Next")]))
    around = [[block for block in blocks(each) if block[2] < 4] for each in (text, other)]
    assert around[0] == around[1]
    assert text.count("<!-- pt:") == other.count("<!-- pt:")


@given(hostile())
def test_a_hostile_description_stays_one_quoted_paragraph(description: str) -> None:
    text = str(document("Thesis", [item_of()], description=description))
    assert shape(text) == shape(str(document("Thesis", [item_of()], description="plain")))
    assert len(angle_links(text)) <= len(find_urls(description))


@given(hostile())
def test_a_hostile_abstract_stays_one_quoted_paragraph(abstract: str) -> None:
    odd = item_of(abstract=abstract)
    text = str(document("Thesis", [odd], abstract=AbstractPart.FULL))
    plain = str(document("Thesis", [item_of(abstract="plain")], abstract=AbstractPart.FULL))
    assert shape(text) == shape(plain)
    assert len(angle_links(text)) <= len(find_urls(odd.paper.display_abstract))


@given(hostile())
def test_a_hostile_name_of_a_list_is_one_heading_and_one_value(name: str) -> None:
    text = str(document(name, [item_of()]))
    assert shape(text) == shape(str(document("Thesis", [item_of()])))
    heading = SyntaxTreeNode(body(text)).children[1]
    assert (heading.type, heading.tag) == ("heading", "h1")
    assert words_of(heading) == sanitize(name)
    assert front(text)["title"] == sanitize(name)


@pytest.mark.parametrize("payload", PAYLOADS + LINKS + BLOCKS)
def test_a_payload_in_every_field_changes_nothing_around_it(payload: str) -> None:
    text = normalize(payload)
    odd = item_of(text, PaperState(note="plain", tags=("rl",)), abstract=text, upvotes=3)
    plain = item_of("plain", PaperState(note="plain", tags=("rl",)), abstract="plain", upvotes=3)
    written = str(
        document("Thesis", [odd, plain, odd], description=text, abstract=AbstractPart.FULL)
    )
    other = str(
        document("Thesis", [plain, plain, plain], description="plain", abstract=AbstractPart.FULL)
    )
    assert shape(written) == shape(other)


@given(st.lists(hostile_text(), min_size=6, max_size=6), st.sampled_from(AbstractPart))
def test_no_control_character_is_ever_written_though_nothing_was_cleaned(
    texts: list[str], part: AbstractPart
) -> None:
    title, abstract, note, tag, name, description = texts
    whole = "".join(c for c in title if not "\ud800" <= c <= "\udfff")  # no link could be made
    raw = replace(paper(), title=whole, abstract=abstract)
    state = PaperState(note=note, tags=(tag,))
    text = str(document(name, [Item(raw, state)], description=description, abstract=part))
    bad = [c for c in text if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cs")]
    assert not bad
    assert not INVISIBLE.search(text)
    text.encode()


def is_linked(text: str) -> bool:
    """Whether any reader makes a link of something in a text."""
    tokens = [token for www in (False, True) for token in reader(www=www).parse(text)]
    return any(child.type == "link_open" for token in tokens for child in token.children or ())


@pytest.mark.parametrize("address", ["www.e.org", "https://e.org", "ftp://e.org", "a@e.org"])
@pytest.mark.parametrize("around", ["{}", "see {}", "({})", "*{}*", "“{}”", "a,{}"])
def test_an_address_in_the_name_of_a_list_is_no_link(address: str, around: str) -> None:
    assert not is_linked(str(document(around.format(address), [])))


@pytest.mark.parametrize("address", ["_https://e.org", "_ftp://e.org", "见https://e.org"])
def test_a_letter_before_an_address_makes_no_link_of_it(address: str) -> None:
    assert not is_linked(str(document(address, [])))


@pytest.mark.parametrize("abstract", ["See http://a.b.", "See <http://a.b>."])
def test_a_link_in_an_abstract_is_a_link(abstract: str) -> None:
    text = str(document("Thesis", [item_of(abstract=abstract)]))
    assert "> See <http://a.b>.\n" in text


def test_a_note_leaves_as_the_user_wrote_it() -> None:
    lines = (
        "see [[Other Note]] #todo",
        "#later *why* [code](https://e.org/x_(y)) `x`",
        "**so** <https://e.org/y>, <ada@e.org>: `<eos>` `\\<word\\>`",
    )
    text = str(document("Thesis", [item_of(decision=PaperState(note="\n".join(lines)))]))
    assert "  - **Note:** " + "\\\n    ".join(lines) + "\n" in text


@given(
    st.lists(
        st.sampled_from(
            (
                *("`", "\\", "\n", " ", "a", "```\n", "<!--", "-->", "<b>"),
                *("<!-- pt:next -->", "<!-- papers-tui:end 0123456789ab -->", "<!--pt:x"),
            )
        )
    )
)
def test_a_note_has_no_comment_of_ours_however_its_code_is_marked(parts: list[str]) -> None:
    note = note_from("".join(parts))
    text = str(document("Thesis", [item_of(decision=PaperState(note=note)), item_of("Next")]))
    assert len(re.findall(r"<!-- ?(?:pt|papers-tui):", text)) == 4
    _, second = items(text)
    assert words_of(title_link(second)) == "Next"


def test_a_link_to_a_home_page_in_an_abstract_is_whole() -> None:
    odd = item_of(abstract="See https://e.edu/~doe/x for code.")
    assert angle_links(str(document("Thesis", [odd]))) == ["https://e.edu/~doe/x"]


def test_the_links_of_a_paper_are_links() -> None:
    text = str(document("Thesis", [item_of(urls=("https://a.org/x_(y)", "http://c.org/?q=1"))]))
    assert angle_links(text) == ["https://a.org/x_(y)", "http://c.org/?q=1"]


# What is told


def test_a_list_is_reported_in_full() -> None:
    state = PaperState(
        status=Status.READ,
        starred=True,
        tags=("planning", "rl"),
        note="compare\nTable 2",
        changed="2026-01-23T10:00:00Z",
    )
    known = item_of(
        "A *Great* Paper",
        state,
        published=date(2026, 1, 22),
        upvotes=87,
        author_count=6,
        urls=("https://e.org",),
    )
    unknown = item_of("B", replace(state, status=Status.READING, changed="2025-12-31T23:00:00Z"))
    text = str(document("Thesis: world models", [known, unknown], description="Why."))
    assert front(text) == {
        "title": "Thesis: world models",
        "type": "reading-list",
        "updated": date(2026, 1, 23),
        "papers": 2,
        "read": 1,
        "tags": ["reading-list", "thesis-world-models"],
    }
    managed = text.split("---\n\n")[1]
    sum_line = re.compile(r"<!-- papers-tui:end [0-9a-f]{12} -->")
    search = "https://arxiv.org/search/?searchtype=title&query="
    assert sum_line.sub("<!-- end -->", managed) == "\n".join(
        [
            "<!-- papers-tui:begin -->",
            "# Thesis: world models",
            "",
            "> Why.",
            "",
            "**1 of 2 read**",
            "",
            rf"- [x] [A \*Great\* Paper]({search}A+%2AGreat%2A+Paper) <!-- pt:{known.key} -->",
            "  - 2026-01-22 · ▲ 87 · 6 authors · ★ · `planning` `rl`",
            "  - <https://e.org>",
            "  - **Note:** compare\\",
            "    Table 2",
            "",
            "  > It is so.",
            "",
            f"- [ ] [B]({search}B) <!-- pt:{unknown.key} -->",
            "  - ★ · reading · `planning` `rl`",
            "  - **Note:** compare\\",
            "    Table 2",
            "",
            "  > It is so.",
            "<!-- end -->",
            "",
        ]
    )


@pytest.mark.parametrize(
    ("status", "is_ticked"),
    [
        (Status.UNREAD, False),
        (Status.READING, False),
        (Status.READ, True),
        (Status.DISMISSED, False),
    ],
)
def test_only_what_was_read_is_ticked(status: Status, is_ticked: bool) -> None:
    text = str(document("Thesis", [item_of(decision=PaperState(status=status))]))
    (item,) = items(text)
    (box,) = [part.content for part in inline(item) if part.content.startswith("<input")]
    assert ("checked" in box) is is_ticked
    assert ("reading" in words_of(item)) is (status is Status.READING)
    assert ("dismissed" in words_of(item)) is (status is Status.DISMISSED)


@given(st.lists(records(), max_size=4), st.sampled_from(AbstractPart))
def test_what_is_not_known_is_left_out_and_never_written_as_none(
    sources: list[SourceRecord], part: AbstractPart
) -> None:
    sightings = [replace(sighting, abstract=None) for sighting in sources]
    text = str(
        document("Thesis", [Item(merge([each]), PaperState()) for each in sightings], abstract=part)
    )
    assert "None" not in text
    assert not re.search(r"^\s*[->]\s*$", text, re.M)
    assert "· ·" not in text
    assert "\n\n\n" not in text
    for item, each in zip(items(text), sightings, strict=True):
        number = each.author_count or (each.authors and not each.authors_incomplete)
        count = bool(each.published or each.upvotes or number)
        bullets = [n for n in parts(item) if n.type == "list_item" and n is not item]
        assert len(bullets) == count + bool(each.urls)


def test_a_bare_paper_is_one_line() -> None:
    text = str(document("Thesis", [item_of("B", abstract=None)]))
    block = text.split("**0 of 1 read**\n\n")[1]
    assert block.count("\n") == 2


@pytest.mark.parametrize(
    ("part", "abstract", "shown"),
    [
        (AbstractPart.NONE, "It is so. And more.", None),
        (AbstractPart.FIRST, "It is so. And more.", "It is so."),
        (AbstractPart.FULL, "It is so. And more.", "It is so. And more."),
        (AbstractPart.FIRST, "Is it so? Yes.", "Is it so?"),
        (AbstractPart.FIRST, "We say “It is.” And more.", "We say “It is.”"),
        (AbstractPart.FIRST, "On trees, e.g. Oaks. More.", "On trees, e.g. Oaks."),
        (AbstractPart.FIRST, "As Doe et al. Showed it is. More.", "As Doe et al. Showed it is."),
        (AbstractPart.FIRST, "It gains 3.5 points. More.", "It gains 3.5 points."),
        (AbstractPart.FIRST, "it never ends", "it never ends"),
        (AbstractPart.FIRST, r"It gains 41\% for Pir\'a. More.", "It gains 41% for Pirá."),
        (AbstractPart.FIRST, None, None),
        (AbstractPart.FULL, None, None),
    ],
)
def test_as_much_of_an_abstract_as_was_asked_for(
    part: AbstractPart, abstract: str | None, shown: str | None
) -> None:
    (item,) = items(str(document("Thesis", [item_of(abstract=abstract)], abstract=part)))
    quotes = [words_of(node) for node in parts(item) if node.type == "blockquote"]
    assert quotes == ([shown] if shown else [])


def test_the_count_of_what_was_read_stands_above_the_list() -> None:
    read, open_ = PaperState(status=Status.READ), PaperState(status=Status.DISMISSED)
    items = [item_of(f"Paper {n}", read if n < 5 else open_) for n in range(12)]
    text = str(document("Thesis", items))
    assert [words_of(n) for n in SyntaxTreeNode(body(text)).children][2] == "5 of 12 read"
    assert (front(text)["papers"], front(text)["read"]) == (12, 5)


@given(st.permutations([f"Paper {letter}" for letter in "ABCDEFG"]))
def test_papers_are_written_in_the_order_of_the_list(titles: Sequence[str]) -> None:
    papers = [item_of(title) for title in titles]
    text = str(document("Thesis", papers))
    assert [words_of(title_link(item)) for item in items(text)] == list(titles)
    assert re.findall("<!-- pt:(.*?) -->", text) == [each.key for each in papers]


def test_an_empty_list_is_a_document_without_items() -> None:
    text = str(document("Thesis", []))
    assert items(text) == []
    assert "0 of 0 read" in text
    assert front(text) == {
        "title": "Thesis",
        "type": "reading-list",
        "papers": 0,
        "read": 0,
        "tags": ["reading-list", "thesis"],
    }


def test_the_day_of_the_last_decision_is_the_day_of_the_list() -> None:
    items = [item_of("A", PaperState(changed="2026-01-02T03:04:05Z")), item_of("B")]
    assert front(str(document("Thesis", items)))["updated"] == date(2026, 1, 2)
    assert "updated" not in front(str(document("Thesis", [item_of("B")])))


@pytest.mark.parametrize(
    ("title", "tags"),
    [
        ("Thesis: World Models", ["thesis-world-models"]),
        ("Müller & Søn", ["muller-son"]),
        ("日本語", ["日本語"]),
        ("2024", []),
        ("2024-01", []),
        ("2024 reviews", ["2024-reviews"]),
        ("[x], y: #z", ["x-y-z"]),
        ("★", []),
        ("a" * 60, ["a" * 40]),
    ],
)
def test_the_name_of_a_list_is_a_tag_that_obsidian_takes(title: str, tags: list[str]) -> None:
    assert front(str(document(title, [])))["tags"] == ["reading-list", *tags]


@pytest.mark.parametrize("name", ["Null", "Yes", "no", "On", "off", "true", "0x1f", "0b11"])
def test_a_tag_is_always_a_text(name: str) -> None:
    assert all(isinstance(tag, str) for tag in front(str(document(name, [])))["tags"])


def test_one_paper_for_the_clipboard_is_one_item_without_its_abstract() -> None:
    text = markdown.write_item(item_of("A [great] paper", PaperState(tags=("rl",))))
    (item,) = items(text)
    assert words_of(title_link(item)) == "A [great] paper"
    assert "It is so" not in text
    assert text.endswith("\n")


# Writing it again


@given(hostile(), hostile_note(), st.sampled_from(AbstractPart))
def test_the_same_list_gives_the_same_bytes(name: str, note: str, part: AbstractPart) -> None:
    items = [item_of("On Sets", PaperState(note=note))]
    first = document(name, items, description=note, abstract=part)
    again = document(name, items, description=note, abstract=part)
    assert str(first) == str(again)
    assert merge_into(str(first), again) == str(first)
    assert (
        merge_into(None, again) == merge_into("", again) == merge_into(" \n", again) == str(first)
    )


def prose() -> st.SearchStrategy[str]:
    """What a user may write around a list: paragraphs, with either kind of line end."""
    line = st.one_of(st.sampled_from(("", "My words.", "# Mine", "---", "- [ ] x")), any_text(12))
    text = st.lists(line, max_size=5)
    return st.builds(lambda lines, end: "".join(f"{x}{end}" for x in lines), text, END)


END = st.sampled_from(("\n", "\r\n"))


@given(prose(), prose(), st.booleans())
def test_what_a_user_wrote_around_a_list_survives(
    between: str, after: str, has_front: bool
) -> None:
    old, new = document("Thesis", [item_of("A")]), document("Thesis", [item_of("A"), item_of("B")])
    head, block = str(old).split(BEGIN)
    start = head if has_front else "Words.\n"
    existing = f"{start}{between}{BEGIN}{block.rstrip()}{after}"
    merged = merge_into(existing, new)
    refreshed = str(new).split(BEGIN)[0] if has_front else start
    new_block = str(new).split(BEGIN)[1].rstrip()
    assert merged == f"{refreshed}{between}{BEGIN}{new_block}{after}"
    assert merge_into(merged, new) == merged


def test_a_file_that_an_editor_gave_other_line_ends_is_still_ours() -> None:
    old, new = document("Thesis", [item_of("A")]), document("Thesis", [item_of("A"), item_of("B")])
    existing = f"{old}\nMy words.\n\nMore.\n".replace("\n", "\r\n")
    merged = merge_into(existing, new)
    assert merged.endswith("\r\n\r\nMy words.\r\n\r\nMore.\r\n")
    assert merged.startswith('---\r\ntitle: "Thesis"\r\n')
    assert "papers: 2\r\n" in merged
    assert len(items(merged)) == 2
    assert merge_into(merged, new) == merged


def test_a_file_with_a_byte_order_mark_keeps_it_and_has_its_counts_refreshed() -> None:
    old, new = document("Thesis", [item_of("A")]), document("Thesis", [item_of("A"), item_of("B")])
    merged = merge_into(f"\ufeff{old}", new)
    assert merged.startswith("\ufeff---\n")
    assert "papers: 2\n" in merged


def test_a_users_own_front_matter_survives_and_the_counts_are_refreshed() -> None:
    read = PaperState(status=Status.READ, changed="2026-02-03T04:05:06Z")
    old = str(document("Thesis", [item_of("A", PaperState(changed="2026-01-01T00:00:00Z"))]))
    edited = (
        old.replace('title: "Thesis"', "title: My thesis # mine")
        .replace("tags: [reading-list, thesis]", "tags:\n  - phd\naliases: [x]\nrating: 5")
        .replace("type: reading-list", "type: note\nreader: me\npapers_left: 7")
    )
    merged = merge_into(edited, document("Thesis", [item_of("A", read), item_of("B")]))
    assert front(merged) == {
        "title": "My thesis",
        "type": "note",
        "reader": "me",
        "papers_left": 7,
        "updated": date(2026, 2, 3),
        "papers": 2,
        "read": 1,
        "tags": ["phd"],
        "aliases": ["x"],
        "rating": 5,
    }
    assert "title: My thesis # mine\n" in merged


def test_front_matter_that_a_user_took_away_stays_away() -> None:
    old = str(document("Thesis", [item_of("A")]))
    without = old[old.index(BEGIN) :]
    merged = merge_into(without, document("Thesis", [item_of("A"), item_of("B")]))
    assert merged.startswith(BEGIN)
    counts_gone = old.replace("papers: 1\n", "").replace("read: 0\n", "")
    merged = merge_into(counts_gone, document("Thesis", [item_of("A"), item_of("B")]))
    assert "papers" not in front(merged)


def test_front_matter_that_a_user_gave_another_meaning_stays() -> None:
    read = PaperState(status=Status.READ, changed="2026-02-03T04:05:06Z")
    old = str(document("Thesis", [item_of("A", PaperState(changed="2026-01-01T00:00:00Z"))]))
    edited = (
        old.replace("updated: 2026-01-01", "updated: last week")
        .replace("papers: 1", "papers: [x, y]")
        .replace("read: 0", "read: 0 # of all")
    )
    head = edited.split(BEGIN)[0]
    merged = merge_into(edited, document("Thesis", [item_of("A", read), item_of("B")]))
    assert merged.startswith(f"{head}{BEGIN}")
    assert len(items(merged)) == 2


def test_another_lists_file_is_refused_unless_it_is_known_to_be_this_list_or_forced() -> None:
    old = f"Before.\n\n{document('Thesis', [item_of('A')])}\nAfter.\n"
    new = document("PhD", [item_of("A"), item_of("B")])
    for again in (new, document("thesis", [item_of("A")])):
        with pytest.raises(PapersError, match="The file holds another list") as caught:
            merge_into(old, again)
        assert "--force" in caught.value.hint
    merged = merge_into(old, new, same_list=True)
    assert merged == merge_into(old, new, force=True)
    assert merged.startswith("Before.\n\n")
    assert merged.endswith("\nAfter.\n")
    assert merge_into(merged, new) == merged
    ticked = old.replace("- [ ]", "- [x]")
    with pytest.raises(PapersError, match="Edited since"):
        merge_into(ticked, new, same_list=True)


DOCUMENT = document("Thesis", [item_of("A", PaperState(note="mine"))])
TEXT = str(DOCUMENT)


@pytest.mark.parametrize(
    ("existing", "message"),
    [
        pytest.param("# My notes\n\n- [ ] milk\n", "was not exported", id="foreign"),
        pytest.param("\ufeff", "was not exported", id="a byte order mark alone"),
        pytest.param(TEXT.replace("[A]", "[B]"), "Edited since", id="a word was changed"),
        pytest.param(TEXT.replace("- [ ]", "- [x]"), "Edited since", id="a box was ticked"),
        pytest.param(
            TEXT.replace("<!-- papers-tui:end", "My words.\n<!-- papers-tui:end"),
            "Edited since",
            id="a line was added",
        ),
        pytest.param(
            re.sub("papers-tui:end .{12}", "papers-tui:end 0123456789ab", TEXT),
            "Edited since",
            id="the sum was changed",
        ),
        pytest.param(TEXT.replace(BEGIN, ""), "was not exported", id="no beginning"),
        pytest.param(re.sub("<!-- papers-tui:end.*", "", TEXT), "was not exported", id="no end"),
        pytest.param(
            re.sub("papers-tui:end .{12}", "papers-tui:end", TEXT),
            "was not exported",
            id="no sum",
        ),
        pytest.param(
            TEXT.replace(BEGIN, f"{BEGIN} x"),
            "was not exported",
            id="words after it",
        ),
        pytest.param(TEXT + TEXT, "was not exported", id="twice"),
        pytest.param(f"{BEGIN}\n{TEXT}", "Edited since", id="begun twice"),
    ],
)
def test_what_is_not_ours_or_was_edited_is_refused_and_replaced_only_by_force(
    existing: str, message: str
) -> None:
    with pytest.raises(PapersError, match=message) as caught:
        merge_into(existing, DOCUMENT)
    assert "--force" in caught.value.hint
    forced = merge_into(existing, DOCUMENT, force=True)
    assert merge_into(forced, DOCUMENT) == forced
    assert [words_of(title_link(item)) for item in items(forced)] == ["A"]


def test_force_keeps_what_stands_outside_an_edited_list() -> None:
    edited = "Before.\n\n" + TEXT.replace("[A]", "[B]") + "\nAfter.\n"
    forced = merge_into(edited, DOCUMENT, force=True)
    assert forced == f"Before.\n\n{TEXT}\nAfter.\n"


def test_a_file_that_begins_a_list_thousands_of_times_is_looked_through_once() -> None:
    begins = f"{BEGIN}\n" * 40_000  # if each were looked for an end to the last: ten minutes
    assert markdown.managed_sum(begins) == ""
    with pytest.raises(PapersError, match="was not exported"):
        merge_into(begins, DOCUMENT)
    ended = f"{begins}<!-- papers-tui:end 0123456789ab -->"
    assert markdown.exported_sum(ended) == "0123456789ab"
