"""Answers that meet other acts on the same referrals, each on a connection of its own."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from apps.accounts.roles import Role
from apps.core.errors import DomainError
from apps.referrals import services
from apps.referrals.models import Decision, Item, Referral
from apps.referrals.services import Answer, AnswerCode
from apps.referrals.transitions import ItemState, State
from apps.tenancy.context import AS_OWNER, Context, acting_as
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, principal_for
from tests.factories.referrals import MONDAY

TUESDAY = MONDAY + timedelta(days=1)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two():
    """A platform's contact, an officer, and twelve referrals between them."""
    with acting_as(AS_OWNER):
        platform, unit = PlatformFactory.create(), ReferralUnitFactory.create()
        for _ in range(12):
            ReferralFactory.create(sender=unit, recipient=platform, state=State.RECEIVED, items=5)
        return principal_for(platform, Role.CONTACT_POINT), principal_for(unit, Role.OFFICER)


def on_its_own(context: Context, act: Callable[[], object]) -> object:
    try:
        with acting_as(context):
            return act()
    finally:
        connection.close()


def test_whoever_waited_for_the_other_corrects(two):
    contact, _officer = two
    with acting_as(AS_OWNER):
        references = list(Item.objects.order_by("pk").values_list("reference", flat=True))

    def decide(place: int) -> object:
        answers = [Answer(item=one, outcome="ALREADY_REMOVED") for one in references[:: -1 if place % 2 else 1]]
        return on_its_own(contact, lambda: services.answer(answers, channel="api", by=contact, at=TUESDAY))

    with ThreadPoolExecutor(6) as pool:
        found = Counter((one.item, one.result) for results in pool.map(decide, range(12)) for one in results)

    assert {found[one, "decided"] for one in references} == {1}
    assert {found[one, "corrected"] for one in references} == {11}
    with acting_as(AS_OWNER):
        assert Decision.objects.count() == 12 * len(references)
        assert set(Referral.objects.values_list("state", "open_count")) == {(State.ANSWERED, 0)}


def test_what_is_withdrawn_in_the_meantime_is_not_answered(two):
    contact, officer = two
    with acting_as(AS_OWNER):
        references = list(Item.objects.order_by("-pk").values_list("reference", flat=True))
        referrals = list(Referral.objects.order_by("pk"))

    def decide() -> object:
        answers = [Answer(item=one, outcome="ALREADY_REMOVED") for one in references]
        return on_its_own(contact, lambda: services.answer(answers, channel="api", by=contact, at=TUESDAY))

    def withdraw(referral: Referral) -> object:
        try:
            on_its_own(officer, lambda: services.withdraw(referral, text="Sent by mistake.", by=officer, at=TUESDAY))
        except DomainError:
            return None  # answered before
        return referral.pk

    with ThreadPoolExecutor(6) as pool:
        withdrawing = [pool.submit(withdraw, referral) for referral in referrals[:6]]
        answering = pool.submit(decide)
        withdrawing += [pool.submit(withdraw, referral) for referral in referrals[6:]]
        gone = {one.result() for one in withdrawing} - {None}
        refused = {one.item for one in answering.result() if one.code is AnswerCode.NOT_OPEN}

    with acting_as(AS_OWNER):
        assert refused == set(Item.objects.filter(referral_id__in=gone).values_list("reference", flat=True))
        assert set(Item.objects.exclude(referral_id__in=gone).values_list("state", flat=True)) <= {ItemState.DECIDED}
        assert not Decision.objects.filter(item__referral_id__in=gone).exists()
