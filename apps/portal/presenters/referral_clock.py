"""How a referral stands in time, as one notice at the top of its page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.portal.presenters.clock import describe_due, in_words
from apps.referrals.models import Obligation, Referral
from apps.referrals.transitions import State


@dataclass(frozen=True, slots=True)
class Standing:
    """`tone` is a notice's: info, good, wait, bad."""

    tone: str
    title: str | Promise
    words: str | Promise = ""


def standing(referral: Referral, obligation: Obligation | None, *, now: datetime) -> Standing:
    """Where the referral stands and what comes next, for both sides alike."""
    if referral.state in {State.RECEIVED, State.ACKNOWLEDGED} and referral.due_at:
        return _running(referral.due_at, now)
    if referral.state in {State.ANSWERED, State.CLOSED}:
        return _answered(referral, obligation)
    return _waiting(referral)


def _running(due_at: datetime, now: datetime) -> Standing:
    due = describe_due(due_at, now=now)
    if due.tone == "late":
        title = _("The answer is %(due)s.") % {"due": due.words}
        return Standing("bad", title, _("It was hoped for by %(moment)s.") % {"moment": due.exact})
    title = _("An answer is hoped for %(due)s.") % {"due": due.words}
    words = _("The target is %(moment)s. It is a target, not a time limit of the law.") % {"moment": due.exact}
    return Standing("wait" if due.tone == "soon" else "info", title, words)


def _answered(referral: Referral, obligation: Obligation | None) -> Standing:
    at = obligation.met_at if obligation and obligation.met_at else referral.answered_at
    if at is None:
        return Standing("good", _("Every address is answered."))
    title = _("Every address was answered by %(moment)s.") % {"moment": in_words(at)}
    if obligation is None:
        return Standing("good", title)
    met = _("The target was met.") if at <= obligation.due_at else _("The target was missed.")
    return Standing("good", title, met)


def _waiting(referral: Referral) -> Standing:
    sides = {"platform": referral.recipient.name, "sender": referral.sender.name}
    if referral.state == State.DRAFT:
        return Standing("info", _("This is a draft."), _("%(platform)s cannot see it yet.") % sides)
    if referral.state == State.IN_REVIEW:
        words = _("%(platform)s cannot see it yet. Somebody other than its author approves it.") % sides
        return Standing("wait", _("Waiting for approval."), words)
    if referral.state == State.SENT:
        words = _("The clock starts when it is proven that %(platform)s has received it.") % sides
        return Standing("info", _("Sent."), words)
    if referral.state == State.INFO_REQUESTED:
        words = _("The clock stands still until %(sender)s has replied.") % sides
        return Standing("wait", _("%(platform)s has asked a question.") % sides, words)
    if referral.state == State.WITHDRAWN:
        return Standing("info", _("This referral was withdrawn."), _("Nothing more is asked of the platform."))
    return Standing("info", referral.get_state_display())
