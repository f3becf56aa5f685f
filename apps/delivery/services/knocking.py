"""Challenges and tests: asked for on a page or by API, sent by a worker, which alone reaches other machines."""

import hmac
import json
import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.core.errors import Conflict
from apps.delivery import reasons
from apps.delivery.models import Endpoint, EndpointReason, EndpointState, Knock, KnockKind
from apps.delivery.nudges import nudge
from apps.delivery.outgoing import Answer, NoAnswer
from apps.delivery.webhooks.circuit import close
from apps.delivery.webhooks.messages import keys_of, send, to_bytes
from apps.delivery.webhooks.verdicts import Outcome, Verdict, verdict_on
from apps.tenancy.context import acting_as, system

LEASE = timedelta(seconds=60)
BATCH = 20
MOST_AN_HOUR = 12
JUDGED = ["state", "reason", "since", "told_at", "consecutive_failures", "failing_since", "open_until"]


class AlreadyAsked(Conflict):
    code = "already_asked"
    message = _("The endpoint is being asked already. Look again in a few seconds.")


class AskedTooOften(Conflict):
    code = "asked_too_often"
    message = _("The endpoint was asked twelve times within an hour. Wait a while before you ask again.")


class NotProven(Conflict):
    code = "not_proven"
    message = _("This endpoint is not in service. Ask for the challenge instead of a test.")


@transaction.atomic
def ask_challenge(endpoint: Endpoint, *, by: Principal, at: datetime) -> Knock:
    """Have an endpoint prove that its owner wants messages there; if it does, it is put into service."""
    return _ask(endpoint, KnockKind.CHALLENGE, by=by, at=at)


@transaction.atomic
def ask_test(endpoint: Endpoint, *, by: Principal, at: datetime) -> Knock:
    """Send an endpoint a test message."""
    if endpoint.state not in {EndpointState.ACTIVE, EndpointState.PAUSED}:
        raise NotProven
    return _ask(endpoint, KnockKind.TEST, by=by, at=at)


def _ask(endpoint: Endpoint, kind: KnockKind, *, by: Principal, at: datetime) -> Knock:
    Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    if Knock.objects.filter(endpoint=endpoint, ended_at=None).exists():
        raise AlreadyAsked
    if Knock.objects.filter(endpoint=endpoint, asked_at__gt=at - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        raise AskedTooOften
    knock = Knock.objects.create(
        organisation_id=endpoint.organisation_id, endpoint=endpoint, kind=kind, asked_at=at, asked_by_id=by.person_id
    )
    transaction.on_commit(hurry, robust=True)
    return knock


def hurry() -> None:
    """Knock now; a lost nudge costs seconds."""
    nudge(current_app.tasks["delivery.knock_pending"].delay)


def knock_pending(*, at: datetime) -> int:
    """Send the challenges and tests that wait; returns how many were answered well. Safe to run at any time.

    One is claimed at a time: a slow endpoint must not keep those behind it beyond their claims.
    """
    count = 0
    for _turn in range(BATCH):
        knock = _claim(max(at, timezone.now()))
        if knock is None:
            break
        count += _knock(knock)
    return count


def _claim(at: datetime) -> Knock | None:
    with acting_as(system("deliver")):
        waiting = Knock.objects.filter(ended_at=None).exclude(lease_until__gt=at).order_by("asked_at", "pk")
        found = waiting.select_related("endpoint").prefetch_related("endpoint__keys")
        knock = found.select_for_update(skip_locked=True, of=("self",)).first()
        if knock is not None:
            knock.lease_until = at + LEASE
            knock.save(update_fields=["lease_until"])
        return knock


def _knock(knock: Knock) -> bool:
    at, token = timezone.now(), secrets.token_urlsafe(32)
    said = {"challenge": token} if knock.kind == KnockKind.CHALLENGE else {"reference": "R-0000-0000-0"}
    body = to_bytes(f"endpoint.{knock.kind}", said, at=knock.asked_at)
    keys = keys_of(knock.endpoint, at=at)
    answer = send(knock.endpoint.url, body, message=knock.public_id, keys=keys, at=at)
    verdict, at = verdict_on(answer, tries=1, at=timezone.now()), timezone.now()
    if verdict.outcome is Outcome.TAKEN and knock.kind == KnockKind.CHALLENGE and not repeats(answer, token):
        verdict = Verdict(Outcome.LATER, verdict.code, reasons.NO_ECHO)
    _write_down(knock, verdict, at=at)
    return verdict.outcome is Outcome.TAKEN


def repeats(answer: Answer | NoAnswer, token: str) -> bool:
    """Whether the answer is the challenge: as it is, or as `challenge` of a JSON object."""
    if isinstance(answer, NoAnswer):
        return False
    said: object = answer.body.decode("utf-8", "replace").strip()
    with suppress(ValueError):
        found = json.loads(answer.body)
        said = found.get("challenge") if isinstance(found, dict) else found
    return isinstance(said, str) and hmac.compare_digest(said.encode(), token.encode())


def _write_down(knock: Knock, verdict: Verdict, *, at: datetime) -> None:
    """A challenge decides whether the endpoint is in service; any good answer closes its circuit."""
    succeeded = verdict.outcome is Outcome.TAKEN
    with acting_as(system("deliver")):
        endpoint = Endpoint.objects.select_for_update().filter(pk=knock.endpoint_id).first()
        if endpoint is None:
            return
        Knock.objects.filter(pk=knock.pk).update(
            ended_at=at, lease_until=None, succeeded=succeeded, code=verdict.code, detail=verdict.detail
        )
        if succeeded:
            close(endpoint)
        if knock.kind == KnockKind.CHALLENGE:
            _judge(endpoint, succeeded, at)
        endpoint.save(update_fields=JUDGED)


def _judge(endpoint: Endpoint, succeeded: bool, at: datetime) -> None:
    if succeeded and endpoint.state in {EndpointState.UNVERIFIED, EndpointState.DISABLED}:
        endpoint.state, endpoint.reason, endpoint.since = EndpointState.ACTIVE, "", at
        endpoint.told_at = None
    elif not succeeded and endpoint.state == EndpointState.UNVERIFIED:
        endpoint.reason = EndpointReason.CHALLENGE_FAILED
