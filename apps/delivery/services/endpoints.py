from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Conflict, Refused
from apps.delivery.models import Endpoint, EndpointKey, EndpointReason, EndpointState, Message
from apps.delivery.outgoing import read_address
from apps.delivery.services.knocking import ask_challenge
from apps.delivery.webhooks.circuit import close
from apps.delivery.webhooks.sealing import seal
from apps.delivery.webhooks.signing import KeyPair, new_pair

MOST = 10
OVERLAP = timedelta(hours=24)


class EndpointKnown(Conflict):
    code = "endpoint_known"
    message = _("This address is registered already. Rotate its keys if you need new ones.")


class TooManyEndpoints(Conflict):
    code = "too_many_endpoints"
    message = _("An organisation has at most ten endpoints. Delete one you do not need.")


class UnknownMessage(Refused):
    code = "unknown_message"
    message = _("There is no such kind of message. Choose among those on the list.")


class NotInService(Conflict):
    code = "not_in_service"
    message = _("This endpoint is not in service. Ask for the challenge first.")


@transaction.atomic
def register_endpoint(
    url: str, *, description: str, messages: Iterable[str], by: Principal, at: datetime
) -> tuple[Endpoint, KeyPair]:
    """Take up an address and ask a worker to prove it. Returns it with its keys; the secret is shown once."""
    wanted, address = _known_kinds(messages), _new_address(url, by=by)
    if Endpoint.objects.filter(organisation_id=by.organisation_id).count() >= MOST:
        raise TooManyEndpoints
    endpoint = Endpoint.objects.create(
        organisation_id=by.organisation_id,
        url=address,
        description=description,
        messages=wanted,
        reason=EndpointReason.NEW,
        since=at,
        created_at=at,
        created_by_id=by.person_id,
    )
    pair = _add_keys(endpoint, at=at)
    ask_challenge(endpoint, by=by, at=at)
    _record(endpoint, "endpoint.registered", by=by, at=at)
    return endpoint, pair


@transaction.atomic
def change_endpoint(
    endpoint: Endpoint,
    *,
    url: str | None = None,
    description: str | None = None,
    messages: Iterable[str] | None = None,
    by: Principal,
    at: datetime,
) -> Endpoint:
    """Change what is given. A new address is out of service until its owner has answered a challenge; keys stay.

    While a challenge or test is under way no address can be changed: its answer would count for the new one.
    """
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    before = {"url": endpoint.url, "messages": endpoint.messages}
    if messages is not None:
        endpoint.messages = _known_kinds(messages)
    if description is not None:
        endpoint.description = description
    if url is not None and read_address(url) != endpoint.url:
        _move_to(endpoint, _new_address(url, by=by), by=by, at=at)
    endpoint.save()
    _record(endpoint, "endpoint.changed", details={"before": before, "messages": endpoint.messages}, by=by, at=at)
    return endpoint


def _move_to(endpoint: Endpoint, address: str, *, by: Principal, at: datetime) -> None:
    """The caller saves. What the old address has failed at is forgotten with it."""
    ask_challenge(endpoint, by=by, at=at)
    close(endpoint)
    endpoint.url, endpoint.state, endpoint.reason = address, EndpointState.UNVERIFIED, EndpointReason.NEW
    endpoint.since, endpoint.told_at = at, None


@transaction.atomic
def rotate_keys(
    endpoint: Endpoint, *, by: Principal, at: datetime, overlap: timedelta = OVERLAP
) -> tuple[Endpoint, KeyPair]:
    """Make new keys. Until the overlap is over the present ones sign as well; older ones stop at once.

    After a leak, `overlap=timedelta(0)` stops them all.
    """
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    EndpointKey.objects.filter(endpoint=endpoint, retires_at__gt=at).update(retires_at=at)
    EndpointKey.objects.filter(endpoint=endpoint, retires_at=None).update(retires_at=at + overlap)
    pair = _add_keys(endpoint, at=at)
    _record(endpoint, "endpoint.rotated", by=by, at=at)
    return endpoint, pair


@transaction.atomic
def pause_endpoint(endpoint: Endpoint, *, by: Principal, at: datetime) -> Endpoint:
    """Take it out of service until it is resumed; messages take the next channel meanwhile."""
    if endpoint.state != EndpointState.ACTIVE:
        raise NotInService
    return _move(endpoint, EndpointState.PAUSED, "endpoint.paused", by=by, at=at)


@transaction.atomic
def resume_endpoint(endpoint: Endpoint, *, by: Principal, at: datetime) -> Endpoint:
    """Put a paused endpoint back into service, with its failures forgotten."""
    if endpoint.state != EndpointState.PAUSED:
        raise NotInService
    close(endpoint)
    endpoint.save(update_fields=["consecutive_failures", "failing_since", "open_until"])
    return _move(endpoint, EndpointState.ACTIVE, "endpoint.resumed", by=by, at=at)


@transaction.atomic
def remove_endpoint(endpoint: Endpoint, *, by: Principal, at: datetime) -> None:
    """Forget an endpoint and its keys. What was sent to it stays written down with the messages."""
    _record(endpoint, "endpoint.removed", by=by, at=at)
    endpoint.delete()


def _known_kinds(messages: Iterable[str]) -> list[str]:
    wanted = set(messages)
    if not wanted <= set(Message.values):
        raise UnknownMessage
    return sorted(wanted)


def _new_address(url: str, *, by: Principal) -> str:
    address = read_address(url)
    if Endpoint.objects.filter(organisation_id=by.organisation_id, url=address).exists():
        raise EndpointKnown
    return address


def _move(endpoint: Endpoint, state: EndpointState, verb: str, *, by: Principal, at: datetime) -> Endpoint:
    endpoint.state, endpoint.reason, endpoint.since = state, "", at
    endpoint.save(update_fields=["state", "reason", "since"])
    _record(endpoint, verb, by=by, at=at)
    return endpoint


def _add_keys(endpoint: Endpoint, *, at: datetime) -> KeyPair:
    pair = new_pair()
    key = EndpointKey(
        organisation_id=endpoint.organisation_id, endpoint=endpoint, public_key=pair.public, created_at=at
    )
    key.sealed = seal(pair.packed(), row=key.public_id)
    key.save()
    return pair


def _record(
    endpoint: Endpoint, verb: str, *, details: Mapping[str, Any] | None = None, by: Principal, at: datetime
) -> None:
    record(
        verb,
        operation=Operation.ADMINISTER,
        organisation_id=endpoint.organisation_id,
        target_type="endpoint",
        target=str(endpoint.public_id),
        details={"url": endpoint.url, **(details or {})},
        by=by,
        at=at,
    )
