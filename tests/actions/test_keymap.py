"""The one table of keys, and what a user's own keys make of it."""

import ast
import re
from collections import Counter
from dataclasses import replace
from string import ascii_uppercase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.strategies import hostile_text
from tui.actions import command_line, keymap
from tui.actions.bindings import bindings
from tui.actions.keymap import WITH_KEYS, all_bindings, display_key, is_key, resolve
from tui.actions.registry import DETAIL, Binding, Where, action, actions

PAPERS = bindings("papers")
LISTS = bindings("lists")
EVERY = all_bindings({})[0]
FREE = next(
    letter
    for letter in reversed(ascii_uppercase)
    if not any(letter in name.split() for row in EVERY for name in row.keys)
)
"""A key that is bound to nothing."""

LOST = {f"ctrl+{letter}" for letter in "abhijmqs"} | {"ctrl+[", "f1", "f10", "f11"}
"""What terminals take for another key, or multiplexers, flow control and menus for themselves."""

each_screen = pytest.mark.parametrize("screen", WITH_KEYS)
each_key = pytest.mark.parametrize("key", EVERY, ids=lambda key: key.id)


def bound(table: tuple[Binding, ...]) -> dict[str, tuple[str, ...]]:
    """Keys by name."""
    return {key.id: key.keys for key in table}


# The table


def test_every_binding_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(key.id for key in EVERY).items() if count > 1] == []


def test_a_command_under_no_heading_is_refused() -> None:
    with pytest.raises(
        AssertionError, match="shuffle: Shuffling is none of the headings in GROUPS"
    ):
        action("shuffle", help="shuffle", group="Shuffling")(lambda context: None)


@each_key
def test_a_binding_is_reported_in_words(key: Binding) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)?", key.id)
    assert key.label.strip() == key.label
    assert 0 < len(key.label) <= 18
    assert key.help.strip() == key.help
    assert 0 < len(key.help) <= 70
    assert not key.help.endswith(".")
    assert key.group


@each_key
def test_a_binding_has_keys_that_every_terminal_sends(key: Binding) -> None:
    assert key.keys
    assert len(set(key.keys)) == len(key.keys)
    for name in key.keys:
        assert is_key(name)
        assert not set(name.split(" ")) & LOST


@pytest.mark.parametrize("row", PAPERS, ids=lambda row: row.id)
def test_a_key_of_the_papers_stands_for_a_command_line(row: Binding) -> None:
    for place, _ in enumerate(row.keys, 1):
        action, options = command_line.parse(row.command(place), Where.SESSION, ["%"])
        assert action.name in actions()
        assert row in action.bindings
        assert isinstance(options, dict)


@pytest.mark.parametrize("screen", [screen for screen in WITH_KEYS if screen != "papers"])
def test_a_key_of_another_screen_stands_for_an_action_of_it(screen: str) -> None:
    for row in bindings(screen):
        if row.line:
            assert (screen, row.screen) == (DETAIL, "papers")
            continue
        parsed = ast.parse(row.command(), mode="eval").body
        if isinstance(parsed, ast.Call):
            for argument in parsed.args:
                ast.literal_eval(argument)
            parsed = parsed.func
        assert re.fullmatch("[a-z_]+", ast.unparse(parsed))


@each_screen
def test_no_key_means_two_things_by_default(screen: str) -> None:
    table = bindings(screen)
    resolved, problems = resolve({}, screen)
    assert problems == []
    assert resolved == table
    names = [name for key in table for name in key.keys]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    alone = {name for name in names if " " not in name}
    assert not alone & {name.split(" ")[0] for name in names if " " in name}


@each_screen
def test_no_two_keys_give_way_at_once_in_the_footer(screen: str) -> None:
    ranks = [row.footer for row in bindings(screen) if row.footer]
    assert len(set(ranks)) == len(ranks)
    assert min(ranks, default=1) >= 1


def test_the_ranks_in_the_footer_of_the_papers_count_from_one_without_a_gap() -> None:
    ranks = sorted(key.footer for key in PAPERS if key.footer)
    assert ranks == list(range(1, len(ranks) + 1))


