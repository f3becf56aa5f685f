from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from apps.organisations.models import Organisation
from apps.referrals.instruments import Instrument
from apps.referrals.models.case import Case
from apps.referrals.querysets import ReferralManager
from apps.referrals.transitions import DISCLOSED, State, Transition, allows
from apps.taxonomy.areas import Area
from apps.taxonomy.categories import Category
from apps.taxonomy.sharing import Pap, Tlp
from apps.taxonomy.urgency import Urgency
from apps.tenancy.classes import Tenancy

SENT_OR_LATER = sorted(DISCLOSED)


class Referral(models.Model):
    """One legal instrument to one platform: the envelope. `apps.referrals.services` alone changes one.

    The platform sees it from SENT on (`disclosed`), and never the case behind it. `due_at` repeats the strictest open
    obligation, so that a list can be sorted by it; overdue is asked of it, never stored.
    """

    tenancy = Tenancy.ENVELOPE

    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    disclosed = models.BooleanField(default=False, db_default=False)
    case = models.ForeignKey(
        Case,
        on_delete=models.PROTECT,
        related_name="referrals",
        db_index=False,
        db_constraint=False,  # (case_id, sender_id): a composite key in the migration closes the oracle
    )
    reference = models.CharField(max_length=24)
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)

    instrument = models.CharField(max_length=24, choices=Instrument)
    area = models.CharField(max_length=24, choices=Area)
    category = models.CharField(max_length=80, choices=Category)
    keywords = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    urgency = models.CharField(max_length=16, choices=Urgency)
    legal_basis = models.CharField(max_length=500, blank=True, default="")
    reasons = models.TextField()
    language = models.CharField(max_length=3, help_text="ISO 639-1, lower case: the language of the reasons.")
    tlp = models.CharField(max_length=16, choices=Tlp, default=Tlp.AMBER)
    pap = models.CharField(max_length=16, choices=Pap, default=Pap.AMBER)
    good_faith_at = models.DateTimeField(null=True, blank=True, help_text="DSA Art 16(2)(d)")

    item_count = models.PositiveIntegerField(default=0, db_default=0)
    open_count = models.PositiveIntegerField(default=0, db_default=0)

    filed_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)

    objects = ReferralManager()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="referral_reference_is_unique"),
            models.UniqueConstraint(fields=["id", "sender", "recipient"], name="referral_is_between_two"),
            models.CheckConstraint(
                name="referral_state_is_known", condition=Q(state__in=[str(s.value) for s in State])
            ),
            models.CheckConstraint(
                name="referral_approved_by_a_second_person",
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("created_by")) & ~Q(approved_by=F("submitted_by"))),
            ),
            models.CheckConstraint(
                name="referral_approval_is_whole",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_sent_is_disclosed",
                condition=~Q(state__in=SENT_OR_LATER) | Q(disclosed=True, sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_unsent_is_not_disclosed",
                condition=~Q(state__in=[State.DRAFT.value, State.IN_REVIEW.value]) | Q(disclosed=False),
            ),
            models.CheckConstraint(name="referral_open_within_items", condition=Q(open_count__lte=F("item_count"))),
            models.CheckConstraint(name="referral_to_another", condition=~Q(sender=F("recipient"))),
        ]
        indexes = [
            models.Index(fields=["sender", "-filed_at", "-id"], name="referral_outbox"),
            models.Index(fields=["recipient", "-sent_at", "-id"], name="referral_inbox", condition=Q(disclosed=True)),
            models.Index(
                fields=["recipient", "due_at", "id"],
                name="referral_inbox_due",
                condition=Q(disclosed=True, state__in=["sent", "received", "acknowledged", "info_requested"]),
            ),
            models.Index(
                fields=["sender", "due_at", "id"],
                name="referral_outbox_due",
                condition=Q(state__in=["sent", "received", "acknowledged", "info_requested"]),
            ),
            models.Index(fields=["sender", "state", "-filed_at", "-id"], name="referral_outbox_by_state"),
            models.Index(
                fields=["recipient", "state", "-sent_at", "-id"],
                name="referral_inbox_by_state",
                condition=Q(disclosed=True),
            ),
            *(
                models.Index(
                    fields=["recipient", key, "due_at", "id"],
                    name=f"referral_waiting_by_{key}",
                    condition=Q(disclosed=True, state__in=["sent", "received", "acknowledged", "info_requested"]),
                )
                for key in ("sender", "instrument", "category")
            ),
            models.Index(fields=["case", "id"], name="referral_of_case"),
            models.Index(fields=["reference"], name="referral_to_receive", condition=Q(state="sent")),
        ]

    def __str__(self) -> str:
        return self.reference

    def allows(self, transition: Transition) -> bool:
        return allows(self.state, transition)

    def is_overdue(self, at: datetime) -> bool:
        """Whether an answer is owed and the clock has run out; `due_at` itself is still within."""
        return self.due_at is not None and self.due_at < at and self.open_count > 0
