"""Pages as Logseq writes them: properties, then bullets in bullets, with lines below each.

Logseq writes a page again as a whole when one block of it changes, with its own indents, and with
lines of its own in blocks: ``id::``, ``collapsed::``, dates, and drawers of the logbook. The
priority of a task stands in its first line: ``TODO [#A] Title``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tui.formats.checklist import BEGIN
from tui.formats.markdown_lines import fence_of, is_end_of

OF_LOGSEQ: Final = re.compile(
    r"id:: [0-9a-f-]{36}|collapsed:: (?:true|false)|(?:SCHEDULED|DEADLINE): <[^>]*>"
)
"""A line that Logseq adds to a block, besides drawers."""
_PROPERTY: Final = re.compile(r"([^\s:]+)::(?:[ \t]+(.*))?")
_LISTED: Final = re.compile(r"#?\[\[((?:(?!\[\[).)+?)\]\]|#?([^,，#\[\]\"\s][^,，#\[\]\"]*)")
"""A name in a property that lists some."""
_ALONE: Final = re.compile(r"#+ |\{\w+\}$")
"""How a line begins that is a block, whatever is next to it."""
_BULLET: Final = re.compile(r"([ \t]*)-(?:[ \t](.*))?")
_OTHER_MARK: Final = re.compile(rf"^[ \t]*([*+])[ \t]+(?={re.escape(BEGIN)})", re.MULTILINE)
"""What an editor other than Logseq wrote before our comment."""
_ITEMS: Final = re.compile(r"[ \t]*(?:(?:[*+-]|\d{1,9}[.)])[ \t]+)*")
"""The marks of the list items that begin in a line."""
MARKERS: Final = (
    *("TODO", "DOING", "DONE", "CANCELED", "CANCELLED"),
    *("LATER", "NOW", "WAITING", "WAIT", "IN-PROGRESS"),
)
_BEFORE_PRIORITY: Final = rf"\A((?:#+ +)?(?:(?:{'|'.join(MARKERS)}) +)?)"
_PRIORITY: Final = re.compile(rf"{_BEFORE_PRIORITY}(\[#[ABC]\])(?: +|$)")


@dataclass(slots=True)
class Block:
    """A bullet."""

    depth: int
    lines: list[str]
    """The first one, and those below it, without their indent."""
    of_logseq: list[str] = field(default_factory=list)
    """The lines that Logseq added, without their indent."""
    priority: str = ""
    """``[#A]``, which is not in the first line; only of a block that is in no other."""

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)


def parse(text: str) -> list[Block]:
    """The blocks of an outline, in order, each with its depth.

    The first one is what stands before the first bullet; its first line is empty. Empty ones
    at the end are left out.
    """
    lines = text.split("\n")
    code = _code_in(lines)
    last_end = max((n for n, line in enumerate(lines) if line.strip() == ":END:"), default=-1)
    blocks, widths, is_in_drawer = [Block(0, [""])], list[int](), False
    indent = of_fence = 2
    for number, line in enumerate(lines):
        content = line.strip()
        if number not in code and (is_in_drawer or (content == ":LOGBOOK:" and number < last_end)):
            blocks[-1].of_logseq.append(content)
            is_in_drawer = content != ":END:"
        elif number not in code and (bullet := _BULLET.fullmatch(line)):
            width, indent = len(bullet[1].expandtabs(4)), len(bullet[1]) + 2
            of_fence = indent
            while widths and widths[-1] >= width:
                widths.pop()
            first = (bullet[2] or "").strip()
            if not widths and (priority := _PRIORITY.match(first)):
                first = priority[1] + first[priority.end() :]
                blocks.append(Block(0, [first], priority=priority[2]))
            else:
                blocks.append(Block(len(widths), [first]))
            widths.append(width)
        elif number not in code and OF_LOGSEQ.fullmatch(content):
            blocks[-1].of_logseq.append(content)
        else:
            margin = len(line[:indent]) - len(line[:indent].lstrip())
            if number in code:  # below a bullet that was added, it is less indented
                margin = min(margin, of_fence)
            else:
                of_fence = margin
            blocks[-1].lines.append(line[margin:].rstrip())
    for block in blocks:
        while len(block.lines) > 1 and not block.lines[-1]:
            block.lines.pop()
    while len(blocks) > 1 and blocks[-1].lines == [""] and not blocks[-1].of_logseq:
        blocks.pop()
    return blocks


