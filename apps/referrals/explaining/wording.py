"""An obligation in one sentence, in the reader's language and zone; the web and the API say the same."""

from datetime import datetime, timedelta

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.core.moments import in_words, length_in_words
from apps.delivery.models import Channel
from apps.referrals.clockwork import Cause
from apps.referrals.explaining.facts import Day, Explanation, Proof, Standing, Stood, Why, length_of
from apps.referrals.models.obligation import Clock
from apps.taxonomy.clocks import Basis
from apps.taxonomy.limits import OnQuestion, limit_in_words

MINUTE = timedelta(minutes=1)
SHORT = 8  # characters of a receipt that a sentence repeats
QUOTED = 80
SINGLY = 3  # so many stops are told one by one

CAUSES: dict[Cause, str | Promise] = {
    Cause.QUESTION: gettext_lazy("question"),
    Cause.IMPOSSIBILITY: gettext_lazy("it could not be done"),
    Cause.MANIFEST_ERROR: gettext_lazy("the order has a manifest error"),
}


def sentence(one: Explanation, *, now: datetime) -> str:
    """`Started … (delivered by …), paused 3 h 50 min (question …), due ….`"""
    clauses = [_started(one), *_paused(one), *_anew(one), _due(one), *_verdict(one, now)]
    return _("%(clauses)s.") % {"clauses": ", ".join(clauses)}


def is_close(one: Explanation) -> bool:
    """Whether seconds decide between in time and late."""
    return one.margin is not None and abs(one.margin) < MINUTE


def proof_in_words(proof: Proof, *, short: bool = True) -> str:
    if proof.by_act:
        return _("the platform acted on it")
    if not proof.receipt:
        return _("receipt proven")
    channel = Channel(proof.channel).label if proof.channel in Channel.values else proof.channel
    receipt = f"{proof.receipt[:SHORT]}…" if short else proof.receipt
    return _("delivered by: %(channel)s, receipt %(receipt)s") % {"channel": channel, "receipt": receipt}


def cause_in_words(stood: Stood) -> str:
    if not stood.question:
        return str(CAUSES[stood.stop.cause])
    asked = " ".join(stood.question.split())
    return _("question “%(asked)s”") % {"asked": asked if len(asked) <= QUOTED else f"{asked[: QUOTED - 1]}…"}


def due_in_words(one: Explanation) -> str:
    """The due time; of days it is the end of one, in the zone of whoever has to act."""
    at = one.reading.due_at
    if not one.counts_days:
        return in_words(at, seconds=is_close(one))
    day = formats.date_format(one.terms.calendar.day_of(at), pgettext("date format", "j M Y"))
    facts = {"day": day, "zone": one.zone, "moment": in_words(at, seconds=is_close(one))}
    return _("at the end of %(day)s in %(zone)s (%(moment)s)") % facts


def day_in_words(day: Day) -> str:
    if day.why is Why.COUNTED:
        return _("counted: %(number)s") % {"number": formats.number_format(day.number)}
    said = {
        Why.FIRST: _("not counted: the period begins on it"),
        Why.WEEKEND: _("not counted: no working day"),
        Why.CLOSED: _("not counted: the platform is closed"),
        Why.STOOD_STILL: _("not counted: the clock stood still"),
    }
    return said.get(day.why) or _("not counted: public holiday (%(name)s)") % {"name": day.holiday}


def limit_of(one: Explanation) -> str:
    return limit_in_words(one.terms.limit.amount, one.terms.limit.unit)


def name_of(one: Explanation) -> str:
    """What kind of clock it is; a target that repeats a commitment says so."""
    names: dict[Basis, str | Promise] = {
        Basis.STATUTORY: _("Time limit of the law"),
        Basis.COMMITMENT: _("Target that follows a commitment"),
        Basis.AGREED: Clock.PLATFORM_TARGET.label,
        Basis.TARGET: Clock.ANSWER_TARGET.label,
    }
    return str(names[one.basis])


