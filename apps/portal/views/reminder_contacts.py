"""Whom an organisation lets be told when its first contact does not answer. No other organisation reads it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.access import need_administrator
from apps.accounts.http import Request
from apps.accounts.services import remove_contact
from apps.core.errors import DomainError
from apps.organisations import services
from apps.organisations.models import INTERNAL_PURPOSES, Organisation
from apps.portal.forms.reminder_contacts import ReminderContactForm
from apps.portal.presenters.platforms import contacts_of


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_contacts(request: Request) -> HttpResponse:
    house = _house(request)
    form = ReminderContactForm(request.POST or None, receives=house.receives)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_contact(house, **form.cleaned_data, by=request.principal, at=timezone.now())
            messages.success(request, _("They are told from now on."))
            return redirect("portal:reminder-contacts")
        except DomainError as problem:
            form.add_error("email", str(problem))
    context = {"form": form, "house": house, "contacts": contacts_of(house, internal=True)}
    return render(request, "portal/reminders/contacts.html", context, status=422 if form.errors else 200)


@require_POST
def remove(request: Request) -> HttpResponse:
    """Take somebody out; one who is gone already makes no difference."""
    house, number = _house(request), request.POST.get("contact", "")
    wanted = int(number) if number.isdecimal() and len(number) < 18 else 0
    contact = house.contact_points.filter(pk=wanted, purpose__in=INTERNAL_PURPOSES).first()
    if contact is not None:
        remove_contact(contact, by=request.principal, at=timezone.now())
        messages.success(request, _("%(email)s is told no more.") % {"email": contact.email})
    return redirect("portal:reminder-contacts")


def _house(request: Request) -> Organisation:
    """404 for whoever neither sends nor receives: nobody reminds them."""
    by = request.principal
    if not (by.organisation.sends or by.organisation.receives):
        raise Http404
    need_administrator(by)
    return Organisation.objects.get(pk=by.organisation_id)
