"""People, their credentials and their invitations as pages show them."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.accounts.invitation_mail import invitation_link
from apps.accounts.models import ApiToken, Invitation, Membership, User
from apps.accounts.principal import Principal
from apps.accounts.roles import Role
from apps.accounts.selectors import members_of, pending_invitations, tokens_of
from apps.accounts.services import has_account
from apps.organisations.models import Kind
from apps.organisations.permissions import Permission
from apps.portal.forms.people import InviteForm, RoleForm, TokenForm


@dataclass(frozen=True, slots=True)
class Member:
    pk: int
    name: str
    email: str
    role: str | Promise
    form: RoleForm
    signed_in_at: datetime | None
    token_count: int
    is_self: bool

    @property
    def anchor(self) -> str:
        return str(self.pk)


@dataclass(frozen=True, slots=True)
class Pending:
    pk: int
    email: str
    role: str | Promise
    invited_by: str
    expires_at: datetime
    is_over: bool


@dataclass(frozen=True, slots=True)
class Token:
    pk: int
    name: str
    hint: str
    holder: str
    scopes: Sequence[str | Promise]
    expires_at: datetime
    last_used_at: datetime | None
    is_over: bool

    @property
    def anchor(self) -> str:
        return str(self.pk)


@dataclass(frozen=True, slots=True)
class Secret:
    """What is shown once: a link or a token, with what it belongs to."""

    text: str
    about: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One of the organisations a person belongs to."""

    name: str
    slug: str
    kind: str | Promise
    role: str | Promise
    is_current: bool


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    places: Sequence[Place]
    initial: dict[str, str]


@dataclass(frozen=True, slots=True)
class InvitationPage:
    organisation: str
    kind: str | Promise
    role: str | Promise
    invited_by: str
    email: str
    expires_at: datetime
    signed_in_as: str
    is_for_them: bool
    has_account: bool


def members_page(
    principal: Principal, *, now: datetime, form: InviteForm | None = None, sent: tuple[Invitation, str] | None = None
) -> dict[str, Any]:
    kind = principal.organisation.kind
    rows = [_member(row, kind=kind, by=principal) for row in members_of(principal, at=now)]
    return {
        "members": rows,
        "pending": [_pending(row, now=now) for row in pending_invitations(principal)],
        "form": form or InviteForm(kind=kind),
        "secret": Secret(invitation_link(sent[1]), sent[0].email) if sent else None,
    }


def tokens_page(
    principal: Principal, *, now: datetime, form: TokenForm | None = None, made: tuple[ApiToken, str] | None = None
) -> dict[str, Any]:
    everybodys = principal.may(Permission.MANAGE_MEMBERS)
    return {
        "tokens": [_token(row, now=now) for row in tokens_of(principal, everybodys=everybodys)],
        "everybodys": everybodys,
        "form": form or TokenForm(by=principal),
        "secret": Secret(made[1], made[0].name, _curl(made[1])) if made else None,
    }


def account_page(user: User, memberships: Sequence[Membership], *, acting_for: int) -> Account:
    return Account(
        email=user.email,
        places=[
            Place(
                name=one.organisation.name,
                slug=one.organisation.slug,
                kind=Kind(one.organisation.kind).label,
                role=Role(one.role).label,
                is_current=one.organisation_id == acting_for,
            )
            for one in memberships
        ],
        initial={"name": user.name, "language": user.language, "time_zone": user.time_zone},
    )


def invitation_page(invitation: Invitation, *, user: User | None) -> InvitationPage:
    return InvitationPage(
        organisation=invitation.organisation.name,
        kind=Kind(invitation.organisation.kind).label,
        role=Role(invitation.role).label,
        invited_by=str(invitation.invited_by or _("The referral portal")),
        email=invitation.email,
        expires_at=invitation.expires_at,
        signed_in_as=user.email if user else "",
        is_for_them=user is not None and user.email.casefold() == invitation.email.casefold(),
        has_account=has_account(invitation),
    )


def _member(row: Membership, *, kind: str, by: Principal) -> Member:
    return Member(
        pk=row.pk,
        name=str(row.user),
        email=row.user.email,
        role=Role(row.role).label,
        form=RoleForm(initial={"role": row.role}, kind=kind, auto_id=f"id_%s_{row.pk}"),
        signed_in_at=row.user.last_login,
        token_count=row.token_count,  # type: ignore[attr-defined]  # annotated by members_of
        is_self=row.user_id == by.user_id,
    )


def _pending(row: Invitation, *, now: datetime) -> Pending:
    role = Role(row.role).label
    invited_by = str(row.invited_by or _("The referral portal"))
    return Pending(row.pk, row.email, role, invited_by, row.expires_at, is_over=row.expires_at <= now)


def _token(row: ApiToken, *, now: datetime) -> Token:
    return Token(
        pk=row.pk,
        name=row.name,
        hint=row.hint,
        holder=str(row.user),
        scopes=[Permission(scope).label for scope in row.scopes],
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        is_over=row.expires_at <= now,
    )


def _curl(secret: str) -> str:
    return f"curl -H {shlex.quote(f'Authorization: Bearer {secret}')} {settings.SITE_URL}/api/v1/me/"
