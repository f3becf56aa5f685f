"""Whose rows a table holds. Every model says it (`tenancy = Tenancy.…`); policies and managers follow from it.

A conformance test fails for a table that is in no class, or whose policies in the database are not the class's.
"""

from enum import StrEnum
from types import MappingProxyType

from django.apps import apps
from django.db import models


class Tenancy(StrEnum):
    PRIVATE = "private"  # `organisation_id`: one organisation's own working material
    ENVELOPE = "envelope"  # `sender_id`, `recipient_id`; the recipient sees it once `disclosed`
    REFERENCE = "reference"  # read by all, written by the owner role: directory, vocabularies
    DIRECTORY = "directory"  # `organisation_id`: read by all, written by the organisation it is about
    SYSTEM = "system"  # machinery without tenant content: sessions, groups, migrations
    STATISTICS = "statistics"  # aggregates: an organisation's own (`organisation_id`) or everybody's (null)
    PERSONAL = "personal"  # `organisation_id`, and also seen by the person it is about (`user_id`)


# Tables that are not ours, and why no tenant's content is in them.
OTHERS = MappingProxyType(
    {
        "auth.Permission": Tenancy.SYSTEM,
        "auth.Group": Tenancy.SYSTEM,
        "auth.Group_permissions": Tenancy.SYSTEM,
        "contenttypes.ContentType": Tenancy.SYSTEM,
        "sessions.Session": Tenancy.SYSTEM,
        "account.EmailAddress": Tenancy.SYSTEM,
        "account.EmailConfirmation": Tenancy.SYSTEM,
        "guardian.UserObjectPermission": Tenancy.SYSTEM,
        "guardian.GroupObjectPermission": Tenancy.SYSTEM,
    }
)


def tenancy_of(model: type[models.Model]) -> Tenancy | None:
    """The class of a model's table; None where nobody has said it."""
    declared = getattr(model, "tenancy", None)
    return Tenancy(declared) if declared else OTHERS.get(model._meta.label)


def all_models() -> list[type[models.Model]]:
    """Every model that has a table, automatic many-to-many tables included."""
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
