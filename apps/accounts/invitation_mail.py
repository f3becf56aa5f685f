from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from apps.accounts.models import Invitation
from apps.core.moments import in_words

LINK = "/invitations/{secret}/"


def invitation_link(secret: str) -> str:
    return settings.SITE_URL + LINK.format(secret=secret)


def send_invitation(invitation: Invitation, secret: str, *, organisation: str, by: str) -> None:
    """Mail the link of an invitation, in the first of the organisation's languages that the portal speaks."""
    spoken = dict(settings.LANGUAGES)
    language = next((code for code in invitation.organisation.languages if code in spoken), settings.LANGUAGE_CODE)
    with translation.override(language), timezone.override(invitation.organisation.time_zone):
        context = {
            "invitation": invitation,
            "organisation": organisation,
            "invited_by": by,
            "link": invitation_link(secret),
            "until": in_words(invitation.expires_at),
            "language": language,
        }
        mail = EmailMultiAlternatives(
            subject=" ".join(render_to_string("email/invitation.subject.txt", context).split()),
            body=render_to_string("email/invitation.txt", context),
            to=[invitation.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("email/invitation.html", context), "text/html")
    mail.send()
