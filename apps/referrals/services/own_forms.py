from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Conflict, Refused
from apps.delivery.services import note_form
from apps.referrals.models import Referral
from apps.referrals.services.sending import hurry
from apps.referrals.transitions import UNANSWERED

NUMBER_LENGTH = 100


class NumberNeeded(Refused):
    code = "number_needed"
    message = _("Write the number that the platform's form gave you, up to 100 characters: it is the proof of receipt.")


class AlreadyNoted(Conflict):
    code = "already_noted"
    message = _("It is noted already that this went through the platform's own form.")


class NotWaiting(Conflict):
    code = "not_waiting"
    message = _("This referral does not wait for the platform, so nothing has to be sent to it.")


@transaction.atomic
def note_own_form(referral: Referral, *, number: str, by: Principal, at: datetime) -> None:
    """Write down that the sender has filled in the platform's own form (DSA Art 16), with the number it was given.

    That number is the proof of receipt: where there was none yet, the clock starts now.
    """
    referral = Referral.objects.lock(referral.pk)
    number = number.strip()
    if not number or len(number) > NUMBER_LENGTH:
        raise NumberNeeded
    if referral.state not in UNANSWERED:
        raise NotWaiting(state=referral.state)
    facts = {"instrument": referral.instrument, "items": referral.item_count, "urgency": referral.urgency}
    if not note_form(referral.reference, recipient_id=referral.recipient_id, number=number, facts=facts, by=by, at=at):
        raise AlreadyNoted
    record(
        "referral.handed_over",
        operation=Operation.DISCLOSE,
        organisation_id=by.organisation_id,
        target_type="referral",
        target=referral.reference,
        recipient_ids=[referral.recipient_id],
        details={"number": number},
        by=by,
        at=at,
    )
    transaction.on_commit(hurry, robust=True)
