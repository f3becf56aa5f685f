from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import Membership, User
from apps.audit.models import Operation
from apps.audit.services import record
from apps.tenancy.context import Context, acting_as


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """Somebody who is known, and does not act for an organisation yet."""

    user_id: int
    label: str
    token_id: None = None


def note_at_the_door(user: User, verb: str, *, operation: Operation = Operation.AUTHENTICATE, at: datetime) -> None:
    """Write a sign-in, a sign-out or a refused attempt into the audit log of each organisation of the person."""
    with acting_as(Context(user_id=user.pk)):
        organisations = tuple(Membership.objects.filter(user=user).values_list("organisation_id", flat=True))
    with acting_as(Context(user_id=user.pk, organisation_ids=organisations)):
        for organisation_id in organisations:
            record(
                verb,
                operation=operation,
                organisation_id=organisation_id,
                target_type="person",
                target=str(user.pk),
                by=AtTheDoor(user.pk, str(user)),
                at=at,
            )
