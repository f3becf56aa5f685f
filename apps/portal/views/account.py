from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts import services
from apps.accounts.http import Request
from apps.portal.forms.people import AccountForm
from apps.portal.presenters.people import account_page


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    """What a person may say about themselves, and where they belong."""
    page = account_page(request.user, request.memberships, acting_for=request.principal.organisation_id)
    form = AccountForm(request.POST or None, initial=page.initial)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "portal/account/account.html", {"form": form, "page": page}, status=status)
    services.update_person(request.user, **form.cleaned_data)
    with translation.override(request.user.language or translation.get_language()):
        messages.success(request, _("Your account was saved."))
    return redirect("portal:account")
