from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import need_administrator
from apps.accounts.http import Request
from apps.accounts.services import describe_platform, remove_contact
from apps.core.errors import DomainError
from apps.organisations import services
from apps.organisations.access import access_own_platform
from apps.organisations.models import Organisation
from apps.portal.forms.platforms import ContactForm, PolicyForm, ProfileForm
from apps.portal.presenters.platform_setup import set_up_of
from apps.portal.presenters.platforms import contacts_of, entry_of, policies_of

FORM_PAGE = ["GET", "HEAD", "POST"]


@require_safe
def platform_own(request: Request) -> HttpResponse:
    """What is done, what is missing, and what others read about the platform."""
    platform = access_own_platform(request.principal)
    need_administrator(request.principal)
    entry = entry_of(platform, by=request.principal, today=timezone.localdate())
    context = {"entry": entry, "set_up": set_up_of(platform, by=request.principal)}
    return render(request, "portal/own_platform/set_up.html", context)


@require_http_methods(FORM_PAGE)
def platform_profile(request: Request) -> HttpResponse:
    platform = _own(request)
    initial = ProfileForm.initial_of(platform, getattr(platform, "platform", None))
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "profile", form=form)
    _save_profile(platform, form.cleaned_data, request)
    messages.success(request, _("The entry was saved. Senders see it at once."))
    return redirect("portal:platform-own")


@require_http_methods(FORM_PAGE)
def platform_contacts(request: Request) -> HttpResponse:
    platform = _own(request)
    form = ContactForm(request.POST or None, initial={"languages": platform.languages})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_contact(platform, **form.cleaned_data, by=request.principal, at=timezone.now())
        except DomainError as problem:
            form.add_error("email", str(problem))
        else:
            messages.success(request, _("The contact point is in the directory."))
            return redirect("portal:platform-contacts")
    return _page(request, "contacts", form=form, contacts=contacts_of(platform))


@require_POST
def platform_contact_remove(request: Request) -> HttpResponse:
    """Take a contact point out; one that is gone already makes no difference."""
    platform, number = _own(request), request.POST.get("contact", "")
    contact = platform.contact_points.filter(pk=int(number) if number.isdecimal() and len(number) < 18 else 0).first()
    try:
        if contact is not None:
            remove_contact(contact, by=request.principal, at=timezone.now())
            messages.success(request, _("%(email)s is no longer in the directory.") % {"email": contact.email})
    except DomainError as problem:
        messages.error(request, str(problem))
    return redirect("portal:platform-contacts")


@require_http_methods(FORM_PAGE)
def platform_policies(request: Request) -> HttpResponse:
    platform = _own(request)
    form = PolicyForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        services.publish_policy(platform, **form.cleaned_data, by=request.principal, at=timezone.now())
        messages.success(request, _("The link was saved. Earlier ones stay in its history."))
        return redirect("portal:platform-policies")
    return _page(request, "policies", form=form, policies=policies_of(platform))


def _own(request: Request) -> Organisation:
    platform = access_own_platform(request.principal)
    need_administrator(request.principal)
    return platform


def _save_profile(platform: Organisation, words: dict[str, Any], request: Request) -> None:
    now = timezone.now()
    own = {name: words.pop(name) for name in ("languages", "time_zone")}
    services.set_profile(platform, **words, by=request.principal, at=now)
    describe_platform(**own, by=request.principal, at=now)


def _page(request: Request, name: str, **context: Any) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render(request, PAGES[name], context, status=status)


PAGES = {
    "profile": "portal/own_platform/profile.html",
    "contacts": "portal/own_platform/contacts.html",
    "policies": "portal/own_platform/policies.html",
}
