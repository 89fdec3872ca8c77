"""No text reaches a terminal but through ``safe``: read from the code itself, place by place.

In the shell, each argument of a sink must be our own words, a number, or something that was made
safe; what it is made of is followed through the function it stands in. In the app, where texts are
passed on to be drawn, none may hold what a stranger wrote as it comes.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import tui

ROOT: Final = Path(tui.__file__).parent

SINKS: Final = {
    "print",
    "Content",
    "Content.styled",
    "Content.assemble",
    "Static",
    "Label",
    "Option",
    "Button",
    "Checkbox",
    "Text",
    "notify",
    "update",
    "write",
}
"""What shows text. ``say``, ``print_table`` and ``print_json`` make safe what they are given."""

FORBIDDEN: Final = {"from_markup", "from_ansi", "Markdown", "RichLog", "Pretty", "eval", "exec"}
"""What reads more than text in a text."""

SAFE: Final = {
    *("sanitize", "sanitize_lines", "dumps", "escape"),  # make text safe, or escape what acts
    *("plural", "len", "sum", "round", "int", "abs", "max", "min"),  # give numbers
    *("isoformat", "strftime", "hex", "bar"),  # of a day or a number
    *("display_key", "markdown_table", "day", "complete"),  # of our own tables and completions
    *("document", "fill", "wrap", "_wrapped", "table"),  # of lines that were made safe
    "hyperlink",  # of such a line, and a URL that is checked
}
STRANGERS: Final = {
    *(
        "title",
        "display_title",
        "plain_title",
        "abstract",
        "display_abstract",
        "note",
        "tags",
        "authors",
        "urls",
    ),
    *("url", "link", "name", "description", "path", "message", "hint", "verb", "file", "lists"),
    *("detail", "query", "text", "label"),
}
"""Attributes that hold what somebody else wrote, or somebody typed."""

OWN: Final = {
    *("_glyphs", "glyphs", "UNICODE", "ASCII"),
    *("outcome",),  # its text is checked where an action makes it
}
"""Names whose attributes are our own words."""


class Reader:
    """Reads one function, and tells which of its expressions can show what a stranger wrote."""

    def __init__(self, function: ast.AST, checked: set[str], *, strict: bool) -> None:
        """Args are the function, the names of those that give checked things, and how to judge."""
        self.strict = strict
        self.checked = checked
        self.values: dict[str, list[ast.expr]] = {}
        self.numbers: set[str] = set()
        for node in ast.walk(function):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._bind(target, node.value)
            elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value:
                self._bind(node.target, node.value)
            elif isinstance(node, ast.For | ast.comprehension):
                self._bind(node.target, _each_of(node.iter))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in ("append", "extend", "insert") and node.args:
                    self._bind(node.func.value, node.args[-1])
            elif isinstance(node, ast.arg) and _names(node.annotation) <= {
                *("int", "float", "bool", "None", "Content", "Glyphs", "Size", "date"),
            }:
                self.numbers.add(node.arg)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.values.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple):
            same = isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts)
            for place, each in enumerate(target.elts):
                self._bind(each, value.elts[place] if same else value)  # type: ignore[attr-defined]

    def is_inert(self, node: ast.expr | None, seen: frozenset[str] = frozenset()) -> bool:
        """Whether nothing of a stranger's can be in it that was not made safe."""
        match node:
            case None | ast.Constant() | ast.Compare() | ast.Lambda():
                return True
            case ast.FormattedValue():
                spec = node.format_spec
                is_number = isinstance(spec, ast.JoinedStr) and any(
                    isinstance(part, ast.Constant) and str(part.value)[-1:] in ",%fd"
                    for part in spec.values
                )
                return is_number or self.is_inert(node.value, seen)
            case ast.Name():
                if node.id in OWN or node.id in self.numbers or node.id.isupper():
                    return True
                values = self.values.get(node.id)
                if values is None and not self.strict:
                    return node.id not in ("error", "exc")
                rest = seen | {node.id}
                return node.id in seen or (
                    bool(values) and all(self.is_inert(each, rest) for each in values or ())
                )
            case ast.Attribute() if not self.strict:
                of_ours = OWN | {"key", "k", "self"}
                return node.attr not in STRANGERS or bool(_names(node.value) & of_ours)
            case ast.Attribute():
                return bool(_names(node.value) & OWN) or node.attr.isupper()
            case ast.Call():
                name = _called(node)
                if name.rpartition(".")[2] in SAFE | self.checked or name in SINKS:
                    return True
                of = node.func.value if isinstance(node.func, ast.Attribute) else None
                if name == "map" and node.args:
                    return bool(_names(node.args[0]) & SAFE)
                if of is not None and name in ("get", "index", "count"):
                    return self.is_inert(of, seen)
                plain = name in ("enumerate", "zip", "sorted", "list", "tuple", "dict", "str")
                return (plain or of is not None or not self.strict) and all(
                    self.is_inert(each, seen) for each in (of, *node.args) if each is not None
                )
            case ast.IfExp():
                return self.is_inert(node.body, seen) and self.is_inert(node.orelse, seen)
            case ast.Subscript():
                return self.is_inert(node.value, seen)
            case ast.DictComp():
                return self.is_inert(node.key, seen) and self.is_inert(node.value, seen)
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                return self.is_inert(node.elt, seen)
            case _:
                return all(
                    self.is_inert(each, seen)
                    for each in ast.iter_child_nodes(node)
                    if isinstance(each, ast.expr)
                )


