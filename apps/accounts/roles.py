"""What a role may do, by kind of organisation. Roles are code; `sync_roles` projects them onto guardian's groups."""

from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Kind
from apps.organisations.permissions import Permission as P


class Role(models.TextChoices):
    OFFICER = "officer", _("Officer")
    REVIEWER = "reviewer", _("Reviewer")
    CONTACT_POINT = "contact_point", _("Point of contact")
    ANALYST = "analyst", _("Analyst")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


_ADMINISTRATION = frozenset({P.MANAGE_MEMBERS, P.VIEW_AUDIT, P.VIEW_STATISTICS})
_WITH_SYSTEMS = _ADMINISTRATION | {P.MANAGE_WEBHOOKS, P.MANAGE_POLICIES}  # of organisations that send or receive
_SENDER = MappingProxyType(
    {
        Role.OFFICER: frozenset({P.VIEW_REFERRALS, P.FILE_REFERRALS, P.VIEW_STATISTICS}),
        Role.REVIEWER: frozenset({P.VIEW_REFERRALS, P.FILE_REFERRALS, P.APPROVE_REFERRALS, P.VIEW_STATISTICS}),
        Role.ADMINISTRATOR: _WITH_SYSTEMS,
    }
)

ROLES = MappingProxyType(
    {
        Kind.REFERRAL_UNIT: _SENDER,
        Kind.TRUSTED_FLAGGER: _SENDER,
        Kind.AUTHORITY: _SENDER,
        Kind.PLATFORM: MappingProxyType(
            {
                Role.CONTACT_POINT: frozenset({P.VIEW_REFERRALS, P.ANSWER_REFERRALS, P.VIEW_STATISTICS}),
                Role.ADMINISTRATOR: _WITH_SYSTEMS,
            }
        ),
        Kind.COMMISSION: MappingProxyType(
            {
                Role.ANALYST: frozenset({P.VIEW_STATISTICS, P.OVERSEE_STATISTICS}),
                Role.ADMINISTRATOR: _ADMINISTRATION,
            }
        ),
        Kind.AUDITOR: MappingProxyType(
            {
                Role.AUDITOR: frozenset({P.VIEW_AUDIT, P.VIEW_STATISTICS}),
                Role.ADMINISTRATOR: _ADMINISTRATION,
            }
        ),
    }
)


def roles_of(kind: str) -> MappingProxyType[Role, frozenset[P]]:
    """The roles an organisation of this kind has, with what each may do."""
    return ROLES[Kind(kind)]
