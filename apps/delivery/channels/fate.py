from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.delivery.models import Delivery, DeliveryState


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one try.

    `SENT`: it left, no receipt yet. `DELIVERED`: `proof` shows the receipt. `DEFERRED`: try again, after `retry_after`
    seconds or when the schedule says. `FAILED`, `BOUNCED`: never by this channel. `QUEUED`: it was not tried at all
    (the other side is being left alone); it goes back for `retry_after` seconds and counts as no attempt.
    `code` is what the other side answered; `started_at`, `ended_at` are when, by our clock.
    """

    state: DeliveryState
    code: str = ""
    detail: str = ""
    proof: Mapping[str, Any] | None = None
    retry_after: float | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None


Deliver = Callable[..., Iterator[tuple[Delivery, Fate]]]


@dataclass(frozen=True, slots=True)
class Adapter:
    """A channel. `deliver(rows, at=…)` yields each row's fate as it is known; it touches no delivery itself.

    `reachable(organisation_ids)` says whom it can reach at all. After every `settle_every` fates they are written
    down: what a killed worker had not written down yet is tried once more.
    """

    deliver: Deliver
    reachable: Callable[[Collection[int]], Set[int]]
    settle_every: int = 1
    claim: int = 50


Rows = Sequence[Delivery]
