"""Turns stories into rows and writes them a batch of cases at a time: one `COPY` per table and batch."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random
from typing import Any

from django.db import models

from apps.accounts.roles import Role
from apps.audit.models import AuditEntry, Operation
from apps.core.references import new_references
from apps.deadlines.models import Chase
from apps.delivery.models import Delivery
from apps.portal.demo.chronicle import Chronicle, Party
from apps.portal.demo.content import decisions_of, items_of, obligation_of, referral_of, statements_of
from apps.portal.demo.copying import copy_in, ids_of
from apps.portal.demo.stage import Stage
from apps.portal.demo.stories import CaseStory, ReferralStory
from apps.portal.demo.words import NOTES
from apps.referrals.models import Case, Decision, Event, Item, Obligation, Referral, Statement

ORDER: tuple[type[models.Model], ...] = (
    Case, Referral, Item, Decision, Statement, Event, Obligation, Chase, Delivery, AuditEntry
)  # fmt: skip
SYMBOLS = {"C": 8, "R": 8, "I": 12}


class Batch:
    """The rows of some cases. `add` them, then `write` once; parents are written before what hangs on them."""

    def __init__(self, stage: Stage, *, draw: Random, now: datetime, with_statements: bool = True):
        self.stage, self.draw, self.now, self.with_statements = stage, draw, now, with_statements
        self.rows: dict[type[models.Model], list[Any]] = {model: [] for model in ORDER}
        self.ids = {model: ids_of(model) for model in ORDER}
        self.references = {prefix: _references(prefix) for prefix in SYMBOLS}

    @property
    def size(self) -> int:
        return len(self.rows[Event])

    def add(self, story: CaseStory) -> None:
        officers = self.stage.seats[story.sender.slug, Role.OFFICER]
        officer = self.draw.choice(officers)
        case = Case(
            id=next(self.ids[Case]),
            organisation_id=self.stage.pk(story.sender),
            reference=next(self.references["C"]),
            title=story.title,
            note=self.draw.choice(NOTES),
            created_at=story.filed_at,
            created_by_id=officer.user_id,
            source=story.source,
            row_count=sum(len(referral.items) for referral in story.referrals),
        )
        self.rows[Case].append(case)
        self._audit("case.filed", "case", case.reference, operation=Operation.COLLECT, by=officer, case=case)
        sender = Party(case.organisation_id, story.sender.name, officer, self._reviewer(story))
        for referral in story.referrals:
            self._add_referral(case, story, referral, sender)

    def write(self) -> None:
        for model in ORDER:
            ids = self.ids[model]
            for row in self.rows[model]:
                row.pk = row.pk or next(ids)
            copy_in(model, self.rows[model])
            self.rows[model] = []

    def _reviewer(self, story: CaseStory) -> Any:
        reviewers = self.stage.seats.get((story.sender.slug, Role.REVIEWER))
        return self.draw.choice(reviewers) if reviewers and story.sender.second_person else None

    def _add_referral(self, case: Case, story: CaseStory, told: ReferralStory, sender: Party) -> None:
        contact = self.draw.choice(self.stage.seats[told.platform.slug, Role.CONTACT_POINT])
        platform = Party(self.stage.pk(told.platform), told.platform.name, contact, None)
        referral = referral_of(
            next(self.ids[Referral]),
            case,
            story,
            told,
            sender,
            platform,
            reference=next(self.references["R"]),
            draw=self.draw,
        )
        items = items_of(referral, told, self.references["I"], self.ids[Item])
        chronicle = Chronicle(referral, told, items, sender, platform, draw=self.draw, now=self.now)
        self.rows[Referral].append(referral)
        self.rows[Item].extend(items)
        self._add_decisions(referral, items, list(decisions_of(items, told, story.area, by=contact, draw=self.draw)))
        self.rows[Event].extend(chronicle.events())
        if obligation := obligation_of(next(self.ids[Obligation]), referral, told, chronicle.climb):
            self.rows[Obligation].append(obligation)
            self.rows[Chase].extend(chronicle.chases(obligation))
        self.rows[Delivery].extend(chronicle.deliveries())
        if told.answered_at:
            self._audit("item.decided", "referral", referral.reference, by=contact, case=case, told=told)

    def _add_decisions(self, referral: Referral, items: Sequence[Item], decisions: Sequence[Decision]) -> None:
        for decision in decisions:
            decision.pk = next(self.ids[Decision])
        self.rows[Decision].extend(decisions)
        if self.with_statements:
            self.rows[Statement].extend(statements_of(decisions, items, referral))

    def _audit(
        self,
        verb: str,
        target_type: str,
        target: str,
        *,
        operation: Operation = Operation.ALTER,
        by: Any,
        case: Case,
        told: ReferralStory | None = None,
    ) -> None:
        """A platform's act stands in the platform's log, everything else in the sender's."""
        self.rows[AuditEntry].append(
            AuditEntry(
                at=(told.answered_at if told else None) or case.created_at,
                organisation_id=self.stage.pk(told.platform) if told else case.organisation_id,
                actor_id=by.user_id,
                actor_label=by.label,
                operation=operation,
                verb=verb,
                target_type=target_type,
                target=target,
                details={"items": len(told.items) if told else case.row_count},
            )
        )


def _references(prefix: str) -> Iterator[str]:
    while True:
        yield from new_references(prefix, 1_000, SYMBOLS[prefix])
