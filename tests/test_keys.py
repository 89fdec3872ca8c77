"""The one table of keys, and what a user's own keys make of it."""

import ast
import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.strategies import hostile_text
from tui.ui import keymap
from tui.ui.bindings import (
    FOOTER,
    LISTS_TABLE,
    OUTPUT_TABLE,
    SCREENS,
    SESSION_TABLE,
    TABLE,
    TAGS_TABLE,
    TIMELINE_TABLE,
    Key,
)
from tui.ui.keymap import EVERY, all_keys, is_key, resolve, shown, told

TABLES = {
    "papers": TABLE,
    "lists": LISTS_TABLE,
    "tags": TAGS_TABLE,
    "timeline": TIMELINE_TABLE,
    "session": SESSION_TABLE,
    "output": OUTPUT_TABLE,
}

LOST = {f"ctrl+{letter}" for letter in "abhijmqsz"} | {"ctrl+[", "f1", "f10", "f11"}
"""What terminals take for another key, or multiplexers, flow control and menus for themselves."""

each_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
each_key = pytest.mark.parametrize("key", EVERY, ids=lambda key: key.id)


def bound(table: tuple[Key, ...]) -> dict[str, tuple[str, ...]]:
    """Keys by name."""
    return {key.id: key.keys for key in table}


# The table


def test_every_binding_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(key.id for key in EVERY).items() if count > 1] == []


@each_key
def test_a_binding_is_told_in_words(key: Key) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)?", key.id)
    assert key.label.strip() == key.label
    assert 0 < len(key.label) <= 18
    assert key.help.strip() == key.help
    assert 0 < len(key.help) <= 70
    assert not key.help.endswith(".")
    assert key.group


@each_key
def test_a_binding_has_keys_that_every_terminal_sends(key: Key) -> None:
    assert key.keys
    assert len(set(key.keys)) == len(key.keys)
    for name in key.keys:
        assert is_key(name)
        assert not set(name.split(" ")) & LOST


@each_key
def test_an_action_is_a_name_with_plain_arguments(key: Key) -> None:
    parsed = ast.parse(key.action.replace("{place}", "1"), mode="eval").body
    if isinstance(parsed, ast.Call):
        for argument in parsed.args:
            ast.literal_eval(argument)
        parsed = parsed.func
    assert re.fullmatch(r"(app\.)?[a-z_]+", ast.unparse(parsed))


@each_table
def test_no_key_means_two_things_by_default(table: tuple[Key, ...]) -> None:
    resolved, problems = resolve({}, table)
    assert problems == []
    assert resolved == table
    names = [name for key in table for name in key.keys]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    alone = {name for name in names if " " not in name}
    assert not alone & {name.split(" ")[0] for name in names if " " in name}


@each_table
def test_no_two_keys_give_way_at_once_in_the_footer(table: tuple[Key, ...]) -> None:
    ranks = [key.footer for key in table if key.footer]
    assert len(set(ranks)) == len(ranks)
    assert min(ranks) >= 1


def test_the_ranks_in_the_footer_of_the_papers_count_from_one_without_a_gap() -> None:
    ranks = sorted(key.footer for key in TABLE if key.footer)
    assert ranks == list(range(1, len(ranks) + 1))


def test_the_footer_holds_what_has_a_rank() -> None:
    assert set(FOOTER) == {key.id for key in TABLE if key.footer}
    assert len(set(FOOTER)) == len(FOOTER)


def test_the_keys_of_the_design_are_bound() -> None:
    by_key = {name: key.id for key in TABLE for name in key.keys}
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
    resolved, problems = resolve({"mark.read": "X, f5 ,ctrl+t", "quit": ""})
    assert problems == []
    changed = {"mark.read": ("X", "f5", "ctrl+t"), "quit": ()}
    assert bound(resolved) == bound(TABLE) | changed


def test_keys_can_be_exchanged() -> None:
    resolved, problems = resolve({"mark.read": "d", "mark.dismissed": "r"})
    assert problems == []
    assert bound(resolved)["mark.read"] == ("d",)


