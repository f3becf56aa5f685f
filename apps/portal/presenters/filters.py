from collections.abc import Iterable

from django.forms import BaseForm, BoundField
from django.http import QueryDict

from apps.portal.presenters.tiles import Chip

PAGE_KEYS = ("cursor", "page")


def chips_of(form: BaseForm, parameters: QueryDict) -> list[Chip]:
    """One chip per filter value in the address, in the order of the form's fields."""
    return [
        Chip(label=f"{field.label}: {_word(field, value)}", url=_without(parameters, field.html_name, value))
        for field in form
        for value in parameters.getlist(field.html_name)
        if value
    ]


def _word(field: BoundField, value: str) -> str:
    """A choice's label; free text as typed."""
    return dict(_flat(getattr(field.field, "choices", ()))).get(value, value)


def _flat(choices: Iterable[tuple[object, object]]) -> Iterable[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from _flat(label)
        else:
            yield str(value), str(label)


def _without(parameters: QueryDict, key: str, value: str) -> str:
    rest = parameters.copy()
    rest.setlist(key, [kept for kept in rest.getlist(key) if kept != value])
    for page_key in PAGE_KEYS:
        rest.pop(page_key, None)
    return f"?{rest.urlencode()}"
