from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import ngettext

from apps.accounts.principal import Principal
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.references import new_references
from apps.organisations.selectors import Route
from apps.referrals.intake.rows import BadRow, Row
from apps.referrals.models import Case, Leftover, Referral
from apps.referrals.models.event import Verb
from apps.referrals.services.events import note
from apps.referrals.services.filing_rules import ExternalIdTaken, Filing, NothingToFile, check
from apps.referrals.services.planning import Plan, Result, RowResult, plan
from apps.referrals.services.sending import send
from apps.referrals.transitions import State

ATTEMPTS = 3  # a new reference may meet an old one, once in a hundred filings at a million rows
ITEM_SYMBOLS = 12

_ITEMS = """
WITH given AS (
  SELECT * FROM unnest(
    %(referral)s::bigint[], %(recipient)s::bigint[], %(reference)s::text[], %(row)s::int[], %(external_id)s::text[],
    %(url_raw)s::text[], %(url)s::text[], %(url_hash)s::bytea[], %(host)s::text[], %(content_type)s::text[],
    %(content_language)s::text[], %(account)s::text[], %(published_on)s::date[], %(note)s::text[]
  ) AS t(referral_id, recipient_id, reference, row, external_id, url_raw, url, url_hash, host, content_type,
         content_language, account, published_on, note)
), new AS (
  INSERT INTO referrals_item
    (sender_id, recipient_id, disclosed, referral_id, reference, row, external_id, url_raw, url, url_hash, host,
     content_type, content_language, account, published_on, note, filed_at)
  SELECT %(sender)s, recipient_id, false, referral_id, reference, row, external_id, url_raw, url, url_hash, host,
         content_type, content_language, account, published_on, note, %(at)s
    FROM given
  RETURNING id, recipient_id, referral_id
)
INSERT INTO referrals_event
  (sender_id, recipient_id, disclosed, referral_id, item_id, verb, at, actor_id, actor_label, organisation_id)
SELECT %(sender)s, recipient_id, false, referral_id, id, 'item.filed', %(at)s, %(actor)s, %(label)s, %(sender)s FROM new
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
    case = Case.objects.create(
        organisation_id=by.organisation_id,
        reference=new_references("C", 1)[0],
        external_id=filing.external_id,
        title=filing.title.strip() or _title(len(made.items)),
        note=filing.note,
        source=source,
        row_count=len(made.results),
        created_at=at,
        created_by_id=by.user_id,
    )
    referrals = _write_referrals(filing, case, made, submit=submit, by=by, at=at)
    _write_items(made, referrals, by=by, at=at)
    _keep_leftovers(case, made)
    _record(case, referrals, made, by=by, at=at)
    _hand_in(list(referrals.values()), submit=submit, by=by, at=at)
    return Filed(case.reference, _summaries(made, referrals), made.results, _counts(made.results))


def _write_referrals(
    filing: Filing, case: Case, made: Plan, *, submit: bool, by: Principal, at: datetime
) -> dict[int, Referral]:
    """One referral per platform, by the platform's id."""
    platforms = _by_platform(made)
    submission: dict[str, Any] = {"submitted_at": at, "submitted_by_id": by.user_id} if submit else {}
    referrals = Referral.objects.bulk_create(
        Referral(
            sender_id=by.organisation_id,
            recipient_id=route.platform_id,
            case=case,
            reference=reference,
            state=State.IN_REVIEW if submit else State.DRAFT,
            instrument=filing.instrument,
            area=filing.area,
            category=filing.category,
            keywords=list(filing.keywords),
            urgency=filing.urgency,
            legal_basis=filing.legal_basis,
            reasons=filing.reasons,
            language=filing.language,
            tlp=filing.tlp,
            pap=filing.pap,
            good_faith_at=at if filing.good_faith else None,
            item_count=count,
            open_count=count,
            filed_at=at,
            created_by_id=by.user_id,
            **submission,
        )
        for reference, (route, count) in zip(new_references("R", len(platforms)), platforms.items(), strict=True)
    )
    return {referral.recipient_id: referral for referral in referrals}


def _write_items(made: Plan, referrals: Mapping[int, Referral], *, by: Principal, at: datetime) -> None:
    references = new_references("I", len(made.items), ITEM_SYMBOLS)
    results = {result.row: result for result in made.results}
    for (row, route), reference in zip(made.items, references, strict=True):
        result = results[row.index]
        result.item, result.referral = reference, referrals[route.platform_id].reference
    for result in made.results:
        if result.first:
            result.item, result.referral = result.first.item, result.first.referral
    rows = [row for row, _route in made.items]
    columns: dict[str, Any] = {
        "referral": [referrals[route.platform_id].pk for _row, route in made.items],
        "recipient": [route.platform_id for _row, route in made.items],
        "reference": references,
        "row": [row.index for row in rows],
        "external_id": [row.external_id for row in rows],
        "url_raw": [row.address.raw for row in rows],
        "url": [row.address.url for row in rows],
        "url_hash": [row.address.url_hash for row in rows],
        "host": [row.address.host for row in rows],
        "content_type": [row.content_type for row in rows],
        "content_language": [row.content_language for row in rows],
        "account": [row.account for row in rows],
        "published_on": [row.published_on for row in rows],
        "note": [row.note for row in rows],
    }
    with connection.cursor() as cursor:
        actor: dict[str, Any] = {"sender": by.organisation_id, "actor": by.user_id, "label": by.label, "at": at}
        cursor.execute(_ITEMS, {**columns, **actor})


def _keep_leftovers(case: Case, made: Plan) -> None:
    Leftover.objects.bulk_create(
        Leftover(
            organisation_id=case.organisation_id,
            case=case,
            row=result.row,
            result=result.result.value,
            code=result.code,
            detail=str(result.detail)[:500],
            given=result.given,
        )
        for result in made.results
        if result.result is not Result.FILED
    )


def _record(case: Case, referrals: Mapping[int, Referral], made: Plan, *, by: Principal, at: datetime) -> None:
    record(
        "case.filed",
        operation=Operation.COLLECT,
        organisation_id=by.organisation_id,
        target_type="case",
        target=case.reference,
        details={"referrals": [row.reference for row in referrals.values()], "rows": _counts(made.results)},
        by=by,
        at=at,
    )


def _hand_in(referrals: Sequence[Referral], *, submit: bool, by: Principal, at: datetime) -> None:
    note(Verb.REFERRAL_FILED, referrals, by=by, at=at)
    if not submit:
        return
    note(Verb.REFERRAL_SUBMITTED, referrals, by=by, at=at)
    if not by.organisation.second_person:
        send(referrals, approved=False, by=by, at=at)
        for referral in referrals:
            referral.state = State.SENT


def _by_platform(made: Plan) -> Mapping[Route, int]:
    """How many items go to each platform. Several suffixes may lead to one: the first stands for it."""
    first: dict[int, Route] = {}
    return Counter(first.setdefault(route.platform_id, route) for _row, route in made.items)


def _summaries(made: Plan, referrals: Mapping[int, Referral]) -> list[FiledReferral]:
    return [
        FiledReferral(
            referrals[route.platform_id].reference,
            route.platform_slug,
            route.platform_name,
            referrals[route.platform_id].state,
            count,
        )
        for route, count in _by_platform(made).items()
    ]


def _counts(results: Sequence[RowResult]) -> dict[str, int]:
    return {str(result): count for result, count in Counter(row.result.value for row in results).items()}


def _title(count: int) -> str:
    return ngettext("%(count)d address", "%(count)d addresses", count) % {"count": count}
