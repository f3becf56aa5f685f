from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from apps.api.serializers.fields import Code
from apps.referrals.sandbox.proofs import Proof
from apps.referrals.sandbox.scenarios import SCENARIOS


class ScenarioOut(serializers.Serializer[Any]):
    scenario = serializers.CharField()
    title = serializers.CharField()
    explanation = serializers.CharField()


class ProofOut(serializers.Serializer[Any]):
    """One check: when it was first seen, and in which request (the header `X-Request-Id` of its answer)."""

    key = serializers.CharField()
    title = serializers.CharField()
    how = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    request_id = serializers.CharField(allow_null=True)


class SandboxOut(serializers.Serializer[Any]):
    scenarios = ScenarioOut(many=True)
    proofs = ProofOut(many=True)


class PlayIn(serializers.Serializer[Any]):
    scenario = Code(choices=[(slug, slug) for slug in SCENARIOS])


class PlayedOut(serializers.Serializer[Any]):
    scenario = serializers.CharField()
    referrals = serializers.ListField(child=serializers.CharField())


def write_sandbox(proofs: Sequence[Proof]) -> dict[str, Any]:
    return {
        "scenarios": [
            {"scenario": one.slug, "title": one.label, "explanation": one.words} for one in SCENARIOS.values()
        ],
        "proofs": [
            {
                "key": proof.check.key,
                "title": proof.check.label,
                "how": proof.check.how,
                "at": proof.at,
                "request_id": proof.request_id or None,
            }
            for proof in proofs
        ],
    }
