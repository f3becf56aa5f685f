from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import ngettext

from apps.accounts.principal import Principal
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.prepared import fetch
from apps.core.references import new_references
from apps.organisations.selectors import Route
from apps.referrals.intake.rows import BadRow, Row
from apps.referrals.models import Case, Leftover, Referral
from apps.referrals.models.event import Verb
from apps.referrals.services.filing_rules import ExternalIdTaken, Filing, NothingToFile, check
from apps.referrals.services.planning import Plan, Result, RowResult, plan
from apps.referrals.services.sending import send
from apps.referrals.transitions import State

ATTEMPTS = 3  # a new reference may meet an old one, once in a hundred filings at a million rows
ITEM_SYMBOLS = 12

# The whole filing in one statement: its parts stand or fall together, and a filing of one address costs one round trip.
_FILE = """
WITH the_case AS (
  INSERT INTO referrals_case
    (organisation_id, reference, external_id, title, note, source, row_count, created_at, created_by_id)
  VALUES (%(sender)s, %(case)s, %(case_external_id)s, %(title)s, %(note)s, %(source)s, %(rows)s, %(at)s, %(actor)s)
  RETURNING id
), referrals AS (
  INSERT INTO referrals_referral
    (sender_id, recipient_id, disclosed, case_id, reference, state, instrument, area, category, keywords, urgency,
     legal_basis, reasons, language, tlp, pap, good_faith_at, item_count, open_count, filed_at, created_by_id,
     submitted_at, submitted_by_id)
  SELECT %(sender)s, given.recipient_id, false, the_case.id, given.reference, %(state)s, %(instrument)s, %(area)s,
         %(category)s, %(keywords)s::text[], %(urgency)s, %(legal_basis)s, %(reasons)s, %(language)s, %(tlp)s, %(pap)s,
         %(good_faith_at)s::timestamptz, given.items, given.items, %(at)s, %(actor)s, %(submitted_at)s::timestamptz,
         %(submitted_by)s::bigint
    FROM the_case, unnest(%(platforms)s::bigint[], %(references)s::text[], %(counts)s::int[])
         AS given(recipient_id, reference, items)
  RETURNING id, recipient_id
), items AS (
  INSERT INTO referrals_item
    (sender_id, recipient_id, disclosed, referral_id, reference, row, external_id, url_raw, url, url_hash, host,
     content_type, content_language, account, published_on, note, filed_at)
  SELECT %(sender)s, given.recipient_id, false, referrals.id, given.reference, row, external_id, url_raw, url, url_hash,
         host, content_type, content_language, account, published_on, note, %(at)s
    FROM unnest(
           %(item_platforms)s::bigint[], %(item_references)s::text[], %(item_rows)s::int[], %(external_ids)s::text[],
           %(urls_raw)s::text[], %(urls)s::text[], %(hashes)s::bytea[], %(hosts)s::text[], %(content_types)s::text[],
           %(content_languages)s::text[], %(accounts)s::text[], %(published)s::date[], %(notes)s::text[]
         ) AS given(recipient_id, reference, row, external_id, url_raw, url, url_hash, host, content_type,
                    content_language, account, published_on, note)
    JOIN referrals USING (recipient_id)
  RETURNING id, recipient_id, referral_id
), events AS (
  INSERT INTO referrals_event
    (sender_id, recipient_id, disclosed, referral_id, item_id, verb, at, actor_id, actor_label, organisation_id)
  SELECT %(sender)s, recipient_id, false, referral_id, id, 'item.filed', %(at)s, %(actor)s, %(label)s, %(sender)s
    FROM items
   UNION ALL
  SELECT %(sender)s, recipient_id, false, id, NULL, verb, %(at)s, %(actor)s, %(label)s, %(sender)s
    FROM referrals, unnest(%(verbs)s::text[]) AS verb
)
SELECT count(*) FROM referrals
"""


@dataclass(frozen=True, slots=True)
class FiledReferral:
    reference: str
    platform_slug: str
    platform_name: str
    state: str
    items: int


@dataclass(frozen=True, slots=True)
class Filed:
    """What a filing did, or would do (`case` is empty then). One entry in `rows` per row that came, in order."""

    case: str
    referrals: Sequence[FiledReferral]
    rows: Sequence[RowResult]
    counts: Mapping[str, int] = field(default_factory=dict)


def preview(filing: Filing | None, rows: Sequence[Row | BadRow], *, by: Principal, at: datetime) -> Filed:
    """What `file` would do, written nowhere. Without a filing only the rows are looked at."""
    if filing is not None:
        check(filing, by=by, at=at)
    made = plan(rows, by=by)
    referrals = [
        FiledReferral("", route.platform_slug, route.platform_name, State.DRAFT, count)
        for route, count in _by_platform(made).items()
    ]
    return Filed("", referrals, made.results, _counts(made.results))


def file(
    filing: Filing, rows: Sequence[Row | BadRow], *, submit: bool, source: str, by: Principal, at: datetime
) -> Filed:
    """File many addresses at once: one case, one referral per platform, one item per address.

    A fixed number of statements, whatever the number of rows. Good rows are filed whatever the others are; those are
    kept with the case. `submit` hands the referrals in (or sends them, where no second person is asked for).
    """
    check(filing, by=by, at=at)
    made = plan(rows, by=by)
    if not made.items:
        raise NothingToFile(rows=made.results)
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _write(filing, made, submit=submit, source=source, by=by, at=at)
        except IntegrityError as problem:
            if "external_id" in str(problem):
                raise ExternalIdTaken from problem
            if "reference" not in str(problem) or attempt == ATTEMPTS - 1:
                raise
    raise AssertionError  # the loop returns or raises


