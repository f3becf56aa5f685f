"""What a reminder says: of each referral its due time, in words that are exact about what kind of time it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise

from apps.core.moments import in_words
from apps.delivery import words
from apps.delivery.models import Audience, Delivery, Message

MOST_LINKS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One referral. `party` is the other side; `link` answers it or leads to it."""

    reference: str
    party: str
    instrument: str | Promise
    items: int
    due: str
    is_overdue: bool
    is_statutory: bool
    link: str
    by_link: bool


def is_reminder(delivery: Delivery) -> bool:
    return delivery.message == Message.REMINDER_SENT


def references(delivery: Delivery) -> Sequence[str]:
    """The referrals that a reminder names, most urgent first; empty for any other message."""
    return [one["reference"] for one in delivery.facts.get("referrals", ())] if is_reminder(delivery) else []


def links_wanted(delivery: Delivery) -> Sequence[str]:
    """The referrals of a reminder that get an answer link each; the others are answered by those that brought them."""
    return references(delivery)[:MOST_LINKS]


def is_of_several(delivery: Delivery) -> bool:
    """Nobody can tell which referral a reply to it would be about."""
    return is_reminder(delivery) and int(delivery.facts.get("count", 1)) > 1


def context(delivery: Delivery, links: Mapping[str, str]) -> dict[str, Any]:
    """What the templates of a reminder need beside what every message has."""
    facts, receives = delivery.facts, delivery.recipient.receives
    count, overdue = int(facts.get("count", 1)), int(facts.get("overdue_count", 0))
    lines = [_line(one, links, receives=receives) for one in facts["referrals"]]
    is_single = count == 1
    return {
        "count": count,
        "overdue_count": overdue,
        "more": int(facts.get("more", 0)),
        "lines": lines,
        "audience": delivery.audience,
        "is_to_sender": not receives,
        "is_to_supervisor": delivery.audience == Audience.SUPERVISOR,
        "is_practice": bool(facts.get("practice")),
        "has_targets": any(not line.is_statutory for line in lines),
        "link": lines[0].link
        if is_single and lines
        else f"{settings.SITE_URL}/{'overdue' if overdue else 'referrals'}/",
        "each_by_link": bool(links) and not is_single,
        "reads_replies": bool(settings.INBOUND_MAIL_DOMAIN) and is_single and receives,
    }


def data(delivery: Delivery) -> dict[str, Any]:
    """The message for machines."""
    facts = delivery.facts
    told = ("reference", "from", "instrument", "urgency", "items", "due_at", "is_overdue", "is_statutory", "rung")
    return {
        "version": 1,
        "message": delivery.message,
        "reference": delivery.about,
        "count": facts.get("count", 1),
        "more": facts.get("more", 0),
        "referrals": [{name: one[name] for name in told} for one in facts.get("referrals", ())],
    }


def _line(one: Mapping[str, Any], links: Mapping[str, str], *, receives: bool) -> Line:
    due_at, reference = parse_datetime(one["due_at"]), one["reference"]
    return Line(
        reference=reference,
        party=one["from"] if receives else one["platform"],
        instrument=words.INSTRUMENTS.get(one["instrument"], ""),
        items=one["items"],
        due=in_words(due_at) if due_at else "",
        is_overdue=one["is_overdue"],
        is_statutory=one["is_statutory"],
        link=links.get(reference) or f"{settings.SITE_URL}/referrals/{reference}/",
        by_link=reference in links,
    )
