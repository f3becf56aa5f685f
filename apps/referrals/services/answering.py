from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from apps.accounts.principal import Principal
from apps.audit.services import record
from apps.delivery.models import Message
from apps.referrals import clocks
from apps.referrals.answers import Answer
from apps.referrals.models import Item, Referral
from apps.referrals.models.event import Verb
from apps.referrals.services.answer_rules import AnswerCode, Problems
from apps.referrals.services.deciding import decide
from apps.referrals.services.events import note
from apps.referrals.services.sending import tell
from apps.referrals.services.stating import Drafts, Taken, waiting_statements
from apps.referrals.transitions import ItemState, State, Transition

CORRECTABLE = frozenset({State.ANSWERED})
DECIDED, CORRECTED, REFUSED = "decided", "corrected", "refused"

_RECOUNT = """
UPDATE referrals_referral r
   SET open_count = fresh.open_count,
       acknowledged_at = coalesce(r.acknowledged_at, %(at)s),
       state = CASE WHEN fresh.open_count > 0 THEN r.state ELSE 'answered' END,
       answered_at = CASE WHEN fresh.open_count > 0 THEN r.answered_at ELSE coalesce(r.answered_at, %(at)s) END
  FROM (SELECT referral_id, count(*) FILTER (WHERE state = 'open') AS open_count
          FROM referrals_item WHERE referral_id = ANY(%(ids)s) GROUP BY referral_id) fresh
 WHERE r.id = fresh.referral_id
RETURNING r.id, fresh.open_count
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one answer: `decided`, `corrected` (an earlier decision stands in the history) or `refused`.

    `detail` says more than the code where the statement of reasons would break rules of its format. `puid`: of the
    statement that the decision has.
    """

    item: str
    result: str
    code: AnswerCode | None = None
    detail: str = ""
    puid: str = ""


@transaction.atomic
def answer(answers: Sequence[Answer], *, channel: str, by: Principal, at: datetime) -> list[Answered]:
    """Record a platform's answers, any number at once, in a fixed number of statements; good ones are taken.

    Results come in the order of the answers. Each decision that restricts something leaves a statement of reasons. A
    referral whose last open item is decided is answered: its clock is met and its sender told.
    """
    referrals, items = _lock([one.item for one in answers], by=by)
    waiting = waiting_statements((one.puid for one in answers if one.puid), by=by)
    results, taken = _sort_out(answers, referrals, items, waiting, at=at)
    if taken:
        touched = [referrals[pk] for pk in sorted({one.item.referral_id for one in taken})]
        clocks.received_by_reading([row.pk for row in touched if row.state == State.SENT], at=at)
        decide(taken, waiting, channel=channel, by=by, at=at)
        _conclude(touched, by=by, at=at)
        _record(taken, touched, by=by, at=at)
    return results


def preview_answers(answers: Sequence[Answer], *, by: Principal, at: datetime) -> list[Answered]:
    """What `answer` would say now; locks and changes nothing."""
    rows = Item.objects.visible_to(by).filter(reference__in={one.item for one in answers}).select_related("referral")
    items = {row.reference: row for row in rows}
    referrals = {row.referral_id: row.referral for row in items.values()}
    results, _taken = _sort_out(answers, referrals, items, {}, at=at)
    return results


def _lock(references: Iterable[str], *, by: Principal) -> tuple[Mapping[int, Referral], Mapping[str, Item]]:
    """Referrals first, then their items, both in a fixed order: two batches never deadlock."""
    wanted = Item.objects.visible_to(by).filter(reference__in=set(references))
    locked = Referral.objects.filter(pk__in=wanted.values("referral_id")).select_for_update(of=("self",))
    referrals = {row.pk: row for row in locked.order_by("pk")}
    items = {row.reference: row for row in wanted.select_for_update(of=("self",)).order_by("pk")}
    return referrals, items


def _sort_out(
    answers: Sequence[Answer],
    referrals: Mapping[int, Referral],
    items: Mapping[str, Item],
    waiting: Mapping[str, int],
    *,
    at: datetime,
) -> tuple[list[Answered], list[Taken]]:
    results: list[Answered] = []
    taken: list[Taken] = []
    seen: set[str] = set()
    free, drafts, problem_of = set(waiting), Drafts(at=at), Problems(at)
    for one in answers:
        item = items.get(one.item)
        code = _problem(one, item, referrals, seen) or problem_of(one) or _puid_problem(one, free)
        if code or item is None:
            results.append(Answered(one.item, REFUSED, code))
            continue
        drafted, wrong = drafts.draft(one, item, referrals[item.referral_id])
        if wrong:
            detail = " ".join(f"{problem.field}: {problem.sentence}" for problem in wrong)
            results.append(Answered(one.item, REFUSED, AnswerCode.STATEMENT_INVALID, detail))
            continue
        seen.add(one.item)
        free.discard(one.puid)
        taken.append(drafted)
        result = CORRECTED if item.state == ItemState.DECIDED else DECIDED
        results.append(Answered(one.item, result, puid=drafted.puid))
    return results, taken


def _problem(one: Answer, item: Item | None, referrals: Mapping[int, Referral], seen: set[str]) -> AnswerCode | None:
    if item is None or item.referral_id not in referrals:
        return AnswerCode.NOT_FOUND
    if one.item in seen:
        return AnswerCode.ANSWERED_TWICE
    referral = referrals[item.referral_id]
    if not (referral.allows(Transition.ANSWER) or referral.state in CORRECTABLE) or item.state == ItemState.WITHDRAWN:
        return AnswerCode.NOT_OPEN
    return None


def _puid_problem(one: Answer, free: Collection[str]) -> AnswerCode | None:
    return AnswerCode.UNKNOWN_PUID if one.puid and one.puid not in free else None


def _conclude(touched: Sequence[Referral], *, by: Principal, at: datetime) -> None:
    """Recount what is open; what has nothing open left is answered, its clock met, its sender told."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT, {"ids": [row.pk for row in touched], "at": at})
        finished = {pk for pk, open_count in cursor.fetchall() if open_count == 0}
    answered = [row for row in touched if row.pk in finished and row.state != State.ANSWERED]
    if answered:
        paused = [row.pk for row in answered if row.state == State.INFO_REQUESTED]
        clocks.meet([row.pk for row in answered], paused=paused, at=at)
        note(Verb.REFERRAL_ANSWERED, answered, by=by, at=at)
        tell(Message.REFERRAL_ANSWERED, answered, occasion="answered", by=by, at=at)


def _record(taken: Sequence[Taken], touched: Sequence[Referral], *, by: Principal, at: datetime) -> None:
    record(
        "item.decided",
        organisation_id=by.organisation_id,
        target_type="item",
        target=taken[0].answer.item if len(taken) == 1 else f"{len(taken)} items",
        recipient_ids=sorted({row.sender_id for row in touched}),
        details={"referrals": [row.reference for row in touched], "items": len(taken)},
        by=by,
        at=at,
    )
