"""What papers and decisions should be, found in the simplest way: from scratch, by looking at all.

It shares with the app only the signs of a record, and what the files of the imports say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tui.model.identity import signs
from tui.model.paper import SourceRecord, paper_key
from tui.model.state import Change, Edit

KINDS: Final = ("arxiv:", "doi:")


@dataclass
class Group:
    """One paper."""

    key: str
    records: list[SourceRecord] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)

    @property
    def signs(self) -> set[str]:
        """Those of all its records."""
        return {sign for record in self.records for sign in signs(record)}


def _contradict(one: set[str], other: set[str]) -> bool:
    for kind in KINDS:
        mine, theirs = ({s for s in each if s.startswith(kind)} for each in (one, other))
        if mine and theirs and not mine & theirs:
            return True
    return False


def _matching(groups: Sequence[Group], own: set[str]) -> list[Group]:
    """Groups with an identifier of these, and the first with the title that does not contradict."""
    ids = [g for g in groups if any(s in g.signs for s in own if not s.startswith("title:"))]
    titles = {sign for sign in own if sign.startswith("title:")}
    titled = [g for g in groups if titles & g.signs and not _contradict(own, g.signs)]
    return [g for g in groups if g in ids or g in titled[:1]]


def papers(
    imports: Iterable[Sequence[tuple[str, SourceRecord]]], joins: Sequence[tuple[str, str]]
) -> list[Group]:
    """The papers of imports, oldest first.

    Args:
        imports: The records of each, with the key under which it was filed.
        joins: Pairs of keys that the user joined.
    """
    groups: list[Group] = []

    def absorb(target: Group, other: Group) -> None:
        target.records += other.records
        target.aliases |= {other.key} | other.aliases
        groups.remove(other)

    for filed, record in (each for records in imports for each in records):
        own = set(signs(record))
        names = {name for group in groups for name in (group.key, *group.aliases)}
        match _matching(groups, own):
            case []:
                group = Group(_free(filed, record, names), [record])
                groups.append(group)
            case [group, *others]:
                group.records.append(record)
                for other in others:
                    if not _contradict(group.signs, other.signs):
                        absorb(group, other)
                if filed not in names:
                    group.aliases.add(filed)
        for other in _joined(groups, group, joins)[1:]:
            absorb(_joined(groups, group, joins)[0], other)
            group = next(g for g in groups if record in g.records)
    return groups


def _joined(groups: Sequence[Group], group: Group, joins: Sequence[tuple[str, str]]) -> list[Group]:
    """A group and those that it was joined with, oldest first."""
    names = {group.key, *group.aliases}
    wanted = {key for pair in joins if names & set(pair) for key in pair}
    return [g for g in groups if g is group or wanted & {g.key, *g.aliases}]


def _free(filed: str, record: SourceRecord, names: set[str]) -> str:
    own = paper_key(record.title)
    (letters,) = (sign.removeprefix("title:") for sign in signs(record) if "title:" in sign)
    longer = f"{own.rpartition('-')[0]}-{letters[:8]}"
    numbered = (f"{longer}-{number}" for number in range(2, len(names) + 3))
    return next(name for name in (filed, own, longer, *numbered) if name not in names)


def imports(changes: Iterable[Change]) -> dict[str, bool | None]:
    """Whether each import of which the journal knows is not undone, by its id."""
    return _last(changes, "imports", "exists")


def joins(changes: Iterable[Change]) -> list[tuple[str, str]]:
    """Pairs of keys that the user joined."""
    pairs = sorted(pair for pair, same in _last(changes, "joins", "same").items() if same)
    return [(one, other) for one, _, other in (pair.partition(" ") for pair in pairs)]


def _last(changes: Iterable[Change], table: str, name: str) -> dict[str, Any]:
    edits = (edit for change in changes for edit in change.edits)
    return {e.id: e.now for e in edits if (e.table, e.field) == (table, name)}


def decisions(changes: Iterable[Change], group: Group) -> Mapping[str, Any]:
    """The fields of a paper, as the last changes of it under any of its keys left them."""
    names = {group.key, *group.aliases}
    fields: dict[str, Any] = {}
    edits: Iterable[Edit] = (edit for change in changes for edit in change.edits)
    for edit in edits:
        if edit.table == "papers" and edit.id in names:
            fields[edit.field] = edit.now
    return {name: value for name, value in fields.items() if value is not None}