def _each_of(node: ast.expr) -> ast.expr:
    """What a loop over it gives, part by part where that can be told."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "zip":
            return ast.Tuple(node.args, ast.Load())
        if node.func.id == "enumerate":
            return ast.Tuple([ast.Constant(0), node.args[0]], ast.Load())
    return node


def _names(node: ast.AST | None) -> set[str]:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} if node else {"?"}
    if node:
        names |= {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
        names |= {"None" for each in ast.walk(node) if isinstance(each, ast.Constant)}
    return names


def _called(node: ast.Call) -> str:
    func = node.func
    if isinstance(func, ast.Attribute):
        of = func.value.id if isinstance(func.value, ast.Name) else ""
        return f"{of}.{func.attr}" if f"{of}.{func.attr}" in SINKS else func.attr
    return func.id if isinstance(func, ast.Name) else ""


def _called_at(node: ast.expr) -> str:
    return _called(node) if isinstance(node, ast.Call) else ""


def _functions(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Each call with the outermost function around it."""
    for outer in ast.walk(tree):
        if isinstance(outer, ast.ClassDef | ast.Module):
            for function in outer.body:
                if not isinstance(function, ast.ClassDef):
                    for node in ast.walk(function):
                        if isinstance(node, ast.Call):
                            yield function, node


def leaks(code: str, *, strict: bool = True) -> list[tuple[int, str]]:
    """Line and text of each sink that is given what was not made safe."""
    places = []
    tree = ast.parse(code)
    checked = {
        each.name
        for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef) and "Content" in _names(each.returns)
    }
    for function, call in _functions(tree):
        name = _called(call)
        if name in FORBIDDEN:
            places.append((call.lineno, ast.unparse(call)))
        elif name in ("Outcome", "replace"):
            reader = Reader(function, checked, strict=strict)
            text = next((each.value for each in call.keywords if each.arg == "text"), None)
            if not reader.is_inert(text):
                places.append((call.lineno, ast.unparse(call)))
        elif name in SINKS:
            named = {each.arg: each.value for each in call.keywords}
            markup = named.get("markup")
            is_static = name in ("Static", "Label") and call.args
            is_content = call.args and _called_at(call.args[0]).startswith("Content")
            if (isinstance(markup, ast.Constant) and markup.value) or (
                is_static and not (markup or is_content)
            ):
                places.append((call.lineno, ast.unparse(call)))
            reader = Reader(function, checked, strict=strict)
            shown = call.args[:1] if name == "Option" else call.args  # the second one is an id
            if not all(map(reader.is_inert, shown)):
                places.append((call.lineno, ast.unparse(call)))
    return places


FILES: Final = sorted(
    path for part in ("actions", "cli", "ui") for path in ROOT.glob(f"{part}/**/*.py")
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_sink_is_given_what_is_safe(path: Path) -> None:
    assert leaks(path.read_text("utf-8"), strict="cli" in path.parts) == []


LEAKS: Final = (
    "def f(e): print(e.title)",
    "def f(e): print(f'{e.title}')",
    "def f(e): print(sanitize(e.title), e.note)",
    "def f(e):\n  t = e.title\n  print(t)",
    "def f(e):\n  t = sanitize(e.title)\n  t = e.note\n  print(t)",
    "def f(title): print(title)",
    "def f(es):\n  for e in es: print(e)",
    "def f(es): print(' '.join(e.title for e in es))",
    "def f(e):\n  parts = []\n  parts.append(e.title)\n  print(' '.join(parts))",
    "def f(e): self.query_one('#x', Static).update(e.title)",
    "def f(e): return Content(e.title)",
    "def f(e): return Content.assemble(('a', 'bold'), e.note)",
    "def f(e): return Static(sanitize(e.title))",
    "def f(e): return Static(sanitize(e.title), markup=True)",
    "def f(e): return Content.from_markup(sanitize(e.title))",
    "class A:\n  def f(self, error):\n    self.notify(str(error))",
    "def f(e): print(e.title[:60].ljust(4))",
    "def f(e): print(e.title if e else '')",
)


LOOSE: Final = [code for code in LEAKS if "f(title)" not in code and "in es: print(e)" not in code]
"""Those that are found in the app, too."""


@pytest.mark.parametrize("code", LOOSE)
def test_in_the_app_it_is_found_where_a_stranger_speaks(code: str) -> None:
    assert leaks(code, strict=False)


@pytest.mark.parametrize("code", LEAKS)
def test_a_sink_without_it_is_found(code: str) -> None:
    assert leaks(code)


@pytest.mark.parametrize(
    "code",
    [
        "def f(e): print('x', 1, f'{e.count:,} {sanitize(e.title)}')",
        "def f(e):\n  t = sanitize(e.title)\n  print(t.ljust(4) + '…')",
        "def f(es): print(' '.join(map(sanitize, es)))",
        "def f(e): return Static(sanitize(e.title), markup=False)",
        "def f(e): return Content.assemble((sanitize(e.note), 'bold'), ' ')",
    ],
)
def test_what_is_safe_is_let_through(code: str) -> None:
    assert leaks(code) == []
