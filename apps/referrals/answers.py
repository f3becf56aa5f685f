from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType

from apps.referrals.statements.detail import NOTHING_MORE, Detail
from apps.taxonomy.outcomes import MEANINGS, Outcome, Restriction
from apps.taxonomy.restrictions import (
    AccountRestriction,
    MonetaryRestriction,
    ProvisionRestriction,
    VisibilityRestriction,
)

FAMILIES: tuple[type[Restriction], ...] = (
    VisibilityRestriction,
    MonetaryRestriction,
    ProvisionRestriction,
    AccountRestriction,
)
FAMILY_OF: Mapping[str, type[Restriction]] = MappingProxyType(
    {str(code): family for family in FAMILIES for code in family.values}
)

# Outcomes that do not say by themselves which restriction they are, with those that may be named for them.
TO_CHOOSE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        Outcome.MONETARY.value: tuple(MonetaryRestriction.values),
        Outcome.SERVICE.value: tuple(ProvisionRestriction.values),
        Outcome.PARTIAL.value: tuple(FAMILY_OF),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One platform's answer about one item, by its reference. Codes are the official ones (domain.md 4.4, 13.2).

    `restrictions`: codes of any family; required where the outcome leaves it open (`TO_CHOOSE`), else what was done
    beside it. `forwarded_to`: of an address that is another service's, whose it is. `detail`: more for the statement
    of reasons. `puid`: of a statement that the platform has written and loaded itself; then none is derived.
    """

    item: str
    outcome: str
    refusal_reason: str = ""
    ground: str = ""
    legal_ground: str = ""
    explanation: str = ""
    acted_at: datetime | None = None
    automated_detection: bool | None = None
    automated_decision: str = ""
    territorial_scope: Sequence[str] = ()
    restrictions: Sequence[str] = ()
    forwarded_to: str = ""
    platform_reference: str = ""
    detail: Detail = NOTHING_MORE
    puid: str = ""

    def apart_from_item(self) -> tuple[Hashable, ...] | None:
        """All it says but for which item: equal for answers that say the same; None where it holds a list."""
        said: tuple[Hashable, ...] = _said(self) if self.detail is NOTHING_MORE else (*_said(self), self.detail)
        try:
            hash(said)
        except TypeError:
            return None
        return said


_said = attrgetter(*(field.name for field in fields(Answer) if field.name not in {"item", "detail"}))


def restrictions_of(answer: Answer) -> Iterator[str]:
    """The codes of everything an answer restricts: the outcome's own, then those named; none twice."""
    own = MEANINGS[Outcome(answer.outcome)].restriction
    yield from dict.fromkeys([*([own.value] if own else []), *map(str, answer.restrictions)])
