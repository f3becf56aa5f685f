import hashlib
from datetime import UTC, datetime, timedelta

import factory

from apps.referrals.models import Case, Item, Obligation, Referral
from apps.referrals.models.obligation import Clock
from apps.referrals.transitions import DISCLOSED, UNANSWERED, ItemState, State
from apps.taxonomy.categories import Category
from apps.taxonomy.keywords import Keyword
from apps.taxonomy.outcomes import Outcome
from apps.taxonomy.urgency import Urgency
from tests.factories.organisations import PlatformFactory, ReferralUnitFactory
from tests.factories.people import UserFactory

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
PAST_REVIEW = DISCLOSED
RECEIVED = DISCLOSED - {State.SENT}


class CaseFactory(factory.django.DjangoModelFactory[Case]):
    class Meta:
        model = Case

    organisation = factory.SubFactory(ReferralUnitFactory)
    reference = factory.Sequence(lambda n: f"C-TEST-{n:06}")
    title = factory.Sequence(lambda n: f"Case {n}")
    created_at = MONDAY
    created_by = factory.SubFactory(UserFactory)


class ReferralFactory(factory.django.DjangoModelFactory[Referral]):
    """A valid referral in any state, with its items: `ReferralFactory(state=State.SENT, items=3)`.

    From RECEIVED on it has a running (or met) obligation of 24 hours, started an hour after it was sent.
    """

    class Meta:
        model = Referral
        skip_postgeneration_save = True

    class Params:
        past_review = factory.LazyAttribute(lambda o: o.state in PAST_REVIEW)
        received = factory.LazyAttribute(lambda o: o.state in RECEIVED)

    sender = factory.SubFactory(ReferralUnitFactory)
    recipient = factory.SubFactory(PlatformFactory)
    case = factory.SubFactory(
        CaseFactory,
        organisation=factory.SelfAttribute("..sender"),
        created_by=factory.SelfAttribute("..created_by"),
    )
    reference = factory.Sequence(lambda n: f"R-TEST-{n:06}")
    state = State.DRAFT
    disclosed = factory.SelfAttribute("past_review")
    instrument = "referral"
    area = "terrorism"
    category = Category.RISK_FOR_PUBLIC_SECURITY
    keywords = [Keyword.TERRORIST_CONTENT.value]
    urgency = Urgency.DAY
    legal_basis = "Regulation (EU) 2016/794, Article 4(1)(m)"
    reasons = "Instructions for violence."
    language = "en"
    filed_at = MONDAY
    created_by = factory.SubFactory(UserFactory)
    approved_at = factory.Maybe("past_review", MONDAY + timedelta(hours=1), None)
    approved_by = factory.Maybe("past_review", factory.SubFactory(UserFactory), None)
    sent_at = factory.Maybe("past_review", MONDAY + timedelta(hours=1), None)
    received_at = factory.Maybe("received", MONDAY + timedelta(hours=2), None)
    due_at = factory.Maybe("received", MONDAY + timedelta(hours=26), None)
    answered_at = factory.LazyAttribute(
        lambda o: MONDAY + timedelta(hours=5) if o.state in {State.ANSWERED, State.CLOSED} else None
    )

    @factory.post_generation
    def items(self, create, count, **fields):
        ItemFactory.create_batch(1 if count is None else count, referral=self, **fields)
        rows = Item.objects.filter(referral=self)
        self.item_count, self.open_count = rows.count(), rows.filter(state=ItemState.OPEN).count()
        self.save(update_fields=["item_count", "open_count"])
        if self.received_at:
            Obligation.objects.create(
                sender=self.sender,
                recipient=self.recipient,
                referral=self,
                clock=Clock.ANSWER_TARGET,
                statutory=False,
                started_at=self.received_at,
                limit_amount=24,
                limit_seconds=86_400,
                due_at=self.received_at + timedelta(hours=24),
                met_at=self.answered_at,
            )


class ItemFactory(factory.django.DjangoModelFactory[Item]):
    """An item that follows from its referral: decided where that is answered, open where it is not."""

    class Meta:
        model = Item

    class Params:
        answered = factory.LazyAttribute(lambda o: o.referral.state in {State.ANSWERED, State.CLOSED})

    referral = factory.SubFactory(ReferralFactory, items=0)
    sender = factory.SelfAttribute("referral.sender")
    recipient = factory.SelfAttribute("referral.recipient")
    disclosed = factory.SelfAttribute("referral.disclosed")
    reference = factory.Sequence(lambda n: f"I-TEST-{n:08}")
    row = factory.Sequence(lambda n: n)
    url_raw = factory.LazyAttributeSequence(lambda o, n: f"https://{o.recipient.slug}.example/watch/{n}")
    url = factory.SelfAttribute("url_raw")
    url_hash = factory.LazyAttribute(lambda o: hashlib.sha256(o.url.encode()).digest())
    host = factory.LazyAttribute(lambda o: f"{o.recipient.slug}.example")
    state = factory.LazyAttribute(lambda o: ItemState.DECIDED if o.answered else ItemState.OPEN)
    outcome = factory.LazyAttribute(lambda o: Outcome.REMOVED if o.answered else "")
    decided_at = factory.LazyAttribute(lambda o: o.referral.answered_at)
    due_at = factory.LazyAttribute(lambda o: o.referral.due_at if o.referral.state in UNANSWERED else None)
    filed_at = factory.SelfAttribute("referral.filed_at")
