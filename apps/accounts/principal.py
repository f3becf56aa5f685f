"""Who acts, resolved once per request and frozen: the person, the organisation, and what they may do in it."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied

from apps.organisations.models import Capability, Kind
from apps.organisations.models.organisation import SENDERS
from apps.organisations.permissions import Permission
from apps.tenancy.context import Context


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What rules ask of the acting organisation."""

    id: int
    slug: str
    name: str
    kind: str
    country: str
    time_zone: str
    capabilities: frozenset[str]
    second_person: bool

    @property
    def sends(self) -> bool:
        return self.kind in SENDERS

    @property
    def receives(self) -> bool:
        return self.kind == Kind.PLATFORM

    def can(self, capability: Capability) -> bool:
        return capability in self.capabilities


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal(Context):
    """A person acting for one organisation, on the web or by token. It is the tenant context as well.

    `acting_as(principal)` opens the database for exactly this organisation. Whoever answers by a link of a mail has
    no account, and so no `user_id`: the label says which address the link was sent to.
    """

    label: str
    email: str
    organisation: OrganisationFacts
    permissions: frozenset[str] = field(default_factory=frozenset)
    role: str = ""
    token_id: int | None = None
    is_operator: bool = False

    is_authenticated = True  # what REST framework asks of `request.user`

    @property
    def organisation_id(self) -> int:
        return self.organisation.id

    @property
    def person_id(self) -> int:
        """Whoever has an account; a link of a mail makes no tokens and invites nobody."""
        if self.user_id is None:
            raise PermissionDenied
        return self.user_id

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


def principal(
    *,
    user_id: int,
    label: str,
    email: str,
    organisation: OrganisationFacts,
    permissions: frozenset[str],
    role: str = "",
    token_id: int | None = None,
) -> Principal:
    """A principal with the tenant context that follows from it."""
    return Principal(
        organisation_ids=(organisation.id,),
        oversight=Permission.OVERSEE_STATISTICS in permissions,
        user_id=user_id,
        label=label,
        email=email,
        organisation=organisation,
        permissions=permissions,
        role=role,
        token_id=token_id,
    )


def contact(*, address: str, organisation: OrganisationFacts) -> Principal:
    """Whoever holds a link that was sent to a contact point: they see and answer, for this organisation alone."""
    return Principal(
        organisation_ids=(organisation.id,),
        label=f"by link sent to {address}"[:254],
        email=address,
        organisation=organisation,
        permissions=frozenset({Permission.VIEW_REFERRALS, Permission.ANSWER_REFERRALS}),
    )
