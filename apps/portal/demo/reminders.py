"""The rungs that the past year of sweeps would have taken, by the same ladder; quiet hours are left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from apps.deadlines.ladder import Climber, Planned, Side, climb
from apps.portal.demo.stories import ReferralStory

SWEEP = timedelta(seconds=31)  # a rung is taken with the first sweep after its time

# What came on the Commission's list, counted as `apps.deadlines.services.escalating` does.
COUNT_ESCALATIONS = """
INSERT INTO deadlines_escalation (platform_id, instrument, area, day, age, count)
SELECT c.recipient_id, r.instrument, r.area, (c.at AT TIME ZONE 'UTC')::date,
       CASE WHEN c.at - o.due_at <= interval '1 day' THEN '1_day'
            WHEN c.at - o.due_at <= interval '3 days' THEN '3_days'
            WHEN c.at - o.due_at <= interval '7 days' THEN '7_days' ELSE 'older' END, count(*)
  FROM deadlines_chase c JOIN referrals_obligation o ON o.id = c.obligation_id
  JOIN referrals_referral r ON r.id = o.referral_id
 WHERE c.rung = 'commission' GROUP BY 1, 2, 3, 4, 5
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Taken:
    planned: Planned
    round: int
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Climb:
    """`taken`: earliest first. The look times are None where the ladder has ended or no clock runs."""

    taken: Sequence[Taken] = ()
    chase_at: datetime | None = None
    escalate_at: datetime | None = None


def climb_of(told: ReferralStory, *, now: datetime) -> Climb:
    if told.received_at is None or told.due_at is None:
        return Climb()
    clock = Climber(due_at=told.received_at + told.limit, limit_seconds=int(told.limit.total_seconds()))
    over_at = min((at for at in (told.answered_at, told.withdrawn_at) if at), default=None)
    taken = _until(clock, told.asked_at or over_at or now)
    if told.asked_at and told.replied_at:
        before = {(one.planned.step.rung.value, 0) for one in taken}
        clock = replace(clock, due_at=told.due_at, round=1, went_on_at=told.replied_at, taken=before)
        taken += _until(clock, over_at or now)
    if over_at or (told.asked_at and not told.replied_at):
        return Climb(taken)
    climber = replace(clock, taken={(one.planned.step.rung.value, one.round) for one in taken})
    chase_at, escalate_at = (climb(climber, side=side, at=now - SWEEP, quiet_until=None).look_at for side in Side)
    return Climb(taken, chase_at, escalate_at)


def _until(clock: Climber, end: datetime) -> list[Taken]:
    """What is taken in one round, by sweeps before its end."""
    due = [one for side in Side for one in climb(clock, side=side, at=end - SWEEP, quiet_until=None).due]
    rows = [Taken(one, clock.round, clock.due_at, max(one.at, clock.went_on_at or one.at) + SWEEP) for one in due]
    return sorted((row for row in rows if row.at < end), key=lambda row: row.at)
