"""Thousands of webhooks to systems that fail and lose answers, workers killed in their midst, the broker flushed.

`make faults` sends ten thousand (`PORTAL_FAULTS_DELIVERIES`), `make test` a thousand.
"""

import os

import pytest
from django.db import connection
from django.utils import timezone

from apps.delivery.models import PENDING, Channel, Delivery, Message
from apps.delivery.services import Outgoing, enqueue
from apps.tenancy.context import AS_OWNER, acting_as
from deploy.local.ports import wait_until
from tests.factories import PlatformFactory, ReferralUnitFactory
from tests.factories.endpoints import endpoint_for
from tests.faults.processes import Mailbox, Worker, manage, worker_environment
from tests.faults.receiver import Receiver
from tests.faults.test_lost_nothing import broker, hurry, real_broker  # noqa: F401  fixtures

DELIVERIES = int(os.environ.get("PORTAL_FAULTS_DELIVERIES", "1000"))
PLATFORMS, KILLS = 10, 2
ERRORS, LOST = 0.10, 0.05

# A week goes by for what waits: the schedule's hours are not the test's.
TIME_PASSES = """
UPDATE delivery_delivery SET next_at = next_at - interval '8 days', lease_until = lease_until - interval '8 days'
 WHERE state IN ('queued', 'sending', 'deferred');
UPDATE delivery_endpoint SET open_until = open_until - interval '8 days', failing_since = NULL, leases = '{}';
"""


def count(**conditions: object) -> int:
    with acting_as(AS_OWNER):
        return Delivery.objects.filter(**conditions).count()


@pytest.fixture
def written(transactional_db):
    """The messages in the outbox, for platforms with an endpoint each; nobody has begun to deliver."""

    def write(port: int) -> None:
        with acting_as(AS_OWNER):
            unit = ReferralUnitFactory.create()
            platforms = PlatformFactory.create_batch(PLATFORMS)
            for platform in platforms:
                endpoint_for(platform, f"http://127.0.0.1:{port}/{platform.slug}")
            enqueue(
                [
                    Outgoing(
                        key=f"R-{n}:sent",
                        message=Message.REFERRAL_SENT,
                        about=f"R-{n}",
                        sender_id=unit.pk,
                        recipient_id=platforms[n % PLATFORMS].pk,
                        facts={"instrument": "referral", "items": 1, "urgency": "day"},
                    )
                    for n in range(DELIVERIES)
                ],
                at=timezone.now(),
            )

    return write


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_none_is_lost_and_each_has_its_effect_once(written, broker, tmp_path):  # noqa: F811  the fixture
    with Receiver(errors=ERRORS, lost=LOST, seed=20261123) as receiver, Mailbox() as mailbox:
        written(receiver.port)
        environment = worker_environment(mailbox.port, OUTGOING_MAY_REACH_LOOPBACK="true")
        for kill in range(KILLS):
            time_passes()  # what a killed worker had taken is free when its leases are over
            before = len(receiver.seen)
            with Worker(environment, tmp_path / "worker.log") as worker:
                hurry(environment)
                some = before + DELIVERIES // 10
                wait_until(lambda: len(receiver.seen) >= some, seconds=90, failure=f"webhooks before kill {kill}")  # noqa: B023
                worker.kill()
            broker.flushdb()
        assert count(channel=Channel.WEBHOOK, state__in=PENDING) > 0, "killed with deliveries pending"

        wait_until(lambda: swept(environment), seconds=900, failure="the sweeps to empty the outbox")

    assert count(channel=Channel.WEBHOOK, state="delivered") == DELIVERIES
    assert len(receiver.effects) == DELIVERIES and set(receiver.effects.values()) == {1}
    assert sum(receiver.seen.values()) > DELIVERIES * (1 + ERRORS), "errors and lost answers were met"
    assert not mailbox.seen, "nothing had to go another way"


def time_passes() -> None:
    with acting_as(AS_OWNER), connection.cursor() as cursor:
        cursor.execute(TIME_PASSES)


def swept(environment: dict[str, str]) -> bool:
    """What runs without broker and worker, time after time, until nothing waits."""
    time_passes()
    manage("sweep", environment=environment)
    return count(state__in=PENDING) == 0
