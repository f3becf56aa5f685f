from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from guardian.core import ObjectPermissionChecker

from apps.accounts.models import ApiToken, Invitation, Membership, User
from apps.accounts.principal import OrganisationFacts, Principal, principal
from apps.accounts.roles import roles_of
from apps.core.prepared import fetch
from apps.organisations.models import Organisation
from apps.organisations.permissions import Permission


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token that exists: its principal, and whether the caller should note that it was used."""

    principal: Principal
    note_use: bool


def memberships_of(user: User) -> Sequence[Membership]:
    """A person's memberships in active organisations, by name. Run as that person."""
    rows = Membership.objects.filter(user=user, organisation__is_active=True)
    return list(rows.select_related("organisation").order_by("organisation__name"))


def principal_of(user: User, membership: Membership) -> Principal:
    """What this person may do in this organisation, as guardian has it."""
    organisation = membership.organisation
    acting = principal(
        user_id=user.pk,
        label=str(user),
        email=user.email,
        organisation=facts_of(organisation),
        permissions=frozenset(ObjectPermissionChecker(user).get_perms(organisation)),
        role=membership.role,
    )
    return replace(acting, is_operator=user.is_operator)


def facts_of(organisation: Organisation) -> OrganisationFacts:
    return OrganisationFacts(
        id=organisation.pk,
        slug=organisation.slug,
        name=organisation.name,
        kind=organisation.kind,
        country=organisation.country,
        time_zone=organisation.time_zone,
        capabilities=frozenset(organisation.capabilities),
        second_person=organisation.second_person,
    )


def token_principal(digest: bytes) -> TokenFacts | None:
    """The principal of a usable token, by one call of a SECURITY DEFINER function; None for any other digest.

    Expired and revoked tokens, inactive people and organisations, and holders who left look the same: unknown.
    """
    rows = fetch("SELECT * FROM tenancy.token_holder(%s::bytea)", [digest])
    if not rows:
        return None
    row = rows[0]
    (token, user, label, email, role, scopes, permissions, note_use) = row[:8]
    (pk, slug, name, kind, country, time_zone, capabilities, second_person) = row[8:]
    facts = OrganisationFacts(pk, slug, name, kind, country, time_zone, frozenset(capabilities), second_person)
    return TokenFacts(
        principal=principal(
            user_id=user,
            label=label,
            email=email,
            organisation=facts,
            permissions=frozenset(permissions) & frozenset(scopes),
            role=role,
            token_id=token,
        ),
        note_use=note_use,
    )


def invitation_organisation(digest: bytes) -> int | None:
    """The organisation whose invitation this is, open or not, so that the caller may act for it; None if unknown."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy.invitation_organisation(%s)", [digest])
        found: int | None = cursor.fetchone()[0]
    return found


def members_of(principal: Principal, *, at: datetime) -> QuerySet[Membership]:
    """The people of the acting organisation by name, each with `token_count`: tokens that work at `at`."""
    usable = ApiToken.objects.filter(
        organisation_id=principal.organisation_id, user=OuterRef("user"), revoked_at=None, expires_at__gt=at
    )
    counted = usable.order_by().values("user").annotate(count=Count("pk")).values("count")
    rows = Membership.objects.filter(organisation_id=principal.organisation_id).select_related("user")
    return rows.annotate(token_count=Coalesce(Subquery(counted), 0)).order_by("user__name", "user__email")


def members_who_may(permission: Permission, *, principal: Principal) -> QuerySet[User]:
    """The people of the acting organisation whose role has this permission, by name."""
    having = [role.value for role, verbs in roles_of(principal.organisation.kind).items() if permission in verbs]
    seats = Membership.objects.filter(organisation_id=principal.organisation_id, role__in=having)
    return User.objects.filter(pk__in=seats.values("user_id"), is_active=True).order_by("name", "email")


def member_who_may(permission: Permission, email: str, *, principal: Principal) -> User | None:
    return members_who_may(permission, principal=principal).filter(email=email.strip().lower()).first()


def pending_invitations(principal: Principal) -> QuerySet[Invitation]:
    """Invitations of the acting organisation that nobody has taken up or taken back; the newest first."""
    rows = Invitation.objects.filter(organisation_id=principal.organisation_id, accepted_at=None, revoked_at=None)
    return rows.select_related("invited_by").order_by("-created_at", "-pk")


def tokens_of(principal: Principal, *, everybodys: bool) -> QuerySet[ApiToken]:
    """Tokens that were not revoked: the person's own, or all of the acting organisation's. Newest first."""
    rows = ApiToken.objects.filter(organisation_id=principal.organisation_id, revoked_at=None).select_related("user")
    mine = rows if everybodys else rows.filter(user_id=principal.person_id)
    return mine.order_by("-created_at", "-pk")
