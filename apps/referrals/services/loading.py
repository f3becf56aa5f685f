"""A platform brings statements of reasons that it has written itself: the same format, the same rules, kept as sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.models import Operation
from apps.audit.services import record
from apps.referrals.models import Origin, Statement
from apps.referrals.statements.rules import Problem, is_given, problems
from apps.referrals.statements.shape import FIELDS, SCHEMA_VERSION, Kind
from apps.taxonomy.statements import SourceType

STORED, KNOWN, REFUSED = "stored", "known", "refused"


class LoadCode(models.TextChoices):
    """Why a statement was not taken, or what was changed about it."""

    INVALID = "invalid_statement", _("The statement breaks rules of its format; see each field.")
    TWICE = "puid_twice", _("The same puid stands earlier in this list. Give each statement its own.")
    TAKEN = "puid_taken", _("This puid belongs to another statement. Give each statement its own, for ever.")
    IDENTITY_DROPPED = (
        "source_identity_dropped",
        _("Stored without source_identity: an own initiative has no notifier, and the database drops it too."),
    )


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one statement: `stored`, `known` (the same was there already) or `refused`."""

    puid: str
    result: str
    code: LoadCode | None = None
    problems: Sequence[Problem] = ()


@transaction.atomic
def load_statements(given: Sequence[Any], *, by: Principal, at: datetime) -> list[Loaded]:
    """Store what is valid and new, whatever the others are; results in the order given. Four statements for any number.

    Sent again, a statement is `known`, fields that the database adds aside; its `puid` never stands for another.
    """
    _one_at_a_time(by.organisation_id)
    puids = {one["puid"] for one in given if isinstance(one, Mapping) and isinstance(one.get("puid"), str)}
    present = Statement.objects.filter(organisation_id=by.organisation_id, puid__in=sorted(filter(_storable, puids)))
    stored = {row.puid: row.content for row in present.only("puid", "content")}
    new: dict[str, dict[str, Any]] = {}
    results = [_sorted_out(one, stored, new) for one in given]
    Statement.objects.bulk_create(_row(content, by, at) for content in new.values())
    if new:
        _record(new, by=by, at=at)
    return results


def _one_at_a_time(organisation_id: int) -> None:
    """Two loads of one platform follow each other, so that both answer truly about a puid they share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('referrals.statements'), %s::int)", [organisation_id])


def _storable(puid: str) -> bool:
    return puid.isascii() and "\0" not in puid


def _sorted_out(one: Any, stored: Mapping[str, Any], new: dict[str, dict[str, Any]]) -> Loaded:
    puid = str(one.get("puid", ""))[:500] if isinstance(one, Mapping) else ""
    if wrong := problems(one):
        return Loaded(puid, REFUSED, LoadCode.INVALID, wrong)
    content = dict(one)
    drops = content.get("source_type") == SourceType.VOLUNTARY and is_given(content.get("source_identity"))
    if drops:
        del content["source_identity"]
    if puid in new:
        return Loaded(puid, REFUSED, LoadCode.TWICE)
    if puid in stored:
        same = said_of(stored[puid]) == said_of(content)
        return Loaded(puid, KNOWN) if same else Loaded(puid, REFUSED, LoadCode.TAKEN)
    new[puid] = content
    return Loaded(puid, STORED, LoadCode.IDENTITY_DROPPED if drops else None)


def said_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a statement says, without blanks and without what the database adds."""
    own = (name for name, field in FIELDS.items() if field.kind is not Kind.ANYTHING)
    return {name: content[name] for name in own if is_given(content.get(name))}


def _row(content: Mapping[str, Any], by: Principal, at: datetime) -> Statement:
    return Statement(
        organisation_id=by.organisation_id,
        puid=content["puid"],
        origin=Origin.PLATFORM,
        schema_version=SCHEMA_VERSION,
        content=content,
        created_at=at,
    )


def _record(new: Mapping[str, Any], *, by: Principal, at: datetime) -> None:
    record(
        "statement.loaded",
        operation=Operation.COLLECT,
        organisation_id=by.organisation_id,
        target_type="statement",
        target=next(iter(new)) if len(new) == 1 else f"{len(new)} statements",
        details={"statements": len(new)},
        by=by,
        at=at,
    )


def in_order(content: Mapping[str, Any]) -> dict[str, Any]:
    """A stored statement as it goes out: the same values, in the order of the official documentation."""
    return {name: content[name] for name in FIELDS if name in content}


def sentences(one: Loaded) -> Iterator[str]:
    """What there is to say about a statement, for people."""
    if one.problems:
        for problem in one.problems:
            yield f"{problem.field}: {problem.sentence}" if problem.field else problem.sentence
    elif one.code:
        yield str(one.code.label)
