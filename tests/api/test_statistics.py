from datetime import timedelta

import pytest

from apps.accounts.roles import Role
from apps.referrals.transitions import State
from apps.statistics.services import compile_figures
from tests.factories import CommissionFactory, OrganisationFactory, ReferralFactory
from tests.factories.referrals import MONDAY

MARCH = {"from": "2026-03", "to": "2026-03"}


@pytest.fixture
def counted(unit, video):
    ReferralFactory.create(sender=unit, recipient=video, state=State.ANSWERED, items=3)
    ReferralFactory.create(sender=unit, recipient=video, state=State.RECEIVED)
    ReferralFactory.create(state=State.ANSWERED)
    return compile_figures(at=MONDAY + timedelta(days=9))


class TestCatalogue:
    def test_says_what_is_counted_for_whom(self, officer, contact, api):
        analyst = api(CommissionFactory(), Role.ANALYST)
        scopes = [client.get("statistics/").json()["scope"] for client in (officer, contact, analyst)]
        assert scopes == ["sent", "received", "all"]
        assert {"I1", "I2", "I5", "I7", "I9", "I13"} <= {
            one["id"] for one in analyst.get("statistics/").json()["indicators"]
        }

    def test_has_no_time_before_the_first_count(self, officer):
        assert officer.get("statistics/").json()["as_of"] is None

    def test_is_closed_to_those_without_figures(self, api):
        auditor = OrganisationFactory(kind="auditor")
        assert api(auditor, Role.AUDITOR).get("statistics/").status_code == 403


class TestIndicator:
    def test_names_what_it_was_made_of(self, officer, counted):
        body = officer.get("statistics/I9/", MARCH).json()
        assert (body["total"]["value"], body["total"]["numerator"], body["total"]["denominator"]) == (1.0, 3, 3)
        assert {"reason": "undecided", "count": 1} in body["total"]["exclusions"]
        assert body["as_of"] == "2026-03-11T09:00:00Z"
        assert body["rows"] == []

    def test_is_broken_down(self, officer, counted):
        body = officer.get("statistics/I2/", {**MARCH, "by": "platform"}).json()
        assert [(row["key"], row["value"]) for row in body["rows"]] == [("video", 4)]

    def test_counts_everybody_for_the_commission(self, api, counted):
        body = api(CommissionFactory(), Role.ANALYST).get("statistics/I1/", MARCH).json()
        assert (body["scope"], body["total"]["value"]) == ("all", 3)

    def test_is_null_where_nothing_was_counted(self, officer):
        assert officer.get("statistics/I9/").json()["total"]["value"] is None

    @pytest.mark.parametrize(
        ("path", "query", "status", "code"),
        [
            ("I99", {}, 404, "unknown_indicator"),
            ("I1", {"by": "sender"}, 400, "unknown_breakdown"),
            ("I1", {"from": "2026-03", "to": "2026-02"}, 400, "unknown_period"),
            ("I1", {"from": "March"}, 400, "invalid_parameter"),
            ("I1", {"to": "0000-01"}, 400, "invalid_parameter"),
            ("I1", {"as_of": "now"}, 400, "invalid_parameter"),
            ("I1", {"until": "2026-03"}, 400, "unknown_parameter"),
        ],
    )
    def test_refuses_what_it_cannot_read(self, officer, counted, path, query, status, code):
        response = officer.get(f"statistics/{path}/", query)
        assert (response.status_code, response.json()["code"]) == (status, code)
