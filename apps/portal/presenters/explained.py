"""The clocks of a referral on its page: each in a sentence, as a sum anybody can redo, and with what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.accounts.principal import Principal
from apps.core.moments import in_words, length_in_words
from apps.deadlines.models import Announcement, Chase
from apps.portal.presenters.clock import describe_due, describe_still
from apps.portal.presenters.status import Mark
from apps.referrals.explaining import wording
from apps.referrals.explaining.facts import Explanation, Standing, Sum, Why, length_of, sum_of
from apps.referrals.models import Referral
from apps.taxonomy.limits import OnQuestion

MARKS = {
    Standing.RUNNING: Mark("info", "clock"),
    Standing.OVERDUE: Mark("bad", "clock-alert"),
    Standing.STILL: Mark("wait", "circle-pause"),
    Standing.IN_TIME: Mark("good", "circle-check"),
    Standing.LATE: Mark("bad", "clock-alert"),
    Standing.ENDED: Mark("neutral", "undo-2"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the sum: what, how much, and the words about it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Daily:
    """One day of a period, in words; `is_counted` for its mark."""

    day: str
    words: str
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Happened:
    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock as its card shows it. `formula`: the sum in one line, for hours; `days` instead of it for days."""

    title: str
    standing: str
    mark: Mark
    sentence: str
    facts: Sequence[tuple[str, str | Promise]]
    figures: Sequence[Figure]
    formula: str
    days: Sequence[Daily]
    history: Sequence[Happened]


def clocks_of(referral: Referral, explained: Sequence[Explanation], *, by: Principal, now: datetime) -> Sequence[Clock]:
    """Two queries, for the reminders and announcements that the reader may know of."""
    if not explained:
        return ()
    chases = Chase.objects.filter(obligation__referral=referral).select_related("obligation").order_by("at", "pk")
    if by.organisation.receives:
        chases = chases.filter(disclosed=True)
    taken: list[Chase | Announcement] = [*chases]
    taken += Announcement.objects.filter(obligation__referral=referral).select_related("obligation").order_by("pk")
    return [clock_card(one, [row for row in taken if row.obligation.clock == one.clock], now) for one in explained]


def clock_card(one: Explanation, taken: Sequence[Chase | Announcement], now: datetime) -> Clock:
    added = None if one.counts_days else sum_of(one, timezone.get_current_timezone())
    return Clock(
        title=wording.name_of(one),
        standing=_standing(one, now),
        mark=MARKS[one.standing(now)],
        sentence=wording.sentence(one, now=now),
        facts=_facts(one),
        figures=_figures(one, added) if added else (),
        formula=_formula(added) if added else "",
        days=_days(one),
        history=_history(one, taken),
    )


def _facts(one: Explanation) -> Sequence[tuple[str, str | Promise]]:
    does = {
        OnQuestion.PAUSE: _("The clock stands still, and runs on with the reply."),
        OnQuestion.RESTART: _("The clock stands still, and begins anew with the reply."),
        OnQuestion.RUN: _("The clock runs on."),
    }
    found = [
        (_("Limit"), wording.limit_of(one)),
        (_("Binding"), wording.basis_in_words(one)),
        (_("Source"), wording.source_in_words(one)),
        (_("While a question is open"), does[one.terms.on_question]),
        (_("Receipt"), wording.proof_in_words(one.proof, short=False)),
    ]
    return [*found, (_("When missed"), one.rule.breach)] if one.rule else found


