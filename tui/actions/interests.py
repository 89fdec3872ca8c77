"""Interests: what ``sort:likely`` learned, and what the user wants more of or muted."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from tui.actions.context import Context, Outcome
from tui.actions.papers import short_prefixes
from tui.actions.questions import Choice, Question
from tui.actions.registry import JSON, WRITE, Argument, action
from tui.actions.sessions import decided_singly, last_changes, sessions
from tui.actions.targets import changed
from tui.actions.verdicts import Verdict, status_now
from tui.errors import UsageError
from tui.model.fields import ordinal
from tui.model.layout import plural
from tui.model.state import Change, FieldUpdate
from tui.model.text import sanitize

if TYPE_CHECKING:
    from tui.library import Library
    from tui.search.hindsight import Hindsight
    from tui.search.ranking import Learned

_JUDGED: Final = 30
"""The last sessions by which the order is judged."""
_MOST_CHANGES: Final = 20_000
"""The most changes that are read for them."""
_MANY: Final = 5
"""Papers of one change from which on they were not looked at one by one."""
_REMINDED: Final = 7
"""Days for which a user is not reminded again."""
CHANCES: Final = 5
"""Dismissed papers that get a second chance at once."""
LABELS: Final = {"more": "more of", "mute": "muted"}
"""The label of each wish."""
PROMPTS: Final = {"more": "Want more of", "mute": "Mute"}
HINT: Final = "word:survey, author:Jane Doe"
"""Examples of answers to these."""


NO_WORDS: Final = "no word stands out yet"
"""The text for an interest of which no word is in more papers than by chance."""

AT_ONCE: Final = "Nothing is learned from marking five or more papers as read at once."
"""Said while too few papers are kept."""

_EFFECTS: Final = {
    "mute word": "a word that is ignored",
    "more word": "a word that counts most",
    "mute author": "an author whose papers come last",
    "more author": "an author whose papers come first",
}


def effect_of(term: str, wish: str) -> str:
    """The effect of a wish about a word or an author, in words."""
    return _EFFECTS.get(f"{wish} {term.partition(':')[0]}", "")


def _ask(prompt: str, context: Context) -> Question:
    """Asks for one of the words that tell why a paper is where it is, or one of its authors."""
    choices: list[Choice] = []
    if paper := context.keys[0] if context.keys else None:
        index = context.library.search
        authors = context.library.item(paper).paper.authors
        choices += [Choice(f"word:{word}") for word in index.ranking.words_of(index.row(paper))]
        choices += [Choice(f"author:{sanitize(name)}") for name in authors]
    return Question(prompt, choices, new="this one", hint=HINT)


_TERM: Final = Argument(
    "term", "word:WORD or author:NAME", nargs="+", metavar="TERM", answer=str.split
)


def _declare(name: str, wish: str, help: str, **options: Any) -> None:
    """Declares a command that has a word or an author count more, or less, than was learned."""
    term = replace(_TERM, question=partial(_ask, PROMPTS[wish]))

    @action(name, term, help=help, group="Find", access=WRITE, on_request=True, **options)
    def run(context: Context, term: Sequence[str]) -> Outcome:
        from tui.model.preferences import terms_of  # here, as a start needs none

        library, text = context.library, " ".join(term)
        outcome = changed(library, prefer(library, text, wish))
        if context.workspace is None:  # a session reads them in a thread
            library.search.load_words()
        is_known = not library.search.words_loaded or any(
            map(library.search.ranking.has, terms_of(text))
        )
        unknown = "" if is_known else ": no paper has it"
        return Outcome(f"{outcome.message}{unknown}", outcome.change)


_declare(
    "mute",
    "mute",
    "mute a word or an author in the order of likely papers",
    synonyms="less ignore block",
    phrases={r"mute (?:word|author):(.*)": r"Muted \1"},
)
_declare(
    "want",
    "more",
    "want more of a word or an author in the order of likely papers",
    aliases=("more",),
    synonyms="more boost prefer follow",
    phrases={r"more (?:word|author):(.*)": r"Asked for more of \1"},
)


def prefer(library: "Library", text: str, wish: str | None) -> Change | None:
    """Says that more of some words or authors is wanted, that they are muted, or neither.

    Raises:
        UsageError: If one is neither a word nor an author.
    """
    from tui.model.preferences import terms_of  # here, as a start needs none

    before = {term.casefold(): term for term in library.state.preferences()}
    terms = [before.get(term.casefold(), term) for term in terms_of(text)]
    updates: list[FieldUpdate] = [("preferences", term, "wish", wish) for term in terms]
    named = ", ".join([terms[0], *(term.partition(":")[2] for term in terms[1:])])
    return library.change(f"{wish or 'lift'} {named}", updates)


@action("interests", JSON, help="show what was learned from your decisions", group="Find")
def run_interests(context: Context) -> Outcome:
    """The interests with their strongest words, and what was muted or is wanted."""
    library = context.library
    interests = learned(library)
    names = names_of(interests)
    rows = [
        (name, plural(each.papers, "paper"), ", ".join(each.words) or NO_WORDS)
        for name, each in zip(names, interests, strict=True)
    ]
    preferences = library.state.preferences()
    for term, wish in preferences.items():
        value = sanitize(term.partition(":")[2])
        rows.append((LABELS.get(wish, wish), value, effect_of(term, wish)))
    data: dict[str, object] = {
        "interests": [
            {"name": each.name, "papers": each.papers, "words": list(each.words)}
            for each in interests
        ],
        "preferences": preferences,
    }
    past = hindsight(library)
    data["hindsight"] = json_of(past)
    missing = library.search.ranking.missing
    notes = tuple(filter(None, (str(past or ""), AT_ONCE if missing else "")))
    message = f"None yet: {missing}" if missing else ""
    return Outcome(message, rows=rows, data=data, notes=notes)


def _complete(library: "Library", prefix: str) -> list[tuple[str, str]]:
    return [(term, LABELS[wish]) for term, wish in library.state.preferences().items()]


@action(
    "interests reset",
    Argument(
        "term",
        "a word or an author that is muted or wanted",
        nargs="+",
        metavar="TERM",
        complete=_complete,
    ),
    help="stop muting or wanting a word or an author",
    group="Find",
    access=WRITE,
    aliases=("interests lift",),
    phrases={r"lift (?:word|author):(.*)": r"Reset \1"},
    on_request=True,
)
def run_reset(context: Context, term: Sequence[str]) -> Outcome:
    """Has some words or authors count as they were learned.

    Raises:
        UsageError: If one was neither muted nor wanted.
    """
    from tui.model.preferences import terms_of  # as above

    library, text = context.library, " ".join(term)
    known = set(map(str.casefold, library.state.preferences()))
    for each in terms_of(text):
        if each.casefold() not in known:
            raise UsageError(
                f"Neither muted nor wanted: {each}", "papers-tui interests lists them."
            )
    return changed(library, prefer(library, text, None))


@action(
    "reconsider",
    JSON,
    help="show dismissed papers similar to those you kept",
    synonyms="second chance mistake",
    phrases={"remind": "Reminded of dismissed papers"},
    group="Find",
)
def run_reconsider(context: Context) -> Outcome:
    """At most five dismissed papers, with the words that they share with papers kept.

    They are those that would be among the likeliest had they not been dismissed. A session lists
    them.
    """
    library = context.library
    chances = _second_chances(library)
    if not chances:
        missing = library.search.ranking.missing
        none = f"None yet: {missing}" if missing else "No dismissed paper is like those you kept"
        return Outcome(none, data=[])
    if context.workspace is not None and not context.as_json:
        ids = " OR ".join(f"id:{key}" for key, _ in chances)
        query = f"is:dismissed ({ids}) sort:likely"  # which has a title, see ``titles``
        key, one = context.workspace.key_for("mark.unread"), "one" if chances[1:] else "it"
        papers = plural(len(chances), "dismissed paper")
        message = f"{papers} like those you kept: {key} marks {one} unread"
        return Outcome(message, query=query, is_from_top=True)
    shown = short_prefixes(library) if context.is_terminal else {}
    rows = [
        (shown.get(key, key), ", ".join(words), sanitize(library.item(key).paper.display_title))
        for key, words in chances
    ]
    return Outcome(rows=rows, data=[{"key": key, "words": list(words)} for key, words in chances])


def reminder(library: "Library") -> str:
    """Reminds of ``reconsider`` at the end of a session, once a week; empty if there is no need.

    The day is state, so that several machines remind as one does. Cost: learns, if it is time.
    """
    today = library.today()
    last = ordinal(str(library.state.value("reminders", "reconsider", "on") or ""))
    is_recent = last is not None and 0 <= today.toordinal() - last < _REMINDED
    if is_recent or library.read_only_reason or not library.search.words_loaded:
        return ""
    count = len(_second_chances(library))
    if not count:
        return ""
    library.change("remind", [("reminders", "reconsider", "on", today.isoformat())])
    papers = f"{plural(count, 'dismissed paper')} {'is' if count == 1 else 'are'}"
    return f"{papers} like those you kept: papers-tui reconsider"


def _second_chances(library: "Library") -> list[tuple[str, tuple[str, ...]]]:
    """The dismissed papers that may be a mistake, each with the words it shares with those kept."""
    learned(library)
    return library.search.ranking.second_chances(CHANCES)


def learned(library: "Library") -> "Sequence[Learned]":
    """Interests learned from decisions so far; empty with too few. Cost: reads the words."""
    library.search.load_words()
    library.search.ranking.learn()
    return library.search.ranking.learned


def hindsight(library: "Library") -> "Hindsight | None":
    """How well the order would have done in past sessions; ``None`` while there is no order.

    Papers decided several at once are not predicted. Cost: reads the changes of the last sessions,
    and some 30 ms for each of them at 10,000 papers.
    """
    library.search.load_words()
    recent = last_changes(islice(library.state.newest_first(), _MOST_CHANGES), _JUDGED)
    past = []
    for session, one_by_one in zip(
        sessions(recent, status_now(library)), decided_singly(recent, _MANY), strict=True
    ):
        verdicts = session.verdicts
        single = {key: verdict for key, verdict in verdicts.items() if key in one_by_one}
        kept = [key for key, verdict in single.items() if verdict is Verdict.KEPT]
        dismissed = [key for key, verdict in single.items() if verdict is Verdict.DISMISSED]
        past.append((kept, dismissed, [*verdicts.keys() - {*kept, *dismissed}]))
    return library.search.ranking.hindsight(past[-_JUDGED:])


def json_of(past: "Hindsight | None") -> dict[str, float] | None:
    """How well the order would have done, as JSON; ``None`` while that is not known."""
    if past is None or not past.is_known:
        return None
    shares = {name: round(getattr(past, name), 3) for name in ("share", "low", "high")}
    return {**shares, "kept": past.kept, "dismissed": past.dismissed}


def names_of(interests: "Sequence[Learned]") -> list[str]:
    """The names of interests: their list or tag, or for a group one of its words.

    It is the one by which the share of its papers that have it is most ahead of other groups.
    """
    groups = [each for each in interests if not each.name and not each.is_all]
    names: list[str] = []
    for each in interests:
        if each.name or each.is_all:
            names.append(sanitize(each.name) or "all kept or read")
        else:
            words = sorted(each.words, key=partial(_lead, each, groups), reverse=True)
            new = [name for name in map("group “{}”".format, words) if name not in names]
            names.append(next(iter(new), "another group"))
    return names


def _lead(interest: "Learned", groups: "Sequence[Learned]", word: str) -> float:
    """By how much the share of papers with a word is larger in one group than in any other."""
    others = (group.shares.get(word, 0.0) for group in groups if group is not interest)
    return interest.shares[word] - max(others, default=0.0)
