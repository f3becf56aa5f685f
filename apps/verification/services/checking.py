import time
from datetime import datetime, timedelta

from apps.tenancy.context import acting_as, system
from apps.verification.egress import Egress, egress
from apps.verification.findings import Finding
from apps.verification.looking import look_at
from apps.verification.models import Check, Recheck, Source
from apps.verification.places import host_of
from apps.verification.services.contradicting import open_review
from apps.verification.services.planning import Planned, is_waiting, plan, take
from apps.verification.styles import VERSION, Judgement, Look

RUN_SECONDS = 20.0  # no look is begun after this
PAUSE_SECONDS = 0.5
MOST_ATTEMPTS = 3
AGAIN_IN = timedelta(hours=4)  # where nothing answered


def check_due(*, at: datetime, run_seconds: float = RUN_SECONDS) -> int:
    """Make the looks that are due; returns how many were written down. Safe to run at any time, several at once."""
    if egress() is Egress.CLOSED:
        return 0
    started, made = time.monotonic(), 0
    with acting_as(system("verify")):
        plan(at=at)
    while (passed := time.monotonic() - started) < run_seconds:
        now = at + timedelta(seconds=passed)
        with acting_as(system("verify")):
            planned = take(at=now)
            is_over = planned is None and not is_waiting(at=now)
        if is_over:
            break
        if planned is None:
            time.sleep(PAUSE_SECONDS)
            continue
        made += _look(planned, at=at, started=started)
    return made


def _look(planned: Planned, *, at: datetime, started: float) -> bool:
    """Look outside of any transaction, and write down what was found, when it was found."""
    look, verdict = look_at(planned.url)
    now = at + timedelta(seconds=time.monotonic() - started)
    with acting_as(system("verify")):
        held = Recheck.objects.select_for_update().filter(pk=planned.pk, done_at=None, lease_until=planned.lease_until)
        row = held.select_related("item").first()
        if row is None:
            return False  # it took longer than the lease, and somebody else has made it
        if verdict.finding == Finding.UNREACHABLE and planned.attempts < MOST_ATTEMPTS:
            row.due_at, row.lease_until = now + AGAIN_IN, None
            row.save(update_fields=["due_at", "lease_until"])
            return False
        _write_down(row, look, verdict, at=now)
        return True


def _write_down(row: Recheck, look: Look, verdict: Judgement, *, at: datetime) -> None:
    answer = look.answer
    check = Check.objects.create(
        sender_id=row.sender_id,
        recipient_id=row.recipient_id,
        item=row.item,
        source=Source.CHECKER,
        finding=verdict.finding,
        reason=verdict.reason,
        at=at,
        claimed_at=row.claimed_at,
        after_days=row.after_days,
        http_status=answer.status if answer else None,
        final_host=host_of(answer.address)[:253] if answer else "",
        hops=look.hops,
        compared=look.compared,
        checker_version=VERSION,
    )
    row.done_at, row.lease_until = at, None
    row.save(update_fields=["done_at", "lease_until"])
    if row.item.decided_at == row.claimed_at:
        open_review(row.item, check)
