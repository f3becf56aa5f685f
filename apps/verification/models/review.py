from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.referrals.models import Item
from apps.tenancy.classes import Tenancy
from apps.verification.models.check import Check
from apps.verification.querysets import ReviewManager


class ReviewKind(models.TextChoices):
    BACK_AGAIN = "back_again", _("Back again")
    STILL_THERE = "still_there", _("Still there")


class ReviewState(models.TextChoices):
    WAITING = "waiting", _("To be reviewed")
    TAKEN_UP = "taken_up", _("Taken up with the platform")
    FILED_AGAIN = "filed_again", _("Filed again")
    DISMISSED = "dismissed", _("Dismissed")


class Review(models.Model):
    """A look that contradicts a platform's claim, for a person of the sender to judge. Nothing is sent by itself.

    `disclosed` once the sender has taken it up: then the platform reads that the address was seen again, and when.
    """

    tenancy = Tenancy.ENVELOPE

    sender = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    recipient = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    disclosed = models.BooleanField(default=False, db_default=False)
    item = models.ForeignKey(
        Item,
        on_delete=models.CASCADE,
        related_name="reviews",
        db_index=False,
        db_constraint=False,  # (item_id, sender_id, recipient_id): composite, in the migration
    )
    check_made = models.ForeignKey(
        Check,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (check_made_id, sender_id, recipient_id): composite, in the migration
        help_text="The look that found it there.",
    )
    kind = models.CharField(max_length=16, choices=ReviewKind)
    state = models.CharField(max_length=16, choices=ReviewState, default=ReviewState.WAITING)
    claimed_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When it was found there.")
    gone_at = models.DateTimeField(null=True, blank=True, help_text="When it had been found gone last.")
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    filed_as = models.CharField(max_length=24, blank=True, default="", help_text="Reference of the new case.")

    objects = ReviewManager()

    class Meta:
        base_manager_name = "objects"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["item"], name="review_one_waiting_per_item", condition=Q(state__in=["waiting", "taken_up"])
            ),
            models.CheckConstraint(
                name="review_is_disclosed_by_a_person", condition=Q(disclosed=False) | Q(judged_by__isnull=False)
            ),
            models.CheckConstraint(
                name="review_judged_by_somebody",
                condition=Q(state="waiting", judged_at__isnull=True)
                | ~Q(state="waiting") & Q(judged_at__isnull=False, judged_by__isnull=False),
            ),
            models.CheckConstraint(
                name="review_filed_again_names_the_case", condition=~Q(state="filed_again") | ~Q(filed_as="")
            ),
            models.CheckConstraint(
                name="review_back_again_was_gone", condition=~Q(kind="back_again") | Q(gone_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["sender", "state", "-seen_at", "-id"], name="review_of_sender"),
            models.Index(fields=["item", "id"], name="review_of_item"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
