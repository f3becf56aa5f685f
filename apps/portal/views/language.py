from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from apps.accounts import services
from apps.accounts.models import User
from apps.portal.views.appearance import A_YEAR, safe_next


@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Change the language: for this browser, and for the person wherever they sign in."""
    response = HttpResponseRedirect(safe_next(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        cookie = settings.LANGUAGE_COOKIE_NAME
        response.set_cookie(cookie, chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
        if isinstance(request.user, User):
            services.choose_language(request.user, language=chosen)
    return response
