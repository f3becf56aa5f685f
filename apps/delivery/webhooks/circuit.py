"""When an endpoint is left alone, and how many messages may be on their way to it: state of its row, so that every
worker of every host knows it (security.md 4.2, rule 7).

Closed: up to `AT_ONCE` messages at a time. After `FAILURES` in a row it is open: nothing is sent until `open_until`.
Then it is half open: one message tries, and closes or opens it again. A worker that dies loses its leases by the clock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.delivery.models import Endpoint
from apps.delivery.models.endpoint import EndpointReason, EndpointState
from apps.delivery.webhooks.verdicts import THROTTLED_SECONDS, Outcome, Verdict
from apps.tenancy.context import acting_as, system

AT_ONCE = 4
FAILURES = 5
OPEN_SECONDS = (60, 120, 300, 600, 1800, 3600)
LEASE_SECONDS = 90  # longer than a worker holds on to one
BUSY_SECONDS = 3
LONGEST_FAILURE = timedelta(days=7)
COUNTED = ["leases", "consecutive_failures", "failing_since", "open_until", "state", "reason", "since"]
FINAL = {Outcome.GONE: EndpointReason.GONE, Outcome.FORBIDDEN: EndpointReason.FORBIDDEN}


@dataclass(frozen=True, slots=True)
class Admission:
    """How many messages may be sent now; where none may, in how many seconds to ask again."""

    granted: int
    wait: float = 0


def admit(endpoint_id: int, *, wanted: int, at: datetime) -> Admission:
    """Take up to `wanted` leases of an endpoint; each is given back by `report`."""
    with acting_as(system("deliver")):
        endpoint = Endpoint.objects.select_for_update().filter(pk=endpoint_id, state=EndpointState.ACTIVE).first()
        if endpoint is None:
            return Admission(0, BUSY_SECONDS)
        if endpoint.open_until and endpoint.open_until > at:
            return Admission(0, (endpoint.open_until - at).total_seconds())
        under_way = [until for until in endpoint.leases if until > at]
        granted = min(wanted, (1 if endpoint.open_until else AT_ONCE) - len(under_way))
        if granted <= 0:
            return Admission(0, BUSY_SECONDS)
        endpoint.leases = under_way + [at + timedelta(seconds=LEASE_SECONDS)] * granted
        endpoint.save(update_fields=["leases"])
        return Admission(granted)


def report(endpoint_id: int, verdict: Verdict, *, recovered: bool = False, at: datetime) -> float:
    """Give a lease back and write down what its message met; `recovered`: it had taken others since the last report.

    Returns for how many seconds to leave it alone now.
    """
    with acting_as(system("deliver")):
        endpoint = Endpoint.objects.select_for_update().filter(pk=endpoint_id).first()
        if endpoint is None:
            return BUSY_SECONDS
        endpoint.leases = sorted(endpoint.leases)[1:]
        if recovered:
            close(endpoint)
        _count(endpoint, verdict, at)
        endpoint.save(update_fields=COUNTED)
        if endpoint.state != EndpointState.ACTIVE:
            return BUSY_SECONDS
        return (endpoint.open_until - at).total_seconds() if endpoint.open_until else 0


def give_back(endpoint_id: int, leases: int, *, taken: bool) -> None:
    """Give leases back; `taken`: the endpoint took the last message it got."""
    with acting_as(system("deliver")):
        endpoint = Endpoint.objects.select_for_update().filter(pk=endpoint_id).first()
        if endpoint is None:
            return
        endpoint.leases = sorted(endpoint.leases)[leases:]
        if taken:
            close(endpoint)
        endpoint.save(update_fields=COUNTED)


def _count(endpoint: Endpoint, verdict: Verdict, at: datetime) -> None:
    if verdict.outcome is Outcome.TAKEN:
        close(endpoint)
        return
    if verdict.outcome is Outcome.THROTTLED:
        endpoint.open_until = at + timedelta(seconds=THROTTLED_SECONDS if verdict.wait is None else verdict.wait)
    endpoint.consecutive_failures += 1
    endpoint.failing_since = endpoint.failing_since or at
    beyond = endpoint.consecutive_failures - FAILURES
    if beyond >= 0:
        opened = at + timedelta(seconds=OPEN_SECONDS[min(beyond, len(OPEN_SECONDS) - 1)])
        endpoint.open_until = max(endpoint.open_until or opened, opened)
    if verdict.outcome in FINAL:
        _disable(endpoint, FINAL[verdict.outcome], at)
    elif at - endpoint.failing_since > LONGEST_FAILURE:
        _disable(endpoint, EndpointReason.FAILING, at)


def close(endpoint: Endpoint) -> None:
    """It takes messages: forget its failures. The caller saves."""
    endpoint.consecutive_failures, endpoint.failing_since, endpoint.open_until = 0, None, None


def _disable(endpoint: Endpoint, reason: EndpointReason, at: datetime) -> None:
    if endpoint.state == EndpointState.ACTIVE:
        endpoint.state, endpoint.reason, endpoint.since = EndpointState.DISABLED, reason, at
