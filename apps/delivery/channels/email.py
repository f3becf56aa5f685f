import smtplib
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime

from apps.core.moments import in_words
from apps.delivery import reasons, words
from apps.delivery.channels.fate import Fate
from apps.delivery.models import Delivery, DeliveryState, Message
from apps.organisations.models import ContactPoint, ContactPurpose
from apps.tenancy.context import acting_as, system

SUBJECTS = {message: f"email/{message.value}.subject.txt" for message in Message}


def deliver(rows: Sequence[Delivery], *, at: datetime) -> Iterator[tuple[Delivery, Fate]]:
    """Hand messages to the mail server over one connection. A repeated one carries the same Message-ID."""
    with acting_as(system("deliver")):
        addresses = addresses_of({row.recipient_id for row in rows})
    with mailer() as backend:
        for row in rows:
            yield row, send(row, to=addresses.get(row.recipient_id, ()), mailer=backend)


def reachable(organisation_ids: Collection[int]) -> Set[int]:
    """Who has a contact point to write to."""
    return set(addresses_of(organisation_ids))


def addresses_of(organisation_ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    """Where each organisation wants to be written to: its contact points for authorities."""
    found: dict[int, list[str]] = {}
    points = ContactPoint.objects.filter(
        organisation_id__in=organisation_ids, purpose=ContactPurpose.AUTHORITIES
    ).order_by("pk")
    for point in points:
        found.setdefault(point.organisation_id, []).append(point.email)
    return found


@contextmanager
def mailer() -> Iterator[BaseEmailBackend]:
    """One connection to the mail server for a batch; a server that is away shows at the first message."""
    backend: BaseEmailBackend = get_connection()
    try:
        yield backend
    finally:
        backend.close()


def send(delivery: Delivery, *, to: Sequence[str], mailer: BaseEmailBackend) -> Fate:
    """Hand one message to the mail server; what it answered decides."""
    if not to:
        return Fate(DeliveryState.FAILED, detail=reasons.NO_ADDRESS)
    message, started_at = compose(delivery, to=to), timezone.now()
    message.connection = mailer
    try:
        mailer.open()
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as problem:
        code = _code(problem)
        state = DeliveryState.BOUNCED if code >= 500 else DeliveryState.DEFERRED
        return Fate(state, code=str(code or ""), detail=f"{reasons.REFUSED} {problem}", started_at=started_at)
    except (smtplib.SMTPException, OSError) as problem:
        mailer.close()
        return Fate(DeliveryState.DEFERRED, detail=f"{reasons.AWAY} {type(problem).__name__}", started_at=started_at)
    proof = {"channel": "email", "to": list(to), "message_id": message_id(delivery)}
    return Fate(DeliveryState.SENT, code="250", proof=proof, started_at=started_at)


def _code(problem: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> int:
    """The mildest of the answers: as long as one address may still take it, it is worth another try."""
    if isinstance(problem, smtplib.SMTPDataError):
        return int(problem.smtp_code)
    return min((code for code, _text in problem.recipients.values()), default=0)


def compose(delivery: Delivery, *, to: Sequence[str]) -> EmailMultiAlternatives:
    """The message in the recipient's language and time zone, plain and HTML. It carries references, never content."""
    language = next((code for code in delivery.recipient.languages if code in dict(settings.LANGUAGES)), "en")
    with translation.override(language), timezone.override(delivery.recipient.time_zone):
        context = {"language": language, **_content(delivery)}
        mail = EmailMultiAlternatives(
            subject=" ".join(render_to_string(SUBJECTS[Message(delivery.message)], context).split()),
            body=render_to_string(f"email/{delivery.message}.txt", context),
            to=list(to),
            headers={"Message-ID": message_id(delivery), "Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string(f"email/{delivery.message}.html", context), "text/html")
    return mail


def _content(delivery: Delivery) -> dict[str, Any]:
    facts = delivery.facts
    instrument = str(facts.get("instrument", ""))
    due_at = parse_datetime(str(facts.get("due_at", "")))
    return {
        "delivery": delivery,
        "from": facts.get("from") or delivery.sender.name,
        "items": int(facts.get("items") or 0),
        "instrument": words.INSTRUMENTS.get(instrument, ""),
        "effect": words.EFFECTS.get(instrument, ""),
        "target": words.target_in_words(str(facts.get("urgency", ""))),
        "due": in_words(due_at) if due_at else "",
        "link": f"{settings.SITE_URL}/referrals/{delivery.about}/",
    }


def message_id(delivery: Delivery) -> str:
    """The same at every attempt, so that a repeated message is recognised as one."""
    return f"<{delivery.pk}.{delivery.about}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"
