"""Writes the tables of the documentation that follow from the program's own declarations.

Each stands between two comment lines, ``<!-- begin: NAME -->`` and ``<!-- end -->``; what is around
them is written by hand. Run as ``make docs``; with ``--check`` it writes nothing, names the pages
that are out of date, and fails if there are any.
"""

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from textwrap import dedent
from typing import Final

from tui.actions.keymap import all_bindings, markdown_table
from tui.actions.registry import Action, Argument, Where, actions
from tui.formats import exporters, importers
from tui.model.facts import FACTS, Facts
from tui.model.fields import HAS, IS_VALUES, ORDER_ALIASES, ORDERS, QUERY_FIELDS, Kind

HERE: Final = Path(__file__).parent
PAGES: Final = (*sorted(HERE.glob("*.md")), HERE.parent / "tui" / "actions" / "modules.py")
BLOCK: Final = re.compile(r"(<!-- begin: (\w+) -->)(\n?).*?((?: +# )?<!-- end -->)", re.S)
COMMON: Final = ("keys", "query", "dry_run", "json")
"""Arguments that the page explains once for all commands."""


def keys() -> str:
    """Every key as it is shipped, under the headings of the help."""
    rows, _ = all_bindings({})
    parts = [
        f"### {group}\n\n{markdown_table(list(each))}"
        for group, each in groupby(rows, lambda row: row.group)
    ]
    return "\n".join(parts)


def commands() -> str:
    """Every command with its arguments, under the same headings."""
    parts = []
    every = [action for action in actions().values() if action.where is not Where.INTERNAL]
    for group, each in groupby(every, lambda action: action.group):
        rows = ((_usage(action), _help(action), _where(action)) for action in each)
        parts.append(f"### {group}\n\n{_table(('Command', 'What it does', 'Runs in'), rows)}")
    return "\n".join(parts)


def _usage(action: Action) -> str:
    words = [action.name, *map(_argument, action.arguments)]
    return f"`{' '.join(words)}`"


def _argument(argument: Argument) -> str:
    name = _value_name(argument)
    if argument.flags:
        flag = argument.flags[-1]
        return f"[{flag}]" if argument.is_switch else f"[{flag} {name}]"
    many = {"?": f"[{name}]", "*": f"[{name} ...]", "+": f"{name} [...]"}
    return many.get(argument.nargs, name)


def _value_name(argument: Argument) -> str:
    return argument.metavar or "|".join(map(str, argument.choices)) or argument.name.upper()


def _help(action: Action) -> str:
    details = [
        f"`{argument.flags[-1] if argument.flags else _value_name(argument)}`: {argument.help}"
        for argument in action.arguments
        if argument.help and argument.name not in COMMON
    ]
    aliases = " ".join(f"`{alias}`" for alias in action.aliases)
    return "; ".join([action.help, *details, *([f"also {aliases}"] if aliases else [])])


def _where(action: Action) -> str:
    names = {
        Where.EVERYWHERE: "shell, sessions",
        Where.LOCAL: "shell, sessions except in a browser",
        Where.SESSION: "sessions",
        Where.APP: "app",
        Where.TERMINAL: "app in a terminal",
    }
    return names.get(action.where, "shell")


TAKES: Final = {
    Kind.WORDS: "words, a phrase, a pattern",
    Kind.EXACT: "a prefix; `*` for anything",
    Kind.NUMBER: "a number or a range",
    Kind.DAY: "a day, a month, a year, an age, or a range",
    Kind.YEAR: "a year or a range",
    Kind.NAME: "a name, or `none`",
    Kind.CLAIM: "one of the values below",
    Kind.PAPER: "a prefix of a key",
    Kind.ORDER: "names of orders",
    Kind.LIMIT: "a number",
}


def fields() -> str:
    """Every field that a query can ask for."""
    rows = []
    for field in QUERY_FIELDS:
        names = ", ".join(f"`{name}:`" for name in (field.row.name, *field.row.aliases))
        example = f"`{field.row.examples[0]}`"
        rows.append((names, TAKES[field.kind], example, field.row.finds))
    return _table(("Field", "Takes", "Example", "Finds papers"), rows)


def facts() -> str:
    """Every fact of a paper in JSON, by what its docstring says."""
    kinds = {str: "text", int: "number", bool: "boolean", date: "date", tuple: "texts"}
    docstrings = _docstrings()
    rows = (
        (
            f"`{name}`",
            f"{kinds[fact.type]}{' or null' * fact.is_optional}",
            docstrings.get(name, ""),
        )
        for name, fact in FACTS.items()
    )
    return _table(("Member", "Type", "What"), rows)


