"""Tell an organisation's administrators, once, that an endpoint of theirs went out of service."""

import smtplib
from collections.abc import Sequence
from datetime import datetime

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from apps.accounts.models import Membership
from apps.accounts.roles import Role
from apps.core.moments import in_words
from apps.delivery.models import Endpoint, EndpointReason, EndpointState
from apps.tenancy.context import acting_as, system

BATCH = 50
log = structlog.get_logger(__name__)


def tell_of_broken(*, at: datetime) -> int:
    """Mail the administrators of every endpoint that broke since the last time; returns how many mails left.

    Each is marked once its mail has left: a mail server that is away is asked again by the next sweep.
    """
    count = 0
    for endpoint in _broken():
        if addresses := _administrators(endpoint):
            try:
                _mail(endpoint, addresses).send()
            except (smtplib.SMTPException, OSError) as problem:
                log.warning("endpoint.not_told", endpoint=str(endpoint.public_id), problem=type(problem).__name__)
                continue
            count += 1
        with acting_as(system("deliver")):
            Endpoint.objects.filter(pk=endpoint.pk, state=EndpointState.DISABLED).update(told_at=at)
    return count


def _broken() -> Sequence[Endpoint]:
    with acting_as(system("deliver")):
        rows = Endpoint.objects.filter(state=EndpointState.DISABLED, told_at=None).select_related("organisation")
        return list(rows.order_by("since", "pk")[:BATCH])


def _administrators(endpoint: Endpoint) -> Sequence[str]:
    with acting_as(system("deliver")):
        rows = Membership.objects.filter(
            organisation_id=endpoint.organisation_id, role=Role.ADMINISTRATOR, user__is_active=True
        )
        return list(rows.order_by("user__email").values_list("user__email", flat=True))


def _mail(endpoint: Endpoint, addresses: Sequence[str]) -> EmailMultiAlternatives:
    organisation = endpoint.organisation
    spoken = dict(settings.LANGUAGES)
    language = next((code for code in organisation.languages if code in spoken), settings.LANGUAGE_CODE)
    with translation.override(language), timezone.override(organisation.time_zone):
        context = {
            "url": endpoint.url,
            "organisation": organisation.name,
            "reason": EndpointReason(endpoint.reason).label if endpoint.reason else "",
            "since": in_words(endpoint.since),
            "link": f"{settings.SITE_URL}/webhooks/{endpoint.public_id}/",
            "language": language,
        }
        mail = EmailMultiAlternatives(
            subject=" ".join(render_to_string("email/endpoint_broken.subject.txt", context).split()),
            body=render_to_string("email/endpoint_broken.txt", context),
            to=list(addresses),
            headers={"Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("email/endpoint_broken.html", context), "text/html")
    return mail
