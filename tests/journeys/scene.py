"""Who takes part in the whole loop: a referral unit of two, three platforms, and the Commission."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from django.contrib.auth.hashers import make_password

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.organisations.models import Organisation
from tests.factories import CommissionFactory, DomainFactory, PlatformFactory, ReferralUnitFactory, member, token_for
from tests.factories.people import PASSWORD
from tests.journeys.sheet import Count, Sheet

# When it all happens. What is answered within a day of SENT is in time.
FILED = datetime(2026, 3, 2, 9, tzinfo=UTC)
SENT = FILED + timedelta(hours=1)
FIRST_ANSWER = SENT + timedelta(minutes=30)
SECOND_ANSWER = SENT + timedelta(hours=3)
ANSWER_BY_API = SENT + timedelta(hours=20)
OVERDUE = SENT + timedelta(hours=25)
COUNTED = SENT + timedelta(hours=26)

DATA = Path(__file__).resolve().parents[1] / "data"
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "fixtures" / "intake"

PLAIN = {"url": "url"}
ALERT = {"url": "URL", "external_id": "ID", "published_on": "Created On", "note": "Description"}

TAKEDOWNS = Sheet(DATA / "takedown_urls.csv", ("pages.example", "fruit.example", "robot.example"), PLAIN)
ALERTS = Sheet(
    DATA / "alerts_export.csv",
    ("en.encyclo.example", "simple.encyclo.example", "commons.encyclo.example"),
    ALERT,
    "month_first",
)
REAL_TAKEDOWNS = Sheet(SHARED / "public_takedown_urls.csv", ("github.io", "apps.apple.com", "play.google.com"), PLAIN)
REAL_ALERTS = Sheet(
    SHARED / "tcap_alerts.csv",
    ("en.wikipedia.org", "simple.wikipedia.org", "commons.wikimedia.org"),
    ALERT,
    "month_first",
)

_hashed = cache(make_password)  # a good hash is slow; people with the same password may share one here


@dataclass
class Scene:
    """Make it as the owner. `first`, `second` and `third` are the platforms of a sheet's hosts, in their order."""

    sheet: Sheet
    unit: Organisation = field(init=False)
    platforms: tuple[Organisation, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.unit = ReferralUnitFactory.create(name="Examplia Referral Unit")
        self.officer = self._person(self.unit, Role.OFFICER, "Ada Officer")
        self.reviewer = self._person(self.unit, Role.REVIEWER, "Rea Reviewer")
        self.platforms = tuple(self._platform(n, host) for n, host in enumerate(self.sheet.hosts))
        self.first, self.second, self.third = (
            self._person(platform, Role.CONTACT_POINT, f"Contact {n}") for n, platform in enumerate(self.platforms)
        )
        self.analyst = self._person(CommissionFactory.create(), Role.ANALYST, "Ana Analyst")

    def token(self, person: User) -> str:
        membership = person.memberships.get()
        return token_for(membership.organisation, Role(membership.role), person)

    def _person(self, organisation: Organisation, role: Role, name: str) -> User:
        return member(organisation, role, name=name, password=_hashed(PASSWORD))

    def _platform(self, number: int, host: str) -> Organisation:
        platform: Organisation = PlatformFactory.create(slug=f"platform-of-list-{number}", name=f"Platform {host}")
        DomainFactory.create(platform=platform, host=host)
        return platform


def counted_by_hand(sheet: Sheet) -> Count:
    """What comes of a sheet: the first platform answers twice and leaves a rest, the second all, the third nothing."""
    removed, refused = sheet.answers
    decided = ((FIRST_ANSWER, removed), (SECOND_ANSWER, refused), (ANSWER_BY_API, sheet.counts[1]))
    minutes = (((at - SENT).total_seconds() / 60, count) for at, count in decided)
    return Count(sheet.counts, removed, tuple(one for one, count in minutes for _ in range(count)))
