"""What a sandbox has proven of a platform's systems: read off the audit log and the state, never said by themselves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.models import AuditEntry
from apps.delivery.models import Attempt, Channel, DeliveryState
from apps.referrals.models import Event, Statement
from apps.referrals.models.event import Verb

REFUSED, REPLAYED = "request.refused", "request.replayed"
MANY = 500
Details = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to prove. `how`: what to do for it."""

    key: str
    label: str | Promise
    how: str | Promise


@dataclass(frozen=True, slots=True)
class Proof:
    """A check with when it was first seen, and in which request; `at` is None while it is missing."""

    check: Check
    at: datetime | None = None
    request_id: str = ""


# Seen in the audit log of a token: the entry's verb, and what its details must say.
LOGGED: Sequence[tuple[Check, str, Callable[[Details], bool]]] = (
    (
        Check("worklist", _("Reads the worklist"), _("GET items/ with the token of your system.")),
        "item.listed",
        lambda said: True,
    ),
    (
        Check("acknowledged", _("Acknowledges"), _("POST referrals/{reference}/acknowledge/.")),
        Verb.REFERRAL_ACKNOWLEDGED,
        lambda said: True,
    ),
    (
        Check("answered", _("Answers one item"), _("POST items/answer/ with one answer.")),
        "item.decided",
        lambda said: said.get("items") == 1,
    ),
    (
        Check("answered_many", _("Answers 500 items at once"), _("Scenario “five-hundred”: one POST items/answer/.")),
        "item.decided",
        lambda said: int(said.get("items", 0)) >= MANY,
    ),
    (
        Check("replayed", _("Repeats a call safely"), _("Send the same POST again with the same Idempotency-Key.")),
        REPLAYED,
        lambda said: True,
    ),
    (
        Check("asked", _("Asks the sender"), _("POST referrals/{reference}/request-information/.")),
        Verb.INFORMATION_REQUESTED,
        lambda said: True,
    ),
    (
        Check("conflict", _("Meets 409"), _("Scenario “withdrawal”: acknowledge what was taken back.")),
        REFUSED,
        lambda said: said.get("status") == 409,
    ),
    (
        Check("not_found", _("Meets 404"), _("Ask for a referral that is not there.")),
        REFUSED,
        lambda said: said.get("status") == 404,
    ),
)
CORRECTED = Check("corrected", _("Corrects an answer"), _("Scenario “correction”: answer the same item twice."))
STATEMENT = Check("statement", _("Gives a statement of reasons"), _("Answer with an outcome that restricts something."))
WEBHOOK = Check("webhook", _("Takes a webhook"), _("Register an address under Webhooks, then start any scenario."))


def proofs_of(principal: Principal) -> Sequence[Proof]:
    """Every check in the order of the guide. Four queries."""
    verbs = {verb for _check, verb, _says in LOGGED}
    rows = AuditEntry.objects.filter(
        organisation_id=principal.organisation_id, verb__in=verbs, token_id__isnull=False
    ).order_by("pk")
    entries = list(rows.values_list("verb", "details", "at", "request_id"))
    return [*(_logged(check, verb, says, entries) for check, verb, says in LOGGED), *_seen(principal)]


def _logged(check: Check, verb: str, says: Callable[[Details], bool], entries: Sequence[Any]) -> Proof:
    for said, details, at, request_id in entries:
        if said == verb and says(details):
            return Proof(check, at, request_id)
    return Proof(check)


def _seen(principal: Principal) -> list[Proof]:
    mine = principal.organisation_id
    corrected = Event.objects.filter(recipient_id=mine, verb=Verb.ITEM_CORRECTED).order_by("pk").first()
    statement = Statement.objects.filter(organisation_id=mine).order_by("pk").first()
    taken = Attempt.objects.filter(recipient_id=mine, channel=Channel.WEBHOOK, state=DeliveryState.DELIVERED)
    hook = taken.order_by("pk").first()
    return [
        Proof(CORRECTED, corrected.at if corrected else None),
        Proof(STATEMENT, statement.created_at if statement else None),
        Proof(WEBHOOK, hook.ended_at if hook else None),
    ]