def test_the_keys_of_the_design_are_bound() -> None:
    by_key = {name: key.id for key in PAPERS for name in key.keys}
    for name, id in {
        "r": "mark.read",
        "i": "mark.reading",
        "d": "mark.dismissed",
        "s": "mark.star",
        "u": "undo",
        "t": "tag.edit",
        "e": "note.edit",
        "a": "list.add",
        "/": "filter.edit",
        "?": "look.help",
        "q": "quit",
        "j": "move.down",
        "down": "move.down",
        "g g": "move.first",
        "ctrl+p": "look.palette",
    }.items():
        assert by_key[name] == id


# A user's own keys


def test_a_users_keys_take_the_place_of_the_default_ones() -> None:
    resolved, problems = resolve({"mark.read": f"{FREE}, f5 ,ctrl+t", "quit": ""})
    assert problems == []
    changed = {"mark.read": (FREE, "f5", "ctrl+t"), "quit": ()}
    assert bound(resolved) == bound(PAPERS) | changed


def test_keys_can_be_exchanged() -> None:
    resolved, problems = resolve({"mark.read": "d", "mark.dismissed": "r"})
    assert problems == []
    assert bound(resolved)["mark.read"] == ("d",)


def test_the_comma_is_a_key_where_it_stands_alone() -> None:
    resolved, problems = resolve({"mark.read": " , "})
    assert (bound(resolved)["mark.read"], problems) == ((",",), [])
    resolved, problems = resolve({"mark.read": f"{FREE},"})
    assert (bound(resolved)["mark.read"], len(problems)) == (("r",), 1)


def test_the_names_of_another_screen_are_no_mistakes() -> None:
    resolved, problems = resolve({"lists.new": "n"})
    assert (bound(resolved), problems) == (bound(PAPERS), [])
    resolved, problems = resolve({"mark.read": "a"}, "lists")
    assert (bound(resolved), problems) == (bound(LISTS), [])
    everything, problems = all_bindings({"lists.new": "n", "mark.read": FREE})
    assert problems == []
    assert bound(everything)["lists.new"] == ("n",)
    assert bound(everything)["mark.read"] == (FREE,)


@pytest.mark.parametrize(
    ("custom", "problem"),
    [
        ({"mark.reed": "x"}, "unknown binding mark.reed; did you mean mark.read?"),
        ({"xyzzy": "x"}, "unknown binding xyzzy"),
        ({"mark.read": "ctrl+h"}, "ctrl+h is not a key that every terminal can send"),
        (
            {"mark.read": "f5,ctrl+shift+x"},
            "ctrl+shift+x is not a key that every terminal can send",
        ),
        ({"mark.read": "a b c"}, "a b c is not a key that every terminal can send"),
    ],
)
def test_a_wrong_setting_is_reported_and_not_applied(custom: dict[str, str], problem: str) -> None:
    resolved, problems = resolve(custom)
    assert problems == [(next(iter(custom)), problem)]
    assert resolved == PAPERS
    assert all_bindings(custom)[1] == problems


def test_a_clash_of_two_of_the_users_keys_is_reported_once() -> None:
    _, problems = all_bindings({"mark.read": FREE, "mark.star": FREE})
    assert problems == [("mark.read", f"{FREE} is bound to both mark.read and mark.star")]


@pytest.mark.parametrize(
    ("custom", "screen", "loser"),
    [
        ({"mark.read": "d"}, "papers", "mark.dismissed"),
        ({"lists.new": "e"}, "lists", "lists.describe"),
        ({"view.all": "r x"}, "papers", "mark.read"),
        ({"e": "tag +skim"}, "papers", "note.edit"),
    ],
)
def test_a_users_key_takes_over_a_shipped_one(
    custom: dict[str, str], screen: str, loser: str
) -> None:
    resolved, problems = resolve(custom, screen)
    (id, key), *_ = custom.items()
    assert bound(resolved)[id] == (id if screen == "papers" and len(id) == 1 else key,)
    assert bound(resolved)[loser] == ()
    assert problems == []


