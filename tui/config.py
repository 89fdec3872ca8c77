"""Where things live, and what a user may set; checked, with the line of what is wrong.

It knows the names of settings and nothing of what they do.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tui.errors import PapersError, with_path
from tui.model.text import normalize

APP: Final = "papers-tui"
LIBRARY_VARIABLE: Final = "PAPERS_TUI_LIBRARY"
CONFIG_VARIABLE: Final = "PAPERS_TUI_CONFIG"


@dataclass(frozen=True, slots=True)
class Config:
    """What ``config.toml`` says, with the defaults for what it does not."""

    library: Path | None = None
    """The library folder; ``None`` for the platform's."""
    theme: str = "papers-dark"
    ascii: bool = False
    """Whether marks are drawn in ASCII."""
    view: str = "is:unread"
    """The query of the first start."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys by binding id, several parted by commas."""


_KINDS: Final[dict[str, type]] = {
    "library": str,
    "theme": str,
    "ascii": bool,
    "view": str,
    "keys": dict,
}


_NAMES: Final = {str: "a text in quotes", bool: "true or false", dict: "a table"}


def config_path() -> Path:
    """The file a user may write."""
    if override := os.environ.get(CONFIG_VARIABLE):
        return Path(override)
    from platformdirs import user_config_path

    return user_config_path(APP) / "config.toml"


def load(path: Path | None = None) -> tuple[Config, list[str]]:
    """The configuration, and what is wrong with it, a sentence each.

    Wrong settings are left at their defaults, so that a misspelt key never keeps the app shut.

    Raises:
        PapersError: If the file is there and is not TOML.
    """
    path = path or config_path()
    try:
        text = path.read_text("utf-8")
        import tomllib  # here, as most start without a file

        found: dict[str, Any] = tomllib.loads(text)
    except FileNotFoundError:
        return Config(), []
    except (OSError, ValueError) as error:  # no UTF-8, no TOML
        raise PapersError(
            with_path(path, normalize(str(error), 120)), "mend the file, or move it away"
        ) from error
    problems: list[str] = []
    values: dict[str, Any] = {}
    for name in found:
        value = found[name]
        where = f"{path.name}, line {_line_of(text, name)}"
        kind = _KINDS.get(name)
        if kind is None:
            from difflib import get_close_matches

            near = get_close_matches(name, _KINDS, 1)
            hint = f", did you mean {near[0]}?" if near else ""
            problems.append(f"{where}: there is no setting {normalize(name, 40)}{hint}")
        elif type(value) is not kind:
            problems.append(f"{where}: {name} takes {_NAMES[kind]}")
        elif name == "keys":
            values[name] = _keys(found[name], text, path, problems)
        elif name == "library":
            values[name] = _folder(found[name], where, problems)
        else:
            values[name] = value
    return Config(**values), problems


def _keys(table: Mapping[str, Any], text: str, path: Path, problems: list[str]) -> dict[str, str]:
    """The flat keymap; ``[keys]`` may nest, as TOML reads a dotted id as tables."""
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
                    f"{path.name}, line {line}: {normalize(dotted, 40)} takes a key's name"
                )

    walk("", table)
    return flat


def key_line(path: Path, binding: str) -> int:
    """The line of the configuration on which a binding is set; 0 if it cannot be told."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return 0
    last = binding.rsplit(".", 1)[-1]
    return _line_of(text, binding) or _line_of(text, last)


def _line_of(text: str, name: str) -> int:
    """The first line that sets a name, however TOML lets it be written; 0 if none seems to."""
    key = rf"""(?:^|[\s.\[{{,"'])["']?{re.escape(name)}["']?\s*(?:=|\])"""
    for number, line in enumerate(text.splitlines(), 1):
        # Comments and the texts that are set speak of names, too.
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
        problems.append(f"{where}: there is no such home folder")
        return None


def library_path(option: str | None, config: Config) -> tuple[Path, bool]:
    """The library folder to use: option, environment, configuration, platform, in that order.

    Returns:
        The folder, and whether it is a default one, which is made from the corpus when missing.

    Raises:
        PapersError: If the name can be no folder.
    """
    variable = os.environ.get(LIBRARY_VARIABLE)
    named = option if option is not None else variable
    if option == "":
        raise PapersError("the library's folder has no name", "name one: --library DIR")
    if named:
        try:
            return Path(named).expanduser(), option is None
        except RuntimeError as error:
            raise PapersError(f"{normalize(named, 80)}: there is no such home folder") from error
    if config.library:
        return config.library, True
    from platformdirs import user_data_path

    return user_data_path(APP), True


def machine_name() -> str:
    """This machine's name in journals: its host name and a random part that is kept.

    Two machines of one name that share a library through a synced folder stay two. Where nothing
    can be kept, the host name must do.
    """
    from platformdirs import user_state_path

    path = user_state_path(APP) / "machine"
    try:
        name = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    if re.fullmatch(r"[a-z0-9-]{1,40}", name):
        return name
    import socket  # here, as it is asked once a machine

    host = re.sub(r"[^a-z0-9]+", "-", socket.gethostname().lower()).strip("-")[:24] or "machine"
    name = f"{host}-{os.urandom(3).hex()}"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(name + "\n", "utf-8")
    except OSError:
        return host
    return name


def session_path(folder: Path) -> Path:
    """Where this machine keeps the place of its reader in a library.

    Not in the library's folder: that may be shared or in a repository, where the place of one
    reader is nobody else's business and no change.
    """
    from platformdirs import user_state_path

    return user_state_path(APP) / "sessions" / f"{_name_of(folder)}.json"


def cache_path(folder: Path) -> Path:
    """Where what can be made anew of a library is kept; it may be deleted at any time."""
    from platformdirs import user_cache_path

    return user_cache_path(APP) / _name_of(folder)


def _name_of(folder: Path) -> str:
    return hashlib.sha256(str(folder.resolve()).encode(errors="replace")).hexdigest()[:16]


def corpus_path() -> Path:
    """The parsed corpus: in the wheel beside the code, in a checkout under ``data``."""
    shipped = Path(__file__).parent / "_data" / "corpus.json"
    return shipped if shipped.is_file() else Path(__file__).parents[1] / "data" / "corpus.json"
