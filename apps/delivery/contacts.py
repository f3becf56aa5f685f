"""Which contact points work, as far as anybody knows; and which platforms have none that does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, TextChoices
from django.utils.translation import gettext_lazy as _

from apps.delivery.models import ContactHealth
from apps.organisations.models import INTERNAL_PURPOSES, ContactPoint, Kind, Organisation


class Verdict(TextChoices):
    """What is known of a contact point, worst first."""

    FAILING = "failing", _("Mail comes back")
    UNPROVEN = "unproven", _("Never proven")
    WORKING = "working", _("Works")


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact point. `bounce_rate`: the share of mails that came back, None before the first."""

    email: str
    purpose: str
    verdict: Verdict
    bounce_rate: float | None
    last_success_at: datetime | None
    last_verified_at: datetime | None
    last_problem: str


@dataclass(frozen=True, slots=True)
class House:
    """An organisation and its contact points. Without one that works, or might, nobody there can be written to."""

    name: str
    slug: str
    country: str
    contacts: Sequence[Contact]

    @property
    def is_reachable(self) -> bool:
        return any(contact.verdict is not Verdict.FAILING for contact in self.contacts)


def houses() -> Sequence[House]:
    """Every platform with its contact points, those that cannot be reached first. Two queries."""
    points = ContactPoint.objects.exclude(purpose__in=INTERNAL_PURPOSES).select_related("health").order_by("pk")
    rows = Organisation.objects.filter(kind=Kind.PLATFORM, is_active=True, sandbox_of=None).order_by("name")
    found = [
        House(row.name, row.slug, row.country, [contact_of(point) for point in row.contact_points.all()])
        for row in rows.prefetch_related(Prefetch("contact_points", queryset=points))
    ]
    return sorted(found, key=lambda house: house.is_reachable)


def contact_of(point: ContactPoint) -> Contact:
    """What is known of one contact point; load it with its `health`."""
    health = getattr(point, "health", None) or ContactHealth()
    rate = min(health.bounce_count / health.sent_count, 1) if health.sent_count else None
    return Contact(
        point.email,
        str(point.get_purpose_display()),
        _verdict(point, health),
        1.0 if rate is None and health.bounce_count else rate,
        health.last_success_at,
        max(filter(None, (health.last_verified_at, point.verified_at)), default=None),
        health.last_problem if health.is_failing else "",
    )


def _verdict(point: ContactPoint, health: ContactHealth) -> Verdict:
    if health.is_failing:
        return Verdict.FAILING
    return Verdict.WORKING if health.last_success_at or point.verified_at else Verdict.UNPROVEN
