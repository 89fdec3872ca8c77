"""Decoding bytes to text, with an error that names what else they are."""

import codecs
import re
import zlib
from typing import Final

from tui.errors import InputError
from tui.formats.base import ImportWarning
from tui.values import dataclass

MAX_UNPACKED: Final = 60_000_000
"""Bytes of the largest file that is unpacked; three times the largest that is read by default."""
_GZIP: Final = b"\x1f\x8b"
_SIGNATURES: Final = (
    (b"%PDF", "a PDF document", "Open it and copy the text of the page."),
    (b"PK\x03\x04", "a ZIP archive", "Unpack it first."),
    (b"\xfd7zXZ", "xz-compressed", "Unpack it first: unxz."),
    (b"BZh", "bzip2-compressed", "Unpack it first: bunzip2."),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed", "Unpack it first: unzstd."),
    (b"\x89PNG", "a PNG picture", "Save what it shows as text."),
    (b"\xff\xd8\xff", "a JPEG picture", "Save what it shows as text."),
    (b"GIF8", "a GIF picture", "Save what it shows as text."),
    (b"\x7fELF", "a program", "Name a text file."),
    (b"SQLite format 3", "an SQLite database", "Name a text file."),
)
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HTML: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*(?:<!doctype html|<html|<head|<body"
    r"|<(?:div|main|section|article|header|ul|p)\b(?=.*</(?:a|h[1-6]|p|article)>))",
    re.I | re.S,
)
_OTHER_XML: Final = re.compile(r"<(?:para|sec|ext-link|itemizedlist|list-item|item|ref|hi)\b")
"""Elements of DocBook, JATS and TEI, of which the others have the names of those of HTML."""
_MAIL: Final = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]+)", re.I)
_UNUSED_IN_1252: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_NEIGHBOURS: Final = re.compile(rb"[\x80-\xff]{2,}")


@dataclass(frozen=True, slots=True)
class Decoded:
    r"""The text of a file, with ``\n`` for every line end."""

    text: str
    warnings: tuple[ImportWarning, ...] = ()


def decode(data: bytes, name: str) -> Decoded:
    """The text of a file.

    UTF-8, UTF-16 and UTF-32 with a byte order mark, and Windows-1252, which is said in a warning;
    compressed by gzip or not; HTML and MHTML as the text that they show. Nothing else is guessed,
    as wrong letters would give papers wrong keys.

    Raises:
        InputError: If it is empty, something other than text, or in another encoding.
    """
    if data.startswith(_GZIP):
        data = _unpacked(data, name)
    if not data.strip(b" \t\r\n\x00"):
        raise InputError(f"{name}: the file is empty", "Save it again.")
    for signature, kind, hint in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(f"{name}: this looks like {kind}, not text", hint)
    if (match := _MAIL.match(data[:65_536])) and b"content-type:" in match[0].lower():
        return _decode_mail(data, name)
    charset = _CHARSET.search(data[:4096]) if data[:64].lstrip().startswith(b"<") else None
    declared = _decode_as(data, charset[1].decode("ascii")) if charset is not None else None
    decoded = declared or _decode_text(data, name)
    head = decoded.text[:20_000]
    if _HTML.match(head) and _OTHER_XML.search(head) is None:
        from tui.formats.html import html_to_text

        return Decoded(html_to_text(decoded.text), decoded.warnings)
    return decoded


def _unpacked(data: bytes, name: str) -> bytes:
    """The content of a gzip file.

    Raises:
        InputError: If it is damaged or too large.
    """
    parts: list[bytes] = []
    room = MAX_UNPACKED
    try:
        while data.startswith(_GZIP):
            unpacker = zlib.decompressobj(31)
            parts.append(unpacker.decompress(data, room))
            room -= len(parts[-1])
            if room <= 0:
                raise InputError(
                    f"{name}: this unpacks to more than {MAX_UNPACKED // 1_000_000} MB",
                    "Unpack it, and import a part of it.",
                )
            if not unpacker.eof:
                raise InputError(f"{name}: this gzip file is cut off", "Save it again.")
            data = unpacker.unused_data
    except zlib.error as error:
        raise InputError(f"{name}: this gzip file is damaged", "Save it again.") from error
    return b"".join(parts)


def _decode_mail(data: bytes, name: str) -> Decoded:
    """The text of a mail or of a page saved as MHTML.

    Raises:
        InputError: If it has no part that is text.
    """
    from email import message_from_bytes, policy

    from tui.formats.html import SITE, html_to_text

    message = message_from_bytes(data, policy=policy.compat32)
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    for kind in ("html", "plain"):
        for part in parts:
            payload = part.get_payload(decode=True)
            if part.get_content_subtype() != kind or not isinstance(payload, bytes):
                continue
            charset = part.get_content_charset() or "utf-8"
            decoded = _decode_as(payload, charset) or _decode_text(payload, name)
            if kind == "plain":
                return decoded
            base = part.get("Content-Location") or message.get("Snapshot-Content-Location") or SITE
            return Decoded(html_to_text(decoded.text, str(base)), decoded.warnings)
    raise InputError(f"{name}: this mail has no text", "Save it as text.")


def _decode_as(data: bytes, encoding: str) -> Decoded | None:
    """The text in the encoding that a file says it has; ``None`` if it does not."""
    try:
        return Decoded(_fold_line_ends(data.decode(encoding)))
    except (UnicodeDecodeError, LookupError):
        return None


def _decode_text(data: bytes, name: str) -> Decoded:
    encoding, start = "utf-8", 0
    for mark, marked in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            encoding, start = marked, len(mark)
            break
    if encoding == "utf-8" and data.count(b"\x00") > len(data) // 100:
        raise InputError(f"{name}: this is binary data, not text", "Name a text file.")
    try:
        return Decoded(_fold_line_ends(data[start:].decode(encoding)))
    except UnicodeDecodeError as error:
        if error.reason.startswith(("unexpected end", "truncated")) and error.start > 0:
            # Truncated within a character: the importer warns about the replacement character.
            whole = data[start : start + error.start].decode(encoding)
            return Decoded(_fold_line_ends(whole + "\ufffd"))
        if not _is_mostly_text(data):
            raise InputError(
                f"{name}: this is binary data, not text", "Name a text file."
            ) from error
        line = data.count(b"\n", 0, start + error.start) + 1
        if encoding == "utf-8" and start == 0 and _is_windows_1252(data):
            note = "is not UTF-8; read as Windows-1252"
            text = _fold_line_ends(data.decode("cp1252"))
            return Decoded(text, (ImportWarning(line, note, skipped=False),))
        raise InputError(
            f"{name}, line {line}: this text is not {encoding.upper()}",
            f"Convert it from the encoding it has: iconv -f ENCODING -t utf-8 {name}.",
        ) from error


def _is_windows_1252(data: bytes) -> bool:
    """Whether bytes beyond ASCII stand alone, as curly quotes and accents do among Latin letters.

    In UTF-8 and in the encodings of other scripts they stand in groups.
    """
    if _UNUSED_IN_1252.search(data):
        return False
    beyond = len(data) - len(data.translate(None, bytes(range(128, 256))))
    grouped = sum(map(len, _NEIGHBOURS.findall(data)))
    return grouped * 4 <= beyond and beyond * 5 <= len(data)


def _fold_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_mostly_text(data: bytes) -> bool:
    """Whether at most one in a hundred of the first bytes is a control character."""
    head = data[:65_536]
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return controls * 100 <= len(head)
