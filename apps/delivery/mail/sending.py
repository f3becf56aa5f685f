"""Hand a composed mail to the mail server, and ask it to tell what becomes of it."""

import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address

from apps.delivery.mail.signing import Mail

TELL = ("NOTIFY=SUCCESS,FAILURE,DELAY",)  # RFC 3461, where the server knows it
RETURN = ("RET=HDRS",)  # a bounce need not carry the addresses around once more

Refused = Mapping[str, tuple[int, bytes]]


@contextmanager
def mailer() -> Iterator[BaseEmailBackend]:
    """One connection to the mail server for a batch; a server that is away shows at the first message."""
    backend: BaseEmailBackend = get_connection()
    try:
        yield backend
    finally:
        backend.close()


def hand_over(mail: Mail, *, backend: BaseEmailBackend) -> Refused:
    """Send one mail; returns the addresses that were refused while others were taken. Raises as smtplib does."""
    backend.open()
    server = getattr(backend, "connection", None)
    if not isinstance(server, smtplib.SMTP):
        backend.send_messages([mail])
        return {}
    server.ehlo_or_helo_if_needed()
    knows_dsn = server.has_extn("dsn")
    encoding = mail.encoding or "utf-8"
    refused: Refused = server.sendmail(
        sanitize_address(mail.from_email, encoding),
        [sanitize_address(address, encoding) for address in mail.recipients()],
        mail.message().as_bytes(linesep="\r\n"),
        mail_options=RETURN if knows_dsn else (),
        rcpt_options=TELL if knows_dsn else (),
    )
    return refused


def code_of(problem: smtplib.SMTPException) -> int:
    """The answer's code; of several the mildest: as long as one address may still take it, it is worth another try."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return min((code for code, _text in problem.recipients.values()), default=0)
    return int(getattr(problem, "smtp_code", 0))
