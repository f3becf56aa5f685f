from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Membership, OrganisationGroupGrant, RolePermission, User
from apps.accounts.principal import Principal
from apps.accounts.roles import ROLES, Role, roles_of
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Conflict, Refused
from apps.organisations.models import Organisation


class UnknownRole(Refused):
    code = "unknown_role"
    message = _("This kind of organisation has no such role. Choose one of the roles on the list.")


class LastAdministrator(Conflict):
    code = "last_administrator"
    message = _("An organisation keeps at least one administrator. Give somebody else that role first.")


def group_of(organisation: Organisation, role: str) -> Group:
    """Guardian's group for a role in an organisation; made by `sync_roles`, never by a request."""
    if role not in roles_of(organisation.kind):
        raise UnknownRole
    return Group.objects.get(name=group_name(organisation, role))


def group_name(organisation: Organisation, role: str) -> str:
    return f"organisation:{organisation.pk}:{role}"


@transaction.atomic
def sync_roles() -> int:
    """Project the roles in code onto guardian's groups and grants; returns how many grants changed. Idempotent."""
    codenames = dict(Permission.objects.filter(content_type__app_label="organisations").values_list("codename", "pk"))
    _write_roles(codenames)
    wanted: set[tuple[int, int, int]] = set()
    for organisation in Organisation.objects.order_by("pk"):
        for role, permissions in roles_in(organisation).items():
            group, _created = Group.objects.get_or_create(name=group_name(organisation, role))
            wanted |= {(group.pk, organisation.pk, codenames[p]) for p in permissions}
    columns = ("group_id", "content_object_id", "permission_id")
    present = {row[1:]: row[0] for row in OrganisationGroupGrant.objects.values_list("pk", *columns)}
    OrganisationGroupGrant.objects.filter(pk__in=[present[row] for row in present.keys() - wanted]).delete()
    new = [OrganisationGroupGrant(**dict(zip(columns, row, strict=True))) for row in wanted - present.keys()]
    OrganisationGroupGrant.objects.bulk_create(new)
    return len(new) + len(present.keys() - wanted)


def roles_in(organisation: Organisation) -> Mapping[Role, frozenset[str]]:
    """The roles of an organisation. In a sandbox its administrator may do everything: one person tries it all."""
    roles = roles_of(organisation.kind)
    if not organisation.is_sandbox:
        return roles
    return {**roles, Role.ADMINISTRATOR: frozenset().union(*roles.values())}


def _write_roles(codenames: Mapping[str, int]) -> None:
    """The table the database opens roles from when a platform is made in use (`tenancy.make_platform`)."""
    wanted = {
        (kind.value, role.value, codenames[permission])
        for kind, roles in ROLES.items()
        for role, permissions in roles.items()
        for permission in permissions
    }
    columns = ("kind", "role", "permission_id")
    present = {row[1:]: row[0] for row in RolePermission.objects.values_list("pk", *columns)}
    RolePermission.objects.filter(pk__in=[present[row] for row in present.keys() - wanted]).delete()
    RolePermission.objects.bulk_create(
        RolePermission(**dict(zip(columns, row, strict=True))) for row in wanted - present.keys()
    )


@transaction.atomic
def grant_role(user: User, *, organisation: Organisation, role: str, by: Principal | None, at: datetime) -> Membership:
    """Let a person act in an organisation. `by=None` is for seeding and accepted invitations."""
    membership = Membership.objects.create(
        user=user, organisation=organisation, role=role, group=group_of(organisation, role), joined_at=at
    )
    _record(membership, "membership.granted", by=by, at=at)
    return membership


@transaction.atomic
def change_role(membership: Membership, *, role: str, by: Principal, at: datetime) -> Membership:
    _keep_an_administrator(membership, unless=role == Role.ADMINISTRATOR)
    membership.role, membership.group = role, group_of(membership.organisation, role)
    membership.save(update_fields=["role", "group"])
    _record(membership, "membership.changed", by=by, at=at)
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, by: Principal, at: datetime) -> None:
    """Take a person out of an organisation. Their tokens stop with the membership: a token asks for both."""
    _keep_an_administrator(membership)
    _record(membership, "membership.removed", by=by, at=at)
    membership.delete()


def _keep_an_administrator(membership: Membership, *, unless: bool = False) -> None:
    if unless or membership.role != Role.ADMINISTRATOR:
        return
    others = Membership.objects.select_for_update().filter(
        organisation=membership.organisation, role=Role.ADMINISTRATOR
    )
    if not others.exclude(pk=membership.pk).exists():
        raise LastAdministrator


def _record(membership: Membership, verb: str, *, by: Principal | None, at: datetime) -> None:
    record(
        verb,
        operation=Operation.ADMINISTER,
        organisation_id=membership.organisation_id,
        target_type="membership",
        target=str(membership.user_id),
        details={"role": membership.role},
        by=by,
        at=at,
    )
