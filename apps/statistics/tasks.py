from celery import shared_task
from django.utils import timezone

from apps.statistics import services


@shared_task(name="statistics.refresh")
def refresh(**_: object) -> bool:
    return services.compile_figures(at=timezone.now()) is not None
