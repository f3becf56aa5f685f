from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from apps.accounts.principal import Principal
from apps.audit.services import record
from apps.core.prepared import fetch
from apps.delivery.models import Message
from apps.referrals import clocks
from apps.referrals.answers import Answer
from apps.referrals.models.event import Verb
from apps.referrals.services.answer_rules import AnswerCode, Wordings
from apps.referrals.services.asked import Asked, Referred, Worklist, asked
from apps.referrals.services.deciding import decide
from apps.referrals.services.events import note
from apps.referrals.services.sending import tell
from apps.referrals.services.stating import Drafts, Taken, new_puid, waiting_statements
from apps.referrals.transitions import ItemState, State, Transition, allows

ANSWERABLE_STATES = frozenset(s for s in State if allows(s, Transition.ANSWER) or s is State.ANSWERED)  # or corrected
DECIDED, CORRECTED, REFUSED = "decided", "corrected", "refused"

_RECOUNT = """
UPDATE referrals_referral r
   SET open_count = fresh.open_count,
       acknowledged_at = coalesce(r.acknowledged_at, %(at)s::timestamptz),
       state = CASE WHEN fresh.open_count > 0 THEN r.state ELSE 'answered' END,
       answered_at = CASE WHEN fresh.open_count > 0 THEN r.answered_at
                          ELSE coalesce(r.answered_at, %(at)s::timestamptz) END
  FROM (SELECT referral_id, count(*) FILTER (WHERE state = 'open') AS open_count
          FROM referrals_item WHERE referral_id = ANY(%(ids)s::bigint[]) GROUP BY referral_id) fresh
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
    worklist = asked((one.item for one in answers), lock=True, by=by)
    waiting = waiting_statements((one.puid for one in answers if one.puid), by=by)
    results, taken = _sort_out(answers, worklist, waiting, at=at)
    if taken:
        touched = [worklist.referrals[pk] for pk in sorted({one.item.referral_id for one in taken})]
        clocks.received_by_reading([row.pk for row in touched if row.state == State.SENT], at=at)
        decide(taken, waiting, channel=channel, by=by, at=at)
        _conclude(touched, by=by, at=at)
        _record(taken, touched, by=by, at=at)
    return results


def preview_answers(answers: Sequence[Answer], *, by: Principal, at: datetime) -> list[Answered]:
    """What `answer` would say now; locks and changes nothing."""
    worklist = asked((one.item for one in answers), lock=False, by=by)
    results, _taken = _sort_out(answers, worklist, {}, at=at)
    return results


def _sort_out(
    answers: Sequence[Answer], worklist: Worklist, waiting: Mapping[str, int], *, at: datetime
) -> tuple[list[Answered], list[Taken]]:
    results: list[Answered] = []
    taken: dict[str, Taken] = {}
    free, wordings, drafts = set(waiting), Wordings(at), Drafts(at=at)
    for one in answers:
        item, wording = worklist.items.get(one.item), wordings.of(one)
        code = _problem(one, item, worklist, taken) or wording.problem or _puid_problem(one, free)
        if code or item is None:
            results.append(Answered(one.item, REFUSED, code))
            continue
        draft = drafts.draft(wording, item, worklist.referrals[item.referral_id])
        if draft and draft.problems:
            detail = " ".join(f"{problem.field}: {problem.sentence}" for problem in draft.problems)
            results.append(Answered(one.item, REFUSED, AnswerCode.STATEMENT_INVALID, detail))
            continue
        free.discard(one.puid)
        puid = new_puid(item.reference) if draft else one.puid
        taken[one.item] = Taken(item, wording, draft, puid)
        results.append(Answered(one.item, CORRECTED if item.state == ItemState.DECIDED else DECIDED, puid=puid))
    return results, [*taken.values()]


def _problem(one: Answer, item: Asked | None, worklist: Worklist, taken: Collection[str]) -> AnswerCode | None:
    if item is None or item.referral_id not in worklist.referrals:
        return AnswerCode.NOT_FOUND
    if one.item in taken:
        return AnswerCode.ANSWERED_TWICE
    open_to_answers = worklist.referrals[item.referral_id].state in ANSWERABLE_STATES
    return None if open_to_answers and item.state != ItemState.WITHDRAWN else AnswerCode.NOT_OPEN


def _puid_problem(one: Answer, free: Collection[str]) -> AnswerCode | None:
    return AnswerCode.UNKNOWN_PUID if one.puid and one.puid not in free else None


def _conclude(touched: Sequence[Referred], *, by: Principal, at: datetime) -> None:
    """Recount what is open; what has nothing open left is answered, its clock met, its sender told."""
    counted = fetch(_RECOUNT, {"ids": [row.pk for row in touched], "at": at})
    finished = {pk for pk, open_count in counted if open_count == 0}
    answered = [row for row in touched if row.pk in finished and row.state != State.ANSWERED]
    if answered:
        paused = [row.pk for row in answered if row.state == State.INFO_REQUESTED]
        clocks.meet([row.pk for row in answered], paused=paused, at=at)
        note(Verb.REFERRAL_ANSWERED, answered, by=by, at=at)
        tell(Message.REFERRAL_ANSWERED, answered, occasion="answered", by=by, at=at)


def _record(taken: Sequence[Taken], touched: Sequence[Referred], *, by: Principal, at: datetime) -> None:
    record(
        "item.decided",
        organisation_id=by.organisation_id,
        target_type="item",
        target=taken[0].item.reference if len(taken) == 1 else f"{len(taken)} items",
        recipient_ids=sorted({row.sender_id for row in touched}),
        details={"referrals": [row.reference for row in touched], "items": len(taken)},
        by=by,
        at=at,
    )
