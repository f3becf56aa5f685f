from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from apps.core.moments import in_words
from apps.organisations.models import Organisation

LINK = "/claims/{secret}/"


def claim_link(secret: str) -> str:
    return settings.SITE_URL + LINK.format(secret=secret)


def send_claim(platform: Organisation, email: str, secret: str, *, until: datetime) -> None:
    """Mail the link of a claim. The letter names no sender: who refers to a platform is told with a referral only."""
    spoken = dict(settings.LANGUAGES)
    language = next((code for code in platform.languages if code in spoken), settings.LANGUAGE_CODE)
    with translation.override(language), timezone.override(platform.time_zone):
        context = {"platform": platform, "link": claim_link(secret), "until": in_words(until), "language": language}
        mail = EmailMultiAlternatives(
            subject=" ".join(render_to_string("email/claim.subject.txt", context).split()),
            body=render_to_string("email/claim.txt", context),
            to=[email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("email/claim.html", context), "text/html")
    mail.send()
