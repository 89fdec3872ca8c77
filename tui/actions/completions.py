"""Shell completions: scripts, and the values that these ask for, such as the names of lists."""

import argparse
import shlex
from typing import Final

from tui.actions import arguments
from tui.actions.context import Context, Outcome
from tui.actions.registry import READ, Argument, Where, action, actions_of
from tui.errors import UsageError
from tui.model.text import sanitize

PREAMBLES: Final = {
    "bash": """\
_papers_tui_values() {
  local value
  papers-tui completions values "$1" "$2" -- "${3//\\\\/}" 2>/dev/null |
    while IFS= read -r value; do printf '%q\\n' "$value"; done
}
""",
    "zsh": """\
_papers_tui_values() {
  local -a values
  values=("${(@f)$(papers-tui completions values "$1" "$2" -- "${(Q)PREFIX}" 2>/dev/null)}")
  compadd -a -- values
}
""",
}
"""The command that the scripts run for values."""


@action(
    "completions",
    Argument("shell", "bash, zsh or fish", choices=("bash", "zsh", "fish")),
    help="print the completion script of a shell",
    group="Library",
    where=Where.SHELL,
    access=None,
)
def completions(context: Context, shell: str) -> Outcome:
    """The completion script, to be sourced at the start of a shell."""
    import shtab

    parser = arguments.parser()
    functions = _complete_arguments(parser)
    preamble = PREAMBLES.get(shell, "") + (functions if shell == "bash" else "")
    return Outcome(text=f"{shtab.complete(parser, shell, preamble=preamble)}\n")


def _complete_arguments(parser: argparse.ArgumentParser) -> str:
    """Sets how the arguments of a parser and of its commands are completed.

    Returns:
        The functions of bash that do it, as bash takes no arguments there.
    """
    import shtab

    functions = ""
    for owner, each in arguments.all_arguments(parser):
        command = owner.get_default("_action")
        declared = command.arguments if command else arguments.GLOBAL
        argument = next((one for one in declared if one.name == each.dest), None)
        if argument is None:
            continue
        complete: object = None
        if argument.complete:
            words = shlex.join([command.name, each.dest])
            name = f"_papers_tui_{command.name}_{each.dest}".replace(" ", "_").replace("-", "_")
            functions += f'{name}() {{ _papers_tui_values {words} "$1"; }}\n'
            ask = f"papers-tui completions values {words} -- (commandline -ct) 2>/dev/null"
            complete = {
                "bash": name,  # which completes files itself where there is nothing else
                "zsh": f"{{_papers_tui_values {words}; _files}}",
                "fish": f"({ask}; __fish_complete_path (commandline -ct))",
            }
            if not argument.is_file:
                complete |= {"zsh": f"{{_papers_tui_values {words}}}", "fish": f"({ask})"}
        elif argument.is_file or argument.is_folder:
            complete = shtab.FILE if argument.is_file else shtab.DIRECTORY
        if complete:
            each.complete = complete  # type: ignore[attr-defined]
    return functions


@action(
    "completions values",
    Argument("command", "a command"),
    Argument("argument", "the name of one of its arguments"),
    Argument("word", "what was typed of the value", nargs="?", default=""),
    help="print the values that an argument can take, for the completions of a shell",
    group="Library",
    where=Where.SHELL,
    access=READ,
)
def values(context: Context, command: str, argument: str, word: str) -> Outcome:
    """The values of an argument that begin with a word, one per line.

    Raises:
        UsageError: If the command or the argument is unknown, or takes any value.
    """
    action = actions_of(command.split(" ")[0]).get(command)
    declared = action.arguments if action else ()
    complete = next((each.complete for each in declared if each.name == argument), None)
    if complete is None:
        named = sanitize(f"{command} {argument}", 60)
        raise UsageError(f"Not completed: {named}", "papers-tui completions SHELL prints a script.")
    values = dict.fromkeys(sanitize(value) for value, _ in complete(context.library, word))
    return Outcome(text="".join(f"{value}\n" for value in values if value.startswith(word)))
