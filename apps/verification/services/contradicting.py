from apps.referrals.models import Item
from apps.verification.findings import confirms, contradicts
from apps.verification.models import Check, Review, ReviewKind


def open_review(item: Item, check: Check) -> bool:
    """Put a look that contradicts the platform's claim before a person of the sender; whether it was put.

    One waits per item. What a person has judged is not put again unless it had been gone in between.
    """
    if item.decided_at is None or not contradicts(check.finding, item.outcome) or check.at < item.decided_at:
        return False
    earlier = Check.objects.filter(item=item, at__gte=item.decided_at, at__lte=check.at).exclude(pk=check.pk)
    gone = [one.at for one in earlier.order_by("at", "pk") if confirms(one.finding, item.outcome)]
    since = gone[-1] if gone else item.decided_at
    if Review.objects.filter(item=item, seen_at__gte=since, claimed_at=item.decided_at).exists():
        return False
    review = Review(
        sender_id=item.sender_id,
        recipient_id=item.recipient_id,
        item=item,
        check_made=check,
        kind=ReviewKind.BACK_AGAIN if gone else ReviewKind.STILL_THERE,
        claimed_at=item.decided_at,
        seen_at=check.at,
        gone_at=gone[-1] if gone else None,
    )
    Review.objects.bulk_create([review], ignore_conflicts=True)  # one is open already: it stays the one
    return True
