"""Rules: what is done to the new papers of an import that match a query."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui.actions.context import Context, Outcome
from tui.actions.registry import JSON, WRITE, Argument, action
from tui.actions.targets import changed, library_action, parse_strictly
from tui.errors import UsageError
from tui.model.layout import enumerated, plural
from tui.model.rules import DECISIONS, WORDS, Rule, action_lines, action_of
from tui.model.state import Change, Item
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.library import Library

RECENT: Final = 500
"""The last papers, on which a rule is tested."""
QUERY: Final = Argument("query", "what a new paper must match", metavar="QUERY")
ACTIONS: Final = Argument(
    "actions",
    f"{enumerated(WORDS)}; watch marks its words in titles",
    nargs="+",
    metavar="ACTION",
)


@action("rules", JSON, help="show or edit the rules for new papers", group="Import")
def run_rules(context: Context) -> Outcome:
    """The rules, with what each does."""
    rules = context.library.state.rules()
    none = "No rules yet. papers-tui rules add 'title:survey' dismiss adds one."
    rows = [(sanitize(rule.query), " ".join(rule.actions)) for rule in rules]
    data = [{"query": rule.query, "actions": list(rule.actions)} for rule in rules]
    return Outcome("" if rules else none, rows=rows, data=data)


@action(
    "rules add",
    QUERY,
    ACTIONS,
    help="add a rule: what to do with new papers that match a query",
    phrases={r"add rule (.*)": r"Added rule \1", r"change rule (.*)": r"Changed rule \1"},
    group="Import",
    access=WRITE,
    on_request=True,
)
def run_add(context: Context, query: str, actions: Sequence[str]) -> Outcome:
    """Adds a rule, or changes what the one of a query does.

    Raises:
        UsageError: If a part of the query means nothing, or an action is none.
    """
    library = context.library
    return changed(library, add(library, _rule(library, query, actions)))


def add(library: "Library", rule: Rule) -> Change | None:
    """Adds a rule, in place of one of the same query."""
    is_there = any(rule.query == other.query for other in library.state.rules())
    verb = "change" if is_there else "add"
    return library.change(
        f"{verb} rule {rule.query}", [("rules", rule.query, "actions", action_lines(rule.actions))]
    )


def _rule(library: "Library", query: str, actions: Sequence[str]) -> Rule:
    rule = Rule(query.strip(), tuple(dict.fromkeys(map(action_of, actions))))
    if not parse_strictly(library, query).highlights() and rule.is_watched:
        shown = sanitize(query, 60)
        raise UsageError(f"No word to watch in {shown}", "Add one: 'lora OR adapter' watch.")
    statuses = [
        each for each in rule.actions if each in DECISIONS and DECISIONS[each].field == "status"
    ]
    if len(statuses) > 1:
        raise UsageError(f"A paper has one status: {enumerated(statuses)}", "Name one of them.")
    return rule


def _complete(library: "Library", prefix: str) -> list[tuple[str, str]]:
    return [(rule.query, " ".join(rule.actions)) for rule in library.state.rules()]


@library_action(
    "rules remove",
    Argument("query", "the query of a rule", metavar="QUERY", complete=_complete),
    help="remove a rule; what it did stays",
    phrases={r"remove rule (.*)": r"Removed rule \1"},
    group="Import",
)
def remove(library: "Library", query: str) -> Change | None:
    """Removes a rule.

    Raises:
        UsageError: If there is none of that query.
    """
    if query not in [rule.query for rule in library.state.rules()]:
        raise UsageError(f"No rule “{sanitize(query, 60)}”", "papers-tui rules lists them.")
    return library.change(f"remove rule {query}", [("rules", query, "actions", None)])


@action(
    "rules test",
    replace(QUERY, help="what it must match; by default all rules are tested", nargs="?"),
    replace(ACTIONS, help="what to do; by default what the rule of this query does", nargs="*"),
    JSON,
    help="show what a rule would have done to the last 500 papers",
    group="Import",
)
def run_test(context: Context, query: str | None = None, actions: Sequence[str] = ()) -> Outcome:
    """The papers about which rules would have decided, and their number; it decides nothing.

    Raises:
        UsageError: If a part of the query means nothing, an action is none, or there is no rule.
    """
    library = context.library
    if query is not None and actions:
        rules = [_rule(library, query, actions)]
    elif not (rules := [each for each in library.state.rules() if query in (None, each.query)]):
        raise UsageError(*_missing(query))
    tested = [(rule, item) for rule in rules for item in recent_matches(library, rule)]
    rows = [(item.key, str(rule), sanitize(item.paper.display_title)) for rule, item in tested]
    data = [{"key": item.key, "actions": list(rule.actions)} for rule, item in tested]
    count = min(len(library.papers), RECENT)
    papers = len({item.key for _, item in tested})
    total = f"{papers} of {'the last ' if count == RECENT else ''}{plural(count, 'paper')}"
    what = str(rules[0]) if len(rules) == 1 else f"decided about by {plural(len(rules), 'rule')}"
    return Outcome(f"{total} would be {what}", rows=rows, data=data)


def _missing(query: str | None) -> tuple[str, str]:
    """A message that there is no rule, or none of a query, and a hint."""
    if query is None:
        return "No rules to test", "Test one before you add it: 'title:survey' dismiss."
    return f"No rule “{sanitize(query, 60)}”", "Say what it is to do: star, dismiss, tag:NAME."


def recent_matches(library: "Library", rule: Rule) -> list[Item]:
    """The papers of the last ``RECENT`` that match a rule."""
    last = set(list(library.papers)[-RECENT:])
    matches = library.select(parse_strictly(library, rule.query))
    return [item for item in matches if item.key in last]
