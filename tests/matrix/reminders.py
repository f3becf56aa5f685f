from collections.abc import Callable
from typing import Any

from apps.deadlines.models import Announcement, Chase
from apps.delivery.models import Delivery
from apps.referrals.models import Obligation, Referral
from tests.factories import ContactPointFactory
from tests.factories.people import FAR_AWAY
from tests.factories.referrals import MONDAY


def add_reminders(referral: Referral, canary: Callable[..., str]) -> None:
    """What was announced to both; what each house keeps to itself: whom it names, what those are told."""
    clock = Obligation.objects.get(referral=referral)
    common: Any = {"sender": referral.sender, "recipient": referral.recipient, "obligation": clock, "at": MONDAY}
    said = canary(referral.sender, referral.recipient)
    Announcement.objects.create(**common, rung="due", round=0, until=FAR_AWAY, text=said)
    Chase.objects.create(**common, rung="sender_supervisor", planned_at=MONDAY, disclosed=False)
    for house in (referral.sender, referral.recipient):
        ContactPointFactory(organisation=house, purpose="supervisor", email=f"{canary(house)}@people.example")
        Delivery.objects.create(
            sender=house,
            recipient=house,
            key=f"REMINDER-{referral.reference}-{house.slug}",
            channel="email",
            message="reminder_sent",
            about=f"REMINDER-{referral.pk}-{house.pk}",
            facts={"count": 2, "overdue_count": 2, "referrals": [{"reference": canary(house)}]},
            last_error=canary(house),
            next_at=MONDAY,
            created_at=MONDAY,
        )
