from datetime import datetime
from typing import Any

from rest_framework import serializers

from apps.api.answers import moment
from apps.statistics.dimensions import Scope, breakdowns
from apps.statistics.indicators import Definition, Exclusion, Unit
from apps.statistics.measures import Figure
from apps.statistics.selectors import IndicatorResult

BREAKDOWNS = list(breakdowns(Scope.ALL))

UNITS = [(one.value, one.value) for one in Unit]


class IndicatorRow(serializers.Serializer[Any]):
    """What an indicator counts, in words."""

    id = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.ChoiceField(UNITS)
    numerator = serializers.CharField()
    denominator = serializers.CharField()
    note = serializers.CharField()


class CatalogueOut(serializers.Serializer[Any]):
    """`scope` says whose figures they are: what the organisation sent or received, or everybody's."""

    scope = serializers.ChoiceField(Scope.choices)
    as_of = serializers.DateTimeField(allow_null=True, help_text="Null: nothing was compiled yet.")
    breakdowns = serializers.ListField(child=serializers.ChoiceField(BREAKDOWNS), help_text="Values of `by`.")
    indicators = IndicatorRow(many=True)


class ExclusionOut(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(Exclusion.choices)
    count = serializers.IntegerField()


class PartOut(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="`p90`, or a bucket of a distribution.")
    value = serializers.FloatField(allow_null=True)
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)


class FigureOut(serializers.Serializer[Any]):
    """`value` is null where nothing can be said (a denominator of 0), or where it is `suppressed`."""

    value = serializers.FloatField(allow_null=True)
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    suppressed = serializers.BooleanField(help_text="Kept back: so few that it would tell of single cases.")
    exclusions = ExclusionOut(many=True)
    parts = PartOut(many=True)


class BrokenDownRow(FigureOut):
    key = serializers.CharField(help_text="A slug, a code, or a month like `2026-03`.")
    name = serializers.CharField()


class IndicatorOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.ChoiceField(UNITS)
    definition = serializers.IntegerField(allow_null=True, help_text="The version of the definitions it was made by.")
    as_of = serializers.DateTimeField(allow_null=True)
    scope = serializers.ChoiceField(Scope.choices)
    first_month = serializers.CharField()
    last_month = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    total = FigureOut()
    rows = BrokenDownRow(many=True)


def write_catalogue(definitions: tuple[Definition, ...], *, scope: Scope, as_of: datetime | None) -> dict[str, Any]:
    return {
        "scope": scope.value,
        "as_of": moment(as_of),
        "breakdowns": list(breakdowns(scope)),
        "indicators": [
            {
                "id": one.id,
                "name": one.name,
                "unit": one.unit,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "note": one.note,
            }
            for one in definitions
        ],
    }


def write_indicator(found: IndicatorResult) -> dict[str, Any]:
    return {
        "id": found.definition.id,
        "name": found.definition.name,
        "unit": found.definition.unit,
        "definition": found.version,
        "as_of": moment(found.as_of),
        "scope": found.scope.value,
        "first_month": f"{found.period.first:%Y-%m}",
        "last_month": f"{found.period.last:%Y-%m}",
        "by": found.by or None,
        "total": write_figure(found.total),
        "rows": [{"key": row.key, "name": row.label, **write_figure(row.figure)} for row in found.rows],
    }


def write_figure(figure: Figure) -> dict[str, Any]:
    return {
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "suppressed": figure.suppressed,
        "exclusions": [{"reason": reason, "count": count} for reason, count in figure.exclusions],
        "parts": [
            {"key": part.key, "value": part.value, "numerator": part.numerator, "denominator": part.denominator}
            for part in figure.parts
        ],
    }
