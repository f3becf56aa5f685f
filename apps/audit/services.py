import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import structlog

from apps.audit.models import Operation
from apps.core.prepared import fetch
from apps.tenancy.context import current

SYSTEM = "system"

# Every request writes one of these, so it is planned once per connection.
_RECORD = """
INSERT INTO audit_auditentry
  (at, organisation_id, actor_id, actor_label, token_id, operation, verb, target_type, target, recipient_ids,
   justification, details, request_id)
VALUES (%(at)s, %(organisation)s::bigint, %(actor)s::bigint, %(label)s, %(token)s::bigint, %(operation)s, %(verb)s,
        %(target_type)s, %(target)s, %(recipients)s::jsonb, %(justification)s, %(details)s::jsonb, %(request)s)
RETURNING id
"""


class Actor(Protocol):
    """Whoever acts: a signed-in person, or the bearer of a token."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def label(self) -> str: ...
    @property
    def token_id(self) -> int | None: ...


def record(  # noqa: PLR0913  Directive (EU) 2016/680 Art 25 names this many facts
    verb: str,
    *,
    organisation_id: int,
    target_type: str,
    target: str,
    operation: Operation = Operation.ALTER,
    recipient_ids: Sequence[int] = (),
    justification: str = "",
    details: dict[str, Any] | None = None,
    by: Actor | None,
    at: datetime,
) -> None:
    """Write down one act. `verb` is `<noun>.<past_participle>`; `details` holds identifiers and counts, no content."""
    current()  # as the managers do: nothing is written for nobody
    fetch(
        _RECORD,
        {
            "at": at,
            "organisation": organisation_id,
            "actor": by.user_id if by else None,
            "label": by.label if by else SYSTEM,
            "token": by.token_id if by else None,
            "operation": operation.value,
            "verb": verb,
            "target_type": target_type,
            "target": target,
            "recipients": json.dumps(list(recipient_ids)),
            "justification": justification,
            "details": json.dumps(details or {}),
            "request": str(structlog.contextvars.get_contextvars().get("request_id", "")),
        },
    )


def consulted(
    verb: str,
    *,
    organisation_id: int,
    target_type: str,
    targets: Sequence[str],
    justification: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Write down a reading: one thing, or a list with what it showed (Directive (EU) 2016/680 Art 25(1), (2)).

    `verb` is `<noun>.consulted`, `<noun>.listed` or `<noun>.exported`; a reading that showed nothing leaves no entry.
    """
    if not targets:
        return
    record(
        verb,
        operation=Operation.DISCLOSE if verb.endswith(".exported") else Operation.CONSULT,
        organisation_id=organisation_id,
        target_type=target_type,
        target=targets[0] if len(targets) == 1 else f"{len(targets)} {target_type}s",
        justification=justification,
        details={"references": list(targets)},
        by=by,
        at=at,
    )
