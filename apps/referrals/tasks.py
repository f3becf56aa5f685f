from celery import shared_task

from apps.referrals.clocks import start_clocks as start
from apps.tenancy.context import acting_as, system


@shared_task(name="referrals.start_clocks")
def start_clocks(**_: object) -> int:
    with acting_as(system("start clocks")):
        return start()
