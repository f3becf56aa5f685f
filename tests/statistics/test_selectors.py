from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.roles import Role
from apps.organisations.models import Kind
from apps.referrals.models import Item, Referral
from apps.referrals.transitions import State
from apps.statistics import selectors, services
from apps.statistics.selectors import UnknownBreakdown, UnknownIndicator, UnknownPeriod
from apps.taxonomy.outcomes import Outcome
from tests.factories import (
    CommissionFactory,
    ItemFactory,
    OrganisationFactory,
    PlatformFactory,
    ReferralFactory,
    ReferralUnitFactory,
    TrustedFlaggerFactory,
    principal_for,
)
from tests.factories.referrals import MONDAY

MARCH = {"from_month": date(2026, 3, 1), "to_month": date(2026, 3, 31)}
LATER = MONDAY + timedelta(days=30)


def of(principal, id, acting, **question):
    with acting(principal):
        return selectors.indicator(principal, id, **MARCH, **question)


def rows_of(result):
    return {row.key: row.figure.value for row in result.rows}


@pytest.fixture
def unit():
    return ReferralUnitFactory(country="NL")


@pytest.fixture
def officer(unit):
    return principal_for(unit, Role.OFFICER)


@pytest.fixture
def platform():
    return PlatformFactory()


@pytest.fixture
def contact(platform):
    return principal_for(platform, Role.CONTACT_POINT)


@pytest.fixture
def analyst():
    return principal_for(CommissionFactory(), Role.ANALYST)


class TestIndicator:
    def test_vector_1_counts_orders_and_items_apart(self, officer, unit, acting):
        """Two orders, of ten items and of one: two orders, eleven items."""
        ReferralFactory(sender=unit, state=State.SENT, items=10)
        ReferralFactory(sender=unit, state=State.SENT, items=1)
        services.compile_figures(at=LATER)

        assert of(officer, "I1", acting).total.value == 2
        assert of(officer, "I2", acting).total.value == 11

    def test_vector_2_counts_two_notices_for_one_video_twice(self, contact, platform, acting):
        for sender in (ReferralUnitFactory(), TrustedFlaggerFactory()):
            ReferralFactory(
                sender=sender, recipient=platform, state=State.SENT, items=1, items__url="https://a.example/"
            )
        services.compile_figures(at=LATER)

        assert of(contact, "I1", acting).total.value == 2

    @pytest.mark.parametrize(("seconds", "within_hour"), [(3600, 1), (3601, 0)])
    def test_vector_21_the_sixtieth_minute_is_within_the_hour(self, contact, platform, acting, seconds, within_hour):
        """Received 23:30, decided 00:30:00: within the hour; at 00:30:01 it is late."""
        received_at = MONDAY.replace(hour=23, minute=30)
        referral = ReferralFactory(recipient=platform, state=State.ANSWERED, received_at=received_at)
        Item.objects.filter(referral=referral).update(decided_at=received_at + timedelta(seconds=seconds))
        services.compile_figures(at=LATER)

        figure = of(contact, "I13", acting).total

        assert figure.part("within_1h").numerator == within_hour
        assert figure.part("1_24h").numerator == 1 - within_hour

    def test_tells_what_it_was_made_of_and_as_of_when(self, contact, platform, acting):
        ReferralFactory(recipient=platform, state=State.ANSWERED, items=3)
        ReferralFactory(recipient=platform, state=State.RECEIVED, items=1)
        services.compile_figures(at=LATER)

        result = of(contact, "I5", acting)

        assert (result.total.value, result.total.numerator, result.total.denominator) == (0.75, 3, 4)
        assert (result.as_of, result.version) == (LATER, 1)

    def test_takes_its_median_over_the_items_of_all_months(self, contact, platform, acting):
        for days, hours in ((0, (1, 9)), (31, (2, 3, 4))):
            referral = ReferralFactory(
                recipient=platform, state=State.ANSWERED, items=0, filed_at=MONDAY + timedelta(days=days)
            )
            for wait in hours:
                ItemFactory(referral=referral, decided_at=referral.received_at + timedelta(hours=wait))
        services.compile_figures(at=LATER)

        with acting(contact):
            both = selectors.indicator(
                contact, "I7", from_month=date(2026, 3, 1), to_month=date(2026, 4, 1), by="month"
            )

        assert both.total.value == 3
        assert rows_of(both) == {"2026-03": 5, "2026-04": 3}

    def test_a_month_without_anything_is_in_the_series(self, officer, acting):
        services.compile_figures(at=LATER)

        result = of(officer, "I5", acting, by="month")

        assert rows_of(result) == {"2026-03": None}

    def test_counts_drafts_for_those_who_wrote_them_alone(self, officer, contact, analyst, unit, platform, acting):
        ReferralFactory(sender=unit, recipient=platform, state=State.DRAFT)
        ReferralFactory(sender=unit, recipient=platform, state=State.SENT)
        services.compile_figures(at=LATER)

        filed = {name: of(who, "I1", acting).total.value for name, who in
                 {"officer": officer, "contact": contact, "analyst": analyst}.items()}  # fmt: skip

        assert filed == {"officer": 2, "contact": 1, "analyst": 1}
        assert dict(of(officer, "I5", acting).total.exclusions)["unsent"] == 1

    def test_can_be_shown_as_it_was(self, officer, unit, acting):
        services.compile_figures(at=LATER)
        ReferralFactory(sender=unit)
        services.compile_figures(at=LATER + timedelta(days=40))

        assert of(officer, "I1", acting).total.value == 1
        earlier = of(officer, "I1", acting, as_of=LATER + timedelta(days=1))
        assert (earlier.total.value, earlier.as_of) == (0, LATER)

    def test_before_the_first_compilation_there_is_no_value(self, officer, acting):
        result = of(officer, "I1", acting)

        assert (result.total.value, result.as_of, result.rows) == (None, None, ())

    def test_rows_have_names_and_the_largest_comes_first(self, analyst, acting):
        small, large = PlatformFactory(name="Small"), PlatformFactory(name="Large")
        ReferralFactory(recipient=small, state=State.SENT, items=5)
        ReferralFactory(recipient=large, state=State.SENT, items=6)
        services.compile_figures(at=LATER)

        assert [row.label for row in of(analyst, "I2", acting, by="platform").rows] == ["Large", "Small"]

    def test_hides_rows_of_few_sensitive_items_from_those_who_oversee(self, analyst, acting):
        busy, quiet, middling = PlatformFactory(), PlatformFactory(), PlatformFactory()
        for platform, items in ((busy, 9), (quiet, 2), (middling, 6)):
            ReferralFactory(recipient=platform, state=State.ANSWERED, area="terrorism", items=items)
        services.compile_figures(at=LATER)

        rows = {row.key: row.figure for row in of(analyst, "I9", acting, by="platform").rows}

        assert (rows[quiet.slug].value, rows[quiet.slug].numerator, rows[quiet.slug].suppressed) == (None, None, True)
        assert rows[middling.slug].suppressed
        assert rows[busy.slug].value == 1

    def test_refuses_what_does_not_exist(self, officer):
        with pytest.raises(UnknownIndicator):
            selectors.indicator(officer, "I99", **MARCH)
        with pytest.raises(UnknownBreakdown) as refused:
            selectors.indicator(officer, "I1", **MARCH, by="sender")
        with pytest.raises(UnknownPeriod):
            selectors.indicator(officer, "I1", from_month=date(2026, 3, 1), to_month=date(2026, 2, 1))

        assert "platform" in refused.value.facts["breakdowns"]


