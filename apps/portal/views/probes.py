"""What machines ask about the portal itself. Answered before any host, session or principal is looked at."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from apps.deadlines.watch.readiness import is_ready, readiness
from apps.portal.presenters.probes import Door, as_json, door_for, scrape


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. It asks nobody, the database least of all."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers=NOT_KEPT)


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """This process can serve requests; 503 with what is wrong where it cannot."""
    found = readiness()
    return JsonResponse(as_json(found), status=200 if is_ready(found) else 503, headers=NOT_KEPT)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for whoever has the token or comes from a network that was named."""
    door = door_for(request)
    if door is not Door.OPEN:
        return HttpResponse(status=door.value, headers={**NOT_KEPT, **REFUSALS.get(door, {})})
    text, content_type = scrape()
    return HttpResponse(text, content_type=content_type, headers=NOT_KEPT)


NOT_KEPT = {"Cache-Control": "no-store"}
REFUSALS = {Door.UNKNOWN: {"WWW-Authenticate": 'Bearer realm="metrics"'}}
