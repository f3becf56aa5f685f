"""Small random worlds, and the same count done slowly and plainly: one item after the other, no SQL."""

import math
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from apps.organisations.models.platform import SizeClass
from apps.referrals.models import Decision, Item, Referral
from apps.referrals.transitions import DISCLOSED, ItemState, State
from apps.statistics.dimensions import DIMENSIONS, Dimension, Scope
from apps.statistics.disclosure import SENSITIVE_AREAS, SENSITIVE_KEYWORDS
from apps.statistics.models import Cell
from apps.taxonomy.categories import Category
from apps.taxonomy.outcomes import MEANINGS, Outcome
from apps.taxonomy.urgency import Urgency
from tests.factories import (
    CaseFactory,
    ItemFactory,
    PlatformFactory,
    ReferralFactory,
    ReferralUnitFactory,
    TrustedFlaggerFactory,
    UserFactory,
)

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
HOUR = 3600
NO_ITEM: tuple[Item | None, ...] = (None,)
TELLING_WAITS = (
    0,
    1,
    HOUR,
    HOUR + 0.001,
    24 * HOUR,
    24 * HOUR + 1,
    48 * HOUR,
    48 * HOUR + 0.4,
    168 * HOUR,
    168 * HOUR + 1,
)
EDGES_OF_MONTHS = (
    datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2026, 3, 31, 22, 30, tzinfo=UTC),  # April in Brussels, March in UTC
    datetime(2026, 4, 1, tzinfo=UTC),
)
NUMBERS = tuple(field.name for field in Cell._meta.get_fields() if field.get_internal_type() == "PositiveIntegerField")


def random_world(random: Random, *, referrals: int = 14) -> None:
    """Referrals between two senders and three platforms, in every state, with waits on the bounds of the buckets."""
    senders = [ReferralUnitFactory(country="NL"), TrustedFlaggerFactory(country="FR")]
    platforms = [PlatformFactory(profile=random.choice(SizeClass.values)) for _ in range(3)]
    person = UserFactory()
    for _ in range(referrals):
        sender, at = random.choice(senders), random.choice(EDGES_OF_MONTHS)
        case = CaseFactory(organisation=sender, created_by=person)
        for platform in random.sample(platforms, random.choice([1, 2])):
            _referral(random, sender=sender, recipient=platform, case=case, filed_at=at, created_by=person)


def _referral(random: Random, *, filed_at: datetime, **parties: Any) -> None:
    state = random.choice(State.values)
    was_sent = state in DISCLOSED or (state == State.WITHDRAWN and random.random() < 0.5)
    has_arrived = was_sent and state != State.SENT and random.random() < 0.9
    received_at = filed_at + timedelta(hours=2) if has_arrived else None
    referral = ReferralFactory(
        items=0,
        state=state,
        disclosed=was_sent,
        filed_at=filed_at,
        sent_at=filed_at if was_sent else None,
        received_at=received_at,
        category=random.choice(Category.values),
        area=random.choice(["terrorism", "csam", "other"]),
        keywords=random.choice([[], ["KEYWORD_HATE_SPEECH"], ["KEYWORD_HATE_SPEECH", "KEYWORD_TERRORIST_CONTENT"]]),
        instrument=random.choice(["referral", "notice"]),
        urgency=random.choice(Urgency.values),
        **parties,
    )
    for _ in range(random.choice([0, 1, 2, 4])):
        _item(random, referral)


def _item(random: Random, referral: Referral) -> None:
    decided_at = _some_time_after(random, referral)
    is_decided = decided_at is not None
    outcome = random.choice([one for one in Outcome if one.meaning.decides]) if is_decided else ""
    rest = ItemState.WITHDRAWN if referral.state == State.WITHDRAWN else ItemState.OPEN
    item = ItemFactory(
        referral=referral,
        content_language=random.choice(["", "de", "ar"]),
        state=ItemState.DECIDED if is_decided else rest,
        outcome=outcome,
        decided_at=decided_at,
        due_at=random.choice([None, NOON, NOON - timedelta(seconds=1)]) if rest == ItemState.OPEN else None,
    )
    if decided_at is not None and random.random() < 0.7:
        _history(random, item, decided_at)


def _some_time_after(random: Random, referral: Referral) -> datetime | None:
    """When an item of this referral was decided, if it was."""
    is_over = referral.state in {State.ANSWERED, State.CLOSED, State.WITHDRAWN}
    likely = 0.5 if referral.state == State.WITHDRAWN else 1 if is_over else 0.4
    if referral.received_at is None or random.random() >= likely:
        return None
    return referral.received_at + timedelta(seconds=random.choice(TELLING_WAITS))


