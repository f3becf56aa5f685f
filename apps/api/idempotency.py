"""A creating POST happens once, however often it is sent (draft-ietf-httpapi-idempotency-key-header-07).

A lock on the key is taken first and the answer written last, in the transaction of the act: either all of it is there
or nothing. An error leaves no trace, so the same key may try again.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.api.answers import JSON
from apps.api.errors import BadRequest
from apps.api.http import Request
from apps.core.errors import Conflict, Refused
from apps.core.prepared import fetch

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 200

# The lock tells a key that is being worked on from one that is not; whoever fails to get it does not wait.
_CLAIM = "SELECT * FROM api_claim_key(%(lock)s::bigint, %(organisation)s::bigint, %(key)s)"
_KEEP = """
INSERT INTO api_idempotencykey (organisation_id, key, fingerprint, status, body, created_at)
VALUES (%(organisation)s::bigint, %(key)s, %(fingerprint)s, %(status)s::smallint, %(body)s, %(at)s)
ON CONFLICT DO NOTHING RETURNING id
"""


class KeyReused(Refused):
    code = "idempotency_key_reused"
    message = _("This key belongs to another request. Use a new key for each new request.")


class InFlight(Conflict):
    code = "idempotency_in_flight"
    message = _("The request with this key is still being worked on. Send the same again in a moment.")


def once(request: Request, act: Callable[[], HttpResponse], *, required: bool = True) -> HttpResponse:
    """Run `act` unless the request's key has been used: then its answer again, with `Idempotency-Replayed: true`."""
    key = _key(request, required=required)
    if not key:
        return act()
    facts = _facts(request, key, at=timezone.now())
    ((held, known, status, body),) = fetch(_CLAIM, facts)
    if known is not None:
        return _replay(bytes(known), status, bytes(body), asked=facts["fingerprint"])
    if not held:
        raise InFlight
    try:
        response = act()
        _keep(response, facts)
    except Exception:
        transaction.set_rollback(True)  # what little was done goes
        raise
    return response


def _key(request: Request, *, required: bool) -> str:
    key = request.headers.get(HEADER, "")
    if not key and required:
        raise BadRequest(
            "idempotency_key_missing",
            _("Send the header “Idempotency-Key” with a new random value, such as a UUID, for each new request."),
        )
    if len(key) > LONGEST or not key.isascii() or not (key.isprintable() or not key):
        raise BadRequest(
            "idempotency_key_invalid", _("An idempotency key has at most 200 printable ASCII characters. Use a UUID.")
        )
    return key


def _facts(request: Request, key: str, *, at: datetime) -> dict[str, Any]:
    principal = request.user
    digest = hashlib.sha256()
    for part in (
        str(principal.user_id).encode(),
        str(request.method).encode(),
        request.get_full_path().encode(),
        request._request.body,
    ):
        digest.update(len(part).to_bytes(8) + part)
    return {
        "lock": lock_of(principal.organisation_id, key),
        "organisation": principal.organisation_id,
        "key": key,
        "fingerprint": digest.digest(),
        "at": at,
    }


def lock_of(organisation_id: int, key: str) -> int:
    """The number of the advisory lock that a request with this key holds until it ends."""
    digest = hashlib.sha256(f"{organisation_id}:{key}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


def _keep(response: HttpResponse, facts: Mapping[str, Any]) -> None:
    if not fetch(_KEEP, {**facts, "status": response.status_code, "body": response.content}):
        raise InFlight


def _replay(known: bytes, status: int, body: bytes, *, asked: bytes) -> HttpResponse:
    if known != asked:
        raise KeyReused
    response = HttpResponse(body, status=status, content_type=JSON)
    response[REPLAYED] = "true"
    return response
