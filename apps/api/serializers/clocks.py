from typing import Any

from rest_framework import serializers

from apps.deadlines.clock_table import runs
from apps.deadlines.policies import Line, Version
from apps.organisations.models import Organisation, SizeClass
from apps.referrals.instruments import Instrument
from apps.taxonomy.areas import Area
from apps.taxonomy.clocks import TABLE, Basis, ClockRule
from apps.taxonomy.limits import OnQuestion, Unit
from apps.taxonomy.urgency import TARGET_HOURS, Urgency

ANY = "`null`: any."


class LimitOut(serializers.Serializer[Any]):
    """Hours count from the moment on; days and months run to the end of their last day, where the platform is."""

    amount = serializers.IntegerField()
    unit = serializers.ChoiceField(Unit.choices)


class ClockOut(serializers.Serializer[Any]):
    """One time limit or commitment. `limit` is `null` where the source gives no number."""

    key = serializers.CharField(help_text="Code and version, like `C1/1`; a referral's clock names it.")
    code = serializers.CharField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    start = serializers.CharField()
    limit = LimitOut(allow_null=True)
    is_minimum = serializers.BooleanField(help_text="The period must at least pass.")
    basis = serializers.ChoiceField(Basis.choices)
    on_question = serializers.ChoiceField(OnQuestion.choices, help_text="While the sender owes information.")
    breach = serializers.CharField()
    legal_source = serializers.CharField()
    verified = serializers.BooleanField(help_text="Read in a source text; otherwise check it before you rely on it.")
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    runs = serializers.BooleanField(help_text="It starts by itself in this portal; otherwise it is only listed.")


class ClocksOut(serializers.Serializer[Any]):
    """The clock table, every version of every rule."""

    clocks = ClockOut(many=True)


class TargetOut(serializers.Serializer[Any]):
    """Within what time, for which referrals. The most precise line that fits counts, then the shortest."""

    instrument = serializers.ChoiceField(Instrument.choices, allow_null=True, help_text=ANY)
    area = serializers.ChoiceField(Area.choices, allow_null=True, help_text=ANY)
    urgency = serializers.ChoiceField(Urgency.choices, allow_null=True, help_text=ANY)
    size_class = serializers.ChoiceField(SizeClass.choices, allow_null=True, help_text="Of the platform. " + ANY)
    limit = LimitOut()


class DefaultOut(serializers.Serializer[Any]):
    """The portal's own target for an urgency: it counts where a sender names nothing."""

    urgency = serializers.ChoiceField(Urgency.choices)
    limit = LimitOut()


class PolicyVersionOut(serializers.Serializer[Any]):
    """What a sender asks for or a platform promises, as it counts for what is received now."""

    organisation = serializers.CharField(help_text="Its slug.")
    promises = serializers.BooleanField(help_text="A platform's promises; otherwise a sender's targets.")
    version = serializers.IntegerField(help_text="0: nothing was ever named.")
    since = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    targets = TargetOut(many=True)
    defaults = DefaultOut(many=True)


def write_clocks() -> dict[str, Any]:
    return {"clocks": [_clock(rule) for rule in TABLE]}


def write_policy(house: Organisation, newest: Version | None) -> dict[str, Any]:
    return {
        "organisation": house.slug,
        "promises": house.receives,
        "version": newest.number if newest else 0,
        "since": newest.at if newest else None,
        "note": newest.note if newest else "",
        "targets": [_target(line) for line in newest.lines] if newest else [],
        "defaults": [
            {"urgency": urgency.value, "limit": {"amount": TARGET_HOURS[urgency], "unit": Unit.HOURS.value}}
            for urgency in Urgency
        ],
    }


def _target(line: Line) -> dict[str, Any]:
    names = ("instrument", "area", "urgency", "size_class")
    limit = {"amount": line.amount, "unit": line.unit}
    return {**{name: getattr(line, name) or None for name in names}, "limit": limit}


def _clock(rule: ClockRule) -> dict[str, Any]:
    same = ("key", "code", "version", "name", "start", "is_minimum", "breach", "verified")
    return {
        **{name: getattr(rule, name) for name in same},
        "limit": {"amount": rule.limit.amount, "unit": rule.limit.unit.value} if rule.limit else None,
        "legal_source": rule.source,
        "basis": rule.basis.value,
        "on_question": rule.on_question.value,
        "valid_from": rule.valid_from,
        "valid_until": rule.valid_until,
        "runs": runs(rule),
    }
