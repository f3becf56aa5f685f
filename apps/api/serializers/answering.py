from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.reading import NOT_AN_OBJECT, NOT_KNOWN, strangers, values_of
from apps.api.serializers.fields import Code, Text, Truth
from apps.referrals.services import ANSWERABLE, Answer, Answered
from apps.referrals.services.answer_rules import EXPLANATION_LENGTH, LEGAL_GROUND_LENGTH
from apps.taxonomy.outcomes import RefusalReason
from apps.taxonomy.statements import AutomatedDecision, DecisionGround
from apps.taxonomy.territories import EEA

MOST_ANSWERS = 1000
REFUSED = "refused"
RESULTS = ("decided", "corrected", REFUSED)
OUTCOMES = [(one.value, one.label) for one in ANSWERABLE]


class AnswerIn(serializers.Serializer[Any]):
    """What a platform decided about one item; which fields an outcome asks for is in the documentation."""

    item = Text(max_length=24, help_text="The item's reference.")
    outcome = Code(OUTCOMES)
    refusal_reason = Code(RefusalReason.choices, required=False, help_text="Where nothing was done.")
    ground = Code(DecisionGround.choices, required=False, help_text="Where action was taken.")
    legal_ground = Text(
        required=False, allow_blank=True, max_length=LEGAL_GROUND_LENGTH, help_text="The provision or clause relied on."
    )
    explanation = Text(required=False, allow_blank=True, max_length=EXPLANATION_LENGTH)
    acted_at = serializers.DateTimeField(required=False, allow_null=True, help_text="Not in the future.")
    automated_detection = Truth(required=False, allow_null=True)
    automated_decision = Code(AutomatedDecision.choices, required=False)
    territorial_scope = serializers.ListField(
        child=Code([(one.value, one.value) for one in EEA]), required=False, max_length=len(EEA)
    )
    platform_reference = Text(required=False, allow_blank=True, max_length=200)


@extend_schema_field(AnswerIn(many=True))
class Answers(serializers.Field[Any, Any, Any, Any]):
    """A list of whatever was sent: each answer has its own result."""

    default_error_messages = {"no_list": _("Send a list of answers, each an object with an `item` and an `outcome`.")}

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list) or not data:
            self.fail("no_list")
        return data


class AnsweringIn(serializers.Serializer[Any]):
    answers = Answers(help_text="Up to 1,000.")


class AnsweredRow(serializers.Serializer[Any]):
    """`corrected`: it was decided before; that decision stays in the history."""

    row = serializers.IntegerField(help_text="Its place in the list, from 0.")
    item = serializers.CharField(allow_null=True)
    result = serializers.ChoiceField(RESULTS)
    code = serializers.CharField(allow_null=True)
    detail = serializers.CharField(allow_null=True)


class AnsweredOut(serializers.Serializer[Any]):
    rows = AnsweredRow(many=True)


def read_answer(place: int, given: Any) -> Answer | Mapping[str, Any]:
    """An answer, or the row that says why it is none."""
    if not isinstance(given, dict):
        return _refusal(place, None, "not_an_object", NOT_AN_OBJECT)
    item = given.get("item")
    item = item if isinstance(item, str) and len(item) <= 24 else None
    if unknown := strangers(AnswerIn, given):
        return _refusal(place, item, "unknown_field", f"{', '.join(unknown)}: {NOT_KNOWN}")
    values, errors = values_of(AnswerIn, given)
    if errors:
        sentences = (f"{name}: {' '.join(found)}" for name, found in errors.items())
        return _refusal(place, item, "invalid", " ".join(sentences))
    return Answer(**values)


def write_answered(place: int, one: Answered) -> Mapping[str, Any]:
    if one.code:
        return _refusal(place, one.item, one.code.value, one.code.label)
    return {"row": place, "item": one.item, "result": one.result, "code": None, "detail": None}


def _refusal(place: int, item: str | None, code: str, detail: Any) -> Mapping[str, Any]:
    return {"row": place, "item": item, "result": REFUSED, "code": code, "detail": str(detail)}


def in_order(read: Sequence[Answer | Mapping[str, Any]], answered: Sequence[Answered]) -> Sequence[Mapping[str, Any]]:
    """One row per answer that came: what the service said, where it was asked."""
    said = iter(answered)
    return [write_answered(place, next(said)) if isinstance(one, Answer) else one for place, one in enumerate(read)]
