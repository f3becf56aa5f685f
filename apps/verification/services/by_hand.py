from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.services import record
from apps.core.errors import Conflict, Refused
from apps.referrals.models import Item
from apps.verification.findings import BY_PERSON, Finding, Reason
from apps.verification.models import Check, Source
from apps.verification.services.contradicting import open_review

LONGEST_NOTE = 1000


class NotSentYet(Conflict):
    code = "not_sent_yet"
    message = _("This address has not been sent to a platform yet. There is nothing to verify.")


class CheckInvalid(Refused):
    code = "check_invalid"
    message = _("Say what you found: gone, still there or unclear. A note has at most 1,000 characters.")


@transaction.atomic
def check_by_hand(
    item: Item, *, finding: str, note: str = "", tell_platform: bool = False, by: Principal, at: datetime
) -> Check:
    """Write down what somebody of the sender saw at an address. What contradicts the platform's claim is reviewed."""
    note = note.strip()
    if finding not in {one.value for one in BY_PERSON} or len(note) > LONGEST_NOTE:
        raise CheckInvalid
    if not item.disclosed:
        raise NotSentYet
    check = Check.objects.create(
        sender_id=item.sender_id,
        recipient_id=item.recipient_id,
        disclosed=tell_platform,
        item=item,
        source=Source.PERSON,
        finding=Finding(finding),
        reason=Reason.BY_HAND,
        note=note,
        at=at,
        checked_by_id=by.person_id,
    )
    open_review(item, check)
    record(
        "item.checked",
        organisation_id=by.organisation_id,
        target_type="item",
        target=item.reference,
        recipient_ids=[item.recipient_id] if tell_platform else [],
        details={"finding": check.finding, "disclosed": tell_platform},
        by=by,
        at=at,
    )
    return check
