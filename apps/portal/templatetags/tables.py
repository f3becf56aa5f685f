"""Parts of a list page: sorting, paging, filters. Each keeps the rest of the query string as it is."""

from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest, QueryDict

from apps.portal.presenters.filters import chips_of

register = template.Library()

PAGE_KEYS = ("cursor", "page")


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """This page's address with some parameters changed; an empty value removes one. Paging starts again."""
    return _address(context["request"], **changes)


@register.inclusion_tag("ui/sort_header.html", takes_context=True)
def sort_header(context: template.Context, key: str, label: str, css: str = "") -> dict[str, Any]:
    """A column heading that sorts: `?sort=key`, and `?sort=-key` for the other way round."""
    request: HttpRequest = context["request"]
    current = request.GET.get("sort", "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    target = f"-{key}" if direction == "ascending" else key
    return {"label": label, "css": css, "direction": direction, "url": _address(request, sort=target)}


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(
    context: template.Context, previous: str | None, next: str | None, shown: str = "", key: str = "cursor"
) -> dict[str, Any]:
    """A cursor pager: opaque cursors in, two links out. `shown` says what is on the page."""
    request: HttpRequest = context["request"]
    return {
        "previous": _address(request, **{key: previous}) if previous else "",
        "next": _address(request, **{key: next}) if next else "",
        "shown": shown,
    }


@register.inclusion_tag("ui/filter_drop.html")
def filter_drop(field: BoundField) -> dict[str, Any]:
    """A multiple choice filter as a pop-up list of boxes."""
    value = field.value() or []
    return {"field": field, "chosen": len([value] if isinstance(value, str) else value)}


@register.inclusion_tag("ui/filter_select.html")
def filter_select(field: BoundField) -> dict[str, Any]:
    """A single choice filter; its empty choice names the field."""
    return {"field": field}


@register.inclusion_tag("ui/filter_search.html")
def filter_search(field: BoundField, placeholder: str = "") -> dict[str, Any]:
    """The search field of a filter bar; the key `/` jumps to it."""
    return {"field": field, "placeholder": placeholder}


@register.inclusion_tag("ui/filter_chips.html", takes_context=True)
def filter_chips(context: template.Context, form: BaseForm) -> dict[str, Any]:
    """What is filtered at present, each with its own way out."""
    request: HttpRequest = context["request"]
    return {"chips": chips_of(form, request.GET), "clear_url": request.path}


def _address(request: HttpRequest, **changes: object) -> str:
    parameters: QueryDict = request.GET.copy()
    for key in (*PAGE_KEYS, *changes):
        parameters.pop(key, None)
    for key, value in changes.items():
        if value not in (None, ""):
            parameters[key] = str(value)
    return f"?{parameters.urlencode()}"
