"""A message as a mail: plain, HTML, and for machines. In the recipient's language and time zone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apps.core.moments import in_words
from apps.delivery import words
from apps.delivery.mail import reminders, seals
from apps.delivery.mail.enclosure import UNKNOWN, Enclosure
from apps.delivery.mail.seals import Purpose, Thing
from apps.delivery.mail.signing import Mail
from apps.delivery.models import Delivery, Message
from apps.taxonomy.outcomes import Outcome

SUBJECTS = {message: f"email/{message.value}.subject.txt" for message in Message}
MOST_ADDRESSES = 50
WITH_DATA = frozenset({Message.REFERRAL_SENT, Message.REFERRAL_OVERDUE, Message.INFORMATION_PROVIDED})


class AddressRefused(Exception):
    """An address that no mail may be sent to: not one address, or one that would write a header of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How the reader answers: by a link, by one for each of several references, or by signing in.

    `number` tells the mails of one delivery apart.
    """

    link: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    expires_at: datetime | None = None
    needs_passcode: bool = False
    number: int = 0


SIGNING_IN = Way()


def compose(delivery: Delivery, *, to: Sequence[str], enclosure: Enclosure = UNKNOWN, way: Way = SIGNING_IN) -> Mail:
    """The mail of a message. Raises `AddressRefused` before anything is written."""
    with _reader_of(delivery):
        context = _context(delivery, enclosure, way)
        mail = _mail(delivery, to, subject=render_to_string(SUBJECTS[Message(delivery.message)], context), way=way)
        mail.body = render_to_string(f"email/{delivery.message}.txt", context)
        mail.attach_alternative(render_to_string(f"email/{delivery.message}.html", context), "text/html")
    data = reminders.data(delivery) if reminders.is_reminder(delivery) else _data(delivery, enclosure)
    if delivery.message == Message.REMINDER_SENT or (delivery.message in WITH_DATA and not enclosure.is_sensitive):
        content = json.dumps(data, ensure_ascii=False, indent=1)
        mail.attach(f"{delivery.about}.json", content, "application/json")
    return mail


def compose_passcodes(delivery: Delivery, *, to: Sequence[str], codes: Sequence[tuple[str, str]], number: int) -> Mail:
    """The codes alone: no link, nothing of the matter, so that one mail is of no use without the other."""
    with _reader_of(delivery):
        context = {"language": translation.get_language(), "delivery": delivery, "codes": codes}
        way = Way(number=number)
        mail = _mail(delivery, to, subject=render_to_string("email/passcode.subject.txt", context), way=way)
        mail.extra_headers["Message-ID"] = message_id(delivery, f"{number}c")
        mail.body = render_to_string("email/passcode.txt", context)
        mail.attach_alternative(render_to_string("email/passcode.html", context), "text/html")
    return mail


def _reader_of(delivery: Delivery) -> Any:
    return reading_as(delivery.recipient.languages, delivery.recipient.time_zone)


class reading_as:  # noqa: N801  reads like the context managers it joins
    """A block in a reader's language, where there is a catalogue, and time zone."""

    def __init__(self, languages: Sequence[str], time_zone: str):
        language = next((code for code in languages if code in dict(settings.LANGUAGES)), "en")
        self.blocks = (translation.override(language), timezone.override(time_zone))

    def __enter__(self) -> None:
        for block in self.blocks:
            block.__enter__()

    def __exit__(self, *problem: Any) -> None:
        for block in reversed(self.blocks):
            block.__exit__(*problem)


def _mail(delivery: Delivery, to: Sequence[str], *, subject: str, way: Way) -> Mail:
    reply_to = seals.address_for(Purpose.REPLY, Thing.DELIVERY, delivery.pk)
    return new_mail(
        to=to,
        subject=subject,
        on_behalf_of=delivery.sender.name,
        returned_to=seals.address_for(Purpose.BOUNCE, Thing.DELIVERY, delivery.pk),
        reply_to=reply_to,
        message_id=message_id(delivery, str(way.number) if way.number else ""),
    )


def new_mail(
    *, to: Sequence[str], subject: str, on_behalf_of: str, returned_to: str, reply_to: str, message_id: str
) -> Mail:
    """An empty mail with its envelope and headers, none of which can hold a second line."""
    name = f"{one_line(on_behalf_of)} · Relay" if on_behalf_of else "Relay"
    return Mail(
        subject=one_line(subject),
        from_email=returned_to or settings.DEFAULT_FROM_EMAIL,
        to=[checked(address) for address in to],
        reply_to=[reply_to] if reply_to else None,
        headers={
            "From": formataddr((name, settings.DEFAULT_FROM_EMAIL)),
            "Message-ID": message_id,
            "Auto-Submitted": "auto-generated",
        },
    )


def checked(address: str) -> str:
    """An address that may stand in a header and an envelope; raises `AddressRefused`."""
    try:
        validate_email(address)
    except ValidationError as problem:
        raise AddressRefused(repr(address)[:100]) from problem
    return address


def one_line(text: str) -> str:
    """Text for a header: whatever breaks lines or steers a terminal becomes a space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _context(delivery: Delivery, enclosure: Enclosure, way: Way) -> dict[str, Any]:
    facts = delivery.facts
    instrument = str(facts.get("instrument", ""))
    due_at = parse_datetime(str(facts.get("due_at", ""))) or enclosure.due_at
    with_addresses = delivery.message in WITH_DATA
    return {
        "language": translation.get_language(),
        "delivery": delivery,
        "from": facts.get("from") or delivery.sender.name,
        "items": int(facts.get("items") or 0),
        "instrument": words.INSTRUMENTS.get(instrument, ""),
        "effect": words.EFFECTS.get(instrument, ""),
        "target": words.target_in_words(str(facts.get("urgency", ""))),
        "due": in_words(due_at) if due_at else "",
        "due_label": _("Answer hoped for by"),
        "link": way.link or f"{settings.SITE_URL}/referrals/{delivery.about}/",
        "by_link": bool(way.link or way.links),
        "link_until": in_words(way.expires_at) if way.expires_at else "",
        "needs_passcode": way.needs_passcode,
        "addresses": enclosure.addresses[:MOST_ADDRESSES] if with_addresses else (),
        "more_addresses": max(len(enclosure.addresses) - MOST_ADDRESSES, 0) if with_addresses else 0,
        "outcome": _outcome(str(facts.get("outcome", ""))),
        "reads_replies": bool(settings.INBOUND_MAIL_DOMAIN),
        **(reminders.context(delivery, way.links) if reminders.is_reminder(delivery) else {}),
    }


def _outcome(code: str) -> str:
    return str(Outcome(code).label) if code in Outcome.values else ""


def _data(delivery: Delivery, enclosure: Enclosure) -> dict[str, Any]:
    """The message for machines. Addresses are defanged here too: scanners follow what they find in attachments."""
    facts = delivery.facts
    return {
        "version": 1,
        "message": delivery.message,
        "reference": delivery.about,
        "from": facts.get("from") or delivery.sender.name,
        "instrument": facts.get("instrument", ""),
        "urgency": facts.get("urgency", ""),
        "due_at": enclosure.due_at.isoformat() if enclosure.due_at else None,
        "items": [{"item": item, "address": address} for item, address in enclosure.addresses],
        **enclosure.data,
    }


def message_id(delivery: Delivery, part: str = "") -> str:
    """The same at every attempt, so that a repeated message is recognised as one."""
    return f"<{delivery.pk}.{delivery.about}{'.' if part else ''}{part}@{own_domain()}>"


def own_domain() -> str:
    return str(settings.DEFAULT_FROM_EMAIL.rpartition("@")[2])
