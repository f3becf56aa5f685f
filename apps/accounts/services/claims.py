"""A platform takes over its entry in the directory: a link to its contact, then the usual invitation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.claim_mail import send_claim
from apps.accounts.models import Claim, Invitation
from apps.accounts.principal import Principal
from apps.accounts.roles import Role
from apps.accounts.secrets import digest_of, new_secret
from apps.accounts.services.invitations import offer_to
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Conflict, Refused
from apps.organisations.hosts import is_on_own_domain
from apps.organisations.models import Organisation
from apps.tenancy.context import Context, acting_as

LIFETIME = timedelta(days=7)


class ClaimUnusable(Refused):
    """`facts["why"]`: unknown, used, revoked or expired."""

    code = "claim_unusable"
    message = _("This link cannot be used. Ask whoever sent it for a new one.")


class NoOwnContact(Refused):
    code = "no_own_contact"
    message = _(
        "No contact address of this platform lies on its own domain, so a link to it would prove nothing. Add such an"
        " address, or ask the operator to confirm the platform."
    )


class AlreadyClaimed(Conflict):
    code = "already_claimed"
    message = _("This platform has people of its own already. Ask them to correct the entry.")


class TooManyLinks(Conflict):
    code = "too_many_links"
    message = _("Three links have been sent to this platform today. Wait for an answer before you send another.")


class ForeignMailbox(Refused):
    code = "foreign_mailbox"
    message = _("Use an address on the platform's own domain: it proves that you belong to it.")


REFUSALS: dict[str, type[Conflict | Refused]] = {
    "claimed": AlreadyClaimed,
    "foreign_contact": NoOwnContact,
    "too_many": TooManyLinks,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a claim. `secret` opens the invitation at once where the link proved the mailbox itself."""

    invitation: Invitation
    secret: str


@transaction.atomic
def offer_claim(platform: Organisation, *, by: Principal, at: datetime) -> str:
    """Send the platform's contact the link that takes over its entry; returns the address. An earlier link ends."""
    contact = _own_contact(platform)
    if not contact:
        raise NoOwnContact
    secret, digest = new_secret()
    values: list[Any] = [by.organisation_id, platform.pk, contact, digest, at + LIFETIME, at]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy.offer_claim(%s, %s, %s, %s, %s, %s)", values)
        (refusal,) = cursor.fetchone()
    if refusal:
        raise REFUSALS[refusal]
    record(
        "claim.sent",
        operation=Operation.DISCLOSE,
        organisation_id=by.organisation_id,
        target_type="platform",
        target=platform.slug,
        by=by,
        at=at,
    )
    transaction.on_commit(partial(send_claim, platform, contact, secret, until=at + LIFETIME), robust=True)
    return contact


def may_be_offered(platform: Organisation) -> bool:
    """Whether a link to a contact of this platform would prove something."""
    return bool(_own_contact(platform))


def find_claim(secret: str, *, at: datetime) -> Claim:
    """The open claim behind a link, with its platform; raises `ClaimUnusable`, which says why. Changes nothing."""
    with acting_as(_platform(secret)):
        return _open_claim(secret, at=at)


def take_claim(secret: str, *, email: str, at: datetime) -> Taken:
    """Confirm the entry and invite its first administrator, at an address of the platform's own domain. Single use."""
    with acting_as(_platform(secret)):
        claim = _open_claim(secret, at=at)
        if not is_on_own_domain(email, _hosts(claim.organisation)):
            raise ForeignMailbox
        with connection.cursor() as cursor:
            cursor.execute("SELECT tenancy.settle_claim(%s, %s)", [digest_of(secret), at])
            (settled,) = cursor.fetchone()
        if not settled:
            raise ClaimUnusable(why="used")
        proven = email.casefold() == claim.email.casefold()
        invitation, door = offer_to(claim.organisation, email=email, role=Role.ADMINISTRATOR, send=not proven, at=at)
        record(
            "platform.claimed",
            operation=Operation.ADMINISTER,
            organisation_id=claim.organisation_id,
            target_type="platform",
            target=claim.organisation.slug,
            details={"method": claim.method},
            by=None,
            at=at,
        )
        return Taken(invitation, door if proven else "")


def _platform(secret: str) -> Context:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy.claim_organisation(%s)", [digest_of(secret)])
        (found,) = cursor.fetchone()
    if found is None:
        raise ClaimUnusable(why="unknown")
    return Context(organisation_ids=(found,))


def _open_claim(secret: str, *, at: datetime) -> Claim:
    claim = Claim.objects.select_related("organisation").filter(digest=digest_of(secret)).first()
    if claim is None:
        raise ClaimUnusable(why="unknown")
    if claim.used_at or claim.revoked_at or claim.expires_at <= at or not claim.organisation.is_active:
        raise ClaimUnusable(why="used" if claim.used_at else "revoked" if claim.revoked_at else "expired")
    return claim


def _own_contact(platform: Organisation) -> str:
    hosts = _hosts(platform)
    contacts = platform.contact_points.order_by("pk").values_list("email", flat=True)
    return next((contact for contact in contacts if is_on_own_domain(contact, hosts)), "")


def _hosts(platform: Organisation) -> list[str]:
    return list(platform.domains.order_by("host").values_list("host", flat=True))
