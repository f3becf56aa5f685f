"""Mail that comes in: kept first, read afterwards. Whatever reading makes of it, the letter itself stays."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.delivery.mail import seals
from apps.delivery.mail.letters import Kind, Letter, Unreadable, take_apart
from apps.delivery.mail.seals import Sealed, Thing
from apps.delivery.models import Delivery, InboundMail, InboundState
from apps.delivery.services import news
from apps.organisations.models import ContactPoint
from apps.tenancy.context import acting_as, system

log = structlog.get_logger(__name__)
MOST_ATTEMPTS = 3
BATCH = 50
HOUR = timedelta(hours=1)


class MailRefused(DomainError):
    """For good: the same letter will not be taken a second time either."""

    code = "mail_refused"
    message = _("The letter is empty or too large.")


class MailPostponed(DomainError):
    """For now: the mail server keeps it and tries again."""

    code = "mail_postponed"
    message = _("Too much mail from this address. Try again later.")


def keep_mail(raw: bytes, *, envelope_from: str, envelope_to: Sequence[str], at: datetime) -> int:
    """Store a letter as it came and return its row; the same letter twice is one. Raises before anything is stored.

    Bounded by size (`INBOUND_MAIL_BYTES`) and by letters an hour from one address (`INBOUND_MAIL_PER_HOUR`): what is
    too much stays with the mail server, which asks again.
    """
    if not raw.strip() or len(raw) > settings.INBOUND_MAIL_BYTES:
        raise MailRefused
    recipients = sorted({address.strip().lower()[:320] for address in envelope_to if address.strip()})[:100]
    whole = "\n".join([envelope_from.lower(), *recipients]).encode() + b"\n\n" + raw
    with acting_as(system("receive mail")):
        recent = InboundMail.objects.filter(received_at__gt=at - HOUR, envelope_from=envelope_from.lower()[:320])
        if envelope_from and recent.count() >= settings.INBOUND_MAIL_PER_HOUR:
            raise MailPostponed
        row, _made = InboundMail.objects.get_or_create(
            digest=hashlib.sha256(whole).digest(),
            defaults={
                "received_at": at,
                "envelope_from": envelope_from.lower()[:320],
                "envelope_to": recipients,
                "raw": raw,
            },
        )
    return row.pk


def receive(raw: bytes, *, envelope_from: str, envelope_to: Sequence[str], at: datetime) -> int:
    """Keep a letter, then read it. What goes wrong in reading is found again by the next sweep."""
    pk = keep_mail(raw, envelope_from=envelope_from, envelope_to=envelope_to, at=at)
    read_mail(pk, at=at)
    return pk


def read_pending(*, at: datetime) -> int:
    """Read what nobody has read yet; returns how many letters there were."""
    with acting_as(system("read mail")):
        waiting = list(
            InboundMail.objects.filter(state=InboundState.NEW).order_by("pk").values_list("pk", flat=True)[:BATCH]
        )
    for pk in waiting:
        read_mail(pk, at=at)
    return len(waiting)


def read_mail(pk: int, *, at: datetime) -> None:
    """Make what can be made of a letter, once. One that ends the reading three times is put aside as unreadable."""
    with acting_as(system("read mail")):
        row = InboundMail.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, state="new").first()
        if row is None:
            return
        row.attempts += 1
        InboundMail.objects.filter(pk=pk).update(attempts=row.attempts)
        try:
            with transaction.atomic():
                _read(row, at=at)
        except Unreadable as problem:
            row.state, row.problem = InboundState.UNREADABLE, str(problem)[:100]
        except Exception as problem:
            if row.attempts < MOST_ATTEMPTS:
                log.exception("inbound.not_read", mail=pk)
                return
            row.state, row.problem = InboundState.UNREADABLE, type(problem).__name__
        row.read_at = at
        row.save(update_fields=[*READ_FIELDS, "attempts"])


READ_FIELDS = (
    "organisation",
    "state",
    "kind",
    "problem",
    "read_at",
    "delivery",
    "sender_address",
    "subject",
    "text",
    "enclosed",
)


def _read(row: InboundMail, *, at: datetime) -> None:
    letter = take_apart(bytes(row.raw))
    row.kind, row.sender_address = letter.kind, letter.sender
    seal = _seal_of([*row.envelope_to, *letter.recipients])
    if seal and seal.thing is Thing.PROBE:
        _about_a_probe(row, letter, seal, at=at)
        return
    row.delivery = _delivery_of(seal, letter)
    if letter.kind is Kind.REPORT:
        _report(row, letter, at=at)
    elif letter.kind is Kind.AUTOMATIC:
        row.state = InboundState.IGNORED
    else:
        _reply(row, letter)


def _seal_of(addresses: Sequence[str]) -> Sealed | None:
    return next((seal for address in addresses if (seal := seals.read_address(address))), None)


def _delivery_of(seal: Sealed | None, letter: Letter) -> Delivery | None:
    """By the sealed address it came to; a report also by the Message-ID of what it returns."""
    if seal:
        return Delivery.objects.filter(pk=seal.number).first()
    if letter.kind is not Kind.REPORT:
        return None
    returned = {report.message_id for report in letter.reports if report.message_id}
    return next((found for message_id in sorted(returned) if (found := news.delivery_of(message_id))), None)


def _report(row: InboundMail, letter: Letter, *, at: datetime) -> None:
    if row.delivery is None:
        row.state, row.problem = InboundState.UNMATCHED, "report_about_nothing_known"
        return
    row.state = InboundState.READ
    for report in letter.reports:
        news.apply_report(row.delivery, report, at=at)


def _about_a_probe(row: InboundMail, letter: Letter, seal: Sealed, *, at: datetime) -> None:
    row.state = InboundState.READ if letter.kind is Kind.REPORT else InboundState.IGNORED
    for report in letter.reports:
        news.apply_probe_report(seal.number, report, at=at)


def _reply(row: InboundMail, letter: Letter) -> None:
    """A person wrote. Only a letter to the sealed address of a message is a reply to it."""
    row.enclosed = [
        {"name": one.name, "type": one.content_type, "size": one.size, "kept": one.kept} for one in letter.enclosed
    ]
    row.subject, row.text = letter.subject, letter.text
    if row.delivery is None:
        row.state, row.problem = InboundState.UNMATCHED, "reply_to_nothing_known"
        row.organisation_id = _house_of(letter.sender)
        return
    row.organisation_id, row.state = row.delivery.recipient_id, InboundState.READ


def _house_of(address: str) -> int | None:
    """The organisation whose contact point this address is; the letter is shown to nobody else."""
    points = ContactPoint.objects.filter(email__iexact=address).values_list("organisation_id", flat=True)
    houses = set(points[:2])
    return houses.pop() if len(houses) == 1 else None
