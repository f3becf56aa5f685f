"""Statements of reasons that come with decisions: made, checked and stored in the transaction of the answer."""

import secrets
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.accounts.principal import Principal
from apps.referrals.answers import Answer
from apps.referrals.models import Item, Referral, Statement
from apps.referrals.statements.compose import compose, owes_statement
from apps.referrals.statements.rules import Problem, problems


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer that is recorded. `statement`: what is made of it; None where it restricts nothing or names its own."""

    answer: Answer
    item: Item
    statement: Mapping[str, Any] | None = None

    @property
    def puid(self) -> str:
        """Of the statement the decision will have; empty where it has none."""
        return str(self.statement["puid"]) if self.statement else self.answer.puid


class Drafts:
    """The statements of a batch. Those that differ in their `puid` alone are composed and checked once."""

    def __init__(self, *, at: datetime):
        self._at = at
        self._known: dict[Hashable, tuple[Mapping[str, Any], Sequence[Problem]]] = {}

    def draft(self, answer: Answer, item: Item, referral: Referral) -> tuple[Taken, Sequence[Problem]]:
        """An answer with the statement it yields, and the rules that statement would break."""
        if answer.puid or not owes_statement(answer.outcome, referral.instrument):
            return Taken(answer, item), ()
        said = answer.apart_from_item()
        key = (said, referral.pk, item.content_type, item.content_language, item.published_on)
        if said is None or key not in self._known:
            made = compose(answer, item, referral, puid=new_puid(item), at=self._at)
            self._known[key] = made, problems(made)
        statement, wrong = self._known[key]
        return Taken(answer, item, {**statement, "puid": new_puid(item)}), wrong


def new_puid(item: Item) -> str:
    """The item's reference with eight random digits: a later decision on it has another, and none comes twice."""
    return f"{item.reference}-{secrets.token_hex(4)}"


def waiting_statements(puids: Iterable[str], *, by: Principal) -> Mapping[str, int]:
    """The keys of the platform's own statements that no decision has yet, by puid; locked until the end."""
    wanted = sorted(set(puids))
    if not wanted:
        return {}
    rows = Statement.objects.filter(organisation_id=by.organisation_id, puid__in=wanted, decision__isnull=True)
    return {row.puid: row.pk for row in rows.select_for_update(of=("self",)).order_by("pk").only("pk", "puid")}
