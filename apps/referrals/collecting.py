"""Replies by mail: found where delivery has put them, and read as a proposal for `services.replies`."""

from datetime import datetime, timedelta

from django.db import transaction

from apps.delivery.models import InboundMail, InboundState, Message
from apps.delivery.nudges import nudge
from apps.delivery.services import Outgoing, enqueue
from apps.delivery.tasks import deliver_pending
from apps.referrals.enclosures import is_sensitive
from apps.referrals.intake.replies import EXCERPT, Guess, read_reply
from apps.referrals.models import Event, InboundAnswer, Item, Referral
from apps.referrals.models.event import Verb
from apps.referrals.transitions import UNANSWERED

BATCH = 100
LOOKED_BACK = timedelta(days=14)
MOST_A_DAY = 10  # of one referral; a loop ends here


def collect_replies(*, at: datetime) -> int:
    """Make a proposal of every reply that has none yet; returns how many. Run as the system, in one transaction."""
    known = InboundAnswer.objects.filter(received_at__gt=at - LOOKED_BACK).values("mail_id")
    letters = InboundMail.objects.filter(kind="reply", state=InboundState.READ, received_at__gt=at - LOOKED_BACK)
    waiting = letters.exclude(pk__in=known).select_related("delivery").select_for_update(of=("self",), skip_locked=True)
    return sum(_propose(letter, at=at) for letter in waiting.order_by("pk")[:BATCH])


def _propose(letter: InboundMail, *, at: datetime) -> bool:
    about = letter.delivery.about if letter.delivery else ""
    referral = Referral.objects.filter(reference=about, recipient_id=letter.organisation_id, disclosed=True).first()
    if referral is None:
        return _put_aside(letter, InboundState.UNMATCHED, "reply_about_nothing_open_to_it")
    today = InboundAnswer.objects.filter(referral=referral, received_at__gt=at - timedelta(days=1))
    if today.count() >= MOST_A_DAY:
        return _put_aside(letter, InboundState.IGNORED, "too_many_replies")
    items = list(Item.objects.filter(referral=referral).values_list("reference", flat=True))
    guess = Guess() if is_sensitive(referral) else read_reply(letter.text, items=set(items))
    _keep(letter, referral, guess)
    _tell(letter, referral, guess, at=at)
    return True


def _put_aside(letter: InboundMail, state: InboundState, problem: str) -> bool:
    InboundMail.objects.filter(pk=letter.pk).update(state=state, problem=problem)
    return False


def _keep(letter: InboundMail, referral: Referral, guess: Guess) -> None:
    """In sensitive areas neither words nor files are shown to anybody: they stay with the letter."""
    quiet = is_sensitive(referral)
    InboundAnswer.objects.create(
        sender_id=referral.sender_id,
        recipient_id=referral.recipient_id,
        referral=referral,
        mail=letter,
        address=letter.sender_address,
        received_at=letter.received_at,
        text="" if quiet else letter.text[:EXCERPT],
        files=[] if quiet else letter.enclosed,
        outcome=guess.outcome,
        refusal_reason=guess.refusal_reason,
        ground=guess.ground,
        legal_ground=guess.legal_ground,
        items=list(guess.items),
    )


def _tell(letter: InboundMail, referral: Referral, guess: Guess, *, at: datetime) -> None:
    """On the timeline for both sides; and to the platform, which alone can make an answer of it."""
    Event.objects.create(
        sender_id=referral.sender_id,
        recipient_id=referral.recipient_id,
        disclosed=True,
        referral=referral,
        verb=Verb.REPLY_RECEIVED,
        at=letter.received_at,
        actor_label=letter.sender_address,
        organisation_id=referral.recipient_id,
    )
    if referral.state not in UNANSWERED:
        return
    facts = {"instrument": referral.instrument, "items": referral.open_count, "outcome": guess.outcome}
    enqueue(
        [
            Outgoing(
                key=f"{referral.reference}:reply:{letter.pk}",
                message=Message.REPLY_READ,
                about=referral.reference,
                sender_id=referral.sender_id,
                recipient_id=referral.recipient_id,
                facts=facts,
            )
        ],
        at=at,
    )
    transaction.on_commit(hurry, robust=True)


def hurry() -> None:
    """Tell the platform now; a lost nudge costs seconds."""
    nudge(deliver_pending.delay)
