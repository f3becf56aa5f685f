from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import Request
from apps.delivery import services
from apps.delivery.access import need_webhooks
from apps.portal.forms.channels import ChannelsForm
from apps.portal.presenters.channels import channels_page


@require_safe
def channels(request: Request) -> HttpResponse:
    need_webhooks(request.principal)
    return render(request, "portal/deliveries/channels.html", channels_page(request.principal))


@require_POST
def channels_change(request: Request) -> HttpResponse:
    need_webhooks(request.principal)
    form = ChannelsForm(request.POST)
    if not form.is_valid():
        page = channels_page(request.principal, form)
        return render(request, "portal/deliveries/channels.html", page, status=422)
    services.prefer_channels(form.wanted(), by=request.principal, at=timezone.now())
    messages.success(request, _("From now on messages to you are sent in this order."))
    return redirect("portal:channels")
