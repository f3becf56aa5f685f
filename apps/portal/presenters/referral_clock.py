"""How a referral stands in time, as one notice at the top of its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.portal.presenters.clock import describe_due, in_words
from apps.referrals.explaining import wording
from apps.referrals.explaining.facts import Explanation
from apps.referrals.models import Referral
from apps.referrals.transitions import State
from apps.taxonomy.clocks import Basis


@dataclass(frozen=True, slots=True)
class Standing:
    """`tone` is a notice's: info, good, wait, bad."""

    tone: str
    title: str | Promise
    words: str | Promise = ""


def standing(referral: Referral, clocks: Sequence[Explanation], *, now: datetime) -> Standing:
    """Where the referral stands and what comes next, for both sides alike; `clocks`: the strictest first."""
    if referral.state in {State.RECEIVED, State.ACKNOWLEDGED} and referral.due_at:
        return _running(referral.due_at, clocks, now)
    if referral.state in {State.ANSWERED, State.CLOSED}:
        return _answered(referral, clocks)
    return _waiting(referral)


def _running(due_at: datetime, clocks: Sequence[Explanation], now: datetime) -> Standing:
    due = describe_due(due_at, now=now)
    basis = clocks[0].basis if clocks else Basis.TARGET
    facts = {"due": due.words, "moment": due.exact}
    if due.tone == "late":
        return Standing("bad", _("The answer is %(due)s.") % facts, _missed(basis) % facts)
    title = _("An answer is owed, %(due)s.") if basis is Basis.STATUTORY else _("An answer is hoped for, %(due)s.")
    return Standing("wait" if due.tone == "soon" else "info", title % facts, _aimed(basis) % facts)


def _missed(basis: Basis) -> str:
    said = {
        Basis.STATUTORY: _("The time limit of the law was %(moment)s."),
        Basis.AGREED: _("The platform had promised it by %(moment)s; it is not a time limit of the law."),
        Basis.COMMITMENT: _("The target was %(moment)s. It follows a commitment, not a time limit of the law."),
        Basis.TARGET: _("It was hoped for by %(moment)s."),
    }
    return said[basis]


def _aimed(basis: Basis) -> str:
    said = {
        Basis.STATUTORY: _("The time limit of the law is %(moment)s."),
        Basis.AGREED: _("The platform's own promise is %(moment)s. It is not a time limit of the law."),
        Basis.COMMITMENT: _("The target is %(moment)s. It follows a commitment, not a time limit of the law."),
        Basis.TARGET: _("The target is %(moment)s. It is a target, not a time limit of the law."),
    }
    return said[basis]


def _answered(referral: Referral, clocks: Sequence[Explanation]) -> Standing:
    met = [one for one in clocks if one.within is not None]
    at = met[0].reading.met_at if met else referral.answered_at
    if at is None:
        return Standing("good", _("Every address is answered."))
    title = _("Every address was answered by %(moment)s.") % {"moment": in_words(at)}
    return Standing("good", title, " ".join(map(_verdict, met)))


def _verdict(one: Explanation) -> str:
    """Whether a clock was met, and by how much: one sentence for each."""
    assert one.margin is not None
    sentences = {
        (Basis.STATUTORY, True): _("The time limit of the law was kept: %(margin)s."),
        (Basis.STATUTORY, False): _("The time limit of the law was missed: %(margin)s."),
        (Basis.AGREED, True): _("The platform's own promise was kept: %(margin)s."),
        (Basis.AGREED, False): _("The platform's own promise was missed: %(margin)s."),
        (Basis.TARGET, True): _("The target was met: %(margin)s."),
        (Basis.TARGET, False): _("The target was missed: %(margin)s."),
    }
    basis = Basis.TARGET if one.basis is Basis.COMMITMENT else one.basis
    return sentences[basis, bool(one.within)] % {"margin": wording.margin_in_words(one.margin)}


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