@pytest.mark.parametrize("keys", ["g", f"{FREE},g", f"g,{FREE}"])
def test_a_key_that_begins_others_is_reported_once_and_not_applied(keys: str) -> None:
    expected = [("mark.read", "g begins the keys of move.first, so it cannot act alone")]
    resolved, problems = resolve({"mark.read": keys})
    assert (resolved, problems) == (PAPERS, expected)
    assert all_bindings({"mark.read": keys}) == (EVERY, expected)


def test_a_key_that_begins_others_may_act_alone_where_none_of_them_is_left() -> None:
    others = [key.id for key in PAPERS if any(name.startswith("g ") for name in key.keys)]
    resolved, problems = resolve({"mark.read": "g"} | dict.fromkeys(others, ""))
    assert (bound(resolved)["mark.read"], problems) == (("g",), [])


def test_what_a_user_sets_goes_before_the_defaults_that_it_hides() -> None:
    resolved, problems = resolve({"view.all": "r x"})
    assert bound(resolved)["view.all"] == ("r x",)
    assert bound(resolved)["mark.read"] == ()
    assert problems == []


def test_a_key_may_mean_one_thing_on_each_screen() -> None:
    assert all_bindings({"mark.read": "c", "lists.new": "r"})[1] == []


@pytest.mark.parametrize("custom", [{"mark.read": "d"}, {"mark.read": FREE, "mark.star": FREE}])
def test_no_key_means_two_things_whatever_a_user_sets(custom: dict[str, str]) -> None:
    resolved, _ = resolve(custom)
    names = [name for key in resolved for name in key.keys]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_a_key_that_is_named_twice_is_bound_once() -> None:
    assert all_bindings({"mark.read": f"{FREE},{FREE}"})[1] == []


@given(
    st.dictionaries(
        st.one_of(
            st.sampled_from([key.id for key in EVERY]),
            st.sampled_from(["r", "g", FREE, "g u", "ctrl+t"]),
            hostile_text(2),
        ),
        st.one_of(
            st.lists(st.sampled_from(["r", "g", "g x", "ctrl+h", "f5", "", " "])).map(",".join),
            st.sampled_from(["tag +skim", "mark raed", "undo"]),
            hostile_text(2),
        ),
        max_size=5,
    )
)
@example({"": ""})
@example({"mark.read": ",,,"})
def test_whatever_a_user_sets_there_is_a_table_of_keys(custom: dict[str, str]) -> None:
    resolved, problems = all_bindings(custom)
    own = {row.id for row in resolved} - {row.id for row in EVERY}
    assert own <= {name for name in custom if is_key(name)}
    shipped = [row for row in resolved if row.id not in own]
    assert [row.id for row in shipped] == [row.id for row in EVERY]
    for before, after in zip(EVERY, shipped, strict=True):
        assert before.id in custom or set(after.keys) <= set(before.keys)
        assert replace(after, keys=()) == replace(before, keys=())
        assert all(map(is_key, after.keys))
    for screen in WITH_KEYS:
        names = [name for key in resolve(custom, screen)[0] for name in key.keys]
        assert len(set(names)) == len(names)
    assert {id for id, _ in problems} <= set(custom)
    assert all(text for _, text in problems)


GOOD = ["r", "R", "é", "/", "?", "*", "$", "<", "-", ".", "space", "tab", "shift+tab", "enter"]
GOOD += ["escape", "up", "pagedown", "home", "delete", "f2", "f9", "ctrl+d", "ctrl+p", "g g"]
BAD = ["", " ", "g ", " g", "a b c", "g  g", "rr", "Space", "f1", "f10", "f99", "ctrl+", "ctrl+dd"]
BAD += ["ctrl+D", "ctrl+1", "ctrl+é", "ctrl+shift+a", "alt+x", "shift+r", "\t", "\x1b", "\u200b"]
BAD += ["hyper+r", "g ctrl+h", *(f"ctrl+{letter}" for letter in "abhijmqs")]


@pytest.mark.parametrize("name", GOOD)
def test_a_key_that_every_terminal_sends_is_one(name: str) -> None:
    assert is_key(name)


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_key_or_gets_lost_on_the_way_is_none(name: str) -> None:
    assert not is_key(name)


