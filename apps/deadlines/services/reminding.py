"""Reminders: one message to each organisation and audience, however many referrals it is about."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.core.references import ALPHABET
from apps.deadlines.ladder import Side, Step
from apps.deadlines.services.addressing import Reach
from apps.deadlines.services.waiting import Waiting
from apps.delivery.models import Audience, Channel, Message
from apps.delivery.services import Outgoing, enqueue
from apps.delivery.services.outbox import CHANNELS
from apps.delivery.services.routing import ways_of
from apps.taxonomy.urgency import Urgency

MOST_LISTED = 100
BY_MAIL = frozenset({Channel.EMAIL, Channel.EMAIL_LINK})
HURRIED = frozenset({Urgency.LIFE, Urgency.CRISIS, Urgency.HOUR})
Addressee = tuple[int, Audience]  # of one house; one message each
Carried = Mapping[tuple[int, str], str]  # the key of the message, by obligation and rung


@dataclass(frozen=True, slots=True)
class News:
    """What one audience in one house is told of one clock: the rungs that are due for it, the highest last."""

    row: Waiting
    house: int
    audience: Audience
    steps: Sequence[Step]


def news_of(row: Waiting, house: int, steps: Sequence[Step], reach: Mapping[int, Reach]) -> list[News]:
    """What is told of one clock, to whom."""
    told: dict[Audience, list[Step]] = defaultdict(list)
    for step in steps:
        audience = reach[house].instead_of(step.audience)
        if audience is not None:
            told[audience].append(step)
    return [News(row, house, audience, some) for audience, some in told.items()]


def write_reminders(news: Sequence[News], reach: Mapping[int, Reach], *, at: datetime) -> Carried:
    """Write the messages to the outbox, most urgent first. Returns which message carries which rung."""
    if not news:
        return {}
    letters = _by_addressee(news)
    ways = ways_of({house for house, audience in letters if audience is Audience.EVERYONE})
    carried: dict[tuple[int, str], str] = {}
    outgoing: list[Outgoing] = []
    for (house, audience), told in letters.items():
        key, by = _number(), _ways(audience, reach[house], ways.get(house, ()))
        outgoing += [_letter(key, house, told, who, channels, at=at) for who, channels in by]
        carried |= {(one.row.id, step.rung.value): key for one in told for step in one.steps}
    enqueue(outgoing, at=at)
    return carried


def _by_addressee(news: Sequence[News]) -> Mapping[Addressee, Sequence[News]]:
    """Where every contact point is told, they are told everything at once: nobody gets two messages."""
    all_told = {one.house for one in news if one.audience is Audience.EVERYONE}
    letters: dict[Addressee, dict[int, News]] = defaultdict(dict)
    for one in news:
        is_merged = one.house in all_told and one.audience is Audience.CONTACT
        audience = Audience.EVERYONE if is_merged else one.audience
        said = letters[one.house, audience]
        known = said[one.row.id].steps if one.row.id in said else ()
        said[one.row.id] = News(one.row, one.house, audience, sorted((*known, *one.steps), key=_height))
    ordered = {who: sorted(told.values(), key=_pressing_first) for who, told in letters.items()}
    return dict(sorted(ordered.items(), key=lambda pair: _pressing_first(pair[1][0])))


def _height(step: Step) -> int:
    return step.percent


def _pressing_first(one: News) -> tuple[bool, datetime, str]:
    return not one.row.clock.may_wake, one.row.clock.due_at, one.row.reference


def _letter(
    key: str, house: int, told: Sequence[News], audience: Audience, channels: Sequence[Channel], *, at: datetime
) -> Outgoing:
    """A message about a single referral belongs to it, and both sides see that it left."""
    first = told[0].row
    is_its_own = len(told) == 1 and told[0].steps[-1].side is Side.PLATFORM
    return Outgoing(
        key=key,
        message=Message.REMINDER_SENT,
        about=first.reference if len(told) == 1 else key,
        sender_id=first.sender_id if is_its_own else house,
        recipient_id=house,
        facts=_facts(told, at=at),
        urgent=any(one.row.clock.may_wake or one.row.urgency in HURRIED for one in told),
        audience=audience,
        channels=channels,
    )


def _ways(audience: Audience, reach: Reach, way: Sequence[Channel]) -> list[tuple[Audience, Sequence[Channel]]]:
    """By whatever the house has chosen, and by mail to those who are not reached that way."""
    mail = Channel.EMAIL if reach.has_people else Channel.EMAIL_LINK
    if audience is Audience.CONTACT:
        return [(audience, CHANNELS)]
    if audience is Audience.EVERYONE and way and way[0] in BY_MAIL:
        return [(audience, CHANNELS)]
    if audience is Audience.EVERYONE:
        return [(Audience.CONTACT, CHANNELS), (audience, (mail,))]
    if audience is Audience.SUPERVISOR:
        return [(audience, (Channel.PORTAL, Channel.EMAIL))]
    return [(audience, (Channel.PORTAL, mail))]


def _facts(told: Sequence[News], *, at: datetime) -> dict[str, Any]:
    """What the message says: most urgent first, and of too many how many more there are."""
    rows = [one.row for one in told]
    senders, instruments = {row.sender_name for row in rows}, {row.instrument for row in rows}
    return {
        "from": senders.pop() if len(senders) == 1 else "",
        "instrument": instruments.pop() if len(instruments) == 1 else "",
        "urgency": rows[0].urgency,
        "items": sum(row.open_count for row in rows),
        "due_at": min(row.clock.due_at for row in rows).isoformat(),
        "count": len(told),
        "overdue_count": sum(row.clock.due_at < at for row in rows),
        "more": max(len(told) - MOST_LISTED, 0),
        "practice": rows[0].is_practice,
        "referrals": [_line(one, at=at) for one in told[:MOST_LISTED]],
    }


def _line(one: News, *, at: datetime) -> dict[str, Any]:
    row = one.row
    return {
        "reference": row.reference,
        "from": row.sender_name,
        "platform": row.platform_name,
        "instrument": row.instrument,
        "urgency": row.urgency,
        "items": row.open_count,
        "due_at": row.clock.due_at.isoformat(),
        "is_overdue": row.clock.due_at < at,
        "is_statutory": row.statutory,
        "rung": one.steps[-1].rung.value,
    }


def _number() -> str:
    """Of a message about several referrals; no length of it is that of a reference."""
    return "REMINDER-" + "".join(secrets.choice(ALPHABET) for _place in range(12))
