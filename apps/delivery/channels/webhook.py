"""Messages to an organisation's own systems, as Standard Webhooks. What its system answers is the proof of receipt."""

import hashlib
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

from django.utils import timezone

from apps.delivery import reasons
from apps.delivery.channels.fate import Fate
from apps.delivery.models import Delivery, DeliveryState, Endpoint
from apps.delivery.models.endpoint import EndpointState
from apps.delivery.outgoing import Answer, NoAnswer
from apps.delivery.webhooks.circuit import AT_ONCE, BUSY_SECONDS, admit, give_back, report
from apps.delivery.webhooks.messages import body_of, keys_of, send
from apps.delivery.webhooks.signing import KeyPair
from apps.delivery.webhooks.verdicts import Outcome, Verdict, verdict_on
from apps.tenancy.context import acting_as, system

CLAIM = 200
THREADS = 16
BUDGET_SECONDS = 60  # then what waits is handed back: a claim must not outlive its lease
STATES = {
    Outcome.TAKEN: DeliveryState.DELIVERED,
    Outcome.LATER: DeliveryState.DEFERRED,
    Outcome.THROTTLED: DeliveryState.DEFERRED,
    Outcome.REFUSED: DeliveryState.FAILED,
    Outcome.GONE: DeliveryState.FAILED,
    Outcome.FORBIDDEN: DeliveryState.FAILED,
}
Said = tuple[datetime, Answer | NoAnswer]


@dataclass(slots=True)
class Lane:
    """The messages of one claim for one endpoint.

    `slots`: leases it holds, given back when it is done or one by one with each failure, so that the endpoint's row is
    not written for every message. `has_taken`: whether the endpoint took something that its row does not know of yet.
    """

    endpoint: Endpoint
    keys: list[KeyPair]
    waiting: deque[Delivery] = field(default_factory=deque)
    under_way: int = 0
    slots: int = 0
    has_taken: bool = False
    leave_for: float | None = None  # seconds


def reachable(organisation_ids: Collection[int]) -> Set[int]:
    """Who has an endpoint in service."""
    return set(in_service(organisation_ids).values_list("organisation_id", flat=True).distinct())


def in_service(organisation_ids: Collection[int]) -> Any:
    return Endpoint.objects.filter(organisation_id__in=organisation_ids, state=EndpointState.ACTIVE)


def deliver(rows: Sequence[Delivery], *, at: datetime) -> Iterator[tuple[Delivery, Fate]]:
    """Send to many endpoints at once, to each as many as its circuit admits; fates come as answers do."""
    lanes = lanes_for({row.recipient_id for row in rows}, at=at)
    for row in rows:
        lane = _lane_of(row, lanes)
        if lane is None:
            yield row, Fate(DeliveryState.FAILED, code="no_endpoint", detail=reasons.NO_ENDPOINT)
        else:
            lane.waiting.append(row)
    yield from _work([lane for some in lanes.values() for lane in some if lane.waiting])


def lanes_for(organisation_ids: Set[int], *, at: datetime) -> Mapping[int, list[Lane]]:
    """Each organisation's endpoints in service, the oldest first; those left alone for now stand behind the others."""
    found: dict[int, list[Lane]] = {}
    with acting_as(system("deliver")):
        for endpoint in in_service(organisation_ids).prefetch_related("keys").order_by("pk"):
            found.setdefault(endpoint.organisation_id, []).append(Lane(endpoint, keys_of(endpoint, at=at)))
    for lanes in found.values():
        lanes.sort(key=lambda lane: lane.endpoint.open_until is not None and lane.endpoint.open_until > at)
    return found


def _lane_of(row: Delivery, lanes: Mapping[int, list[Lane]]) -> Lane | None:
    return next((lane for lane in lanes.get(row.recipient_id, ()) if lane.endpoint.wants(row.message)), None)


