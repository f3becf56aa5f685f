"""How the clocks of a referral look; the sentence is the one of the web."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rest_framework import serializers

from apps.api.answers import moment
from apps.referrals.clockwork import Cause
from apps.referrals.explaining import wording
from apps.referrals.explaining.facts import Explanation, Stood
from apps.referrals.models.obligation import Clock
from apps.taxonomy.clocks import Basis
from apps.taxonomy.limits import OnQuestion, Unit


class ClockLimitOut(serializers.Serializer[Any]):
    amount = serializers.IntegerField()
    unit = serializers.ChoiceField(Unit.choices)


class ClockPolicyOut(serializers.Serializer[Any]):
    organisation = serializers.CharField(help_text="Its slug.")
    version = serializers.IntegerField()


class ClockStopOut(serializers.Serializer[Any]):
    """A time in which the clock stood still; `until` is null while it still does."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    cause = serializers.ChoiceField([(cause.value, cause.name) for cause in Cause])


class ReferralClockOut(serializers.Serializer[Any]):
    """One clock of a referral, with the terms it was started under."""

    clock = serializers.ChoiceField(Clock.choices)
    leading = serializers.BooleanField(help_text="The strictest that runs: `due_at` of the referral repeats it.")
    basis = serializers.ChoiceField(Basis.choices)
    rule = serializers.CharField(allow_null=True, help_text="Of the clock table with its version, as `C18/1`.")
    policy = ClockPolicyOut(allow_null=True, help_text="Whose target or promise named the limit; null: no policy did.")
    limit = ClockLimitOut()
    on_question = serializers.ChoiceField(OnQuestion.choices, help_text="What a question to the sender does to it.")
    zone = serializers.CharField(allow_null=True, help_text="In which its days are counted; null for hours.")
    started_at = serializers.DateTimeField(help_text="The proven receipt.")
    counted_from = serializers.DateTimeField(help_text="The start, or when it last began anew.")
    stops = ClockStopOut(many=True)
    due_at = serializers.DateTimeField(help_text="Still within. Moves on with the reply while a stop goes on.")
    met_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True, help_text="Withdrawn: neither met nor missed.")
    within = serializers.BooleanField(allow_null=True, help_text="Met in time; null while it is not met.")
    explanation = serializers.CharField(help_text="How the due time came about: one sentence in your language.")


def write_obligations(clocks: Sequence[Explanation], *, at: datetime) -> list[dict[str, Any]]:
    return [_write(one, at=at) for one in clocks]


def _write(one: Explanation, *, at: datetime) -> dict[str, Any]:
    clock, limit, policy = one.reading, one.terms.limit, one.policy
    return {
        "clock": one.clock.value,
        "leading": one.is_leading,
        "basis": one.basis.value,
        "rule": one.rule.key if one.rule else None,
        "policy": {"organisation": policy.organisation.slug, "version": policy.version} if policy else None,
        "limit": {"amount": limit.amount, "unit": limit.unit.value},
        "on_question": one.terms.on_question.value,
        "zone": one.zone if one.counts_days else None,
        "started_at": moment(clock.started_at),
        "counted_from": moment(clock.counted_from),
        "stops": [_stop(stood) for stood in one.stops],
        "due_at": moment(clock.due_at),
        "met_at": moment(clock.met_at),
        "ended_at": moment(clock.ended_at),
        "within": one.within,
        "explanation": wording.sentence(one, now=at),
    }


def _stop(stood: Stood) -> dict[str, Any]:
    stop = stood.stop
    return {"since": moment(stop.since), "until": moment(stop.until), "cause": stop.cause.value}
