"""Targets, promises and calendars of the demo.

What is open already runs by the portal's own targets, so the one version that is old names the same times; the others
have just been saved, and count for what comes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.accounts.roles import Role
from apps.deadlines.policies import Line
from apps.organisations.models import Calendar
from apps.portal.demo.stage import Stage
from apps.referrals.models import Policy, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One version of somebody's policy: how long ago it was saved, why, and what it says."""

    slug: str
    ago: timedelta
    note: str
    lines: Sequence[Line]


TERRORISM = Line(instrument="referral", area="terrorism", urgency="hour", amount=1, unit="hours")
EDITIONS: Sequence[Edition] = (
    Edition(
        slug="north-iru",
        ago=timedelta(days=180),
        note="The times that were agreed at the spring meeting.",
        lines=[TERRORISM, Line(urgency="day", amount=24, unit="hours")],
    ),
    Edition(
        slug="north-iru",
        ago=timedelta(minutes=50),
        note="More time for small platforms, in working days; very large ones can do better than a week.",
        lines=[
            TERRORISM,
            Line(urgency="day", amount=24, unit="hours"),
            Line(urgency="standard", size_class="vlop", amount=3, unit="calendar_days"),
            Line(urgency="standard", size_class="small", amount=10, unit="working_days"),
            Line(urgency="standard", size_class="micro", amount=10, unit="working_days"),
        ],
    ),
    Edition(
        slug="fair-market-watch",
        ago=timedelta(minutes=40),
        note="Before the holiday season.",
        lines=[
            Line(area="product_safety", amount=2, unit="calendar_days"),
            Line(area="counterfeit_ip", urgency="standard", amount=5, unit="working_days"),
        ],
    ),
    Edition(
        slug="streamhub",
        ago=timedelta(minutes=30),
        note="Our review team now works around the clock.",
        lines=[
            Line(urgency="day", amount=12, unit="hours"),
            Line(instrument="trusted_flagger_notice", amount=2, unit="working_days"),
            Line(urgency="standard", amount=4, unit="calendar_days"),
        ],
    ),
)
# (part of the country, weekdays, closed days as month and day)
CALENDARS: Mapping[str, tuple[str, Sequence[int], Sequence[tuple[int, int]]]] = {
    "north-iru": ("", (1, 2, 3, 4, 5), ((12, 24), (12, 31))),
    "freundebuch": ("BE", (1, 2, 3, 4, 5), ((12, 24),)),
    "streamhub": ("", (1, 2, 3, 4, 5, 6), ()),
}


def set_policies(stage: Stage, *, now: datetime) -> None:
    """Write what is not there yet; run as the owner."""
    for edition in EDITIONS:
        _publish(edition, stage, now=now)
    for slug, (subdivision, weekdays, closed) in CALENDARS.items():
        days = [date(now.year, month, day) for month, day in closed]
        Calendar.objects.get_or_create(
            organisation=stage.organisations[slug],
            defaults={
                "subdivision": subdivision,
                "weekdays": list(weekdays),
                "closed_on": days,
                "updated_at": now,
            },
        )


def _publish(edition: Edition, stage: Stage, *, now: datetime) -> None:
    house = stage.organisations[edition.slug]
    (author, *_others) = stage.seats[edition.slug, Role.ADMINISTRATOR]
    policy = Policy.objects.create(
        organisation=house,
        version=Policy.objects.filter(organisation=house).count() + 1,
        note=edition.note,
        created_at=now - edition.ago,
        created_by_id=author.user_id,
    )
    targets = [line.unsaved(house.pk) for line in edition.lines]
    for target in targets:
        target.policy = policy
    Target.objects.bulk_create(targets)
