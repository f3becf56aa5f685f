from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from apps.accounts.principal import Principal
from apps.core.errors import DomainError
from apps.delivery.models import Message
from apps.referrals import clocks
from apps.referrals.models import Item, Referral
from apps.referrals.models.event import Verb
from apps.referrals.services.moves import FourEyesRequired, Moved, finish, lock_visible, need_text, only, sort_out
from apps.referrals.services.sending import send, tell
from apps.referrals.transitions import ItemState, State, Transition


def second_person(referral: Referral, by: Principal) -> type[DomainError] | None:
    """Nobody approves what they wrote or submitted themselves."""
    return FourEyesRequired if by.user_id in {referral.created_by_id, referral.submitted_by_id} else None


@transaction.atomic
def submit_set(references: Sequence[str], *, by: Principal, at: datetime) -> dict[str, Moved]:
    """Hand drafts in. Where the organisation asks for no second person they leave at once."""
    movable, results = sort_out(references, lock_visible(references, by=by), Transition.SUBMIT, check=None, by=by)
    Referral.objects.filter(pk__in=[row.pk for row in movable]).update(
        state=State.IN_REVIEW, submitted_at=at, submitted_by_id=by.user_id
    )
    finish(Verb.REFERRAL_SUBMITTED, movable, by=by, at=at)
    if not by.organisation.second_person:
        send(movable, approved=False, by=by, at=at)
        for row in movable:
            results[row.reference] = Moved(row.reference, State.SENT)
    return results


def submit(referral: Referral, *, by: Principal, at: datetime) -> Moved:
    return only(submit_set([referral.reference], by=by, at=at))


@transaction.atomic
def approve_set(references: Sequence[str], *, by: Principal, at: datetime) -> dict[str, Moved]:
    """Clear referrals for sending, as the second person; they are sent in the same transaction."""
    movable, results = sort_out(
        references, lock_visible(references, by=by), Transition.APPROVE, check=second_person, by=by
    )
    finish(Verb.REFERRAL_APPROVED, movable, by=by, at=at)
    send(movable, approved=True, by=by, at=at)
    return results


def approve(referral: Referral, *, by: Principal, at: datetime) -> Moved:
    return only(approve_set([referral.reference], by=by, at=at))


@transaction.atomic
def return_to_author_set(references: Sequence[str], *, text: str, by: Principal, at: datetime) -> dict[str, Moved]:
    """Give referrals back with the reason; their authors mend and submit them again."""
    text = need_text(Transition.RETURN, text)
    movable, results = sort_out(references, lock_visible(references, by=by), Transition.RETURN, check=None, by=by)
    Referral.objects.filter(pk__in=[row.pk for row in movable]).update(
        state=State.DRAFT, submitted_at=None, submitted_by=None
    )
    finish(Verb.REFERRAL_RETURNED, movable, text=text, by=by, at=at)
    return results


def return_to_author(referral: Referral, *, text: str, by: Principal, at: datetime) -> Moved:
    return only(return_to_author_set([referral.reference], text=text, by=by, at=at))


@transaction.atomic
def withdraw_set(references: Sequence[str], *, text: str, by: Principal, at: datetime) -> dict[str, Moved]:
    """Take referrals back. Their clocks end, neither met nor missed; a platform that had them is told."""
    text = need_text(Transition.WITHDRAW, text)
    movable, results = sort_out(references, lock_visible(references, by=by), Transition.WITHDRAW, check=None, by=by)
    ids = [row.pk for row in movable]
    Referral.objects.filter(pk__in=ids).update(state=State.WITHDRAWN, due_at=None, open_count=0)
    Item.objects.filter(referral_id__in=ids, state=ItemState.OPEN).update(state=ItemState.WITHDRAWN, due_at=None)
    clocks.end(ids, at=at)
    finish(Verb.REFERRAL_WITHDRAWN, movable, text=text, by=by, at=at)
    sent = [row for row in movable if row.disclosed]
    if sent:
        tell(Message.REFERRAL_WITHDRAWN, sent, occasion="withdrawn", by=by, at=at)
    return results


def withdraw(referral: Referral, *, text: str, by: Principal, at: datetime) -> Moved:
    return only(withdraw_set([referral.reference], text=text, by=by, at=at))


@transaction.atomic
def close_set(references: Sequence[str], *, by: Principal, at: datetime) -> dict[str, Moved]:
    """End answered referrals: the sender has read the answers."""
    movable, results = sort_out(references, lock_visible(references, by=by), Transition.CLOSE, check=None, by=by)
    Referral.objects.filter(pk__in=[row.pk for row in movable]).update(state=State.CLOSED)
    finish(Verb.REFERRAL_CLOSED, movable, by=by, at=at)
    return results


def close(referral: Referral, *, by: Principal, at: datetime) -> Moved:
    return only(close_set([referral.reference], by=by, at=at))
