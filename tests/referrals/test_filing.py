import pytest

from apps.accounts.roles import Role
from apps.referrals import services
from apps.referrals.intake.addresses import Address, read_address
from apps.referrals.intake.rows import Row
from apps.referrals.models import Case, Event, Item, Leftover, Referral
from apps.referrals.transitions import State
from apps.tenancy.context import acting_as
from tests.factories import PlatformFactory, ReferralUnitFactory, TrustedFlaggerFactory, principal_for
from tests.factories.referrals import MONDAY

TERRORISM = services.Filing(
    instrument="referral",
    area="terrorism",
    category="STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
    keywords=("KEYWORD_TERRORIST_CONTENT",),
    reasons="Instructions for an attack.",
    urgency="hour",
)


def row(index, url, **fields):
    address = read_address(url)
    assert isinstance(address, Address)
    return Row(index=index, given={"url": url}, address=address, **fields)


@pytest.fixture
def video():
    return PlatformFactory(slug="video")


@pytest.fixture
def forum():
    return PlatformFactory(slug="forum")


@pytest.fixture
def officer():
    return principal_for(ReferralUnitFactory(), Role.OFFICER)


def file(rows, *, by, submit=True, filing=TERRORISM, at=MONDAY):
    with acting_as(by):
        return services.file(filing, rows, submit=submit, source="api", by=by, at=at)


class TestFile:
    def test_makes_one_case_a_referral_per_platform_and_an_item_per_address(self, video, forum, officer):
        filed = file(
            [
                row(0, "https://video.example/1"),
                row(1, "https://forum.example/a"),
                row(2, "https://www.video.example/2"),
            ],
            by=officer,
        )

        assert [(r.platform_slug, r.items, r.state) for r in filed.referrals] == [
            ("video", 2, State.IN_REVIEW),
            ("forum", 1, State.IN_REVIEW),
        ]
        assert filed.counts == {"filed": 3}
        assert Case.objects.get().reference == filed.case
        assert Item.objects.count() == 3
        assert set(Item.objects.values_list("disclosed", flat=True)) == {False}
        assert [r.item for r in filed.rows] == list(Item.objects.order_by("row").values_list("reference", flat=True))
        assert Event.objects.filter(verb="item.filed").count() == 3

    def test_sends_at_once_where_no_second_person_is_asked_for(self, video):
        flagger = principal_for(TrustedFlaggerFactory(), Role.OFFICER)
        notice = services.Filing(
            instrument="trusted_flagger_notice",
            area="hate_speech",
            category="STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
            reasons="Calls for violence against a minority.",
            good_faith=True,
        )

        filed = file([row(0, "https://video.example/1")], by=flagger, filing=notice)

        referral = Referral.objects.get()
        assert filed.referrals[0].state == referral.state == State.SENT
        assert referral.disclosed and referral.approved_by is None
        assert Item.objects.get().disclosed

    def test_keeps_what_it_cannot_file(self, video, officer):
        filed = file(
            [
                row(0, "https://video.example/1"),
                row(1, "https://video.example/1"),
                row(2, "https://nowhere.example/x"),
                row(3, "https://video.example/3", external_id="a"),
                row(4, "https://video.example/4", external_id="a"),
            ],
            by=officer,
        )

        assert [(r.result, r.code) for r in filed.rows] == [
            ("filed", ""),
            ("duplicate", "repeated"),
            ("unrouted", "unrouted"),
            ("filed", ""),
            ("invalid", "external_id_repeated"),
        ]
        assert filed.rows[1].item == filed.rows[0].item
        assert list(Leftover.objects.order_by("row").values_list("row", flat=True)) == [1, 2, 4]

    def test_knows_what_is_open_already(self, video, officer):
        first = file([row(0, "https://video.example/1")], by=officer)

        second = file([row(0, "https://video.example/1#t=3"), row(1, "https://video.example/2")], by=officer)

        assert (second.rows[0].result, second.rows[0].item) == ("duplicate", first.rows[0].item)

    def test_another_tenant_s_open_item_is_no_duplicate_of_ours(self, video, officer):
        file([row(0, "https://video.example/1")], by=principal_for(ReferralUnitFactory(), Role.OFFICER))

        assert file([row(0, "https://video.example/1")], by=officer).counts == {"filed": 1}

    def test_refuses_when_nothing_can_be_filed(self, officer):
        with pytest.raises(services.NothingToFile) as refused:
            file([row(0, "https://nowhere.example/x")], by=officer)

        assert refused.value.facts["rows"][0].result == "unrouted"
        assert not Case.objects.exists()

    def test_an_external_identifier_names_one_case(self, video, officer):
        from dataclasses import replace

        named = replace(TERRORISM, external_id="IRU-118")
        file([row(0, "https://video.example/1")], by=officer, filing=named)

        with pytest.raises(services.ExternalIdTaken):
            file([row(0, "https://video.example/2")], by=officer, filing=named)
        assert Case.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"category": "SOMETHING"}, "category"),
            ({"keywords": ("KEYWORD_PHISHING",)}, "keywords"),
            ({"reasons": " "}, "reasons"),
            ({"urgency": "soon"}, "urgency"),
            ({"instrument": "notice", "good_faith": False}, "good_faith"),
            ({"area": "csam", "category": "STATEMENT_CATEGORY_PROTECTION_OF_MINORS", "keywords": ()}, "area"),
            ({"title": "x" * 201}, "title"),
        ],
    )
    def test_says_which_field_is_wrong(self, video, officer, wrong, field):
        from dataclasses import replace

        with pytest.raises(services.FilingInvalid) as refused:
            file([row(0, "https://video.example/1")], by=officer, filing=replace(TERRORISM, **wrong))

        assert list(refused.value.facts["errors"]) == [field]

    @pytest.mark.parametrize("instrument", ["trusted_flagger_notice", "removal_order", "order_to_act"])
    def test_refuses_an_instrument_the_organisation_may_not_issue(self, video, officer, instrument):
        from dataclasses import replace

        with pytest.raises(services.InstrumentNotPermitted):
            file([row(0, "https://video.example/1")], by=officer, filing=replace(TERRORISM, instrument=instrument))

    def test_costs_the_same_number_of_statements_for_any_number_of_rows(
        self, video, forum, officer, django_assert_num_queries
    ):
        def rows(count, start):
            hosts = ["video.example", "forum.example", "nowhere.example"]
            return [row(n, f"https://{hosts[n % 3]}/{start + n}") for n in range(count)]

        with acting_as(officer):
            for count, start in ((3, 0), (10_000, 10)):
                read = rows(count, start)
                with django_assert_num_queries(8):
                    filed = services.file(TERRORISM, read, submit=True, source="api", by=officer, at=MONDAY)
                assert sum(filed.counts.values()) == count

    def test_preview_says_the_same_and_writes_nothing(self, video, officer):
        rows = [row(0, "https://video.example/1"), row(1, "https://video.example/1"), row(2, "https://no.example/")]
        with acting_as(officer):
            shown = services.preview(TERRORISM, rows, by=officer, at=MONDAY)
        assert not Case.objects.exists()

        filed = file(rows, by=officer)

        assert [(r.row, r.result, r.code) for r in shown.rows] == [(r.row, r.result, r.code) for r in filed.rows]
        assert [(r.platform_slug, r.items) for r in shown.referrals] == [("video", 1)]
