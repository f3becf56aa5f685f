import smtplib
from collections.abc import Collection, Iterator, Sequence, Set
from datetime import datetime

from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from apps.delivery import health, reasons
from apps.delivery.channels.addressees import addressees
from apps.delivery.channels.fate import Fate
from apps.delivery.mail.composing import AddressRefused, compose
from apps.delivery.mail.enclosure import UNKNOWN, Enclosure, enclosures
from apps.delivery.mail.sending import Refused, code_of, hand_over, mailer
from apps.delivery.mail.signing import Mail
from apps.delivery.models import Delivery, DeliveryState
from apps.organisations.models import ContactPoint, ContactPurpose
from apps.tenancy.context import acting_as, system


def deliver(rows: Sequence[Delivery], *, at: datetime) -> Iterator[tuple[Delivery, Fate]]:
    """Hand messages to the mail server over one connection. A repeated one carries the same Message-ID."""
    with acting_as(system("deliver")):
        addresses = addressees(rows)
        enclosed = enclosures({row.about for row in rows})
    with mailer() as backend:
        for row in rows:
            to = addresses.get((row.recipient_id, row.audience), ())
            yield row, send(row, to=to, enclosure=enclosed[row.about], mailer=backend)


def reachable(organisation_ids: Collection[int]) -> Set[int]:
    """Who has a contact point to write to."""
    points = ContactPoint.objects.filter(organisation_id__in=organisation_ids, purpose=ContactPurpose.AUTHORITIES)
    return set(points.values_list("organisation_id", flat=True).distinct())


def send(delivery: Delivery, *, to: Sequence[str], enclosure: Enclosure = UNKNOWN, mailer: BaseEmailBackend) -> Fate:
    """Hand one message to the mail server; what it answered decides."""
    if not to:
        return Fate(DeliveryState.FAILED, detail=reasons.NO_ADDRESS)
    try:
        mail = compose(delivery, to=to, enclosure=enclosure)
    except AddressRefused as problem:
        return Fate(DeliveryState.FAILED, detail=f"{reasons.NOT_AN_ADDRESS} {problem}")
    return hand(delivery, mail, backend=mailer)


def hand(delivery: Delivery, mail: Mail, *, backend: BaseEmailBackend) -> Fate:
    """What the mail server says to one mail of a delivery; contact points remember it."""
    started_at, to = timezone.now(), [str(address) for address in mail.to]
    try:
        refused = hand_over(mail, backend=backend)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as problem:
        code = code_of(problem)
        if code >= 500 and not isinstance(problem, smtplib.SMTPSenderRefused):
            _note(delivery, bounced=to, problem=str(problem), at=started_at)
        state = DeliveryState.BOUNCED if code >= 500 else DeliveryState.DEFERRED
        return Fate(state, code=str(code or ""), detail=f"{reasons.REFUSED} {problem}", started_at=started_at)
    except (smtplib.SMTPException, OSError) as problem:
        backend.close()
        return Fate(DeliveryState.DEFERRED, detail=f"{reasons.AWAY} {type(problem).__name__}", started_at=started_at)
    taken = [address for address in to if address not in refused]
    _note(delivery, sent=taken, bounced=_for_good(refused), problem=str(dict(refused)), at=started_at)
    proof = {"channel": delivery.channel, "to": taken, "message_id": mail.extra_headers["Message-ID"]}
    return Fate(DeliveryState.SENT, code="250", proof=proof, started_at=started_at)


def _for_good(refused: Refused) -> list[str]:
    return [address for address, (code, _text) in refused.items() if code >= 500]


def _note(
    delivery: Delivery, *, sent: Sequence[str] = (), bounced: Sequence[str] = (), problem: str = "", at: datetime
) -> None:
    with acting_as(system("deliver")):
        health.note_sent(sent, organisation_id=delivery.recipient_id, at=at)
        health.note_bounce(bounced, organisation_id=delivery.recipient_id, problem=problem, at=at)
