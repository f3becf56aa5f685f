from apps.accounts.roles import Role
from apps.organisations.models import PolicyLink
from apps.referrals import services
from apps.referrals.transitions import State
from apps.tenancy.context import acting_as
from tests.factories import PlatformFactory, ReferralFactory, principal_for
from tests.factories.referrals import MONDAY


class TestMe:
    def test_says_who_and_for_whom_and_what(self, api, unit):
        body = api(unit, Role.REVIEWER).get("me/").json()
        assert body["organisation"]["slug"] == "unit"
        assert body["role"] == "reviewer"
        assert body["permissions"] == ["approve_referrals", "file_referrals", "view_referrals", "view_statistics"]


class TestPlatforms:
    def test_are_listed_with_where_they_are_reached(self, officer, video):
        (row,) = officer.get("platforms/").json()["results"]
        assert (row["slug"], row["domains"]) == ("video", ["video.example"])
        assert row["contact_points"][0]["email"] == "contact@video.example"

    def test_are_found_by_name_and_domain(self, officer, video):
        PlatformFactory(slug="other", name="Other")
        found = [
            officer.get("platforms/", query).json()["results"] for query in ({"q": "oth"}, {"domain": "video.example"})
        ]
        assert [[row["slug"] for row in rows] for rows in found] == [["other"], ["video"]]

    def test_take_the_same_number_of_queries_however_many(self, officer, django_assert_num_queries):
        PlatformFactory.create_batch(5)
        officer.get("me/")
        with django_assert_num_queries(8):
            officer.get("platforms/")

    def test_say_what_the_platform_owes_and_publishes(self, officer, video):
        policy = PolicyLink.objects.create(organisation=video, kind="terms", url="https://video.example/t", at=MONDAY)
        body = officer.get("platforms/video/").json()
        assert (body["standing"], body["size_class"], body["representative"]) == ("listed", "medium", None)
        assert body["policies"] == [{"kind": "terms", "url": policy.url, "note": "", "at": "2026-03-02T09:00:00Z"}]
        duties = {one["key"]: one for one in body["obligations"]}
        assert duties["database"]["duty"] == "owed" and duties["database"]["articles"] == "24(5)"

    def test_show_a_platform_its_own_entry_alone(self, contact, video):
        other = PlatformFactory()
        assert contact.get("platforms/video/").json()["slug"] == "video"
        assert contact.get(f"platforms/{other.slug}/").status_code == 404

    def test_are_not_a_platforms_business(self, contact):
        assert contact.get("platforms/").status_code == 403
        assert contact.get("platforms/resolve/", {"url": "https://video.example/"}).status_code == 403


class TestResolve:
    def test_says_where_an_address_would_go(self, officer, video):
        body = officer.get("platforms/resolve/", {"url": "HTTPS://www.Video.example/watch"}).json()
        assert (body["result"], body["platform"], body["platform_name"]) == ("filed", "video", video.name)

    def test_says_that_nobody_answers_for_it(self, officer, video):
        body = officer.get("platforms/resolve/", {"url": "https://nobody.example/"}).json()
        assert (body["result"], body["platform"], body["code"]) == ("unrouted", None, "unrouted")

    def test_says_that_it_is_no_address(self, officer):
        assert officer.get("platforms/resolve/", {"url": "javascript:alert(1)"}).json()["result"] == "invalid"
        assert officer.get("platforms/resolve/").json()["code"] == "invalid_parameter"


class TestDeliveries:
    def test_say_in_codes_what_became_of_each_message(self, officer, contact, unit, video):
        second = principal_for(unit, Role.REVIEWER)
        referral = ReferralFactory.create(sender=unit, recipient=video, state=State.IN_REVIEW)
        with acting_as(second):
            services.approve(referral, by=second, at=MONDAY)
        for client in (officer, contact):
            rows = client.get("deliveries/", {"referral": referral.reference}).json()["results"]
            assert [(row["message"], row["channel"], row["recipient"]) for row in rows] == [
                ("referral_sent", "push", "video"),
                ("referral_sent", "portal", "video"),
            ]
