"""One transition for a set of referrals: lock them, sort out those that may not move, move the rest."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.services import record
from apps.core.errors import Conflict, DomainError, Refused
from apps.referrals.models import Referral
from apps.referrals.models.event import Verb
from apps.referrals.services.events import note
from apps.referrals.transitions import TRANSITIONS, Transition

NOT_FOUND = "not_found"


class TransitionNotAllowed(Conflict):
    code = "transition_not_allowed"
    message = _("The referral's present state does not allow this. Reload it to see what may be done now.")


class FourEyesRequired(Conflict):
    code = "four_eyes_required"
    message = _("Somebody other than its author has to approve this referral.")


class TextRequired(Refused):
    code = "text_required"
    message = _("Say why, in a sentence that the other side will understand.")


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one referral of a set. `code` is empty where it moved; `state` is the one it is in now."""

    reference: str
    state: str
    code: str = ""
    detail: str | Promise = ""
    problem: type[DomainError] | None = None

    @property
    def done(self) -> bool:
        return not self.code


Check = Callable[[Referral, Principal], type[DomainError] | None]


def lock_visible(references: Iterable[str], *, by: Principal) -> Sequence[Referral]:
    """The referrals of these references that `by` may see, locked in a fixed order, so that two sets never deadlock."""
    rows = Referral.objects.visible_to(by).filter(reference__in=set(references))
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def sort_out(
    references: Sequence[str], rows: Sequence[Referral], transition: Transition, *, check: Check | None, by: Principal
) -> tuple[list[Referral], dict[str, Moved]]:
    """Those that may move, and a result for every reference that was asked for."""
    found = {row.reference: row for row in rows}
    movable, results = [], {}
    for reference in dict.fromkeys(references):
        row = found.get(reference)
        if row is None:
            results[reference] = Moved(reference, "", NOT_FOUND, _("There is no such referral."))
            continue
        problem = _problem(row, transition, check, by)
        results[reference] = Moved(
            reference,
            row.state if problem else TRANSITIONS[transition].target,
            problem.code if problem else "",
            problem.message if problem else "",
            problem,
        )
        if problem is None:
            movable.append(row)
    return movable, results


def _problem(row: Referral, transition: Transition, check: Check | None, by: Principal) -> type[DomainError] | None:
    if not row.allows(transition):
        return TransitionNotAllowed
    return check(row, by) if check else None


def need_text(transition: Transition, text: str) -> str:
    """The words a transition asks for, trimmed; refuses an empty one."""
    if TRANSITIONS[transition].needs_text and not text.strip():
        raise TextRequired
    return text.strip()


def only(results: dict[str, Moved]) -> Moved:
    """The result of a set of one, with its problem raised as the person's error."""
    (moved,) = results.values()
    if moved.problem:
        raise moved.problem(state=moved.state)
    return moved


def finish(
    verb: Verb,
    moved: Sequence[Referral],
    *,
    text: str = "",
    data: dict[str, Any] | None = None,
    by: Principal,
    at: datetime,
) -> None:
    """Put the act on the timelines and into the audit log: one statement each."""
    if not moved:
        return
    note(verb, moved, text=text, data=data, by=by, at=at)
    record(
        verb.value,
        organisation_id=by.organisation_id,
        target_type="referral",
        target=moved[0].reference if len(moved) == 1 else f"{len(moved)} referrals",
        recipient_ids=sorted({row.recipient_id if by.organisation.sends else row.sender_id for row in moved}),
        details={"references": [row.reference for row in moved]},
        by=by,
        at=at,
    )
