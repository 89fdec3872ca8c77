"""Papers that may be one: joining them, keeping them apart, comparing them."""

from collections.abc import Sequence
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Final

from tui.actions.context import Context, Outcome
from tui.actions.registry import WRITE, Argument, Need, action
from tui.actions.targets import changed
from tui.errors import PapersError, UsageError
from tui.model.fields import Detail
from tui.model.layout import plural
from tui.model.state import join_update
from tui.model.text import MAX_TEXT, sanitize, sanitize_lines
from tui.values import dataclass

if TYPE_CHECKING:
    from tui.library import Library
    from tui.model.word_diff import Word

_joining = partial(
    action, group="Triage", access=WRITE, needs=Need.PAIR, is_slow=True, on_request=True
)

PAPERS: Final = Argument(
    "keys",
    "unique prefixes of the keys; of one paper, it and what it looks like",
    nargs="*",
    metavar="KEY",
    default=(),
)
_PASS_KEYS: Final = "Pass the keys of two papers."


def _papers(context: Context, keys: Sequence[str]) -> list[str]:
    """The given papers, else those selected, else the one here; a single one with its lookalike.

    Returns:
        At least two keys, in the order in which the papers were added. A key that stands for a
        joined paper is not resolved if the other is given.

    Raises:
        UsageError: If no papers are given, or one of them twice.
        PapersError: If a prefix matches no paper, or more than one; or nothing looks like a paper.
    """
    library = context.library
    chosen = list(map(library.papers.resolve_name, keys)) if keys else list(context.keys)
    if not chosen:
        raise UsageError("No papers given", _PASS_KEYS)
    if len(chosen) > len(set(chosen)):
        raise UsageError("One paper is given twice", _PASS_KEYS)
    if len(chosen) == 1:
        library.search.load_lookalikes()
        chosen = [*chosen, *(each.key for each in library.lookalikes(chosen[0])[:1])]
        if len(set(chosen)) == 1:
            session = context.workspace
            hint = f"{session.key_for('select.one')} selects two." if session else _PASS_KEYS
            raise PapersError("Nothing looks like this paper", hint)
    return sorted(dict.fromkeys(chosen), key=library.papers.place)


@_joining(
    "join",
    PAPERS,
    help="join papers that are the same",
    keys="same.join  M  join  join  join with the paper it looks like",
    synonyms="merge duplicate",
    phrases={"join": "Joined 2 papers", r"join (.*)": r"Joined \1"},
)
def join(context: Context, keys: Sequence[str] = ()) -> Outcome:
    """Makes papers one: the oldest key stays, the others stand for it, decisions become one.

    Raises:
        UsageError: If no papers are given.
        PapersError: If they are one already, or nothing looks like the paper.
    """
    library = context.library
    first, *others = dict.fromkeys(map(library.resolve, _papers(context, keys)))
    if not others:
        raise PapersError("They are already one paper", "")
    verb = "join" if len(others) == 1 else f"join {plural(len(others) + 1, 'paper')}"
    updates = [join_update(first, other) for other in others]
    return changed(library, library.change(verb, updates))


@_joining(
    "keep-apart",
    PAPERS,
    help="keep papers that look alike apart, even after joining them",
    keys="same.apart  B  keep-apart  keep apart  keep apart from the paper it looks like",
    synonyms="different distinct",
    phrases={"keep apart": "Kept 2 papers apart"},
)
def keep_apart(context: Context, keys: Sequence[str] = ()) -> Outcome:
    """Remembers that papers are different ones; those that the user joined are parted.

    Raises:
        UsageError: If no papers are given.
        PapersError: If nothing looks like the paper, or they are one by title or identifier.
    """
    library = context.library
    joined = library.state.pairs(same=True)
    pairs = [tuple(sorted(pair)) for pair in combinations(_papers(context, keys), 2)]
    for one, other in pairs:
        if library.resolve(one) == library.resolve(other) and (one, other) not in joined:
            raise PapersError(f"{one} and {other} have the same title or identifier", "")
    updates = [join_update(one, other, is_same=False) for one, other in pairs]
    return changed(library, library.change("keep apart", updates))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two papers, word by word."""

    older: str
    """Key and facts of the paper that was added first."""
    newer: str
    title: "Sequence[Word]"
    abstract: "Sequence[Word]"
    share: float
    """The share of the newer abstract that the older one has."""


def compare(library: "Library", one: str, other: str) -> Comparison:
    """Compares two papers, of which the first is the one that was added first."""
    from tui.model.describe import facts
    from tui.model.word_diff import share_kept, word_diff

    old, new = (library.item(key) for key in (one, other))
    heads = [
        " · ".join([each.key, str(each.state.status), *facts(each, Detail.FULL)])
        for each in (old, new)
    ]
    titles = (sanitize(each.paper.display_title) for each in (old, new))
    abstracts = [sanitize(each.paper.display_abstract, MAX_TEXT) for each in (old, new)]
    share = share_kept(*reversed(abstracts))
    return Comparison(heads[0], heads[1], word_diff(*titles), word_diff(*abstracts), share)


def comparison(context: Context, keys: Sequence[str] = ()) -> Comparison:
    """Compares two given papers, or one with what it looks like.

    Raises:
        UsageError: If not one or two papers are given.
        PapersError: If nothing looks like the paper.
    """
    papers = list(dict.fromkeys(map(context.library.resolve, _papers(context, keys))))
    if len(papers) != 2:
        raise UsageError(f"{plural(len(papers), 'paper')} given", "Pass two keys.")
    return compare(context.library, *papers)


@action(
    "diff",
    PAPERS,
    help="compare two papers word by word",
    group="Find",
    needs=Need.PAIR,
    screen_action="diff",
    keys="same.diff  c  diff  compare  compare with the paper it looks like",
    synonyms="difference duplicate",
)
def diff(context: Context, keys: Sequence[str] = ()) -> Outcome:
    """What only the older paper has as ``[-words-]``, what only the newer one has as ``{+words+}``.

    Raises:
        UsageError: If not one or two papers are given.
        PapersError: If nothing looks like the paper.
    """
    import shutil

    from tui.model.word_diff import marked, wrapped

    pair = comparison(context, keys)
    width = min(shutil.get_terminal_size().columns, 80)
    lines = [sanitize(f"- {pair.older}"), sanitize(f"+ {pair.newer}"), ""]
    for words in (pair.title, pair.abstract):
        lines += [" ".join(word.text for word in line) for line in wrapped(marked(words), width)]
        lines.append("")
    return Outcome(text=sanitize_lines("\n".join(lines)))
