from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.models import Operation
from apps.audit.services import Actor, record
from apps.core.errors import Conflict
from apps.organisations.models import ContactPoint, Organisation, PlatformProfile, PolicyLink

FIELDS = (
    "service_type",
    "size_class",
    "size_since",
    "size_lost_on",
    "designated_on",
    "recipients_eu",
    "recipients_counted_on",
    "spreads_to_the_public",
    "representative_name",
    "representative_address",
    "representative_email",
    "representative_phone",
    "is_presumed",
)


class ContactIsThere(Conflict):
    code = "contact_is_there"
    message = _("This address is listed for this purpose already. Remove it first if you want to change it.")


@transaction.atomic
def set_profile(platform: Organisation, *, by: Actor, at: datetime, **facts: Any) -> PlatformProfile:
    """Say what the platform is and how large. Whatever was presumed of it is said from now on."""
    values = {**facts, "is_presumed": False}
    profile, _made = PlatformProfile.objects.update_or_create(
        organisation=platform, defaults={name: values[name] for name in FIELDS if name in values}
    )
    _record("platform.described", platform, {"fields": sorted(facts)}, by=by, at=at)
    return profile


@transaction.atomic
def add_contact(platform: Organisation, *, purpose: str, email: str, by: Actor, at: datetime, **facts: Any) -> None:
    """Publish a contact point; `facts`: phone, hours, time_zone, languages."""
    row = ContactPoint(organisation=platform, purpose=purpose, email=email.lower(), **facts)
    if ContactPoint.objects.filter(organisation=platform, purpose=purpose, email=row.email).exists():
        raise ContactIsThere
    row.save(force_insert=True)
    _record("contact.added", platform, {"purpose": purpose}, by=by, at=at)


@transaction.atomic
def publish_policy(
    platform: Organisation, *, kind: str, url: str, note: str = "", by: Actor, at: datetime
) -> PolicyLink:
    """Say where a policy is published from now on (empty: nowhere any more). What was said before stays readable."""
    newest = PolicyLink.objects.filter(organisation=platform, kind=kind).order_by("-at", "-pk").first()
    if newest is not None and (newest.url, newest.note) == (url, note):
        return newest
    row = PolicyLink.objects.create(organisation=platform, kind=kind, url=url, note=note, at=at)
    _record("policy.published", platform, {"kind": kind}, by=by, at=at)
    return row


def _record(verb: str, platform: Organisation, details: dict[str, Any], *, by: Actor, at: datetime) -> None:
    record(
        verb,
        operation=Operation.ADMINISTER,
        organisation_id=platform.pk,
        target_type="platform" if platform.receives else "organisation",
        target=platform.slug,
        details=details,
        by=by,
        at=at,
    )
