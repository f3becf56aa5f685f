"""What a filing would do, or has left over: every row accounted for, the first of them shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.portal.presenters.masking import shown
from apps.portal.presenters.status import Mark
from apps.referrals.models import Item
from apps.referrals.services import Filed, Result, RowResult

SHOWN = 200
LONGEST = 300

MARKS: Mapping[str, Mark] = {
    Result.FILED: Mark("good", "circle-check", _("Ready")),
    Result.DUPLICATE: Mark("neutral", "copy", _("Known already")),
    Result.HELD: Mark("wait", "hand", _("Held")),
    Result.UNROUTED: Mark("wait", "route-off", _("No platform")),
    Result.INVALID: Mark("bad", "circle-x", _("Not readable")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `number` is the line or row a person counts, `link` leads to what is known already."""

    number: int
    address: str
    mark: Mark
    words: str | Promise
    platform: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One platform and the addresses that would go to it; of those, the first few."""

    name: str
    count: int
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Preview:
    """`counts`: (mark, how many) for each result there is. `prose`: lines left out, with their numbers."""

    groups: Sequence[Group]
    problems: Sequence[Line]
    counts: Sequence[tuple[Mark, int]]
    total: int
    ready: int
    more_problems: int = 0
    prose: Sequence[tuple[int, str]] = field(default_factory=list)


def preview_of(
    filed: Filed,
    *,
    numbers: Sequence[int],
    prose: Sequence[tuple[int, str]] = (),
    hidden: bool = False,
    column: str = "url",
    by: Principal,
) -> Preview:
    """`numbers`: what each row is called by a person; `column`: which part of a row holds the address."""
    problems = [row for row in filed.rows if row.result is not Result.FILED]
    lines = lines_of(problems[:SHOWN], numbers=numbers, hidden=hidden, column=column, by=by)
    return Preview(
        groups=_groups(filed, numbers=numbers, hidden=hidden, column=column, room=SHOWN - len(lines)),
        problems=lines,
        counts=counts_of(filed),
        total=len(filed.rows),
        ready=filed.counts.get(Result.FILED, 0),
        more_problems=len(problems) - len(lines),
        prose=[(number, text[:LONGEST]) for number, text in prose[:SHOWN]],
    )


def counts_of(filed: Filed) -> Sequence[tuple[Mark, int]]:
    return [(mark, filed.counts[result]) for result, mark in MARKS.items() if filed.counts.get(result)]


def lines_of(
    rows: Sequence[RowResult],
    *,
    numbers: Sequence[int],
    hidden: bool = False,
    column: str = "url",
    names: Mapping[str, str] | None = None,
    by: Principal,
) -> Sequence[Line]:
    """Rows as a page shows them, each with a way to what is known already. One query."""
    links = _links([row.item for row in rows if row.item], by)
    name_of: Callable[[str], str] = (names or {}).get  # type: ignore[assignment]  # called with known slugs alone
    return [
        Line(
            number=numbers[row.row],
            address=address_of(row.given, column=column, hidden=hidden),
            mark=MARKS[row.result],
            words=row.detail,
            platform=name_of(row.platform) or "",
            link=links.get(row.item, ""),
        )
        for row in rows
    ]


def address_of(given: Any, *, column: str = "url", hidden: bool = False) -> str:
    """The address in a row as it came, defanged and no longer than a line; empty where there is none."""
    text = given.get(column, "") if isinstance(given, dict) else given
    return shown(str(text)[:LONGEST], hidden=hidden) if text else ""


def _groups(filed: Filed, *, numbers: Sequence[int], hidden: bool, column: str, room: int) -> Sequence[Group]:
    """Platforms with the most addresses first; together they show no more than `room` addresses."""
    shown_rows: dict[str, list[Line]] = {}
    for row in filed.rows:
        if row.result is Result.FILED and room > 0:
            room -= 1
            line = Line(numbers[row.row], address_of(row.given, column=column, hidden=hidden), MARKS[row.result], "")
            shown_rows.setdefault(row.platform, []).append(line)
    platforms = sorted(filed.referrals, key=_by_size)
    return [Group(one.platform_name, one.items, shown_rows.get(one.platform_slug, [])) for one in platforms]


def _by_size(referral: Any) -> tuple[int, str]:
    return -referral.items, referral.platform_name


def _links(references: Sequence[str], by: Principal) -> Mapping[str, str]:
    """Where each known item stands."""
    if not references:
        return {}
    rows = Item.objects.visible_to(by).filter(reference__in=set(references))
    pairs = rows.values_list("reference", "referral__reference")
    return {item: f"{reverse('portal:referral', args=[referral])}#{item}" for item, referral in pairs}
