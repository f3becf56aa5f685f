from apps.accounts.roles import Role
from apps.deadlines import services
from apps.deadlines.policies import Line
from apps.referrals.transitions import State
from apps.tenancy.context import acting_as
from tests.factories import CommissionFactory, PlatformFactory, ReferralFactory, ReferralUnitFactory, principal_for
from tests.factories.referrals import MONDAY


def promise(house, *lines):
    by = principal_for(house, Role.ADMINISTRATOR)
    with acting_as(by):
        services.save_policy(lines, ladder={}, note="Agreed.", based_on=0, by=by, at=MONDAY)


class TestClocks:
    def test_are_the_table_as_data(self, api):
        body = api(CommissionFactory(), Role.ANALYST).get("clocks/").json()

        rows = {row["key"]: row for row in body["clocks"]}
        assert len(rows) == 22
        assert (rows["C1/1"]["limit"], rows["C1/1"]["verified"], rows["C1/1"]["runs"]) == (
            {"amount": 1, "unit": "hours"},
            False,
            False,
        )
        assert (rows["C18/1"]["runs"], rows["C18/1"]["valid_from"]) == (True, "2018-03-01")
        assert rows["C10/1"]["limit"] is None

    def test_are_for_whoever_has_a_token(self, nobody):
        assert nobody.get("clocks/").status_code == 401


class TestPolicies:
    def test_are_ones_own(self, officer, unit):
        promise(unit, Line(instrument="referral", urgency="hour", amount=1, unit="hours"))

        body = officer.get("policies/").json()

        assert (body["organisation"], body["promises"], body["version"]) == ("unit", False, 1)
        assert body["targets"] == [
            {
                "instrument": "referral",
                "area": None,
                "urgency": "hour",
                "size_class": None,
                "limit": {"amount": 1, "unit": "hours"},
            }
        ]
        assert body["since"] == "2026-03-02T09:00:00Z"

    def test_without_any_name_the_portals_own(self, officer):
        body = officer.get("policies/").json()

        assert (body["version"], body["targets"]) == (0, [])
        assert {"urgency": "standard", "limit": {"amount": 168, "unit": "hours"}} in body["defaults"]

    def test_of_platforms_are_read_by_senders(self, officer, video):
        promise(video, Line(amount=2, unit="working_days"))

        body = officer.get("policies/", {"organisation": "video"}).json()

        assert (body["promises"], body["targets"][0]["limit"]) == (True, {"amount": 2, "unit": "working_days"})

    def test_of_senders_are_read_by_whom_they_have_sent_to(self, contact, unit, video):
        promise(unit, Line(amount=2, unit="hours"))
        assert contact.get("policies/", {"organisation": "unit"}).status_code == 404

        ReferralFactory(sender=unit, recipient=video, state=State.RECEIVED)

        assert contact.get("policies/", {"organisation": "unit"}).json()["version"] == 1

    def test_of_others_are_not_there(self, officer, contact, api):
        ReferralUnitFactory(slug="another-unit")
        PlatformFactory(slug="another-platform")

        assert officer.get("policies/", {"organisation": "another-unit"}).status_code == 404
        assert contact.get("policies/", {"organisation": "another-platform"}).status_code == 404
        assert api(CommissionFactory(), Role.ANALYST).get("policies/").status_code == 404
