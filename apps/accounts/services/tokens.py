from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import ApiToken
from apps.accounts.principal import Principal
from apps.accounts.secrets import TOKEN_PREFIX, new_token
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Refused
from apps.tenancy.context import acting_as

LONGEST = timedelta(days=366)
HINT_LENGTH = len(TOKEN_PREFIX) + 6


class ScopeNotHeld(Refused):
    code = "scope_not_held"
    message = _("A token cannot do more than its holder. Choose among the permissions you have.")


class ExpiryOutOfRange(Refused):
    code = "expiry_out_of_range"
    message = _("A token is valid for at least a minute and at most a year. Choose an earlier date.")


@transaction.atomic
def issue_token(
    *, name: str, scopes: Iterable[str], expires_at: datetime, by: Principal, at: datetime
) -> tuple[ApiToken, str]:
    """Make a token for oneself in the organisation one acts for. Returns it with its secret, which is shown once."""
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= by.permissions:
        raise ScopeNotHeld
    if not at < expires_at <= at + LONGEST:
        raise ExpiryOutOfRange
    secret, digest = new_token()
    token = ApiToken.objects.create(
        organisation_id=by.organisation_id,
        user_id=by.person_id,
        name=name,
        hint=secret[:HINT_LENGTH],
        digest=digest,
        scopes=wanted,
        created_at=at,
        expires_at=expires_at,
    )
    _record(token, "token.issued", by=by, at=at)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Principal, at: datetime) -> ApiToken:
    """Stop a token at once. Revoking it again changes nothing."""
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        _record(token, "token.revoked", by=by, at=at)
    return token


def note_token_use(principal: Principal) -> None:
    """Remember that a token is in use, to the hour: the lookup says when it is time."""
    with acting_as(principal):
        ApiToken.objects.filter(pk__in=[principal.token_id]).update(last_used_at=timezone.now())


def _record(token: ApiToken, verb: str, *, by: Principal, at: datetime) -> None:
    record(
        verb,
        operation=Operation.ADMINISTER,
        organisation_id=token.organisation_id,
        target_type="token",
        target=token.hint,
        details={"scopes": token.scopes},
        by=by,
        at=at,
    )