class TestWhoSeesWhat:
    def test_everybody_sees_their_own_side_and_the_commission_all_of_it(
        self, officer, contact, analyst, unit, platform, acting
    ):
        ReferralFactory(sender=unit, recipient=platform, state=State.SENT)
        ReferralFactory(sender=unit, state=State.SENT)
        ReferralFactory(recipient=platform, state=State.SENT)
        ReferralFactory(state=State.SENT)
        services.compile_figures(at=LATER)

        seen = [of(who, "I1", acting).total.value for who in (officer, contact, analyst)]

        assert seen == [2, 2, 4]

    @pytest.mark.parametrize(
        ("kind", "role"),
        [(Kind.AUDITOR, Role.AUDITOR), (Kind.COMMISSION, Role.ADMINISTRATOR), (Kind.AUDITOR, Role.ADMINISTRATOR)],
    )
    def test_those_who_neither_send_nor_receive_nor_oversee_have_no_figures(self, kind, role, acting):
        nobody = principal_for(OrganisationFactory(kind=kind), role)
        services.compile_figures(at=LATER)

        with pytest.raises(PermissionDenied):
            of(nobody, "I1", acting)


class TestDisclosedReferrals:
    def test_the_as_of_time_decides_what_is_overdue(self, contact, platform, acting):
        referral = ReferralFactory(recipient=platform, state=State.RECEIVED)
        for at, late in ((referral.due_at, 0), (referral.due_at + timedelta(seconds=1), 1)):
            services.compile_figures(at=at)
            assert of(contact, "I23", acting).total.value == late

    def test_a_correction_changes_the_outcome_and_not_the_time(self, contact, platform, acting):
        referral = ReferralFactory(recipient=platform, state=State.ANSWERED, items=0)
        item = ItemFactory(referral=referral, outcome=Outcome.NO_ACTION)
        for outcome, hours in ((Outcome.NO_ACTION, 2), (Outcome.REMOVED, 50)):
            item.decisions.create(
                sender=item.sender,
                recipient=item.recipient,
                outcome=outcome,
                refusal_reason="NOT_ILLEGAL",
                decided_at=referral.received_at + timedelta(hours=hours),
                decided_by=referral.created_by,
                channel="web",
            )
        Item.objects.filter(pk=item.pk).update(
            outcome=Outcome.REMOVED, decided_at=referral.received_at + timedelta(hours=50)
        )
        services.compile_figures(at=LATER)

        assert of(contact, "I7", acting).total.value == 2
        assert of(contact, "I9", acting).total.value == 1
        assert of(contact, "I8", acting).total.value == 50
        assert Referral.objects.count() == 1
