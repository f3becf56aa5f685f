"""`POST referrals/{reference}/announce/`, and the same for a list."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.roles import Role
from apps.deadlines.models import Announcement
from apps.referrals.models import Obligation
from tests.factories import PlatformFactory, ReferralFactory


@pytest.fixture
def platform():
    return PlatformFactory()


@pytest.fixture
def contact(api, platform):
    return api(platform, Role.CONTACT_POINT)


@pytest.fixture
def referral(platform):
    referral = ReferralFactory(recipient=platform, state="received")
    now = timezone.now()
    Obligation.objects.update(started_at=now - timedelta(hours=15), due_at=now + timedelta(hours=9))
    return referral


def until(**span):
    return (timezone.now() + timedelta(**span)).isoformat()


def test_an_answer_is_announced(contact, referral):
    said = {"until": until(days=2), "text": "By Friday."}
    response = contact.post(f"referrals/{referral.reference}/announce/", said)
    assert response.status_code == 200 and response.json()["reference"] == referral.reference
    assert Announcement.objects.get().text == "By Friday."


def test_too_far_ahead_is_refused(contact, referral):
    response = contact.post(f"referrals/{referral.reference}/announce/", {"until": until(days=15)})
    assert (response.status_code, response.json()["code"]) == (422, "announcement_out_of_reach")


def test_the_law_does_not_wait(contact, referral):
    Obligation.objects.update(statutory=True)
    response = contact.post(f"referrals/{referral.reference}/announce/", {"until": until(days=2)})
    assert (response.status_code, response.json()["code"]) == (409, "law_does_not_wait")


def test_a_list_has_a_result_each(contact, referral):
    references = [referral.reference, "R-TEST-999999"]
    rows = contact.post("referrals/announce/", {"references": references, "until": until(days=2)}).json()["rows"]
    assert [(row["result"], row["code"]) for row in rows] == [("done", None), ("refused", "not_found")]


def test_a_sender_announces_nothing(api, referral):
    response = api(referral.sender, Role.OFFICER).post(
        f"referrals/{referral.reference}/announce/", {"until": until(days=2)}
    )
    assert response.status_code == 403
