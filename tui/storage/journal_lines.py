"""The lines of a journal: one change each, with a checksum."""

import json
import zlib
from typing import Any, Final

from tui.model.state import Change, Edit
from tui.patterns import regex

_REV: Final = regex(rb'"rev":([0-9]{1,9}),')
"""The revision in a line, even a damaged one."""
_SUM_WIDTH: Final = len('{"sum":"00000000",')

Position = tuple[int, str]
"""Revision and machine: the order of all changes."""


def position(change: Change) -> Position:
    """Where a change stands among all."""
    return change.rev, change.machine


def end_of_whole(data: bytes) -> int:
    """The end of the last complete line.

    A power cut may leave a line without its end, or a block of NUL bytes, which no line has.
    """
    end = data.rfind(b"\n") + 1
    last = data.rfind(b"\n", 0, max(end - 1, 0)) + 1
    return last if b"\0" in data[last:end] else end


def encode(change: Change) -> bytes:
    """The line of a change, with its end."""
    record: dict[str, Any] = {
        "rev": change.rev,
        "machine": change.machine,
        "at": change.at,
        "verb": change.verb,
        "edits": [list(edit) for edit in change.edits],
    }
    for name, ids in (("undoes", change.undoes), ("redoes", change.redoes)):
        if len(ids) == 1:
            record[name] = ids[0]
        elif ids:
            record[f"{name}_all"] = list(ids)
    if change.request is not None:
        record["request"] = change.request
    body = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":"))[
        1:
    ].encode()
    return b'{"sum":"%08x",%s\n' % (zlib.crc32(body), body)


def rev_of(line: bytes) -> int:
    """The revision in a line, even a damaged one; 0 if there is none."""
    match = _REV.search(line)
    return int(match[1]) if match else 0


def is_whole(line: bytes) -> bool:
    """Whether the checksum of a line, without its end, is right."""
    return line[:_SUM_WIDTH] == b'{"sum":"%08x",' % zlib.crc32(line[_SUM_WIDTH:])


def decode(line: bytes) -> Change | None:
    """The change of a line; ``None`` if it is damaged."""
    if not is_whole(line):
        return None
    try:
        record = json.loads(b"{" + line[_SUM_WIDTH:])
        for edit in record["edits"]:
            if len(edit) != 5 or not all(isinstance(name, str) for name in edit[:3]):
                return None
        return Change(
            rev=int(record["rev"]),
            machine=str(record["machine"]),
            at=str(record["at"]),
            verb=str(record["verb"]),
            edits=tuple(Edit(*edit) for edit in record["edits"]),
            undoes=_ids(record, "undoes"),
            redoes=_ids(record, "redoes"),
            request=record.get("request"),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _ids(record: dict[str, Any], name: str) -> tuple[str, ...]:
    """The changes that one undoes or redoes: one by its id, several under a name of their own."""
    one = record.get(name)
    return tuple(map(str, record.get(f"{name}_all", ()) if one is None else (one,)))


def is_marker(line: bytes) -> bool:
    """Whether a line is one of git's around the sides of a conflict, both of which are kept."""
    return line.startswith((b"<<<<<<< ", b"||||||| ", b">>>>>>> ")) or line == b"======="