@pytest.mark.parametrize("custom", [{"lists.new": "u"}, {"tags.rename": "j"}])
def test_what_is_set_for_one_screen_leaves_the_others_as_they_are(custom: dict[str, str]) -> None:
    by_id = {key.id: key for key in all_bindings(custom)[0]}
    for screen in WITH_KEYS:
        keys = [(row.id, by_id[row.id].keys) for row in bindings(screen)]
        assert keys == [(row.id, row.keys) for row in resolve(custom, screen)[0]]


# Command lines of a user's own


@pytest.mark.parametrize("line", ["tag +skim", "mark read", "lists add 'my thesis'", "list lora"])
def test_a_key_may_stand_for_any_command_line(line: str) -> None:
    resolved, problems = resolve({FREE: line})
    assert problems == []
    (row,) = [row for row in resolved if row.id == FREE]
    assert (row.keys, row.line, row.help) == ((FREE,), line, line)
    assert [row for row in resolved if row.id != FREE] == list(PAPERS)
    assert 0 < len(row.label) <= 18
    assert row.group


def test_a_line_of_ones_own_takes_a_shipped_key_over_in_silence() -> None:
    resolved, problems = resolve({"r": "tag +skim", "g u": "list lora", "ctrl+t": "undo"})
    assert problems == []
    by_key = {name: row.id for row in resolved for name in row.keys}
    assert (by_key["r"], by_key["g u"], by_key["ctrl+t"]) == ("r", "g u", "ctrl+t")
    assert bound(resolved)["mark.read"] == ()


def test_a_line_of_ones_own_holds_on_the_papers_only() -> None:
    assert bound(resolve({"a": "tag +skim"}, "lists")[0]) == bound(LISTS)
    everything, problems = all_bindings({"a": "tag +skim"})
    assert problems == []
    assert bound(everything)["a"] == ("a",)


@pytest.mark.parametrize(
    ("custom", "problem"),
    [
        ({FREE: "tagg +skim"}, "Unknown command: tagg. Did you mean tag?"),
        ({FREE: "mark raed"}, "Unknown status: raed. Did you mean read?"),
        ({FREE: "tag '+x"}, "Unclosed quotation mark"),
        ({FREE: ""}, "No command given"),
        ({FREE: "completions bash"}, "completions does not run in a session"),
        ({"g": "tag +skim"}, "g begins the keys of move.first, so it cannot act alone"),
        ({FREE: "tag +a", "mark.read": FREE}, f"{FREE} is bound to both mark.read and {FREE}"),
    ],
)
def test_a_line_that_is_wrong_is_reported_and_not_bound(
    custom: dict[str, str], problem: str
) -> None:
    ((name, text),) = all_bindings(custom)[1]
    assert name in custom
    assert text.startswith(problem)


# As people write them


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("r", "r"),
        ("G", "G"),
        ("down", "Down"),
        ("pagedown", "PgDn"),
        ("escape", "Esc"),
        ("space", "Space"),
        ("ctrl+d", "Ctrl+d"),
        ("shift+tab", "Shift+Tab"),
        ("g u", "gu"),
        ("g g", "gg"),
    ],
)
def test_a_key_is_written_as_people_do(name: str, written: str) -> None:
    assert display_key(name) == written


def test_the_table_of_the_readme_is_a_table_of_three_columns() -> None:
    text = keymap.markdown_table(EVERY)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    assert sum(token.type == "table_open" for token in tokens) == 1
    cells = [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "td_open"]
    assert len(cells) == 3 * len(EVERY)
    assert cells[1::3] == [key.description for key in EVERY]
    assert cells[2::3] == [f"`{key.id}`" for key in EVERY]
    written = [" ".join(f"`{display_key(name)}`" for name in key.keys) for key in EVERY]
    assert cells[::3] == written


def test_a_bar_in_a_key_does_not_end_its_column() -> None:
    resolved, _ = resolve({"mark.read": "|", "pipe": ""})
    (row,) = [
        line for line in keymap.markdown_table(resolved).splitlines() if "`mark.read`" in line
    ]
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(f"|a|b|c|\n|-|-|-|\n{row}\n")
    cells = [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "td_open"]
    assert cells == ["`|`", "mark read and move on", "`mark.read`"]
