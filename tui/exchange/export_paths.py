"""Where exports are written: paths as a user types them, and files that are safe to write."""

from contextlib import suppress
from pathlib import Path

from tui.errors import PapersError, UsageError, with_path
from tui.model.text import is_inert, sanitize
from tui.model.words import fold, words


def typed_path(text: str) -> Path:
    """The path that a user typed for a file to write; what ends in a slash is a folder.

    Raises:
        PapersError: If it is a folder that is not there.
    """
    path = Path(text)
    if text.endswith("/") and is_inert(text):
        with suppress(OSError, RuntimeError, ValueError):  # of which ``target_of`` tells
            if not path.expanduser().is_dir():
                raise PapersError(f"No such folder: {path}", "Create it first, or choose another.")
    return path


def is_full_path(text: str) -> bool:
    """Whether a path is no relative one, and cannot affect a terminal."""
    return Path(text).is_absolute() and is_inert(text)


def target_of(path: Path, title: str, format: str = "") -> tuple[Path, str]:
    """The file to write, never a device; in a folder, named after the title.

    Args:
        path: A file or a folder.
        format: A module of ``formats.exporters``; empty for the one that the extension means.

    Returns:
        The file, and its format.

    Raises:
        PapersError: If it cannot be written, or its extension is that of no format.
    """
    from tui.formats import exporters

    if not is_inert(str(path)):
        raise PapersError(f"Not a valid file name: {sanitize(str(path))}", "Choose another name.")
    try:
        target = path.expanduser().absolute()
        str(target).encode()
        if target.is_dir():
            endings = exporters.named(format or exporters.DEFAULT).EXTENSIONS
            target /= file_name(title, endings[0])
        if target.exists() and not target.is_file():
            reason = with_path(target, "not a regular file")
            raise PapersError(reason, "Choose another file.")
        export_format = format or exporters.for_file(target.name)
        if export_format is None and target.suffix and not target.exists():
            raise UsageError(
                f"Not the extension of an export format: {target.suffix}",
                formats_by_extension(),
            )
        if not target.parent.is_dir():
            raise PapersError(
                f"No such folder: {target.parent}", "Create it first, or choose another."
            )
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "Not a valid path"
        raise PapersError(f"{reason}: {sanitize(str(path))}", "Choose another file.") from error
    return target, export_format or exporters.DEFAULT


def formats_by_extension() -> str:
    """The extensions of all formats, for a hint."""
    from tui.formats.exporters import extensions

    return f"Formats by extension: {' '.join(extensions())}"


def file_name(title: str, extension: str = ".md") -> str:
    """A title as a safe file name: ``Thesis: world models`` is thesis-world-models.md.

    Letters, digits and hyphens only, so it stays in its folder; never a device name on any system.
    """
    slug = "-".join(words(fold(title)))[:60].strip("-") or "list"
    while len(slug.encode()) > 80:
        slug = slug[:-1]
    devices = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}
    return f"{slug}-list{extension}" if slug in devices else f"{slug}{extension}"


def short_path(path: Path) -> str:
    """A path as a user would type it: from the current folder or the home folder, if in one."""
    for folder, start in ((Path.cwd(), Path()), (Path.home(), Path("~"))):
        if path.is_relative_to(folder):
            return str(start / path.relative_to(folder))
    return str(path)
