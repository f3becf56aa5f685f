from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.http import Request
from apps.delivery import services
from apps.delivery.access import access_delivery, need_deliveries
from apps.delivery.selectors import deliveries_of
from apps.portal.forms.deliveries import DeliveryFilters, ReplayForm
from apps.portal.presenters.deliveries import deliveries_page, delivery_page, narrowed, replayed_in_words
from apps.portal.views.fragments import render_part
from apps.portal.views.readings import note_reading

PARTS = {"workspace": "portal/deliveries/workspace.html"}


@require_safe
def deliveries(request: Request) -> HttpResponse:
    """What became of every message, for both sides of it."""
    need_deliveries(request.principal)
    page = deliveries_page(request.principal, request.GET)
    note_reading(request, "delivery.listed", list(dict.fromkeys(row.about for row in page.rows)), at=timezone.now())
    return render_part(request, "portal/deliveries/deliveries.html", {"page": page}, parts=PARTS)


@require_safe
def delivery(request: Request, delivery: UUID) -> HttpResponse:
    row = access_delivery(request.principal, delivery)
    note_reading(request, "delivery.consulted", [row.about], at=timezone.now())
    page = delivery_page(row, by=request.principal)
    return render(request, "portal/deliveries/delivery.html", {"page": page})


@require_POST
def replay(request: Request) -> HttpResponse:
    """Send dead letters again: the ticked ones, or all that match."""
    need_deliveries(request.principal)
    form, by = ReplayForm(request.POST), request.principal
    everything = narrowed(by, DeliveryFilters(form.parameters))
    rows = everything if form.everything else deliveries_of(by).filter(public_id__in=form.ids)
    done = services.replay_many(rows, by=by, at=timezone.now())
    level = messages.SUCCESS if done.count else messages.WARNING
    messages.add_message(request, level, replayed_in_words(done.count, done.left))
    return redirect("portal:deliveries")
