"""Three days without a sweep, 2,000 clocks running out; then sweeps, several at once, one of them killed."""

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from apps.deadlines import services
from apps.deadlines.models import Chase
from apps.delivery.models import Delivery
from apps.organisations.models import ContactPurpose
from apps.referrals.models import Obligation, Referral
from apps.referrals.transitions import State
from apps.tenancy.context import AS_OWNER, acting_as
from deploy.local.ports import wait_until
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory
from tests.factories.many import clone
from tests.factories.organisations import ContactPointFactory
from tests.faults.processes import ROOT, worker_environment

CLOCKS, PLATFORMS, UNITS = 2_000, 40, 5
OFF = datetime(2026, 3, 2, 10, tzinfo=UTC)
BACK = OFF + timedelta(hours=72)  # Thursday, 10:00: nobody sleeps
DAY = timedelta(days=1)
# What docs/reminders.md promises, written down once more: parts of the time after the due time, and who is told.
LADDER = {
    "before": (-DAY / 4, "contact"),
    "due": (0 * DAY, "contact"),
    "late": (DAY / 4, "contact"),
    "backup": (DAY / 2, "backup"),
    "platform_supervisor": (DAY, "supervisor"),
    "sender_supervisor": (DAY, "supervisor"),
    "commission": (3 * DAY, ""),
}


@pytest.fixture
def outage(transactional_db):
    """The clocks, 24 hours each, running out one after another while nobody sweeps."""
    with acting_as(AS_OWNER):
        units, platforms = ReferralUnitFactory.create_batch(UNITS), PlatformFactory.create_batch(PLATFORMS)
        for house in (*units, *platforms):
            for purpose in (ContactPurpose.BACKUP, ContactPurpose.SUPERVISOR):
                ContactPointFactory(organisation=house, purpose=purpose)
        for n, platform in enumerate(platforms):
            urgency = "life" if n % 10 == 0 else "day"
            fill(units[n % UNITS], platform, urgency, CLOCKS // PLATFORMS, n)


def fill(unit, platform, urgency, count, n):
    template = ReferralFactory(sender=unit, recipient=platform, urgency=urgency, state=State.RECEIVED, items=2)
    clock = Obligation.objects.get(referral=template)
    clone(template, count - 1, reference=f"'R-TEST-' || {n * 1000 + 100_000} + n")
    keys = sorted(Referral.objects.filter(recipient=platform).exclude(pk=template.pk).values_list("pk", flat=True))
    for key in keys:
        clock.pk, clock.referral_id = None, key
        clock.save(force_insert=True)
    step = timedelta(hours=72) / CLOCKS
    rows = Obligation.objects.filter(recipient=platform).order_by("pk")
    for place, row in enumerate(rows):
        row.due_at = OFF + step * (place * PLATFORMS + n)
        row.started_at = row.due_at - DAY
        row.chase_at = row.escalate_at = row.started_at
    Obligation.objects.bulk_update(rows, ["due_at", "started_at", "chase_at", "escalate_at"])


def expected():
    """Which rungs have come, by obligation."""
    clocks = Obligation.objects.values_list("pk", "due_at")
    return {(pk, rung) for pk, due_at in clocks for rung, (after, _who) in LADDER.items() if due_at + after <= BACK}


def taken():
    return Counter(Chase.objects.values_list("obligation_id", "rung"))


def messages():
    return Counter(Delivery.objects.filter(channel="portal").values_list("recipient_id", "audience"))


def told():
    """Whom the rungs that have come concern."""
    rows = Chase.objects.exclude(rung="commission").values_list("rung", "recipient_id", "sender_id")
    return {(sender if rung == "sender_supervisor" else platform, LADDER[rung][1]) for rung, platform, sender in rows}


def check():
    with acting_as(AS_OWNER):
        counted = taken()
        assert counted.keys() == expected() and set(counted.values()) == {1}, "each rung exactly once"
        assert messages().keys() == told() and set(messages().values()) == {1}, "one message for each contact"
        rungs_by_message = Counter(Chase.objects.exclude(rung="commission").values_list("message", flat=True))
        assert "" not in rungs_by_message and len(rungs_by_message) == sum(messages().values())
        for letter in Delivery.objects.filter(channel="portal"):
            listed = letter.facts["referrals"]
            urgent = [(one["urgency"] != "life", one["due_at"]) for one in listed]
            assert all(before <= after for before, after in pairwise(urgent)), "most urgent first"
            assert letter.facts["count"] == len(listed) + letter.facts["more"]
        assert not Obligation.objects.filter(chase_at__lte=BACK).exists()
        assert not Obligation.objects.filter(escalate_at__lte=BACK).exists()


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_three_days_are_caught_up_in_one_message_each_and_two_more_sweeps_add_nothing(outage):
    with acting_as(AS_OWNER):
        ahead = len(expected())
    assert ahead > 3 * CLOCKS
    assert services.chase(at=BACK) == ahead
    check()
    with acting_as(AS_OWNER):
        letters = Delivery.objects.filter(audience="contact", channel="portal").order_by("pk")
        waits = [not letter.urgent for letter in letters]
        assert waits == sorted(waits), "the most urgent organisations first"
        before = taken(), Delivery.objects.count()
    assert [services.chase(at=BACK), services.chase(at=BACK)] == [0, 0]
    with acting_as(AS_OWNER):
        assert (taken(), Delivery.objects.count()) == before


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_of_which_one_is_killed_double_and_lose_nothing(outage):
    with acting_as(AS_OWNER):
        ahead = len(expected())
    victim, other = start(), start()
    try:
        wait_until(lambda: 0 < count() < ahead, seconds=60, failure="the sweepers to begin", every=0.005)
        victim.kill()
        assert count() < ahead, "killed in the middle"
        assert other.wait(timeout=120) == 0
    finally:
        victim.kill(), other.kill()
        victim.wait(), other.wait()
    for sweeper in (start(), start()):
        assert sweeper.wait(timeout=120) == 0
    check()


def start():
    command = [sys.executable, "-m", "tests.faults.sweeper", BACK.isoformat()]
    return subprocess.Popen(command, cwd=ROOT, env=worker_environment(1))


def count():
    with acting_as(AS_OWNER):
        return Chase.objects.count()
