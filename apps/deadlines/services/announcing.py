""" "We know, by Friday": a platform says when its answer will come. The next rung waits until then, no other does."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.core.errors import Conflict, DomainError, Refused
from apps.deadlines.ladder import Climber, Side, planned
from apps.deadlines.models import Announcement, Rung
from apps.referrals.models import Item, Obligation, Referral
from apps.referrals.models.event import Verb
from apps.referrals.services import Moved, finish, lock_visible, only

MOST_AHEAD = timedelta(days=14)
NOT_FOUND = "not_found"


class AnnouncementOutOfReach(Refused):
    code = "announcement_out_of_reach"
    message = _("Announce a time that is still to come, and at most 14 days ahead.")


class LawDoesNotWait(Conflict):
    code = "law_does_not_wait"
    message = _("This is a time limit of the law: an announcement does not change when you are reminded of it.")


class NothingToHold(Conflict):
    code = "nothing_to_hold"
    message = _("No reminder is ahead: no clock runs, or its last reminder has been sent.")


def announce(referral: Referral, *, until: datetime, text: str = "", by: Principal, at: datetime) -> Moved:
    return only(announce_set([referral.reference], until=until, text=text, by=by, at=at))


@transaction.atomic
def announce_set(
    references: Sequence[str], *, until: datetime, text: str = "", by: Principal, at: datetime
) -> dict[str, Moved]:
    """Say of referrals when their answer will come; both sides read it. Raises `AnnouncementOutOfReach`.

    The next reminder to the platform is not sent before `until`; the rungs after it keep their times, and what the
    sender's supervisor is told is the sender's. What is announced later takes the place of what was announced before.
    """
    if not at < until <= at + MOST_AHEAD:
        raise AnnouncementOutOfReach
    rows = {row.reference: row for row in lock_visible(references, by=by)}
    clocks = _leading(list(rows.values()))
    held: list[Referral] = []
    results = {}
    for reference in dict.fromkeys(references):
        row = rows.get(reference)
        problem = _problem(clocks.get(row.pk)) if row else None
        results[reference] = _result(reference, row, problem)
        if row and not problem:
            held.append(row)
    said = [_said(clocks[row.pk], until=until, text=text.strip(), by=by, at=at) for row in held]
    Announcement.objects.bulk_create(said)
    finish(Verb.ANSWER_ANNOUNCED, held, text=text.strip(), data={"until": until.isoformat()}, by=by, at=at)
    return results


def announce_for_items(
    items: Sequence[str], *, until: datetime, text: str = "", by: Principal, at: datetime
) -> list[Moved]:
    """The same for the referrals that these items belong to."""
    rows = Item.objects.visible_to(by).filter(reference__in=items).order_by("referral__reference")
    references = list(rows.values_list("referral__reference", flat=True).distinct())
    return list(announce_set(references, until=until, text=text, by=by, at=at).values()) if references else []


def _leading(referrals: Sequence[Referral]) -> Mapping[int, Obligation]:
    """The clocks that lead and run, with what has been taken and held of their ladders."""
    rows = Obligation.objects.filter(
        referral__in=[row.pk for row in referrals],
        is_leading=True,
        met_at=None,
        ended_at=None,
        paused_since=None,
    )
    found = rows.select_related("policy").prefetch_related("chases")
    return {row.referral_id: row for row in found}


def _problem(clock: Obligation | None) -> type[DomainError] | None:
    if clock is None or _next_rung(clock) is None:
        return NothingToHold
    return LawDoesNotWait if clock.statutory else None


def _next_rung(clock: Obligation) -> Rung | None:
    """The first that the platform has not been told of, by its own time."""
    last_stop = clock.stops[-1][1] if clock.stops else None
    climber = Climber(
        due_at=clock.due_at,
        limit_seconds=clock.limit_seconds,
        round=clock.round,
        went_on_at=datetime.fromisoformat(last_stop) if last_stop else None,
        policy=clock.policy.ladder if clock.policy else {},
        taken={(one.rung, one.round) for one in clock.chases.all()},
    )
    return next((one.step.rung for one in planned(climber) if one.step.side is Side.PLATFORM), None)


def _said(clock: Obligation, *, until: datetime, text: str, by: Principal, at: datetime) -> Announcement:
    return Announcement(
        sender_id=clock.sender_id,
        recipient_id=clock.recipient_id,
        obligation=clock,
        rung=_next_rung(clock) or "",
        round=clock.round,
        until=until,
        text=text,
        at=at,
        by_id=by.user_id,
    )


def _result(reference: str, row: Referral | None, problem: type[DomainError] | None) -> Moved:
    if row is None:
        return Moved(reference, "", NOT_FOUND, _("There is no such referral."))
    if problem is None:
        return Moved(reference, row.state)
    return Moved(reference, row.state, problem.code, problem.message, problem)
