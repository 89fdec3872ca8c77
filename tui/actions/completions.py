"""Shell completions."""

from tui.actions import arguments
from tui.actions.context import Context, Outcome
from tui.actions.registry import Argument, Where, action


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
    for each in arguments.all_arguments(parser):
        if each.metavar in ("FILE", "DIR"):
            complete = shtab.FILE if each.metavar == "FILE" else shtab.DIRECTORY
            each.complete = complete  # type: ignore[attr-defined]
    return Outcome(text=f"{shtab.complete(parser, shell)}\n")
