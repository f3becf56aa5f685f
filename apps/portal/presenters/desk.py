"""My desk: what waits for the person who looks, most pressing first. Each panel is one list and one capped count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.organisations.permissions import Permission
from apps.portal.presenters.clock import ShownClock
from apps.portal.presenters.lists import clock_of
from apps.referrals.models import Event, Referral
from apps.referrals.models.event import Verb
from apps.referrals.querysets import ReferralQuerySet
from apps.referrals.selectors import with_clocks
from apps.referrals.transitions import State

SHOWN = 5
COUNTED = 1000
RECENT = timedelta(days=7)
Rows = ReferralQuerySet


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A referral, and how its clock stands where one shows: `clock` takes the place of its state."""

    referral: Referral
    clock: ShownClock

    @property
    def shows_clock(self) -> bool:
        return self.clock.is_paused or self.clock.due_at is not None


@dataclass(frozen=True, slots=True)
class Panel:
    """`query`: the list of all of them, as the referrals page filters it. `said`: what was last written, by row."""

    title: str | Promise
    symbol: str
    empty: str | Promise
    rows: Sequence[DeskRow]
    count: int
    query: str = ""
    is_hot: bool = False

    @property
    def url(self) -> str:
        return f"{reverse('portal:inbox')}?{self.query}"

    @property
    def counted(self) -> str:
        return f"{COUNTED}+" if self.count > COUNTED else str(self.count)


@dataclass(frozen=True, slots=True)
class Question:
    """One panel before it is asked: which referrals, in which order."""

    title: str | Promise
    symbol: str
    empty: str | Promise
    query: str
    rows: Callable[[Rows, Principal, datetime], Rows]
    is_hot: bool = False


def panels(*, by: Principal, now: datetime) -> Sequence[Panel]:
    """The panels of this person's role: two queries each, however much waits."""
    return [_asked(question, by=by, now=now) for question in questions(by)]


def questions(by: Principal) -> Sequence[Question]:
    if by.organisation.receives:
        return PLATFORM if by.may(Permission.ANSWER_REFERRALS) else ()
    review = REVIEWER if by.may(Permission.APPROVE_REFERRALS) else ()
    return (*review, *OFFICER) if by.may(Permission.FILE_REFERRALS) else ()


def _asked(question: Question, *, by: Principal, now: datetime) -> Panel:
    rows = question.rows(Referral.objects.visible_to(by).with_parties(), by, now)
    shown = [DeskRow(row, clock_of(row)) for row in with_clocks(rows)[:SHOWN]]
    count = len(shown) if len(shown) < SHOWN else rows.order_by()[: COUNTED + 1].count()
    return Panel(
        question.title, question.symbol, question.empty, shown, count, question.query, question.is_hot and count > 0
    )


def _said(verb: Verb) -> Subquery:
    """The words of the newest event of this kind."""
    return Subquery(Event.objects.filter(referral=OuterRef("pk"), verb=verb).order_by("-pk").values("text")[:1])


def _had(verb: Verb) -> Exists:
    return Exists(Event.objects.filter(referral=OuterRef("pk"), verb=verb))


def _drafts(rows: Rows, by: Principal, now: datetime) -> Rows:
    mine = rows.filter(state=State.DRAFT, created_by=by.user_id)
    return mine.exclude(_had(Verb.REFERRAL_RETURNED)).order_by("-filed_at", "-pk")


def _returned(rows: Rows, by: Principal, now: datetime) -> Rows:
    mine = rows.filter(_had(Verb.REFERRAL_RETURNED), state=State.DRAFT, created_by=by.user_id)
    return mine.annotate(said=_said(Verb.REFERRAL_RETURNED)).order_by("-filed_at", "-pk")


def _to_approve(rows: Rows, by: Principal, now: datetime) -> Rows:
    others = rows.filter(state=State.IN_REVIEW).exclude(created_by=by.user_id).exclude(submitted_by=by.user_id)
    return others.order_by("filed_at", "pk")


def _asked_of_us(rows: Rows, by: Principal, now: datetime) -> Rows:
    asked = rows.filter(state=State.INFO_REQUESTED)
    return asked.annotate(said=_said(Verb.INFORMATION_REQUESTED)).order_by("filed_at", "pk")


def _overdue(rows: Rows, by: Principal, now: datetime) -> Rows:
    return rows.overdue(now).order_by("due_at", "pk")


def _answered(rows: Rows, by: Principal, now: datetime) -> Rows:
    return rows.filter(state=State.ANSWERED, answered_at__gte=now - RECENT).order_by("-answered_at", "-pk")


def _due_next(rows: Rows, by: Principal, now: datetime) -> Rows:
    return rows.unanswered().filter(due_at__isnull=False).order_by("due_at", "pk")


def _new(rows: Rows, by: Principal, now: datetime) -> Rows:
    return rows.filter(state__in=[State.SENT, State.RECEIVED]).order_by("-sent_at", "-pk")


def _replied(rows: Rows, by: Principal, now: datetime) -> Rows:
    recent = Event.objects.filter(referral=OuterRef("pk"), verb=Verb.INFORMATION_PROVIDED, at__gte=now - RECENT)
    replied = rows.filter(Exists(recent), state=State.ACKNOWLEDGED)
    return replied.annotate(said=_said(Verb.INFORMATION_PROVIDED)).order_by("due_at", "pk")


REVIEWER = (
    Question(
        _("Waiting for your approval"),
        "badge-check",
        _("Nothing waits for you. What others submit appears here."),
        "state=in_review",
        _to_approve,
        is_hot=True,
    ),
)
OFFICER = (
    Question(_("Returned to you"), "undo-2", _("Nothing was returned to you."), "state=draft", _returned, is_hot=True),
    Question(
        _("Questions from platforms"),
        "message-circle-question-mark",
        _("No platform waits for a reply."),
        "state=info_requested",
        _asked_of_us,
        is_hot=True,
    ),
    Question(_("Overdue"), "clock-alert", _("No answer is overdue."), "overdue=1", _overdue, is_hot=True),
    Question(
        _("Answered in the last seven days"),
        "check-check",
        _("Answers of the last seven days appear here."),
        "state=answered",
        _answered,
    ),
    Question(_("Your drafts"), "pencil-line", _("You have no drafts."), "state=draft", _drafts),
)
PLATFORM = (
    Question(
        _("Due next"),
        "clock",
        _("Nothing is due. New referrals appear here as soon as they are received."),
        "sort=due",
        _due_next,
        is_hot=True,
    ),
    Question(_("New"), "inbox", _("There is nothing new."), "state=sent&state=received", _new),
    Question(
        _("Replies to your questions"),
        "message-circle-reply",
        _("No sender has replied in the last seven days."),
        "state=acknowledged",
        _replied,
        is_hot=True,
    ),
)
