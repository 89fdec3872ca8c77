"""The configuration: what is taken, what is told to be wrong and where, and where things live."""

import os
import re
import shutil
import socket
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.strategies import hostile_text
from tui import config
from tui.__main__ import main
from tui.config import Config
from tui.errors import PapersError


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the configuration is looked for; it is not there yet."""
    file = tmp_path / "config.toml"
    monkeypatch.setenv("PAPERS_TUI_CONFIG", str(file))
    return file


def load(path: Path, text: str) -> tuple[Config, list[str]]:
    path.write_text(text, "utf-8")
    return config.load()


# What is taken


def test_without_a_file_everything_is_at_its_default(path: Path) -> None:
    assert config.load() == (Config(), [])
    assert load(path, "") == (Config(), [])
    assert load(path, "# only words\n") == (Config(), [])


def test_every_setting_is_taken(path: Path) -> None:
    text = 'library = "~/papers"\ntheme = "nord"\nascii = true\nview = "is:starred"\n'
    text += '[keys]\nquit = "Q"\n'
    settings, problems = load(path, text)
    assert problems == []
    assert settings == Config(
        library=Path.home() / "papers",
        theme="nord",
        ascii=True,
        view="is:starred",
        keys={"quit": "Q"},
    )


def test_a_template_is_looked_for_beside_the_configuration(path: Path) -> None:
    text = '[export]\nnote_template = "{}"\n'
    for name, file in (
        ("notes/paper.md", path.parent / "notes" / "paper.md"),
        ("~/paper.md", Path.home() / "paper.md"),
        ("/paper.md", Path("/paper.md")),
        ("", None),
    ):
        assert load(path, text.format(name)) == (Config(note_template=file), [])
    _, problems = load(path, '[export]\nnote_templat = "a"\n')
    assert problems == [
        "config.toml, line 2: unknown setting note_templat; did you mean note_template?"
    ]
    assert load(path, "[export]\nnote_template = 1\n")[1] == [
        "config.toml, line 2: note_template takes a text"
    ]


def test_a_byte_order_mark_is_no_part_of_the_settings(path: Path) -> None:
    assert load(path, '\ufefftheme = "nord"\n') == (Config(theme="nord"), [])


def test_so_are_all_settings_of_the_case_with_a_mark(path: Path) -> None:
    case = Path(__file__).parents[1] / "cases" / "config-bom.toml"
    path.write_bytes(case.read_bytes())
    assert config.load() == (Config(ascii=True, keys={"mark.read": "m"}), [])


@pytest.mark.parametrize(
    "text",
    [
        '[keys]\n"mark.read" = "x"',
        '[keys]\nmark.read = "x"',
        '[keys.mark]\nread = "x"',
        'keys.mark.read = "x"',
        'keys = { "mark.read" = "x" }',
    ],
)
def test_a_dotted_name_of_a_key_may_be_quoted_or_nested(path: Path, text: str) -> None:
    assert load(path, text) == (Config(keys={"mark.read": "x"}), [])


def test_the_file_is_where_the_platform_keeps_such_files(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert config.config_path() == home / "config" / "papers-tui" / "config.toml"
    monkeypatch.setenv("PAPERS_TUI_CONFIG", str(tmp_path / "mine.toml"))
    assert config.config_path() == tmp_path / "mine.toml"
    assert config.load(tmp_path / "other.toml") == (Config(), [])


# What is wrong


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('theem = "nord"', "line 1: unknown setting theem; did you mean theme?"),
        ('\n# theem\n\ntheem = "x"', "line 4: unknown setting theem; did you mean theme?"),
        ("xyzzy = 1", "line 1: unknown setting xyzzy"),
        ("[xyzzy]\na = 1", "line 1: unknown setting xyzzy"),
        ('[key]\nquit = "Q"', "line 1: unknown setting key; did you mean keys?"),
        ("theme = 3", "line 1: theme takes a quoted text"),
        ("library = true", "line 1: library takes a quoted text"),
        ("view = []", "line 1: view takes a quoted text"),
        ('ascii = "yes"', "line 1: ascii takes true or false"),
        ("ascii = 1", "line 1: ascii takes true or false"),
        ('theme = "nord"\nkeys = "vim"', "line 2: keys takes a table"),
        ("[keys]\nY = 3", "line 2: Y takes a quoted key or command line"),
        (
            '[keys]\n"mark.read" = ["r"]',
            "line 2: mark.read takes a quoted key or command line",
        ),
        ("[keys.mark]\nread = true", "line 2: mark.read takes a quoted key or command line"),
    ],
)
def test_what_is_wrong_is_reported_with_its_line_and_left_at_its_default(
    path: Path, text: str, message: str
) -> None:
    settings, problems = load(path, text)
    assert problems == [f"config.toml, {message}"]
    assert settings in (Config(), Config(theme="nord"))


def test_the_line_of_a_dotted_name_is_reported(path: Path) -> None:
    _, problems = load(path, "[keys]\nmark.read = true")
    assert problems == ["config.toml, line 2: mark.read takes a quoted key or command line"]


@pytest.mark.parametrize(
    "text",
    [
        '# theme = "nord"\ntheme = 3\n',
        'view = "theme = 3"\ntheme = 3\n',
        '# [keys]\n# "mark.read" = "x"\n[keys]\n"mark.read" = 3\n',
    ],
)
def test_a_line_that_only_speaks_of_a_setting_is_not_taken_for_it(path: Path, text: str) -> None:
    _, (problem,) = load(path, text)
    assert problem.startswith(f"config.toml, line {text.count(chr(10))}: ")


def test_one_wrong_setting_keeps_no_other_out(path: Path) -> None:
    text = 'theme = 3\nascii = true\nviwe = "x"\n[keys]\nquit = "Q"\nundo = 7\n'
    settings, problems = load(path, text)
    assert settings == Config(ascii=True, keys={"quit": "Q"})
    assert [re.findall(r"line (\d+)", problem) for problem in problems] == [["1"], ["3"], ["6"]]


@pytest.mark.parametrize("text", ["theme =", 'theme = "x', "[keys", "= 1", "a = 1\na = 2", "\x00"])
def test_what_is_not_toml_is_one_sentence_with_the_file_and_its_line(path: Path, text: str) -> None:
    settings, (problem,) = load(path, f"ascii = true\n{text}\n")
    assert settings == Config()
    assert problem.startswith("config.toml: ")
    assert problem.endswith(f"; all settings keep their defaults ({path})")
    assert re.search(r"line [23]\b|end of document", problem)
    assert "\n" not in problem


def test_a_broken_file_opens_no_other_library_than_the_one_it_names(path: Path) -> None:
    settings, (problem,) = load(path, 'library = "/papers"\n[keys\n')
    assert settings == Config(library=Path("/papers"))
    assert "all other settings keep their defaults" in problem
    with pytest.raises(PapersError, match=r"config\.toml"):
        load(path, 'library = "/papers\n')


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="it has no pipes")
@pytest.mark.parametrize("kind", ["device", "pipe", "folder"])
def test_what_is_no_file_is_one_sentence_and_never_waited_for(path: Path, kind: str) -> None:
    if kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    settings, (problem,) = config.load()
    assert settings == Config()
    assert problem.startswith(f"{path}: ") or path.name in problem
    assert "\n" not in problem


def test_a_file_that_is_no_text_is_one_sentence(path: Path) -> None:
    path.write_bytes(b'theme = "caf\xe9"\n')
    settings, (problem,) = config.load()
    assert settings == Config()
    assert problem.startswith("config.toml: ")
    path.unlink()
    path.mkdir()
    settings, (problem,) = config.load()
    assert settings == Config()
    assert "it is a folder" in problem


@given(name=hostile_text(), value=hostile_text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(name="\x1b]0;x\x07", value="\x9b")
def test_what_is_reported_is_always_one_harmless_line(path: Path, name: str, value: str) -> None:
    def quoted(text: str) -> str:
        escaped = (f"\\U{ord(c):08x}" for c in text if not "\ud800" <= c <= "\udfff")
        return f'"{"".join(escaped)}"'

    text = f"{quoted(name)} = {quoted(value)}\n[keys]\n{quoted(name)} = 1\n[{quoted(value)}]\n"
    for problem in load(path, text)[1]:
        assert not [c for c in problem if unicodedata.category(c) in ("Cc", "Cs")]
        assert len(problem) < 200


# What is wrong with keys, told by keys and doctor


BOTH = pytest.mark.parametrize("command", ["keys", "doctor"])

WRONG_KEYS = [
    pytest.param(
        '"mark.reed" = "x"',
        "unknown binding mark.reed; did you mean mark.read?",
        id="unknown name",
    ),
    pytest.param('xyzzy = "x"', "unknown binding xyzzy", id="nothing like it"),
    pytest.param('"mark.read" = "ctrl+h"', "ctrl+h is not a key that every", id="lost key"),
    pytest.param('"mark.read" = "hyper+r"', "hyper+r is not a key that every", id="no key"),
    pytest.param(
        '"mark.read" = "g"',
        "g begins the keys of move.first, so it cannot act alone",
        id="begins others",
    ),
    pytest.param(
        '"mark.read" = "X"\n"mark.star" = "X"',
        "X is bound to both mark.read and mark.star",
        id="two of the user's own",
    ),
]


@BOTH
@pytest.mark.parametrize(("line", "message"), WRONG_KEYS)
def test_what_is_wrong_with_keys_is_reported_with_its_line(
    path: Path, capsys: pytest.CaptureFixture[str], command: str, line: str, message: str
) -> None:
    path.write_text(f'theme = "nord"\n\n[keys]\n"quit" = "Q"\n{line}\n', "utf-8")
    assert main([command]) == 1
    out, err = capsys.readouterr()
    shown = err if command == "keys" else out
    assert re.search(rf"config\.toml, line [56]: {re.escape(message)}", shown)
    assert shown.count("config.toml, line ") == 1


@pytest.mark.parametrize("line", ['"mark.read" = "d"', '"view.all" = "r x"', 'e = "tag +skim"'])
def test_a_key_in_place_of_a_default_is_no_problem(
    path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    path.write_text(f"\n[keys]\n{line}\n", "utf-8")
    assert main(["keys"]) == 0
    assert "config.toml" not in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    "text", ['keys."mark.read" = "ctrl+h"', 'keys = { "mark.read" = "ctrl+h" }']
)
def test_the_line_of_a_key_is_reported_however_it_is_written(
    path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path.write_text(f"{text}\n", "utf-8")
    assert main(["keys"]) == 1
    assert "config.toml, line 1: ctrl+h" in capsys.readouterr().err


def test_doctor_shows_every_wrong_setting(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text("theem = 1\nascii = 1\n", "utf-8")
    assert main(["doctor"]) == 1
    out, _ = capsys.readouterr()
    assert "✗  configuration  config.toml, line 1: unknown setting theem" in out
    assert "✗  configuration  config.toml, line 2: ascii takes true or false" in out


@pytest.mark.parametrize("command", [["list"], ["stats"], ["lists"]])
def test_every_command_shows_a_wrong_setting_and_goes_on(
    path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    path.write_text("theem = 1\n", "utf-8")
    assert main(command) == 0
    assert capsys.readouterr().err.startswith("config.toml, line 1: unknown setting theem")


@pytest.mark.parametrize("command", [["list"], ["keys"], ["stats"]])
def test_every_command_reports_a_broken_file_and_goes_on(
    path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    path.write_text("[keys\n", "utf-8")
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert out
    assert err.startswith("config.toml: ")
    assert err.endswith(f"all settings keep their defaults ({path})\n")
    assert len(err.splitlines()) == 1


def test_doctor_looks_at_all_the_rest_though_the_file_is_broken(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path.write_text("theme = \n", "utf-8")
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "✓  python" in out
    assert "✗  configuration  config.toml: " in out
    assert out.count("Fix the file.") == 1


# Where things live


def test_the_library_is_named_by_option_environment_configuration_and_platform(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Config(library=Path("/configured"))
    assert config.library_path(None, Config()) == (home / "data" / "papers-tui", True)
    assert config.library_path(None, mine) == (Path("/configured"), True)
    monkeypatch.setenv("PAPERS_TUI_LIBRARY", "~/environment")
    assert config.library_path(None, mine) == (home / "environment", True)
    assert config.library_path("~/option", mine) == (home / "option", False)
    monkeypatch.setenv("PAPERS_TUI_LIBRARY", "")
    assert config.library_path(None, mine) == (Path("/configured"), True)


def test_an_empty_library_in_the_configuration_is_none(path: Path, home: Path) -> None:
    settings, _ = load(path, 'library = ""\n')
    assert config.library_path(None, settings)[0] == home / "data" / "papers-tui"


def test_an_empty_library_option_is_refused_and_never_the_default(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    assert main(["--library", "", "mark", "read", "mixlora"]) != 0
    assert not (home / "data").exists()


def test_the_home_of_nobody_in_the_configuration_is_reported(path: Path) -> None:
    _, problems = load(path, 'library = "~no-such-user/x"\n')
    assert problems


def test_the_corpus_is_there() -> None:
    assert config.corpus_path().is_file()


def test_a_machine_keeps_its_name_for_a_folder(home: Path, tmp_path: Path) -> None:
    name = config.machine_name(tmp_path)
    assert re.fullmatch("[a-z0-9-]{1,40}", name)
    assert config.machine_name(tmp_path) == name
    assert config.machine_name(tmp_path / "another") != name
    for path in (home / "state").rglob("machines/*"):
        path.unlink()
    assert config.machine_name(tmp_path) != name


def test_a_home_that_was_copied_to_another_machine_has_another_name(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = config.machine_name(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(config, "_machine_id", lambda: "another")
        assert config.machine_name(tmp_path) != name
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    monkeypatch.setenv("XDG_STATE_HOME", str(copy / "state"))
    other = config.machine_name(tmp_path)
    assert other != name
    assert config.machine_name(tmp_path) == other


@pytest.mark.parametrize("content", [b"", b"../../x 1\n", b"UPPER 1\n", b"\xff", b"a" * 41])
def test_a_machine_whose_name_was_damaged_gets_another(
    home: Path, tmp_path: Path, content: bytes
) -> None:
    config.machine_name(tmp_path)
    (kept,) = (home / "state").rglob("machines/*")
    kept.write_bytes(content)
    name = config.machine_name(tmp_path)
    assert re.fullmatch("[a-z0-9-]{1,40}", name)
    assert config.machine_name(tmp_path) == name


def test_a_machine_that_can_keep_nothing_is_called_by_its_host_and_folder(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "state").write_text("no folder")
    monkeypatch.setattr(socket, "gethostname", lambda: "Ada's MacBook.local")
    name = config.machine_name(tmp_path)
    assert re.fullmatch("ada-s-macbook-local-[0-9a-f]{6}", name)
    assert config.machine_name(tmp_path) == name != config.machine_name(tmp_path / "another")


@given(host=st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(host="")
@example(host="../../etc")
@example(host="日本")
def test_any_host_makes_a_name_for_a_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: host)
    for kept in home.rglob("machines/*"):
        kept.unlink()
    assert re.fullmatch("[a-z0-9][a-z0-9-]{0,39}", config.machine_name(home))
