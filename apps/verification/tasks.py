from celery import shared_task
from django.utils import timezone

from apps.verification import services


@shared_task(name="verification.check_due")
def check_due(**_: object) -> int:
    return services.check_due(at=timezone.now())
