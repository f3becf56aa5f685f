from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.invitation_mail import send_invitation
from apps.accounts.models import Invitation, Membership, User
from apps.accounts.principal import Principal
from apps.accounts.roles import roles_of
from apps.accounts.secrets import digest_of, new_secret
from apps.accounts.selectors import invitation_organisation, principal_of
from apps.accounts.services.members import UnknownRole, grant_role
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Conflict, Refused
from apps.organisations.models import Organisation
from apps.tenancy.context import Context, acting_as

LIFETIME = timedelta(hours=72)


class AlreadyMember(Conflict):
    code = "already_member"
    message = _("This person is a member already. Change their role in the list of members.")


class InvitationUnusable(Refused):
    """`facts["why"]`: unknown, accepted, revoked or expired."""

    code = "invitation_unusable"
    message = _("This invitation cannot be used. Ask whoever invited you for a new one.")


class SignInFirst(Conflict):
    code = "sign_in_first"
    message = _("You have an account already. Sign in with it, then open the invitation again.")


class ForSomebodyElse(Conflict):
    code = "for_somebody_else"
    message = _("This invitation is for another address than the one you are signed in with.")


@transaction.atomic
def invite(*, email: str, role: str, by: Principal, at: datetime) -> tuple[Invitation, str]:
    """Offer a role in the acting organisation to an address. Returns the invitation with its secret.

    The secret goes out by mail after the commit and is not stored. An open invitation to the same address ends.
    """
    if role not in roles_of(by.organisation.kind):
        raise UnknownRole
    if Membership.objects.filter(organisation_id=by.organisation_id, user__email__iexact=email).exists():
        raise AlreadyMember
    invitation, secret = _new_invitation(by.organisation_id, email=email, role=role, by=by, at=at)
    _send(invitation, secret, by=by)
    return invitation, secret


@transaction.atomic
def offer_to(organisation: Organisation, *, email: str, role: str, send: bool, at: datetime) -> tuple[Invitation, str]:
    """Invite the first person of an organisation that nobody acts for yet, in the portal's own name."""
    invitation, secret = _new_invitation(organisation.pk, email=email, role=role, by=None, at=at)
    if send:
        name = str(_("The referral portal"))
        transaction.on_commit(
            partial(send_invitation, invitation, secret, organisation=organisation.name, by=name), robust=True
        )
    return invitation, secret


def _new_invitation(
    organisation_id: int, *, email: str, role: str, by: Principal | None, at: datetime
) -> tuple[Invitation, str]:
    earlier = Invitation.objects.filter(organisation_id=organisation_id, email__iexact=email)
    earlier.filter(accepted_at=None, revoked_at=None).update(revoked_at=at)
    secret, digest = new_secret()
    invitation = Invitation.objects.create(
        organisation_id=organisation_id,
        email=email.lower(),
        role=role,
        digest=digest,
        invited_by_id=by.person_id if by else None,
        created_at=at,
        expires_at=at + LIFETIME,
    )
    _record(invitation, "invitation.sent", by=by, at=at)
    return invitation, secret


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: Principal, at: datetime) -> tuple[Invitation, str]:
    """Send an invitation that nobody has taken up again, with a new secret; the earlier one stops at once."""
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=invitation.pk)
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationUnusable(why="accepted" if invitation.accepted_at else "revoked")
    secret, digest = new_secret()
    invitation.digest, invitation.expires_at = digest, at + LIFETIME
    invitation.save(update_fields=["digest", "expires_at"])
    _record(invitation, "invitation.resent", by=by, at=at)
    _send(invitation, secret, by=by)
    return invitation, secret


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: Principal, at: datetime) -> None:
    """Take an invitation back. Revoking it again, or one that was taken up, changes nothing."""
    open_ones = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if open_ones.update(revoked_at=at):
        _record(invitation, "invitation.revoked", by=by, at=at)


def find_invitation(secret: str, *, at: datetime) -> Invitation:
    """The open invitation behind a secret, with its organisation; raises `InvitationUnusable`, which says why."""
    with acting_as(_host(secret)):
        return _open_invitation(secret, at=at, lock=False)


def accept(secret: str, *, name: str, password: str, at: datetime) -> User:
    """Make an account for whoever was invited, with the role that was offered. Single use."""
    with acting_as(_host(secret)):
        invitation = _open_invitation(secret, at=at, lock=True)
        if User.objects.filter(email__iexact=invitation.email).exists():
            raise SignInFirst
        user = User.objects.create_user(invitation.email, password, name=name, joined_at=at)
        _join(user, invitation, at=at)
        return user


def accept_as(secret: str, *, user: User, at: datetime) -> Membership:
    """Take up an invitation with the account one has; the address must be the invited one. Single use."""
    with acting_as(_host(secret)):
        invitation = _open_invitation(secret, at=at, lock=True)
        if invitation.email.casefold() != user.email.casefold():
            raise ForSomebodyElse
        if Membership.objects.filter(organisation_id=invitation.organisation_id, user=user).exists():
            raise AlreadyMember
        return _join(user, invitation, at=at)


def has_account(invitation: Invitation) -> bool:
    """Whether the invited person has an account, so that they sign in instead of making one."""
    return User.objects.filter(email__iexact=invitation.email).exists()


def _host(secret: str) -> Context:
    organisation_id = invitation_organisation(digest_of(secret))
    if organisation_id is None:
        raise InvitationUnusable(why="unknown")
    return Context(organisation_ids=(organisation_id,))


def _open_invitation(secret: str, *, at: datetime, lock: bool) -> Invitation:
    rows = Invitation.objects.select_related("organisation", "invited_by").filter(digest=digest_of(secret))
    invitation = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if invitation is None:
        raise InvitationUnusable(why="unknown")
    if not invitation.is_open(at) or not invitation.organisation.is_active:
        raise InvitationUnusable(why=_why(invitation))
    return invitation


def _why(invitation: Invitation) -> str:
    if invitation.accepted_at:
        return "accepted"
    return "revoked" if invitation.revoked_at else "expired"


def _join(user: User, invitation: Invitation, *, at: datetime) -> Membership:
    membership = grant_role(user, organisation=invitation.organisation, role=invitation.role, by=None, at=at)
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    _record(invitation, "invitation.accepted", by=principal_of(user, membership), at=at)
    return membership


def _send(invitation: Invitation, secret: str, *, by: Principal) -> None:
    transaction.on_commit(
        partial(send_invitation, invitation, secret, organisation=by.organisation.name, by=by.label), robust=True
    )


def _record(invitation: Invitation, verb: str, *, by: Principal | None, at: datetime) -> None:
    record(
        verb,
        operation=Operation.ADMINISTER,
        organisation_id=invitation.organisation_id,
        target_type="invitation",
        target=str(invitation.pk),
        details={"role": invitation.role},
        by=by,
        at=at,
    )
