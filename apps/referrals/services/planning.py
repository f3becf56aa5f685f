"""Where each row of a filing would go: read only, so that a dry run and the filing itself agree."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.core.prepared import fetch
from apps.organisations.selectors import Route, routes
from apps.referrals.intake.addresses import host_suffixes
from apps.referrals.intake.rows import BadRow, Row


class Result(StrEnum):
    FILED = "filed"
    DUPLICATE = "duplicate"
    HELD = "held"
    UNROUTED = "unrouted"
    INVALID = "invalid"


class PlanCode(models.TextChoices):
    """Why a readable row is not filed."""

    ALREADY_OPEN = "already_open", _("You have referred this address already and the platform has not answered yet.")
    REPEATED = "repeated", _("The same address stands earlier in this list.")
    UNROUTED = "unrouted", _("No platform in the directory answers for this host. It is kept with the case.")
    EXTERNAL_ID_TAKEN = "external_id_taken", _("You have used this external identifier already. Use another one.")
    EXTERNAL_ID_REPEATED = "external_id_repeated", _("The same external identifier stands earlier in this list.")


@dataclass(slots=True)
class RowResult:
    """What became of one row, or would: `item` and `referral` are references; for a duplicate, the known item's."""

    row: int
    result: Result
    given: Any = None
    item: str = ""
    referral: str = ""
    platform: str = ""
    code: str = ""
    detail: str | Promise = ""
    first: "RowResult | None" = None  # where the same address stood earlier in the list


@dataclass(slots=True)
class Plan:
    """`items` are the rows to file with their routes; `results` has one entry per row, in order."""

    items: list[tuple[Row, Route]] = field(default_factory=list)
    results: list[RowResult] = field(default_factory=list)


def plan(rows: Sequence[Row | BadRow], *, by: Principal) -> Plan:
    """Route every row and find what is known already: two queries, whatever the number of rows."""
    readable = [row for row in rows if isinstance(row, Row)]
    suffixes = {row.address.host: host_suffixes(row.address.host) for row in readable}
    directory = routes((suffix for found in suffixes.values() for suffix in found), by=by.organisation_id)
    routed = {host: next((directory[s] for s in found if s in directory), None) for host, found in suffixes.items()}
    known = Known(readable, by=by)
    made = Plan()
    for row in rows:
        if isinstance(row, BadRow):
            made.results.append(_invalid(row))
            continue
        route = routed[row.address.host]
        result = known.place(row, route)
        made.results.append(result)
        if route and result.result is Result.FILED:
            made.items.append((row, route))
    return made


class Known:
    """Addresses and identifiers that this sender, or this list, has used before."""

    def __init__(self, rows: Sequence[Row], *, by: Principal):
        self._open, self._external = _known(rows, by)
        self._seen: dict[bytes, RowResult] = {}
        self._identifiers: set[str] = set()

    def place(self, row: Row, route: Route | None) -> RowResult:
        result = self._problem(row, route) or RowResult(row.index, Result.FILED)
        result.given, result.platform = row.given, route.platform_slug if route else ""
        if result.result is Result.FILED:
            self._seen[row.address.url_hash] = result
            if row.external_id:
                self._identifiers.add(row.external_id)
        return result

    def _problem(self, row: Row, route: Route | None) -> RowResult | None:
        if route is None:
            return _refusal(row, Result.UNROUTED, PlanCode.UNROUTED)
        if reference := self._open.get(row.address.url_hash):
            return _refusal(row, Result.DUPLICATE, PlanCode.ALREADY_OPEN, item=reference)
        if first := self._seen.get(row.address.url_hash):
            repeated = _refusal(row, Result.DUPLICATE, PlanCode.REPEATED)
            repeated.first = first
            return repeated
        if row.external_id and row.external_id in self._external:
            return _refusal(row, Result.INVALID, PlanCode.EXTERNAL_ID_TAKEN, item=self._external[row.external_id])
        if row.external_id in self._identifiers:
            return _refusal(row, Result.INVALID, PlanCode.EXTERNAL_ID_REPEATED)
        return None


_KNOWN = """
SELECT url_hash, external_id, reference, state = 'open' FROM referrals_item
 WHERE sender_id = %(sender)s AND url_hash = ANY(%(hashes)s::bytea[]) AND state = 'open'
 UNION ALL
SELECT url_hash, external_id, reference, false FROM referrals_item
 WHERE sender_id = %(sender)s AND external_id = ANY(%(identifiers)s::text[]) AND external_id <> ''
"""


def _known(rows: Sequence[Row], by: Principal) -> tuple[dict[bytes, str], dict[str, str]]:
    if not rows:
        return {}, {}
    found = fetch(
        _KNOWN,
        {
            "sender": by.organisation_id,
            "hashes": [row.address.url_hash for row in rows],
            "identifiers": [row.external_id for row in rows if row.external_id],
        },
    )
    is_open = {bytes(url_hash): reference for url_hash, _id, reference, state in found if state}
    return is_open, {identifier: reference for _hash, identifier, reference, state in found if not state}


def _refusal(row: Row, result: Result, code: PlanCode, *, item: str = "") -> RowResult:
    return RowResult(row.index, result, item=item, code=code.value, detail=code.label)


def _invalid(row: BadRow) -> RowResult:
    first = row.problems[0]
    detail = " ".join(str(problem.detail) for problem in row.problems)
    return RowResult(row.index, Result.INVALID, given=row.given, code=first.code, detail=detail)
