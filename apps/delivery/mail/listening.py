"""A small SMTP and LMTP server for the portal's own addresses: the same service as the pipe, without a process each."""

import asyncio

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import Error, close_old_connections
from django.utils import timezone

from apps.delivery.services.inbound import MailPostponed, MailRefused, receive

MOST_RECIPIENTS = 100
TAKEN, LATER, NEVER = "250 2.0.0 Taken", "451 4.3.0 Try again later", "552 5.3.4 Empty or too large"


class Taker:
    """Takes letters for our own domain, and for no other: it relays nothing."""

    def __init__(self, *, lmtp: bool):
        self.lmtp = lmtp

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.rpartition("@")[2].lower() != settings.INBOUND_MAIL_DOMAIN.lower():
            return "550 5.7.1 Not an address of this portal"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  as above
        answer = await asyncio.to_thread(take, envelope)
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self.lmtp else answer  # LMTP: one for each recipient


def take(envelope: Envelope) -> str:
    """The answer to one letter. Only what is stored is taken."""
    close_old_connections()
    content = envelope.original_content or b""
    try:
        receive(content, envelope_from=envelope.mail_from or "", envelope_to=envelope.rcpt_tos, at=timezone.now())
    except MailRefused:
        return NEVER
    except (MailPostponed, Error, OSError):
        return LATER
    finally:
        close_old_connections()
    return TAKEN


def listener(*, lmtp: bool) -> SMTP:
    """One connection's protocol."""
    kind = LMTP if lmtp else SMTP
    return kind(
        Taker(lmtp=lmtp),
        hostname=settings.INBOUND_MAIL_DOMAIN or "localhost",
        data_size_limit=settings.INBOUND_MAIL_BYTES,
        enable_SMTPUTF8=True,
        ident="Relay",
        timeout=120,
    )
