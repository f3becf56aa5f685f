from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.http import Request
from apps.core.errors import DomainError
from apps.deadlines import services
from apps.organisations.permissions import Permission
from apps.portal.forms.announcing import AnnouncementForm
from apps.referrals.access import access_referral


@require_POST
def announce(request: Request, reference: str) -> HttpResponse:
    """ "We know, by Friday": the sender reads it, and the next reminder waits."""
    referral = access_referral(request.principal, reference, Permission.ANSWER_REFERRALS)
    form, now = AnnouncementForm(request.POST), timezone.now()
    if form.problem:
        messages.error(request, form.problem)
        return redirect("portal:referral", reference)
    said = {"until": form.by_the_end_of, "text": form.cleaned_data["text"]}
    try:
        services.announce(referral, **said, by=request.principal, at=now)
        messages.success(request, _("The sender can read when your answer comes. The next reminder waits until then."))
    except DomainError as problem:
        messages.error(request, str(problem))
    return redirect("portal:referral", reference)
