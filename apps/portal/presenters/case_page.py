"""Everything the page of one case shows: the sender's own view of one filing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.organisations.permissions import Permission
from apps.portal.presenters.case_unrouted import Unrouted, unrouted_of
from apps.portal.presenters.clock import ShownClock
from apps.portal.presenters.histories import of_case
from apps.portal.presenters.lists import clock_of
from apps.portal.presenters.masking import is_masked
from apps.portal.presenters.preview import MARKS, Line, address_of
from apps.portal.presenters.status import Mark
from apps.portal.presenters.tiles import Event
from apps.referrals.access import open_transitions
from apps.referrals.models import Case, Leftover, Referral
from apps.referrals.selectors import with_clocks
from apps.referrals.services import Result
from apps.referrals.transitions import State, Transition
from apps.taxonomy.areas import Area

LEFTOVERS_SHOWN = 100
ACTS = {
    Transition.SUBMIT: "portal/cases/actions/submit.html",
    Transition.APPROVE: "portal/cases/actions/approve.html",
    Transition.WITHDRAW: "portal/cases/actions/withdraw.html",
}
SOURCES: Mapping[str, str | Promise] = {"web": _("Pasted"), "upload": _("Uploaded file"), "api": _("API")}


@dataclass(frozen=True, slots=True)
class Row:
    """One platform's referral. What was withdrawn owes no answers, so it counts neither way."""

    referral: Referral

    @property
    def clock(self) -> ShownClock:
        return clock_of(self.referral) if self.is_counted else ShownClock()

    @property
    def is_counted(self) -> bool:
        return self.referral.state != State.WITHDRAWN

    @property
    def answered_count(self) -> int:
        return self.referral.item_count - self.referral.open_count


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """`movable`: which of the referrals each act would move now, by reference."""

    case: Case
    rows: Sequence[Row]
    leftovers: Sequence[Line]
    leftover_counts: Sequence[tuple[Mark, int]]
    unrouted: Unrouted
    history: Sequence[Event]
    about: Sequence[tuple[str | Promise, object]]
    movable: Mapping[Transition, Sequence[str]] = field(default_factory=dict)

    @property
    def item_count(self) -> int:
        return sum(row.referral.item_count for row in self.rows if row.is_counted)

    @property
    def answered_count(self) -> int:
        return sum(row.answered_count for row in self.rows if row.is_counted)

    @property
    def leftover_total(self) -> int:
        return sum(count for _mark, count in self.leftover_counts)

    @property
    def actions(self) -> Sequence["CaseAct"]:
        return [CaseAct(act, len(self.movable[act])) for act in ACTS if self.movable[act]]


@dataclass(frozen=True, slots=True)
class CaseAct:
    transition: Transition
    count: int

    @property
    def template(self) -> str:
        return ACTS[self.transition]


def case_page(case: Case, *, by: Principal) -> CasePage:
    """Asks a fixed number of queries, however many referrals, items and events there are."""
    referrals = referrals_of(case, by=by)
    hidden = any(is_masked(referral.area) for referral in referrals)
    counts = _leftover_counts(case)
    offers_platforms = by.may(Permission.FILE_REFERRALS) and MARKS[Result.UNROUTED] in dict(counts)
    names = {referral.recipient_id: referral.recipient.name for referral in referrals}
    return CasePage(
        case=case,
        rows=[Row(referral) for referral in referrals],
        leftovers=_leftovers(case, hidden=hidden),
        leftover_counts=counts,
        unrouted=unrouted_of(case, referrals, hidden=hidden) if offers_platforms else Unrouted(),
        history=of_case(case, names=names, by=by),
        about=_about(case, referrals),
        movable=movable(referrals, by=by),
    )


def referrals_of(case: Case, *, by: Principal) -> Sequence[Referral]:
    """There is one referral per platform, so all of them fit on one page."""
    rows = with_clocks(Referral.objects.visible_to(by).filter(case=case).with_parties())
    return list(rows.order_by("recipient__name", "pk"))


def movable(referrals: Sequence[Referral], *, by: Principal) -> Mapping[Transition, Sequence[str]]:
    found: dict[Transition, list[str]] = {act: [] for act in ACTS}
    for referral in referrals:
        for transition in open_transitions(by, referral):
            if transition in found:
                found[transition].append(referral.reference)
    return found


def _leftovers(case: Case, *, hidden: bool) -> Sequence[Line]:
    rows = Leftover.objects.filter(case=case).order_by("row")[:LEFTOVERS_SHOWN]
    return [Line(row.row + 1, _address(row.given, hidden=hidden), MARKS[row.result], row.detail) for row in rows]


def _address(given: object, *, hidden: bool) -> str:
    return address_of(given, column=_column(given), hidden=hidden)


def _column(given: object) -> str:
    """The part of a row as it came that looks most like its address."""
    if not isinstance(given, dict) or "url" in given:
        return "url"
    names = {str(name).casefold(): str(name) for name in given}
    if "url" in names:
        return names["url"]
    return next((str(name) for name, value in given.items() if "://" in str(value)), next(iter(map(str, given)), "url"))


def _leftover_counts(case: Case) -> Sequence[tuple[Mark, int]]:
    rows = Leftover.objects.filter(case=case).values_list("result").annotate(count=Count("pk")).order_by("result")
    counts = dict(rows)
    return [(mark, counts[result]) for result, mark in MARKS.items() if result in counts]


def _about(case: Case, referrals: Sequence[Referral]) -> Sequence[tuple[str | Promise, object]]:
    areas = dict.fromkeys(Area(referral.area).label for referral in referrals)
    instruments = dict.fromkeys(referral.get_instrument_display() for referral in referrals)
    return [
        (_("Instrument"), ", ".join(map(str, instruments))),
        (_("Area"), ", ".join(map(str, areas))),
        (_("Filed by"), case.created_by),
        (_("Came by"), SOURCES.get(case.source, case.source)),
        (_("Rows sent in"), case.row_count),
        (_("Your own number"), case.external_id),
    ]
