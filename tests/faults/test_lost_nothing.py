"""SIGKILL of the worker with deliveries pending, and a flushed broker: nothing is lost, no effect is doubled."""

import pytest
import redis
from django.utils import timezone

from apps.accounts.roles import Role
from apps.delivery.models import PENDING as PENDING_STATES
from apps.delivery.models import Delivery
from apps.referrals import services
from apps.referrals.models import Event, Obligation, Referral
from apps.referrals.transitions import State
from apps.tenancy.context import AS_OWNER, acting_as
from deploy.local.ports import wait_until
from referral_portal.celery import app
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, member, principal_for
from tests.faults.processes import Mailbox, Worker, broker_url, manage, worker_environment

PENDING = 500
KILLS = 2


def count(**conditions: object) -> int:
    with acting_as(AS_OWNER):
        return Delivery.objects.filter(**conditions).count()


@pytest.fixture
def broker():
    client = redis.Redis.from_url(broker_url())
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


@pytest.fixture
def real_broker(broker):
    """Nudges leave this process as in production, instead of running in it."""
    app.conf.task_always_eager = False
    previous, app.conf.broker_url = app.conf.broker_url, broker_url()
    yield
    app.conf.broker_url = previous


@pytest.fixture
def approved(transactional_db, real_broker):
    """500 referrals approved in one go: a thousand messages in the outbox, and nobody to deliver them."""
    with acting_as(AS_OWNER):
        unit = ReferralUnitFactory()
        reviewer = principal_for(unit, Role.REVIEWER)
        platforms = PlatformFactory.create_batch(5)
        for platform in platforms:
            member(platform, Role.CONTACT_POINT)
        rows = [
            ReferralFactory(
                sender=unit,
                recipient=platforms[n % 5],
                state=State.IN_REVIEW,
                created_by_id=author,
                case__created_by_id=author,
            )
            for author in [principal_for(unit, Role.OFFICER).user_id]
            for n in range(PENDING)
        ]
    with acting_as(reviewer):
        services.approve_set([row.reference for row in rows], by=reviewer, at=timezone.now())


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_and_a_flushed_broker_lose_and_double_nothing(approved, broker, tmp_path):
    assert count(state="queued") == 2 * PENDING
    with Mailbox() as mailbox:
        environment = worker_environment(mailbox.port)
        for kill in range(KILLS):
            with Worker(environment, tmp_path / "worker.log") as worker:
                hurry(environment)
                before = len(mailbox.seen)
                wait_until(lambda: len(mailbox.seen) >= before + 60, seconds=60, failure=f"mails before kill {kill}")  # noqa: B023
                worker.kill()
            assert count(channel="email", state__in=PENDING_STATES) > 0, "killed with deliveries pending"
            broker.flushdb()
        wait_until(lambda: swept(environment), seconds=60, failure="the sweep to finish without broker or worker")

        assert len(mailbox.seen) == PENDING
        assert sum(mailbox.seen.values()) - PENDING <= KILLS, (
            "a kill repeats one mail at most, under the same Message-ID"
        )
    with acting_as(AS_OWNER):
        assert Referral.objects.filter(state=State.RECEIVED).count() == PENDING
        assert Obligation.objects.count() == PENDING
        assert Event.objects.filter(verb="referral.received").count() == PENDING
        assert Delivery.objects.count() == 2 * PENDING


def hurry(environment: dict[str, str]) -> None:
    """What `on_commit` sends: a nudge, published to the real broker by another process."""
    script = "from apps.referrals.services.sending import hurry; hurry()"
    manage("shell", "-c", script, environment=environment)


def swept(environment: dict[str, str]) -> bool:
    manage("sweep", environment=environment)
    return count(state__in=PENDING_STATES) == 0


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_does_not_stop_an_approval():
    with acting_as(AS_OWNER):
        unit = ReferralUnitFactory()
        reviewer = principal_for(unit, Role.REVIEWER)
        referral = ReferralFactory(sender=unit, state=State.IN_REVIEW)
        member(referral.recipient, Role.CONTACT_POINT)
    app.conf.task_always_eager = False
    previous, app.conf.broker_url = app.conf.broker_url, "redis://127.0.0.1:1/0"  # nothing listens there
    try:
        with acting_as(reviewer):
            services.approve(referral, by=reviewer, at=timezone.now())
    finally:
        app.conf.broker_url = previous
    with acting_as(AS_OWNER):
        assert Referral.objects.get().state == State.SENT
    with Mailbox() as mailbox:
        manage("sweep", environment=worker_environment(mailbox.port))
        assert len(mailbox.seen) == 1
    with acting_as(AS_OWNER):
        assert Referral.objects.get().state == State.RECEIVED
