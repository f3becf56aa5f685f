from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import ngettext

from apps.accounts.principal import Principal
from apps.portal.presenters.lists import ItemRow, item_row
from apps.referrals.models import Item
from apps.referrals.services import AnswerCode

REFUSED = "refused"
COUNTED = 10_000
SHOWN_ROWS = 1000
ORDER = {REFUSED: 0, "corrected": 1, "decided": 2}


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one answer. `item` is None where there is no such item."""

    reference: str
    result: str
    reason: str | Promise
    item: ItemRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredPage:
    outcome: str
    decided: int
    corrected: int
    refused: int
    lines: Sequence[Line]
    unseen: int
    referral: str
    left: int

    @property
    def whole(self) -> int:
        """Of which this was a part; 0 where there are too many to count."""
        return self.recorded + self.left if self.left <= COUNTED else 0

    @property
    def recorded(self) -> int:
        return self.decided + self.corrected


def recorded_words(count: int) -> str:
    words = ngettext("%(count)s answer was recorded.", "%(count)s answers were recorded.", count)
    return words % {"count": number_format(count)}


def answered_page(outcome: str, rows: Sequence[Sequence[str]], *, left: int, by: Principal) -> AnsweredPage:
    """Refusals first, then corrections; `referral` is named where all items belong to the same one.

    `left`: how many still match the list the answer came from.
    """
    counts = Counter(result for _item, result, *_why in rows)
    ordered = sorted(rows, key=_rank)[:SHOWN_ROWS]
    found = Item.objects.visible_to(by).with_referral().filter(reference__in=[row[0] for row in ordered])
    items = {item.reference: item_row(item, may_answer=True) for item in found}
    referrals = {item.referral for item in items.values()}
    return AnsweredPage(
        outcome=outcome,
        decided=counts["decided"],
        corrected=counts["corrected"],
        refused=counts[REFUSED],
        lines=[Line(item, result, detail or _reason(code), items.get(item)) for item, result, code, detail in ordered],
        unseen=max(len(rows) - SHOWN_ROWS, 0),
        referral=referrals.pop() if len(referrals) == 1 else "",
        left=left,
    )


def _rank(row: Sequence[str]) -> int:
    return ORDER[row[1]]


def _reason(code: str) -> str | Promise:
    return AnswerCode(code).label if code else ""
