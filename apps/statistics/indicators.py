"""The indicators, as data: what each counts, of what, and what it leaves out. docs/indicators.md explains them.

Numbers and formulas are those of domain.md 11.1, aligned to Implementing Regulation (EU) 2024/2835 where it defines
them. Change a definition, and `VERSION` must rise: published figures name the version they were made by.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.statistics.measures import Measure, count_of, distribution, median_of, share_of

VERSION = 1


class Unit(StrEnum):
    REFERRALS = "referrals"
    ITEMS = "items"
    SHARE = "share"  # 0 to 1
    HOURS = "hours"


class Exclusion(models.TextChoices):
    """What is left out of an indicator, and counted beside it."""

    UNSENT = "unsent", _("not sent yet, or withdrawn before")
    UNDELIVERED = "undelivered", _("sent, receipt not proven yet")
    WITHDRAWN = "withdrawn", _("withdrawn by the sender before a decision")
    UNDECIDED = "undecided", _("not decided yet")
    WITHOUT_ACTION = "without_action", _("decided without any action")


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator. The texts are for people; `measure` makes a figure of counts."""

    id: str
    name: str | Promise
    unit: Unit
    numerator: str | Promise
    denominator: str | Promise
    measure: Measure = field(repr=False)
    note: str | Promise = ""
    timed: bool = False  # needs the single durations, not only counts


_UNSENT = (Exclusion.UNSENT.value, lambda c: c.items - c.sent_items)
_UNDELIVERED = (Exclusion.UNDELIVERED.value, lambda c: c.sent_items - c.delivered)
_WITHDRAWN = (Exclusion.WITHDRAWN.value, lambda c: c.withdrawn)
_UNDECIDED = (Exclusion.UNDECIDED.value, lambda c: c.undecided)
_WITHOUT_ACTION = (Exclusion.WITHOUT_ACTION.value, lambda c: c.decided - c.acted_on)

_FILED = _(
    "By month of filing. An organisation's own figures count drafts as well; the figures of platforms and of all "
    "organisations count from the moment of sending."
)
_ANSWERABLE = _("Items delivered with proof of receipt, without those withdrawn before a decision")
_DECIDED = _("Items with a decision")

CATALOGUE: Mapping[str, Definition] = MappingProxyType(
    {
        one.id: one
        for one in (
            Definition(
                "I1",
                _("Referrals and notices filed"),
                Unit.REFERRALS,
                _("Referrals: one legal instrument to one platform, whatever its number of addresses"),
                "",
                count_of(lambda c: c.referrals),
                _FILED,
            ),
            Definition(
                "I2",
                _("Items filed"),
                Unit.ITEMS,
                _("Items: single addresses, counted separately from the referrals that carry them"),
                "",
                count_of(lambda c: c.items),
                _FILED,
            ),
            Definition(
                "I3",
                _("Delivery rate"),
                Unit.SHARE,
                _("Items delivered with proof of receipt"),
                _("Items sent"),
                share_of(lambda c: c.delivered, lambda c: c.sent_items, [_UNSENT]),
            ),
            Definition(
                "I5",
                _("Response rate"),
                Unit.SHARE,
                _DECIDED,
                _ANSWERABLE,
                share_of(lambda c: c.decided, lambda c: c.answerable, [_UNSENT, _UNDELIVERED, _WITHDRAWN]),
            ),
            Definition(
                "I7",
                _("Median time to decision"),
                Unit.HOURS,
                _("Hours from proven receipt to the first decision; half of the items took no longer"),
                _DECIDED,
                median_of(lambda c: c.decision_seconds, [_UNDECIDED, _UNDELIVERED, _WITHDRAWN]),
                _(
                    "An even number of items: the mean of the two middle values. 90 % within: nearest rank. Time in "
                    "which the platform waited for information counts."
                ),
                timed=True,
            ),
            Definition(
                "I8",
                _("Median time to action"),
                Unit.HOURS,
                _("Hours from proven receipt to the action the platform states; half of the items took no longer"),
                _("Items on which any action was taken"),
                median_of(lambda c: c.action_seconds, [_WITHOUT_ACTION, _UNDECIDED, _UNDELIVERED, _WITHDRAWN]),
                timed=True,
            ),
            Definition(
                "I9",
                _("Removal rate of decided items"),
                Unit.SHARE,
                _("Items removed or access to them disabled"),
                _DECIDED,
                share_of(lambda c: c.removed, lambda c: c.decided, [_UNDECIDED, _UNDELIVERED, _WITHDRAWN]),
                _("To be read beside the response rate. A removal is what the platform states."),
            ),
            Definition(
                "I10",
                _("Removal rate of all items"),
                Unit.SHARE,
                _("Items removed or access to them disabled"),
                _ANSWERABLE,
                share_of(lambda c: c.removed, lambda c: c.answerable, [_UNSENT, _UNDELIVERED, _WITHDRAWN]),
            ),
            Definition(
                "I12",
                _("Action rate"),
                Unit.SHARE,
                _("Items with any restriction: removal, demotion, label, account …"),
                _DECIDED,
                share_of(lambda c: c.acted_on, lambda c: c.decided, [_UNDECIDED, _UNDELIVERED, _WITHDRAWN]),
            ),
            Definition(
                "I13",
                _("Decided within 24 hours"),
                Unit.SHARE,
                _("Items decided up to 24:00:00 hours after proven receipt"),
                _ANSWERABLE,
                distribution([_UNSENT, _UNDELIVERED, _WITHDRAWN]),
                _("With the whole distribution: separate buckets and cumulative shares. A bound is inside."),
            ),
            Definition(
                "I23",
                _("Open past the due time"),
                Unit.ITEMS,
                _("Items without a decision whose due time had passed at the as-of time"),
                "",
                count_of(lambda c: c.overdue),
                _("While a platform waits for information its clock stands still, and the item is not late."),
            ),
        )
    }
)