def _code_in(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines of code, without that of the fence above it.

    Code ends in the block in which it begins, else it is none.
    """
    code: set[int] = set()
    fence, begin, width, is_in_item = "", 0, -1, False
    for number, line in enumerate(lines):
        bullet = _BULLET.fullmatch(line)
        depth = len(bullet[1].expandtabs(4)) if bullet else width + 1
        if fence and depth > width:
            if is_in_item and number == begin + 1 and OF_LOGSEQ.fullmatch(line.strip()):
                begin = number  # it stands below the first line of a block, whatever that is
            elif is_end_of(fence, line):
                code |= set(range(begin + 1, number + 1))
                fence = ""
            continue
        width = depth if bullet else width
        fence, begin = fence_of(_ITEMS.sub("", line, count=1)), number
        is_in_item = bullet is not None and not fence_of(bullet[2] or "")
    return code


def render(blocks: Sequence[Block], *, with_logseq: bool = False) -> str:
    """An outline as Logseq writes it; see ``parse``.

    Args:
        blocks: The blocks.
        with_logseq: Whether to write the lines that Logseq added, and priorities.
    """
    lines: list[str] = []
    for number, block in enumerate(blocks):
        indent = "\t" * block.depth
        below = [*(block.of_logseq if with_logseq else ()), *block.lines[1:]]
        if number:
            first = block.lines[0]
            if with_logseq and block.priority:
                first = re.sub(_BEFORE_PRIORITY, rf"\1{block.priority} ", first, count=1)
            lines.append(f"{indent}- {first}".rstrip())
        lines += [f"{indent}  {line}" if line else "" for line in below]
    return "".join(f"{line}\n" for line in lines)


def with_hyphens(text: str) -> str:
    """A page whose blocks of ours begin with ``-``, also where an editor wrote ``*`` or ``+``.

    What is around them stays as it is.
    """
    begin = _OTHER_MARK.search(text)
    if begin is None:
        return text
    start, end = begin.start(), text.rfind("<!-- papers-tui:end")
    end = end if end > start else len(text)
    lines = text[start:end].split("\n")
    mark = re.escape(begin[1])
    # Where blocks are indented by tabs, as Logseq does, a bullet behind blanks is none.
    indent = r"\t*" if any(line.startswith(f"\t{begin[1]} ") for line in lines) else r"[ \t]*"
    ours = [re.sub(rf"^({indent}){mark}(?=[ \t]|$)", r"\1-", line) for line in lines]
    code = _code_in(ours)
    kept = (lines[n] if n in code else line for n, line in enumerate(ours))
    return text[:start] + "\n".join(kept) + text[end:]


def outlined(text: str) -> str:
    """A text as blocks: the bullets in it, and the headings, paragraphs and code between them.

    A line that is a placeholder alone is a block, too.
    """
    lines: list[str] = []
    indent, is_new, is_code = "", True, False
    for line in text.split("\n"):
        content = line.strip()
        is_fence = content.startswith("```")
        if not is_code and _BULLET.fullmatch(line):
            indent, is_new = "", False
            lines.append(line)
        elif not is_code and content == line and (_ALONE.match(line) or (content and is_new)):
            indent, is_new = "  ", _ALONE.match(line) is not None
            lines.append(f"- {line}")
        elif content or is_code:
            lines.append(f"{indent}{line}".rstrip())
        else:
            is_new = True
        is_code ^= is_fence
    return "".join(f"{line}\n" for line in lines)


def subtree(blocks: Iterable[Block]) -> str:
    """A block and what is below it, as an outline of its own."""
    first, *others = blocks
    moved = (replace(each, depth=each.depth - first.depth) for each in others)
    top = replace(first, depth=0)
    return render([Block(0, [""]), top, *moved], with_logseq=True).rstrip("\n")


def without_logseq(text: str) -> str:
    """An outline without priorities and what Logseq added, with the usual indents."""
    return render(parse(text))


def properties_of(text: str) -> dict[str, str]:
    """The values of the properties of a page by their names in lower case."""
    return {name.casefold(): value for name, value in front_of(text)[0]}


def front_of(text: str) -> tuple[list[tuple[str, str]], int]:
    """The names and values of the properties of a page, in order, and where they end.

    Logseq has them without a bullet; a user may put them into the first one.
    """
    properties: list[tuple[str, str]] = []
    end = len(text) - len(text.removeprefix("\ufeff"))
    for line in text[end:].splitlines(keepends=True):
        content = line.strip()
        if not properties:
            content = content.removeprefix("- ")
        match = _PROPERTY.fullmatch(content)
        if match is None:
            break
        properties.append((match[1], (match[2] or "").strip()))
        end += len(line)
    return properties, end


def names_in(value: str) -> list[str]:
    """The names in a property that lists some: with commas, brackets or number signs."""
    return [(match[1] or match[2]).strip() for match in _LISTED.finditer(value)]