def _history(random: Random, item: Item, first_at: datetime) -> None:
    """One or two decisions; the newest is the item's."""
    acted_at = random.choice([None, first_at + timedelta(minutes=-500), first_at + timedelta(minutes=7)])
    times = [first_at] if random.random() < 0.5 else [first_at, first_at + timedelta(days=3)]
    for decided_at in times:
        Decision.objects.create(
            sender=item.sender,
            recipient=item.recipient,
            item=item,
            outcome=item.outcome,
            refusal_reason="OTHER",
            acted_at=acted_at,
            decided_at=decided_at,
            decided_by=item.referral.created_by,
            channel="web",
        )
    Item.objects.filter(pk=item.pk).update(decided_at=times[-1])


def recount(at: datetime) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Every cell there must be, by (scope, organisation, month, dimension, value)."""
    cells: dict[tuple[Any, ...], dict[str, Any]] = defaultdict(_empty)
    referrals = Referral.objects.select_related("sender", "recipient__platform").prefetch_related("items__decisions")
    for referral in referrals.order_by("pk"):
        items = sorted(referral.items.all(), key=lambda one: one.pk)
        for scope in Scope:
            if scope is not Scope.SENT and not referral.disclosed:
                continue
            owner = {Scope.SENT: referral.sender_id, Scope.RECEIVED: referral.recipient_id}.get(scope)
            for dimension in DIMENSIONS[scope]:
                for item in items or NO_ITEM:
                    key = (scope.value, owner, _month(referral), dimension.value, _value(dimension, referral, item))
                    _add(cells[key], scope, referral, item, at)
    return {key: _finished(cell) for key, cell in cells.items()}


def _empty() -> dict[str, Any]:
    sets: dict[str, Any] = {"cases": set(), "referrals": set(), "sent_referrals": set()}
    return dict.fromkeys(NUMBERS, 0) | sets | {"decision_seconds": [], "action_seconds": []}


def _finished(cell: dict[str, Any]) -> dict[str, Any]:
    counted = {name: len(value) if isinstance(value, set) else value for name, value in cell.items()}
    return {name: sorted(value) if isinstance(value, list) else value for name, value in counted.items()}


def _month(referral: Referral) -> Any:
    return referral.filed_at.astimezone(UTC).date().replace(day=1)


def _value(dimension: Dimension, referral: Referral, item: Item | None) -> str:
    if dimension is Dimension.NONE:
        return ""
    if dimension is Dimension.LANGUAGE:
        return item.content_language if item else ""
    return {
        Dimension.PLATFORM: referral.recipient.slug,
        Dimension.SIZE_CLASS: referral.recipient.platform.size_class,
        Dimension.SENDER: referral.sender.slug,
        Dimension.COUNTRY: referral.sender.country,
    }.get(dimension) or str(getattr(referral, dimension.value))


def _add(cell: dict[str, Any], scope: Scope, referral: Referral, item: Item | None, at: datetime) -> None:
    if scope is not Scope.RECEIVED:
        cell["cases"].add(referral.case_id)
    cell["referrals"].add(referral.pk)
    if referral.disclosed:
        cell["sent_referrals"].add(referral.pk)
    if item is None:
        return
    cell["items"] += 1
    if not referral.disclosed:
        return
    cell["sent_items"] += 1
    cell["sensitive_items"] += referral.area in SENSITIVE_AREAS or bool(SENSITIVE_KEYWORDS & set(referral.keywords))
    if referral.received_at is None:
        return
    cell["delivered"] += 1
    cell["withdrawn"] += item.state == ItemState.WITHDRAWN
    cell["overdue"] += item.state == ItemState.OPEN and item.due_at is not None and item.due_at < at
    if item.state == ItemState.DECIDED:
        _add_decision(cell, item, referral.received_at)


def _add_decision(cell: dict[str, Any], item: Item, received_at: datetime) -> None:
    meaning = MEANINGS[Outcome(item.outcome)]
    history = sorted(item.decisions.all(), key=lambda one: one.pk)
    first = min([one.decided_at for one in history], default=item.decided_at)
    seconds = _seconds(received_at, first)
    cell["decided"] += 1
    cell["decision_seconds"].append(seconds)
    cell[_bucket(seconds)] += 1
    if meaning.removes:
        cell["removed"] += 1
    elif meaning.restricts:
        cell["restricted"] += 1
    else:
        cell["refused" if item.outcome == Outcome.NO_ACTION else "other"] += 1
    if meaning.restricts:
        acted_at = (history[-1].acted_at or history[-1].decided_at) if history else item.decided_at
        cell["action_seconds"].append(_seconds(received_at, acted_at))


def _seconds(start: datetime, end: datetime | None) -> int:
    assert end is not None
    return max(0, math.ceil((end - start).total_seconds()))


def _bucket(seconds: int) -> str:
    bounds = {"within_hour": 1, "within_day": 24, "within_two_days": 48, "within_week": 168}
    return next((name for name, hours in bounds.items() if seconds <= hours * HOUR), "later")
