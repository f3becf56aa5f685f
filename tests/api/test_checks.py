"""Looks at an item by API: noted once, listed newest first, each side sees its own part."""

from datetime import timedelta

import pytest

from apps.accounts.roles import Role
from apps.referrals.models import Item
from apps.referrals.transitions import State
from apps.verification.models import Check, Review
from tests.factories import ReferralFactory, ReferralUnitFactory, token_for


@pytest.fixture
def item():
    return Item.objects.get(referral=ReferralFactory(state=State.ANSWERED, items=1))


def headers(organisation, role, key=""):
    found = {"authorization": f"Bearer {token_for(organisation, role)}"}
    return found | {"idempotency-key": key} if key else found


def path(item):
    return f"/api/v1/items/{item.reference}/checks/"


def note(client, item, sent, *, by=None):
    by = by or headers(item.sender, Role.OFFICER, key="k-1")
    return client.post(path(item), sent, content_type="application/json", headers=by)


def test_a_look_is_noted_and_listed(client, item):
    response = note(client, item, {"finding": "still_there", "note": "From Lisbon."})
    assert response.status_code == 201
    assert response.json() | {"at": None} == {
        "finding": "still_there",
        "reason": "by_hand",
        "detail": "Somebody looked.",
        "looked_by": "person",
        "note": "From Lisbon.",
        "at": None,
        "disclosed": False,
        "after_days": None,
        "http_status": None,
        "final_host": "",
        "checker_version": "",
    }
    assert Review.objects.filter(item=item).count() == 1
    listed = client.get(path(item), headers=headers(item.sender, Role.OFFICER)).json()
    assert [row["note"] for row in listed["results"]] == ["From Lisbon."]


def test_the_same_key_notes_it_once(client, item):
    by = headers(item.sender, Role.OFFICER, key="k-2")
    first, second = (note(client, item, {"finding": "gone"}, by=by) for _time in range(2))
    assert first.json() == second.json() and second["Idempotency-Replayed"] == "true"
    assert Check.objects.count() == 1


def test_the_newest_stand_first_in_pages(client, item):
    by = headers(item.sender, Role.OFFICER, key="k-3")
    note(client, item, {"finding": "gone"}, by=by)
    old = Check.objects.get()
    old.pk, old.at, old.note = None, old.at - timedelta(days=1), "older"
    old.save(force_insert=True)
    page = client.get(f"{path(item)}?page_size=1", headers=by).json()
    assert [row["note"] for row in page["results"]] == [""] and page["next"]
    assert [row["note"] for row in client.get(page["next"], headers=by).json()["results"]] == ["older"]


@pytest.mark.parametrize("sent", [{"finding": "tombstone"}, {"finding": "gone", "by": "me"}, {"finding": 1}, {}])
def test_anything_else_is_refused(client, item, sent):
    assert note(client, item, sent).status_code == 422
    assert not Check.objects.exists()


def test_what_was_not_sent_cannot_be_looked_at(client):
    item = Item.objects.get(referral=ReferralFactory(state=State.DRAFT, items=1))
    response = note(client, item, {"finding": "gone"})
    assert (response.status_code, response.json()["code"]) == (409, "not_sent_yet")


def test_a_platform_reads_what_it_was_told_and_notes_nothing(client, item):
    note(client, item, {"finding": "gone", "note": "inside"})
    told = headers(item.sender, Role.OFFICER, key="k-4")
    note(client, item, {"finding": "gone", "note": "for you", "tell_platform": True}, by=told)
    platform = headers(item.recipient, Role.CONTACT_POINT, key="k-5")
    assert [row["note"] for row in client.get(path(item), headers=platform).json()["results"]] == ["for you"]
    assert note(client, item, {"finding": "gone"}, by=platform).status_code == 403


def test_another_tenant_finds_nothing(client, item):
    stranger = headers(ReferralUnitFactory(), Role.OFFICER, key="k-6")
    assert client.get(path(item), headers=stranger).status_code == 404
    assert note(client, item, {"finding": "gone"}, by=stranger).status_code == 404
