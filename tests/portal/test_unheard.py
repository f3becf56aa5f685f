"""A reminder that nobody could be told of is not lost in silence: the sender reads it beside the platform's name."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.roles import Role
from apps.deadlines.models import Chase
from apps.referrals.models import Obligation
from apps.referrals.transitions import State
from tests.factories import ContactPointFactory, PlatformFactory, ReferralFactory, ReferralUnitFactory, member

LIST = reverse("portal:contacts")


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def officer(client, unit):
    client.force_login(member(unit, Role.OFFICER))
    return client


def chased(sender, platform, *, rung="late", message="", days=1):
    referral = ReferralFactory(sender=sender, recipient=platform, state=State.RECEIVED)
    at = timezone.now() - timedelta(days=days)
    Chase.objects.create(
        sender=sender, recipient=platform, obligation=Obligation.objects.get(referral=referral), rung=rung,
        planned_at=at, at=at, message=message,
    )  # fmt: skip


def test_is_said_once_beside_a_platform_that_mail_would_reach(officer, unit):
    platform = PlatformFactory(name="Forum")
    ContactPointFactory(organisation=platform, email="second@forum.example")  # beside the factory's own
    chased(unit, platform), chased(unit, platform, rung="backup")
    page = officer.get(LIST).content.decode()
    assert page.count("2 reminders of yours reached nobody") == 1


@pytest.mark.parametrize(
    "heard",
    [{"message": "chase:1"}, {"days": 31}, {"rung": "commission"}, {"rung": "sender_supervisor"}],
)
def test_is_not_said_of_what_was_told_long_ago_or_not_for_the_platform(officer, unit, heard):
    platform = PlatformFactory(name="Forum")
    chased(unit, platform, **heard)
    assert "reached nobody" not in officer.get(LIST, {"all": "1"}).content.decode()


def test_is_the_senders_own_business(officer):
    platform = PlatformFactory(name="Forum")
    chased(ReferralUnitFactory(), platform)
    assert "reached nobody" not in officer.get(LIST, {"all": "1"}).content.decode()
