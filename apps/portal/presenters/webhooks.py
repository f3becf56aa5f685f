"""Endpoints as pages show them: where messages go, how they are doing, what was tried last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.accounts.principal import Principal
from apps.delivery.reasons import in_words
from apps.delivery.selectors import attempts_by_webhook, endpoints_of
from apps.delivery.vocabulary import EndpointReason, EndpointState, KnockKind, Message
from apps.portal.forms.webhooks import RotationForm, WebhookForm
from apps.portal.presenters.people import Secret

TRIES = 10
KNOCKS = 8
BUTTONS: Mapping[EndpointState, Sequence[str]] = {
    EndpointState.UNVERIFIED: ("challenge",),
    EndpointState.ACTIVE: ("test", "pause"),
    EndpointState.PAUSED: ("resume", "test"),
    EndpointState.DISABLED: ("challenge",),
}


@dataclass(frozen=True, slots=True)
class EndpointLine:
    """One endpoint in the list. `left_alone_until`: after failures it gets no message until then."""

    id: UUID
    url: str
    description: str
    messages: Sequence[str | Promise]
    state: str
    reason: str | Promise
    since: datetime
    left_alone_until: datetime | None


@dataclass(frozen=True, slots=True)
class KeyLine:
    public: str
    created_at: datetime
    retires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Try:
    """One message, challenge or test at an endpoint, with what it answered."""

    label: str | Promise
    delivery: UUID | None
    about: str
    state: str
    code: str
    detail: str
    at: datetime
    said: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class EndpointPage:
    line: EndpointLine
    keys: Sequence[KeyLine]
    checks: Sequence[Try]
    is_waiting: bool
    created_at: datetime
    rotation: RotationForm

    @property
    def buttons(self) -> Sequence[Button]:
        """What can be done to it now, the likeliest first."""
        acts = BUTTONS[EndpointState(self.line.state)]
        return [Button(act, reverse(f"portal:webhook-{act}", args=[self.line.id])) for act in acts]


def webhooks_page(
    principal: Principal, *, now: datetime, form: WebhookForm | None = None, made: Secret | None = None
) -> dict[str, Any]:
    endpoints = [_line(row, now=now) for row in endpoints_of(principal).order_by("pk")]
    return {
        "endpoints": endpoints,
        "broken": [one for one in endpoints if one.state == EndpointState.DISABLED],
        "tries": [_try(row) for row in attempts_by_webhook(principal, limit=TRIES)],
        "form": form or WebhookForm(by=principal),
        "secret": made,
        "keys_url": f"{settings.SITE_URL}/.well-known/webhook-keys",
    }


def webhook_page(endpoint: Any, *, now: datetime, form: RotationForm | None = None) -> EndpointPage:
    knocks = list(endpoint.knocks.all()[:KNOCKS])
    live = [key for key in endpoint.keys.all() if key.retires_at is None or key.retires_at > now]
    return EndpointPage(
        line=_line(endpoint, now=now),
        keys=[KeyLine(key.public_key, key.created_at, key.retires_at) for key in live],
        checks=[_check(knock) for knock in knocks],
        is_waiting=any(knock.ended_at is None for knock in knocks),
        created_at=endpoint.created_at,
        rotation=form or RotationForm(),
    )


def secret_of(endpoint: Any, shared: str) -> Secret:
    """What is shown once. It stands in the page that answers, and nowhere else."""
    return Secret(shared, endpoint.description or endpoint.url)


def _line(row: Any, *, now: datetime) -> EndpointLine:
    return EndpointLine(
        id=row.public_id,
        url=row.url,
        description=row.description,
        messages=[Message(one).label for one in row.messages] or [_("All messages")],
        state=row.state,
        reason=EndpointReason(row.reason).label if row.reason else "",
        since=row.since,
        left_alone_until=row.open_until if row.open_until and row.open_until > now else None,
    )


def _try(row: Any) -> Try:
    delivery = row.delivery
    return Try(
        label=Message(delivery.message).label,
        delivery=delivery.public_id,
        about=delivery.about,
        state=row.state,
        code=row.code,
        detail=in_words(row.detail),
        at=row.ended_at,
    )


def _check(knock: Any) -> Try:
    state, said = ("queued", _("Asked")) if knock.ended_at is None else ("failed", _("Failed"))
    if knock.succeeded:
        state, said = "delivered", _("Passed")
    return Try(
        label=KnockKind(knock.kind).label,
        delivery=None,
        about="",
        state=state,
        code=knock.code,
        detail=in_words(knock.detail),
        at=knock.ended_at or knock.asked_at,
        said=said,
    )
