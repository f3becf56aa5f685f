from celery import shared_task
from django.utils import timezone

from apps.deadlines import services
from apps.tenancy.context import acting_as, system


@shared_task(name="deadlines.chase_overdue")
def chase_overdue(**_: object) -> int:
    total = 0
    while chased := chase_batch():
        total += chased
    return total


def chase_batch() -> int:
    with acting_as(system("chase")):
        return services.chase_overdue(at=timezone.now())


@shared_task(name="deadlines.watch")
def watch(**_: object) -> int:
    """Started by beat alone: its heartbeat shows that beat, broker and workers all do their part."""
    return services.watch()
