from celery import shared_task
from django.utils import timezone

from apps.deadlines import services


@shared_task(name="deadlines.chase")
def chase(**_: object) -> int:
    return services.chase(at=timezone.now())


@shared_task(name="deadlines.watch")
def watch(**_: object) -> int:
    """Started by beat alone: its heartbeat shows that beat, broker and workers all do their part."""
    return services.watch()
