from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.portal.presenters import samples

ENVIRONMENTS = frozenset({"test"})


@require_safe
@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for people and for the browser tests; not part of the product."""
    if not (settings.DEBUG or settings.ENVIRONMENT in ENVIRONMENTS):
        raise Http404
    return render(request, "portal/styleguide.html", samples.page(request.GET or None))
