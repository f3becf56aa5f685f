"""Which items the rows of a platform's export are about, and what answering them would do; nothing is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.referrals.answers import Answer
from apps.referrals.intake.addresses import read_address
from apps.referrals.intake.exports import ExportRow
from apps.referrals.intake.problems import RowError
from apps.referrals.models import Item, Statement, Tracking
from apps.referrals.services.answer_rules import first_problem
from apps.referrals.services.loading import said_of
from apps.referrals.statements.reading import answer_of
from apps.referrals.statements.rules import problems
from apps.referrals.transitions import ItemState, Transition


class MatchResult(models.TextChoices):
    ANSWERED = "answered", _("Would be answered")
    DECIDED = "decided", _("Decided already")
    UNMATCHED = "unmatched", _("No item found")
    INVALID = "invalid", _("Not valid")


USED: str | Promise = _("This statement belongs to a decision already.")
TAKEN: str | Promise = _("This puid belongs to another statement. Give each statement its own, for ever.")
TWICE: str | Promise = _("An earlier row of the file is about the same statement or item.")
CLOSED: str | Promise = _("What it is about was answered, withdrawn or closed already.")
NOTHING: str | Promise = _("Nothing in the row names an item of yours: no reference, no number, no address.")


@dataclass(frozen=True, slots=True)
class Match:
    """One row with what would become of it. `answers`: one for each item; the first one takes the row's statement."""

    row: ExportRow
    result: MatchResult
    detail: str = ""
    items: Sequence[Item] = ()
    answers: Sequence[Answer] = ()


@dataclass(slots=True)
class Known:
    """What the rows of a file can be matched with, read in a fixed number of queries."""

    items: Mapping[str, Sequence[Item]]
    stored: Mapping[str, Statement]
    seen_puids: set[str] = field(default_factory=set)
    seen_items: set[str] = field(default_factory=set)


def match_export(rows: Sequence[ExportRow], *, by: Principal, at: datetime) -> list[Match]:
    """What answering with an export would do, row by row."""
    known = _known(rows, by=by)
    return [_match(row, known, at=at) for row in rows]


def _known(rows: Sequence[ExportRow], *, by: Principal) -> Known:
    references = {one for row in rows for one in row.references}
    numbers = {one for row in rows for one in row.numbers if len(one) <= 100 and "\0" not in one}
    hashes = _hashes(row.url for row in rows)
    items: dict[str, list[Item]] = {}
    mine = Item.objects.visible_to(by).with_referral().order_by("pk")
    for item in mine.filter(reference__in=references) if references else ():
        items.setdefault(item.reference, []).append(item)
    for item, number in _numbered(mine, numbers, by=by) if numbers else ():
        items.setdefault(f"number {number}", []).append(item)
    addressed = mine.filter(url_hash__in=set(hashes.values()), state=ItemState.OPEN) if hashes else ()
    at_hash: dict[bytes, list[Item]] = {}
    for item in addressed:
        at_hash.setdefault(bytes(item.url_hash), []).append(item)
    items |= {f"url {url}": at_hash[found] for url, found in hashes.items() if found in at_hash}
    puids = sorted({row.puid for row in rows if row.puid.isascii() and "\0" not in row.puid})
    stored = Statement.objects.filter(organisation_id=by.organisation_id, puid__in=puids)
    return Known(items, {one.puid: one for one in stored.only("puid", "content", "decision_id")})


def _hashes(urls: Iterable[str]) -> dict[str, bytes]:
    read = {url: read_address(url) for url in set(urls) if url}
    return {url: found.url_hash for url, found in read.items() if not isinstance(found, RowError)}


def _numbered(mine: models.QuerySet[Item], numbers: Iterable[str], *, by: Principal) -> list[tuple[Item, str]]:
    """Items by the platform's own tracking number."""
    tracked = Tracking.objects.filter(organisation_id=by.organisation_id, number__in=sorted(numbers))
    number_of = dict(tracked.order_by("pk").values_list("item_id", "number"))
    return [(item, number_of[item.pk]) for item in mine.filter(pk__in=number_of)] if number_of else []


def _match(row: ExportRow, known: Known, *, at: datetime) -> Match:
    if wrong := problems(row.statement):
        return Match(row, MatchResult.INVALID, "\n".join(f"{one.field}: {one.sentence}" for one in wrong))
    stored = known.stored.get(row.puid)
    if stored and stored.decision_id:
        return Match(row, MatchResult.DECIDED, str(USED))
    if stored and said_of(stored.content) != said_of(row.statement):
        return Match(row, MatchResult.INVALID, str(TAKEN))
    found = _items_of(row, known.items)
    if not found:
        return Match(row, MatchResult.UNMATCHED, str(NOTHING))
    return _answered(row, found, known, at=at)


def _items_of(row: ExportRow, items: Mapping[str, Sequence[Item]]) -> Sequence[Item]:
    """By our reference, else by the platform's own number, else by the address: the surest that leads anywhere."""
    for names in (row.references, [f"number {one}" for one in row.numbers], [f"url {row.url}"]):
        if found := {item.pk: item for name in names for item in items.get(name, ())}:
            return list(found.values())
    return ()


def _answered(row: ExportRow, found: Sequence[Item], known: Known, *, at: datetime) -> Match:
    is_open = [one for one in found if one.state == ItemState.OPEN and one.referral.allows(Transition.ANSWER)]
    if not is_open:
        return Match(row, MatchResult.DECIDED, str(CLOSED), found)
    fresh = [one for one in is_open if one.reference not in known.seen_items]
    if not fresh or row.puid in known.seen_puids:
        return Match(row, MatchResult.INVALID, str(TWICE), is_open)
    first, *others = [answer_of(row.statement, one.reference, puid=row.puid) for one in fresh]
    if problem := first_problem(first, at=at):
        return Match(row, MatchResult.INVALID, str(problem.label), fresh)
    known.seen_puids.add(row.puid)
    known.seen_items |= {one.reference for one in fresh}
    return Match(row, MatchResult.ANSWERED, "", fresh, [first, *(replace(one, puid="") for one in others)])


def as_json(match: Match) -> dict[str, Any]:
    """What is kept of a row once its file has been used; rows that were left over keep what was given."""
    left = match.result is not MatchResult.ANSWERED
    return {
        "line": match.row.line,
        "puid": match.row.puid,
        "result": match.result.value,
        "detail": match.detail,
        "outcome": match.answers[0].outcome if match.answers else "",
        "items": [item.reference for item in match.items],
        "given": dict(match.row.given) if left else {},
    }
