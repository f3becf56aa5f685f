import pytest
from django.db import IntegrityError, transaction

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry
from apps.delivery.models import Delivery
from apps.referrals import services
from apps.referrals.models import Event, Item, Obligation, Referral
from apps.referrals.transitions import TRANSITIONS, ItemState, State, Transition
from apps.tenancy.context import acting_as
from tests.factories import ReferralFactory, ReferralUnitFactory, member, principal_for
from tests.factories.referrals import MONDAY


@pytest.fixture
def unit():
    return ReferralUnitFactory()


@pytest.fixture
def officer(unit):
    return principal_for(unit, Role.OFFICER)


@pytest.fixture
def reviewer(unit):
    return principal_for(unit, Role.REVIEWER)


class TestApprove:
    def test_sends_in_the_same_transaction(self, unit, reviewer):
        referral = ReferralFactory(sender=unit, state=State.IN_REVIEW, items=2)

        with acting_as(reviewer):
            services.approve(referral, by=reviewer, at=MONDAY)

        referral.refresh_from_db()
        assert (referral.state, referral.disclosed, referral.sent_at) == (State.SENT, True, MONDAY)
        assert referral.approved_by_id == reviewer.user_id
        assert set(Item.objects.values_list("disclosed", flat=True)) == {True}
        assert set(Delivery.objects.values_list("channel", "recipient", "state")) == {
            ("portal", referral.recipient_id, "queued"),
            ("push", referral.recipient_id, "queued"),
        }
        assert list(Event.objects.order_by("pk").values_list("verb", "disclosed")) == [
            ("referral.approved", False),
            ("referral.sent", True),
        ]
        assert AuditEntry.objects.get(verb="referral.approved").recipient_ids == [referral.recipient_id]

    def test_needs_a_second_person(self, unit):
        author = member(unit, Role.REVIEWER)
        referral = ReferralFactory(sender=unit, state=State.IN_REVIEW, created_by=author)
        by = principal_for(unit, Role.REVIEWER, author)

        with acting_as(by), pytest.raises(services.FourEyesRequired):
            services.approve(referral, by=by, at=MONDAY)

        assert not Event.objects.exists()
        assert Referral.objects.get().state == State.IN_REVIEW

    def test_whoever_submitted_it_does_not_approve_it_either(self, unit, reviewer):
        referral = ReferralFactory(sender=unit)
        with acting_as(reviewer):
            services.submit(referral, by=reviewer, at=MONDAY)
            with pytest.raises(services.FourEyesRequired):
                services.approve(referral, by=reviewer, at=MONDAY)

    @pytest.mark.parametrize("state", sorted(set(State) - TRANSITIONS[Transition.APPROVE].sources))
    def test_is_refused_in_any_other_state_and_says_which(self, unit, reviewer, state):
        referral = ReferralFactory(sender=unit, state=state, disclosed=state not in {"draft", "in_review"})

        with acting_as(reviewer), pytest.raises(services.TransitionNotAllowed) as refused:
            services.approve(referral, by=reviewer, at=MONDAY)

        assert refused.value.facts == {"state": state}

    def test_a_set_is_done_where_it_can_be(self, unit, reviewer, django_assert_num_queries):
        good = ReferralFactory.create_batch(3, sender=unit, state=State.IN_REVIEW)
        draft, theirs = ReferralFactory(sender=unit), ReferralFactory(state=State.IN_REVIEW)
        references = [row.reference for row in [*good, draft, theirs]]

        with acting_as(reviewer), django_assert_num_queries(9):
            results = services.approve_set(references, by=reviewer, at=MONDAY)

        assert [results[r].code for r in references] == ["", "", "", "transition_not_allowed", "not_found"]
        assert Referral.objects.filter(state=State.SENT).count() == 3


def as_rows(model, *, without=()):
    skipped = {"id", "key", "about", "reference", "referral", "item", "case", *without}
    fields = [f.name for f in model._meta.concrete_fields if f.name not in skipped]
    return sorted(map(str, model.objects.values_list(*fields)))


@pytest.mark.parametrize("verb", ["submit", "approve", "close", "acknowledge"])
def test_one_and_a_set_of_one_leave_the_same_rows(verb, unit, officer, reviewer):
    state = {"submit": State.DRAFT, "approve": State.IN_REVIEW, "close": State.ANSWERED, "acknowledge": State.SENT}[
        verb
    ]
    worlds = []
    for single in (True, False):
        with transaction.atomic():
            referral = ReferralFactory(sender=unit, state=state)
            platform = principal_for(referral.recipient, Role.CONTACT_POINT)
            by = {"submit": officer, "approve": reviewer, "close": officer, "acknowledge": platform}[verb]
            with acting_as(by):
                if single:
                    getattr(services, verb)(referral, by=by, at=MONDAY)
                else:
                    getattr(services, f"{verb}_set")([referral.reference], by=by, at=MONDAY)
            events = as_rows(Event, without={"sender", "recipient", "actor_id", "actor_label", "organisation_id"})
            referral.refresh_from_db()
            worlds.append((events, referral.state, referral.disclosed, Delivery.objects.count()))
            transaction.set_rollback(True)
    assert worlds[0] == worlds[1]


class TestReturn:
    def test_gives_the_reason_to_the_sender_alone(self, unit, reviewer):
        referral = ReferralFactory(sender=unit, state=State.IN_REVIEW)

        with acting_as(reviewer):
            services.return_to_author(referral, text="Which law?", by=reviewer, at=MONDAY)

        event = Event.objects.get()
        assert (event.text, event.disclosed) == ("Which law?", False)
        assert Referral.objects.get().state == State.DRAFT

    def test_without_a_reason_is_refused(self, unit, reviewer):
        referral = ReferralFactory(sender=unit, state=State.IN_REVIEW)
        with acting_as(reviewer), pytest.raises(services.TextRequired):
            services.return_to_author(referral, text="  ", by=reviewer, at=MONDAY)


class TestWithdraw:
    def test_ends_the_clock_and_tells_the_platform(self, unit, officer):
        referral = ReferralFactory(sender=unit, state=State.RECEIVED, items=2)

        with acting_as(officer):
            services.withdraw(referral, text="Filed by mistake.", by=officer, at=MONDAY)

        assert set(Item.objects.values_list("state", flat=True)) == {ItemState.WITHDRAWN}
        assert Obligation.objects.get().ended_at == MONDAY
        assert set(Delivery.objects.values_list("message", flat=True)) == {"referral_withdrawn"}

    def test_of_a_draft_tells_nobody(self, unit, officer):
        referral = ReferralFactory(sender=unit)

        with acting_as(officer):
            services.withdraw(referral, text="Filed by mistake.", by=officer, at=MONDAY)

        assert not Delivery.objects.exists()
        assert not Event.objects.get().disclosed


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"state": State.SENT, "disclosed": False}, "referral_sent_is_disclosed"),
        ({"state": State.DRAFT, "disclosed": True}, "referral_unsent_is_not_disclosed"),
        ({"state": "lost"}, "referral_state_is_known"),
        ({"state": State.SENT, "approved_at": None}, "referral_approval_is_whole"),
    ],
)
def test_the_database_refuses(broken, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ReferralFactory(**broken)


def test_the_database_refuses_an_approval_by_the_author():
    author = principal_for(ReferralUnitFactory(), Role.REVIEWER)
    with pytest.raises(IntegrityError, match="referral_approved_by_a_second_person"), transaction.atomic():
        ReferralFactory(
            state=State.SENT,
            created_by_id=author.user_id,
            approved_by_id=author.user_id,
            case__created_by_id=author.user_id,
        )
