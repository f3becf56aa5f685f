from celery import shared_task
from django.utils import timezone

from apps.delivery import services


@shared_task(name="delivery.deliver_pending")
def deliver_pending(**_: object) -> int:
    return services.deliver_pending(at=timezone.now())


@shared_task(name="delivery.knock_pending")
def knock_pending(**_: object) -> int:
    return services.knock_pending(at=timezone.now())
