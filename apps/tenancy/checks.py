from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connections

from apps.tenancy.classes import all_models, tenancy_of

LOWEST_SAFE_SERVER = {15: 14, 16: 10, 17: 6}  # CVE-2025-8713: statistics leak under row-level security


def every_model_has_a_class(**_: object) -> list[checks.CheckMessage]:
    return [
        checks.Error(f"{model._meta.label} does not say whose rows it holds (tenancy = Tenancy.…).", id="tenancy.E001")
        for model in all_models()
        if tenancy_of(model) is None
    ]


def runtime_role_is_harmless(databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """A server must not log in as a role that row-level security does not bind, or to a server that leaks."""
    if settings.AS_OWNER or settings.ENVIRONMENT == "test" or "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        version = cursor.fetchone()[0]
    found: list[checks.CheckMessage] = []
    if login_is_unbound():
        found.append(checks.Error("The login role bypasses row-level security; use portal_web.", id="tenancy.E002"))
    if version // 10000 < 15 or version % 10000 < LOWEST_SAFE_SERVER.get(version // 10000, 0):
        found.append(checks.Error("This PostgreSQL has known leaks under row-level security.", id="tenancy.E003"))
    return found


def login_is_unbound() -> bool:
    """Whether row-level security does not bind the role this process has logged in as."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user")
        unbound: bool = cursor.fetchone()[0]
    return unbound
