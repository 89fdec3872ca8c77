"""Sending a mail by SMTP, encrypted, with the password from a program of the user's."""

import shlex
import smtplib
import ssl
import subprocess
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Final

from tui.errors import PapersError
from tui.model.text import sanitize

SECONDS: Final = 30
"""For each step: connecting, an answer, the program that prints the password."""
_PORT: Final = "587"
_ENCRYPTED: Final = "465"
"""The port on which a connection is encrypted from its first byte (RFC 8314)."""
_HERE: Final = ("127.0.0.1", "::1", "localhost")
"""Where a mail leaves for a server of this machine, which need not encrypt."""


def send(mail: EmailMessage, settings: Mapping[str, str]) -> list[str]:
    """Sends a mail; to another machine only if the connection is encrypted.

    Args:
        settings: ``host``; and ``port`` (587), ``user``, ``password_command``.

    Returns:
        The addresses that the server refused, and why, a sentence each, if it took others.

    Raises:
        PapersError: If it was sent to nobody.
    """
    host, port = settings["host"], settings.get("port", _PORT)
    context = ssl.create_default_context()
    try:
        if port == _ENCRYPTED:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, int(port), timeout=SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(host, int(port), timeout=SECONDS)
        with server:
            server.ehlo()
            if port != _ENCRYPTED and (server.has_extn("starttls") or host not in _HERE):
                server.starttls(context=context)
            if user := settings.get("user"):
                server.login(user, _password(settings.get("password_command", "")))
            return _refusals(server.send_message(mail))
    except smtplib.SMTPRecipientsRefused as error:
        raise PapersError(_refusals(error.recipients)[0], "Check the address.") from error
    except (OSError, ValueError, smtplib.SMTPException) as error:
        reason = sanitize(str(error), 160) or type(error).__name__
        raise PapersError(
            f"Not sent by {sanitize(host, 60)}: {reason}", "Check [smtp] in the configuration."
        ) from error


def _refusals(refused: Mapping[str, tuple[int, bytes]]) -> list[str]:
    """The addresses that a server refused, with its answers."""
    answers = (
        (name, f"{code} {text.decode('utf-8', 'replace')}")
        for name, (code, text) in refused.items()
    )
    return [f"Not sent to {sanitize(name, 60)}: {sanitize(text, 160)}" for name, text in answers]


def _password(command: str) -> str:
    """The first line that a program prints.

    Raises:
        PapersError: If there is none.
    """
    try:
        words = shlex.split(command)
        process = subprocess.run(words, capture_output=True, timeout=SECONDS, check=True)
        return process.stdout.decode().splitlines()[0]
    except (OSError, ValueError, IndexError, subprocess.SubprocessError) as error:
        raise PapersError(
            "No password for the mail server",
            "Set password_command under [smtp] to a command that prints it: “pass show mail”.",
        ) from error
