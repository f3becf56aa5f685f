"""From a statement of reasons to the answer it implies: the other direction of `compose`."""

from collections.abc import Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from apps.referrals.answers import FAMILY_OF, Answer
from apps.referrals.statements.detail import Detail
from apps.referrals.statements.shape import DECISION_FIELD, EAN_13, YES
from apps.taxonomy.outcomes import Outcome
from apps.taxonomy.restrictions import AccountRestriction, VisibilityRestriction
from apps.taxonomy.statements import DecisionGround
from apps.taxonomy.territories import MEMBER_STATES

# The gravest restriction gives the outcome; the others are named beside it.
_OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        VisibilityRestriction.REMOVED.value: Outcome.REMOVED,
        VisibilityRestriction.DISABLED.value: Outcome.DISABLED_EU,
        AccountRestriction.TERMINATED.value: Outcome.ACCOUNT_TERMINATED,
        AccountRestriction.SUSPENDED.value: Outcome.ACCOUNT_SUSPENDED,
        VisibilityRestriction.AGE_RESTRICTED.value: Outcome.AGE_RESTRICTED,
        VisibilityRestriction.INTERACTION_RESTRICTED.value: Outcome.INTERACTION_RESTRICTED,
        VisibilityRestriction.DEMOTED.value: Outcome.DEMOTED,
        VisibilityRestriction.LABELLED.value: Outcome.LABELLED,
    }
)
_TEXTS = (
    "decision_visibility_other",
    "decision_monetary_other",
    "account_type",
    "decision_ground_reference_url",
    "content_type_other",
    "category",
    "category_specification_other",
    "content_language",
    "decision_facts",
    "source_identity",
)
_LISTS = ("content_type", "category_addition", "category_specification")


def answer_of(statement: Mapping[str, Any], item: str, *, puid: str) -> Answer:
    """The answer about an item that a valid statement implies."""
    restrictions = _restrictions(statement)
    outcome = _outcome(statement, restrictions)
    stem = "illegal_content" if statement["decision_ground"] == DecisionGround.ILLEGAL_CONTENT else ""
    return Answer(
        item=item,
        outcome=outcome.value,
        ground=statement["decision_ground"],
        legal_ground=statement["illegal_content_legal_ground" if stem else "incompatible_content_ground"],
        explanation=statement[f"{stem or 'incompatible_content'}_explanation"],
        acted_at=_acted_at(date.fromisoformat(statement["application_date"])),
        automated_detection=statement["automated_detection"] == YES,
        automated_decision=statement["automated_decision"],
        territorial_scope=tuple(statement.get("territorial_scope") or ()),
        restrictions=restrictions,
        platform_reference=statement["puid"][:200],
        detail=_detail(statement, _ends(statement, restrictions)),
        puid=puid,
    )


def _detail(statement: Mapping[str, Any], ends: Mapping[str, date]) -> Detail:
    illegal = statement.get("incompatible_content_illegal")
    said: dict[str, Any] = {name: statement.get(name) or "" for name in _TEXTS}
    said |= {name: tuple(statement.get(name) or ()) for name in _LISTS}
    return Detail(
        **said,
        **dict[str, Any](ends),
        incompatible_content_illegal=illegal == YES if illegal else None,
        content_date=date.fromisoformat(statement["content_date"]),
        ean_13=(statement.get("content_id") or {}).get(EAN_13, ""),
    )


def _restrictions(statement: Mapping[str, Any]) -> tuple[str, ...]:
    visibility = statement.get("decision_visibility") or []
    single = (statement.get(f"decision_{family}") for family in ("account", "monetary", "provision"))
    return tuple(dict.fromkeys([*visibility, *filter(None, single)]))


def _outcome(statement: Mapping[str, Any], restrictions: tuple[str, ...]) -> Outcome:
    found = next((outcome for code, outcome in _OUTCOMES.items() if code in restrictions), None)
    if found is Outcome.DISABLED_EU:
        scope = set(statement.get("territorial_scope") or MEMBER_STATES)
        return found if scope >= set(MEMBER_STATES) else Outcome.DISABLED_COUNTRIES
    if found is not None:
        return found
    if VisibilityRestriction.OTHER.value in restrictions:
        return Outcome.PARTIAL
    return Outcome.MONETARY if statement.get("decision_monetary") else Outcome.SERVICE


def _acted_at(day: date) -> datetime:
    """The beginning of the day; the schema has no times."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_current_timezone())


def _ends(statement: Mapping[str, Any], restrictions: tuple[str, ...]) -> dict[str, date]:
    """The end dates of what was restricted, where they make sense: the schema itself asks for no order of dates."""
    fields = {DECISION_FIELD[FAMILY_OF[code]][1] for code in restrictions}
    given = {field: date.fromisoformat(statement[field]) for field in fields if statement.get(field)}
    began = date.fromisoformat(statement["application_date"])
    return {field: day for field, day in given.items() if day >= began}
