"""News of mail that had left: a receipt, a delay, a bounce."""

import re
from datetime import datetime

from django.conf import settings

from apps.delivery import health, reasons
from apps.delivery.channels.fate import Fate
from apps.delivery.mail.composing import own_domain
from apps.delivery.mail.reports import Action, Report
from apps.delivery.models import Delivery, DeliveryState, Probe, ProbeState
from apps.delivery.services.settling import note_try, settle_later

_OURS = re.compile(r"<(?P<number>\d{1,18})\.(?P<about>[A-Z0-9-]{3,24})(?:\.\w{1,8})?@(?P<domain>[^>]+)>")


def delivery_of(message_id: str) -> Delivery | None:
    """The delivery that a Message-ID of ours names; both its number and what it is about must be right."""
    found = _OURS.fullmatch(message_id)
    if found is None or found["domain"].lower() not in {own_domain().lower(), settings.INBOUND_MAIL_DOMAIN.lower()}:
        return None
    return Delivery.objects.filter(pk=int(found["number"]), about=found["about"]).first()


def apply_report(delivery: Delivery, report: Report, *, at: datetime) -> None:
    """Write down what a mail server says of a message. Saying it twice changes nothing more."""
    to = [str(address).lower() for address in (delivery.proof or {}).get("to", [])]
    concerned = [report.recipient] if report.recipient in to else to
    if report.action is Action.FAILED:
        problem = f"{report.status} {report.diagnostic}".strip()
        health.note_bounce(concerned, organisation_id=delivery.recipient_id, problem=problem, at=at)
        _bounce(delivery, concerned, report, at=at)
    elif report.action is Action.DELIVERED:
        health.note_success(concerned, organisation_id=delivery.recipient_id, at=at)
        proof = {**(delivery.proof or {}), "delivered_to": report.recipient, "reported_at": at.isoformat()}
        settle_later(delivery, Fate(DeliveryState.DELIVERED, code=report.status, proof=proof), at=at)
    else:
        detail = f"{reasons.DELAYED} {report.diagnostic or report.status}".strip()
        settle_later(delivery, Fate(DeliveryState.DEFERRED, code=report.status, detail=detail), at=at)


def _bounce(delivery: Delivery, concerned: list[str], report: Report, *, at: datetime) -> None:
    """A message to several addresses has bounced when the last of them has sent it back."""
    proof = dict(delivery.proof or {})
    bounced = sorted({*proof.get("bounced", []), *concerned})
    delivery.proof = {**proof, "bounced": bounced}
    detail = f"{reasons.BOUNCED} {report.diagnostic or report.status}".strip()
    fate = Fate(DeliveryState.BOUNCED, code=report.status, detail=detail, proof=delivery.proof)
    if set(map(str.lower, proof.get("to", []))) <= set(bounced):
        settle_later(delivery, fate, at=at)
        return
    Delivery.objects.filter(pk=delivery.pk).update(proof=delivery.proof)
    note_try(delivery, fate, at=at)


def apply_probe_report(number: int, report: Report, *, at: datetime) -> None:
    probe = Probe.objects.select_related("contact_point").filter(pk=number).first()
    if probe is None or report.action not in {Action.FAILED, Action.DELIVERED}:
        return
    point = probe.contact_point
    if report.action is Action.DELIVERED:
        health.note_success([point.email], organisation_id=point.organisation_id, at=at)
        return
    problem = f"{report.status} {report.diagnostic}".strip()
    health.note_bounce([point.email], organisation_id=point.organisation_id, problem=problem, at=at)
    Probe.objects.filter(pk=probe.pk, state=ProbeState.SENT).update(state=ProbeState.BOUNCED)
