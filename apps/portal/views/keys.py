from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from apps.delivery.selectors import published_keys

FRESH_SECONDS = 300


@login_not_required
@require_safe
def webhook_keys(request: HttpRequest) -> JsonResponse:
    """The public keys that sign webhooks now, for whoever verifies one."""
    keys = [
        {"id": str(one.id), "key": one.key, "created_at": one.since, "retires_at": one.until}
        for one in published_keys()
    ]
    return JsonResponse({"keys": keys}, headers={"Cache-Control": f"public, max-age={FRESH_SECONDS}"})