def test_the_comma_is_a_key_where_it_stands_alone() -> None:
    resolved, problems = resolve({"mark.read": " , "})
    assert (bound(resolved)["mark.read"], problems) == ((",",), [])
    resolved, problems = resolve({"mark.read": "X,"})
    assert (bound(resolved)["mark.read"], len(problems)) == (("r",), 1)


def test_the_names_of_another_screen_are_no_mistakes() -> None:
    resolved, problems = resolve({"lists.new": "n"})
    assert (bound(resolved), problems) == (bound(TABLE), [])
    resolved, problems = resolve({"mark.read": "a"}, LISTS_TABLE)
    assert (bound(resolved), problems) == (bound(LISTS_TABLE), [])
    everything, problems = all_keys({"lists.new": "n", "mark.read": "X"})
    assert problems == []
    assert bound(everything)["lists.new"] == ("n",)
    assert bound(everything)["mark.read"] == ("X",)


@pytest.mark.parametrize(
    ("custom", "told"),
    [
        ({"mark.reed": "x"}, "no binding is called mark.reed, did you mean mark.read?"),
        ({"xyzzy": "x"}, "no binding is called xyzzy"),
        ({"mark.read": "ctrl+h"}, "ctrl+h is no key that every terminal can send"),
        ({"mark.read": "X,ctrl+shift+x"}, "ctrl+shift+x is no key that every terminal can send"),
        ({"mark.read": "a b c"}, "a b c is no key that every terminal can send"),
    ],
)
def test_a_wrong_setting_is_told_and_not_applied(custom: dict[str, str], told: str) -> None:
    resolved, problems = resolve(custom)
    assert problems == [(next(iter(custom)), told)]
    assert resolved == TABLE
    assert all_keys(custom)[1] == problems


@pytest.mark.parametrize(
    ("custom", "told"),
    [
        ({"mark.read": "d"}, "d is bound to both mark.read and mark.dismissed"),
        ({"mark.read": "X", "mark.star": "X"}, "X is bound to both mark.read and mark.star"),
        ({"lists.new": "e"}, "e is bound to both lists.new and lists.describe"),
        ({"view.all": "r x"}, "r is bound to both view.all and mark.read"),
    ],
)
def test_a_clash_is_told_once(custom: dict[str, str], told: str) -> None:
    _, problems = all_keys(custom)
    ((_, text),) = problems
    assert text.startswith(told)


@pytest.mark.parametrize("keys", ["g", "X,g", "g,X"])
def test_a_key_that_begins_others_is_told_once_and_not_applied(keys: str) -> None:
    told = [("mark.read", "g begins the keys of move.first, so it cannot act alone")]
    resolved, problems = resolve({"mark.read": keys})
    assert (resolved, problems) == (TABLE, told)
    assert all_keys({"mark.read": keys}) == (EVERY, told)


def test_a_key_that_begins_others_may_act_alone_where_none_of_them_is_left() -> None:
    others = [key.id for key in TABLE if any(name.startswith("g ") for name in key.keys)]
    resolved, problems = resolve({"mark.read": "g"} | dict.fromkeys(others, ""))
    assert (bound(resolved)["mark.read"], problems) == (("g",), [])


def test_what_a_user_sets_goes_before_the_defaults_that_it_hides() -> None:
    resolved, problems = resolve({"view.all": "r x"})
    assert bound(resolved)["view.all"] == ("r x",)
    assert bound(resolved)["mark.read"] == ()
    assert {id for id, _ in problems} == {"view.all"}


def test_a_key_may_mean_one_thing_on_each_screen() -> None:
    assert all_keys({"mark.read": "c", "lists.new": "r"})[1] == []