def _figures(one: Explanation, added: Sum) -> list[Figure]:
    """The addition, line by line; every figure is exact to the second."""
    exact = _needs_seconds(added)
    label = _("Begun anew") if one.begun_anew_at else _("Start: the proven receipt")
    counted = [stood for stood in one.stops if stood.is_counted]
    stops = [
        Figure(_("Clock stood still"), f"+ {length_in_words(length)}", wording.cause_in_words(stood))
        for stood, length in zip(counted, added.stood, strict=True)
    ]
    shift = _("Wall clocks put forward") if added.shift > timedelta() else _("Wall clocks put back")
    return [
        Figure(label, _wall(added.began, exact=exact, full=True)),
        Figure(_("Limit"), f"+ {length_in_words(added.limit)}"),
        *stops,
        *([Figure(shift, _signed(added.shift))] if added.shift else []),
        *([Figure(_("Parts of seconds, left out above"), _signed(added.parts))] if added.parts else []),
        Figure(_("Due"), f"= {_wall(added.due, exact=exact, full=True)}"),
    ]


def _formula(added: Sum) -> str:
    """`12 Mar, 23:30 + 1 h + 3 h 50 min = 13 Mar, 04:20`."""
    exact = _needs_seconds(added)
    lengths = [added.limit, *added.stood, *filter(None, (added.shift, added.parts))]
    terms = " ".join(_signed(length) for length in lengths)
    return f"{_wall(added.began, exact=exact)} {terms} = {_wall(added.due, exact=exact)}"


def _days(one: Explanation) -> list[Daily]:
    shape = pgettext("weekday and date", "D j M Y")
    return [
        Daily(formats.date_format(day.on, shape), wording.day_in_words(day), day.why is Why.COUNTED) for day in one.days
    ]


def _history(one: Explanation, taken: Sequence[Chase | Announcement]) -> list[Happened]:
    """Starts, stops, goings on, rungs of the ladder and the end, oldest first."""
    clock = one.reading
    happened = [Happened(clock.started_at, _("Started: %(proof)s.") % {"proof": wording.proof_in_words(one.proof)})]
    for stood in one.stops:
        happened.append(
            Happened(stood.stop.since, _("Stood still: %(cause)s.") % {"cause": wording.cause_in_words(stood)})
        )
        if stood.stop.until:
            facts = {"length": length_in_words(length_of(stood.stop))}
            anew = one.terms.on_question is OnQuestion.RESTART
            words = _("Begun anew after %(length)s.") if anew else _("Went on after %(length)s.")
            happened.append(Happened(stood.stop.until, words % facts))
    happened += [Happened(row.at, _taken(row)) for row in taken]
    if clock.met_at and one.margin is not None:
        happened.append(Happened(clock.met_at, _("Met: %(margin)s.") % {"margin": wording.margin_in_words(one.margin)}))
    if clock.ended_at:
        happened.append(Happened(clock.ended_at, _("Ended: the referral was withdrawn.")))
    return sorted(happened, key=lambda one: one.at)


def _taken(row: Chase | Announcement) -> str:
    if isinstance(row, Chase):
        return str(row.get_rung_display())
    facts = {"until": in_words(row.until), "text": row.text}
    return (_("Answer announced by %(until)s: “%(text)s”") if row.text else _("Answer announced by %(until)s.")) % facts


def _standing(one: Explanation, now: datetime) -> str:
    """The words of a list."""
    clock = one.reading
    if one.standing(now) is Standing.ENDED:
        return _("ended")
    if one.standing(now) is Standing.STILL:
        return describe_still(clock.paused_since).words
    return describe_due(clock.due_at, now=now, met_at=clock.met_at).words


def _needs_seconds(added: Sum) -> bool:
    lengths = (*added.stood, added.shift, added.parts)
    return bool(added.began.second or added.due.second or any(length % timedelta(minutes=1) for length in lengths))


def _wall(at: datetime, *, exact: bool, full: bool = False) -> str:
    """A moment on the wall clock; `full` names year and zone."""
    if full:
        return in_words(at, seconds=exact)
    shape = (
        pgettext("short date and time with seconds", "j M, H:i:s")
        if exact
        else pgettext("short date and time format", "j M, H:i")
    )
    return formats.date_format(at, shape)


def _signed(length: timedelta) -> str:
    return f"{'−' if length < timedelta() else '+'} {length_in_words(length)}"