def _work(lanes: list[Lane]) -> Iterator[tuple[Delivery, Fate]]:
    """This thread alone asks the database; the others wait for answers."""
    until = monotonic() + BUDGET_SECONDS
    under_way: dict[Future[Said], tuple[Lane, Delivery]] = {}
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        while any(lane.waiting for lane in lanes) or under_way:
            for lane in lanes:
                _ask(lane, may_send=monotonic() < until)
                while lane.waiting and lane.under_way < lane.slots and lane.leave_for is None:
                    row = lane.waiting.popleft()
                    lane.under_way += 1
                    under_way[pool.submit(_send, lane, row, body_of(row))] = (lane, row)
                yield from _handed_back(lane)
            done, _others = wait(under_way, return_when=FIRST_COMPLETED) if under_way else (set(), set())
            for future in done:
                lane, row = under_way.pop(future)
                lane.under_way -= 1
                yield row, _settled(lane, row, *future.result())


def _ask(lane: Lane, *, may_send: bool) -> None:
    """Take leases where messages wait and none is held; where there are none, the endpoint is left alone."""
    if not lane.waiting or lane.leave_for is not None:
        return
    if not may_send:
        lane.leave_for = BUSY_SECONDS
        _give_back(lane)
        return
    if lane.slots:
        return
    admission = admit(lane.endpoint.pk, wanted=min(len(lane.waiting), AT_ONCE), at=timezone.now())
    lane.slots = admission.granted
    lane.leave_for = None if admission.granted else admission.wait


def _handed_back(lane: Lane) -> Iterator[tuple[Delivery, Fate]]:
    """What an endpoint that is left alone would have got goes back for later."""
    while lane.waiting and lane.leave_for is not None:
        back = Fate(DeliveryState.QUEUED, code="left_alone", detail=reasons.LEFT_ALONE, retry_after=lane.leave_for)
        yield lane.waiting.popleft(), back


def _send(lane: Lane, row: Delivery, body: bytes) -> Said:
    at = timezone.now()
    return at, send(lane.endpoint.url, body, message=row.public_id, keys=lane.keys, at=at)


def _settled(lane: Lane, row: Delivery, started_at: datetime, answer: Answer | NoAnswer) -> Fate:
    at = timezone.now()
    verdict = verdict_on(answer, tries=row.attempts, at=at)
    _note(lane, verdict, at)
    return Fate(
        STATES[verdict.outcome],
        code=verdict.code,
        detail=verdict.detail,
        proof=_proof(lane, row, verdict, at) if verdict.outcome is Outcome.TAKEN else None,
        retry_after=verdict.wait,
        started_at=started_at,
        ended_at=at,
    )


def _note(lane: Lane, verdict: Verdict, at: datetime) -> None:
    """A failure is written down at once, for every worker; what was taken when the lane gives its leases back.

    It does when it is done, and when it has fewer than it may have: an endpoint on trial is asked again.
    """
    if verdict.outcome is Outcome.TAKEN:
        lane.has_taken = True
    else:
        seconds = report(lane.endpoint.pk, verdict, recovered=lane.has_taken, at=at)
        lane.slots, lane.has_taken = lane.slots - 1, False
        lane.leave_for = seconds if seconds > 0 else None
    is_over = not lane.waiting or lane.leave_for is not None or lane.slots < AT_ONCE
    if is_over:
        _give_back(lane)


def _give_back(lane: Lane) -> None:
    """All its leases, once nothing is under way."""
    if lane.slots and not lane.under_way:
        give_back(lane.endpoint.pk, lane.slots, taken=lane.has_taken)
        lane.slots, lane.has_taken = 0, False


def _proof(lane: Lane, row: Delivery, verdict: Verdict, at: datetime) -> dict[str, Any]:
    """What both sides may know: that it was taken, as what, when; the address itself is its owner's."""
    return {
        "channel": "webhook",
        "status": int(verdict.code),
        "webhook_id": str(row.public_id),
        "taken_at": at.isoformat(),
        "address": hashlib.sha256(lane.endpoint.url.encode()).hexdigest()[:16],
    }
