from celery import shared_task
from django.utils import timezone

from apps.referrals import services
from apps.referrals.clocks import BATCH
from apps.referrals.clocks import start_clocks as start
from apps.referrals.collecting import collect_replies as collect
from apps.tenancy.context import acting_as, system


@shared_task(name="referrals.start_clocks")
def start_clocks(**_: object) -> int:
    started = total = start_batch()
    while started == BATCH:
        total += (started := start_batch())
    return total


def start_batch() -> int:
    with acting_as(system("start clocks")):
        return start()


@shared_task(name="referrals.file_statements")
def file_statements(**_: object) -> int:
    with acting_as(system("file statements")):
        return services.file_statements(at=timezone.now())


@shared_task(name="referrals.collect_replies")
def collect_replies(**_: object) -> int:
    with acting_as(system("collect replies")):
        return collect(at=timezone.now())
