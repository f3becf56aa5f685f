from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.audit.models import Operation
from apps.audit.services import record
from apps.core.errors import Conflict, Refused
from apps.deadlines.policies import MOST_LINES, Line, Version, differences, is_a_ladder, moved_rungs, newest_of
from apps.referrals.models import Policy, Target


class PolicyHasChanged(Conflict):
    code = "policy_has_changed"
    message = _("Somebody has saved another version in the meantime. Look at it, then make your changes again.")


class NothingHasChanged(Refused):
    code = "nothing_has_changed"
    message = _("These are the rules that count already. Change something, or leave the page.")


class LineIsDoubled(Refused):
    code = "line_is_doubled"
    message = _("Two lines are about the same referrals. Keep one of them.")


class LimitOutOfReach(Refused):
    code = "limit_out_of_reach"
    message = _("A time is longer than the portal can count, or no time at all.")


class LadderOutOfReach(Refused):
    code = "ladder_out_of_reach"
    message = _("The ladder of reminders names a step that is not known, or one that is never reached.")


@transaction.atomic
def save_policy(
    lines: Sequence[Line], *, ladder: Mapping[str, int], note: str, based_on: int, by: Principal, at: datetime
) -> int:
    """Write the next version of what the acting organisation asks for or promises; returns its number.

    `based_on`: the version the author had before their eyes, 0 for none; another newest one refuses. What is received
    from now on follows it. Obligations keep the terms they were started under.
    """
    _alone(by.organisation_id)
    newest = newest_of(by.organisation_id)
    if (newest.number if newest else 0) != based_on:
        raise PolicyHasChanged
    _check(lines, ladder, newest)
    policy = Policy.objects.create(
        organisation_id=by.organisation_id,
        version=based_on + 1,
        note=note,
        ladder=dict(ladder),
        created_at=at,
        created_by_id=by.user_id,
    )
    targets = [line.unsaved(by.organisation_id) for line in lines]
    for target in targets:
        target.policy = policy
    Target.objects.bulk_create(targets)
    _record(policy, len(targets), by=by, at=at)
    return policy.version


def _alone(organisation_id: int) -> None:
    """One author at a time: of two who save at once, the second is told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('deadlines.save_policy'), %s::int)", [organisation_id])


def _check(lines: Sequence[Line], ladder: Mapping[str, int], newest: Version | None) -> None:
    if len({line.about for line in lines}) != len(lines) or len(lines) > MOST_LINES:
        raise LineIsDoubled
    if not all(line.is_within_reason for line in lines):
        raise LimitOutOfReach
    if not is_a_ladder(ladder):
        raise LadderOutOfReach
    before = (newest.lines, newest.ladder) if newest else ([], {})
    if not differences(before[0], lines) and not moved_rungs(before[1], ladder):
        raise NothingHasChanged


def _record(policy: Policy, line_count: int, *, by: Principal, at: datetime) -> None:
    record(
        "policy.saved",
        operation=Operation.ADMINISTER,
        organisation_id=policy.organisation_id,
        target_type="policy",
        target=f"version {policy.version}",
        details={"version": policy.version, "lines": line_count},
        by=by,
        at=at,
    )
