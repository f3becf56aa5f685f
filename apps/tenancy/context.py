"""Who acts, for this thread of work: known to the managers, and to the database by a signed setting.

`acting_as(...)` owns one outer transaction, because the setting is `SET LOCAL`: it can never outlive the work it was
made for, whatever connection pool stands in between (security.md 2.2, facts 2, 3, 5 and 12).
"""

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.core.prepared import fetch

LIFETIME_SECONDS = 300
SYSTEM_ROLE = "portal_sys"
OFFSET = "tenancy_clock_offset"  # our own mark on Django's connection wrapper


class NoTenantContext(Exception):
    """A tenant table was asked for before anybody said who is acting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the database needs to know of whoever acts.

    `purpose` is set for the system's own work across tenants (sweeps, aggregation) and names it. `owner` is for
    migrations, seeding and tests: it keeps the login role and filters nothing.
    """

    organisation_ids: tuple[int, ...] = ()
    user_id: int | None = None
    oversight: bool = False
    purpose: str = ""
    owner: bool = False

    @property
    def sees_every_tenant(self) -> bool:
        return bool(self.purpose) or self.owner


_current: ContextVar[Context | None] = ContextVar("tenancy_context", default=None)


def system(purpose: str) -> Context:
    """The system's own work, e.g. `system("deliver")`: what the role `portal_sys` may see, and no case file."""
    return Context(purpose=purpose)


AS_OWNER = Context(owner=True)


def current() -> Context:
    """The context in force; raises `NoTenantContext` where there is none."""
    context = _current.get()
    if context is None:
        raise NoTenantContext("Wrap this in tenancy.acting_as(...): tenant tables are closed without a context.")
    return context


@contextmanager
def acting_as(context: Context) -> Iterator[Context]:
    """Run a block as `context`, in one transaction. Blocks nest; the outer one's context comes back."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        previous = _current.get()
        token = _current.set(context)
        try:
            _tell_the_database(context)
            yield context
            if not outermost and not connection.needs_rollback:
                _tell_the_database(previous)
        finally:
            _current.reset(token)


def _tell_the_database(context: Context | None) -> None:
    fetch(
        "SELECT set_config('app.ctx', %s::text, true), set_config('role', %s::text, true)",
        [_signed(context), _role(context)],
    )


def _role(context: Context | None) -> str:
    if context is None or context.owner:
        return "none"
    return SYSTEM_ROLE if context.purpose else settings.TENANCY_ROLE


def _signed(context: Context | None) -> str:
    """`<organisations>|<user>|<flags>|<expires>.<hmac>`, as `tenancy.claims()` in the database reads it."""
    if context is None or context.sees_every_tenant:
        return ""
    organisations = ",".join(map(str, context.organisation_ids))
    flags = "oversight" if context.oversight else ""
    expires = int(_database_time()) + LIFETIME_SECONDS
    claims = f"{organisations}|{context.user_id or ''}|{flags}|{expires}"
    seal = hmac.new(bytes.fromhex(settings.TENANCY_KEY), claims.encode(), hashlib.sha256).hexdigest()
    return f"{claims}.{seal}"


def _database_time() -> float:
    """Seconds since 1970 by the database's clock, read once per connection; the host's own clock may be wrong."""
    offset: float | None = getattr(connection, OFFSET, None)
    if offset is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
            offset = cursor.fetchone()[0] - time.perf_counter()
        setattr(connection, OFFSET, offset)
    return offset + time.perf_counter()


def forget_clock(connection: BaseDatabaseWrapper, **_: object) -> None:
    """A new connection may lead to another server: read its clock again."""
    setattr(connection, OFFSET, None)
