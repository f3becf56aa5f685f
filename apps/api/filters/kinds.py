"""Kinds of parameters: each refuses what it cannot read, and says how it looks in the OpenAPI document."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.organisations.models import Organisation

Query = QuerySet[Any]


class Filters(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    """Parameters that narrow a list, for whoever asks (`by`) when they ask (`at`)."""

    base_filters: Mapping[str, Any]

    def __init__(self, data: QueryDict, rows: Query, *, by: Principal, at: datetime):
        self.base_filters = {name: one for name, one in self.base_filters.items() if name in data}
        super().__init__(data, rows)  # copies the filters: no more than were asked for
        self.by, self.at = by, at


class OneOf(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # the library has no types
    """May be repeated: `state=sent&state=received`."""

    def __init__(self, *args: Any, **extra: Any):
        extra.setdefault("error_messages", {"invalid_choice": _("This code is not on the list.")})
        super().__init__(*args, **extra)

    def filter(self, qs: Query, value: Sequence[str]) -> Query:
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs

    @property
    def form(self) -> Mapping[str, Any]:
        codes = [str(code) for code, _label in self.extra["choices"]]
        return {"type": "array", "items": {"type": "string", "enum": codes}}


class FlagField(forms.Field):
    """`true` or `false`, and nothing else is taken for either."""

    def to_python(self, value: str | None) -> bool | None:
        if not value:
            return None
        if value not in {"true", "false"}:
            raise forms.ValidationError(_("Write true or false."))
        return value == "true"


class Flag(django_filters.Filter):  # type: ignore[misc]  # the library has no types
    field_class = FlagField
    form: Mapping[str, Any] = {"type": "boolean"}


class MomentField(forms.Field):
    """RFC 3339 with its zone, or a date, which is its first moment in the organisation's time zone."""

    def to_python(self, value: str | None) -> datetime | None:
        if not value:
            return None
        try:
            moment = parse_datetime(value) if len(value) > len("2026-03-01") else None
            day = None if moment else parse_date(value)
            if day:
                moment = timezone.make_aware(datetime.combine(day, time.min))
        except (ValueError, OverflowError):
            moment = None
        if moment is None or timezone.is_naive(moment):
            raise forms.ValidationError(_("Write a time with its zone, like 2026-03-01T09:00:00Z, or a date."))
        return moment


class Moment(django_filters.Filter):  # type: ignore[misc]  # the library has no types
    field_class = MomentField
    form: Mapping[str, Any] = {"type": "string", "format": "date-time"}


class Text(django_filters.CharFilter):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, max_length: int = 100, **extra: Any):
        super().__init__(*args, max_length=max_length, strip=False, **extra)

    @property
    def form(self) -> Mapping[str, Any]:
        return {"type": "string", "maxLength": self.extra["max_length"], "pattern": r"^[^\x00]*$"}


class Party(django_filters.ModelChoiceFilter):  # type: ignore[misc]  # the library has no types
    """An organisation by its slug. The directory is everybody's, so an unknown slug may be told."""

    form: Mapping[str, Any] = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 64}

    def __init__(self, *args: Any, **extra: Any):
        messages = {"invalid_choice": _("There is no organisation with this slug.")}
        organisations = Organisation.objects.order_by("pk")
        super().__init__(*args, queryset=organisations, to_field_name="slug", error_messages=messages, **extra)
