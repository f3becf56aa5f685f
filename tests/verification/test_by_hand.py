"""What somebody of the sender saw, what the platform reads of it, and what a review leads to."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.organisations.permissions import Permission
from apps.referrals.access import access_item
from apps.referrals.models import Item
from apps.referrals.transitions import State
from apps.tenancy.context import acting_as
from apps.verification import services
from apps.verification.models import Check, Review
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, principal_for
from tests.factories.referrals import MONDAY

CLAIMED = MONDAY + timedelta(hours=5)
LATER = MONDAY + timedelta(days=2)


@pytest.fixture
def item():
    return Item.objects.get(referral=ReferralFactory(state=State.ANSWERED, items=1))


@pytest.fixture
def officer(item):
    return principal_for(item.sender, Role.OFFICER)


@pytest.fixture
def contact(item):
    return principal_for(item.recipient, Role.CONTACT_POINT)


def look(item, officer, finding, at=LATER, **facts):
    with acting_as(officer):
        return services.check_by_hand(item, finding=finding, by=officer, at=at, **facts)


def seen_by(principal, model):
    with acting_as(principal):
        return model.objects.count()


def write_down(check, principal):
    with acting_as(principal):
        check.save(force_insert=True)
        connection.check_constraints()


class TestALookByHand:
    def test_is_kept_with_its_note_and_audited(self, item, officer):
        look(item, officer, "gone", note="  Looked from Lisbon.  ")
        check = Check.objects.get()
        assert (check.finding, check.note, check.source) == ("gone", "Looked from Lisbon.", "person")
        assert check.checked_by_id == officer.user_id and check.at == LATER
        assert AuditEntry.objects.get(verb="item.checked").details == {"finding": "gone", "disclosed": False}

    @pytest.mark.parametrize(("finding", "note"), [("tombstone", ""), ("", ""), ("gone", "x" * 1001)])
    def test_says_one_of_three_things(self, item, officer, finding, note):
        with pytest.raises(services.CheckInvalid):
            look(item, officer, finding, note=note)

    def test_needs_something_that_was_sent(self):
        item = Item.objects.get(referral=ReferralFactory(state=State.DRAFT, items=1))
        with pytest.raises(services.NotSentYet):
            look(item, principal_for(item.sender, Role.OFFICER), "gone")

    def test_of_something_still_there_opens_a_review(self, item, officer):
        look(item, officer, "still_there")
        look(item, officer, "still_there", at=LATER + timedelta(days=1))
        assert Review.objects.get().kind == "still_there"

    def test_of_before_the_claim_contradicts_nothing(self, item, officer):
        look(item, officer, "still_there", at=CLAIMED - timedelta(minutes=1))
        assert not Review.objects.exists()

    def test_where_no_removal_is_claimed_contradicts_nothing(self, officer, item):
        Item.objects.filter(pk=item.pk).update(outcome="NO_ACTION")
        item.refresh_from_db()
        look(item, officer, "still_there")
        assert not Review.objects.exists()


class TestWhatThePlatformSees:
    def test_only_what_it_is_told(self, item, officer, contact):
        look(item, officer, "still_there", note="inside")
        assert (seen_by(contact, Check), seen_by(contact, Review)) == (0, 0)
        look(item, officer, "still_there", note="for you", tell_platform=True)
        assert (seen_by(contact, Check), seen_by(contact, Review)) == (1, 0)
        with acting_as(officer):
            services.take_up(item, by=officer, at=LATER)
        assert (seen_by(contact, Check), seen_by(contact, Review)) == (1, 1)

    def test_another_tenant_sees_nothing(self, item, officer):
        look(item, officer, "still_there", tell_platform=True)
        with acting_as(officer):
            services.take_up(item, by=officer, at=LATER)
        for other, role in ((ReferralUnitFactory(), Role.OFFICER), (PlatformFactory(), Role.CONTACT_POINT)):
            stranger = principal_for(other, role)
            assert (seen_by(stranger, Check), seen_by(stranger, Review)) == (0, 0)
            with acting_as(stranger), pytest.raises(Http404):
                access_item(stranger, item.reference, Permission.FILE_REFERRALS)

    def test_it_may_not_look_for_the_sender(self, item, contact):
        with acting_as(contact), pytest.raises(PermissionDenied):
            access_item(contact, item.reference, Permission.FILE_REFERRALS)

    def test_no_row_hangs_on_an_item_of_others(self, item, officer):
        other = Item.objects.get(referral=ReferralFactory(state=State.ANSWERED, items=1))
        check = look(item, officer, "gone")
        check.pk, check.item_id = None, other.pk
        with pytest.raises(DatabaseError, match="same_two"), transaction.atomic():
            write_down(check, officer)

    def test_a_look_is_never_changed(self, item, officer):
        look(item, officer, "gone")
        with acting_as(officer), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Check.objects.update(finding="still_there")


class TestAReview:
    @pytest.fixture
    def waiting(self, item, officer):
        look(item, officer, "gone", at=LATER - timedelta(hours=1))
        look(item, officer, "still_there")
        return Review.objects.get()

    def test_is_back_again_where_it_had_been_gone(self, waiting):
        assert waiting.kind == "back_again" and waiting.gone_at == LATER - timedelta(hours=1)

    @pytest.mark.parametrize(
        ("act", "state", "disclosed"),
        [(services.take_up, "taken_up", True), (services.dismiss, "dismissed", False)],
    )
    def test_is_judged_once(self, waiting, item, officer, act, state, disclosed):
        with acting_as(officer):
            act(item, by=officer, at=LATER)
            with pytest.raises(services.NothingToReview):
                services.take_up(item, by=officer, at=LATER)
        waiting.refresh_from_db()
        assert (waiting.state, waiting.disclosed, waiting.judged_by_id) == (state, disclosed, officer.user_id)
        assert AuditEntry.objects.filter(verb=f"review.{state}").count() == 1

    def test_links_the_case_it_was_filed_again_in(self, waiting, item, officer):
        with acting_as(officer):
            services.note_filed_again(item, case="C-TEST-000001", by=officer, at=LATER)
        waiting.refresh_from_db()
        assert (waiting.state, waiting.filed_as) == ("filed_again", "C-TEST-000001")
