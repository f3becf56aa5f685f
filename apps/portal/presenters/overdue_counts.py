"""How many are late, by age, urgency and the other side: one grouped reading, whatever the number of rows.

Each facet is counted under the other filters and not under its own, so that every figure is the one its link leads to.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Case, CharField, Count, Min, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Organisation
from apps.referrals.querysets import ReferralQuerySet

AHEAD = timedelta(hours=24)
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Age:
    """How late, from `since` up to `until`; `key` stands in the address. `is_ahead`: not late yet."""

    key: str
    label: str | Promise
    since: timedelta = timedelta()
    until: timedelta | None = None
    is_ahead: bool = False

    def condition(self, at: datetime) -> Q:
        if self.is_ahead:
            return Q(due_at__gte=at, due_at__lte=at + AHEAD)
        late = Q(due_at__lt=at - self.since)
        return late & Q(due_at__gte=at - self.until) if self.until else late

    def holds(self, other: str) -> bool:
        """Whether a bucket of the count belongs to it: all that is late belongs to the first."""
        return other == self.key or (not self.key and other != SOON.key)


EVERY = Age("", _("All"))
SOON = Age("soon", _("Due within 24 h"), is_ahead=True)
BUCKETS = (
    Age("day", _("Less than a day"), until=timedelta(days=1)),
    Age("days", _("1 to 3 days"), timedelta(days=1), timedelta(days=3)),
    Age("week", _("3 to 7 days"), timedelta(days=3), timedelta(days=7)),
    Age("older", _("More than a week"), timedelta(days=7)),
    SOON,
)
AGES = (EVERY, *BUCKETS)


@dataclass(frozen=True, slots=True)
class Group:
    """What is counted together. `since`: the earliest due time in it."""

    age: str
    urgency: str
    other: int
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """The counts, and what the reader has chosen; an empty choice is no filter."""

    groups: Sequence[Group]
    age: Age
    urgencies: Sequence[str] = ()
    other: str = ""
    names: Mapping[int, tuple[str, str]] = field(default_factory=dict)  # slug and name by key

    def ages(self) -> dict[str, int]:
        kept = [one for one in self.groups if self._of_urgency(one) and self._of_other(one)]
        return {age.key: sum(one.count for one in kept if age.holds(one.age)) for age in AGES}

    def by_urgency(self) -> dict[str, Tally]:
        return _tallies(
            [one for one in self.groups if self.age.holds(one.age) and self._of_other(one)], lambda one: one.urgency
        )

    def by_other(self) -> dict[tuple[str, str], Tally]:
        return _tallies(
            [one for one in self.groups if self.age.holds(one.age) and self._of_urgency(one)],
            lambda one: self.names[one.other],
        )

    def _of_urgency(self, one: Group) -> bool:
        return not self.urgencies or one.urgency in self.urgencies

    def _of_other(self, one: Group) -> bool:
        return not self.other or self.names[one.other][0] == self.other


def board(
    rows: ReferralQuerySet, *, age: Age, urgencies: Sequence[str], other: str, is_sender: bool, at: datetime
) -> Board:
    """Two queries: the groups, and the names of the other side. `rows`: late or due soon, under all other filters."""
    column = "recipient_id" if is_sender else "sender_id"
    bucket = Case(
        *(When(one.condition(at), then=Value(one.key)) for one in BUCKETS),
        default=Value(""),
        output_field=CharField(),
    )
    counted = rows.order_by().annotate(bucket=bucket).values_list("bucket", "urgency", column)
    groups = [Group(*found) for found in counted.annotate(count=Count("pk"), since=Min("due_at"))]
    houses = Organisation.objects.filter(pk__in={one.other for one in groups})
    names = {pk: (slug, name) for pk, slug, name in houses.values_list("pk", "slug", "name")}
    return Board(groups, age, urgencies, other, names)


def _tallies(groups: Sequence[Group], key: Callable[[Group], Key]) -> dict[Key, Tally]:
    """The largest first, and of equally large ones the oldest."""
    found: dict[Key, list[Group]] = defaultdict(list)
    for one in groups:
        found[key(one)].append(one)
    tallies = {
        value: Tally(sum(one.count for one in members), min(one.since for one in members))
        for value, members in found.items()
    }
    return dict(sorted(tallies.items(), key=lambda pair: (-pair[1].count, pair[1].since)))