def _docstrings() -> dict[str, str]:
    """What is said below each attribute of ``Facts``, as the words of a cell."""
    (declaration,) = ast.parse(dedent(inspect.getsource(Facts))).body
    assert isinstance(declaration, ast.ClassDef)
    texts = {}
    for attribute, below in pairwise(declaration.body):
        match attribute, below:
            case ast.AnnAssign(ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                words = " ".join(text.split()).rstrip(".").replace("``", "`")
                texts[name] = words[:1].lower() + words[1:]
    return texts


def orders() -> str:
    """Every order, and its reverse."""
    rows = []
    for name, field in ORDERS.items():
        aliases = [alias for alias, meant in ORDER_ALIASES.items() if meant == name]
        names = ", ".join(f"`sort:{each}`" for each in (name, *aliases))
        forward, backward = field.row.order or ("", "")
        rows.append((names, forward, backward))
    return _table(("Order", "Papers", "With `-`"), rows)


def import_formats() -> str:
    """Every import format."""
    rows = ((f"`{name}`", _what(importers.named(name))) for name in importers.names())
    return _table(("`--from`", "What it is"), rows)


def export_formats() -> str:
    """Every export format, with the extensions that choose it."""
    rows = []
    for name in exporters.names():
        format = exporters.named(name)
        chosen_by = [each for each in format.EXTENSIONS if exporters.for_file(each) == name]
        extensions = ", ".join(f"`{each}`" for each in chosen_by)
        usual = f"`{format.EXTENSIONS[0]}` with `--to`"
        rows.append((f"`{name}`", extensions or usual, _what(format)))
    return _table(("`--to`", "Extension", "What it is"), rows)


def _what(format: exporters.Exporter | importers.Importer) -> str:
    return ", ".join(filter(None, (format.LABEL, getattr(format, "DETAILS", ""))))


def modules() -> str:
    """The modules that declare each command, as rows of a mapping in Python."""
    names: dict[str, dict[str, None]] = {}
    for action in actions().values():
        for command in (action.name, *action.aliases):
            names.setdefault(command.split()[0], {})[_module_of(action)] = None
    return "\n".join(f'    "{command}": "{" ".join(each)}",' for command, each in names.items())


def verbs() -> str:
    """The modules that declare the phrases of each verb, as rows of a mapping in Python."""
    names: dict[str, dict[str, None]] = {}
    for action in actions().values():
        for pattern in action.phrases:
            names.setdefault(pattern.split(" ")[0], {})[_module_of(action)] = None
    return "\n".join(f'    "{word}": "{" ".join(each)}",' for word, each in names.items())


def without_keys() -> str:
    """The modules that declare no key, as rows of a set in Python."""
    with_keys = {_module_of(action) for action in actions().values() if action.bindings}
    others = [
        path.stem
        for path in sorted((HERE.parent / "tui" / "actions").glob("[a-z]*.py"))
        if path.stem not in with_keys and "\nregister_keys(" not in path.read_text("utf-8")
    ]
    return "\n".join(f'    "{name}",' for name in others)


def _module_of(action: Action) -> str:
    return action.run.__module__.removeprefix("tui.actions.")


def _values(values: Iterable[str]) -> Callable[[], str]:
    return lambda: ", ".join(f"`{value}`" for value in values)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    cells = ([cell.replace("|", "\\|") for cell in line] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


BLOCKS: Final[dict[str, Callable[[], str]]] = {
    "keys": keys,
    "commands": commands,
    "fields": fields,
    "facts": facts,
    "orders": orders,
    "import_formats": import_formats,
    "export_formats": export_formats,
    "is": _values(IS_VALUES),
    "has": _values(HAS),
    "modules": modules,
    "verbs": verbs,
    "without_keys": without_keys,
}


def filled(text: str) -> str:
    """A page with its blocks as they should be."""

    def block(match: re.Match[str]) -> str:
        content = BLOCKS[match[2]]()
        gap = "\n" if match[4].startswith(" ") else "\n\n"  # in code, or in Markdown
        inside = f"{gap}{content}\n" if match[3] else content
        return match[1] + inside + match[4]

    return BLOCK.sub(block, text)


def main() -> int:
    """Writes the pages that are out of date, or names them."""
    outdated = 0
    for path in PAGES:
        text = path.read_text("utf-8")
        new = filled(text)
        if new == text:
            continue
        if "--check" in sys.argv:
            outdated += 1
            print(f"{path.name} is out of date: make docs", file=sys.stderr)
        else:
            path.write_text(new, "utf-8")
    return 1 if outdated else 0


if __name__ == "__main__":
    sys.exit(main())
