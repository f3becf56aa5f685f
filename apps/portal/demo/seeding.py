from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.db import connection, transaction

from apps.accounts.roles import Role
from apps.organisations.models import Organisation
from apps.portal.demo.cast import OVERSEERS, PASSWORD, PLATFORMS, SENDERS, House, crowd
from apps.portal.demo.looks import look_back
from apps.portal.demo.policies import set_policies
from apps.portal.demo.reminders import COUNT_ESCALATIONS
from apps.portal.demo.stage import Stage, issue_tokens, set_stage
from apps.portal.demo.stories import year_of_work
from apps.portal.demo.systems import confirm_contacts, connect_systems
from apps.portal.demo.tables import Batch
from apps.referrals.models import Case
from apps.statistics.services import compile_figures
from apps.tenancy.context import AS_OWNER, acting_as

EVENTS_AT_ONCE = 20_000
ITEMS_PER_REFERRAL = 3.05
TOKENS = (
    ("officer", "north-iru", Role.OFFICER),
    ("reviewer", "north-iru", Role.REVIEWER),
    ("flagger", "fair-market-watch", Role.OFFICER),
    ("platform", "streamhub", Role.CONTACT_POINT),
    ("commission", "commission", Role.ANALYST),
)


@dataclass(frozen=True, slots=True)
class Scale:
    """`further_platforms` come on top of the twelve with names; `fresh` is the share of work still going on.

    `with_statements`: a kilobyte for each decision that restricts, which data for measuring does without.
    """

    referrals: int
    further_platforms: int = 0
    fresh: float = 0.02
    with_statements: bool = True

    @property
    def houses(self) -> list[House]:
        return [*SENDERS, *OVERSEERS, *PLATFORMS, *crowd(self.further_platforms)]


SCALES = {"demo": Scale(440, fresh=0.15), "seed": Scale(40_000, further_platforms=68)}


def of_items(count: int) -> Scale:
    """A scale with about this many items, among 80 platforms."""
    return Scale(max(round(count / ITEMS_PER_REFERRAL), 1), further_platforms=68, with_statements=False)


def is_seeded() -> bool:
    with acting_as(AS_OWNER):
        return Case.objects.filter(organisation__slug=SENDERS[0].slug).exists()


def seed(scale: Scale, *, draw: Random, now: datetime, done: Callable[[int], None]) -> None:
    """Write it all, or nothing: one transaction. `done` hears of every so many referrals that are written."""
    with acting_as(AS_OWNER):
        stage = set_stage(scale.houses, now=now)
        set_policies(stage, now=now)
        connect_systems(stage, now=now)
        confirm_contacts(now=now)
        _write(stage, scale, draw=draw, now=now, done=done)
        with connection.cursor() as cursor:
            cursor.execute(COUNT_ESCALATIONS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    compile_figures(at=now)


def new_tokens(scale: Scale, *, now: datetime) -> dict[str, str]:
    with acting_as(AS_OWNER):
        return issue_tokens(set_stage(scale.houses, now=now), TOKENS, now=now)


def accounts(houses: Sequence[House]) -> list[dict[str, str]]:
    """One person for each role in each organisation with a name, as `make demo` lists them."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for house in houses:
        for player in house.people:
            found.setdefault(
                (house.slug, player.role),
                {
                    "email": f"{player.account}@{house.host}",
                    "password": PASSWORD,
                    "organisation": house.name,
                    "role": player.role.value,
                },
            )
    return list(found.values())


def _write(stage: Stage, scale: Scale, *, draw: Random, now: datetime, done: Callable[[int], None]) -> None:
    platforms = [*PLATFORMS, *crowd(scale.further_platforms)]
    batch, told = Batch(stage, draw=draw, now=now, with_statements=scale.with_statements), 0
    for story in year_of_work(SENDERS, platforms, referrals=scale.referrals, fresh=scale.fresh, draw=draw, now=now):
        batch.add(story)
        told += len(story.referrals)
        if batch.size >= EVENTS_AT_ONCE:
            batch.write()
            done(told)
            told = 0
    batch.write()
    if scale.with_statements:
        look_back(Organisation.objects.get(slug=SENDERS[0].slug), now=now)
    done(told)
