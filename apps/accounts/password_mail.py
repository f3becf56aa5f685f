from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from apps.accounts.models import User


def send_password_link(*, user_id: int, language: str) -> None:
    """Mail the link with which a person chooses a new password; nothing to whoever may not sign in."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    with translation.override(user.language or language):
        context = {"person": user, "link": password_link(user), "language": user.language or language}
        mail = EmailMultiAlternatives(
            subject=" ".join(render_to_string("email/password_link.subject.txt", context).split()),
            body=render_to_string("email/password_link.txt", context),
            to=[user.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("email/password_link.html", context), "text/html")
    mail.send()


def password_link(user: User) -> str:
    """Built from the site's own address: the Host header of a request is whatever its sender wrote."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key)
