"""From a JSON value to checked fields, by a serializer that is built once per process instead of once per request."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import Field, SkipField, empty

from apps.core.errors import Refused

Shape = type[serializers.Serializer[Any]]
Errors = dict[str, list[str]]


class Invalid(Refused):
    """`facts["errors"]` maps each field to its sentences."""

    code = "invalid"
    message = _("Some fields are missing or wrong; see `errors`. Nothing was changed.")


class UnknownField(Refused):
    code = "unknown_field"
    message = _("The body has fields that this call does not know; see `errors`. Nothing was changed.")


NOT_AN_OBJECT: str | Promise = _("This must be an object. Send it as {…} with the fields of the documentation.")
NOT_KNOWN: str | Promise = _("This field is not known here. Remove it, or check its spelling.")


def read(shape: Shape, data: Any) -> dict[str, Any]:
    """The fields of an object in the body; raises `UnknownField` or `Invalid`."""
    if not isinstance(data, dict):
        raise Invalid(errors={"": [str(NOT_AN_OBJECT)]})
    if unknown := strangers(shape, data):
        raise UnknownField(errors=unknown)
    values, errors = values_of(shape, data)
    if errors:
        raise Invalid(errors=errors)
    return values


def strangers(shape: Shape, data: Mapping[str, Any]) -> Errors:
    known = fields_of(shape)
    return {str(name)[:100]: [str(NOT_KNOWN)] for name in data if name not in known}


def values_of(shape: Shape, data: Mapping[str, Any]) -> tuple[dict[str, Any], Errors]:
    """The checked values of the fields that came (or have a default), and the problems of the others."""
    values: dict[str, Any] = {}
    errors: Errors = {}
    for name, field in fields_of(shape).items():
        try:
            values[name] = field.run_validation(data.get(name, empty))
        except SkipField:
            continue
        except serializers.ValidationError as problem:
            errors[name] = [str(detail) for detail in _flat(problem.detail)]
    return values, errors


@cache
def fields_of(shape: Shape) -> Mapping[str, Field[Any, Any, Any, Any]]:
    """A shape's fields. They keep no state between values, so every thread may share them."""
    return dict(shape().fields)


def _flat(detail: Any) -> list[Any]:
    if isinstance(detail, dict):
        return [one for inner in detail.values() for one in _flat(inner)]
    return [one for inner in detail for one in _flat(inner)] if isinstance(detail, list) else [detail]
