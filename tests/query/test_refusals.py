"""Outside the filter, a query of which a part means nothing is refused and changes nothing."""

import re
import shutil
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from textual import events

from tests.query import report
from tests.view_helpers import TITLES, paper, reading
from tui.actions import command_line, find
from tui.actions.registry import Where
from tui.config import Config
from tui.errors import UsageError
from tui.library import Library
from tui.model.paper import SourceRecord
from tui.query import parse
from tui.workspace import Workspace

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library in it, to be copied."""
    folder = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("PAPERS_TUI_LIBRARY", str(folder / "library"))
        for variable in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(variable, str(folder.with_name(f"{folder.name}-home")))
        report.prepare(folder)
    return folder


@pytest.fixture
def place(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a library in it."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAPERS_TUI_LIBRARY", str(tmp_path / "library"))
    return tmp_path


# In the shell


@pytest.mark.usefixtures("no_fsync", "place")
def test_each_command_refuses_each_query_that_means_nothing() -> None:
    failures, count = report.wrong(in_turn=True)
    assert failures == []
    assert count == len(list(report.commands())) * len(report.MEANINGLESS) > 300


@pytest.mark.usefixtures("no_fsync", "place")
def test_each_command_takes_each_query_that_means_something() -> None:
    for ways in report.commands():
        queries = ("*", "programs", "C++ OR C#", "-is:read", "date:2024")
        for command, query in zip(cycle(ways), queries, strict=False):
            code, _, err = report.run([*command, query])
            assert code == 0 or command[0] == "why", (command, err)
            Path("papers.md").unlink(missing_ok=True)


def test_the_queries_of_a_bulk_edit_are_the_ones_of_the_case(place: Path) -> None:
    script = (CASES / "bulk-empty-query.sh").read_text("utf-8")
    (line,) = re.findall(r"^for q in (.*); do$", script, re.MULTILINE)
    for query in re.findall(r"'([^']*)'", line):
        code, out, err = report.run(["mark", "read", "--query", query])
        assert (code, out) == (2, ""), query
        assert err.startswith("papers-tui: ")
        assert report.run(["list", "is:read"])[1] == ""


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("date:31.12.2024", "date:2024-12-31"),
        ("date:2024/05/16", "date:2024-05-16"),
        ("date:05/2024", "date:2024-05"),
        ('date:"May 2024"', "date:2024-05"),
        ("year:2024-2025", "year:2024..2025"),
    ],
)
def test_what_the_case_would_have_suggested_is_understood(
    place: Path, query: str, same: str
) -> None:
    assert query in (CASES / "query-suggestions.sh").read_text("utf-8")
    assert report.run(["list", query]) == report.run(["list", same])
    assert report.run(["list", query])[0] == 0


@pytest.mark.parametrize(
    ("words", "sentence", "hint"),
    [
        (["page.txt"], "A file is not a command: page.txt", "papers-tui import page.txt"),
        (["2603.10001"], "A paper on arXiv is not a command", "papers-tui list arxiv:2603.10001"),
        (["arXiv:2603.10001v2"], "A paper on arXiv", "papers-tui list arxiv:2603.10001"),
        (["https://arxiv.org/abs/2603.10001"], "A paper on arXiv", "papers-tui add"),
        (["https://huggingface.co/papers"], "An address is not a command", "papers-tui import"),
        (["import", "https://huggingface.co/papers"], "An address is not a file", "import FILE"),
        (["add", "https://huggingface.co/papers?q=x"], "A page of several papers", "paste"),
        (["lora"], "Unknown command: lora", "papers-tui list lora"),
        (["import", "2603.10001"], "A paper on arXiv is not a file", "add 2603.10001"),
        (["parse", "http://e.org/page"], "An address is not a file", "import FILE"),
        (["list", "https://arxiv.org/abs/2603.10001"], "arXiv 2603.10001", "Try arxiv:2603.10001"),
        (["lsit"], "Unknown command: lsit", "list"),
        (["snooze", "yesteday", report.KEY], "Not a date: yesteday", "yesterday"),
        (["undo", "--since", "mondy"], "Not a time: mondy", "monday"),
    ],
)
def test_what_is_no_command_is_answered_with_the_one_that_does_it(
    place: Path, words: list[str], sentence: str, hint: str
) -> None:
    before = report.stored(place)
    code, out, err = report.run(words)
    assert (code, out) == (2, "")
    first, second = err.splitlines()
    assert sentence in first
    assert hint in second
    assert report.stored(place) == before


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    "words",
    [
        ["-survey", "lora"],
        ["lora", "-survey"],
        ["--", "-survey", "lora"],
        ["lora", "--", "-survey"],
        ["--query", "-survey lora"],
        ["--query=-survey lora"],
        ["lora", "--query", "-survey"],
        ["--limit", "99", "--", "-survey", "lora"],
        ["--limit", "99", "lora", "--", "-survey"],
        ["-survey", "--query", "lora", "--limit", "99"],
    ],
)
def test_a_query_is_passed_in_any_way(words: list[str]) -> None:
    code, out, _ = report.run(["list", *words])
    assert (code, out) == report.run(["list", "-survey lora"])[:2]
    assert 0 < out.count("\n") < 20


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("words", [["--"], ["--dry-run", "--"]])
def test_papers_are_passed_after_two_hyphens(words: list[str]) -> None:
    assert report.run(["mark", "read", *words, report.KEY])[0] == 0


# C++, C# and symbols


@pytest.fixture
def signs(tmp_path: Path) -> Iterator[Library]:
    """A library of titles with signs in them."""
    titles = ("Fuzzing C++17 Code", "Fuzzing C# Code", "C for Everyone", "From A→B", "Hearts ❤")
    with Library.open(tmp_path / "signs", "desk", wait=0) as library:
        library.seed([paper(t, None) for t in (*titles, "Of ASP.NET", "The .NET Way", "x+y")])
        yield library


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("C++", {"Fuzzing C++17 Code"}),
        ("C#", {"Fuzzing C# Code"}),
        ("c+", {"Fuzzing C++17 Code"}),
        ('"c"', {"C for Everyone"}),
        ('"c# code"', {"Fuzzing C# Code"}),
        ('"fuzzing c"', set()),
        ("C++17", {"Fuzzing C++17 Code"}),
        (".NET", {"Of ASP.NET", "The .NET Way"}),
        ("net", {"Of ASP.NET", "The .NET Way"}),
        ('"the .net way"', {"The .NET Way"}),
        ("→", {"From A→B"}),
        ("A→B", {"From A→B"}),
        ("title:❤️", {"Hearts ❤"}),
        ("-❤️ -code -net", {"C for Everyone", "From A→B", "x+y"}),
        ("x+y", {"x+y"}),
        ("y", {"x+y"}),
    ],
)
def test_signs_are_searched_as_written(signs: Library, query: str, titles: set[str]) -> None:
    assert {item.paper.title for item in signs.select(parse(query))} == titles


@pytest.mark.parametrize("query", ["C++", "C#", "→", "❤️", "title:❤️"])
def test_in_the_shipped_papers_a_sign_finds_what_has_it(library: Library, query: str) -> None:
    assert f"'{query}'" in (CASES / "search-cplusplus.sh").read_text("utf-8")
    sign = query.removeprefix("title:").lower().rstrip("\ufe0f")
    matches = {item.key for item in library.select(parse(query))}
    texts = {i.key: f"{i.paper.title} {i.paper.abstract or ''}".lower() for i in library.items()}
    assert matches == {
        key for key, text in texts.items() if re.search(rf"\b{re.escape(sign)}", text)
    }
    if not matches and sign in "→❤":
        assert library.search.notes(parse(query))[0].startswith("No paper has")


# In sessions


MEANINGLESS = ("tag:", "is:unreaded", "lora OR", "++", "→", "date:garbage")


@pytest.mark.parametrize("query", MEANINGLESS)
@pytest.mark.parametrize("command", ["list", "filter", "show-query", "why tcia", "views save v"])
def test_a_line_of_a_session_refuses_it(library: Library, command: str, query: str) -> None:
    workspace = Workspace(library, Config(), "is:unread")
    rev = library.state.last_rev
    action, options = command_line.parse(f"{command} '{query}'", Where.PLAIN)
    with pytest.raises(UsageError):
        workspace.perform(action, options)
    assert workspace.listing.query.text == "is:unread"
    assert library.state.last_rev == rev


@pytest.mark.parametrize("query", MEANINGLESS)
def test_a_saved_view_is_not_opened(library: Library, query: str) -> None:
    library.change("view mine", [("views", "mine", "query", query)])
    workspace = Workspace(library, Config(), "is:unread")
    action, options = command_line.parse("view mine", Where.APP)
    with pytest.raises(UsageError):
        workspace.perform(action, options)
    assert workspace.listing.query.text == "is:unread"


def test_a_view_of_all_papers_is_saved_as_a_star(library: Library) -> None:
    workspace = Workspace(library, Config(), "")
    action, options = command_line.parse("save-view all", Where.APP)
    workspace.perform(action, options)
    assert library.state.views() == {"all": "*"}


@pytest.mark.usefixtures("place")
def test_the_start_view_of_the_configuration_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('view = "is:unreaded"\n', "utf-8")
    monkeypatch.setenv("PAPERS_TUI_CONFIG", str(file))
    code, out, err = report.run(["triage", "--plain"])
    assert (code, out) == (2, "")
    assert "config.toml, view: Unknown value “unreaded”. Try is:unread." in err
    assert "is:unreaded" not in report.run(["triage", "--plain", "is:unread"])[2]
    assert find.view_problems(Config(view="")) == []


# In the app


async def test_the_app_starts_in_place_of_a_view_that_means_nothing(folder: Path) -> None:
    async with reading(folder, settings=Config(view="is:unreaded")) as desk:
        assert desk.workspace.listing.query.text == Config().view
        assert "view: Unknown value “unreaded”" in desk.says


async def test_the_filter_forgives_and_says_so(folder: Path) -> None:
    async with reading(folder) as desk:
        await desk.show("retrieval")
        matches = desk.titles
        await desk.show("retrieval tag:")
        assert desk.titles == matches != list(TITLES)
        await desk.until(lambda: "“tag:” has no value" in desk.says)


@pytest.mark.parametrize(
    "text",
    [
        "https://arxiv.org/abs/2603.10001",
        "is:inbox https://huggingface.co/papers/2603.10001",
        "2603.10001",
        "doi:10.1145/attention",
    ],
)
async def test_the_name_of_a_paper_that_is_not_here_is_offered_and_no_other_paper(
    folder: Path, text: str
) -> None:
    async with reading(folder) as desk:
        await desk.press("/")
        desk.filter_line.text = text
        await desk.settle()
        assert desk.says == "Not in the library: Enter adds this paper"
        assert desk.titles == []
        await desk.press("escape")
        assert desk.titles == list(TITLES)


async def test_of_several_papers_in_the_filter_those_that_are_here_are_listed(folder: Path) -> None:
    async with reading(folder) as desk:
        desk.library.add([SourceRecord("On Sets", None, file="a", line=1, arxiv="2202.12139")])
        await desk.press("/")
        desk.filter_line.text = "2603.10001 2202.12139"
        await desk.settle()
        assert desk.says == "Not all of these 2 papers are in the library: Enter adds them"
        assert desk.titles == ["On Sets"]


async def test_a_pasted_address_is_answered_with_the_command_that_adds_it(folder: Path) -> None:
    async with reading(folder) as desk:
        for address in ("https://arxiv.org/abs/2603.10001", "2603.10001"):
            desk.app.post_message(events.Paste(address))
            await desk.settle()
            assert desk.typed == f"add {address}"
            await desk.press("escape")


async def test_a_view_that_means_nothing_is_not_shown_in_the_app(folder: Path) -> None:
    async with reading(folder) as desk:
        desk.library.change("view mine", [("views", "mine", "query", "tag:")])
        await desk.press("g", "1")
        assert desk.titles == list(TITLES)
        await desk.until(lambda: "“tag:” has no value" in desk.says)