def basis_in_words(one: Explanation) -> str:
    """Whether it binds, and whom."""
    said = {
        Basis.STATUTORY: _("The law sets this time limit. No agreement changes it."),
        Basis.COMMITMENT: _("A target that repeats a commitment or recommendation; not a time limit of the law."),
        Basis.AGREED: _("The platform has promised this itself; it is not a time limit of the law."),
        Basis.TARGET: _("It is a target, not a time limit of the law."),
    }
    return said[one.basis]


def source_in_words(one: Explanation) -> str:
    """Where the limit stands: a rule of the clock table, the version of a policy, or the portal's own targets."""
    if one.rule:
        facts = {"source": one.rule.source, "code": one.rule.code, "version": one.rule.version}
        said = _("%(source)s (clock %(code)s, version %(version)s)") % facts
        return said if one.rule.verified else _("%(said)s, not verified against the Official Journal") % {"said": said}
    if one.policy:
        facts = {"organisation": one.policy.organisation.name, "version": one.policy.version}
        return _("Policy of %(organisation)s, version %(version)s") % facts
    return _("The portal's own targets")


def margin_in_words(margin: timedelta) -> str:
    """`2 h 5 min before the due time`, `1 s late`."""
    if abs(margin) < timedelta(seconds=1):
        return _("exactly at the due time") if margin >= timedelta() else _("less than a second late")
    facts = {"length": length_in_words(margin)}
    return _("%(length)s before the due time") % facts if margin > timedelta() else _("%(length)s late") % facts


def _started(one: Explanation) -> str:
    moment = in_words(one.reading.started_at, seconds=is_close(one))
    return _("Started %(moment)s (%(proof)s)") % {"moment": moment, "proof": proof_in_words(one.proof)}


def _paused(one: Explanation) -> list[str]:
    ended = [stood for stood in one.stops if stood.stop.until]
    if len(ended) > SINGLY:
        facts = {"length": length_in_words(sum((length_of(stood.stop) for stood in ended), timedelta()))}
        words = ngettext("paused once, %(length)s", "paused %(count)s times, %(length)s in all", len(ended))
        return [words % {**facts, "count": len(ended)}]
    return [
        _("paused %(length)s (%(cause)s)")
        % {"length": length_in_words(length_of(stood.stop)), "cause": cause_in_words(stood)}
        for stood in ended
    ]


def _anew(one: Explanation) -> list[str]:
    at = one.begun_anew_at
    return [_("begun anew %(moment)s") % {"moment": in_words(at, seconds=is_close(one))}] if at else []


def _due(one: Explanation) -> str:
    since = one.reading.paused_since
    if since is None or one.reading.is_over:
        return _("due %(moment)s") % {"moment": due_in_words(one)}
    stood = one.stops[-1]
    paused = _("paused since %(moment)s (%(cause)s)") % {"moment": in_words(since), "cause": cause_in_words(stood)}
    return f"{paused}, {_then(one, one.reading.due_at - since)}"


def _then(one: Explanation, left: timedelta) -> str:
    """What the reply will make of the due time."""
    if one.terms.on_question is OnQuestion.RESTART:
        return _("due %(limit)s after the reply") % {"limit": limit_of(one)}
    if one.counts_days:
        return _("its days are counted on from the day after the reply")
    if left < timedelta():
        return _("overdue by %(length)s when it was asked") % {"length": length_in_words(left)}
    return _("due %(length)s after the reply") % {"length": length_in_words(left)}


def _verdict(one: Explanation, now: datetime) -> list[str]:
    clock = one.reading
    if clock.met_at is not None and one.margin is not None:
        facts = {"moment": in_words(clock.met_at, seconds=is_close(one)), "margin": margin_in_words(one.margin)}
        return [_("met %(moment)s, %(margin)s") % facts]
    if clock.ended_at is not None:
        return [_("ended %(moment)s without being due any more") % {"moment": in_words(clock.ended_at)}]
    if one.standing(now) is Standing.OVERDUE:
        return [_("overdue by %(length)s") % {"length": length_in_words(now - clock.due_at)}]
    return []