@pytest.mark.parametrize("custom", [{"mark.read": "d"}, {"mark.read": "X", "mark.star": "X"}])
def test_no_key_means_two_things_whatever_a_user_sets(custom: dict[str, str]) -> None:
    resolved, _ = resolve(custom)
    names = [name for key in resolved for name in key.keys]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_a_key_that_is_named_twice_is_bound_once() -> None:
    assert all_keys({"mark.read": "X,X"})[1] == []


@given(
    st.dictionaries(
        st.one_of(st.sampled_from([key.id for key in EVERY]), hostile_text(2)),
        st.one_of(
            st.lists(st.sampled_from(["r", "g", "g x", "ctrl+h", "f5", "", " "])).map(",".join),
            hostile_text(2),
        ),
        max_size=5,
    )
)
@settings(max_examples=300, deadline=None)
@example({"": ""})
@example({"mark.read": ",,,"})
def test_whatever_a_user_sets_there_is_a_table_of_keys(custom: dict[str, str]) -> None:
    resolved, problems = all_keys(custom)
    assert [key.id for key in resolved] == [key.id for key in EVERY]
    for before, after in zip(EVERY, resolved, strict=True):
        assert before.id in custom or set(after.keys) <= set(before.keys)
        assert replace(after, keys=()) == replace(before, keys=())
        assert all(map(is_key, after.keys))
    for table in SCREENS:
        names = [name for key in resolve(custom, table)[0] for name in key.keys]
        assert len(set(names)) == len(names)
    assert {id for id, _ in problems} <= set(custom)
    assert all(text for _, text in problems)


GOOD = ["r", "R", "é", "/", "?", "*", "$", "<", "-", ".", "space", "tab", "shift+tab", "enter"]
GOOD += ["escape", "up", "pagedown", "home", "delete", "f2", "f9", "ctrl+d", "ctrl+p", "g g"]
BAD = ["", " ", "g ", " g", "a b c", "g  g", "rr", "Space", "f1", "f10", "f99", "ctrl+", "ctrl+dd"]
BAD += ["ctrl+D", "ctrl+1", "ctrl+é", "ctrl+shift+a", "alt+x", "shift+r", "\t", "\x1b", "\u200b"]
BAD += ["hyper+r", "g ctrl+h", *(f"ctrl+{letter}" for letter in "abhijmqsz")]


@pytest.mark.parametrize("name", GOOD)
def test_a_key_that_every_terminal_sends_is_one(name: str) -> None:
    assert is_key(name)


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_key_or_gets_lost_on_the_way_is_none(name: str) -> None:
    assert not is_key(name)


@pytest.mark.parametrize("custom", [{"lists.new": "u"}, {"tags.rename": "j"}])
def test_what_is_set_for_one_screen_leaves_the_others_as_they_are(custom: dict[str, str]) -> None:
    by_id = {key.id: key for key in all_keys(custom)[0]}
    for table in SCREENS:
        bound = [by_id[key.id] for key in table]
        assert bound == list(resolve(custom, table)[0])


# As people write them


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("r", "r"),
        ("G", "G"),
        ("down", "↓"),
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
    assert shown(name) == written


def test_the_table_of_the_readme_is_a_table_of_three_columns() -> None:
    text = keymap.markdown_table(EVERY)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    assert sum(token.type == "table_open" for token in tokens) == 1
    cells = [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "td_open"]
    assert len(cells) == 3 * len(EVERY)
    assert cells[1::3] == [told(key) for key in EVERY]
    assert cells[2::3] == [f"`{key.id}`" for key in EVERY]
    written = [" ".join(f"`{shown(name)}`" for name in key.keys) for key in EVERY]
    assert cells[::3] == written


def test_a_bar_in_a_key_does_not_end_its_column() -> None:
    resolved, _ = resolve({"mark.read": "|", "pipe": ""})
    (row,) = [
        line for line in keymap.markdown_table(resolved).splitlines() if "`mark.read`" in line
    ]
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(f"|a|b|c|\n|-|-|-|\n{row}\n")
    cells = [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "td_open"]
    assert cells == ["`|`", "mark read, go on", "`mark.read`"]
