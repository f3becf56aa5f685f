from datetime import datetime, timedelta

from django.conf import settings

from apps.deadlines.models import Heartbeat
from apps.deadlines.watch import alarms, backlogs, heartbeats
from apps.deadlines.watch.limits import WATCH
from apps.deadlines.watch.state import limits, present_time, state

GAP = timedelta(minutes=10)


def watch(*, starting: bool = True, quietly: bool = False, at: datetime | None = None) -> int:
    """Look at every heartbeat and backlog, and tell whoever is to know; returns how many mails left.

    `at`: by the database's clock where nobody says it. `starting`: if nobody had watched for a while, everything was
    down, and all is expected anew from now on. `quietly`: no mails, for the first minutes of a process among others.
    """
    at = at or present_time()
    heartbeats.expect(list(limits()), afresh=starting and _was_down(at), at=at)
    backlogs.measure(at=at)
    now = state(at=at)
    if now.beat_is_late:  # nobody starts them: that is told of beat, once, and not of each task, then or afterwards
        heartbeats.expect([one.name for one in now.runners if not one.is_process], afresh=True, at=at)
    told = 0 if quietly else alarms.tell(now, recipients=settings.WATCH.alarm_emails, at=at)
    heartbeats.note_run([WATCH], at=at)
    return told


def _was_down(at: datetime) -> bool:
    last = Heartbeat.objects.filter(name=WATCH).values_list("last_succeeded_at", flat=True).first()
    return last is not None and at - last > GAP
