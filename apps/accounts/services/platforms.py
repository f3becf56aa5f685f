from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Conflict, Refused
from apps.organisations.data import PRESUMED_SIZE
from apps.organisations.hosts import read_host
from apps.organisations.models import ContactPoint, ContactPurpose, Organisation, ServiceType

MOST_HOSTS = 20


class PlatformIsThere(Conflict):
    """`facts["platform"]` is its slug, `facts["name"]` its name."""

    code = "platform_is_there"
    message = _("The directory has this platform already: %(name)s.")


class TooManyPlatforms(Conflict):
    code = "too_many_platforms"
    message = _("Your organisation has added 20 platforms within a day. Ask the operator to add more, or wait.")


class NotAHost(Refused):
    code = "not_a_host"
    message = _("“%(host)s” is not a host name that one platform can have. Write it like forum.example.org.")


class LastContact(Conflict):
    code = "last_contact"
    message = _("A platform keeps at least one contact point for authorities. Add the new one first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a sender knows of a platform. Empty `service_type`, `size_class`: not known, so presumed."""

    name: str
    hosts: Sequence[str]
    country: str
    contact: str = ""
    languages: Sequence[str] = ("en",)
    service_type: str = ""
    size_class: str = ""


@transaction.atomic
def make_platform(proposal: Proposal, *, by: Principal, at: datetime) -> Organisation:
    """Put a platform into the directory that has never heard of us; addresses under its hosts route to it at once.

    Raises `NotAHost`, `PlatformIsThere` (which names it) and `TooManyPlatforms`. Who made it stays with the sender.
    """
    hosts = _hosts(proposal.hosts)
    slug = slugify(proposal.name)[:64].strip("-") or hosts[0].replace(".", "-")[:64]
    made, refusal, taken_by = _call(
        "SELECT * FROM tenancy.make_platform(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            by.organisation_id,
            slug,
            proposal.name,
            proposal.country,
            list(proposal.languages),
            proposal.service_type or ServiceType.ONLINE_PLATFORM.value,
            proposal.size_class or PRESUMED_SIZE,
            not (proposal.service_type and proposal.size_class),
            hosts,
            proposal.contact.lower(),
            at,
        ],
    )
    if refusal == "too_many":
        raise TooManyPlatforms
    if refusal:
        there = Organisation.objects.get(pk=taken_by)
        raise PlatformIsThere(PlatformIsThere.message % {"name": there.name}, platform=there.slug, name=there.name)
    record(
        "platform.proposed",
        operation=Operation.COLLECT,
        organisation_id=by.organisation_id,
        target_type="platform",
        target=slug,
        details={"hosts": hosts},
        by=by,
        at=at,
    )
    return Organisation.objects.get(pk=made)


@transaction.atomic
def describe_platform(*, languages: Sequence[str], time_zone: str, by: Principal, at: datetime) -> None:
    """Change what the directory says of the acting platform itself; for its administrators."""
    _call("SELECT tenancy.describe_platform(%s, %s, %s)", [by.organisation_id, list(languages), time_zone])
    record(
        "platform.described",
        operation=Operation.ADMINISTER,
        organisation_id=by.organisation_id,
        target_type="platform",
        target=by.organisation.slug,
        by=by,
        at=at,
    )


@transaction.atomic
def remove_contact(contact: ContactPoint, *, by: Principal, at: datetime) -> None:
    """Take a contact point of the acting platform out of the directory; the last one for authorities stays."""
    others = ContactPoint.objects.select_for_update().filter(
        organisation_id=contact.organisation_id, purpose=contact.purpose
    )
    if contact.purpose == ContactPurpose.AUTHORITIES and not others.exclude(pk=contact.pk).exists():
        raise LastContact
    _call("SELECT tenancy.remove_contact(%s)", [contact.pk])
    record(
        "contact.removed",
        operation=Operation.ADMINISTER,
        organisation_id=by.organisation_id,
        target_type="platform" if by.organisation.receives else "organisation",
        target=by.organisation.slug,
        details={"purpose": contact.purpose},
        by=by,
        at=at,
    )


def _hosts(given: Sequence[str]) -> list[str]:
    found = []
    for text in given:
        host = read_host(text)
        if not host:
            raise NotAHost(NotAHost.message % {"host": text.strip()[:80]})
        found.append(host)
    if not 0 < len(found) <= MOST_HOSTS:
        raise NotAHost(_("Name between 1 and 20 host names."))
    return list(dict.fromkeys(found))


def _call(statement: str, values: list[Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
