from dataclasses import replace
from datetime import timedelta

import pytest

from apps.accounts.roles import Role
from apps.delivery.models import Delivery
from apps.referrals import services
from apps.referrals.models import Decision, Event, Item, Obligation, Referral
from apps.referrals.services import Answer, AnswerCode
from apps.referrals.transitions import ItemState, State
from apps.taxonomy.outcomes import Outcome
from apps.tenancy.context import acting_as
from tests.factories import ItemFactory, PlatformFactory, ReferralFactory, principal_for
from tests.factories.referrals import MONDAY

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def platform():
    return PlatformFactory()


@pytest.fixture
def contact(platform):
    return principal_for(platform, Role.CONTACT_POINT)


def removed(item, **fields):
    return Answer(
        item=item.reference,
        outcome=Outcome.REMOVED,
        ground="DECISION_GROUND_ILLEGAL_CONTENT",
        legal_ground="Directive (EU) 2017/541, Article 5",
        acted_at=TUESDAY,
        **fields,
    )


def answer(answers, *, by, at=TUESDAY):
    with acting_as(by):
        return services.answer(answers, channel="api", by=by, at=at)


class TestAnswer:
    def test_in_part_leaves_the_referral_open(self, platform, contact):
        referral = ReferralFactory(recipient=platform, state=State.RECEIVED, items=3)
        first = Item.objects.order_by("pk").first()

        results = answer([removed(first)], by=contact)

        assert [(r.item, r.result, r.code) for r in results] == [(first.reference, "decided", None)]
        referral.refresh_from_db()
        assert (referral.state, referral.open_count, referral.answered_at) == (State.RECEIVED, 2, None)
        first.refresh_from_db()
        assert (first.state, first.outcome, first.decided_at) == (ItemState.DECIDED, "REMOVED", TUESDAY)
        assert Obligation.objects.get().met_at is None
        assert not Delivery.objects.exists()

    def test_in_full_meets_the_clock_and_tells_the_sender(self, platform, contact):
        referral = ReferralFactory(recipient=platform, state=State.ACKNOWLEDGED, items=2)

        answer([removed(item) for item in Item.objects.all()], by=contact)

        referral.refresh_from_db()
        assert (referral.state, referral.open_count, referral.answered_at) == (State.ANSWERED, 0, TUESDAY)
        assert Obligation.objects.get().met_at == TUESDAY
        assert set(Delivery.objects.values_list("message", "recipient")) == {("referral_answered", referral.sender_id)}
        assert Event.objects.filter(verb="item.decided", disclosed=True).count() == 2

    def test_of_what_was_only_sent_is_its_receipt(self, platform, contact):
        referral = ReferralFactory(recipient=platform, state=State.SENT)

        answer([removed(Item.objects.get())], by=contact)

        referral.refresh_from_db()
        assert (referral.received_at, referral.state) == (TUESDAY, State.ANSWERED)
        assert Obligation.objects.get().started_at == TUESDAY

    def test_again_corrects_and_keeps_the_history(self, platform, contact):
        ReferralFactory(recipient=platform, state=State.RECEIVED)
        item = Item.objects.get()
        answer([removed(item)], by=contact)

        refusal = Answer(item=item.reference, outcome="NO_ACTION", refusal_reason="COUNTER_SPEECH")
        results = answer([refusal], by=contact, at=TUESDAY + timedelta(hours=1))

        assert results[0].result == "corrected"
        assert list(Decision.objects.order_by("pk").values_list("outcome", flat=True)) == ["REMOVED", "NO_ACTION"]
        item.refresh_from_db()
        assert item.outcome == "NO_ACTION"
        assert Delivery.objects.filter(message="referral_answered").count() == 2, "one occasion, on two channels"

    def test_takes_the_good_ones(self, platform, contact):
        ReferralFactory(recipient=platform, state=State.RECEIVED, items=2)
        one, two = Item.objects.order_by("pk")
        theirs = ItemFactory(referral=ReferralFactory(state=State.RECEIVED, items=0))
        gone = ItemFactory(referral=ReferralFactory(recipient=platform, state=State.CLOSED, items=0))

        results = answer(
            [removed(one), removed(one), Answer(item=two.reference, outcome="GONE"), removed(theirs), removed(gone)],
            by=contact,
        )

        assert [r.code for r in results] == [
            None,
            AnswerCode.ANSWERED_TWICE,
            AnswerCode.UNKNOWN_OUTCOME,
            AnswerCode.NOT_FOUND,
            AnswerCode.NOT_OPEN,
        ]
        assert Decision.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"ground": ""}, AnswerCode.GROUND_REQUIRED),
            ({"ground": "BECAUSE"}, AnswerCode.UNKNOWN_GROUND),
            ({"legal_ground": " "}, AnswerCode.LEGAL_GROUND_REQUIRED),
            ({"outcome": "NO_ACTION"}, AnswerCode.REASON_REQUIRED),
            ({"outcome": "NO_ACTION", "refusal_reason": "X"}, AnswerCode.UNKNOWN_REASON),
            ({"outcome": "PENDING_INFO"}, AnswerCode.UNKNOWN_OUTCOME),
            ({"outcome": "DISABLED_COUNTRIES"}, AnswerCode.SCOPE_REQUIRED),
            ({"territorial_scope": ("US",)}, AnswerCode.UNKNOWN_TERRITORY),
            ({"acted_at": TUESDAY + timedelta(seconds=1)}, AnswerCode.IN_THE_FUTURE),
            ({"automated_decision": "MAYBE"}, AnswerCode.UNKNOWN_AUTOMATION),
            ({"explanation": "x" * 2001}, AnswerCode.TOO_LONG),
        ],
    )
    def test_says_what_is_wrong(self, platform, contact, wrong, code):
        ReferralFactory(recipient=platform, state=State.RECEIVED)

        results = answer([replace(removed(Item.objects.get()), **wrong)], by=contact)

        assert [r.code for r in results] == [code]
        assert not Decision.objects.exists()

    def test_costs_the_same_number_of_statements_for_any_number_of_items(
        self, platform, contact, django_assert_num_queries
    ):
        for count in (1, 300):
            referral = ReferralFactory(recipient=platform, state=State.RECEIVED, items=count)
            answers = [removed(item) for item in Item.objects.filter(referral=referral)]
            with acting_as(contact), django_assert_num_queries(10):
                services.answer(answers, channel="api", by=contact, at=TUESDAY)
        assert not Referral.objects.exclude(state=State.ANSWERED).exists()

    def test_a_decision_cannot_be_rewritten(self, platform, contact):
        from django.db import DatabaseError, transaction

        ReferralFactory(recipient=platform, state=State.RECEIVED)
        answer([removed(Item.objects.get())], by=contact)

        with acting_as(contact), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Decision.objects.update(outcome="NO_ACTION")
