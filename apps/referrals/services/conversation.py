from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from apps.accounts.principal import Principal
from apps.delivery.models import Message
from apps.referrals import clocks
from apps.referrals.models import Referral
from apps.referrals.models.event import Verb
from apps.referrals.services.attaching import GivenFile, attach, check_files
from apps.referrals.services.moves import Moved, finish, lock_visible, need_text, only, sort_out
from apps.referrals.services.sending import tell
from apps.referrals.transitions import State, Transition


@transaction.atomic
def acknowledge_set(references: Sequence[str], *, by: Principal, at: datetime) -> dict[str, Moved]:
    """Confirm the receipt of referrals (DSA Art 16(4))."""
    movable, results = sort_out(references, lock_visible(references, by=by), Transition.ACKNOWLEDGE, check=None, by=by)
    ids = [row.pk for row in movable]
    clocks.received_by_reading(ids, at=at)
    Referral.objects.filter(pk__in=ids).update(state=State.ACKNOWLEDGED, acknowledged_at=at)
    finish(Verb.REFERRAL_ACKNOWLEDGED, movable, by=by, at=at)
    return results


def acknowledge(referral: Referral, *, by: Principal, at: datetime) -> Moved:
    return only(acknowledge_set([referral.reference], by=by, at=at))


@transaction.atomic
def request_information(
    referral: Referral, *, text: str, files: Sequence[GivenFile] = (), by: Principal, at: datetime
) -> Moved:
    """Ask the sender a question. The clock stands still until the reply."""
    text = need_text(Transition.REQUEST_INFORMATION, text)
    check_files(files, referral)
    references = [referral.reference]
    movable, results = sort_out(
        references, lock_visible(references, by=by), Transition.REQUEST_INFORMATION, check=None, by=by
    )
    ids = [row.pk for row in movable]
    clocks.received_by_reading(ids, at=at)
    Referral.objects.filter(pk__in=ids).update(state=State.INFO_REQUESTED)
    clocks.stop(ids, at=at)
    finish(Verb.INFORMATION_REQUESTED, movable, text=text, by=by, at=at)
    attach(files, movable, verb=Verb.INFORMATION_REQUESTED, by=by, at=at)
    _tell(Message.INFORMATION_REQUESTED, movable, by=by, at=at)
    return only(results)


@transaction.atomic
def provide_information(
    referral: Referral, *, text: str, files: Sequence[GivenFile] = (), by: Principal, at: datetime
) -> Moved:
    """Answer the platform's question. The clock goes on with what was left of it."""
    text = need_text(Transition.PROVIDE_INFORMATION, text)
    check_files(files, referral)
    references = [referral.reference]
    movable, results = sort_out(
        references, lock_visible(references, by=by), Transition.PROVIDE_INFORMATION, check=None, by=by
    )
    ids = [row.pk for row in movable]
    Referral.objects.filter(pk__in=ids).update(state=State.ACKNOWLEDGED)
    clocks.go_on(ids, at=at)
    finish(Verb.INFORMATION_PROVIDED, movable, text=text, by=by, at=at)
    attach(files, movable, verb=Verb.INFORMATION_PROVIDED, by=by, at=at)
    _tell(Message.INFORMATION_PROVIDED, movable, by=by, at=at)
    return only(results)


def _tell(message: Message, movable: Sequence[Referral], *, by: Principal, at: datetime) -> None:
    if movable:
        tell(message, movable, occasion=f"{message}:{at.timestamp():.6f}", by=by, at=at)
