import time
from argparse import ArgumentParser
from typing import Any

import structlog
from celery import current_app
from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from apps.deadlines import services
from apps.deadlines.tasks import chase
from apps.deadlines.watch.heartbeats import note_run, noted
from apps.deadlines.watch.limits import SWEEPER
from apps.delivery.tasks import deliver_pending, knock_pending, probe_contacts, read_mail, tell_of_broken
from apps.referrals.tasks import collect_replies, file_statements, start_clocks

log = structlog.get_logger(__name__)
INCOMING = (read_mail, collect_replies)
OUTGOING = (deliver_pending, knock_pending, tell_of_broken)
SWEEPS = (*INCOMING, *OUTGOING, start_clocks, chase, file_statements, probe_contacts)
OF_STRANGERS = ("verification.check_due",)  # an app beside this one, which knows none of it; last: it waits for others
QUIET_SECONDS = 120.0  # after a start: whatever is started beside the sweeper has not run yet either


class Command(BaseCommand):
    help = "Do what the broker may have lost: deliver, start clocks, chase, file. Needs the database alone, no Redis."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument("--every", type=float, default=15.0, help="seconds between two rounds (default 15)")

    def handle(self, *args: Any, loop: bool, every: float, **options: Any) -> None:
        began = time.monotonic()
        sweep()
        watch(starting=True, quietly=loop)
        while loop:
            time.sleep(every)
            sweep()
            watch(starting=False, quietly=time.monotonic() - began < QUIET_SECONDS)


def sweep() -> dict[str, int]:
    """One round; a database that is away is waited for, anything else is an error worth stopping for."""
    done: dict[str, int] = {}
    current_app.loader.import_default_modules()
    for task in (*SWEEPS, *(current_app.tasks[name] for name in OF_STRANGERS)):
        close_old_connections()
        try:
            with noted(task.name):
                done[task.name] = task()
        except OperationalError as problem:
            log.warning("sweep.postponed", task=task.name, problem=str(problem).splitlines()[0])
        note_run([SWEEPER])
    log.info("sweep.done", **done)
    return done


def watch(*, starting: bool, quietly: bool) -> None:
    """Look after beat and the workers, who look after the sweeper."""
    try:
        services.watch(starting=starting, quietly=quietly)
    except OperationalError as problem:
        log.warning("sweep.not_watched", problem=str(problem).splitlines()[0])
