"""Two workers at the same time never make the same look, and never ask the same host at once."""

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from apps.accounts.roles import Role
from apps.tenancy.context import AS_OWNER, acting_as
from apps.verification import services
from apps.verification.findings import Finding, Reason
from apps.verification.models import Check
from apps.verification.places import host_of
from apps.verification.services import checking
from apps.verification.styles import Judgement, Look
from tests.factories import ReferralUnitFactory, principal_for
from tests.factories.referrals import MONDAY
from tests.verification.test_checking import CLAIMED, claimed

ITEMS, HOSTS = 12, 3


class Street:
    """Hosts that note who asks them, and how many ask one of them at once."""

    def __init__(self):
        self.asked, self.worst = Counter(), 0
        self._at_once, self._guard = Counter(), threading.Lock()

    def look_at(self, address):
        host = host_of(address)
        with self._guard:
            self.asked[address] += 1
            self._at_once[host] += 1
            self.worst = max(self.worst, self._at_once[host])
        time.sleep(0.03)
        with self._guard:
            self._at_once[host] -= 1
        return Look(asked=address), Judgement(Finding.GONE, Reason.STATUS_404)


@pytest.fixture
def street(open_egress, monkeypatch):
    made = Street()
    monkeypatch.setattr(checking, "PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(checking, "look_at", made.look_at)
    return made


@pytest.fixture
def claims(transactional_db):
    with acting_as(AS_OWNER):
        unit = ReferralUnitFactory()
        administrator = principal_for(unit, Role.ADMINISTRATOR)
    with acting_as(administrator):
        services.switch_checker(on=True, by=administrator, at=MONDAY)
    with acting_as(AS_OWNER):
        for number in range(ITEMS):
            host = f"host{number % HOSTS}.example"
            claimed(unit, url=f"https://{host}/{number}", items__host=host)


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_looks_and_keep_the_peace(street, claims):
    made = []

    def work():
        made.append(services.check_due(at=CLAIMED + timedelta(days=1), run_seconds=20))
        connection.close()

    workers = [threading.Thread(target=work) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(made) == ITEMS and min(made) > 0
    assert set(street.asked.values()) == {1} and len(street.asked) == ITEMS
    assert street.worst == 1
    with acting_as(AS_OWNER):
        assert Check.objects.count() == ITEMS
