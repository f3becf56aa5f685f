"""Statements of reasons that come with decisions: made, checked and stored in the transaction of the answer."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from apps.accounts.principal import Principal
from apps.referrals.answers import Answer
from apps.referrals.models import Statement
from apps.referrals.services.answer_rules import Wording
from apps.referrals.services.asked import Asked, Referred
from apps.referrals.statements.compose import compose, owes_statement
from apps.referrals.statements.rules import Problem, problems
from apps.referrals.statements.subject import Reported, Subject, reported_of, subject_of


class Draft(NamedTuple):
    """A statement that waits for its puid: one for all items of a batch that it would say the same of.

    `number`: its place among the drafts of the batch. `problems`: the rules it would break.
    """

    number: int
    statement: Mapping[str, Any]
    problems: Sequence[Problem]


class Taken(NamedTuple):
    """An answer that is recorded. `draft`: of the statement made of it; None where it restricts nothing or names its
    own. `puid`: of the statement the decision will have; empty where it has none."""

    item: Asked
    wording: Wording
    draft: Draft | None
    puid: str


class Drafts:
    """The statements of a batch. Those that differ in their `puid` alone are composed and checked once."""

    def __init__(self, *, at: datetime):
        self._at = at
        self._known: dict[tuple[int, Subject], Draft] = {}
        self._reported: dict[int, Reported] = {}

    def draft(self, wording: Wording, item: Asked, referral: Referred) -> Draft | None:
        """The statement that an answer yields; None where it owes none or names its own."""
        answer = wording.answer
        if answer.puid or not owes_statement(answer.outcome, referral.instrument):
            return None
        reported = self._reported.get(referral.pk) or self._reported.setdefault(referral.pk, reported_of(referral))
        subject = subject_of(item, reported)
        found = self._known.get((wording.number, subject))
        if found is None:
            found = self._known[wording.number, subject] = self._made(answer, subject, item.reference)
        return found

    def _made(self, answer: Answer, subject: Subject, reference: str) -> Draft:
        statement = compose(answer, subject, puid=new_puid(reference), at=self._at)
        return Draft(len(self._known), statement, problems(statement))


def new_puid(reference: str) -> str:
    """An item's reference with eight random digits: a later decision on it has another, and none comes twice."""
    return f"{reference}-{secrets.token_hex(4)}"


def waiting_statements(puids: Iterable[str], *, by: Principal) -> Mapping[str, int]:
    """The keys of the platform's own statements that no decision has yet, by puid; locked until the end."""
    wanted = sorted(set(puids))
    if not wanted:
        return {}
    rows = Statement.objects.filter(organisation_id=by.organisation_id, puid__in=wanted, decision__isnull=True)
    return {row.puid: row.pk for row in rows.select_for_update(of=("self",)).order_by("pk").only("pk", "puid")}
