from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.services import record
from apps.core.errors import Conflict
from apps.referrals.models import Item
from apps.verification.models import Review, ReviewState


class NothingToReview(Conflict):
    code = "nothing_to_review"
    message = _("Nothing of this address waits to be reviewed. Somebody may have judged it already.")


@transaction.atomic
def take_up(item: Item, *, by: Principal, at: datetime) -> Review:
    """Open what was found to the platform: from now on it reads that the address was seen there, and when."""
    review = _open_review(item, {ReviewState.WAITING})
    review.disclosed = True
    return _judge(review, item, ReviewState.TAKEN_UP, by=by, at=at)


@transaction.atomic
def dismiss(item: Item, *, by: Principal, at: datetime) -> Review:
    """Judge that nothing is to be done. What was disclosed stays so."""
    return _judge(_open_review(item, OPEN), item, ReviewState.DISMISSED, by=by, at=at)


@transaction.atomic
def note_filed_again(item: Item, *, case: str, by: Principal, at: datetime) -> Review:
    """Link what was found to the case in which the address has been filed again."""
    review = _open_review(item, OPEN)
    review.filed_as = case
    return _judge(review, item, ReviewState.FILED_AGAIN, by=by, at=at)


OPEN = frozenset({ReviewState.WAITING, ReviewState.TAKEN_UP})


def _open_review(item: Item, states: frozenset[ReviewState] | set[ReviewState]) -> Review:
    found = Review.objects.select_for_update().filter(item=item, state__in=sorted(states)).first()
    if found is None:
        raise NothingToReview
    return found


def _judge(review: Review, item: Item, state: ReviewState, *, by: Principal, at: datetime) -> Review:
    review.state, review.judged_at, review.judged_by_id = state, at, by.person_id
    review.save(update_fields=["state", "judged_at", "judged_by", "disclosed", "filed_as"])
    record(
        f"review.{state.value}",
        organisation_id=by.organisation_id,
        target_type="item",
        target=item.reference,
        recipient_ids=[item.recipient_id] if review.disclosed else [],
        details={"kind": review.kind, "case": review.filed_as} if review.filed_as else {"kind": review.kind},
        by=by,
        at=at,
    )
    return review
