from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.http import Request
from apps.accounts.middleware import ORGANISATION_KEY


@require_POST
def organisation_switch(request: Request) -> HttpResponse:
    """Act for another organisation from here on; only for one's own, every other one is unknown."""
    own = {membership.organisation.slug: membership.organisation for membership in request.memberships}
    chosen = own.get(request.POST.get("organisation", ""))
    if chosen is None:
        raise Http404
    request.session[ORGANISATION_KEY] = chosen.pk
    messages.success(request, _("You act for %(name)s now.") % {"name": chosen.name})
    return redirect("portal:desk")
