"""The configuration, checked, and the paths that papers-tui uses."""

import hashlib
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, Final

from tui.errors import InputError, PapersError, with_path
from tui.files import open_regular, read_file, read_text
from tui.model.suggest import unknown
from tui.model.text import normalize
from tui.patterns import regex
from tui.values import dataclass

APP: Final = "papers-tui"
LIBRARY_VARIABLE: Final = "PAPERS_TUI_LIBRARY"
CONFIG_VARIABLE: Final = "PAPERS_TUI_CONFIG"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of ``config.toml``, with defaults."""

    library: Path | None = None
    """The library folder; ``None`` for the platform's."""
    theme: str = "papers-dark"
    ascii: bool | None = None
    """Whether glyphs are drawn in ASCII; ``None`` if the locale has no Unicode."""
    view: str = "is:inbox"
    """The query of a first start."""
    sample: bool = True
    """Whether a new default library has the sample papers."""
    citation_key: str = ""
    """The template of citation keys; empty for that of ``formats.citation_keys``."""
    note_template: Path | None = None
    """The file of the template of new notes; ``None`` for none. Set in the table ``export``."""
    smtp: Mapping[str, str] = field(default_factory=dict)
    """The mail server: ``host``, and what else is in ``_SMTP``."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys by binding id, separated by commas; command lines by key."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """The addresses of services by name, in place of those that are known; see ``SERVICES``."""


_KINDS: Final[dict[str, type]] = {
    "library": str,
    "theme": str,
    "ascii": bool,
    "view": str,
    "sample": bool,
    "citation_key": str,
    "export": dict,
    "smtp": dict,
    "keys": dict,
    "sources": dict,
}
_SMTP: Final = ("host", "port", "user", "password_command", "from")
_EXPORT: Final = ("note_template",)

_NAMES: Final = {str: "a quoted text", bool: "true or false", dict: "a table"}


def config_path() -> Path:
    """The configuration file."""
    if override := os.environ.get(CONFIG_VARIABLE):
        return Path(override)
    from platformdirs import user_config_path

    return user_config_path(APP) / "config.toml"


def load(path: Path | None = None) -> tuple[Config, list[str]]:
    """The configuration, and its problems, a message each.

    Wrong settings keep their defaults, and all but the library do in a file that is not TOML, so
    that a typo never prevents a start.

    Raises:
        InputError: If the file is not TOML because of the library.
    """
    path = path or config_path()
    text = ""
    try:
        text = read_text(path)
        import tomllib  # here, as it is often not needed

        settings = tomllib.loads(text)
    except FileNotFoundError:
        return Config(), []
    except (OSError, ValueError) as error:  # not UTF-8, not TOML
        library = _library_line(path, text)
        others = "all other settings" if library else "all settings"
        text = getattr(error, "strerror", None) or str(error)
        reason = f"{normalize(text, 80)}; {others} keep their defaults"
        return Config(library=library), [with_path(path, reason)]
    problems: list[str] = []
    values: dict[str, Any] = {}
    for name, value in settings.items():
        where = f"{path.name}, line {_line_of(text, name)}"
        kind = _KINDS.get(name)
        if kind is None:
            problems.append(f"{where}: {unknown('setting', name, _KINDS)}")
        elif type(value) is not kind:
            problems.append(f"{where}: {name} takes {_NAMES[kind]}")
        elif name == "sources":
            values[name] = _addresses(settings[name], text, path, problems)
        elif name == "smtp":
            values[name] = _texts(settings[name], _SMTP, text, path, problems)
        elif name == "export":
            exports = _texts(settings[name], _EXPORT, text, path, problems)
            template = _folder(exports.get("note_template", ""), where, problems)
            values["note_template"] = template and path.parent / template
        elif name == "keys":
            values[name] = _keys(settings[name], text, path, problems)
        elif name == "library":
            values[name] = _folder(settings[name], where, problems)
        else:
            values[name] = value
    return Config(**values), problems


def _library_line(path: Path, text: str) -> Path | None:
    """The library set in a file that is not TOML, so that no other one is used by mistake."""
    import tomllib

    if (line := re.search(r"^[ \t]*library[ \t]*=.*", text, re.MULTILINE)) is None:
        return None
    try:
        return _folder(tomllib.loads(line[0])["library"], path.name, [])
    except (ValueError, AttributeError) as error:
        raise InputError(
            with_path(path, normalize(str(error), 120)), "Fix or move the file."
        ) from error


def _keys(table: Mapping[str, Any], text: str, path: Path, problems: list[str]) -> dict[str, str]:
    """The keymap, flattened: TOML reads an unquoted dotted id as nested tables."""
    flat: dict[str, str] = {}

    def walk(prefix: str, part: Mapping[str, Any]) -> None:
        for name, value in part.items():
            dotted = f"{prefix}{name}"
            if isinstance(value, dict):
                walk(f"{dotted}.", value)
            elif isinstance(value, str):
                flat[dotted] = value
            else:
                line = key_line(path, dotted)
                problems.append(
                    f"{path.name}, line {line}: {normalize(dotted, 40)} takes a quoted key or"
                    " command line"
                )

    walk("", table)
    return flat


SERVICES: Final = ("arxiv", "crossref", "hf")
"""The services of which the address can be set: ``[sources.hf] url = "https://…"``."""
_ADDRESS: Final = regex(
    r"https://[\w.:-]+(/[\w./~-]*)?|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/[\w./~-]*)?"
)


def _addresses(
    table: Mapping[str, Any], text: str, path: Path, problems: list[str]
) -> dict[str, str]:
    """The addresses of services by name: https, or on this machine, as for tests."""
    addresses: dict[str, str] = {}
    for name, settings in table.items():
        url = settings.get("url") if isinstance(settings, dict) else None
        where = f"{path.name}, line {_line_of(text, name)}"
        if name not in SERVICES:
            problems.append(f"{where}: {unknown('service', name, SERVICES)}")
        elif not isinstance(url, str) or not _ADDRESS.fullmatch(url):
            problems.append(f"{where}: {name} takes url, an https address")
        else:
            addresses[name] = url.rstrip("/")
    return addresses


def _texts(
    table: Mapping[str, Any], names: Sequence[str], text: str, path: Path, problems: list[str]
) -> dict[str, str]:
    """The settings of a table, which are texts; a port is a number."""
    values: dict[str, str] = {}
    for name, value in table.items():
        where = f"{path.name}, line {_line_of(text, name)}"
        is_port = name == "port" and isinstance(value, int) and 0 < value < 65_536
        if name not in names:
            problems.append(f"{where}: {unknown('setting', name, names)}")
        elif is_port or (name != "port" and isinstance(value, str)):
            values[name] = str(value)
        else:
            problems.append(f"{where}: {name} takes {'a port' if name == 'port' else 'a text'}")
    return values


def key_line(path: Path, binding: str) -> int:
    """The line of the configuration that sets a binding; 0 if unknown."""
    try:
        text = read_text(path)
    except (OSError, UnicodeDecodeError):
        return 0
    last = binding.rsplit(".", 1)[-1]
    return _line_of(text, binding) or _line_of(text, last)


def _line_of(text: str, name: str) -> int:
    """The first line that sets a name, in any TOML syntax; 0 if none is found."""
    key = rf"""(?:^|[\s.\[{{,"'])["']?{re.escape(name)}["']?\s*(?:=|\])"""
    for number, line in enumerate(text.splitlines(), 1):
        # Comments and values can contain the name, too.
        bare = re.sub(r"""=\s*("[^"]*"|'[^']*')""", "= ", line)
        if not line.lstrip().startswith("#") and re.search(key, bare.split(" #")[0]):
            return number
    return 0


def _folder(text: str, where: str, problems: list[str]) -> Path | None:
    if not text.strip():
        return None
    try:
        return Path(text).expanduser()
    except RuntimeError:
        problems.append(f"{where}: no such home folder")
        return None


def has_unicode() -> bool:
    """Whether the locale has Unicode, so that the terminal is expected to show it.

    That is the encoding which Python settled on: UTF-8 also where no locale is set, as in most
    containers, or where one without an encoding is (PEP 538 and 540). ``LC_ALL`` is different: who
    sets it to ``C``, or to another encoding, means it.
    """
    locale = os.environ.get("LC_ALL", "")
    if locale in ("C", "POSIX"):
        return False
    encoding = locale.partition(".")[2] or getattr(sys.__stderr__, "encoding", None) or "utf-8"
    return encoding.lower().replace("-", "").startswith("utf")


def library_path(option: str | None, config: Config) -> tuple[Path, bool]:
    """The library folder to use: option, environment, configuration, platform, in that order.

    Returns:
        The folder, and whether it is a default one, created from the corpus if missing.

    Raises:
        PapersError: If the name is not a valid folder.
    """
    variable = os.environ.get(LIBRARY_VARIABLE)
    named = option if option is not None else variable
    if option == "":
        raise PapersError("The library folder has no name", "Name one: --library DIR.")
    if named:
        try:
            return Path(named).expanduser(), option is None
        except RuntimeError as error:
            raise PapersError(f"No such home folder: {normalize(named, 80)}") from error
    if config.library:
        return config.library, True
    from platformdirs import user_data_path

    return user_data_path(APP), True


def machine_name(folder: Path) -> str:
    """The name of this machine in the journal of a library: its host name and a random part.

    It is stored once for each folder, outside of it, with what identifies the file that it is
    stored in: if a home is copied to another machine, or a library to another folder, the copy gets
    a name of its own, as no two may write one file. If it cannot be stored, it is made from the
    folder.
    """
    from platformdirs import user_state_path

    key = f"{_machine_id()} {_name_of(folder)}".encode(errors="replace")
    path = user_state_path(APP) / "machines" / hashlib.sha256(key).hexdigest()[:16]
    try:
        name, inode = read_text(path).split()
        if re.fullmatch(r"[a-z0-9-]{1,40}", name) and inode == str(path.stat().st_ino):
            return name
    except (OSError, ValueError):
        pass
    import socket  # here, as it is needed once per machine

    host = re.sub(r"[^a-z0-9]+", "-", socket.gethostname().lower()).strip("-")[:24] or "machine"
    name = f"{host}-{os.urandom(3).hex()}"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = open_regular(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        with os.fdopen(handle, "wb") as file:
            file.write(f"{name} {os.fstat(handle).st_ino}\n".encode())
    except OSError:
        return f"{host}-{hashlib.sha256(key).hexdigest()[:6]}"
    return name


def _machine_id() -> str:
    """The id of this machine for systemd; empty where there is none."""
    try:
        return read_text(Path("/etc/machine-id")).strip()
    except (OSError, UnicodeDecodeError):
        return ""


def last_known_path(folder: Path, machine: str) -> Path:
    """The file of what this machine last knew of a library; see ``storage.last_known``."""
    from platformdirs import user_state_path

    return user_state_path(APP) / "witness" / f"{_name_of(folder)}-{machine}.json"


def session_path(folder: Path) -> Path:
    """The file of the user's place in a library.

    Not in the library folder, which may be shared or in a repository.
    """
    from platformdirs import user_state_path

    return user_state_path(APP) / "sessions" / f"{_name_of(folder)}.json"


def fetched_path(folder: Path) -> Path:
    """The file of what this machine fetched for a library; it can be deleted at any time."""
    return cache_path(folder) / "fetched.json"


def paces_path() -> Path:
    """The folder of the paces at which services are asked, by all programs of a user."""
    from platformdirs import user_cache_path

    return user_cache_path(APP) / "paces"


def allowed_path() -> Path:
    """The file of the commands that may run on this machine; see ``actions.sources``.

    Not in the library folder, which others may write to.
    """
    from platformdirs import user_state_path

    return user_state_path(APP) / "commands"


def cache_path(folder: Path) -> Path:
    """The folder of a library's caches; it can be deleted at any time."""
    from platformdirs import user_cache_path

    return user_cache_path(APP) / _name_of(folder)


def _name_of(folder: Path) -> str:
    return hashlib.sha256(str(folder.resolve()).encode(errors="replace")).hexdigest()[:16]


def corpus_files() -> frozenset[str]:
    """The names of the files of the shipped corpus; empty if it cannot be read."""
    try:
        papers = json.loads(read_file(corpus_path()))
        return frozenset(record["file"] for paper in papers for record in paper["sightings"])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def corpus_path() -> Path:
    """The parsed corpus: in the wheel beside the code, in a checkout under ``data``."""
    shipped = Path(__file__).parent / "_data" / "corpus.json"
    return shipped if shipped.is_file() else Path(__file__).parents[1] / "data" / "corpus.json"