def _write(filing: Filing, made: Plan, *, submit: bool, source: str, by: Principal, at: datetime) -> Filed:
    platforms = _by_platform(made)
    references = new_references("R", len(platforms))
    by_platform = {route.platform_id: ref for route, ref in zip(platforms, references, strict=True)}
    _name_items(made, by_platform)
    case = new_references("C", 1)[0]
    facts = {
        **_case_facts(filing, made, case, source=source),
        **_referral_facts(filing, platforms, references, submit=submit, by=by, at=at),
        **_item_facts(made),
    }
    fetch(_FILE, {**facts, "sender": by.organisation_id, "actor": by.user_id, "label": by.label, "at": at})
    _keep_leftovers(case, made, by=by)
    _record(case, references, made, by=by, at=at)
    if submit and not by.organisation.second_person:
        new = Referral.objects.filter(reference__in=references).order_by("pk")
        send(list(new), approved=False, by=by, at=at)
    return Filed(case, _summaries(made, by_platform, _state(submit, by)), made.results, _counts(made.results))


def _state(submit: bool, by: Principal) -> State:
    if not submit:
        return State.DRAFT
    return State.IN_REVIEW if by.organisation.second_person else State.SENT


def _name_items(made: Plan, by_platform: Mapping[int, str]) -> None:
    """Give every row that is filed its references, and a repeated row those of the one it repeats."""
    results = {result.row: result for result in made.results}
    references = new_references("I", len(made.items), ITEM_SYMBOLS)
    for (row, route), reference in zip(made.items, references, strict=True):
        result = results[row.index]
        result.item, result.referral = reference, by_platform[route.platform_id]
    for result in made.results:
        if result.first:
            result.item, result.referral = result.first.item, result.first.referral


def _case_facts(filing: Filing, made: Plan, case: str, *, source: str) -> dict[str, Any]:
    return {
        "case": case,
        "case_external_id": filing.external_id,
        "title": filing.title.strip() or _title(len(made.items)),
        "note": filing.note,
        "source": source,
        "rows": len(made.results),
    }


def _referral_facts(
    filing: Filing,
    platforms: Mapping[Route, int],
    references: Sequence[str],
    *,
    submit: bool,
    by: Principal,
    at: datetime,
) -> dict[str, Any]:
    verbs = [Verb.REFERRAL_FILED, Verb.REFERRAL_SUBMITTED] if submit else [Verb.REFERRAL_FILED]
    return {
        "instrument": filing.instrument,
        "area": filing.area,
        "category": filing.category,
        "keywords": [str(keyword) for keyword in filing.keywords],
        "urgency": filing.urgency,
        "legal_basis": filing.legal_basis,
        "reasons": filing.reasons,
        "language": filing.language,
        "tlp": filing.tlp,
        "pap": filing.pap,
        "good_faith_at": at if filing.good_faith else None,
        "state": State.IN_REVIEW.value if submit else State.DRAFT.value,
        "submitted_at": at if submit else None,
        "submitted_by": by.user_id if submit else None,
        "verbs": [verb.value for verb in verbs],
        "platforms": [route.platform_id for route in platforms],
        "references": references,
        "counts": list(platforms.values()),
    }


def _item_facts(made: Plan) -> dict[str, Any]:
    rows = [row for row, _route in made.items]
    references = {result.row: result.item for result in made.results}
    return {
        "item_platforms": [route.platform_id for _row, route in made.items],
        "item_references": [references[row.index] for row in rows],
        "item_rows": [row.index for row in rows],
        "external_ids": [row.external_id for row in rows],
        "urls_raw": [row.address.raw for row in rows],
        "urls": [row.address.url for row in rows],
        "hashes": [row.address.url_hash for row in rows],
        "hosts": [row.address.host for row in rows],
        "content_types": [row.content_type for row in rows],
        "content_languages": [row.content_language for row in rows],
        "accounts": [row.account for row in rows],
        "published": [row.published_on for row in rows],
        "notes": [row.note for row in rows],
    }


def _keep_leftovers(case: str, made: Plan, *, by: Principal) -> None:
    left = [result for result in made.results if result.result is not Result.FILED]
    if not left:
        return
    case_id = Case.objects.values_list("pk", flat=True).get(reference=case)
    Leftover.objects.bulk_create(
        Leftover(
            organisation_id=by.organisation_id,
            case_id=case_id,
            row=result.row,
            result=result.result.value,
            code=result.code,
            detail=str(result.detail)[:500],
            given=result.given,
        )
        for result in left
    )


def _record(case: str, references: Sequence[str], made: Plan, *, by: Principal, at: datetime) -> None:
    record(
        "case.filed",
        operation=Operation.COLLECT,
        organisation_id=by.organisation_id,
        target_type="case",
        target=case,
        details={"referrals": list(references), "rows": _counts(made.results)},
        by=by,
        at=at,
    )


def _by_platform(made: Plan) -> Mapping[Route, int]:
    """How many items go to each platform. Several suffixes may lead to one: the first stands for it."""
    first: dict[int, Route] = {}
    return Counter(first.setdefault(route.platform_id, route) for _row, route in made.items)


def _summaries(made: Plan, by_platform: Mapping[int, str], state: State) -> list[FiledReferral]:
    return [
        FiledReferral(by_platform[route.platform_id], route.platform_slug, route.platform_name, state.value, count)
        for route, count in _by_platform(made).items()
    ]


def _counts(results: Sequence[RowResult]) -> dict[str, int]:
    return {str(result): count for result, count in Counter(row.result.value for row in results).items()}


def _title(count: int) -> str:
    return ngettext("%(count)d address", "%(count)d addresses", count) % {"count": count}
