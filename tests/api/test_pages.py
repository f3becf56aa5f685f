"""Pages by cursor: nothing twice, nothing left out, whatever happens between two of them."""

from datetime import timedelta

import pytest

from apps.accounts.roles import Role
from apps.api.cursors import seal, unseal
from apps.api.errors import BadRequest
from apps.referrals.models import Item
from apps.referrals.transitions import State
from tests.factories import ReferralFactory, ReferralUnitFactory
from tests.factories.referrals import MONDAY


def walk(client, path, query, link="next"):
    """Every row from one end to the other, and the pages they came on."""
    rows, pages, page = [], 0, client.get(path, query).json()
    while True:
        rows += [row["reference"] for row in page["results"]]
        pages += 1
        if not page[link]:
            return rows, pages, page
        page = client.get(page[link]).json()


class TestPages:
    def test_hold_every_row_once_though_all_have_the_same_time(self, officer, unit):
        referral = ReferralFactory.create(sender=unit, items=7)
        rows, pages, last = walk(officer, "items/", {"page_size": 2})
        wanted = list(referral.items.order_by("-pk").values_list("reference", flat=True))
        assert (rows, pages) == (wanted, 4)
        assert last["previous"]

    def test_go_back_the_way_they_came(self, officer, unit):
        ReferralFactory.create(sender=unit, items=6)
        first = officer.get("items/", {"page_size": 2}).json()
        second = officer.get(first["next"]).json()
        third = officer.get(second["next"]).json()
        assert third["next"] is None
        back = officer.get(third["previous"]).json()
        assert back["results"] == second["results"]
        assert officer.get(back["previous"]).json()["results"] == first["results"]
        assert first["previous"] is None

    def test_cross_from_what_is_due_to_what_has_no_clock(self, contact, video):
        for days in (2, 1, 1):
            ReferralFactory.create(recipient=video, state=State.RECEIVED, due_at=MONDAY + timedelta(days=days))
        ReferralFactory.create(recipient=video, state=State.SENT, items=3)
        for size in (1, 2, 4, 6):
            rows, _pages, _last = walk(contact, "items/", {"page_size": size})
            assert len(rows) == len(set(rows)) == 6

    def test_do_not_mind_that_their_edge_is_gone(self, officer, unit):
        ReferralFactory.create(sender=unit, items=6)
        first = officer.get("items/", {"page_size": 3}).json()
        edge = first["results"][-1]["reference"]
        Item.objects.filter(reference=edge).delete()
        rows = [row["reference"] for row in officer.get(first["next"]).json()["results"]]
        assert len(rows) == 3
        assert edge not in rows

    def test_keep_their_filters(self, officer, unit):
        ReferralFactory.create_batch(3, sender=unit, state=State.IN_REVIEW)
        ReferralFactory.create_batch(3, sender=unit)
        rows, _pages, _last = walk(officer, "referrals/", {"page_size": 1, "state": "in_review"})
        assert len(rows) == 3


class TestCursors:
    @pytest.mark.parametrize("cursor", ["x", "AAAA", "=", "é", "a" * 900, "eyJhIjoxfQ"])
    def test_of_somebodys_making_are_refused(self, officer, cursor):
        response = officer.get("items/", {"cursor": cursor})
        assert (response.status_code, response.json()["code"]) == (400, "invalid_cursor")

    def test_are_good_for_their_own_list_order_and_organisation_only(self, officer, api, unit):
        ReferralFactory.create(sender=unit, items=2)
        ReferralFactory.create(sender=unit)
        cursor = officer.get("items/", {"page_size": 1}).json()["next"].split("cursor=")[1].split("&")[0]
        stranger = api(ReferralUnitFactory(), Role.OFFICER)
        assert officer.get("items/", {"cursor": cursor}).status_code == 200
        assert officer.get("items/", {"cursor": cursor, "order": "due"}).status_code == 400
        assert officer.get("referrals/", {"cursor": cursor}).status_code == 400
        assert stranger.get("items/", {"cursor": cursor}).status_code == 400

    def test_open_to_what_was_put_in_and_to_nothing_else(self):
        sealed = seal("[1,2]", context="a")
        assert unseal(sealed, context="a") == "[1,2]"
        for cursor, context in ((sealed, "b"), (sealed[:-2] + "AA", "a"), ("AA" + sealed[2:], "a")):
            with pytest.raises(BadRequest):
                unseal(cursor, context=context)

    def test_show_no_key(self):
        import base64

        sealed = seal('["filed_at",true,"a","2026-03-02T09:00:00+00:00",123456789]', context="a")
        assert b"123456789" not in base64.urlsafe_b64decode(sealed + "==")
